//! What the loader finds in directories made for it.

use std::fs;
use std::path::Path;

use super::source::SourceFile;
use super::syntax::Kind;
use super::tree::{Child, Tree};

/// A directory with these files.
fn directory(files: &[(&str, &str)]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    write(directory.path(), files);
    directory
}

fn write(directory: &Path, files: &[(&str, &str)]) {
    for (name, text) in files {
        let path = directory.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

fn error(files: &[(&str, &str)]) -> String {
    let directory = directory(files);
    let text = Tree::load(directory.path()).unwrap_err().to_string();
    text.replace(&*directory.path().to_string_lossy(), "").replace(&*directory.path().canonicalize().unwrap().to_string_lossy(), "")
}

#[test]
fn spans_point_at_what_they_are_of() {
    let text = "\u{feff}# é\nresource \"aws_backup_plan\" \"main\" {\n  rule {\n    rule_name = \"dé\" ; }\n}\n".replace(" ; }", "\n  }");
    let directory = directory(&[("main.tf", &text)]);
    let tree = Tree::load(directory.path()).unwrap();
    let module = tree.module(tree.node::<&str>(&[]).unwrap()).unwrap();
    let block = module.resource("aws_backup_plan", "main").unwrap();
    assert_eq!(tree.text(block.header), "resource \"aws_backup_plan\" \"main\"");
    let rule = block.body.blocks_of("rule").next().unwrap();
    let name = rule.body.attribute("rule_name").unwrap();
    assert_eq!(tree.text(name.span), "rule_name = \"dé\"");
    let position = tree.position(name.value.span).unwrap();
    assert_eq!((position.start.line, position.start.column, position.end.column), (4, 17, 21));
    assert!(tree.text(block.span).ends_with("  }\n}"));
}

#[test]
fn json_has_the_same_blocks_at_their_lines() {
    let text = r#"{
  "resource": {"aws_backup_plan": {"main": {
    "name": "a-${var.x}",
    "rule": [{"rule_name": "one", "lifecycle": {"delete_after": 7}}, {"rule_name": "t\u0077o"}],
    "dynamic": {"scan_setting": {"for_each": "${[1]}", "content": {"malware_scanner": "GUARDDUTY"}}}
  }}},
  "provider": {"aws": [{"region": "us-east-1"}, {"alias": "b", "assume_role": {"role_arn": "x"}}]},
  "module": {"m": {"source": "./m", "providers": {"aws": "aws.b"}, "rule": {"a": 1}}},
  "locals": {"l": "plain"}
}"#;
    let directory = directory(&[("main.tf.json", text), ("m/a.tf", "")]);
    let tree = Tree::load(directory.path()).unwrap();
    let module = tree.modules.first().unwrap();
    let plan = module.resource("aws_backup_plan", "main").unwrap();
    let rules: Vec<_> = plan.body.blocks_of("rule").collect();
    assert_eq!(rules.len(), 2);
    assert_eq!(rules[1].body.attribute("rule_name").unwrap().value.as_text(), Some("two"));
    let name = plan.body.attribute("name").unwrap();
    assert_eq!(tree.position(name.span).unwrap().start.line, 3);
    let Kind::Template(parts) = &name.value.kind else { panic!("{name:?}") };
    let super::syntax::Part::Value(value) = &parts[1] else { panic!("{parts:?}") };
    assert_eq!(tree.text(value.span), "var.x");
    let dynamic = plan.body.blocks_of("dynamic").next().unwrap();
    assert_eq!(dynamic.labels, ["scan_setting"]);
    assert_eq!(dynamic.body.blocks_of("content").count(), 1);
    assert_eq!(module.blocks_of("provider").count(), 2);
    let call = module.call("m").unwrap();
    assert!(call.body.blocks.is_empty(), "an argument of a module is no block");
    let Kind::Object(providers) = &call.body.attribute("providers").unwrap().value.kind else { panic!() };
    assert_eq!(providers[0].1.as_path(), Some(vec!["aws", "b"]));
    assert_eq!(module.local("l").unwrap().value.as_text(), Some("plain"));
}

#[test]
fn overrides_and_files_of_opentofu_win() {
    let directory = directory(&[
        ("a_override.tf", "locals {\n  x = 3\n}\nresource \"t\" \"n\" {\n  b = 9\n  rule {\n    z = 1\n  }\n}\n"),
        ("main.tf", "locals {\n  x = 1\n  y = 2\n}\nresource \"t\" \"n\" {\n  a = 1\n  b = 2\n  rule {}\n  rule {}\n  other {}\n}\n"),
        ("two.tf", "this is not read"),
        ("two.tofu", "locals {\n  tofu = true\n}\n"),
    ]);
    let tree = Tree::load(directory.path()).unwrap();
    let module = tree.modules.first().unwrap();
    assert_eq!(module.local("x").unwrap().value.kind, Kind::Number(3.0));
    assert_eq!(module.local("y").unwrap().value.kind, Kind::Number(2.0));
    assert!(module.local("tofu").is_some());
    let block = module.resource("t", "n").unwrap();
    let b = block.body.attribute("b").unwrap();
    assert_eq!(b.value.kind, Kind::Number(9.0));
    assert!(tree.position(b.span).unwrap().file.path.ends_with("a_override.tf"));
    assert_eq!((block.body.blocks_of("rule").count(), block.body.blocks_of("other").count()), (1, 1));
}

#[test]
fn calls_lead_to_local_and_installed_modules() {
    let directory = directory(&[
        (
            "root/main.tf",
            "module \"a\" {\n  source = \"../lib/a\"\n}\nmodule \"r\" {\n  source = \"org/thing/aws\"\n}\nmodule \"no\" {\n  source = \"git::https://example.com/x.git\"\n}\n\
             module \"changed\" {\n  source = \"org/other/aws\"\n}\n",
        ),
        ("lib/a/main.tf", "module \"b\" {\n  source = \"./b\"\n}\n"),
        ("lib/a/b/main.tf", "locals {\n  here = 1\n}\n"),
        ("root/.terraform/modules/r/main.tf", "locals {\n  there = 1\n}\n"),
        (
            "root/.terraform/modules/modules.json",
            r#"{"Modules":[{"Key":"","Source":"","Dir":"."},{"Key":"r","Source":"registry.terraform.io/org/thing/aws","Version":"1.0.0","Dir":".terraform\\modules\\r"},
               {"Key":"changed","Source":"registry.terraform.io/org/thing/aws","Dir":".terraform/modules/r"}]}"#,
        ),
    ]);
    let tree = Tree::load(&directory.path().join("root")).unwrap();
    let node = tree.node(&["a", "b"]).unwrap();
    assert!(tree.module(node).unwrap().local("here").is_some());
    assert!(tree.module(tree.node(&["r"]).unwrap()).unwrap().local("there").is_some());
    let root = tree.node::<&str>(&[]).unwrap();
    assert_eq!(root.children["no"], Child::NotInstalled("git::https://example.com/x.git".to_owned()));
    assert_eq!(root.children["changed"], Child::NotInstalled("org/other/aws".to_owned()));
    assert!(tree.node(&["no"]).is_none());
}

#[test]
fn a_symlinked_module_is_known_by_its_real_place() {
    let directory =
        directory(&[("root/main.tf", "module \"a\" {\n  source = \"./link\"\n}\n"), ("real/main.tf", "locals {\n  x = 1\n}\n")]);
    std::os::unix::fs::symlink("../real", directory.path().join("root/link")).unwrap();
    let tree = Tree::load(&directory.path().join("root")).unwrap();
    let x = tree.module(tree.node(&["a"]).unwrap()).unwrap().local("x").unwrap();
    assert_eq!(tree.position(x.span).unwrap().file.real, directory.path().canonicalize().unwrap().join("real/main.tf"));
}

#[test]
fn what_is_wrong_is_told_at_its_place() {
    let own = "module \"a\" {\n  source = \"./\"\n}\n";
    assert_eq!(error(&[("main.tf", own)]), "/main.tf:2:3: module.a calls a module that it is part of");
    let there = [("main.tf", "module \"a\" {\n  source = \"./b\"\n}\n"), ("b/x.tf", "module \"back\" {\n  source = \"../\"\n}\n")];
    assert_eq!(error(&there), "/b/x.tf:2:3: module.back calls a module that it is part of");
    assert!(error(&[("main.tf", "locals {\n  a = \n}\n")]).starts_with("/main.tf:2:7: "));
    assert!(error(&[("main.tf.json", "{\n \"locals\": {\"a\": tru}}")]).starts_with("/main.tf.json:2:18: "));
    assert_eq!(error(&[("main.tf", "locals {\n  a = 1\n}\nlocals {\n  a = 2\n}\n")]), "/main.tf:5:3: local.a is declared twice");
    assert_eq!(error(&[("main.tf", "module \"a\" {\n  source = \"./gone\"\n}\n")]), "/main.tf:2:3: there is no directory './gone'");
    assert_eq!(error(&[("notes.txt", "")]), ": no Terraform files are in this directory");
    assert_eq!(error(&[("main.tf", "a = 1\n")]), "/main.tf:1:1: an argument stands outside of any block");
}

#[test]
fn line_breaks_that_terraform_allows_are_read() {
    let text = "locals {\n  m = { for k, v in var.x : k => v != null ? v :\n    \"none\" }\n}\n";
    let directory = directory(&[("main.tf", text), ("windows.tf", &text.replace('\n', "\r\n").replace(" m ", " w "))]);
    let tree = Tree::load(directory.path()).unwrap();
    for name in ["m", "w"] {
        let m = tree.modules[0].local(name).unwrap();
        assert!(tree.text(m.span).ends_with("\"none\" }"));
    }
    // No comment may swallow the next line.
    assert!(error(&[("main.tf", "locals {\n  a = { for k in [] : k => true ? # why :\n 1 : 2 }\n}\n")]).starts_with("/main.tf:"));
}

#[test]
fn a_point_beyond_the_text_is_its_end() {
    let file = SourceFile::new("x.tf".into(), "ab\nc");
    assert_eq!((file.point(99).line, file.point(99).column), (2, 2));
}
