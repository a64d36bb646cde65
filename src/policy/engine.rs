//! One rule on one input: regorus's interpreter, long-lived, with strict errors.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Library, PolicyError, Rule};

/// What a rule says of an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judgement {
    NotApplicable,
    /// No violation: the rule holds.
    Holds,
    /// In a stable order, at least one.
    Violated(Vec<Violation>),
}

/// One violation, as a rule words it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Violation {
    /// A sentence with the values that decided.
    pub message: String,
    /// The field to change.
    pub at: String,
    /// Tells several violations of one rule by one subject apart, across runs.
    #[serde(rename = "for", default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
}

/// Runs rules. Each thread wants its own.
pub struct Engine {
    engine: regorus::Engine,
    with_applies: BTreeSet<String>,
}

impl Engine {
    pub fn new(library: &Library) -> Result<Self, PolicyError> {
        let mut engine = regorus::Engine::new();
        engine.set_strict_builtin_errors(true);
        for source in &library.sources {
            engine.add_policy(source.path.clone(), source.text.clone()).map_err(|error| PolicyError::Rego(format!("{error:#}")))?;
        }
        let with_applies = library.rules.iter().filter(|rule| rule.applies_reads.is_some()).map(|rule| rule.package.clone()).collect();
        Ok(Engine { engine, with_applies })
    }

    /// Whether the rule concerns the subject at all. The input needs to hold only what `applies` reads.
    pub fn applies(&mut self, rule: &Rule, input: &Value) -> Result<bool, String> {
        if !self.with_applies.contains(&rule.package) {
            return Ok(true);
        }
        self.engine.set_input(input.clone().into());
        match self.eval(&rule.package, "applies")? {
            regorus::Value::Bool(applies) => Ok(applies),
            regorus::Value::Undefined => Ok(false),
            other => Err(format!("'applies' is {other}, not true or false")),
        }
    }

    pub fn judge(&mut self, rule: &Rule, input: &Value) -> Result<Judgement, String> {
        if !self.applies(rule, input)? {
            return Ok(Judgement::NotApplicable);
        }
        self.engine.set_input(input.clone().into());
        let violations = match self.eval(&rule.package, "violations")? {
            regorus::Value::Undefined => Value::Array(Vec::new()),
            set => serde_json::to_value(&set).map_err(|error| error.to_string())?,
        };
        let violations: Vec<Violation> =
            serde_json::from_value(violations).map_err(|error| format!("a violation is malformed: {error}"))?;
        if violations.is_empty() { Ok(Judgement::Holds) } else { Ok(Judgement::Violated(violations)) }
    }

    fn eval(&mut self, package: &str, name: &str) -> Result<regorus::Value, String> {
        self.engine.eval_rule(format!("data.{package}.{name}")).map_err(|error| format!("{error:#}"))
    }
}
