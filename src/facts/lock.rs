//! A vault's lock: its mode as of the audit, its range, and the cooling-off period that AWS never returns.

use schemars::JsonSchema;
use serde::Serialize;

use super::world::Region;
use crate::snapshot::{Cause, Observed, Reason, Timestamp, Vault};

/// AWS says `Locked` in three quite different situations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LockMode {
    None,
    /// Whoever may delete the lock's configuration can remove it.
    Governance,
    /// Compliance mode before its lock date: it can still be changed or removed.
    ComplianceGrace,
    /// Compliance mode after its lock date: nobody can change or remove it, AWS included.
    Immutable,
}

/// A vault's lock.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct LockFacts {
    pub mode: Observed<LockMode>,
    /// Days. Null: no minimum.
    pub min_retention_days: Observed<i64>,
    /// Days. Null: no maximum.
    pub max_retention_days: Observed<i64>,
    /// Days between putting the lock and its lock date. Null: no lock date. AWS does not return it; on a live vault it
    /// is known only where the vault's age and the lock date leave one number of days.
    pub changeable_days: Observed<i64>,
    /// Whole hours left to change or remove the lock. Null: not in the grace period.
    pub hours_until_immutable: Observed<i64>,
}

/// The shortest cooling-off period that AWS accepts (API: PutBackupVaultLockConfiguration).
const SHORTEST_COOLING_OFF_DAYS: i64 = 3;
const DAY_MILLIS: i64 = 86_400_000;

impl LockFacts {
    /// Where the vault itself could not be looked at.
    pub fn unknown(reasons: &[Reason]) -> Self {
        let unknown = || Observed::Unknown(reasons.to_vec());
        LockFacts {
            mode: Observed::Unknown(reasons.to_vec()),
            min_retention_days: unknown(),
            max_retention_days: unknown(),
            changeable_days: unknown(),
            hours_until_immutable: unknown(),
        }
    }

    /// `region` is the unit that looked at the vault.
    pub fn of(vault: &Vault, region: &Region, as_of: Timestamp) -> Self {
        let lock_date = region.sight.described(&vault.lock_date, vault);
        let mode = mode(vault, &lock_date, as_of);
        let hours_until_immutable = match mode {
            Observed::Known(LockMode::ComplianceGrace) => lock_date.as_ref().map(|date| date.hours_since(as_of)),
            Observed::Known(_) => Observed::Absent,
            ref other => other.as_ref().map(|_| 0),
        };
        LockFacts {
            changeable_days: changeable_days(vault, &lock_date, &mode, &region.unit.started_at),
            hours_until_immutable,
            min_retention_days: bound(vault, &vault.min_retention_days),
            max_retention_days: bound(vault, &vault.max_retention_days),
            mode,
        }
    }
}

fn mode(vault: &Vault, lock_date: &Observed<Timestamp>, as_of: Timestamp) -> Observed<LockMode> {
    vault.locked.clone().required("Locked").and_then(|locked| match (locked, lock_date) {
        (false, _) => Observed::Known(LockMode::None),
        (true, Observed::Absent) => Observed::Known(LockMode::Governance),
        (true, Observed::Known(date)) if *date > as_of => Observed::Known(LockMode::ComplianceGrace),
        (true, Observed::Known(_)) => Observed::Known(LockMode::Immutable),
        // It is locked in compliance mode as it is made, and nobody can loosen that (AWS Backup: Logically air-gapped vaults).
        (true, Observed::Unknown(reasons)) if is_air_gapped(vault) && reasons.iter().all(|reason| reason.cause.is_of_source_code()) => {
            Observed::Known(LockMode::Immutable)
        }
        // A lock date that Terraform has yet to be told lies ahead by the period that it was told.
        (true, Observed::Reference(_) | Observed::Unknown(_)) if vault.changeable_for_days.is_known() => {
            Observed::Known(LockMode::ComplianceGrace)
        }
        (true, Observed::Reference(_)) => Observed::unknown(Reason::new(Cause::KnownAfterApply, "the lock date is known only after apply")),
        (true, Observed::Unknown(reasons)) => Observed::Unknown(reasons.clone()),
    })
}

fn is_air_gapped(vault: &Vault) -> bool {
    vault.vault_type.known().is_some_and(|name| name == "LOGICALLY_AIR_GAPPED_BACKUP_VAULT")
}

/// A bound of a lock that is not there is no bound. It binds in whichever mode, so that the lock date does not matter.
fn bound(vault: &Vault, days: &Observed<i64>) -> Observed<i64> {
    vault.locked.clone().required("Locked").and_then(|locked| if locked { days.clone() } else { Observed::Absent })
}

/// The lock was put after the vault was made and before it was looked at, a whole number of days before its lock date,
/// and AWS accepts no fewer than three. Where that leaves one number, it is the period.
fn changeable_days(
    vault: &Vault,
    lock_date: &Observed<Timestamp>,
    mode: &Observed<LockMode>,
    observed_at: &Observed<Timestamp>,
) -> Observed<i64> {
    if !vault.changeable_for_days.is_unknown() {
        return vault.changeable_for_days.clone();
    }
    let lock_date = match (mode, lock_date) {
        (Observed::Unknown(reasons), _) => return Observed::Unknown(reasons.clone()),
        (Observed::Known(LockMode::None | LockMode::Governance), _) => return Observed::Absent,
        (_, Observed::Known(date)) => date.millis(),
        _ => return Observed::not_observed(),
    };
    let at_least = match observed_at {
        Observed::Known(at) => {
            (lock_date - at.millis()).div_euclid(DAY_MILLIS) + i64::from((lock_date - at.millis()).rem_euclid(DAY_MILLIS) != 0)
        }
        _ => 0,
    }
    .max(SHORTEST_COOLING_OFF_DAYS);
    match vault.creation_date.known().map(|created| (lock_date - created.millis()).div_euclid(DAY_MILLIS)) {
        Some(at_most) if at_most == at_least => Observed::Known(at_least),
        Some(at_most) if at_most > at_least => Observed::unknown(Reason::new(
            Cause::Undetermined,
            format!("AWS does not return the cooling-off period; the lock date leaves {at_least} to {at_most} days"),
        )),
        _ => Observed::unknown(Reason::new(
            Cause::Undetermined,
            "AWS does not return the cooling-off period, and the vault's dates do not tell it",
        )),
    }
}
