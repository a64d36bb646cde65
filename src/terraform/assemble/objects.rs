//! One resource to one object of AWS's: the table's members, those that follow from the resource being there, and those that Terraform
//! has no way to declare. What other resources add to it stands in `companions`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value as Json, json};

use super::convert::{Attributes, Members, Reader, told, unknown};
use super::identity::Identity;
use super::inventory::{Inventory, Thing};
use super::watchers;
use crate::snapshot::{Cause, Observed, Reason};
use crate::terraform::mapping::Form;

/// The alias of the key that AWS Backup encrypts with where a vault names none.
pub const BACKUP_KEY: &str = "alias/aws/backup";

pub struct Maker<'a> {
    pub inventory: &'a Inventory<'a>,
    /// The ARNs of the keys that the root declares.
    pub keys: BTreeSet<String>,
    /// The documents of the policies that the root declares, by ARN.
    pub policies: BTreeMap<String, Json>,
}

/// A resource that is about to become an object.
pub struct Making<'m, 'a> {
    pub thing: &'m Thing<'a>,
    pub identity: &'m Identity,
    pub reader: Reader<'m>,
}

impl Making<'_, '_> {
    pub fn attributes(&self) -> &Attributes {
        self.thing.attributes()
    }

    /// The table's members; they are unknown together where one is missing that they cannot do without.
    pub fn rows(&self) -> Members {
        self.reader.object("", self.attributes()).unwrap_or_default()
    }

    pub fn flag(&self, name: &str, unset: bool) -> Observed<bool> {
        let fact = self.reader.one(name, Form::Flag, self.attributes());
        fact.map(|flag| flag == Json::Bool(true)).absent_is(unset)
    }
}

impl<'a> Maker<'a> {
    pub fn of(inventory: &'a Inventory<'a>) -> Self {
        let mut maker = Maker { inventory, keys: BTreeSet::new(), policies: BTreeMap::new() };
        for thing in inventory.things() {
            let Some(identity) = inventory.identity(thing) else { continue };
            match thing.kind.name {
                "aws_kms_key" | "aws_kms_replica_key" => _ = maker.keys.insert(identity.arn),
                "aws_iam_policy" => {
                    let reader = Reader { kind: thing.kind, inventory };
                    let document = reader.one("policy", Form::Document, thing.attributes());
                    maker.policies.insert(identity.arn, told(document));
                }
                _ => {}
            }
        }
        maker
    }

    /// `None`: it is none of the objects that a snapshot has.
    pub fn object(&self, thing: &Thing, identity: &Identity) -> Option<Members> {
        let reader = Reader { kind: thing.kind, inventory: self.inventory };
        let making = Making { thing, identity, reader };
        let members = match thing.kind.name {
            "aws_backup_vault" => self.vault(&making),
            "aws_backup_logically_air_gapped_vault" => self.air_gapped_vault(&making),
            "aws_backup_plan" => plan(&making),
            "aws_backup_region_settings" => region_settings(&making),
            "aws_backup_global_settings" => making.rows(),
            "aws_backup_framework" => named(&making, "Framework", &["DeploymentStatus", "FrameworkStatus"]),
            "aws_backup_report_plan" => {
                named(&making, "ReportPlan", &["DeploymentStatus", "LastAttemptedExecutionTime", "LastSuccessfulExecutionTime"])
            }
            "aws_backup_restore_testing_plan" => named(&making, "RestoreTestingPlan", &["LastExecutionTime"]),
            "aws_kms_key" => key(&making, "is_enabled"),
            "aws_kms_replica_key" => self.replica_key(&making),
            "aws_sns_topic" => watchers::topic(&making),
            "aws_cloudwatch_metric_alarm" => watchers::alarm(&making),
            "aws_cloudwatch_composite_alarm" => watchers::composite_alarm(&making),
            "aws_cloudwatch_event_rule" => watchers::event_rule(&making)?,
            "aws_iam_role" => self.role(&making),
            "aws_dynamodb_table" => table(&making),
            _ if thing.kind.collection == "Resources" => resource(&making),
            "aws_cloudtrail" => watchers::trail(&making),
            _ => return None,
        };
        Some(members)
    }

    fn vault(&self, making: &Making) -> Members {
        let mut members = vault(making, "BACKUP_VAULT");
        members.insert("VaultState".to_owned(), Json::Null);
        if members.get("EncryptionKeyArn").is_none_or(Json::is_null) {
            let Thing { partition, region, account, .. } = making.thing;
            members.insert("EncryptionKeyArn".to_owned(), format!("arn:{partition}:kms:{region}:{account}:{BACKUP_KEY}").into());
        }
        self.say_key_type(&mut members);
        members
    }

    /// Its lock is part of it; whether and when it took effect is not told by what declares it.
    fn air_gapped_vault(&self, making: &Making) -> Members {
        let mut members = vault(making, "LOGICALLY_AIR_GAPPED_BACKUP_VAULT");
        members.insert("Locked".to_owned(), true.into());
        undeclarable(&mut members, &["VaultState", "LockDate", "ChangeableForDays"]);
        if members.get("EncryptionKeyArn").is_none_or(Json::is_null) {
            let Thing { partition, region, account, .. } = making.thing;
            let key = format!("arn:{partition}:kms:{region}:{account}:key/{}.encryption_key_arn", making.thing.address());
            members.insert("EncryptionKeyArn".to_owned(), key.into());
            members.insert("EncryptionKeyType".to_owned(), "AWS_OWNED_KMS_KEY".into());
        } else {
            self.say_key_type(&mut members);
        }
        members
    }

    /// A key that this root makes is the customer's; of any other the key itself tells.
    fn say_key_type(&self, members: &mut Members) {
        let is_customers = match members.get("EncryptionKeyArn") {
            Some(Json::String(arn)) => self.keys.contains(arn),
            _ => false,
        };
        if is_customers {
            members.insert("EncryptionKeyType".to_owned(), "CUSTOMER_MANAGED_KMS_KEY".into());
        } else {
            undeclarable(members, &["EncryptionKeyType"]);
        }
    }

    fn role(&self, making: &Making) -> Members {
        let boundary = making.reader.one("permissions_boundary", Form::Text, making.attributes());
        let mut members = Members::from_iter([
            ("Arn".to_owned(), making.identity.arn.as_str().into()),
            ("RoleName".to_owned(), making.identity.name.as_str().into()),
            ("PermissionsBoundary".to_owned(), told(boundary.map(|arn| json!({"PermissionsBoundaryArn": arn})))),
        ]);
        members.extend(making.rows());
        // Without lists of its own, the resources beside it tell.
        if members.get("InlinePolicies").is_some_and(Json::is_null) {
            members.remove("InlinePolicies");
        }
        let managed = making.reader.one("managed_policy_arns", Form::Texts, making.attributes());
        if !managed.is_absent() {
            let attached =
                managed.map(|arns| arns.as_array().into_iter().flatten().filter_map(Json::as_str).map(|arn| self.attached(arn)).collect());
            members.insert("AttachedPolicies".to_owned(), told(attached));
        }
        members
    }

    /// A policy of a role. What AWS's own policies say is not this root's to tell.
    pub fn attached(&self, arn: &str) -> Json {
        let mut policy = Members::from_iter([("PolicyArn".to_owned(), arn.into())]);
        policy.insert("PolicyName".to_owned(), arn.rsplit('/').next().unwrap_or_default().into());
        if !arn.contains(":iam::aws:policy/") {
            let elsewhere = || unknown(&[not_declared("this root does not declare the policy")]);
            policy.insert("PolicyDocument".to_owned(), self.policies.get(arn).cloned().unwrap_or_else(elsewhere));
        }
        policy.into()
    }

    /// Rotation and spec are those of the primary key.
    fn replica_key(&self, making: &Making) -> Members {
        let mut members = key(making, "enabled");
        members.insert("MultiRegion".to_owned(), true.into());
        let arn = self.inventory.text(making.thing.attribute("primary_key_arn"));
        let is_primary = |thing: &&Thing| {
            thing.kind.name == "aws_kms_key" && arn.is_some() && self.inventory.identity(thing).map(|identity| identity.arn) == arn
        };
        let primary = self.inventory.things().find(is_primary).filter(|primary| primary.doubt().is_none());
        let told = primary.and_then(|primary| Some((primary, self.inventory.identity(primary)?))).map(|(thing, identity)| {
            let reader = Reader { kind: thing.kind, inventory: self.inventory };
            key(&Making { thing, identity: &identity, reader }, "is_enabled")
        });
        let elsewhere = unknown(&[not_declared("this root does not declare the primary key")]);
        for member in ["KeySpec", "Origin", "KeyRotationEnabled"] {
            let value = told.as_ref().and_then(|told| told.get(member)).unwrap_or(&elsewhere);
            members.insert(member.to_owned(), value.clone());
        }
        members
    }
}

pub fn not_declared(detail: impl Into<String>) -> Reason {
    Reason::new(Cause::NotDeclared, detail)
}

/// Members that only AWS tells.
pub fn undeclarable(members: &mut Members, names: &[&str]) {
    for name in names {
        let reason = Reason::new(Cause::NotDeclarable, format!("Terraform has no way to declare '{name}'"));
        members.insert((*name).to_owned(), unknown(&[reason]));
    }
}

fn vault(making: &Making, vault_type: &str) -> Members {
    let mut members = Members::from_iter([
        ("BackupVaultName".to_owned(), making.identity.name.as_str().into()),
        ("BackupVaultArn".to_owned(), making.identity.arn.as_str().into()),
        ("VaultType".to_owned(), vault_type.into()),
    ]);
    members.extend(making.rows());
    undeclarable(&mut members, &["CreationDate", "NumberOfRecoveryPoints"]);
    members
}

/// An object that has a name and an ARN of its own, as its service words them.
fn named(making: &Making, what: &str, unseen: &[&str]) -> Members {
    let mut members = Members::from_iter([
        (format!("{what}Name"), making.identity.name.as_str().into()),
        (format!("{what}Arn"), making.identity.arn.as_str().into()),
    ]);
    members.extend(making.rows());
    undeclarable(&mut members, unseen);
    members
}

fn plan(making: &Making) -> Members {
    let mut rows = making.rows();
    let tags = rows.remove("Tags").unwrap_or_default();
    if let Some(Json::Array(rules)) = rows.get_mut("Rules") {
        rules.iter_mut().filter_map(Json::as_object_mut).for_each(|rule| undeclarable(rule, &["RuleId"]));
    }
    let mut members = Members::from_iter([
        ("BackupPlanId".to_owned(), making.identity.id.as_str().into()),
        ("BackupPlanArn".to_owned(), making.identity.arn.as_str().into()),
        ("BackupPlanName".to_owned(), rows.get("BackupPlanName").cloned().unwrap_or_default()),
        ("BackupPlan".to_owned(), rows.into()),
        ("Tags".to_owned(), tags),
    ]);
    undeclarable(&mut members, &["VersionId", "CreationDate", "Versions"]);
    members
}

/// What a Region's settings do not name, they leave as it is.
fn region_settings(making: &Making) -> Members {
    let mut members = making.rows();
    let left = unknown(&[not_declared("the Region settings in this root leave it as it is")]);
    members.values_mut().filter(|value| value.is_null()).for_each(|value| *value = left.clone());
    members
}

fn key(making: &Making, switch: &str) -> Members {
    let state = making.flag(switch, true).map(|on| Json::from(if on { "Enabled" } else { "Disabled" }));
    let mut members = Members::from_iter([
        ("Arn".to_owned(), making.identity.arn.as_str().into()),
        ("KeyId".to_owned(), making.identity.id.as_str().into()),
        ("KeyManager".to_owned(), "CUSTOMER".into()),
        ("KeyState".to_owned(), told(state)),
        ("Origin".to_owned(), told(origin(making))),
        ("DeletionDate".to_owned(), Json::Null),
    ]);
    members.extend(making.rows());
    if members.get("Policy").is_none_or(Json::is_null) {
        members.insert("Policy".to_owned(), key_policy(making.thing));
    }
    undeclarable(&mut members, &["Grants"]);
    members
}

/// Where the key's material comes from.
fn origin(making: &Making) -> Observed<Json> {
    let outside = making.reader.one("xks_key_id", Form::Text, making.attributes());
    let store = making.reader.one("custom_key_store_id", Form::Text, making.attributes());
    match (outside, store) {
        (Observed::Absent, Observed::Absent) => Observed::Known("AWS_KMS".into()),
        (Observed::Absent, Observed::Known(_)) => Observed::Known("AWS_CLOUDHSM".into()),
        (Observed::Known(_), _) => Observed::Known("EXTERNAL_KEY_STORE".into()),
        (Observed::Absent, unknown) | (unknown, _) => unknown,
    }
}

/// What KMS gives a key that comes without a policy (KMS: Default key policy).
fn key_policy(thing: &Thing) -> Json {
    let root = format!("arn:{}:iam::{}:root", thing.partition, thing.account);
    let statement = json!({"Effect": "Allow", "Principal": {"AWS": root}, "Action": "kms:*", "Resource": "*"});
    json!({"Version": "2012-10-17", "Statement": [statement]})
}

/// The key that AWS manages for AWS Backup in an account and Region.
pub fn backup_key(arn: &str) -> Members {
    let mut members = Members::from_iter([
        ("Arn".to_owned(), arn.into()),
        ("KeyManager".to_owned(), "AWS".into()),
        ("KeyState".to_owned(), "Enabled".into()),
        ("KeySpec".to_owned(), "SYMMETRIC_DEFAULT".into()),
        ("Origin".to_owned(), "AWS_KMS".into()),
        ("MultiRegion".to_owned(), false.into()),
        ("DeletionDate".to_owned(), Json::Null),
        ("Aliases".to_owned(), json!([{"AliasName": BACKUP_KEY}])),
    ]);
    undeclarable(&mut members, &["KeyId", "KeyRotationEnabled", "Policy", "Grants"]);
    members
}

/// A resource that selections may select, as the tagging API lists it.
pub fn resource(making: &Making) -> Members {
    let tags = making.rows().remove("Tags").unwrap_or_default();
    Members::from_iter([("ResourceARN".to_owned(), making.identity.arn.as_str().into()), ("Tags".to_owned(), tags)])
}

fn table(making: &Making) -> Members {
    let mut members = Members::from_iter([
        ("TableArn".to_owned(), making.identity.arn.as_str().into()),
        ("TableName".to_owned(), making.identity.name.as_str().into()),
        ("ContinuousBackupsDescription".to_owned(), told(continuous_backups(making))),
    ]);
    undeclarable(&mut members, &["CreationDateTime"]);
    members
}

fn continuous_backups(making: &Making) -> Observed<Json> {
    let blocks = making.reader.elements(making.thing.attribute("point_in_time_recovery")).absent_is(Vec::new());
    blocks.and_then(|blocks| {
        let attributes = match blocks.first().map(|block| making.reader.attributes_of(block)) {
            None => Attributes::new(),
            Some(Observed::Known(attributes)) => attributes,
            Some(other) => return other.map(|_| Json::Null),
        };
        let enabled = making.reader.one("enabled", Form::Flag, &attributes).absent_is(false.into());
        let status = enabled.map(|enabled| Json::from(if enabled == Json::Bool(true) { "ENABLED" } else { "DISABLED" }));
        let days = making.reader.one("recovery_period_in_days", Form::Nonzero, &attributes);
        let mut recovery =
            Members::from_iter([("PointInTimeRecoveryStatus".to_owned(), told(status)), ("RecoveryPeriodInDays".to_owned(), told(days))]);
        undeclarable(&mut recovery, &["EarliestRestorableDateTime", "LatestRestorableDateTime"]);
        Observed::Known(json!({"ContinuousBackupsStatus": "ENABLED", "PointInTimeRecoveryDescription": recovery}))
    })
}
