//! What a run says at its end: how its calls ended, which rules are blind for it, and what would open their eyes.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::run::*;
use crate::server::Server;
use crate::server::faults::Fault;
use crate::server::faults::Kind::*;

const FIRST: &str = "111122223333";
const SECOND: &str = "222233334444";
const KEY: &str = "arn:aws:kms:eu-central-1:111122223333:key/11111111-aaaa-4aaa-8aaa-000000000001";

/// On one line, however it was broken.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The block of lines that begins so; empty where there is none.
fn block<'a>(stderr: &'a str, start: &str) -> &'a str {
    stderr.split("\n\n").find(|block| block.trim_start().starts_with(start)).unwrap_or_default()
}

/// The world with a second account.
fn two_accounts() -> Value {
    let mut world = world();
    world["Units"].as_array_mut().unwrap().push(json!({
        "Account": SECOND, "Region": HOME, "Partition": "aws", "Source": "aws", "Complete": [], "BackupVaults": [],
    }));
    world
}

#[test]
fn the_counts_are_those_of_the_ledger_and_what_is_made_once_counts_once() {
    let faults = vec![
        Fault::new("GetBackupPlan", Denied),
        Fault::new("ListCopyJobs", Throttled),
        Fault::new("ListBackupJobs", Error500),
        Fault::new("ListRestoreJobs", RepeatedToken),
    ];
    let run = run(&serve(faults), &["--all-regions"]);
    let document = run.document();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, unit) in document["Units"].as_array().unwrap().iter().enumerate() {
        let calls = unit["Calls"].as_array().unwrap().iter();
        for call in calls.filter(|call| at == 0 || !["sts", "account"].contains(&call["Service"].as_str().unwrap())) {
            *counts.entry(call["Outcome"].as_str().unwrap()).or_default() += 1;
        }
    }
    let of = |outcome: &str| counts.get(outcome).copied().unwrap_or(0);
    let made = ["ok", "denied", "throttled", "failed", "truncated"].map(of);
    let [ok, denied, throttled, failed, truncated] = made;
    assert!(made.iter().all(|count| *count > 0), "{counts:?}");
    let line = format!(
        "{} calls in 2 Regions: {ok} ok, {denied} denied, {throttled} throttled, {failed} failed, {truncated} cut short; {} skipped.",
        made.iter().sum::<usize>(),
        of("skipped")
    );
    assert!(flat(&run.stderr).starts_with(&line), "{line}\n{}", run.stderr);
}

#[test]
fn a_denied_call_says_where_in_whose_words_for_which_rules_and_what_would_allow_it() {
    let run = run(&serve(vec![Fault::new("GetKeyRotationStatus", Denied).about(KEY)]), &[]);
    let said = block(&run.stderr, "kms:GetKeyRotationStatus");
    let lines: Vec<&str> = said.lines().collect();
    let flat = flat(said);
    assert!(flat.starts_with(&format!("kms:GetKeyRotationStatus was denied: {KEY} AccessDeniedException: User: ")), "{said}");
    assert!(flat.contains("is not authorized to perform: kms:GetKeyRotationStatus"), "{said}");
    assert!(flat.contains("1 rule cannot judge there: encryption/key-rotation-off"), "{said}");
    let statement: Value = serde_json::from_str(lines.last().unwrap()).expect("the statement stands on one line, to be copied");
    assert_eq!((&statement["Effect"], &statement["Action"]), (&"Allow".into(), &json!(["kms:GetKeyRotationStatus"])));
}

#[test]
fn what_no_statement_would_mend_is_offered_none() {
    for (kind, how) in [(Error500, "not answered"), (Throttled, "throttled until it was given up"), (RepeatedToken, "cut short")] {
        let run = run(&serve(vec![Fault::new("ListCopyJobs", kind)]), &[]);
        let said = block(&run.stderr, "backup:ListCopyJobs");
        assert!(said.starts_with(&format!("backup:ListCopyJobs was {how}: {FIRST}/{HOME}\n")), "{}", run.stderr);
        assert!(
            flat(said).ends_with("3 rules cannot judge there: job/failed, job/failed-unlisted, replication/copy-not-arrived"),
            "{said}"
        );
    }
}

#[test]
fn what_no_rule_rests_on_is_one_sentence_at_the_end() {
    let faults = ["ListFrameworks", "ListLegalHolds", "ListTieringConfigurations"].map(|operation| Fault::new(operation, Denied));
    let mut faults = Vec::from(faults);
    faults.push(Fault::new("ListReportPlans", Error500));
    let stderr = run(&Server::start(open_world(), faults.clone(), 100), &[]).stderr;
    let last = flat(stderr.trim().split("\n\n").last().unwrap());
    assert!(last.starts_with("No enabled rule rests on what was not answered: backup:ListFrameworks (denied), "), "{stderr}");
    assert!(last.contains("backup:ListReportPlans (not answered)") && !last.contains("Sid"), "{stderr}");
    assert_eq!(stderr.matches("ListLegalHolds").count(), 1, "{stderr}");

    faults.push(Fault::new("DescribeKey", Denied));
    let stderr = run(&Server::start(open_world(), faults, 100), &[]).stderr;
    assert!(!block(&stderr, "No enabled rule rests on what else was not answered: ").is_empty(), "{stderr}");
}

#[test]
fn where_all_is_well_there_is_a_line_and_no_more() {
    let mut world = world();
    // The world hides some members, which AWS would deny.
    world["Units"][0]["Trails"] = json!([]);
    world["Units"][0]["Tables"] = json!([]);
    world["Units"][0]["Topics"] = json!([]);
    let run = run(&Server::start(world, vec![], PAGE), &[]);
    let refused: Vec<String> =
        run.unit()["Calls"].as_array().unwrap().iter().filter(|call| call["Outcome"] == "denied").map(Value::to_string).collect();
    assert_eq!(refused, Vec::<String>::new());
    assert_eq!(run.stderr.trim().lines().count(), 1, "{}", run.stderr);
}

#[test]
fn a_role_that_refuses_blinds_every_rule_and_its_statement_is_no_wider_than_the_role() {
    let role = format!("arn:aws:iam::{SECOND}:role/audit/Reader");
    let server = Server::start(two_accounts(), vec![Fault::new("AssumeRole", Denied).about(&role)], PAGE);
    let run = run(&server, &["--account", FIRST, "--account", SECOND, "--role", "/audit/Reader"]);
    let said = block(&run.stderr, "sts:AssumeRole was denied: ");
    assert!(said.starts_with(&format!("sts:AssumeRole was denied: '{role}' in {SECOND}\n")), "{}", run.stderr);
    assert!(said.contains("\n  No rule can judge what is there.\n"), "{said}");
    assert!(flat(said).contains("must exist and trust"), "{said}");
    let statement: Value = serde_json::from_str(said.lines().last().unwrap()).unwrap();
    assert_eq!(statement["Resource"], "arn:aws:iam::*:role/audit/Reader");
    assert!(flat(&run.stderr).contains(" calls in 2 accounts, 2 Regions in all: "), "{}", run.stderr);
}

#[test]
fn a_region_in_which_nothing_is_answered_is_told_once() {
    let run = run(&serve(vec![Fault::new("*", UnrecognizedClient).in_region(OTHER)]), &["--all-regions"]);
    let said = block(&run.stderr, "Nothing was answered in ");
    assert!(said.starts_with(&format!("Nothing was answered in {FIRST}/{OTHER}\n  UnrecognizedClientException: ")), "{}", run.stderr);
    assert!(said.ends_with("No rule can judge what is there."), "{said}");
    assert_eq!(block(&run.stderr, "backup:"), "", "{}", run.stderr);
}

#[test]
fn an_account_whose_regions_are_not_known_is_told() {
    let server = Server::start(two_accounts(), vec![Fault::new("ListRegions", Denied).in_account(SECOND)], PAGE);
    let run = run(&server, &["--account", FIRST, "--account", SECOND, "--role", "Audit", "--all-regions"]);
    let said = block(&run.stderr, "account:ListRegions");
    assert!(said.starts_with(&format!("account:ListRegions was denied: {SECOND}\n")), "{}", run.stderr);
    assert!(flat(said).contains("stands the unit 'other-regions'"), "{said}");
    assert!(said.contains(r#""Action":["account:ListRegions"]"#), "{said}");
}

#[test]
fn throttled_requests_are_told_whether_or_not_a_retry_was_answered() {
    let patient = [&CREDENTIALS[..], &[("AWS_REGION", HOME), ("AWS_MAX_ATTEMPTS", "4")]].concat();
    let calm = run_in(&serve(vec![]), &[], &patient);
    assert!(!calm.stderr.contains("AWS throttled"), "{}", calm.stderr);
    let one = run_in(&serve(vec![Fault::new("GetResources", Throttled).times(1)]), &[], &patient);
    assert!(
        flat(&one.stderr).contains(" 0 throttled, ") && flat(&one.stderr).contains("AWS throttled 1 request on the way."),
        "{}",
        one.stderr
    );
    let all = run_in(&serve(vec![Fault::new("GetResources", Throttled)]), &[], &patient);
    assert!(flat(&all.stderr).contains("AWS throttled 4 requests on the way."), "{}", all.stderr);
}

#[test]
fn lines_are_broken_to_the_width_and_control_characters_are_shown() {
    let mut world = world();
    world["Units"][0]["BackupPlans"][0]["BackupPlanId"] = "plan-\u{1b}[2J\u{202e}1".into();
    let server = Server::start(world, vec![Fault::new("GetBackupPlan", Denied), Fault::new("DescribeKey", Denied)], 100);
    for width in [40, 60, 100] {
        let columns = width.to_string();
        let run = run_in(&server, &[], &[&CREDENTIALS[..], &[("AWS_REGION", HOME), ("COLUMNS", &columns)]].concat());
        assert!(run.stderr.contains("plan-\u{fffd}[2J\u{fffd}1"), "{}", run.stderr);
        assert!(!run.stderr.contains(['\u{1b}', '\u{202e}']), "{}", run.stderr);
        let is_one_word = |line: &str| !line.trim().contains(' ') || line.starts_with("  {");
        let long: Vec<&str> = run.stderr.lines().filter(|line| line.chars().count() > width && !is_one_word(line)).collect();
        assert_eq!(long, Vec::<&str>::new(), "at {width}");
    }
}

#[test]
fn an_audit_of_the_live_account_counts_the_enabled_rules_only() {
    let server = serve(vec![Fault::new("GetKeyRotationStatus", Denied)]);
    let directory = tempfile::tempdir().unwrap();
    let audit = || {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_backstop"));
        command.env_clear().current_dir(directory.path()).envs(CREDENTIALS).env("AWS_REGION", HOME).env("AWS_ENDPOINT_URL", server.url());
        command.env("HOME", directory.path()).env("AWS_EC2_METADATA_DISABLED", "true").env("AWS_MAX_ATTEMPTS", "1");
        String::from_utf8(command.arg("audit").output().unwrap().stderr).unwrap()
    };
    assert!(flat(&audit()).contains("1 rule cannot judge there: encryption/key-rotation-off"));
    std::fs::write(directory.path().join("backstop.toml"), "[rules.\"encryption/key-rotation-off\"]\nenabled = false\n").unwrap();
    let stderr = audit();
    assert!(flat(&stderr).contains("was not answered: kms:GetKeyRotationStatus (denied)"), "{stderr}");
}
