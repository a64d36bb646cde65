//! What a policy denies and allows, statement by statement, however it is written.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

pub(super) fn listed(actions: &BTreeSet<String>) -> String {
    if actions.is_empty() { "something".to_owned() } else { actions.iter().cloned().collect::<Vec<_>>().join(", ") }
}

/// A policy's statements by what they say, with the actions of each.
#[derive(Default)]
pub(super) struct Statements {
    pub(super) denies: BTreeMap<String, BTreeSet<String>>,
    pub(super) allows: BTreeMap<String, BTreeSet<String>>,
}

impl Statements {
    pub(super) fn of(document: &Value) -> Self {
        let mut statements = Statements::default();
        for statement in each(document.get("Statement").unwrap_or(&Value::Null)) {
            let of_effect = match statement.get("Effect").and_then(Value::as_str) {
                Some("Deny") => &mut statements.denies,
                Some("Allow") => &mut statements.allows,
                _ => continue,
            };
            let actions =
                each(statement.get("Action").unwrap_or(&Value::Null)).iter().filter_map(Value::as_str).map(str::to_owned).collect();
            of_effect.insert(said(statement), actions);
        }
        statements
    }
}

/// One value stands for a list of one.
fn each(value: &Value) -> &[Value] {
    match value {
        Value::Array(values) => values,
        Value::Null => &[],
        one => std::slice::from_ref(one),
    }
}

/// The same text for values that say the same: the order of members and of lists does not count, and an id says nothing.
fn said(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let members: BTreeMap<&String, String> =
                members.iter().filter(|(name, _)| *name != "Sid").map(|(name, value)| (name, said(value))).collect();
            format!("{members:?}")
        }
        Value::Array(values) => {
            let values: BTreeSet<String> = values.iter().map(said).collect();
            match values.first() {
                Some(only) if values.len() == 1 => only.clone(),
                _ => format!("{values:?}"),
            }
        }
        scalar => scalar.to_string(),
    }
}
