//! How an answer becomes part of an object: what a call of its own brought is written over what the list said.

use serde_json::{Map, Value};

use super::call::Told;
use crate::snapshot::Outcome;

/// Writes an object that a call of its own brought: null where AWS said that there is none, nothing where AWS said nothing.
pub fn put(object: &mut Map<String, Value>, member: &str, told: Told) {
    match told {
        Told::Known(value) => object.insert(member.to_owned(), Value::Object(value)),
        Told::Absent => object.insert(member.to_owned(), Value::Null),
        Told::Silent(_) => object.remove(member),
    };
}

/// Writes a list that a call of its own brought. Part of a list is as good as none: what is looked for may be in the other part.
pub fn put_list(object: &mut Map<String, Value>, member: &str, whole: Option<Vec<Value>>) {
    if let Some(items) = whole {
        object.insert(member.to_owned(), Value::Array(items));
    }
}

/// Spreads an answer over an object. `brings` are the members that only this call brings: those that a good answer lacks are null.
pub fn spread(object: &mut Map<String, Value>, told: Told, brings: &[&str]) {
    match told {
        Told::Known(answer) => object.extend(answer),
        Told::Absent => {}
        Told::Silent(_) => return,
    }
    for member in brings {
        object.entry(*member).or_insert(Value::Null);
    }
}

/// What stands under one member of an answer.
pub fn within(told: Told, member: &str) -> Told {
    let Told::Known(mut answer) = told else { return told };
    match answer.remove(member) {
        Some(Value::Object(inner)) => Told::Known(inner),
        _ => Told::Silent(Outcome::Failed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn known(value: Value) -> Told {
        Told::Known(value.as_object().cloned().unwrap_or_default())
    }

    #[test]
    fn what_a_good_answer_lacks_is_null_and_what_was_not_answered_is_left_out() {
        let over = |told| {
            let mut object = Map::from_iter([("Name".to_owned(), json!("listed"))]);
            spread(&mut object, told, &["Arns", "Conditions"]);
            Value::Object(object)
        };
        assert_eq!(over(known(json!({"Name": "n", "Arns": ["*"]}))), json!({"Name": "n", "Arns": ["*"], "Conditions": null}));
        assert_eq!(over(Told::Absent), json!({"Name": "listed", "Arns": null, "Conditions": null}));
        assert_eq!(over(Told::Silent(Outcome::Denied)), json!({"Name": "listed"}));
    }

    #[test]
    fn a_wrapped_answer_that_is_no_object_is_no_answer() {
        assert!(matches!(within(known(json!({"Role": {"Arn": "a"}})), "Role"), Told::Known(role) if role["Arn"] == "a"));
        assert!(matches!(within(known(json!({"Role": "a"})), "Role"), Told::Silent(Outcome::Failed)));
        assert!(matches!(within(Told::Absent, "Role"), Told::Absent));
    }
}
