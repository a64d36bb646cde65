//! The objective that a plan guarantees, against plans that are run: each run starts and completes when it likes within its
//! windows. And what AWS does about runs that overlap.

use backstop::facts::schedule::Schedule;
use backstop::facts::{Kind, derive};
use backstop::snapshot::Timestamp;
use proptest::test_runner::TestCaseError;
use serde_json::{Value, json};

use super::tape::Tape;
use super::{account, as_of, read};

/// A rule: its schedule, its windows in minutes, and for how many days points are kept.
type Rule<'a> = (&'a str, i64, i64, i64);

fn plan_facts(rules: &[Rule], change: impl Fn(&mut Value)) -> Value {
    let rule = |(at, (schedule, start, completion, kept)): (usize, &Rule)| {
        let mut rule = json!({
            "RuleName": format!("rule-{at}"), "TargetBackupVaultName": "v", "ScheduleExpression": schedule,
            "StartWindowMinutes": start, "CompletionWindowMinutes": completion, "Lifecycle": { "DeleteAfterDays": kept },
        });
        change(&mut rule);
        rule
    };
    let rules: Vec<Value> = rules.iter().enumerate().map(rule).collect();
    let resources = json!(["arn:aws:dynamodb:*:*:table/*", "arn:aws:fsx:*:*:file-system/*", "arn:aws:rds:*:*:db:*"]);
    let selection = json!({ "SelectionId": "s", "BackupSelection": { "SelectionName": "s", "Resources": resources } });
    let plan = json!({ "BackupPlanId": "p", "BackupPlan": { "Rules": rules }, "Selections": [selection] });
    let unit = json!({ "Account": account::ACCOUNTS[0], "Region": account::REGIONS[0], "Source": "aws", "Complete": ["BackupPlans"], "BackupPlans": [plan] });
    let snapshot = read(&json!({ "Schema": "backstop/snapshot/1", "Units": [unit] }));
    derive(&snapshot, as_of()).of(Kind::Plan).facts[0].document.clone()
}

/// Gap, start window and completion window; the hours; what dominates.
fn guaranteed(rules: &[Rule]) -> Value {
    let told = plan_facts(rules, |_| {})["objectives"]["by_schedule"].clone();
    let parts = ["gap_minutes", "start_window_minutes", "completion_window_minutes", "rpo_hours", "dominated_by"];
    parts.iter().map(|part| told[part].clone()).collect()
}

/// Of each collision its kind, both rules and the rule that is taken; or 'unknown'.
fn collisions(rules: &[Rule]) -> Value {
    let told = plan_facts(rules, |_| {})["collisions"].clone();
    let Some(list) = told.as_array() else { return json!("unknown") };
    list.iter().map(|each| json!([each["kind"], each["first"], each["second"], each["taken"]])).collect()
}

const DAILY: &str = "cron(0 5 ? * * *)";
const WEEKLY: &str = "cron(0 6 ? * SUN *)";

/// What is wrong with the objectives and collisions of plans that were worked out by hand.
pub fn wrong_vectors() -> Vec<String> {
    let (overlap, active) = ("start_windows_overlap", "still_active");
    let objectives: Vec<(&str, Vec<Rule>, Value)> = vec![
        ("the specification's daily rule", vec![(DAILY, 60, 300, 30)], json!([1440, 60, 300, 30, "schedule_gap"])),
        ("the windows of the console", vec![(DAILY, 480, 10080, 30)], json!([1440, 480, 10080, 200, "completion_window"])),
        // On Sundays it may be that only the weekly run counts: AWS does not say whether the windows overlap that touch at 06:00.
        ("the specification's plan", vec![(DAILY, 60, 300, 30), (WEEKLY, 60, 300, 120)], json!([1500, 60, 300, 31, "schedule_gap"])),
        (
            "the same, an hour later",
            vec![(DAILY, 60, 300, 30), ("cron(0 7 ? * SUN *)", 60, 300, 120)],
            json!([1440, 60, 300, 30, "schedule_gap"]),
        ),
        (
            "dropped on Sundays",
            vec![(DAILY, 60, 300, 30), ("cron(30 5 ? * SUN *)", 60, 300, 120)],
            json!([1470, 60, 300, 31, "schedule_gap"]),
        ),
        (
            "kept equally long",
            vec![(DAILY, 60, 300, 30), ("cron(30 5 ? * SUN *)", 60, 300, 30)],
            json!([1470, 60, 300, 31, "schedule_gap"]),
        ),
        ("at the same time", vec![(DAILY, 60, 300, 30), ("cron(0 5 ? * SUN *)", 60, 300, 120)], json!([1440, 60, 300, 30, "schedule_gap"])),
        ("every twelve hours", vec![("cron(0 5/12 ? * * *)", 60, 300, 30)], json!([720, 60, 300, 18, "schedule_gap"])),
        ("not every twelve hours", vec![("cron(0 13/12 ? * * *)", 60, 300, 30)], json!([1440, 60, 300, 30, "schedule_gap"])),
        ("two rules in turn", vec![(DAILY, 60, 300, 30), ("cron(0 17 ? * * *)", 60, 300, 30)], json!([720, 60, 300, 18, "schedule_gap"])),
        ("a start window that dominates", vec![("cron(0 * ? * * *)", 90, 60, 30)], json!([60, 90, 60, 4, "start_window"])),
        // A month-long backup in the midst of hourly ones is no help, and takes two of their places.
        (
            "hourly, and a slow one",
            vec![("cron(0 * ? * * *)", 60, 60, 30), ("cron(30 5 1 * ? *)", 60, 43200, 40)],
            json!([180, 60, 60, 5, "schedule_gap"]),
        ),
        // Here AWS may take either, and with it the run before or after.
        (
            "hourly, and one kept equally long",
            vec![("cron(0 * ? * * *)", 60, 60, 30), ("cron(30 5 1 * ? *)", 60, 43200, 30)],
            json!("unknown"),
        ),
        ("from leap day to leap day", vec![("cron(0 5 29 2 ? *)", 60, 300, 30)], json!([1461 * 1440, 60, 300, 35070, "schedule_gap"])),
        ("a rate", vec![("rate(1 day)", 60, 300, 30)], json!([null, null, null, null, "no_run"])),
        ("a year that ends", vec![("cron(0 5 ? * * 2026-2027)", 60, 300, 30)], json!([null, null, null, null, "schedule_ends"])),
        ("no rule", vec![], json!([null, null, null, null, "no_run"])),
    ];
    let colliding: Vec<(&str, Vec<Rule>, Value)> = vec![
        ("alone", vec![(DAILY, 60, 300, 30)], json!([])),
        ("alone and too long", vec![(DAILY, 60, 1441, 30)], json!([[active, "rule-0", "rule-0", null]])),
        ("alone and just short enough", vec![(DAILY, 60, 1440, 30)], json!([])),
        ("the specification's plan", vec![(DAILY, 60, 300, 30), (WEEKLY, 60, 300, 120)], json!([[active, "rule-0", "rule-1", null]])),
        // Nothing but the boundary: 06:00.
        ("windows that touch", vec![(DAILY, 60, 60, 30), (WEEKLY, 60, 60, 120)], json!("unknown")),
        ("a minute between", vec![(DAILY, 60, 61, 30), ("cron(1 6 ? * SUN *)", 60, 61, 120)], json!([])),
        (
            "a minute less",
            vec![(DAILY, 60, 60, 30), ("cron(59 5 ? * SUN *)", 60, 60, 120)],
            json!([[overlap, "rule-0", "rule-1", "rule-1"]]),
        ),
        ("kept equally long", vec![(DAILY, 60, 60, 30), (DAILY, 60, 60, 30)], json!([[overlap, "rule-0", "rule-1", null]])),
        ("the first kept longer", vec![(DAILY, 60, 60, 31), (DAILY, 60, 60, 30)], json!([[overlap, "rule-0", "rule-1", "rule-0"]])),
        ("one that never runs", vec![(DAILY, 60, 300, 30), ("rate(1 day)", 60, 300, 30)], json!([])),
    ];
    let mut wrong = Vec::new();
    for (what, rules, expected) in objectives {
        let mut found = guaranteed(&rules);
        if found.as_array().is_some_and(|parts| parts.iter().all(Value::is_null)) {
            found = json!("unknown");
        }
        wrong.extend((found != expected).then(|| format!("{what} guarantees {found}, and should {expected}")));
    }
    for (what, rules, expected) in colliding {
        let found = collisions(&rules);
        wrong.extend((found != expected).then(|| format!("{what} collides {found}, and should {expected}")));
    }
    wrong.extend(wrong_types());
    wrong
}

/// FSx has no completion window, and RDS may have continuous backup.
fn wrong_types() -> Vec<String> {
    let of_types = |change: &dyn Fn(&mut Value)| {
        let told = plan_facts(&[(DAILY, 60, 300, 30)], change)["objectives"]["by_type"].clone();
        let groups = told.as_array().cloned().unwrap_or_default();
        groups
            .iter()
            .map(|group| json!([group["types"], group["guaranteed"]["rpo_hours"], group["guaranteed"]["dominated_by"]]))
            .collect::<Value>()
    };
    let plain = of_types(&|_| {});
    let continuous = of_types(&|rule| rule["EnableContinuousBackup"] = json!(true));
    let windowless = of_types(&|rule| {
        rule.as_object_mut().expect("a rule").retain(|member, _| !member.ends_with("WindowMinutes"));
    });
    let files = json!([["FSx"], null, "no_completion_window"]);
    let expected = [
        json!([[["DynamoDB", "RDS"], 30, "schedule_gap"], files]),
        json!([[["DynamoDB"], 30, "schedule_gap"], files, [["RDS"], 1, "continuous_lag"]]),
        json!([[["DynamoDB", "RDS"], 200, "completion_window"], files]),
    ];
    let pairs = [plain, continuous, windowless].into_iter().zip(expected);
    pairs
        .filter(|(found, expected)| found != expected)
        .map(|(found, expected)| format!("types have {found}, and should {expected}"))
        .collect()
}

/// Rules that do not overlap, run for 60 days: no point is ever older than what is guaranteed, and the worst is as old.
pub fn agrees_with_runs(mut tape: Tape) -> Result<(), TestCaseError> {
    let pool: [Rule; 5] = [
        (DAILY, 60 + tape.below(3) as i64 * 30, 30 + tape.below(400) as i64, 30),
        ("cron(0 9 ? * * *)", 60, 60 + tape.below(300) as i64, 30),
        ("cron(30 14 ? * MON-FRI *)", 90, 60 + tape.below(600) as i64, 30),
        ("cron(0 20 ? * 1,4 *)", 120, 60 + tape.below(900) as i64, 30),
        ("cron(0 1 1,16 * ? *)", 60, 60, 30),
    ];
    let mut rules: Vec<Rule> = tape.some_of(&pool, 3);
    if rules.is_empty() {
        rules.push(pool[0]);
    }
    let told = guaranteed(&rules);
    let bound: i64 = (0..3).filter_map(|at| told[at].as_i64()).sum();
    let from: Timestamp = as_of();
    let until = Timestamp::from_millis(from.millis() + 60 * 86_400_000).expect("a time");
    // When each run is due, and its windows.
    let mut due: Vec<(i64, i64, i64)> = Vec::new();
    for (expression, start, completion, _) in &rules {
        let schedule = Schedule::read(expression, "Etc/UTC").map_err(|fault| TestCaseError::fail(format!("{fault:?}")))?;
        due.extend(schedule.between(from, until).map(|run| (run.millis() / 60_000, *start, *completion)));
    }
    due.sort_unstable();
    // The longest time until a younger point can be used, in minutes.
    let oldest = |jobs: &mut Vec<(i64, i64)>| {
        jobs.sort_unstable();
        let (mut newest, mut oldest) = (None, 0);
        for (usable, started) in jobs.iter() {
            if newest.is_none_or(|newest| *started > newest) {
                oldest = oldest.max(newest.map_or(0, |newest| usable - newest));
                newest = Some(*started);
            }
        }
        oldest
    };
    // At the end there are runs missing that would have been over by then.
    let whole = until.millis() / 60_000 - 2 * 1440;
    for _ in 0..20 {
        let job = |(due, start, completion): &(i64, i64, i64), tape: &mut Tape| {
            let started = due + tape.below(*start as usize + 1) as i64;
            (started + tape.below(*completion as usize + 1) as i64, started)
        };
        let mut jobs: Vec<(i64, i64)> = due.iter().map(|run| job(run, &mut tape)).collect();
        jobs.retain(|job| job.0 < whole);
        if oldest(&mut jobs) > bound {
            return Err(TestCaseError::fail(format!("{rules:?} guarantee {told}, and a run had {} minutes", oldest(&mut jobs))));
        }
    }
    // One run is as late as can be. Of the others, those that must be over by then start at once, and the rest are late as well.
    let deadline = |(due, start, completion): &(i64, i64, i64)| due + start + completion;
    let worst = due.iter().filter(|run| run.0 < whole).map(|late| {
        let job = |run: &(i64, i64, i64)| if deadline(run) < deadline(late) { (run.0, run.0) } else { (deadline(run), run.0 + run.1) };
        let until_then = |run: &&(i64, i64, i64)| deadline(run) <= deadline(late);
        oldest(&mut due.iter().filter(until_then).map(job).collect())
    });
    let worst = worst.max().unwrap_or(0);
    // Two months do not hold every turn of days of the month and of the week.
    let holds_the_worst = rules.iter().all(|rule| !rule.0.contains("1,16"));
    if worst > bound || holds_the_worst && worst < bound {
        return Err(TestCaseError::fail(format!("{rules:?} guarantee {told}, and at worst it is {worst}")));
    }
    Ok(())
}
