//! What holds of every plan: no bytes make the reader panic, and what the plan calls unknown is never known.

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::tests::read;
use crate::terraform::value::Value;

fn after() -> Json {
    json!({
        "name": "p", "arn": "arn:aws:backup:eu-west-2:111111111111:backup-plan:p", "tags_all": {"a": "b"},
        "rule": [
            {"rule_name": "a", "start_window": 60, "enable_continuous_backup": true, "lifecycle": [{"delete_after": 35, "cold_storage_after": 5}],
             "copy_action": [{"destination_vault_arn": "arn", "lifecycle": [{"delete_after": 7}]}]},
            {"rule_name": "b", "resources": ["x", "y"], "recovery_point_tags": {"k": "v"}},
        ],
    })
}

fn plan(after: &Json, unknown: &Json) -> String {
    json!({
        "format_version": "1.2",
        "variables": {"region": {"value": "eu-west-2"}},
        "resource_changes": [{"address": "aws_backup_plan.p[0]", "mode": "managed", "type": "aws_backup_plan", "name": "p",
            "change": {"actions": ["update"], "before": after, "after": after, "after_unknown": unknown}}],
        "configuration": {
            "provider_config": {"aws": {"expressions": {"region": {"references": ["var.region"]}}}},
            "root_module": {"resources": [{"mode": "managed", "type": "aws_backup_plan", "name": "p", "provider_config_key": "aws",
                "expressions": {"name": {"references": ["local.a", "aws_backup_plan.p[0].id", "each.value"]},
                    "rule": [{"rule_name": {"constant_value": "a"}}, {"rule_name": {"references": ["var.b"]}}]}}]},
        },
    })
    .to_string()
}

/// The places of all values, the whole ones included: `/rule/0/lifecycle`.
fn places(value: &Json, at: &str, found: &mut Vec<String>) {
    let mut member = |name: &str, value: &Json| {
        let place = format!("{at}/{name}");
        found.push(place.clone());
        places(value, &place, found);
    };
    match value {
        Json::Object(members) => members.iter().for_each(|(name, value)| member(name, value)),
        Json::Array(elements) => elements.iter().enumerate().for_each(|(index, value)| member(&index.to_string(), value)),
        _ => {}
    }
}

/// `after_unknown` that marks nothing, in the shape of a value.
fn nothing_unknown(value: &Json) -> Json {
    match value {
        Json::Object(members) => members.iter().map(|(name, value)| (name.clone(), nothing_unknown(value))).collect(),
        Json::Array(elements) => elements.iter().map(nothing_unknown).collect(),
        _ => json!(false),
    }
}

/// The value at a place, or the unknown one that it lies in.
fn at<'a>(value: &'a Value, names: &[&str]) -> Option<&'a Value> {
    let [name, rest @ ..] = names else { return Some(value) };
    match value {
        Value::Object(members) => at(members.get(*name)?, rest),
        Value::List(elements) => at(elements.get(name.parse::<usize>().ok()?)?, rest),
        other => Some(other),
    }
}

#[test]
fn whatever_is_called_unknown_is_unknown() {
    let mut all = Vec::new();
    places(&after(), "", &mut all);
    assert!(all.len() > 25, "{all:?}");
    for place in all {
        // As Terraform writes it, with null or nothing in its place; and beside a value, which must not be believed.
        for keeps_value in [false, true] {
            let (mut after, mut unknown) = (after(), nothing_unknown(&after()));
            *unknown.pointer_mut(&place).unwrap() = json!(true);
            if !keeps_value {
                *after.pointer_mut(&place).unwrap() = Json::Null;
            }
            let root = read(plan(&after, &unknown).as_bytes()).unwrap();
            let names: Vec<&str> = place.split('/').skip(1).collect();
            let value = at(&root.declared[0].attributes[names[0]], &names[1..]);
            assert!(matches!(value, Some(Value::Unknown(_))), "{place} is {value:?}");
        }
    }
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6), cut in any::<prop::sample::Index>()) {
        let mut text = plan(&after(), &json!({"arn": true, "rule": [{"lifecycle": true}, {}]})).into_bytes();
        for (index, byte) in changes {
            let index = index.index(text.len());
            text[index] = byte;
        }
        let _ = read(&text);
        let _ = read(&text[..cut.index(text.len())]);
    }

    #[test]
    fn no_shape_makes_the_reader_panic(place in any::<prop::sample::Index>(), shape in prop::sample::select(vec!["null", "true", "[]", "{}", "[[{}]]", "\"\"", "-1e308", "{\"a\":[null]}"])) {
        let mut document: Json = serde_json::from_str(&plan(&after(), &json!({"rule": [{"lifecycle": [{"delete_after": true}]}, {}]}))).unwrap();
        let mut all = Vec::new();
        places(&document, "", &mut all);
        *document.pointer_mut(&all[place.index(all.len())]).unwrap() = serde_json::from_str(shape).unwrap();
        let _ = read(document.to_string().as_bytes());
    }
}
