//! Recovery points, their copies and copy jobs, put into an account whose vaults and plans stand already; then the counts
//! and the ledger, which follow from the rest.

use serde_json::{Value, json};

use super::account::vault_arn;
use super::oracle::{place, text, unit_at, vault_at};
use super::tape::Tape;

const STATUSES: [&str; 5] = ["COMPLETED", "AVAILABLE", "PARTIAL", "EXPIRED", "COMPLETED"];
/// Hours and days before the audit, so that copies are due, overdue, forgotten by the copy jobs, or past their life.
const CREATED: [&str; 5] =
    ["2026-11-22T05:00:00Z", "2026-11-20T05:00:00.400Z", "2026-11-10T05:00:00Z", "2026-10-20T05:00:00Z", "2026-06-01T05:00:00Z"];

pub fn fill(tape: &mut Tape, document: &mut Value) {
    let count = document["Units"].as_array().map_or(0, Vec::len);
    for at in 0..count {
        let most = if document["Units"][at]["BackupVaults"] == json!([]) { 1 } else { 4 };
        for number in 0..tape.below(most) {
            let (point, rule) = point(tape, &document["Units"][at], number);
            copies(tape, document, at, &point, rule);
            push(&mut document["Units"][at]["RecoveryPoints"], point);
        }
    }
    for unit in document["Units"].as_array_mut().into_iter().flatten() {
        count_points(tape, unit);
        ledger(tape, unit);
    }
}

fn push(list: &mut Value, item: Value) {
    list.as_array_mut().expect("a list").push(item);
}

fn arn(unit: &Value, id: &str) -> String {
    format!("arn:aws:backup:{}:{}:recovery-point:{id}", text(unit, "Region"), text(unit, "Account"))
}

/// A point of this unit; with the rule that made it, unless it was made on demand, or by a rule or plan that is gone.
fn point(tape: &mut Tape, unit: &Value, number: usize) -> (Value, Option<Value>) {
    let (account, region) = (text(unit, "Account"), text(unit, "Region"));
    let vaults = unit["BackupVaults"].as_array().cloned().unwrap_or_default();
    let plans = unit["BackupPlans"].as_array().cloned().unwrap_or_default();
    let vault = tape.pick(&vaults).clone();
    let mut point = json!({
        "RecoveryPointArn": arn(unit, &format!("{account}-{region}-{number}")),
        "BackupVaultName": vault["BackupVaultName"],
        "ResourceArn": format!("arn:aws:dynamodb:{region}:{account}:table/{}", tape.pick(&["orders", "Orders"])),
        "ResourceType": tape.pick(&["DynamoDB", "EBS", "S3", "EC2"]),
        "Status": tape.pick(&STATUSES),
        "CreationDate": tape.pick(&CREATED),
        "CompletionDate": "2026-11-22T05:30:00Z",
        "IsEncrypted": tape.chance(70),
    });
    match tape.below(3) {
        0 => {}
        1 => point["EncryptionKeyArn"] = vault["EncryptionKeyArn"].clone(),
        _ => point["EncryptionKeyArn"] = json!(format!("arn:aws:kms:{region}:{account}:key/key-a")),
    }
    if tape.chance(70) {
        point["Lifecycle"] = json!({ "DeleteAfterDays": tape.pick(&[30, 7, 120, -1]) });
    }
    let mut made_by = None;
    if tape.chance(70) {
        let plan = if plans.is_empty() { json!({ "BackupPlanId": "deleted" }) } else { tape.pick(&plans).clone() };
        let rules = plan["BackupPlan"]["Rules"].as_array().cloned().unwrap_or_default();
        made_by = (!rules.is_empty() && !tape.chance(10)).then(|| tape.pick(&rules).clone());
        point["CreatedBy"] = json!({
            "BackupPlanArn": format!("arn:aws:backup:{region}:{account}:backup-plan:{}", text(&plan, "BackupPlanId")),
            "BackupRuleId": made_by.as_ref().map_or("deleted", |rule| text(rule, "RuleId")),
        });
    }
    (point, made_by)
}

/// Some of the copies that the rule asks for, and jobs that agree with them.
fn copies(tape: &mut Tape, document: &mut Value, at: usize, point: &Value, rule: Option<Value>) {
    let source_vault =
        vault_arn(text(&document["Units"][at], "Account"), text(&document["Units"][at], "Region"), text(point, "BackupVaultName"));
    let actions = rule.map(|rule| rule["CopyActions"].clone()).unwrap_or_default();
    let mut seen = Vec::new();
    for action in actions.as_array().into_iter().flatten() {
        let destination = text(action, "DestinationBackupVaultArn").to_owned();
        if seen.contains(&destination) {
            continue;
        }
        seen.push(destination.clone());
        let completed = *tape.pick(&["2026-11-22T05:40:00Z", "2026-11-22T05:59:00Z"]);
        let status = *tape.pick(&["COMPLETED", "PARTIAL", "AVAILABLE"]);
        let stays = tape.chance(60);
        // A completed job is all there is to see of a copy in a unit that nobody observed; a copy that came and was deleted
        // again is seen only where the destination is.
        let arrived =
            status != "PARTIAL" && (stays && vault_at(document, &destination).is_some() || unit_at(document, &destination).is_none());
        // AWS keeps jobs for 30 days: until then no copy is without its job.
        let forgotten = text(point, "CreationDate") < "2026-10-24";
        let delivered = arrived && stays && vault_at(document, &destination).is_some();
        if delivered && !forgotten || tape.chance(60) {
            let state = if delivered {
                "COMPLETED"
            } else if arrived {
                *tape.pick(&["COMPLETED", "FAILED"])
            } else {
                "FAILED"
            };
            let job = json!({
                "CopyJobId": format!("job-{}-{}", text(point, "RecoveryPointArn"), seen.len()),
                "SourceRecoveryPointArn": point["RecoveryPointArn"],
                "DestinationBackupVaultArn": destination,
                "State": state,
                "CompletionDate": completed,
            });
            if tape.chance(20) {
                let mut again = job.clone();
                again["CopyJobId"] = json!(format!("{}-again", text(&job, "CopyJobId")));
                again["State"] = json!("FAILED");
                push(&mut document["Units"][at]["CopyJobs"], again);
            }
            push(&mut document["Units"][at]["CopyJobs"], job);
        }
        if stays {
            let mut copy = point.clone();
            copy["BackupVaultName"] = json!(destination.rsplit(':').next());
            copy["SourceBackupVaultArn"] = json!(source_vault);
            copy["CompletionDate"] = json!(completed);
            copy["Status"] = json!(status);
            let elsewhere = (place(&destination).0, place(&destination).1) != (place(&source_vault).0, place(&source_vault).1);
            if tape.chance(30) && elsewhere {
                // The API does not always tell the source; the plan then shows that the point was made elsewhere.
                copy.as_object_mut().expect("a point").remove("SourceBackupVaultArn");
            }
            deliver(document, at, &destination, copy, seen.len());
        }
    }
}

fn deliver(document: &mut Value, from: usize, destination: &str, mut copy: Value, number: usize) {
    if vault_at(document, destination).is_none() {
        return;
    }
    let (account, region, _) = place(destination);
    let id = format!("copy-{number}-from-{from}-of-{}", text(&copy, "RecoveryPointArn").rsplit(':').next().unwrap_or_default());
    let there = |unit: &&mut Value| text(unit, "Account") == account && text(unit, "Region") == region;
    if let Some(unit) = document["Units"].as_array_mut().into_iter().flatten().find(there) {
        copy["RecoveryPointArn"] = json!(arn(unit, &id));
        push(&mut unit["RecoveryPoints"], copy);
    }
}

fn count_points(tape: &mut Tape, unit: &mut Value) {
    let points = unit["RecoveryPoints"].clone();
    for vault in unit["BackupVaults"].as_array_mut().into_iter().flatten() {
        let count = points.as_array().into_iter().flatten().filter(|point| point["BackupVaultName"] == vault["BackupVaultName"]).count();
        if tape.chance(60) {
            vault["NumberOfRecoveryPoints"] = json!(count);
        }
    }
}

/// The calls that would have brought all of this.
fn ledger(tape: &mut Tape, unit: &mut Value) {
    if tape.chance(20) {
        return;
    }
    let region = text(unit, "Region");
    let mut calls = Vec::new();
    let mut call = |service: &str, operation: &str, subject: Option<String>| {
        let mut made = json!({ "Service": service, "Operation": operation, "Outcome": "ok" });
        if let Some(subject) = subject {
            made["Subject"] = json!(subject);
        }
        calls.push(made);
    };
    for operation in ["ListBackupVaults", "ListBackupPlans", "ListCopyJobs", "ListProtectedResources"] {
        call("backup", operation, None);
    }
    call("tag", "GetResources", None);
    for operation in ["DescribeRegionSettings", "DescribeGlobalSettings"] {
        call("backup", operation, Some(region.to_owned()));
    }
    let each = |collection: &str| unit[collection].as_array().cloned().unwrap_or_default();
    for vault in each("BackupVaults") {
        call("backup", "ListRecoveryPointsByBackupVault", Some(text(&vault, "BackupVaultName").to_owned()));
        call("backup", "ListTags", Some(vault_arn(text(unit, "Account"), region, text(&vault, "BackupVaultName"))));
    }
    for plan in each("BackupPlans") {
        let id = text(&plan, "BackupPlanId").to_owned();
        call("backup", "ListTags", Some(format!("arn:aws:backup:{region}:{}:backup-plan:{id}", text(unit, "Account"))));
        for selection in plan["Selections"].as_array().into_iter().flatten() {
            call("backup", "GetBackupSelection", Some(format!("{id}/{}", text(selection, "SelectionId"))));
        }
        call("backup", "GetBackupPlan", Some(id.clone()));
        call("backup", "ListBackupSelections", Some(id));
    }
    for key in each("Keys") {
        for operation in ["DescribeKey", "GetKeyPolicy", "GetKeyRotationStatus", "ListAliases"] {
            call("kms", operation, Some(text(&key, "Arn").to_owned()));
        }
    }
    unit["Calls"] = json!(calls);
}
