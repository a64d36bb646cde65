//! How many there are of a resource, a data source or a module.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::super::syntax::{Block, Expression};
use super::super::tree::Child;
use super::operators;
use super::val::{Outcome, Val, fail};
use super::{Evaluator, Key, ModuleInstance, Repetition, ResourceInstance, Scope, What};
use crate::snapshot::{Cause, Reason};

/// Instances of one block. Terraform itself gives up long before.
const MOST: usize = 100_000;
/// Instances of all blocks.
const MOST_OF_ALL: usize = 1_000_000;

/// Into the evaluator's tables of modules or resources.
#[derive(Debug, Clone)]
pub enum Expansion {
    Single(usize),
    Count(Vec<usize>),
    ForEach(BTreeMap<String, usize>),
    /// How many is not known; one instance stands for all.
    Open(usize, Rc<Reason>),
    /// A module that is not on this disk.
    Missing(Reason),
}

enum Plan {
    Single,
    Count(usize),
    ForEach(Vec<(String, Val)>),
    Open(Reason),
}

impl<'t> Evaluator<'t> {
    /// `name` is `kind.name` of a resource or data source.
    pub fn expansion(&self, module: usize, what: What, name: &str) -> Outcome<Expansion> {
        let key = Key(module, what, name.to_owned());
        match self.expansions.borrow().get(&key) {
            Some(Some(expansion)) => return Ok(expansion.clone()),
            Some(None) => return fail(format!("{name} refers to itself")),
            None => {}
        }
        self.expansions.borrow_mut().insert(key.clone(), None);
        let expansion = self.expand(module, what, name);
        match &expansion {
            Ok(expansion) => self.expansions.borrow_mut().insert(key, Some(expansion.clone())),
            Err(_) => self.expansions.borrow_mut().remove(&key),
        };
        expansion
    }

    fn expand(&self, module: usize, what: What, name: &str) -> Outcome<Expansion> {
        let (Some(declared), Some(instance)) = (self.declared(module), self.module_instance(module)) else { return fail("no module") };
        let (kind, label) = name.split_once('.').unwrap_or(("", name));
        let (block, local) = match what {
            What::Calls => (declared.call(name), format!("module.{name}")),
            What::Data => (declared.data(kind, label), format!("data.{name}")),
            _ => (declared.resource(kind, label), name.to_owned()),
        };
        let Some(block) = block else { return fail(format!("{local} is not declared")) };
        let address = if instance.address.is_empty() { local } else { format!("{}.{local}", instance.address) };
        let node = match self.tree.nodes.get(instance.node).and_then(|node| node.children.get(name)) {
            _ if what != What::Calls => 0,
            Some(Child::Node(node)) => *node,
            Some(Child::NotInstalled(source)) => {
                return Ok(Expansion::Missing(Reason::new(Cause::NotEvaluated, format!("{address} is not installed (from {source})"))));
            }
            None => return fail(format!("{address} was not read")),
        };
        let make = |key: &str, repetition: Repetition, open: Option<&Reason>| -> usize {
            let may_exist = open.cloned().or_else(|| instance.may_exist.clone());
            let address = format!("{address}{key}");
            if what == What::Calls {
                let mut modules = self.modules.borrow_mut();
                modules.push(Rc::new(ModuleInstance { node, parent: Some(module), address, repetition, may_exist }));
                modules.len() - 1
            } else {
                let kind = block.labels.first().map(String::as_str).unwrap_or_default();
                let mut resources = self.resources.borrow_mut();
                resources.push(Rc::new(ResourceInstance { module, block, kind, address, repetition, may_exist }));
                resources.len() - 1
            }
        };
        Ok(match self.plan(module, block, &address) {
            Plan::Single => Expansion::Single(make("", Repetition::Single, None)),
            Plan::Count(count) => {
                let count = (0..count).map(|at| make(&format!("[{at}]"), Repetition::Count(Val::Number(at as f64)), None));
                Expansion::Count(count.collect())
            }
            Plan::ForEach(entries) => {
                let each = entries.into_iter().map(|(key, value)| {
                    let repetition = Repetition::ForEach { key: Val::text(key.as_str()), value };
                    let at = make(&format!("[{}]", quoted(&key)), repetition, None);
                    (key, at)
                });
                Expansion::ForEach(each.collect())
            }
            Plan::Open(reason) => {
                let unknown = Val::unknown(reason.cause, reason.detail.clone());
                let repetition = match block.body.attribute("count") {
                    Some(_) => Repetition::Count(unknown),
                    None => Repetition::ForEach { key: unknown.clone(), value: unknown },
                };
                Expansion::Open(make("[?]", repetition, Some(&reason)), Rc::new(reason))
            }
        })
    }

    fn plan(&self, module: usize, block: &Block, address: &str) -> Plan {
        let scope = Scope { module: Some(module), repetition: &Repetition::Single, bound: None };
        let (argument, plan) = match (block.body.attribute("count"), block.body.attribute("for_each")) {
            (Some(count), _) => ("count", self.count(&count.value, scope)),
            (None, Some(each)) => ("for_each", self.each(&each.value, scope)),
            (None, None) => return Plan::Single,
        };
        let open = |cause: Cause, detail: &str| Plan::Open(Reason::new(cause, format!("{argument} of {address} is not known: {detail}")));
        let made = self.modules.borrow().len() + self.resources.borrow().len();
        match plan {
            Ok(Plan::Open(reason)) => open(reason.cause, &reason.detail),
            Ok(Plan::Count(count)) if count > MOST || made + count > MOST_OF_ALL => {
                let message = format!("{address} has more than {MOST} instances, or the root more than {MOST_OF_ALL}");
                self.fault(self.tree.wrong(block.header, message, "declare fewer instances"));
                open(Cause::NotEvaluated, "too many instances")
            }
            Ok(plan) => plan,
            Err(failure) => open(Cause::NotEvaluated, &failure.0),
        }
    }

    fn count(&self, count: &Expression, scope: Scope<'_>) -> Outcome<Plan> {
        let count = self.evaluate(count, scope)?;
        if let Some(unknown) = count.as_unknown() {
            return Ok(Plan::Open(unknown.reason.clone()));
        }
        match usize::try_from(operators::integer(&count)?) {
            Ok(count) => Ok(Plan::Count(count)),
            Err(_) => fail("a count below zero"),
        }
    }

    fn each(&self, each: &Expression, scope: Scope<'_>) -> Outcome<Plan> {
        Ok(match self.evaluate(each, scope)? {
            Val::Unknown(unknown) => Plan::Open(unknown.reason.clone()),
            Val::Object(map) => Plan::ForEach(map.values.iter().map(|(key, value)| (key.clone(), value.clone())).collect()),
            Val::List(list) if list.set => {
                let mut entries = Vec::new();
                for value in &list.values {
                    match value {
                        Val::Text(text) => entries.push((text.to_string(), value.clone())),
                        Val::Unknown(unknown) => return Ok(Plan::Open(unknown.reason.clone())),
                        other => return fail(format!("a set with {} in it", other.kind())),
                    }
                }
                Plan::ForEach(entries)
            }
            other => return fail(format!("a map or a set of strings was expected, not {}", other.kind())),
        })
    }
}

/// As Terraform writes the key of an instance.
fn quoted(key: &str) -> String {
    let mut text = String::from("\"");
    for (at, c) in key.char_indices() {
        match c {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '$' | '%' if key.get(at + 1..).is_some_and(|rest| rest.starts_with('{')) => {
                text.push(c);
                text.push(c);
            }
            _ => text.push(c),
        }
    }
    text.push('"');
    text
}
