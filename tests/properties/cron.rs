//! Schedules against the slow way: each minute on its own, as the wall clock shows it; and AWS's grammar against vectors
//! written by hand.

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
fn schedule_facts(expression: &str, zone: Option<&str>) -> Value {
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

/// Expression, zone, and: valid, largest gap in hours, every day, every week.
type Vector = (&'static str, Option<&'static str>, Value);

/// By hand, from EventBridge's page on cron and from calendars.
pub fn vectors() -> Vec<Vector> {
    let hours = |expression, gap: i64, every_day: bool, every_week: bool| (expression, None, json!([true, gap, every_day, every_week]));
    let refused = |expression| (expression, None, json!([false, null, false, false]));
    let zoned = |expression, zone, gap: i64, every_day: bool| (expression, Some(zone), json!([true, gap, every_day, true]));
    vec![
        hours("cron(0 5 ? * * *)", 24, true, true),
        hours("cron(0 5 * * ? *)", 24, true, true),
        hours("cron(0 0/12 ? * * *)", 12, true, true),
        // AWS counts the hours of one day: 13:00 and nothing after it.
        hours("cron(0 13/12 ? * * *)", 24, true, true),
        hours("cron(15 * ? * * *)", 1, true, true),
        hours("cron(0 5 ? * 1 *)", 7 * 24, false, true),
        hours("cron(0 5 ? * SUN *)", 7 * 24, false, true),
        hours("cron(0 5 ? * sun *)", 7 * 24, false, true),
        // Sunday is 1 and Saturday is 7; both together leave six days.
        hours("cron(0 5 ? * 1,7 *)", 6 * 24, false, true),
        hours("cron(0 5 ? * SAT,SUN *)", 6 * 24, false, true),
        hours("cron(0 5 ? * MON-FRI *)", 3 * 24, false, true),
        hours("cron(0 5 ? * 2-6 *)", 3 * 24, false, true),
        hours("cron(0 5 1 * ? *)", 31 * 24, false, false),
        hours("cron(0 5 1,8,15,22 * ? *)", 10 * 24, false, false),
        // From 31 March to 31 May; from 31 January it is no more than 60 days to the next.
        hours("cron(0 5 31 * ? *)", 61 * 24, false, false),
        hours("cron(0 5 L * ? *)", 31 * 24, false, false),
        hours("cron(0 5 1W * ? *)", 33 * 24, false, false),
        hours("cron(0 5 ? * 2#1 *)", 35 * 24, false, false),
        hours("cron(0 5 ? * 6L *)", 35 * 24, false, false),
        hours("cron(0 5 ? * * 2026-2031)", 24, true, true),
        // From the last run of 2027 to the end of five years from 22 November 2026.
        hours("cron(0 5 ? * * 2026-2027)", 1422 * 24 - 5, false, false),
        hours("cron(0 5 29 2 ? *)", 1461 * 24, false, false),
        // The next February with five Mondays is that of 2044; from it to that of 2072 are 28 years.
        hours("cron(0 5 ? 2 MON#5 *)", 28 * 1461 * 6, false, false),
        // A year alone: from today to its first run, and from its last to the end.
        hours("cron(0 5 ? * * 2030-2199)", 1136 * 24 + 5, false, false),
        // The last day of the week is Saturday.
        hours("cron(0 5 ? * L *)", 7 * 24, false, true),
        hours("cron(15 * ? * * *)", 1, true, true),
        hours("cron(0 12 * * ? *)", 24, true, true),
        hours("cron(0 0/5 ? * * *)", 5, true, true),
        refused("rate(1 day)"),
        refused("cron(0 5 * * * *)"),
        refused("cron(0 5 ? * ? *)"),
        refused("cron(0 5 ? * *)"),
        refused("cron(0 5 ? * * * *)"),
        refused("cron(0 25 ? * * *)"),
        refused("cron(60 5 ? * * *)"),
        refused("cron(0 5 32 * ? *)"),
        refused("cron(0 5 ? 13 * *)"),
        refused("cron(0 5 ? * 8 *)"),
        refused("cron(0 5 ? * 0 *)"),
        refused("cron(0 5 0 * ? *)"),
        refused("cron(0 5 31 2 ? *)"),
        refused("cron(0 5 ? * MON#6 *)"),
        refused("cron(0 5 ? * * 2020)"),
        refused("cron(? 5 ? * * *)"),
        refused("cron(-1 5 ? * * *)"),
        refused("0 5 ? * * *"),
        refused("cron()"),
        refused(""),
        refused("@daily"),
        // Half past two does not exist on one night of the year, and comes late by an hour after another.
        zoned("cron(30 2 ? * * *)", "Europe/Berlin", 47, false),
        zoned("cron(30 2 ? * * *)", "America/New_York", 47, false),
        zoned("cron(0 12 ? * * *)", "Europe/Berlin", 25, true),
        zoned("cron(30 2 ? * * *)", "Asia/Kolkata", 24, true),
        ("cron(0 5 ? * * *)", Some("Mars/Olympus"), json!(["unknown", "unknown", "unknown", "unknown"])),
    ]
}

/// Expression, zone, and the text of all that run at the same times; none where it is no schedule.
pub fn canonical_texts() -> Vec<(&'static str, Option<&'static str>)> {
    vec![
        ("cron(0 5 ? * * *)", Some("cron(0 5 ? * * *)")),
        ("cron(0 5 * * ? *)", Some("cron(0 5 ? * * *)")),
        ("cron(00 05 1-31 1-12 ? 1970-2199)", Some("cron(0 5 ? * * *)")),
        ("cron(0 5 ? JAN-DEC SUN-SAT *)", Some("cron(0 5 ? * * *)")),
        ("cron(0 7 ? * * *) in Africa/Johannesburg", Some("cron(0 5 ? * * *)")),
        ("cron(30 10 ? * * *) in Asia/Kolkata", Some("cron(0 5 ? * * *)")),
        // Midnight there is the evening before.
        ("cron(0 1 ? * * *) in Africa/Johannesburg", Some("cron(0 23 ? * * *)")),
        ("cron(0 1 ? * SUN *) in Africa/Johannesburg", Some("cron(0 1 ? * SUN *) in Africa/Johannesburg")),
        ("cron(0 1 ? 6 * *) in Africa/Johannesburg", Some("cron(0 1 ? 6 * *) in Africa/Johannesburg")),
        ("cron(0 5 ? * * *) in Europe/Berlin", Some("cron(0 5 ? * * *) in Europe/Berlin")),
        ("cron(0 6 ? * 1 *)", Some("cron(0 6 ? * SUN *)")),
        ("cron(0 0/12 ? * * *)", Some("cron(0 0,12 ? * * *)")),
        ("cron(0 13/12 ? * * *)", Some("cron(0 13 ? * * *)")),
        ("cron(0 5 15W * ? *)", Some("cron(0 5 15W * ? *)")),
        ("cron(0 5 31W * ? *)", Some("cron(0 5 31W * ? *)")),
        ("cron(0 5 L * ? *)", Some("cron(0 5 L * ? *)")),
        ("cron(0 5 ? * 6L *)", Some("cron(0 5 ? * FRIL *)")),
        ("cron(0 5 ? * 3#2 *)", Some("cron(0 5 ? * TUE#2 *)")),
        ("cron(0 5 ? * L *)", Some("cron(0 5 ? * SAT *)")),
        ("cron(0 5 1,15 1,7 ? 2027)", Some("cron(0 5 1,15 1,7 ? 2027)")),
        ("cron(0 5 ? * * *) in Mars/Olympus", None),
        ("rate(1 day)", None),
        ("0 5 * * *", None),
    ]
}

pub fn wrong_canonical_texts() -> Vec<String> {
    let wrong = canonical_texts().into_iter().filter_map(|(text, expected)| {
        let found = canonical(text);
        (found.as_deref() != expected).then(|| format!("'{text}' is {found:?}, and should be {expected:?}"))
    });
    wrong.collect()
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

/// Expression, zone, and a member of the facts: what AWS does not say is neither taken nor refused.
pub fn told_vectors() -> Vec<(&'static str, Option<&'static str>, &'static str, Value)> {
    let berlin = Some("Europe/Berlin");
    vec![
        ("cron(0 5 LW * ? *)", None, "valid", json!("unknown")),
        ("cron(0 5 L-3 * ? *)", None, "valid", json!("unknown")),
        ("cron(0 5 1,L * ? *)", None, "valid", json!("unknown")),
        ("cron(0 5 1W,15W * ? *)", None, "valid", json!("unknown")),
        ("cron(0 5 ? * FRI-MON *)", None, "valid", json!("unknown")),
        ("cron(0 22-2 ? * * *)", None, "valid", json!("unknown")),
        // EventBridge says that only one expression with '#' is taken.
        ("cron(0 5 ? * 3#1,6#3 *)", None, "valid", json!(false)),
        ("cron(0 5 ? * * 1969)", None, "valid", json!(false)),
        ("cron(0 5 ? * * 2200)", None, "valid", json!(false)),
        ("cron(0 5,,6 ? * * *)", None, "valid", json!(false)),
        ("cron(0 */0 ? * * *)", None, "valid", json!(false)),
        ("rate(1 day)", None, "fault", json!("is a rate, and AWS Backup documents cron expressions only")),
        ("cron(0 5 31 2 ? *)", None, "fault", json!("never fires, from 2026-11-22 on")),
        ("cron(0 25 ? * * *)", None, "fault", json!("has '25' among its hours, which AWS does not take")),
        ("cron(*/5 * ? * * *)", None, "fault", json!("fires after 5 minutes already, and AWS Backup supports hourly at most")),
        ("cron(*/5 * ? * * *)", None, "runs_every_day", json!("unknown")),
        ("cron(0,30 5 ? * SUN *)", None, "valid", json!(false)),
        ("cron(0 * ? * * *)", None, "fault", Value::Null),
        ("cron(30 2 ? * * *)", berlin, "skipped_run", json!("2027-03-28 02:30")),
        ("cron(30 2 ? * * *)", berlin, "repeated_run", json!("2027-10-31 02:30")),
        // The hour that is skipped is not missed by what runs in every hour.
        ("cron(30 * ? * * *)", berlin, "skipped_run", Value::Null),
        ("cron(30 * ? * * *)", berlin, "repeated_run", json!("2027-10-31 02:30")),
        ("cron(0 2/2 ? * * *)", berlin, "skipped_run", json!("2027-03-28 02:00")),
        ("cron(30 1 ? * * *)", berlin, "skipped_run", Value::Null),
        ("cron(30 1 ? * * *)", berlin, "repeated_run", Value::Null),
        ("cron(0 3 ? * * *)", berlin, "repeated_run", Value::Null),
        // Of these Sundays, none is one on which the clocks change.
        ("cron(30 2 ? * SUN#2 *)", berlin, "skipped_run", Value::Null),
        ("cron(30 2 ? * 1L *)", berlin, "skipped_run", json!("2027-03-28 02:30")),
        ("cron(30 2 ? * * *)", Some("Asia/Kolkata"), "skipped_run", Value::Null),
    ]
}

pub fn wrongly_told() -> Vec<String> {
    let wrong = told_vectors().into_iter().filter_map(|(expression, zone, member, expected)| {
        let mut found = schedule_facts(expression, zone)[member].clone();
        if found.is_object() {
            found = json!("unknown");
        }
        (found != expected).then(|| format!("{member} of '{expression}' in {zone:?} is {found}, and should be {expected}"))
    });
    wrong.collect()
}
