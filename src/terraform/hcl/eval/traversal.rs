//! References, and the steps from a value to what is in it.

use super::super::syntax::Step;
use super::expand::Expansion;
use super::expression::ordered;
use super::operators;
use super::val::{Failure, Handle, Outcome, Val, fail};
use super::{Evaluator, Repetition, Scope, What};
use crate::snapshot::Cause;

impl Evaluator<'_> {
    /// `name` and the steps that follow it.
    pub fn reference(&self, name: &str, steps: &[Step], scope: Scope<'_>) -> Outcome {
        if let Some(value) = scope.bound(name) {
            return self.steps(value.clone(), steps, scope);
        }
        let Some(module) = scope.module else {
            return fail(format!("'{name}' means nothing here: only literals and functions can stand here"));
        };
        match name {
            "each" => {
                let Some((Step::Attribute(which, _), rest)) = steps.split_first() else {
                    return fail("each.key or each.value was expected");
                };
                let value = match (scope.repetition, which.as_str()) {
                    (Repetition::ForEach { key, .. }, "key") => key.clone(),
                    (Repetition::ForEach { value, .. }, "value") => value.clone(),
                    _ => return fail(format!("there is no each.{which} without for_each")),
                };
                self.steps(value, rest, scope)
            }
            "count" => match (scope.repetition, steps.split_first()) {
                (Repetition::Count(index), Some((Step::Attribute(which, _), rest))) if which == "index" => {
                    self.steps(index.clone(), rest, scope)
                }
                _ => fail("there is no count.index without count"),
            },
            "self" => Ok(Val::not_evaluated("self, which only conditions and provisioners have")),
            "ephemeral" => Ok(Val::not_evaluated("an ephemeral resource")),
            "data" => {
                let [Step::Attribute(kind, _), Step::Attribute(name, _), rest @ ..] = steps else {
                    return fail("a data source's type and name were expected");
                };
                self.expanded(module, What::Data, &format!("{kind}.{name}"), rest, scope)
            }
            "module" => {
                let Some((Step::Attribute(name, _), rest)) = steps.split_first() else { return fail("a module's name was expected") };
                self.expanded(module, What::Calls, name, rest, scope)
            }
            "var" | "local" | "path" | "terraform" | "tofu" => {
                let Some((Step::Attribute(which, _), rest)) = steps.split_first() else {
                    return fail(format!("'{name}' is no value by itself"));
                };
                let value = match name {
                    "var" => self.variable(module, which)?,
                    "local" => self.local(module, which)?,
                    "path" => self.path(module, which)?,
                    _ if which == "workspace" => Val::text(self.workspace.as_str()),
                    _ => Val::not_evaluated(format!("{name}.{which}")),
                };
                self.steps(value, rest, scope)
            }
            kind => {
                let Some((Step::Attribute(name, _), rest)) = steps.split_first() else {
                    return fail(format!("'{kind}' is no value by itself"));
                };
                self.expanded(module, What::Resources, &format!("{kind}.{name}"), rest, scope)
            }
        }
    }

    /// A resource, data source or module and what follows.
    fn expanded(&self, module: usize, what: What, name: &str, steps: &[Step], scope: Scope<'_>) -> Outcome {
        let handle = |at: usize| Val::Handle(if what == What::Calls { Handle::Module(at) } else { Handle::Resource(at) });
        match self.expansion(module, what, name)? {
            Expansion::Missing(reason) => Ok(Val::unknown(reason.cause, reason.detail)),
            Expansion::Single(at) => self.steps(handle(at), steps, scope),
            Expansion::Count(instances) => self.steps(Val::list(instances.into_iter().map(handle).collect()), steps, scope),
            Expansion::ForEach(instances) => {
                self.steps(Val::object(instances.into_iter().map(|(key, at)| (key, handle(at))).collect()), steps, scope)
            }
            // Whichever instance it is, all that is known of it is known of the one that stands for them.
            Expansion::Open(at, reason) => match steps.split_first() {
                Some((Step::Index(_), rest)) => self.steps(handle(at), rest, scope),
                _ => Ok(Val::unknown(reason.cause, reason.detail.clone())),
            },
        }
    }

    pub fn steps(&self, mut value: Val, steps: &[Step], scope: Scope<'_>) -> Outcome {
        let mut rest = steps;
        while let Some((step, after)) = rest.split_first() {
            rest = after;
            value = match step {
                Step::Attribute(name, _) => self.attribute(&value, name)?,
                Step::Index(index) => {
                    let index = self.evaluate(index, scope)?;
                    self.index(&value, &index)?
                }
                Step::FullSplat => return self.splat(&value, rest, scope),
                Step::AttributeSplat => {
                    let length = rest.iter().take_while(|step| matches!(step, Step::Attribute(..))).count();
                    let (attributes, after) = rest.split_at(length);
                    rest = after;
                    self.splat(&value, attributes, scope)?
                }
            };
        }
        Ok(value)
    }

    fn splat(&self, value: &Val, steps: &[Step], scope: Scope<'_>) -> Outcome {
        let values = match value {
            Val::Null => return Ok(Val::list(Vec::new())),
            Val::Unknown(unknown) => return Ok(Val::made_of(unknown)),
            Val::List(list) if list.set && !ordered(list) => return Ok(Val::not_evaluated("the order of a set")),
            Val::List(list) => &list.values,
            other => &vec![other.clone()],
        };
        Ok(Val::list(values.iter().map(|value| self.steps(value.clone(), steps, scope)).collect::<Outcome<_>>()?))
    }

    pub fn attribute(&self, value: &Val, name: &str) -> Outcome {
        match value {
            Val::Object(map) => match map.values.get(name) {
                Some(value) => Ok(value.clone()),
                None => fail(format!("there is no attribute '{name}'")),
            },
            Val::Handle(Handle::Resource(at)) => self.resource_attribute(*at, name),
            Val::Handle(Handle::Module(at)) => self.output(*at, name),
            Val::Unknown(unknown) => Ok(Val::unknown(unknown.reason.cause, unknown.reason.detail.clone())),
            other => fail(format!("{} has no attribute '{name}'", other.kind())),
        }
    }

    pub fn index(&self, value: &Val, index: &Val) -> Outcome {
        match (value, index) {
            (Val::Unknown(unknown), _) | (_, Val::Unknown(unknown)) => Ok(Val::made_of(unknown)),
            (Val::List(list), index) if !list.set => {
                let at = usize::try_from(operators::integer(index)?).ok();
                match at.and_then(|at| list.values.get(at)) {
                    Some(value) => Ok(value.clone()),
                    None => fail("an index beyond the end of a list"),
                }
            }
            (Val::Object(_) | Val::Handle(_), index) => match operators::text(index)? {
                // A key may be secret, and so is not told.
                Val::Text(name) => self.attribute(value, &name).map_err(|_| Failure("there is no such key".to_owned())),
                _ => Ok(Val::unknown(Cause::NotEvaluated, "an index that is not known")),
            },
            (other, _) => fail(format!("{} has no index", other.kind())),
        }
    }
}
