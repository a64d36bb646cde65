//! Whatever weakens the clean world is told by `diff` as protecting less, in words, and taking it back is not.

use std::process::{Command, Output};

use backstop::facts;
use backstop::snapshot::Snapshot;
use serde_json::{Value, json};
use tempfile::TempDir;

const CLEAN: &str = "fixtures/clean.json";
const CONFIG: &str = "fixtures/clean.toml";

const VAULT: &str = "/Units/0/BackupVaults/0";
const PLAN: &str = "/Units/0/BackupPlans/0";
const DAILY: &str = "/Units/0/BackupPlans/0/BackupPlan/Rules/0";
const SELECTION: &str = "/Units/0/BackupPlans/0/Selections/0/BackupSelection";

fn world() -> Value {
    serde_json::from_str(&std::fs::read_to_string(CLEAN).expect("the world")).expect("JSON")
}

/// The world with one member changed; `null` takes it out, or for what a call of its own brings says that there is none.
fn with(place: &str, member: &str, value: Value) -> Value {
    changed(|world| at(world, place)[member] = value)
}

fn changed(change: impl FnOnce(&mut Value)) -> Value {
    let mut world = world();
    change(&mut world);
    world
}

fn at<'a>(world: &'a mut Value, place: &str) -> &'a mut Value {
    world.pointer_mut(place).unwrap_or_else(|| panic!("{place} is not there"))
}

fn take(world: &mut Value, place: &str, index: usize) {
    at(world, place).as_array_mut().expect("a list").remove(index);
}

fn diff(directory: &TempDir, former: &Value, latter: &Value) -> (Output, Value) {
    let put = |name: &str, world: &Value| {
        let path = directory.path().join(name);
        std::fs::write(&path, world.to_string()).expect("written");
        path
    };
    let mut command = Command::new(env!("CARGO_BIN_EXE_backstop"));
    command.env_clear().arg("diff").args([put("former.json", former), put("latter.json", latter)]);
    let output = command.args(["--config", CONFIG, "--format", "json"]).output().expect("it runs");
    let told = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    (output, told)
}

fn kinds(told: &Value) -> Vec<String> {
    let weakened = told["weakened"].as_array().expect("a list").iter();
    weakened.map(|one| one["what"].as_str().expect("a kind").to_owned()).collect()
}

/// What is done, how it is called, and what its sentence holds.
fn weakenings() -> Vec<(Value, &'static str, &'static str)> {
    let unlocked = changed(|world| {
        let vault = at(world, VAULT);
        vault["Locked"] = json!(false);
        for member in ["LockDate", "MinRetentionDays", "MaxRetentionDays"] {
            vault.as_object_mut().expect("a vault").remove(member);
        }
    });
    let allow = json!({"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::999988887777:root"}, "Action": "backup:CopyIntoBackupVault", "Resource": "*"});
    vec![
        (changed(|world| take(world, "/Units/0/BackupVaults", 0)), "vault_removed", "Vault 'orders-prod' is gone."),
        (with(VAULT, "CreationDate", json!("2026-11-21T10:00:00Z")), "vault_removed", "made anew at 2026-11-21T10:00:00Z"),
        (unlocked, "lock_removed", "The lock of vault 'orders-prod' was removed."),
        (with(VAULT, "LockDate", Value::Null), "lock_loosened", "now in governance mode"),
        (with(VAULT, "LockDate", json!("2027-06-01T00:00:00Z")), "lock_loosened", "becomes immutable at 2027-06-01T00:00:00Z only"),
        (with(VAULT, "MinRetentionDays", json!(1)), "lock_loosened", "at least 1 days of retention instead of 7"),
        (with(VAULT, "AccessPolicy", Value::Null), "policy_removed", "access policy of vault 'orders-prod' was removed"),
        (
            changed(|world| take(world, "/Units/0/BackupVaults/0/AccessPolicy/Statement/0/Action", 1)),
            "policy_loosened",
            "dropped or changed a statement that denied backup:DeleteRecoveryPoint.",
        ),
        (
            changed(|world| at(world, "/Units/0/BackupVaults/0/AccessPolicy/Statement").as_array_mut().expect("a list").push(allow)),
            "policy_loosened",
            "that allows backup:CopyIntoBackupVault",
        ),
        (changed(|world| take(world, "/Units/0/BackupPlans", 0)), "plan_removed", "Plan 'orders-prod' is gone."),
        (
            changed(|world| take(world, "/Units/0/BackupPlans/0/BackupPlan/Rules", 0)),
            "rule_removed",
            "Rule 'daily' of plan 'orders-prod' is gone.",
        ),
        (with(PLAN, "Selections", json!([])), "selection_removed", "has lost selection 'by-tag'"),
        (
            changed(|world| take(world, "/Units/0/BackupPlans/0/Selections/0/BackupSelection/Resources", 1)),
            "selection_narrowed",
            "does not name arn:aws:rds:*:*:db:* any more",
        ),
        (
            with(SELECTION, "NotResources", json!(["arn:aws:dynamodb:us-east-1:111122223333:table/orders-prod"])),
            "selection_narrowed",
            "now leaves out arn:aws:dynamodb:us-east-1:111122223333:table/orders-prod",
        ),
        (
            changed(|world| {
                let like = json!([{"ConditionKey": "aws:ResourceTag/Tier", "ConditionValue": "gold*"}]);
                at(world, SELECTION)["Conditions"]["StringLike"] = like;
            }),
            "selection_narrowed",
            "now takes only what meets StringLike aws:ResourceTag/Tier=gold*",
        ),
        (with(DAILY, "Lifecycle", json!({"DeleteAfterDays": 7})), "retention_shortened", "keeps points for 7 days instead of for 120 days"),
        (
            with("/Units/0/BackupPlans/0/BackupPlan/Rules/0/CopyActions/1", "Lifecycle", json!({"DeleteAfterDays": 7})),
            "retention_shortened",
            "keeps copies in arn:aws:backup:us-east-1:444455556666:backup-vault:orders-prod-bunker for 7 days",
        ),
        (
            with("/Units/0/RecoveryPoints/3", "CalculatedLifecycle", json!({"DeleteAt": "2026-11-24T00:00:00Z"})),
            "retention_shortened",
            "1 recovery point of vault 'orders-prod' is to be deleted sooner",
        ),
        (
            changed(|world| take(world, "/Units/0/BackupPlans/0/BackupPlan/Rules/0/CopyActions", 0)),
            "copy_removed",
            "copies to arn:aws:backup:us-west-2:111122223333:backup-vault:orders-prod-replica no more",
        ),
        (with(DAILY, "ScheduleExpression", json!("cron(0 5 ? * MON *)")), "schedule_thinned", "168 hours between two runs instead of 24"),
        (with(DAILY, "ScheduleExpression", json!("cron(0 5 31 2 ? *)")), "schedule_thinned", "never runs any more"),
        (with("/Units/0/Keys/1", "KeyState", json!("PendingDeletion")), "key_unusable", "its state is PendingDeletion"),
        (
            with("/Units/0/RegionSettings/ResourceTypeOptInPreference", "DynamoDB", json!(false)),
            "opt_in_removed",
            "resources of type DynamoDB",
        ),
        (
            changed(|world| {
                let points = at(world, "/Units/0/RecoveryPoints").as_array_mut().expect("points");
                points.truncate(points.len() - 2);
                let left = points.len();
                at(world, VAULT)["NumberOfRecoveryPoints"] = json!(left);
            }),
            "points_deleted",
            "2 recovery points of vault 'orders-prod' are gone before their time.",
        ),
    ]
}

fn between(former: &Value, latter: &Value) -> Vec<(String, String)> {
    let snapshot = |world: &Value| -> Snapshot { serde_json::from_value(world.clone()).expect("a snapshot") };
    let found = facts::weakened(&snapshot(former), &snapshot(latter), "2026-11-22T09:00:00Z".parse().expect("a time"));
    found.into_iter().map(|one| (json!(one.what).as_str().expect("a kind").to_owned(), one.message)).collect()
}

#[test]
fn each_weakening_is_told_in_words() {
    for (weaker, kind, words) in weakenings() {
        let found = between(&world(), &weaker);
        assert!(found.len() == 1 && found[0].0 == kind, "{kind}: {found:?}");
        assert!(found[0].1.contains(words) && found[0].1.ends_with('.'), "{kind}: {found:?}");
    }
}

#[test]
fn taking_a_weakening_back_is_none() {
    for (weaker, kind, words) in weakenings() {
        assert_eq!(between(&weaker, &world()), [], "{kind}, {words}");
    }
    assert_eq!(between(&world(), &world()), []);
}

/// Also one that no rule finds anything wrong with.
#[test]
fn a_weakening_stands_first_and_ends_with_one() {
    let directory = TempDir::new().expect("a directory");
    for (weaker, kind, words) in weakenings().into_iter().filter(|(_, kind, _)| ["lock_loosened", "points_deleted"].contains(kind)) {
        let (output, told) = diff(&directory, &world(), &weaker);
        assert_eq!(output.status.code(), Some(1), "{kind}: {told:#}");
        assert_eq!(kinds(&told), [kind], "{:#}", told["weakened"]);
        let summary = told["summary"].as_str().expect("a text");
        assert!(summary.starts_with("Worse than ") && summary.contains(words), "{kind}: {summary}");
    }
    let (output, told) = diff(&directory, &world(), &world());
    assert_eq!((output.status.code(), kinds(&told).len(), told["changes"].as_array().map(Vec::len)), (Some(0), 0, Some(0)), "{told:#}");
}

/// What is denied more widely, or in other words, is denied.
#[test]
fn a_policy_that_denies_more_is_no_weakening() {
    let denying = |statements: Value| with(VAULT, "AccessPolicy", json!({"Version": "2012-10-17", "Statement": statements}));
    let one = |principal: Value, actions: Value| json!({"Effect": "Deny", "Principal": principal, "Action": actions, "Resource": "*"});
    let (delete, put) = ("backup:DeleteRecoveryPoint", "backup:PutBackupVaultAccessPolicy");
    let role = json!({"AWS": "arn:aws:iam::111122223333:role/operator"});
    let both = denying(json!([one(json!("*"), json!([delete, put]))]));
    assert_eq!(between(&both, &denying(json!([one(json!("*"), json!(delete)), one(json!({"AWS": ["*"]}), json!([put]))]))), []);
    assert_eq!(between(&denying(json!([one(role.clone(), json!([delete]))])), &both), []);
    let found = between(&both, &denying(json!([one(json!("*"), json!(delete)), one(role, json!([put]))])));
    assert!(found.len() == 1 && found[0].1.ends_with(&format!("denied {put}.")), "{found:?}");
}

/// Whoever refuses the call that would show it does not make it a weakening, and not a mending either: it is no longer known.
#[test]
fn what_a_refused_call_hides_is_blind_and_never_gone() {
    let directory = TempDir::new().expect("a directory");
    for (place, list, operation) in [("/Units/0", "BackupVaults", "ListBackupVaults"), ("/Units/0", "BackupPlans", "ListBackupPlans")] {
        let blind = changed(|world| {
            at(world, place)[list] = json!([]);
            let calls = at(world, place)["Calls"].as_array_mut().expect("calls");
            calls.iter_mut().filter(|call| call["Operation"] == operation).for_each(|call| call["Outcome"] = json!("denied"));
        });
        let (output, told) = diff(&directory, &world(), &blind);
        assert_eq!(output.status.code(), Some(1), "{operation}");
        let removed: Vec<String> = kinds(&told).into_iter().filter(|kind| kind.ends_with("_removed")).collect();
        assert_eq!(removed, [""; 0], "{operation}: {:#}", told["weakened"]);
        let turns = |turn: &str| told["changes"].as_array().expect("changes").iter().filter(|change| change["change"] == turn).count();
        assert!(turns("blind") > 0 && turns("gone") == 0, "{operation}: {}", told["summary"]);
    }
}

#[test]
fn a_rule_that_goes_from_a_locked_vault_to_one_without_a_lock_is_told() {
    let directory = TempDir::new().expect("a directory");
    let both = |target: &str| {
        changed(|world| {
            let mut open = at(world, VAULT).clone();
            open["BackupVaultName"] = json!("open");
            open["BackupVaultArn"] = json!("arn:aws:backup:us-east-1:111122223333:backup-vault:open");
            open["NumberOfRecoveryPoints"] = json!(0);
            open["Locked"] = json!(false);
            for member in ["LockDate", "MinRetentionDays", "MaxRetentionDays"] {
                open.as_object_mut().expect("a vault").remove(member);
            }
            at(world, "/Units/0/BackupVaults").as_array_mut().expect("vaults").push(open);
            at(world, DAILY)["TargetBackupVaultName"] = json!(target);
        })
    };
    let (_, told) = diff(&directory, &both("orders-prod"), &both("open"));
    assert_eq!(kinds(&told), ["target_unlocked"], "{:#}", told["weakened"]);
    let (_, told) = diff(&directory, &both("open"), &both("orders-prod"));
    assert_eq!(kinds(&told), [""; 0]);
}

#[test]
fn a_policy_that_lets_somebody_in_where_there_was_none_is_told() {
    let directory = TempDir::new().expect("a directory");
    let allow = json!({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": "*", "Action": "backup:*", "Resource": "*"}});
    let (_, told) = diff(&directory, &with(VAULT, "AccessPolicy", Value::Null), &with(VAULT, "AccessPolicy", allow));
    assert_eq!(kinds(&told), ["policy_loosened"], "{:#}", told["weakened"]);
}

#[test]
fn a_rule_that_was_renamed_is_the_same_rule() {
    let directory = TempDir::new().expect("a directory");
    let (_, told) = diff(&directory, &world(), &with(DAILY, "RuleName", json!("every-day")));
    assert_eq!(kinds(&told), [""; 0], "{:#}", told["weakened"]);
}

#[test]
fn sides_in_the_wrong_order_are_told_to_be() {
    let directory = TempDir::new().expect("a directory");
    let later = changed(|world| {
        for unit in world["Units"].as_array_mut().expect("units") {
            unit["StartedAt"] = json!("2026-11-22T11:59:19Z");
            unit["FinishedAt"] = json!("2026-11-22T11:59:22Z");
        }
    });
    let (_, told) = diff(&directory, &later, &world());
    assert!(told["summary"].as_str().expect("a text").contains("The second of the two is the older one"), "{}", told["summary"]);
    let (_, told) = diff(&directory, &world(), &later);
    assert!(!told["summary"].as_str().expect("a text").contains("older"), "{}", told["summary"]);
}
