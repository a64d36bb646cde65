//! `backstop why` and `backstop audit --by resource` as a person uses them: the real binary, in a scrubbed environment.

mod described;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use described::assert_described;
use serde_json::{Value, json};
use tempfile::TempDir;

const ORDERS: &str = "arn:aws:dynamodb:us-east-1:111122223333:table/orders-prod";
const CLEAN: &str = "fixtures/clean.json";
const POLICY: [&str; 2] = ["--config", "fixtures/clean.toml"];
const PLACES: [&str; 3] = ["here", "another_region", "another_account"];

fn backstop(arguments: &[&str], columns: usize) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_backstop"));
    command.args(arguments).env_clear().env("HOME", "/nonexistent").env("COLUMNS", columns.to_string());
    command.output().expect("backstop starts")
}

fn why(resource: &str, snapshot: &str, flags: &[&str]) -> Output {
    backstop(&[&["why", resource, snapshot][..], &POLICY, flags].concat(), 100)
}

fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).expect("stdout is UTF-8")
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("it was not killed")
}

/// An error says what happened, and nothing stands on stdout.
fn assert_error(output: &Output, exit: i32, says: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(code(output), exit, "{said}");
    assert!(said.contains(says), "'{says}' is not in:\n{said}");
    assert_eq!(stdout(output), "");
}

fn parsed(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn members<'v>(value: &'v mut Value, name: &str) -> &'v mut Vec<Value> {
    value[name].as_array_mut().expect("a list")
}

/// The clean world, changed: unit 0 is that of the resources, 1 that of the replica, 2 that of the other account.
fn world(change: impl FnOnce(&mut Value)) -> (TempDir, PathBuf) {
    let mut world: Value = serde_json::from_slice(&fs::read(CLEAN).expect("the world")).expect("JSON");
    change(&mut world["Units"]);
    let directory = TempDir::new().expect("a folder");
    let path = directory.path().join("world.json");
    fs::write(&path, world.to_string()).expect("written");
    (directory, path)
}

/// Takes all points of the table away, as if it had none.
fn without_points(unit: &mut Value) {
    members(unit, "RecoveryPoints").retain(|point| point["ResourceArn"] != ORDERS);
    let left = members(unit, "RecoveryPoints").len();
    members(unit, "BackupVaults").iter_mut().for_each(|vault| vault["NumberOfRecoveryPoints"] = left.into());
}

/// The listing of points was denied, and brought none.
fn without_sight_of_points(unit: &mut Value) {
    unit["RecoveryPoints"] = json!([]);
    let listings = members(unit, "Calls").iter_mut().filter(|call| call["Operation"] == "ListRecoveryPointsByBackupVault");
    assert_eq!(listings.map(|call| call["Outcome"] = "denied".into()).count(), 1);
}

/// What is said of the table, place by place.
fn told(change: impl FnOnce(&mut Value)) -> BTreeMap<String, (String, Vec<String>)> {
    let (_directory, path) = world(change);
    let path = path.to_str().expect("a plain path");
    let report = parsed(&backstop(&[&["audit", path, "--by", "resource", "--output", "json=-"][..], &POLICY].concat(), 100));
    let resources = report["resources"].as_array().expect("resources");
    let resource = resources.iter().find(|resource| resource["subject"]["id"] == ORDERS).expect("the table is told");
    let whole = parsed(&why(ORDERS, path, &["--format", "json"]));
    assert_eq!(resource["from"], whole["from"], "the table and the story agree");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let from = resource["from"].as_array().expect("places").iter();
    from.map(|from| {
        let blocked = from["blocked_by"].as_array().expect("findings").iter().map(|finding| text(&finding["rule"]));
        assert_eq!(from["recoverable"] == "unknown", from["reasons"] != json!([]), "{from}");
        (text(&from["place"]), (text(&from["recoverable"]), blocked.collect()))
    })
    .collect()
}

fn answers(told: &BTreeMap<String, (String, Vec<String>)>) -> [&str; 3] {
    PLACES.map(|place| told[place].0.as_str())
}

#[test]
fn what_has_points_in_all_places_can_be_recovered_from_all() {
    let told = told(|_| ());
    assert_eq!(answers(&told), ["yes", "yes", "yes"]);
    assert!(told.values().all(|(_, blocked)| blocked.is_empty()));
}

#[test]
fn where_the_copy_is_missing_only_that_place_is_lost() {
    assert_eq!(answers(&told(|units| without_points(&mut units[1]))), ["yes", "no", "yes"]);
    assert_eq!(answers(&told(|units| without_points(&mut units[2]))), ["yes", "yes", "no"]);
}

#[test]
fn a_plan_that_copies_to_no_other_region_is_why_nothing_can_be_recovered_from_there() {
    let told = told(|units| {
        without_points(&mut units[1]);
        for rule in members(&mut units[0]["BackupPlans"][0]["BackupPlan"], "Rules") {
            members(rule, "CopyActions").retain(|copy| !copy["DestinationBackupVaultArn"].as_str().expect("an ARN").contains("us-west-2"));
        }
    });
    assert_eq!(answers(&told), ["yes", "no", "yes"]);
    assert!(told["another_region"].1.contains(&"replication/copy-missing".to_owned()), "{told:?}");
}

#[test]
fn what_nobody_was_allowed_to_list_is_unknown_and_never_yes() {
    for at in 0..3 {
        let told = told(|units| without_sight_of_points(&mut units[at]));
        let mut expected = ["yes"; 3];
        expected[at] = "unknown";
        assert_eq!(answers(&told), expected);
    }
    let told = told(|units| (0..3).for_each(|at| without_sight_of_points(&mut units[at])));
    assert_eq!(answers(&told), ["unknown"; 3]);
}

#[test]
fn points_under_a_key_that_is_disabled_cannot_be_recovered_and_the_key_is_why() {
    for at in 0..3 {
        let told = told(|units| {
            for key in members(&mut units[at], "Keys") {
                key["KeyState"] = "Disabled".into();
                key["Enabled"] = false.into();
            }
        });
        let mut expected = ["yes"; 3];
        expected[at] = "no";
        assert_eq!(answers(&told), expected);
        assert!(told[PLACES[at]].1.contains(&"encryption/key-unusable".to_owned()), "{told:?}");
    }
}

#[test]
fn what_nothing_selects_is_lost_and_what_concerns_copies_is_not_why() {
    let told = told(|units| {
        (0..3).for_each(|at| without_points(&mut units[at]));
        let table =
            members(&mut units[0], "Resources").iter_mut().find(|resource| resource["ResourceARN"] == ORDERS).expect("it is listed");
        table["Tags"] = json!([{ "Key": "Environment", "Value": "prod" }]);
    });
    assert_eq!(answers(&told), ["no"; 3]);
    assert_eq!(told["here"].1, ["coverage/resource-unprotected"]);
    assert!(told["another_region"].1.is_empty() && told["another_account"].1.is_empty(), "{told:?}");
}

#[test]
fn nothing_can_be_recovered_for_sure_where_hardly_anything_was_seen() {
    let report =
        parsed(&backstop(&[&["audit", "fixtures/half_blind.json", "--by", "resource", "--output", "json=-"][..], &POLICY].concat(), 100));
    let resources = report["resources"].as_array().expect("resources");
    assert!(!resources.is_empty());
    for from in resources.iter().flat_map(|resource| resource["from"].as_array().expect("places")) {
        assert_eq!(from["recoverable"], "unknown", "{from}");
    }
}

#[test]
fn a_resource_belongs_to_the_account_of_its_arn_also_where_only_its_copies_are_seen() {
    let (_directory, path) = world(|units| {
        units[0]["Resources"] = json!([]);
        units[0]["ProtectedResources"] = json!([]);
        for unit in units.as_array_mut().expect("units") {
            members(unit, "Complete").retain(|list| list != "Resources" && list != "Inventory");
        }
    });
    let facts = parsed(&backstop(&[&["facts", path.to_str().expect("a plain path")][..], &POLICY].concat(), 100));
    for resource in facts["subjects"]["resource"].as_array().expect("resources") {
        let id = resource["id"].as_str().expect("an ARN");
        let account = &resource["facts"]["account"];
        assert!(!id.contains(":111122223333:") || !account.is_string() || account == "111122223333", "{id}: {account}");
    }
}

#[test]
fn a_finding_on_another_type_does_not_stand_in_the_way_of_a_resource() {
    let arguments = ["audit", "fixtures/menagerie.json", "--config", "fixtures/menagerie.toml", "--by", "resource", "--output", "json=-"];
    let report = parsed(&backstop(&arguments, 100));
    let mut seen = BTreeSet::new();
    for resource in report["resources"].as_array().expect("resources") {
        let id = resource["subject"]["id"].as_str().expect("an ARN");
        for finding in resource["from"].as_array().expect("places").iter().flat_map(|from| from["blocked_by"].as_array().expect("findings"))
        {
            let (rule, message) = (finding["rule"].as_str().expect("an id"), finding["message"].as_str().expect("a text"));
            seen.insert(rule.to_owned());
            if rule == "role/cannot-back-up" {
                assert_eq!(message.contains("'S3'"), id.starts_with("arn:aws:s3:"), "{id}: {message}");
            }
            assert!(rule != "account/dynamodb-advanced-off" || id.contains(":dynamodb:"), "{id}: {message}");
        }
    }
    for rule in ["role/cannot-back-up", "account/dynamodb-advanced-off", "selection/opted-out-type", "job/never-ran"] {
        assert!(seen.contains(rule), "{rule} blocks nothing: {seen:?}");
    }
}

#[test]
fn every_rule_that_blocks_recovery_is_one_whose_findings_can_be_tied_to_a_resource() {
    let tied = ["account", "key", "plan", "plan_rule", "resource", "role", "selection", "vault"];
    for rule in backstop::policy::Library::shipped().expect("the shipped rules load").rules {
        assert!(rule.metadata.custom.blocks.is_empty() || tied.contains(&rule.subject()), "{} judges each {}", rule.id, rule.subject());
    }
}

#[test]
fn the_order_changes_neither_exit_code_nor_sarif() {
    for arguments in [&["audit", "--demo"][..], &["audit", CLEAN, POLICY[0], POLICY[1]], &["audit", "fixtures/half_blind.json"]] {
        let by_rule = backstop(&[arguments, &["--output", "sarif=-"]].concat(), 100);
        let by_resource = backstop(&[arguments, &["--output", "sarif=-", "--by", "resource"]].concat(), 100);
        assert_eq!(code(&by_rule), code(&by_resource), "{arguments:?}");
        assert_eq!(by_rule.stdout, by_resource.stdout);
        assert_ne!(by_rule.stderr, by_resource.stderr);
    }
}

#[test]
fn the_table_says_of_the_unselected_table_which_tag_it_lacks() {
    let output = backstop(&["audit", "--demo", "--by", "resource"], 250);
    let said = stdout(&output);
    assert!(said.contains("coverage/resource-unprotected: No plan selects 'tattoo-directory-prod-users'"), "{said}");
    assert!(said.contains("the resource has no tag 'Project'"), "{said}");
    assert_eq!(said.matches("no plan copies it there").count(), 2, "{said}");
}

#[test]
fn resources_are_in_the_json_report_when_asked_for_and_as_its_schema_says() {
    let report = parsed(&backstop(&["audit", "--demo", "--by", "resource", "--output", "json=-"], 100));
    let schema = parsed(&backstop(&["schema", "report"], 100));
    assert_described(&report["resources"], &schema["properties"]["resources"], &schema);
    let findings = report["findings"].as_array().expect("findings").iter();
    let fingerprints: BTreeSet<&str> = findings.filter_map(|finding| finding["fingerprint"].as_str()).collect();
    let resources = report["resources"].as_array().expect("resources").iter();
    let places = resources.flat_map(|resource| resource["from"].as_array().expect("places"));
    let blocking: Vec<&Value> = places.flat_map(|from| from["blocked_by"].as_array().expect("findings")).collect();
    assert!(!blocking.is_empty());
    assert!(blocking.iter().all(|finding| fingerprints.contains(finding["fingerprint"].as_str().expect("a text"))));
    assert!(parsed(&backstop(&["audit", "--demo", "--output", "json=-"], 100)).get("resources").is_none());
}

#[test]
fn what_is_told_keeps_to_the_width_of_the_terminal_and_a_pipe_gets_no_colour() {
    for width in [60, 80, 120] {
        for arguments in [
            &["audit", "--demo", "--by", "resource"][..],
            &["audit", "fixtures/half_blind.json", "--by", "resource"],
            &["why", ORDERS, CLEAN],
            &["why", "arn:aws:dynamodb:us-east-1:111122223333:table/tattoo-directory-prod-artists", "--demo"],
        ] {
            let output = backstop(arguments, width);
            assert!(!stdout(&output).is_empty() && !stdout(&output).contains('\u{1b}'), "{arguments:?}");
            // A word that is longer than a line is not cut: an ARN should be found by whoever looks for it.
            let wide = |line: &&str| line.chars().count() > width && line.split_whitespace().count() > 1;
            let too_wide: Vec<&str> = stdout(&output).lines().filter(wide).collect();
            assert!(too_wide.is_empty(), "{arguments:?} at {width}: {too_wide:#?}");
        }
    }
    let output = backstop(&["why", ORDERS, CLEAN, "--color", "always"], 100);
    assert!(stdout(&output).contains('\u{1b}'));
}

#[test]
fn the_story_says_what_covers_when_it_runs_and_from_where_it_can_be_recovered() {
    let output = why(ORDERS, CLEAN, &["--as-of", "2026-11-22T09:00:00Z"]);
    assert_eq!(code(&output), 0);
    assert_eq!(output.stderr, b"");
    for said in [
        "orders-prod\narn:aws:dynamodb",
        "\nCOVERED\n  plan 'orders-prod', selection 'by-tag' selects it.",
        "next runs 2026-11-23T05:00:00Z, 2026-11-24T05:00:00Z",
        "  in another Region: yes, the newest data is 3 hours old",
        "  444455556666/us-east-1: 9 usable recovery points",
        "proof 5 of 5",
        "\nNOTHING HAS TO CHANGE\n",
    ] {
        assert!(stdout(&output).contains(said), "{said}\n{}", stdout(&output));
    }
}

#[test]
fn findings_do_not_fail_a_question() {
    let output = backstop(&["why", "arn:aws:dynamodb:us-east-1:111122223333:table/tattoo-directory-prod-users", "--demo"], 100);
    assert_eq!(code(&output), 0);
    assert!(stdout(&output).contains("\nNOT COVERED\n"), "{}", stdout(&output));
    assert!(stdout(&output).contains("  here: no; see coverage/resource-unprotected below\n"), "{}", stdout(&output));
}

#[test]
fn what_is_not_a_resource_is_a_mistake_that_comes_with_what_was_probably_meant() {
    assert_error(&why("orders-prod", CLEAN, &[]), 2, "'orders-prod' is not an ARN");
    assert_error(&why(&ORDERS.replace("orders", "order"), CLEAN, &[]), 2, &format!("did you mean '{ORDERS}'?"));
    // A list that is not whole is a subject of its own, and nothing that a person owns.
    assert_error(&why("arn:aws::us-east-1:111122223333:*", "fixtures/half_blind.json", &[]), 2, "is not an ARN");
}

#[test]
fn that_no_list_shows_it_proves_nothing_where_not_all_was_seen() {
    assert_error(&why(ORDERS, "fixtures/half_blind.json", &[]), 3, "not all was seen");
    assert_error(&why(&ORDERS.replace("us-east-1", "eu-central-1"), CLEAN, &[]), 3, "111122223333/eu-central-1 was not observed");
    assert_error(&why(&ORDERS.replace("111122223333", "999988887777"), CLEAN, &[]), 3, "999988887777/us-east-1 was not observed");
}

#[test]
fn a_list_of_another_type_that_is_not_whole_leaves_nothing_open() {
    let (_directory, path) = world(|units| {
        let list = members(&mut units[0], "Inventory").iter_mut().find(|list| list["ResourceType"] == "EBS").expect("volumes were listed");
        list["Complete"] = false.into();
    });
    let path = path.to_str().expect("a plain path");
    assert_error(&why(&ORDERS.replace("orders", "order"), path, &[]), 2, "no list shows");
    assert_error(&why("arn:aws:ec2:us-east-1:111122223333:volume/vol-1", path, &[]), 3, "EBS resources of 111122223333/us-east-1");
}

#[test]
fn a_snapshot_that_is_missing_or_cut_off_is_told_as_by_other_verbs() {
    assert_error(&why(ORDERS, "nowhere.json", &[]), 2, "nowhere.json");
    let directory = TempDir::new().expect("a folder");
    let path = directory.path().join("cut.json");
    fs::write(&path, &fs::read(CLEAN).expect("the world")[..5000]).expect("written");
    assert_error(&why(ORDERS, path.to_str().expect("a plain path"), &[]), 4, "is not a snapshot");
    assert_error(&why(ORDERS, CLEAN, &["--demo"]), 2, "cannot be used with");
}

#[test]
fn whether_it_is_covered_is_not_said_where_selections_were_denied() {
    let (_directory, path) = world(|units| {
        for call in members(&mut units[0], "Calls").iter_mut().filter(|call| call["Operation"] == "GetBackupSelection") {
            call["Outcome"] = "denied".into();
        }
    });
    let output = why(ORDERS, path.to_str().expect("a plain path"), &[]);
    assert_eq!(code(&output), 0);
    assert!(stdout(&output).contains("\nWHETHER IT IS COVERED IS NOT KNOWN\n"), "{}", stdout(&output));
    assert!(stdout(&output).contains("GetBackupSelection"), "{}", stdout(&output));
    assert!(!stdout(&output).contains("unknown number"), "{}", stdout(&output));
}

#[test]
fn names_cannot_steer_the_terminal() {
    let (_directory, path) = world(|units| {
        let plan = &mut units[0]["BackupPlans"][0];
        plan["Selections"][0]["SelectionName"] = "by\u{1b}[2J\u{202e}".into();
        plan["Selections"][0]["BackupSelection"]["SelectionName"] = "by\u{1b}[2J\u{202e}".into();
        plan["BackupPlan"]["Rules"][0]["RuleName"] = "daily\u{1b}[2J\r\u{202e}".into();
        let table =
            members(&mut units[0], "Resources").iter_mut().find(|resource| resource["ResourceARN"] == ORDERS).expect("it is listed");
        members(table, "Tags").push(json!({ "Key": "Owner\u{1b}[2J", "Value": "\u{202e}" }));
    });
    let path = path.to_str().expect("a plain path");
    for arguments in [&["why", ORDERS, path][..], &["audit", path, "--by", "resource"]] {
        let output = backstop(arguments, 100);
        assert!(stdout(&output).contains("orders-prod"), "{arguments:?}");
        assert!(!stdout(&output).contains(['\u{1b}', '\u{202e}', '\r']), "{arguments:?}:\n{}", stdout(&output));
    }
    assert!(stdout(&backstop(&["why", ORDERS, path], 100)).contains("by\u{fffd}[2J"));
}

#[test]
fn the_story_as_json_is_as_its_schema_says() {
    let schema = parsed(&backstop(&["schema", "why"], 100));
    for output in [
        why(ORDERS, CLEAN, &["--format", "json"]),
        backstop(&["why", "arn:aws:s3:::never-restored", "fixtures/menagerie.json", "--format", "json"], 100),
        backstop(&["why", "arn:aws:dynamodb:us-east-1:111122223333:table/tattoo-directory-prod-users", "--demo", "--format", "json"], 100),
    ] {
        let story = parsed(&output);
        assert_eq!(story["schema"], "backstop/why/1");
        assert_eq!(story["from"].as_array().expect("places").len(), 3);
        assert_described(&story, &schema, &schema);
    }
}
