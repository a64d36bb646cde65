//! `backstop spec check` and `backstop audit --by promise` as a person uses them: the real binary, in a scrubbed environment.

mod described;

use std::collections::BTreeSet;
use std::fs;
use std::process::{Command, Output};

use described::assert_described;
use serde_json::Value;
use tempfile::TempDir;

fn backstop(arguments: &[&str], columns: usize) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_backstop"));
    command.args(arguments).env_clear().env("HOME", "/nonexistent").env("COLUMNS", columns.to_string());
    command.output().expect("backstop starts")
}

fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).expect("stdout is UTF-8")
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("it was not killed")
}

/// What stdout holds, when JSON was asked for.
fn json(arguments: &[&str]) -> Value {
    serde_json::from_slice(&backstop(arguments, 100).stdout).expect("JSON")
}

fn widest_line_of_tables(text: &str) -> usize {
    let lines = text.lines().filter(|line| line.starts_with(['│', '┌', '╞', '├', '└']));
    lines.map(|line| line.chars().count()).max().expect("there is a table")
}

#[test]
fn the_exit_code_of_an_audit_does_not_depend_on_its_order() {
    for arguments in [
        &["audit", "--demo"][..],
        &["audit", "fixtures/clean.json", "--config", "fixtures/clean.toml"],
        &["audit", "fixtures/half_blind.json"],
    ] {
        let by_rule = backstop(arguments, 100);
        let by_promise = backstop(&[arguments, &["--by", "promise"]].concat(), 100);
        assert_eq!(code(&by_rule), code(&by_promise), "{arguments:?}");
        assert_eq!(stdout(&by_rule).lines().next(), stdout(&by_promise).lines().next());
    }
}

#[test]
fn the_table_by_promise_sets_what_was_found_beside_what_is_promised() {
    let output = backstop(&["audit", "--demo", "--by", "promise"], 200);
    let row = stdout(&output).lines().find(|line| line.contains("Weekly points are kept four times as long")).expect("the promise is told");
    assert!(row.contains("fail"), "{row}");
    for heading in ["CONTRADICTED: ", "UNPROVEN: ", "VERIFIED: ", "NOT VERIFIABLE: "] {
        assert!(stdout(&output).contains(&format!("\n{heading}")), "{heading}");
    }
    assert!(stdout(&output).contains("vault-lock/retention-out-of-range: Rule 'weekly' keeps points for 120 days"));
}

#[test]
fn tables_keep_to_the_width_of_the_terminal() {
    for width in [60, 80, 120] {
        for arguments in [&["audit", "--demo", "--by", "promise"][..], &["spec", "check", "--all"]] {
            let output = backstop(arguments, width);
            assert!(widest_line_of_tables(stdout(&output)) <= width, "{arguments:?} at {width}");
        }
    }
}

#[test]
fn promises_are_in_the_json_report_when_asked_for_and_as_its_schema_says() {
    let report = json(&["audit", "--demo", "--by", "promise", "--output", "json=-"]);
    let schema = json(&["schema", "report"]);
    assert_described(&report["promises"], &schema["properties"]["promises"], &schema);
    let verdicts: BTreeSet<&str> =
        report["promises"].as_array().expect("promises").iter().filter_map(|each| each["verdict"].as_str()).collect();
    assert!(verdicts.is_superset(&BTreeSet::from(["contradicted", "not_verifiable", "verified"])), "{verdicts:?}");
    let fingerprints: BTreeSet<&str> =
        report["findings"].as_array().expect("findings").iter().filter_map(|finding| finding["fingerprint"].as_str()).collect();
    for promise in report["promises"].as_array().expect("promises") {
        let failures = promise["failures"].as_array().expect("failures");
        assert_eq!(promise["verdict"] == "contradicted", !failures.is_empty(), "{promise}");
        for failure in failures {
            assert!(fingerprints.contains(failure["fingerprint"].as_str().expect("a text")), "{failure}");
        }
        assert_eq!(promise["verdict"] == "unproven", !promise["doubts"].as_array().expect("doubts").is_empty(), "{promise}");
    }
    assert!(json(&["audit", "--demo", "--output", "json=-"]).get("promises").is_none());
}

#[test]
fn sarif_is_by_rule_whatever_the_order() {
    let by_rule = backstop(&["audit", "--demo", "--output", "sarif=-"], 100);
    let by_promise = backstop(&["audit", "--demo", "--by", "promise", "--output", "sarif=-"], 100);
    assert_eq!(by_rule.stdout, by_promise.stdout);
    assert_ne!(by_rule.stderr, by_promise.stderr);
}

#[test]
fn the_specification_is_checked_without_an_account() {
    let output = backstop(&["spec", "check"], 100);
    assert_eq!(code(&output), 1);
    assert!(stdout(&output).starts_with("Failed: the specification holds 11 contradictions.\n"), "{}", stdout(&output));
    assert!(!stdout(&output).contains("NOT VERIFIABLE"));
    assert!(stdout(&backstop(&["spec", "check", "--all"], 100)).contains("NOT VERIFIABLE"));
}

#[test]
fn the_check_as_json_is_as_its_schema_says() {
    let found = json(&["spec", "check", "--format", "json", "--all"]);
    let schema = json(&["schema", "spec"]);
    assert_described(&found, &schema, &schema);
    assert!(!found["not_verifiable"].as_array().expect("promises").is_empty());
    assert!(json(&["spec", "check", "--format", "json"]).get("not_verifiable").is_none());
}

#[test]
fn the_check_follows_the_configuration_and_the_environment_asked_for() {
    let directory = TempDir::new().expect("a folder");
    let path = directory.path().join("backstop.toml");
    fs::write(&path, "[parameters]\nlock_max_retention_factor = 6\n[environments.staging]\nproduction = false\n").expect("written");
    let check =
        |flags: &[&str]| json(&[&["spec", "check", "--format", "json", "--config", path.to_str().expect("a plain path")], flags].concat());
    let ids = |found: &Value| -> Vec<String> {
        let all = found["contradictions"].as_array().expect("contradictions");
        all.iter().map(|each| each["id"].as_str().expect("a text").to_owned()).collect()
    };
    assert_eq!(check(&[])["environments"], serde_json::json!(["staging", "production"]));
    assert!(!ids(&check(&[])).contains(&"retention-outside-the-lock".to_owned()));
    assert!(ids(&check(&[])).contains(&"lock-minimum-without-effect".to_owned()));
    assert_eq!(check(&["--environment", "staging"])["environments"], serde_json::json!(["staging"]));
    assert!(!ids(&check(&["--environment", "staging"])).contains(&"lock-minimum-without-effect".to_owned()));
    let wrong = backstop(&["spec", "check", "--environment", "stagin"], 100);
    assert_eq!(code(&wrong), 2);
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("there is no environment 'stagin'"));
}
