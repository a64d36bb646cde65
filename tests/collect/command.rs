//! Where to look, as whom, and where the snapshot goes.

use backstop::snapshot;

use crate::run::*;
use crate::server::faults::Fault;
use crate::server::faults::Kind::*;
use serde_json::Value;

#[test]
fn a_region_that_fails_does_not_stop_another() {
    let server = serve(vec![Fault::new("*", UnrecognizedClient).in_region(OTHER)]);
    let run = run(&server, &["--all-regions"]);
    let document = run.document();
    let [good, bad] = [&document["Units"][0], &document["Units"][1]];
    assert_eq!((&good["Region"], &bad["Region"]), (&HOME.into(), &OTHER.into()));
    assert!(is_complete(good, "BackupVaults"));
    assert_eq!(bad["Complete"], serde_json::json!([]));
    assert!(calls(bad, "ListBackupVaults")[0]["Error"].as_str().unwrap().starts_with("UnrecognizedClientException"));
    assert_eq!(bad["Account"], "111122223333");
}

#[test]
fn all_regions_are_those_that_the_account_has_enabled() {
    let server = serve(vec![]);
    let environment = [&CREDENTIALS[..], &[("AWS_REGION", "us-east-1")]].concat();
    let document = run_in(&server, &["--all-regions"], &environment).document();
    assert_eq!(document["Units"].as_array().unwrap().len(), 2);
    assert_eq!(calls(&document["Units"][0], "ListRegions")[0]["Outcome"], "ok");

    let refused = run_in(&serve(vec![Fault::new("ListRegions", Denied)]), &["--all-regions"], &environment);
    assert_eq!(refused.code, 5);
    assert!(refused.stderr.contains("account:ListRegions"), "{}", refused.stderr);
}

#[test]
fn where_nothing_is_answered_nothing_is_written() {
    for faults in [vec![Fault::new("*", Denied)], vec![Fault::new("*", Html503)], vec![Fault::new("GetCallerIdentity", ExpiredToken)]] {
        let run = run(&serve(faults), &[]);
        assert_eq!(run.code, 5, "{}", run.stderr);
        assert_eq!(run.files(), Vec::<String>::new());
        assert!(run.stderr.contains("help:"), "{}", run.stderr);
    }
}

#[test]
fn without_credentials_nothing_is_asked_and_nothing_is_written() {
    let server = serve(vec![]);
    let run = run_in(&server, &[], &[("AWS_REGION", HOME)]);
    assert_eq!(run.code, 5, "{}", run.stderr);
    assert!(run.stderr.contains("no AWS credentials"), "{}", run.stderr);
    assert_eq!(run.files(), Vec::<String>::new());
    assert_eq!(server.seen(), []);
}

#[test]
fn a_profile_that_does_not_exist_is_named() {
    let run = run(&serve(vec![]), &["--profile", "nightwatch"]);
    assert_eq!(run.code, 5, "{}", run.stderr);
    assert!(run.stderr.contains("nightwatch"), "{}", run.stderr);
}

#[test]
fn a_profile_that_is_asked_for_outweighs_the_environment() {
    let server = serve(vec![]);
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("credentials");
    std::fs::write(&file, "[audit]\naws_access_key_id = AUDITORSKEY\naws_secret_access_key = s\nregion = eu-west-1\n").unwrap();
    let environment = [&CREDENTIALS[..], &[("AWS_SHARED_CREDENTIALS_FILE", file.to_str().unwrap())]].concat();
    let document = run_in(&server, &["--profile", "audit"], &environment).document();
    assert_eq!(document["Units"][0]["Region"], OTHER);
    assert!(server.seen().iter().all(|seen| seen.access_key == "AUDITORSKEY"));
}

#[test]
fn a_region_that_is_missing_or_none_is_a_fault_of_usage() {
    let server = serve(vec![]);
    let none = run_in(&server, &[], &CREDENTIALS);
    assert_eq!(none.code, 2, "{}", none.stderr);
    assert!(none.stderr.contains("--region"), "{}", none.stderr);
    let wrong = run(&server, &["--region", "evil.example/"]);
    assert_eq!(wrong.code, 2, "{}", wrong.stderr);
    assert_eq!(server.seen(), []);
}

#[test]
fn an_endpoint_that_is_no_url_is_a_fault_of_usage() {
    let server = serve(vec![]);
    for (name, value) in [("AWS_ENDPOINT_URL", ""), ("AWS_ENDPOINT_URL_KMS", ""), ("AWS_ENDPOINT_URL_BACKUP", "nonsense")] {
        let run = run_in(&server, &[], &[&CREDENTIALS[..], &[("AWS_REGION", HOME), (name, value)]].concat());
        assert_eq!(run.code, 2, "{}", run.stderr);
        assert!(run.stderr.contains(name), "{}", run.stderr);
    }
    let run = run_in(&server, &[], &[&CREDENTIALS[..], &[("AWS_REGION", "")]].concat());
    assert_eq!(run.code, 2, "{}", run.stderr);
}

#[test]
fn an_output_that_cannot_be_opened_is_told_before_aws_is_asked() {
    let server = serve(vec![]);
    for path in ["no/such/directory/snapshot.json", "."] {
        let run = run(&server, &["-o", path]);
        assert_eq!(run.code, 2, "{}", run.stderr);
        assert!(run.stderr.contains(&format!("'{path}'")) && !run.stderr.contains(".backstop-"), "{}", run.stderr);
    }
    assert_eq!(server.seen(), []);
}

#[test]
fn a_snapshot_goes_to_stdout_or_compressed_where_that_is_asked() {
    let server = serve(vec![]);
    let printed = run(&server, &["-o", "-"]);
    assert_eq!(serde_json::from_str::<Value>(&printed.stdout).unwrap()["Schema"], "backstop/snapshot/1");
    let compressed = run(&server, &["-o", "snapshot.json.zst"]);
    assert_eq!(compressed.files(), ["snapshot.json.zst"]);
    let read = snapshot::read(&compressed.directory.path().join("snapshot.json.zst"), snapshot::Digest::Skip).unwrap();
    assert_eq!(read.snapshot.units[0].recovery_points.len(), 7);
}

#[test]
fn credentials_are_nowhere_in_what_is_written_even_where_aws_echoes_them() {
    let server = serve(vec![Fault::new("ListBackupPlans", BadSignature), Fault::new("ListBackupJobs", BadSignature).after(1)]);
    let secrets = ["ASIAQQQQQQQQQQQQQQQQ", "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY", "FwoGZXIvYXdzEXAMPLETOKEN000111222"];
    let environment =
        [("AWS_ACCESS_KEY_ID", secrets[0]), ("AWS_SECRET_ACCESS_KEY", secrets[1]), ("AWS_SESSION_TOKEN", secrets[2]), ("AWS_REGION", HOME)];
    let run = run_in(&server, &[], &environment);
    assert!(calls(&run.unit(), "ListBackupPlans")[0]["Error"].as_str().unwrap().contains("security token [redacted]"));
    for secret in secrets {
        assert!(!run.text().contains(secret) && !run.stderr.contains(secret), "{secret}");
    }
}
