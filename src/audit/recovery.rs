//! One verdict for each resource: from where it can be recovered, or what stands in the way.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::bonds::Bonds;
use super::concern::{blocks, concerns, elsewhere, is_promised, kind_of};
use super::finding::{Finding, Verdict};
use super::judge::Audit;
use super::projection::why;
use crate::facts::{Facts, Kind, Subject};
use crate::policy::Place;
use crate::snapshot::{Reason, UNKNOWN};
use schemars::JsonSchema;

/// Whether there is something to recover from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// There is not.
    No,
    /// What was not seen might hold it.
    Unknown,
    /// A point that is complete, not expired, and under a key that decrypts.
    Yes,
}

impl Answer {
    pub const WORST_FIRST: [Answer; 3] = [Answer::No, Answer::Unknown, Answer::Yes];

    pub fn name(self) -> &'static str {
        match self {
            Answer::No => "no",
            Answer::Unknown => "unknown",
            Answer::Yes => "yes",
        }
    }
}

/// From where one resource can be recovered.
#[derive(Debug)]
pub struct Recovery<'a> {
    pub subject: &'a Subject<'a>,
    pub facts: &'a Facts,
    /// In the order of `Place::ALL`.
    pub places: Vec<FromPlace<'a>>,
}

/// Whether it can be recovered from one place.
#[derive(Debug)]
pub struct FromPlace<'a> {
    pub place: Place,
    pub answer: Answer,
    /// Whether points are made there, or a plan copies them there.
    pub is_promised: bool,
    /// How old the newest data there is, in whole hours; `None` where that is not known, or there is none.
    pub newest_hours: Option<i64>,
    /// The findings that stand in the way, the most severe first; none where the answer is yes.
    pub blocked_by: Vec<Finding<'a>>,
    /// Why it is unknown.
    pub reasons: Vec<Reason>,
}

impl Recovery<'_> {
    /// The worst of its answers.
    pub fn worst(&self) -> Answer {
        self.places.iter().map(|from| from.answer).min().unwrap_or(Answer::Unknown)
    }
}

/// Judges every resource, in the order of their ids.
pub fn recoveries<'a>(audit: &'a Audit<'a>) -> Vec<Recovery<'a>> {
    let bonds = Bonds::of(audit.subjects);
    let resources = audit.subjects.of(Kind::Resource);
    let of = |(at, subject): (usize, &'a Subject<'a>)| {
        let facts = resources.facts_of(subject);
        let failures = failures(audit, &bonds, at, facts);
        Recovery { subject, facts, places: Place::ALL.into_iter().map(|place| from(place, facts, &failures)).collect() }
    };
    resources.subjects.iter().enumerate().map(of).collect()
}

/// What failed on the resource, and on what its recovery hangs on; the most severe first.
pub fn failures<'a>(audit: &'a Audit<'a>, bonds: &Bonds<'a>, resource: usize, facts: &'a Facts) -> Vec<Finding<'a>> {
    verdicts(audit, bonds, resource, facts).filter(|finding| finding.verdict() == Verdict::Fail).collect()
}

/// Everything that was said of the resource, and of what its recovery hangs on; the most severe rules first.
pub fn verdicts<'a>(
    audit: &'a Audit<'a>,
    bonds: &Bonds<'a>,
    resource: usize,
    facts: &'a Facts,
) -> impl Iterator<Item = Finding<'a>> + use<'a> {
    let arn = &*audit.subjects.of(Kind::Resource).subjects[resource].id;
    let mut bound = bonds.of_resource(facts, arn);
    bound.insert((Kind::Resource, resource));
    audit.judgements.iter().flat_map(move |judgement| {
        let subjects = audit.subjects.of(judgement.kind);
        let of_kind: Vec<usize> = bound.iter().filter(|(kind, _)| *kind == judgement.kind).map(|(_, at)| *at).collect();
        let findings = of_kind.into_iter().flat_map(move |at| judgement.findings_on(&subjects.subjects[at], subjects));
        findings.filter(move |finding| concerns(finding, facts, arn))
    })
}

fn from<'a>(place: Place, facts: &'a Facts, failures: &[Finding<'a>]) -> FromPlace<'a> {
    let document = &facts.document;
    let path = match place {
        Place::Here => "/recovery/recoverable/here",
        Place::AnotherRegion => "/recovery/recoverable/in_another_region",
        Place::AnotherAccount => "/recovery/recoverable/in_another_account",
    };
    let found = document.get(UNKNOWN).map(|_| document).or_else(|| document.pointer("/recovery").filter(|it| it.get(UNKNOWN).is_some()));
    let found = found.or_else(|| document.pointer(path)).unwrap_or(&Value::Null);
    let (answer, reasons) = match found {
        Value::Bool(true) => (Answer::Yes, Vec::new()),
        Value::Bool(false) => (Answer::No, Vec::new()),
        other => (Answer::Unknown, why(other.get(UNKNOWN).unwrap_or(&Value::Null))),
    };
    let blocks = |finding: &&Finding| blocks(finding, place, facts);
    let blocked_by = if answer == Answer::Yes { Vec::new() } else { failures.iter().filter(blocks).copied().collect() };
    FromPlace { place, answer, is_promised: is_promised(place, facts), newest_hours: newest_hours(place, document), blocked_by, reasons }
}

/// The newest of all that lies in such places.
fn newest_hours(place: Place, document: &Value) -> Option<i64> {
    let hours = |it: &Value| it.pointer("/points/newest_hours").and_then(Value::as_i64);
    if place == Place::Here {
        return document.pointer("/recovery/here").and_then(hours);
    }
    elsewhere(document).filter(|it| it["kind"] == kind_of(place)).filter_map(hours).min()
}

/// What there is to tell of one resource.
pub struct Told<'a> {
    pub recovery: Recovery<'a>,
    /// The facts of the plans that select it.
    pub plans: Vec<&'a Value>,
    /// Verdicts on the resource and on what its recovery hangs on, the most severe rules first.
    pub verdicts: Vec<Finding<'a>>,
}

/// Everything that was said of the resource with this ARN; `None` where there is no such resource.
pub fn tell<'a>(audit: &'a Audit<'a>, resource: &str) -> Option<Told<'a>> {
    let resources = audit.subjects.of(Kind::Resource);
    let (at, subject) = resources.subjects.iter().enumerate().find(|(_, it)| it.id == resource && !resources.facts_of(it).is_gap)?;
    let facts = resources.facts_of(subject);
    let bonds = Bonds::of(audit.subjects);
    let verdicts: Vec<Finding> = verdicts(audit, &bonds, at, facts).collect();
    let failing: Vec<Finding> = verdicts.iter().filter(|finding| finding.verdict() == Verdict::Fail).copied().collect();
    let of_plans = audit.subjects.of(Kind::Plan);
    let plans = bonds.of_resource(facts, &subject.id).into_iter().filter(|(kind, _)| *kind == Kind::Plan);
    Some(Told {
        recovery: Recovery { subject, facts, places: Place::ALL.into_iter().map(|place| from(place, facts, &failing)).collect() },
        plans: plans.map(|(_, at)| &of_plans.facts_of(&of_plans.subjects[at]).document).collect(),
        verdicts,
    })
}
