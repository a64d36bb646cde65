//! `backstop collect` against the test server: what comes back, what goes wrong on the way, and what the snapshot says of it.

#[path = "collect/accounts.rs"]
mod accounts;
#[path = "collect/command.rs"]
mod command;
#[path = "collect/coverage.rs"]
mod coverage;
#[path = "collect/large.rs"]
mod large;
#[path = "collect/resume.rs"]
mod resume;
#[path = "collect/run.rs"]
mod run;
mod server;

use std::collections::BTreeSet;

use backstop::collect::CALLS;
use run::*;
use serde_json::Value;
use server::Server;
use server::faults::Fault;
use server::faults::Kind::{self, *};

#[test]
fn a_world_comes_back_member_for_member() {
    let server = serve(vec![]);
    let run = run(&server, &["--region", OTHER, "--region", HOME, "--region", OTHER, "--inventory", "all"]);
    let (document, mut world) = (run.document(), world());
    // The organization's accounts are asked for only where they are to be observed.
    for unit in world["Units"].as_array_mut().unwrap() {
        unit["Organization"].as_object_mut().unwrap().shift_remove("Accounts");
        without_secrets(unit);
    }
    assert_eq!(document["Units"].as_array().unwrap().len(), 2);
    for (unit, expected) in document["Units"].as_array().unwrap().iter().zip(world["Units"].as_array().unwrap()) {
        for (member, expected) in expected.as_object().unwrap() {
            match member.as_str() {
                "Calls" | "StartedAt" | "FinishedAt" => {}
                "Complete" => assert_eq!(texts(&unit[member]), texts(expected)),
                _ => assert_eq!(&without_absences(&unit[member], expected), expected, "{member}"),
            }
        }
        assert_eq!(unit.as_object().unwrap().keys().next_back().unwrap(), "RecoveryPoints", "they are streamed, so they stand last");
    }
    assert!(run.stderr.contains(" calls in 2 Regions: ") && run.stderr.contains(" 0 throttled, 0 failed"), "{}", run.stderr);
}

#[test]
fn a_run_asks_what_it_says_it_can_ask() {
    let server = serve(vec![]);
    run(&server, &["--all-regions", "--organization", "--role", "Audit", "--inventory", "all"]);
    let asked: BTreeSet<String> = server.seen().iter().map(|seen| format!("{}:{}", seen.service, seen.operation)).collect();
    assert_eq!(asked, BTreeSet::from(CALLS.map(str::to_owned)));
}

/// What may be a password is not kept: the address of a webhook, and what a rule's target is sent.
fn without_secrets(unit: &mut Value) {
    for topic in unit["Topics"].as_array_mut().unwrap() {
        for subscription in topic.get_mut("Subscriptions").and_then(Value::as_array_mut).into_iter().flatten() {
            if subscription["Protocol"] == "https" {
                subscription["Endpoint"] = "https://example.com".into();
            }
        }
    }
    for rule in unit["EventRules"].as_array_mut().unwrap() {
        for target in rule.get_mut("Targets").and_then(Value::as_array_mut).into_iter().flatten() {
            target.as_object_mut().unwrap().retain(|name, _| name != "InputTransformer" && name != "Input");
        }
    }
}

/// Where the world says nothing of a member, null says that there is none.
fn without_absences(got: &Value, expected: &Value) -> Value {
    match (got, expected) {
        (Value::Object(got), Value::Object(expected)) => {
            let is_told = |(name, value): &(&String, &Value)| expected.contains_key(*name) || !value.is_null();
            got.iter()
                .filter(is_told)
                .map(|(name, value)| (name.clone(), without_absences(value, expected.get(name).unwrap_or(&Value::Null))))
                .collect()
        }
        (Value::Array(got), Value::Array(expected)) if got.len() == expected.len() => {
            got.iter().zip(expected).map(|(got, expected)| without_absences(got, expected)).collect()
        }
        (got, _) => got.clone(),
    }
}

fn texts(list: &Value) -> BTreeSet<&str> {
    list.as_array().unwrap().iter().map(|item| item.as_str().unwrap()).collect()
}

#[test]
fn members_and_values_that_nobody_knows_yet_are_kept() {
    let unit = run(&serve(vec![]), &[]).unit();
    assert_eq!(vault(&unit, "main")["QuantumSeal"]["Strength"], 9);
    assert_eq!(vault(&unit, "main")["Notifications"]["BackupVaultEvents"][1], "SOMETHING_NEW");
    assert_eq!(unit["BackupPlans"][0]["BackupPlan"]["Rules"][0]["FutureSetting"], "FAST");
    assert_eq!(unit["RecoveryPoints"][3]["Status"], "HALF_DONE");
    assert_eq!(unit["CopyJobs"][0]["State"], "STALLED_SOMEHOW");
    // Not encrypted, or nobody says? The SDK's own type would have said the former.
    assert_eq!(unit["RecoveryPoints"][4].get("IsEncrypted"), None);
}

#[test]
fn listings_are_read_to_their_last_page() {
    let server = serve(vec![]);
    let unit = run(&server, &[]).unit();
    let points = call(&unit, "ListRecoveryPointsByBackupVault", "main");
    assert_eq!((&points["Pages"], &points["Items"]), (&3.into(), &6.into()));
    assert_eq!(points["RequestIds"].as_array().unwrap().len(), 3);
    let tags = call(&unit, "ListTags", "arn:aws:backup:eu-central-1:111122223333:backup-vault:lag");
    assert_eq!((&tags["Pages"], &tags["Items"]), (&3.into(), &5.into()));
    assert_eq!(server.requests("ListBackupVaults"), 2);
}

#[test]
fn two_runs_differ_only_in_times_and_request_ids() {
    let server = serve(vec![Fault::new("GetKeyPolicy", Denied)]);
    let still = |mut unit: Value| {
        for member in ["StartedAt", "FinishedAt"] {
            unit[member].take();
        }
        for call in unit["Calls"].as_array_mut().unwrap() {
            call.as_object_mut().unwrap().retain(|member, _| member != "Time" && member != "RequestIds");
        }
        unit.to_string()
    };
    assert_eq!(still(run(&server, &[]).unit()), still(run(&server, &[]).unit()));
}

#[test]
fn a_collection_whose_listing_is_refused_is_not_called_complete() {
    for (collection, operation) in LISTED_BY {
        let run = run(&serve(vec![Fault::new(operation, Denied)]), &[]);
        let unit = run.unit();
        assert!(!is_complete(&unit, collection), "{collection}");
        assert!(calls(&unit, operation).iter().all(|call| call["Outcome"] == "denied"), "{operation}");
        assert!(calls(&unit, operation)[0]["Error"].as_str().unwrap().starts_with("AccessDenied"), "{operation}");
        assert!(unit[collection].is_null() || unit[collection] == serde_json::json!([]), "{collection}");
        assert!(!run.stderr.contains(" 0 denied"), "{}", run.stderr);
    }
}

#[test]
fn what_depends_on_a_refused_listing_is_skipped_and_says_so() {
    let unit = run(&serve(vec![Fault::new("ListBackupVaults", Denied), Fault::new("ListBackupPlans", Denied)]), &[]).unit();
    for operation in [
        "DescribeBackupVault",
        "GetBackupVaultAccessPolicy",
        "GetBackupVaultNotifications",
        "ListRecoveryPointsByBackupVault",
        "GetBackupPlan",
        "ListBackupSelections",
        "GetBackupSelection",
    ] {
        assert_eq!(calls(&unit, operation)[0]["Outcome"], "skipped", "{operation}");
    }
    assert!(!is_complete(&unit, "RecoveryPoints") && !is_complete(&unit, "Keys"));
}

#[test]
fn each_way_to_fail_has_its_outcome() {
    let cases: [(Kind, &str); 9] = [
        (Denied, "denied"),
        (Throttled, "throttled"),
        (Error500, "failed"),
        (TruncatedBody, "failed"),
        (Cut, "failed"),
        (Html503, "failed"),
        (Html200, "failed"),
        (UnrecognizedClient, "failed"),
        (Empty, "failed"),
    ];
    for (kind, outcome) in cases {
        let unit = run(&serve(vec![Fault::new("ListBackupPlans", kind), Fault::new("DescribeRegionSettings", kind)]), &[]).unit();
        for operation in ["ListBackupPlans", "DescribeRegionSettings"] {
            let call = calls(&unit, operation)[0];
            assert_eq!(call["Outcome"], outcome, "{operation} {kind:?}");
            assert!(!call["Error"].as_str().unwrap().is_empty(), "{kind:?}");
        }
        assert!(!is_complete(&unit, "BackupPlans") && !is_complete(&unit, "RegionSettings"), "{kind:?}");
        assert_eq!(unit.get("RegionSettings"), None, "{kind:?}");
        assert!(is_complete(&unit, "BackupVaults"), "{kind:?}");
    }
}

#[test]
fn a_later_page_that_fails_cuts_the_listing_short() {
    for kind in [Denied, Throttled, Error500, Cut, Html503, Empty, RepeatedToken, Endless] {
        let fault = Fault::new("ListRecoveryPointsByBackupVault", kind).about("main").after(1);
        let unit = run(&serve(vec![fault]), &[]).unit();
        let call = call(&unit, "ListRecoveryPointsByBackupVault", "main");
        assert_eq!(call["Outcome"], "truncated", "{kind:?}");
        assert!(call["Error"].as_str().unwrap().starts_with("after page "), "{kind:?}: {}", call["Error"]);
        assert!(!is_complete(&unit, "RecoveryPoints"), "{kind:?}");
        assert!(unit["RecoveryPoints"].as_array().unwrap().len() >= 3, "what was read is kept ({kind:?})");
        assert!(is_complete(&unit, "BackupVaults"), "{kind:?}");
    }
}

#[test]
fn a_throttle_that_passes_costs_nothing_but_time() {
    let environment = [&CREDENTIALS[..], &[("AWS_REGION", HOME), ("AWS_MAX_ATTEMPTS", "4")]].concat();
    let faults =
        ["ListRecoveryPointsByBackupVault", "GetResources", "DescribeKey"].map(|operation| Fault::new(operation, Throttled).times(1));
    let server = serve(faults.into());
    let unit = run_in(&server, &[], &environment).unit();
    assert_eq!(server.requests("GetResources"), 4, "three pages, one of them asked for twice");
    for (collection, operation) in LISTED_BY {
        assert!(is_complete(&unit, collection), "{collection}: {:?}", calls(&unit, operation));
    }
}

#[test]
fn an_account_that_is_throttled_all_the_time_is_still_seen_whole() {
    let mut world = world();
    let unit = &mut world["Units"][0];
    let (vault, point) = (unit["BackupVaults"][2].clone(), unit["RecoveryPoints"][1].clone());
    for number in 100..130 {
        let mut vault = vault.clone();
        vault["BackupVaultName"] = format!("vault-{number}").into();
        vault["NumberOfRecoveryPoints"] = 4.into();
        unit["BackupVaults"].as_array_mut().unwrap().push(vault);
        for part in 0..4 {
            let mut point = point.clone();
            point["BackupVaultName"] = format!("vault-{number}").into();
            point["BackupVaultArn"] = format!("arn:aws:backup:eu-central-1:111122223333:backup-vault:vault-{number}").into();
            point["RecoveryPointArn"] = format!("arn:aws:backup:eu-central-1:111122223333:recovery-point:{number}-{part}").into();
            unit["RecoveryPoints"].as_array_mut().unwrap().push(point);
        }
    }
    let server = Server::start(world, vec![Fault::new("ListRecoveryPointsByBackupVault", Limited(8))], PAGE);
    let environment = [&CREDENTIALS[..], &[("AWS_REGION", HOME), ("AWS_MAX_ATTEMPTS", "10")]].concat();
    let unit = run_in(&server, &[], &environment).unit();
    assert!(is_complete(&unit, "RecoveryPoints"));
    assert_eq!(unit["RecoveryPoints"].as_array().unwrap().len(), 127);
}

#[test]
fn an_absence_that_aws_words_as_an_error_is_null_and_a_refusal_is_nothing() {
    let faults = vec![
        Fault::new("GetBackupVaultAccessPolicy", Denied).about("main"),
        Fault::new("GetBackupVaultNotifications", Error500).about("main"),
        Fault::new("ListTags", Denied).about("arn:aws:backup:eu-central-1:111122223333:backup-vault:main"),
        Fault::new("ListTags", Error500).about("arn:aws:backup:eu-central-1:111122223333:backup-vault:lag").after(1),
    ];
    let unit = run(&serve(faults), &[]).unit();
    for member in ["AccessPolicy", "Notifications", "Tags"] {
        assert_eq!(vault(&unit, "main").get(member), None, "{member}");
    }
    assert_eq!(vault(&unit, "lag").get("Tags"), None, "some of the tags are not the tags");
    for member in ["AccessPolicy", "Notifications"] {
        assert_eq!(vault(&unit, "lag").get(member), Some(&Value::Null), "{member}");
    }
    assert_eq!(vault(&unit, "aws/efs/automatic-backup-vault")["Tags"], serde_json::json!({}));
    let absent = call(&unit, "GetBackupVaultNotifications", "lag");
    assert_eq!((&absent["Outcome"], &absent["Items"]), (&"ok".into(), &0.into()));
}

#[test]
fn a_vault_that_may_not_be_described_is_not_taken_for_one_without_a_lock_date() {
    let unit = run(&serve(vec![Fault::new("DescribeBackupVault", Denied).about("main")]), &[]).unit();
    assert_eq!(vault(&unit, "main")["Locked"], true);
    assert_eq!(vault(&unit, "main")["LockDate"]["$unknown"][0]["cause"], "denied");
    assert_eq!(vault(&unit, "main")["AccessPolicy"]["BackupVaultName"], "main");
}

#[test]
fn a_plan_that_may_not_be_read_keeps_its_name_and_loses_its_body() {
    let faults = vec![
        Fault::new("GetBackupPlan", Denied).about("plan-1"),
        Fault::new("GetBackupSelection", Throttled).about("plan-1/sel-2"),
        Fault::new("ListBackupSelections", Denied).about("plan-2"),
    ];
    let unit = run(&serve(faults), &[]).unit();
    let plan = &unit["BackupPlans"][0];
    assert_eq!(plan["BackupPlanName"], "daily");
    assert_eq!(plan.get("BackupPlan"), None);
    assert_eq!(plan["Selections"][1]["SelectionName"], "named");
    assert_eq!(plan["Selections"][1].get("BackupSelection"), None);
    assert!(plan["Selections"][0]["BackupSelection"].is_object());
    assert_eq!(call(&unit, "GetBackupSelection", "plan-1/sel-2")["Outcome"], "throttled");
    assert_eq!(unit["BackupPlans"][1].get("Selections"), None);
    assert!(is_complete(&unit, "BackupPlans"), "the list of plans itself was read");
}

#[test]
fn some_of_a_plans_selections_are_not_its_selections() {
    let unit = run(&serve(vec![Fault::new("ListBackupSelections", RepeatedToken).about("plan-1")]), &[]).unit();
    assert_eq!(unit["BackupPlans"][0].get("Selections"), None);
    assert_eq!(call(&unit, "ListBackupSelections", "plan-1")["Outcome"], "truncated");
    assert_eq!(call(&unit, "GetBackupSelection", "plan-1")["Outcome"], "skipped");
}

#[test]
fn a_vault_elsewhere_is_proven_missing_only_in_the_own_account() {
    let (own, others) =
        ("arn:aws:backup:us-west-2:111122223333:backup-vault:far", "arn:aws:backup:eu-central-1:444455556666:backup-vault:others");
    let faults = [own, others].map(|arn| Fault::new("DescribeBackupVault", NotFound).about(arn));
    let unit = run(&serve(faults.into()), &["--region", HOME, "--region", OTHER]).unit();
    assert_eq!(
        (&call(&unit, "DescribeBackupVault", own)["Outcome"], &call(&unit, "DescribeBackupVault", own)["Items"]),
        (&"ok".into(), &0.into())
    );
    assert_eq!(call(&unit, "DescribeBackupVault", others)["Outcome"], "failed", "it may only not be shared");
    assert!(!is_complete(&unit, "ReferencedVaults"));
}

#[test]
fn keys_are_asked_in_their_own_region_and_only_for_what_kms_answers() {
    let server = serve(vec![Fault::new("ListAliases", Denied)]);
    let unit = run(&server, &[]).unit();
    assert!(is_complete(&unit, "Keys"));
    assert_eq!(key(&unit, "mrk-2")["KeyRotationEnabled"], false);
    assert!(server.seen().iter().any(|seen| seen.operation == "DescribeKey" && seen.region == OTHER));
    assert_eq!(key(&unit, "3333")["KeyRotationEnabled"], Value::Null, "imported material does not rotate");
    assert_eq!(key(&unit, "4444").get("KeyRotationEnabled"), None, "AWS managed keys are not asked");
    assert_eq!(key(&unit, "5555").get("Policy"), None, "another account's key shows no policy");
    assert_eq!(key(&unit, "1111").get("Aliases"), None);
}

#[test]
fn a_key_that_may_not_be_described_leaves_the_keys_incomplete() {
    let foreign = "arn:aws:kms:eu-central-1:999988887777:key/55555555-aaaa-4aaa-8aaa-000000000005";
    let unit = run(&serve(vec![Fault::new("DescribeKey", Denied).about(foreign)]), &[]).unit();
    assert_eq!(call(&unit, "DescribeKey", foreign)["Outcome"], "denied");
    assert_eq!(call(&unit, "GetKeyRotationStatus", foreign)["Outcome"], "skipped");
    assert_eq!(unit["Keys"].as_array().unwrap().len(), 5);
    assert!(!is_complete(&unit, "Keys"));
}

#[test]
fn a_world_of_which_part_was_hidden_comes_back_with_the_same_part_hidden() {
    let mut world = world();
    let unit = &mut world["Units"][0];
    unit["BackupVaults"][2].as_object_mut().unwrap().shift_remove("AccessPolicy");
    unit["Calls"] = serde_json::json!([
        {"Service": "backup", "Operation": "ListBackupJobs", "Outcome": "denied"},
        {"Service": "backup", "Operation": "ListCopyJobs", "Outcome": "truncated"}
    ]);
    let unit = run(&Server::start(world, vec![], PAGE), &[]).unit();
    assert_eq!(call(&unit, "GetBackupVaultAccessPolicy", "main")["Outcome"], "denied");
    assert_eq!(vault(&unit, "main").get("AccessPolicy"), None);
    assert_eq!(calls(&unit, "ListBackupJobs")[0]["Outcome"], "denied");
    assert_eq!(calls(&unit, "ListCopyJobs")[0]["Outcome"], "truncated");
}
