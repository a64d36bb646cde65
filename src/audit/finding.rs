//! One verdict of one rule on one subject, as reports tell it.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::fingerprint::fingerprint;
use super::judge::Outcome;
use crate::facts::{Facts, Kind, Subject};
use crate::policy::{Rule, Violation};

/// What a rule says of a subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Fail,
    /// A fact that the rule reads was not observed.
    Unknown,
    Pass,
    NotApplicable,
}

impl Verdict {
    pub const ALL: [Verdict; 4] = [Verdict::Fail, Verdict::Unknown, Verdict::Pass, Verdict::NotApplicable];

    pub fn name(self) -> &'static str {
        match self {
            Verdict::Fail => "fail",
            Verdict::Unknown => "unknown",
            Verdict::Pass => "pass",
            Verdict::NotApplicable => "not_applicable",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A view into an audit: it cannot exist without a rule, a subject and an outcome.
#[derive(Debug, Clone, Copy)]
pub struct Finding<'a> {
    pub rule: &'a Rule,
    pub kind: Kind,
    pub subject: &'a Subject<'a>,
    pub facts: &'a Facts,
    pub outcome: &'a Outcome,
    /// Set when the verdict is `fail`.
    pub violation: Option<&'a Violation>,
    /// Counts violations that nothing else tells apart; 0 for the first.
    pub ordinal: usize,
}

impl Finding<'_> {
    pub fn verdict(&self) -> Verdict {
        self.outcome.verdict
    }

    /// One or more sentences.
    pub fn message(&self) -> String {
        match (self.verdict(), self.violation) {
            (Verdict::Fail, Some(violation)) => violation.message.clone(),
            (Verdict::Unknown, _) => {
                let reasons: Vec<String> = self.outcome.reasons.iter().map(ToString::to_string).collect();
                format!("Cannot be judged: {}.", reasons.join("; "))
            }
            (Verdict::NotApplicable, _) => "The rule does not concern this subject.".to_owned(),
            _ => "The rule holds.".to_owned(),
        }
    }

    /// The same across runs for the same rule, subject and discriminator, wherever the subject is declared.
    pub fn fingerprint(&self) -> String {
        let (at, of) = self.violation.map_or(("", ""), |violation| (violation.at.as_str(), violation.of.as_deref().unwrap_or("")));
        fingerprint(&self.rule.id, &self.subject.id, at, of, self.ordinal)
    }

    /// Where the finding is shown in tools that know files only: `aws/account/region/kind/name`, safe in a URI.
    pub fn location(&self) -> String {
        let region = if self.facts.region.is_empty() { "global" } else { &self.facts.region };
        let kind = self.kind.name().replace('_', "-");
        format!("aws/{}/{}/{kind}/{}", escape(&self.facts.account), escape(region), escape(self.subject.name()))
    }
}

/// What may not stand as it is in one segment of a path.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');

/// Percent-encodes all but what may stand in one segment of a path. A segment that is empty or only dots would change what
/// the path means, even percent-encoded.
fn escape(segment: &str) -> String {
    if segment.chars().all(|c| c == '.') {
        return "_".repeat(segment.len().max(1));
    }
    utf8_percent_encode(segment, ENCODED).to_string()
}
