//! Which run a finding stands in.

use std::collections::BTreeSet;

use crate::audit::Finding;
use crate::report::Report;

/// The accounts that were observed, in order, each with its findings as `add` gathers them: one run each.
///
/// A subject can lie in an account that was not observed, as a key does that a vault names. That account gets no run, since
/// code scanning would take it for all there is to say of the account; the finding stands in the first run.
pub fn by_account<'r, D: Default>(report: &'r Report, add: impl Fn(&mut D, Finding<'r>)) -> Vec<(&'r str, D)> {
    let mut observed: BTreeSet<&str> = report.snapshot.units.iter().map(|unit| unit.account.as_str()).collect();
    if observed.is_empty() {
        observed = report.audit.findings().map(|finding| finding.facts.account.as_str()).collect();
    }
    let mut accounts: Vec<(&str, D)> = observed.into_iter().map(|account| (account, D::default())).collect();
    for finding in report.audit.findings() {
        let home = accounts.binary_search_by_key(&finding.facts.account.as_str(), |(account, _)| account).unwrap_or(0);
        if let Some((_, findings)) = accounts.get_mut(home) {
            add(findings, finding);
        }
    }
    accounts
}
