//! Schedules: AWS's cron grammar, and how far apart the runs are.

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use croner::parser::{CronParser, Seconds, Year};
use croner::{Cron, Weekday};
use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use serde::Serialize;

use crate::snapshot::{Cause, Observed, PlanRule, Reason, Timestamp};

/// When a rule runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ScheduleFacts {
    /// AWS's cron; its default where the rule declares none.
    pub expression: Observed<String>,
    /// An IANA zone.
    pub timezone: Observed<String>,
    /// Whether AWS's grammar allows it and it fires at all.
    pub valid: Observed<bool>,
    /// Whole hours, rounded up, of the longest wait between two runs, daylight saving included. Null: it never fires.
    pub largest_gap_hours: Observed<i64>,
    /// Whether there is a run on every calendar day.
    pub runs_every_day: Observed<bool>,
    /// Whether there is a run in every seven calendar days.
    pub runs_every_week: Observed<bool>,
}

/// What AWS Backup runs on where a rule says nothing (API: BackupRuleInput).
pub const DEFAULT_EXPRESSION: &str = "cron(0 5 ? * * *)";
/// Long enough to hold a leap day and every turn of a weekday through the months.
const YEARS_AHEAD: i32 = 5;

/// Reads schedules, each expression once.
pub struct Schedules {
    from: NaiveDate,
    known: FxHashMap<(String, String), Runs>,
}

/// What five years of runs come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Runs {
    /// Rounded up; `None` when there is no run.
    pub largest_gap_hours: Option<i64>,
    pub every_day: bool,
    pub every_week: bool,
}

impl Schedules {
    pub fn as_of(time: Timestamp) -> Self {
        Schedules { from: time.to_chrono().date_naive(), known: FxHashMap::default() }
    }

    pub fn facts(&mut self, rule: &PlanRule) -> ScheduleFacts {
        let expression = rule.schedule_expression.clone().absent_is(DEFAULT_EXPRESSION.to_owned());
        let timezone = rule.schedule_expression_timezone.clone().absent_is("Etc/UTC".to_owned());
        let runs = expression.clone().and_then(|expression| {
            timezone.clone().and_then(|timezone| match timezone.parse::<Tz>() {
                Ok(zone) => Observed::Known(self.runs(expression, zone)),
                Err(_) => Observed::unknown(Reason::new(Cause::Undetermined, format!("time zone '{timezone}' is not known"))),
            })
        });
        ScheduleFacts {
            valid: runs.as_ref().map(|runs| runs.largest_gap_hours.is_some()),
            largest_gap_hours: runs.as_ref().and_then(|runs| runs.largest_gap_hours.map_or(Observed::Absent, Observed::Known)),
            runs_every_day: runs.as_ref().map(|runs| runs.every_day),
            runs_every_week: runs.as_ref().map(|runs| runs.every_week),
            expression,
            timezone,
        }
    }

    fn runs(&mut self, expression: String, zone: Tz) -> Runs {
        let from = self.from;
        *self.known.entry((expression, zone.name().to_owned())).or_insert_with_key(|(expression, _)| runs(expression, zone, from))
    }
}

/// What the expression comes to in the years after `from`; no runs where AWS's grammar refuses it.
pub fn runs(expression: &str, zone: Tz, from: NaiveDate) -> Runs {
    let none = Runs { largest_gap_hours: None, every_day: false, every_week: false };
    let Some(cron) = parse(expression) else { return none };
    let minutes = minutes_of_day(&cron);
    let until = from.with_year(from.year() + YEARS_AHEAD).unwrap_or(from + Days::new(366 * 5));
    let moment = |date: NaiveDate, minute: u32| {
        zone.from_local_datetime(&(date.and_time(chrono::NaiveTime::MIN) + TimeDelta::minutes(minute.into()))).earliest()
    };
    let midnight =
        |date: NaiveDate| moment(date, 0).map_or_else(|| date.and_time(chrono::NaiveTime::MIN).and_utc(), |time| time.with_timezone(&Utc));
    let (start, end) = (midnight(from), midnight(until));
    let (mut previous, mut ran) = (start, false);
    let (mut largest, mut idle_days, mut most_idle_days) = (TimeDelta::zero(), 0, 0);
    for date in from.iter_days().take_while(|date| *date < until) {
        let times: Vec<DateTime<Utc>> = if fires_on(&cron, date) {
            minutes.iter().filter_map(|&minute| moment(date, minute)).map(|time| time.with_timezone(&Utc)).collect()
        } else {
            Vec::new()
        };
        idle_days = if times.is_empty() { idle_days + 1 } else { 0 };
        most_idle_days = most_idle_days.max(idle_days);
        for time in times {
            largest = largest.max(time - previous);
            previous = time;
            ran = true;
        }
    }
    // A schedule that ends, as one with a year does, leaves a wait that does not end.
    largest = largest.max(end - previous);
    if !ran {
        return none;
    }
    let hours = (largest.num_minutes() + 59).div_euclid(60);
    Runs { largest_gap_hours: Some(hours), every_day: most_idle_days == 0, every_week: most_idle_days < 7 }
}

/// Parses AWS's form: `cron(minutes hours day-of-month month day-of-week year)`, with `?` in exactly one of the two days.
pub fn parse(expression: &str) -> Option<Cron> {
    let fields: Vec<&str> = expression.strip_prefix("cron(")?.strip_suffix(')')?.split_whitespace().collect();
    let [minutes, hours, day_of_month, month, day_of_week, year] = fields[..] else { return None };
    let only = |field: &str, more: &str| {
        !field.starts_with('/') && field.chars().all(|c| c.is_ascii_digit() || "*,-/".contains(c) || more.contains(c.to_ascii_uppercase()))
    };
    const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let allowed = only(minutes, "")
        && only(hours, "")
        && only(day_of_month, "?LW")
        && only(month, LETTERS)
        && only(day_of_week, &format!("?#{LETTERS}"))
        && only(year, "");
    if !allowed || (day_of_month == "?") == (day_of_week == "?") {
        return None;
    }
    let parser =
        CronParser::builder().seconds(Seconds::Required).year(Year::Required).alternative_weekdays(true).sloppy_ranges(true).build();
    // croner wants seconds where it takes a year, and writes "any day" as `*`; `?` means the same to AWS.
    parser.parse(&format!("0 {}", fields.join(" ").replace('?', "*").to_ascii_uppercase())).ok()
}

pub(super) fn minutes_of_day(cron: &Cron) -> Vec<u32> {
    let matching = |limit: u32, matches: &dyn Fn(u32) -> bool| (0..limit).filter(|&at| matches(at)).collect::<Vec<u32>>();
    let hours = matching(24, &|hour| cron.pattern.hour_match(hour).unwrap_or(false));
    let minutes = matching(60, &|minute| cron.pattern.minute_match(minute).unwrap_or(false));
    hours.iter().flat_map(|hour| minutes.iter().map(move |minute| hour * 60 + minute)).collect()
}

pub(super) fn fires_on(cron: &Cron, date: NaiveDate) -> bool {
    let weekday = Weekday::from_days_from_sunday(date.weekday().num_days_from_sunday());
    cron.pattern.year_match(date.year()).unwrap_or(false)
        && cron.pattern.month_match(date.month()).unwrap_or(false)
        && cron.pattern.day_match(date.year(), date.month(), date.day(), weekday).unwrap_or(false)
}
