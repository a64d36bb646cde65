//! Which line of the given roots declares what each finding is about.

use std::collections::BTreeMap;

use crate::audit::{Audit, Finding, Verdict};
use crate::snapshot::Declaration;
use crate::terraform::{Locator, Wanted, related};

/// By fingerprint, of what fails or is unknown; empty where no root was given.
pub fn of(audit: &Audit, locator: Option<&Locator>) -> BTreeMap<String, Declaration> {
    let Some(locator) = locator else { return BTreeMap::new() };
    let told = audit.findings().filter(|finding| matches!(finding.verdict(), Verdict::Fail | Verdict::Unknown) && !finding.facts.is_gap);
    told.filter_map(|finding| Some((finding.fingerprint(), locator.locate(&wanted(&finding))?))).collect()
}

fn wanted<'a>(finding: &'a Finding<'a>) -> Wanted<'a> {
    Wanted {
        kind: finding.kind.name(),
        id: &finding.subject.id,
        name: finding.subject.name(),
        account: &finding.facts.account,
        region: &finding.facts.region,
        at: finding.violation.map(|violation| violation.at.as_str()).filter(|at| !at.is_empty()),
        of: finding.violation.and_then(|violation| violation.of.as_deref()),
        related: related(&finding.facts.document),
    }
}
