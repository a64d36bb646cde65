//! What is known after a plan, and what is not: `after` under `after_unknown`, with what the configuration writes there.

use super::json::Attributes;
use super::plan_configuration::{Block, references};
use super::plan_reference::{Origin, Resolver, Scope, is_list_of_arns};
use super::value::{Unknown, Value};
use crate::snapshot::{Cause, Reason};

/// How many references a reason names.
const NAMED: usize = 3;

/// Computed where they are not written, to what AWS takes then: so they are not set, and not unknown.
/// A KMS key's policy is AWS's default one then; that of other types, names and identities are AWS's to make, and stay unknown.
const UNSET_MEANS_DEFAULT: [&str; 21] = [
    "aws_backup_framework.compliance_resource_ids",
    "aws_backup_framework.compliance_resource_types",
    "aws_backup_logically_air_gapped_vault.encryption_key_arn",
    "aws_backup_plan.opt_in_to_archive_for_supported_resources",
    "aws_backup_restore_testing_plan.exclude_vaults",
    "aws_backup_restore_testing_plan.schedule_expression_timezone",
    "aws_backup_restore_testing_plan.selection_window_days",
    "aws_backup_restore_testing_plan.start_window_hours",
    "aws_backup_restore_testing_selection.protected_resource_arns",
    "aws_backup_restore_testing_selection.validation_window_hours",
    "aws_backup_selection.not_resources",
    "aws_backup_vault.kms_key_arn",
    "aws_cloudwatch_metric_alarm.evaluate_low_sample_count_percentiles",
    "aws_dynamodb_table.deletion_protection_enabled",
    "aws_dynamodb_table.kms_key_arn",
    "aws_dynamodb_table.recovery_period_in_days",
    "aws_kms_key.multi_region",
    "aws_kms_key.policy",
    "aws_kms_key.rotation_period_in_days",
    "aws_kms_replica_key.policy",
    "aws_sns_topic.signature_version",
];

/// One instance of a resource that is being read.
pub(super) struct Instance<'a> {
    pub kind: &'a str,
    pub resolver: Resolver<'a>,
    pub scope: Scope<'a>,
}

/// What the configuration writes at a place.
enum Written<'a> {
    /// It cannot be told; `dynamic` blocks are not in a plan.
    NotTold,
    Nothing,
    /// One of these.
    One(Vec<&'a Value>),
}

impl Instance<'_> {
    /// Puts what is unknown in its place, and never leaves a known value where the plan says unknown.
    pub(super) fn overlay(&self, after: &mut Attributes, unknown: &Attributes, block: Option<&Block>) {
        let blocks = block.and_then(|block| block.expressions.as_ref()).map(|expressions| vec![expressions]);
        self.object(after, unknown, blocks.as_deref());
    }

    fn object(&self, after: &mut Attributes, unknown: &Attributes, blocks: Option<&[&Attributes]>) {
        for (name, unknown) in unknown {
            if !is_all_known(unknown) {
                let value = after.remove(name).unwrap_or_default();
                after.insert(name.clone(), self.value(name, value, unknown, &written(blocks, name), false));
            }
        }
    }

    fn value(&self, name: &str, after: Value, unknown: &Value, written: &Written, in_list: bool) -> Value {
        match (after, unknown) {
            (after, unknown) if is_all_known(unknown) => after,
            (Value::List(after), Value::List(unknown)) if after.len() == unknown.len() => self.elements(name, after, unknown, written),
            (Value::Object(mut after), Value::Object(unknown)) => {
                self.object(&mut after, unknown, None);
                Value::Object(after)
            }
            // Unknown as a whole, or `after` has another shape, so that it cannot be told what of it is known.
            (_, Value::Bool(true)) => self.unknown(name, written, in_list),
            _ => self.unknown(name, &Written::NotTold, in_list),
        }
    }

    /// The elements of a list or set, which both have in one order, and which is not that of the configuration.
    fn elements(&self, name: &str, after: Vec<Value>, unknown: &[Value], written: &Written) -> Value {
        let count = after.len();
        let is_only = unknown.iter().filter(|unknown| !is_all_known(unknown)).count() == 1;
        let elements = after.into_iter().zip(unknown).map(|(element, unknown)| match (element, unknown) {
            (Value::Object(mut members), Value::Object(unknown)) => {
                let blocks = blocks_like(&members, written, count);
                self.object(&mut members, unknown, blocks.as_deref());
                Value::Object(members)
            }
            // What is known of a list is not in its references, so that they tell only of the one element that is not.
            (element, unknown) if is_only => self.value(name, element, unknown, written, true),
            (element, unknown) => self.value(name, element, unknown, &Written::NotTold, true),
        });
        Value::List(elements.collect())
    }

    fn unknown(&self, name: &str, written: &Written, in_list: bool) -> Value {
        // A Region that is not written is the provider's.
        let has_default = name == "region" || UNSET_MEANS_DEFAULT.iter().any(|entry| entry.split_once('.') == Some((self.kind, name)));
        let is_default = has_default && !in_list;
        let expressions: &[&Value] = match written {
            Written::Nothing if is_default => return Value::Null,
            Written::Nothing | Written::NotTold => return Value::unknown(Cause::KnownAfterApply, "known after apply"),
            Written::One(expressions) => expressions,
        };
        let mut origins = expressions.iter().map(|expression| self.origin(name, expression));
        let first = origins.next().unwrap_or((Origin::Many, String::new()));
        let (origin, detail) = if origins.all(|origin| origin == first) { first } else { (Origin::Many, String::new()) };
        let detail = if detail.is_empty() { "known after apply".to_owned() } else { format!("known after apply, from {detail}") };
        let reason = Reason::new(Cause::KnownAfterApply, detail);
        match origin {
            Origin::Known if is_default => Value::Null,
            // Of a list that is unknown as a whole, one element may be all that its references tell of.
            Origin::One(reference) if is_list_of_arns(name) == in_list => Value::Unknown(Unknown { reason, reference: Some(reference) }),
            _ => Value::Unknown(Unknown { reason, reference: None }),
        }
    }

    fn origin(&self, name: &str, expression: &Value) -> (Origin, String) {
        let Value::Object(expression) = expression else { return (Origin::Many, String::new()) };
        let references = references(expression);
        if references.is_empty() {
            // A constant that is unknown is null; without one, it is a function that refers to nothing, such as `timestamp()`.
            let origin = if expression.contains_key("constant_value") { Origin::Known } else { Origin::Many };
            return (origin, String::new());
        }
        let detail = if references.len() <= NAMED { references.join(" and ") } else { String::new() };
        (self.resolver.origin(self.kind, name, &references, self.scope), detail)
    }
}

fn written<'a>(blocks: Option<&[&'a Attributes]>, name: &str) -> Written<'a> {
    let Some(blocks) = blocks else { return Written::NotTold };
    let expressions: Vec<&Value> = blocks.iter().filter_map(|block| block.get(name)).collect();
    match expressions.len() {
        0 if !blocks.is_empty() => Written::Nothing,
        count if count == blocks.len() && count > 0 => Written::One(expressions),
        _ => Written::NotTold,
    }
}

/// The blocks of the configuration that an element may come from: those whose constants it has. None where a `dynamic` block made some
/// of the elements, which shows in their number.
fn blocks_like<'a>(element: &Attributes, written: &Written<'a>, count: usize) -> Option<Vec<&'a Attributes>> {
    let Written::One(expressions) = written else { return None };
    let mut like = Vec::new();
    for expression in expressions {
        let Value::List(blocks) = expression else { return None };
        if blocks.len() != count {
            return None;
        }
        like.extend(blocks.iter().filter_map(|block| match block {
            Value::Object(block) if has_constants(element, block) => Some(block),
            _ => None,
        }));
    }
    Some(like)
}

fn has_constants(element: &Attributes, block: &Attributes) -> bool {
    block.iter().all(|(name, expression)| {
        let Value::Object(expression) = expression else { return true };
        let (Some(constant), Some(value)) = (expression.get("constant_value").and_then(text), element.get(name).and_then(text)) else {
            return true;
        };
        constant == value
    })
}

/// A scalar as text, because Terraform converts `"300"` to a number where one is expected.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::Bool(value) => Some(value.to_string()),
        Value::Number(value) => Some(value.to_string()),
        Value::String(value) => Some(value.clone()),
        _ => None,
    }
}

/// Whether `after_unknown` marks nothing. Terraform leaves out what is known, or writes false.
pub(super) fn is_all_known(unknown: &Value) -> bool {
    match unknown {
        Value::Null | Value::Bool(false) => true,
        Value::List(elements) => elements.iter().all(is_all_known),
        Value::Object(members) => members.values().all(is_all_known),
        Value::Bool(true) | Value::Number(_) | Value::String(_) | Value::Unknown(_) => false,
    }
}
