//! What an unknown value of a plan is the value of. A plan shows to what an expression refers, not the expression itself, so that an answer
//! is given only where all that it refers to, through variables and outputs, leaves one attribute of one resource that is not known.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use super::json::{self, Attributes};
use super::plan_configuration::{Configuration, Module, longest};
use super::plan_values::is_all_known;
use super::value::Reference;

/// How many references are followed for one value. A root that needs more is none that a person wrote.
const STEPS: usize = 10_000;
/// How many modules and variables a reference is followed through.
const DEPTH: usize = 64;

/// The instances of resources that there are after the plan, with what is unknown of those that are mapped.
pub(super) type Planned<'a> = BTreeMap<&'a str, Option<&'a Attributes>>;

#[derive(Clone, Copy)]
pub(super) struct Resolver<'a> {
    pub configuration: &'a Configuration,
    pub planned: &'a Planned<'a>,
}

/// What keeps an expression from being known.
#[derive(Debug, PartialEq)]
pub(super) enum Origin {
    /// Nothing does, so that its value can only be null.
    Known,
    /// One attribute of one resource, of which it is the value.
    One(Reference),
    /// More than one, or what is not in a plan.
    Many,
}

/// An instance of a module, and what `each` stands for at the place of an expression.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    /// `module.backup["a.b"].module.vaults[0]`; empty for the root.
    pub module: &'a str,
    pub each: Option<&'a [String]>,
}

/// A resource, and its attribute unless Terraform left it out, as it does behind an index that is computed.
type Unknowns = BTreeSet<(String, Option<String>)>;

struct Walk {
    unknowns: Unknowns,
    steps: usize,
}

/// An expression refers to something whose value a plan does not tell.
struct NotTold;

impl<'a> Resolver<'a> {
    /// The origin of what a resource of this type has written as `attribute`, with these references.
    pub(super) fn origin(&self, kind: &str, attribute: &str, references: &[&str], scope: Scope) -> Origin {
        let mut walk = Walk { unknowns: Unknowns::new(), steps: 0 };
        if self.follow(references.iter().copied(), scope, 0, &mut walk).is_err() {
            return Origin::Many;
        }
        let Some((address, found)) = walk.unknowns.pop_first() else { return Origin::Known };
        let attribute = match found {
            Some(found) => taken_by(kind, attribute).contains(&found.as_str()).then_some(found),
            None => only_taken_by(kind, attribute).map(str::to_owned),
        };
        match attribute {
            Some(attribute) if walk.unknowns.is_empty() => Origin::One(Reference { address, attribute }),
            _ => Origin::Many,
        }
    }

    fn follow<'r>(&self, references: impl Iterator<Item = &'r str>, scope: Scope, depth: usize, walk: &mut Walk) -> Result<(), NotTold> {
        for reference in longest(references) {
            walk.steps += 1;
            if depth > DEPTH || walk.steps > STEPS {
                return Err(NotTold);
            }
            self.step(reference, scope, depth, walk)?;
        }
        Ok(())
    }

    fn step(&self, reference: &str, scope: Scope, depth: usize, walk: &mut Walk) -> Result<(), NotTold> {
        let parts = parts(reference);
        match parts.as_slice() {
            ["count" | "path" | "terraform" | "tofu", ..] | ["each", "key"] => Ok(()),
            ["each", "value", ..] => match scope.each {
                Some(each) => self.follow(each.iter().map(String::as_str), Scope { each: None, ..scope }, depth + 1, walk),
                None => Err(NotTold),
            },
            ["var", name, ..] => self.argument(without_key(name), scope, depth, walk),
            ["module", call, output, ..] => self.output(call, without_key(output), scope, depth, walk),
            ["data" | "ephemeral" | "each" | "local" | "module" | "resource" | "self", ..] => Err(NotTold),
            [kind, name, attribute @ ..] => self.resource(kind, name, attribute, scope, walk),
            _ => Err(NotTold),
        }
    }

    /// A variable is what its module is called with.
    fn argument(&self, name: &str, scope: Scope, depth: usize, walk: &mut Walk) -> Result<(), NotTold> {
        let Some((parent, call)) = split_last_call(scope.module) else { return Ok(()) };
        let call = self.module(parent).and_then(|module| module.module_calls.get(without_key(call))).ok_or(NotTold)?;
        // What the call leaves out is the variable's default, a constant.
        let Some(argument) = call.expressions.get(name) else { return Ok(()) };
        let each = call.for_each_expression.as_ref().map(|each| each.references.as_slice());
        self.follow(argument.references.iter().map(String::as_str), Scope { module: parent, each }, depth + 1, walk)
    }

    fn output(&self, call: &str, output: &str, scope: Scope, depth: usize, walk: &mut Walk) -> Result<(), NotTold> {
        let module = self.module(scope.module).ok_or(NotTold)?;
        let called = module.module_calls.get(without_key(call)).ok_or(NotTold)?;
        let expression = called.module.outputs.get(output).and_then(|output| output.expression.as_ref()).ok_or(NotTold)?;
        let inner = within(scope.module, &format!("module.{call}"));
        self.follow(expression.references.iter().map(String::as_str), Scope { module: &inner, each: None }, depth + 1, walk)
    }

    fn resource(&self, kind: &str, name: &str, attribute: &[&str], scope: Scope, walk: &mut Walk) -> Result<(), NotTold> {
        let address = within(scope.module, &format!("{kind}.{name}"));
        let (address, unknown) = match self.planned.get_key_value(address.as_str()) {
            Some(planned) => planned,
            // The index is computed, which matters only where there is more than one instance. Where there is none, or the plan is
            // only a part of one, nothing tells what the expression comes to.
            None => {
                let first = format!("{address}[");
                let from = (Bound::Included(first.as_str()), Bound::Unbounded);
                let mut instances = self.planned.range::<str, _>(from).take_while(|(address, _)| address.starts_with(&first));
                instances.next().filter(|_| instances.next().is_none()).ok_or(NotTold)?
            }
        };
        let is_known = |attribute: &str| {
            json::keeps(kind, attribute) && unknown.is_some_and(|unknown| unknown.get(attribute).is_none_or(is_all_known))
        };
        let attribute = match attribute {
            [] => None,
            [attribute, ..] if is_known(without_key(attribute)) => return Ok(()),
            [attribute] if !attribute.contains('[') => Some((*attribute).to_owned()),
            _ => return Err(NotTold),
        };
        walk.unknowns.insert(((*address).to_owned(), attribute));
        Ok(())
    }

    pub(super) fn module(&self, address: &str) -> Option<&'a Module> {
        let parts = parts(address);
        self.configuration.module(parts.iter().skip(1).step_by(2).map(|call| without_key(call)))
    }
}

/// The attributes that can stand, as they are, for one that points to another resource. Where an expression makes something else of an
/// attribute, as a policy document does of an ARN, or a name of an id, no attribute is expected.
fn taken_by(kind: &str, attribute: &str) -> &'static [&'static str] {
    match attribute {
        "arn" if ["aws_cloudwatch_event_target", "aws_sns_topic_policy"].contains(&kind) => &["arn", "id"],
        "plan_id" => &["id"],
        "kms_key_id" | "kms_master_key_id" | "target_key_id" => &["arn", "id", "key_id", "name"],
        "backup_vault_name" | "restore_testing_plan_name" | "role" | "rule" | "target_vault_name" => &["id", "name"],
        "s3_bucket_name" => &["bucket", "id"],
        "permissions_boundary" => &["arn", "id"],
        _ if attribute.ends_with("_arn") || is_list_of_arns(attribute) => &["arn", "id"],
        _ => &[],
    }
}

/// The one of them that it can only be, for references of which Terraform left the attribute out.
fn only_taken_by(kind: &str, attribute: &str) -> Option<&'static str> {
    match attribute {
        "plan_id" => Some("id"),
        _ => taken_by(kind, attribute).contains(&"arn").then_some("arn").filter(|_| !attribute.ends_with("_id")),
    }
}

pub(super) fn is_list_of_arns(attribute: &str) -> bool {
    const LISTS: [&str; 8] = [
        "alarm_actions",
        "exclude_vaults",
        "include_vaults",
        "insufficient_data_actions",
        "not_resources",
        "ok_actions",
        "protected_resource_arns",
        "resources",
    ];
    LISTS.contains(&attribute)
}

/// The address in a module, which is empty for the root.
fn within(module: &str, address: &str) -> String {
    if module.is_empty() { address.to_owned() } else { format!("{module}.{address}") }
}

/// `module.a["x.y"].aws_kms_key.b[0].arn` at its dots, but those within keys.
pub(super) fn parts(reference: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut in_quotes, mut escaped) = (0, false, false);
    for (at, character) in reference.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' if in_quotes => escaped = true,
            '"' => in_quotes = !in_quotes,
            '.' if !in_quotes => {
                parts.extend(reference.get(start..at));
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.extend(reference.get(start..));
    parts
}

/// `vaults` of `vaults["a"]`.
pub(super) fn without_key(name: &str) -> &str {
    name.split_once('[').map_or(name, |(name, _)| name)
}

/// `module.a` and `b[0]` of `module.a.module.b[0]`; nothing of the root.
fn split_last_call(module: &str) -> Option<(&str, &str)> {
    let call = *parts(module).last().filter(|call| !call.is_empty())?;
    let parent = module.strip_suffix(call)?.strip_suffix("module.")?;
    Some((parent.strip_suffix('.').unwrap_or(parent), call))
}
