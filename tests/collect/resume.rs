//! Runs that end early: what is on disk then, and how the next run goes on.

use std::collections::BTreeSet;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::run::*;
use crate::server::Server;
use crate::server::faults::Fault;
use crate::server::faults::Kind::*;

fn environment() -> Vec<(&'static str, &'static str)> {
    [&CREDENTIALS[..], &[("AWS_REGION", HOME)]].concat()
}

/// A run whose credentials run out on the way.
fn expired(server: &Server) -> Run {
    let run = run(server, &[]);
    assert_eq!(run.code, 5, "{}", run.stderr);
    assert_eq!(run.files(), ["snapshot.json.partial"], "the snapshot is absent, and what was collected is there");
    assert!(run.stderr.contains("ran out half-way") && run.stderr.contains("--resume"), "{}", run.stderr);
    run
}

fn without_times(mut unit: Value) -> Value {
    for member in ["StartedAt", "FinishedAt"] {
        unit[member].take();
    }
    for call in unit["Calls"].as_array_mut().unwrap() {
        call.as_object_mut().unwrap().retain(|member, _| !["Time", "RequestIds", "Resumed"].contains(&member.as_str()));
    }
    unit
}

#[test]
fn what_was_collected_before_the_credentials_ran_out_is_not_asked_again() {
    let whole = run(&serve(vec![]), &[]).unit();
    for operation in ["ListRecoveryPointsByBackupVault", "GetBackupSelection", "DescribeKey", "ListCopyJobs"] {
        let first = serve(vec![Fault::new(operation, ExpiredToken).after(1), Fault::new(operation, ExpiredToken).about("main").after(1)]);
        let ended = run(&first, &[]);
        if ended.code == 0 {
            continue; // It has one page only.
        }
        let asked_before = first.seen().len();
        let second = serve(vec![]);
        let resumed = run_at(&second, &["--resume"], &environment(), ended.directory);
        let unit = resumed.unit();
        assert_eq!(resumed.files(), ["snapshot.json"], "nothing is left over");
        assert_eq!(without_times(unit.clone()), without_times(whole.clone()), "{operation}");
        let calls = unit["Calls"].as_array().unwrap();
        let taken_over = calls.iter().filter(|call| call["Resumed"] == true).count();
        assert!(taken_over > 0, "{operation}");
        assert!(resumed.stderr.contains("were taken over"), "{}", resumed.stderr);
        assert!(second.seen().len() < asked_before + calls.len(), "{operation}: what is known is not asked");
        for call in calls.iter().filter(|call| call["Resumed"] == true && call["Subject"].is_string()) {
            let again = second
                .seen()
                .iter()
                .any(|seen| call["Operation"] == seen.operation.as_str() && call["Subject"].as_str() == seen.subject.as_deref());
            assert!(!again, "{call}");
        }
    }
}

#[test]
fn a_journal_that_was_cut_in_the_middle_of_a_line_is_gone_on_with() {
    let ended = expired(&serve(vec![Fault::new("ListBackupSelections", ExpiredToken)]));
    let path = ended.directory.path().join("snapshot.json.partial");
    let mut text = std::fs::read(&path).unwrap();
    text.extend_from_slice(br#"{"key":{"account":"1111"#);
    std::fs::write(&path, text).unwrap();
    let unit = run_at(&serve(vec![]), &["--resume"], &environment(), ended.directory).unit();
    assert!(is_complete(&unit, "BackupPlans") && is_complete(&unit, "RecoveryPoints"));
}

#[test]
fn a_journal_holds_no_credentials_and_is_for_its_owner_only() {
    let ended = expired(&serve(vec![Fault::new("ListBackupSelections", ExpiredToken)]));
    let path = ended.directory.path().join("snapshot.json.partial");
    assert!(!std::fs::read_to_string(&path).unwrap().to_lowercase().contains("credential"));
    #[cfg(unix)]
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&path).unwrap().permissions()) & 0o777, 0o600);
}

#[test]
fn what_cannot_be_gone_on_with_is_refused() {
    let nothing = run(&serve(vec![]), &["--resume"]);
    assert_eq!(nothing.code, 2, "{}", nothing.stderr);
    assert!(nothing.stderr.contains("nothing to resume"), "{}", nothing.stderr);

    let ended = expired(&serve(vec![Fault::new("ListBackupSelections", ExpiredToken)]));
    let other = run_at(&serve(vec![]), &["--resume", "--region", OTHER], &environment(), ended.directory);
    assert_eq!(other.code, 2, "{}", other.stderr);
    assert!(other.stderr.contains("another run"), "{}", other.stderr);
    assert_eq!(other.files(), ["snapshot.json.partial"], "it is still there");

    std::fs::write(other.directory.path().join("snapshot.json.partial"), "a note of somebody's\n").unwrap();
    let wrong = run_at(&serve(vec![]), &["--resume"], &environment(), other.directory);
    assert_eq!(wrong.code, 2, "{}", wrong.stderr);
    assert_eq!(run(&serve(vec![]), &["--resume", "-o", "-"]).code, 2);
}

#[test]
fn two_runs_do_not_share_a_journal() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("snapshot.json.partial");
    std::fs::write(&path, "another run's\n").unwrap();
    let others = std::fs::File::open(&path).unwrap();
    others.lock().unwrap();
    for arguments in [&[][..], &["--resume"]] {
        let mut command = command(&serve(vec![]), arguments, &environment(), directory.path());
        let output = command.output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        assert!(stderr.contains("another run is writing") && !stderr.contains("keeps what"), "{stderr}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "another run's\n", "it is as it was");
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_and_a_scheduler_leave_a_journal_and_no_snapshot() {
    for signal in ["INT", "TERM"] {
        // It never answers this in time; everything else it does.
        let server = serve(vec![Fault::new("ListCopyJobs", Throttled)]);
        let directory = tempfile::tempdir().unwrap();
        let patient = [environment(), vec![("AWS_MAX_ATTEMPTS", "50")]].concat();
        let mut child = command(&server, &[], &patient, directory.path()).stderr(Stdio::piped()).spawn().unwrap();
        let start = Instant::now();
        while server.requests("ListCopyJobs") < 2 && start.elapsed() < Duration::from_secs(30) {
            std::thread::sleep(Duration::from_millis(20));
        }
        let sent = std::process::Command::new("kill").args(["-s", signal, &child.id().to_string()]).status().unwrap();
        assert!(sent.success());
        assert_eq!(child.wait().unwrap().code(), Some(5));
        let names: BTreeSet<_> = std::fs::read_dir(directory.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, BTreeSet::from(["snapshot.json.partial".into()]), "{signal}");
        let unit = run_at(&serve(vec![]), &["--resume"], &environment(), directory).unit();
        assert!(is_complete(&unit, "CopyJobs") && unit["Calls"].as_array().unwrap().iter().any(|call| call["Resumed"] == true));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn on_a_full_disk_there_is_no_snapshot() {
    let directory = tempfile::tempdir().unwrap();
    // Every write to the journal fails as on a full disk.
    std::os::unix::fs::symlink("/dev/full", directory.path().join("snapshot.json.partial")).unwrap();
    let run = run_at(&serve(vec![]), &[], &environment(), directory);
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert!(run.stderr.contains("snapshot.json.partial") && run.stderr.contains("No space left"), "{}", run.stderr);
    assert!(!run.files().contains(&"snapshot.json".to_owned()));
}
