//! What failed, what could not be judged and what somebody has accepted, by rule. What is said of many subjects is said once.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::audit::{Change, Finding, Verdict, Waiving};
use crate::policy::{Rule, Severity};
use crate::report::Report;
use crate::snapshot::{Declaration, Reason};

/// Evidence longer than this, in bytes, is cut; the JSON report has it whole.
const EVIDENCE: usize = 4_000;
/// A doubt can have a reason for each Region and type.
const REASONS_SHOWN: usize = 20;

pub struct Findings<'a> {
    /// The most severe rules first; what failed before what could not be judged, and what is waived last.
    pub sections: Vec<Section<'a>>,
    /// How many failed, by severity from the worst.
    pub failed: [(Severity, usize); 4],
    pub unknown: usize,
    pub waived: usize,
}

/// What a finding comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    Failed,
    Unknown,
    /// It fails, and somebody has accepted that.
    Waived,
}

impl Sort {
    pub fn name(self) -> &'static str {
        match self {
            Sort::Failed => "fail",
            Sort::Unknown => "unknown",
            Sort::Waived => "waived",
        }
    }
}

/// Findings of one rule and one sort.
pub struct Section<'a> {
    pub rule: &'a Rule,
    pub sort: Sort,
    pub groups: Vec<Group<'a>>,
}

/// One thing to say, and the subjects of which it is said.
pub struct Group<'a> {
    first: Finding<'a>,
    pub change: Option<Change>,
    pub about: Vec<About<'a>>,
}

pub struct About<'a> {
    pub name: &'a str,
    pub id: &'a str,
    pub place: String,
    pub environment: Option<String>,
    pub declaration: Option<&'a Declaration>,
    /// Who accepts it, until when and why.
    pub waiver: Option<String>,
}

impl<'a> Findings<'a> {
    pub fn of(report: &Report<'a>) -> Self {
        let audit = report.audit;
        let mut failed = Severity::WORST_FIRST.map(|severity| (severity, 0));
        let (mut unknown, mut waived) = (0, 0);
        let (mut failing, mut open, mut accepted) = (Vec::new(), Vec::new(), Vec::new());
        for judgement in &audit.judgements {
            let [mut said, mut doubted, mut accepting] = [const { Gathered::new() }; 3];
            for finding in judgement.findings(audit.subjects.of(judgement.kind)) {
                match finding.verdict() {
                    Verdict::Fail if audit.waiving(&finding).is_some() => accepting.add(finding, report),
                    Verdict::Fail if report.shows(&finding) => said.add(finding, report),
                    Verdict::Unknown if report.shows(&finding) => doubted.add(finding, report),
                    _ => {}
                }
            }
            let rule = judgement.rule;
            if let Some((_, count)) = failed.iter_mut().find(|(severity, _)| *severity == rule.severity) {
                *count += said.count;
            }
            unknown += doubted.count;
            waived += accepting.count;
            failing.extend(said.section(rule, Sort::Failed));
            open.extend(doubted.section(rule, Sort::Unknown));
            accepted.extend(accepting.section(rule, Sort::Waived));
        }
        failing.append(&mut open);
        failing.append(&mut accepted);
        Findings { sections: failing, failed, unknown, waived }
    }

    pub fn of_sort(&self, sort: Sort) -> impl Iterator<Item = &Section<'a>> {
        self.sections.iter().filter(move |section| section.sort == sort)
    }

    pub fn failed(&self) -> usize {
        self.failed.iter().map(|(_, count)| count).sum()
    }
}

/// The groups of one rule while they are gathered.
struct Gathered<'a> {
    groups: Vec<Group<'a>>,
    /// The groups by what they say: by where its outcome and its violation stand in the audit, which is the same for all alike.
    at: BTreeMap<(usize, usize, Option<Change>), usize>,
    count: usize,
}

impl<'a> Gathered<'a> {
    const fn new() -> Self {
        Gathered { groups: Vec::new(), at: BTreeMap::new(), count: 0 }
    }

    fn add(&mut self, finding: Finding<'a>, report: &Report<'a>) {
        self.count += 1;
        let declarations = report.declarations;
        let change = report.comparison.filter(|_| finding.verdict() == Verdict::Fail).map(|comparison| comparison.change(&finding));
        let key = (std::ptr::from_ref(finding.outcome).addr(), finding.violation.map_or(0, |it| std::ptr::from_ref(it).addr()), change);
        let about = About {
            name: finding.subject.name(),
            id: &finding.subject.id,
            place: match (finding.facts.account.as_str(), finding.facts.region.as_str()) {
                (account, "") => account.to_owned(),
                (account, region) => format!("{account}/{region}"),
            },
            environment: report.audit.environments.name_of(finding.facts).known().cloned(),
            waiver: report.audit.waiving(&finding).map(|waiving| accepted(waiving, report)),
            declaration: if declarations.is_empty() { None } else { declarations.get(&finding.fingerprint()) },
        };
        let next = self.groups.len();
        match self.groups.get_mut(*self.at.entry(key).or_insert(next)) {
            Some(group) => group.about.push(about),
            None => self.groups.push(Group { first: finding, change, about: vec![about] }),
        }
    }

    fn section(self, rule: &'a Rule, sort: Sort) -> Option<Section<'a>> {
        (!self.groups.is_empty()).then_some(Section { rule, sort, groups: self.groups })
    }
}

impl Section<'_> {
    pub fn count(&self) -> String {
        let count = self.groups.iter().map(|group| group.about.len()).sum();
        counted(count, if self.sort == Sort::Unknown { "verdict" } else { "finding" })
    }

    /// Links that a person may follow; a rule that is not ours could name any scheme.
    pub fn links(&self) -> impl Iterator<Item = &str> {
        self.rule.metadata.related_resources.iter().map(|resource| resource.url.as_str()).filter(|url| url.starts_with("https://"))
    }
}

impl Group<'_> {
    pub fn says(&self) -> String {
        match (self.first.verdict(), &self.first.outcome.reasons[..]) {
            (Verdict::Unknown, [first, rest @ ..]) if !rest.is_empty() => {
                format!("Cannot be judged: {}; and {}.", first.detail, counted(rest.len(), "more reason"))
            }
            _ => self.first.message(),
        }
    }

    pub fn change(&self) -> &'static str {
        match self.change {
            None | Some(Change::Unchanged) => "",
            Some(Change::New) => "new",
            Some(Change::Changed) => "changed",
        }
    }

    pub fn title(&self) -> String {
        match &self.about[..] {
            [one] => one.name.to_owned(),
            several => format!("{} {}", several.len(), self.first.kind.noun(several.len())),
        }
    }

    pub fn at(&self) -> &str {
        self.first.violation.map_or("", |violation| &violation.at)
    }

    pub fn evidence(&self) -> String {
        pretty(&self.first.outcome.evidence)
    }

    pub fn parameters(&self) -> String {
        match &self.first.outcome.parameters {
            Value::Object(parameters) if !parameters.is_empty() => pretty(&self.first.outcome.parameters),
            _ => String::new(),
        }
    }

    pub fn reasons(&self) -> impl Iterator<Item = &Reason> {
        self.first.outcome.reasons.iter().take(REASONS_SHOWN)
    }

    pub fn more_reasons(&self) -> usize {
        self.first.outcome.reasons.len().saturating_sub(REASONS_SHOWN)
    }

    /// The command that says more of the first subject.
    pub fn command(&self) -> String {
        let resource = self.about.first().map_or("", |about| about.id);
        format!("backstop explain {} --resource {} SNAPSHOT", self.first.rule.id, word(resource))
    }

    /// What would have to stand in the file of waivers, for the first subject.
    pub fn waiver(&self) -> String {
        let quoted = |text: &str| toml::Value::from(text).to_string();
        let resource = self.about.first().map_or("", |about| about.id);
        let rule = &self.first.rule.id;
        format!("[[waiver]]\nrule = {}\nresource = {}\nreason = \"\"\nexpires = \"YYYY-MM-DD\"\n", quoted(rule), quoted(resource))
    }
}

/// Who accepts a finding, until when and why, and where that is written.
fn accepted(waiving: &Waiving, report: &Report) -> String {
    let waiver = waiving.waiver;
    let by = waiver.approver.as_deref().unwrap_or("nobody who is named");
    let left = match waiving.days_left {
        0 => "its last day is today".to_owned(),
        days => format!("{} left", counted(usize::try_from(days).unwrap_or_default(), "day")),
    };
    let ticket = waiver.ticket.as_ref().map(|ticket| format!("; {ticket}")).unwrap_or_default();
    let file = report.audit.waivers.waivers.map_or("", |waivers| waivers.file.as_str());
    format!("by {by}, until {} ({left}): {}{ticket} ({file}:{})", waiver.expires, waiver.reason, waiver.line)
}

fn pretty(value: &Value) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    if text.len() > EVIDENCE {
        text.truncate(text.floor_char_boundary(EVIDENCE));
        text += "\n... the JSON report has it whole";
    }
    text
}

/// What AWS's users chose, as a shell takes it for one word.
fn word(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// `1 finding`, `3 findings`.
pub fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_takes_any_name_for_one_word() {
        assert_eq!(word("arn:$(x) `y`"), "'arn:$(x) `y`'");
        assert_eq!(word("it's; rm"), r"'it'\''s; rm'");
    }
}
