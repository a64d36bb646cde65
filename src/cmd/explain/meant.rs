//! Which subjects of a rule a resource means: itself, or what belongs to it.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::audit::Audit;
use crate::config;
use crate::error::Error;
use crate::exit::Exit;
use crate::facts::{Facts, Kind, Subject};
use crate::report::plain;
use crate::snapshot::{Arn, Snapshot};
use crate::term;

/// Where facts name what a subject belongs to.
const OWNERS: [&str; 4] = ["/plan/arn", "/target_vault/arn", "/role_arn", "/key/arn"];

/// The subjects of a kind that are the resource; where none is, those that belong to it.
pub fn subjects<'s>(resource: &str, kind: Kind, audit: &'s Audit, snapshot: &Snapshot) -> Vec<&'s Subject<'s>> {
    let of_kind = audit.subjects.of(kind);
    let is_it = |subject: &&Subject| {
        let facts = of_kind.facts_of(subject);
        let is_account = || kind == Kind::Account && facts.account == resource;
        subject.id == resource || facts.document["arn"] == resource || is_account()
    };
    let exact: Vec<&Subject> = of_kind.subjects.iter().filter(is_it).collect();
    if !exact.is_empty() {
        return exact;
    }
    let arn = Arn::parse(resource);
    let points = if kind == Kind::RecoveryPoint { points_of(resource, snapshot) } else { BTreeSet::new() };
    let belongs = |subject: &&Subject| {
        let facts = of_kind.facts_of(subject);
        let is_part = subject.id.strip_prefix(resource).is_some_and(|rest| rest.starts_with('#'));
        is_part
            || points.contains(subject.id.as_ref())
            || names(facts, resource)
            || arn.as_ref().is_some_and(|arn| lies_in(kind, facts, arn))
    };
    of_kind.subjects.iter().filter(belongs).collect()
}

fn names(facts: &Facts, resource: &str) -> bool {
    let document = &facts.document;
    let copies = document["copies"].as_array().into_iter().flatten();
    OWNERS.iter().any(|path| document.pointer(path).is_some_and(|owner| owner == resource))
        || copies.map(|copy| &copy["destination"]).any(|to| to == resource || to["arn"] == resource)
}

/// Whether it is in the vault, or an alarm on it.
fn lies_in(kind: Kind, facts: &Facts, arn: &Arn) -> bool {
    let vault = match kind {
        Kind::RecoveryPoint => &facts.document["vault"]["name"],
        Kind::Alarm => &facts.document["vault"],
        _ => &Value::Null,
    };
    arn.kind() == "backup-vault" && vault == arn.name() && facts.account == arn.account && facts.region == arn.region
}

/// The recovery points of a resource.
fn points_of<'s>(resource: &str, snapshot: &'s Snapshot) -> BTreeSet<&'s str> {
    let points = snapshot.units.iter().flat_map(|unit| &unit.recovery_points);
    let its = points.filter(|point| point.resource_arn.known().is_some_and(|arn| arn == resource));
    its.map(|point| point.recovery_point_arn.as_str()).collect()
}

/// That no list shows it proves something only where all lists are whole.
pub fn not_there(resource: &str, kind: Kind, audit: &Audit) -> Result<Exit, Error> {
    let of_kind = audit.subjects.of(kind);
    let (account, region) = Arn::parse(resource).map(|arn| (arn.account, arn.region)).unwrap_or_default();
    let is_there = |facts: &Facts| {
        (account.is_empty() || facts.account == account) && (region.is_empty() || facts.region.is_empty() || facts.region == region)
    };
    let gaps = of_kind.subjects.iter().filter(|subject| of_kind.facts_of(subject).is_gap && is_there(of_kind.facts_of(subject)));
    let mut reasons: Vec<String> = gaps.map(|subject| subject.name().to_owned()).collect();
    let accounts = audit.subjects.of(Kind::Account);
    let is_observed = accounts.facts.iter().any(|facts| {
        let regions = facts.document["regions"].as_array().into_iter().flatten();
        (account.is_empty() || facts.account == account) && (region.is_empty() || regions.into_iter().any(|it| it == region))
    });
    if !is_observed {
        reasons.push(format!("{account}/{region} was not observed"));
    }
    let what = format!("the rule judges {}, and no list shows one that is '{resource}' or belongs to it", kind.noun(2));
    if reasons.is_empty() {
        let near = of_kind.subjects.iter().filter(|subject| !of_kind.facts_of(subject).is_gap).map(|subject| subject.id.as_ref());
        return Err(Error::usage(
            format!("{what}{}", config::nearest(near, resource)),
            "`backstop facts SNAPSHOT --rule RULE` prints the subjects that there are",
        ));
    }
    term::say(&format!("Not known: {what}, and not all was seen: {}.", plain(&reasons.join("; "))));
    Ok(Exit::Unknown)
}
