//! A schedule: a cron and its clock, and the moments at which it runs.

use chrono::{DateTime, Datelike, Days, NaiveDate};

use super::clock::{Clock, Moment};
use super::cron::{Cron, Fault, YEARS, length_of};
use crate::snapshot::Timestamp;

/// When something runs.
#[derive(Debug, Clone)]
pub struct Schedule {
    pub(super) cron: Cron,
    pub(super) clock: Clock,
}

/// Why there is no schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    Expression(Fault),
    /// It is in no list of IANA's that this program knows.
    Zone(String),
}

impl Schedule {
    /// Reads AWS's cron expression in a zone that IANA names.
    pub fn read(expression: &str, zone: &str) -> Result<Schedule, Unreadable> {
        let clock = Clock::named(zone).ok_or_else(|| Unreadable::Zone(zone.to_owned()))?;
        Ok(Schedule { cron: Cron::read(expression).map_err(Unreadable::Expression)?, clock })
    }

    /// Whether a run is due in the minute.
    pub fn fires_at(&self, time: Timestamp) -> bool {
        let minute = minute_of(time);
        self.minutes_from(minute).next() == Some(minute)
    }

    /// The first run after a moment; none where the schedule has ended.
    pub fn next_after(&self, time: Timestamp) -> Option<Timestamp> {
        self.minutes_from(minute_of(time) + 1).next().and_then(time_of)
    }

    /// The last run before a moment.
    pub fn last_before(&self, time: Timestamp) -> Option<Timestamp> {
        let before = |minute: &i64| time_of(*minute).is_some_and(|run| run < time);
        let from = minute_of(time);
        let mut day = self.clock.local(from).div_euclid(1440) + 1;
        let first = NaiveDate::from_ymd_opt(*YEARS.start() as i32, 1, 1).map_or(0, day_of);
        while day >= first {
            let date = date_of(day)?;
            let mask = self.cron.days_of(date.year(), date.month());
            if mask == 0 {
                day -= i64::from(date.day());
                continue;
            }
            if mask >> date.day0() & 1 == 1
                && let Some(run) = self.minutes_on(day).filter(before).last()
            {
                return time_of(run);
            }
            day -= 1;
        }
        None
    }

    /// The runs from a moment on and before another.
    pub fn between(&self, from: Timestamp, until: Timestamp) -> impl Iterator<Item = Timestamp> {
        let runs = self.minutes_from(minute_of(from)).filter_map(time_of);
        runs.skip_while(move |run| *run < from).take_while(move |run| *run < until)
    }

    /// The next runs after a moment, as many as asked for or as there are.
    pub fn next_runs(&self, after: Timestamp, count: usize) -> Vec<Timestamp> {
        self.minutes_from(minute_of(after) + 1).filter_map(time_of).take(count).collect()
    }

    /// The runs from a minute of UTC on.
    pub(in crate::facts) fn minutes_from(&self, minute: i64) -> impl Iterator<Item = i64> {
        let day = self.clock.local(minute).div_euclid(1440) - 1;
        self.days_from(day).flat_map(|day| self.minutes_on(day)).skip_while(move |run| *run < minute)
    }

    /// The runs of a day of the wall clock, in minutes of UTC.
    pub(super) fn minutes_on(&self, day: i64) -> impl Iterator<Item = i64> {
        self.moments_on(day).filter_map(|(_, moment)| match moment {
            Moment::Once(minute) | Moment::Twice(minute) => Some(minute),
            Moment::Never => None,
        })
    }

    /// What the wall clock shows when a run of the day is due, and when that is.
    pub(super) fn moments_on(&self, day: i64) -> impl Iterator<Item = (i64, Moment)> {
        self.cron.minutes_of_day.iter().map(move |minute| (day * 1440 + minute, self.clock.moment(day * 1440 + minute)))
    }

    /// The days of the wall clock on which runs are due, from one on, to the end of the years that AWS knows.
    pub(super) fn days_from(&self, day: i64) -> impl Iterator<Item = i64> {
        let start = date_of(day).and_then(|date| date.with_day(1));
        let months = std::iter::successors(start, |first| first.checked_add_days(Days::new(length_of(*first).into())));
        let last = *YEARS.end() as i32;
        months.take_while(move |first| first.year() <= last).flat_map(move |first| {
            let (mask, first) = (self.cron.days_of(first.year(), first.month()), day_of(first));
            (0..31).filter(move |at| mask >> at & 1 == 1).map(move |at| first + at).filter(move |of| *of >= day)
        })
    }
}

/// The minute that a moment lies in, since 1970.
pub(in crate::facts) fn minute_of(time: Timestamp) -> i64 {
    time.millis().div_euclid(60_000)
}

pub(in crate::facts) fn time_of(minute: i64) -> Option<Timestamp> {
    Timestamp::from_millis(minute.checked_mul(60_000)?)
}

/// Days since 1970.
pub(super) fn day_of(date: NaiveDate) -> i64 {
    date.and_time(chrono::NaiveTime::MIN).and_utc().timestamp().div_euclid(86_400)
}

pub(super) fn date_of(day: i64) -> Option<NaiveDate> {
    DateTime::from_timestamp(day.checked_mul(86_400)?, 0).map(|time| time.date_naive())
}
