//! What the observations mean for a clause: not satisfied where a rule that names it fails. Satisfied only where a rule shows what the
//! clause itself asks for, and nothing is in doubt. In every other case there is no finding.

use std::collections::BTreeMap;
use std::rc::Rc;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use super::control::{Controls, Named, control_id};
use super::observation::id_of_passes;
use super::risk::{ids_of_failures, ids_of_risks};
use super::values::{property_of, text, uuid};
use super::{origins, properties};
use crate::policy::{Clause, Strength};
use crate::report::Report;

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Finding {
    uuid: String,
    title: String,
    description: String,
    props: Vec<Value>,
    origins: Value,
    target: Value,
    related_observations: Related,
    #[serde(skip_serializing_if = "Related::is_empty")]
    related_risks: Related,
    #[serde(skip_serializing_if = "Option::is_none")]
    remarks: Option<String>,
}

/// Identities by rule, shared by all clauses that the rule names.
struct Related {
    key: &'static str,
    ids: Vec<Rc<[String]>>,
}

impl Related {
    fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }
}

impl Serialize for Related {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct One<'a>(&'a str, &'a str);
        impl Serialize for One<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut object = serializer.serialize_map(Some(1))?;
                object.serialize_entry(self.0, self.1)?;
                object.end()
            }
        }
        serializer.collect_seq(self.ids.iter().flat_map(|ids| ids.iter()).map(|id| One(self.key, id)))
    }
}

/// What a rule that fails is told by.
#[derive(Clone)]
struct Failing {
    observations: Rc<[String]>,
    risks: Rc<[String]>,
}

/// By rule: those that fail. Made once, since many clauses name the same rule.
pub struct Failures<'r>(BTreeMap<&'r str, Failing>);

impl<'r> Failures<'r> {
    pub fn of(report: &'r Report<'r>) -> Self {
        let failing = report.audit.judgements.iter().filter_map(|judgement| {
            let observations: Rc<[String]> = ids_of_failures(judgement, report).collect();
            let failing = || Failing { risks: ids_of_risks(judgement, report).into(), observations: observations.clone() };
            (!observations.is_empty()).then(|| (judgement.rule.id.as_str(), failing()))
        });
        Failures(failing.collect())
    }
}

/// By framework, then by clause.
pub fn findings<'r>(report: &'r Report<'r>, failures: Rc<Failures<'r>>) -> impl Iterator<Item = Finding> + 'r {
    let clauses = Controls::of(report).0.into_iter();
    let clauses = clauses.flat_map(|(framework, clauses)| clauses.into_iter().map(move |(clause, rules)| (framework, clause, rules)));
    clauses.filter_map(move |(framework, clause, rules)| finding(framework, clause, &rules, report, &failures))
}

fn finding(framework: &str, clause: &str, rules: &[Named], report: &Report, failures: &Failures) -> Option<Finding> {
    let failing = || rules.iter().filter_map(|(judgement, _)| failures.0.get_key_value(judgement.rule.id.as_str()));
    let mut observations: Vec<Rc<[String]>> = failing().map(|(_, failing)| failing.observations.clone()).collect();
    let (state, reason, said) = if !observations.is_empty() {
        let rules: Vec<&str> = failing().map(|(rule, _)| *rule).collect();
        ("not-satisfied", "fail", format!("These rules are violated: {}.", rules.join(", ")))
    } else if is_shown(rules, report) {
        let passed = rules.iter().filter(|(judgement, _)| judgement.counts(report.audit.subjects).pass > 0);
        observations.push(passed.map(|(judgement, _)| id_of_passes(judgement)).collect());
        ("satisfied", "pass", "What it asks for was observed, and no rule that names it is violated or in doubt.".to_owned())
    } else {
        return None;
    };
    let known = report.library.frameworks.clause(framework, clause);
    let asks = known.map_or_else(String::new, |Clause { asks, .. }| format!("The clause asks: {asks}. "));
    let id = control_id(framework, clause);
    Some(Finding {
        uuid: uuid(&format!("finding\n{framework}\n{clause}")),
        title: text(&format!("{framework} {clause}")),
        description: text(&format!("{asks}{said}")),
        props: properties(rules.iter().map(|(judgement, strength)| property_of(strength.name(), "rule", &judgement.rule.id))),
        origins: origins(),
        target: json!({ "type": "statement-id", "target-id": format!("{id}_smt"), "status": { "state": state, "reason": reason } }),
        related_observations: Related { key: "observation-uuid", ids: observations },
        related_risks: Related { key: "risk-uuid", ids: failing().map(|(_, failing)| failing.risks.clone()).collect() },
        remarks: known.map(|Clause { remains, .. }| text(&format!("What no API shows: {remains}."))),
    })
}

/// A rule that was switched off, or a document that only declares, leaves open what was observed.
fn is_shown(rules: &[Named], report: &Report) -> bool {
    let counts = || rules.iter().map(|(judgement, strength)| (judgement.counts(report.audit.subjects), strength));
    report.audit.disabled.is_empty()
        && !report.snapshot.units.iter().any(|unit| unit.is_declared)
        && counts().all(|(counts, _)| counts.fail == 0 && counts.unknown == 0)
        && counts().any(|(counts, strength)| *strength == Strength::Proves && counts.pass > 0)
}
