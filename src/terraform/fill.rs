//! What a plan does not know of a root, its HCL can name: the plan leaves dynamic blocks out of its configuration, and calls a whole
//! set unknown for one unknown element. Values stay the plan's; from the HCL come references, and which element it is that is unknown.

use std::collections::BTreeMap;

use super::declared::{Declared, Root};
use super::value::Value;

/// Looks up, for every unknown of the plan, what the HCL of the same address says. HCL that was given other variables than the plan, or is
/// of another day, would name the wrong things: where the two contradict each other on anything, nothing is taken, and a notice says so.
pub fn fill(plan: &mut Root, code: &Root) {
    let written: BTreeMap<&str, &Declared> = code.declared.iter().map(|declared| (declared.address.as_str(), declared)).collect();
    let same = |declared: &Declared| written.get(declared.address.as_str()).copied().filter(|written| written.kind == declared.kind);
    if let Some(which) = plan.declared.iter().find_map(|declared| contradiction(declared, same(declared)?)) {
        plan.notices.push(format!(
            "The HCL is not what was planned: they differ on '{which}'. Give the variables that the plan was made with (--var, --var-file); until \
             then nothing of it tells what the plan does not know"
        ));
        return;
    }
    for declared in &mut plan.declared {
        let Some(written) = written.get(declared.address.as_str()).filter(|written| written.kind == declared.kind) else { continue };
        for (name, value) in &mut declared.attributes {
            if let Some(written) = written.attributes.get(name) {
                fill_value(value, written);
            }
        }
    }
}

fn fill_value(planned: &mut Value, written: &Value) {
    match (planned, written) {
        (Value::Unknown(planned), Value::Unknown(written)) if planned.reference.is_none() => {
            planned.reference.clone_from(&written.reference);
        }
        // What is known to the HCL and not to the plan is not taken: all that is taken are names of what is unknown to both.
        (planned @ Value::Unknown(_), Value::List(list)) if !list.is_empty() && list.iter().all(is_reference) => *planned = written.clone(),
        (Value::Object(planned), Value::Object(written)) => {
            for (name, value) in planned {
                if let Some(written) = written.get(name) {
                    fill_value(value, written);
                }
            }
        }
        (Value::List(planned), Value::List(written)) if planned.len() == written.len() => {
            for (at, position) in pairs(planned, written) {
                if let (Some(value), Some(written)) = (planned.get_mut(at), written.get(position)) {
                    fill_block(value, written);
                }
            }
        }
        _ => {}
    }
}

/// Inside of a block, what the provider computes and the HCL does not set is not set.
fn fill_block(planned: &mut Value, written: &Value) {
    if let (Value::Object(planned), Value::Object(written)) = (&mut *planned, written) {
        let computed = |name: &str, value: &Value| {
            matches!(value, Value::Unknown(unknown) if unknown.reference.is_none()) && !written.contains_key(name)
        };
        planned.iter_mut().filter(|(name, value)| computed(name, value)).for_each(|(_, value)| *value = Value::Null);
    }
    fill_value(planned, written);
}

/// Which element of the plan is which one that is written, where that is sure: sets come in another order. Elements of the plan that are
/// alike can be any of as many that are written.
fn pairs(planned: &[Value], written: &[Value]) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    for (at, value) in planned.iter().enumerate() {
        let candidates: Vec<usize> =
            (0..written.len()).filter(|position| written.get(*position).is_some_and(|it| agree(value, it))).collect();
        let same = |range: &[Value]| range.iter().filter(|other| *other == value).count();
        let before = planned.get(..at).map_or(0, same);
        if same(planned) == candidates.len()
            && let Some(position) = candidates.get(before)
        {
            pairs.push((at, *position));
        }
    }
    pairs
}

fn is_reference(value: &Value) -> bool {
    matches!(value, Value::Unknown(unknown) if unknown.reference.is_some())
}

/// The first attribute that both know and that is not the same, as `address.attribute`.
fn contradiction(planned: &Declared, written: &Declared) -> Option<String> {
    let differs = |name: &str, written: &Value| {
        // The provider writes policies in a form of its own, and other tools may tag as well.
        let is_document = matches!(written, Value::String(text) if text.trim_start().starts_with('{'));
        let is_other = |planned| !agree(planned, written);
        !is_document && name != "tags_all" && planned.attributes.get(name).is_some_and(is_other)
    };
    let (name, _) = written.attributes.iter().find(|(name, written)| differs(name, written))?;
    Some(format!("{}.{name}", planned.address))
}

/// Whether nothing that both know differs. What the HCL leaves out, the provider may have filled.
fn agree(planned: &Value, written: &Value) -> bool {
    match (planned, written) {
        (Value::Unknown(_), _) | (_, Value::Unknown(_) | Value::Null) => true,
        (Value::Object(planned), Value::Object(written)) => {
            written.iter().all(|(name, written)| agree(planned.get(name).unwrap_or(&Value::Null), written))
        }
        (Value::List(planned), Value::List(written)) => {
            planned.len() == written.len() && planned.iter().all(|planned| written.iter().any(|written| agree(planned, written)))
        }
        // Both are converted to the type of the schema, which is not known here.
        (Value::Number(_) | Value::Bool(_) | Value::String(_), Value::Number(_) | Value::Bool(_) | Value::String(_)) => {
            text(planned) == text(written)
        }
        _ => planned == written,
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::value::{Reference, Unknown};
    use super::*;
    use crate::snapshot::{Cause, Reason};

    fn unknown(reference: Option<&str>) -> Value {
        let reference = reference.map(|address| Reference { address: address.to_owned(), attribute: "arn".to_owned() });
        Value::Unknown(Unknown { reason: Reason::new(Cause::KnownAfterApply, "later"), reference })
    }

    fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
        Value::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    fn rule(name: &str, to: Value) -> Value {
        let to = object([("destination_vault_arn", to)]);
        object([("rule_name", Value::String(name.to_owned())), ("copy_action", Value::List(vec![to]))])
    }

    fn filled(mut planned: Value, written: &Value) -> Value {
        fill_value(&mut planned, written);
        planned
    }

    #[test]
    fn an_unknown_takes_the_reference_of_the_element_that_it_is() {
        let planned = Value::List(vec![rule("weekly", unknown(None)), rule("daily", unknown(None))]);
        let written = Value::List(vec![rule("daily", unknown(Some("v.a"))), rule("weekly", unknown(Some("v.b")))]);
        let expected = Value::List(vec![rule("weekly", unknown(Some("v.b"))), rule("daily", unknown(Some("v.a")))]);
        assert_eq!(filled(planned, &written), expected);
    }

    #[test]
    fn elements_that_could_be_either_stay_as_they_are_and_those_that_are_alike_are_one_each() {
        let written = Value::List(vec![unknown(Some("v.a")), unknown(Some("v.b"))]);
        let known = Value::String("planned".to_owned());
        let planned = Value::List(vec![unknown(None), known.clone()]);
        assert_eq!(filled(planned.clone(), &written), planned);
        assert_eq!(filled(Value::List(vec![unknown(None), unknown(None)]), &written), written);
    }

    #[test]
    fn what_is_computed_in_a_block_and_not_written_is_not_set() {
        let block = |value| Value::List(vec![object([("delete_after", Value::Number(30.0)), ("opt_in", value)])]);
        let written = Value::List(vec![object([("delete_after", Value::Number(30.0))])]);
        assert_eq!(filled(block(unknown(None)), &written), block(Value::Null));
        assert_eq!(filled(block(Value::Bool(true)), &written), block(Value::Bool(true)));
    }

    #[test]
    fn a_value_of_the_plan_is_never_replaced_and_a_known_one_never_taken() {
        let known = Value::String("planned".to_owned());
        assert_eq!(filled(known.clone(), &unknown(Some("v.a"))), known);
        assert_eq!(filled(unknown(None), &Value::String("written".to_owned())), unknown(None));
        assert_eq!(filled(unknown(None), &Value::List(vec![known.clone()])), unknown(None));
        assert_eq!(filled(unknown(None), &Value::List(vec![known, unknown(Some("v.a"))])), unknown(None));
        let references = Value::List(vec![unknown(Some("v.a"))]);
        assert_eq!(filled(unknown(None), &references), references);
    }

    #[test]
    fn code_that_contradicts_the_plan_tells_nothing() {
        let root = |name: &str, key: Value| Root {
            source: crate::snapshot::Source::Terraform,
            declared: vec![Declared {
                address: "aws_backup_vault.v".to_owned(),
                kind: "aws_backup_vault".to_owned(),
                place: Default::default(),
                attributes: [("name".to_owned(), Value::String(name.to_owned())), ("kms_key_arn".to_owned(), key)].into(),
                may_exist: None,
            }],
            prior: Vec::new(),
            notices: Vec::new(),
            partial: None,
            unset: Vec::new(),
        };
        let mut plan = root("production", unknown(None));
        fill(&mut plan, &root("development", unknown(Some("k"))));
        assert_eq!(plan.declared, root("production", unknown(None)).declared);
        assert!(plan.notices[0].contains("aws_backup_vault.v.name"), "{:?}", plan.notices);
        fill(&mut plan, &root("production", unknown(Some("k"))));
        assert_eq!(plan.declared, root("production", unknown(Some("k"))).declared);
    }
}
