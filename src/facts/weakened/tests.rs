//! Each weakening is told, its opposite is not, and nothing is where either side may have missed something.

use serde_json::{Value, json};

use super::*;

fn snapshot(unit: &Value) -> Snapshot {
    let mut whole = json!({"Account": "111122223333", "Region": "us-east-1", "Source": "aws", "Complete": ["BackupVaults", "BackupPlans"]});
    if let (Some(whole), Value::Object(unit)) = (whole.as_object_mut(), unit) {
        whole.extend(unit.clone());
    }
    serde_json::from_value(json!({"Schema": "backstop/snapshot/1", "Units": [whole]})).expect("a snapshot")
}

fn told(before: &Value, after: &Value) -> Vec<(Weakness, String)> {
    let as_of = "2026-11-22T09:00:00Z".parse().expect("a time");
    weakened(&snapshot(before), &snapshot(after), as_of).into_iter().map(|one| (one.what, one.message)).collect()
}

fn vault(members: Value) -> Value {
    let mut vault = json!({"BackupVaultName": "a", "BackupVaultArn": "arn:aws:backup:us-east-1:111122223333:backup-vault:a", "Locked": true,
        "MinRetentionDays": 30, "LockDate": "2026-01-01T00:00:00Z", "AccessPolicy": null});
    for (name, value) in members.as_object().expect("members") {
        vault[name] = value.clone();
    }
    json!({"BackupVaults": [vault]})
}

fn plan(rule: Value) -> Value {
    let mut whole = json!({"RuleName": "daily", "ScheduleExpression": "cron(0 5 ? * * *)", "Lifecycle": {"DeleteAfterDays": 35},
        "CopyActions": [{"DestinationBackupVaultArn": "arn:dr"}], "EnableContinuousBackup": true});
    for (name, value) in rule.as_object().expect("members") {
        whole[name] = value.clone();
    }
    json!({"BackupPlans": [{"BackupPlanId": "p", "BackupPlan": {"BackupPlanName": "plan", "Rules": [whole]},
        "Selections": [{"SelectionId": "s", "SelectionName": "all", "BackupSelection": {"SelectionName": "all"}}]}]})
}

/// One way is a weakening of this kind alone, and the other way none.
fn one_way(strong: &Value, weak: &Value, what: Weakness) -> String {
    let found = told(strong, weak);
    assert_eq!(found.iter().map(|(what, _)| *what).collect::<Vec<_>>(), [what], "{found:?}");
    assert_eq!(told(weak, strong), [], "the other way");
    assert_eq!(told(strong, strong), []);
    found.into_iter().map(|(_, message)| message).collect()
}

#[test]
fn locks_that_are_gone_or_looser_are_told() {
    let strong = vault(json!({}));
    one_way(&strong, &json!({"BackupVaults": []}), Weakness::VaultRemoved);
    one_way(&strong, &vault(json!({"Locked": false, "LockDate": null, "MinRetentionDays": null})), Weakness::LockRemoved);
    one_way(&strong, &vault(json!({"LockDate": null})), Weakness::LockLoosened);
    one_way(&strong, &vault(json!({"LockDate": "2027-01-01T00:00:00Z"})), Weakness::LockLoosened);
    one_way(&strong, &vault(json!({"MinRetentionDays": 7})), Weakness::LockLoosened);
    assert!(one_way(&strong, &vault(json!({"MinRetentionDays": null})), Weakness::LockLoosened).contains("at least 0 days"));
}

#[test]
fn policies_are_compared_by_what_they_say() {
    let deny = json!({"Sid": "x", "Effect": "Deny", "Principal": "*", "Action": ["backup:DeleteRecoveryPoint"], "Resource": "*"});
    let again = json!({"Action": "backup:DeleteRecoveryPoint", "Resource": ["*"], "Principal": "*", "Effect": "Deny"});
    let allow = json!({"Effect": "Allow", "Principal": {"AWS": "444455556666"}, "Action": "backup:CopyIntoBackupVault", "Resource": "*"});
    let with = |statements: Value| vault(json!({"AccessPolicy": {"Statement": statements}}));
    let strong = with(json!([deny]));
    assert_eq!(told(&strong, &with(json!(again))), []);
    one_way(&strong, &vault(json!({})), Weakness::PolicyRemoved);
    assert!(one_way(&strong, &with(json!([])), Weakness::PolicyLoosened).contains("backup:DeleteRecoveryPoint"));
    assert!(one_way(&strong, &with(json!([deny, allow])), Weakness::PolicyLoosened).contains("backup:CopyIntoBackupVault"));
    assert_eq!(told(&with(json!([allow])), &vault(json!({}))), [], "what only allowed is no protection");
}

#[test]
fn plans_that_do_less_are_told() {
    let strong = plan(json!({}));
    one_way(&strong, &json!({"BackupPlans": []}), Weakness::PlanRemoved);
    one_way(
        &strong,
        &plan(json!({"Lifecycle": {"DeleteAfterDays": 7}, "CopyActions": [{"DestinationBackupVaultArn": "arn:dr",
        "Lifecycle": {"DeleteAfterDays": 35}}]})),
        Weakness::RetentionShortened,
    );
    one_way(&strong, &plan(json!({"CopyActions": null})), Weakness::CopyRemoved);
    one_way(&strong, &plan(json!({"EnableContinuousBackup": false})), Weakness::ContinuousBackupRemoved);
    let thinned = one_way(&strong, &plan(json!({"ScheduleExpression": "cron(0 5 ? * 1 *)"})), Weakness::ScheduleThinned);
    assert!(thinned.contains("168 hours between two runs instead of 24"), "{thinned}");
    let mut without = strong.clone();
    without["BackupPlans"][0]["Selections"] = json!([]);
    one_way(&strong, &without, Weakness::SelectionRemoved);
    without["BackupPlans"][0]["BackupPlan"]["Rules"] = json!([]);
    without["BackupPlans"][0]["Selections"] = strong["BackupPlans"][0]["Selections"].clone();
    one_way(&strong, &without, Weakness::RuleRemoved);
    // A copy without a lifecycle is kept as long as its source.
    let both: Vec<Weakness> = told(&plan(json!({"Lifecycle": null})), &strong).into_iter().map(|(what, _)| what).collect();
    assert_eq!(both, [Weakness::RetentionShortened, Weakness::RetentionShortened]);
}

#[test]
fn a_plan_that_was_made_anew_under_its_name_is_the_same() {
    let mut anew = plan(json!({}));
    anew["BackupPlans"][0]["BackupPlanId"] = json!("q");
    assert_eq!(told(&plan(json!({})), &anew), []);
}

#[test]
fn a_key_that_is_not_enabled_any_more_is_told() {
    let key = |state: &str| json!({"Keys": [{"Arn": "arn:key", "KeyState": state}]});
    one_way(&key("Enabled"), &key("PendingDeletion"), Weakness::KeyUnusable);
}

/// A vault with these points, of which it says how many there are.
fn points(points: &[Value]) -> Value {
    let mut unit = vault(json!({"NumberOfRecoveryPoints": points.len()}));
    let whole = |point: &Value| {
        let mut whole = json!({"BackupVaultName": "a", "Status": "COMPLETED", "Lifecycle": {"DeleteAfterDays": 35},
            "CalculatedLifecycle": {"DeleteAt": "2026-12-20T00:00:00Z"}});
        whole.as_object_mut().expect("members").extend(point.as_object().expect("members").clone());
        whole
    };
    unit["RecoveryPoints"] = points.iter().map(whole).collect();
    unit["Complete"] = json!(["BackupVaults", "BackupPlans", "RecoveryPoints"]);
    unit
}

#[test]
fn points_that_are_gone_before_their_time_are_told_and_no_others() {
    let point = |name: &str| json!({"RecoveryPointArn": name});
    let of = |name: &str, members: Value| {
        let mut point = point(name);
        point.as_object_mut().expect("members").extend(members.as_object().expect("members").clone());
        point
    };
    let none = points(&[]);
    let gone = one_way(&points(&[point("x"), point("y")]), &points(&[point("y")]), Weakness::PointsDeleted);
    assert_eq!(gone, "1 recovery point of vault 'a' is gone before its time.");
    one_way(&points(&[of("x", json!({"CalculatedLifecycle": null, "Lifecycle": null}))]), &none, Weakness::PointsDeleted);
    // Its time had come; it never was one; it went with the whole; nobody knows when it was to go.
    for harmless in [
        json!({"CalculatedLifecycle": {"DeleteAt": "2026-11-22T08:00:00Z"}}),
        json!({"Status": "EXPIRED"}),
        json!({"ParentRecoveryPointArn": "w"}),
        json!({"CalculatedLifecycle": null}),
    ] {
        assert_eq!(told(&points(&[of("x", harmless.clone())]), &none), [], "{harmless}");
    }
    // More than were listed, or a list that nobody has seen.
    let mut cut = none.clone();
    cut["BackupVaults"][0]["NumberOfRecoveryPoints"] = json!(1);
    assert_eq!(told(&points(&[point("x")]), &cut), []);
    let mut unseen = none;
    unseen["Complete"] = json!(["BackupVaults", "BackupPlans"]);
    assert_eq!(told(&points(&[point("x")]), &unseen), []);
}

#[test]
fn points_that_go_a_day_sooner_are_told() {
    let point = |delete_at: &str| points(&[json!({"RecoveryPointArn": "x", "CalculatedLifecycle": {"DeleteAt": delete_at}})]);
    let was = point("2026-12-20T00:00:00Z");
    one_way(&was, &point("2026-12-18T00:00:00Z"), Weakness::RetentionShortened);
    assert_eq!(told(&was, &point("2026-12-19T01:00:00Z")), [], "the hour may be computed anew");
    let for_ever = points(&[json!({"RecoveryPointArn": "x", "CalculatedLifecycle": null, "Lifecycle": null})]);
    one_way(&for_ever, &was, Weakness::RetentionShortened);
}

#[test]
fn selections_that_take_less_are_told_and_no_others() {
    let selection = |members: Value| {
        let mut plan = plan(json!({}));
        let body = plan["BackupPlans"][0]["Selections"][0]["BackupSelection"].as_object_mut().expect("a selection");
        body.extend(members.as_object().expect("members").clone());
        plan
    };
    let all = selection(json!({}));
    let table = "arn:aws:dynamodb:*:*:table/a";
    let one = selection(json!({"Resources": [table]}));
    assert!(one_way(&all, &one, Weakness::SelectionNarrowed).contains("took everything, and takes only what it names"));
    // A wildcard takes what was named one by one, and leaves out no more than it did.
    assert_eq!(told(&one, &selection(json!({"Resources": ["arn:aws:dynamodb:*"]}))), []);
    let out = |entries: Value| selection(json!({"Resources": [table], "NotResources": entries}));
    assert_eq!(told(&out(json!(["arn:aws:dynamodb:*"])), &out(json!(["arn:aws:dynamodb:*:*:table/a1"]))), []);
    let narrowed = one_way(&one, &out(json!(["arn:aws:dynamodb:*:*:table/a1"])), Weakness::SelectionNarrowed);
    assert!(narrowed.contains("now leaves out arn:aws:dynamodb:*:*:table/a1"), "{narrowed}");
    let tagged = |value: &str| {
        let tag = json!({"ConditionType": "STRINGEQUALS", "ConditionKey": "backup", "ConditionValue": value});
        selection(json!({"Resources": [table], "ListOfTags": [tag]}))
    };
    assert!(one_way(&tagged("yes"), &one, Weakness::SelectionNarrowed).contains("does not take what is tagged backup=yes any more"));
}

#[test]
fn what_was_not_seen_is_not_called_gone() {
    let blind = json!({"BackupVaults": [], "BackupPlans": [], "Complete": []});
    assert_eq!(told(&vault(json!({})), &blind), []);
    assert_eq!(told(&plan(json!({})), &blind), []);
    let denied =
        |operation: &str, subject: &str| json!([{"Service": "backup", "Operation": operation, "Subject": subject, "Outcome": "denied"}]);
    let mut unread = vault(json!({"LockDate": null}));
    unread["Calls"] = denied("DescribeBackupVault", "a");
    assert_eq!(told(&vault(json!({})), &unread), []);
    let mut unread = vault(json!({}));
    unread["Calls"] = denied("GetBackupVaultAccessPolicy", "a");
    let policy = vault(json!({"AccessPolicy": {"Statement": [{"Effect": "Deny", "Action": "*"}]}}));
    assert_eq!(told(&policy, &unread), []);
    let mut unread = plan(json!({}));
    unread["BackupPlans"][0].as_object_mut().expect("a plan").remove("BackupPlan");
    unread["BackupPlans"][0].as_object_mut().expect("a plan").remove("Selections");
    assert_eq!(told(&plan(json!({})), &unread), []);
}
