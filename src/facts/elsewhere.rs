//! Vaults of accounts and Regions that were not observed, each looked up by the units whose plans copy to it.

use rustc_hash::FxHashMap;

use super::world::{Found, Region};
use crate::snapshot::{Outcome, Reason, Snapshot, Vault};

const ACTION: &str = "backup:DescribeBackupVault";

/// What units heard of vaults that are not theirs, by ARN, each with the index of the unit that asked.
#[derive(Default)]
pub struct Elsewhere<'a> {
    seen: FxHashMap<&'a str, Vec<(usize, &'a Vault)>>,
    gone: FxHashMap<&'a str, Vec<usize>>,
}

impl<'a> Elsewhere<'a> {
    pub fn of(snapshot: &'a Snapshot) -> Self {
        let mut elsewhere = Elsewhere::default();
        for (at, unit) in snapshot.units.iter().enumerate() {
            for vault in &unit.referenced_vaults {
                if let Some(arn) = vault.backup_vault_arn.known() {
                    elsewhere.seen.entry(arn).or_default().push((at, vault));
                }
            }
            // That there is no such vault is an answer, and it brings nothing.
            for call in unit.calls.iter().filter(|call| call.outcome == Outcome::Ok && call.items == 0 && call.action() == ACTION) {
                if let Some(arn) = &call.subject {
                    elsewhere.gone.entry(arn).or_default().push(at);
                }
            }
        }
        elsewhere
    }

    /// Whoever was answered is believed. Only where nobody was, the refusals tell why; `None` where nobody asked.
    pub fn vault<'w>(&self, arn: &str, regions: &'w [Region<'a>]) -> Option<Found<'w, 'a, Vault>> {
        let failure = |region: &Region| region.sight.failure_elsewhere(ACTION, arn);
        let mut seen = self.seen.get(arn).into_iter().flatten().filter(|(at, _)| failure(&regions[*at]).is_none());
        if let Some((at, vault)) = seen.next() {
            return Some(Found::Glimpsed(vault, &regions[*at]));
        }
        if self.gone.get(arn).into_iter().flatten().any(|at| failure(&regions[*at]).is_none()) {
            return Some(Found::Missing);
        }
        let failures: Vec<Reason> = regions.iter().filter_map(failure).map(|reason| naming(reason, arn)).collect();
        (!failures.is_empty()).then_some(Found::Unseen(failures))
    }
}

/// A call that was refused for everything does not say that this vault is among it.
fn naming(reason: Reason, arn: &str) -> Reason {
    if reason.detail.contains(arn) {
        return reason;
    }
    Reason { detail: format!("{}, and '{arn}' was to be looked up by it", reason.detail), ..reason }
}
