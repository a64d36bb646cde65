//! Roots made for what is hard to know: where things are, how many there are, and what stays unknown and why.

use std::collections::BTreeMap;
use std::path::Path;

use super::{Evaluated, Inputs, evaluate};
use crate::snapshot::{Cause, Observed};
use crate::terraform::declared::Declared;
use crate::terraform::value::{Reference, Value};

fn root(files: &[(&str, &str)]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = directory.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    directory
}

fn evaluated(files: &[(&str, &str)]) -> Evaluated {
    evaluate(root(files).path(), &Inputs::default()).unwrap()
}

fn declared(files: &[(&str, &str)]) -> BTreeMap<String, Declared> {
    evaluated(files).root.declared.into_iter().map(|declared| (declared.address.clone(), declared)).collect()
}

/// What `name` of a vault comes to, with this before it.
fn name_of(expression: &str, rest: &str) -> Value {
    let text = format!("{rest}\nresource \"aws_backup_vault\" \"v\" {{\n  name = {expression}\n}}\n");
    declared(&[("main.tf", &text)])["aws_backup_vault.v"].attributes.get("name").cloned().unwrap_or(Value::Null)
}

fn why(value: &Value) -> (Cause, String) {
    match value {
        Value::Unknown(unknown) => (unknown.reason.cause, unknown.reason.detail.clone()),
        known => panic!("{known:?} is known"),
    }
}

fn text(text: &str) -> Value {
    Value::String(text.to_owned())
}

#[test]
fn variables_are_given_in_terraforms_order() {
    let main = "variable \"a\" {\n  default = \"default\"\n}\nvariable \"n\" {\n  type = list(number)\n  default = []\n}\nresource \"aws_backup_vault\" \"v\" {\n  name = var.a\n  tags = { n = length(var.n) }\n}\n";
    let directory = root(&[("main.tf", main)]);
    let mut inputs = Inputs::default();
    let name = |inputs: &Inputs| evaluate(directory.path(), inputs).unwrap().root.declared[0].attributes["name"].clone();
    assert_eq!(name(&inputs), text("default"));
    inputs.environment.insert("TF_VAR_a".to_owned(), "environment".to_owned());
    assert_eq!(name(&inputs), text("environment"));
    for (file, given) in [("terraform.tfvars", "first"), ("a.auto.tfvars", "second"), ("b.auto.tfvars.json", "third"), ("given", "fourth")]
    {
        let content = if file.ends_with("json") { format!("{{\"a\": \"{given}\"}}") } else { format!("a = \"{given}\"\n") };
        std::fs::write(directory.path().join(file), content).unwrap();
        if file == "given" {
            inputs.var_files.push(directory.path().join(file));
        }
        assert_eq!(name(&inputs), text(given));
    }
    inputs.vars = vec![("a".to_owned(), "[fifth]".to_owned()), ("n".to_owned(), "[1, 2]".to_owned())];
    let evaluated = evaluate(directory.path(), &inputs).unwrap();
    let attributes = &evaluated.root.declared[0].attributes;
    assert_eq!(attributes["name"], text("[fifth]"));
    assert_eq!(attributes["tags"], Value::Object(BTreeMap::from([("n".to_owned(), Value::Number(2.0))])));
    inputs.vars = vec![("b".to_owned(), String::new())];
    assert!(evaluate(directory.path(), &inputs).unwrap_err().is_usage());
}

#[test]
fn a_value_that_is_not_there_is_unknown_with_its_cause() {
    let (cause, detail) = why(&name_of("var.x", "variable \"x\" {}"));
    assert_eq!((cause, detail.as_str()), (Cause::NotEvaluated, "var.x has no value; give --var x=... or --var-file"));
    let (cause, detail) = why(&name_of("\"a-${data.aws_vpc.x.id}\"", "data \"aws_vpc\" \"x\" {}"));
    assert_eq!((cause, detail.as_str()), (Cause::NotEvaluated, "data.aws_vpc.x.id is read from AWS or elsewhere"));
    let (cause, detail) = why(&name_of("timestamp()", ""));
    assert_eq!((cause, detail.as_str()), (Cause::NotEvaluated, "timestamp(), which is not evaluated without Terraform"));
    let (cause, detail) = why(&name_of("module.m.x", "module \"m\" {\n  source = \"a/b/aws\"\n}"));
    assert_eq!((cause, detail.as_str()), (Cause::NotEvaluated, "module.m is not installed (from a/b/aws)"));
    let (cause, detail) = why(&name_of("nothing.at.all", ""));
    assert_eq!((cause, detail.as_str()), (Cause::NotEvaluated, "'name' cannot be evaluated: nothing.at is not declared"));
    // What cannot be evaluated is no failure that `try` hides: Terraform would stop.
    why(&name_of("try(local.a, \"b\")", "locals {\n  a = tonumber(\"x\")\n}"));
}

#[test]
fn a_module_that_is_not_there_makes_the_root_partial() {
    let root = evaluated(&[("main.tf", "module \"m\" {\n  source = \"a/b/aws\"\n}\nresources {}\n")]).root;
    assert!(root.partial.is_some());
    assert_eq!(root.notices.len(), 2);
    assert!(root.notices[0].ends_with("main.tf:4: the block 'resources' is not known and was passed over"), "{:?}", root.notices);
}

#[test]
fn what_is_known_after_apply_is_a_reference_only_as_a_whole() {
    let key = "resource \"aws_kms_key\" \"k\" {\n  for_each = toset([\"a.b\", \"c\"])\n}\nmodule \"m\" {\n  source = \"./m\"\n  arn = aws_kms_key.k[\"a.b\"].arn\n}\n";
    let vault = "variable \"arn\" {}\noutput \"name\" {\n  value = aws_backup_vault.v.name\n}\nresource \"aws_backup_vault\" \"v\" {\n  name = \"n-${var.arn}\"\n  kms_key_arn = var.arn\n}\n";
    let all = declared(&[("main.tf", key), ("m/main.tf", vault)]);
    assert_eq!(all.keys().collect::<Vec<_>>(), ["aws_kms_key.k[\"a.b\"]", "aws_kms_key.k[\"c\"]", "module.m.aws_backup_vault.v"]);
    let attributes = &all["module.m.aws_backup_vault.v"].attributes;
    let Value::Unknown(arn) = &attributes["kms_key_arn"] else { panic!() };
    assert_eq!(arn.reference, Some(Reference { address: "aws_kms_key.k[\"a.b\"]".to_owned(), attribute: "arn".to_owned() }));
    let Value::Unknown(name) = &attributes["name"] else { panic!() };
    assert_eq!(
        (name.reason.cause, name.reason.detail.as_str(), &name.reference),
        (Cause::KnownAfterApply, "aws_kms_key.k[\"a.b\"].arn is known after apply", &None)
    );
}

#[test]
fn where_how_many_is_not_known_one_stands_for_all() {
    let main = "data \"aws_vpcs\" \"all\" {}\nresource \"aws_backup_vault\" \"v\" {\n  count = length(data.aws_vpcs.all.ids)\n  name = \"v-${count.index}\"\n}\n\
                resource \"aws_backup_vault_policy\" \"p\" {\n  backup_vault_name = \"x\"\n  policy = aws_backup_vault.v[0].arn\n}\n\
                module \"m\" {\n  source = \"./m\"\n  for_each = data.aws_vpcs.all.tags\n}\n";
    let all = declared(&[("main.tf", main), ("m/main.tf", "resource \"aws_sns_topic\" \"t\" {\n  name = \"fixed\"\n}\n")]);
    let vault = &all["aws_backup_vault.v[?]"];
    assert_eq!(
        vault.may_exist.as_ref().unwrap().detail,
        "count of aws_backup_vault.v is not known: data.aws_vpcs.all.ids is read from AWS or elsewhere"
    );
    why(&vault.attributes["name"]);
    let Value::Unknown(policy) = &all["aws_backup_vault_policy.p"].attributes["policy"] else { panic!() };
    assert_eq!(policy.reference.as_ref().unwrap().address, "aws_backup_vault.v[?]");
    let topic = &all["module.m[?].aws_sns_topic.t"];
    assert_eq!(topic.attributes["name"], text("fixed"));
    assert!(topic.may_exist.is_some());
    // An argument that Terraform would refuse is no zero either.
    let refused = declared(&[("main.tf", "resource \"aws_sns_topic\" \"t\" {\n  count = \"many\"\n  name = \"x\"\n}\n")]);
    assert!(refused["aws_sns_topic.t[?]"].may_exist.is_some());
}

#[test]
fn the_provider_tells_where_a_resource_is() {
    let main = r#"
provider "aws" {
  region              = var.region
  allowed_account_ids = ["111122223333"]
  default_tags {
    tags = { team = "ops", "aws:x" = "y", own = "default" }
  }
}
provider "aws" {
  alias = "west"
  assume_role {
    role_arn = "arn:aws:iam::444455556666:role/x"
  }
}
variable "region" {
  default = "eu-west-1"
}
resource "aws_backup_vault" "own" {
  name = data.aws_caller_identity.me.account_id
  tags = { own = "yes", none = null }
}
resource "aws_backup_vault" "elsewhere" {
  name   = "${data.aws_region.here.name}/${data.aws_partition.here.partition}"
  region = "cn-north-1"
}
data "aws_caller_identity" "me" {}
data "aws_region" "here" {}
data "aws_partition" "here" {}
module "m" {
  source    = "./m"
  providers = { aws.other = aws.west }
}
"#;
    let inner = "resource \"aws_backup_vault\" \"a\" {\n  name = \"a\"\n}\nresource \"aws_backup_vault\" \"b\" {\n  provider = aws.other\n  name = \"b\"\n}\nresource \"aws_backup_vault\" \"c\" {\n  provider = aws.gone\n  name = \"c\"\n}\n";
    let all = declared(&[("main.tf", main), ("m/main.tf", inner)]);
    let place = |address: &str| (all[address].place.account.clone(), all[address].place.region.clone());
    let known = |text: &str| Observed::Known(text.to_owned());
    assert_eq!(place("aws_backup_vault.own"), (known("111122223333"), known("eu-west-1")));
    assert_eq!(place("aws_backup_vault.elsewhere"), (known("111122223333"), known("cn-north-1")));
    assert_eq!(place("module.m.aws_backup_vault.a"), (known("111122223333"), known("eu-west-1")));
    assert_eq!(place("module.m.aws_backup_vault.b"), (known("444455556666"), Observed::Absent));
    assert!(matches!(place("module.m.aws_backup_vault.c"), (Observed::Unknown(_), Observed::Unknown(_))));
    let own = &all["aws_backup_vault.own"].attributes;
    assert_eq!(own["name"], text("111122223333"));
    assert_eq!(own["tags_all"], Value::Object(BTreeMap::from([("own".to_owned(), text("yes")), ("team".to_owned(), text("ops"))])));
    assert_eq!(all["aws_backup_vault.elsewhere"].attributes["name"], text("eu-west-1/aws"));
}

#[test]
fn what_refers_to_itself_is_unknown_and_ends() {
    let (_, detail) = why(&name_of("local.a", "locals {\n  a = local.b\n  b = local.a\n}"));
    assert!(detail.contains("refers to itself"), "{detail}");
    let (_, detail) = why(&name_of("aws_backup_vault.v.name", ""));
    assert!(detail.contains("refers to itself"), "{detail}");
    let counted = declared(&[("main.tf", "resource \"aws_sns_topic\" \"t\" {\n  count = length(aws_sns_topic.t)\n  name = \"x\"\n}\n")]);
    assert!(counted["aws_sns_topic.t[?]"].may_exist.is_some());
    // A provider that is configured by what it makes.
    let own = "provider \"aws\" {\n  region = aws_sns_topic.t.region\n}\nresource \"aws_sns_topic\" \"t\" {\n  name = \"x\"\n}\n";
    assert!(matches!(declared(&[("main.tf", own)])["aws_sns_topic.t"].place.region, Observed::Unknown(_)));
}

#[test]
fn what_grows_without_end_ends() {
    let mut doubled = String::from("locals {\n  t0 = \"xxxxxxxx\"\n  l0 = [1]\n");
    for at in 1..200 {
        doubled += &format!("  t{at} = \"${{local.t{0}}}${{local.t{0}}}\"\n  l{at} = [local.l{0}, local.l{0}]\n", at - 1);
    }
    doubled += "}\n";
    assert_eq!(why(&name_of("local.t199", &doubled)).1, "a text that is too long to evaluate");
    assert_eq!(why(&name_of("jsonencode(local.l199)", &doubled)).1, "a value that is too large to evaluate");
    why(&name_of("jsonencode(local.l30 == local.l30)", &doubled));
    let long: String = (1..20_000).map(|at| format!("  a{at} = local.a{}\n", at - 1)).collect();
    why(&name_of("local.a19999", &format!("locals {{\n  a0 = 1\n{long}}}\n")));
    let many = "resource \"aws_sns_topic\" \"t\" {\n  count = 100001\n  name = \"x\"\n}\n";
    let error = evaluate(root(&[("main.tf", many)]).path(), &Inputs::default()).unwrap_err().to_string();
    assert!(error.contains("main.tf:1:1: aws_sns_topic.t has more than 100000 instances"), "{error}");
}

#[test]
fn errors_do_not_say_what_may_be_secret() {
    let secret = "variable \"s\" {\n  sensitive = true\n  default = \"hunter2\"\n}\n";
    for expression in [
        "tonumber(var.s)",
        "var.s + 1",
        "{}[var.s]",
        "regex(\"x\", var.s)",
        "jsondecode(var.s)",
        "element([], var.s)",
        "file(var.s)",
        "[var.s] == [var.s]",
    ] {
        let (_, detail) = why(&name_of(expression, secret));
        assert!(!detail.contains("hunter2"), "{detail}");
    }
    let given = Inputs { vars: vec![("l".to_owned(), "hunter2 {".to_owned())], ..Inputs::default() };
    let directory =
        root(&[("main.tf", "variable \"l\" {\n  type = list(string)\n}\nresource \"aws_sns_topic\" \"t\" {\n  name = var.l[0]\n}\n")]);
    let evaluated = evaluate(directory.path(), &given).unwrap();
    assert!(!format!("{:?}", evaluated.root).contains("hunter2"));
    std::fs::write(directory.path().join("terraform.tfvars"), "l = [\"hunter2\"\n").unwrap();
    assert!(!evaluate(directory.path(), &Inputs::default()).unwrap_err().to_string().contains("hunter2"));
}

#[test]
fn files_are_read_from_the_repository_only() {
    let main = "resource \"aws_cloudwatch_metric_alarm\" \"a\" {\n  alarm_name = file(\"${path.module}/in.txt\")\n  namespace = templatefile(\"in.tpl\", { a = \"x\" })\n  metric_name = file(\"../out.txt\")\n}\n";
    let directory = root(&[
        ("repo/.git/HEAD", ""),
        ("repo/main.tf", main),
        ("repo/in.txt", "inside"),
        ("repo/in.tpl", "<${a}>"),
        ("out.txt", "hunter2"),
    ]);
    let evaluated = evaluate(&directory.path().join("repo"), &Inputs::default()).unwrap().root;
    let attributes = &evaluated.declared[0].attributes;
    assert_eq!((&attributes["alarm_name"], &attributes["namespace"]), (&text("inside"), &text("<x>")));
    assert_eq!(why(&attributes["metric_name"]).1, "a file that is outside of the repository or cannot be read");
}

#[test]
fn dynamic_blocks_are_the_blocks_they_make() {
    let main = "resource \"aws_backup_plan\" \"p\" {\n  name = \"p\"\n  rule {\n    rule_name = \"fixed\"\n  }\n  dynamic \"rule\" {\n    for_each = { a = [1, 2], b = [] }\n    iterator = each_rule\n    content {\n      rule_name = each_rule.key\n      dynamic \"copy_action\" {\n        for_each = each_rule.value\n        content {\n          destination_vault_arn = \"${each_rule.key}${copy_action.value}\"\n        }\n      }\n    }\n  }\n}\n\
                resource \"aws_backup_plan\" \"q\" {\n  name = \"q\"\n  rule {\n    rule_name = \"fixed\"\n  }\n  dynamic \"rule\" {\n    for_each = data.aws_vpcs.x.ids\n    content {}\n  }\n}\ndata \"aws_vpcs\" \"x\" {}\n";
    let all = declared(&[("main.tf", main)]);
    let Value::List(rules) = &all["aws_backup_plan.p"].attributes["rule"] else { panic!() };
    assert_eq!(rules.len(), 3);
    let Value::Object(rule) = &rules[1] else { panic!() };
    assert_eq!(rule["rule_name"], text("a"));
    let Value::List(copies) = &rule["copy_action"] else { panic!() };
    assert_eq!(copies[1], Value::Object(BTreeMap::from([("destination_vault_arn".to_owned(), text("a2"))])));
    why(&all["aws_backup_plan.q"].attributes["rule"]);
}

#[test]
fn the_fixture_root_is_evaluated_in_no_time() {
    let started = std::time::Instant::now();
    evaluate(Path::new("fixtures/terraform/root/environments/prod"), &Inputs::default()).unwrap();
    // Unoptimized, on a machine that does other things as well.
    assert!(started.elapsed().as_secs() < 5);
}

#[test]
fn what_is_not_to_be_changed_is_not_known_once_it_is_there() {
    let main = "resource \"aws_backup_vault\" \"v\" {\n  name = \"n\"\n  tags = { a = \"b\" }\n  lifecycle {\n    ignore_changes = [kms_key_arn, tags]\n  }\n}\n\
                resource \"aws_backup_vault\" \"w\" {\n  name = \"n\"\n  lifecycle {\n    ignore_changes = all\n  }\n}\n";
    let all = declared(&[("main.tf", main)]);
    let vault = &all["aws_backup_vault.v"].attributes;
    assert_eq!(vault["name"], text("n"));
    for name in ["kms_key_arn", "tags", "tags_all"] {
        assert_eq!(why(&vault[name]).0, Cause::NotEvaluated, "{name}");
    }
    assert_eq!(why(&all["aws_backup_vault.w"].attributes["name"]).0, Cause::NotEvaluated);
}
