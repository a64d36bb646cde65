//! EventBridge's event patterns: whether one matches an event of which some fields are known.

use serde_json::{Map, Value};

use super::super::document::wildcard;
use super::super::truth::{any, every, not};
use crate::snapshot::{Cause, Observed, Reason};

/// Whether the pattern surely matches every event that has these fields. A field that is not among them may hold anything, so
/// that a pattern that asks for it is undecided.
pub fn matches(pattern: &str, event: &Value) -> Observed<bool> {
    match serde_json::from_str::<Value>(pattern) {
        Ok(Value::Object(asked)) => object(&asked, Some(event)),
        _ => undecided("is not an object"),
    }
}

fn object(asked: &Map<String, Value>, event: Option<&Value>) -> Observed<bool> {
    every(asked.iter().map(|(name, asked)| {
        if name.starts_with('$') {
            return undecided(&format!("uses '{name}'"));
        }
        let field = event.and_then(|event| event.get(name));
        match asked {
            Value::Object(below) => object(below, field),
            Value::Array(choices) => match field {
                Some(Value::String(value)) => any(choices.iter().map(|choice| one(choice, value))),
                _ => undecided(&format!("asks for '{name}'")),
            },
            _ => undecided(&format!("asks for '{name}' in no list")),
        }
    }))
}

fn one(choice: &Value, value: &str) -> Observed<bool> {
    let comparison = match choice {
        Value::String(text) => return Observed::Known(text == value),
        Value::Object(comparison) if comparison.len() == 1 => comparison,
        _ => return Observed::Known(false),
    };
    let (operator, operand) = comparison.iter().next().map_or(("", &Value::Null), |(operator, operand)| (operator.as_str(), operand));
    match (operator, operand) {
        ("prefix", Value::String(text)) => Observed::Known(value.starts_with(text.as_str())),
        ("suffix", Value::String(text)) => Observed::Known(value.ends_with(text.as_str())),
        ("equals-ignore-case", Value::String(text)) => Observed::Known(value.to_lowercase() == text.to_lowercase()),
        ("wildcard", Value::String(text)) if !text.contains(['?', '\\']) => Observed::Known(wildcard(text, value)),
        ("exists", Value::Bool(exists)) => Observed::Known(*exists),
        ("anything-but", Value::Array(texts)) => not(any(texts.iter().map(|text| one(text, value)))),
        ("anything-but", other) => not(one(other, value)),
        _ => undecided(&format!("compares by '{operator}'")),
    }
}

fn undecided(what: &str) -> Observed<bool> {
    Observed::unknown(Reason::new(
        Cause::Undetermined,
        format!("an event pattern {what}, which does not tell which of a vault's jobs it matches"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn matched(pattern: Value) -> Observed<bool> {
        let event = json!({"source": "aws.backup", "detail-type": "Backup Job State Change", "detail": {"state": "FAILED"}});
        matches(&pattern.to_string(), &event)
    }

    #[test]
    fn a_pattern_matches_where_each_field_is_among_its_choices() {
        assert_eq!(matched(json!({"source": ["aws.ec2", "aws.backup"]})), Observed::Known(true));
        assert_eq!(matched(json!({"source": ["aws.backup"], "detail": {"state": ["EXPIRED"]}})), Observed::Known(false));
        assert_eq!(
            matched(json!({"source": [{"prefix": "aws."}], "detail": {"state": [{"anything-but": ["COMPLETED", "RUNNING"]}]}})),
            Observed::Known(true)
        );
        assert_eq!(matched(json!({"detail": {"state": [{"anything-but": "FAILED"}]}})), Observed::Known(false));
        assert_eq!(matched(json!({"detail": {"state": [{"exists": true}, {"wildcard": "X*"}]}})), Observed::Known(true));
    }

    #[test]
    fn what_asks_for_a_field_that_is_not_known_is_undecided_unless_another_field_decides() {
        let of_type = |state: &str| json!({"detail": {"resourceType": ["RDS"], "state": [state]}});
        assert!(matched(of_type("FAILED")).is_unknown());
        assert_eq!(matched(of_type("COMPLETED")), Observed::Known(false));
        assert!(matched(json!({"$or": [{"source": ["aws.backup"]}]})).is_unknown());
        assert!(matched(json!({"detail": {"state": [{"numeric": ["<", 3]}]}})).is_unknown());
        assert!(matches("", &json!({})).is_unknown());
    }
}
