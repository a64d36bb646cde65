//! The second, slow, obvious implementation: snapshot JSON, nested loops, no index, no type of the program's. Here: what is
//! seen and what is not, vaults, keys, and who writes where. What cannot be known is written `unknown()`.

use serde_json::{Value, json};

use super::account::{AS_OF, vault_arn};
use super::holes::OF_THEIR_OWN;

pub fn unknown() -> Value {
    json!({ "$unknown": true })
}

pub fn is_unknown(value: &Value) -> bool {
    value.get("$unknown").is_some()
}

pub fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

pub fn text<'a>(object: &'a Value, member: &str) -> &'a str {
    object[member].as_str().unwrap_or_default()
}

/// A member: null where it is observed to be absent.
pub fn get(object: &Value, member: &str) -> Value {
    match object.get(member) {
        None if OF_THEIR_OWN.contains(&member) => unknown(),
        None => Value::Null,
        Some(value) if is_unknown(value) => unknown(),
        Some(value) => value.clone(),
    }
}

/// A member that AWS always returns.
pub fn needed(object: &Value, member: &str) -> Value {
    let value = get(object, member);
    if value.is_null() { unknown() } else { value }
}

/// A member that a call of its own brings.
pub fn answered(unit: &Value, object: &Value, member: &str, action: &str, about: &str) -> Value {
    if failed(unit, action, Some(about)) { unknown() } else { get(object, member) }
}

pub fn units(document: &Value) -> &[Value] {
    list(&document["Units"])
}

/// Whether a call of this kind did not end well; about this subject or about everything, or, without one, about whatever.
pub fn failed(unit: &Value, action: &str, about: Option<&str>) -> bool {
    list(&unit["Calls"]).iter().any(|call| {
        format!("{}:{}", text(call, "Service"), text(call, "Operation")) == action
            && call["Outcome"] != "ok"
            && (about.is_none() || call.get("Subject").is_none() || call["Subject"].as_str() == about)
    })
}

pub fn whole(unit: &Value, collection: &str, action: &str) -> bool {
    list(&unit["Complete"]).contains(&json!(collection)) && !failed(unit, action, None)
}

pub fn plans_whole(unit: &Value) -> bool {
    whole(unit, "BackupPlans", "backup:ListBackupPlans")
}

pub fn arn_of(unit: &Value, vault: &Value) -> String {
    vault_arn(text(unit, "Account"), text(unit, "Region"), text(vault, "BackupVaultName"))
}

pub fn arn_of_plan(unit: &Value, plan: &Value) -> String {
    format!("arn:aws:backup:{}:{}:backup-plan:{}", text(unit, "Region"), text(unit, "Account"), text(plan, "BackupPlanId"))
}

/// Account, Region and name of the thing that an ARN names.
pub fn place(arn: &str) -> (String, String, String) {
    let parts: Vec<&str> = arn.split(':').collect();
    (parts[4].to_owned(), parts[3].to_owned(), parts[parts.len() - 1].to_owned())
}

pub fn unit_at<'a>(document: &'a Value, arn: &str) -> Option<&'a Value> {
    let (account, region, _) = place(arn);
    units(document).iter().find(|unit| text(unit, "Account") == account && text(unit, "Region") == region)
}

pub fn vault_at<'a>(document: &'a Value, arn: &str) -> Option<(&'a Value, &'a Value)> {
    let unit = unit_at(document, arn)?;
    list(&unit["BackupVaults"]).iter().find(|vault| arn_of(unit, vault) == arn).map(|vault| (unit, vault))
}

pub fn vault_exists(document: &Value, arn: &str) -> Value {
    match (vault_at(document, arn), unit_at(document, arn)) {
        (Some(_), _) => json!(true),
        (None, Some(unit)) if whole(unit, "BackupVaults", "backup:ListBackupVaults") => json!(false),
        _ => unknown(),
    }
}

pub fn millis(time: &Value) -> i64 {
    chrono::DateTime::parse_from_rfc3339(time.as_str().expect("a time")).expect("a time").timestamp_millis()
}

/// Mode, minimum and maximum.
pub fn lock(vault: &Value) -> (Value, Value, Value) {
    let (locked, date) = (needed(vault, "Locked"), get(vault, "LockDate"));
    let bound = |member: &str| match &locked {
        Value::Bool(false) => Value::Null,
        Value::Bool(true) => get(vault, member),
        _ => unknown(),
    };
    let mode = match (&locked, &date) {
        (Value::Bool(false), _) => json!("none"),
        (Value::Bool(true), Value::Null) => json!("governance"),
        (Value::Bool(true), Value::String(_)) if millis(&date) > millis(&json!(AS_OF)) => json!("compliance_grace"),
        (Value::Bool(true), Value::String(_)) => json!("immutable"),
        _ => unknown(),
    };
    (mode, bound("MinRetentionDays"), bound("MaxRetentionDays"))
}

/// Who owns the key that a vault names; null where it names none.
pub fn key_owner(document: &Value, unit: &Value, vault: &Value) -> Value {
    let named = get(vault, "EncryptionKeyArn");
    if !named.is_string() {
        return named;
    }
    if vault["EncryptionKeyType"] == "AWS_OWNED_KMS_KEY" {
        return json!("aws_owned");
    }
    owner(document, unit, text(vault, "EncryptionKeyArn"))
}

pub fn owner(document: &Value, unit: &Value, arn: &str) -> Value {
    if failed(unit, "kms:DescribeKey", Some(arn)) {
        return unknown();
    }
    let described = units(document).iter().flat_map(|unit| list(&unit["Keys"])).find(|key| text(key, "Arn") == arn);
    match described.map(|key| get(key, "KeyManager")) {
        Some(manager) if manager == "CUSTOMER" => json!("customer"),
        Some(manager) if manager == "AWS" => json!("aws_managed"),
        _ => unknown(),
    }
}

pub fn plan_name(plan: &Value) -> Value {
    let named = [get(&plan["BackupPlan"], "BackupPlanName"), get(plan, "BackupPlanName"), plan["BackupPlanId"].clone()];
    named.into_iter().find(Value::is_string).expect("every plan has an id")
}

/// A plan's rules; unknown where its body is.
pub fn rules(unit: &Value, plan: &Value) -> Value {
    let body = answered(unit, plan, "BackupPlan", "backup:GetBackupPlan", text(plan, "BackupPlanId"));
    if body.is_object() && !is_unknown(&body) { needed(&body, "Rules") } else { unknown() }
}

/// Days until deletion and until the move to cold storage, of a lifecycle that stands in the object.
pub fn lifecycle(object: &Value) -> (Value, Value) {
    let lifecycle = get(object, "Lifecycle");
    let days = |member: &str| match lifecycle.as_object() {
        None => Value::Null,
        Some(_) if is_unknown(&lifecycle) => unknown(),
        Some(_) if lifecycle[member] == -1 => Value::Null,
        Some(_) => get(&lifecycle, member),
    };
    (days("DeleteAfterDays"), days("MoveToColdStorageAfterDays"))
}

/// The lifecycle in force of a copy: its own, or its source's.
pub fn copy_lifecycle(action: &Value, rule: &Value) -> (Value, Value) {
    let own = lifecycle(action);
    match get(action, "Lifecycle") {
        Value::Null => lifecycle(rule),
        said if said["DeleteAfterDays"] == -1 => (lifecycle(rule).0, own.1),
        _ => own,
    }
}

/// All that writes: the plan's name, the rule, the ARN it writes into, the source of a copy, its days. Nothing where some
/// plan, rule or copy action may write that was not seen.
pub fn writes(document: &Value) -> (Vec<Value>, bool) {
    let (mut writes, mut all_seen) = (Vec::new(), true);
    for unit in units(document) {
        all_seen &= plans_whole(unit);
        for plan in list(&unit["BackupPlans"]) {
            let rules = rules(unit, plan);
            all_seen &= !is_unknown(&rules);
            for rule in list(&rules) {
                let target = needed(rule, "TargetBackupVaultName");
                if is_unknown(&target) {
                    all_seen = false;
                    continue;
                }
                let target = vault_arn(text(unit, "Account"), text(unit, "Region"), text(rule, "TargetBackupVaultName"));
                let write = |into: &Value, from: Value, days: (Value, Value)| {
                    json!({ "into": into, "from": from, "use": {
                        "plan": plan_name(plan), "rule": rule["RuleName"], "is_copy": !from.is_null(),
                        "delete_after_days": days.0, "move_to_cold_storage_after_days": days.1,
                    } })
                };
                writes.push(write(&json!(target), Value::Null, lifecycle(rule)));
                match get(rule, "TargetLogicallyAirGappedBackupVaultArn") {
                    Value::Null => {}
                    Value::String(arn) => writes.push(write(&json!(arn), Value::Null, lifecycle(rule))),
                    _ => all_seen = false,
                }
                let actions = get(rule, "CopyActions");
                all_seen &= !is_unknown(&actions);
                for action in list(&actions) {
                    match needed(action, "DestinationBackupVaultArn") {
                        Value::String(arn) => writes.push(write(&json!(arn), json!(target), copy_lifecycle(action, rule))),
                        _ => all_seen = false,
                    }
                }
            }
        }
    }
    (writes, all_seen)
}

pub fn used_by(document: &Value, unit: &Value, vault: &Value) -> Value {
    let (writes, all_seen) = writes(document);
    let inside = list(&unit["RecoveryPoints"]).iter().filter(|point| point["BackupVaultName"] == vault["BackupVaultName"]);
    let strangers = inside.map(|point| get(point, "SourceBackupVaultArn")).any(|source| match &source {
        Value::Null => false,
        Value::String(arn) => unit_at(document, arn).is_none(),
        _ => true,
    });
    // A point that was not listed may be a stranger's.
    if !all_seen || strangers || !points_whole(unit, vault) {
        return unknown();
    }
    let arn = arn_of(unit, vault);
    let uses: Vec<Value> = writes.iter().filter(|write| text(write, "into") == arn).map(|write| write["use"].clone()).collect();
    // Nobody locks a vault that nobody writes into.
    if uses.is_empty() && vault["Locked"] != false { unknown() } else { Value::Array(uses) }
}

pub fn replicas(document: &Value, unit: &Value, vault: &Value) -> Value {
    let (writes, all_seen) = writes(document);
    if !all_seen {
        return unknown();
    }
    let arn = arn_of(unit, vault);
    let mut into: Vec<&str> = writes.iter().filter(|write| text(write, "from") == arn).map(|write| text(write, "into")).collect();
    into.sort_unstable();
    into.dedup();
    let replica = |arn: &&str| {
        let (account, region, name) = place(arn);
        let identity = match vault_at(document, arn).map(|(_, vault)| get(vault, "EncryptionKeyArn")) {
            Some(Value::String(key)) if key.contains("/mrk-") => json!(key.rsplit('/').next()),
            Some(other) => other,
            None => unknown(),
        };
        json!({ "name": name, "account": account, "region": region, "key_identity": identity })
    };
    Value::Array(into.iter().map(replica).collect())
}

/// Whether the points of a vault are all in the snapshot, as far as the ledger and the vault's own count tell.
pub fn points_whole(unit: &Value, vault: &Value) -> bool {
    const ACTION: &str = "backup:ListRecoveryPointsByBackupVault";
    let name = text(vault, "BackupVaultName");
    let listed_ok = list(&unit["Calls"])
        .iter()
        .any(|call| text(call, "Operation") == "ListRecoveryPointsByBackupVault" && text(call, "Subject") == name);
    let points = list(&unit["RecoveryPoints"]);
    let listed = points.iter().filter(|point| text(point, "BackupVaultName") == name).count();
    let count = get(vault, "NumberOfRecoveryPoints");
    !failed(unit, ACTION, Some(name))
        && (list(&unit["Complete"]).contains(&json!("RecoveryPoints")) || listed_ok)
        && !points.iter().any(|point| is_unknown(&needed(point, "BackupVaultName")))
        && !is_unknown(&count)
        && count.as_u64().unwrap_or(0) <= listed as u64
}

pub fn points(unit: &Value, vault: &Value) -> Value {
    let inside = list(&unit["RecoveryPoints"]).iter().filter(|point| point["BackupVaultName"] == vault["BackupVaultName"]);
    let days: Vec<Value> = inside.map(|point| lifecycle(point).0).collect();
    if !points_whole(unit, vault) || days.iter().any(is_unknown) {
        return unknown();
    }
    let unlimited = days.iter().filter(|days| days.is_null()).count();
    json!({ "total": days.len(), "unlimited": unlimited, "longest_retention_days": days.iter().filter_map(Value::as_i64).max().unwrap_or(0) })
}

pub fn in_use(document: &Value, unit: &Value, vault: &Value) -> Value {
    let (writes, all_seen) = writes(document);
    let holds = list(&unit["RecoveryPoints"]).iter().any(|point| point["BackupVaultName"] == vault["BackupVaultName"]);
    let says = vault["NumberOfRecoveryPoints"].as_i64().is_some_and(|count| count > 0);
    if holds || says || writes.iter().any(|write| text(write, "into") == arn_of(unit, vault)) {
        return json!(true);
    }
    if all_seen && points_whole(unit, vault) { json!(false) } else { unknown() }
}
