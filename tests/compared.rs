//! `backstop audit --baseline`: only what is new fails the run, and what is gone is told.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};

const WORLD: &str = "fixtures/tattoo_directory_prod.json";

fn audit(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_backstop"));
    command.env_clear().arg("audit").args(arguments).args(["--as-of", "2026-11-22T09:00:00Z"]).output().expect("it runs")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

fn world() -> Value {
    serde_json::from_str(&std::fs::read_to_string(WORLD).expect("the world")).expect("JSON")
}

fn write(directory: &Path, name: &str, document: &Value) -> String {
    let path = directory.join(name);
    std::fs::write(&path, document.to_string()).expect("it can be written");
    path.to_string_lossy().into_owned()
}

/// A directory with the world's report in it.
fn with_report() -> (tempfile::TempDir, String) {
    let directory = tempfile::tempdir().expect("a directory");
    let report: PathBuf = directory.path().join("former.json");
    let output = audit(&[WORLD, "--output", &format!("json={}", report.display())]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    (directory, report.to_string_lossy().into_owned())
}

#[test]
fn nothing_new_passes_and_what_was_there_is_counted() {
    let (_directory, report) = with_report();
    let output = audit(&[WORLD, "--baseline", &report]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let text = said(&output);
    assert!(text.starts_with("Passed: no new finding at or above 'low'.") && text.contains("findings were there before."), "{text}");
    assert!(!text.contains("CRITICAL:"), "{text}");
}

#[test]
fn what_is_new_fails_alone_and_what_is_mended_is_told() {
    let (directory, report) = with_report();
    let mut changed = world();
    let vaults = changed["Units"][0]["BackupVaults"].as_array_mut().expect("vaults");
    let vault = vaults.iter_mut().find(|vault| vault["Locked"] == json!(true)).expect("a locked vault");
    vault["Locked"] = json!(false);
    for member in ["MinRetentionDays", "MaxRetentionDays", "LockDate"] {
        vault.as_object_mut().expect("a vault").remove(member);
    }
    let changed = write(directory.path(), "changed.json", &changed);
    let json = directory.path().join("now.json");
    let output = audit(&[&changed, "--baseline", &report, "--output", &format!("json={}", json.display())]);
    let text = said(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("new finding") && text.contains("FIXED:") && text.contains("from before not shown"), "{text}");
    let now: Value = serde_json::from_slice(&std::fs::read(json).expect("the report")).expect("JSON");
    let findings = now["findings"].as_array().expect("findings");
    let count = |change: &str| findings.iter().filter(|finding| finding["change"] == change).count();
    assert!(count("new") > 0 && count("unchanged") > 0, "{}", now["comparison"]);
    assert_eq!(now["comparison"]["new"], count("new"));
    assert!(findings.iter().filter(|finding| finding["change"] == "new").all(|finding| finding["verdict"] == "fail"));
}

/// A finding that nobody can see any more is not mended.
#[test]
fn what_can_no_longer_be_seen_is_not_called_mended() {
    let (directory, report) = with_report();
    let mut blind = world();
    let unit = &mut blind["Units"][0];
    unit["Complete"] = json!([]);
    unit["BackupVaults"] = json!([]);
    let blind = write(directory.path(), "blind.json", &blind);
    let json = directory.path().join("now.json");
    let output = audit(&[&blind, "--baseline", &report, "--fail-on-unknown", "--output", &format!("json={}", json.display())]);
    assert_ne!(output.status.code(), Some(0), "{}", said(&output));
    let now: Value = serde_json::from_slice(&std::fs::read(json).expect("the report")).expect("JSON");
    let of_vaults = |list: &str| {
        let list = now["comparison"][list].as_array().expect("a list").iter();
        list.filter(|one| one["rule"].as_str().is_some_and(|rule| rule.starts_with("vault-"))).count()
    };
    assert_eq!(of_vaults("fixed"), 0, "{}", now["comparison"]["fixed"]);
    assert!(of_vaults("lost") > 0);
}

/// A rule that is switched off mends nothing.
#[test]
fn what_no_rule_asks_for_any_more_is_not_called_mended() {
    let (directory, report) = with_report();
    let config = directory.path().join("off.toml");
    std::fs::write(&config, "[rules.\"vault-lock/becoming-immutable-invalid\"]\nenabled = false\n").expect("written");
    let json = directory.path().join("now.json");
    let (config, output) = (config.display().to_string(), format!("json={}", json.display()));
    audit(&[WORLD, "--config", &config, "--baseline", &report, "--output", &output]);
    let now: Value = serde_json::from_slice(&std::fs::read(json).expect("the report")).expect("JSON");
    let list = |list: &str| now["comparison"][list].as_array().expect("a list").clone();
    assert_eq!(list("fixed"), Vec::<Value>::new());
    assert!(list("lost").iter().any(|one| one["rule"] == "vault-lock/becoming-immutable-invalid"), "{}", now["comparison"]);
}

/// A Region that nobody looks into any more has not been mended.
#[test]
fn what_nobody_looked_into_is_not_called_mended() {
    let (directory, report) = with_report();
    let mut narrower = world();
    narrower["Units"].as_array_mut().expect("units").retain(|unit| unit["Region"] == "us-east-1");
    let narrower = write(directory.path(), "narrower.json", &narrower);
    let json = directory.path().join("now.json");
    audit(&[&narrower, "--baseline", &report, "--output", &format!("json={}", json.display())]);
    let now: Value = serde_json::from_slice(&std::fs::read(json).expect("the report")).expect("JSON");
    let of_west = |list: &str| {
        let list = now["comparison"][list].as_array().expect("a list").iter();
        list.filter(|one| one["subject"].as_str().is_some_and(|subject| subject.contains(":us-west-2:"))).count()
    };
    assert_eq!(of_west("fixed"), 0, "{}", now["comparison"]["fixed"]);
    assert!(of_west("lost") > 0);
}

#[test]
fn a_baseline_that_is_none_is_an_error_at_its_place() {
    let directory = tempfile::tempdir().expect("a directory");
    let (_other, report) = with_report();
    let whole = std::fs::read_to_string(report).expect("the report");
    for (name, text, code) in
        [("cut.json", &whole[..whole.len() / 2], 4), ("other.json", r#"{"schema": "other/1", "findings": []}"#, 4), ("list.json", "[]", 4)]
    {
        let path = directory.path().join(name);
        std::fs::write(&path, text).expect("it can be written");
        let output = audit(&[WORLD, "--baseline", &path.to_string_lossy()]);
        assert_eq!(output.status.code(), Some(code), "{}", said(&output));
        assert!(said(&output).contains(name) && said(&output).contains("help: "), "{}", said(&output));
    }
    let output = audit(&[WORLD, "--baseline", "nowhere.json"]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
}

/// A summary and annotations hold what AWS's users chose, and none of it may become markup.
#[test]
fn names_do_no_harm_in_a_summary() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut hostile = world();
    let text = hostile["Units"][0]["BackupPlans"].to_string();
    let name = hostile["Units"][0]["BackupPlans"][0]["BackupPlan"]["Rules"][0]["RuleName"].as_str().expect("a name").to_owned();
    let bad = "x|y <script>`@team` [a](b)\u{1b}[31m\n::error::x";
    hostile["Units"][0]["BackupPlans"] =
        serde_json::from_str(&text.replace(&format!("\"{name}\""), &json!(bad).to_string())).expect("JSON");
    let hostile = write(directory.path(), "hostile.json", &hostile);
    let summary = directory.path().join("summary.md");
    audit(&[&hostile, "--output", &format!("markdown={}", summary.display())]);
    let summary = std::fs::read_to_string(summary).expect("the summary");
    assert!(summary.contains("x\\|y &lt;script&gt;"), "{summary}");
    assert!(!summary.contains("<script>") && !summary.contains('\u{1b}') && !summary.contains("\n::error"), "{summary}");
    let rows = summary.lines().filter(|line| line.starts_with("| ") && line.contains("script"));
    assert!(rows.clone().count() > 0);
    for row in rows {
        assert_eq!(row.replace("\\|", "").matches('|').count(), 5, "{row}");
    }
}
