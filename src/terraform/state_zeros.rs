//! Zeros that stand for "not set". Terraform's older plugin framework cannot store that an attribute is not set, so states, and
//! plans of what already stands in one, hold the type's zero in its place; the provider sends none of them to AWS.

use super::json::Attributes;
use super::value::Value;

/// Written with the newer framework, which stores null: a zero of theirs was set.
const STORES_NULL: [&str; 3] =
    ["aws_backup_logically_air_gapped_vault", "aws_backup_restore_testing_plan", "aws_backup_restore_testing_selection"];

/// Of all other numbers AWS refuses zero (days, minutes, periods, counts), so that zero can only mean that none was set. These it takes:
/// an alarm's threshold and the pending and recovery period of one on a query, and what AWS counted in a vault.
const COUNTS_FROM_ZERO: [&str; 4] = ["pending_period", "recovery_period", "recovery_points", "threshold"];

/// The value that a condition or a parameter compares with. It is required, and a tag's value may be empty.
const MAY_BE_EMPTY: &str = "value";

/// Takes the zeros out, and every attribute that is not set then. A boolean stays: AWS takes false for what it is.
pub(super) fn remove(kind: &str, attributes: &mut Attributes) {
    if !STORES_NULL.contains(&kind) {
        for (name, value) in attributes.iter_mut() {
            unset(name, value);
        }
    }
    attributes.retain(|_, value| !value.is_null());
}

fn unset(name: &str, value: &mut Value) {
    let is_zero = match value {
        Value::Number(number) => *number == 0.0 && !COUNTS_FROM_ZERO.contains(&name),
        Value::String(text) => text.is_empty() && name != MAY_BE_EMPTY,
        // An object that is no block is a map, of tags or dimensions: what a person wrote into it is meant.
        Value::Object(map) => map.is_empty(),
        Value::List(elements) => {
            for block in elements.iter_mut() {
                if let Value::Object(members) = block {
                    members.iter_mut().for_each(|(name, value)| unset(name, value));
                }
            }
            elements.is_empty()
        }
        Value::Null | Value::Bool(_) | Value::Unknown(_) => false,
    };
    if is_zero {
        *value = Value::Null;
    }
}
