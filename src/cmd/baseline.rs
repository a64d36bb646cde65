//! A former JSON report, as far as it is compared with.

use std::path::Path;

use serde::Deserialize;

use crate::audit::{Baseline, Record, Recorded, Verdict};
use crate::error::Error;
use crate::facts::Kind;
use crate::policy::Severity;
use crate::snapshot::Timestamp;

#[derive(Deserialize)]
struct Schema {
    schema: Option<String>,
}

#[derive(Deserialize)]
struct Report {
    as_of: Timestamp,
    snapshot: Snapshot,
    rules: Vec<Rule>,
    findings: Vec<Finding>,
}

#[derive(Deserialize)]
struct Snapshot {
    units: Vec<Unit>,
}

#[derive(Deserialize)]
struct Unit {
    account: String,
    region: String,
}

#[derive(Deserialize)]
struct Rule {
    id: String,
}

#[derive(Deserialize)]
struct Finding {
    rule: String,
    severity: Severity,
    verdict: Verdict,
    subject: Subject,
    message: String,
    fingerprint: String,
    /// There where somebody has accepted it.
    waiver: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct Subject {
    kind: Kind,
    id: String,
    name: String,
    account: String,
    region: String,
}

const SCHEMA: &str = "backstop/report/1";

pub fn read(path: &Path) -> Result<Baseline, Error> {
    record(&bytes(path)?, path).map(Record::baseline)
}

/// The file's bytes, unpacked where it is a `.zst`.
pub fn bytes(path: &Path) -> Result<Vec<u8>, Error> {
    let cannot = |source: std::io::Error| {
        Error::usage(format!("cannot read '{}': {source}", path.display()), "give a report that `--output json=FILE` wrote")
    };
    let bytes = std::fs::read(path).map_err(cannot)?;
    if path.extension().is_none_or(|extension| extension != "zst") {
        return Ok(bytes);
    }
    let wrong = |error: std::io::Error| Error::Baseline { path: path.to_owned(), message: format!("not a whole zstd file: {error}") };
    zstd::decode_all(bytes.as_slice()).map_err(wrong)
}

/// Whether it calls itself a report, of whichever version.
pub fn is_report(bytes: &[u8]) -> bool {
    serde_json::from_slice::<Schema>(bytes).is_ok_and(|it| it.schema.is_some())
}

/// The report that the bytes hold; `path` is what errors call it.
pub fn record(bytes: &[u8], path: &Path) -> Result<Record, Error> {
    let wrong = |message: String| Error::Baseline { path: path.to_owned(), message };
    // Another version may lack what this one asks for, which would be told first.
    let says: Schema = serde_json::from_slice(bytes).map_err(|error| wrong(error.to_string()))?;
    if says.schema.as_deref() != Some(SCHEMA) {
        let says: String = says.schema.unwrap_or_default().chars().take(60).collect();
        return Err(wrong(format!("it says schema '{says}', and this version of Backstop reads '{SCHEMA}'")));
    }
    let report: Report = serde_json::from_slice(bytes).map_err(|error| wrong(error.to_string()))?;
    let mut record = Record::empty(report.as_of);
    record.units = report.snapshot.units.into_iter().map(|unit| (unit.account, unit.region)).collect();
    record.rules = report.rules.into_iter().map(|rule| rule.id).collect();
    for Finding { rule, severity, verdict, subject, message, fingerprint, waiver } in report.findings {
        let Subject { kind, id: subject, name, account, region } = subject;
        record.add(
            verdict,
            fingerprint,
            Recorded { rule, severity, kind, subject, name, account, region, message, is_waived: waiver.is_some() },
        );
    }
    Ok(record)
}
