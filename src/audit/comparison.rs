//! What an audit says that a former one did not: of the same account as it was, or as it is before a plan is applied.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::finding::{Finding, Verdict};
use super::judge::Audit;
use crate::facts::Kind;
use crate::policy::Severity;
use crate::snapshot::Timestamp;

/// One finding of the former audit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Former {
    /// The rule's id.
    pub rule: String,
    pub subject: String,
    /// The subject's name.
    pub name: String,
    pub account: String,
    /// Empty for what belongs to a whole account.
    pub region: String,
    pub message: String,
}

/// What the former audit found, by fingerprint.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Baseline {
    /// Of which moment it is; `None` where there was no former audit.
    pub as_of: Option<Timestamp>,
    pub failed: BTreeMap<String, Former>,
    pub unknown: BTreeSet<String>,
}

/// How a finding relates to the former audit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    New,
    /// It was there, and says something else now.
    Changed,
    Unchanged,
}

/// The difference between an audit and a baseline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    baseline: Baseline,
    /// Whether a changed finding counts as introduced. Between two moments a message changes by itself.
    pub changed_is_introduced: bool,
    /// From this severity on it counts all the same that something was there before.
    pub still_counts: Option<Severity>,
    /// Findings that are gone because what they were about holds now, or is no longer there.
    pub fixed: Vec<Former>,
    /// Findings of which it can no longer be said whether they still hold.
    pub lost: Vec<Former>,
    /// Of those, the ones in accounts and Regions that nobody looked into this time: no verdict stands for them.
    pub unseen: Vec<Former>,
}

impl Baseline {
    pub fn of(audit: &Audit) -> Self {
        let mut baseline = Baseline { as_of: Some(audit.as_of), ..Baseline::default() };
        for finding in audit.findings() {
            match finding.verdict() {
                Verdict::Fail => _ = baseline.failed.insert(finding.fingerprint(), Former::of(&finding)),
                Verdict::Unknown => _ = baseline.unknown.insert(finding.fingerprint()),
                Verdict::Pass | Verdict::NotApplicable => {}
            }
        }
        baseline
    }
}

impl Former {
    fn of(finding: &Finding) -> Self {
        Former {
            rule: finding.rule.id.clone(),
            subject: finding.subject.id.to_string(),
            name: finding.subject.name().to_owned(),
            account: finding.facts.account.clone(),
            region: finding.facts.region.clone(),
            message: finding.message(),
        }
    }
}

/// Whether the audit is of the account and Region in which it was found.
fn was_looked_into(former: &Former, audit: &Audit) -> bool {
    let accounts = audit.subjects.of(Kind::Account);
    accounts.facts.iter().filter(|facts| facts.account == former.account).any(|facts| {
        let mut regions = facts.document["regions"].as_array().into_iter().flatten();
        former.region.is_empty() || regions.any(|region| region == former.region.as_str())
    })
}

/// What is said of a finding whose rule is not asked of its subject any more.
pub(super) fn exempted(message: &str) -> String {
    format!("The rule does not concern it any more. It said: {message}")
}

impl Comparison {
    pub fn new(baseline: Baseline, audit: &Audit, changed_is_introduced: bool) -> Self {
        let (mut still, mut decided, mut in_doubt) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        let mut exempt = BTreeSet::new();
        for finding in audit.findings() {
            if finding.verdict() == Verdict::Fail {
                still.insert(finding.fingerprint());
            }
            match finding.verdict() {
                Verdict::Unknown => _ = in_doubt.insert(finding.rule.id.as_str()),
                Verdict::NotApplicable => _ = exempt.insert((finding.rule.id.as_str(), finding.subject.id.to_string())),
                Verdict::Pass | Verdict::Fail => _ = decided.insert((finding.rule.id.as_str(), finding.subject.id.to_string())),
            }
        }
        let judged: BTreeSet<&str> = audit.judgements.iter().map(|judgement| judgement.rule.id.as_str()).collect();
        // A subject that is not there is gone only where somebody looked, and nothing stands for subjects that were not seen.
        let is_fixed = |former: &Former| {
            let rule = former.rule.as_str();
            // A rule that is not asked any more, in another environment for one, mends nothing.
            let is_exempt = exempt.contains(&(rule, former.subject.clone()));
            let is_gone = || !is_exempt && !in_doubt.contains(rule) && was_looked_into(former, audit);
            judged.contains(rule) && (decided.contains(&(rule, former.subject.clone())) || is_gone())
        };
        let gone = baseline.failed.iter().filter(|(fingerprint, _)| !still.contains(*fingerprint)).map(|(_, former)| former.clone());
        let (fixed, mut lost): (_, Vec<Former>) = gone.partition(is_fixed);
        for former in lost.iter_mut().filter(|former| exempt.contains(&(former.rule.as_str(), former.subject.clone()))) {
            former.message = exempted(&former.message);
        }
        let is_unseen = |former: &&Former| judged.contains(former.rule.as_str()) && !was_looked_into(former, audit);
        let unseen = lost.iter().filter(is_unseen).cloned().collect();
        Comparison { baseline, changed_is_introduced, still_counts: None, fixed, lost, unseen }
    }

    /// What it was compared with.
    pub fn baseline(&self) -> &Baseline {
        &self.baseline
    }

    /// Of a finding that fails.
    pub fn change(&self, finding: &Finding) -> Change {
        match self.baseline.failed.get(&finding.fingerprint()) {
            None => Change::New,
            Some(former) if former.message == finding.message() => Change::Unchanged,
            Some(_) => Change::Changed,
        }
    }

    /// Whether the finding, or the doubt, is to be shown and counted.
    pub fn counts(&self, finding: &Finding) -> bool {
        let is_told = matches!(finding.verdict(), Verdict::Fail | Verdict::Unknown);
        self.introduces(finding) || is_told && self.still_counts.is_some_and(|level| finding.rule.severity >= level)
    }

    /// Whether the finding, or the doubt, was not there before.
    pub fn introduces(&self, finding: &Finding) -> bool {
        match finding.verdict() {
            Verdict::Fail => match self.change(finding) {
                Change::New => true,
                Change::Changed => self.changed_is_introduced,
                Change::Unchanged => false,
            },
            Verdict::Unknown => !self.baseline.unknown.contains(&finding.fingerprint()),
            Verdict::Pass | Verdict::NotApplicable => false,
        }
    }
}
