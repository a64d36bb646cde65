//! A vault's access policy: what it denies to everybody, whom it spares, and whom it lets in from elsewhere.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Serialize;

use super::iam::document::strangers;
use super::iam::{Caller, Effect, NOBODY, Patterns, Policy, Principal, Principals, Request, Statement, Target, Truth, Value, instance};
use super::world::{Region, all, vault_arn};
use crate::snapshot::{Arn, Cause, Observed, PolicyDocument, Reason, Unit, Vault};

/// What a vault's access policy comes to. Of a vault without one, nothing is denied and nobody is let in.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct AccessFacts {
    /// Each action by which points, or what protects them, can be taken away.
    pub denials: Observed<Vec<Denial>>,
    /// Whom the policy lets in that no condition confines to an organization or to the vault's own account.
    pub open_to: Observed<Vec<Opening>>,
}

/// What becomes of one action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Denial {
    /// `backup:DeleteRecoveryPoint`
    pub action: String,
    /// Whether the policy's Denies, taken together, stop everybody whom they do not spare by name.
    pub denied: Observed<bool>,
    /// The kinds of recovery points that the Denies leave out, where they cover others.
    pub left_out: Observed<Vec<String>>,
    /// Whom all the Denies spare, as the policy writes them: ARNs, or ids. Empty where nothing is denied.
    pub exempt: Observed<Vec<String>>,
}

/// An Allow for everybody, or for another account.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Opening {
    /// `*`, or the account, role or user as the policy writes it.
    pub principal: String,
    pub actions: Vec<String>,
}

/// The actions, and whether they act on recovery points (Service Authorization Reference: AWS Backup).
const PROTECTED: [(&str, bool); 7] = [
    ("backup:DeleteBackupVaultAccessPolicy", false),
    ("backup:DeleteBackupVaultLockConfiguration", false),
    ("backup:DeleteRecoveryPoint", true),
    ("backup:DisassociateRecoveryPoint", true),
    ("backup:PutBackupVaultAccessPolicy", false),
    ("backup:PutBackupVaultLockConfiguration", false),
    ("backup:UpdateRecoveryPointLifecycle", true),
];

impl AccessFacts {
    pub fn of(vault: &Vault, region: &Region) -> Self {
        let document = region.sight.member(&vault.access_policy, "backup:GetBackupVaultAccessPolicy", &vault.backup_vault_name);
        let arn = vault_arn(region.unit, vault);
        let nothing = || PROTECTED.map(|(action, _)| Denial::none(action)).to_vec();
        let denials = document.as_ref().and_then(|document| with(document, |policy| settled_denials(policy, &arn, region.unit)));
        let open_to = document.as_ref().and_then(|document| with(document, |policy| openings(policy, &arn, region.unit)));
        AccessFacts { denials: denials.absent_is(nothing()), open_to: open_to.absent_is(Vec::new()) }
    }
}

fn with<T>(document: &PolicyDocument, facts: impl FnOnce(&Policy) -> Observed<T>) -> Observed<T> {
    Policy::of_resource(document).map_or_else(Observed::unknown, |policy| facts(&policy))
}

impl Denial {
    fn none(action: &str) -> Self {
        let none = || Observed::Known(Vec::new());
        Denial { action: action.to_owned(), denied: Observed::Known(false), left_out: none(), exempt: none() }
    }
}

/// The forms of the ARNs of recovery points (DG: access control, AWS Backup resource ARNs). Points of types that AWS Backup does not
/// fully manage keep the ARNs of their services, so that a Deny on `recovery-point:*` leaves them out.
fn points(unit: &Unit) -> [(&'static str, String); 8] {
    let arn =
        |service: &str, account: &str, what: &str| instance(&format!("arn:{}:{service}:{}:{account}:{what}", unit.partition, unit.region));
    let own = unit.account.as_str();
    [
        ("AWS Backup's own", arn("backup", own, "recovery-point:*")),
        ("EC2 images", arn("ec2", "", "image/*")),
        ("EBS snapshots", arn("ec2", "", "snapshot/*")),
        ("RDS snapshots", arn("rds", own, "snapshot:awsbackup:*")),
        ("RDS cluster snapshots", arn("rds", own, "cluster-snapshot:awsbackup:*")),
        ("DynamoDB backups", arn("dynamodb", own, "table/*/backup/*")),
        ("FSx backups", arn("fsx", own, "backup/*")),
        ("Redshift snapshots", arn("redshift", own, "snapshot:*/*")),
    ]
}

/// AWS Backup takes no wildcard among the actions of a vault's policy (DG: create-a-vault-access-policy). What it would make of one
/// that a declaration has, nobody says.
fn settled_denials(policy: &Policy, vault: &str, unit: &Unit) -> Observed<Vec<Denial>> {
    let has_wildcard =
        |statement: &Statement| matches!(&statement.actions, Patterns::These(list) if list.iter().any(|one| one.contains(['*', '?'])));
    let (odd, plain): (Vec<Statement>, Vec<Statement>) =
        policy.statements.iter().cloned().partition(|statement| statement.effect == Effect::Deny && has_wildcard(statement));
    let settled = denials(&Policy { statements: plain }, vault, unit);
    if odd.is_empty() || settled == denials(policy, vault, unit) {
        return settled;
    }
    let detail = "the vault's access policy denies actions by a wildcard, which AWS Backup does not support";
    Observed::unknown(Reason::new(Cause::Undetermined, detail))
}

fn denials(policy: &Policy, vault: &str, unit: &Unit) -> Observed<Vec<Denial>> {
    let points = points(unit);
    let of_each = PROTECTED.map(|(action, on_points)| {
        let targets: Vec<(&str, &str)> =
            if on_points { points.iter().map(|(kind, arn)| (*kind, arn.as_str())).collect() } else { vec![("the vault", vault)] };
        Observed::Known(denial(policy, action, &targets, unit))
    });
    all(of_each)
}

fn denial(policy: &Policy, action: &str, targets: &[(&str, &str)], unit: &Unit) -> Denial {
    let who = "what the vault's access policy denies";
    let denied = |target: &str, asks: &dyn Fn() -> Vec<Request>| {
        Truth::all(asks().into_iter().map(|request| policy.denies(&request.on(Target::Arn(target.to_owned())))))
    };
    let by_strangers = || strangers(&unit.partition, &unit.account).map(|stranger| stranger.asks(action)).to_vec();
    let of_each: Vec<(&str, &str, Truth)> = targets.iter().map(|(kind, arn)| (*kind, *arn, denied(arn, &by_strangers))).collect();
    let covered: Vec<&str> = of_each.iter().filter(|(_, _, truth)| !truth.is_no()).map(|(_, arn, _)| *arn).collect();
    let left_out = of_each.iter().filter(|(_, _, truth)| truth.is_no() && !covered.is_empty()).map(|(kind, _, _)| (*kind).to_owned());
    let left_out = Observed::Known(left_out.collect());
    let denied_to_all = Truth::all(of_each.iter().map(|(_, _, truth)| truth.clone()));
    let exempt = if covered.is_empty() { Observed::Known(Vec::new()) } else { exempt(policy, action, &covered, unit, who) };
    Denial { action: action.to_owned(), denied: denied_to_all.observed(who), left_out, exempt }
}

/// Those named in some Deny whom no Deny stops, at least for one of these resources.
fn exempt(policy: &Policy, action: &str, targets: &[&str], unit: &Unit, who: &str) -> Observed<Vec<String>> {
    let mut exempt = Vec::new();
    let mut reasons: Vec<Reason> = Vec::new();
    for (name, request) in spared_by_name(policy, action, unit) {
        let verdict = Truth::all(targets.iter().map(|target| policy.denies(&request.clone().on(Target::Arn((*target).to_owned())))));
        match verdict.observed(who) {
            Observed::Known(true) => {}
            Observed::Unknown(more) => reasons.extend(more),
            _ => exempt.push(name),
        }
    }
    // The root user needs no name to be spared: a Deny of roles and users by their ARNs passes it over.
    let is_root = |name: &String| *name == unit.account || name.ends_with(":root");
    if !exempt.iter().any(is_root) {
        let root = as_root(Request::new(Caller::Identity(root(unit)), action), unit);
        match Truth::all(targets.iter().map(|target| policy.denies(&root.clone().on(Target::Arn((*target).to_owned()))))).observed(who) {
            Observed::Known(true) => {}
            Observed::Unknown(more) => reasons.extend(more),
            _ => exempt.push(self::root(unit)),
        }
    }
    if reasons.is_empty() {
        return Observed::Known(exempt);
    }
    reasons.sort();
    reasons.dedup();
    Observed::Unknown(reasons)
}

/// All whom some Deny of the action names in order to spare them, each as somebody who asks.
fn spared_by_name(policy: &Policy, action: &str, unit: &Unit) -> Vec<(String, Request)> {
    let mut names: BTreeSet<(bool, String)> = BTreeSet::new();
    for statement in policy.statements.iter().filter(|statement| statement.effect == Effect::Deny && statement.covers(action)) {
        if let Principals::AllBut(list) = &statement.principals {
            names.extend(list.iter().filter_map(|principal| match principal {
                Principal::Identity(arn) => Some((true, arn.clone())),
                _ => None,
            }));
        }
        for condition in &statement.conditions {
            let key = condition.key.to_ascii_lowercase();
            let is_arn = key == "aws:principalarn";
            if condition.operator.contains("Not") && (is_arn || key == "aws:userid") {
                names.extend(condition.values.iter().map(|value| (is_arn, value.clone())));
            }
        }
    }
    names.into_iter().filter_map(|(is_arn, name)| Some((name.clone(), as_somebody(&name, is_arn, action, unit)?))).collect()
}

fn root(unit: &Unit) -> String {
    format!("arn:{}:iam::{}:root", unit.partition, unit.account)
}

/// The root user's id is the account's.
fn as_root(request: Request, unit: &Unit) -> Request {
    request.with("aws:userid", Value::One(unit.account.clone()))
}

/// Somebody of the vault's account of this name. AWS Backup refuses callers from other accounts whatever the policy says.
fn as_somebody(name: &str, is_arn: bool, action: &str, unit: &Unit) -> Option<Request> {
    if name == unit.account || name == root(unit) {
        return Some(as_root(Request::new(Caller::Identity(root(unit)), action), unit));
    }
    if !is_arn {
        // Whose id it is, nothing here tells: not even that it is nobody's whom another Deny names.
        let arn = format!("arn:{}:sts::{}:assumed-role/{NOBODY}/{NOBODY}", unit.partition, unit.account);
        return Some(Request::new(Caller::Identity(arn), action).with("aws:userid", Value::One(instance(name))));
    }
    match Arn::parse(name) {
        Some(arn) if arn.account.contains(['*', '?']) => {
            let own = Arn { account: &unit.account, ..arn }.to_string();
            Some(Request::new(Caller::Identity(instance(&own)), action))
        }
        Some(arn) if arn.account != unit.account && !arn.account.contains('$') => None,
        Some(_) => Some(Request::new(Caller::Identity(instance(name)), action)),
        None => {
            Some(Request::new(Caller::Identity(format!("arn:{}:iam::{}:role/{}", unit.partition, unit.account, instance(name))), action))
        }
    }
}

fn openings(policy: &Policy, vault: &str, unit: &Unit) -> Observed<Vec<Opening>> {
    let allows = policy.statements.iter().filter(|statement| statement.effect == Effect::Allow);
    let of_each =
        allows.flat_map(|statement| outsiders(statement, unit).into_iter().map(|who| opening(policy, statement, who, vault, unit)));
    all(of_each.collect::<Vec<_>>()).map(|mut list| {
        list.sort();
        list.dedup();
        list
    })
}

/// Those whom the statement names and that are not of the vault's account; services are none of them.
fn outsiders(statement: &Statement, unit: &Unit) -> Vec<Principal> {
    match &statement.principals {
        Principals::These(list) => list.iter().filter(|principal| is_outside(principal, unit)).cloned().collect(),
        Principals::AllBut(_) => vec![Principal::Everyone],
        Principals::Unsaid => Vec::new(),
    }
}

fn is_outside(principal: &Principal, unit: &Unit) -> bool {
    match principal {
        Principal::Account(id) => *id != unit.account,
        Principal::Identity(arn) => Arn::parse(arn).is_none_or(|arn| arn.account != unit.account),
        Principal::Everyone | Principal::Canonical(_) | Principal::Odd(_) => true,
        Principal::Deleted(_) | Principal::Service(_) | Principal::Federated(_) => false,
    }
}

/// Whether the statement lets the principal in even if it belongs to an organization of which the policy knows nothing.
fn opening(policy: &Policy, statement: &Statement, principal: Principal, vault: &str, unit: &Unit) -> Observed<Opening> {
    let (name, caller) = match &principal {
        Principal::Everyone => ("*".to_owned(), Caller::Identity(format!("arn:{}:iam::000000000000:role/{NOBODY}", unit.partition))),
        Principal::Account(id) => (id.clone(), Caller::Account(id.clone())),
        Principal::Identity(arn) => (arn.clone(), Caller::Identity(arn.clone())),
        Principal::Canonical(text) | Principal::Odd(text) => (text.clone(), Caller::Account("000000000000".to_owned())),
        Principal::Deleted(_) | Principal::Service(_) | Principal::Federated(_) => return Observed::Absent,
    };
    let actions: Vec<String> = match &statement.actions {
        Patterns::These(list) => list.clone(),
        Patterns::AllBut(list) => list.iter().map(|action| format!("all but {action}")).collect(),
    };
    let request = |action: &str| {
        Request::new(caller.clone(), action)
            .on(Target::Arn(vault.to_owned()))
            .with("aws:PrincipalOrgID", Value::One(NOBODY.to_owned()))
            .with("aws:PrincipalOrgPaths", Value::Many(vec![format!("{NOBODY}/{NOBODY}/{NOBODY}/")]))
    };
    let let_in = |action: &String| {
        // A wildcard is no action that AWS Backup accepts here; what it would mean is everything.
        let request = request(&instance(action));
        Truth::all([statement.concerns(&request), policy.denies(&request).not()])
    };
    let who = format!("whether the vault's access policy lets '{name}' in");
    let of_each: Vec<Observed<String>> = actions
        .iter()
        .map(|action| match let_in(action).observed(&who) {
            Observed::Known(true) => Observed::Known(action.clone()),
            Observed::Known(false) => Observed::Absent,
            other => other.map(|_| String::new()),
        })
        .collect();
    all(of_each)
        .and_then(|actions| if actions.is_empty() { Observed::Absent } else { Observed::Known(Opening { principal: name, actions }) })
}

#[cfg(test)]
#[path = "access_tests.rs"]
mod tests;
