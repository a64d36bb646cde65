//! The slow implementation, continued: where recovery points come from, and whether their copies arrived.

use serde_json::{Value, json};

use super::account::AS_OF;
use super::oracle::*;

/// Whether the point was copied here.
pub fn is_copy(unit: &Value, point: &Value) -> Value {
    let here = |arn: &str| place(arn).0 == text(unit, "Account") && place(arn).1 == text(unit, "Region");
    match (get(point, "SourceBackupVaultArn"), plan_of(point)) {
        (Value::String(_), _) => json!(true),
        (_, Value::String(plan)) if !here(&plan) => json!(true),
        (Value::Null, Value::Null | Value::String(_)) => json!(false),
        _ => unknown(),
    }
}

fn plan_of(point: &Value) -> Value {
    match get(point, "CreatedBy") {
        Value::Null => Value::Null,
        created_by if is_unknown(&created_by) => unknown(),
        created_by => get(&created_by, "BackupPlanArn"),
    }
}

/// The plan and rule that made the point, as they stand now; null where there is none.
fn maker(document: &Value, point: &Value) -> Value {
    let Value::String(arn) = plan_of(point) else { return plan_of(point) };
    let id = needed(&point["CreatedBy"], "BackupRuleId");
    let Some(unit) = unit_at(document, &arn) else { return unknown() };
    let Some(plan) = list(&unit["BackupPlans"]).iter().find(|plan| arn_of_plan(unit, plan) == arn) else {
        return if plans_whole(unit) { Value::Null } else { unknown() };
    };
    let rules = rules(unit, plan);
    if is_unknown(&rules) || is_unknown(&id) {
        return unknown();
    }
    match list(&rules).iter().find(|rule| rule["RuleId"] == id) {
        Some(rule) => json!({ "plan": plan_name(plan), "rule": rule }),
        None if list(&rules).iter().any(|rule| !get(rule, "RuleId").is_string()) => unknown(),
        None => Value::Null,
    }
}

pub fn made_by(document: &Value, unit: &Value, point: &Value) -> Value {
    let maker = maker(document, point);
    if !maker["rule"].is_object() {
        return maker;
    }
    let rule = &maker["rule"];
    let days = match (is_copy(unit, point), needed(point, "BackupVaultName"), get(rule, "CopyActions")) {
        (Value::Bool(false), ..) => lifecycle(rule).0,
        (Value::Bool(true), Value::String(_), actions) if !is_unknown(&actions) => {
            let into = arn_of(unit, point);
            match list(&actions).iter().find(|action| text(action, "DestinationBackupVaultArn") == into) {
                Some(action) => copy_lifecycle(action, rule).0,
                None if list(&actions).iter().any(|action| is_unknown(&needed(action, "DestinationBackupVaultArn"))) => return unknown(),
                None => return Value::Null,
            }
        }
        _ => return unknown(),
    };
    json!({ "plan": maker["plan"], "rule": rule["RuleName"], "delete_after_days": days })
}

/// The copies that the point should have.
pub fn copies(document: &Value, unit: &Value, point: &Value) -> Value {
    let (maker, is_copy) = (maker(document, point), is_copy(unit, point));
    if maker.is_null() || is_copy == json!(true) {
        return json!([]);
    }
    let status = needed(point, "Status");
    if status.is_string() && !is_complete(&status) {
        return json!([]);
    }
    let actions = get(&maker["rule"], "CopyActions");
    if is_unknown(&maker) || is_unknown(&is_copy) || is_unknown(&status) || is_unknown(&actions) {
        return unknown();
    }
    if list(&actions).iter().any(|action| is_unknown(&needed(action, "DestinationBackupVaultArn"))) {
        return unknown();
    }
    let kept: Vec<Value> = list(&actions).iter().map(|action| copy_lifecycle(action, &maker["rule"]).0).collect();
    if !kept.is_empty() && is_unknown(&needed(point, "CreationDate")) || kept.iter().any(is_unknown) {
        return unknown();
    }
    let arrivals = list(&actions).iter().zip(&kept);
    Value::Array(
        arrivals.filter_map(|(action, kept)| arrival(document, unit, point, text(action, "DestinationBackupVaultArn"), kept)).collect(),
    )
}

fn is_complete(status: &Value) -> bool {
    status == "COMPLETED" || status == "AVAILABLE"
}

fn hours(from: &Value, to: &Value) -> Value {
    if to.is_string() { json!((millis(to) - millis(from)).div_euclid(3_600_000)) } else { unknown() }
}

/// Nothing where the copy would have been deleted by now.
fn arrival(document: &Value, unit: &Value, point: &Value, destination: &str, kept: &Value) -> Option<Value> {
    let said = |arrived: Value, hours: Value| Some(json!({ "destination": destination, "arrived": arrived, "hours": hours }));
    let created = needed(point, "CreationDate");
    let age = hours(&created, &json!(AS_OF));
    if kept.as_i64().is_some_and(|days| age.as_i64().is_some_and(|age| age > days * 24)) {
        return None;
    }
    let jobs = units(document).iter().flat_map(|unit| list(&unit["CopyJobs"]));
    let (mut done, mut job_may_be_done) = (Vec::new(), false);
    for job in jobs {
        let (from, to, state) = (get(job, "SourceRecoveryPointArn"), get(job, "DestinationBackupVaultArn"), get(job, "State"));
        match [may_be(&from, &point["RecoveryPointArn"]), may_be(&to, &json!(destination)), may_be(&state, &json!("COMPLETED"))] {
            [Some(true), Some(true), Some(true)] => done.push(get(job, "CompletionDate")),
            answers if answers.contains(&Some(false)) => {}
            _ => job_may_be_done = true,
        }
    }
    let when = earliest(&done);
    let there = vault_at(document, destination);
    let (mut found, mut may_be_there) = (Vec::new(), false);
    for copy in there.map_or(&[][..], |(unit, _)| list(&unit["RecoveryPoints"])) {
        match is_copy_of(copy, point, &created, destination) {
            Some(true) => found.push(get(copy, "CompletionDate")),
            Some(false) => {}
            None => may_be_there = true,
        }
    }
    if !found.is_empty() {
        let at = if done.is_empty() { earliest(&found) } else { when };
        return said(json!(true), hours(&created, &at));
    }
    if !done.is_empty() && !listing_is_whole(document, destination) {
        return said(json!(true), hours(&created, &when));
    }
    let recent = age.as_i64().is_some_and(|age| age < 30 * 24);
    let no_job = recent && whole(unit, "CopyJobs", "backup:ListCopyJobs") && !job_may_be_done;
    if (listing_is_whole(document, destination) && !may_be_there) || (!listing_is_whole(document, destination) && no_job && !may_be_there) {
        return said(json!(false), age);
    }
    said(unknown(), unknown())
}

fn listing_is_whole(document: &Value, destination: &str) -> bool {
    match vault_at(document, destination) {
        Some((unit, vault)) => points_whole(unit, vault),
        None => vault_exists(document, destination) == json!(false),
    }
}

/// Whether a member has this value; nothing where it may.
fn may_be(member: &Value, wanted: &Value) -> Option<bool> {
    if is_unknown(member) { None } else { Some(member == wanted) }
}

/// A complete point in the destination, of the same resource, with the same second of creation.
fn is_copy_of(copy: &Value, point: &Value, created: &Value, destination: &str) -> Option<bool> {
    let moment = get(copy, "CreationDate");
    let answers = [
        may_be(&needed(copy, "BackupVaultName"), &json!(place(destination).2)),
        match (needed(copy, "ResourceArn"), needed(point, "ResourceArn")) {
            (of, wanted) if is_unknown(&of) || is_unknown(&wanted) => None,
            (of, wanted) => Some(of == wanted),
        },
        moment.is_string().then(|| millis(&moment).div_euclid(1000) == millis(created).div_euclid(1000)),
        if is_unknown(&get(copy, "Status")) { None } else { Some(is_complete(&copy["Status"])) },
        Some(copy["RecoveryPointArn"] != point["RecoveryPointArn"]),
        by_same_rule(copy, point),
    ];
    if answers.contains(&Some(false)) { Some(false) } else { answers.iter().all(Option::is_some).then_some(true) }
}

/// A copy names the plan and rule of its source. Another rule may have backed up the same resource at the same time.
fn by_same_rule(copy: &Value, point: &Value) -> Option<bool> {
    let created_by = get(copy, "CreatedBy");
    if !created_by.is_object() {
        return Some(true);
    }
    let same = ["BackupPlanArn", "BackupRuleId"].map(|member| may_be(&get(&created_by, member), &point["CreatedBy"][member]));
    if is_unknown(&created_by) || same.contains(&None) && !same.contains(&Some(false)) { None } else { Some(!same.contains(&Some(false))) }
}

fn earliest(times: &[Value]) -> Value {
    if times.iter().any(|time| !time.is_string()) {
        return unknown();
    }
    times.iter().min_by_key(|time| millis(time)).cloned().unwrap_or_else(unknown)
}
