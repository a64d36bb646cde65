//! Rules as SARIF's reporting descriptors.

use std::collections::BTreeMap;

use serde_sarif::sarif::{
    MultiformatMessageString, PropertyBag, ReportingConfiguration, ReportingDescriptor, ReportingDescriptorReference, ResultLevel,
};

use super::properties;
use crate::policy::{Library, Rule, Severity};
use crate::report::{Report, explain, plain};

/// GitHub refuses a rule with more tags, and shows half as many (docs.github.com, "SARIF support for code scanning").
pub const TAGS: usize = 20;
pub const TAGS_SHOWN: usize = 10;
/// Characters that GitHub takes in a description, and in a name.
const DESCRIPTION: usize = 1_024;
const NAME: usize = 255;

/// Every rule that was loaded, in the order of their ids, each with the severity that was in force.
pub struct Rules<'r> {
    in_order: Vec<&'r Rule>,
    library: &'r Library,
}

impl<'r> Rules<'r> {
    pub fn of(report: &'r Report) -> Self {
        let judged = report.audit.judgements.iter().map(|judgement| judgement.rule);
        let by_id: BTreeMap<&str, &Rule> = report.library.rules.iter().chain(judged).map(|rule| (rule.id.as_str(), rule)).collect();
        Rules { in_order: by_id.into_values().collect(), library: report.library }
    }

    pub fn all(&self) -> impl Iterator<Item = &'r Rule> {
        self.in_order.iter().copied()
    }

    /// The place of a rule among the descriptors.
    pub fn index(&self, id: &str) -> Option<i64> {
        self.in_order.binary_search_by(|known| known.id.as_str().cmp(id)).ok().and_then(|at| i64::try_from(at).ok())
    }

    pub fn reference(&self, id: &str) -> ReportingDescriptorReference {
        ReportingDescriptorReference { id: Some(id.to_owned()), index: self.index(id), ..ReportingDescriptorReference::default() }
    }

    /// With at most so many tags each.
    pub fn descriptors(&self, tags: usize) -> Vec<ReportingDescriptor> {
        self.all().map(|rule| descriptor(rule, self.library, tags)).collect()
    }
}

fn descriptor(rule: &Rule, library: &Library, tags: usize) -> ReportingDescriptor {
    let metadata = &rule.metadata;
    let title = metadata.title.trim();
    let description = metadata.description.trim();
    let links = metadata.related_resources.iter().map(|resource| format!("\nSee {}", resource.url));
    let help = format!("{description}\n\nTo mend: {}\n{}", metadata.custom.remediation.trim(), links.collect::<String>());
    let mut descriptor = ReportingDescriptor::builder()
        .id(rule.id.as_str())
        .name(name(&rule.id))
        .short_description(text(cut(&sentence(title), DESCRIPTION)))
        .full_description(text(cut(description, DESCRIPTION)))
        .help(MultiformatMessageString { markdown: Some(explain::page(rule, library)), ..text(help) })
        .default_configuration(ReportingConfiguration {
            level: Some(level(rule.severity).to_string().into()),
            ..ReportingConfiguration::default()
        })
        .properties(PropertyBag { tags: Some(self::tags(rule, tags)), ..severity(rule.severity) })
        .build();
    descriptor.help_uri = rule.url().map(str::to_owned);
    descriptor
}

pub fn level(severity: Severity) -> ResultLevel {
    match severity {
        Severity::Critical | Severity::High => ResultLevel::Error,
        Severity::Medium => ResultLevel::Warning,
        Severity::Low => ResultLevel::Note,
    }
}

/// What GitHub sorts alerts by. It reads "over 9.0" as critical, 7.0 to 8.9 as high, 4.0 to 6.9 as medium; the score must be a string.
fn severity(severity: Severity) -> PropertyBag {
    let (score, problem) = match severity {
        Severity::Critical => ("9.5", "error"),
        Severity::High => ("8.0", "error"),
        Severity::Medium => ("5.5", "warning"),
        Severity::Low => ("2.0", "recommendation"),
    };
    properties([("security-severity", score.into()), ("problem.severity", problem.into()), ("precision", "high".into())])
}

fn tags(rule: &Rule, most: usize) -> Vec<String> {
    let clauses = rule
        .metadata
        .custom
        .frameworks
        .iter()
        .flat_map(|(framework, clauses)| clauses.keys().map(move |clause| format!("{framework}/{clause}")));
    let mut tags = vec!["security".to_owned(), rule.family().to_owned(), "aws-backup".to_owned()];
    for clause in clauses {
        if !tags.contains(&clause) {
            tags.push(clause);
        }
    }
    tags.truncate(most);
    tags
}

/// `vault-lock/missing` is `VaultLockMissing`.
pub fn name(id: &str) -> String {
    let words = id.split(['/', '-', '_']).map(|word| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>()).unwrap_or_default()
    });
    cut(&words.collect::<String>(), NAME)
}

fn text(text: impl Into<String>) -> MultiformatMessageString {
    MultiformatMessageString { text: text.into(), markdown: None, properties: None }
}

/// With a full stop, and nothing in it that steers a terminal or breaks a line.
pub fn sentence(text: &str) -> String {
    let text = plain(text.trim());
    if text.ends_with(['.', '!', '?']) { text.into_owned() } else { format!("{text}.") }
}

/// At most so many characters; a cut is marked.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most { text.to_owned() } else { text.chars().take(most - 1).chain(['…']).collect() }
}
