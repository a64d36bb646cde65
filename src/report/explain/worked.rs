//! Names that follow from several facts. What is not certain is left to people: a fix that is pasted must be right.

use serde_json::{Map, Value, json};

use super::case::{Case, Seen, known, leaves, one_of};
use crate::facts::{Facts, Kind};
use crate::snapshot::{Arn, BackupPlan, SOME_ACCOUNT, SelectionBody};

/// How many vaults are named that might be meant.
const NAMED: usize = 5;

pub fn region(case: &Case) -> Seen {
    let region = &case.facts().region;
    if region.is_empty() { Seen::Unseen("it belongs to no Region".to_owned()) } else { known(region.as_str()) }
}

pub fn account(case: &Case) -> Seen {
    match case.facts().account.as_str() {
        "" | SOME_ACCOUNT => Seen::Unseen("which account it is was not told".to_owned()),
        account => known(account),
    }
}

pub fn partition(case: &Case) -> Seen {
    let of_unit = || case.unit().map(|unit| unit.partition.as_str()).filter(|partition| !partition.is_empty());
    known(Arn::parse(case.id()).map(|arn| arn.partition).or_else(of_unit).unwrap_or("aws"))
}

/// The part of an id before what was put behind an ARN to tell its parts apart.
fn owner(id: &str) -> &str {
    id.split('#').next().unwrap_or(id)
}

/// The plans that it belongs to, or that select it, or that made it.
fn plans<'a>(case: &Case<'a>) -> Vec<&'a BackupPlan> {
    let named = match case.kind() {
        Kind::Resource => case.texts("selected_by"),
        Kind::RecoveryPoint => case.texts("made_by.plan"),
        Kind::Vault => case.texts("used_by.plan"),
        _ => Vec::new(),
    };
    let arn = match case.kind() {
        Kind::Plan | Kind::PlanRule | Kind::Selection => owner(case.id()),
        _ => "",
    };
    let is_meant = |plan: &&BackupPlan| match plan.backup_plan_arn.known() {
        Some(known) if !arn.is_empty() => known == arn,
        _ if !arn.is_empty() => arn.ends_with(plan.backup_plan_id.as_str()) && !plan.backup_plan_id.is_empty(),
        _ => named.contains(&name_of(plan)),
    };
    case.unit().into_iter().flat_map(|unit| &unit.backup_plans).filter(is_meant).collect()
}

fn name_of(plan: &BackupPlan) -> String {
    let body = plan.backup_plan.known().and_then(|body| body.backup_plan_name.known());
    body.or(plan.backup_plan_name.known()).unwrap_or(&plan.backup_plan_id).clone()
}

pub fn plan_id(case: &Case) -> Seen {
    match case.kind() {
        Kind::Plan | Kind::PlanRule | Kind::Selection => {
            let id = Arn::parse(owner(case.id())).map(|arn| arn.name().to_owned());
            id.map_or_else(|| Seen::Unseen("the plan's ARN was not told".to_owned()), known)
        }
        _ => one_of(plans(case).into_iter().map(|plan| plan.backup_plan_id.clone()).filter(|id| !id.is_empty())),
    }
}

pub fn plan_name(case: &Case) -> Seen {
    one_of(match case.kind() {
        Kind::Plan => case.texts("name"),
        Kind::PlanRule => case.texts("plan.name"),
        Kind::Selection => case.texts("plan"),
        Kind::Resource => case.texts("selected_by"),
        Kind::RecoveryPoint => case.texts("made_by.plan"),
        _ => Vec::new(),
    })
}

pub fn vault_name(case: &Case) -> Seen {
    one_of(match case.kind() {
        Kind::Vault => case.texts("name"),
        Kind::PlanRule => case.texts("target_vault.name"),
        Kind::RecoveryPoint => case.texts("vault.name"),
        Kind::Alarm => case.texts("vault"),
        _ => {
            let rules = plans(case).into_iter().filter_map(|plan| plan.backup_plan.known()?.rules.known()).flatten();
            rules.filter_map(|rule| rule.target_backup_vault_name.known().cloned()).collect()
        }
    })
}

/// The rules of a plan for which this holds, or all of them.
fn rules_where(case: &Case, holds: impl Fn(&Value) -> bool) -> Seen {
    let rules = case.facts().document["rules"].as_array().map(Vec::as_slice).unwrap_or_default();
    let names = |rules: Vec<&Value>| rules.into_iter().filter_map(|rule| rule["name"].as_str().map(str::to_owned)).collect::<Vec<_>>();
    let fitting = names(rules.iter().filter(|rule| holds(&rule["schedule"])).collect());
    // Which of several other rules is to be changed is not for us to say, even where there is one.
    if fitting.is_empty() { Seen::Among(names(rules.iter().collect())) } else { one_of(fitting) }
}

pub fn daily_rule(case: &Case) -> Seen {
    rules_where(case, |schedule| schedule["runs_every_day"] == true)
}

pub fn weekly_rule(case: &Case) -> Seen {
    rules_where(case, |schedule| schedule["runs_every_week"] == true && schedule["runs_every_day"] == false)
}

/// A parameter's schedule and its zone.
fn schedule(case: &Case, name: &str) -> Result<(String, String), Seen> {
    let seen = case.parameter(name);
    let Some(text) = seen.text() else { return Err(seen) };
    let (schedule, zone) = text.split_once(" in ").unwrap_or((text, "Etc/UTC"));
    Ok((schedule.to_owned(), zone.to_owned()))
}

pub fn daily_schedule(case: &Case) -> Seen {
    schedule(case, "daily_schedule").map_or_else(|seen| seen, |(schedule, _)| known(schedule))
}

pub fn daily_zone(case: &Case) -> Seen {
    schedule(case, "daily_schedule").map_or_else(|seen| seen, |(_, zone)| known(zone))
}

pub fn weekly_schedule(case: &Case) -> Seen {
    schedule(case, "weekly_schedule").map_or_else(|seen| seen, |(schedule, _)| known(schedule))
}

pub fn weekly_zone(case: &Case) -> Seen {
    schedule(case, "weekly_schedule").map_or_else(|seen| seen, |(_, zone)| known(zone))
}

pub fn topic(case: &Case) -> Seen {
    let told = match case.kind() {
        Kind::Alarm => case.texts("actions").into_iter().filter(|arn| arn.contains(":sns:")).collect(),
        Kind::Vault => {
            let vaults = case.unit().into_iter().flat_map(|unit| &unit.backup_vaults);
            let its = vaults.filter(|vault| case.id().ends_with(&format!(":{}", vault.backup_vault_name)));
            its.filter_map(|vault| vault.notifications.known()?.sns_topic_arn.known().cloned()).collect()
        }
        _ => Vec::new(),
    };
    match one_of(told) {
        Seen::Unseen(_) => {
            let topics = case.unit().into_iter().flat_map(|unit| &unit.topics).map(|topic| topic.topic_arn.clone());
            some(topics.collect())
        }
        seen => seen,
    }
}

/// What is for people to choose, with some of what there is.
fn some(mut there_are: Vec<String>) -> Seen {
    there_are.sort();
    there_are.dedup();
    there_are.truncate(NAMED);
    if there_are.is_empty() { Seen::Chosen } else { Seen::Among(there_are) }
}

pub fn destination(case: &Case) -> Seen {
    one_of(match case.kind() {
        Kind::PlanRule => case.texts("copies.destination.arn"),
        Kind::RecoveryPoint => case.texts("copies.destination"),
        Kind::Resource => {
            let rules = plans(case).into_iter().filter_map(|plan| plan.backup_plan.known()?.rules.known()).flatten();
            let copies = rules.filter_map(|rule| rule.copy_actions.known()).flatten();
            copies.filter_map(|copy| copy.destination_backup_vault_arn.known().cloned()).collect()
        }
        _ => Vec::new(),
    })
}

fn of_destination(case: &Case, part: impl Fn(&Arn) -> String) -> Seen {
    case.narrowed(destination(case)).map(|arn| Arn::parse(arn).map(|arn| part(&arn)))
}

pub fn destination_name(case: &Case) -> Seen {
    of_destination(case, |arn| arn.name().to_owned())
}

pub fn destination_region(case: &Case) -> Seen {
    of_destination(case, |arn| arn.region.to_owned())
}

pub fn destination_account(case: &Case) -> Seen {
    of_destination(case, |arn| arn.account.to_owned())
}

/// Vaults that lie elsewhere.
fn vaults_where(case: &Case, is_there: impl Fn(&Facts) -> bool) -> Seen {
    let vaults = case.audit.subjects.of(Kind::Vault);
    let there = vaults.subjects.iter().filter(|subject| !vaults.facts_of(subject).is_gap && is_there(vaults.facts_of(subject)));
    some(there.map(|subject| subject.id.to_string()).collect())
}

pub fn replica(case: &Case) -> Seen {
    let here = case.facts();
    let wanted = case.parameter("replica_region");
    let wanted = wanted.text().filter(|region| !region.is_empty());
    vaults_where(case, |there| {
        there.account == here.account && there.region != here.region && wanted.is_none_or(|region| there.region == region)
    })
}

pub fn isolated(case: &Case) -> Seen {
    vaults_where(case, |there| there.account != case.facts().account)
}

/// The selections of the plans that are meant, with their bodies.
fn selections(case: &Case) -> Vec<(String, String, Option<SelectionBody>)> {
    let of_plans = plans(case).into_iter().filter_map(|plan| plan.selections.known()).flatten();
    let told = of_plans.map(|selection| {
        let body = selection.backup_selection.known().cloned();
        let named = selection.selection_name.known().or_else(|| body.as_ref()?.selection_name.known());
        (selection.selection_id.known().cloned().unwrap_or_default(), named.cloned().unwrap_or_default(), body)
    });
    told.collect()
}

pub fn selection_id(case: &Case) -> Seen {
    match (case.kind(), case.id().split_once("#selection/")) {
        (Kind::Selection, Some((_, id))) => known(id),
        _ => one_of(selections(case).into_iter().map(|(id, ..)| id).filter(|id| !id.is_empty())),
    }
}

pub fn selection_name(case: &Case) -> Seen {
    match case.kind() {
        Kind::Selection => one_of(case.texts("name")),
        _ => one_of(selections(case).into_iter().map(|(_, name, _)| name).filter(|name| !name.is_empty())),
    }
}

/// Fifty characters at most (API: BackupSelection).
pub fn new_selection_name(case: &Case) -> Seen {
    match selection_name(case).text() {
        Some(name) if name.chars().count() <= 48 => known(format!("{name}-2")),
        _ => Seen::Chosen,
    }
}

/// What stands in a list of required tags, each a key or `key=value`, and is not among these keys.
fn missing(case: &Case, parameter: &str, there: &[String]) -> Vec<(String, Option<String>)> {
    let Seen::Known(Value::Array(required)) = case.parameter(parameter) else { return Vec::new() };
    let tags = required.iter().filter_map(Value::as_str).map(|tag| match tag.split_once('=') {
        Some((key, value)) => (key.to_owned(), Some(value.to_owned())),
        None => (tag.to_owned(), None),
    });
    tags.filter(|(key, _)| !there.contains(key)).collect()
}

const TAG_VALUE: &str = "TAG_VALUE";

pub fn missing_conditions(case: &Case) -> Seen {
    let tags = missing(case, "required_condition_tags", &case.texts("reach.required_tag_keys"));
    let condition = |(key, value): (String, Option<String>)| json!({ "ConditionKey": format!("aws:ResourceTag/{key}"), "ConditionValue": value.unwrap_or_else(|| TAG_VALUE.to_owned()) });
    if tags.is_empty() { Seen::Unseen("no tag is missing".to_owned()) } else { known(tags.into_iter().map(condition).collect::<Vec<_>>()) }
}

pub fn missing_tags(case: &Case) -> Seen {
    let tags = match leaves(&case.facts().document, "tags") {
        Ok(tags) => tags.first().and_then(|tags| tags.as_object()).cloned().unwrap_or_default(),
        Err(reason) => return Seen::Unseen(reason),
    };
    let Seen::Known(Value::Array(required)) = case.parameter("required_tags") else {
        return Seen::Unseen("which parameters are in force is not known".to_owned());
    };
    let mut lacking = Map::new();
    for tag in required.iter().filter_map(Value::as_str) {
        let (key, value) = tag.split_once('=').map_or((tag, None), |(key, value)| (key, Some(value)));
        let has_it = tags.get(key).is_some_and(|has| value.is_none_or(|value| has == value));
        if !has_it {
            lacking.insert(key.to_owned(), value.unwrap_or(TAG_VALUE).into());
        }
    }
    if lacking.is_empty() { Seen::Unseen("no tag is missing".to_owned()) } else { Seen::Known(lacking.into()) }
}

/// What the conditions of the selection that comes closest ask for, where that is all that keeps the resource out.
pub fn wanted_tags(case: &Case) -> Seen {
    let document = &case.facts().document;
    let closest = &document["coverage"]["closest"];
    let (Some(plan), Some(selection)) = (closest["plan"].as_str(), closest["selection"].as_str()) else { return Seen::Chosen };
    if closest["step"] != "condition" {
        return Seen::Unfit(format!("it is no tag that keeps it out of selection '{selection}'"));
    }
    let of_plan = case.unit().into_iter().flat_map(|unit| &unit.backup_plans).filter(|known| name_of(known) == plan);
    let bodies = of_plan.filter_map(|plan| plan.selections.known()).flatten().filter_map(|one| one.backup_selection.known());
    let its = bodies.filter(|body| body.selection_name.known().is_some_and(|name| name == selection));
    let equals = its.filter_map(|body| body.conditions.known()?.string_equals.known()).flatten();
    let mut wanted = Map::new();
    for condition in equals {
        let (Some(key), Some(value)) = (condition.condition_key.known(), condition.condition_value.known()) else { return Seen::Chosen };
        let key = key.strip_prefix("aws:ResourceTag/").unwrap_or(key);
        if document["tags"][key] != value.as_str() {
            wanted.insert(key.to_owned(), value.as_str().into());
        }
    }
    if wanted.is_empty() { Seen::Chosen } else { Seen::Known(wanted.into()) }
}

pub fn tag_key(case: &Case) -> Seen {
    if case.kind() != Kind::Selection {
        return Seen::Chosen;
    }
    let keys = missing(case, "required_condition_tags", &case.texts("reach.required_tag_keys"));
    match one_of(keys.into_iter().map(|(key, _)| key)) {
        Seen::Unseen(_) => Seen::Chosen,
        seen => seen,
    }
}

pub fn role_arn(case: &Case) -> Seen {
    match case.kind() {
        Kind::Role => one_of(case.texts("arn")),
        Kind::Selection => one_of(case.texts("role_arn")),
        Kind::Key => one_of(case.texts("backup_roles")),
        _ => {
            let bodies = selections(case).into_iter().filter_map(|(_, _, body)| body);
            one_of(bodies.filter_map(|body| body.iam_role_arn.known().cloned()))
        }
    }
}

/// IAM takes a role's name without its path.
pub fn role_name(case: &Case) -> Seen {
    role_arn(case).map(|arn| arn.rsplit('/').next().map(str::to_owned))
}

pub fn resource_arn(case: &Case) -> Seen {
    match case.kind() {
        Kind::Resource => one_of(case.texts("arn")),
        Kind::RecoveryPoint => {
            let points = case.unit().into_iter().flat_map(|unit| &unit.recovery_points);
            let its = points.filter(|point| point.recovery_point_arn == case.id());
            one_of(its.filter_map(|point| point.resource_arn.known().cloned()))
        }
        _ => Seen::Unseen(format!("a {} does not tell it", case.kind().noun(1))),
    }
}

pub fn resource_name(case: &Case) -> Seen {
    resource_arn(case).map(|arn| Arn::parse(arn).map(|arn| arn.name().to_owned()))
}

/// A fact of the unlisted resource that is meant.
fn of_unlisted(case: &Case, member: &str) -> Seen {
    let resources = case.facts().document["unlisted_resources"].as_array().map(Vec::as_slice).unwrap_or_default();
    let meant = case.narrowed(one_of(case.texts("unlisted_resources.arn")));
    let is_meant = |resource: &&Value| meant.text().is_none_or(|arn| resource["arn"] == arn);
    one_of(resources.iter().filter(is_meant).filter_map(|resource| resource[member].as_str().map(str::to_owned)))
}

pub fn unlisted_name(case: &Case) -> Seen {
    of_unlisted(case, "name")
}

pub fn unlisted_region(case: &Case) -> Seen {
    of_unlisted(case, "region")
}

pub fn recovery_point(case: &Case) -> Seen {
    if case.kind() == Kind::RecoveryPoint { known(case.id()) } else { Seen::Chosen }
}

pub fn snapshot_id(case: &Case) -> Seen {
    case.id().split_once(":snapshot/").map_or(Seen::Chosen, |(_, id)| known(id))
}

pub fn db_snapshot_id(case: &Case) -> Seen {
    case.id().split_once(":snapshot:").map_or(Seen::Chosen, |(_, id)| known(id))
}
