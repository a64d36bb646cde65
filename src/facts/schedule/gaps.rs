//! How far apart the runs of a schedule are, and what daylight saving does to them.

use chrono::{Datelike, NaiveDate};

use super::clock::Moment;
use super::runs::{Schedule, date_of, day_of};

/// Every turn of weekdays and leap days through the months, until a century skips its leap day: from 29 February to the next
/// are four of these years, from one month of February with five Mondays to the next all 28.
const YEARS_AHEAD: i32 = 28;
/// A schedule that ends later is as good as one that does not.
const ENDS_WITHIN: i32 = 5;

/// What the runs of the years to come are like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gaps {
    /// Minutes of the longest wait between two runs, daylight saving included. A schedule that ends within five years leaves a
    /// wait to the end of them.
    pub largest: i64,
    pub every_day: bool,
    pub every_week: bool,
    /// What the wall clock shows when a run is first lost to clocks that go forward, and more is lost than the hour itself.
    pub skipped: Option<String>,
    /// What it shows when a run is first due twice.
    pub repeated: Option<String>,
}

impl Schedule {
    /// Whether a run is due on a day or after it.
    pub fn ever_fires(&self, from: NaiveDate) -> bool {
        self.days_from(day_of(from)).any(|day| self.minutes_on(day).next().is_some())
    }

    /// Of a schedule that fires.
    pub fn gaps(&self, from: NaiveDate) -> Gaps {
        let first_day = day_of(from);
        let years_ahead = |years: i32| from.with_year(from.year() + years).map_or(first_day + 366 * i64::from(years), day_of);
        let until = years_ahead(YEARS_AHEAD);
        let start = self.midnight(first_day);
        let mut seen = Seen { last: start, last_day: first_day - 1, nominal: 1440 * first_day, ..Seen::default() };
        for day in self.days_from(first_day) {
            if day >= until && seen.ran {
                break;
            }
            seen.day(self, day);
        }
        // Beyond the years looked at, the run that closes the last wait; where there is none, the schedule ends.
        match self.days_from(until).find_map(|day| self.minutes_on(day).next().map(|run| (day, run))) {
            Some((day, run)) => {
                seen.largest = seen.largest.max(run - seen.last);
                seen.most_idle_days = seen.most_idle_days.max(day - seen.last_day - 1);
            }
            None => {
                let end = years_ahead(ENDS_WITHIN);
                seen.largest = seen.largest.max(self.midnight(end) - seen.last);
                seen.most_idle_days = seen.most_idle_days.max(end - seen.last_day - 1);
            }
        }
        let skipped = seen.skipped.iter().find(|(_, wait)| *wait > seen.largest_nominal).map(|(shown, _)| shown_as(*shown));
        Gaps {
            largest: seen.largest,
            every_day: seen.most_idle_days == 0,
            every_week: seen.most_idle_days < 7,
            skipped,
            repeated: seen.repeated.map(shown_as),
        }
    }

    /// The beginning of a day in UTC, or when the clocks say so where they skip midnight.
    fn midnight(&self, day: i64) -> i64 {
        match self.clock.moment(day * 1440) {
            Moment::Once(minute) | Moment::Twice(minute) => minute,
            Moment::Never => day * 1440 - (self.clock.local(day * 1440) - day * 1440),
        }
    }
}

#[derive(Default)]
struct Seen {
    ran: bool,
    /// The last run in UTC, on the wall clock, and its day.
    last: i64,
    nominal: i64,
    last_day: i64,
    largest: i64,
    /// Between two times on the wall clock, as if the clocks never changed.
    largest_nominal: i64,
    most_idle_days: i64,
    /// A time that the wall clock never shows, with the wait around it.
    skipped: Vec<(i64, i64)>,
    lost: Option<i64>,
    repeated: Option<i64>,
}

impl Seen {
    fn day(&mut self, schedule: &Schedule, day: i64) {
        for (shown, moment) in schedule.moments_on(day) {
            if self.ran {
                self.largest_nominal = self.largest_nominal.max(shown - self.nominal);
            }
            self.nominal = shown;
            let run = match moment {
                Moment::Never => {
                    self.lost = self.lost.or(Some(shown));
                    continue;
                }
                Moment::Twice(run) => {
                    self.repeated = self.repeated.or(Some(shown));
                    run
                }
                Moment::Once(run) => run,
            };
            self.largest = self.largest.max(run - self.last);
            if let Some(shown) = self.lost.take() {
                self.skipped.push((shown, run - self.last));
            }
            self.most_idle_days = self.most_idle_days.max(day - self.last_day - 1);
            (self.last, self.last_day, self.ran) = (run, day, true);
        }
    }
}

/// `2027-03-28 02:30`.
fn shown_as(local: i64) -> String {
    let date = date_of(local.div_euclid(1440)).map_or_else(String::new, |date| date.to_string());
    let minute = local.rem_euclid(1440);
    format!("{date} {:02}:{:02}", minute / 60, minute % 60)
}
