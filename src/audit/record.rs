//! What a run found, as it can be kept and compared: of a report that was written, or of an audit just made.

use std::collections::{BTreeMap, BTreeSet};

use super::comparison::{Baseline, Former};
use super::finding::{Finding, Verdict};
use super::judge::Audit;
use crate::facts::Kind;
use crate::policy::Severity;
use crate::snapshot::{Snapshot, Timestamp};

/// A finding, or a verdict that is unknown, in its own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The rule's id.
    pub rule: String,
    pub severity: Severity,
    pub kind: Kind,
    pub subject: String,
    /// The subject's name.
    pub name: String,
    pub account: String,
    /// Empty for what belongs to a whole account.
    pub region: String,
    pub message: String,
    /// It fails, and somebody has accepted that.
    pub is_waived: bool,
}

/// The verdicts of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    pub as_of: Timestamp,
    /// The accounts and Regions that were looked into.
    pub units: BTreeSet<(String, String)>,
    /// The ids of the rules that were judged.
    pub rules: BTreeSet<String>,
    /// By fingerprint.
    pub failed: BTreeMap<String, Recorded>,
    /// By fingerprint.
    pub unknown: BTreeMap<String, Recorded>,
    /// Rule and subject of every verdict that is not unknown.
    pub decided: BTreeSet<(String, String)>,
    /// Rule and subject of those in which the rule does not concern the subject.
    pub exempt: BTreeSet<(String, String)>,
}

impl Record {
    pub fn empty(as_of: Timestamp) -> Self {
        let (units, rules, decided, exempt) = Default::default();
        Record { as_of, units, rules, failed: BTreeMap::new(), unknown: BTreeMap::new(), decided, exempt }
    }

    pub fn of(audit: &Audit, snapshot: &Snapshot) -> Self {
        let mut record = Record::empty(audit.as_of);
        record.units = snapshot.units.iter().map(|unit| (unit.account.clone(), unit.region.clone())).collect();
        record.rules = audit.judgements.iter().map(|judgement| judgement.rule.id.clone()).collect();
        for finding in audit.findings() {
            record.add(finding.verdict(), finding.fingerprint(), Recorded::of(&finding, audit));
        }
        record
    }

    pub fn add(&mut self, verdict: Verdict, fingerprint: String, told: Recorded) {
        if verdict != Verdict::Unknown {
            self.decided.insert((told.rule.clone(), told.subject.clone()));
        }
        if verdict == Verdict::NotApplicable {
            self.exempt.insert((told.rule.clone(), told.subject.clone()));
        }
        match verdict {
            Verdict::Fail => _ = self.failed.insert(fingerprint, told),
            Verdict::Unknown => _ = self.unknown.insert(fingerprint, told),
            Verdict::Pass | Verdict::NotApplicable => {}
        }
    }

    pub fn baseline(self) -> Baseline {
        let former = |told: Recorded| {
            let Recorded { rule, subject, name, account, region, message, .. } = told;
            Former { rule, subject, name, account, region, message }
        };
        Baseline {
            as_of: Some(self.as_of),
            // What is no longer waived counts as new.
            failed: self
                .failed
                .into_iter()
                .filter(|(_, told)| !told.is_waived)
                .map(|(fingerprint, told)| (fingerprint, former(told)))
                .collect(),
            unknown: self.unknown.into_keys().collect(),
        }
    }
}

impl Recorded {
    fn of(finding: &Finding, audit: &Audit) -> Self {
        Recorded {
            rule: finding.rule.id.clone(),
            severity: finding.rule.severity,
            kind: finding.kind,
            subject: finding.subject.id.to_string(),
            name: finding.subject.name().to_owned(),
            account: finding.facts.account.clone(),
            region: finding.facts.region.clone(),
            message: finding.message(),
            is_waived: audit.waiving(finding).is_some(),
        }
    }
}
