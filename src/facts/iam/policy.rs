//! A policy document taken apart into statements (IAM: Grammar of the IAM JSON policy language). What AWS would not have accepted
//! is no policy, and the reason says why.

use serde_json::Value;

use super::principal::{Principal, Principals};
use crate::snapshot::{Cause, PolicyDocument, Reason};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    Allow,
    Deny,
}

/// Patterns, or all but them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Patterns {
    These(Vec<String>),
    AllBut(Vec<String>),
}

/// One key of a Condition element under its operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    pub operator: String,
    pub key: String,
    pub values: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    pub effect: Effect,
    pub principals: Principals,
    pub actions: Patterns,
    /// None: the policy is about what it is attached to, as a role's trust policy.
    pub resources: Option<Patterns>,
    /// All must hold.
    pub conditions: Vec<Condition>,
    /// Whether `${...}` is a policy variable, which it is since version 2012-10-17.
    pub has_variables: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    pub statements: Vec<Statement>,
}

impl Policy {
    /// A policy that hangs on a resource: each statement says whom and what it is about.
    pub fn of_resource(document: &PolicyDocument) -> Result<Self, Reason> {
        let policy = Self::of_trust(document)?;
        match policy.statements.iter().any(|statement| statement.resources.is_none()) {
            true => Err(unreadable("has a statement without Resource")),
            false => Ok(policy),
        }
    }

    /// The policy of who may assume a role: each statement says whom it is about, and the role is what it is about.
    pub fn of_trust(document: &PolicyDocument) -> Result<Self, Reason> {
        let policy = Self::parse(document)?;
        match policy.statements.iter().any(|statement| statement.principals == Principals::Unsaid) {
            true => Err(unreadable("has a statement without Principal")),
            false => Ok(policy),
        }
    }

    /// A policy that hangs on a role: each statement says what it is about, and none says whom.
    pub fn of_identity(document: &PolicyDocument) -> Result<Self, Reason> {
        let policy = Self::parse(document)?;
        for statement in &policy.statements {
            if statement.principals != Principals::Unsaid {
                return Err(unreadable("of a role has a Principal"));
            }
            if statement.resources.is_none() {
                return Err(unreadable("of a role has a statement without Resource"));
            }
        }
        Ok(policy)
    }

    fn parse(document: &PolicyDocument) -> Result<Self, Reason> {
        let has_variables = document.0.get("Version").and_then(Value::as_str) == Some("2012-10-17");
        let statements: Vec<&Value> = match document.0.get("Statement") {
            Some(Value::Array(list)) => list.iter().collect(),
            Some(one @ Value::Object(_)) => vec![one],
            _ => return Err(unreadable("has no statements")),
        };
        let statements = statements.into_iter().map(|statement| Statement::parse(statement, has_variables)).collect::<Result<_, _>>()?;
        Ok(Policy { statements })
    }
}

impl Statement {
    fn parse(statement: &Value, has_variables: bool) -> Result<Self, Reason> {
        let effect = match statement.get("Effect").and_then(Value::as_str) {
            Some("Allow") => Effect::Allow,
            Some("Deny") => Effect::Deny,
            _ => return Err(unreadable("has a statement without Effect")),
        };
        let principals = |member: &str| match statement.get(member).map(Principal::all_of) {
            Some(None) => Err(unreadable(&format!("has a {member} that is none"))),
            Some(list) => Ok(list),
            None => Ok(None),
        };
        let principals = match (principals("Principal")?, principals("NotPrincipal")?) {
            (Some(_), Some(_)) => return Err(unreadable("has both Principal and NotPrincipal")),
            (Some(list), None) => Principals::These(list),
            (None, Some(list)) => Principals::AllBut(list),
            (None, None) => Principals::Unsaid,
        };
        let Some(actions) = patterns(statement, "Action", "NotAction")? else {
            return Err(unreadable("has a statement without Action"));
        };
        let conditions = match statement.get("Condition") {
            None => Vec::new(),
            Some(Value::Object(by_operator)) => conditions(by_operator)?,
            Some(_) => return Err(unreadable("has a Condition that is not an object")),
        };
        let resources = patterns(statement, "Resource", "NotResource")?;
        Ok(Statement { effect, principals, actions, resources, conditions, has_variables })
    }
}

fn patterns(statement: &Value, these: &str, all_but: &str) -> Result<Option<Patterns>, Reason> {
    let list = |member: &str| match statement.get(member).map(texts) {
        Some(Some(list)) if !list.is_empty() => Ok(Some(list)),
        Some(_) => Err(unreadable(&format!("has a {member} that names nothing"))),
        None => Ok(None),
    };
    match (list(these)?, list(all_but)?) {
        (Some(_), Some(_)) => Err(unreadable(&format!("has both {these} and {all_but}"))),
        (Some(list), None) => Ok(Some(Patterns::These(list))),
        (None, Some(list)) => Ok(Some(Patterns::AllBut(list))),
        (None, None) => Ok(None),
    }
}

fn conditions(by_operator: &serde_json::Map<String, Value>) -> Result<Vec<Condition>, Reason> {
    let mut found = Vec::new();
    for (operator, by_key) in by_operator {
        let Some(by_key) = by_key.as_object() else { return Err(unreadable("has a condition operator without keys")) };
        for (key, values) in by_key {
            let Some(values) = texts(values) else { return Err(unreadable("has a condition whose values are no texts")) };
            found.push(Condition { operator: operator.clone(), key: key.clone(), values });
        }
    }
    Ok(found)
}

fn unreadable(what: &str) -> Reason {
    Reason::new(Cause::Undetermined, format!("the policy document {what}"))
}

/// A text, or the texts of a list; truth values and numbers count as texts. Nothing where something else is among them.
pub fn texts(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::Array(list) => list.iter().map(text).collect(),
        one => text(one).map(|text| vec![text]),
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
