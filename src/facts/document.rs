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
pub fn lets_any(document: &PolicyDocument, principals: &[String], actions: &[&str], region: &str) -> Observed<bool> {
    let statements = match statements(document) {
        Ok(statements) => statements,
        Err(reason) => return Observed::unknown(reason),
    };
    let mut undecided = None;
    for principal in principals {
        let verdicts: Vec<Observed<bool>> =
            actions.iter().map(|action| lets(&statements, &Request { principal, action, region })).collect();
        if verdicts.iter().all(|verdict| *verdict == Observed::Known(true)) {
            return Observed::Known(true);
        }
        if !verdicts.contains(&Observed::Known(false)) {
            undecided = verdicts.into_iter().find(Observed::is_unknown).or(undecided);
        }
    }
    undecided.unwrap_or(Observed::Known(false))
}

/// Whether the policy denies a principal one of these actions, whatever else allows it.
pub fn denies(document: &PolicyDocument, principal: &str, actions: &[&str], region: &str) -> Observed<bool> {
    let statements = match statements(document) {
        Ok(statements) => statements,
        Err(reason) => return Observed::unknown(reason),
    };
    match strongest(actions.iter().map(|action| bearing(&statements, false, &Request { principal, action, region }))) {
        Bearing::Full => Observed::Known(true),
        Bearing::None => Observed::Known(false),
        Bearing::Conditional => Observed::unknown(not_understood("a Deny")),
    }
}

/// Whether the policy denies anybody one of these actions; a document that cannot be read may.
pub fn denies_somebody(document: &PolicyDocument, actions: &[&str]) -> bool {
    let is_such = |statement: &Statement| !statement.allows && actions.iter().any(|action| statement.covers(action));
    statements(document).map_or(true, |statements| statements.iter().any(is_such))
}

/// Who wants to do what with a resource in which Region.
struct Request<'a> {
    principal: &'a str,
    action: &'a str,
    region: &'a str,
}

fn lets(statements: &[Statement], request: &Request) -> Observed<bool> {
    match (bearing(statements, false, request), bearing(statements, true, request)) {
        (Bearing::Full, _) | (_, Bearing::None) => Observed::Known(false),
        (Bearing::None, Bearing::Full) => Observed::Known(true),
        (Bearing::Conditional, _) => Observed::unknown(not_understood("a Deny")),
        (_, Bearing::Conditional) => Observed::unknown(not_understood("an Allow")),
    }
}

/// What all statements that allow, or all that deny, come to.
fn bearing(statements: &[Statement], allows: bool, request: &Request) -> Bearing {
    strongest(statements.iter().filter(|statement| statement.allows == allows).map(|statement| statement.bearing(request)))
}

fn strongest(bearings: impl Iterator<Item = Bearing>) -> Bearing {
    bearings.fold(Bearing::None, |sum, one| match (sum, one) {
        (Bearing::Full, _) | (_, Bearing::Full) => Bearing::Full,
        (Bearing::Conditional, _) | (_, Bearing::Conditional) => Bearing::Conditional,
        _ => Bearing::None,
    })
}

fn not_understood(what: &str) -> Reason {
    Reason::new(Cause::Undetermined, format!("{what} in the key policy depends on conditions that cannot be decided from the policy alone"))
}

impl Statement<'_> {
    fn covers(&self, action: &str) -> bool {
        self.actions.iter().any(|pattern| wildcard(&pattern.to_ascii_lowercase(), &action.to_ascii_lowercase()))
    }

    fn bearing(&self, request: &Request) -> Bearing {
        let concerns = match &self.principals {
            Principals::Everyone => true,
            Principals::Named(names) => names.iter().any(|name| *name == request.principal || is_root_of(name, request.principal)),
        };
        if !concerns || !self.covers(request.action) {
            return Bearing::None;
        }
        match self.conditions {
            None => Bearing::Full,
            Some(conditions) if self.allows && holds_for_backups(conditions, request) => Bearing::Full,
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
    if value.starts_with("AROA") || value.starts_with("AIDA") {
        // A user id, then the session's name, which may well be any.
        return value.split(':').next().is_some_and(|id| id.contains(['*', '?']));
    }
    let last = value.rsplit(':').next().unwrap_or(value);
    let kind_of_all = last.strip_suffix("/*").is_some_and(|kind| !kind.contains('/'));
    kind_of_all || last.chars().all(|c| c == '*' || c == '?')
}

/// Conditions that every such use of a key by AWS Backup meets: it comes through the service in the key's Region, from the
/// account, and its grants are for an AWS resource. The last can hold for grants only.
fn holds_for_backups(conditions: &serde_json::Map<String, Value>, request: &Request) -> bool {
    let account = Arn::parse(request.principal).map(|arn| arn.account);
    let service = format!("backup.{}.amazonaws.com", request.region);
    conditions.iter().all(|(operator, keys)| {
        keys.as_object().is_some_and(|keys| {
            keys.iter().all(|(key, values)| match (key.to_ascii_lowercase().as_str(), operator.as_str()) {
                ("kms:viaservice", "StringEquals") => texts(values).contains(&service.as_str()),
                ("kms:viaservice", "StringLike") => texts(values).iter().any(|pattern| wildcard(pattern, &service)),
                ("kms:calleraccount", "StringEquals") => account.is_some_and(|account| texts(values).contains(&account)),
                ("kms:grantisforawsresource", "Bool") => {
                    request.action == "kms:CreateGrant" && (values == &Value::Bool(true) || values == "true")
                }
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
            if ["NotPrincipal", "NotAction", "NotResource"].iter().any(|member| statement.get(member).is_some()) {
                return Err(unreadable("uses NotPrincipal, NotAction or NotResource, which are not evaluated"));
            }
            if statement.get("Resource").is_some_and(|resource| !texts(resource).contains(&"*")) {
                return Err(unreadable("names resources one by one, which is not evaluated"));
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
            let actions = statement.get("Action").map(texts).filter(|actions| !actions.is_empty());
            let Some(actions) = actions else { return Err(unreadable("has a statement without Action")) };
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

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{denies, denies_everyone, lets_any};
    use crate::snapshot::{Observed, PolicyDocument};

    const ROLE: &str = "arn:aws:iam::111122223333:role/backup";

    fn document(statements: &[Value]) -> PolicyDocument {
        PolicyDocument(json!({ "Version": "2012-10-17", "Statement": statements }))
    }

    fn statement(effect: &str, action: &str, condition: Value) -> Value {
        json!({ "Effect": effect, "Principal": { "AWS": ROLE }, "Action": action, "Resource": "*", "Condition": condition })
    }

    fn lets(action: &str, condition: Value) -> Observed<bool> {
        lets_any(&document(&[statement("Allow", action, condition)]), &[ROLE.to_owned()], &[action], "us-east-1")
    }

    #[test]
    fn a_grant_for_an_aws_resource_is_a_condition_of_grants_only() {
        let condition = json!({ "Bool": { "kms:GrantIsForAWSResource": "true" } });
        assert_eq!(lets("kms:CreateGrant", condition.clone()), Observed::Known(true));
        assert!(lets("kms:Decrypt", condition).is_unknown());
    }

    #[test]
    fn the_service_that_a_key_is_used_through_is_that_of_its_own_region() {
        let through = |operator: &str, service: &str| lets("kms:Decrypt", json!({ operator: { "kms:ViaService": service } }));
        assert_eq!(through("StringEquals", "backup.us-east-1.amazonaws.com"), Observed::Known(true));
        assert_eq!(through("StringLike", "backup.*.amazonaws.com"), Observed::Known(true));
        assert!(through("StringEquals", "backup.eu-west-1.amazonaws.com").is_unknown());
        assert!(through("StringEquals", "*").is_unknown());
    }

    #[test]
    fn a_deny_by_name_counts_and_one_under_a_condition_is_unknown() {
        let denied = |condition: Value| denies(&document(&[statement("Deny", "kms:*", condition)]), ROLE, &["kms:Decrypt"], "us-east-1");
        assert_eq!(denied(json!({})), Observed::Known(true));
        assert!(denied(json!({ "Bool": { "aws:x": "true" } })).is_unknown());
    }

    #[test]
    fn statements_that_are_not_understood_are_unknown_and_not_left_out() {
        for odd in [
            json!({ "Effect": "Deny", "Principal": "*", "Resource": "*" }),
            json!({ "Effect": "Deny", "Principal": "*", "NotAction": "kms:*" }),
            json!({ "Effect": "Deny", "Principal": "*", "Action": "kms:ScheduleKeyDeletion", "Resource": "arn:aws:kms:us-east-1:1:key/other" }),
        ] {
            assert!(denies_everyone(&document(std::slice::from_ref(&odd)), "kms:ScheduleKeyDeletion").is_unknown(), "{odd}");
        }
    }

    #[test]
    fn an_exemption_for_anybody_exempts_everybody() {
        let denied = |spared: &str| {
            let condition = json!({ "ArnNotLike": { "aws:PrincipalArn": spared } });
            let deny =
                json!({ "Effect": "Deny", "Principal": "*", "Action": "kms:ScheduleKeyDeletion", "Resource": "*", "Condition": condition });
            denies_everyone(&document(&[deny]), "kms:ScheduleKeyDeletion")
        };
        for named in ["arn:aws:iam::111122223333:role/break-glass", "arn:aws:iam::111122223333:role/security/*", "AROAEXAMPLE:*"] {
            assert_eq!(denied(named), Observed::Known(true), "{named}");
        }
        for anybody in ["*", "arn:aws:iam::111122223333:role/*", "arn:aws:iam::111122223333:user/*", "arn:aws:iam::*", "AROA*:*"] {
            assert_ne!(denied(anybody), Observed::Known(true), "{anybody}");
        }
    }
}
