//! What stands open where a rule fails, and what to do; and what of it somebody has accepted until a day, as a risk of its own.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::observation::id_of_finding;
use super::values::{property, text, uuid};
use super::{origins, properties};
use crate::audit::{Finding, RuleJudgement, Verdict, Waiver};
use crate::report::Report;

/// By rule, the most severe first: what stands open, then what is accepted, by waiver.
pub fn risks<'r>(report: &'r Report<'r>) -> impl Iterator<Item = Value> + 'r {
    report.audit.judgements.iter().flat_map(|judgement| {
        shares(judgement, report).into_values().map(|(waiver, observations)| risk(judgement, waiver, observations)).collect::<Vec<_>>()
    })
}

/// The identities of the risks of a rule.
pub fn ids_of_risks(judgement: &RuleJudgement, report: &Report) -> Vec<String> {
    shares(judgement, report).into_values().map(|(waiver, _)| id_of_risk(judgement, waiver)).collect()
}

type Share<'r> = (Option<&'r Waiver>, Vec<Value>);

/// The observations of the rule's failures, by the line of the waiver that is about them; those that none is about come first.
fn shares<'r>(judgement: &RuleJudgement, report: &'r Report) -> BTreeMap<Option<usize>, Share<'r>> {
    let mut shares: BTreeMap<Option<usize>, Share> = BTreeMap::new();
    for finding in failing(judgement, report) {
        let waiver = report.audit.waiving(&finding).map(|waiving| waiving.waiver);
        let share = shares.entry(waiver.map(|waiver| waiver.line)).or_insert_with(|| (waiver, Vec::new()));
        share.1.push(json!({ "observation-uuid": id_of_finding(&finding) }));
    }
    shares
}

fn failing<'r>(judgement: &'r RuleJudgement<'r>, report: &'r Report) -> impl Iterator<Item = Finding<'r>> {
    let findings = judgement.findings(report.audit.subjects.of(judgement.kind));
    findings.filter(|finding| finding.verdict() == Verdict::Fail)
}

/// The same as long as the waiver is about the same, wherever it stands in its file.
fn id_of_risk(judgement: &RuleJudgement, waiver: Option<&Waiver>) -> String {
    let rule = &judgement.rule.id;
    match waiver {
        None => uuid(&format!("risk\n{rule}")),
        Some(Waiver { resource, account, region, .. }) => {
            let place = |part: &Option<String>| part.clone().unwrap_or_default();
            uuid(&format!("risk\n{rule}\n{resource}\n{}\n{}", place(account), place(region)))
        }
    }
}

/// The identities of the observations of a rule's failures.
pub fn ids_of_failures<'r>(judgement: &'r RuleJudgement<'r>, report: &'r Report) -> impl Iterator<Item = String> {
    failing(judgement, report).map(|finding| id_of_finding(&finding))
}

fn risk(judgement: &RuleJudgement, waiver: Option<&Waiver>, observations: Vec<Value>) -> Value {
    let rule = judgement.rule;
    let count = observations.len();
    let findings = format!("Rule {} has {count} {}", rule.id, if count == 1 { "finding" } else { "findings" });
    let mut statement = format!("{findings}.");
    let mut props = vec![property("rule", &rule.id), property("severity", rule.severity.name())];
    if let Some(waiver) = waiver {
        statement = format!("{findings} that {} accepted: {}.", if count == 1 { "is" } else { "are" }, waiver.justification());
        props.extend([
            property("deviation-reason", &waiver.reason),
            waiver.approver.as_deref().and_then(|approver| property("deviation-approver", approver)),
            waiver.ticket.as_deref().and_then(|ticket| property("deviation-ticket", ticket)),
            property("deviation-expires", &waiver.expires.to_string()),
        ]);
    }
    let id = id_of_risk(judgement, waiver);
    let mut risk = json!({
        "uuid": id,
        "title": text(&rule.metadata.title),
        "description": text(&rule.metadata.description),
        "statement": text(&statement),
        "props": properties(props),
        "status": if waiver.is_some() { "deviation-approved" } else { "open" },
        "origins": origins(),
        "remediations": [{
            "uuid": uuid(&match waiver {
                None => format!("remediation\n{}", rule.id),
                Some(_) => format!("remediation\n{id}"),
            }),
            "lifecycle": "recommendation",
            "title": text(&format!("Remedy for {}", rule.id)),
            "description": text(&rule.metadata.custom.remediation),
        }],
        "related-observations": observations,
    });
    if let Some(waiver) = waiver {
        // Its last day counts to its end.
        risk["deadline"] = json!(format!("{}T23:59:59Z", waiver.expires));
    }
    risk
}
