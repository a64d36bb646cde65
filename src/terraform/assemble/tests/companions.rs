//! Resources that are parts of another's object, and what their absence tells.

use serde_json::json;

use super::*;

fn lock(address: &str, attributes: Json) -> Declared {
    declared(&format!("aws_backup_vault_lock_configuration.{address}"), attributes)
}

fn vault(name: &str) -> Declared {
    declared(&format!("aws_backup_vault.{name}"), json!({"name": name}))
}

#[test]
fn a_lock_with_days_to_change_it_is_in_compliance_mode_and_its_date_is_aws_to_set() {
    let days = |days: Json| {
        let (_, unit) =
            unit(vec![vault("v"), lock("v", json!({"backup_vault_name": "v", "changeable_for_days": days, "min_retention_days": 0}))]);
        unit.backup_vaults.into_iter().next().unwrap()
    };
    let compliance = days(json!(3));
    assert_eq!((&compliance.locked, &compliance.changeable_for_days), (&Observed::Known(true), &Observed::Known(3)));
    assert_eq!(causes(&compliance.lock_date), [Cause::KnownAfterApply]);
    assert!(compliance.min_retention_days.is_absent());
    let governance = days(Json::Null);
    assert!(governance.lock_date.is_absent() && governance.changeable_for_days.is_absent());
    let either = days(json!({"$": "later"}));
    assert!(either.lock_date.is_unknown() && either.changeable_for_days.is_unknown());
}

#[test]
fn what_this_root_does_not_declare_another_may() {
    let alone = || vec![vault("v"), declared("aws_backup_plan.p", json!({"name": "p"})), declared("aws_iam_role.r", json!({"name": "r"}))];
    let (_, seen) = unit(alone());
    let vault = &seen.backup_vaults[0];
    for fact in [causes(&vault.locked), causes(&vault.lock_date), causes(&vault.access_policy), causes(&vault.notifications)] {
        assert_eq!(fact, [Cause::NotDeclared]);
    }
    assert_eq!(causes(&seen.backup_plans[0].selections), [Cause::NotDeclared]);
    assert!(seen.complete.is_empty());

    let (_, seen) = unit_of(alone(), &whole());
    let vault = &seen.backup_vaults[0];
    assert_eq!(vault.locked, Observed::Known(false));
    assert!(vault.lock_date.is_absent() && vault.access_policy.is_absent() && vault.notifications.is_absent());
    assert_eq!(seen.backup_plans[0].selections, Observed::Known(Vec::new()));
    assert!(vault.number_of_recovery_points.is_unknown());
}

#[test]
fn a_partial_root_is_never_whole() {
    let mut root = root(vec![vault("v")]);
    root.partial = Some(Reason::new(Cause::NotEvaluated, "targeted"));
    let seen = &read(&assemble(&root, &whole()).unwrap()).units[0];
    assert!(seen.complete.is_empty() && seen.backup_vaults[0].locked.is_unknown());
}

#[test]
fn a_companion_finds_its_object_by_name_and_by_reference_in_its_own_region() {
    let mut elsewhere = vault("v");
    elsewhere.address = "aws_backup_vault.elsewhere".to_owned();
    elsewhere.place.region = Observed::Known("us-west-2".to_owned());
    let by_name = lock("by_name", json!({"backup_vault_name": "v", "min_retention_days": 1}));
    let by_reference = lock("by_reference", json!({"backup_vault_name": {"$": "aws_backup_vault.w#id"}, "min_retention_days": 2}));
    let declared = vec![vault("v"), vault("w"), elsewhere, by_name, by_reference];
    let assembled = assemble(&root(declared), &whole()).unwrap();
    let units = read(&assembled).units;
    let days = |unit: &Unit, name: &str| {
        let found = unit.backup_vaults.iter().find(|vault| vault.backup_vault_name == name);
        found.map(|vault| (vault.locked.clone(), vault.min_retention_days.clone()))
    };
    assert_eq!(days(&units[0], "v"), Some((Observed::Known(true), Observed::Known(1))));
    assert_eq!(days(&units[0], "w"), Some((Observed::Known(true), Observed::Known(2))));
    assert_eq!(days(&units[1], "v"), Some((Observed::Known(false), Observed::Absent)));
    let origin = assembled.origins.iter().find(|origin| origin.address.ends_with("by_name")).unwrap();
    assert_eq!(origin.arn, "arn:aws:backup:us-east-1:111122223333:backup-vault:v");
}

#[test]
fn of_a_vault_that_another_root_declares_only_the_companion_tells() {
    let (_, unit) = unit_of(vec![vault("v"), lock("l", json!({"backup_vault_name": "other"}))], &whole());
    let other = unit.backup_vaults.iter().find(|vault| vault.backup_vault_name == "other").unwrap();
    assert_eq!(other.locked, Observed::Known(true));
    assert_eq!(causes(&other.encryption_key_arn), [Cause::NotDeclared]);
    assert_eq!(causes(&other.tags), [Cause::NotDeclared]);
    let own = unit.backup_vaults.iter().find(|vault| vault.backup_vault_name == "v").unwrap();
    assert_eq!(own.locked, Observed::Known(false));
}

#[test]
fn a_companion_of_nobody_knows_which_vault_may_be_about_any() {
    let stray = lock("l", json!({"backup_vault_name": {"$": "data.aws_ssm_parameter.name#value"}}));
    let own = lock("own", json!({"backup_vault_name": "locked"}));
    let (_, unit) = unit_of(vec![vault("v"), vault("locked"), own, stray], &whole());
    let locked = |name: &str| unit.backup_vaults.iter().find(|vault| vault.backup_vault_name == name).unwrap().locked.clone();
    assert!(locked("v").is_unknown());
    assert_eq!(locked("locked"), Observed::Known(true));
}

#[test]
fn a_vault_without_a_known_name_may_be_the_one_that_is_meant() {
    let nameless = declared("module.m[\"a.b\"].aws_backup_vault.v", json!({"name": {"$": "later"}}));
    let by_reference = lock("r", json!({"backup_vault_name": {"$": "module.m[\"a.b\"].aws_backup_vault.v#name"}, "max_retention_days": 9}));
    let policy = declared("aws_backup_vault_policy.p", json!({"backup_vault_name": "known", "policy": "{}"}));
    let (_, unit) = unit_of(vec![nameless, by_reference, policy], &whole());
    let vault = unit.backup_vaults.iter().find(|vault| vault.backup_vault_name.starts_with("module")).unwrap();
    assert_eq!(
        vault.backup_vault_arn.known().unwrap(),
        "arn:aws:backup:us-east-1:111122223333:backup-vault:module.m[\"a.b\"].aws_backup_vault.v"
    );
    assert_eq!(vault.max_retention_days, Observed::Known(9));
    assert!(vault.access_policy.is_unknown());
}

#[test]
fn two_locks_of_one_vault_leave_what_they_agree_on() {
    let both = |days: i64| lock(&format!("l{days}"), json!({"backup_vault_name": "v", "max_retention_days": days}));
    let (_, unit) = unit(vec![vault("v"), both(1), both(2)]);
    assert_eq!(unit.backup_vaults[0].locked, Observed::Known(true));
    assert!(unit.backup_vaults[0].max_retention_days.is_unknown());
}

#[test]
fn one_vault_that_is_declared_twice_is_known_as_far_as_both_agree() {
    let twice = |address: &str, value: &str| declared(address, json!({"name": "v", "tags_all": {"a": value}, "kms_key_arn": "arn:k"}));
    let (_, unit) = unit(vec![twice("aws_backup_vault.a", "1"), twice("aws_backup_vault.b", "2")]);
    assert_eq!(unit.backup_vaults.len(), 1);
    assert!(unit.backup_vaults[0].tags.is_unknown());
    assert_eq!(unit.backup_vaults[0].encryption_key_arn, Observed::Known("arn:k".to_owned()));
}

#[test]
fn the_policies_of_a_role_are_all_known_only_where_the_root_is_whole() {
    let (_, seen) = unit(everything());
    assert_eq!(causes(&seen.roles[0].attached_policies), [Cause::NotDeclared]);
    assert_eq!(causes(&seen.roles[0].inline_policies), [Cause::NotDeclared]);
    let (_, seen) = unit_of(everything(), &whole());
    let attached = seen.roles[0].attached_policies.known().unwrap();
    assert_eq!(attached.len(), 2);
    assert!(attached.iter().find(|policy| policy.policy_arn.ends_with("policy/more")).unwrap().policy_document.is_known());
    let of_aws = attached.iter().find(|policy| policy.policy_arn.contains(":aws:policy/")).unwrap();
    assert_eq!(causes(&of_aws.policy_document), [Cause::NotObserved], "which is what facts look it up for");
    assert_eq!(seen.roles[0].inline_policies.known().unwrap()[0].policy_name, "own");
}

#[test]
fn a_role_that_lists_its_policies_has_no_others() {
    let role = json!({
        "name": "r", "managed_policy_arns": ["arn:aws:iam::aws:policy/A"], "inline_policy": [{"name": "i", "policy": "{}"}],
    });
    let selection = json!({"plan_id": {"$": "aws_backup_plan.p#id"}, "name": "s", "iam_role_arn": {"$": "aws_iam_role.r#arn"}});
    let plan = declared("aws_backup_plan.p", json!({"name": "p"}));
    let (_, unit) = unit(vec![declared("aws_iam_role.r", role), plan, declared("aws_backup_selection.s", selection)]);
    assert_eq!(unit.roles[0].attached_policies.known().unwrap()[0].policy_arn, "arn:aws:iam::aws:policy/A");
    assert_eq!(unit.roles[0].inline_policies.known().unwrap().len(), 1);
}

#[test]
fn a_companion_whose_account_nobody_tells_is_about_the_one_that_it_can_be_about() {
    let nowhere = |mut declared: Declared| {
        declared.place.account = Observed::Absent;
        declared
    };
    let lock = || nowhere(lock("l", json!({"backup_vault_name": "v", "min_retention_days": 1})));
    let assembled = assemble(&root(vec![vault("v"), vault("w"), lock()]), &whole()).unwrap();
    let units = read(&assembled).units;
    assert_eq!(units.len(), 1);
    assert_eq!(units[0].backup_vaults[0].min_retention_days, Observed::Known(1));
    let mut other = declared("aws_backup_vault.other", json!({"name": "v"}));
    other.place.account = Observed::Known("444455556666".to_owned());
    let units = read(&assemble(&root(vec![vault("v"), other, lock()]), &whole()).unwrap()).units;
    assert_eq!(units.len(), 2);
    assert!(units.iter().all(|unit| unit.backup_vaults[0].locked.is_unknown()));
}
