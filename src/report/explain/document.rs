//! What a rule says of the subjects that were asked about, as JSON.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;
use serde_json::{Value, json};

use super::case::Case;
use super::fix::Fix;
use crate::audit::{Audit, Finding, Verdict};
use crate::facts::{Kind, permissions};
use crate::policy::{Rule, Severity};
use crate::report::table::leaves;
use crate::report::waivers;
use crate::snapshot::{Cause, Declaration, Reason, Snapshot, Timestamp};

const SCHEMA: &str = "backstop/explain/1";

/// What is told.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Explained<'a> {
    /// Always `backstop/explain/1`.
    #[schemars(extend("const" = SCHEMA))]
    schema: &'static str,
    pub rule: RuleOut<'a>,
    /// Null where no resource was asked about.
    pub as_of: Option<Timestamp>,
    /// What was asked about.
    pub resource: Option<&'a str>,
    /// The subjects of the rule that are it, or belong to it: failures first.
    pub subjects: Vec<On>,
    /// How many more there are.
    pub more: usize,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct RuleOut<'a> {
    pub id: &'a str,
    pub title: &'a str,
    pub severity: Severity,
    /// What it judges.
    pub subject: &'a str,
    pub description: &'a str,
    pub remediation: &'a str,
    /// The rule's own page, in Markdown, with its placeholders.
    pub page: &'a str,
}

/// One subject under the rule.
#[derive(Debug, Serialize, JsonSchema)]
pub struct On {
    pub id: String,
    pub name: String,
    pub kind: Kind,
    pub account: String,
    pub region: String,
    /// Null where it is not known.
    pub environment: Option<String>,
    pub verdict: Verdict,
    /// What is wrong; else one sentence on the verdict.
    pub messages: Vec<String>,
    /// What the rule was handed, by the paths of the facts.
    pub values: Vec<Seen>,
    pub parameters: Vec<ParameterSet>,
    /// Why it could not be judged.
    pub unknown: Vec<Blind>,
    /// Where it is declared, as far as Terraform's files were given.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub declarations: Vec<Declaration>,
    /// Null where there is nothing to mend.
    pub fix: Option<Fix>,
    /// A stanza for waivers.toml, whose reason is to be filled in. Null where nothing is left to waive.
    pub waiver: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct Seen {
    pub path: String,
    pub values: Vec<String>,
}

/// A parameter in force.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ParameterSet {
    pub name: String,
    pub value: Value,
    /// Where it was set, as the end of a sentence.
    pub set_by: String,
}

/// A reason for which it could not be judged.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Blind {
    #[serde(flatten)]
    pub reason: Reason,
    /// The IAM statement that allows the call, where one was denied.
    pub allow: Option<Value>,
}

/// What else there is to know, which only the command line can tell.
pub struct Settled<'a> {
    pub audit: &'a Audit<'a>,
    pub snapshot: &'a Snapshot,
    /// Where a parameter of an environment was set.
    pub set_by: &'a dyn Fn(&str, Option<&str>) -> String,
    /// The stanza that waives a subject's findings.
    pub waiver: &'a dyn Fn(&str) -> String,
    pub declared: &'a dyn Fn(&Finding) -> Option<Declaration>,
}

impl<'a> Explained<'a> {
    pub fn rule(rule: &'a Rule) -> Self {
        let metadata = &rule.metadata;
        let rule = RuleOut {
            id: &rule.id,
            title: &metadata.title,
            severity: rule.severity,
            subject: rule.subject(),
            description: metadata.description.trim(),
            remediation: metadata.custom.remediation.trim(),
            page: &rule.page,
        };
        Explained { schema: SCHEMA, rule, as_of: None, resource: None, subjects: Vec::new(), more: 0 }
    }
}

impl On {
    /// One subject; none where it has no findings, which cannot be.
    pub fn of(findings: &[Finding], settled: &Settled) -> Option<On> {
        let first = *findings.first()?;
        let case = Case { findings, first, audit: settled.audit, snapshot: settled.snapshot };
        let verdict = first.verdict();
        let fails = verdict == Verdict::Fail;
        let is_open = fails && findings.iter().any(|finding| settled.audit.waiving(finding).is_none());
        let environment = settled.audit.environments.name_of(first.facts).known().cloned();
        let parameters = first.outcome.parameters.as_object().into_iter().flatten().map(|(name, value)| ParameterSet {
            name: name.clone(),
            value: value.clone(),
            set_by: (settled.set_by)(name, environment.as_deref()),
        });
        Some(On {
            id: first.subject.id.to_string(),
            name: first.subject.name().to_owned(),
            kind: first.kind,
            account: first.facts.account.clone(),
            region: first.facts.region.clone(),
            verdict,
            messages: match verdict {
                Verdict::NotApplicable => vec![not_applicable(&first)],
                _ => findings.iter().map(|finding| finding.message() + &waivers::mark(finding, settled.audit)).collect(),
            },
            values: leaves(&first.outcome.evidence).into_iter().map(|(path, values)| Seen { path, values }).collect(),
            parameters: parameters.collect(),
            unknown: first.outcome.reasons.iter().map(Blind::of).collect(),
            declarations: findings.iter().filter_map(|finding| (settled.declared)(finding)).collect(),
            fix: fails.then(|| Fix::of(&case)),
            waiver: is_open.then(|| (settled.waiver)(&first.subject.id)),
            environment,
        })
    }
}

/// What decided that the rule does not concern it.
fn not_applicable(finding: &Finding) -> String {
    let reads: Vec<String> = finding.rule.applies_reads.iter().flatten().map(|path| format!("'{path}'")).collect();
    let parameters: Vec<String> = finding.rule.metadata.custom.parameters.iter().map(|name| format!("'{name}'")).collect();
    let from = match (reads.is_empty(), parameters.is_empty()) {
        (false, false) => format!(" by the values of {} and the parameters {}", reads.join(", "), parameters.join(", ")),
        (false, true) => format!(" by the values of {}", reads.join(", ")),
        (true, false) => format!(" by the parameters {}", parameters.join(", ")),
        (true, true) => String::new(),
    };
    format!("The rule does not concern this subject{from}.")
}

impl Blind {
    fn of(reason: &Reason) -> Blind {
        let is_denied = reason.cause == Cause::Denied;
        let allow = reason.call.as_deref().filter(|_| is_denied).and_then(permissions::statement);
        Blind { reason: reason.clone(), allow }
    }
}

pub fn json(explained: &Explained) -> Value {
    json!(explained)
}

/// The JSON Schema of what `json` makes.
pub fn schema() -> Value {
    let mut schema = SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<Explained>();
    schema.insert("$id".to_owned(), SCHEMA.into());
    schema.to_value()
}
