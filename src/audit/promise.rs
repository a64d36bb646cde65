//! One verdict for each promise of the specification, from the verdicts of the rules that prove it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::finding::{Finding, Verdict};
use super::judge::{Audit, Counts, RuleJudgement};
use crate::policy::Promise;

/// Whether a promise is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Keeping {
    /// A rule that proves it fails on some subject.
    Contradicted,
    /// Something could not be judged, or nothing was there to judge.
    Unproven,
    /// All rules that prove it were judged and hold.
    Verified,
    /// No rule contradicts it, and no API can show that it is kept.
    NotVerifiable,
}

impl Keeping {
    /// As reports order them.
    pub const WORST_FIRST: [Keeping; 4] = [Keeping::Contradicted, Keeping::Unproven, Keeping::Verified, Keeping::NotVerifiable];

    pub fn name(self) -> &'static str {
        match self {
            Keeping::Contradicted => "contradicted",
            Keeping::Unproven => "unproven",
            Keeping::Verified => "verified",
            Keeping::NotVerifiable => "not verifiable",
        }
    }
}

/// What became of a promise.
#[derive(Debug)]
pub struct PromiseJudgement<'a> {
    pub promise: &'a Promise,
    pub keeping: Keeping,
    /// In the order in which the promise names them.
    pub rules: Vec<RuleShare<'a>>,
}

/// What one rule says of a promise.
#[derive(Debug)]
pub struct RuleShare<'a> {
    pub rule: &'a str,
    /// `None` where the rule was not judged: the configuration switched it off.
    pub judged: Option<(&'a RuleJudgement<'a>, Counts)>,
}

/// Judges the promises, in their order.
pub fn promises<'a>(audit: &'a Audit<'a>, promises: &'a [Promise]) -> Vec<PromiseJudgement<'a>> {
    let judged: BTreeMap<&str, (&RuleJudgement, Counts)> =
        audit.judgements.iter().map(|each| (each.rule.id.as_str(), (each, each.counts(audit.subjects)))).collect();
    let of = |promise: &'a Promise| {
        let rules: Vec<RuleShare> =
            promise.rules.iter().map(|id| RuleShare { rule: id, judged: judged.get(id.as_str()).copied() }).collect();
        PromiseJudgement { promise, keeping: keeping(&rules, promise.not_verifiable.is_some()), rules }
    };
    promises.iter().map(of).collect()
}

fn keeping(rules: &[RuleShare], not_verifiable: bool) -> Keeping {
    let counts = || rules.iter().filter_map(|rule| rule.judged.map(|(_, counts)| counts));
    if counts().any(|counts| counts.fail > 0) {
        Keeping::Contradicted
    } else if not_verifiable {
        Keeping::NotVerifiable
    } else if rules.iter().all(RuleShare::was_seen_whole) && counts().any(|counts| counts.pass > 0) {
        Keeping::Verified
    } else {
        Keeping::Unproven
    }
}

impl<'a> RuleShare<'a> {
    /// Whether the rule was judged on something, and nothing of that is in doubt.
    fn was_seen_whole(&self) -> bool {
        self.judged.is_some_and(|(_, counts)| counts.unknown == 0 && counts.fail + counts.pass + counts.not_applicable > 0)
    }

    pub fn counts(&self) -> Counts {
        self.judged.map_or_else(Counts::default, |(_, counts)| counts)
    }

    /// The findings that contradict the promise, in the order of their subjects.
    pub fn failures(&self, audit: &'a Audit<'a>) -> impl Iterator<Item = Finding<'a>> {
        let failing = self.judged.filter(|(_, counts)| counts.fail > 0);
        let findings = failing.into_iter().flat_map(|(judgement, _)| judgement.findings(audit.subjects.of(judgement.kind)));
        findings.filter(|finding| finding.verdict() == Verdict::Fail)
    }

    /// Why the rule proves nothing, as parts of sentences; none where all it judged is known.
    fn doubts(&self) -> Vec<String> {
        let Some((judgement, counts)) = self.judged else {
            return vec!["not judged".to_owned()];
        };
        if counts == Counts::default() {
            return vec![format!("no {} was there to judge", judgement.kind.noun(1))];
        }
        let unknown = judgement.outcomes.iter().filter(|outcome| outcome.verdict == Verdict::Unknown);
        let mut reasons: Vec<String> = unknown.flat_map(|outcome| &outcome.reasons).map(|reason| reason.detail.clone()).collect();
        reasons.sort();
        reasons.dedup();
        reasons
    }
}

impl PromiseJudgement<'_> {
    /// Subjects by verdict, over all its rules.
    pub fn counts(&self) -> Counts {
        self.rules.iter().map(RuleShare::counts).fold(Counts::default(), |sum, counts| Counts {
            fail: sum.fail + counts.fail,
            unknown: sum.unknown + counts.unknown,
            pass: sum.pass + counts.pass,
            not_applicable: sum.not_applicable + counts.not_applicable,
            violations: sum.violations + counts.violations,
        })
    }

    /// Why it is not verified, by rule, as parts of sentences.
    pub fn doubts(&self) -> Vec<(&str, Vec<String>)> {
        let mut doubts: Vec<(&str, Vec<String>)> =
            self.rules.iter().map(|share| (share.rule, share.doubts())).filter(|(_, reasons)| !reasons.is_empty()).collect();
        if doubts.is_empty() && self.counts().pass == 0 {
            doubts = self.rules.iter().map(|share| (share.rule, vec!["concerns nothing here".to_owned()])).collect();
        }
        doubts
    }
}
