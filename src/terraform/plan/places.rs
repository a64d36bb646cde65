//! In which account and Region a plan's resources are, and the fixtures' plans as a whole.

use std::path::Path;

use serde_json::{Value as Json, json};

use super::tests::read;
use super::*;
use crate::snapshot::Observed;
use crate::terraform::declared::Place;
use crate::terraform::value::Value;

/// Where a vault without an ARN is, by the configuration of its provider; with these rows beside it.
fn placed(provider: Json, variables: Json, rows: &[Json]) -> (Place, Vec<String>) {
    let mut rows = rows.to_vec();
    rows.push(vault("v", json!({"name": "v"})));
    let blocks: Vec<Json> = rows
        .iter()
        .map(|row| json!({"mode": "managed", "type": row["type"], "name": row["name"], "provider_config_key": "aws.a"}))
        .collect();
    let document = json!({
        "format_version": "1.2", "variables": variables, "resource_changes": rows,
        "configuration": {"provider_config": {"aws.a": provider}, "root_module": {"resources": blocks}},
    });
    let root = read(document.to_string().as_bytes()).unwrap();
    let declared = root.declared.iter().find(|declared| declared.address == "aws_backup_vault.v").unwrap();
    (declared.place.clone(), root.notices)
}

fn vault(name: &str, after: Json) -> Json {
    json!({"address": format!("aws_backup_vault.{name}"), "mode": "managed", "type": "aws_backup_vault", "name": name,
        "change": {"actions": ["no-op"], "before": after, "after": after, "after_unknown": {}}})
}

fn known(text: &str) -> Observed<String> {
    Observed::Known(text.to_owned())
}

fn region(expression: Json, variables: Json) -> Observed<String> {
    placed(json!({"expressions": {"region": expression}}), variables, &[]).0.region
}

fn account(expressions: Json, variables: Json) -> Observed<String> {
    placed(json!({"expressions": expressions}), variables, &[]).0.account
}

#[test]
fn a_region_is_a_constant_or_one_variable() {
    let variables = json!({"r": {"value": "eu-west-2"}, "c": {"value": {"region": "us-gov-east-1", "password": "canary"}}, "n": {"value": null}, "x": {"value": "eu"}});
    let refers = |to: Json| region(json!({"references": to}), variables.clone());
    assert_eq!(region(json!({"constant_value": "us-east-1"}), json!({})), known("us-east-1"));
    assert_eq!(region(json!({"constant_value": ""}), json!({})), Observed::Absent);
    assert_eq!(refers(json!(["var.r"])), known("eu-west-2"));
    assert_eq!(refers(json!(["var.c.region", "var.c"])), known("us-gov-east-1"));
    assert_eq!(refers(json!(["var.n"])), Observed::Absent);
    assert_eq!(region(Json::Null, json!({})), Observed::Absent);
    for computed in [json!(["local.region"]), json!(["var.r", "var.n"]), json!(["var.x"]), json!(["var.c.password", "var.c"]), json!([])] {
        let region = refers(computed);
        assert!(region.is_unknown() && !format!("{region:?}").contains("canary"), "{region:?}");
    }
    assert!(region(json!({"constant_value": "nowhere"}), json!({})).is_unknown());
}

#[test]
fn a_variable_of_a_module_is_not_the_roots() {
    let provider = json!({"module_address": "module.m", "expressions": {"region": {"references": ["var.r"]}}});
    assert!(placed(provider, json!({"r": {"value": "eu-west-2"}}), &[]).0.region.is_unknown());
}

#[test]
fn an_account_is_the_one_that_is_allowed_or_that_of_the_role() {
    let variables =
        json!({"id": {"value": "111111111111"}, "role": {"value": "arn:aws:iam::222222222222:role/x"}, "ids": {"value": ["333333333333"]}});
    let role = |expression: Json| account(json!({"assume_role": [{"role_arn": expression}]}), variables.clone());
    assert_eq!(role(json!({"constant_value": "arn:aws:iam::444444444444:role/x"})), known("444444444444"));
    assert_eq!(role(json!({"references": ["var.role"]})), known("222222222222"));
    assert_eq!(role(json!({"references": ["var.id"]})), known("111111111111"));
    assert!(role(json!({"references": ["var.id", "var.name"]})).is_unknown());
    let allowed = |expression: Json| account(json!({"allowed_account_ids": expression}), variables.clone());
    assert_eq!(allowed(json!({"constant_value": ["444444444444"]})), known("444444444444"));
    assert_eq!(allowed(json!({"constant_value": ["444444444444", "555555555555"]})), Observed::Absent);
    assert_eq!(allowed(json!({"references": ["var.ids"]})), known("333333333333"));
    assert!(allowed(json!({"references": ["local.ids"]})).is_unknown());
    assert_eq!(account(json!({"access_key": {"constant_value": "canary"}}), json!({})), Observed::Absent);
}

#[test]
fn what_a_provider_made_outweighs_nothing_silently() {
    let made = vault("made", json!({"arn": "arn:aws:backup:eu-west-1:111111111111:backup-vault:made"}));
    let (place, notices) = placed(json!({}), json!({}), std::slice::from_ref(&made));
    assert_eq!((place.account, place.region), (known("111111111111"), known("eu-west-1")));
    assert_eq!(notices, Vec::<String>::new());
    let (place, notices) = placed(json!({"expressions": {"region": {"constant_value": "us-east-1"}}}), json!({}), &[made]);
    assert!(place.region.is_unknown() && place.account == known("111111111111"), "{place:?}");
    assert!(notices[0].contains("more than one Region (eu-west-1 and us-east-1)"), "{notices:?}");
    // An attribute of its own says nothing about the provider.
    let elsewhere = vault("made", json!({"region": "eu-west-1", "arn": "arn:aws:backup:eu-west-1:111111111111:backup-vault:made"}));
    let (place, notices) = placed(json!({"expressions": {"region": {"constant_value": "us-east-1"}}}), json!({}), &[elsewhere]);
    assert_eq!((place.region, notices), (known("us-east-1"), vec![]));
}

#[test]
fn a_provider_for_each_of_several_is_not_one() {
    let provider = json!({"expressions": {"region": {"references": ["each.key"]}}});
    let made = vault("made", json!({"arn": "arn:aws:backup:eu-west-1:111111111111:backup-vault:made"}));
    let (place, notices) = placed(provider, json!({}), &[made]);
    assert!(place.region.is_unknown() && notices.is_empty(), "{place:?} {notices:?}");
}

fn fixture(name: &str) -> Result<Root, TerraformError> {
    read_plan(&Path::new("fixtures/terraform").join(name))
}

#[test]
fn a_plan_and_the_state_that_comes_of_it_agree() {
    let plan = fixture("prod.plan.json").unwrap();
    let state = crate::terraform::read_state(Path::new("fixtures/terraform/prod.tfstate")).unwrap();
    let addresses = |root: &Root| root.declared.iter().map(|declared| declared.address.clone()).collect::<Vec<_>>();
    assert_eq!(addresses(&plan), addresses(&state));
    let mut wrong = Vec::new();
    let mut compared = 0;
    for (planned, applied) in plan.declared.iter().zip(&state.declared) {
        for (name, value) in &planned.attributes {
            differences(
                &format!("{}.{name}", planned.address),
                value,
                applied.attributes.get(name).unwrap_or(&Value::Null),
                &mut wrong,
                &mut compared,
            );
        }
        if let Some(account) = applied.place.account.known() {
            assert_eq!(planned.place.account.known(), Some(account), "{}", planned.address);
        }
        if let Some(region) = applied.place.region.known() {
            assert_eq!(planned.place.region.known(), Some(region), "{}", planned.address);
        }
    }
    assert!(compared > 150, "{compared}");
    assert_eq!(wrong, Vec::<String>::new());
}

/// What a plan calls known and the state knows otherwise. Sets are in one order in both, because Terraform sorts them.
fn differences(at: &str, planned: &Value, applied: &Value, wrong: &mut Vec<String>, compared: &mut usize) {
    match (planned, applied) {
        (Value::Unknown(_), _) => {}
        // What nobody set became its default.
        (Value::Null, Value::Bool(false)) => {}
        (Value::Null, Value::List(elements)) if elements.is_empty() => {}
        (Value::List(planned), Value::List(applied)) if planned.len() == applied.len() => {
            planned.iter().zip(applied).for_each(|(planned, applied)| differences(at, planned, applied, wrong, compared));
        }
        (Value::Object(planned), Value::Object(applied)) => planned.iter().for_each(|(name, value)| {
            differences(&format!("{at}.{name}"), value, applied.get(name).unwrap_or(&Value::Null), wrong, compared);
        }),
        _ => {
            *compared += 1;
            if planned != applied {
                wrong.push(format!("{at}: {planned:?} became {applied:?}"));
            }
        }
    }
}

#[test]
fn the_references_of_a_root_lead_to_what_it_declares() {
    let plan = fixture("prod.plan.json").unwrap();
    let of = |address: &str, attribute: &str| {
        let declared = plan.declared.iter().find(|declared| declared.address == address).unwrap();
        let Some(Value::Unknown(unknown)) = declared.attributes.get(attribute) else { panic!("{address} {attribute} is known") };
        unknown.reference.clone().map(|reference| format!("{}.{}", reference.address, reference.attribute))
    };
    for (address, attribute, to) in [
        ("module.backup.aws_backup_vault.main", "kms_key_arn", "module.primary_key.aws_kms_key.this.arn"),
        ("module.backup.aws_backup_vault.replica[0]", "kms_key_arn", "module.replica_key.aws_kms_key.this.arn"),
        ("module.backup.aws_backup_selection.dynamodb", "iam_role_arn", "aws_iam_role.backup.arn"),
        ("module.backup.aws_backup_selection.dynamodb", "plan_id", "module.backup.aws_backup_plan.main.id"),
        ("module.backup.aws_backup_vault_notifications.main", "sns_topic_arn", "aws_sns_topic.backup.arn"),
        ("aws_sns_topic_policy.backup", "arn", "aws_sns_topic.backup.arn"),
    ] {
        assert_eq!(of(address, attribute).as_deref(), Some(to), "{address} {attribute}");
    }
    // A topic's subscription is to whatever it says, and what a restore is told is not read: neither is the variable's own value.
    let others = plan.declared.iter().filter(|declared| declared.kind != "aws_sns_topic_subscription");
    let told = others.flat_map(|declared| &declared.attributes).filter(|(name, _)| *name != "restore_metadata_overrides");
    assert!(told.map(|(_, value)| format!("{value:?}")).all(|value| !value.contains("canary")), "a variable is told");
}

#[test]
fn plans_that_change_something_tell_what_was_before() {
    let change = fixture("prod.change.plan.json").unwrap();
    let lock = "module.backup.aws_backup_vault_lock_configuration.main[0]";
    assert!(change.prior.iter().any(|declared| declared.address == lock));
    assert!(change.declared.iter().all(|declared| declared.address != lock));
    assert!(fixture("dev.destroy.plan.json").unwrap().declared.is_empty());
    assert!(fixture("incomplete.plan.json").unwrap().partial.is_some());
    assert!(fixture("errored.plan.json").unwrap_err().to_string().contains("ended with an error"));
}
