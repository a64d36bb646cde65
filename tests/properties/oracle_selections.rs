//! The slow implementation, continued: which resources and types a selection admits.

use serde_json::{Value, json};

use super::oracle::*;

/// True, false, or not to be known.
type Answer = Option<bool>;

fn and(all: &[Answer]) -> Answer {
    if all.contains(&Some(false)) { Some(false) } else { all.iter().all(Option::is_some).then_some(true) }
}

fn or(all: &[Answer]) -> Answer {
    if all.contains(&Some(true)) { Some(true) } else { all.iter().all(Option::is_some).then_some(false) }
}

/// `*` stands for any run of characters without a blank.
pub fn like(pattern: &[u8], text: &[u8]) -> bool {
    match (pattern.split_first(), text.split_first()) {
        (None, None) => true,
        (Some((b'*', rest)), _) if like(rest, text) => true,
        (Some((b'*', _)), Some((first, rest))) => *first != b' ' && like(pattern, rest),
        (Some((wanted, pattern)), Some((first, text))) => wanted == first && like(pattern, text),
        _ => false,
    }
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

/// Whether the selection admits the resource.
fn admits(unit: &Value, body: &Value, resource: &Value) -> Answer {
    let (patterns, tags) = lists(body)?;
    let arn = text(resource, "ResourceARN");
    let matched = |patterns: &[Value]| patterns.iter().any(|pattern| like(pattern.as_str().unwrap_or_default().as_bytes(), arn.as_bytes()));
    let own = get(resource, "Tags");
    let tagged = |entry: &Value| if is_unknown(&own) { None } else { Some(own[text(entry, "ConditionKey")] == entry["ConditionValue"]) };
    let by_tag = or(&tags.iter().map(tagged).collect::<Vec<_>>());
    let candidate = or(&[Some(patterns.is_empty() && tags.is_empty()), Some(matched(&patterns)), by_tag]);
    let excluded = get(body, "NotResources");
    let kept = if is_unknown(&excluded) { None } else { Some(!matched(list(&excluded))) };
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let own_or_none = |part: &str, own: &str| part.is_empty() || part == own;
    let here = own_or_none(parts[3], text(unit, "Region")) && own_or_none(parts[4], text(unit, "Account"));
    and(&[candidate, kept, conditions_hold(body, &own), Some(here), Some(!types_of(arn).is_empty())])
}

fn conditions_hold(body: &Value, tags: &Value) -> Answer {
    let conditions = get(body, "Conditions");
    if is_unknown(&conditions) {
        return None;
    }
    let mut answers = Vec::new();
    for (operator, negated) in [("StringEquals", false), ("StringLike", false), ("StringNotEquals", true), ("StringNotLike", true)] {
        let parameters = get(&conditions, operator);
        if is_unknown(&parameters) {
            answers.push(None);
        }
        for parameter in list(&parameters) {
            let (key, wanted) = (get(parameter, "ConditionKey"), get(parameter, "ConditionValue"));
            let (Value::String(key), Value::String(wanted), false) = (key, wanted, is_unknown(tags)) else {
                answers.push(None);
                continue;
            };
            let value = key.strip_prefix("aws:ResourceTag/").and_then(|key| tags[key].as_str());
            let equal = |value: &str| if operator.contains("Like") { like(wanted.as_bytes(), value.as_bytes()) } else { wanted == value };
            answers.push(match value {
                Some(value) => Some(equal(value) != negated),
                // AWS does not say what a negated condition makes of a tag that is not there.
                None if negated => None,
                None => Some(false),
            });
        }
    }
    and(&answers)
}

/// The ARNs that the selection admits.
pub fn selected(unit: &Value, body: &Value) -> Value {
    if lists(body).is_none() || !whole(unit, "Resources", "tag:GetResources") {
        return unknown();
    }
    let mut arns = Vec::new();
    for resource in list(&unit["Resources"]) {
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
            let arns = selected(unit, body);
            if is_unknown(&arns) {
                return unknown();
            }
            if list(&arns).contains(&resource["ResourceARN"]) {
                names.push(text_of(&plan_name(plan)));
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
