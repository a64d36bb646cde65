//! From findings to what declares, or lacks, what they are about.

use super::*;

#[test]
fn a_lock_that_is_missing_belongs_beside_its_vault() {
    let root = r#"resource "aws_backup_vault" "bare" {
  name = "bare"
}
resource "aws_backup_vault" "locked" {}
resource "aws_backup_vault_lock_configuration" "l" {
  backup_vault_name  = aws_backup_vault.locked.name
  max_retention_days = local.days
}
locals {
  days = 14
}
"#;
    let repo = Repo::new(&[("main.tf", root)]);
    let (bare, locked) = (arn("bare"), arn("locked"));
    let root = repo
        .root("")
        .with(&bare, "aws_backup_vault", "aws_backup_vault.bare")
        .with(&locked, "aws_backup_vault", "aws_backup_vault.locked")
        .with(&locked, "aws_backup_vault_lock_configuration", "aws_backup_vault_lock_configuration.l");
    let locator = root.locator();
    let missing = locator.locate(&vault(&bare, "lock.mode")).unwrap();
    assert_eq!(repo.text(&missing.span), "main.tf: resource \"aws_backup_vault\" \"bare\"");
    assert_eq!(missing.note.as_deref(), Some("no aws_backup_vault_lock_configuration is declared for it"));
    assert!(!missing.exact);
    let maximum = locator.locate(&vault(&locked, "lock.max_retention_days")).unwrap();
    assert_eq!(repo.text(&maximum.span), "main.tf: max_retention_days = local.days");
    assert_eq!(repo.related(&maximum), ["local.days (main.tf: days = 14)"]);
    assert!(maximum.exact);
    let mode = locator.locate(&vault(&locked, "lock.mode")).unwrap();
    assert_eq!(repo.text(&mode.span), "main.tf: resource \"aws_backup_vault_lock_configuration\" \"l\"");
    assert_eq!(mode.note.as_deref(), Some("`changeable_for_days` is not set here"));
    assert_eq!(locator.locate(&vault(&arn("unowned"), "lock.mode")), None);
    let whole = locator.locate(&Wanted { at: None, ..vault(&bare, "") }).unwrap();
    assert!(whole.exact);
}

#[test]
fn one_element_of_a_list_is_shown_by_itself() {
    let root = "resource \"aws_backup_selection\" \"s\" {\n  resources = [\n    \"arn:aws:ecs:*:*:cluster/*\",\n    \"*\",\n  ]\n}\n";
    let repo = Repo::new(&[("main.tf", root)]);
    let plan = "arn:aws:backup:eu-west-1:111122223333:backup-plan:1";
    let mut root = repo.root("").with(plan, "aws_backup_selection", "aws_backup_selection.s");
    root.origins[0].part = Some("s-1".to_owned());
    let locator = root.locator();
    let id = format!("{plan}#selection/s-1");
    let wanted = Wanted { kind: "selection", id: &id, at: Some("reach.unsupported"), of: Some("*"), ..Wanted::default() };
    assert_eq!(repo.text(&locator.locate(&wanted).unwrap().span), "main.tf: \"*\"");
    let other = format!("{plan}#selection/s-2");
    assert_eq!(locator.locate(&Wanted { id: &other, ..wanted }), None);
}

#[test]
fn a_module_of_two_roots_is_one_line_called_from_both() {
    let call = |days: u32| format!("module \"backup\" {{\n  source = \"../../modules/backup\"\n  days   = {days}\n}}\n");
    let repo = Repo::new(&[("envs/dev/main.tf", &call(7)), ("envs/prod/main.tf", &call(30)), ("modules/backup/main.tf", MODULE)]);
    let plans = ["dev", "prod"].map(|id| format!("arn:aws:backup:{REGION}:{ACCOUNT}:backup-plan:{id}"));
    let address = "module.backup.aws_backup_plan.main";
    let mut both = repo.root("envs/dev").with(&plans[0], "aws_backup_plan", address).with(&plans[1], "aws_backup_plan", address);
    both.trees.extend(repo.root("envs/prod").trees);
    both.declared = ["dev", "prod"].map(|name| vec![declared(address, "aws_backup_plan", REGION, name)]).into();
    let locator = both.locator();
    let found = plans.each_ref().map(|plan| {
        let id = format!("{plan}#daily");
        let name = format!("{} / daily", plan.rsplit(':').next().unwrap());
        let wanted = Wanted { kind: "plan_rule", id: &id, name: &name, at: Some("lifecycle.delete_after_days"), ..Wanted::default() };
        locator.locate(&wanted).unwrap()
    });
    assert_eq!(found[0].span, found[1].span);
    assert_eq!(repo.related(&found[1])[0], "called from module.backup (envs/prod/main.tf: module \"backup\")");
    assert_eq!(repo.related(&found[0])[1], "value from argument days of module.backup (envs/dev/main.tf: days   = 7)");
}

#[test]
fn settings_and_providers_are_found_by_their_place() {
    let root = r#"variable "home" {
  default = "eu-west-1"
}
provider "aws" {
  region = var.home
}
provider "aws" {
  alias  = "far"
  region = "us-west-2"
  assume_role {
    role_arn = "arn:aws:iam::111122223333:role/deploy"
  }
}
resource "aws_backup_region_settings" "far" {
  provider                            = aws.far
  resource_type_management_preference = { DynamoDB = false }
}
"#;
    let repo = Repo::new(&[("main.tf", root)]);
    let mut root = repo.root("");
    root.declared = vec![vec![declared("aws_backup_region_settings.far", "aws_backup_region_settings", "us-west-2", "")]];
    let locator = root.locator();
    let account = |region| Wanted {
        kind: "account",
        id: "arn:aws:iam::111122223333:root",
        account: ACCOUNT,
        at: Some("dynamodb.advanced_features"),
        of: Some(region),
        ..Wanted::default()
    };
    let far = locator.locate(&account("us-west-2")).unwrap();
    assert!(far.exact && repo.text(&far.span).starts_with("main.tf: resource_type_management_preference"));
    let near = locator.locate(&account("eu-west-1")).unwrap();
    assert_eq!((repo.text(&near.span).as_str(), near.address.as_str()), ("main.tf: provider \"aws\"", "provider.aws"));
    assert_eq!(near.note.as_deref(), Some("no aws_backup_region_settings is declared for it"));
    assert_eq!(locator.locate(&account("ap-south-1")), None);
    assert_eq!(locator.locate(&Wanted { account: "999999999999", ..account("us-west-2") }), None);
}

#[test]
fn a_plan_without_a_state_is_found_by_its_name() {
    let repo = Repo::new(&[("main.tf", "module \"a\" {\n  source = \"./m\"\n}\n"), ("m/main.tf", MODULE)]);
    let mut root = repo.root("");
    root.declared = vec![vec![declared("module.a.aws_backup_plan.main", "aws_backup_plan", REGION, "nightly")]];
    let locator = root.locator();
    let id = "arn:aws:backup:eu-west-1:111122223333:backup-plan:1#daily";
    let at = Some("lifecycle.delete_after_days");
    let wanted = Wanted { kind: "plan_rule", id, name: "nightly / daily", account: ACCOUNT, region: REGION, at, ..Wanted::default() };
    assert_eq!(repo.text(&locator.locate(&wanted).unwrap().span), "m/main.tf: delete_after = var.days");
    assert_eq!(locator.locate(&Wanted { region: "us-east-1", ..wanted.clone() }), None);
    assert_eq!(locator.locate(&Wanted { name: "weekly / daily", ..wanted }), None);
}
