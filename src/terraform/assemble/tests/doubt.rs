//! What may be there or not.

use serde_json::json;

use super::*;
use crate::snapshot::Collection;

fn doubtful(mut declared: Declared) -> Declared {
    declared.may_exist = Some(Reason::new(Cause::NotEvaluated, "count hangs on var.x"));
    declared
}

#[test]
fn an_object_that_may_exist_leaves_its_collection_open() {
    for resource in everything().into_iter().filter(|one| !one.kind.contains("settings")) {
        let is_part = super::super::companions::companion(&resource.kind).is_some();
        let address = resource.address.clone();
        let rest = everything().into_iter().map(|one| if one.address == address { doubtful(one) } else { one }).collect();
        let assembled = assemble(&root(rest), &whole()).unwrap();
        let unit = &read(&assembled).units[0];
        assert!(assembled.origins.iter().any(|origin| origin.address == address), "{address}");
        let collection = crate::terraform::mapping::kind(&resource.kind).unwrap().collection;
        let is_complete = unit.complete.iter().any(|whole| format!("{whole:?}") == collection);
        match collection {
            "" | "Resources" => {}
            _ if is_part => assert!(is_complete, "{address}: its object is there"),
            _ => assert!(!is_complete && !assembled.notices.is_empty(), "{address}"),
        }
    }
}

#[test]
fn a_companion_that_may_exist_makes_what_it_would_say_unknown() {
    let vault = || declared("aws_backup_vault.v", json!({"name": "v"}));
    let lock = declared("aws_backup_vault_lock_configuration.l", json!({"backup_vault_name": "v", "min_retention_days": 1}));
    let (_, unit) = unit_of(vec![vault(), doubtful(lock)], &whole());
    let vault = &unit.backup_vaults[0];
    assert!(vault.locked.is_unknown() && vault.min_retention_days.is_unknown() && vault.lock_date.is_unknown());
    assert!(vault.locked.reasons()[0].detail.contains("count hangs on var.x"));
    assert!(vault.access_policy.is_absent());
}

#[test]
fn a_selection_that_may_exist_makes_the_selections_unknown() {
    let all = everything().into_iter().map(|one| if one.kind == "aws_backup_selection" { doubtful(one) } else { one }).collect();
    let (_, unit) = unit_of(all, &whole());
    assert!(unit.backup_plans[0].selections.is_unknown());
}

#[test]
fn companions_of_what_may_exist_do_not_bring_it_into_being() {
    let vault = declared("aws_backup_vault.v[\"?\"]", json!({"name": "v"}));
    let lock = declared("aws_backup_vault_lock_configuration.l", json!({"backup_vault_name": "v"}));
    let stranger = declared("aws_backup_vault_lock_configuration.m", json!({"backup_vault_name": "w"}));
    let (_, unit) =
        unit_of(vec![doubtful(vault), doubtful(lock), doubtful(stranger), declared("aws_sns_topic.t", json!({"name": "t"}))], &whole());
    assert!(unit.backup_vaults.is_empty());
    assert!(!unit.complete.contains(&Collection::BackupVaults) && unit.complete.contains(&Collection::BackupPlans));
}

#[test]
fn an_instance_of_an_unknown_number_is_found_by_any_index() {
    let vault = doubtful(declared("aws_backup_vault.v[?]", json!({"name": "v"})));
    let rule = json!({"rule_name": "r", "target_vault_name": {"$": "aws_backup_vault.v[0]#name"}});
    let (_, unit) = unit(vec![vault, declared("aws_backup_plan.p", json!({"name": "p", "rule": [rule]}))]);
    let rules = unit.backup_plans[0].backup_plan.known().unwrap().rules.known().unwrap();
    assert_eq!(rules[0].target_backup_vault_name, Observed::Known("v".to_owned()));
}

#[test]
fn a_role_that_aws_backup_makes_by_itself_leaves_the_roles_open() {
    let plan = declared("aws_backup_plan.p", json!({"name": "p"}));
    let complete = |role: &str| {
        let selection =
            json!({"plan_id": {"$": "aws_backup_plan.p#id"}, "name": "s", "iam_role_arn": format!("arn:aws:iam::{ACCOUNT}:role/{role}")});
        let (_, unit) = unit_of(vec![plan.clone(), declared("aws_backup_selection.s", selection)], &whole());
        unit.complete.contains(&Collection::Roles)
    };
    assert!(complete("gone"));
    assert!(!complete("service-role/AWSBackupDefaultServiceRole"));
}

#[test]
fn a_whole_root_says_nothing_of_what_terraform_does_not_declare() {
    let (_, unit) = unit_of(everything(), &whole());
    for never in [
        Collection::RecoveryPoints,
        Collection::BackupJobs,
        Collection::Metrics,
        Collection::ProtectedResources,
        Collection::Inventory,
        Collection::Organization,
        Collection::LegalHolds,
        Collection::TieringConfigurations,
        Collection::SupportedResourceTypes,
    ] {
        assert!(!unit.complete.contains(&never), "{never:?}");
    }
    assert_eq!(causes(&unit.organization), [Cause::NotDeclarable]);
    let (_, unit) = unit_of(vec![declared("aws_backup_vault.v", json!({"name": "v"}))], &whole());
    assert!(!unit.complete.contains(&Collection::RegionSettings));
    assert_eq!((causes(&unit.region_settings), causes(&unit.global_settings)), (vec![Cause::NotDeclared], vec![Cause::NotDeclared]));
}
