//! The recovery point objective that a plan guarantees by what it configures: the largest gap of its schedule, and the windows
//! in which a run must start and complete. What was really achieved is no matter of this folder.
//!
//! - `timetable`: the runs of a plan's rules side by side, and what they guarantee
//! - `collision`: runs that get into each other's way
//! - `duration`: how long observed jobs took

mod collision;
mod duration;
mod timetable;

pub use collision::Collision;
pub use duration::Durations;
pub use timetable::{Run, Standing, Timed, runs};

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate};
use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::lifecycle::LifecycleFacts;
use super::plan_rule;
use super::schedule::{Schedules, settled};
use super::world::all;
use crate::snapshot::{Arn, Cause, Observed, PlanRule, Reason};
use timetable::{Bound, all_runs, guarantee};

/// Where a rule sets none (API: BackupRuleInput; the console's default is the same).
const DEFAULT_START_WINDOW: i64 = 480;
/// Where a rule sets none: seven days (DG: plan-options-and-configuration).
const DEFAULT_COMPLETION_WINDOW: i64 = 7 * 1440;
/// A hundred years (API: BackupRule); AWS Backup takes none that is longer, and none that is negative.
const LONGEST_WINDOW: i64 = 52_560_000;
/// From 29 February to the next, wherever in the four years one begins.
const YEARS_AHEAD: i32 = 9;

/// What the rules of a plan come to together.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ObjectiveFacts {
    /// Of what has snapshots, completes within the windows, and stays where it is.
    pub by_schedule: Observed<Guaranteed>,
    /// The same by what the plan selects: types that one bound holds for stand together.
    pub by_type: Observed<Vec<OfTypes>>,
    /// One for each vault that rules of the plan copy to.
    pub copies: Observed<Vec<OfCopy>>,
    /// Hours: the gap, and what 95 of 100 observed backup jobs of the plan took at most. Null: no completed job was observed.
    pub typical_rpo_hours: Observed<i64>,
}

/// An objective that holds as long as every run starts and completes in its windows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Guaranteed {
    /// Whole hours, rounded up. Null: nothing bounds it.
    pub rpo_hours: Observed<i64>,
    /// Minutes from the run before to the one that comes late. Null: nothing bounds it.
    pub gap_minutes: Observed<i64>,
    pub start_window_minutes: Observed<i64>,
    pub completion_window_minutes: Observed<i64>,
    pub dominated_by: Dominant,
}

/// The greatest part of an objective, or why there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Dominant {
    ScheduleGap,
    StartWindow,
    CompletionWindow,
    /// How far continuous backup is behind.
    ContinuousLag,
    /// AWS Backup applies no completion window to the types.
    NoCompletionWindow,
    /// No rule ever runs.
    NoRun,
    /// All rules have a last run.
    ScheduleEnds,
}

/// An objective of the resource types that it holds for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OfTypes {
    pub types: Vec<String>,
    pub guaranteed: Guaranteed,
    /// When the table was read that the types' properties come from, as YYYY-MM-DD.
    pub read_on: String,
}

/// An objective of copies, as far as the plan itself decides it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OfCopy {
    /// ARN of the vault; its address where Terraform has only that.
    pub destination: String,
    /// The vault's name.
    pub name: String,
    /// Until the point is there to be copied. AWS sets no bound on how long the copy takes.
    pub before_the_copy: Guaranteed,
    /// What 95 of 100 observed copy jobs of the plan to this vault took at most. Null: no completed one was observed.
    pub typical_copy_minutes: Observed<i64>,
}

/// The runs of rules side by side, laid out once for all plans whose rules have the same times.
#[derive(Default)]
pub struct Layouts(FxHashMap<Vec<TimesOfRule>, Rc<Layout>>);

/// What decides when a rule runs, and which of two rules wins.
type TimesOfRule = (Observed<String>, Observed<String>, i64, i64, Option<i64>);

struct Layout {
    runs: Vec<Run>,
    bound: Bound,
}

/// What the rules do to each other, and what they guarantee.
pub struct PlanTimes {
    pub collisions: Observed<Vec<Collision>>,
    pub objectives: ObjectiveFacts,
}

/// Derives both from the rules of a plan, the types it selects and the jobs it ran.
pub fn of_plan(
    rules: &Observed<Vec<PlanRule>>,
    types: Observed<Vec<String>>,
    durations: &Durations,
    plan_id: &str,
    (schedules, layouts): (&mut Schedules, &mut Layouts),
) -> PlanTimes {
    let (start, end) = horizon(schedules.from());
    let timed = rules.as_ref().and_then(|rules| {
        all(rules.iter().map(|rule| {
            let texts = (rule.schedule_expression.clone(), rule.schedule_expression_timezone.clone());
            timed(rule, schedules).map(|timed| ((texts.0, texts.1, timed.start_window, timed.completion_window, timed.retention), timed))
        }))
    });
    let laid_out = timed.map(|timed| {
        let (key, timed): (Vec<TimesOfRule>, Vec<Timed>) = timed.into_iter().unzip();
        let lay_out = || {
            let runs = all_runs(&timed, start, end);
            let bound = guarantee(&timed, &runs, &|_| true, start, end);
            Rc::new(Layout { runs, bound })
        };
        let layout = layouts.0.entry(key).or_insert_with(lay_out).clone();
        (timed, layout)
    });
    let bound = |counts: &dyn Fn(&str) -> bool| {
        laid_out.as_ref().and_then(|(timed, layout)| guaranteed(guarantee(timed, &layout.runs, &|at| counts(&timed[at].name), start, end)))
    };
    let by_schedule = laid_out.as_ref().and_then(|(_, layout)| guaranteed(layout.bound));
    let all_rules = rules.as_ref().map(Vec::len);
    let is_continuous = rules.as_ref().and_then(|rules| all(rules.iter().map(|rule| continuous(rule, schedules))));
    let is_continuous = is_continuous.map(|rules| rules.contains(&true));
    let by_type = types.and_then(|types| is_continuous.and_then(|continuous| of_types(&types, continuous, &by_schedule)));
    let copies = rules.as_ref().and_then(|rules| destinations(rules)).and_then(|destinations| {
        all(destinations.into_iter().map(|(destination, rules)| {
            // Most often all rules copy to all vaults.
            let is_all = all_rules.known() == Some(&rules.len());
            let before = if is_all { by_schedule.clone() } else { bound(&|name| rules.iter().any(|rule| rule == name)) };
            before.map(|before_the_copy| OfCopy {
                name: Arn::parse(&destination).map_or(destination.as_str(), |arn| arn.name()).to_owned(),
                before_the_copy,
                typical_copy_minutes: durations.of_copies(plan_id, &destination),
                destination,
            })
        }))
    });
    let typical_rpo_hours = by_schedule.as_ref().and_then(|bound| {
        let gap = bound.gap_minutes.clone();
        gap.and_then(|gap| durations.of_backups(plan_id).map(|minutes| hours(gap + minutes)))
    });
    PlanTimes {
        collisions: laid_out.and_then(|(timed, layout)| collision::collisions(&timed, &layout.runs)),
        objectives: ObjectiveFacts { by_schedule, by_type, copies, typical_rpo_hours },
    }
}

/// The rules that ever run, ready to be laid out side by side: with [`runs`], what a plan does next, and whether a run was due.
pub fn timed_rules(rules: &[PlanRule], schedules: &mut Schedules) -> Observed<Vec<Timed>> {
    all(rules.iter().map(|rule| timed(rule, schedules)))
}

/// Absent: it never runs.
fn timed(rule: &PlanRule, schedules: &mut Schedules) -> Observed<Timed> {
    let window =
        |minutes: &Observed<i64>, default| settled(minutes.clone().absent_is(default)).map(|minutes| minutes.clamp(0, LONGEST_WINDOW));
    let start_window = window(&rule.start_window_minutes, DEFAULT_START_WINDOW);
    let completion_window = window(&rule.completion_window_minutes, DEFAULT_COMPLETION_WINDOW);
    let retention = settled(LifecycleFacts::of(&rule.lifecycle).delete_after_days.map(Some).absent_is(None));
    schedules.of(rule).and_then(|schedule| {
        start_window.and_then(|start_window| {
            completion_window.and_then(|completion_window| {
                retention.map(|retention| Timed { name: rule.rule_name.clone(), schedule, start_window, completion_window, retention })
            })
        })
    })
}

/// Whether it keeps continuous points. Absent: it never runs.
fn continuous(rule: &PlanRule, schedules: &mut Schedules) -> Observed<bool> {
    schedules.of(rule).and_then(|_| settled(rule.enable_continuous_backup.clone().absent_is(false)))
}

/// The vaults that rules copy to, each with the names of its rules.
fn destinations(rules: &[PlanRule]) -> Observed<BTreeMap<String, Vec<String>>> {
    let of_rule = |rule: &PlanRule| {
        plan_rule::copies(rule).and_then(|actions| {
            all(actions.into_iter().map(|action| match action.destination_backup_vault_arn.required("DestinationBackupVaultArn") {
                Observed::Reference(address) => Observed::Known((address, rule.rule_name.clone())),
                other => other.map(|arn| (arn, rule.rule_name.clone())),
            }))
        })
    };
    all(rules.iter().map(of_rule)).map(|lists| {
        let mut destinations: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (destination, rule) in lists.into_iter().flatten() {
            destinations.entry(destination).or_default().push(rule);
        }
        destinations
    })
}

fn horizon(from: NaiveDate) -> (i64, i64) {
    let minute = |date: NaiveDate| date.and_time(chrono::NaiveTime::MIN).and_utc().timestamp().div_euclid(60);
    let until = from.with_year(from.year() + YEARS_AHEAD).unwrap_or(from + chrono::Days::new(366 * 9));
    (minute(from), minute(until))
}

fn hours(minutes: i64) -> i64 {
    (minutes + 59).div_euclid(60)
}

fn guaranteed(bound: Bound) -> Observed<Guaranteed> {
    let bound = match bound {
        Bound::Guarantee(bound) => bound,
        Bound::NoRun => return Observed::Known(Guaranteed::nothing(Dominant::NoRun)),
        Bound::Ends => return Observed::Known(Guaranteed::nothing(Dominant::ScheduleEnds)),
        Bound::Unclear => {
            let detail = "start windows of rules that keep their points equally long overlap again and again, and AWS does not say which run it takes";
            return Observed::unknown(Reason::new(Cause::Undetermined, detail));
        }
    };
    let dominated_by = if bound.gap >= bound.start_window.max(bound.completion_window) {
        Dominant::ScheduleGap
    } else if bound.start_window >= bound.completion_window {
        Dominant::StartWindow
    } else {
        Dominant::CompletionWindow
    };
    Observed::Known(Guaranteed {
        rpo_hours: Observed::Known(hours(bound.minutes())),
        gap_minutes: Observed::Known(bound.gap),
        start_window_minutes: Observed::Known(bound.start_window),
        completion_window_minutes: Observed::Known(bound.completion_window),
        dominated_by,
    })
}

impl Guaranteed {
    fn nothing(dominated_by: Dominant) -> Self {
        Guaranteed {
            rpo_hours: Observed::Absent,
            gap_minutes: Observed::Absent,
            start_window_minutes: Observed::Absent,
            completion_window_minutes: Observed::Absent,
            dominated_by,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    read_on: String,
    #[allow(dead_code)]
    source: String,
    #[serde(rename = "type")]
    types: BTreeMap<String, Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    #[serde(default)]
    continuous: bool,
    lag_minutes: Option<i64>,
    #[serde(default = "yes")]
    completion_window: bool,
}

fn yes() -> bool {
    true
}

// The table is part of the program and read by a test, so that it cannot be wrong at run time.
static TABLE: LazyLock<Table> = LazyLock::new(|| {
    toml::from_str(include_str!("types.toml")).unwrap_or(Table { read_on: String::new(), source: String::new(), types: BTreeMap::new() })
});

/// The types, those together that one bound holds for.
fn of_types(types: &[String], continuous: bool, by_schedule: &Observed<Guaranteed>) -> Observed<Vec<OfTypes>> {
    let mut groups: Vec<(Observed<Guaranteed>, Vec<String>)> = Vec::new();
    for name in types {
        let bound = match TABLE.types.get(name) {
            Some(row) if row.continuous && continuous => lag(name, row),
            // A schedule that never runs bounds nothing anyway.
            Some(row) if !row.completion_window => by_schedule.clone().map(|bound| match bound.rpo_hours {
                Observed::Absent => bound,
                _ => Guaranteed { rpo_hours: Observed::Absent, dominated_by: Dominant::NoCompletionWindow, ..bound },
            }),
            _ => by_schedule.clone(),
        };
        match groups.iter_mut().find(|(known, _)| *known == bound) {
            Some((_, names)) => names.push(name.clone()),
            None => groups.push((bound, vec![name.clone()])),
        }
    }
    let of_group = |(bound, types): (Observed<Guaranteed>, Vec<String>)| {
        bound.map(|guaranteed| OfTypes { types, guaranteed, read_on: TABLE.read_on.clone() })
    };
    all(groups.into_iter().map(of_group))
}

fn lag(name: &str, row: &Row) -> Observed<Guaranteed> {
    match row.lag_minutes {
        Some(minutes) => Observed::Known(Guaranteed {
            rpo_hours: Observed::Known(hours(minutes)),
            gap_minutes: Observed::Known(minutes),
            ..Guaranteed::nothing(Dominant::ContinuousLag)
        }),
        None => {
            let detail = format!("AWS does not say how far the continuous backup of {name} may be behind");
            Observed::unknown(Reason::new(Cause::Undetermined, detail))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::json;

    use super::TABLE;
    use crate::facts::{Kind, derive};
    use crate::snapshot::from_slice;

    #[test]
    fn the_table_can_be_read_and_names_types_that_are_known() {
        assert!(!TABLE.read_on.is_empty());
        let unknown = |name: &&String| crate::facts::capability::type_named(name).is_none();
        assert_eq!(TABLE.types.keys().filter(unknown).count(), 0);
    }
    #[test]
    fn numbers_that_aws_never_returns_overflow_nothing() {
        for number in [i64::MAX, i64::MIN] {
            let lifecycle = json!({ "DeleteAfterDays": number, "MoveToColdStorageAfterDays": number });
            let rule = |name: &str, expression: &str| {
                json!({
                    "RuleName": name, "RuleId": name, "TargetBackupVaultName": "main", "ScheduleExpression": expression,
                    "StartWindowMinutes": number, "CompletionWindowMinutes": number, "Lifecycle": lifecycle,
                    "CopyActions": [{
                        "DestinationBackupVaultArn": "arn:aws:backup:us-west-2:111122223333:backup-vault:copies", "Lifecycle": lifecycle,
                    }],
                })
            };
            let table = "arn:aws:dynamodb:us-east-1:111122223333:table/orders";
            let unit = json!({
                "Account": "111122223333", "Region": "us-east-1", "Source": "aws",
                "Complete": ["BackupVaults", "BackupPlans", "RecoveryPoints", "Resources", "Tables", "BackupJobs", "CopyJobs"],
                "BackupVaults": [{ "BackupVaultName": "main", "NumberOfRecoveryPoints": 1 }],
                "BackupPlans": [{
                    "BackupPlanId": "p",
                    "BackupPlan": { "BackupPlanName": "p", "Rules": [rule("daily", "cron(0 5 ? * * *)"), rule("weekly", "cron(0 6 ? * SUN *)")] },
                    "Selections": [{ "SelectionId": "s", "BackupSelection": { "SelectionName": "s", "Resources": [table] } }],
                }],
                "Tables": [{ "TableArn": table }],
                "RecoveryPoints": [{
                    "RecoveryPointArn": "arn:aws:backup:us-east-1:111122223333:recovery-point:1",
                    "BackupVaultName": "main", "ResourceArn": table, "ResourceType": "DynamoDB",
                    "Status": "COMPLETED", "CreationDate": "2026-11-21T05:00:00Z", "CompletionDate": "2026-11-21T06:00:00Z",
                    "Lifecycle": lifecycle, "CreatedBy": { "BackupPlanId": "p", "BackupRuleId": "daily" },
                }],
            });
            let document = json!({ "Schema": "backstop/snapshot/1", "Units": [unit] });
            let snapshot = from_slice(document.to_string().as_bytes(), Path::new("world.json")).unwrap();
            let subjects = derive(&snapshot, "2026-11-22T06:00:00Z".parse().unwrap());
            assert_eq!(subjects.of(Kind::Plan).subjects.len(), 1);
            assert!(subjects.of(Kind::Resource).subjects.iter().any(|subject| subject.id == table));
        }
    }
}
