//! Schedules against the slow way: each minute on its own, as the wall clock shows it.

use backstop::facts::schedule::{Schedule, canonical};
use backstop::facts::{Kind, derive};
use backstop::snapshot::Timestamp;
use chrono::{DateTime, Datelike, Offset, TimeZone, Timelike, Utc};
use chrono_tz::Tz;
use proptest::test_runner::TestCaseError;
use serde_json::{Value, json};

use super::tape::Tape;
use super::{account, as_of, read};

const MONTHS: [&str; 12] = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
/// AWS counts from Sunday, which is 1.
const DAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/// What the plan rule's facts say of a schedule.
pub fn schedule_facts(expression: &str, zone: Option<&str>) -> Value {
    let mut rule = json!({ "RuleName": "r", "TargetBackupVaultName": "v", "ScheduleExpression": expression });
    if let Some(zone) = zone {
        rule["ScheduleExpressionTimezone"] = json!(zone);
    }
    let plan = json!({ "BackupPlanId": "p", "BackupPlan": { "Rules": [rule] }, "Selections": [] });
    let unit = json!({ "Account": account::ACCOUNTS[0], "Region": account::REGIONS[0], "Source": "aws", "Complete": ["BackupPlans"], "BackupPlans": [plan] });
    let snapshot = read(&json!({ "Schema": "backstop/snapshot/1", "Units": [unit] }));
    let subjects = derive(&snapshot, as_of());
    subjects.of(Kind::PlanRule).facts[0].document["schedule"].clone()
}

/// Valid, largest gap in hours, every day, every week.
pub fn facts(expression: &str, zone: Option<&str>) -> Value {
    let schedule = schedule_facts(expression, zone);
    let mut told: Value =
        ["valid", "largest_gap_hours", "runs_every_day", "runs_every_week"].iter().map(|member| schedule[member].clone()).collect();
    for value in told.as_array_mut().into_iter().flatten().filter(|value| value.is_object()) {
        *value = json!("unknown");
    }
    told
}

/// A field of a random expression, with what it matches.
struct Field {
    text: String,
    matches: Vec<bool>,
}

fn field(tape: &mut Tape, from: usize, to: usize, names: &[&str]) -> Field {
    let written = |value: usize, tape: &mut Tape| match names.get(value.wrapping_sub(1)) {
        Some(name) if tape.chance(50) => (*name).to_owned(),
        _ => value.to_string(),
    };
    let mut matches = vec![false; to + 1];
    let mut parts = Vec::new();
    let count = 1 + tape.below(2);
    for _ in 0..count {
        let one = from + tape.below(to - from + 1);
        let other = one + tape.below(to - one + 1);
        let step = 1 + tape.below(to - from + 1);
        // AWS does not say what a list of all and something else means.
        let (text, values): (String, Vec<usize>) = match tape.below(if count == 1 { 5 } else { 3 }) {
            0 => (written(one, tape), vec![one]),
            1 => (format!("{}-{}", written(one, tape), written(other, tape)), (one..=other).collect()),
            2 => (format!("{one}/{step}"), (one..=to).step_by(step).collect()),
            3 => ("*".to_owned(), (from..=to).collect()),
            _ => (format!("*/{step}"), (from..=to).step_by(step).collect()),
        };
        values.into_iter().for_each(|value| matches[value] = true);
        parts.push(text);
    }
    Field { text: parts.join(","), matches }
}

struct Cron {
    text: String,
    minutes: Vec<bool>,
    hours: Vec<bool>,
    months: Vec<bool>,
    years: std::ops::RangeInclusive<i32>,
    day: Day,
}

enum Day {
    OfMonth(Vec<bool>),
    Last,
    Workday(u32),
    OfWeek(Vec<bool>),
    Nth(u32, u32),
    LastOf(u32),
}

fn cron(tape: &mut Tape) -> Cron {
    let (minutes, hours, months) = (field(tape, 0, 59, &[]), field(tape, 0, 23, &[]), field(tape, 1, 12, &MONTHS));
    let (day_of_month, day_of_week, day) = match tape.below(8) {
        0..=2 => {
            let days = field(tape, 1, 31, &[]);
            (days.text, "?".to_owned(), Day::OfMonth(days.matches))
        }
        3 => ("L".to_owned(), "?".to_owned(), Day::Last),
        4 => {
            let day = 1 + tape.below(31) as u32;
            (format!("{day}W"), "?".to_owned(), Day::Workday(day))
        }
        5 => {
            let (day, nth) = (1 + tape.below(7) as u32, 1 + tape.below(5) as u32);
            ("?".to_owned(), format!("{day}#{nth}"), Day::Nth(day, nth))
        }
        6 => {
            let day = 1 + tape.below(7) as u32;
            ("?".to_owned(), format!("{day}L"), Day::LastOf(day))
        }
        _ => {
            let days = field(tape, 1, 7, &DAYS);
            ("?".to_owned(), days.text, Day::OfWeek(days.matches))
        }
    };
    let (year, years) = if tape.chance(20) { ("2027-2028", 2027..=2028) } else { ("*", 0..=9999) };
    let text = format!("cron({} {} {day_of_month} {} {day_of_week} {year})", minutes.text, hours.text, months.text);
    Cron { text, minutes: minutes.matches, hours: hours.matches, months: months.matches, years, day }
}

fn days_in(year: i32, month: u32) -> u32 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl Day {
    /// `weekday` counts from Sunday, 1.
    fn matches(&self, year: i32, month: u32, day: u32, weekday: u32) -> bool {
        let last = days_in(year, month);
        match self {
            Day::OfMonth(days) => days[day as usize],
            Day::Last => day == last,
            // The nearest weekday of the same month.
            Day::Workday(wanted) if *wanted > last => false,
            Day::Workday(wanted) => {
                let that = (weekday + 70 + wanted - 1 - day) % 7 + 1;
                day == match that {
                    1 if *wanted == last => wanted - 2,
                    1 => wanted + 1,
                    7 if *wanted == 1 => 3,
                    7 => wanted - 1,
                    _ => *wanted,
                }
            }
            Day::OfWeek(days) => days[weekday as usize],
            Day::Nth(wanted, nth) => weekday == *wanted && (day - 1) / 7 + 1 == *nth,
            Day::LastOf(wanted) => weekday == *wanted && day + 7 > last,
        }
    }
}

/// Every day from 22 November 2026, a Sunday, for 28 years and to the first run after them: valid, largest gap in hours, every
/// day, every week.
fn scan(cron: &Cron) -> Value {
    let (mut year, mut month, mut day, mut weekday) = (2026, 11, 22, 1);
    let times: Vec<i64> =
        (0..1440).filter(|minute| cron.hours[minute / 60] && cron.minutes[minute % 60]).map(|minute| minute as i64).collect();
    let waits = times.windows(2).map(|pair| pair[1] - pair[0]);
    let (mut midnight, mut last_run, mut largest, mut ran) = (0_i64, 0_i64, 0_i64, false);
    let (mut idle, mut most_idle, mut is_over) = (0, 0, false);
    while year < 2120 && !(is_over && ran) {
        let today = cron.years.contains(&year) && cron.months[month as usize] && cron.day.matches(year, month, day, weekday);
        is_over |= (year, month, day) >= (2054, 11, 22);
        if today {
            largest = largest.max(midnight + times[0] - last_run);
            if is_over {
                break;
            }
            largest = largest.max(waits.clone().max().unwrap_or(0));
            last_run = midnight + times[times.len() - 1];
        }
        ran |= today;
        idle = if today { 0 } else { idle + 1 };
        // A schedule that has ended leaves a wait to the end of five years.
        let has_ended = *cron.years.end() < year;
        if !has_ended || (year, month, day) < (2031, 11, 22) {
            most_idle = most_idle.max(idle);
            largest = largest.max(if has_ended { midnight + 1440 - last_run } else { 0 });
        }
        midnight += 1440;
        weekday = weekday % 7 + 1;
        day += 1;
        if day > days_in(year, month) {
            (day, month) = (1, month + 1);
        }
        if month > 12 {
            (month, year) = (1, year + 1);
        }
    }
    if !ran {
        return json!([false, null, false, false]);
    }
    let shortest = waits.chain(cron.fires_on_all_days().then(|| times[0] + 1440 - times[times.len() - 1])).min();
    if shortest.is_some_and(|wait| wait < 60) {
        return json!([false, "unknown", "unknown", "unknown"]);
    }
    json!([true, (largest + 59) / 60, most_idle == 0, most_idle < 7])
}

impl Cron {
    fn fires_on_all_days(&self) -> bool {
        // A leap year that begins on each weekday, and one that does not.
        (2000..2028).all(|year| {
            (1..=12).all(|month| (1..=days_in(year, month)).all(|day| self.day.matches(year, month, day, weekday_of(year, month, day))))
        })
    }

    /// Whether the wall clock's time is one at which it fires.
    fn matches(&self, shown: chrono::NaiveDateTime) -> bool {
        self.matches_day(shown.date()) && self.hours[shown.hour() as usize] && self.minutes[shown.minute() as usize]
    }

    fn matches_day(&self, date: chrono::NaiveDate) -> bool {
        let (year, month, day) = (date.year(), date.month(), date.day());
        self.years.contains(&year) && self.months[month as usize] && self.day.matches(year, month, day, weekday_of(year, month, day))
    }
}

/// From Sunday, which is 1.
fn weekday_of(year: i32, month: u32, day: u32) -> u32 {
    let date = chrono::NaiveDate::from_ymd_opt(year, month, day).expect("a date");
    date.weekday().num_days_from_sunday() + 1
}

pub fn agrees_with_a_scan(mut tape: Tape) -> Result<(), TestCaseError> {
    let cron = cron(&mut tape);
    let (facts, expected) = (facts(&cron.text, None), scan(&cron));
    if facts == expected { Ok(()) } else { Err(TestCaseError::fail(format!("'{}' is {facts}, and should be {expected}", cron.text))) }
}

/// Clocks that never change; that change by an hour, by half of one and by two, at 00:00, at 02:45 and for a Ramadan.
const ZONES: [Tz; 12] = [
    Tz::UTC,
    Tz::Asia__Kolkata,
    Tz::Pacific__Kiritimati,
    Tz::Europe__Berlin,
    Tz::America__New_York,
    Tz::America__St_Johns,
    Tz::America__Santiago,
    Tz::Africa__Casablanca,
    Tz::Australia__Lord_Howe,
    Tz::Pacific__Chatham,
    Tz::Antarctica__Troll,
    Tz::Asia__Beirut,
];
/// How far a scan goes before it gives up.
const FURTHEST: i64 = 900 * 1440;

fn utc(minute: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(minute * 60, 0).expect("a time")
}

fn timestamp(minute: i64) -> Timestamp {
    Timestamp::from_millis(minute * 60_000).expect("a time")
}

fn offset(zone: Tz, minute: i64) -> i64 {
    i64::from(zone.offset_from_utc_datetime(&utc(minute).naive_utc()).fix().local_minus_utc() / 60)
}

/// Whether a run is due in the minute: the wall clock shows one of its times, and shows it for the first time.
fn fires(cron: &Cron, zone: Tz, minute: i64) -> bool {
    let now = offset(zone, minute);
    let before = offset(zone, minute - 180);
    let shown_before = before > now && offset(zone, minute - (before - now)) == before;
    !shown_before && cron.matches(utc(minute + now).naive_utc())
}

/// The first minute after one in which a run is due, within the furthest: minute by minute, but for days on which there is none
/// and quarters of an hour whose hour is none.
fn next(cron: &Cron, zone: Tz, after: i64) -> Option<i64> {
    let mut minute = after + 1;
    while minute < after + FURTHEST {
        let shown = utc(minute + offset(zone, minute)).naive_utc();
        let quarter = minute - minute.rem_euclid(15) + 15;
        if cron.matches_day(shown.date()) {
            if fires(cron, zone, minute) {
                return Some(minute);
            }
            minute = if cron.hours[shown.hour() as usize] { minute + 1 } else { quarter };
        } else {
            let date = shown.date().iter_days().take(1000).find(|date| cron.matches_day(*date))?;
            // No zone is further ahead than 14 hours.
            minute = quarter.max(date.and_time(chrono::NaiveTime::MIN).and_utc().timestamp() / 60 - 15 * 60);
        }
    }
    None
}

/// An expression in a zone at 50 moments, half of them in days on which some zone changes its clocks.
pub fn agrees_minute_by_minute(mut tape: Tape) -> Result<(), TestCaseError> {
    let cron = cron(&mut tape);
    let zone = *tape.pick(&ZONES);
    let schedule = Schedule::read(&cron.text, zone.name()).map_err(|fault| TestCaseError::fail(format!("'{}': {fault:?}", cron.text)))?;
    let changes =
        ["2026-03-29", "2027-02-06", "2027-03-14", "2028-04-01", "2028-04-02", "2029-09-30", "2026-10-25", "2030-11-03", "2031-09-07"];
    for round in 0..50 {
        let near: chrono::NaiveDate = tape.pick(&changes).parse().expect("a date");
        let near = near.and_time(chrono::NaiveTime::MIN).and_utc().timestamp() / 60;
        let anywhere = utc(0).timestamp() / 60 + 28_401_120 + (tape.below(60_000) * 60_000 + tape.below(60_000)) as i64 % (10 * 365 * 1440);
        let at = if tape.chance(50) { near - 1440 + tape.below(3 * 1440) as i64 } else { anywhere };
        let wrong = |what: &str, found: Option<i64>, expected: Option<i64>| {
            let shown = |minute: Option<i64>| minute.map_or("never".to_owned(), |minute| utc(minute).with_timezone(&zone).to_string());
            let (text, at) = (&cron.text, shown(Some(at)));
            Err(TestCaseError::fail(format!("'{text}' in {zone}, {what} {at}: {}, and should be {}", shown(found), shown(expected))))
        };
        let minutes = |time: Timestamp| time.millis() / 60_000;
        let (found, expected) = (schedule.next_after(timestamp(at)).map(minutes), next(&cron, zone, at));
        if found.filter(|found| *found < at + FURTHEST) != expected {
            return wrong("after", found, expected);
        }
        if schedule.fires_at(timestamp(at)) != fires(&cron, zone, at) {
            return wrong("at", Some(at).filter(|_| !fires(&cron, zone, at)), Some(at).filter(|_| fires(&cron, zone, at)));
        }
        if let Some(expected) = expected.filter(|_| round % 5 == 0) {
            // Between two runs that follow each other, the last one before is the first.
            let before = schedule.last_before(timestamp(expected)).map(minutes);
            let again = before.and_then(|before| next(&cron, zone, before));
            if before.is_some_and(|before| before > at || !fires(&cron, zone, before)) || again.is_some_and(|again| again != expected) {
                return wrong("last before the one after", before, Some(expected));
            }
            let between: Vec<i64> = schedule.between(timestamp(at), timestamp(expected + 1)).map(minutes).collect();
            let due: Vec<i64> = Some(at).filter(|at| fires(&cron, zone, *at)).into_iter().chain([expected]).collect();
            if between != due {
                return wrong("first from", between.first().copied(), due.first().copied());
            }
        }
    }
    Ok(())
}

/// The text of any expression is its own, and means the same.
pub fn canonical_texts_are_their_own(mut tape: Tape) -> Result<(), TestCaseError> {
    let cron = cron(&mut tape);
    let zone = *tape.pick(&ZONES);
    let text = canonical(&format!("{} in {}", cron.text, zone.name())).unwrap_or_default();
    let again = canonical(&text).unwrap_or_default();
    let (expression, of) = text.split_once(" in ").unwrap_or((&text, "UTC"));
    let read = |expression: &str, zone: &str| Schedule::read(expression, zone).map_err(|fault| TestCaseError::fail(format!("{fault:?}")));
    let from = timestamp(29_000_000);
    let runs = |schedule: Schedule| schedule.next_runs(from, 40);
    if again != text || runs(read(expression, of)?) != runs(read(&cron.text, zone.name())?) {
        return Err(TestCaseError::fail(format!("'{}' in {zone} is '{text}', and that '{again}'", cron.text)));
    }
    Ok(())
}
