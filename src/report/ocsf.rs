//! OCSF compliance findings (class 2003, cloud profile), one a line, for data lakes and SIEMs.
//! <https://schema.ocsf.io/1.8.0/classes/compliance_finding>. What the rule does not concern is no finding, and is left out.

use std::collections::BTreeSet;
use std::io::{self, Write};

use serde_json::{Value, json};

use super::clauses::{Clause, clauses};
use super::{Kept, Report, plain};
use crate::audit::{Change, Finding, RuleJudgement, Verdict};
use crate::policy::Severity;

const SCHEMA: &str = "1.8.0";
const CLASS: u64 = 2003;

/// By rule, the most severe first, then by subject.
pub fn write(report: &Report, mut out: impl Write) -> io::Result<()> {
    for judgement in &report.audit.judgements {
        let rule = OfRule::new(judgement);
        for finding in judgement.findings(report.audit.subjects.of(judgement.kind)) {
            if finding.verdict() != Verdict::NotApplicable {
                serde_json::to_writer(&mut out, &event(&finding, &rule, report))?;
                out.write_all(b"\n")?;
            }
        }
    }
    Ok(())
}

/// What all findings of a rule share.
struct OfRule<'r> {
    standards: BTreeSet<&'r str>,
    requirements: Vec<String>,
    clauses: Vec<Value>,
    references: Vec<&'r str>,
}

impl<'r> OfRule<'r> {
    fn new(judgement: &RuleJudgement<'r>) -> Self {
        let rule = judgement.rule;
        let told = |clause: Clause| json!({ "framework": clause.framework, "clause": clause.clause, "strength": clause.strength });
        OfRule {
            standards: clauses(rule).map(|clause| clause.framework).collect(),
            requirements: clauses(rule).map(|clause| clause.text()).collect(),
            clauses: clauses(rule).map(told).collect(),
            references: rule.metadata.related_resources.iter().map(|resource| resource.url.as_str()).collect(),
        }
    }
}

fn event(finding: &Finding, of_rule: &OfRule, report: &Report) -> Value {
    let (rule, verdict) = (finding.rule, finding.verdict());
    let fingerprint = finding.fingerprint();
    let message = plain(&finding.message()).into_owned();
    let time = report.audit.as_of.millis();
    let (activity, activity_name) = activity(finding, report);
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
    let facts = finding.facts;
    let parameters: Vec<Value> = finding.outcome.parameters.as_object().into_iter().flatten().map(parameter).collect();
    let mut unmapped = json!({
        "verdict": verdict.name(), "clauses": of_rule.clauses, "snapshot_sha256": report.snapshot.digest,
    });
    if let Some(violation) = finding.violation {
        unmapped["at"] = json!(violation.at);
    }
    if let Some(environment) = report.audit.environments.name_of(facts).known() {
        unmapped["environment"] = json!(environment);
    }
    if let Some(declaration) = report.declaration(finding) {
        unmapped["declaration"] = json!(declaration);
    }
    let mut evidence = json!({ "uid": fingerprint, "name": "what the rule was handed", "data": finding.outcome.evidence });
    if let Some((kept, hash)) = report.snapshot.kept.as_ref().and_then(|kept| Some((kept, kept.hash(Kept::REPORT)?))) {
        evidence["file"] = file(kept, Kept::REPORT, hash);
        let documents = kept.documents().map(|(path, hash)| json!({ "path": kept.href(path), "sha256": hash }));
        unmapped["bundle"] = json!({
            "name": plain(&kept.name), "manifest_sha256": kept.hash(Kept::MANIFEST), "snapshot": documents.collect::<Vec<_>>(),
        });
    }
    let mut resource = json!({ "uid": finding.subject.id, "name": plain(finding.subject.name()), "type": finding.kind.name() });
    let mut cloud = json!({ "provider": "AWS", "account": { "uid": facts.account, "type": "AWS Account", "type_id": 10 } });
    if !facts.region.is_empty() {
        resource["region"] = json!(facts.region);
        cloud["region"] = json!(facts.region);
    }
    let mut event = json!({
        "activity_id": activity, "activity_name": activity_name,
        "category_uid": 2, "category_name": "Findings",
        "class_uid": CLASS, "class_name": "Compliance Finding",
        "type_uid": CLASS * 100 + activity, "type_name": format!("Compliance Finding: {activity_name}"),
        "time": time,
        "severity_id": severity_id, "severity": severity,
        "message": message,
        "metadata": {
            "version": SCHEMA, "profiles": ["cloud"],
            "product": { "name": "Backstop", "uid": "backstop", "vendor_name": "Backstop", "version": env!("CARGO_PKG_VERSION") },
        },
        "cloud": cloud,
        "finding_info": {
            "uid": fingerprint, "title": rule.metadata.title, "desc": rule.metadata.description.trim(),
            "analytic": { "uid": rule.id, "name": rule.metadata.title, "type": "Rule", "type_id": 1 },
        },
        "compliance": {
            "control": rule.id, "standards": of_rule.standards, "requirements": of_rule.requirements, "control_parameters": parameters,
            "status": status, "status_id": status_id,
            "status_details": finding.outcome.reasons.iter().map(|reason| plain(&reason.to_string()).into_owned()).collect::<Vec<_>>(),
        },
        "resources": [resource],
        "evidences": [evidence],
        "unmapped": unmapped,
    });
    if verdict == Verdict::Fail {
        event["remediation"] = json!({ "desc": rule.metadata.custom.remediation.trim(), "references": of_rule.references });
    }
    event
}

/// A file of the bundle of evidence: OCSF's 1 is a regular file, its 3 is SHA-256.
fn file(kept: &Kept, path: &str, hash: &str) -> Value {
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

/// OCSF's values are texts.
fn parameter((name, value): (&String, &Value)) -> Value {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    json!({ "name": name, "value": text })
}
