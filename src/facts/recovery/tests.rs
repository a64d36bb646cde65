//! Situations in which recovery is easily judged wrong, each as a small snapshot.

use serde_json::{Value, json};

use crate::facts::{Kind, derive};
use crate::snapshot::from_slice;

const TABLE: &str = "arn:aws:dynamodb:us-east-1:111111111111:table/orders";
const KEY: &str = "arn:aws:kms:us-east-1:111111111111:key/k";

fn vault(region: &str) -> String {
    format!("arn:aws:backup:{region}:111111111111:backup-vault:main")
}

fn unit(region: &str) -> Value {
    json!({
        "Account": "111111111111", "Region": region, "Source": "aws",
        "Complete": ["BackupVaults", "BackupPlans", "RecoveryPoints", "Keys", "Resources", "RestoreJobs", "RestoreTestingPlans"],
        "BackupVaults": [{ "BackupVaultName": "main" }],
        "SupportedResourceTypes": { "ResourceTypes": ["DynamoDB"] },
        "RegionSettings": { "ResourceTypeOptInPreference": { "DynamoDB": true } },
    })
}

/// A table that a plan backs up into `main`, and copies to the Regions.
fn home(copied_to: &[&str]) -> Value {
    let copies: Vec<Value> = copied_to.iter().map(|region| json!({ "DestinationBackupVaultArn": vault(region) })).collect();
    let mut unit = unit("us-east-1");
    unit["Resources"] = json!([{ "ResourceARN": TABLE, "Tags": { "env": "prod" } }]);
    unit["Keys"] = json!([{ "Arn": KEY, "KeyState": "Enabled" }]);
    unit["BackupPlans"] = json!([{
        "BackupPlanId": "p", "BackupPlanName": "daily",
        "BackupPlan": { "Rules": [{ "RuleName": "r", "RuleId": "r", "TargetBackupVaultName": "main", "CopyActions": copies }] },
        "Selections": [{ "SelectionId": "s", "BackupSelection": { "Resources": [TABLE] } }],
    }]);
    unit
}

/// Complete an hour after it was begun.
fn point(day: &str, hour: u8) -> Value {
    json!({
        "RecoveryPointArn": format!("arn:aws:backup:us-east-1:111111111111:recovery-point:{day}-{hour}"),
        "BackupVaultName": "main", "ResourceArn": TABLE, "ResourceType": "DynamoDB", "Status": "COMPLETED", "EncryptionKeyArn": KEY,
        "CreationDate": format!("2026-11-{day}T{hour:02}:00:00Z"), "CompletionDate": format!("2026-11-{day}T{:02}:00:00Z", hour + 1),
        "Lifecycle": { "DeleteAfterDays": 30 },
    })
}

fn with(mut object: Value, changes: Value) -> Value {
    let changes = changes.as_object().expect("an object").clone();
    object.as_object_mut().expect("an object").extend(changes);
    object
}

fn test_plan(changes: Value) -> Value {
    let plan = json!({
        "RestoreTestingPlanName": "weekly", "RestoreTestingPlanArn": "arn:aws:backup:us-east-1:111111111111:restore-testing-plan:weekly-1",
        "RecoveryPointSelection": { "Algorithm": "LATEST_WITHIN_WINDOW", "IncludeVaults": ["*"], "RecoveryPointTypes": ["SNAPSHOT"] },
        "Selections": [{
            "RestoreTestingSelectionName": "tables", "ProtectedResourceType": "DynamoDB", "ProtectedResourceArns": ["*"],
            "ProtectedResourceConditions": null,
        }],
    });
    with(plan, changes)
}

fn restore(changes: Value) -> Value {
    let job = json!({
        "RestoreJobId": "j", "SourceResourceArn": TABLE, "ResourceType": "DynamoDB", "Status": "COMPLETED", "ValidationStatus": "SUCCESSFUL",
        "CreationDate": "2026-11-20T12:00:00Z", "CompletionDate": "2026-11-20T13:00:01Z",
        "CreatedBy": { "RestoreTestingPlanArn": "arn:aws:backup:us-east-1:111111111111:restore-testing-plan:weekly-1" },
    });
    with(job, changes)
}

/// The facts of the only resource, at noon of the 22nd.
fn recovery(units: &[Value]) -> Value {
    let document = json!({ "Schema": "backstop/snapshot/1", "Units": units });
    let snapshot = from_slice(document.to_string().as_bytes(), std::path::Path::new("test.json")).expect("it reads");
    let subjects = derive(&snapshot, "2026-11-22T12:00:00Z".parse().expect("a time"));
    let resources = subjects.of(Kind::Resource);
    resources.facts.iter().find(|facts| !facts.is_gap).expect("a resource").document["recovery"].clone()
}

fn here(points: Value) -> Value {
    recovery(&[with(home(&[]), json!({ "RecoveryPoints": points }))])["here"]["points"].clone()
}

fn is_unknown(value: &Value) -> bool {
    value["$unknown"].is_array()
}

#[test]
fn data_is_as_old_as_the_start_of_its_job() {
    let points = here(json!([point("21", 5), point("22", 5)]));
    assert_eq!(points["newest_hours"], 7);
    assert_eq!(points["oldest_hours"], 31);
    assert_eq!(points["usable"], 2);
    assert_eq!(points["longest_gap_hours"], 25, "from 05:00 until 06:00 of the next day");
    assert_eq!(points["none_usable"], Value::Null);
}

#[test]
fn what_is_not_complete_or_not_decryptable_does_not_count() {
    for status in ["PARTIAL", "STOPPED", "CREATING", "EXPIRED", "DELETING"] {
        let points = here(json!([point("20", 5), with(point("22", 5), json!({ "Status": status }))]));
        assert_eq!(points["newest_hours"], 55, "{status}");
    }
    for state in ["Disabled", "PendingDeletion", "PendingImport", "Unavailable"] {
        let unit = with(home(&[]), json!({ "Keys": [{ "Arn": KEY, "KeyState": state }], "RecoveryPoints": [point("22", 5)] }));
        let points = &recovery(&[unit])["here"]["points"];
        assert_eq!(points["none_usable"], json!({ "count": 1, "unfinished": 0, "expired": 0, "undecryptable": 1 }), "{state}");
        assert_eq!(points["newest_hours"], Value::Null, "{state}");
    }
}

#[test]
fn a_key_that_nobody_described_leaves_its_points_in_doubt() {
    let undescribed = json!({ "EncryptionKeyArn": "arn:aws:kms:us-east-1:111111111111:key/other" });
    let only = here(json!([with(point("22", 5), undescribed.clone())]));
    assert!(is_unknown(&only["newest_hours"]) && is_unknown(&only["none_usable"]));
    let newest = here(json!([point("21", 5), with(point("22", 5), undescribed.clone())]));
    assert!(is_unknown(&newest["newest_hours"]));
    assert_eq!(newest["none_usable"], Value::Null, "the older one can be restored for sure");
    let oldest = here(json!([with(point("21", 5), undescribed), point("22", 5)]));
    assert_eq!(oldest["newest_hours"], 7, "an older point changes nothing");
    assert!(is_unknown(&oldest["oldest_hours"]));
}

#[test]
fn an_unencrypted_point_needs_no_key() {
    let bare = with(point("22", 5), json!({ "EncryptionKeyArn": null, "IsEncrypted": false }));
    assert_eq!(here(json!([bare]))["newest_hours"], 7);
}

#[test]
fn points_that_may_not_all_be_listed_tell_no_age_and_still_one_that_can_be_restored() {
    let unit = with(
        home(&[]),
        json!({ "BackupVaults": [{ "BackupVaultName": "main", "NumberOfRecoveryPoints": 2 }], "RecoveryPoints": [point("22", 5)] }),
    );
    let points = &recovery(&[unit])["here"]["points"];
    assert!(is_unknown(&points["newest_hours"]));
    assert_eq!(points["none_usable"], Value::Null);
}

#[test]
fn a_continuous_point_follows_its_resource_and_reaches_back_to_its_start() {
    let continuous = json!({ "ResourceType": "RDS", "Status": "AVAILABLE" });
    let points = here(json!([with(point("15", 12), continuous.clone()), point("20", 5)]));
    assert_eq!(points["newest_hours"], 0);
    assert_eq!(points["oldest_hours"], 7 * 24);
    assert_eq!(points["longest_gap_hours"], Value::Null);
    let stopped = with(point("15", 12), json!({ "ResourceType": "RDS", "Status": "STOPPED" }));
    assert_eq!(here(json!([stopped]))["newest_hours"], Value::Null);
    let table = with(point("21", 12), json!({ "Status": "AVAILABLE" }));
    assert_eq!(here(json!([table]))["newest_hours"], 24, "DynamoDB has no continuous points in AWS Backup");
    let unsaid = with(point("15", 12), json!({ "ResourceType": "SAP HANA on Amazon EC2", "Status": "AVAILABLE" }));
    assert!(is_unknown(&here(json!([unsaid]))["newest_hours"]));
}

#[test]
fn of_a_composite_point_only_the_whole_counts() {
    let part = with(point("22", 5), json!({ "ParentRecoveryPointArn": "arn:aws:backup:us-east-1:111111111111:recovery-point:whole" }));
    let points = here(json!([part, point("21", 5)]));
    assert_eq!(points["newest_hours"], 31);
    assert_eq!(points["usable"], 1);
}

#[test]
fn gaps_between_points_that_outlived_others_are_no_gaps() {
    let weekly = |day| with(point(day, 5), json!({ "Lifecycle": { "DeleteAfterDays": 120 } }));
    let daily = |day| with(point(day, 5), json!({ "Lifecycle": { "DeleteAfterDays": 3 } }));
    let points = here(json!([weekly("01"), weekly("08"), weekly("15"), daily("20"), daily("21"), daily("22")]));
    assert_eq!(points["longest_gap_hours"], 25);
    assert_eq!(points["oldest_hours"], 21 * 24 + 7);
}

#[test]
fn each_place_that_copies_go_to_is_looked_at_by_itself() {
    let copy = with(point("20", 5), json!({ "SourceBackupVaultArn": vault("us-east-1") }));
    let units = [
        with(home(&["us-west-2"]), json!({ "RecoveryPoints": [point("22", 5)] })),
        with(unit("us-west-2"), json!({ "RecoveryPoints": [copy] })),
    ];
    // The key is described where it is at home, and used elsewhere.
    let found = recovery(&units);
    assert_eq!(found["promised"], true);
    assert_eq!(found["here"]["points"]["newest_hours"], 7);
    assert_eq!(found["elsewhere"][0]["kind"], "other_region");
    assert_eq!(found["elsewhere"][0]["points"]["newest_hours"], 55);
    assert_eq!(found["recoverable"], json!({ "here": true, "in_another_region": true, "in_another_account": false }));
}

#[test]
fn a_region_that_was_not_observed_is_unknown_and_not_empty() {
    let found = recovery(&[with(home(&["eu-west-1"]), json!({ "RecoveryPoints": [point("22", 5)] }))]);
    assert!(is_unknown(&found["elsewhere"][0]["points"]["newest_hours"]));
    assert!(is_unknown(&found["recoverable"]["in_another_region"]));
    assert!(is_unknown(&found["restores"]["last_restored_days_ago"]), "it may have been restored there");
    assert!(is_unknown(&found["tests"]["is_covered"]), "it may be tested there");
}

#[test]
fn where_no_plan_selects_it_the_plan_that_made_its_points_still_promises() {
    let made = json!({ "CreatedBy": { "BackupPlanArn": "arn:aws:backup:us-east-1:111111111111:backup-plan:p", "BackupRuleId": "r" } });
    let selects_nothing = |points: Value| {
        let mut unit = with(home(&["eu-west-1"]), json!({ "RecoveryPoints": points }));
        unit["BackupPlans"][0]["Selections"] = json!([]);
        recovery(&[unit])
    };
    let left_behind = selects_nothing(json!([with(point("02", 5), made)]));
    assert_eq!(left_behind["promised"], true);
    assert_eq!(left_behind["elsewhere"][0]["region"], "eu-west-1");
    let on_demand = selects_nothing(json!([point("02", 5)]));
    assert_eq!(on_demand["promised"], false);
    assert_eq!(on_demand["elsewhere"], json!([]));
}

#[test]
fn two_plans_of_one_name_that_promise_different_things_promise_nothing_certain() {
    let mut unit = home(&[]);
    let mut other = unit["BackupPlans"][0].clone();
    other["BackupPlanId"] = json!("q");
    other["BackupPlan"]["Rules"][0]["CopyActions"] = json!([{ "DestinationBackupVaultArn": vault("eu-west-1") }]);
    unit["BackupPlans"].as_array_mut().expect("a list").push(other);
    assert!(is_unknown(&recovery(&[unit])["elsewhere"]));
}

fn tested_by(plan: Value) -> Value {
    recovery(&[with(home(&[]), json!({ "RestoreTestingPlans": [plan], "RecoveryPoints": [point("22", 5)] }))])["tests"]["is_covered"]
        .clone()
}

fn selecting(selection: Value) -> Value {
    let whole = json!({ "RestoreTestingSelectionName": "s", "ProtectedResourceType": "DynamoDB", "ProtectedResourceArns": null, "ProtectedResourceConditions": null });
    tested_by(test_plan(json!({ "Selections": [with(whole, selection)] })))
}

#[test]
fn a_restore_testing_plan_covers_what_it_selects_by_type_arn_or_tag() {
    let equal = |value: &str| json!({ "StringEquals": [{ "Key": "aws:ResourceTag/env", "Value": value }] });
    assert_eq!(tested_by(test_plan(json!({}))), true);
    assert_eq!(selecting(json!({ "ProtectedResourceArns": [TABLE] })), true);
    assert_eq!(selecting(json!({ "ProtectedResourceArns": [format!("{TABLE}-2")] })), false);
    assert_eq!(selecting(json!({ "ProtectedResourceArns": ["*"], "ProtectedResourceType": "EBS" })), false);
    assert_eq!(selecting(json!({ "ProtectedResourceConditions": equal("prod") })), true);
    assert_eq!(selecting(json!({ "ProtectedResourceConditions": equal("Prod") })), false);
    assert_eq!(selecting(json!({ "ProtectedResourceArns": ["*"], "ProtectedResourceConditions": equal("dev") })), false);
}

#[test]
fn where_aws_does_not_say_what_a_selection_means_it_is_not_guessed() {
    let two =
        json!({ "StringEquals": [{ "Key": "aws:ResourceTag/env", "Value": "prod" }, { "Key": "aws:ResourceTag/env", "Value": "dev" }] });
    assert!(is_unknown(&selecting(json!({ "ProtectedResourceConditions": two }))), "all of them, or one?");
    let without = json!({ "StringNotEquals": [{ "Key": "aws:ResourceTag/tier", "Value": "x" }] });
    assert!(is_unknown(&selecting(json!({ "ProtectedResourceConditions": without }))), "the resource has no such tag");
    assert!(is_unknown(&selecting(json!({}))), "neither resources nor conditions");
}

#[test]
fn a_restore_testing_plan_that_takes_no_vault_of_the_resource_tests_nothing() {
    let from = |include: &str, exclude: &[&str], kind: &str| {
        let which = json!({ "IncludeVaults": [include], "ExcludeVaults": exclude, "RecoveryPointTypes": [kind] });
        tested_by(test_plan(json!({ "RecoveryPointSelection": which })))
    };
    assert_eq!(from("arn:aws:backup:*:*:backup-vault:ma*", &[], "SNAPSHOT"), true);
    assert_eq!(from("arn:aws:backup:*:*:backup-vault:other", &[], "SNAPSHOT"), false);
    assert_eq!(from("*", &[&vault("us-east-1")], "SNAPSHOT"), false);
    assert_eq!(from("*", &[], "CONTINUOUS"), false, "a table has no continuous points");
}

fn restored(jobs: Value) -> Value {
    recovery(&[with(
        home(&[]),
        json!({ "RestoreTestingPlans": [test_plan(json!({}))], "RestoreJobs": jobs, "RecoveryPoints": [point("20", 5)] }),
    )])
}

#[test]
fn a_restore_is_found_by_its_resource_or_by_its_point() {
    let by_point = json!({ "SourceResourceArn": null, "RecoveryPointArn": point("20", 5)["RecoveryPointArn"] });
    for job in [restore(json!({})), restore(by_point)] {
        let found = restored(json!([job]));
        assert_eq!(found["restores"]["last_validated_days_ago"], 1);
        assert_eq!(found["restores"]["slowest"], json!([{ "days_ago": 1, "minutes": 61 }]), "a minute that was begun counts");
        assert_eq!(found["proof_level"], 3);
    }
    let of_nothing = json!({ "SourceResourceArn": null, "RecoveryPointArn": "arn:aws:backup:us-east-1:111111111111:recovery-point:gone" });
    assert!(is_unknown(&restored(json!([restore(of_nothing.clone())]))["restores"]["last_restored_days_ago"]));
    let of_another_type = with(restore(of_nothing), json!({ "ResourceType": "EBS" }));
    assert_eq!(restored(json!([of_another_type]))["restores"]["last_restored_days_ago"], Value::Null);
}

#[test]
fn the_last_test_is_the_newest_that_is_over() {
    let earlier = restore(
        json!({ "RestoreJobId": "a", "Status": "FAILED", "StatusMessage": "no subnet", "ValidationStatus": null, "CompletionDate": null }),
    );
    let validating = restore(
        json!({ "RestoreJobId": "b", "CreationDate": "2026-11-22T08:00:00Z", "CompletionDate": "2026-11-22T09:00:00Z", "ValidationStatus": "VALIDATING" }),
    );
    let by_hand = restore(json!({ "RestoreJobId": "c", "CreatedBy": null, "CompletionDate": "2026-11-22T10:00:00Z" }));
    let test = &restored(json!([validating, earlier, by_hand]))["restores"]["last_test"];
    assert_eq!(test["status"], "FAILED");
    assert_eq!(test["plan"], "weekly");
    assert_eq!(test["status_message"], "no subnet");
}

#[test]
fn a_test_of_a_copy_that_went_well_hides_none_of_the_original_that_did_not() {
    let job = |id: &str, day: u8, status: &str| {
        restore(json!({ "RestoreJobId": id, "Status": status, "CompletionDate": format!("2026-11-{day}T13:00:00Z") }))
    };
    let last = |here: Value| {
        let copies = with(unit("us-west-2"), json!({ "RestoreJobs": [job("copy", 21, "COMPLETED")] }));
        recovery(&[with(home(&["us-west-2"]), json!({ "RestoreJobs": here })), copies])["restores"]["last_test"].clone()
    };
    assert_eq!(last(json!([job("a", 20, "FAILED")]))["status"], "FAILED");
    assert_eq!(last(json!([job("a", 19, "FAILED"), job("b", 20, "COMPLETED")]))["status"], "COMPLETED");
    assert!(is_unknown(&last(json!([job("a", 20, "BRAND_NEW")]))), "nobody knows how that ended");
}

#[test]
fn only_what_is_slower_than_everything_newer_is_kept() {
    let job = |id: &str, day: u8, minutes: u8| {
        restore(
            json!({ "RestoreJobId": id, "CreationDate": format!("2026-11-{day}T12:00:00Z"), "CompletionDate": format!("2026-11-{day}T12:{minutes}:00Z") }),
        )
    };
    let found = restored(json!([job("a", 12, 50), job("b", 20, 20), job("c", 16, 10)]));
    assert_eq!(found["restores"]["slowest"], json!([{ "days_ago": 1, "minutes": 20 }, { "days_ago": 9, "minutes": 50 }]));
}

#[test]
fn a_test_that_ran_before_the_list_of_jobs_begins_is_not_taken_for_none() {
    let ran = |date: &str| test_plan(json!({ "LastExecutionTime": date }));
    let without_jobs = |plan: Value| recovery(&[with(home(&[]), json!({ "RestoreTestingPlans": [plan] }))])["restores"].clone();
    let long_ago = without_jobs(ran("2026-09-01T12:00:00Z"));
    assert!(is_unknown(&long_ago["last_validated_days_ago"]) && is_unknown(&long_ago["last_test"]));
    assert_eq!(without_jobs(ran("2026-11-18T12:00:00Z"))["last_validated_days_ago"], Value::Null);
    assert_eq!(without_jobs(test_plan(json!({})))["last_validated_days_ago"], Value::Null, "it never ran");
}

#[test]
fn copies_and_random_cold_points_prove_more() {
    let west = "arn:aws:backup:us-west-2:111111111111:restore-testing-plan:copies-1";
    let cold = json!({ "MoveToColdStorageAt": "2026-11-19T05:00:00Z" });
    let level = |algorithm: &str, calculated: Value| {
        let copy = with(point("18", 5), json!({ "CalculatedLifecycle": calculated }));
        let job = restore(json!({ "RecoveryPointArn": copy["RecoveryPointArn"], "CreatedBy": { "RestoreTestingPlanArn": west } }));
        let which = json!({ "Algorithm": algorithm, "IncludeVaults": ["*"], "RecoveryPointTypes": ["SNAPSHOT"] });
        let plan = test_plan(json!({ "RestoreTestingPlanArn": west, "RecoveryPointSelection": which }));
        let there = json!({ "RecoveryPoints": [copy, point("21", 5)], "RestoreJobs": [job], "RestoreTestingPlans": [plan] });
        recovery(&[home(&["us-west-2"]), with(unit("us-west-2"), there)])["proof_level"].clone()
    };
    assert_eq!(level("LATEST_WITHIN_WINDOW", cold.clone()), 4);
    assert_eq!(level("RANDOM_WITHIN_WINDOW", cold), 5);
    assert_eq!(
        level("RANDOM_WITHIN_WINDOW", json!({ "MoveToColdStorageAt": "2026-11-21T05:00:00Z" })),
        4,
        "it was warm when it was restored"
    );
    assert_eq!(restored(json!([]))["proof_level"], 1);
    assert_eq!(restored(json!([restore(json!({ "ValidationStatus": "FAILED" }))]))["proof_level"], 2);
    assert_eq!(recovery(&[home(&[])])["proof_level"], 0);
}
