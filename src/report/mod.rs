//! PRESS: an audit becomes bytes. Pure functions, one file per format; none decides anything.
//!
//! - `table`: for people, on a terminal
//! - `json`: everything, for programs
//! - `sarif`: everything, for viewers; `sarif_github`: what code scanning should alert on
//! - `junit`, `csv`, `oscal`, `ocsf`: what CI systems, spreadsheets, auditors' tools and data lakes read
//! - `markdown`: a job summary; `annotations`: what GitHub shows beside the lines
//! - `html`: a page for people
//! - `diff`: what changed between two runs
//! - `why`: the story of one resource
//! - `upload`: what GitHub would refuse of a SARIF file
//! - `spec`: what the specification contradicts itself in
//! - `explain`: a rule's page, and what it says of one resource with what to do about it
//! - `waivers`: what there is to say of waivers
//! - `clauses`: what a rule is evidence for
//! - `text`: what all of them do to text that AWS's users chose

pub mod annotations;
mod clauses;
pub mod csv;
pub mod diff;
pub mod explain;
pub mod html;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod ocsf;
pub mod oscal;
pub mod sarif;
pub mod sarif_github;
pub mod spec;
pub mod table;
mod text;
pub mod upload;
pub mod waivers;
pub mod why;

pub use explain::list;
pub use text::plain;

use std::collections::BTreeMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};

use crate::audit::{Audit, Comparison, Conclusion, Finding};
use crate::facts::Irreversible;
use crate::policy::Library;
use crate::snapshot::{Call, Declaration, Outcome, Snapshot};

/// What the table is ordered by, and whether the JSON report tells of promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    Rule,
    /// From where each resource can be recovered.
    Resource,
    /// One verdict for each promise of the specification.
    Promise,
}

/// What a report is made of.
pub struct Report<'a> {
    pub audit: &'a Audit<'a>,
    pub library: &'a Library,
    pub conclusion: &'a Conclusion,
    pub snapshot: SnapshotSummary,
    /// With a former audit: what is new in this one.
    pub comparison: Option<&'a Comparison>,
    /// What a plan that was laid over the snapshot does for good.
    pub irreversible: &'a [Irreversible],
    /// What a person should know of the input as a whole; one sentence each.
    pub notices: &'a [String],
    /// By the findings' fingerprints: the lines that declare what they are about.
    pub declarations: &'a BTreeMap<String, Declaration>,
}

/// Where no source code was given.
pub static UNDECLARED: BTreeMap<String, Declaration> = BTreeMap::new();

impl Report<'_> {
    /// Whether the finding is to be shown to people: not what is waived, and with a comparison only what is new or counts all the same.
    pub fn shows(&self, finding: &Finding) -> bool {
        self.audit.waiving(finding).is_none() && self.comparison.is_none_or(|comparison| comparison.counts(finding))
    }

    pub fn declaration(&self, finding: &Finding) -> Option<&Declaration> {
        // Fingerprints of a million passes are not made for nothing.
        if self.declarations.is_empty() { None } else { self.declarations.get(&finding.fingerprint()) }
    }
}

/// Which snapshot was audited.
#[derive(Debug, Clone)]
pub struct SnapshotSummary {
    /// SHA-256 of the document, or of the documents' own in their order, in hexadecimal digits.
    pub digest: String,
    pub units: Vec<UnitSummary>,
    /// Why source code was not read whole, as a part of a sentence: a module is not installed, a plan is of some resources only.
    pub partial: Option<String>,
    /// The bundle of evidence that the same run wrote.
    pub kept: Option<Kept>,
}

/// A bundle of evidence, as reports beside it point to it.
#[derive(Debug, Clone)]
pub struct Kept {
    /// The last part of its path.
    pub name: String,
    /// Whether it is one file, and not a directory.
    pub is_archive: bool,
    /// By the paths of its files: their SHA-256, in hexadecimal digits.
    pub files: BTreeMap<String, String>,
}

impl Kept {
    pub const REPORT: &'static str = "reports/report.json";
    pub const MANIFEST: &'static str = "manifest.json";

    /// The documents of the snapshot, with their hashes.
    pub fn documents(&self) -> impl Iterator<Item = (&str, &str)> {
        let is_document = |path: &str| path == "snapshot.json" || path.starts_with("snapshot/");
        self.files.iter().map(|(path, hash)| (path.as_str(), hash.as_str())).filter(move |(path, _)| is_document(path))
    }

    pub fn hash(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// Where a file of it lies, seen from beside the bundle: a relative reference (RFC 3986). What is in an archive is its fragment.
    pub fn href(&self, path: &str) -> String {
        let name = utf8_percent_encode(&self.name, NAME);
        if self.is_archive { format!("{name}#{path}") } else { format!("{name}/{path}") }
    }
}

/// What a segment of a relative reference must not have as it is.
const NAME: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A unit, and how well it was seen.
#[derive(Debug, Clone)]
pub struct UnitSummary {
    pub account: String,
    pub region: String,
    pub source: String,
    /// By Terraform's files; else it was observed.
    pub is_declared: bool,
    pub calls: usize,
    pub calls_not_ok: Vec<Call>,
}

impl SnapshotSummary {
    pub fn of(snapshot: &Snapshot, digest: String) -> Self {
        let unit = |unit: &crate::snapshot::Unit| UnitSummary {
            account: unit.account.clone(),
            region: unit.region.clone(),
            source: unit.source.to_string(),
            is_declared: unit.source.is_terraform(),
            calls: unit.calls.len(),
            calls_not_ok: unit.calls.iter().filter(|call| call.outcome != Outcome::Ok).cloned().collect(),
        };
        SnapshotSummary { digest, units: snapshot.units.iter().map(unit).collect(), partial: None, kept: None }
    }
}
