//! What can be taken from a document that was seen: an answer, a collection's completeness, a member, a unit. None of it
//! makes a document say something else, only less.

use serde_json::{Value, json};

use super::tape::Tape;

/// One thing that was seen and no longer is.
#[derive(Debug, Clone)]
pub enum Hole {
    /// The call, as a JSON pointer, ended otherwise.
    Call(String, &'static str),
    /// The collection of the unit is not said to be whole.
    Incomplete(usize, String),
    /// A listing was cut short before its `nth` item.
    Cut(usize, String, usize),
    /// A member that a call of its own brings is not there.
    LeftOut(String),
    /// A member is marked unknown, whether it was set or observed to be absent.
    Marked(String),
    Unit(usize),
}

const NOTHING: [&str; 0] = [];

/// The members that can be unknown, by the member under which the object stands.
fn members(kind: &str) -> &'static [&'static str] {
    match kind {
        "Units" => &["StartedAt", "RegionSettings", "GlobalSettings", "SupportedResourceTypes"],
        "SupportedResourceTypes" => &["ResourceTypes"],
        "BackupVaults" => &[
            "BackupVaultArn",
            "VaultType",
            "VaultState",
            "EncryptionKeyArn",
            "EncryptionKeyType",
            "CreationDate",
            "Locked",
            "MinRetentionDays",
            "MaxRetentionDays",
            "LockDate",
            "ChangeableForDays",
            "NumberOfRecoveryPoints",
            "AccessPolicy",
            "Tags",
        ],
        "BackupPlans" => &["BackupPlanArn", "BackupPlanName", "CreationDate", "BackupPlan", "Selections", "Versions", "Tags"],
        "Versions" => &["CreationDate"],
        "BackupPlan" => &["BackupPlanName", "Rules"],
        "Rules" => &[
            "RuleId",
            "TargetBackupVaultName",
            "TargetLogicallyAirGappedBackupVaultArn",
            "ScheduleExpression",
            "ScheduleExpressionTimezone",
            "Lifecycle",
            "EnableContinuousBackup",
            "CopyActions",
        ],
        "Lifecycle" => &["DeleteAfterDays", "MoveToColdStorageAfterDays"],
        "CopyActions" => &["DestinationBackupVaultArn", "Lifecycle"],
        // Those of a backup plan, and of a restore testing plan.
        "Selections" => &[
            "SelectionName",
            "CreationDate",
            "BackupSelection",
            "ProtectedResourceType",
            "ProtectedResourceArns",
            "ProtectedResourceConditions",
        ],
        "BackupSelection" => &["SelectionName", "IamRoleArn", "Resources", "NotResources", "ListOfTags", "Conditions"],
        "Conditions" => &["StringEquals", "StringNotEquals", "StringLike", "StringNotLike"],
        "StringEquals" | "StringNotEquals" | "StringLike" | "StringNotLike" => &["ConditionKey", "ConditionValue"],
        "Keys" => &["KeyManager", "KeyState", "KeySpec", "Origin", "DeletionDate", "KeyRotationEnabled", "Policy", "Aliases"],
        "Resources" => &["Tags"],
        "ProtectedResources" => &["ResourceType"],
        "BackupJobs" => &["ResourceArn", "State", "StatusMessage", "MessageCategory", "CreationDate", "CompletionDate", "CreatedBy"],
        "Tables" => &["ContinuousBackupsDescription"],
        "PointInTimeRecoveryDescription" => &["PointInTimeRecoveryStatus", "RecoveryPeriodInDays", "EarliestRestorableDateTime"],
        "CopyJobs" => &["SourceRecoveryPointArn", "DestinationBackupVaultArn", "State", "CompletionDate"],
        "RegionSettings" => &["ResourceTypeOptInPreference", "ResourceTypeManagementPreference"],
        "GlobalSettings" => &["GlobalSettings"],
        "RecoveryPoints" => &[
            "BackupVaultName",
            "SourceBackupVaultArn",
            "ResourceArn",
            "ResourceType",
            "CreatedBy",
            "Status",
            "CreationDate",
            "CompletionDate",
            "Lifecycle",
            "EncryptionKeyArn",
            "IsEncrypted",
            "ParentRecoveryPointArn",
            "CalculatedLifecycle",
        ],
        "CreatedBy" => &["BackupPlanId", "BackupPlanArn", "BackupRuleId", "RestoreTestingPlanArn"],
        "RestoreJobs" => &[
            "RecoveryPointArn",
            "SourceResourceArn",
            "ResourceType",
            "Status",
            "StatusMessage",
            "ValidationStatus",
            "CreationDate",
            "CompletionDate",
            "CreatedBy",
        ],
        "RestoreTestingPlans" => &["RestoreTestingPlanArn", "LastExecutionTime", "RecoveryPointSelection"],
        "RecoveryPointSelection" => &["Algorithm", "IncludeVaults", "ExcludeVaults", "RecoveryPointTypes"],
        _ => &NOTHING,
    }
}

/// Members whose absence means that nobody looked.
pub const OF_THEIR_OWN: [&str; 18] = [
    "ContinuousBackupsDescription",
    "Versions",
    "RegionSettings",
    "SupportedResourceTypes",
    "ChangeableForDays",
    "AccessPolicy",
    "Notifications",
    "Tags",
    "BackupPlan",
    "Selections",
    "Rules",
    "BackupSelection",
    "KeyRotationEnabled",
    "Policy",
    "Aliases",
    "RecoveryPointSelection",
    "ProtectedResourceArns",
    "ProtectedResourceConditions",
];

/// Listings, and the calls that bring them.
const LISTINGS: [(&str, &str); 9] = [
    ("BackupJobs", "ListBackupJobs"),
    ("Tables", "ListTables"),
    ("BackupVaults", "ListBackupVaults"),
    ("BackupPlans", "ListBackupPlans"),
    ("RecoveryPoints", "ListRecoveryPointsByBackupVault"),
    ("Resources", "GetResources"),
    ("CopyJobs", "ListCopyJobs"),
    ("RestoreJobs", "ListRestoreJobs"),
    ("RestoreTestingPlans", "ListRestoreTestingPlans"),
];

/// Every hole that the document has room for.
pub fn possible(document: &Value) -> Vec<Hole> {
    let mut holes = Vec::new();
    let units = document["Units"].as_array().map_or(&[][..], Vec::as_slice);
    for (at, unit) in units.iter().enumerate() {
        for (number, call) in unit["Calls"].as_array().into_iter().flatten().enumerate() {
            if call["Outcome"] == "ok" {
                holes.push(Hole::Call(format!("/Units/{at}/Calls/{number}/Outcome"), ["denied", "throttled", "truncated"][number % 3]));
            }
        }
        for collection in unit["Complete"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            holes.push(Hole::Incomplete(at, collection.to_owned()));
        }
        for (listing, _) in LISTINGS {
            holes.extend((0..unit[listing].as_array().map_or(0, Vec::len)).map(|nth| Hole::Cut(at, listing.to_owned(), nth)));
        }
        walk(&format!("/Units/{at}"), "Units", unit, &mut holes);
        if units.len() > 1 {
            holes.push(Hole::Unit(at));
        }
    }
    holes
}

fn walk(pointer: &str, kind: &str, value: &Value, holes: &mut Vec<Hole>) {
    match value {
        Value::Array(list) => list.iter().enumerate().for_each(|(at, item)| walk(&format!("{pointer}/{at}"), kind, item, holes)),
        Value::Object(object) if !object.contains_key("$unknown") => {
            for member in members(kind) {
                let left_out = !object.contains_key(*member) && OF_THEIR_OWN.contains(member);
                if !left_out && object.get(*member).is_none_or(|value| value.get("$unknown").is_none()) {
                    holes.push(Hole::Marked(format!("{pointer}/{member}")));
                }
                if object.contains_key(*member) && OF_THEIR_OWN.contains(member) {
                    holes.push(Hole::LeftOut(format!("{pointer}/{member}")));
                }
            }
            let below = object.iter().filter(|_| !["GlobalSettings", "RegionSettings"].contains(&kind));
            below.for_each(|(member, value)| walk(&format!("{pointer}/{member}"), member, value, holes));
        }
        _ => {}
    }
}

impl Hole {
    /// The document with this hole. A hole that is there already changes nothing.
    pub fn in_(&self, document: &Value) -> Value {
        let mut document = document.clone();
        match self {
            Hole::Call(pointer, outcome) => set(&mut document, pointer, Some(json!(outcome))),
            Hole::Incomplete(at, collection) => incomplete(&mut document["Units"][*at], collection),
            Hole::Cut(at, listing, nth) => cut(&mut document, *at, listing, *nth),
            Hole::LeftOut(pointer) => set(&mut document, pointer, None),
            Hole::Marked(pointer) => set(&mut document, pointer, Some(json!({ "$unknown": "x" }))),
            Hole::Unit(at) => {
                document["Units"].as_array_mut().map(|units| units.remove(*at));
            }
        }
        document
    }
}

fn set(document: &mut Value, pointer: &str, value: Option<Value>) {
    let Some((parent, member)) = pointer.rsplit_once('/') else { return };
    if let Some(Value::Object(object)) = document.pointer_mut(parent) {
        match value {
            Some(value) => object.insert(member.to_owned(), value),
            None => object.remove(member),
        };
    }
}

fn incomplete(unit: &mut Value, collection: &str) {
    if let Some(complete) = unit["Complete"].as_array_mut() {
        complete.retain(|name| name != collection);
    }
}

fn cut(document: &mut Value, at: usize, listing: &str, nth: usize) {
    let places: Vec<String> = document["Units"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|unit| format!(":{}:{}:", text(&unit["Region"]), text(&unit["Account"])))
        .collect();
    let unit = &mut document["Units"][at];
    // A point from a vault that nobody observed is the only sign of whoever copies from there; losing it loses no answer.
    let source = unit[listing].get(nth).and_then(|item| item.get("SourceBackupVaultArn")).map(Value::to_string);
    if source.is_some_and(|source| !places.iter().any(|place| source.contains(place))) {
        return;
    }
    incomplete(unit, listing);
    let call = LISTINGS.iter().find(|(name, _)| *name == listing).map_or("", |(_, call)| call);
    for made in unit.get_mut("Calls").and_then(Value::as_array_mut).into_iter().flatten().filter(|made| made["Operation"] == call) {
        made["Outcome"] = json!("truncated");
    }
    if let Some(list) = unit[listing].as_array_mut().filter(|list| nth < list.len()) {
        list.remove(nth);
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The document with up to `at_most` holes.
pub fn punched(tape: &mut Tape, document: Value, at_most: usize) -> Value {
    (0..tape.below(at_most + 1)).fold(document, |document, _| {
        let holes = possible(&document);
        tape.pick(&holes).in_(&document)
    })
}
