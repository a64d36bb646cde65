//! Vaults and plans: members, identities, references.

use serde_json::json;

use super::*;

#[test]
fn a_vault_is_under_the_key_that_the_same_root_makes() {
    let (_, unit) = unit(everything());
    let vault = unit.backup_vaults.iter().find(|vault| vault.backup_vault_name == "main").unwrap();
    let key = unit.keys.iter().find(|key| key.aliases.known().is_some_and(|all| all[0].alias_name == "alias/vault")).unwrap();
    assert_eq!(key.arn, "arn:aws:kms:us-east-1:111122223333:key/aws_kms_key.vault");
    assert_eq!(vault.encryption_key_arn, Observed::Known(key.arn.clone()));
    assert_eq!(vault.encryption_key_type, Observed::Known("CUSTOMER_MANAGED_KMS_KEY".to_owned()));
    assert_eq!(key.key_manager, Observed::Known("CUSTOMER".to_owned()));
    assert_eq!(vault.backup_vault_arn, Observed::Known("arn:aws:backup:us-east-1:111122223333:backup-vault:main".to_owned()));
    assert_eq!(vault.tags.known().unwrap().0.keys().collect::<Vec<_>>(), ["Environment"]);
    assert_eq!(causes(&vault.number_of_recovery_points), [Cause::NotDeclarable]);
}

#[test]
fn a_vault_that_names_no_key_is_under_that_of_aws_backup() {
    let (_, unit) = unit(vec![declared("aws_backup_vault.v", json!({"name": "v"}))]);
    let arn = "arn:aws:kms:us-east-1:111122223333:alias/aws/backup";
    assert_eq!(unit.backup_vaults[0].encryption_key_arn, Observed::Known(arn.to_owned()));
    assert_eq!((unit.keys[0].arn.as_str(), &unit.keys[0].key_manager), (arn, &Observed::Known("AWS".to_owned())));
}

#[test]
fn only_a_reference_to_a_key_tells_that_the_key_is_a_customers() {
    let key_of = |to: &str| {
        let (_, unit) = unit(vec![declared("aws_backup_vault.v", json!({"name": "v", "kms_key_arn": {"$": to}}))]);
        unit.backup_vaults[0].encryption_key_arn.clone()
    };
    let outside = "module.a[\"x.y\"].aws_kms_external_key.k[0]";
    assert_eq!(key_of(&format!("{outside}#arn")), Observed::Reference(format!("{outside}.arn")));
    assert!(key_of("data.aws_kms_key.k#arn").is_unknown());
    assert!(key_of("module.m.aws_ssm_parameter.k#value").is_unknown());
    assert!(key_of("known after apply").is_unknown());
}

#[test]
fn a_replica_key_shares_the_id_of_its_primary() {
    let mut there = declared("aws_kms_replica_key.there", json!({"primary_key_arn": {"$": "aws_kms_key.k#arn"}}));
    there.place.region = Observed::Known("eu-west-1".to_owned());
    let key = declared("aws_kms_key.k", json!({"multi_region": true, "enable_key_rotation": true}));
    let assembled = assemble(&root(vec![key, there]), &Options::default()).unwrap();
    let keys: Vec<_> = read(&assembled).units.into_iter().flat_map(|unit| unit.keys).collect();
    assert_eq!(keys[0].arn, "arn:aws:kms:eu-west-1:111122223333:key/mrk-aws_kms_key.k");
    assert_eq!(keys[1].arn, "arn:aws:kms:us-east-1:111122223333:key/mrk-aws_kms_key.k");
    assert_eq!(keys[0].key_rotation_enabled, Observed::Known(true));

    let lost = declared("aws_kms_replica_key.lost", json!({"primary_key_arn": {"$": "data.aws_kms_key.k#arn"}}));
    let vault = declared("aws_backup_vault.v", json!({"name": "v", "kms_key_arn": {"$": "aws_kms_replica_key.lost#arn"}}));
    let assembled = assemble(&root(vec![lost, vault]), &whole()).unwrap();
    let unit = &read(&assembled).units[0];
    assert!(unit.backup_vaults[0].encryption_key_arn.is_unknown(), "it may be the key of another vault");
    assert!(!unit.complete.contains(&snapshot::Collection::Keys) && assembled.notices.len() == 1);
}

#[test]
fn a_rule_has_what_the_provider_would_send() {
    let (json, unit) = unit(everything());
    let plan = &unit.backup_plans[0];
    assert_eq!(plan.backup_plan_id, "aws_backup_plan.main");
    let rules = plan.backup_plan.known().unwrap().rules.known().unwrap();
    let rule = &rules[0];
    assert_eq!(rule.start_window_minutes, Observed::Known(60));
    assert_eq!(rule.completion_window_minutes, Observed::Known(180));
    assert_eq!(rule.schedule_expression_timezone, Observed::Known("Etc/UTC".to_owned()));
    assert_eq!(rule.enable_continuous_backup, Observed::Known(false));
    let lifecycle = rule.lifecycle.known().unwrap();
    assert_eq!((&lifecycle.delete_after_days, &lifecycle.move_to_cold_storage_after_days), (&Observed::Known(30), &Observed::Absent));
    let copy = &rule.copy_actions.known().unwrap()[0];
    assert!(copy.lifecycle.is_absent());
    let main = "arn:aws:backup:us-east-1:111122223333:backup-vault:main";
    assert_eq!(copy.destination_backup_vault_arn, Observed::Known(main.to_owned()));
    assert_eq!(causes(&rule.rule_id), [Cause::NotDeclarable]);
    assert!(json["BackupPlans"][0]["BackupPlan"].get("Tags").is_none());
}

#[test]
fn a_retention_of_minus_one_stays_what_aws_reads() {
    let rule = json!({"rule_name": "r", "target_vault_name": "v", "lifecycle": [{"delete_after": -1}], "start_window": 120});
    let (_, unit) = unit(vec![declared("aws_backup_plan.p", json!({"name": "p", "rule": [rule]}))]);
    let rules = unit.backup_plans[0].backup_plan.known().unwrap().rules.known().unwrap();
    assert_eq!(rules[0].lifecycle.known().unwrap().delete_after_days, Observed::Known(-1));
    assert_eq!(rules[0].start_window_minutes, Observed::Known(120));
}

#[test]
fn the_blocks_of_a_selection_are_one_object_of_conditions() {
    let (_, unit) = unit(everything());
    let selections = unit.backup_plans[0].selections.known().unwrap();
    let body = selections[0].backup_selection.known().unwrap();
    assert_eq!(selections[0].selection_id, Observed::Known("aws_backup_selection.main".to_owned()));
    assert_eq!(body.iam_role_arn, Observed::Known("arn:aws:iam::111122223333:role/ops/backup".to_owned()));
    assert_eq!(body.resources, Observed::Known(vec!["arn:aws:dynamodb:us-east-1:111122223333:table/orders".to_owned()]));
    let conditions = body.conditions.known().unwrap();
    assert_eq!(conditions.string_equals.known().unwrap()[0].condition_value, Observed::Known("1".to_owned()));
    assert_eq!(conditions.string_like.known().unwrap()[0].condition_value, Observed::Known("2*".to_owned()));
    assert!(conditions.string_not_like.is_absent() && body.not_resources.is_absent());
    assert_eq!(body.list_of_tags.known().unwrap()[0].condition_key, "a");
}

#[test]
fn conditions_are_joined_and_those_in_which_nothing_stands_are_none() {
    let conditions = |blocks: Json| {
        let selection = json!({"plan_id": {"$": "aws_backup_plan.p#id"}, "name": "s", "condition": blocks, "resources": ["*"]});
        let plan = declared("aws_backup_plan.p", json!({"name": "p", "rule": []}));
        let (_, unit) = unit(vec![plan, declared("aws_backup_selection.s", selection)]);
        let selections = unit.backup_plans[0].selections.known().unwrap();
        selections[0].backup_selection.known().unwrap().conditions.clone()
    };
    assert!(conditions(json!([{"string_equals": [], "string_like": null}, {}])).is_absent());
    let equal = |key: &str| json!({"string_equals": [{"key": key, "value": "1"}]});
    assert_eq!(conditions(json!([equal("b"), equal("a")])).known().unwrap().string_equals.known().unwrap().len(), 2);
    let half = conditions(json!([equal("b"), {"string_equals": {"$": "later"}}]));
    assert!(half.known().unwrap().string_equals.is_unknown());
}

#[test]
fn a_member_that_cannot_be_unknown_makes_the_list_so() {
    let rules = json!([{"rule_name": {"$": "later"}, "target_vault_name": "v"}, {"rule_name": "b", "target_vault_name": "v"}]);
    let (_, unit) = unit(vec![declared("aws_backup_plan.p", json!({"name": "p", "rule": rules}))]);
    assert_eq!(causes(&unit.backup_plans[0].backup_plan.known().unwrap().rules), [Cause::KnownAfterApply]);
}

#[test]
fn an_air_gapped_vault_is_locked_and_under_a_key_of_aws() {
    let (_, unit) = unit_of(everything(), &whole());
    let vault = unit.backup_vaults.iter().find(|vault| vault.backup_vault_name == "gapped").unwrap();
    assert_eq!((&vault.locked, &vault.min_retention_days), (&Observed::Known(true), &Observed::Known(7)));
    assert_eq!(vault.encryption_key_type, Observed::Known("AWS_OWNED_KMS_KEY".to_owned()));
    assert!(vault.lock_date.is_unknown() && vault.changeable_for_days.is_unknown());
}

#[test]
fn what_references_lead_to_is_followed() {
    let vaults = vec![
        declared("aws_kms_key.k", json!({"arn": "arn:aws:kms:us-east-1:111122223333:key/1", "key_id": "1"})),
        declared("aws_kms_alias.k", json!({"name": "alias/k", "target_key_id": {"$": "aws_kms_key.k#key_id"}})),
        declared("aws_backup_vault.one", json!({"name": "one", "kms_key_arn": {"$": "aws_kms_alias.k#target_key_arn"}})),
        declared("aws_backup_vault.two", json!({"name": "two", "kms_key_arn": {"$": "aws_backup_vault.one#kms_key_arn"}})),
        declared("aws_backup_vault.three", json!({"name": "three", "kms_key_arn": {"$": "aws_backup_vault.three#kms_key_arn"}})),
        declared("aws_backup_vault.four", json!({"name": "four", "kms_key_arn": {"$": "aws_backup_vault.five#kms_key_arn"}})),
        declared("aws_backup_vault.five", json!({"name": "five"})),
    ];
    let (_, unit) = unit(vaults);
    let key = |name: &str| unit.backup_vaults.iter().find(|vault| vault.backup_vault_name == name).unwrap().encryption_key_arn.clone();
    let known = Observed::Known("arn:aws:kms:us-east-1:111122223333:key/1".to_owned());
    assert_eq!((key("one"), key("two")), (known.clone(), known));
    assert!(key("three").is_unknown(), "a circle leads nowhere");
    assert!(key("four").is_unknown(), "that an attribute is not set does not tell what AWS makes of it");
}
