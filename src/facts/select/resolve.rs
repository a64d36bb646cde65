//! Whether AWS Backup would select a resource: AWS's steps in their order, and the entry that admits or the first step that drops.

use std::collections::BTreeMap;

use super::super::capability;
use super::criteria::{Condition, Criteria};
use super::entry::{Level, Match};
use crate::snapshot::{Arn, Cause, Observed, Reason, TagCondition, Tags};

/// Restore testing puts this tag on what it creates, and AWS Backup leaves such resources alone.
pub const RESTORE_TEST_TAG: &str = "awsbackup-restore-test";

/// Where a plan is, and what AWS Backup supports there.
#[derive(Debug, Clone)]
pub struct Setting {
    pub account: String,
    pub region: String,
    /// GetSupportedResourceTypes.
    pub supported: Observed<Vec<String>>,
    /// The opt-in by resource type, in force for the plan.
    pub opt_in: Observed<BTreeMap<String, bool>>,
}

/// A resource, as far as it was seen.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    pub arn: &'a str,
    pub tags: &'a Observed<Tags>,
    /// The types that it may be of, by AWS Backup's names: more than one where several have ARNs of this shape.
    pub types: &'a [&'a str],
    /// Why it is not known which of them.
    pub doubt: &'a [Reason],
    /// Whether its type must be opted in even where a selection names its ARN.
    pub needs_opt_in: bool,
}

/// What let a resource in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Admission<'c> {
    /// The selection names nothing at all.
    Everything,
    Entry(&'c str),
    Tag(&'c TagCondition),
}

/// What kept it out, in AWS's order.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Step<'c> {
    /// Conditions stand alone, which AWS refuses.
    Refused,
    NoEntry,
    Excluded(&'c str),
    Condition(&'c Condition),
    Account,
    Region,
    Unsupported,
    NotOptedIn,
    RestoreTest,
}

/// The answer for one resource and one selection.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome<'c> {
    Selected(Admission<'c>),
    Dropped(Step<'c>),
    /// Surely not selected; which step was the first to drop it, is not known.
    DroppedSomewhere(Vec<Reason>),
    Unknown(Vec<Reason>),
}

impl Outcome<'_> {
    pub fn is_selected(&self) -> Observed<bool> {
        match self {
            Outcome::Selected(_) => Observed::Known(true),
            Outcome::Dropped(_) | Outcome::DroppedSomewhere(_) => Observed::Known(false),
            Outcome::Unknown(reasons) => Observed::Unknown(reasons.clone()),
        }
    }
}

enum Check<'c> {
    Holds,
    Drops(Step<'c>),
    Open(Vec<Reason>),
}

/// Whether the opt-in decides, least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum OptIn {
    Ignored,
    Unsettled,
    Obeyed,
}

struct Way<'c> {
    by: Admission<'c>,
    opt_in: OptIn,
}

/// Decides one resource and one selection.
pub fn resolve<'c>(criteria: &'c Criteria, resource: &Candidate, setting: &Setting) -> Outcome<'c> {
    let Some(arn) = Arn::parse(resource.arn) else { return Outcome::Dropped(Step::NoEntry) };
    let mut open = Vec::new();
    let (way, other_ways) = match ways(criteria, resource, &arn) {
        Ok(found) => found,
        Err(step) => return Outcome::Dropped(step),
    };
    if way.is_none() {
        if other_ways.is_empty() {
            return Outcome::Dropped(Step::NoEntry);
        }
        open.extend(other_ways.iter().cloned());
    }
    let first = [excluded(criteria, resource, &arn)].into_iter();
    let conditions = conditions(criteria, resource.tags);
    let last = [place(&arn, setting), supported(resource, &arn, setting), opted_in(resource, way.as_ref(), &other_ways, setting)];
    let ignored = match resource.tags {
        Observed::Known(tags) if tags.get(RESTORE_TEST_TAG).is_some() => Check::Drops(Step::RestoreTest),
        Observed::Known(_) | Observed::Absent => Check::Holds,
        other => Check::Open(why(other)),
    };
    for check in first.chain(conditions).chain(last).chain([ignored]) {
        match check {
            Check::Holds => {}
            Check::Open(reasons) => open.extend(reasons),
            Check::Drops(step) if open.is_empty() => return Outcome::Dropped(step),
            Check::Drops(_) => return Outcome::DroppedSomewhere(sorted(open)),
        }
    }
    match way {
        Some(way) if open.is_empty() => Outcome::Selected(way.by),
        _ => Outcome::Unknown(sorted(open)),
    }
}

/// The best way in, and why there may be others.
fn ways<'c>(criteria: &'c Criteria, resource: &Candidate, arn: &Arn) -> Result<(Option<Way<'c>>, Vec<Reason>), Step<'c>> {
    match (criteria.names_nothing(), &criteria.conditions) {
        (Observed::Known(true), Observed::Known(conditions)) if conditions.is_empty() => {
            return Ok((Some(Way { by: Admission::Everything, opt_in: OptIn::Obeyed }), Vec::new()));
        }
        (Observed::Known(true), Observed::Known(_)) => return Err(Step::Refused),
        (Observed::Known(true), unknown) => return Ok((None, why(unknown))),
        _ => {}
    }
    let mut best: Option<Way> = None;
    let mut others = Vec::new();
    let mut offer = |way: Way<'c>| {
        if best.as_ref().is_none_or(|best| way.opt_in < best.opt_in) {
            best = Some(way);
        }
    };
    match &criteria.resources {
        Observed::Known(entries) => {
            for entry in entries {
                let opt_in = match (entry.level, resource.needs_opt_in) {
                    (Level::Resource | Level::Type, false) => OptIn::Ignored,
                    (Level::Resource, true) | (Level::Unsettled, _) => OptIn::Unsettled,
                    (Level::Type, true) | (Level::Service, _) => OptIn::Obeyed,
                };
                match entry.matches(resource.arn, arn) {
                    Match::Yes => offer(Way { by: Admission::Entry(&entry.text), opt_in }),
                    Match::No => {}
                    Match::Unsettled => others.push(unsettled_wildcard(&entry.text, resource.arn)),
                }
            }
        }
        unknown => others.extend(why(unknown)),
    }
    match (&criteria.tags, resource.tags) {
        (Observed::Known(entries), _) if entries.is_empty() => {}
        (Observed::Known(entries), Observed::Known(tags)) => {
            let found = entries.iter().find(|entry| tags.get(&entry.condition_key) == Some(entry.condition_value.as_str()));
            if let Some(entry) = found {
                offer(Way { by: Admission::Tag(entry), opt_in: OptIn::Obeyed });
            }
        }
        (Observed::Known(_), Observed::Absent) => {}
        (Observed::Known(_), unknown) => others.extend(why(unknown)),
        (unknown, _) => others.extend(why(unknown)),
    }
    Ok((best, others))
}

fn excluded<'c>(criteria: &'c Criteria, resource: &Candidate, arn: &Arn) -> Check<'c> {
    let entries = match &criteria.not_resources {
        Observed::Known(entries) => entries,
        unknown => return Check::Open(why(unknown)),
    };
    let mut open = Vec::new();
    for entry in entries {
        match entry.matches(resource.arn, arn) {
            Match::Yes => return Check::Drops(Step::Excluded(&entry.text)),
            Match::No => {}
            Match::Unsettled => open.push(unsettled_wildcard(&entry.text, resource.arn)),
        }
    }
    if open.is_empty() { Check::Holds } else { Check::Open(open) }
}

fn conditions<'c>(criteria: &'c Criteria, tags: &Observed<Tags>) -> Vec<Check<'c>> {
    let conditions = match &criteria.conditions {
        Observed::Known(conditions) => conditions,
        unknown => return vec![Check::Open(why(unknown))],
    };
    let none = Tags::default();
    conditions
        .iter()
        .map(|condition| match (&condition.key, &condition.value, tags) {
            (Observed::Known(key), Observed::Known(wanted), Observed::Known(_) | Observed::Absent) => {
                match condition.holds(key, wanted, tags.known().unwrap_or(&none)) {
                    Some(true) => Check::Holds,
                    Some(false) => Check::Drops(Step::Condition(condition)),
                    None => Check::Open(vec![silent_on_absence(key)]),
                }
            }
            (Observed::Known(_), Observed::Known(_), unknown) => Check::Open(why(unknown)),
            (Observed::Known(_), unknown, _) | (unknown, _, _) => Check::Open(why(unknown)),
        })
        .collect()
}

/// A plan acts on its own account and Region only (B1.12). S3's ARNs name neither; such a bucket is where it was found.
fn place<'c>(arn: &Arn, setting: &Setting) -> Check<'c> {
    if !arn.account.is_empty() && arn.account != setting.account {
        Check::Drops(Step::Account)
    } else if !arn.region.is_empty() && arn.region != setting.region {
        Check::Drops(Step::Region)
    } else {
        Check::Holds
    }
}

fn supported<'c>(resource: &Candidate, arn: &Arn, setting: &Setting) -> Check<'c> {
    if resource.types.is_empty() && capability::is_never_supported(arn.service) {
        return Check::Drops(Step::Unsupported);
    }
    let supported = match &setting.supported {
        Observed::Known(supported) => supported,
        unknown => return Check::Open(why(unknown)),
    };
    if resource.types.is_empty() {
        // A type that AWS Backup learnt after the table was read may have such ARNs.
        return match supported.iter().find(|name| capability::type_named(name).is_none()) {
            None => Check::Drops(Step::Unsupported),
            Some(new) => {
                let detail = format!("AWS Backup supports '{new}', and it is not known whether '{}' is of that type", resource.arn);
                Check::Open(vec![Reason::new(Cause::Undetermined, detail)])
            }
        };
    }
    of_all(resource, |name| supported.iter().any(|other| other == name), Step::Unsupported)
}

fn opted_in<'c>(resource: &Candidate, way: Option<&Way>, other_ways: &[Reason], setting: &Setting) -> Check<'c> {
    let Some(way) = way.filter(|way| way.opt_in != OptIn::Ignored && !resource.types.is_empty()) else { return Check::Holds };
    let settings = match &setting.opt_in {
        Observed::Known(settings) => settings,
        unknown => return Check::Open(why(unknown)),
    };
    if let Some(unnamed) = resource.types.iter().find(|name| !settings.contains_key(**name)) {
        let detail = format!("the Region settings do not name '{unnamed}'");
        return Check::Open(vec![Reason::of_call(Cause::NotObserved, "backup:DescribeRegionSettings", detail)]);
    }
    match of_all(resource, |name| settings.get(name) == Some(&true), Step::NotOptedIn) {
        Check::Drops(_) if way.opt_in == OptIn::Unsettled => {
            let detail =
                format!("AWS does not say whether a selection like this reaches '{}' while its type is not opted in", resource.arn);
            Check::Open(vec![Reason::new(Cause::Undetermined, detail)])
        }
        Check::Drops(_) if !other_ways.is_empty() => Check::Open(other_ways.to_vec()),
        check => check,
    }
}

/// What holds whichever of the types it is.
fn of_all<'c>(resource: &Candidate, holds: impl Fn(&str) -> bool, otherwise: Step<'c>) -> Check<'c> {
    match resource.types.iter().filter(|name| holds(name)).count() {
        0 => Check::Drops(otherwise),
        all if all == resource.types.len() => Check::Holds,
        _ => Check::Open(resource.doubt.to_vec()),
    }
}

fn unsettled_wildcard(entry: &str, arn: &str) -> Reason {
    let detail = format!("AWS's documents contradict each other on whether '{entry}', with a wildcard before its end, can match '{arn}'");
    Reason::new(Cause::Undetermined, detail)
}

fn silent_on_absence(key: &str) -> Reason {
    let detail = format!("AWS does not say whether a negated condition on '{key}' holds for a resource without that tag");
    Reason::new(Cause::Undetermined, detail)
}

/// Why something is not known.
pub fn why<T>(unknown: &Observed<T>) -> Vec<Reason> {
    match unknown {
        Observed::Unknown(reasons) => reasons.clone(),
        Observed::Reference(to) => vec![Reason::new(Cause::KnownAfterApply, format!("'{to}' is known only after apply"))],
        _ => vec![Reason::new(Cause::NotObserved, "the snapshot does not hold what a selection names")],
    }
}

fn sorted(mut reasons: Vec<Reason>) -> Vec<Reason> {
    reasons.sort();
    reasons.dedup();
    reasons
}
