//! From addresses and paths to what is written, however Terraform hides it.

use super::*;

#[test]
fn keys_with_dots_and_brackets_lead_to_the_block_and_its_values() {
    let root = r#"module "a" {
  source   = "./m"
  for_each = { "x.y" = 14, "p[0]" = 30 }
  days     = each.value
}
"#;
    let repo = Repo::new(&[("main.tf", root), ("m/main.tf", MODULE)]);
    let address = r#"module.a["p[0]"].aws_backup_plan.main"#;
    let found = repo.locate(address, "rule{rule_name=daily}.lifecycle.delete_after").unwrap();
    assert_eq!(repo.text(&found.span), "m/main.tf: delete_after = var.days");
    assert_eq!((found.span.line, found.span.column), (9, 7));
    assert!(found.exact && found.note.is_none());
    assert_eq!(found.address, address);
    let related = [
        "called from module.a (main.tf: module \"a\")",
        "value from argument days of module.a (main.tf: days     = each.value)",
        "element of for_each (main.tf: 30)",
    ];
    assert_eq!(repo.related(&found), related);
}

#[test]
fn an_instance_that_is_gone_leads_near() {
    let root = r#"module "a" {
  source   = "./m"
  for_each = toset(["x"])
}
resource "aws_backup_vault" "v" {
  count = 2
}
resource "aws_backup_vault" "single" {}
"#;
    let repo = Repo::new(&[("main.tf", root), ("m/main.tf", MODULE)]);
    let root = repo.root("");
    let locator = root.locator();
    for (address, at, note) in [
        (r#"module.a["y"].aws_backup_plan.main"#, "m/main.tf: resource \"aws_backup_plan\" \"main\"", "module.a[\"y\"] is not declared"),
        ("aws_backup_vault.v[2]", "main.tf: resource \"aws_backup_vault\" \"v\"", "aws_backup_vault.v[2] is not declared"),
        ("aws_backup_vault.single[0]", "main.tf: resource \"aws_backup_vault\" \"single\"", "aws_backup_vault.single[0] is not declared"),
        (r#"module.a["x"].aws_backup_vault.v"#, "main.tf: module \"a\"", "aws_backup_vault.v is not declared"),
        ("module.gone.aws_backup_vault.v", "main.tf: module \"a\" {", "module.gone is not declared"),
    ] {
        let found = locator.locate_address(address, "").unwrap();
        assert_eq!((repo.text(&found.span).as_str(), found.note.as_deref(), found.exact), (at, Some(note), false), "{address}");
    }
    for address in [r#"module.a["x"].aws_backup_plan.main"#, "aws_backup_vault.v[1]", "aws_backup_vault.v", "aws_backup_vault.v[?]"] {
        assert!(locator.locate_address(address, "").unwrap().exact, "{address}");
    }
}

#[test]
fn what_moved_is_found_where_it_is_now() {
    let root = r#"module "new" {
  source = "./m"
}
moved {
  from = module.old["k"]
  to   = module.new
}
moved {
  from = aws_backup_vault.first
  to   = module.old["k"].aws_backup_vault.second
}
moved {
  from = aws_backup_vault.round
  to   = aws_backup_vault.trip
}
moved {
  from = aws_backup_vault.trip
  to   = aws_backup_vault.round
}
"#;
    let module = r#"resource "aws_backup_vault" "third" {
  name = "v"
}
moved {
  from = aws_backup_vault.second
  to   = aws_backup_vault.third
}
"#;
    let repo = Repo::new(&[("main.tf", root), ("m/main.tf", module)]);
    let root = repo.root("");
    let locator = root.locator();
    for address in ["aws_backup_vault.first", r#"module.old["k"].aws_backup_vault.third"#, "module.new.aws_backup_vault.second"] {
        let found = locator.locate_address(address, "name").unwrap();
        assert_eq!(repo.text(&found.span), "m/main.tf: name = \"v\"", "{address}");
        assert!(found.exact);
        assert_eq!(found.address, "module.new.aws_backup_vault.third");
    }
    let other = locator.locate_address(r#"module.old["l"].aws_backup_vault.third"#, "name").unwrap();
    assert_eq!(other.note.as_deref(), Some("module.old is not declared"), "only one instance moved");
    assert!(!locator.locate_address("aws_backup_vault.round", "").unwrap().exact);
}

#[test]
fn the_attribute_of_an_override_is_the_one() {
    let root = "resource \"aws_backup_vault\" \"v\" {\n  name = \"a\"\n  kms_key_arn = \"b\"\n}\n";
    let over = "resource \"aws_backup_vault\" \"v\" {\n  kms_key_arn = \"c\"\n}\n";
    let repo = Repo::new(&[("main.tf", root), ("main_override.tf", over)]);
    let root = repo.root("");
    let locator = root.locator();
    assert_eq!(
        repo.text(&locator.locate_address("aws_backup_vault.v", "kms_key_arn").unwrap().span),
        "main_override.tf: kms_key_arn = \"c\""
    );
    assert_eq!(repo.text(&locator.locate_address("aws_backup_vault.v", "name").unwrap().span), "main.tf: name = \"a\"");
}

#[cfg(unix)]
#[test]
fn a_symlink_leads_to_the_file_itself() {
    let repo = Repo::new(&[("prod/main.tf", "module \"b\" {\n  source = \"./linked\"\n}\n"), ("shared/main.tf", MODULE)]);
    std::os::unix::fs::symlink(repo.path("shared"), repo.path("prod/linked")).unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    fs::write(elsewhere.path().join("main.tf"), "resource \"aws_backup_vault\" \"v\" {}\n").unwrap();
    std::os::unix::fs::symlink(elsewhere.path(), repo.path("prod/away")).unwrap();
    repo.write("prod/away.tf", "module \"away\" {\n  source = \"./away\"\n}\n");
    let root = repo.root("prod");
    let locator = root.locator();
    let found = locator.locate_address("module.b.aws_backup_plan.main", "name").unwrap();
    assert_eq!(repo.text(&found.span), "shared/main.tf: name = \"p\"");
    let away = locator.locate_address("module.away.aws_backup_vault.v", "").unwrap();
    assert_eq!(repo.text(&away.span), "prod/away.tf: module \"away\"");
    assert_eq!(away.note.as_deref(), Some("it stands in away/main.tf:1"));
    assert!(!away.exact);
}

#[test]
fn json_has_lines_as_well() {
    let root = r#"{
  "variable": {"days": {"default": 30}},
  "resource": {"aws_backup_plan": {"main": {
    "rule": [
      {"rule_name": "daily", "lifecycle": {"delete_after": 7}},
      {"rule_name": "weekly", "lifecycle": {"delete_after": "${var.days}"}}
    ]
  }}}
}
"#;
    let repo = Repo::new(&[("main.tf.json", root)]);
    let found = repo.locate("aws_backup_plan.main", "rule{rule_name=weekly}.lifecycle.delete_after").unwrap();
    assert_eq!(found.span.line, 6);
    assert!(repo.text(&found.span).starts_with("main.tf.json: \"delete_after\""), "{}", repo.text(&found.span));
    assert_eq!(found.related.len(), 1);
    assert_eq!((found.related[0].text.as_str(), found.related[0].span.line), ("default of var.days", 2));
}

#[test]
fn a_module_from_a_registry_leads_to_its_call() {
    let root =
        "module \"backup\" {\n  source = \"acme/backup/aws\"\n  days   = 9\n}\nmodule \"absent\" {\n  source = \"acme/absent/aws\"\n}\n";
    let manifest = r#"{"Modules": [{"Key": "", "Source": "", "Dir": "."},
        {"Key": "backup", "Source": "registry.terraform.io/acme/backup/aws", "Version": "1.0.0", "Dir": ".terraform\\modules\\backup"}]}"#;
    let repo =
        Repo::new(&[("main.tf", root), (".terraform/modules/modules.json", manifest), (".terraform/modules/backup/main.tf", MODULE)]);
    let root = repo.root("");
    let locator = root.locator();
    let found = locator.locate_address("module.backup.aws_backup_plan.main", "rule.lifecycle.delete_after").unwrap();
    assert_eq!(repo.text(&found.span), "main.tf: module \"backup\"");
    assert_eq!(found.note.as_deref(), Some("it stands in .terraform/modules/backup/main.tf:9"));
    assert_eq!(repo.related(&found), ["value from argument days of module.backup (main.tf: days   = 9)"]);
    let absent = locator.locate_address("module.absent.module.deep.aws_backup_plan.main", "name").unwrap();
    assert_eq!(repo.text(&absent.span), "main.tf: module \"absent\"");
    assert_eq!(absent.note.as_deref(), Some("the module of module.absent is not installed"));
}

#[test]
fn blocks_are_chosen_by_what_is_in_them_dynamic_ones_too() {
    let root = "module \"m\" {\n  source = \"./m\"\n  rules = [\n    { name = \"daily\", days = 7 },\n    { name = \"weekly\", days = 35 },\n  ]\n}\n";
    let repo = Repo::new(&[("main.tf", root), ("m/main.tf", COPIES)]);
    let far = arn("far");
    let root = repo.root("").with(&far, "aws_backup_vault", "module.m.aws_backup_vault.far");
    let locator = root.locator();
    let at = |path: &str| locator.locate_address("module.m.aws_backup_plan.main", path).unwrap();

    let weekly = at("rule{rule_name=weekly}.lifecycle.delete_after");
    assert_eq!(repo.text(&weekly.span), "m/main.tf: delete_after = each_rule.value.days");
    assert!(weekly.exact);
    let rules = repo.related(&weekly);
    assert_eq!(rules[1..], ["element of for_each (main.tf: { name = \"weekly\", days = 35 })"]);

    let fixed = at(&format!("rule{{rule_name=fixed}}.copy_action{{destination_vault_arn={far}}}.lifecycle.delete_after"));
    assert_eq!((repo.text(&fixed.span).as_str(), fixed.exact), ("m/main.tf: delete_after = 3", true));
    let near = at(&format!("rule{{rule_name=fixed}}.copy_action{{destination_vault_arn={}}}", arn("near")));
    assert_eq!((near.span.line, near.exact), (22, true));
    let copied = at(&format!("rule{{rule_name=daily}}.copy_action{{destination_vault_arn={far}}}.lifecycle.delete_after"));
    assert_eq!(repo.text(&copied.span), "m/main.tf: dynamic \"copy_action\"");
    assert_eq!(copied.note.as_deref(), Some("`lifecycle.delete_after` is not set here"));
    let none = at("rule{rule_name=yearly}.lifecycle");
    assert_eq!(none.note.as_deref(), Some("no `rule` block has rule_name yearly"));
    assert!(!none.exact);
    assert!(!at("rule.lifecycle").exact, "which of several rules is not said");
}

#[test]
fn a_rule_of_a_list_that_is_not_known_is_the_one_that_is_left() {
    let root = "module \"m\" {\n  source = \"./m\"\n  rules = data.x.y.z\n}\n";
    let repo = Repo::new(&[("main.tf", root), ("m/main.tf", COPIES)]);
    let found = repo.locate("module.m.aws_backup_plan.main", "rule{rule_name=daily}.lifecycle.delete_after").unwrap();
    assert_eq!(repo.text(&found.span), "m/main.tf: delete_after = each_rule.value.days");
    assert!(found.exact);
}

#[test]
fn without_a_repository_only_the_root_itself_is_one() {
    let directory = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = directory.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("root/main.tf", "module \"a\" {\n  source = \"../m\"\n}\n");
    write("m/main.tf", MODULE);
    let tree = Tree::load(&directory.path().join("root")).unwrap();
    let inputs = Inputs::default();
    let found = Locator::new([Code { tree: &tree, inputs: &inputs, declared: &[] }], &[])
        .locate_address("module.a.aws_backup_plan.main", "")
        .unwrap();
    // Machines that keep their temporary files in a repository find more.
    if !Path::new("/tmp/.git").exists() {
        assert_eq!((found.span.file.as_str(), found.exact), ("main.tf", false));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_path_and_no_address_is_too_much(
        path in "(rule|copy_action|lifecycle|name|x)(\\{(rule_name|x)=[a-z]{0,3}\\})?(\\.(rule|copy_action|lifecycle|delete_after)){0,4}",
        address in "(module\\.m(\\[[0-9\"a?]{0,3}\\])?\\.){0,3}aws_backup_(plan|vault)\\.(main|far|x)(\\[[0-9\"a?]{0,3}\\])?",
    ) {
        let repo = Repo::new(&[("main.tf", "module \"m\" {\n  source = \"./m\"\n  rules = []\n}\n"), ("m/main.tf", COPIES)]);
        if let Some(found) = repo.locate(&address, &path) {
            prop_assert_eq!(found.exact, found.note.is_none());
            repo.text(&found.span);
        }
    }
}
