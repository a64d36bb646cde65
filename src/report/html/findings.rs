//! What failed and what could not be judged, by rule. What is said of many subjects is said once.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::audit::{Change, Finding, Verdict};
use crate::policy::{Rule, Severity};
use crate::report::Report;
use crate::snapshot::{Declaration, Reason};

/// Evidence longer than this, in bytes, is cut; the JSON report has it whole.
const EVIDENCE: usize = 4_000;
/// A doubt can have a reason for each Region and type.
const REASONS_SHOWN: usize = 20;

pub struct Findings<'a> {
    /// The most severe rules first; what failed before what could not be judged.
    pub sections: Vec<Section<'a>>,
    /// How many failed, by severity from the worst.
    pub failed: [(Severity, usize); 4],
    pub unknown: usize,
}

/// Findings of one rule and one verdict.
pub struct Section<'a> {
    pub rule: &'a Rule,
    pub verdict: Verdict,
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
    /// Why it is accepted, and until when.
    pub waiver: Option<String>,
}

impl<'a> Findings<'a> {
    pub fn of(report: &Report<'a>) -> Self {
        let audit = report.audit;
        let mut failed = Severity::WORST_FIRST.map(|severity| (severity, 0));
        let mut unknown = 0;
        let (mut failing, mut open) = (Vec::new(), Vec::new());
        for judgement in &audit.judgements {
            let (mut said, mut doubted) = (Gathered::default(), Gathered::default());
            for finding in judgement.findings(audit.subjects.of(judgement.kind)).filter(|finding| report.shows(finding)) {
                match finding.verdict() {
                    Verdict::Fail => said.add(finding, report),
                    Verdict::Unknown => doubted.add(finding, report),
                    Verdict::Pass | Verdict::NotApplicable => {}
                }
            }
            let rule = judgement.rule;
            if let Some((_, count)) = failed.iter_mut().find(|(severity, _)| *severity == rule.severity) {
                *count += said.count;
            }
            unknown += doubted.count;
            failing.extend(said.section(rule, Verdict::Fail));
            open.extend(doubted.section(rule, Verdict::Unknown));
        }
        failing.append(&mut open);
        Findings { sections: failing, failed, unknown }
    }

    pub fn of_verdict(&self, verdict: Verdict) -> impl Iterator<Item = &Section<'a>> {
        self.sections.iter().filter(move |section| section.verdict == verdict)
    }

    pub fn failed(&self) -> usize {
        self.failed.iter().map(|(_, count)| count).sum()
    }
}

/// The groups of one rule while they are gathered.
#[derive(Default)]
struct Gathered<'a> {
    groups: Vec<Group<'a>>,
    /// The groups by what they say: by where its outcome and its violation stand in the audit, which is the same for all alike.
    at: BTreeMap<(usize, usize, Option<Change>), usize>,
    count: usize,
}

impl<'a> Gathered<'a> {
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
            waiver: report.audit.waiving(&finding).map(|waiving| waiving.waiver.justification()),
            declaration: if declarations.is_empty() { None } else { declarations.get(&finding.fingerprint()) },
        };
        let next = self.groups.len();
        match self.groups.get_mut(*self.at.entry(key).or_insert(next)) {
            Some(group) => group.about.push(about),
            None => self.groups.push(Group { first: finding, change, about: vec![about] }),
        }
    }

    fn section(self, rule: &'a Rule, verdict: Verdict) -> Option<Section<'a>> {
        (!self.groups.is_empty()).then_some(Section { rule, verdict, groups: self.groups })
    }
}

impl Section<'_> {
    pub fn count(&self) -> String {
        let count = self.groups.iter().map(|group| group.about.len()).sum();
        counted(count, if self.verdict == Verdict::Fail { "finding" } else { "verdict" })
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

    /// What would have to stand in the file of waivers, for the first subject.
    pub fn waiver(&self) -> String {
        let quoted = |text: &str| toml::Value::from(text).to_string();
        let resource = self.about.first().map_or("", |about| about.id);
        let rule = &self.first.rule.id;
        format!("[[waiver]]\nrule = {}\nresource = {}\nreason = \"\"\nexpires = \"YYYY-MM-DD\"\n", quoted(rule), quoted(resource))
    }
}

fn pretty(value: &Value) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    if text.len() > EVIDENCE {
        text.truncate(text.floor_char_boundary(EVIDENCE));
        text += "\n... the JSON report has it whole";
    }
    text
}

/// `1 finding`, `3 findings`.
pub fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
