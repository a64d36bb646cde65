//! When the recovery points of each resource were made, in each place where there should be some, beside how old the newest may be.

use std::collections::BTreeSet;
use std::fmt::Write;

use rustc_hash::FxHashMap;

use super::known::{Known, list, number, text};
use crate::audit::{Audit, RuleJudgement};
use crate::facts::{Kind, Subject};
use crate::report::table::hours_told;
use crate::snapshot::{Observed, RecoveryPoint, Snapshot, Timestamp};

/// AWS keeps what a continuous point can go back to for at most 35 days; most daily and weekly points live as long.
const DAYS: i64 = 35;
/// Nobody reads more; the worst come first, and the rest is counted.
const LANES_SHOWN: usize = 300;
/// Of the picture, whose width is stretched to what there is.
const WIDTH: i64 = 700;

pub struct Timeline<'a> {
    /// The most urgent first.
    pub lanes: Vec<Lane<'a>>,
    pub hidden: usize,
    pub days: i64,
}

/// The recovery points of one resource in one account and Region.
pub struct Lane<'a> {
    pub name: &'a str,
    pub place: String,
    pub state: State,
    /// How old the newest data is that can be restored.
    pub newest: Known<i64>,
    /// How old it may be; `None` where no rule was judged that says so, or not for this resource.
    pub objective: Option<i64>,
    pub usable: Known<i64>,
    pub gap: Known<i64>,
    marks: Marks,
    days: i64,
}

/// From the most urgent to the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    Nothing,
    Older,
    Unknown,
    Within,
    /// Nobody says how old it may be.
    Open,
}

impl State {
    pub fn class(self) -> &'static str {
        match self {
            State::Older | State::Nothing => "bad",
            State::Unknown => "open",
            State::Within => "good",
            State::Open => "aside",
        }
    }
}

/// Where the points of a lane stand.
#[derive(Default, Clone)]
struct Marks {
    /// Whole pixels, complete points and others apart: points that would stand on each other are drawn once.
    complete: BTreeSet<i64>,
    other: BTreeSet<i64>,
    drawn: usize,
    older: usize,
    undated: usize,
}

impl<'a> Timeline<'a> {
    pub fn of(audit: &'a Audit<'a>, snapshot: &Snapshot) -> Self {
        let resources = audit.subjects.of(Kind::Resource);
        let objectives: Vec<&RuleJudgement> = audit.judgements.iter().filter(|judgement| judgement.kind == Kind::Resource).collect();
        let objective = |subject: &Subject| {
            objectives.iter().find_map(|judgement| judgement.outcome(subject.facts).parameters.get("rpo_hours")?.as_i64())
        };
        let longest = resources.subjects.iter().filter_map(objective).max().unwrap_or(0);
        let days = DAYS.max(longest.saturating_mul(2) / 24).min(3650);
        let marks = marks(snapshot, audit.as_of, days);
        let mut lanes = Vec::new();
        for subject in &resources.subjects {
            let facts = resources.facts_of(subject);
            if facts.is_gap {
                continue;
            }
            let document = &facts.document;
            let promised = document.pointer("/recovery/promised").and_then(serde_json::Value::as_bool);
            let objective = objective(subject).filter(|_| promised == Some(true));
            let elsewhere = list(document, "/recovery/elsewhere").value().into_iter().flatten();
            let mut places: Vec<_> = document.pointer("/recovery/here").into_iter().chain(elsewhere).collect();
            if places.is_empty() {
                places.push(document);
            }
            for place in places {
                let (account, region) = (text(place, "/account").or_unknown(), text(place, "/region").or_unknown());
                let newest = number(place, "/points/newest_hours");
                lanes.push(Lane {
                    name: subject.name(),
                    place: format!("{account}/{region}"),
                    state: match (newest, objective) {
                        (Known::Unknown, _) => State::Unknown,
                        (_, None) if promised.is_none() => State::Unknown,
                        (_, None) => State::Open,
                        (Known::Unset, Some(_)) => State::Nothing,
                        (Known::Value(hours), Some(wanted)) if hours > wanted => State::Older,
                        (Known::Value(_), Some(_)) => State::Within,
                    },
                    newest,
                    objective,
                    usable: number(place, "/points/usable"),
                    gap: number(place, "/points/longest_gap_hours"),
                    marks: marks.get(&(&*subject.id, account, region)).cloned().unwrap_or_default(),
                    days,
                });
            }
        }
        lanes.sort_by_key(|lane| lane.state);
        let hidden = lanes.len().saturating_sub(LANES_SHOWN);
        lanes.truncate(LANES_SHOWN);
        Timeline { lanes, hidden, days }
    }
}

/// By resource, account and Region.
fn marks(snapshot: &Snapshot, as_of: Timestamp, days: i64) -> FxHashMap<(&str, &str, &str), Marks> {
    let mut all: FxHashMap<_, Marks> = FxHashMap::default();
    for unit in &snapshot.units {
        // A part of a composite point is none that could be restored alone.
        let whole = |point: &&RecoveryPoint| point.parent_recovery_point_arn.is_absent();
        for point in unit.recovery_points.iter().filter(whole) {
            let Observed::Known(resource) = &point.resource_arn else { continue };
            let marks = all.entry((resource.as_str(), unit.account.as_str(), unit.region.as_str())).or_default();
            let Observed::Known(made) = &point.creation_date else {
                marks.undated += 1;
                continue;
            };
            let Some(at) = x(as_of.hours_since(*made).max(0), days) else {
                marks.older += 1;
                continue;
            };
            marks.drawn += 1;
            let is_complete = point.status.known().is_some_and(|status| status == "COMPLETED" || status == "AVAILABLE");
            if is_complete { &mut marks.complete } else { &mut marks.other }.insert(at);
        }
    }
    all
}

/// Where something stands that is so many hours old; `None` left of the picture.
fn x(hours: i64, days: i64) -> Option<i64> {
    let span = days * 24;
    (hours <= span).then(|| WIDTH - hours * WIDTH / span)
}

impl Lane<'_> {
    fn path(marks: &BTreeSet<i64>, from: u8, to: u8) -> String {
        marks.iter().fold(String::new(), |mut path, x| {
            let _ = write!(path, "M{x} {from}V{to}");
            path
        })
    }

    pub fn complete(&self) -> String {
        Lane::path(&self.marks.complete, 4, 20)
    }

    pub fn other(&self) -> String {
        Lane::path(&self.marks.other, 10, 20)
    }

    /// A line for each week, so that a missing one is seen.
    pub fn weeks(&self) -> String {
        let weeks = (1..=52).map_while(|week| x(week * 168, self.days)).collect();
        Lane::path(&weeks, 0, 24)
    }

    /// The left edge of the time within the objective, and its width.
    pub fn band(&self) -> Option<(i64, i64)> {
        let from = x(self.objective?, self.days)?;
        Some((from, WIDTH - from))
    }

    pub fn newest_x(&self) -> Option<i64> {
        x(self.newest.value()?, self.days)
    }

    pub fn width(&self) -> i64 {
        WIDTH
    }

    pub fn newest_told(&self) -> String {
        match self.newest {
            Known::Value(hours) => format!("{} old", hours_told(hours)),
            Known::Unset => "nothing that can be restored".to_owned(),
            Known::Unknown => "unknown".to_owned(),
        }
    }

    pub fn objective_told(&self) -> String {
        self.objective.map_or_else(|| "none in force".to_owned(), |hours| format!("at most {}", hours_told(hours)))
    }

    /// What the picture shows, in words.
    pub fn told(&self) -> String {
        let Marks { drawn, older, undated, .. } = self.marks;
        let state = match self.state {
            State::Older => "older than the objective",
            State::Nothing => "nothing within the objective",
            State::Unknown => "not known",
            State::Within => "within the objective",
            State::Open => "no objective",
        };
        let mut told = format!("{state}; {drawn} recovery point{} within {} days", if drawn == 1 { "" } else { "s" }, self.days);
        if older > 0 {
            let _ = write!(told, ", {older} older");
        }
        if undated > 0 {
            let _ = write!(told, ", {undated} without a date");
        }
        told
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn now_is_on_the_right_and_what_is_too_old_is_not_there() {
        assert_eq!(x(0, 35), Some(WIDTH));
        assert_eq!(x(35 * 24, 35), Some(0));
        assert_eq!(x(35 * 24 + 1, 35), None);
    }
}
