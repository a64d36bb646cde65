//! What one night came to, in numbers, and what became of them since the night before. Of what was found only hashes are kept, so that
//! many nights fit in memory.

use std::collections::BTreeSet;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

use rustc_hash::{FxHashMap, FxHashSet};

use super::finding::Verdict;
use super::judge::Audit;
use super::recovery::{Answer, recoveries};
use crate::policy::Severity;
use crate::snapshot::Timestamp;

/// One night.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Night {
    pub as_of: Timestamp,
    pub ground: Ground,
    /// Failures that count, in the order of `Severity::WORST_FIRST`.
    pub failed: [usize; 4],
    /// Failures that somebody has accepted.
    pub waived: usize,
    pub unknown: usize,
    /// `None` where the result does not tell of resources.
    pub recovered: Option<Recovered>,
    failures: FxHashMap<u64, Failure>,
    /// Of the rules that could not be judged on something.
    doubted: FxHashSet<u64>,
    /// Of rule and subject: what was judged, whatever came of it.
    decided: FxHashSet<u64>,
    /// The same: what the rule does not concern, which mends nothing.
    exempt: FxHashSet<u64>,
}

/// What two nights must have in common for their numbers to mean the same.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ground {
    /// Accounts and Regions that were looked into.
    pub units: BTreeSet<(String, String)>,
    /// The ids of the rules that were judged, with their severity.
    pub rules: BTreeSet<(String, Severity)>,
    /// Of Backstop.
    pub version: String,
}

/// How many resources could be recovered from every place; a list that was not whole counts as one of which that is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Recovered {
    pub yes: usize,
    pub unknown: usize,
    pub no: usize,
}

/// What became of the failures of a night in the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Step {
    /// Failures that count, and did not before.
    pub new: usize,
    /// Failures that counted, and hold now or are no longer there.
    pub gone: usize,
    /// Failures that counted, and of which nobody can say any more.
    pub lost: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Failure {
    /// Of rule and subject.
    key: u64,
    /// Of the rule.
    rule: u64,
    is_waived: bool,
}

/// A verdict of a night.
#[derive(Debug, Clone, Copy)]
pub struct VerdictOfNight<'a> {
    pub rule: &'a str,
    pub severity: Severity,
    pub subject: &'a str,
    pub verdict: Verdict,
    pub fingerprint: &'a str,
    pub is_waived: bool,
}

impl Night {
    pub fn empty(as_of: Timestamp) -> Self {
        Night {
            as_of,
            ground: Ground::default(),
            failed: [0; 4],
            waived: 0,
            unknown: 0,
            recovered: None,
            failures: FxHashMap::default(),
            doubted: FxHashSet::default(),
            decided: FxHashSet::default(),
            exempt: FxHashSet::default(),
        }
    }

    /// The night of an audit, beside the one before.
    pub fn of(audit: &Audit, units: BTreeSet<(String, String)>, former: Option<&Night>) -> Self {
        let mut night = Night::empty(audit.as_of);
        let rules = audit.judgements.iter().map(|judgement| (judgement.rule.id.clone(), judgement.rule.severity));
        night.ground = Ground { units, rules: rules.collect(), version: env!("CARGO_PKG_VERSION").to_owned() };
        for finding in audit.findings() {
            // A million passes are hashed only where there is something to compare them with.
            if finding.verdict() == Verdict::Fail || finding.verdict() == Verdict::Unknown || former.is_some() {
                let fingerprint = if finding.verdict() == Verdict::Fail { finding.fingerprint() } else { String::new() };
                let told = VerdictOfNight {
                    rule: &finding.rule.id,
                    severity: finding.rule.severity,
                    subject: &finding.subject.id,
                    verdict: finding.verdict(),
                    fingerprint: &fingerprint,
                    is_waived: audit.waiving(&finding).is_some(),
                };
                night.add(told);
            }
        }
        let mut recovered = Recovered::default();
        recoveries(audit).iter().for_each(|recovery| recovered.add(recovery.worst()));
        night.recovered = Some(recovered);
        night
    }

    /// Enters a verdict.
    pub fn add(&mut self, told: VerdictOfNight) {
        let (rule, key) = (hash(told.rule), hash((told.rule, told.subject)));
        match told.verdict {
            Verdict::Unknown => {
                self.unknown += 1;
                self.doubted.insert(rule);
                return;
            }
            Verdict::Fail => {
                let failure = Failure { key, rule, is_waived: told.is_waived };
                self.failures.insert(hash(told.fingerprint), failure);
                let counted = Severity::WORST_FIRST.iter().zip(&mut self.failed).find(|(severity, _)| **severity == told.severity);
                match counted {
                    Some((_, count)) if !told.is_waived => *count += 1,
                    _ => self.waived += 1,
                }
            }
            Verdict::Pass => {}
            Verdict::NotApplicable => {
                self.exempt.insert(key);
                return;
            }
        }
        self.decided.insert(key);
    }

    /// What a later night is compared with; the rest served to compare this one with the night before.
    pub fn as_former(self) -> Self {
        Night { decided: FxHashSet::default(), exempt: FxHashSet::default(), ..self }
    }

    pub fn failures(&self) -> usize {
        self.failed.iter().sum()
    }

    /// What became of a former night's failures; `None` where the two do not stand on the same ground.
    pub fn since(&self, former: &Night) -> Option<Step> {
        if self.ground != former.ground {
            return None;
        }
        let counts = |night: &Night, fingerprint: &u64| night.failures.get(fingerprint).is_some_and(|failure| !failure.is_waived);
        let mut step = Step { new: self.failures.keys().filter(|it| counts(self, it) && !counts(former, it)).count(), ..Step::default() };
        for (fingerprint, failure) in former.failures.iter().filter(|(_, failure)| !failure.is_waived) {
            if self.failures.contains_key(fingerprint) {
                continue;
            }
            // A subject that is not there is gone only where nothing stands for subjects that were not seen.
            let is_gone = !self.exempt.contains(&failure.key) && !self.doubted.contains(&failure.rule);
            if self.decided.contains(&failure.key) || is_gone {
                step.gone += 1;
            } else {
                step.lost += 1;
            }
        }
        Some(step)
    }
}

impl Recovered {
    pub fn add(&mut self, worst: Answer) {
        match worst {
            Answer::No => self.no += 1,
            Answer::Unknown => self.unknown += 1,
            Answer::Yes => self.yes += 1,
        }
    }

    pub fn total(self) -> usize {
        self.yes + self.unknown + self.no
    }
}

impl Ground {
    /// Why the numbers of two nights do not mean the same, as parts of a sentence; none where they do.
    pub fn differs(&self, former: &Ground) -> Vec<String> {
        let mut differs = Vec::new();
        let (more, less) = (self.units.difference(&former.units).count(), former.units.difference(&self.units).count());
        if more + less > 0 {
            differs.push(format!("other accounts or Regions ({more} more, {less} less)"));
        }
        let ids = |ground: &Ground| ground.rules.iter().map(|(id, _)| id.clone()).collect::<BTreeSet<_>>();
        let (these, those) = (ids(self), ids(former));
        let (more, less) = (these.difference(&those).count(), those.difference(&these).count());
        if more + less > 0 {
            differs.push(format!("other rules ({more} more, {less} less)"));
        } else if self.rules != former.rules {
            differs.push("other severities".to_owned());
        }
        if self.version != former.version {
            differs.push("another version of Backstop".to_owned());
        }
        differs
    }
}

/// The same in every run.
fn hash(of: impl std::hash::Hash) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one(of)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn night(verdicts: &[(&str, &str, Verdict)]) -> Night {
        let mut night = Night::empty("2026-11-22T05:00:00Z".parse().expect("a time"));
        for (rule, subject, verdict) in verdicts {
            let (rule, is_waived) = rule.strip_prefix("waived ").map_or((*rule, false), |rule| (rule, true));
            let fingerprint = format!("{rule} {subject}");
            let told = VerdictOfNight { rule, severity: Severity::High, subject, verdict: *verdict, fingerprint: &fingerprint, is_waived };
            night.add(told);
        }
        night
    }

    #[test]
    fn what_nobody_can_see_any_more_is_not_gone() {
        use Verdict::{Fail, NotApplicable, Pass, Unknown};
        let former = night(&[("a", "1", Fail), ("a", "2", Fail), ("a", "3", Fail), ("b", "1", Fail), ("c", "1", Fail)]);
        let latter = night(&[
            ("a", "1", Pass),
            ("a", "2", Unknown),
            ("a", "anything", Unknown),
            ("c", "1", Fail),
            ("c", "2", Fail),
            ("c", "2", Fail),
        ]);
        // a/1 holds, and of b nothing is in doubt; a/2 and a/3 may still be there.
        assert_eq!(latter.since(&former), Some(Step { new: 1, gone: 2, lost: 2 }));
        assert_eq!((latter.failures(), latter.unknown), (3, 2));
        // In another environment, for one, a rule concerns other subjects.
        let exempt = night(&[("a", "1", NotApplicable), ("a", "2", Pass), ("a", "3", Pass), ("b", "1", Pass), ("c", "1", Fail)]);
        assert_eq!(exempt.since(&former), Some(Step { new: 0, gone: 3, lost: 1 }));
    }

    #[test]
    fn what_is_waived_is_neither_gone_nor_new_and_counts_as_new_afterwards() {
        let (fails, waived) = (night(&[("a", "1", Verdict::Fail)]), night(&[("waived a", "1", Verdict::Fail)]));
        assert_eq!((waived.failures(), waived.waived), (0, 1));
        assert_eq!(waived.since(&fails), Some(Step::default()));
        assert_eq!(fails.since(&waived), Some(Step { new: 1, ..Step::default() }));
    }

    #[test]
    fn nights_on_other_ground_are_not_compared() {
        let former = night(&[("a", "1", Verdict::Fail)]);
        let mut latter = night(&[]);
        latter.ground.units.insert(("111122223333".to_owned(), "us-east-1".to_owned()));
        latter.ground.rules.insert(("a".to_owned(), Severity::Low));
        latter.ground.version = "9".to_owned();
        assert_eq!(latter.since(&former), None);
        let differs = latter.ground.differs(&former.ground);
        assert_eq!(differs, ["other accounts or Regions (1 more, 0 less)", "other rules (1 more, 0 less)", "another version of Backstop"]);
        assert!(latter.ground.differs(&latter.ground).is_empty());
    }
}
