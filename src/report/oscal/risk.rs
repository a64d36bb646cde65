//! What stands open where a rule fails, and what to do.

use serde_json::{Value, json};

use super::observation::id_of_finding;
use super::values::{property, text, uuid};
use super::{origins, properties};
use crate::audit::{RuleJudgement, Verdict};
use crate::report::Report;

/// One for each rule that fails, the most severe first.
pub fn risks<'r>(report: &'r Report<'r>) -> impl Iterator<Item = Value> + 'r {
    report.audit.judgements.iter().filter_map(|judgement| {
        let observations = failures(judgement, report);
        (!observations.is_empty()).then(|| risk(judgement, observations))
    })
}

pub fn id_of_risk(judgement: &RuleJudgement) -> String {
    uuid(&format!("risk\n{}", judgement.rule.id))
}

/// The observations of the rule's failures.
pub fn failures(judgement: &RuleJudgement, report: &Report) -> Vec<Value> {
    let findings = judgement.findings(report.audit.subjects.of(judgement.kind));
    let failures = findings.filter(|finding| finding.verdict() == Verdict::Fail);
    failures.map(|finding| json!({ "observation-uuid": id_of_finding(&finding) })).collect()
}

fn risk(judgement: &RuleJudgement, observations: Vec<Value>) -> Value {
    let rule = judgement.rule;
    let count = observations.len();
    json!({
        "uuid": id_of_risk(judgement),
        "title": text(&rule.metadata.title),
        "description": text(&rule.metadata.description),
        "statement": text(&format!("Rule {} has {count} {}.", rule.id, if count == 1 { "finding" } else { "findings" })),
        "props": properties([property("rule", &rule.id), property("severity", rule.severity.name())]),
        "status": "open",
        "origins": origins(),
        "remediations": [{
            "uuid": uuid(&format!("remediation\n{}", rule.id)),
            "lifecycle": "recommendation",
            "title": text(&format!("Remedy for {}", rule.id)),
            "description": text(&rule.metadata.custom.remediation),
        }],
        "related-observations": observations,
    })
}
