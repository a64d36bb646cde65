//! The JSON report: every verdict, with what it rests on. Findings are written as they are made, not gathered first.

mod change;
mod resources;
mod waivers;

use std::collections::BTreeMap;
use std::io::Write;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::{By, Report};
use crate::audit::{Audit, Counts, Finding, Keeping, PromiseJudgement, Verdict, promises, recoveries};
use crate::facts::{Facts, Irreversible, Kind, Subject};
use crate::policy::{Severity, Strength};
use crate::snapshot::{Call, Declaration, Reason, Timestamp};
use change::{ChangeOut, ComparisonOut};
pub use resources::FromOut;
use resources::ResourceOut;
use waivers::WaivingOut;
pub use waivers::{WaiverOut, list as waivers};

const SCHEMA: &str = "backstop/report/1";
/// How many findings, and how many reasons of a rule, are told of each promise; `findings` has them all.
const OF_A_PROMISE: usize = 20;

#[derive(Serialize, JsonSchema)]
struct Document<'a> {
    /// Always `backstop/report/1`.
    #[schemars(extend("const" = SCHEMA))]
    schema: &'static str,
    backstop: Version,
    as_of: Timestamp,
    conclusion: Conclusion<'a>,
    snapshot: Snapshot<'a>,
    /// All waivers with what they came to, in their file's order; left out where there is no waivers file.
    #[serde(skip_serializing_if = "Option::is_none")]
    waivers: Option<Vec<WaivingOut<'a>>>,
    /// Rules that were judged, the most severe first.
    rules: Vec<RuleSummary<'a>>,
    /// Rules that the configuration switched off, by id.
    disabled_rules: &'a [String],
    /// What became of each promise of the specification, in its order; left out unless `--by promise` asks for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    promises: Option<Vec<PromiseOut<'a>>>,
    /// From where each resource can be recovered, in the order of their ids; left out unless `--by resource` asks for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    resources: Option<Vec<ResourceOut<'a>>>,
    /// What differs from a former audit, where there is one to compare with.
    #[serde(skip_serializing_if = "Option::is_none")]
    comparison: Option<ComparisonOut<'a>>,
    /// What the plan that was laid over the snapshot does for good; left out where there is nothing of that kind.
    #[serde(skip_serializing_if = "<[Irreversible]>::is_empty")]
    irreversible: &'a [Irreversible],
    /// What a person should know of the input as a whole, a sentence each; left out where there is nothing.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    notices: &'a [String],
    /// Every verdict: by rule in the order of `rules`, then by subject.
    #[schemars(with = "Vec<FindingOut>")]
    findings: Findings<'a>,
}

#[derive(Serialize, JsonSchema)]
struct Version {
    version: &'static str,
}

#[derive(Serialize, JsonSchema)]
struct Conclusion<'a> {
    exit_code: u8,
    reason: &'a str,
}

#[derive(Serialize, JsonSchema)]
struct Snapshot<'a> {
    /// SHA-256 of what was audited.
    sha256: &'a str,
    units: Vec<Unit<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct Unit<'a> {
    account: &'a str,
    region: &'a str,
    source: &'a str,
    calls: usize,
    /// The calls that brought nothing, or not everything.
    calls_not_ok: &'a [Call],
}

#[derive(Serialize, JsonSchema)]
struct RuleSummary<'a> {
    id: &'a str,
    title: &'a str,
    severity: Severity,
    subject: Kind,
    description: &'a str,
    remediation: &'a str,
    reads: &'a [String],
    parameters: &'a [String],
    spec: &'a [String],
    /// By framework: its clauses, and how much of each a pass of the rule shows.
    frameworks: &'a BTreeMap<String, BTreeMap<String, Strength>>,
    references: Vec<&'a str>,
    /// Subjects by verdict.
    verdicts: VerdictCounts,
    /// How many of those that fail are waived; left out where none is.
    #[serde(skip_serializing_if = "Option::is_none")]
    waived: Option<usize>,
}

#[derive(Serialize, JsonSchema)]
struct VerdictCounts {
    fail: usize,
    unknown: usize,
    pass: usize,
    not_applicable: usize,
}

#[derive(Serialize, JsonSchema)]
struct PromiseOut<'a> {
    id: &'a str,
    /// The lines of the specification where it is promised.
    spec: &'a [String],
    /// What is promised.
    says: &'a str,
    verdict: Keeping,
    /// Why no API can show that it is kept; left out where one can.
    #[serde(skip_serializing_if = "Option::is_none")]
    not_verifiable: Option<&'a str>,
    /// The rules that prove it, or that can only contradict it where it is not verifiable.
    rules: Vec<RuleShareOut<'a>>,
    /// The first findings that contradict it.
    failures: Vec<FailureOut<'a>>,
    /// Why it is not verified, for one that is `unproven`.
    doubts: Vec<DoubtOut>,
}

#[derive(Serialize, JsonSchema)]
struct RuleShareOut<'a> {
    id: &'a str,
    /// Whether it was judged; the configuration can switch a rule off.
    judged: bool,
    /// Subjects by verdict.
    verdicts: VerdictCounts,
}

#[derive(Serialize, JsonSchema)]
struct FailureOut<'a> {
    /// The rule's id.
    rule: &'a str,
    message: String,
    /// That of the finding in `findings`.
    fingerprint: String,
    /// Why it does not fail the run, although it is there; left out where it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    waiver: Option<WaiverOut<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct DoubtOut {
    /// The rule's id.
    rule: String,
    /// The first reasons, as parts of sentences.
    reasons: Vec<String>,
    /// How many reasons there are.
    count: usize,
}

#[derive(Serialize, JsonSchema)]
struct FindingOut<'a> {
    /// The rule's id.
    rule: &'a str,
    severity: Severity,
    verdict: Verdict,
    subject: SubjectOut<'a>,
    /// The environment whose parameters were in force; left out where it is unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    environment: Option<String>,
    /// One or more sentences.
    message: String,
    /// The field to change, for a `fail`.
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<&'a str>,
    /// The fields that the rule was handed; an unknown one is `{"$unknown": [...]}`.
    evidence: &'a Value,
    /// The parameters that it was handed.
    parameters: &'a Value,
    /// Why the verdict is `unknown`; left out otherwise.
    #[serde(skip_serializing_if = "<[Reason]>::is_empty")]
    reasons: &'a [Reason],
    /// The same across runs for the same rule, subject and discriminator.
    fingerprint: String,
    /// Why a `fail` does not count; left out where it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    waiver: Option<WaiverOut<'a>>,
    /// How a `fail` that counts relates to the former audit, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<ChangeOut>,
    /// The line of source code that declares what is to be changed; left out where none is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    declaration: Option<&'a Declaration>,
}

#[derive(Serialize, JsonSchema)]
struct SubjectOut<'a> {
    kind: Kind,
    /// An ARN where AWS gives one.
    id: &'a str,
    name: &'a str,
    account: &'a str,
    /// Empty for what belongs to a whole account.
    region: &'a str,
}

impl<'a> SubjectOut<'a> {
    fn of(kind: Kind, subject: &'a Subject, facts: &'a Facts) -> Self {
        SubjectOut { kind, id: &subject.id, name: subject.name(), account: &facts.account, region: &facts.region }
    }
}

impl<'a> FailureOut<'a> {
    fn of(finding: &Finding<'a>, audit: &'a Audit<'a>) -> Self {
        let waiver = WaiverOut::of_finding(finding, audit);
        FailureOut { rule: &finding.rule.id, message: finding.message(), fingerprint: finding.fingerprint(), waiver }
    }
}

struct Findings<'a>(&'a Report<'a>);

impl Serialize for Findings<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.audit.findings().map(|finding| out(&finding, self.0)))
    }
}

fn out<'a>(finding: &Finding<'a>, report: &'a Report) -> FindingOut<'a> {
    let waiving = report.audit.waiving(finding);
    FindingOut {
        rule: &finding.rule.id,
        severity: finding.rule.severity,
        verdict: finding.verdict(),
        subject: SubjectOut::of(finding.kind, finding.subject, finding.facts),
        environment: report.audit.environments.name_of(finding.facts).known().cloned(),
        message: finding.message(),
        at: finding.violation.map(|violation| violation.at.as_str()),
        evidence: &finding.outcome.evidence,
        parameters: &finding.outcome.parameters,
        reasons: &finding.outcome.reasons,
        fingerprint: finding.fingerprint(),
        waiver: waiving.map(|waiving| WaiverOut::of(waiving.waiver, &report.audit.waivers)),
        change: report.comparison.filter(|_| waiving.is_none()).and_then(|comparison| ChangeOut::of(finding, comparison)),
        declaration: report.declaration(finding),
    }
}

impl From<Counts> for VerdictCounts {
    fn from(counts: Counts) -> Self {
        VerdictCounts { fail: counts.fail, unknown: counts.unknown, pass: counts.pass, not_applicable: counts.not_applicable }
    }
}

fn promise<'a>(judged: &'a PromiseJudgement<'a>, audit: &'a Audit<'a>) -> PromiseOut<'a> {
    let failures = judged.rules.iter().flat_map(|share| share.failures(audit)).take(OF_A_PROMISE);
    let doubts = if judged.keeping == Keeping::Unproven { judged.doubts() } else { Vec::new() };
    PromiseOut {
        id: &judged.promise.id,
        spec: &judged.promise.spec,
        says: &judged.promise.says,
        verdict: judged.keeping,
        not_verifiable: judged.promise.not_verifiable.as_deref(),
        rules: judged
            .rules
            .iter()
            .map(|share| RuleShareOut { id: share.rule, judged: share.judged.is_some(), verdicts: share.counts().into() })
            .collect(),
        failures: failures.map(|finding| FailureOut::of(&finding, audit)).collect(),
        doubts: doubts
            .into_iter()
            .map(|(rule, mut reasons)| {
                let count = reasons.len();
                reasons.truncate(OF_A_PROMISE);
                DoubtOut { rule: rule.to_owned(), reasons, count }
            })
            .collect(),
    }
}

/// Writes the report, one finding a line, so that two of them can be compared line by line.
pub fn write(report: &Report, by: By, mut out: impl Write) -> std::io::Result<()> {
    let audit = report.audit;
    let judged = (by == By::Promise).then(|| promises(audit, &report.library.promises));
    let recovered = (by == By::Resource).then(|| recoveries(audit));
    let document = Document {
        schema: SCHEMA,
        backstop: Version { version: env!("CARGO_PKG_VERSION") },
        as_of: audit.as_of,
        conclusion: Conclusion { exit_code: report.conclusion.exit.code(), reason: &report.conclusion.reason },
        snapshot: Snapshot {
            sha256: &report.snapshot.digest,
            units: report
                .snapshot
                .units
                .iter()
                .map(|unit| Unit {
                    account: &unit.account,
                    region: &unit.region,
                    source: &unit.source,
                    calls: unit.calls,
                    calls_not_ok: &unit.calls_not_ok,
                })
                .collect(),
        },
        waivers: waivers::all(&audit.waivers),
        rules: audit
            .judgements
            .iter()
            .map(|judgement| RuleSummary {
                id: &judgement.rule.id,
                title: &judgement.rule.metadata.title,
                severity: judgement.rule.severity,
                subject: judgement.kind,
                description: judgement.rule.metadata.description.trim(),
                remediation: judgement.rule.metadata.custom.remediation.trim(),
                reads: judgement.rule.reads(),
                parameters: &judgement.rule.metadata.custom.parameters,
                spec: &judgement.rule.metadata.custom.spec,
                frameworks: &judgement.rule.metadata.custom.frameworks,
                references: judgement.rule.metadata.related_resources.iter().map(|resource| resource.url.as_str()).collect(),
                verdicts: judgement.counts(audit.subjects).into(),
                waived: Some(audit.waivers.of_rule(&judgement.rule.id).subjects).filter(|subjects| *subjects > 0),
            })
            .collect(),
        disabled_rules: &audit.disabled,
        promises: judged.as_ref().map(|judged| judged.iter().map(|judged| promise(judged, audit)).collect()),
        resources: recovered.as_ref().map(|recovered| recovered.iter().map(|judged| resources::out(judged, audit)).collect()),
        comparison: report.comparison.map(|comparison| ComparisonOut::of(comparison, audit)),
        irreversible: report.irreversible,
        notices: report.notices,
        findings: Findings(report),
    };
    let mut serializer = serde_json::Serializer::with_formatter(&mut out, LinePerFinding::default());
    document.serialize(&mut serializer)?;
    out.write_all(b"\n")
}

/// The report's JSON Schema, generated from the types that write it.
pub fn schema() -> Value {
    let mut schema = SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<Document>();
    schema.insert("$id".to_owned(), SCHEMA.into());
    schema.insert("title".to_owned(), "Backstop report".into());
    schema.to_value()
}

/// Compact JSON, but for a line break before each element of a list that is a member of the document itself.
#[derive(Default)]
struct LinePerFinding {
    depth: usize,
}

impl serde_json::ser::Formatter for LinePerFinding {
    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> std::io::Result<()> {
        self.depth += 1;
        writer.write_all(b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> std::io::Result<()> {
        self.depth -= 1;
        writer.write_all(b"}")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> std::io::Result<()> {
        self.separate(writer, first)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> std::io::Result<()> {
        self.separate(writer, first)
    }
}

impl LinePerFinding {
    fn separate<W: ?Sized + Write>(&self, writer: &mut W, first: bool) -> std::io::Result<()> {
        writer.write_all(match (first, self.depth) {
            (true, 1) => b"\n",
            (true, _) => b"",
            (false, 1) => b",\n",
            (false, _) => b",",
        })
    }
}
