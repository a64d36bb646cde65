//! What happened in an account whose plans, resources and points stand already: backup jobs, versions of plans, and tables that
//! can be restored to a point in time.

use serde_json::{Value, json};

use super::oracle::text;
use super::tape::Tape;

/// Before and after the runs that are due, and before all jobs that AWS still lists.
const TIMES: [&str; 5] =
    ["2026-11-22T05:00:30Z", "2026-11-21T17:02:00Z", "2026-11-15T05:01:00Z", "2026-11-22T05:45:00Z", "2026-06-01T05:00:00Z"];
const STATES: [&str; 6] = ["COMPLETED", "FAILED", "EXPIRED", "RUNNING", "ABORTED", "COMPLETED"];
const MESSAGES: [&str; 3] = ["Table not found.", "Something unheard of", "role cannot be assumed by AWS Backup"];

pub fn fill(tape: &mut Tape, document: &mut Value) {
    for unit in document["Units"].as_array_mut().into_iter().flatten() {
        date(tape, unit);
        let jobs: Vec<Value> = (0..tape.below(4)).map(|at| job(tape, unit, at)).collect();
        let tables = tables(tape, unit);
        unit["BackupJobs"] = json!(jobs);
        unit["Tables"] = json!(tables);
        for collection in ["BackupJobs", "Tables"] {
            push(&mut unit["Complete"], json!(collection));
        }
        if unit.get("Calls").is_some() {
            ledger(unit);
        }
    }
}

fn push(list: &mut Value, item: Value) {
    list.as_array_mut().expect("a list").push(item);
}

/// When plans, their versions and their selections were made.
fn date(tape: &mut Tape, unit: &mut Value) {
    for plan in unit["BackupPlans"].as_array_mut().into_iter().flatten() {
        plan["CreationDate"] = json!("2026-06-01T04:00:00Z");
        let versions: Vec<Value> =
            (0..tape.below(3)).map(|at| json!({ "VersionId": at.to_string(), "CreationDate": tape.pick(&TIMES) })).collect();
        plan["Versions"] = json!(versions);
        for selection in plan["Selections"].as_array_mut().into_iter().flatten() {
            selection["CreationDate"] = json!(tape.pick(&["2026-06-01T04:00:00Z", "2026-06-01T04:00:00Z", "2026-11-22T05:10:00Z"]));
        }
    }
}

/// Of a resource of the unit, or of one that no list shows.
fn job(tape: &mut Tape, unit: &Value, at: usize) -> Value {
    let mut arns: Vec<Value> = unit["Resources"].as_array().into_iter().flatten().map(|one| one["ResourceARN"].clone()).collect();
    arns.push(json!(format!("arn:aws:dynamodb:{}:{}:table/unlisted", text(unit, "Region"), text(unit, "Account"))));
    let state = *tape.pick(&STATES);
    let created = *tape.pick(&TIMES);
    let mut job = json!({ "BackupJobId": format!("job-{at}"), "ResourceArn": tape.pick(&arns), "State": state, "CreationDate": created });
    if state != "RUNNING" {
        job["CompletionDate"] = json!(created);
    }
    if tape.chance(50) {
        job["StatusMessage"] = json!(tape.pick(&MESSAGES));
    }
    if tape.chance(60) {
        job["MessageCategory"] = json!(tape.pick(&["SUCCESS", "Success", "ACCESSDENIED"]));
    }
    let plans: Vec<&Value> = unit["BackupPlans"].as_array().into_iter().flatten().collect();
    if tape.chance(75) && !plans.is_empty() {
        let plan = tape.pick(&plans);
        job["CreatedBy"] = json!({ "BackupPlanId": plan["BackupPlanId"] });
    }
    job
}

fn tables(tape: &mut Tape, unit: &Value) -> Vec<Value> {
    let arns: Vec<&str> = unit["Resources"].as_array().into_iter().flatten().map(|one| text(one, "ResourceARN")).collect();
    let mut tables = Vec::new();
    for arn in arns.into_iter().filter(|arn| arn.contains(":table/")) {
        let status = *tape.pick(&["ENABLED", "DISABLED", "ENABLING"]);
        let mut recovery = json!({ "PointInTimeRecoveryStatus": status });
        if status == "ENABLED" && tape.chance(60) {
            recovery["RecoveryPeriodInDays"] = json!(tape.pick(&[35, 7]));
            recovery["EarliestRestorableDateTime"] = json!(tape.pick(&TIMES));
        }
        let described = json!({ "ContinuousBackupsStatus": "ENABLED", "PointInTimeRecoveryDescription": recovery });
        tables.push(json!({ "TableArn": arn, "TableName": arn.rsplit('/').next(), "ContinuousBackupsDescription": described }));
    }
    tables
}

fn ledger(unit: &mut Value) {
    let mut calls = vec![("backup", "ListBackupJobs", None), ("dynamodb", "ListTables", None)];
    let each = |collection: &str, name: &str| -> Vec<String> {
        unit[collection].as_array().into_iter().flatten().map(|one| text(one, name).to_owned()).collect()
    };
    calls.extend(each("Tables", "TableName").into_iter().map(|name| ("dynamodb", "DescribeContinuousBackups", Some(name))));
    calls.extend(each("BackupPlans", "BackupPlanId").into_iter().map(|id| ("backup", "ListBackupPlanVersions", Some(id))));
    for (service, operation, subject) in calls {
        let mut call = json!({ "Service": service, "Operation": operation, "Outcome": "ok" });
        if let Some(subject) = subject {
            call["Subject"] = json!(subject);
        }
        push(&mut unit["Calls"], call);
    }
}
