//! What differs from a former audit.

use schemars::JsonSchema;
use serde::Serialize;

use crate::audit::{Audit, Change, Comparison, Finding, Former, Verdict};

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangeOut {
    New,
    /// It was there, and its message says something else now.
    Changed,
    Unchanged,
}

/// How many findings there are of each kind, and those that no finding of this audit shows.
#[derive(Serialize, JsonSchema)]
pub struct ComparisonOut<'a> {
    new: usize,
    changed: usize,
    unchanged: usize,
    /// Verdicts that are unknown and were not before.
    newly_unknown: usize,
    /// What was wrong and holds now, or is no longer there.
    fixed: Vec<FormerOut<'a>>,
    /// What was wrong, and of which it is not known whether it still is.
    lost: Vec<FormerOut<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct FormerOut<'a> {
    /// The rule's id.
    rule: &'a str,
    /// The subject's id.
    subject: &'a str,
    name: &'a str,
    message: &'a str,
}

impl ChangeOut {
    pub fn of(finding: &Finding, comparison: &Comparison) -> Option<Self> {
        finding.violation?;
        Some(match comparison.change(finding) {
            Change::New => ChangeOut::New,
            Change::Changed => ChangeOut::Changed,
            Change::Unchanged => ChangeOut::Unchanged,
        })
    }
}

impl<'a> ComparisonOut<'a> {
    pub fn of(comparison: &'a Comparison, audit: &Audit) -> Self {
        let out = |former: &'a [Former]| former.iter().map(FormerOut::of).collect();
        let mut told = ComparisonOut {
            new: 0,
            changed: 0,
            unchanged: 0,
            newly_unknown: 0,
            fixed: out(&comparison.fixed),
            lost: out(&comparison.lost),
        };
        for finding in audit.findings().filter(|finding| audit.waiving(finding).is_none()) {
            match (finding.verdict(), comparison.change(&finding)) {
                (Verdict::Fail, Change::New) => told.new += 1,
                (Verdict::Fail, Change::Changed) => told.changed += 1,
                (Verdict::Fail, Change::Unchanged) => told.unchanged += 1,
                (Verdict::Unknown, _) => told.newly_unknown += usize::from(comparison.introduces(&finding)),
                _ => {}
            }
        }
        told
    }
}

impl<'a> FormerOut<'a> {
    fn of(former: &'a Former) -> Self {
        FormerOut { rule: &former.rule, subject: &former.subject, name: &former.name, message: &former.message }
    }
}
