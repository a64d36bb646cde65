//! The command line as a person uses it: the real binary, in a scrubbed environment.

#[path = "cli/files.rs"]
mod files;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

const WORLD: &str = "fixtures/tattoo_directory_prod.json";

/// Runs `backstop` in this checkout with nothing of the caller's environment.
fn backstop(arguments: &[&str]) -> Output {
    command(arguments).output().expect("backstop starts")
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_backstop"));
    command.args(arguments).env_clear().env("AWS_EC2_METADATA_DISABLED", "true").env("HOME", "/nonexistent");
    command
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("stdout is UTF-8")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("stderr is UTF-8")
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("it was not killed")
}

/// A file of its own, with some text.
fn file(text: &str) -> (TempDir, PathBuf) {
    let directory = TempDir::new().expect("a folder");
    let path = directory.path().join("file.json");
    fs::write(&path, text).expect("written");
    (directory, path)
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a plain path")
}

/// An error says what happened and what to do, and nothing stands on stdout.
fn assert_error(output: &Output, exit: i32, says: &str) {
    assert_eq!(code(output), exit, "{}", stderr(output));
    let said = stderr(output);
    assert!(said.contains(says), "'{says}' is not in:\n{said}");
    assert!(!said.contains("panicked"), "{said}");
    assert_eq!(stdout(output), "");
}

#[test]
fn the_demo_needs_no_account_and_says_first_why_it_failed() {
    let output = backstop(&["audit", "--demo"]);
    assert_eq!(code(&output), 1);
    assert!(stdout(&output).starts_with("Failed: "), "{}", stdout(&output));
    assert_eq!(stderr(&output), "");
}

#[test]
fn two_runs_give_the_same_bytes_in_every_format() {
    for format in ["table", "json", "sarif", "sarif-github"] {
        let output = format!("{format}=-");
        let one = backstop(&["audit", WORLD, "--output", &output]);
        let other = backstop(&["audit", WORLD, "--output", &output]);
        assert!(!one.stdout.is_empty(), "{format}");
        assert_eq!(one.stdout, other.stdout, "{format}");
    }
}

#[test]
fn the_gate_follows_the_severity_that_is_asked_for_whatever_the_format() {
    let clean = ["audit", "fixtures/clean.json", "--config", "fixtures/clean.toml"];
    assert_eq!(code(&backstop(&clean)), 0);
    for format in ["table=-", "json=-", "sarif=-", "sarif-github=-"] {
        assert_eq!(code(&backstop(&["audit", WORLD, "--fail-on", "critical", "--output", format])), 1, "{format}");
    }
}

#[test]
fn a_denied_call_turns_a_pass_into_not_enough_was_seen() {
    let mut world: serde_json::Value = serde_json::from_str(&fs::read_to_string("fixtures/clean.json").expect("the world")).expect("JSON");
    let calls = world["Units"][0]["Calls"].as_array_mut().expect("a ledger");
    // The rule that it blinds, encryption/key-rotation-off, is of medium severity.
    let call = calls.iter_mut().find(|call| call["Operation"] == "GetKeyRotationStatus").expect("rotation was asked for");
    call["Outcome"] = "denied".into();
    let (_directory, path) = file(&world.to_string());
    let audit = |flags: &[&str]| code(&backstop(&[&["audit", text(&path), "--config", "fixtures/clean.toml"], flags].concat()));
    assert_eq!(audit(&[]), 3);
    assert_eq!(audit(&["--fail-on", "high"]), 0);
    assert_eq!(audit(&["--fail-on", "high", "--fail-on-unknown"]), 3);
    assert_eq!(audit(&["--fail-on", "high", "--fail-on-unknown=medium"]), 3);
    assert_eq!(audit(&["--fail-on-unknown=high"]), 0);
    assert_eq!(audit(&["--fail-on-unknown=never"]), 0);
}

#[test]
fn nothing_judged_is_never_a_pass_even_for_those_who_do_not_mind_unknowns() {
    for flags in [&[][..], &["--fail-on-unknown=never"], &["--fail-on", "critical"]] {
        assert_eq!(code(&backstop(&[&["audit", "fixtures/half_blind.json"], flags].concat())), 3, "{flags:?}");
    }
}

/// What a former run wrote must not be uploaded as what this one found.
#[test]
fn where_nothing_is_to_be_uploaded_no_file_of_a_former_run_is_left() {
    let (directory, path) = file("{}");
    let audit = |path: &Path| backstop(&["audit", "fixtures/half_blind.json", "--output", &format!("sarif-github={}", text(path))]);
    let output = audit(&path);
    assert_eq!(code(&output), 3, "{}", stderr(&output));
    assert!(stderr(&output).contains("was not written, and that of a former run was removed"), "{}", stderr(&output));
    assert_eq!(fs::read_dir(directory.path()).expect("the folder").count(), 0);
    let output = audit(&path);
    assert!(stderr(&output).contains("was not written; nothing of it should be uploaded"), "{}", stderr(&output));
    assert!(!stderr(&audit(Path::new("/dev/null"))).contains("removed") && Path::new("/dev/null").exists());
}

#[test]
fn an_empty_snapshot_is_not_a_pass() {
    let (_directory, path) = file(r#"{"Schema": "backstop/snapshot/1", "Units": []}"#);
    let output = backstop(&["audit", text(&path)]);
    assert_eq!(code(&output), 3);
    assert!(stdout(&output).starts_with("Not enough was seen to say"), "{}", stdout(&output));
}

#[test]
fn a_unit_without_a_word_on_what_is_whole_is_unknown_for_every_rule() {
    let (_directory, path) =
        file(r#"{"Schema": "backstop/snapshot/1", "Units": [{"Account": "111122223333", "Region": "us-east-1", "Source": "aws"}]}"#);
    let output = backstop(&["audit", text(&path), "--output", "json=-"]);
    assert_eq!(code(&output), 3);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    for rule in report["rules"].as_array().expect("rules") {
        assert_eq!(rule["verdicts"]["pass"], 0, "{rule}");
        assert_eq!(rule["verdicts"]["fail"], 0, "{rule}");
    }
}

#[test]
fn a_missing_file_is_named_with_what_to_do() {
    assert_error(&backstop(&["audit", "nowhere.json"]), 2, "'nowhere.json'");
    assert!(stderr(&backstop(&["audit", "nowhere.json"])).contains("help: "));
}

#[test]
fn a_truncated_document_is_refused_at_its_line() {
    let whole = fs::read_to_string(WORLD).expect("the world");
    let (_directory, path) = file(&whole[..whole.len() / 2]);
    assert_error(&backstop(&["audit", text(&path)]), 4, "line ");
}

#[test]
fn a_misspelt_collection_cannot_pass_for_an_empty_one() {
    let whole = fs::read_to_string(WORLD).expect("the world").replace("\"BackupVaults\":", "\"BackupVault\":");
    let (_directory, path) = file(&whole);
    assert_error(&backstop(&["audit", text(&path)]), 4, "unknown field `BackupVault`");
}

#[test]
fn a_fault_is_told_with_its_path() {
    let (_directory, path) = file(
        r#"{"Schema": "backstop/snapshot/1", "Units": [{"Account": "1", "Region": "r", "Source": "aws", "BackupVaults": [{"BackupVaultName": "a", "Locked": "yes"}]}]}"#,
    );
    assert_error(&backstop(&["audit", text(&path)]), 4, "Units[0].BackupVaults[0].Locked");
}

#[test]
fn another_schema_is_refused() {
    let (_directory, path) = file(r#"{"Schema": "backstop/snapshot/9", "Units": []}"#);
    assert_error(&backstop(&["audit", text(&path)]), 4, "backstop/snapshot/9");
}

#[test]
fn documents_of_any_shape_never_panic() {
    for odd in [
        "",
        "null",
        "[]",
        "{}",
        "\"x\"",
        "1e999",
        "{\"Schema\":1}",
        "\u{feff}{}",
        "{\"Schema\":\"backstop/snapshot/1\",\"Units\":[[]]}",
        "\0\0\0",
    ] {
        let (_directory, path) = file(odd);
        assert_error(&backstop(&["audit", text(&path)]), 4, "is not a snapshot");
    }
    let deep = "[".repeat(100_000);
    let (_directory, path) = file(&deep);
    assert_error(&backstop(&["audit", text(&path)]), 4, "is not a snapshot");
}

#[test]
fn a_zst_that_is_none_and_an_empty_directory_are_refused() {
    let directory = TempDir::new().expect("a folder");
    assert_error(&backstop(&["audit", text(directory.path())]), 2, "holds no snapshot");
    let path = directory.path().join("x.json.zst");
    fs::write(&path, "not zstd").expect("written");
    assert_error(&backstop(&["audit", text(&path)]), 4, "zstd");
}

#[test]
fn a_directory_and_a_compressed_document_read_as_the_document_does() {
    let directory = TempDir::new().expect("a folder");
    let bytes = fs::read(WORLD).expect("the world");
    let compressed = zstd::encode_all(bytes.as_slice(), 3).expect("compressed");
    fs::write(directory.path().join("world.json.zst"), compressed).expect("written");
    let plain = backstop(&["audit", WORLD]);
    let packed = backstop(&["audit", text(directory.path())]);
    assert_eq!(stdout(&plain), stdout(&packed));
    fs::copy(WORLD, directory.path().join("again.json")).expect("copied");
    assert_error(&backstop(&["audit", text(directory.path())]), 4, "both hold unit");
}

#[test]
fn wrong_flags_come_with_what_was_probably_meant() {
    assert_error(&backstop(&["audit", WORLD, "--output", "sarfi=x"]), 2, "did you mean 'sarif'?");
    assert_error(&backstop(&["audit", WORLD, "--output", "json"]), 2, "names no file");
    assert_error(&backstop(&["audit", WORLD, "--output", "json=-", "--output", "sarif=-"]), 2, "two outputs");
    assert_error(&backstop(&["audit", WORLD, "--environment", "producton"]), 2, "did you mean 'production'?");
    assert_error(&backstop(&["rules", "explain", "vault-lock/mising"]), 2, "did you mean 'vault-lock/missing'?");
    assert_error(&backstop(&["schema", "subject", "vualt"]), 2, "did you mean 'vault'?");
    assert_error(&backstop(&["audit", WORLD, "--demo"]), 2, "cannot be used with");
    assert_error(&backstop(&["audit", WORLD, "--as-of", "yesterday"]), 2, "not a time");
}

#[test]
fn an_output_that_cannot_be_written_is_found_before_anything_else_and_leaves_nothing() {
    assert_error(&backstop(&["audit", WORLD, "--output", "json=/nonexistent/x.json"]), 2, "/nonexistent/x.json");
    let directory = TempDir::new().expect("a folder");
    let target = directory.path().join("report.json");
    fs::write(&target, "old").expect("written");
    let output = format!("json={}", text(&target));
    assert_eq!(code(&backstop(&["audit", "nowhere.json", "--output", &output])), 2);
    assert_eq!(fs::read_to_string(&target).expect("still there"), "old");
    assert_eq!(fs::read_dir(directory.path()).expect("a folder").count(), 1, "a temporary file was left");
}

#[test]
fn all_mistakes_of_a_configuration_are_told_at_once_each_at_its_line() {
    let (_directory, path) = file(
        "[parameters]\nretention_dys = 3\nlock_mode = \"soft\"\n[environments.a]\naccounts = [\"12\"]\n[rules.\"vault-lock/mising\"]\nenabled = false\n",
    );
    let output = backstop(&["audit", WORLD, "--config", text(&path)]);
    assert_error(&output, 4, ":2:1: there is no parameter 'retention_dys'; did you mean 'retention_days'?");
    for said in [":3:13: 'lock_mode' takes one of", ":5:13: '12' is not an account id", ":6:8: there is no rule 'vault-lock/mising'"] {
        assert!(stderr(&output).contains(said), "{}", stderr(&output));
    }
}

#[test]
fn parameters_and_switched_off_rules_take_effect_and_are_told() {
    let (_directory, path) =
        file("[parameters]\nlock_max_retention_factor = 1\n[rules.\"vault-lock/retention-out-of-range\"]\nenabled = false\n");
    let output = backstop(&["audit", WORLD, "--config", text(&path)]);
    assert!(stdout(&output).contains("Switched off by the configuration: vault-lock/retention-out-of-range."), "{}", stdout(&output));
    assert!(stdout(&output).contains("vault-lock/maximum-retention"), "{}", stdout(&output));
    assert!(!stdout(&output).contains("explain vault-lock/retention-out-of-range"));
}

#[test]
fn the_table_keeps_to_the_width_of_the_terminal() {
    for width in [60, 80, 200] {
        let output = command(&["audit", WORLD]).env("COLUMNS", width.to_string()).output().expect("it runs");
        let table = stdout(&output);
        let widest = table.lines().filter(|line| line.starts_with(['│', '┌', '╞', '├', '└'])).map(|line| line.chars().count()).max();
        assert!(widest.expect("there is a table") <= width, "{width}: {widest:?}");
    }
}

#[test]
fn colour_is_only_for_those_who_want_it() {
    assert!(!stdout(&backstop(&["audit", "--demo"])).contains('\u{1b}'));
    assert!(stdout(&backstop(&["audit", "--demo", "--color", "always"])).contains('\u{1b}'));
}

#[test]
fn names_cannot_steer_the_terminal() {
    let hostile =
        fs::read_to_string(WORLD).expect("the world").replace("\"RuleName\": \"weekly\"", "\"RuleName\": \"week\\u001b[2Jly\\n\\u202e\"");
    let hostile = if hostile.contains("202e") { hostile } else { hostile.replace("\"weekly\"", "\"week\\u001b[2Jly\\n\\u202e\"") };
    assert!(hostile.contains("202e"), "the fixture has no rule 'weekly' any more");
    let (_directory, path) = file(&hostile);
    for format in ["table=-", "sarif=-"] {
        let said = stdout(&backstop(&["audit", text(&path), "--output", format]));
        assert!(!said.contains('\u{1b}') && !said.contains('\u{202e}'), "{format}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let mut child =
        command(&["facts", "--demo"]).stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().expect("it starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(stderr(&output), "");
    assert_eq!(code(&output), 0);
}

#[test]
fn when_stdout_is_taken_the_table_goes_to_stderr() {
    let output = backstop(&["audit", WORLD, "--output", "json=-"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("stdout is JSON and nothing else");
    assert_eq!(report["conclusion"]["exit_code"], 1);
    assert!(stderr(&output).starts_with("Failed: "));
}

#[test]
fn the_json_report_says_everything_of_each_finding() {
    let output = backstop(&["audit", "fixtures/menagerie.json", "--config", "fixtures/menagerie.toml", "--output", "json=-"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let findings = report["findings"].as_array().expect("findings");
    let mut fingerprints = std::collections::BTreeSet::new();
    for finding in findings {
        for member in ["rule", "severity", "verdict", "subject", "message", "evidence", "fingerprint"] {
            assert!(finding.get(member).is_some(), "'{member}' is missing: {finding}");
        }
        assert_eq!(finding["verdict"] == "unknown", finding.get("reasons").is_some(), "{finding}");
        assert!(fingerprints.insert(finding["fingerprint"].as_str().expect("a text").to_owned()), "twice: {finding}");
    }
    assert!(findings.len() > 100);
}

#[test]
fn a_pasted_answer_of_the_aws_cli_is_read() {
    let (_directory, path) = file(
        r#"{"Schema": "backstop/snapshot/1", "Units": [{"Account": "111122223333", "Region": "us-east-1", "Source": "aws",
            "Complete": ["BackupVaults"],
            "BackupVaults": [{"BackupVaultName": "a", "CreationDate": 1732262400.123, "Locked": true, "LockDate": "2025-01-01T00:00:00.250000+01:00",
                "AccessPolicy": {"BackupVaultName": "a", "Policy": "{\"Version\": \"2012-10-17\", \"Statement\": []}"},
                "Tags": {"Tags": {"Environment": "prod"}}, "SomethingNew": {"A": 1}}],
            "Keys": [{"KeyMetadata": {"Arn": "arn:aws:kms:us-east-1:111122223333:key/k", "KeyManager": "CUSTOMER"}, "Policy": {"Policy": "{\"Statement\": []}"}}]}]}"#,
    );
    let output = backstop(&["facts", text(&path)]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let facts: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(facts["subjects"]["vault"][0]["facts"]["lock"]["mode"], "immutable");
    assert_eq!(facts["subjects"]["vault"][0]["facts"]["tags"]["Environment"], "prod");
}

#[test]
fn facts_prints_the_exact_inputs_of_a_rule() {
    let output = backstop(&["facts", WORLD, "--rule", "vault-lock/missing"]);
    let facts: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let input = &facts["subjects"][0]["input"];
    let members: Vec<&String> = input.as_object().expect("an input").keys().collect();
    assert_eq!(members, ["in_use", "lock", "name", "params"], "a rule sees only what it reads");
}

#[test]
fn without_credentials_the_live_account_is_unreachable_and_nothing_is_written() {
    let directory = TempDir::new().expect("a folder");
    let target = directory.path().join("snapshot.json");
    let output = command(&["collect", "--region", "us-east-1", "-o", text(&target)]).output().expect("it runs");
    assert_eq!(code(&output), 5, "{}", stderr(&output));
    assert!(stderr(&output).contains("credentials"), "{}", stderr(&output));
    assert_eq!(fs::read_dir(directory.path()).expect("a folder").count(), 0);
}

#[test]
fn a_key_policy_that_trusts_its_account_and_denies_the_backup_role_blocks_backup() {
    let mut world: serde_json::Value = serde_json::from_str(&fs::read_to_string("fixtures/clean.json").expect("the world")).expect("JSON");
    let role = world["Units"][0]["BackupPlans"][0]["Selections"][0]["BackupSelection"]["IamRoleArn"].clone();
    assert!(role.is_string(), "the plan's role is not where it was");
    let trust = serde_json::json!({ "Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::111122223333:root" }, "Action": "kms:*", "Resource": "*" });
    let deny = serde_json::json!({ "Effect": "Deny", "Principal": { "AWS": role }, "Action": "kms:Decrypt", "Resource": "*" });
    let fails = |statements: serde_json::Value, world: &mut serde_json::Value| {
        for key in world["Units"][0]["Keys"].as_array_mut().expect("keys") {
            key["Policy"] = serde_json::json!({ "Version": "2012-10-17", "Statement": statements });
        }
        let (_directory, path) = file(&world.to_string());
        let output = backstop(&["audit", text(&path), "--config", "fixtures/clean.toml", "--output", "json=-"]);
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let rule = report["rules"].as_array().expect("rules").iter().find(|rule| rule["id"] == "encryption/key-policy-blocks-backup");
        rule.expect("the rule")["verdicts"]["fail"].as_u64().expect("a count") > 0
    };
    assert!(!fails(serde_json::json!([trust]), &mut world));
    assert!(fails(serde_json::json!([trust, deny]), &mut world));
}
