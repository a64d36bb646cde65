//! Reading states: both forms come to the same, zeros that mean nothing, and what is no state.

use std::io::BufReader;
use std::path::Path;

use serde_json::{Value as Json, json};

use super::*;
use crate::snapshot::Observed;
use crate::terraform::value::Value;

fn parsed(text: &str) -> Result<Root, TerraformError> {
    let path = Path::new("terraform.tfstate");
    json::parse(path, BufReader::new(text.as_bytes()), SHOW).and_then(|document| root_of(path, document))
}

fn raw(resources: Json) -> Root {
    parsed(&json!({"version": 4, "terraform_version": "1.11.4", "lineage": "a", "resources": resources}).to_string()).unwrap()
}

fn message(text: &str) -> String {
    let error = parsed(text).expect_err("this is no state");
    format!("{error} ({})", error.help())
}

/// A resource of the raw form with one instance.
fn resource(kind: &str, name: &str, provider: &str, attributes: Json) -> Json {
    let provider = format!("provider[\"registry.terraform.io/hashicorp/aws\"]{provider}");
    json!({"mode": "managed", "type": kind, "name": name, "provider": provider, "instances": [{"attributes": attributes}]})
}

fn attributes(root: &Root) -> Vec<String> {
    root.declared.iter().flat_map(|declared| &declared.attributes).map(|(name, value)| format!("{name}: {value:?}")).collect()
}

#[test]
fn instances_have_the_addresses_that_terraform_shows() {
    let instance = |key: Json| json!({"index_key": key, "attributes": {"name": "v"}});
    let root = raw(json!([
        {"mode": "managed", "type": "aws_backup_vault", "name": "a", "provider": "p", "instances": [instance(json!(1)), instance(json!(null))]},
        {"mode": "managed", "type": "aws_backup_vault", "name": "b", "module": "module.m[\"x.y\"]", "provider": "p", "instances":
            [instance(json!("p[0]")), instance(json!("say \"hi\" to ${a}"))]},
        {"mode": "data", "type": "aws_backup_vault", "name": "c", "provider": "p", "instances": [instance(json!(null))]},
    ]));
    let addresses: Vec<&str> = root.declared.iter().map(|declared| declared.address.as_str()).collect();
    assert_eq!(
        addresses,
        [
            "aws_backup_vault.a",
            "aws_backup_vault.a[1]",
            r#"module.m["x.y"].aws_backup_vault.b["p[0]"]"#,
            r#"module.m["x.y"].aws_backup_vault.b["say \"hi\" to $${a}"]"#,
        ]
    );
}

#[test]
fn objects_that_were_to_be_replaced_are_left_out_with_a_word() {
    let mut vault = resource("aws_backup_vault", "v", "", json!({"name": "v"}));
    vault["instances"].as_array_mut().unwrap().push(json!({"deposed": "abcd1234", "attributes": {"name": "old"}}));
    let root = raw(json!([vault]));
    assert_eq!(root.declared.len(), 1);
    assert!(root.notices[0].contains("earlier object of 'aws_backup_vault.v'"), "{:?}", root.notices);

    let shown = json!({"format_version": "1.0", "values": {"root_module": {"resources": [{"address": "aws_backup_vault.v", "mode": "managed",
        "type": "aws_backup_vault", "name": "v", "deposed_key": "abcd1234", "values": {"name": "old"}}]}}});
    let shown = parsed(&shown.to_string()).unwrap();
    assert_eq!((shown.declared.len(), shown.notices.len()), (0, 1));
}

#[test]
fn zeros_that_nobody_set_are_not_set() {
    let plan = json!({"name": "p", "tags_all": {}, "advanced_backup_setting": [], "rule": [{
        "rule_name": "a", "target_logically_air_gapped_backup_vault_arn": "", "enable_continuous_backup": false, "scan_action": [],
        "recovery_point_tags": {"Empty": ""}, "lifecycle": [{"delete_after": 35, "cold_storage_after": 0}],
    }]});
    let told = attributes(&raw(json!([resource("aws_backup_plan", "p", "", plan)])));
    let rule = r#"rule: List([Object({"enable_continuous_backup": Bool(false), "lifecycle": List([Object({"cold_storage_after": Null, "delete_after": Number(35.0)})]), "recovery_point_tags": Object({"Empty": String("")}), "rule_name": String("a"), "scan_action": Null, "target_logically_air_gapped_backup_vault_arn": Null})])"#;
    assert_eq!(told, [r#"name: String("p")"#, rule]);
}

#[test]
fn zeros_that_mean_something_stay() {
    let alarm = json!({"threshold": 0, "period": 0, "actions_enabled": false, "datapoints_to_alarm": 0});
    let told = attributes(&raw(json!([resource("aws_cloudwatch_metric_alarm", "a", "", alarm)])));
    assert_eq!(told, ["actions_enabled: Bool(false)", "threshold: Number(0.0)"]);

    let selection = json!({"selection_tag": [{"key": "Team", "value": ""}], "resources": ["*"], "not_resources": []});
    let told = attributes(&raw(json!([resource("aws_backup_selection", "s", "", selection)])));
    assert!(told[1].contains(r#""value": String("")"#) && told.len() == 2, "a tag's value may be empty: {told:?}");

    // The newer framework stores null for what is not set.
    let testing = json!({"start_window_hours": 0, "schedule_expression_timezone": null});
    let told = attributes(&raw(json!([resource("aws_backup_restore_testing_plan", "t", "", testing)])));
    assert_eq!(told, ["start_window_hours: Number(0.0)"]);
}

#[test]
fn what_has_no_arn_lies_where_its_provider_works() {
    let arn = |region: &str, account: &str| json!({"arn": format!("arn:aws:backup:{region}:{account}:backup-vault:v")});
    let selection = |alias: &str, attributes: Json| resource("aws_backup_selection", "s", alias, attributes);
    let place = |resources: Json| {
        let root = raw(resources);
        let selection = root.declared.iter().find(|declared| declared.kind == "aws_backup_selection").expect("it is there");
        (selection.place.clone(), root.notices)
    };
    let vault = |alias: &str, region: &str, account: &str| resource("aws_backup_vault", "v", alias, arn(region, account));
    let known = |text: &str| Observed::Known(text.to_owned());

    let (of, _) = place(json!([vault(".a", "eu-west-1", "111111111111"), selection(".a", json!({"name": "s"}))]));
    assert_eq!((of.account, of.region), (known("111111111111"), known("eu-west-1")));
    let (of, _) = place(json!([vault(".a", "eu-west-1", "111111111111"), selection(".b", json!({"name": "s"}))]));
    assert_eq!((of.account, of.region), (Observed::Absent, Observed::Absent));
    let (of, _) = place(json!([vault("", "eu-west-1", "111111111111"), selection("", json!({"name": "s", "region": "us-east-1"}))]));
    assert_eq!((of.account, of.region), (known("111111111111"), known("us-east-1")));
    let two =
        json!([vault(".a", "eu-west-1", "111111111111"), vault(".a", "eu-west-1", "222222222222"), selection(".a", json!({"name": "s"}))]);
    let (of, notices) = place(two);
    assert!(of.account.is_unknown() && of.region == known("eu-west-1"), "{of:?}");
    assert!(notices[0].contains("more than one account (111111111111 and 222222222222)"), "{notices:?}");
    // OpenTofu names the provider of each instance where they differ.
    let many = json!({"mode": "managed", "type": "aws_backup_selection", "name": "s", "provider": "", "instances": [
        {"provider": "provider[\"registry.terraform.io/hashicorp/aws\"].a", "attributes": {"name": "s"}}]});
    let (of, _) = place(json!([vault(".a", "eu-west-1", "111111111111"), many]));
    assert_eq!(of.account, known("111111111111"));
    // The ARN of a rule's target is that of what it calls.
    let target = resource("aws_cloudwatch_event_target", "t", ".a", json!({"arn": "arn:aws:sns:us-east-1:333333333333:t"}));
    let root = raw(json!([target, vault(".a", "eu-west-1", "111111111111")]));
    assert_eq!(root.declared[1].place.account, known("111111111111"));
}

#[test]
fn what_is_no_state_is_refused_by_name() {
    for (text, says) in [
        ("", "is empty"),
        (r#"{"version": 3, "modules": []}"#, "version before 4"),
        (r#"{"version": 5, "resources": []}"#, "not known here"),
        (r#"{"version": 4}"#, "no 'resources'"),
        (r#"{"serial": 1, "lineage": "a", "encrypted_data": "x", "encryption_version": "v0"}"#, "encrypted by OpenTofu"),
        (r#"{"format_version": "1.2", "planned_values": {}, "resource_changes": []}"#, "--terraform-plan"),
        (r#"{"format_version": "2.0", "values": {}}"#, "'format_version' is not 1.x"),
        (r#"{"hello": 1}"#, "neither a state nor a plan"),
        (r#"{"version": 4, "resources": ["#, "terraform.tfstate:1:29: the JSON ends in the middle"),
        (
            r#"{"version": 4, "resources": [{"mode": "managed", "type": "aws_backup_vault", "name": "v", "instances": [{"attributes_flat": {}}]}]}"#,
            "'aws_backup_vault.v' is stored as Terraform 0.11 did",
        ),
        (
            r#"{"version": 4, "resources": [{"mode": "managed", "type": "aws_backup_vault", "name": "v", "instances": [{"attributes": "canary"}]}]}"#,
            "the attributes of 'aws_backup_vault.v' are not what Terraform writes",
        ),
    ] {
        let message = message(text);
        assert!(message.contains(says) && !message.contains("canary"), "{message}");
    }
    assert!(parsed(r#"{"format_version": "1.0"}"#).unwrap().declared.is_empty(), "Terraform shows an empty state so");
}

#[test]
fn the_raw_state_and_the_shown_one_are_the_same() {
    for root in ["prod", "dev"] {
        let read = |name: String| read_state(Path::new(&name)).unwrap();
        let raw = read(format!("fixtures/terraform/{root}.tfstate"));
        let mut shown = read(format!("fixtures/terraform/{root}.state.json"));
        assert!(raw.declared.len() > 15, "{}", raw.declared.len());
        for (shown, raw) in shown.declared.iter_mut().zip(&raw.declared) {
            // Which provider made what has no ARN stands in the raw state only.
            if shown.place.account.is_absent() {
                shown.place.account = raw.place.account.clone();
            }
        }
        assert_eq!(raw, shown);
        let without_account: Vec<&str> =
            raw.declared.iter().filter(|declared| !declared.place.account.is_known()).map(|declared| declared.address.as_str()).collect();
        assert_eq!(without_account, Vec::<&str>::new());
        assert!(raw.declared.iter().all(|declared| declared.attributes.values().all(|value| !matches!(value, Value::Unknown(_)))));
    }
}
