//! Wall clocks: what a minute of a time zone is in UTC. Times are minutes since 1970.
//!
//! Where the clocks go forward, a run in the hour that is skipped does not happen; where they go back, a run in the hour that
//! comes twice happens in the first. AWS Backup's guide says only that daylight saving may drop a run (DG:
//! plan-options-and-configuration); EventBridge Scheduler documents both (schedule-types, "Daylight saving time").

use chrono::{DateTime, NaiveDateTime, Offset, TimeZone, Utc};
use chrono_tz::Tz;

/// A time zone.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    zone: Tz,
    /// Minutes east of Greenwich, where the zone's clocks do not change.
    fixed: Option<i64>,
}

/// What happens to a minute of the wall clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    Once(i64),
    /// The first of two.
    Twice(i64),
    Never,
}

/// 2015 and 2065, in days since 1970. Clocks that do not change between them are taken as never changing.
const YEARS: std::ops::Range<i64> = 16_436..34_699;
/// No zone changes its clocks for less than this; the shortest time is a Ramadan.
const STEP_DAYS: usize = 9;

impl Clock {
    /// By the name that IANA gives it.
    pub fn named(name: &str) -> Option<Clock> {
        let zone: Tz = name.parse().ok()?;
        let first = offset(zone, YEARS.start * 1440);
        let fixed = YEARS.step_by(STEP_DAYS).all(|day| offset(zone, day * 1440) == first).then_some(first);
        Some(Clock { zone, fixed })
    }

    /// The offset of a zone whose clocks do not change.
    pub fn fixed_offset(&self) -> Option<i64> {
        self.fixed
    }

    pub fn name(&self) -> &'static str {
        self.zone.name()
    }

    /// What the wall clock shows at a minute of UTC.
    pub fn local(&self, utc: i64) -> i64 {
        utc + self.fixed.unwrap_or_else(|| offset(self.zone, utc))
    }

    /// When the wall clock shows a minute.
    pub fn moment(&self, local: i64) -> Moment {
        if let Some(fixed) = self.fixed {
            return Moment::Once(local - fixed);
        }
        let Some(shown) = naive(local) else { return Moment::Never };
        match self.zone.from_local_datetime(&shown) {
            chrono::MappedLocalTime::Single(time) => Moment::Once(minutes(time)),
            chrono::MappedLocalTime::Ambiguous(first, _) => Moment::Twice(minutes(first)),
            chrono::MappedLocalTime::None => Moment::Never,
        }
    }
}

fn naive(minutes: i64) -> Option<NaiveDateTime> {
    DateTime::<Utc>::from_timestamp(minutes.checked_mul(60)?, 0).map(|time| time.naive_utc())
}

fn minutes(time: DateTime<Tz>) -> i64 {
    time.timestamp().div_euclid(60)
}

fn offset(zone: Tz, utc: i64) -> i64 {
    naive(utc).map_or(0, |time| i64::from(zone.offset_from_utc_datetime(&time).fix().local_minus_utc()).div_euclid(60))
}
