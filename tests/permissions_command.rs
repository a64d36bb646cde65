//! `backstop permissions` as a person uses it: the policy that is printed is enough and no more, and what is missing is found.

#[allow(dead_code)]
#[path = "collect/run.rs"]
mod run;
mod server;

use std::collections::BTreeSet;
use std::path::Path;

use backstop::collect::CALLS;
use run::{CREDENTIALS, HOME, OTHER, Run};
use serde_json::{Value, json};
use server::faults::Fault;
use server::faults::Kind::*;
use server::{Options, Server};

const FIRST: &str = "111122223333";
const SECOND: &str = "222233334444";

/// The world, but for the table, the topic and the trail that nobody may look into: rules rest on them.
fn world() -> Value {
    let mut world = run::world();
    let described =
        json!({"ContinuousBackupsStatus": "ENABLED", "PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": "DISABLED"}});
    for table in world["Units"].as_array_mut().unwrap().iter_mut().flat_map(|unit| unit["Tables"].as_array_mut()).flatten() {
        table.as_object_mut().unwrap().entry("ContinuousBackupsDescription").or_insert_with(|| described.clone());
    }
    for (list, member) in [("Topics", "Subscriptions"), ("Trails", "EventSelectors")] {
        for it in world["Units"].as_array_mut().unwrap().iter_mut().flat_map(|unit| unit[list].as_array_mut()).flatten() {
            let object = it.as_object_mut().unwrap();
            if !object.contains_key("AdvancedEventSelectors") {
                object.entry(member).or_insert_with(|| json!([]));
            }
        }
    }
    world
}

/// Every listing has one page.
fn serve(faults: Vec<Fault>) -> Server {
    Server::start(world(), faults, 100)
}

fn backstop(server: &Server, arguments: &[&str]) -> Run {
    backstop_at(server, arguments, tempfile::tempdir().unwrap())
}

fn backstop_at(server: &Server, arguments: &[&str], directory: tempfile::TempDir) -> Run {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_backstop"));
    command.env_clear().current_dir(directory.path()).args(arguments);
    command.envs(CREDENTIALS).env("AWS_REGION", HOME).env("AWS_ENDPOINT_URL", server.url()).env("AWS_MAX_ATTEMPTS", "1");
    command.env("HOME", directory.path()).env("AWS_EC2_METADATA_DISABLED", "true");
    let output = command.output().unwrap();
    Run {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
        directory,
    }
}

fn with_config(text: &str) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("backstop.toml"), text).unwrap();
    directory
}

/// The actions of a policy, or of a list of statements.
fn actions(printed: &str) -> BTreeSet<String> {
    let printed: Value = serde_json::from_str(printed).expect("JSON");
    let statements = printed.get("Statement").unwrap_or(&printed).as_array().expect("statements").clone();
    let actions = statements.iter().flat_map(|statement| statement["Action"].as_array().unwrap().clone());
    actions.map(|action| action.as_str().unwrap().to_owned()).collect()
}

fn set(actions: &[&str]) -> BTreeSet<String> {
    actions.iter().map(|action| (*action).to_owned()).collect()
}

fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Runs without a flag that needs AWS, and asks AWS nothing.
fn printed(arguments: &[&str], directory: tempfile::TempDir) -> String {
    let server = serve(vec![]);
    let run = backstop_at(&server, &[&["permissions"], arguments].concat(), directory);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{arguments:?}");
    assert_eq!(server.seen(), [], "{arguments:?}");
    run.stdout
}

fn policy(arguments: &[&str]) -> String {
    printed(arguments, tempfile::tempdir().unwrap())
}

#[test]
fn with_the_policy_and_nothing_else_every_verdict_is_what_it_is_with_everything() {
    let allowed = actions(&policy(&[]));
    let verdicts = |faults: Vec<Fault>| -> BTreeSet<String> {
        let arguments = ["audit", "--region", HOME, "--region", OTHER, "--output", "json=report.json"];
        let run = backstop(&serve(faults), &arguments);
        assert!([1, 3].contains(&run.code), "{}", run.stderr);
        let report = std::fs::read(run.directory.path().join("report.json")).unwrap();
        let report: Value = serde_json::from_slice(&report).unwrap();
        let line =
            |finding: &Value| format!("{} {} {}: {}", finding["rule"], finding["verdict"], finding["subject"]["id"], finding["message"]);
        report["findings"].as_array().expect("findings").iter().map(line).collect()
    };
    let refused: Vec<Fault> =
        CALLS.iter().filter(|call| !call.starts_with("sts:") && !allowed.contains(**call)).map(|call| Fault::new(call, Denied)).collect();
    assert!(refused.len() > 10, "{}", refused.len());
    let with_everything = verdicts(vec![]);
    assert!(with_everything.len() > 20);
    let with_less = verdicts(refused);
    let differing: Vec<&String> = with_everything.symmetric_difference(&with_less).collect();
    assert!(differing.is_empty(), "{differing:#?}");
}

#[test]
fn a_rule_that_is_switched_off_takes_its_actions_away() {
    let all = actions(&policy(&[]));
    let off =
        with_config("[rules.\"encryption/key-rotation-off\"]\nenabled = false\n[rules.\"account/dynamodb-pitr-off\"]\nenabled = false\n");
    let fewer = actions(&printed(&[], off));
    let gone: BTreeSet<String> = all.difference(&fewer).cloned().collect();
    assert_eq!(gone, set(&["kms:GetKeyRotationStatus", "dynamodb:DescribeContinuousBackups"]));
    assert!(fewer.is_subset(&all));
}

#[test]
fn environments_that_are_told_by_tags_need_the_tags() {
    // These read the tags themselves.
    let off = "[rules.\"tag/required-missing\"]\nenabled = false\n[rules.\"tag/plan-required-missing\"]\nenabled = false\n";
    let by_tags = format!("{off}[environments.staging]\nproduction = false\ntags = {{ Environment = \"staging\" }}\n");
    assert!(!actions(&printed(&[], with_config(off))).contains("backup:ListTags"));
    assert!(actions(&printed(&[], with_config(&by_tags))).contains("backup:ListTags"));
}

#[test]
fn everything_is_everything_that_a_run_can_ask() {
    let policy = policy(&["--everything"]);
    // STS asks for no permission to say who one is, and whose role may be assumed depends on --role.
    let expected = CALLS.iter().filter(|call| !call.starts_with("sts:")).map(|call| call.replace("ListBuckets", "ListAllMyBuckets"));
    assert_eq!(actions(&policy), expected.collect());
}

#[test]
fn what_a_run_does_beside_the_rules_is_added_where_it_is_asked_to() {
    let without = actions(&policy(&[]));
    let with = policy(&["--all-regions", "--organization", "--role", "/audit/Reader"]);
    let added: BTreeSet<String> = actions(&with).difference(&without).cloned().collect();
    assert_eq!(added, set(&["account:ListRegions", "organizations:ListAccounts", "sts:AssumeRole"]));
    for (region, partition) in [(HOME, "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")] {
        for more in [&[][..], &["--everything"]] {
            let policy = policy(&[&["--role", "/audit/Reader", "--region", region], more].concat());
            let policy: Value = serde_json::from_str(&policy).unwrap();
            let statements = policy["Statement"].as_array().unwrap();
            let assuming: Vec<&Value> = statements.iter().filter(|statement| statement["Action"] == json!(["sts:AssumeRole"])).collect();
            assert_eq!(assuming.len(), 1);
            assert_eq!(assuming[0]["Resource"], format!("arn:{partition}:iam::*:role/audit/Reader"));
        }
    }
}

#[test]
fn where_nothing_is_missing_nothing_is_printed() {
    let run = backstop(&serve(vec![]), &["permissions", "--check", "--inventory", "all"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{}", run.stderr);
    let needed = actions(&policy(&[])).len();
    assert_eq!(flat(&run.stderr), format!("{needed} of the {needed} calls that are needed were allowed."));
}

#[test]
fn exactly_the_missing_statements_are_printed_with_the_place_and_awss_words() {
    let faults = vec![
        Fault::new("GetKeyRotationStatus", Denied),
        Fault::new("DescribeGlobalSettings", Denied).in_region(OTHER),
        // No rule rests on it.
        Fault::new("ListReportPlans", Denied),
    ];
    let run = backstop(&serve(faults), &["permissions", "--check", "--all-regions"]);
    assert_eq!(run.code, 3, "{}", run.stderr);
    assert_eq!(actions(&run.stdout), set(&["backup:DescribeGlobalSettings", "kms:GetKeyRotationStatus"]));
    let said = flat(&run.stderr);
    assert!(said.contains(&format!("Denied: backup:DescribeGlobalSettings: {FIRST}/{OTHER} AccessDeniedException: ")), "{}", run.stderr);
    assert!(said.contains("It was allowed elsewhere in the same account"), "{}", run.stderr);
    assert!(said.contains("is not authorized to perform: kms:GetKeyRotationStatus"), "{}", run.stderr);
}

#[test]
fn with_everything_what_no_rule_rests_on_is_missing_too() {
    let faults = || vec![Fault::new("ListReportPlans", Denied), Fault::new("rds:DescribeDBInstances", Denied)];
    assert_eq!(backstop(&serve(faults()), &["permissions", "--check"]).code, 0);
    let run = backstop(&serve(faults()), &["permissions", "--check", "--everything", "--inventory", "all"]);
    assert_eq!(run.code, 3, "{}", run.stderr);
    let missing = actions(&run.stdout);
    assert!(missing.is_superset(&set(&["backup:ListReportPlans", "rds:DescribeDBInstances"])), "{missing:?}");
}

#[test]
fn a_call_that_failed_otherwise_is_not_known_to_be_allowed() {
    for kind in [Error500, Throttled, Html503] {
        let run = backstop(&serve(vec![Fault::new("ListCopyJobs", kind)]), &["permissions", "--check"]);
        assert_eq!((run.code, run.stdout.as_str()), (3, ""), "{kind:?}: {}", run.stderr);
        let expected = format!("Not answered, and so not known: backup:ListCopyJobs: {FIRST}/{HOME}");
        assert!(flat(&run.stderr).contains(&expected), "{}", run.stderr);
    }
}

#[test]
fn what_could_not_be_asked_is_named() {
    let mut empty = world();
    let unit = &mut empty["Units"][0];
    unit["BackupPlans"] = json!([]);
    let run = backstop(&Server::start(empty, vec![], 100), &["permissions", "--check"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let expected = "because nothing was found to ask about: backup:GetBackupPlan, backup:GetBackupSelection, \
        backup:ListBackupPlanVersions, backup:ListBackupSelections";
    assert!(flat(&run.stderr).contains(expected), "{}", run.stderr);

    let run = backstop(&serve(vec![Fault::new("ListBackupPlans", Denied)]), &["permissions", "--check"]);
    assert_eq!(actions(&run.stdout), set(&["backup:ListBackupPlans"]), "what it hides cannot be known");
    assert!(flat(&run.stderr).contains("because another call did not say what to ask about: backup:GetBackupPlan, "), "{}", run.stderr);
}

#[test]
fn a_check_reads_one_page_of_everything_however_much_there_is() {
    let mut world = world();
    let mut vault = world["Units"][0]["BackupVaults"][2].clone();
    vault["$Points"] = json!({"Count": 50_000, "From": "2019-02-01T00:00:00Z", "To": "2026-06-30T00:00:00Z", "Resources": 50});
    vault["NumberOfRecoveryPoints"] = 50_000.into();
    world["Units"][0]["BackupVaults"] = json!([vault]);
    world["Units"][0]["RecoveryPoints"] = json!([]);
    let server = Server::with(world, vec![], Options { page_size: 1, ..Options::default() });
    let run = backstop(&server, &["permissions", "--check"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{}", run.stderr);
    assert_eq!(server.requests("ListRecoveryPointsByBackupVault"), 1);
    let (seen, mut asked) = (server.seen(), BTreeSet::new());
    let again: Vec<_> = seen.iter().filter(|seen| !asked.insert((&seen.operation, &seen.region, &seen.subject))).collect();
    assert!(again.is_empty(), "{again:?}");
    assert_eq!(std::fs::read_dir(run.directory.path()).unwrap().count(), 0, "it leaves nothing behind");
}

#[test]
fn a_snapshot_tells_without_asking() {
    let collect = |faults: Vec<Fault>| run::run(&Server::start(world(), faults, 100), &["--all-regions"]);
    let check = |run: Run| {
        let nobody = serve(vec![]);
        let checked = backstop_at(&nobody, &["permissions", "--check", "snapshot.json"], run.directory);
        assert_eq!(nobody.seen(), []);
        checked
    };
    let whole = check(collect(vec![]));
    assert_eq!((whole.code, whole.stdout.as_str()), (0, ""), "{}", whole.stderr);
    let faults = vec![Fault::new("ListBackupPlans", Denied).in_region(OTHER), Fault::new("ListCopyJobs", Error500)];
    let less = check(collect(faults));
    assert_eq!(less.code, 3, "{}", less.stderr);
    assert_eq!(actions(&less.stdout), set(&["backup:ListBackupPlans"]));
    let said = flat(&less.stderr);
    assert!(said.contains(&format!("Denied: backup:ListBackupPlans: {FIRST}/{OTHER} ")), "{}", less.stderr);
    assert!(said.contains("Not answered, and so not known: backup:ListCopyJobs: "), "{}", less.stderr);
}

#[test]
fn a_snapshot_without_a_ledger_proves_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let snapshot = json!({"Schema": "backstop/snapshot/1", "Units": [{"Account": FIRST, "Region": HOME, "Source": "aws"}]});
    std::fs::write(directory.path().join("snapshot.json"), snapshot.to_string()).unwrap();
    let run = backstop_at(&serve(vec![]), &["permissions", "--check", "snapshot.json"], directory);
    assert_eq!((run.code, run.stdout.as_str()), (3, ""), "{}", run.stderr);
    assert!(run.stderr.starts_with("0 of the "), "{}", run.stderr);
}

#[test]
fn a_role_that_cannot_be_assumed_is_missing_and_the_statement_is_the_callers_where_no_role_could() {
    let mut world = world();
    for account in [SECOND, "333344445555"] {
        let unit = json!({"Account": account, "Region": HOME, "Partition": "aws", "Source": "aws", "Complete": [], "BackupVaults": []});
        world["Units"].as_array_mut().unwrap().push(unit);
    }
    let arguments = ["permissions", "--check", "--account", FIRST, "--account", SECOND, "--account", "333344445555", "--role", "Reader"];
    let role = format!("arn:aws:iam::{SECOND}:role/Reader");
    let one = backstop(&Server::start(world.clone(), vec![Fault::new("AssumeRole", Denied).about(&role)], 100), &arguments);
    assert_eq!(one.code, 3, "{}", one.stderr);
    assert!(flat(&one.stderr).contains(&format!("Not assumed: the role {role} AccessDenied")), "{}", one.stderr);
    assert!(!one.stdout.contains("sts:AssumeRole"), "{}", one.stdout);

    let none = backstop(&Server::start(world, vec![Fault::new("AssumeRole", Denied)], 100), &arguments);
    assert_eq!((none.code, actions(&none.stdout)), (3, set(&["sts:AssumeRole"])), "{}", none.stderr);
    assert!(none.stdout.contains("arn:aws:iam::*:role/Reader"), "{}", none.stdout);
}

#[test]
fn what_does_not_go_together_is_a_fault_of_usage() {
    let server = serve(vec![]);
    for arguments in [&["snapshot.json"][..], &["--check", "snapshot.json", "--all-regions"], &["--check", "missing.json"]] {
        assert_eq!(backstop(&server, &[&["permissions"], arguments].concat()).code, 2, "{arguments:?}");
    }
    assert!(!Path::new("missing.json").exists());
    assert_eq!(server.seen(), []);
}
