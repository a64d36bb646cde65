//! What a policy denies and allows, statement by statement, however it is written.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::facts::wildcard;

fn listed<'a>(actions: impl Iterator<Item = &'a String>) -> Option<String> {
    let actions: Vec<&str> = actions.map(String::as_str).collect();
    (!actions.is_empty()).then(|| actions.join(", "))
}

/// A policy's statements: by all that each says but its actions, the actions. A statement of two actions is as good as two of one.
#[derive(Default)]
pub(super) struct Statements {
    denies: BTreeMap<String, BTreeSet<String>>,
    allows: BTreeMap<String, BTreeSet<String>>,
    /// What is denied to everybody, whatever the circumstances.
    denied_to_all: BTreeSet<String>,
}

impl Statements {
    pub(super) fn of(document: &Value) -> Self {
        let mut statements = Statements::default();
        for statement in each(document.get("Statement").unwrap_or(&Value::Null)) {
            let mut actions: BTreeSet<String> =
                each(statement.get("Action").unwrap_or(&Value::Null)).iter().filter_map(Value::as_str).map(str::to_owned).collect();
            let mut rest = statement.clone();
            if let Some(members) = rest.as_object_mut().filter(|_| !actions.is_empty()) {
                members.remove("Action");
            }
            let of_effect = match statement.get("Effect").and_then(Value::as_str) {
                Some("Deny") => &mut statements.denies,
                Some("Allow") => &mut statements.allows,
                _ => continue,
            };
            if actions.is_empty() {
                // It says what it is not about.
                actions.insert("something".to_owned());
            } else if is_about_all(&rest) && statement.get("Effect").is_some_and(|effect| effect == "Deny") {
                statements.denied_to_all.extend(actions.iter().cloned());
            }
            of_effect.entry(said(&rest)).or_default().extend(actions);
        }
        statements
    }

    pub(super) fn denies_nothing(&self) -> bool {
        self.denies.is_empty()
    }

    /// What was denied and is not any more, or not as it was; by statement.
    pub(super) fn dropped_by(&self, later: &Statements) -> Vec<String> {
        let none = BTreeSet::new();
        let of_statement = |(rest, actions): (&String, &BTreeSet<String>)| {
            let now = later.denies.get(rest).unwrap_or(&none);
            let is_denied = |action: &&String| now.contains(*action) || later.denied_to_all.iter().any(|all| wildcard(all, action));
            listed(actions.iter().filter(|action| !is_denied(action)))
        };
        self.denies.iter().filter_map(of_statement).collect()
    }

    /// What is allowed and was not, or not like this; by statement.
    pub(super) fn added_by(&self, later: &Statements) -> Vec<String> {
        let none = BTreeSet::new();
        let of_statement =
            |(rest, actions): (&String, &BTreeSet<String>)| listed(actions.difference(self.allows.get(rest).unwrap_or(&none)));
        later.allows.iter().filter_map(of_statement).collect()
    }
}

fn is_about_all(statement: &Value) -> bool {
    let is_star = |value: Option<&Value>| value.is_some_and(|value| said(value) == "\"*\"");
    let principal = statement.get("Principal");
    let everybody = is_star(principal) || is_star(principal.and_then(|principal| principal.get("AWS")));
    everybody && is_star(statement.get("Resource")) && statement.get("Condition").is_none()
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
