//! Roots written by hand, and what becomes of them.

mod around;
mod companions;
mod doubt;
mod places;
mod producers;
mod unknown;
mod vaults;

use std::path::Path;

use serde_json::{Value as Json, json};

use super::{Assembled, Options, assemble};
use crate::snapshot::{self, Cause, Digest, Observed, Reason, Snapshot, Source, Unit};
use crate::terraform::declared::{Declared, Place, Root};
use crate::terraform::value::{Reference, Unknown, Value};

pub const ACCOUNT: &str = "111122223333";
pub const REGION: &str = "us-east-1";

/// `{"$": "address#attribute"}` is a reference, `{"$": "why"}` an unknown without one.
pub fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(flag) => Value::Bool(*flag),
        Json::Number(number) => Value::Number(number.as_f64().unwrap_or_default()),
        Json::String(text) => Value::String(text.clone()),
        Json::Array(list) => Value::List(list.iter().map(value).collect()),
        Json::Object(map) => match map.get("$").and_then(Json::as_str) {
            Some(to) => {
                let reference = to
                    .split_once('#')
                    .map(|(address, attribute)| Reference { address: address.to_owned(), attribute: attribute.to_owned() });
                Value::Unknown(Unknown { reason: Reason::new(Cause::KnownAfterApply, to), reference })
            }
            None => Value::Object(map.iter().map(|(key, one)| (key.clone(), value(one))).collect()),
        },
    }
}

pub fn declared(address: &str, attributes: Json) -> Declared {
    let Value::Object(attributes) = value(&attributes) else { panic!("attributes are an object") };
    Declared {
        address: address.to_owned(),
        kind: super::identity::resource_type(address).unwrap_or_default().to_owned(),
        place: Place { account: Observed::Known(ACCOUNT.to_owned()), region: Observed::Known(REGION.to_owned()) },
        attributes,
        may_exist: None,
    }
}

pub fn root(mut declared: Vec<Declared>) -> Root {
    declared.sort_by(|a, b| a.address.cmp(&b.address));
    Root { source: Source::Terraform, declared, prior: Vec::new(), notices: Vec::new(), partial: None, unset: Vec::new() }
}

pub fn read(assembled: &Assembled) -> Snapshot {
    snapshot::from_value(assembled.document.clone(), Path::new("plan.json"), Digest::Skip).expect("it is a snapshot").snapshot
}

pub fn whole() -> Options {
    Options { assume_complete: true, ..Options::default() }
}

/// The one unit that comes of these resources, as JSON and as read.
pub fn unit_of(declared: Vec<Declared>, options: &Options) -> (Json, Unit) {
    let assembled = assemble(&root(declared), options).expect("it can be assembled");
    let mut snapshot = read(&assembled);
    assert_eq!(snapshot.units.len(), 1);
    (assembled.document["Units"][0].clone(), snapshot.units.remove(0))
}

pub fn unit(declared: Vec<Declared>) -> (Json, Unit) {
    unit_of(declared, &Options::default())
}

pub fn causes<T>(fact: &Observed<T>) -> Vec<Cause> {
    fact.reasons().iter().map(|reason| reason.cause).collect()
}

/// A root with something of everything.
pub fn everything() -> Vec<Declared> {
    let policy =
        json!({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}]}).to_string();
    let tags = json!({"Environment": "prod", "aws:cloudformation:stack-name": "x"});
    let mut declared_by_hand = vec![
        declared("aws_backup_vault.main", json!({"name": "main", "kms_key_arn": {"$": "aws_kms_key.vault#arn"}, "tags_all": tags})),
        declared(
            "aws_backup_logically_air_gapped_vault.gapped",
            json!({"name": "gapped", "min_retention_days": 7, "max_retention_days": 35}),
        ),
        declared(
            "aws_backup_vault_lock_configuration.main",
            json!({"backup_vault_name": "main", "min_retention_days": 1, "max_retention_days": "14", "changeable_for_days": 3}),
        ),
        declared("aws_backup_vault_policy.main", json!({"backup_vault_name": {"$": "aws_backup_vault.main#name"}, "policy": policy})),
        declared(
            "aws_backup_vault_notifications.main",
            json!({"backup_vault_name": "main", "sns_topic_arn": {"$": "aws_sns_topic.told#arn"}, "backup_vault_events": ["B", "A"]}),
        ),
        declared(
            "aws_backup_plan.main",
            json!({"name": "main", "rule": [{
                "rule_name": "daily", "target_vault_name": "main", "schedule": "cron(0 5 ? * * *)",
                "lifecycle": [{"delete_after": 30, "cold_storage_after": 0}],
                "copy_action": [{"destination_vault_arn": {"$": "aws_backup_vault.main#arn"}}],
            }]}),
        ),
        declared(
            "aws_backup_selection.main",
            json!({
                "plan_id": {"$": "aws_backup_plan.main#id"}, "name": "all", "iam_role_arn": {"$": "aws_iam_role.backup#arn"},
                "resources": [{"$": "aws_dynamodb_table.orders#arn"}], "selection_tag": [{"type": "STRINGEQUALS", "key": "a", "value": "b"}],
                "condition": [
                    {"string_equals": [{"key": "aws:ResourceTag/a", "value": "1"}]},
                    {"string_equals": [], "string_like": [{"key": "aws:ResourceTag/b", "value": "2*"}]},
                ],
            }),
        ),
        declared(
            "aws_backup_region_settings.here",
            json!({"resource_type_opt_in_preference": {"DynamoDB": true}, "resource_type_management_preference": {"DynamoDB": "true"}}),
        ),
        declared("aws_backup_global_settings.org", json!({"global_settings": {"isCrossAccountBackupEnabled": "true"}})),
        declared(
            "aws_backup_framework.f",
            json!({"name": "f", "control": [{"name": "C", "input_parameter": [{"name": "days", "value": "1"}]}]}),
        ),
        declared(
            "aws_backup_report_plan.r",
            json!({"name": "r", "report_setting": [{"report_template": "BACKUP_JOB_REPORT"}], "report_delivery_channel": [{"s3_bucket_name": "b"}]}),
        ),
        declared(
            "aws_backup_restore_testing_plan.t",
            json!({"name": "t", "schedule_expression": "cron(0 5 ? * * *)", "recovery_point_selection": [{
                "algorithm": "LATEST_WITHIN_WINDOW", "include_vaults": ["*"], "recovery_point_types": ["SNAPSHOT"],
            }]}),
        ),
        declared(
            "aws_backup_restore_testing_selection.t",
            json!({
                "restore_testing_plan_name": "t", "name": "tables", "iam_role_arn": {"$": "aws_iam_role.backup#arn"},
                "protected_resource_type": "DynamoDB", "protected_resource_arns": ["*"],
            }),
        ),
        declared("aws_kms_key.vault", json!({"enable_key_rotation": true, "policy": policy})),
        declared("aws_kms_replica_key.there", json!({"primary_key_arn": "arn:aws:kms:us-west-2:111122223333:key/mrk-1"})),
        declared("aws_kms_alias.vault", json!({"name": "alias/vault", "target_key_id": {"$": "aws_kms_key.vault#key_id"}})),
        declared("aws_sns_topic.told", json!({"name": "told", "kms_master_key_id": {"$": "aws_kms_key.vault#id"}})),
        declared("aws_sns_topic_policy.told", json!({"arn": {"$": "aws_sns_topic.told#arn"}, "policy": policy})),
        declared(
            "aws_sns_topic_subscription.told",
            json!({"topic_arn": {"$": "aws_sns_topic.told#arn"}, "protocol": "email", "endpoint": "somebody@example.com"}),
        ),
        declared(
            "aws_cloudwatch_metric_alarm.failed",
            json!({
                "alarm_name": "failed", "namespace": "AWS/Backup", "metric_name": "NumberOfBackupJobsFailed", "period": "300",
                "dimensions": {"BackupVaultName": "main"}, "comparison_operator": "GreaterThanThreshold", "evaluation_periods": 1,
                "statistic": "Sum", "alarm_actions": [{"$": "aws_sns_topic.told#arn"}],
            }),
        ),
        declared(
            "aws_cloudwatch_composite_alarm.any",
            json!({"alarm_name": "any", "alarm_rule": "ALARM(failed)", "alarm_actions": [], "actions_suppressor": [{"alarm": "quiet"}]}),
        ),
        declared("aws_cloudwatch_event_rule.jobs", json!({"name": "jobs", "event_pattern": "{\"source\": [\"aws.backup\"]}"})),
        declared(
            "aws_cloudwatch_event_target.jobs",
            json!({"rule": {"$": "aws_cloudwatch_event_rule.jobs#name"}, "target_id": "t", "arn": {"$": "aws_sns_topic.told#arn"}}),
        ),
        declared("aws_iam_role.backup", json!({"name": "backup", "path": "/ops/", "assume_role_policy": policy})),
        declared("aws_iam_policy.more", json!({"name": "more", "policy": policy})),
        declared("aws_iam_role_policy.own", json!({"role": {"$": "aws_iam_role.backup#id"}, "name": "own", "policy": policy})),
        declared("aws_iam_role_policy_attachment.more", json!({"role": "backup", "policy_arn": {"$": "aws_iam_policy.more#arn"}})),
        declared(
            "aws_iam_role_policy_attachment.service",
            json!({"role": "backup", "policy_arn": "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup"}),
        ),
        declared("aws_dynamodb_table.orders", json!({"name": "orders", "point_in_time_recovery": [{"enabled": true}], "tags_all": tags})),
        declared("aws_ecs_cluster.api", json!({"name": "api", "tags_all": tags})),
        declared(
            "aws_cloudtrail.audit",
            json!({"name": "audit", "is_multi_region_trail": true, "s3_bucket_name": "b", "event_selector": [{"read_write_type": "All"}]}),
        ),
    ];
    let protected = crate::terraform::mapping::all().filter(|kind| kind.collection == "Resources" && kind.name != "aws_ecs_cluster");
    declared_by_hand
        .extend(protected.map(|kind| declared(&format!("{}.one", kind.name), json!({"tags_all": tags, "engine": "aurora-mysql"}))));
    declared_by_hand
}

#[test]
fn every_type_of_the_table_becomes_part_of_a_snapshot() {
    let kinds: std::collections::BTreeSet<String> = everything().into_iter().map(|declared| declared.kind).collect();
    let mapped = crate::terraform::mapping::all().map(|kind| kind.name.to_owned());
    assert_eq!(kinds, mapped.collect(), "something of everything is everything");
    for options in [Options::default(), whole()] {
        let assembled = assemble(&root(everything()), &options).unwrap();
        let snapshot = read(&assembled);
        assert_eq!(snapshot.units.len(), 1);
        assert_eq!(assembled.origins.len(), everything().len());
        assert_eq!(assembled.notices, Vec::<String>::new());
        assert!(!assembled.document.to_string().contains("somebody"), "addresses of people are not kept");
    }
}

#[test]
fn the_order_in_which_resources_come_does_not_matter() {
    let forwards = assemble(&root(everything()), &whole()).unwrap();
    let mut backwards = root(everything());
    backwards.declared.reverse();
    assert_eq!(forwards, assemble(&backwards, &whole()).unwrap());
}
