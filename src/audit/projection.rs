//! A rule sees only what it reads: the declared fields of a subject's facts, and whether one of them is unknown.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::snapshot::{Cause, REFERENCE, Reason, UNKNOWN};

/// The fields to hand over, as a tree. A node without children takes all that stands there.
#[derive(Debug, Default)]
pub struct Fields(BTreeMap<String, Fields>);

impl Fields {
    pub fn of<'p>(paths: impl IntoIterator<Item = &'p str>) -> Self {
        let mut root = Fields::default();
        for path in paths {
            let mut node = &mut root;
            for part in path.split('.') {
                node = node.0.entry(part.to_owned()).or_default();
            }
        }
        root
    }

    /// Whether nothing of the subject is read at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The declared fields, and why some of them are unknown. These keep their `{"$unknown": ...}`, for the evidence.
pub struct Projection {
    pub fields: Value,
    pub reasons: Vec<Reason>,
}

pub fn project(document: &Value, fields: &Fields) -> Projection {
    let mut reasons = Vec::new();
    let fields = if fields.is_empty() { Value::Object(Map::new()) } else { take(document, fields, &mut reasons) };
    reasons.sort();
    reasons.dedup();
    Projection { fields, reasons }
}

fn take(value: &Value, fields: &Fields, reasons: &mut Vec<Reason>) -> Value {
    match value {
        Value::Object(object) => {
            if let Some(unknown) = object.get(UNKNOWN) {
                reasons.extend(why(unknown));
                return value.clone();
            }
            if let Some(address) = object.get(REFERENCE).and_then(Value::as_str) {
                if !fields.0.is_empty() {
                    reasons.push(Reason::new(Cause::KnownAfterApply, format!("'{address}' is known only after apply")));
                }
                return Value::String(address.to_owned());
            }
            if fields.0.is_empty() {
                return Value::Object(object.iter().map(|(key, value)| (key.clone(), take(value, fields, reasons))).collect());
            }
            // A field that the schema knows is always there; were it not, null would read as "observed to be absent".
            let part = |(key, below): (&String, &Fields)| {
                let value = object.get(key).map(|value| take(value, below, reasons)).unwrap_or_else(|| {
                    reasons.push(Reason::new(Cause::NotObserved, format!("'{key}' is not among the subject's facts")));
                    Value::Null
                });
                (key.clone(), value)
            };
            Value::Object(fields.0.iter().map(part).collect())
        }
        // Lists are transparent: the fields are those of each element.
        Value::Array(list) => Value::Array(list.iter().map(|element| take(element, fields, reasons)).collect()),
        other => other.clone(),
    }
}

/// The reasons that stand under `$unknown`.
pub fn why(unknown: &Value) -> Vec<Reason> {
    match serde_json::from_value::<Vec<Reason>>(unknown.clone()) {
        Ok(reasons) if !reasons.is_empty() => reasons,
        _ => vec![Reason::new(Cause::NotObserved, "it is unknown, and the reason is not told")],
    }
}
