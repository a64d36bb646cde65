//! OCSF compliance findings (class 2003, cloud profile), one a line, for data lakes and SIEMs.
//! <https://schema.ocsf.io/1.8.0/classes/compliance_finding>. What the rule does not concern is no finding, and is left out.
//!
//! - `event`: an event, member by member

mod event;

use std::collections::BTreeSet;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::json;
use serde_json::value::{RawValue, to_raw_value};

use super::clauses::{Clause, clauses};
use super::{Kept, Report, plain};
use crate::audit::{Change, Finding, RuleJudgement, Verdict};
use crate::policy::Severity;
use event::{Account, Analytic, Cloud, Compliance, Event, Evidence, FindingInfo, Parameter, Remediation, Resource, Unmapped};

const SCHEMA: &str = "1.8.0";
const CLASS: u64 = 2003;

/// By rule, the most severe first, then by subject.
pub fn write(report: &Report, mut out: impl Write) -> io::Result<()> {
    let of_run = OfRun::new(report)?;
    for judgement in &report.audit.judgements {
        let of_rule = OfRule::new(judgement)?;
        for finding in judgement.findings(report.audit.subjects.of(judgement.kind)) {
            if finding.verdict() != Verdict::NotApplicable {
                write_event(&finding, &of_rule, &of_run, report, &mut out)?;
                out.write_all(b"\n")?;
            }
        }
    }
    Ok(())
}

/// What all events share, as it is written.
struct OfRun {
    metadata: Box<RawValue>,
    /// The report in the bundle that the same run made, and the bundle.
    file: Option<Box<RawValue>>,
    bundle: Option<Box<RawValue>>,
}

impl OfRun {
    fn new(report: &Report) -> io::Result<Self> {
        let kept = report.snapshot.kept.as_ref().and_then(|kept| Some((kept, kept.hash(Kept::REPORT)?)));
        let bundle = |kept: &Kept| {
            let documents = kept.documents().map(|(path, hash)| json!({ "path": kept.href(path), "sha256": hash }));
            json!({ "name": plain(&kept.name), "manifest_sha256": kept.hash(Kept::MANIFEST), "snapshot": documents.collect::<Vec<_>>() })
        };
        Ok(OfRun {
            metadata: raw(&json!({
                "version": SCHEMA, "profiles": ["cloud"],
                "product": { "name": "Backstop", "uid": "backstop", "vendor_name": "Backstop", "version": env!("CARGO_PKG_VERSION") },
            }))?,
            file: kept.map(|(kept, hash)| raw(&file(kept, Kept::REPORT, hash))).transpose()?,
            bundle: kept.map(|(kept, _)| raw(&bundle(kept))).transpose()?,
        })
    }
}

/// What all findings of a rule share, as it is written.
struct OfRule {
    standards: Box<RawValue>,
    requirements: Box<RawValue>,
    clauses: Box<RawValue>,
    references: Box<RawValue>,
}

impl OfRule {
    fn new(judgement: &RuleJudgement) -> io::Result<Self> {
        let rule = judgement.rule;
        let told = |clause: Clause| json!({ "framework": clause.framework, "clause": clause.clause, "strength": clause.strength });
        Ok(OfRule {
            standards: raw(&clauses(rule).map(|clause| clause.framework).collect::<BTreeSet<_>>())?,
            requirements: raw(&clauses(rule).map(|clause| clause.text()).collect::<Vec<_>>())?,
            clauses: raw(&clauses(rule).map(told).collect::<Vec<_>>())?,
            references: raw(&rule.metadata.related_resources.iter().map(|resource| &resource.url).collect::<Vec<_>>())?,
        })
    }
}

fn raw(value: &impl Serialize) -> io::Result<Box<RawValue>> {
    Ok(to_raw_value(value)?)
}

fn write_event(finding: &Finding, of_rule: &OfRule, of_run: &OfRun, report: &Report, out: impl Write) -> io::Result<()> {
    let (rule, verdict, facts) = (finding.rule, finding.verdict(), finding.facts);
    let metadata = &rule.metadata;
    let (fingerprint, message, name) = (finding.fingerprint(), finding.message(), plain(finding.subject.name()));
    let (activity_id, activity_name) = activity(finding, report);
    let (severity_id, severity) = match (verdict, rule.severity) {
        (Verdict::Pass | Verdict::NotApplicable, _) => (1, "Informational"),
        (_, Severity::Low) => (2, "Low"),
        (_, Severity::Medium) => (3, "Medium"),
        (_, Severity::High) => (4, "High"),
        (_, Severity::Critical) => (5, "Critical"),
    };
    // OCSF's warning is a check that "did not yield a result due to missing information".
    let (status_id, status) = match verdict {
        Verdict::Fail => (3, "Fail"),
        Verdict::Unknown => (2, "Warning"),
        Verdict::Pass => (1, "Pass"),
        Verdict::NotApplicable => (99, "Not applicable"),
    };
    let parameters = finding
        .outcome
        .parameters
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| Parameter { name, value: value.as_str().map_or_else(|| value.to_string(), str::to_owned) });
    let environment = report.audit.environments.name_of(facts);
    let event = Event {
        activity_id,
        activity_name,
        category_uid: 2,
        category_name: "Findings",
        class_uid: CLASS,
        class_name: "Compliance Finding",
        type_uid: CLASS * 100 + activity_id,
        type_name: format!("Compliance Finding: {activity_name}"),
        time: report.audit.as_of.millis(),
        severity_id,
        severity,
        message: &plain(&message),
        metadata: &of_run.metadata,
        cloud: Cloud {
            provider: "AWS",
            account: Account { uid: &facts.account, r#type: "AWS Account", type_id: 10 },
            region: &facts.region,
        },
        finding_info: FindingInfo {
            uid: &fingerprint,
            title: &metadata.title,
            desc: metadata.description.trim(),
            analytic: Analytic { uid: &rule.id, name: &metadata.title, r#type: "Rule", type_id: 1 },
        },
        compliance: Compliance {
            control: &rule.id,
            standards: &of_rule.standards,
            requirements: &of_rule.requirements,
            control_parameters: parameters.collect(),
            status,
            status_id,
            status_details: finding.outcome.reasons.iter().map(|reason| plain(&reason.to_string()).into_owned()).collect(),
        },
        resources: [Resource { uid: &finding.subject.id, name: &name, r#type: finding.kind.name(), region: &facts.region }],
        evidences: [Evidence {
            uid: &fingerprint,
            name: "what the rule was handed",
            data: &finding.outcome.evidence,
            file: of_run.file.as_deref(),
        }],
        unmapped: Unmapped {
            verdict: verdict.name(),
            clauses: &of_rule.clauses,
            snapshot_sha256: &report.snapshot.digest,
            at: finding.violation.map(|violation| violation.at.as_str()),
            environment: environment.known().map(String::as_str),
            declaration: report.declaration(finding),
            bundle: of_run.bundle.as_deref(),
        },
        remediation: (verdict == Verdict::Fail)
            .then(|| Remediation { desc: metadata.custom.remediation.trim(), references: &of_rule.references }),
    };
    Ok(serde_json::to_writer(out, &event)?)
}

/// A file of the bundle of evidence: OCSF's 1 is a regular file, its 3 is SHA-256.
fn file(kept: &Kept, path: &str, hash: &str) -> serde_json::Value {
    json!({
        "name": path.rsplit('/').next().unwrap_or(path), "path": kept.href(path), "type": "Regular File", "type_id": 1,
        "hashes": [{ "algorithm": "SHA-256", "algorithm_id": 3, "value": hash }],
    })
}

/// With a former audit: whether the finding is new in this one.
fn activity(finding: &Finding, report: &Report) -> (u64, &'static str) {
    match report.comparison {
        Some(comparison) if finding.verdict() == Verdict::Fail && comparison.change(finding) != Change::New => (2, "Update"),
        _ => (1, "Create"),
    }
}
