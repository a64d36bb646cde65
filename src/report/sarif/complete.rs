//! The complete profile: every verdict with what it rests on, for viewers and for the file of evidence.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};
use serde_sarif::sarif;

use super::accounts::by_account;
use super::log::{Run, automation, driver, write};
use super::notices::{self, Notice, invocation};
use super::rules::TAGS;
use super::taxonomies::Taxonomies;
use super::{Rules, properties, result, source_root};
use crate::audit::{Change, Finding, Verdict, Waiving};
use crate::facts::Kind;
use crate::report::{Report, plain};
use crate::snapshot::{Reason, SCHEMA};

/// How many passes and not-applicables of one rule are listed in a run. The rest is counted in a notification, lest the
/// fine recovery points of a large account fill gigabytes. `fail` and `unknown` are always listed.
const FINE_LISTED: usize = 5_000;

/// One run for each account, in their order; results from the most severe rule to the mildest, then by subject.
pub fn render<'r>(report: &'r Report) -> Result<Vec<u8>, serde_json::Error> {
    let rules = Rules::of(report);
    let taxonomies = Taxonomies::of(&rules);
    let mut driver = driver(&rules, TAGS);
    driver.supported_taxonomies = Some(taxonomies.supported());
    for (descriptor, rule) in driver.rules.iter_mut().flatten().zip(rules.all()) {
        descriptor.relationships = Some(taxonomies.relationships(rule)).filter(|relationships| !relationships.is_empty());
    }
    let press = |finding: &Finding<'r>| Explained::new(finding, &rules, report);
    let runs = by_account(report, Docket::add).into_iter().map(|(account, docket)| {
        let notifications = notices::calls(report, account).chain(docket.not_listed(&rules)).collect();
        let snapshot = snapshot(report, account, &docket);
        let automation = automation(&format!("backstop/{account}"), report.audit);
        let mut run = Run::new(driver.clone(), invocation(report, &rules, notifications), automation, docket.findings, &press);
        run.frame.original_uri_base_ids = source_root(report);
        run.frame.taxonomies = Some(taxonomies.components());
        run.frame.properties = Some(properties([("snapshot", snapshot)]));
        run
    });
    write(runs.collect())
}

/// The findings of one account.
#[derive(Default)]
struct Docket<'a> {
    findings: Vec<Finding<'a>>,
    /// In the order of [`Verdict::ALL`], the unlisted included.
    counts: [usize; 4],
    /// By rule: the passes and not-applicables.
    fine: BTreeMap<&'a str, Fine>,
}

#[derive(Default)]
struct Fine {
    listed: usize,
    more_pass: usize,
    more_not_applicable: usize,
}

impl<'a> Docket<'a> {
    fn add(&mut self, finding: Finding<'a>) {
        let verdict = finding.verdict();
        self.counts[verdict as usize] += 1;
        if matches!(verdict, Verdict::Pass | Verdict::NotApplicable) {
            let fine = self.fine.entry(&finding.rule.id).or_default();
            match verdict {
                _ if fine.listed < FINE_LISTED => fine.listed += 1,
                Verdict::Pass => return fine.more_pass += 1,
                _ => return fine.more_not_applicable += 1,
            }
        }
        self.findings.push(finding);
    }

    /// A notification for each rule of which not everything is listed.
    fn not_listed(&self, rules: &Rules) -> Vec<sarif::Notification> {
        let more = self.fine.iter().filter(|(_, fine)| fine.more_pass + fine.more_not_applicable > 0);
        let notification = |(rule, fine): (&&str, &Fine)| {
            let Fine { listed, more_pass, more_not_applicable } = fine;
            let text = format!(
                "Of the subjects that do not violate rule '{rule}', {listed} are listed; \
                 it holds for {more_pass} more and does not concern {more_not_applicable} more."
            );
            let mut notification = Notice::VerdictsNotListed.notification(&text);
            notification.associated_rule = Some(rules.reference(rule));
            notification.properties = Some(properties([("pass", json!(more_pass)), ("not_applicable", json!(more_not_applicable))]));
            notification
        };
        more.map(notification).collect()
    }
}

/// The result with everything the verdict rests on. That is borrowed: it is large, and there is one for every verdict.
#[derive(Serialize)]
struct Explained<'a> {
    #[serde(flatten)]
    result: sarif::Result,
    properties: Basis<'a>,
}

#[derive(Serialize)]
struct Basis<'a> {
    account: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    environment: Option<String>,
    evidence: &'a Value,
    parameters: &'a Value,
    #[serde(skip_serializing_if = "<[Reason]>::is_empty")]
    reasons: &'a [Reason],
    region: &'a str,
    subject: Kind,
}

impl<'a> Explained<'a> {
    fn new(finding: &Finding<'a>, rules: &Rules, report: &Report) -> Self {
        let mut result = result(finding, rules, report.declaration(finding));
        result.suppressions = suppressions(finding, report);
        result.baseline_state = report.comparison.map(|comparison| match (finding.verdict(), comparison.change(finding)) {
            (Verdict::Fail, Change::New) => json!("new"),
            (Verdict::Fail, Change::Changed) => json!("updated"),
            (Verdict::Unknown, _) if comparison.introduces(finding) => json!("new"),
            _ => json!("unchanged"),
        });
        let properties = Basis {
            account: &finding.facts.account,
            at: finding.violation.map(|violation| violation.at.as_str()),
            environment: report.audit.environments.name_of(finding.facts).known().cloned(),
            evidence: &finding.outcome.evidence,
            parameters: &finding.outcome.parameters,
            reasons: &finding.outcome.reasons,
            region: &finding.facts.region,
            subject: finding.kind,
        };
        Explained { result, properties }
    }
}

/// SARIF 2.1.0, 3.27.23: all results of a run have this, or none, so that who was asked and said no is told from who was not asked.
fn suppressions(finding: &Finding, report: &Report) -> Option<Vec<sarif::Suppression>> {
    report.audit.waivers.waivers?;
    let suppression = |waiving: &Waiving| {
        sarif::Suppression::builder().kind("external").status("accepted").justification(plain(&waiving.waiver.justification())).build()
    };
    Some(report.audit.waiving(finding).map(suppression).into_iter().collect())
}

/// What was audited, and what came of it.
fn snapshot(report: &Report, account: &str, docket: &Docket) -> Value {
    let units = report.snapshot.units.iter().filter(|unit| unit.account == account);
    let unit = |unit: &crate::report::UnitSummary| {
        json!({
            "account": unit.account, "region": unit.region, "source": unit.source,
            "calls": unit.calls, "calls_not_ok": unit.calls_not_ok.len(),
        })
    };
    let verdicts = Verdict::ALL.map(|verdict| (verdict.name().to_owned(), json!(docket.counts[verdict as usize])));
    let mut snapshot = json!({
        "schema": SCHEMA,
        "as_of": report.audit.as_of,
        "units": units.map(unit).collect::<Vec<_>>(),
        "verdicts": Value::Object(verdicts.into_iter().collect()),
    });
    if !report.snapshot.digest.is_empty() {
        snapshot["sha256"] = json!(report.snapshot.digest);
    }
    snapshot
}
