//! Runs that get into each other's way: start windows that overlap, and a run that can still be active when the next must have
//! started. AWS Backup runs one job at a time on a resource (DG: aws-backup-limits), so that the next one expires.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::super::schedule::time_of;
use super::timetable::{Run, Timed};
use crate::snapshot::{Cause, Observed, Reason};

/// Two rules of a plan that get into each other's way, or one that gets into its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Collision {
    pub kind: CollisionKind,
    /// The rule whose run comes first.
    pub first: String,
    pub second: String,
    /// When the second run is next due where they collide, as `2026-11-29 06:00`, in UTC.
    pub on: String,
    /// Of overlapping runs, the rule whose run is taken. Null: both keep their points equally long, or nothing overlaps.
    pub taken: Option<String>,
    /// Minutes after the first run is due: its end at the latest, or that of its start window where the windows overlap.
    pub ends_after_minutes: i64,
    /// Minutes after the first run is due: when the second must have started at the latest.
    pub must_start_after_minutes: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CollisionKind {
    StartWindowsOverlap,
    StillActive,
}

/// The collisions among these runs, each kind between two rules once. Unknown where there are none, but start windows touch:
/// AWS does not say whether they overlap then.
pub fn collisions(rules: &[Timed], runs: &[Run]) -> Observed<Vec<Collision>> {
    // When the second run of the next pair is due, and how long after the first.
    let mut found: BTreeMap<(usize, usize, CollisionKind), (i64, i64)> = BTreeMap::new();
    let mut touching: Option<(&str, &str)> = None;
    // Of two runs in one minute that of the first name comes first, in whatever order the rules stand.
    let mut runs: Vec<&Run> = runs.iter().collect();
    runs.sort_by_key(|run| (run.minute, rules[run.rule].name.as_str()));
    // Of each rule, the next run after the one looked at.
    let mut next: Vec<Option<i64>> = vec![None; rules.len()];
    for run in runs.iter().rev() {
        let first = &rules[run.rule];
        for (at, second) in rules.iter().enumerate() {
            let Some(later) = next[at] else { continue };
            let wait = later - run.minute;
            // Runs are looked at from the last to the first, so that the next one stands in the end.
            let mut collides = |kind| _ = found.insert((run.rule, at, kind), (later, wait));
            let latest_end = first.start_window + first.completion_window;
            if at != run.rule && wait < first.start_window {
                collides(CollisionKind::StartWindowsOverlap);
            } else if latest_end > wait + second.start_window {
                collides(CollisionKind::StillActive);
            } else if at != run.rule && wait == first.start_window {
                let names = (first.name.as_str(), second.name.as_str());
                touching = Some(touching.map_or(names, |known| known.min(names)));
            }
        }
        next[run.rule] = Some(run.minute);
    }
    match touching {
        Some((first, second)) if found.is_empty() => {
            let detail = format!(
                "the start window of rule '{first}' ends when that of rule '{second}' begins, and AWS does not say whether they overlap then"
            );
            Observed::unknown(Reason::new(Cause::Undetermined, detail))
        }
        _ => {
            let told = found.into_iter().map(|((first, second, kind), next)| collision(&rules[first], &rules[second], kind, next));
            let mut told: Vec<Collision> = told.collect();
            told.sort_by(|a, b| (&a.first, &a.second, a.kind).cmp(&(&b.first, &b.second, b.kind)));
            Observed::Known(told)
        }
    }
}

fn collision(first: &Timed, second: &Timed, kind: CollisionKind, (later, wait): (i64, i64)) -> Collision {
    let overlaps = kind == CollisionKind::StartWindowsOverlap;
    Collision {
        kind,
        first: first.name.clone(),
        second: second.name.clone(),
        on: time_of(later).map_or_else(String::new, |time| time.to_chrono().format("%Y-%m-%d %H:%M").to_string()),
        taken: overlaps.then(|| longer(first, second)).flatten(),
        ends_after_minutes: first.start_window + if overlaps { 0 } else { first.completion_window },
        must_start_after_minutes: wait + second.start_window,
    }
}

fn longer(one: &Timed, other: &Timed) -> Option<String> {
    let days = |rule: &Timed| rule.retention.unwrap_or(i64::MAX);
    match days(one).cmp(&days(other)) {
        std::cmp::Ordering::Greater => Some(one.name.clone()),
        std::cmp::Ordering::Less => Some(other.name.clone()),
        std::cmp::Ordering::Equal => None,
    }
}
