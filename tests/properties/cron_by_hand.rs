//! AWS's grammar against vectors written by hand.

use backstop::facts::schedule::canonical;
use serde_json::{Value, json};

use super::cron::schedule_facts;

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
