//! What backing up and restoring each resource type takes: a dated table, and what AWS's own policies allow of it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::json;

use super::iam::Policy;
use crate::snapshot::{Arn, PolicyDocument};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Need {
    pub action: String,
    /// The form of the ARNs that the action is done to, with `{partition}`, `{region}` and `{account}`.
    pub resource: String,
}

/// Each need is a choice of which one is enough. None: no document says what it takes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Needs {
    pub backup: Option<Vec<Vec<Need>>>,
    pub restore: Option<Vec<Vec<Need>>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Managed {
    /// The policy's path and name.
    name: String,
    #[allow(dead_code)]
    version: String,
    actions: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    read_on: String,
    #[allow(dead_code)]
    source: String,
    #[serde(rename = "type")]
    types: BTreeMap<String, Needs>,
    managed: Vec<Managed>,
}

// The table is part of the program and read by a test, so that it cannot be wrong at run time.
static TABLE: LazyLock<Table> = LazyLock::new(|| {
    toml::from_str(include_str!("backup_actions.toml")).unwrap_or(Table {
        read_on: String::new(),
        source: String::new(),
        types: BTreeMap::new(),
        managed: Vec::new(),
    })
});

pub fn read_on() -> &'static str {
    &TABLE.read_on
}

/// By AWS Backup's name for the type.
pub fn of(resource_type: &str) -> Option<&'static Needs> {
    TABLE.types.get(resource_type)
}

/// What a policy of AWS's own allows, as far as the table goes; nothing of the customer's own, or of one that is not in it.
pub fn managed(arn: &str) -> Option<Policy> {
    let name = Arn::parse(arn).filter(|arn| arn.service == "iam" && arn.account == "aws")?.resource.strip_prefix("policy/")?;
    let row = TABLE.managed.iter().find(|row| row.name == name)?;
    let document = json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": row.actions, "Resource": "*" }] });
    Policy::of_identity(&PolicyDocument(document)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_can_be_read_and_knows_the_types_of_the_other_table() {
        let table: Result<Table, _> = toml::from_str(include_str!("backup_actions.toml"));
        let table = table.expect("the table is valid");
        for name in table.types.keys() {
            assert!(super::super::capability::type_named(name).is_some(), "{name}");
        }
        assert!(table.types.len() == 19 && table.read_on.len() == 10, "{}", table.types.len());
    }

    #[test]
    fn only_policies_of_aws_are_known_without_their_documents() {
        assert!(managed("arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup").is_some());
        assert!(managed("arn:aws:iam::111122223333:policy/service-role/AWSBackupServiceRolePolicyForBackup").is_none());
        assert!(managed("arn:aws:iam::aws:policy/ReadOnlyAccess").is_none());
    }

    /// What the table calls indispensable stands in the policies that AWS made for it.
    #[test]
    fn the_policies_of_aws_allow_what_the_table_asks() {
        let union = |names: &[&str]| -> Vec<&String> {
            TABLE.managed.iter().filter(|row| names.iter().any(|name| row.name.ends_with(name))).flat_map(|row| &row.actions).collect()
        };
        let (backup, restore) = (union(&["ForBackup", "ForS3Backup"]), union(&["ForRestores", "ForS3Restore"]));
        for (name, needs) in &TABLE.types {
            for (needs, allowed) in [(&needs.backup, &backup), (&needs.restore, &restore)] {
                for choices in needs.iter().flatten() {
                    assert!(choices.iter().any(|need| allowed.contains(&&need.action)), "{name}: {choices:?}");
                }
            }
        }
    }
}
