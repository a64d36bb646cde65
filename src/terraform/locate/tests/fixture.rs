//! The contradictions of the fixture root, each at its line.

use std::fs;
use std::path::Path;

use serde_json::Value as Json;

use super::super::{Code, Locator, Wanted};
use crate::snapshot::{Declaration, SourceSpan};
use crate::terraform::assemble::Origin;
use crate::terraform::hcl::Inputs;
use crate::terraform::hcl::tree::Tree;

const ROOT: &str = "fixtures/terraform/root";
const MAIN: &str = "arn:aws:backup:us-east-1:111122223333:backup-vault:tattoo-directory-prod";
const REPLICA: &str = "arn:aws:backup:us-west-2:111122223333:backup-vault:tattoo-directory-prod-replica";

/// What the state tells of each object: its own ARN, or that of the vault or the plan that it belongs to.
fn origins() -> Vec<Origin> {
    let state: Json = serde_json::from_str(&fs::read_to_string("fixtures/terraform/prod.tfstate").unwrap()).unwrap();
    let mut origins = Vec::new();
    for resource in state["resources"].as_array().unwrap().iter().filter(|resource| resource["mode"] == "managed") {
        for instance in resource["instances"].as_array().unwrap() {
            let attribute = |name: &str| instance["attributes"][name].as_str().map(str::to_owned);
            let kind = resource["type"].as_str().unwrap().to_owned();
            let plan = || attribute("plan_id").map(|id| format!("arn:aws:backup:us-east-1:111122223333:backup-plan:{id}"));
            let Some(arn) = attribute("backup_vault_arn").or_else(|| attribute("arn")).or_else(plan) else { continue };
            let key = match &instance["index_key"] {
                Json::Null => String::new(),
                key => format!("[{key}]"),
            };
            let module = resource["module"].as_str().map(|module| format!("{module}.")).unwrap_or_default();
            let address = format!("{module}{kind}.{}{key}", resource["name"].as_str().unwrap());
            let part = (kind == "aws_backup_selection").then(|| attribute("id")).flatten();
            origins.push(Origin { arn, kind, address, part });
        }
    }
    assert!(origins.len() > 30);
    origins
}

/// The line that a span begins in, however it is aligned, behind the end of the file's path.
fn line(span: &SourceSpan) -> String {
    let text = fs::read_to_string(&span.file).unwrap();
    let file = span.file.strip_prefix(ROOT).unwrap_or(&span.file);
    let words: Vec<&str> = text.lines().nth(span.line - 1).unwrap().trim_end_matches('{').split_whitespace().collect();
    format!("{file}: {}", words.join(" "))
}

fn related(found: &Declaration) -> Vec<String> {
    found.related.iter().map(|related| format!("{}: {}", related.text, line(&related.span))).collect()
}

#[test]
fn each_contradiction_is_at_its_line() {
    let (tree, inputs, origins) = (Tree::load(&Path::new(ROOT).join("environments/prod")).unwrap(), Inputs::default(), origins());
    let locator = Locator::new([Code { tree: &tree, inputs: &inputs, declared: &[] }], &origins);
    let arn_of = |address: &str| origins.iter().find(|origin| origin.address == address).unwrap();
    let plan = &arn_of("module.backup.aws_backup_plan.main").arn;
    let rule = |name: &str| format!("{plan}#{name}");
    let ecs = arn_of("module.backup.aws_backup_selection.ecs");
    let ecs = format!("{}#selection/{}", ecs.arn, ecs.part.as_ref().unwrap());
    let key = &arn_of("module.replica_key.aws_kms_key.this").arn;
    let alarm = &arn_of(r#"module.backup.module.alarms.aws_cloudwatch_metric_alarm.jobs["backup.job[failed]"]"#).arn;
    let table = &arn_of(r#"aws_dynamodb_table.app["sessions[eu]"]"#).arn;
    let locate = |kind: &'static str, id: &str, at: &'static str, of: Option<&str>| {
        let related = [("target_vault.arn".to_owned(), MAIN.to_owned())].into();
        locator.locate(&Wanted { kind, id, at: Some(at), of, related, ..Wanted::default() }).unwrap_or_else(|| panic!("{kind} {at}"))
    };
    let days = "delete_after = var.backup_retention_days";
    let weekly = "delete_after = local.weekly_retention_days";
    for (found, at, exact) in [
        (locate("plan_rule", &rule("daily"), "lifecycle.delete_after_days", None), days, true),
        (locate("plan_rule", &rule("weekly"), "lifecycle.delete_after_days", None), weekly, true),
        (locate("plan_rule", &rule("weekly"), "copies.lifecycle.delete_after_days", Some(REPLICA)), weekly, true),
        (
            locate("plan_rule", &rule("weekly"), "lifecycle.move_to_cold_storage_after_days", None),
            "cold_storage_after = local.cold_storage_after",
            true,
        ),
        (
            locate("plan_rule", &rule("weekly"), "target_vault.lock.max_retention_days", None),
            "max_retention_days = var.backup_retention_days * 2",
            true,
        ),
        (locate("plan_rule", &rule("daily"), "completion_window_minutes", None), "completion_window = var.completion_window_minutes", true),
        (
            locate("plan_rule", &rule("daily"), "copies.destination.lock.mode", Some(REPLICA)),
            r#"resource "aws_backup_vault" "replica""#,
            false,
        ),
        (locate("vault", REPLICA, "lock.mode", None), r#"resource "aws_backup_vault" "replica""#, false),
        (locate("vault", MAIN, "lock.mode", None), "changeable_for_days = 3", true),
        (locate("vault", MAIN, "access.denials.denied", None), "policy = data.aws_iam_policy_document.vault.json", true),
        (locate("vault", MAIN, "watch.notifications.doubtful_events", Some("BACKUP_JOB_FAILED")), r#""BACKUP_JOB_FAILED","#, true),
        (
            locate("selection", &ecs, "reach.unsupported", Some("arn:aws:ecs:*:*:cluster/*")),
            r#"resources = ["arn:${data.aws_partition.current.partition}:ecs:*:*:cluster/*"]"#,
            true,
        ),
        (locate("plan", plan, "objectives.by_type.guaranteed.rpo_hours", None), "schedule = var.daily_schedule", false),
        (locate("key", key, "rotation_enabled", None), "enable_key_rotation = var.enable_key_rotation", true),
        (locate("alarm", alarm, "faults", Some("silence_ignored")), r#"treat_missing_data = "notBreaching""#, true),
        (locate("resource", table, "point_in_time.enabled", None), "enabled = recovery.value.enabled", true),
    ] {
        let shown = line(&found.span);
        assert_eq!((shown.split_once(": ").unwrap().1, found.exact), (at, exact), "{found:?}");
    }
}

#[test]
fn where_the_values_come_from_is_told() {
    let (tree, inputs, origins) = (Tree::load(&Path::new(ROOT).join("environments/prod")).unwrap(), Inputs::default(), origins());
    let locator = Locator::new([Code { tree: &tree, inputs: &inputs, declared: &[] }], &origins);
    let window = locator.locate_address("module.backup.aws_backup_plan.main", "rule{rule_name=weekly}.completion_window").unwrap();
    assert_eq!(
        related(&window),
        [
            "called from module.backup: /environments/prod/main.tf: module \"backup\"",
            "value from argument completion_window_minutes of module.backup: /environments/prod/main_override.tf: completion_window_minutes = 300",
        ]
    );
    let weekly = locator.locate_address("module.backup.aws_backup_plan.main", "rule{rule_name=weekly}.lifecycle.delete_after").unwrap();
    assert_eq!(
        related(&weekly),
        [
            "called from module.backup: /environments/prod/main.tf: module \"backup\"",
            "local.weekly_retention_days: /modules/backup/locals.tf: weekly_retention_days = var.backup_retention_days * var.weekly_retention_factor",
            "value from argument backup_retention_days of module.backup: /environments/prod/main.tf: backup_retention_days = var.backup_retention_days",
            "default of var.backup_retention_days: /environments/prod/variables.tf: default = 30",
            "default of var.weekly_retention_factor: /modules/backup/variables.tf: default = 4",
        ]
    );
    let moved = locator.locate_address("aws_dynamodb_table.artists", "").unwrap();
    assert_eq!((moved.address.as_str(), moved.exact), (r#"aws_dynamodb_table.app["artists.v1"]"#, true));
    let json = locator.locate_address("aws_backup_region_settings.primary", "resource_type_opt_in_preference.S3").unwrap();
    assert_eq!(line(&json.span), "/environments/prod/governance.tf.json: \"S3\": false");
}

/// Terraform itself says which instances there are.
#[test]
fn no_instance_that_terraform_plans_is_taken_for_gone() {
    let mut seen = 0;
    for (root, plan, var_files) in [
        ("fixtures/terraform/awkward", "awkward", &[][..]),
        ("fixtures/terraform/root/environments/dev", "dev", &[]),
        ("fixtures/terraform/root/environments/prod", "prod", &[]),
        ("fixtures/terraform/root/environments/prod", "prod.change", &["fixtures/terraform/root/environments/prod/change.tfvars"]),
    ] {
        let tree = Tree::load(Path::new(root)).unwrap();
        let inputs = Inputs { var_files: var_files.iter().map(Into::into).collect(), ..Inputs::default() };
        let locator = Locator::new([Code { tree: &tree, inputs: &inputs, declared: &[] }], &[]);
        let plan: Json = serde_json::from_str(&fs::read_to_string(format!("fixtures/terraform/{plan}.plan.json")).unwrap()).unwrap();
        for change in plan["resource_changes"].as_array().unwrap() {
            if change["change"]["actions"] == serde_json::json!(["delete"]) {
                continue;
            }
            let address = change["address"].as_str().unwrap();
            let found = locator.locate_address(address, "").unwrap();
            assert!(found.exact, "{address}: {found:?}");
            assert_eq!(found.address, address);
            let line = line(&found.span);
            assert!(line.contains(change["name"].as_str().unwrap()), "{address} is not at {line}");
            seen += 1;
        }
    }
    assert!(seen > 150, "{seen}");
}
