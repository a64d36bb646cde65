//! Schedules and windows: whether AWS takes them, and whether runs are in each other's way.

use chrono::{DateTime, TimeDelta, TimeZone, Utc};

use super::terms::Terms;
use super::{Contradiction, contradiction};
use crate::facts::schedule::Schedule;

/// Long enough for every turn of a week, a month and a leap day.
const YEARS_LAID_OUT: i32 = 5;
/// More runs than that within those years are as good as always.
const MOST_RUNS: usize = 50_000;

/// The runs of a schedule in UTC, over five years from a fixed day. None where AWS refuses it, or where it never fires.
pub fn runs(expression: &str) -> Option<Vec<DateTime<Utc>>> {
    let start = Utc.with_ymd_and_hms(2026, 1, 1, 0, 0, 0).single()?;
    let end = Utc.with_ymd_and_hms(2026 + YEARS_LAID_OUT, 1, 1, 0, 0, 0).single()?;
    // As the parameter is written: in UTC, or in the zone that follows.
    let (expression, zone) = expression.split_once(" in ").unwrap_or((expression, "Etc/UTC"));
    let schedule = Schedule::read(expression, zone).ok()?;
    let runs: Vec<DateTime<Utc>> = schedule.between(start.into(), end.into()).map(|run| run.to_chrono()).take(MOST_RUNS).collect();
    (!runs.is_empty()).then_some(runs)
}

pub fn refused(terms: &Terms) -> Option<Contradiction> {
    let schedules = ["daily_schedule", "weekly_schedule"].into_iter().filter_map(|name| Some((name, terms.text(name)?)));
    let refused: Vec<_> = schedules.filter(|(_, schedule)| runs(&schedule.value).is_none()).collect();
    let promised = refused.iter().map(|(_, schedule)| schedule.side(format!("Backups run at '{}'.", schedule.value))).collect();
    let parameters: Vec<&'static str> = refused.iter().map(|(name, _)| *name).collect();
    let follows = "AWS Backup takes no such expression, or it never fires.".to_owned();
    (!parameters.is_empty()).then(|| contradiction("schedule-refused", promised, follows, &parameters))
}

pub fn in_each_others_way(terms: &Terms) -> Option<Contradiction> {
    let daily = terms.text("daily_schedule")?;
    let weekly = terms.text("weekly_schedule")?;
    let start = terms.number("start_window_minutes")?;
    let completion = terms.number("completion_window_minutes")?;
    let (daily_runs, weekly_runs) = (runs(&daily.value)?, runs(&weekly.value)?);
    let (wait, order) =
        [(closest(&daily_runs, &weekly_runs)?, ["daily", "weekly"]), (closest(&weekly_runs, &daily_runs)?, ["weekly", "daily"])]
            .into_iter()
            .min_by_key(|(wait, _)| *wait)?;
    let [first, second] = order;
    let minutes = wait.num_minutes();
    let active = start.value.saturating_add(completion.value);
    if minutes >= active {
        return None;
    }
    let windows = if minutes < start.value {
        "Their start windows overlap: AWS Backup takes one backup, with the longer retention.".to_owned()
    } else if minutes == start.value {
        "The start window of the one ends when that of the other begins, and AWS does not say whether that is an overlap, of which it would \
         take one backup only."
            .to_owned()
    } else {
        String::new()
    };
    let follows = format!(
        "A {second} run is due {minutes} minutes after a {first} one, which may be at work for {active}. AWS Backup runs one job for a resource \
         at a time: the second one expires unless the first ends within {} minutes. {windows}",
        minutes.saturating_add(start.value)
    );
    let promised = vec![
        daily.side(format!("Daily backups run at '{}'.", daily.value)),
        weekly.side(format!("Weekly backups run at '{}'.", weekly.value)),
        start.side(format!("A backup starts within {} minutes.", start.value)),
        completion.side(format!("A backup completes within {} minutes.", completion.value)),
    ];
    let parameters = ["completion_window_minutes", "daily_schedule", "start_window_minutes", "weekly_schedule"];
    Some(contradiction("runs-in-each-others-way", promised, follows.trim_end().to_owned(), &parameters))
}

/// The shortest wait from a run of the one schedule to the next run of the other, at the same moment included.
fn closest(first: &[DateTime<Utc>], second: &[DateTime<Utc>]) -> Option<TimeDelta> {
    let next = |run: &DateTime<Utc>| second.get(second.partition_point(|other| other < run)).map(|other| *other - *run);
    first.iter().filter_map(next).min()
}
