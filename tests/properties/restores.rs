//! Restore testing plans and restore jobs, put into an account whose recovery points stand already; and the calls that bring them.

use serde_json::{Value, json};

use super::account::vault_arn;
use super::oracle::text;
use super::tape::Tape;

/// Within the days that jobs are listed for, and before.
const RAN: [&str; 3] = ["2026-11-20T05:00:00Z", "2026-10-30T05:00:00Z", "2026-09-01T05:00:00Z"];

pub fn fill(tape: &mut Tape, document: &mut Value) {
    for unit in document["Units"].as_array_mut().into_iter().flatten() {
        let plans: Vec<Value> = (0..tape.below(3)).map(|at| plan(tape, unit, at)).collect();
        let jobs: Vec<Value> = (0..tape.below(4)).filter_map(|at| job(tape, unit, &plans, at)).collect();
        for collection in ["RestoreTestingPlans", "RestoreJobs"] {
            unit["Complete"].as_array_mut().expect("a list").push(json!(collection));
        }
        ledger(unit, &plans);
        unit["RestoreTestingPlans"] = json!(plans);
        unit["RestoreJobs"] = json!(jobs);
    }
}

fn plan(tape: &mut Tape, unit: &Value, at: usize) -> Value {
    let (account, region) = (text(unit, "Account"), text(unit, "Region"));
    let vaults = ["*".to_owned(), vault_arn(account, region, "main"), "arn:aws:backup:*:*:backup-vault:M*".to_owned()];
    let mut plan = json!({
        "RestoreTestingPlanName": format!("tests-{at}"),
        "RestoreTestingPlanArn": format!("arn:aws:backup:{region}:{account}:restore-testing-plan:tests-{at}"),
        "RecoveryPointSelection": {
            "Algorithm": tape.pick(&["LATEST_WITHIN_WINDOW", "RANDOM_WITHIN_WINDOW"]),
            "IncludeVaults": [tape.pick(&vaults)],
            "ExcludeVaults": tape.some_of(&vaults[1..], 1),
            "RecoveryPointTypes": [tape.pick(&["SNAPSHOT", "CONTINUOUS", "SNAPSHOT"])],
        },
        "Selections": (0..tape.below(3)).map(|at| selection(tape, account, region, at)).collect::<Vec<Value>>(),
    });
    if tape.chance(60) {
        plan["LastExecutionTime"] = json!(tape.pick(&RAN));
    }
    plan
}

fn selection(tape: &mut Tape, account: &str, region: &str, at: usize) -> Value {
    let arns = [json!(["*"]), Value::Null, json!([format!("arn:aws:dynamodb:{region}:{account}:table/Orders")])];
    let pool = [("aws:ResourceTag/env", "dev"), ("aws:ResourceTag/backup", "daily"), ("env", "dev")];
    let pool = pool.map(|(key, value)| json!({ "Key": key, "Value": value }));
    let operator = *tape.pick(&["StringEquals", "StringNotEquals"]);
    json!({
        "RestoreTestingSelectionName": format!("s-{at}"),
        "ProtectedResourceType": tape.pick(&["DynamoDB", "EBS", "Aurora", "S3"]),
        "ProtectedResourceArns": tape.pick(&arns),
        "ProtectedResourceConditions": if tape.chance(50) { json!({ operator: tape.some_of(&pool, 2) }) } else { Value::Null },
    })
}

/// A restore of one of the unit's points.
fn job(tape: &mut Tape, unit: &Value, plans: &[Value], at: usize) -> Option<Value> {
    let points = unit["RecoveryPoints"].as_array().filter(|points| !points.is_empty())?;
    let point = tape.pick(points);
    let started = *tape.pick(&RAN);
    let mut job = json!({
        "RestoreJobId": format!("restore-{at}"),
        "RecoveryPointArn": point["RecoveryPointArn"],
        "ResourceType": point["ResourceType"],
        "Status": tape.pick(&["COMPLETED", "FAILED", "RUNNING", "COMPLETED"]),
        "CreationDate": started,
    });
    if tape.chance(60) {
        job["SourceResourceArn"] = point["ResourceArn"].clone();
    }
    if job["Status"] == "COMPLETED" {
        let ended = *tape.pick(&["06:00:00", "23:00:01"]);
        job["CompletionDate"] = json!(started.replace("05:00:00", ended));
        let results = [json!("SUCCESSFUL"), json!("FAILED"), json!("VALIDATING"), Value::Null];
        job["ValidationStatus"] = tape.pick(&results).clone();
    }
    if !plans.is_empty() && tape.chance(70) {
        job["CreatedBy"] = json!({ "RestoreTestingPlanArn": tape.pick(plans)["RestoreTestingPlanArn"] });
    }
    Some(job)
}

fn ledger(unit: &mut Value, plans: &[Value]) {
    let Some(calls) = unit.get_mut("Calls").and_then(Value::as_array_mut).filter(|calls| !calls.is_empty()) else { return };
    let mut call = |operation: &str, subject: Option<String>| {
        let mut made = json!({ "Service": "backup", "Operation": operation, "Outcome": "ok" });
        if let Some(subject) = subject {
            made["Subject"] = json!(subject);
        }
        calls.push(made);
    };
    call("ListRestoreJobs", None);
    call("ListRestoreTestingPlans", None);
    for plan in plans {
        let name = text(plan, "RestoreTestingPlanName").to_owned();
        for selection in plan["Selections"].as_array().into_iter().flatten() {
            call("GetRestoreTestingSelection", Some(format!("{name}/{}", text(selection, "RestoreTestingSelectionName"))));
        }
        call("GetRestoreTestingPlan", Some(name.clone()));
        call("ListRestoreTestingSelections", Some(name));
    }
}
