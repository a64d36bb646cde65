//! A former JSON report, as far as it is compared with.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::audit::{Baseline, Former, Verdict};
use crate::error::Error;

#[derive(Deserialize)]
struct Report {
    schema: String,
    findings: Vec<Finding>,
}

#[derive(Deserialize)]
struct Finding {
    rule: String,
    verdict: Verdict,
    subject: Subject,
    message: String,
    fingerprint: String,
    waiver: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Subject {
    id: String,
    name: String,
}

const SCHEMA: &str = "backstop/report/1";

pub fn read(path: &Path) -> Result<Baseline, Error> {
    let wrong = |message: String| Error::Baseline { path: path.to_owned(), message };
    let file = File::open(path).map_err(|source| {
        Error::usage(format!("cannot read the baseline '{}': {source}", path.display()), "give a report that `--output json=FILE` wrote")
    })?;
    let report: Report = serde_json::from_reader(BufReader::new(file)).map_err(|error| wrong(error.to_string()))?;
    if report.schema != SCHEMA {
        return Err(wrong(format!("it says schema '{}', and this version of Backstop reads '{SCHEMA}'", report.schema)));
    }
    let mut baseline = Baseline::default();
    for Finding { rule, verdict, subject, message, fingerprint, waiver } in report.findings {
        match verdict {
            // What was accepted then is new once it no longer is.
            Verdict::Fail if waiver.is_some() => {}
            Verdict::Fail => _ = baseline.failed.insert(fingerprint, Former { rule, subject: subject.id, name: subject.name, message }),
            Verdict::Unknown => _ = baseline.unknown.insert(fingerprint),
            Verdict::Pass | Verdict::NotApplicable => {}
        }
    }
    Ok(baseline)
}
