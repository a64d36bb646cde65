//! What the run comes to: the exit code, and the sentence that gives its reason.

use serde::{Deserialize, Serialize};

use super::comparison::Comparison;
use super::finding::Verdict;
use super::judge::Audit;
use crate::exit::Exit;
use crate::policy::Severity;

/// What makes a run fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gate {
    pub fail_on: Severity,
    /// `None`: unknown verdicts never fail the run.
    pub fail_on_unknown: Option<Severity>,
}

/// The exit code with its reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conclusion {
    pub exit: Exit,
    /// One line, without a line break.
    pub reason: String,
}

impl Gate {
    /// What the run comes to; with a comparison, only what is new in it counts, or is severe enough to count all the same.
    pub fn conclude(&self, audit: &Audit, comparison: Option<&Comparison>) -> Conclusion {
        let Tally { fail, new, unknown, unknown_in_all, unknown_before, judged, known_before } = match comparison {
            None => self.tally(audit),
            Some(comparison) => self.tally_introduced(audit, comparison),
        };
        let aside = match unknown_in_all {
            0 => String::new(),
            1 => " 1 verdict is unknown.".to_owned(),
            count => format!(" {count} verdicts are unknown."),
        };
        let still = match unknown_before {
            0 => String::new(),
            1 => " 1 verdict is still unknown.".to_owned(),
            count => format!(" {count} verdicts are still unknown."),
        };
        let aside = aside + &still + &waived(audit);
        let level = match comparison.and_then(|comparison| comparison.still_counts) {
            Some(level) if level > self.fail_on => format!("'{level}', or '{}' where new", self.fail_on),
            _ => format!("'{}'", self.fail_on),
        };
        let (exit, reason) = match (audit.rule_errors().next(), fail.total(), unknown.total()) {
            (Some(error), ..) => (Exit::Configuration, format!("Failed: {error}.{aside}")),
            (None, 1.., _) => {
                let said = match comparison.map(|comparison| comparison.still_counts) {
                    None => fail.sentence("finding", "findings"),
                    Some(None) => fail.sentence("new finding", "new findings"),
                    Some(Some(_)) => format!("{}, {new} of them new,", fail.sentence("finding", "findings")),
                };
                (Exit::Findings, format!("Failed: {said} at or above {level}.{aside}"))
            }
            (None, 0, 1..) => {
                let aside = waived(audit);
                (
                    Exit::Unknown,
                    format!("Not enough was seen to say: {} could not be judged.{aside}", unknown.sentence("verdict", "verdicts")),
                )
            }
            (None, 0, 0) if judged == 0 => (Exit::Unknown, format!("Not enough was seen to say: nothing was there to judge.{aside}")),
            (None, 0, 0) if comparison.is_some() => {
                let before = match known_before {
                    0 => String::new(),
                    1 => " 1 finding was there before.".to_owned(),
                    count => format!(" {count} findings were there before."),
                };
                (Exit::Clean, format!("Passed: no new finding at or above {level}.{before}{aside}"))
            }
            (None, 0, 0) => (Exit::Clean, format!("Passed: no finding at or above {level}.{aside}")),
        };
        Conclusion { exit, reason }
    }
}

/// What waivers keep from counting, and those that no longer do.
fn waived(audit: &Audit) -> String {
    let waived = match audit.waivers.findings() {
        0 => String::new(),
        1 => " 1 finding is waived.".to_owned(),
        count => format!(" {count} findings are waived."),
    };
    waived
        + &match audit.waivers.lapsed().count() {
            0 => String::new(),
            1 => " 1 waiver has lapsed.".to_owned(),
            count => format!(" {count} waivers have lapsed."),
        }
}

/// What counts towards the exit code, and what is only said.
#[derive(Default)]
struct Tally {
    fail: BySeverity,
    /// Of `fail`, with a comparison.
    new: usize,
    unknown: BySeverity,
    unknown_in_all: usize,
    /// Unknown as they were, so that they do not count.
    unknown_before: usize,
    judged: usize,
    known_before: usize,
}

impl Gate {
    fn counts_unknown(&self, severity: Severity) -> bool {
        self.fail_on_unknown.is_some_and(|level| severity >= level)
    }

    fn tally(&self, audit: &Audit) -> Tally {
        let mut tally = Tally::default();
        for judgement in &audit.judgements {
            let (counts, severity) = (judgement.counts(audit.subjects), judgement.rule.severity);
            tally.judged += counts.fail + counts.pass;
            tally.unknown_in_all += counts.unknown;
            if severity >= self.fail_on {
                tally.fail.add(severity, counts.violations - audit.waivers.of_rule(&judgement.rule.id).findings);
            }
            if self.counts_unknown(severity) {
                tally.unknown.add(severity, counts.unknown);
            }
        }
        tally
    }

    fn tally_introduced(&self, audit: &Audit, comparison: &Comparison) -> Tally {
        let mut tally = Tally::default();
        for finding in audit.findings() {
            let (severity, counts) = (finding.rule.severity, comparison.counts(&finding));
            match finding.verdict() {
                Verdict::Fail if audit.waiving(&finding).is_some() => {}
                Verdict::Fail if counts && severity >= self.fail_on => {
                    tally.fail.add(severity, 1);
                    tally.new += usize::from(comparison.introduces(&finding));
                }
                Verdict::Fail if severity >= self.fail_on => tally.known_before += 1,
                Verdict::Unknown if counts => {
                    tally.unknown_in_all += 1;
                    tally.unknown.add(severity, usize::from(self.counts_unknown(severity)));
                }
                Verdict::Unknown => tally.unknown_before += 1,
                _ => {}
            }
            tally.judged += usize::from(matches!(finding.verdict(), Verdict::Fail | Verdict::Pass));
        }
        // What was found where nobody looked this time has no verdict that would be unknown.
        for former in &comparison.unseen {
            if let Some(judgement) = audit.judgements.iter().find(|judgement| judgement.rule.id == former.rule) {
                let severity = judgement.rule.severity;
                tally.unknown_in_all += 1;
                tally.unknown.add(severity, usize::from(self.counts_unknown(severity)));
            }
        }
        tally
    }
}

#[derive(Default)]
struct BySeverity([usize; 4]);

impl BySeverity {
    fn add(&mut self, severity: Severity, count: usize) {
        self.0[severity as usize] += count;
    }

    fn total(&self) -> usize {
        self.0.iter().sum()
    }

    /// `1 critical and 3 high findings`.
    fn sentence(&self, one: &str, many: &str) -> String {
        let present: Vec<(usize, Severity)> = Severity::WORST_FIRST
            .into_iter()
            .map(|severity| (self.0[severity as usize], severity))
            .filter(|(count, _)| *count > 0)
            .collect();
        let parts: Vec<String> = present.iter().map(|(count, severity)| format!("{count} {severity}")).collect();
        let list = match &parts[..] {
            [head @ .., last] if !head.is_empty() => format!("{} and {last}", head.join(", ")),
            _ => parts.concat(),
        };
        format!("{list} {}", if self.total() == 1 { one } else { many })
    }
}
