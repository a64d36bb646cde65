//! Who may assume a role: whether AWS Backup can, and who else.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Serialize;

use super::is_foreign;
use crate::facts::iam::document::on_behalf;
use crate::facts::iam::{Caller, Doubt, Effect, NOBODY, Policy, Principal, Principals, Request, Truth, reasons};
use crate::facts::world::{Region, all};
use crate::snapshot::{Cause, Observed, Reason, Role};

/// The service's principal (DG: IAM service roles).
const SERVICE: &str = "backup.amazonaws.com";
/// How somebody takes on a role (STS API).
const WAYS: [&str; 3] = ["sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"];

#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct TrustFacts {
    pub standing: Observed<Standing>,
    /// Everybody but AWS Backup whom the trust policy lets assume the role, perhaps under conditions.
    pub others: Observed<Vec<Trustee>>,
}

/// Whether AWS Backup can work as the role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    Trusts,
    /// Its trust policy does not let AWS Backup assume it.
    Distrusts,
    Missing,
    /// It belongs to another account than the plan, and a role cannot be passed across accounts (IAM: iam:PassRole).
    InAnotherAccount,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Trustee {
    /// An account, role, user, service or identity provider, as the policy writes it; `*` is everybody.
    pub principal: String,
    /// The condition keys that it depends on and that are not known. Empty: nothing stands in the way.
    pub conditions: Vec<String>,
}

impl TrustFacts {
    pub fn of(arn: &str, exists: &Observed<bool>, role: &Observed<&Role>, region: &Region) -> Self {
        let trust = role.clone().and_then(|role| role.assume_role_policy_document.as_ref().required("AssumeRolePolicyDocument"));
        let policy = trust.and_then(|document| Policy::of_trust(document).map_or_else(Observed::unknown, Observed::Known));
        let standing = match exists {
            _ if is_foreign(arn, region) => Observed::Known(Standing::InAnotherAccount),
            Observed::Known(false) => Observed::Known(Standing::Missing),
            _ => policy.as_ref().and_then(|policy| {
                let lets = policy.lets(&on_behalf(SERVICE, WAYS[0], region.unit));
                let standing = |trusts| if trusts { Standing::Trusts } else { Standing::Distrusts };
                lets.observed(&format!("whether AWS Backup may assume '{arn}'")).map(standing)
            }),
        };
        TrustFacts { standing, others: policy.and_then(|policy| others(&policy, arn, region)) }
    }
}

fn others(policy: &Policy, arn: &str, region: &Region) -> Observed<Vec<Trustee>> {
    let allows = policy.statements.iter().filter(|statement| statement.effect == Effect::Allow);
    let trusted: Observed<Vec<Vec<Trustee>>> = all(allows.map(|statement| match &statement.principals {
        Principals::These(list) => all(list.iter().filter(|principal| !is_backup(principal)).map(|principal| {
            let (name, caller) = somebody(principal, region);
            match principal {
                Principal::Odd(_) | Principal::Canonical(_) => {
                    odd(format!("the trust policy of '{arn}' names '{name}', which is not understood"))
                }
                _ => trustee(policy, name, &caller, arn, region),
            }
        })),
        // IAM refuses it in a trust policy.
        _ => odd(format!("the trust policy of '{arn}' allows all but some, which IAM does not accept")),
    }));
    trusted.map(|lists| lists.into_iter().flatten().collect::<BTreeSet<_>>().into_iter().collect())
}

fn odd<T>(detail: String) -> Observed<T> {
    Observed::unknown(Reason::new(Cause::Undetermined, detail))
}

/// AWS Backup itself, or a part of it, such as `restore-testing.backup.amazonaws.com`.
fn is_backup(principal: &Principal) -> bool {
    matches!(principal, Principal::Service(name) if name == SERVICE || name.ends_with(&format!(".{SERVICE}")))
}

fn somebody(principal: &Principal, region: &Region) -> (String, Caller) {
    let partition = &region.unit.partition;
    match principal {
        Principal::Everyone => ("*".to_owned(), Caller::Account(NOBODY.to_owned())),
        Principal::Account(id) => (id.clone(), Caller::Account(id.clone())),
        Principal::Identity(arn) => (arn.clone(), Caller::Identity(arn.clone())),
        Principal::Service(name) => (name.clone(), Caller::Service(name.clone())),
        Principal::Deleted(name) | Principal::Federated(name) | Principal::Canonical(name) | Principal::Odd(name) => {
            (name.clone(), Caller::Identity(format!("arn:{partition}:sts::{}:federated-user/{NOBODY}", region.unit.account)))
        }
    }
}

/// Absent where the policy keeps whoever asks from assuming the role.
fn trustee(policy: &Policy, name: String, caller: &Caller, arn: &str, region: &Region) -> Observed<Trustee> {
    let statements = |effect: Effect| policy.statements.iter().filter(move |statement| statement.effect == effect);
    let requests = WAYS.map(|way| match caller {
        Caller::Service(service) => on_behalf(service, way, region.unit),
        // Everybody is of any account, this one included.
        Caller::Account(id) if id == NOBODY => Request::new(caller.clone(), way).without("aws:PrincipalAccount"),
        caller => Request::new(caller.clone(), way),
    });
    // Whoever stands in the Principal of a statement is meant by it, also where nothing more is known of him.
    let means = |of: &Principal| somebody(of, region).0 == name && !matches!(of, Principal::Deleted(_));
    let concerned = |request: &Request| {
        Truth::any(statements(Effect::Allow).map(|statement| match &statement.principals {
            Principals::These(list) if list.iter().any(means) => statement.concerns_apart_from_who(request),
            _ => Truth::No,
        }))
    };
    let denied = |request: &Request| policy.denies(request);
    let mut verdicts = Vec::new();
    for request in &requests {
        match (concerned(request), denied(request)) {
            (Truth::No, _) | (_, Truth::Yes) => {}
            (_, Truth::Undecided(doubts)) => {
                return Observed::Unknown(reasons(&doubts, &format!("whether '{name}' may assume '{arn}'")));
            }
            (allowed, Truth::No) => verdicts.push(allowed),
        }
    }
    if verdicts.contains(&Truth::Yes) {
        return Observed::Known(Trustee { principal: name, conditions: Vec::new() });
    }
    let doubts: BTreeSet<Doubt> =
        verdicts.into_iter().flat_map(|verdict| if let Truth::Undecided(doubts) = verdict { doubts } else { BTreeSet::new() }).collect();
    let keys = doubts.iter().map(|doubt| if let Doubt::Key(key) = doubt { Some(key.clone()) } else { None });
    match keys.collect::<Option<Vec<_>>>() {
        Some(keys) if keys.is_empty() => Observed::Absent,
        Some(conditions) => Observed::Known(Trustee { principal: name, conditions }),
        None => Observed::Unknown(reasons(&doubts, &format!("whether '{name}' may assume '{arn}'"))),
    }
}
