//! Who a statement of a resource policy speaks of.

use serde_json::Value;

use super::policy::{Effect, texts};
use super::request::{Caller, is_account};
use super::truth::Truth;
use crate::snapshot::Arn;

/// One entry of a Principal element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Principal {
    Everyone,
    /// By its id: the root ARN means the same.
    Account(String),
    /// A role, a user or the like, by ARN.
    Identity(String),
    /// A role or user that is no more: AWS shows its id in place of its ARN, and it matches nobody.
    Deleted(String),
    Service(String),
    Federated(String),
    Canonical(String),
    /// What none of AWS's forms explains.
    Odd(String),
}

/// The Principal or NotPrincipal element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Principals {
    /// There is none, as in policies of identities.
    Unsaid,
    These(Vec<Principal>),
    AllBut(Vec<Principal>),
}

impl Principal {
    fn named(kind: &str, text: &str) -> Self {
        let own = text.to_owned();
        match kind {
            "AWS" if text == "*" => Principal::Everyone,
            "AWS" if is_account(text) => Principal::Account(own),
            "AWS" if is_unique_id(text) => Principal::Deleted(own),
            "AWS" => match Arn::parse(text) {
                _ if text.contains(['*', '?', '$']) => Principal::Odd(own),
                Some(arn) if arn.service == "iam" && arn.resource == "root" => Principal::Account(arn.account.to_owned()),
                Some(arn) if ["iam", "sts"].contains(&arn.service) => Principal::Identity(own),
                _ => Principal::Odd(own),
            },
            "Service" => Principal::Service(own),
            "Federated" => Principal::Federated(own),
            "CanonicalUser" => Principal::Canonical(own),
            _ => Principal::Odd(own),
        }
    }

    /// The element's entries; nothing where it has none of AWS's forms.
    pub fn all_of(element: &Value) -> Option<Vec<Principal>> {
        match element {
            Value::String(all) if all == "*" => Some(vec![Principal::Everyone]),
            Value::Object(by_kind) if !by_kind.is_empty() => {
                let lists = by_kind.iter().map(|(kind, names)| {
                    texts(names).map(|names| names.iter().map(|name| Principal::named(kind, name)).collect::<Vec<_>>())
                });
                lists.collect::<Option<Vec<_>>>().map(|lists| lists.concat())
            }
            _ => None,
        }
    }

    /// Whether it means whoever asks. An Allow to an account leaves the decision to that account's own policies, a Deny of an
    /// account denies all that is in it.
    fn means(&self, caller: &Caller, effect: Effect) -> Truth {
        match (self, caller) {
            (Principal::Everyone, _) => Truth::Yes,
            (Principal::Account(id), Caller::Account(other)) => Truth::of(id == other),
            (Principal::Account(id), Caller::Identity(_)) => Truth::of(effect == Effect::Deny && caller.account() == Some(id)),
            (Principal::Identity(named), Caller::Identity(arn)) if named == arn => Truth::Yes,
            (Principal::Identity(named), Caller::Identity(arn)) => is_session_of(named, arn),
            (Principal::Service(name), Caller::Service(other)) => Truth::of(name == other),
            (Principal::Canonical(_), Caller::Account(_) | Caller::Identity(_)) => {
                Truth::odd("whose account a canonical user id is, which nothing here tells")
            }
            (Principal::Odd(text), _) => Truth::odd(format!("the principal '{text}', which is not understood")),
            _ => Truth::No,
        }
    }
}

/// A statement on a role's session covers that session of the role, and one on the role covers all its sessions.
fn is_session_of(named: &str, arn: &str) -> Truth {
    let (Some(one), Some(other)) = (Arn::parse(named), Arn::parse(arn)) else { return Truth::No };
    let role = |arn: &Arn| match arn.kind() {
        "role" => arn.resource.rsplit('/').next().map(str::to_owned),
        "assumed-role" => arn.resource.split('/').nth(1).map(str::to_owned),
        _ => None,
    };
    if one.account != other.account || role(&one).is_none() || role(&one) != role(&other) {
        return Truth::No;
    }
    match (one.kind(), other.kind()) {
        ("role", "assumed-role") => Truth::Yes,
        ("assumed-role", "role") => Truth::odd(format!("whether the session is '{named}'")),
        _ => Truth::No,
    }
}

/// IAM: Identifiers, unique ids.
fn is_unique_id(text: &str) -> bool {
    let known = ["AROA", "AIDA", "AGPA", "AIPA"].iter().any(|prefix| text.starts_with(prefix));
    known && text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == ':')
}

impl Principals {
    pub fn mean(&self, caller: &Caller, effect: Effect) -> Truth {
        match self {
            Principals::Unsaid => Truth::Yes,
            Principals::These(list) => Truth::any(list.iter().map(|principal| principal.means(caller, effect))),
            Principals::AllBut(list) => Truth::any(list.iter().map(|spared| spares(spared, list, caller))).not(),
        }
    }
}

/// A role that NotPrincipal spares must be listed with its account, and the account alone spares nobody that the list could
/// name (IAM: AWS JSON policy elements: NotPrincipal).
fn spares(spared: &Principal, list: &[Principal], caller: &Caller) -> Truth {
    match (spared, caller) {
        (Principal::Account(id), Caller::Identity(_)) if caller.account() == Some(id) => {
            let names_one = |other: &Principal| matches!(other, Principal::Identity(arn) if arn.contains(id.as_str()));
            if list.iter().any(names_one) { Truth::No } else { Truth::odd("whom a NotPrincipal spares that names an account only") }
        }
        (Principal::Identity(arn), Caller::Identity(_)) => {
            let account = Arn::parse(arn).map(|arn| Principal::Account(arn.account.to_owned()));
            let with_account = account.is_some_and(|account| list.contains(&account));
            match spared.means(caller, Effect::Deny) {
                Truth::Yes if !with_account => Truth::odd(format!("whether NotPrincipal spares '{arn}' without its account")),
                means => means,
            }
        }
        _ => spared.means(caller, Effect::Deny),
    }
}
