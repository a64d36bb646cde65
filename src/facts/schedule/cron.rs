//! AWS's cron grammar: what it takes, what it refuses, and what no document of AWS settles. When a cron fires is told in the
//! wall-clock time of its zone; what that comes to in UTC is `clock`'s.
//!
//! Source: EventBridge user guide, "Cron expressions reference", which AWS Backup's API points to (API: BackupRuleInput). The
//! marks that EventBridge does not document and the engine behind it is known to take (`LW`, `L-3`, `FRI-MON`, lists with
//! `L`) are neither taken nor refused here.

use chrono::{Datelike, NaiveDate};
use croner::Weekday;
use croner::parser::{CronParser, Seconds, Year};

/// An expression that AWS's grammar takes.
#[derive(Debug, Clone)]
pub struct Cron {
    pattern: croner::Cron,
    pub hours: Vec<u32>,
    pub minutes: Vec<u32>,
    /// Minutes of a day, in order: AWS counts the hours of one day, from 00:00 to 23:59, so that `13/12` is 13:00 alone.
    pub minutes_of_day: Vec<i64>,
    /// The days of a month as bits from 0, by the month's length and the weekday of its first: there are only 28 such months.
    days: [u32; 28],
}

/// Why an expression is no schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// It is not AWS's grammar. What is wrong, as a sentence goes on after the expression: 'has no year'.
    Refused(String),
    /// No document of AWS says what it means.
    Undocumented(String),
}

const MONTHS: [&str; 12] = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
/// AWS counts from Sunday, which is 1.
pub const WEEKDAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
/// EventBridge knows no others.
pub const YEARS: std::ops::RangeInclusive<u32> = 1970..=2199;

struct Field {
    name: &'static str,
    values: std::ops::RangeInclusive<u32>,
    names: &'static [&'static str],
}

const FIELDS: [Field; 6] = [
    Field { name: "minutes", values: 0..=59, names: &[] },
    Field { name: "hours", values: 0..=23, names: &[] },
    Field { name: "days of the month", values: 1..=31, names: &[] },
    Field { name: "months", values: 1..=12, names: &MONTHS },
    Field { name: "days of the week", values: 1..=7, names: &WEEKDAYS },
    Field { name: "years", values: YEARS, names: &[] },
];

impl Cron {
    /// Reads `cron(minutes hours day-of-month month day-of-week year)`.
    pub fn read(expression: &str) -> Result<Cron, Fault> {
        let refused = |why: &str| Err(Fault::Refused(why.to_owned()));
        if expression.starts_with("rate(") {
            return refused("is a rate, and AWS Backup documents cron expressions only");
        }
        let Some(fields) = expression.strip_prefix("cron(").and_then(|rest| rest.strip_suffix(')')) else {
            return refused("is not of the form cron(minutes hours day-of-month month day-of-week year)");
        };
        let fields = fields.to_ascii_uppercase();
        let fields: Vec<&str> = fields.split_whitespace().collect();
        let [_, _, day_of_month, _, day_of_week, _] = fields[..] else {
            return Err(Fault::Refused(format!("has {} fields and not the six that AWS asks for", fields.len())));
        };
        match (day_of_month == "?", day_of_week == "?") {
            (false, false) => return refused("sets both the day of the month and the day of the week; one of them must be '?'"),
            (true, true) => return refused("sets neither the day of the month nor the day of the week"),
            _ => {}
        }
        let mut undocumented = None;
        for (at, (text, field)) in fields.iter().zip(&FIELDS).enumerate() {
            match check(text, field, at) {
                Err(Fault::Undocumented(why)) => undocumented = Some(why),
                other => other?,
            }
        }
        if let Some(why) = undocumented {
            return Err(Fault::Undocumented(why));
        }
        let parser =
            CronParser::builder().seconds(Seconds::Required).year(Year::Required).alternative_weekdays(true).sloppy_ranges(true).build();
        // croner wants seconds where it takes a year, and writes "any day" as `*`; `?` means the same to AWS. The last day of a
        // week is Saturday.
        let own = |(at, text): (usize, &&str)| match (at, *text) {
            (_, "?") => "*".to_owned(),
            (4, "L") => "7".to_owned(),
            (_, text) => text.to_owned(),
        };
        let own: Vec<String> = fields.iter().enumerate().map(own).collect();
        match parser.parse(&format!("0 {}", own.join(" "))) {
            Ok(pattern) => Ok(Cron::of(pattern)),
            Err(error) => Err(Fault::Refused(format!("is not a valid cron expression ({error})"))),
        }
    }

    fn of(pattern: croner::Cron) -> Cron {
        let matching = |limit: u32, matches: &dyn Fn(u32) -> bool| (0..limit).filter(|&at| matches(at)).collect::<Vec<u32>>();
        let hours = matching(24, &|hour| pattern.pattern.hour_match(hour).unwrap_or(false));
        let minutes = matching(60, &|minute| pattern.pattern.minute_match(minute).unwrap_or(false));
        let minutes_of_day =
            hours.iter().flat_map(|&hour| minutes.iter().map(move |&minute| i64::from(hour) * 60 + i64::from(minute))).collect();
        let mut days = [0; 28];
        for (at, mask) in days.iter_mut().enumerate() {
            let (length, first) = (28 + at as u32 / 7, at as u32 % 7);
            // Any year and month of that length will do: the day's number and weekday decide.
            let (year, month) = match length {
                28 => (2026, 2),
                29 => (2028, 2),
                30 => (2026, 4),
                _ => (2026, 1),
            };
            for day in 1..=length {
                let weekday = Weekday::from_days_from_sunday((first + day - 1) % 7);
                *mask |= u32::from(pattern.pattern.day_match(year, month, day, weekday).unwrap_or(false)) << (day - 1);
            }
        }
        Cron { pattern, hours, minutes, minutes_of_day, days }
    }

    /// The days of a month on which it fires, as bits from 0.
    pub fn days_of(&self, year: i32, month: u32) -> u32 {
        let fires = self.pattern.pattern.year_match(year).unwrap_or(false) && self.pattern.pattern.month_match(month).unwrap_or(false);
        let first = NaiveDate::from_ymd_opt(year, month, 1).filter(|_| fires);
        first.map_or(0, |first| self.days[(length_of(first) as usize - 28) * 7 + first.weekday().num_days_from_sunday() as usize])
    }

    /// Whether it fires in the year, if the day and the month allow it.
    pub fn fires_in(&self, year: i32) -> bool {
        self.pattern.pattern.year_match(year).unwrap_or(false)
    }

    /// Whether it fires in the month of any year, if the day allows it.
    pub fn fires_in_month(&self, month: u32) -> bool {
        self.pattern.pattern.month_match(month).unwrap_or(false)
    }

    /// Whether every day of such months is one on which it fires.
    pub fn fires_on_all_days(&self) -> bool {
        self.days.iter().enumerate().all(|(at, mask)| mask.count_ones() == 28 + at as u32 / 7)
    }

    /// What the days come to, by kind of month: two expressions whose days are the same have the same.
    pub fn kinds_of_days(&self) -> [u32; 28] {
        self.days
    }

    /// The least wait between two runs of a day, in minutes.
    pub fn shortest_wait(&self) -> Option<i64> {
        let within = self.minutes_of_day.windows(2).map(|pair| pair[1] - pair[0]);
        let over_midnight = match (self.minutes_of_day.first(), self.minutes_of_day.last()) {
            (Some(first), Some(last)) if self.fires_on_all_days() => Some(first + 1440 - last),
            _ => None,
        };
        within.chain(over_midnight).min()
    }
}

pub fn length_of(first: NaiveDate) -> u32 {
    u32::from(first.num_days_in_month())
}

/// Items by commas; each of them all, a value, a range or either with a step, or a mark of the two fields of days.
fn check(text: &str, field: &Field, at: usize) -> Result<(), Fault> {
    let items: Vec<&str> = text.split(',').collect();
    let alone = items.len() == 1;
    for item in &items {
        let wrong = || Fault::Refused(format!("has '{item}' among its {}, which AWS does not take", field.name));
        let undocumented = || Err(Fault::Undocumented(format!("AWS does not say what '{item}' means among the {}", field.name)));
        if is_mark(item, at) {
            // EventBridge takes one expression with '#' only.
            if !alone {
                return if item.contains('#') { Err(wrong()) } else { undocumented() };
            }
            continue;
        }
        if at == 2 && (*item == "LW" || item.strip_prefix("L-").is_some_and(|days| days.parse::<u32>().is_ok())) {
            return undocumented();
        }
        let (range, step) = item.split_once('/').map_or((*item, None), |(range, step)| (range, Some(step)));
        let is_step = |step: &str| is_digits(step) && step.parse::<u16>().is_ok_and(|step| step > 0);
        if step.is_some_and(|step| !is_step(step)) {
            return Err(wrong());
        }
        if range == "*" {
            if !alone {
                return undocumented();
            }
            continue;
        }
        match range.split_once('-') {
            None => drop(value(range, field).ok_or_else(wrong)?),
            Some((from, to)) => {
                let (from, to) = (value(from, field).ok_or_else(wrong)?, value(to, field).ok_or_else(wrong)?);
                if from > to {
                    return undocumented();
                }
            }
        }
    }
    Ok(())
}

/// `?`, `L` and `15W` as the day of the month; `?`, `L`, `6L` and `3#2` as the day of the week.
fn is_mark(item: &str, at: usize) -> bool {
    let day = |text: &str, at: usize| value(text, &FIELDS[at]).is_some();
    match at {
        2 => item == "?" || item == "L" || item.strip_suffix('W').is_some_and(|text| is_digits(text) && day(text, 2)),
        4 => {
            let nth = |(text, nth): (&str, &str)| day(text, 4) && matches!(nth, "1" | "2" | "3" | "4" | "5");
            item == "?" || item == "L" || item.strip_suffix('L').is_some_and(|text| day(text, 4)) || item.split_once('#').is_some_and(nth)
        }
        _ => false,
    }
}

fn value(text: &str, field: &Field) -> Option<u32> {
    let named = field.names.iter().position(|name| *name == text).map(|at| at as u32 + 1);
    named.or_else(|| is_digits(text).then(|| text.parse().ok()).flatten()).filter(|value| field.values.contains(value))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
