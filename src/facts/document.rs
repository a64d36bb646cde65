//! Policy documents read the way AWS reads them, as far as backups need it. What is beyond that is unknown, not guessed.

use serde_json::Value;

use crate::snapshot::{Arn, Cause, Observed, PolicyDocument, Reason};

/// A statement of a policy document.
struct Statement<'a> {
    allows: bool,
    principals: Principals<'a>,
    actions: Vec<&'a str>,
    conditions: Option<&'a serde_json::Map<String, Value>>,
}

enum Principals<'a> {
    Everyone,
    Named(Vec<&'a str>),
}

/// What a statement has to say about somebody and an action.
#[derive(PartialEq)]
enum Bearing {
    None,
    Full,
    /// It depends on a condition that is not understood.
    Conditional,
}

/// Whether the key policy denies an action to everyone, but for principals that a condition exempts by name.
pub fn denies_everyone(document: &PolicyDocument, action: &str) -> Observed<bool> {
    let statements = match statements(document) {
        Ok(statements) => statements,
        Err(reason) => return Observed::unknown(reason),
    };
    let mut undecided = None;
    for statement in statements.iter().filter(|statement| !statement.allows && statement.covers(action)) {
        if !matches!(statement.principals, Principals::Everyone) {
            continue;
        }
        match statement.conditions {
            None => return Observed::Known(true),
            Some(conditions) if exempts_principals_only(conditions) => return Observed::Known(true),
            Some(_) => undecided = Some(not_understood("a Deny")),
        }
    }
    undecided.map_or(Observed::Known(false), Observed::unknown)
}

/// Whether a resource policy lets one of these principals do all of these actions. The root principal of an account
/// stands for whatever that account's own IAM policies allow.
pub fn lets_any(document: &PolicyDocument, principals: &[String], actions: &[&str]) -> Observed<bool> {
    let statements = match statements(document) {
        Ok(statements) => statements,
        Err(reason) => return Observed::unknown(reason),
    };
    let mut undecided = None;
    for principal in principals {
        let verdicts: Vec<Observed<bool>> = actions.iter().map(|action| lets(&statements, principal, action)).collect();
        if verdicts.iter().all(|verdict| *verdict == Observed::Known(true)) {
            return Observed::Known(true);
        }
        if !verdicts.contains(&Observed::Known(false)) {
            undecided = verdicts.into_iter().find(Observed::is_unknown).or(undecided);
        }
    }
    undecided.unwrap_or(Observed::Known(false))
}

fn lets(statements: &[Statement], principal: &str, action: &str) -> Observed<bool> {
    let bearing = |allows: bool| {
        let of_each =
            statements.iter().filter(|statement| statement.allows == allows).map(|statement| statement.bearing(principal, action));
        of_each.fold(Bearing::None, |sum, one| match (sum, one) {
            (Bearing::Full, _) | (_, Bearing::Full) => Bearing::Full,
            (Bearing::Conditional, _) | (_, Bearing::Conditional) => Bearing::Conditional,
            _ => Bearing::None,
        })
    };
    match (bearing(false), bearing(true)) {
        (Bearing::Full, _) | (_, Bearing::None) => Observed::Known(false),
        (Bearing::None, Bearing::Full) => Observed::Known(true),
        (Bearing::Conditional, _) => Observed::unknown(not_understood("a Deny")),
        (_, Bearing::Conditional) => Observed::unknown(not_understood("an Allow")),
    }
}

fn not_understood(what: &str) -> Reason {
    Reason::new(Cause::Undetermined, format!("{what} in the key policy depends on conditions that cannot be decided from the policy alone"))
}

impl Statement<'_> {
    fn covers(&self, action: &str) -> bool {
        self.actions.iter().any(|pattern| wildcard(&pattern.to_ascii_lowercase(), &action.to_ascii_lowercase()))
    }

    fn bearing(&self, principal: &str, action: &str) -> Bearing {
        let concerns = match &self.principals {
            Principals::Everyone => true,
            Principals::Named(names) => names.iter().any(|name| *name == principal || is_root_of(name, principal)),
        };
        if !concerns || !self.covers(action) {
            return Bearing::None;
        }
        match self.conditions {
            None => Bearing::Full,
            Some(conditions) if self.allows && holds_for_backups(conditions, principal) => Bearing::Full,
            Some(_) => Bearing::Conditional,
        }
    }
}

/// `111122223333` and `arn:aws:iam::111122223333:root` are one principal.
fn is_root_of(name: &str, principal: &str) -> bool {
    name.len() == 12 && principal.strip_suffix(":root").is_some_and(|head| head.ends_with(name))
}

/// A Deny with these conditions spares named principals and nobody else.
fn exempts_principals_only(conditions: &serde_json::Map<String, Value>) -> bool {
    conditions.iter().all(|(operator, keys)| {
        let negated = ["ArnNotEquals", "ArnNotLike", "StringNotEquals", "StringNotLike"].contains(&operator.as_str());
        negated
            && keys.as_object().is_some_and(|keys| {
                keys.iter().all(|(key, values)| {
                    ["aws:principalarn", "aws:userid"].contains(&key.to_ascii_lowercase().as_str())
                        && !texts(values).is_empty()
                        && texts(values).iter().all(|value| !is_blanket(value))
                })
            })
    })
}

/// An exemption that matches anybody is no exemption but a hole.
fn is_blanket(value: &str) -> bool {
    value.chars().all(|c| c == '*' || c == '?')
        || value.ends_with(":role/*")
        || value.ends_with(":*") && !value.starts_with("ARO") && !value.starts_with("AIDA")
}

/// Conditions that every use of a key by AWS Backup meets: it comes through the service, from the account, as a grant
/// for an AWS resource.
fn holds_for_backups(conditions: &serde_json::Map<String, Value>, principal: &str) -> bool {
    let account = Arn::parse(principal).map(|arn| arn.account);
    conditions.iter().all(|(operator, keys)| {
        keys.as_object().is_some_and(|keys| {
            keys.iter().all(|(key, values)| match key.to_ascii_lowercase().as_str() {
                "kms:viaservice" => {
                    ["StringEquals", "StringLike"].contains(&operator.as_str())
                        && texts(values).iter().any(|value| value.starts_with("backup.") || *value == "*")
                }
                "kms:calleraccount" => operator == "StringEquals" && account.is_some_and(|account| texts(values).contains(&account)),
                "kms:grantisforawsresource" => operator == "Bool" && (values == &Value::Bool(true) || values == "true"),
                _ => false,
            })
        })
    })
}

fn statements(document: &PolicyDocument) -> Result<Vec<Statement<'_>>, Reason> {
    let unreadable = |what: &str| Reason::new(Cause::Undetermined, format!("the policy document {what}"));
    let list: Vec<&Value> = match document.0.get("Statement") {
        Some(Value::Array(list)) => list.iter().collect(),
        Some(one @ Value::Object(_)) => vec![one],
        _ => return Err(unreadable("has no statements")),
    };
    list.into_iter()
        .map(|statement| {
            if statement.get("NotPrincipal").is_some() || statement.get("NotAction").is_some() {
                return Err(unreadable("uses NotPrincipal or NotAction, which are not evaluated"));
            }
            let allows = match statement.get("Effect").and_then(Value::as_str) {
                Some("Allow") => true,
                Some("Deny") => false,
                _ => return Err(unreadable("has a statement without Effect")),
            };
            let principals = match statement.get("Principal") {
                Some(Value::String(all)) if all == "*" => Principals::Everyone,
                Some(Value::Object(by_type)) => {
                    let names: Vec<&str> = by_type.values().flat_map(texts).collect();
                    if by_type.get("AWS").is_some_and(|names| texts(names).contains(&"*")) {
                        Principals::Everyone
                    } else {
                        Principals::Named(names)
                    }
                }
                _ => return Err(unreadable("has a statement without Principal")),
            };
            let actions = statement.get("Action").map(texts).unwrap_or_default();
            let conditions = match statement.get("Condition") {
                None => None,
                Some(Value::Object(conditions)) if conditions.is_empty() => None,
                Some(Value::Object(conditions)) => Some(conditions),
                Some(_) => return Err(unreadable("has a Condition that is not an object")),
            };
            Ok(Statement { allows, principals, actions, conditions })
        })
        .collect()
}

/// A text, or the texts of a list.
fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// Whether `text` matches `pattern`, in which `*` stands for any run of characters and `?` for one.
pub fn wildcard(pattern: &str, text: &str) -> bool {
    matches(pattern, text, |_| true)
}

/// The same with `*` standing only for characters that `allowed` lets through.
pub fn matches(pattern: &str, text: &str, allowed: impl Fn(char) -> bool) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        if pattern.get(p) == Some(&'*') {
            star = Some((p, t));
            p += 1;
        } else if pattern.get(p).is_some_and(|&c| c == text[t] || c == '?') {
            p += 1;
            t += 1;
        } else if let Some((at, from)) = star.filter(|&(_, from)| allowed(text[from])) {
            star = Some((at, from + 1));
            p = at + 1;
            t = from + 1;
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|&c| c == '*')
}
