//! The table against the snapshot's schema and against itself.

use std::collections::BTreeSet;

use serde_json::Value;

use super::*;
use crate::snapshot;

/// The schema that a member leads to, through references, lists and `anyOf`.
fn lookup<'a>(root: &'a Value, at: &'a Value, path: &[&str], depth: usize) -> bool {
    if depth > 40 {
        return false;
    }
    let deeper = |inner: &'a Value, path: &[&str]| lookup(root, inner, path, depth + 1);
    if let Some(name) = at.get("$ref").and_then(Value::as_str).and_then(|text| text.rsplit('/').next()) {
        return deeper(&root["$defs"][name], path);
    }
    let Some((first, rest)) = path.split_first() else { return true };
    let alternatives = at.get("anyOf").and_then(Value::as_array).into_iter().flatten();
    at.get("properties").and_then(|all| all.get(first)).is_some_and(|inner| deeper(inner, rest))
        || at.get("items").is_some_and(|inner| deeper(inner, path))
        || alternatives.into_iter().any(|one| deeper(one, path))
}

#[test]
fn every_member_is_one_of_the_snapshots() {
    let schema = snapshot::schema();
    let unit = &schema["$defs"]["Unit"];
    for kind in all().filter(|kind| !kind.collection.is_empty()) {
        for member in kind.rows.iter().map(|row| row.member).filter(|member| !member.is_empty()) {
            let within = |prefix: &[&str]| {
                let path: Vec<&str> = [kind.collection].into_iter().chain(prefix.iter().copied()).chain(member.split('.')).collect();
                lookup(&schema, unit, &path, 0)
            };
            // What a plan and a selection are asked for stands one level below what lists them; tags are of the resource.
            let nested: [&[&str]; 4] = [&[], &["BackupPlan"], &["Selections", "BackupSelection"], &["Selections"]];
            let is_tags = member == "Tags" && kind.collection == "Tables";
            assert!(is_tags || nested.iter().any(|prefix| within(prefix)), "{} {member}", kind.name);
        }
    }
}

#[test]
fn a_blocks_row_stands_before_those_of_its_members() {
    for kind in all() {
        let mut seen = BTreeSet::new();
        for row in kind.rows {
            if let Some((block, _)) = row.attribute.rsplit_once('.') {
                assert!(seen.contains(block), "{} {}", kind.name, row.attribute);
            }
            seen.insert(row.attribute);
        }
    }
}

#[test]
fn no_row_and_no_kind_stands_twice() {
    let mut seen = BTreeSet::new();
    for kind in all() {
        assert!(seen.insert((kind.name, "", "")), "{}", kind.name);
        for row in kind.rows {
            assert!(seen.insert((kind.name, row.attribute, row.member)), "{} {}", kind.name, row.attribute);
        }
    }
}

#[test]
fn only_what_is_mapped_is_kept() {
    assert!(keeps("aws_backup_vault", "kms_key_arn") && keeps("aws_backup_plan", "rule"));
    assert!(!keeps("aws_backup_restore_testing_selection", "restore_metadata_overrides"));
    assert!(!keeps("aws_backup_plan", "delete_after") && !keeps("aws_db_instance", "password"));
}

#[test]
fn members_lead_back_to_what_sets_them() {
    let plan = |member| backwards("aws_backup_plan", member);
    assert_eq!(plan("Rules.Lifecycle.DeleteAfterDays"), Some("rule.lifecycle.delete_after"));
    assert_eq!(plan("Rules.CopyActions"), Some("rule.copy_action"));
    assert_eq!(plan("Tags"), Some("tags"));
    assert_eq!(backwards("aws_backup_vault_lock_configuration", "LockDate"), Some("changeable_for_days"));
    assert_eq!(plan(""), None);
    assert_eq!(plan("Rules.RuleId"), None);
    assert_eq!(backwards("aws_db_instance", "Password"), None);
}
