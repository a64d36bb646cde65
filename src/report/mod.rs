//! PRESS: an audit becomes bytes. Pure functions, one file per format; none decides anything.
//!
//! - `table`: for people, on a terminal
//! - `json`: everything, for programs
//! - `sarif`: everything, for viewers; `sarif_github`: what code scanning should alert on
//! - `why`: the story of one resource
//! - `spec`: what the specification contradicts itself in
//! - `explain`: a rule's page
//! - `text`: what all of them do to text that AWS's users chose

mod explain;
pub mod json;
pub mod sarif;
pub mod sarif_github;
pub mod spec;
pub mod table;
mod text;
pub mod why;

pub use explain::{explain, list};
pub use text::plain;

use crate::audit::{Audit, Conclusion};
use crate::policy::Library;
use crate::snapshot::{Call, Outcome, Snapshot};

/// What the table is ordered by, and whether the JSON report tells of promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
}

/// Which snapshot was audited.
#[derive(Debug, Clone)]
pub struct SnapshotSummary {
    /// SHA-256 of the document, or of the documents' own in their order, in hexadecimal digits.
    pub digest: String,
    pub units: Vec<UnitSummary>,
}

/// A unit, and how well it was seen.
#[derive(Debug, Clone)]
pub struct UnitSummary {
    pub account: String,
    pub region: String,
    pub source: String,
    pub calls: usize,
    pub calls_not_ok: Vec<Call>,
}

impl SnapshotSummary {
    pub fn of(snapshot: &Snapshot, digest: String) -> Self {
        let unit = |unit: &crate::snapshot::Unit| UnitSummary {
            account: unit.account.clone(),
            region: unit.region.clone(),
            source: unit.source.to_string(),
            calls: unit.calls.len(),
            calls_not_ok: unit.calls.iter().filter(|call| call.outcome != Outcome::Ok).cloned().collect(),
        };
        SnapshotSummary { digest, units: snapshot.units.iter().map(unit).collect() }
    }
}
