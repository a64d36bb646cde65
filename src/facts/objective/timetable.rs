//! The runs of a plan's rules side by side: which of them AWS Backup takes, and the recovery point objective that they
//! guarantee. Times are minutes since 1970.
//!
//! Where the start windows of two rules overlap, AWS Backup takes the run of the rule that keeps its points longer (DG:
//! plan-options-and-configuration). Whether windows overlap that touch, and which run is taken where both are kept equally
//! long, AWS does not say: a guarantee counts on neither.

use crate::snapshot::Timestamp;

use super::super::schedule::{Schedule, minute_of, time_of};

/// A rule as far as its runs go.
#[derive(Debug, Clone)]
pub struct Timed {
    pub name: String,
    pub schedule: Schedule,
    /// Minutes in which a run must start.
    pub start_window: i64,
    /// Minutes in which a run that started must complete.
    pub completion_window: i64,
    /// Days; none: for ever.
    pub retention: Option<i64>,
}

/// What becomes of a run beside those of the other rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Taken,
    /// The rule with this index keeps its points longer, and its start window overlaps.
    Dropped {
        by: usize,
    },
    /// AWS does not say.
    Unclear,
}

/// A run of one of the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    pub minute: i64,
    /// Index of the rule.
    pub rule: usize,
    pub standing: Standing,
    /// Index of the last run that may be taken in its place because both are kept equally long.
    tied_to: usize,
}

impl Run {
    pub fn time(&self) -> Option<Timestamp> {
        time_of(self.minute)
    }
}

/// The longest that the newest usable point can be old, and what it is made of, in minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guarantee {
    /// From the run before to the run that comes late.
    pub gap: i64,
    pub start_window: i64,
    pub completion_window: i64,
}

impl Guarantee {
    pub fn minutes(&self) -> i64 {
        self.gap + self.start_window + self.completion_window
    }
}

/// What a timetable guarantees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    Guarantee(Guarantee),
    /// No rule runs.
    NoRun,
    /// The last run comes within the years that were looked at.
    Ends,
    /// Runs that are kept equally long overlap without end, and AWS does not say which it takes.
    Unclear,
}

/// The runs from a moment on and before another, in order, the earlier rule first.
pub fn runs(rules: &[Timed], from: Timestamp, until: Timestamp) -> Vec<Run> {
    // A run may be dropped for one that began before, and still is in its start window.
    let widest = rules.iter().map(|rule| rule.start_window).max().unwrap_or(0);
    let (start, end) = (minute_of(from), minute_of(until));
    let all = all_runs(rules, start - widest, end + widest);
    all.into_iter().filter(|run| (start..end).contains(&run.minute)).collect()
}

/// The runs of the minutes from `start` to before `end`, those outside of them unseen.
pub fn all_runs(rules: &[Timed], start: i64, end: i64) -> Vec<Run> {
    let of_rule = |(rule, timed): (usize, &Timed)| {
        let runs: Vec<(i64, usize)> =
            timed.schedule.minutes_from(start).take_while(|run| *run < end).map(|minute| (minute, rule)).collect();
        runs
    };
    let mut times: Vec<(i64, usize)> = rules.iter().enumerate().flat_map(of_rule).collect();
    times.sort_unstable();
    let mut runs: Vec<Run> = Vec::with_capacity(times.len());
    for (at, (minute, rule)) in times.into_iter().enumerate() {
        runs.push(Run { minute, rule, standing: Standing::Taken, tied_to: at });
    }
    if rules.len() > 1 {
        settle(rules, &mut runs);
    }
    runs
}

/// Lets the overlapping runs of different rules compete.
fn settle(rules: &[Timed], runs: &mut [Run]) {
    for at in 0..runs.len() {
        let (minute, rule) = (runs[at].minute, runs[at].rule);
        let closes = minute + rules[rule].start_window;
        for other in at + 1..runs.len() {
            let later = runs[other];
            if later.minute > closes {
                break;
            }
            if later.rule == rule {
                continue;
            }
            let touches = later.minute == closes && later.minute > minute;
            let drop_out = |standing: &mut Standing, by: usize| match standing {
                Standing::Dropped { .. } => {}
                _ if touches => *standing = Standing::Unclear,
                _ => *standing = Standing::Dropped { by },
            };
            let days = |rule: usize| rules[rule].retention.unwrap_or(i64::MAX);
            match days(rule).cmp(&days(later.rule)) {
                std::cmp::Ordering::Less => drop_out(&mut runs[at].standing, later.rule),
                std::cmp::Ordering::Greater => drop_out(&mut runs[other].standing, rule),
                std::cmp::Ordering::Equal => runs[at].tied_to = other,
            }
        }
    }
}

/// The recovery point objective that the rules guarantee in the minutes from `start` to before `end`: the longest time at whose
/// end the newest point that must be usable is still the one before. A point must be usable when its windows are over, and
/// holds the data of the moment at which its job started, its time on the schedule at the earliest. Only the points of rules
/// that count do, as those do that copy somewhere; all of them compete.
pub fn guarantee(rules: &[Timed], runs: &[Run], counts: &dyn Fn(usize) -> bool, start: i64, end: i64) -> Bound {
    if !runs.iter().any(|run| counts(run.rule)) {
        return Bound::NoRun;
    }
    let goes_on = |(at, rule): (usize, &Timed)| counts(at) && rule.schedule.minutes_from(end).next().is_some();
    if !rules.iter().enumerate().any(goes_on) {
        return Bound::Ends;
    }
    let Some(mut points) = points(rules, runs, counts) else { return Bound::Unclear };
    points.sort_unstable_by_key(|point| (point.late + point.start_window + point.completion_window, point.early));
    let mut newest = start;
    let mut worst: Option<Guarantee> = None;
    for point in points {
        if point.early <= newest && worst.is_some() {
            continue;
        }
        let now = Guarantee { gap: point.late - newest, start_window: point.start_window, completion_window: point.completion_window };
        if worst.is_none_or(|worst| now.minutes() > worst.minutes()) {
            worst = Some(now);
        }
        newest = newest.max(point.early);
    }
    worst.map_or(Bound::NoRun, Bound::Guarantee)
}

/// The runs that are certainly taken; of those that tie, one, at the time at which it is of the least use.
struct Point {
    early: i64,
    late: i64,
    start_window: i64,
    completion_window: i64,
}

/// None where a rule ties with itself by way of another.
fn points(rules: &[Timed], runs: &[Run], counts: &dyn Fn(usize) -> bool) -> Option<Vec<Point>> {
    let mut points: Vec<Point> = Vec::new();
    let mut at = 0;
    while at < runs.len() {
        let (first, mut last) = (at, runs[at].tied_to);
        let mut taken: Vec<&Run> = Vec::new();
        while at <= last {
            last = last.max(runs[at].tied_to);
            taken.extend(Some(&runs[at]).filter(|run| run.standing == Standing::Taken));
            at += 1;
        }
        let Some(earliest) = taken.first() else { continue };
        if first < last && taken.iter().enumerate().any(|(at, run)| taken[..at].iter().any(|other| other.rule == run.rule)) {
            return None;
        }
        // It may be one that does not count.
        if taken.iter().any(|run| !counts(run.rule)) {
            continue;
        }
        let most = |of: &dyn Fn(&Timed) -> i64| taken.iter().map(|run| of(&rules[run.rule])).max().unwrap_or(0);
        points.push(Point {
            early: earliest.minute,
            late: taken.last().map_or(earliest.minute, |run| run.minute),
            start_window: most(&|rule| rule.start_window),
            completion_window: most(&|rule| rule.completion_window),
        });
    }
    Some(points)
}
