//! A night that saw less than the one before it does not pass for a better one: what was not looked into, or is still not known, is said.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;

const WORLD: &str = "fixtures/tattoo_directory_prod.json";

fn audit(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_backstop")).env_clear().arg("audit").args(arguments).output().expect("it runs")
}

fn said(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The world's report after a change, in a directory of its own.
fn former(directory: &TempDir, as_of: &str, change: impl FnOnce(&mut Value)) -> String {
    let path = directory.path().join("former.json").to_string_lossy().into_owned();
    audit(&[WORLD, "--as-of", as_of, "--output", &format!("json={path}")]);
    let mut report: Value = serde_json::from_slice(&std::fs::read(&path).expect("the report")).expect("JSON");
    change(&mut report);
    std::fs::write(&path, report.to_string()).expect("written");
    path
}

/// A finding on a bucket, whose ARN names neither an account nor a Region.
fn on_a_bucket(account: &str, region: &str) -> Value {
    json!({
        "rule": "coverage/resource-unprotected", "severity": "high", "verdict": "fail", "message": "No selection takes it.",
        "subject": {"kind": "resource", "id": "arn:aws:s3:::ledger", "name": "ledger", "account": account, "region": region},
        "fingerprint": "00000000000000000000000000000000",
    })
}

#[test]
fn a_finding_where_nobody_looked_this_time_is_not_known_and_keeps_the_run_from_passing() {
    let directory = TempDir::new().expect("a directory");
    let json = directory.path().join("now.json");
    let run = |finding: Value, more: &[&str]| -> (Output, Value) {
        let report = former(&directory, "2026-11-22", |report| report["findings"].as_array_mut().expect("findings").push(finding));
        let target = format!("json={}", json.display());
        let mut arguments = vec![WORLD, "--as-of", "2026-11-22", "--baseline", &report, "--output", &target];
        arguments.extend(more);
        let output = audit(&arguments);
        let now = serde_json::from_slice(&std::fs::read(&json).expect("the report")).expect("JSON");
        (output, now)
    };
    let names = |now: &Value, list: &str| -> Vec<String> {
        let list = now["comparison"][list].as_array().expect("a list").iter();
        list.map(|one| one["subject"].as_str().expect("an id").to_owned()).collect()
    };
    for (account, region) in [("444455556666", "us-east-1"), ("111122223333", "eu-west-1"), ("444455556666", "")] {
        let (output, now) = run(on_a_bucket(account, region), &[]);
        assert_eq!(output.status.code(), Some(3), "{}", said(&output));
        assert!(said(&output).contains("1 high verdict could not be judged"), "{}", said(&output));
        assert_eq!((names(&now, "lost"), names(&now, "fixed")), (vec!["arn:aws:s3:::ledger".to_owned()], vec![]), "{account} {region}");
        // It is asked for as any doubt is.
        let (output, _) = run(on_a_bucket(account, region), &["--fail-on-unknown=never"]);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        assert!(said(&output).contains("1 verdict is unknown."), "{}", said(&output));
    }
    // Where somebody looked, and it is not there, it is gone.
    let (output, now) = run(on_a_bucket("111122223333", "us-east-1"), &[]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!(names(&now, "fixed"), ["arn:aws:s3:::ledger"]);
}

#[test]
fn what_is_still_not_known_is_said_when_nothing_is_new() {
    let directory = TempDir::new().expect("a directory");
    let report = former(&directory, "2026-11-22", |_| {});
    let output = audit(&[WORLD, "--as-of", "2026-11-22", "--baseline", &report, "--fail-on", "new:low"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(said(&output).contains("findings were there before. 1 verdict is still unknown."), "{}", said(&output));
}

#[test]
fn a_former_result_from_later_on_is_told_to_be_one() {
    let directory = TempDir::new().expect("a directory");
    let told = "The former result is of 2026-11-23T00:00:00Z, later than this one";
    let report = former(&directory, "2026-11-23", |_| {});
    assert!(said(&audit(&[WORLD, "--as-of", "2026-11-22", "--baseline", &report])).contains(told));
    assert!(!said(&audit(&[WORLD, "--as-of", "2026-11-24", "--baseline", &report])).contains("later than this one"));
    // One run with a wrong clock would stay the newest of a history for good.
    let history = directory.path().join("history").to_string_lossy().into_owned();
    audit(&[WORLD, "--as-of", "2026-11-23", "--history", &history]);
    assert!(Path::new(&history).join("latest.json").is_file());
    assert!(said(&audit(&[WORLD, "--as-of", "2026-11-22", "--history", &history, "--baseline", "latest"])).contains(told));
}

/// Whoever moves a vault to another environment has not given it a lock.
#[test]
fn a_rule_that_is_not_asked_any_more_mends_nothing() {
    let directory = TempDir::new().expect("a directory");
    let report = former(&directory, "2026-11-22", |_| {});
    let milder = [WORLD, "--as-of", "2026-11-22", "--environment", "development"];
    let output = audit(&[&milder[..], &["--baseline", &report]].concat());
    assert!(!said(&output).contains("FIXED"), "{}", said(&output));
    assert!(said(&output).contains("NO LONGER KNOWN, and a finding before"), "{}", said(&output));
    assert!(said(&output).contains("The rule does not concern it any more."), "{}", said(&output));
    let mut diff = Command::new(env!("CARGO_BIN_EXE_backstop"));
    let output = diff.env_clear().args(["diff", &report]).args(&milder[..]).output().expect("it runs");
    assert!(said(&output).contains("The rule does not concern it any more. It said: "), "{}", said(&output));
}
