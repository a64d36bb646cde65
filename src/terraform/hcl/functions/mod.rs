//! Terraform's functions. What they cannot do without a clock, chance or AWS is unknown, and so are those that are not here.
//!
//! A failure is what Terraform would fail on as well, because `try` and `can` go by it.

mod collections;
mod encoding;
mod files;
mod format;
mod network;
mod numbers;
mod sets;
mod text;

use super::eval::val::{Outcome, Val, fail};
use super::eval::{Evaluator, Scope, operators};
use super::syntax::Expression;

pub use encoding::escape_html;

/// The values that a function is called with.
pub struct Arguments<'a> {
    name: &'a str,
    values: &'a [Val],
}

pub fn call(evaluator: &Evaluator<'_>, name: &str, arguments: &[Expression], expand: bool, scope: Scope<'_>) -> Outcome {
    let name = name.strip_prefix("core::").unwrap_or(name);
    match name {
        "try" => return attempt(evaluator, arguments, scope),
        "can" => {
            return Ok(match arguments.first().map(|argument| evaluator.evaluate(argument, scope)) {
                None => return fail("can() takes an expression"),
                Some(Err(_)) => Val::Bool(false),
                Some(Ok(value)) => value.as_unknown().map_or(Val::Bool(true), Val::made_of),
            });
        }
        _ => {}
    }
    let mut values = arguments.iter().map(|argument| evaluator.evaluate(argument, scope)).collect::<Outcome<Vec<Val>>>()?;
    if expand {
        match values.pop() {
            Some(Val::List(list)) => values.extend(list.values.iter().cloned()),
            Some(Val::Unknown(unknown)) => return Ok(Val::made_of(&unknown)),
            _ => return fail(format!("{name}(): `...` needs a list")),
        }
    }
    let arguments = Arguments { name, values: &values };
    // Functions that look into a value which is partly unknown.
    if let Some(outcome) = collections::call(&arguments).or_else(|| files::call(evaluator, &arguments)) {
        return outcome;
    }
    // All others need to know everything.
    if let Some(unknown) = values.iter().find_map(Val::any_unknown) {
        return Ok(unknown);
    }
    let known = text::call(&arguments)
        .or_else(|| numbers::call(&arguments))
        .or_else(|| sets::call(&arguments))
        .or_else(|| encoding::call(&arguments))
        .or_else(|| network::call(&arguments))
        .or_else(|| format::call(&arguments));
    known.unwrap_or_else(|| Ok(Val::not_evaluated(format!("{name}(), which is not evaluated without Terraform"))))
}

/// The first that does not fail.
fn attempt(evaluator: &Evaluator<'_>, arguments: &[Expression], scope: Scope<'_>) -> Outcome {
    let mut last = fail("try() takes an expression");
    for argument in arguments {
        last = evaluator.evaluate(argument, scope);
        if last.is_ok() {
            return last;
        }
    }
    last
}

impl<'a> Arguments<'a> {
    pub fn get(&self, at: usize) -> Outcome<&'a Val> {
        match self.values.get(at) {
            Some(value) => Ok(value),
            None => fail(format!("{}() takes more arguments", self.name)),
        }
    }

    pub fn text(&self, at: usize) -> Outcome<String> {
        match operators::text(self.get(at)?)? {
            Val::Text(text) => Ok(text.to_string()),
            _ => fail(format!("{}() takes a text", self.name)),
        }
    }

    pub fn number(&self, at: usize) -> Outcome<f64> {
        operators::number(self.get(at)?)
    }

    pub fn integer(&self, at: usize) -> Outcome<i64> {
        operators::integer(self.get(at)?)
    }

    pub fn list(&self, at: usize) -> Outcome<&'a [Val]> {
        match self.get(at)? {
            Val::List(list) => Ok(&list.values),
            other => fail(format!("{}() takes a list, not {}", self.name, other.kind())),
        }
    }

    pub fn texts(&self, at: usize) -> Outcome<Vec<String>> {
        self.list(at)?
            .iter()
            .map(|value| match operators::text(value)? {
                Val::Text(text) => Ok(text.to_string()),
                _ => fail(format!("{}() takes a list of texts", self.name)),
            })
            .collect()
    }
}
