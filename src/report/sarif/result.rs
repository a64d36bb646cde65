//! One finding as SARIF's result: what every viewer needs of it.

use std::collections::BTreeMap;

use serde_sarif::sarif::{Result, ResultKind, ResultLevel};

use super::location::{location, related};
use super::rules::{level, sentence};
use super::{Rules, message};
use crate::audit::{Finding, Verdict};
use crate::snapshot::Declaration;

/// Digits of the fingerprint that GitHub tells alerts apart by; its own are as long.
const DIGITS: usize = 16;

/// The finding with its message, place and identity.
pub fn result(finding: &Finding, rules: &Rules, declaration: Option<&Declaration>) -> Result {
    let (kind, level) = match finding.verdict() {
        Verdict::Fail => (ResultKind::Fail, level(finding.rule.severity)),
        // SARIF 2.1.0, 3.27.10: a result that is not a failure has no level.
        Verdict::Unknown => (ResultKind::Open, ResultLevel::None),
        Verdict::Pass => (ResultKind::Pass, ResultLevel::None),
        Verdict::NotApplicable => (ResultKind::NotApplicable, ResultLevel::None),
    };
    let text = Some(finding.message()).filter(|text| !text.trim().is_empty()).unwrap_or_else(|| finding.rule.metadata.title.clone());
    let note = declaration.and_then(|declaration| declaration.note.as_ref());
    let text = sentence(&text) + &note.map_or_else(String::new, |note| format!(" {}", sentence(note)));
    let fingerprint = finding.fingerprint();
    let line_hash = format!("{fingerprint:.DIGITS$}:1");
    let mut result = Result::builder()
        .rule_id(finding.rule.id.as_str())
        .kind(kind)
        .level(level)
        .message(message(text))
        .locations(vec![location(finding, declaration)])
        .fingerprints(BTreeMap::from([("backstop/v1".to_owned(), fingerprint)]))
        .partial_fingerprints(BTreeMap::from([("primaryLocationLineHash".to_owned(), line_hash)]))
        .build();
    result.rule_index = rules.index(&finding.rule.id);
    result.related_locations = declaration.map(related).filter(|related| !related.is_empty());
    result
}
