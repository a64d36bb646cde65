//! Runs that were due: the latest scheduled run of the plans that select a resource, and whether a job of theirs followed.

use std::cell::OnceCell;

use chrono::TimeDelta;
use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use serde::Serialize;

use super::capability;
use super::jobs::{Job, Jobs};
use super::plan;
use super::schedule::{Schedule, Schedules};
use super::world::{Region, all, plan_arn, plan_name};
use crate::snapshot::{Arn, BackupPlan, Cause, CreatedBy, Observed, PlanRule, Reason, Timestamp};

/// A run that should have begun by now: the start window of it is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DueRun {
    pub plan: String,
    pub rule: String,
    /// Whole hours since its scheduled time.
    pub hours_ago: i64,
    /// Whether a backup job of any plan that selects the resource began since, or shortly before: of rules whose start windows
    /// overlap, only one runs.
    pub ran: Observed<bool>,
}

/// AWS lists jobs of 30 days; a day less, so that none can have left the list between the run and the look at it.
const LISTED_DAYS: i64 = 29;
/// AWS Backup's own, where a rule names none (API: BackupRule).
const START_WINDOW_MINUTES: i64 = 480;
/// A hundred years (API: BackupRule).
const LONGEST_START_WINDOW_MINUTES: i64 = 52_560_000;
/// The types that a rule with continuous backup backs up continuously. Whether each of its runs then shows a job, AWS does not say.
const CONTINUOUS: [&str; 4] = ["Aurora", "RDS", "S3", "SAP HANA on Amazon EC2"];

/// What the plans of a Region owe to each resource.
pub struct Duties<'a> {
    region: &'a Region<'a>,
    as_of: Timestamp,
    /// By plan id.
    plans: FxHashMap<&'a str, Planned<'a>>,
    /// When a resource was first seen to be there, by its points and its own description.
    first_seen: OnceCell<FxHashMap<&'a str, Timestamp>>,
}

struct Planned<'a> {
    plan: &'a BackupPlan,
    arn: String,
    /// When the plan was last changed.
    since: Observed<Timestamp>,
    rules: Observed<Vec<Scheduled>>,
}

struct Scheduled {
    rule: String,
    continuous: bool,
    start_window: TimeDelta,
    /// The last run whose start window is over. `None`: there was none in the time that jobs are listed for.
    last: Option<Timestamp>,
}

impl<'a> Duties<'a> {
    pub fn of(region: &'a Region<'_>, as_of: Timestamp) -> Self {
        let mut schedules = Schedules::as_of(as_of);
        let planned = |plan: &'a BackupPlan| (plan.backup_plan_id.as_str(), Planned::of(plan, region, &mut schedules, as_of));
        // Of two plans with one id, the first counts.
        let plans = region.unit.backup_plans.iter().rev().map(planned).collect();
        Duties { region, as_of, plans, first_seen: OnceCell::new() }
    }

    /// The latest run that was due for the resource with this number. Absent: no plan selects it, or none was due since it did.
    pub fn due(&self, resource: usize, arn: &str, jobs: &Jobs) -> Observed<DueRun> {
        let assignments = &self.region.assignments;
        if !assignments.unseen.is_empty() {
            return Observed::Unknown(assignments.unseen.clone());
        }
        let of_each = assignments.met(resource).map(|(selection, doubt)| match doubt {
            Some(doubt) => Observed::Unknown(doubt.to_vec()),
            None => {
                let planned = self.plans.get(selection.plan.backup_plan_id.as_str());
                planned.map_or(Observed::Absent, |plan| {
                    let since = selection.since.as_ref().and_then(|chosen| plan.since.as_ref().map(|changed| *chosen.max(changed)));
                    since.and_then(|since| plan.rules.as_ref().map(|rules| (plan, since, rules)))
                })
            }
        });
        all(of_each).and_then(|plans| self.latest(arn, &plans, jobs))
    }

    fn latest(&self, arn: &str, plans: &[(&Planned, Timestamp, &Vec<Scheduled>)], jobs: &Jobs) -> Observed<DueRun> {
        let types = Arn::parse(arn).map(|arn| capability::types_of(&arn)).unwrap_or_default();
        let is_continuous = types.iter().any(|row| CONTINUOUS.contains(&row.name.as_str()));
        let runs = plans.iter().flat_map(|(plan, since, rules)| {
            let told = rules.iter().filter(|rule| !(rule.continuous && is_continuous));
            told.filter_map(move |rule| rule.last.filter(|last| last >= since).map(|last| (last, plan_name(plan.plan), &rule.rule)))
        });
        let Some((due, plan, rule)) = runs.max() else { return Observed::Absent };
        let windows = plans.iter().flat_map(|(_, _, rules)| rules.iter()).map(|rule| rule.start_window).max().unwrap_or_default();
        let from = due.to_chrono().checked_sub_signed(windows).map_or(due, Timestamp::from);
        let ran = self.began(arn, from, plans, jobs).and_then(|began| {
            if began || self.was_there(arn, due, jobs) {
                return Observed::Known(began);
            }
            let detail = format!("no backup job of '{arn}' began since, and nothing shows that it was there when the run was due");
            Observed::unknown(Reason::new(Cause::Undetermined, detail))
        });
        Observed::Known(DueRun { plan, rule: rule.clone(), hours_ago: self.as_of.hours_since(due), ran })
    }

    /// Whether a job of one of the plans began at that time or later.
    fn began(&self, arn: &str, from: Timestamp, plans: &[(&Planned, Timestamp, &Vec<Scheduled>)], jobs: &Jobs) -> Observed<bool> {
        let told: Vec<Observed<bool>> = jobs
            .of_resource(arn)
            .iter()
            .filter(|job| job.is_backup())
            .map(|job| {
                let late = job.created.as_ref().required("CreationDate").map(|created| *created >= from);
                match (late, is_by(job, plans)) {
                    (Observed::Known(false), _) | (_, Observed::Known(false)) => Observed::Known(false),
                    (late, by) => late.and_then(|_| by),
                }
            })
            .collect();
        if told.contains(&Observed::Known(true)) {
            return Observed::Known(true);
        }
        if !jobs.backup_gaps().is_empty() {
            return Observed::Unknown(jobs.backup_gaps().to_vec());
        }
        all(told).map(|_| false)
    }

    /// AWS's lists do not tell when a resource was made. An earlier job or point shows that it was there, and so does a table's own
    /// description.
    fn was_there(&self, arn: &str, at: Timestamp, jobs: &Jobs) -> bool {
        let job = jobs.of_resource(arn).iter().filter_map(|job| job.created.known().copied());
        let seen = self.first_seen.get_or_init(|| first_seen(self.region)).get(arn).copied();
        job.chain(seen).any(|time| time <= at)
    }
}

impl<'a> Planned<'a> {
    fn of(plan: &'a BackupPlan, region: &Region, schedules: &mut Schedules, as_of: Timestamp) -> Self {
        let versions = region.sight.member(&plan.versions, "backup:ListBackupPlanVersions", &plan.backup_plan_id).absent_is(Vec::new());
        let versions =
            versions.and_then(|versions| all(versions.into_iter().map(|version| version.creation_date.required("CreationDate"))));
        let created = plan.creation_date.clone().required("CreationDate");
        let since = created.and_then(|created| versions.map(|versions| versions.into_iter().fold(created, Timestamp::max)));
        let rules = plan::rules(plan, region).and_then(|rules| all(rules.iter().map(|rule| Scheduled::of(rule, schedules, as_of))));
        Planned { plan, arn: plan_arn(region.unit, plan), since, rules }
    }
}

impl Scheduled {
    fn of(rule: &PlanRule, schedules: &mut Schedules, as_of: Timestamp) -> Observed<Self> {
        let window = rule.start_window_minutes.clone().absent_is(START_WINDOW_MINUTES);
        let continuous = rule.enable_continuous_backup.clone().absent_is(false);
        // A schedule that is not valid has no runs.
        let schedule = schedules.of(rule).map(Some).absent_is(None);
        schedule.and_then(|schedule| {
            window.and_then(|window| {
                continuous.map(|continuous| {
                    let start_window = TimeDelta::minutes(window.clamp(0, LONGEST_START_WINDOW_MINUTES));
                    let before_now = |span: TimeDelta| as_of.to_chrono().checked_sub_signed(span);
                    let span = before_now(TimeDelta::days(LISTED_DAYS)).zip(before_now(start_window));
                    let last = schedule.zip(span).and_then(|(schedule, (from, until))| last_run(&schedule, from.into(), until.into()));
                    Scheduled { rule: rule.rule_name.clone(), continuous, start_window, last }
                })
            })
        })
    }
}

/// The last run from `from` to `until`, both included.
fn last_run(schedule: &Schedule, from: Timestamp, until: Timestamp) -> Option<Timestamp> {
    let after = Timestamp::from_millis(until.millis() + 1)?;
    schedule.last_before(after).filter(|run| *run >= from)
}

/// Absent: it was started by hand.
fn is_by(job: &Job, plans: &[(&Planned, Timestamp, &Vec<Scheduled>)]) -> Observed<bool> {
    let same = |by: &CreatedBy, plan: &Planned| match (&by.backup_plan_id, &by.backup_plan_arn) {
        (Observed::Known(id), _) => Observed::Known(*id == plan.plan.backup_plan_id),
        (_, Observed::Known(arn)) => Observed::Known(*arn == plan.arn),
        (id, _) => id.as_ref().required("BackupPlanId").map(|_| false),
    };
    let by = job.by.as_ref().and_then(|by| {
        let told: Vec<Observed<bool>> = plans.iter().map(|(plan, ..)| same(by, plan)).collect();
        if told.contains(&Observed::Known(true)) { Observed::Known(true) } else { all(told).map(|_| false) }
    });
    by.absent_is(false)
}

/// The first moment at which each resource is known to have been there: by its points, or because its table says so.
fn first_seen<'a>(region: &'a Region) -> FxHashMap<&'a str, Timestamp> {
    let mut first: FxHashMap<&str, Timestamp> = FxHashMap::default();
    let mut see = |arn: &'a str, at: Timestamp| _ = first.entry(arn).and_modify(|time| *time = (*time).min(at)).or_insert(at);
    for point in &region.unit.recovery_points {
        if let (Observed::Known(arn), Observed::Known(created)) = (&point.resource_arn, &point.creation_date) {
            see(arn, *created);
        }
    }
    for table in &region.unit.tables {
        let continuous = table.continuous_backups_description.known();
        let recovery = continuous.and_then(|continuous| continuous.point_in_time_recovery_description.known());
        let restorable = recovery.and_then(|recovery| recovery.earliest_restorable_date_time.known());
        let times = [table.creation_date_time.known(), restorable];
        times.into_iter().flatten().for_each(|at| see(&table.table_arn, *at));
    }
    first
}

#[cfg(test)]
mod tests {
    use super::*;

    fn last(expression: &str, zone: &str, from: &str, until: &str) -> Option<String> {
        let time = |text: &str| text.parse::<Timestamp>().expect("a time");
        let schedule = Schedule::read(expression, zone).ok()?;
        last_run(&schedule, time(from), time(until)).map(|time| time.to_string())
    }

    #[test]
    fn the_last_run_is_the_latest_that_is_not_after_the_end() {
        let daily = |until: &str| last("cron(0 5 ? * * *)", "Etc/UTC", "2026-11-01", until);
        assert_eq!(daily("2026-11-22T05:00:00Z").as_deref(), Some("2026-11-22T05:00:00Z"));
        assert_eq!(daily("2026-11-22T04:59:59Z").as_deref(), Some("2026-11-21T05:00:00Z"));
        assert_eq!(daily("2026-11-01T04:59:59Z"), None);
        let often = last("cron(15 0/6 ? * * *)", "Etc/UTC", "2026-11-01", "2026-11-22T18:10:00Z");
        assert_eq!(often.as_deref(), Some("2026-11-22T12:15:00Z"));
    }

    #[test]
    fn a_run_before_the_beginning_does_not_count() {
        assert_eq!(last("cron(0 5 1 * ? *)", "Etc/UTC", "2026-11-02", "2026-11-22"), None);
        assert_eq!(last("cron(0 5 1 * ? *)", "Etc/UTC", "2026-11-01T05:00:01Z", "2026-11-22"), None);
        let first = last("cron(0 5 1 * ? *)", "Etc/UTC", "2026-11-01T05:00:00Z", "2026-11-22");
        assert_eq!(first.as_deref(), Some("2026-11-01T05:00:00Z"));
    }

    #[test]
    fn a_schedule_runs_by_its_own_zone_and_not_at_times_that_it_skips() {
        let tokyo = last("cron(0 5 ? * * *)", "Asia/Tokyo", "2026-11-01", "2026-11-22T00:00:00Z");
        assert_eq!(tokyo.as_deref(), Some("2026-11-21T20:00:00Z"));
        // On 2026-03-29 there is no half past two in Berlin.
        let berlin = last("cron(30 2 ? * * *)", "Europe/Berlin", "2026-03-01", "2026-03-29T12:00:00Z");
        assert_eq!(berlin.as_deref(), Some("2026-03-28T01:30:00Z"));
    }

    #[test]
    fn what_is_no_schedule_never_runs() {
        assert_eq!(last("rate(1 day)", "Etc/UTC", "2026-11-01", "2026-11-22"), None);
        assert_eq!(last("cron(0 5 31 2 ? *)", "Etc/UTC", "2026-02-01", "2026-03-22"), None);
    }
}
