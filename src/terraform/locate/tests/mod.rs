//! Lines, in directories made for each way in which Terraform hides them, and in the fixture root.

mod addresses;
mod findings;
mod fixture;
mod values;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use proptest::prelude::*;
use tempfile::TempDir;

use super::{Code, Locator, Wanted};
use crate::snapshot::{Declaration, Observed, SourceSpan};
use crate::terraform::assemble::Origin;
use crate::terraform::declared::{Declared, Place};
use crate::terraform::hcl::Inputs;
use crate::terraform::hcl::tree::Tree;
use crate::terraform::value::Value;

const ACCOUNT: &str = "111122223333";
const REGION: &str = "eu-west-1";

/// A repository with these files.
struct Repo {
    directory: TempDir,
}

impl Repo {
    fn new(files: &[(&str, &str)]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let repo = Repo { directory };
        repo.write(".git/HEAD", "");
        files.iter().for_each(|(name, text)| repo.write(name, text));
        repo
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn root(&self, directory: &str) -> Owned {
        let tree = Tree::load(&self.path(directory)).unwrap();
        Owned { trees: vec![tree], inputs: Inputs::default(), declared: vec![Vec::new()], origins: Vec::new() }
    }

    fn locate(&self, address: &str, path: &str) -> Option<Declaration> {
        self.root("").locator().locate_address(address, path)
    }

    /// What the span covers, behind its file: `main.tf: name = "x"`.
    fn text(&self, span: &SourceSpan) -> String {
        let text = fs::read_to_string(self.path(&span.file)).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        let offset = |line: usize, column: usize| {
            let before: usize = lines[..line - 1].iter().map(|line| line.chars().count() + 1).sum();
            before + column - 1
        };
        let (start, end) = (offset(span.line, span.column), offset(span.end_line, span.end_column));
        format!("{}: {}", span.file, text.chars().skip(start).take(end - start).collect::<String>())
    }

    fn related(&self, declaration: &Declaration) -> Vec<String> {
        declaration.related.iter().map(|related| format!("{} ({})", related.text, self.text(&related.span))).collect()
    }
}

/// What a locator borrows.
struct Owned {
    trees: Vec<Tree>,
    inputs: Inputs,
    declared: Vec<Vec<Declared>>,
    origins: Vec<Origin>,
}

impl Owned {
    fn with(mut self, arn: &str, kind: &str, address: &str) -> Self {
        self.origins.push(Origin { arn: arn.to_owned(), kind: kind.to_owned(), address: address.to_owned(), part: None });
        self
    }

    fn locator(&self) -> Locator<'_> {
        let roots = self.trees.iter().zip(&self.declared);
        Locator::new(roots.map(|(tree, declared)| Code { tree, inputs: &self.inputs, declared }), &self.origins)
    }
}

fn arn(vault: &str) -> String {
    format!("arn:aws:backup:{REGION}:{ACCOUNT}:backup-vault:{vault}")
}

fn vault<'a>(id: &'a str, at: &'a str) -> Wanted<'a> {
    Wanted { kind: "vault", id, account: ACCOUNT, region: REGION, at: Some(at), ..Wanted::default() }
}

const MODULE: &str = r#"variable "days" {
  default = 7
}
resource "aws_backup_plan" "main" {
  name = "p"
  rule {
    rule_name = "daily"
    lifecycle {
      delete_after = var.days
    }
  }
}
"#;

const COPIES: &str = r#"variable "rules" {}
resource "aws_backup_vault" "far" {}
resource "aws_backup_plan" "main" {
  dynamic "rule" {
    for_each = var.rules
    iterator = each_rule
    content {
      rule_name = each_rule.value.name
      lifecycle {
        delete_after = each_rule.value.days
      }
      dynamic "copy_action" {
        for_each = [aws_backup_vault.far.arn]
        content {
          destination_vault_arn = copy_action.value
        }
      }
    }
  }
  rule {
    rule_name = "fixed"
    copy_action {
      destination_vault_arn = "arn:aws:backup:eu-west-1:111122223333:backup-vault:near"
    }
    copy_action {
      destination_vault_arn = aws_backup_vault.far.arn
      lifecycle {
        delete_after = 3
      }
    }
  }
}
"#;

fn declared(address: &str, kind: &str, region: &str, name: &str) -> Declared {
    Declared {
        address: address.to_owned(),
        kind: kind.to_owned(),
        place: Place { account: Observed::Known(ACCOUNT.to_owned()), region: Observed::Known(region.to_owned()) },
        attributes: [("name".to_owned(), Value::String(name.to_owned()))].into(),
        may_exist: None,
    }
}
