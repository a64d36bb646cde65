//! One finding as SARIF's result: what every viewer needs of it.

use std::collections::BTreeMap;

use serde_sarif::sarif::{ArtifactLocation, Location, LogicalLocation, PhysicalLocation, Region, Result, ResultKind, ResultLevel};

use super::rules::{level, sentence};
use super::{Rules, message};
use crate::audit::{Finding, Verdict};
use crate::report::plain;

/// Digits of the fingerprint that GitHub tells alerts apart by; its own are as long.
const DIGITS: usize = 16;

/// The finding with its message, place and identity.
pub fn result(finding: &Finding, rules: &Rules) -> Result {
    let (kind, level) = match finding.verdict() {
        Verdict::Fail => (ResultKind::Fail, level(finding.rule.severity)),
        // SARIF 2.1.0, 3.27.10: a result that is not a failure has no level.
        Verdict::Unknown => (ResultKind::Open, ResultLevel::None),
        Verdict::Pass => (ResultKind::Pass, ResultLevel::None),
        Verdict::NotApplicable => (ResultKind::NotApplicable, ResultLevel::None),
    };
    let text = Some(finding.message()).filter(|text| !text.trim().is_empty()).unwrap_or_else(|| finding.rule.metadata.title.clone());
    let fingerprint = finding.fingerprint();
    let line_hash = format!("{fingerprint:.DIGITS$}:1");
    let mut result = Result::builder()
        .rule_id(finding.rule.id.as_str())
        .kind(kind)
        .level(level)
        .message(message(sentence(&text)))
        .locations(vec![location(finding)])
        .fingerprints(BTreeMap::from([("backstop/v1".to_owned(), fingerprint)]))
        .partial_fingerprints(BTreeMap::from([("primaryLocationLineHash".to_owned(), line_hash)]))
        .build();
    result.rule_index = rules.index(&finding.rule.id);
    result
}

/// A file that does not exist, by account, Region and kind, since GitHub refuses a result without one; and the subject itself.
fn location(finding: &Finding) -> Location {
    let artifact = ArtifactLocation { uri: Some(finding.location()), ..ArtifactLocation::default() };
    let region = Region { start_line: Some(1), start_column: Some(1), end_line: Some(1), end_column: Some(2), ..Region::default() };
    let subject = LogicalLocation {
        name: Some(plain(finding.subject.name()).into_owned()),
        fully_qualified_name: Some(plain(&finding.subject.id).into_owned()),
        kind: Some("resource".to_owned()),
        ..LogicalLocation::default()
    };
    Location {
        physical_location: Some(PhysicalLocation {
            artifact_location: Some(artifact),
            region: Some(region),
            ..PhysicalLocation::default()
        }),
        logical_locations: Some(vec![subject]),
        ..Location::default()
    }
}
