//! Schedules against a scan of every minute of five years, and AWS's grammar against vectors written by hand.

use backstop::facts::{Kind, derive};
use proptest::test_runner::TestCaseError;
use serde_json::{Value, json};

use super::tape::Tape;
use super::{account, as_of, read};

const MONTHS: [&str; 12] = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
/// AWS counts from Sunday, which is 1.
const DAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/// What the plan rule's facts say of a schedule.
pub fn facts(expression: &str, zone: Option<&str>) -> Value {
    let mut rule = json!({ "RuleName": "r", "TargetBackupVaultName": "v", "ScheduleExpression": expression });
    if let Some(zone) = zone {
        rule["ScheduleExpressionTimezone"] = json!(zone);
    }
    let plan = json!({ "BackupPlanId": "p", "BackupPlan": { "Rules": [rule] }, "Selections": [] });
    let unit = json!({ "Account": account::ACCOUNTS[0], "Region": account::REGIONS[0], "Source": "aws", "Complete": ["BackupPlans"], "BackupPlans": [plan] });
    let snapshot = read(&json!({ "Schema": "backstop/snapshot/1", "Units": [unit] }));
    let subjects = derive(&snapshot, as_of());
    let schedule = &subjects.of(Kind::PlanRule).facts[0].document["schedule"];
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

/// Every minute from 22 November 2026, a Sunday, for five years: valid, largest gap in hours, every day, every week.
fn scan(cron: &Cron) -> Value {
    let (mut year, mut month, mut day, mut weekday) = (2026, 11, 22, 1);
    let (mut now, mut last_run, mut largest, mut ran) = (0_i64, 0_i64, 0_i64, false);
    let (mut idle, mut most_idle) = (0, 0);
    while (year, month, day) < (2031, 11, 22) {
        let today = cron.years.contains(&year) && cron.months[month as usize] && cron.day.matches(year, month, day, weekday);
        let mut ran_today = false;
        for minute in 0..1440 {
            if today && cron.hours[minute / 60] && cron.minutes[minute % 60] {
                largest = largest.max(now - last_run);
                (last_run, ran_today) = (now, true);
            }
            now += 1;
        }
        ran |= ran_today;
        idle = if ran_today { 0 } else { idle + 1 };
        most_idle = most_idle.max(idle);
        weekday = weekday % 7 + 1;
        day += 1;
        if day > days_in(year, month) {
            (day, month) = (1, month + 1);
        }
        if month > 12 {
            (month, year) = (1, year + 1);
        }
    }
    largest = largest.max(now - last_run);
    if ran { json!([true, (largest + 59) / 60, most_idle == 0, most_idle < 7]) } else { json!([false, null, false, false]) }
}

pub fn agrees_with_a_scan(mut tape: Tape) -> Result<(), TestCaseError> {
    let cron = cron(&mut tape);
    let (facts, expected) = (facts(&cron.text, None), scan(&cron));
    if facts == expected { Ok(()) } else { Err(TestCaseError::fail(format!("'{}' is {facts}, and should be {expected}", cron.text))) }
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
        // From the last run of 2027 to the end of what is looked at.
        hours("cron(0 5 ? * * 2026-2027)", 1422 * 24 - 5, false, false),
        // Only 2028 is a leap year.
        hours("cron(0 5 29 2 ? *)", 1362 * 24 - 5, false, false),
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
