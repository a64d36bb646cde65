//! Nothing that hangs on an unknown attribute is known, whatever the attribute.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::terraform::mapping::{self, Form};

/// The way to a value inside a resource's attributes.
type Path_ = Vec<String>;

/// All values below, blocks and lists included.
fn paths(value: &Json, here: &Path_, found: &mut Vec<Path_>) {
    let inner: Vec<(String, &Json)> = match value {
        Json::Object(map) if !map.contains_key("$") => map.iter().map(|(key, one)| (key.clone(), one)).collect(),
        Json::Array(list) => list.iter().enumerate().map(|(at, one)| (at.to_string(), one)).collect(),
        _ => Vec::new(),
    };
    for (key, one) in inner {
        let path: Path_ = here.iter().cloned().chain([key]).collect();
        found.push(path.clone());
        paths(one, &path, found);
    }
}

fn at<'v>(value: &'v mut Value, path: &[String]) -> Option<&'v mut Value> {
    let Some((first, rest)) = path.split_first() else { return Some(value) };
    match value {
        Value::Object(map) => at(map.get_mut(first)?, rest),
        Value::List(list) => at(list.get_mut(first.parse::<usize>().ok()?)?, rest),
        _ => None,
    }
}

fn places() -> Vec<(usize, Path_)> {
    let mut all = Vec::new();
    for (which, declared) in everything().iter().enumerate() {
        let mut found = Vec::new();
        paths(&as_json(&Value::Object(declared.attributes.clone())), &Vec::new(), &mut found);
        all.extend(found.into_iter().map(|path| (which, path)));
    }
    all
}

fn as_json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(flag) => json!(flag),
        Value::Number(number) => json!(number),
        Value::String(text) => json!(text),
        Value::List(list) => list.iter().map(as_json).collect(),
        Value::Object(map) => map.iter().map(|(key, one)| (key.clone(), as_json(one))).collect::<serde_json::Map<_, _>>().into(),
        Value::Unknown(unknown) => json!({"$": unknown.reason.detail}),
    }
}

fn replaced(which: usize, path: &[String], by: &Value) -> Vec<Declared> {
    let mut all = everything();
    let mut attributes = Value::Object(std::mem::take(&mut all[which].attributes));
    if let Some(place) = at(&mut attributes, path) {
        *place = by.clone();
    }
    if let Value::Object(attributes) = attributes {
        all[which].attributes = attributes;
    }
    all
}

fn document(declared: Vec<Declared>) -> Json {
    let assembled = assemble(&root(declared), &whole()).unwrap();
    read(&assembled);
    assembled.document
}

/// Another value of the same type.
fn other(value: &Value) -> Value {
    match value {
        Value::Bool(flag) => Value::Bool(!flag),
        Value::Number(number) => Value::Number(number + 1.0),
        Value::String(text) if text.starts_with('{') => Value::String("{\"Version\": \"other\"}".to_owned()),
        Value::String(text) if text.parse::<f64>().is_ok() => Value::String("77".to_owned()),
        Value::String(text) if text.parse::<bool>().is_ok() => Value::String("false".to_owned()),
        Value::String(text) if !text.starts_with("arn:") => Value::String("another".to_owned()),
        Value::String(_) | Value::Unknown(_) => Value::String("arn:aws:sns:us-east-1:111122223333:another".to_owned()),
        Value::List(_) => Value::List(Vec::new()),
        _ => Value::Null,
    }
}

fn is_unknown(value: &Json) -> bool {
    value.get("$unknown").is_some() || value.get("$reference").is_some()
}

fn holds_unknown(value: &Json) -> bool {
    is_unknown(value)
        || match value {
            Json::Object(map) => map.values().any(holds_unknown),
            Json::Array(list) => list.iter().any(holds_unknown),
            _ => false,
        }
}

/// Where two values of an attribute make a difference, the document in which it is unknown must not take either side.
fn takes_a_side(doubt: &Json, one: &Json, two: &Json, addresses: &[String], at: &str) -> Option<String> {
    // What is identified by an address is so on neither side.
    let stands_for_itself = |text: &str| addresses.iter().any(|address| text.contains(address));
    match (doubt, one, two) {
        _ if one == two || is_unknown(doubt) => None,
        (Json::String(text), ..) if stands_for_itself(text) => None,
        // Of a type whose list is not whole there may be more.
        (Json::Array(doubt), ..) if at.ends_with(".Inventory") => doubt.iter().filter(|list| list["Complete"] == true).find_map(|list| {
            let of = |lists: &Json| {
                let lists = lists.as_array().into_iter().flatten();
                lists.into_iter().find(|other| other["ResourceType"] == list["ResourceType"]).cloned().unwrap_or_default()
            };
            takes_a_side(list, &of(one), &of(two), addresses, &format!("{at}.list"))
        }),
        (Json::Object(doubt), Json::Object(one), Json::Object(two)) => one.keys().chain(two.keys()).find_map(|key| {
            let of = |map: &serde_json::Map<String, Json>| map.get(key).cloned().unwrap_or_default();
            takes_a_side(&of(doubt), &of(one), &of(two), addresses, &format!("{at}.{key}"))
        }),
        // A collection is whole only where it is on either side.
        (Json::Array(doubt), Json::Array(one), Json::Array(two)) if at.ends_with(".Complete") => {
            let stray = doubt.iter().find(|whole| !one.contains(whole) || !two.contains(whole));
            stray.map(|whole| format!("{at}: {whole}"))
        }
        (Json::Array(doubt), Json::Array(one), Json::Array(two)) if doubt.len() == one.len() && one.len() == two.len() => {
            (0..one.len()).find_map(|index| takes_a_side(&doubt[index], &one[index], &two[index], addresses, &format!("{at}[{index}]")))
        }
        // Something comes or goes, or is joined to another object.
        (Json::Array(_), ..) if holds_unknown(doubt) => None,
        _ => Some(format!("{at}: {doubt} is neither unknown nor the same for {one} and {two}")),
    }
}

#[test]
fn what_hangs_on_an_unknown_attribute_is_unknown() {
    let original = document(everything());
    let later = Value::unknown(Cause::KnownAfterApply, "later");
    let addresses: Vec<String> = everything().into_iter().map(|declared| declared.address).collect();
    let (mut moved, mut faults) = (0, Vec::new());
    for (which, path) in places() {
        let declared = &everything()[which];
        let mut attributes = Value::Object(declared.attributes.clone());
        let value = at(&mut attributes, &path).unwrap().clone();
        let doubt = document(replaced(which, &path, &later));
        for alternative in [other(&value), Value::Null] {
            let changed = document(replaced(which, &path, &alternative));
            moved += usize::from(changed != original);
            let fault = takes_a_side(&doubt, &original, &changed, &addresses, "");
            faults.extend(fault.map(|fault| format!("{} {path:?} against {alternative:?}: {fault}", declared.address)));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(moved > 200, "the alternatives make a difference: {moved}");
}

/// What an attribute that was not set may be set to.
fn settings(form: Form) -> Vec<Value> {
    let text = |text: &str| Value::String(text.to_owned());
    match form {
        Form::Text | Form::Key => vec![text("another")],
        Form::Number | Form::Nonzero | Form::Decimal => vec![Value::Number(5.0)],
        Form::Flag | Form::FlagText => vec![Value::Bool(true), Value::Bool(false)],
        Form::Texts => vec![Value::List(vec![text("another")])],
        Form::Document => vec![text("{\"Version\": \"another\"}")],
        Form::Apart => vec![text("another"), Value::Bool(true), Value::Bool(false)],
        _ => Vec::new(),
    }
}

#[test]
fn what_hangs_on_an_unknown_attribute_that_could_be_unset_is_unknown() {
    let original = document(everything());
    let addresses: Vec<String> = everything().into_iter().map(|declared| declared.address).collect();
    let mut faults = Vec::new();
    for (which, declared) in everything().iter().enumerate() {
        let kind = mapping::kind(&declared.kind).unwrap();
        let unset = kind.rows.iter().filter(|row| !row.attribute.contains('.') && !declared.attributes.contains_key(row.attribute));
        // An identity that is not told follows from the name.
        for row in unset.filter(|row| !["arn", "id", "key_id"].contains(&row.attribute)) {
            let with = |value: Value| {
                let mut all = everything();
                all[which].attributes.insert(row.attribute.to_owned(), value);
                document(all)
            };
            let doubt = with(Value::unknown(Cause::NotEvaluated, "somehow"));
            faults.extend(settings(row.form).into_iter().filter_map(|value| {
                let fault = takes_a_side(&doubt, &original, &with(value.clone()), &addresses, "")?;
                Some(format!("{} {} as {value:?}: {fault}", declared.address, row.attribute))
            }));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Any value at all.
fn anything() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        Just(String::new()),
        Just("main".to_owned()),
        Just("$unknown".to_owned()),
        Just("{\"$reference\": 1}".to_owned()),
        Just("arn:aws:kms:us-east-1::key/".to_owned()),
        ".{0,8}",
    ];
    let reference = (0..everything().len(), "(arn|id|name|policy|rule|kms_key_arn)")
        .prop_map(|(which, attribute)| value(&json!({"$": format!("{}#{attribute}", everything()[which].address)})));
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<f64>().prop_map(Value::Number),
        text.prop_map(Value::String),
        Just(Value::unknown(Cause::NotEvaluated, "somehow")),
        reference,
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::List),
            prop::collection::btree_map("[$a-z]{1,8}", inner, 0..3).prop_map(Value::Object),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_stands_in_a_root_becomes_a_snapshot(
        changes in prop::collection::vec((any::<prop::sample::Index>(), anything()), 1..8),
        missing in prop::collection::vec(any::<prop::sample::Index>(), 0..8),
        is_whole in any::<bool>(),
    ) {
        let places = places();
        let mut all = everything();
        for (place, by) in changes {
            let (which, path) = &places[place.index(places.len())];
            let mut attributes = Value::Object(std::mem::take(&mut all[*which].attributes));
            if let Some(place) = at(&mut attributes, path) {
                *place = by;
            }
            if let Value::Object(attributes) = attributes {
                all[*which].attributes = attributes;
            }
        }
        for one in missing {
            if all.len() > 1 {
                all.remove(one.index(all.len()));
            }
        }
        let assembled = assemble(&root(all), &Options { assume_complete: is_whole, ..Options::default() });
        read(&assembled.unwrap());
    }
}
