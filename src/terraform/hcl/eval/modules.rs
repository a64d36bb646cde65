//! Variables, locals and outputs of a module's instance.

use std::path::{Component, Path, PathBuf};

use super::super::source;
use super::super::syntax::Expression;
use super::types::{self, Type};
use super::val::{Outcome, Val, fail};
use super::{Evaluator, Given, Key, Repetition, Scope, What};

impl Evaluator<'_> {
    pub fn variable(&self, module: usize, name: &str) -> Outcome {
        let Some(block) = self.declared(module).and_then(|declared| declared.variable(name)) else {
            return fail(format!("var.{name} is not declared"));
        };
        let outcome = self.once(Key(module, What::Variable, name.to_owned()), || {
            let given = self.given(module, name)?;
            let default = block.body.attribute("default").map(|default| self.evaluate(&default.value, Scope::constant())).transpose()?;
            let declared = block.body.attribute("type").map(|of| Type::read(&of.value)).transpose()?;
            let nullable =
                !block.body.attribute("nullable").is_some_and(|value| value.value.kind == super::super::syntax::Kind::Bool(false));
            let given = match given {
                None => None,
                Some(Given::Text(text)) => Some(self.typed(name, &text, declared.as_ref())?),
                Some(Given::Value(Val::Null)) if !nullable => None,
                Some(Given::Value(value)) => Some(value),
            };
            let Some(value) = given.or(default) else {
                if self.module_instance(module).is_none_or(|instance| instance.parent.is_some()) {
                    return Ok(Val::not_evaluated(format!("var.{name} is not given by the call of its module")));
                }
                self.unset.borrow_mut().insert(name.to_owned());
                return Ok(Val::not_evaluated(format!("var.{name} has no value; give --var {name}=... or --var-file")));
            };
            let constant = |expression: &Expression| self.evaluate(expression, Scope::constant());
            types::convert(&value, declared.as_ref().unwrap_or(&Type::Any), &constant)
        });
        Ok(settled(outcome, || format!("var.{name}")))
    }

    fn given(&self, module: usize, name: &str) -> Outcome<Option<Given>> {
        let Some(instance) = self.module_instance(module) else { return Ok(None) };
        let Some(parent) = instance.parent else { return Ok(self.given.get(name).cloned()) };
        let call = self.tree.nodes.get(instance.node).and_then(|node| node.path.last());
        let block = call.and_then(|call| self.declared(parent)?.call(call));
        let argument = block.and_then(|block| block.body.attribute(name));
        let scope = Scope { module: Some(parent), repetition: &instance.repetition, bound: None };
        Ok(match argument {
            Some(argument) => Some(Given::Value(self.evaluate(&argument.value, scope)?)),
            None => None,
        })
    }

    /// A value from the command line: a text where the variable takes one or does not say, an expression otherwise.
    fn typed(&self, name: &str, text: &str, of: Option<&Type>) -> Outcome {
        if of.is_none_or(Type::is_primitive) {
            return Ok(Val::text(text));
        }
        match source::expression(text) {
            Some(expression) => self.evaluate(&expression, Scope::constant()),
            None => fail(format!("the value given for var.{name} is no expression")),
        }
    }

    pub fn local(&self, module: usize, name: &str) -> Outcome {
        let Some(attribute) = self.declared(module).and_then(|declared| declared.local(name)) else {
            return fail(format!("local.{name} is not declared"));
        };
        let scope = Scope { module: Some(module), repetition: &Repetition::Single, bound: None };
        let outcome = self.once(Key(module, What::Local, format!("local.{name}")), || self.evaluate(&attribute.value, scope));
        Ok(settled(outcome, || format!("local.{name}")))
    }

    pub fn output(&self, module: usize, name: &str) -> Outcome {
        let block = self.declared(module).and_then(|declared| declared.output(name));
        let address = || self.module_instance(module).map(|instance| instance.address.clone()).unwrap_or_default();
        let Some(value) = block.and_then(|block| block.body.attribute("value")) else {
            return fail(format!("{} has no output '{name}'", address()));
        };
        let scope = Scope { module: Some(module), repetition: &Repetition::Single, bound: None };
        let outcome = self.once(Key(module, What::Output, format!("output.{name}")), || self.evaluate(&value.value, scope));
        Ok(settled(outcome, || format!("{}.{name}", address())))
    }

    pub fn path(&self, module: usize, which: &str) -> Outcome {
        let root = self.tree.modules.first().map(|module| module.path.as_path()).unwrap_or(Path::new(""));
        match which {
            "root" => Ok(Val::text(".")),
            "module" => match self.declared(module).and_then(|declared| relative(root, &declared.path)) {
                Some(path) => Ok(Val::text(path)),
                None => Ok(Val::not_evaluated("path.module of a module that is elsewhere")),
            },
            "cwd" => Ok(Val::not_evaluated("path.cwd")),
            _ => fail(format!("there is no path.{which}")),
        }
    }
}

/// Terraform stops where a variable, local or output cannot be evaluated, and `try` does not help. So it is unknown, and no failure.
fn settled(outcome: Outcome, name: impl Fn() -> String) -> Val {
    match outcome {
        Ok(value) => value,
        Err(failure) => Val::not_evaluated(format!("{} cannot be evaluated: {}", name(), failure.0)),
    }
}

/// The way from one directory to another, as Terraform writes it.
fn relative(from: &Path, to: &Path) -> Option<String> {
    let (mut from, mut to) = (from.components().peekable(), to.components().peekable());
    while from.peek().is_some() && from.peek() == to.peek() {
        from.next();
        to.next();
    }
    let mut path = PathBuf::new();
    for component in from {
        match component {
            Component::Normal(_) => path.push(".."),
            Component::CurDir => {}
            _ => return None,
        }
    }
    path.extend(to);
    let text = path.to_string_lossy().replace('\\', "/");
    Some(if text.is_empty() { ".".to_owned() } else { text })
}
