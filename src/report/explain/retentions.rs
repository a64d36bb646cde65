//! Numbers of days that follow from several facts: retentions, and the range of a lock. A fix that is pasted must be right, and a lock
//! cannot be taken back: where anything is in doubt there is no number.

use serde_json::Value;

use super::case::{Case, Seen, known, leaves};
use super::worked::destination;
use crate::facts::{Facts, Kind};

/// The shortest time in cold storage.
const COLD_DAYS: i64 = 90;
/// The earliest day on which points of every type can move there.
const WARM_DAYS: i64 = 8;
/// A minimum that outlives a long weekend, where the rules leave room for it.
const WEEK: i64 = 7;

pub fn weekly_retention(case: &Case) -> Seen {
    match (case.days("retention_days"), case.days("weekly_retention_factor")) {
        (Some(days), Some(factor)) => known(days.saturating_mul(factor)),
        _ => Seen::Unseen("which parameters are in force is not known".to_owned()),
    }
}

fn number(document: &Value, path: &str) -> Result<Option<i64>, String> {
    Ok(leaves(document, path)?.first().and_then(|value| value.as_i64()))
}

pub fn required_of_point(case: &Case) -> Seen {
    let document = &case.facts().document;
    match (number(document, "made_by.delete_after_days"), number(document, "lifecycle.delete_after_days"), case.days("retention_days")) {
        (Err(reason), ..) | (_, Err(reason), _) => Seen::Unseen(reason),
        (Ok(by_rule), Ok(now), Some(required)) => known(required.max(by_rule.unwrap_or(0)).max(now.unwrap_or(0))),
        _ => Seen::Unseen("which parameters are in force is not known".to_owned()),
    }
}

pub fn two_waits(case: &Case) -> Seen {
    match number(&case.facts().document, "schedule.largest_gap_hours") {
        Ok(Some(hours)) => known(hours.saturating_mul(2).saturating_add(23) / 24),
        Ok(None) => Seen::Unseen("the rule does not run twice".to_owned()),
        Err(reason) => Seen::Unseen(reason),
    }
}

/// The range that the locks of these vaults allow together.
fn common_range(vaults: &[&Value]) -> Result<(i64, Option<i64>), String> {
    let (mut least, mut most) = (1, None);
    for vault in vaults {
        least = number(vault, "lock.min_retention_days")?.unwrap_or(1).max(least);
        most = [most, number(vault, "lock.max_retention_days")?].into_iter().flatten().min();
    }
    Ok((least, most))
}

pub fn fitting_retention(case: &Case) -> Seen {
    let document = &case.facts().document;
    let copies = match leaves(document, "copies") {
        Ok(copies) => copies.into_iter().filter_map(Value::as_array).flatten().map(|copy| &copy["destination"]).collect::<Vec<_>>(),
        Err(reason) => return Seen::Unseen(reason),
    };
    let vaults = [vec![&document["target_vault"]], copies].concat();
    match (common_range(&vaults), number(document, "lifecycle.delete_after_days")) {
        (Err(reason), _) | (_, Err(reason)) => Seen::Unseen(reason),
        (Ok((least, Some(most))), _) if least > most => {
            Seen::Unfit(format!("one lock allows no less than {least} days and another no more than {most}"))
        }
        (Ok((least, most)), Ok(now)) => match now.or(most) {
            Some(days) => known(days.max(least).min(most.unwrap_or(i64::MAX))),
            None => Seen::Chosen,
        },
    }
}

pub fn cold_retention(case: &Case) -> Seen {
    let document = &case.facts().document;
    let transition = number(document, "lifecycle.move_to_cold_storage_after_days");
    let (transition, now) = match (transition, number(document, "lifecycle.delete_after_days")) {
        (Err(reason), _) | (_, Err(reason)) => return Seen::Unseen(reason),
        (Ok(transition), Ok(now)) => (transition.or_else(|| case.days("cold_storage_after_days")), now),
    };
    match (transition, now) {
        (None, _) => Seen::Unseen("which parameters are in force is not known".to_owned()),
        (_, None) => Seen::Unfit("the rule keeps its points for ever: leave 'DeleteAfterDays' out".to_owned()),
        (Some(transition), Some(now)) => {
            let days = now.max(transition.max(WARM_DAYS).saturating_add(COLD_DAYS));
            match number(document, "target_vault.lock.max_retention_days") {
                Ok(Some(most)) if most < days => {
                    Seen::Unfit(format!("{days} days are needed, and the lock of the vault allows {most} at most"))
                }
                Err(reason) => Seen::Unseen(reason),
                _ => known(days),
            }
        }
    }
}

/// The facts of a vault by its ARN, where it was seen.
fn vault<'a>(case: &Case<'a>, arn: &str) -> Option<&'a Facts> {
    let vaults = case.audit.subjects.of(Kind::Vault);
    vaults.subjects.iter().find(|subject| subject.id == arn).map(|subject| vaults.facts_of(subject)).filter(|facts| !facts.is_gap)
}

/// A lock's range, that everything which writes into the vault fits, and the policy as well. A lock cannot be taken back: where
/// anything is in doubt there is no range.
fn lock(case: &Case, vault: Option<&Facts>, least_allowed: i64) -> Result<(i64, i64), Seen> {
    let unseen = Seen::Unseen;
    let document = &vault.ok_or_else(|| unseen("the vault was not seen".to_owned()))?.document;
    if leaves(document, "lock.mode").map_err(unseen)?.iter().any(|mode| *mode == "immutable") {
        return Err(Seen::Unfit("the lock is immutable, and AWS refuses every change of it".to_owned()));
    }
    let parameters = (case.days("retention_days"), case.days("lock_max_retention_factor"), case.days("lock_min_retention_days"));
    let (Some(retention), Some(factor), Some(minimum)) = parameters else {
        return Err(unseen("which parameters are in force is not known".to_owned()));
    };
    let headroom = case.days("lock_headroom_percent").unwrap_or(100).clamp(1, 100);
    let kept = leaves(document, "used_by.delete_after_days").map_err(unseen)?;
    if kept.iter().any(|days| days.is_null()) {
        return Err(Seen::Unfit("a rule that writes into the vault keeps its points for ever: give it an end first".to_owned()));
    }
    let kept: Vec<i64> = kept.into_iter().filter_map(Value::as_i64).collect();
    let cold = leaves(document, "used_by.move_to_cold_storage_after_days").map_err(unseen)?;
    let cold = cold.into_iter().filter_map(Value::as_i64).map(|day| day.saturating_add(COLD_DAYS));
    let lying = number(document, "points.longest_retention_days").map_err(unseen)?.unwrap_or(0);
    let needed = kept.iter().copied().chain(cold).chain([lying]).max().unwrap_or(0);
    let most = retention.saturating_mul(factor);
    if needed > most || kept.iter().any(|days| days.saturating_mul(100) >= most.saturating_mul(headroom)) {
        return Err(Seen::Unfit(format!(
            "points in the vault are kept for up to {needed} days, which leaves too little below the {most} that the policy allows a lock"
        )));
    }
    let now = number(document, "lock.min_retention_days").map_err(unseen)?.unwrap_or(0);
    // A minimum of one day refuses nothing.
    let least = minimum.max(2).max(now).max(least_allowed);
    let shortest = kept.iter().copied().min().unwrap_or(WEEK);
    if least > shortest || least > most {
        return Err(Seen::Unfit(format!(
            "the shortest retention in the vault is {shortest} days, and the minimum must be {least} or more"
        )));
    }
    Ok((least.max(WEEK.min(shortest)), most))
}

fn lock_of_case(case: &Case) -> Result<(i64, i64), Seen> {
    match case.kind() {
        Kind::Vault => lock(case, Some(case.facts()), 0),
        _ => lock(case, case.texts("target_vault.arn").first().and_then(|arn| vault(case, arn)), 0),
    }
}

pub fn lock_minimum(case: &Case) -> Seen {
    lock_of_case(case).map_or_else(|seen| seen, |(least, _)| known(least))
}

pub fn lock_maximum(case: &Case) -> Seen {
    lock_of_case(case).map_or_else(|seen| seen, |(_, most)| known(most))
}

/// The lock of the vault that is copied to, as strong as the source's.
fn lock_of_copy(case: &Case) -> Result<(i64, i64), Seen> {
    let destination = case.narrowed(destination(case));
    let Some(arn) = destination.text() else { return Err(Seen::Unseen("which vault is meant is not known".to_owned())) };
    let least = number(&case.facts().document, "target_vault.lock.min_retention_days").map_err(Seen::Unseen)?.unwrap_or(0);
    lock(case, vault(case, arn), least)
}

pub fn copy_lock_minimum(case: &Case) -> Seen {
    lock_of_copy(case).map_or_else(|seen| seen, |(least, _)| known(least))
}

pub fn copy_lock_maximum(case: &Case) -> Seen {
    lock_of_copy(case).map_or_else(|seen| seen, |(_, most)| known(most))
}
