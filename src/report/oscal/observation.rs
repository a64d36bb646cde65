//! What was seen, and of whom: an observation for each failure and each doubt, and one for all that a rule holds for.

use serde_json::{Value, json};

use super::control::control_id;
use super::kept;
use super::values::{property, property_of, text, uuid};
use super::{origins, properties, snapshot};
use crate::audit::{Counts, Finding, RuleJudgement, Verdict};
use crate::facts::{Kind, Subject};
use crate::report::Report;
use crate::report::clauses::clauses;

/// Whether it has an observation of its own.
pub fn stands_alone(finding: &Finding) -> bool {
    matches!(finding.verdict(), Verdict::Fail | Verdict::Unknown)
}

/// By rule, the most severe first, then by subject.
pub fn observations<'r>(report: &'r Report<'r>) -> impl Iterator<Item = Value> + 'r {
    report.audit.judgements.iter().flat_map(move |judgement| {
        let alone = judgement.findings(report.audit.subjects.of(judgement.kind)).filter(stands_alone);
        let holds = Some(judgement.counts(report.audit.subjects)).filter(|counts| counts.pass > 0);
        alone.map(move |finding| of_finding(&finding, report)).chain(holds.map(move |counts| of_passes(judgement, counts, report)))
    })
}

pub fn id_of_finding(finding: &Finding) -> String {
    uuid(&format!("observation\n{}", finding.fingerprint()))
}

pub fn id_of_passes(judgement: &RuleJudgement) -> String {
    uuid(&format!("passes\n{}", judgement.rule.id))
}

fn of_finding(finding: &Finding, report: &Report) -> Value {
    let fingerprint = finding.fingerprint();
    let own = [
        property("verdict", finding.verdict().name()),
        property("fingerprint", &fingerprint),
        report.audit.waiving(finding).and_then(|waiving| property("waived-until", &waiving.waiver.expires.to_string())),
        finding.violation.and_then(|violation| property("at", &violation.at)),
        report.declaration(finding).and_then(|at| property("declared-at", &format!("{}:{}", at.span.file, at.span.line))),
    ];
    let subject = json!({
        "subject-uuid": id_of_subject(finding.kind, finding.subject), "type": "inventory-item", "title": text(finding.subject.name()),
    });
    let kind = if finding.verdict() == Verdict::Fail { "finding" } else { "control-objective" };
    json!({
        "uuid": id_of_finding(finding),
        "title": text(&finding.rule.metadata.title),
        "description": text(&finding.message()),
        "props": properties(own.into_iter().chain(of_rule(finding.rule))),
        "methods": ["TEST"],
        "types": [kind],
        "origins": origins(),
        "subjects": [subject],
        "relevant-evidence": evidence(report, json!({
            "href": format!("#{}", snapshot(report)),
            "description": "The snapshot; the fields that the rule was handed stand in the JSON report of the same run under this fingerprint.",
            "props": properties([property("fingerprint", &fingerprint)]),
        })),
        "collected": report.audit.as_of,
    })
}

/// One for all of them: each stands in the JSON report, and they can be millions.
fn of_passes(judgement: &RuleJudgement, counts: Counts, report: &Report) -> Value {
    let Counts { pass, fail, unknown, not_applicable, .. } = counts;
    let noun = judgement.kind.noun(pass);
    let own = [property("verdict", Verdict::Pass.name()), property("subjects", &pass.to_string())];
    json!({
        "uuid": id_of_passes(judgement),
        "title": text(&format!("Holds: {}", judgement.rule.id)),
        "description": text(&format!(
            "The rule holds for {pass} {noun}; it fails for {fail}, could not be judged for {unknown}, and does not concern {not_applicable}."
        )),
        "props": properties(own.into_iter().chain(of_rule(judgement.rule))),
        "methods": ["TEST"],
        "types": ["control-objective"],
        "origins": origins(),
        "relevant-evidence": evidence(report, json!({
            "href": format!("#{}", snapshot(report)),
            "description": "The snapshot; the subjects stand in the JSON report of the same run.",
        })),
        "collected": report.audit.as_of,
    })
}

/// The snapshot, and the report where a bundle has it.
fn evidence(report: &Report, snapshot: Value) -> Vec<Value> {
    std::iter::once(snapshot).chain(kept::evidence(report)).collect()
}

/// The rule, and the clauses with how much of each it shows.
fn of_rule(rule: &crate::policy::Rule) -> impl Iterator<Item = Option<Value>> {
    let clauses = clauses(rule).map(|clause| {
        let id = control_id(clause.framework, clause.clause);
        property_of(clause.strength.name(), "control", &id)
    });
    [property("rule", &rule.id), property("severity", rule.severity.name())].into_iter().chain(clauses)
}

fn id_of_subject(kind: Kind, subject: &Subject) -> String {
    uuid(&format!("subject\n{kind}\n{}", subject.id))
}

/// The subjects that observations name.
pub fn inventory<'r>(report: &'r Report<'r>) -> impl Iterator<Item = Value> + 'r {
    let audit = report.audit;
    Kind::ALL.into_iter().flat_map(move |kind| {
        let judgements: Vec<&RuleJudgement> = audit.judgements.iter().filter(|judgement| judgement.kind == kind).collect();
        let of_kind = audit.subjects.of(kind);
        let is_named = move |subject: &&Subject| {
            judgements.iter().any(|judgement| matches!(judgement.outcome(subject.facts).verdict, Verdict::Fail | Verdict::Unknown))
        };
        of_kind.subjects.iter().filter(is_named).map(move |subject| {
            let facts = of_kind.facts_of(subject);
            let own = [property("kind", kind.name()), property("account", &facts.account), property("region", &facts.region)];
            json!({
                "uuid": id_of_subject(kind, subject),
                "description": text(&format!("{} '{}'", kind.noun(1), subject.name())),
                "props": properties([property("id", &subject.id)].into_iter().chain(own)),
            })
        })
    })
}
