//! What the observations mean for a clause: not satisfied where a rule that names it fails. Satisfied only where a rule shows what the
//! clause itself asks for, and nothing is in doubt. In every other case there is no finding.

use serde_json::{Value, json};

use super::control::{Controls, Named, control_id};
use super::observation::id_of_passes;
use super::risk::{failures, ids_of_risks};
use super::values::{property_of, text, uuid};
use super::{origins, properties};
use crate::policy::{Clause, Strength};
use crate::report::Report;

impl Controls<'_> {
    /// By framework, then by clause.
    pub fn findings(&self, report: &Report) -> Vec<Value> {
        let clauses = self.0.iter().flat_map(|(framework, clauses)| clauses.iter().map(move |(clause, rules)| (framework, clause, rules)));
        clauses.filter_map(|(framework, clause, rules)| finding(framework, clause, rules, report)).collect()
    }
}

fn finding(framework: &str, clause: &str, rules: &[Named], report: &Report) -> Option<Value> {
    let (mut failing, mut observations, mut risks) = (Vec::new(), Vec::new(), Vec::new());
    for (judgement, _) in rules {
        let failures = failures(judgement, report);
        if !failures.is_empty() {
            failing.push(judgement.rule.id.as_str());
            observations.extend(failures);
            risks.extend(ids_of_risks(judgement, report).into_iter().map(|id| json!({ "risk-uuid": id })));
        }
    }
    let (state, reason, said) = if !failing.is_empty() {
        ("not-satisfied", "fail", format!("These rules are violated: {}.", failing.join(", ")))
    } else if is_shown(rules, report) {
        let passed = rules.iter().filter(|(judgement, _)| judgement.counts(report.audit.subjects).pass > 0);
        observations.extend(passed.map(|(judgement, _)| json!({ "observation-uuid": id_of_passes(judgement) })));
        ("satisfied", "pass", "What it asks for was observed, and no rule that names it is violated or in doubt.".to_owned())
    } else {
        return None;
    };
    let known = report.library.frameworks.clause(framework, clause);
    let asks = known.map_or_else(String::new, |Clause { asks, .. }| format!("The clause asks: {asks}. "));
    let id = control_id(framework, clause);
    let mut finding = json!({
        "uuid": uuid(&format!("finding\n{framework}\n{clause}")),
        "title": text(&format!("{framework} {clause}")),
        "description": text(&format!("{asks}{said}")),
        "props": properties(rules.iter().map(|(judgement, strength)| property_of(strength.name(), "rule", &judgement.rule.id))),
        "origins": origins(),
        "target": { "type": "statement-id", "target-id": format!("{id}_smt"), "status": { "state": state, "reason": reason } },
        "related-observations": observations,
    });
    if !risks.is_empty() {
        finding["related-risks"] = json!(risks);
    }
    if let Some(Clause { remains, .. }) = known {
        finding["remarks"] = json!(text(&format!("What no API shows: {remains}.")));
    }
    Some(finding)
}

/// A rule that was switched off, or a document that only declares, leaves open what was observed.
fn is_shown(rules: &[Named], report: &Report) -> bool {
    let counts = || rules.iter().map(|(judgement, strength)| (judgement.counts(report.audit.subjects), strength));
    report.audit.disabled.is_empty()
        && !report.snapshot.units.iter().any(|unit| unit.is_declared)
        && counts().all(|(counts, _)| counts.fail == 0 && counts.unknown == 0)
        && counts().any(|(counts, strength)| *strength == Strength::Proves && counts.pass > 0)
}
