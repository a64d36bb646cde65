//! What the run comes to: the exit code, and the sentence that gives its reason.

use super::judge::Audit;
use crate::exit::Exit;
use crate::policy::Severity;

/// What makes a run fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    pub fn conclude(&self, audit: &Audit) -> Conclusion {
        let mut fail = BySeverity::default();
        let mut unknown = BySeverity::default();
        let (mut unknown_in_all, mut judged) = (0, 0);
        for judgement in &audit.judgements {
            let counts = judgement.counts(audit.subjects);
            judged += counts.fail + counts.pass;
            unknown_in_all += counts.unknown;
            if judgement.rule.severity >= self.fail_on {
                fail.add(judgement.rule.severity, counts.violations);
            }
            if self.fail_on_unknown.is_some_and(|level| judgement.rule.severity >= level) {
                unknown.add(judgement.rule.severity, counts.unknown);
            }
        }
        let aside = match unknown_in_all {
            0 => String::new(),
            1 => " 1 verdict is unknown.".to_owned(),
            count => format!(" {count} verdicts are unknown."),
        };
        let (exit, reason) = match (audit.rule_errors().next(), fail.total(), unknown.total()) {
            (Some(error), ..) => (Exit::Configuration, format!("Failed: {error}.{aside}")),
            (None, 1.., _) => {
                (Exit::Findings, format!("Failed: {} at or above '{}'.{aside}", fail.sentence("finding", "findings"), self.fail_on))
            }
            (None, 0, 1..) => {
                (Exit::Unknown, format!("Not enough was seen to say: {} could not be judged.", unknown.sentence("verdict", "verdicts")))
            }
            (None, 0, 0) if judged == 0 => (Exit::Unknown, format!("Not enough was seen to say: nothing was there to judge.{aside}")),
            (None, 0, 0) => (Exit::Clean, format!("Passed: no finding at or above '{}'.{aside}", self.fail_on)),
        };
        Conclusion { exit, reason }
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
