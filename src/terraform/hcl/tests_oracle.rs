//! What HCL comes to, against the plans that Terraform made of it.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value as Json;

use super::{Inputs, evaluate};
use crate::snapshot::Observed;
use crate::terraform::mapping::{keeps, kind};
use crate::terraform::value::Value;

const SHORT: [&str; 3] = [".false_and", ".or_true", ".true_or"];

#[derive(Debug, Default)]
struct Count {
    found: usize,
    missing: Vec<String>,
    equal: usize,
    /// Not known to either.
    both: usize,
    /// Known to the plan only.
    lost: Vec<String>,
    wrong: Vec<String>,
}

fn fixtures() -> &'static Path {
    Path::new("fixtures/terraform")
}

fn compare(root: &str, plan: &str, inputs: &Inputs) -> Count {
    let plan: Json = serde_json::from_str(&std::fs::read_to_string(fixtures().join(plan)).unwrap()).unwrap();
    let evaluated = evaluate(&fixtures().join(root), inputs).unwrap().root;
    let declared: BTreeMap<&str, _> = evaluated.declared.iter().map(|declared| (declared.address.as_str(), declared)).collect();
    let mut count = Count::default();
    let mut planned = Vec::new();
    for change in plan["resource_changes"].as_array().unwrap() {
        let address = change["address"].as_str().unwrap();
        let change_to = &change["change"]["after"];
        if change["mode"] != "managed" || change_to.is_null() || !address.contains("aws_") {
            continue;
        }
        planned.push(address);
        // Of what nothing is read, nothing is declared.
        if kind(change["type"].as_str().unwrap()).is_none() {
            continue;
        }
        let Some(declared) = declared.get(address) else {
            count.missing.push(address.to_owned());
            continue;
        };
        count.found += 1;
        if let (Observed::Known(region), Some(there)) = (&declared.place.region, change_to["region"].as_str())
            && region != there
        {
            count.wrong.push(format!("{address} is in {region}, not in {there}"));
        }
        for (name, value) in &declared.attributes {
            compare_value(value, &change_to[name], &change["change"]["after_unknown"][name], &format!("{address}.{name}"), &mut count);
        }
        // A block or an attribute that the plan sets and that nobody computes must not be missing.
        for (name, there) in change_to.as_object().unwrap() {
            let set = there.as_array().is_some_and(|list| !list.is_empty());
            if set && keeps(&declared.kind, name) && !declared.attributes.contains_key(name) {
                count.wrong.push(format!("{address}.{name} is not there, and is {there}"));
            }
        }
    }
    for address in declared.keys().filter(|address| !planned.contains(address)) {
        if declared.get(*address).is_some_and(|declared| declared.may_exist.is_none()) {
            count.wrong.push(format!("{address} is not planned"));
        }
    }
    eprintln!(
        "{root}: {} resources found, {} missing; {} values equal, {} unknown to both, {} known to the plan only, {} wrong",
        count.found,
        count.missing.len(),
        count.equal,
        count.both,
        count.lost.len(),
        count.wrong.len()
    );
    count.lost.iter().chain(&count.missing).for_each(|line| eprintln!("  lost: {line}"));
    count.wrong.iter().for_each(|line| eprintln!("  wrong: {line}"));
    evaluated.notices.iter().for_each(|line| eprintln!("  notice: {line}"));
    count
}

fn compare_value(value: &Value, there: &Json, unknown: &Json, at: &str, count: &mut Count) {
    match value {
        Value::Unknown(_) if holds_true(unknown) => count.both += 1,
        Value::Unknown(why) => count.lost.push(format!("{at}: {}", why.reason.detail)),
        // A set with an unknown element may be told as one unknown.
        Value::List(values) if *unknown == Json::Bool(true) && values.iter().any(|value| matches!(value, Value::Unknown(_))) => {
            count.both += 1
        }
        // Terraform decides these before it knows both sides only since 1.12, and the plan was made with 1.11.
        Value::Bool(_) | Value::String(_) if *unknown == Json::Bool(true) && SHORT.iter().any(|name| at.ends_with(name)) => {
            count.equal += 1
        }
        _ if *unknown == Json::Bool(true) => count.wrong.push(format!("{at} is not known to the plan, and is {value:?} here")),
        Value::Object(members) => {
            for (name, value) in members {
                compare_value(value, &there[name], &unknown[name], &format!("{at}.{name}"), count);
            }
            for name in there
                .as_object()
                .into_iter()
                .flatten()
                .filter(|(name, there)| !there.is_null() && at.ends_with("tags_all") && !members.contains_key(*name))
            {
                count.wrong.push(format!("{at}.{} is not there", name.0));
            }
        }
        Value::List(values) => {
            let empty = Vec::new();
            let there = there.as_array().unwrap_or(&empty);
            if values.len() != there.len() {
                count.wrong.push(format!("{at} has {} elements and not {}: {value:?}", values.len(), there.len()));
                return;
            }
            // Sets have no order: each element is held against the one that suits it best.
            let mut left: Vec<usize> = (0..there.len()).collect();
            for value in values {
                let tried = left.iter().map(|position| {
                    let mut one = Count::default();
                    compare_value(value, &there[*position], &unknown[*position], &format!("{at}[{position}]"), &mut one);
                    (*position, one)
                });
                let best = tried.min_by_key(|(_, one)| (one.wrong.len(), one.lost.len(), usize::MAX - one.equal)).unwrap();
                left.retain(|position| *position != best.0);
                count.equal += best.1.equal;
                count.both += best.1.both;
                count.lost.extend(best.1.lost);
                count.wrong.extend(best.1.wrong);
            }
        }
        scalar => {
            if same(scalar, there) {
                count.equal += 1;
            } else {
                count.wrong.push(format!("{at} is {scalar:?}, and not {there}"));
            }
        }
    }
}

fn holds_true(unknown: &Json) -> bool {
    match unknown {
        Json::Bool(unknown) => *unknown,
        Json::Array(values) => values.iter().any(holds_true),
        Json::Object(members) => members.values().any(holds_true),
        _ => false,
    }
}

/// The provider keeps the id of a document that it merges (`IAMPolicyDoc.Merge`); its stand-in does not.
fn without_id(mut json: Json) -> Json {
    if let Some(document) = json.as_object_mut() {
        document.remove("Id");
    }
    json
}

/// The plan has converted values to the types of the schema. JSON in a text may be written otherwise by the stand-in for the provider.
fn same(value: &Value, there: &Json) -> bool {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => super::eval::val::number_text(*number).unwrap_or_default(),
        Value::Bool(value) => value.to_string(),
        _ => return there.is_null(),
    };
    match there {
        Json::String(there) => {
            let json = |text: &str| serde_json::from_str::<Json>(text).ok().filter(|json| json.is_object()).map(without_id);
            text == *there || json(&text).is_some_and(|text| Some(text) == json(there))
        }
        Json::Number(there) if text.parse::<f64>().ok() == there.as_f64() => true,
        Json::Number(there) => text == super::eval::val::number_text(there.as_f64().unwrap()).unwrap_or_default(),
        Json::Bool(there) => text == there.to_string(),
        _ => false,
    }
}

#[test]
fn the_fixture_root_is_what_terraform_planned() {
    let count = compare("root/environments/prod", "prod.plan.json", &Inputs::default());
    assert!(count.wrong.is_empty() && count.missing.is_empty() && count.lost.is_empty());
    assert!(count.found >= 42 && count.equal >= 185);
}

#[test]
fn the_development_root_is_what_terraform_planned() {
    let count = compare("root/environments/dev", "dev.plan.json", &Inputs::default());
    assert!(count.wrong.is_empty() && count.missing.is_empty() && count.lost.is_empty());
    assert!(count.found >= 16 && count.equal >= 79);
}

#[test]
fn the_awkward_root_is_what_terraform_planned() {
    let count = compare("awkward", "awkward.plan.json", &Inputs::default());
    assert!(count.wrong.is_empty() && count.missing.is_empty());
    assert!(count.found >= 53 && count.equal >= 795);
}
