//! Recovery points that are gone before their time, or are to go sooner than they were.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::super::irreversible::{arn, kept, named};
use super::{Change, Weakness};
use crate::snapshot::{Observed, RecoveryPoint, Timestamp};

/// When it goes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Until {
    Time(Timestamp),
    Ever,
}

impl Until {
    /// `None` where nobody knows.
    fn of(point: &RecoveryPoint) -> Option<Self> {
        let time = point.calculated_lifecycle.known().and_then(|lifecycle| lifecycle.delete_at.known().copied());
        time.map(Until::Time).or_else(|| matches!(kept(&point.lifecycle), Some(None)).then_some(Until::Ever))
    }
}

impl Change<'_> {
    /// `as_of` stands in where the later snapshot does not say when it was taken.
    pub(super) fn points(&mut self, as_of: Timestamp) {
        let taken = self.then.finished_at.known().or(self.then.started_at.known()).copied().unwrap_or(as_of);
        let now: FxHashMap<&str, &RecoveryPoint> =
            self.then.recovery_points.iter().map(|point| (point.recovery_point_arn.as_str(), point)).collect();
        // By vault: how many are gone, and how many go sooner.
        let mut by_vault: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        // What is part of a point goes with it.
        let whole = |point: &&RecoveryPoint| !point.parent_recovery_point_arn.is_known();
        let complete = |point: &&RecoveryPoint| point.status == Observed::Known("COMPLETED".to_owned());
        for point in self.unit.recovery_points.iter().filter(whole).filter(complete) {
            let (Some(vault), Some(until)) = (point.backup_vault_name.known(), Until::of(point)) else { continue };
            let counts = by_vault.entry(vault).or_default();
            match now.get(point.recovery_point_arn.as_str()) {
                None => counts.0 += usize::from(until > Until::Time(taken)),
                // The hour may be computed anew.
                Some(then) => counts.1 += usize::from(Until::of(then).is_some_and(|then| is_sooner(then, until))),
            }
        }
        for vault in &self.unit.backup_vaults {
            let Some((gone, sooner)) = by_vault.remove(vault.backup_vault_name.as_str()) else { continue };
            let Some(then) = named(&self.then.backup_vaults, vault) else { continue };
            let name = &vault.backup_vault_name;
            let of_vault = |point: &&RecoveryPoint| point.backup_vault_name.known() == Some(name);
            let listed = self.then.recovery_points.iter().filter(of_vault).count() as u64;
            if gone > 0 && self.is.gaps_in_points(then, listed).is_empty() {
                let message = match gone {
                    1 => format!("1 recovery point of vault '{name}' is gone before its time."),
                    _ => format!("{gone} recovery points of vault '{name}' are gone before their time."),
                };
                self.add(Weakness::PointsDeleted, arn(vault), message);
            }
            if sooner > 0 {
                let message = match sooner {
                    1 => format!("1 recovery point of vault '{name}' is to be deleted sooner than it was."),
                    _ => format!("{sooner} recovery points of vault '{name}' are to be deleted sooner than they were."),
                };
                self.add(Weakness::RetentionShortened, arn(vault), message);
            }
        }
    }
}

fn is_sooner(then: Until, was: Until) -> bool {
    match (then, was) {
        (Until::Time(then), Until::Time(was)) => was.hours_since(then) > 24,
        (then, was) => then < was,
    }
}
