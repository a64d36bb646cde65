//! Where values come from.

use super::*;

#[test]
fn a_value_is_followed_by_the_member_that_is_used() {
    let root = r#"variable "days" {
  default = 30
}
locals {
  context = { environment = "prod", retention = { days = var.days } }
}
module "outer" {
  source  = "./outer"
  context = local.context
}
"#;
    let outer = "variable \"context\" {}\nmodule \"inner\" {\n  source = \"../m\"\n  days   = var.context.retention.days\n}\n";
    let repo = Repo::new(&[("main.tf", root), ("outer/main.tf", outer), ("m/main.tf", MODULE)]);
    let at = |root: Owned| {
        let found = root.locator().locate_address("module.outer.module.inner.aws_backup_plan.main", "rule.lifecycle.delete_after").unwrap();
        repo.related(&found)
    };
    let way = [
        "called from module.outer.module.inner (outer/main.tf: module \"inner\")",
        "called from module.outer (main.tf: module \"outer\")",
        "value from argument days of module.inner (outer/main.tf: days   = var.context.retention.days)",
        "value from argument context of module.outer (main.tf: context = local.context)",
    ];
    let local = "local.context (main.tf: context = { environment = \"prod\", retention = { days = var.days } })";
    let with = |last: &[&'static str]| [&way, [local].as_slice(), last].concat();
    assert_eq!(at(repo.root("")), with(&["default of var.days (main.tf: default = 30)"]));

    repo.write("a.auto.tfvars", "days = 5\n");
    assert_eq!(at(repo.root("")), with(&["value of var.days (a.auto.tfvars: days = 5)"]));
    let mut root = repo.root("");
    root.inputs.vars = vec![("days".to_owned(), "9".to_owned())];
    assert_eq!(at(root), with(&[]), "what the command line gives has no place");
}

#[test]
fn a_key_is_followed_through_the_output_of_another_module() {
    let root = r#"module "key" {
  source = "./key"
}
resource "aws_backup_vault" "v" {
  kms_key_arn = module.key.arn
}
"#;
    let key = "resource \"aws_kms_key\" \"this\" {}\noutput \"arn\" {\n  value = aws_kms_key.this.arn\n}\n";
    let repo = Repo::new(&[("main.tf", root), ("key/main.tf", key)]);
    let found = repo.locate("aws_backup_vault.v", "kms_key_arn").unwrap();
    let related = [
        "output arn of module.key (key/main.tf: value = aws_kms_key.this.arn)",
        "module.key.aws_kms_key.this (key/main.tf: resource \"aws_kms_key\" \"this\")",
    ];
    assert_eq!(repo.related(&found), related);
}

#[test]
fn references_in_a_circle_and_templates_of_templates_end() {
    let mut root = String::from(
        "locals {\n  a = local.b\n  b = local.a\n  l0 = \"ha\"\n}\nmodule \"m\" {\n  source = \"./m\"\n  for_each = module.m.out\n  x = each.value\n}\n",
    );
    for at in 1..40 {
        root += &format!("locals {{\n  l{at} = \"${{local.l{0}}}${{local.l{0}}}\"\n}}\n", at - 1);
    }
    root += "resource \"aws_backup_plan\" \"p\" {\n  name = local.a\n  rule {\n    rule_name = local.l39\n  }\n  rule {\n    rule_name = module.m.out\n  }\n}\n";
    let module = "variable \"x\" {}\noutput \"out\" {\n  value = var.x\n}\nresource \"aws_backup_vault\" \"v\" {\n  name = var.x\n}\n";
    let repo = Repo::new(&[("main.tf", &root), ("m/main.tf", module)]);
    let root = repo.root("");
    let locator = root.locator();
    let start = Instant::now();
    for (address, path) in
        [("aws_backup_plan.p", "name"), ("aws_backup_plan.p", "rule{rule_name=ha}"), ("module.m[\"k\"].aws_backup_vault.v", "name")]
    {
        assert!(locator.locate_address(address, path).is_some());
    }
    assert!(start.elapsed() < Duration::from_secs(5));
}
