//! The slow implementation, continued: which resources and types a selection admits.

use serde_json::{Value, json};

use super::oracle::*;
use super::oracle_resolver::{Answer, Place, Thing, like, outcome};

fn or(all: &[Answer]) -> Answer {
    if all.contains(&Some(true)) { Some(true) } else { all.iter().all(Option::is_some).then_some(false) }
}

/// The lists of a selection; nothing where one of those that admit is not known.
fn selections(unit: &Value, plan: &Value) -> Option<Vec<Value>> {
    let id = text(plan, "BackupPlanId");
    let listed = answered(unit, plan, "Selections", "backup:ListBackupSelections", id);
    if is_unknown(&listed) {
        return None;
    }
    let body = |selection: &Value| {
        let about = format!("{id}/{}", text(selection, "SelectionId"));
        let body = answered(unit, selection, "BackupSelection", "backup:GetBackupSelection", &about);
        (body.is_object() && !is_unknown(&body)).then_some(body)
    };
    list(&listed).iter().map(body).collect()
}

/// The types whose ARNs have the resource's shape.
fn types_of(arn: &str) -> Vec<&'static str> {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    match (parts[2], parts[5]) {
        ("dynamodb", rest) if rest.starts_with("table/") => vec!["DynamoDB"],
        ("ec2", rest) if rest.starts_with("volume/") => vec!["EBS"],
        ("rds", rest) if rest.starts_with("cluster:") => vec!["Aurora", "DocumentDB", "Neptune"],
        ("s3", _) => vec!["S3"],
        _ => Vec::new(),
    }
}

fn lists(body: &Value) -> Option<(Vec<Value>, Vec<Value>)> {
    let (patterns, tags) = (get(body, "Resources"), get(body, "ListOfTags"));
    (!is_unknown(&patterns) && !is_unknown(&tags)).then(|| (list(&patterns).to_vec(), list(&tags).to_vec()))
}

/// The types that the resource may be of: AWS Backup's own list tells clusters apart, and so does the whole list of a type.
fn may_be(unit: &Value, arn: &str) -> Vec<&'static str> {
    let mut types = types_of(arn);
    if types.len() > 1 {
        types.push("RDS");
        let protected = list(&unit["ProtectedResources"]).iter().find(|known| text(known, "ResourceArn") == arn);
        if let Some(Value::String(name)) = protected.map(|known| get(known, "ResourceType")) {
            types.retain(|one| *one == name);
        }
    }
    types
}

/// Whether the selection admits the resource.
fn admits(unit: &Value, body: &Value, resource: &Value) -> Answer {
    let arn = text(resource, "ResourceARN");
    let tags = get(resource, "Tags");
    let told = |member: &str, call: &str, inner: &str| {
        let answer = answered(unit, unit, member, call, text(unit, "Region"));
        if is_unknown(&answer) || answer.is_null() { unknown() } else { needed(&answer, inner) }
    };
    let supported = told("SupportedResourceTypes", "backup:GetSupportedResourceTypes", "ResourceTypes");
    let opt_in = told("RegionSettings", "backup:DescribeRegionSettings", "ResourceTypeOptInPreference");
    let place = Place { account: text(unit, "Account"), region: text(unit, "Region"), supported: &supported, opt_in: &opt_in };
    let said = outcome(body, &Thing { arn, tags: &tags, types: &may_be(unit, arn) }, &place);
    match said.as_str() {
        "selected" => Some(true),
        "unknown" => None,
        _ => Some(false),
    }
}

/// Whether nothing that the selection could admit can have gone unseen.
fn all_seen(unit: &Value, body: &Value) -> bool {
    let (Some((patterns, tags)), conditions) = (lists(body), get(body, "Conditions")) else { return false };
    let parameters = |operator| get(&conditions, operator);
    let lists_known = !is_unknown(&conditions)
        && ["StringEquals", "StringLike", "StringNotEquals", "StringNotLike"].iter().all(|operator| !is_unknown(&parameters(operator)));
    let wants_a_value = lists_known && ["StringEquals", "StringLike"].iter().any(|operator| !list(&parameters(operator)).is_empty());
    let tagged = whole(unit, "Resources", "tag:GetResources");
    if wants_a_value || patterns.is_empty() && !tags.is_empty() {
        return tagged;
    }
    // Only tables have a list of their own in these accounts.
    let listed = |pattern: &Value| {
        let pattern = pattern.as_str().unwrap_or_default();
        let parts: Vec<&str> = pattern.splitn(6, ':').collect();
        let is_there = list(&unit["Resources"]).iter().any(|resource| text(resource, "ResourceARN") == pattern);
        let elsewhere = parts.len() == 6 && matches!(named(unit, pattern), Some(None)) && !types_of(pattern).is_empty();
        is_there || elsewhere || pattern.contains(":ecs:") || pattern.contains(":dynamodb:") && tables_whole(unit)
    };
    (tags.is_empty() || tagged) && !patterns.is_empty() && patterns.iter().all(listed)
}

fn tables_whole(unit: &Value) -> bool {
    whole(unit, "Tables", "dynamodb:ListTables")
}

/// The ARNs that the selection admits.
pub fn selected(unit: &Value, body: &Value) -> Value {
    if !all_seen(unit, body) {
        return unknown();
    }
    let mut arns = Vec::new();
    for resource in list(&unit["Resources"]).iter().filter(|resource| !types_of(text(resource, "ResourceARN")).is_empty()) {
        match admits(unit, body, resource) {
            Some(true) => arns.push(resource["ResourceARN"].clone()),
            Some(false) => {}
            None => return unknown(),
        }
    }
    json!(arns)
}

/// The names of the plans that admit the resource.
pub fn selected_by(unit: &Value, resource: &Value) -> Value {
    if !plans_whole(unit) {
        return unknown();
    }
    let mut names = Vec::new();
    for plan in list(&unit["BackupPlans"]) {
        let Some(bodies) = selections(unit, plan) else { return unknown() };
        for body in &bodies {
            match admits(unit, body, resource) {
                Some(true) => names.push(text_of(&plan_name(plan))),
                Some(false) => {}
                None => return unknown(),
            }
        }
    }
    names.sort();
    names.dedup();
    json!(names)
}

/// The types that the plan's selections admit.
pub fn selected_types(unit: &Value, plan: &Value) -> Value {
    let Some(bodies) = selections(unit, plan) else { return unknown() };
    let mut types: Vec<String> = Vec::new();
    for body in &bodies {
        let Some((patterns, tags)) = lists(body) else { return unknown() };
        let parameters = |operator| match get(&body["Conditions"], operator) {
            parameters if is_unknown(&parameters) || is_unknown(&get(body, "Conditions")) => None,
            parameters => Some(!list(&parameters).is_empty()),
        };
        let filtered = or(&["StringEquals", "StringLike", "StringNotEquals", "StringNotLike"].map(parameters));
        let excluded = get(body, "NotResources");
        let narrowed = or(&[filtered, if is_unknown(&excluded) { None } else { Some(!list(&excluded).is_empty()) }]);
        let mut by_inventory = narrowed != Some(false) || !tags.is_empty() || patterns.is_empty();
        for pattern in patterns.iter().filter_map(Value::as_str) {
            match (named(unit, pattern), narrowed) {
                (Some(Some(_)), None) => return unknown(),
                (Some(name), narrowed) => types.extend(name.filter(|_| narrowed == Some(false)).map(str::to_owned)),
                (None, _) => by_inventory = true,
            }
        }
        if !by_inventory {
            continue;
        }
        let arns = selected(unit, body);
        if is_unknown(&arns) {
            return unknown();
        }
        for arn in list(&arns).iter().filter_map(Value::as_str) {
            match types_of(arn)[..] {
                [one] => types.push(one.to_owned()),
                _ => match list(&unit["ProtectedResources"])
                    .iter()
                    .find(|known| text(known, "ResourceArn") == arn)
                    .map(|known| get(known, "ResourceType"))
                {
                    Some(Value::String(name)) => types.push(name),
                    _ => return unknown(),
                },
            }
        }
    }
    types.sort();
    types.dedup();
    json!(types)
}

/// The one type that a pattern names, if any; nothing where only the resources that it matches can tell.
fn named(unit: &Value, pattern: &str) -> Option<Option<&'static str>> {
    let parts: Vec<&str> = pattern.splitn(6, ':').collect();
    if parts.len() < 6 {
        return None;
    }
    let reaches = |part: &str, own: &str| part.is_empty() || like(part.as_bytes(), own.as_bytes());
    if !reaches(parts[3], text(unit, "Region")) || !reaches(parts[4], text(unit, "Account")) {
        return Some(None);
    }
    match types_of(pattern)[..] {
        [one] if !parts[5].starts_with('*') => Some(Some(one)),
        [] if !parts[5].contains('*') || parts[2] == "ecs" => Some(None),
        _ => None,
    }
}

fn text_of(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
