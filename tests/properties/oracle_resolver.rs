//! The slow implementation of how a selection resolves: AWS's steps one by one, written from what AWS says of them, with true,
//! false and not to be known. JSON, loops, and nothing of the program's.

use serde_json::Value;

use super::oracle::{get, is_unknown, list, text};

/// True, false, or not to be known.
pub type Answer = Option<bool>;

pub fn and(all: &[Answer]) -> Answer {
    if all.contains(&Some(false)) { Some(false) } else { all.iter().all(Option::is_some).then_some(true) }
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

fn matched(pattern: &str, arn: &str) -> bool {
    like(pattern.as_bytes(), arn.as_bytes())
}

/// Stars may stand at the end of the ARN (the API says), and for Region and account (the guide shows); elsewhere nobody knows.
pub fn entry_matches(pattern: &str, arn: &str) -> Answer {
    if !matched(pattern, arn) {
        return Some(false);
    }
    let inner = |part: &str| part.trim_end_matches('*').contains('*');
    if !inner(pattern) {
        return Some(true);
    }
    let (wanted, found): (Vec<&str>, Vec<&str>) = (pattern.splitn(6, ':').collect(), arn.splitn(6, ':').collect());
    if wanted.len() < 6 || wanted[0] != "arn" || wanted[1].contains('*') || wanted[2].contains('*') || inner(wanted[5]) {
        return None;
    }
    wanted.iter().zip(&found).all(|(wanted, found)| matched(wanted, found)).then_some(true)
}

/// Whether what the entry selects needs the opt-in of its type: `Some` yes or no.
fn entry_needs_opt_in(pattern: &str, shared: bool) -> Answer {
    if !pattern.contains('*') {
        return if shared { None } else { Some(false) };
    }
    let parts: Vec<&str> = pattern.splitn(6, ':').collect();
    let is_arn = parts.len() == 6 && parts[0] == "arn" && parts[1..3].iter().all(|part| !part.is_empty()) && !parts[5].is_empty();
    if !is_arn {
        return Some(true);
    }
    if parts[5].starts_with('*') {
        return if parts[2] == "s3" { None } else { Some(true) };
    }
    let names_a_type = parts[2] == "s3" || parts[5].find([':', '/']).is_some_and(|end| !parts[5][..end].contains('*') && end > 0);
    if parts[2].contains('*') || !names_a_type {
        return None;
    }
    Some(shared)
}

/// A resource: its ARN, its tags (`Value::Null` for none), and the types that it may be of.
pub struct Thing<'a> {
    pub arn: &'a str,
    pub tags: &'a Value,
    pub types: &'a [&'a str],
}

/// Where: account and Region, supported types and opt-ins as JSON, unknown where they are.
pub struct Place<'a> {
    pub account: &'a str,
    pub region: &'a str,
    pub supported: &'a Value,
    pub opt_in: &'a Value,
}

/// `selected`, `unknown`, `dropped:` with the first step, or `dropped` where it is not known which step was the first.
pub fn outcome(body: &Value, thing: &Thing, place: &Place) -> String {
    let steps = steps(body, thing, place);
    match steps.iter().position(|(_, answer)| *answer == Some(false)) {
        Some(at) if steps[..at].iter().all(|(_, answer)| answer.is_some()) => format!("dropped:{}", steps[at].0),
        Some(_) => "dropped".to_owned(),
        None if steps.iter().all(|(_, answer)| answer.is_some()) => "selected".to_owned(),
        None => "unknown".to_owned(),
    }
}

fn steps(body: &Value, thing: &Thing, place: &Place) -> Vec<(&'static str, Answer)> {
    let resources = get(body, "Resources");
    let listed_tags = get(body, "ListOfTags");
    let excluded = get(body, "NotResources");
    let conditions = conditions(body);
    let no_resources = if is_unknown(&resources) { None } else { Some(list(&resources).is_empty()) };
    let no_tags = if is_unknown(&listed_tags) { None } else { Some(list(&listed_tags).is_empty()) };
    let shared = thing.arn.contains(":rds:") && thing.arn.contains(":cluster:") || thing.arn.contains(":fsx:");

    // Each way in: whether it is open, and whether it needs the opt-in.
    let mut ways: Vec<(Answer, Answer)> = Vec::new();
    let mut steps: Vec<(&str, Answer)> = Vec::new();
    match and(&[no_resources, no_tags]) {
        Some(true) => match conditions.as_ref().map(Vec::is_empty) {
            Some(true) => ways.push((Some(true), Some(true))),
            Some(false) => return vec![("refused", Some(false))],
            None => ways.push((None, Some(true))),
        },
        _ => {
            for pattern in list(&resources).iter().filter_map(Value::as_str) {
                ways.push((entry_matches(pattern, thing.arn), entry_needs_opt_in(pattern, shared)));
            }
            for tag in list(&listed_tags) {
                let is_tagged = thing.tags.get(text(tag, "ConditionKey")) == Some(&tag["ConditionValue"]);
                ways.push((if is_unknown(thing.tags) { None } else { Some(is_tagged) }, Some(true)));
            }
            if no_resources.is_none() || no_tags.is_none() {
                ways.push((None, Some(true)));
            }
        }
    }
    let sure: Vec<Answer> = ways.iter().filter(|(open, _)| *open == Some(true)).map(|(_, needs)| *needs).collect();
    let maybe = ways.iter().any(|(open, _)| open.is_none());
    steps.push((
        "no_entry",
        if !sure.is_empty() {
            Some(true)
        } else if maybe {
            None
        } else {
            Some(false)
        },
    ));

    let hits: Vec<Answer> = list(&excluded).iter().filter_map(Value::as_str).map(|pattern| entry_matches(pattern, thing.arn)).collect();
    let spared = match () {
        () if is_unknown(&excluded) => None,
        () if hits.contains(&Some(true)) => Some(false),
        () if hits.contains(&None) => None,
        () => Some(true),
    };
    steps.push(("not_resources", spared));

    match conditions {
        None => steps.push(("condition", None)),
        Some(conditions) => steps.extend(conditions.iter().map(|(operator, one)| ("condition", holds(operator, one, thing.tags)))),
    }
    let parts: Vec<&str> = thing.arn.splitn(6, ':').collect();
    steps.push(("account", Some(parts[4].is_empty() || parts[4] == place.account)));
    steps.push(("region", Some(parts[3].is_empty() || parts[3] == place.region)));

    let every = |holds: &dyn Fn(&str) -> bool| match thing.types.iter().filter(|name| holds(name)).count() {
        0 => Some(false),
        count if count == thing.types.len() => Some(true),
        _ => None,
    };
    let is_supported = |name: &str| list(place.supported).iter().any(|other| other == name);
    let supported = match thing.types.is_empty() {
        true if parts[2] == "ecs" => Some(false),
        _ if is_unknown(place.supported) => None,
        // A type that nobody here has heard of may be this one.
        true => {
            if is_supported("Brand New") {
                None
            } else {
                Some(false)
            }
        }
        false => every(&is_supported),
    };
    steps.push(("unsupported_type", supported));

    let opted_in = match () {
        () if sure.is_empty() || sure.contains(&Some(false)) || thing.types.is_empty() => Some(true),
        () if is_unknown(place.opt_in) => None,
        () if thing.types.iter().any(|name| place.opt_in.get(name).is_none()) => None,
        () => match every(&|name| place.opt_in[name] == true) {
            Some(false) if sure.contains(&None) || maybe => None,
            answer => answer,
        },
    };
    steps.push(("not_opted_in", opted_in));
    steps.push(("restore_test", if is_unknown(thing.tags) { None } else { Some(thing.tags.get("awsbackup-restore-test").is_none()) }));
    steps
}

/// Operators with their parameters; nothing where one of the lists is not known.
fn conditions(body: &Value) -> Option<Vec<(&'static str, Value)>> {
    let conditions = get(body, "Conditions");
    if is_unknown(&conditions) {
        return None;
    }
    let mut all = Vec::new();
    for operator in ["StringEquals", "StringLike", "StringNotEquals", "StringNotLike"] {
        let parameters = get(&conditions, operator);
        if is_unknown(&parameters) {
            return None;
        }
        all.extend(list(&parameters).iter().map(|parameter| (operator, parameter.clone())));
    }
    Some(all)
}

fn holds(operator: &str, parameter: &Value, tags: &Value) -> Answer {
    let (key, wanted) = (get(parameter, "ConditionKey"), get(parameter, "ConditionValue"));
    let (Some(key), Some(wanted), false) = (key.as_str(), wanted.as_str(), is_unknown(tags)) else { return None };
    let negated = operator.contains("Not");
    let value = key.strip_prefix("aws:ResourceTag/").and_then(|key| tags.get(key)).and_then(Value::as_str);
    match value {
        Some(value) => Some((if operator.contains("Like") { matched(wanted, value) } else { wanted == value }) != negated),
        // AWS does not say what a negated condition makes of a tag that is not there.
        None if negated => None,
        None => Some(false),
    }
}
