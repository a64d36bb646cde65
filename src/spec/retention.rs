//! Retentions, cold storage and the vault lock: whether any lifecycle can satisfy all of them.

use super::terms::{Term, Terms};
use super::{Contradiction, Side, contradiction};

/// How long points must stay in cold storage (API: Lifecycle).
const DAYS_IN_COLD_STORAGE: i64 = 90;

/// How long points of a schedule are kept.
struct Retention {
    name: &'static str,
    days: i64,
    side: Side,
}

fn retentions(terms: &Terms) -> Option<[Retention; 2]> {
    let daily = terms.number("retention_days")?;
    let factor = terms.number("weekly_retention_factor")?;
    let weekly = daily.value.saturating_mul(factor.value);
    Some([
        Retention { name: "daily", days: daily.value, side: daily.side(format!("Daily points are kept for {}.", days(daily.value))) },
        Retention { name: "weekly", days: weekly, side: factor.side(format!("Weekly points are kept for {}.", days(weekly))) },
    ])
}

fn days(count: i64) -> String {
    format!("{count} {}", if count == 1 { "day" } else { "days" })
}

/// The day on which points move to cold storage, where they must.
fn transition(terms: &Terms) -> Option<Term<i64>> {
    terms.flag("require_cold_storage").then(|| terms.number("cold_storage_after_days"))?
}

/// The most that the lock allows, where vaults must be locked.
fn lock_maximum(terms: &Terms) -> Option<(i64, Side)> {
    let factor = terms.flag("require_lock").then(|| terms.number("lock_max_retention_factor"))??;
    let maximum = factor.value.saturating_mul(terms.number("retention_days")?.value);
    Some((maximum, factor.side(format!("The vault lock allows at most {}.", days(maximum)))))
}

pub fn too_short_for_cold_storage(terms: &Terms) -> Option<Contradiction> {
    let transition = transition(terms)?;
    let earliest = transition.value + DAYS_IN_COLD_STORAGE;
    let mut promised = vec![transition.side(format!("Points move to cold storage after {}.", days(transition.value)))];
    let short: Vec<Retention> = retentions(terms)?.into_iter().filter(|retention| retention.days < earliest).collect();
    let names: Vec<&str> = short.iter().map(|retention| retention.name).collect();
    promised.extend(short.into_iter().map(|retention| retention.side));
    let follows = format!(
        "Points stay in cold storage for {DAYS_IN_COLD_STORAGE} days, so none may be deleted before day {earliest}. AWS refuses a whole \
         plan that deletes {} points earlier.",
        names.join(" or ")
    );
    let parameters = ["cold_storage_after_days", "require_cold_storage", "retention_days", "weekly_retention_factor"];
    (!names.is_empty()).then(|| contradiction("cold-storage-needs-90-days", promised, follows, &parameters))
}

pub fn outside_of_the_lock(terms: &Terms) -> Option<Contradiction> {
    let (maximum, allows) = lock_maximum(terms)?;
    let minimum = terms.number("lock_min_retention_days")?;
    let mut promised = Vec::new();
    let mut follows = Vec::new();
    for retention in retentions(terms)? {
        let refused = if retention.days > maximum {
            Some(("more than its maximum of", maximum, allows.clone()))
        } else if retention.days < minimum.value {
            Some(("less than its minimum of", minimum.value, minimum.side(format!("The vault lock asks for {}.", days(minimum.value)))))
        } else {
            None
        };
        if let Some((what, bound, side)) = refused {
            follows.push(format!(
                "The lock refuses every backup and copy job of {} points: {} is {what} {bound}.",
                retention.name,
                days(retention.days)
            ));
            promised.push(retention.side);
            if !promised.contains(&side) {
                promised.push(side);
            }
        }
    }
    let parameters = ["lock_max_retention_factor", "lock_min_retention_days", "require_lock", "retention_days", "weekly_retention_factor"];
    (!follows.is_empty()).then(|| contradiction("retention-outside-the-lock", promised, follows.join(" "), &parameters))
}

pub fn lock_without_cold_storage(terms: &Terms) -> Option<Contradiction> {
    let transition = transition(terms)?;
    let (maximum, allows) = lock_maximum(terms)?;
    let earliest = transition.value + DAYS_IN_COLD_STORAGE;
    let promised = vec![transition.side(format!("Points move to cold storage after {}.", days(transition.value))), allows];
    let follows =
        format!("Points that move must be kept for {} at least, and the lock refuses that: no lifecycle satisfies both.", days(earliest));
    let parameters = ["cold_storage_after_days", "lock_max_retention_factor", "require_cold_storage", "require_lock", "retention_days"];
    (maximum < earliest).then(|| contradiction("lock-excludes-cold-storage", promised, follows, &parameters))
}

pub fn minimum_without_effect(terms: &Terms) -> Option<Contradiction> {
    let minimum = terms.flag("require_lock").then(|| terms.number("lock_min_retention_days"))??;
    let promised = vec![minimum.side(format!("The vault lock refuses retentions under {}.", days(minimum.value)))];
    let follows =
        "AWS Backup knows no retention shorter than one day, so this minimum refuses nothing: whoever can change a plan has its new \
                   points deleted after a day."
            .to_owned();
    (minimum.value <= 1)
        .then(|| contradiction("lock-minimum-without-effect", promised, follows, &["lock_min_retention_days", "require_lock"]))
}
