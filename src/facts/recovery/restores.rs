//! Restores of a resource, and what they prove: that its points can be read, how long it took, and whether what came out was any
//! good. Restores of copies count where the copies were promised.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use serde::Serialize;

use super::testing::{TestPlan, Tests};
use super::types::Candidates;
use crate::facts::world::{World, all};
use crate::snapshot::{Arn, Cause, Collection, Observed, Reason, RecoveryPoint, RestoreJob, RestoreTestingPlan, Timestamp};

/// AWS Backup's lists of jobs reach back this far (API: ListBackupJobs, ListScanJobs; ListRestoreJobs does not say).
const LISTED_DAYS: i64 = 30;

/// What is known of restores of a resource.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct RestoreFacts {
    /// Whole days since the newest completed restore ended. Null: none is listed.
    pub last_restored_days_ago: Observed<i64>,
    /// Whole days since the newest restore ended whose result was validated successfully. Null: none is listed.
    pub last_validated_days_ago: Observed<i64>,
    /// The slowest completed restores, the newest first, each slower than those before it.
    pub slowest: Observed<Vec<SlowRestore>>,
    /// Of the restores that restore testing plans asked for and that are over, validation included, the newest of each account and
    /// Region: one that went wrong, else the newest of them. Null: none is listed.
    pub last_test: Observed<LastTest>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SlowRestore {
    /// Whole days since it ended.
    pub days_ago: i64,
    /// From the creation of the job to its completion, rounded up.
    pub minutes: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LastTest {
    /// The restore testing plan.
    pub plan: String,
    /// Whole days since it ended.
    pub days_ago: i64,
    /// `COMPLETED`, `FAILED` or `ABORTED`.
    pub status: String,
    pub status_message: Observed<String>,
    /// `SUCCESSFUL`, `FAILED` or `TIMED_OUT`. Null: nobody validated the result.
    pub validation_status: Observed<String>,
    pub validation_message: Observed<String>,
}

impl LastTest {
    fn went_wrong(&self) -> bool {
        self.status != "COMPLETED" || self.validation_status.known().is_none_or(|validation| validation != "SUCCESSFUL")
    }
}

/// All restore jobs, ready to be asked for those of one resource.
pub struct Restores<'w, 'a> {
    world: &'w World<'a>,
    /// By resource: the index of the unit that the job ran in, and the job.
    by_resource: FxHashMap<&'a str, Vec<(usize, &'a RestoreJob)>>,
    /// Jobs that may be of any resource of their type.
    unclear: Vec<(usize, &'a RestoreJob, Vec<Reason>)>,
    /// The points that were restored and are still there.
    points: FxHashMap<&'a str, &'a RecoveryPoint>,
    /// By unit: how many days its list of jobs reaches back, as far as can be told.
    horizon: Vec<i64>,
}

/// Where restores of a resource can have run.
pub struct Scope {
    /// The index of the resource's own unit.
    pub home: usize,
    /// That, and the units to which its points should be copied.
    pub units: Vec<usize>,
    /// Why there may be more of them.
    pub doubts: Vec<Reason>,
    /// Whether points of the resource lie in cold storage there.
    pub has_cold_points: Observed<bool>,
}

/// A completed restore.
struct Completed<'a> {
    unit: usize,
    job: &'a RestoreJob,
    days_ago: i64,
    minutes: i64,
    is_validated: bool,
}

impl<'w, 'a> Restores<'w, 'a> {
    pub fn of(world: &'w World<'a>) -> Self {
        let jobs = || world.regions.iter().enumerate().flat_map(|(at, region)| region.unit.restore_jobs.iter().map(move |job| (at, job)));
        let restored: BTreeSet<&str> = jobs().filter_map(|(_, job)| job.recovery_point_arn.known()).map(String::as_str).collect();
        let mut points = FxHashMap::default();
        if !restored.is_empty() {
            let everything = world.regions.iter().flat_map(|region| &region.unit.recovery_points);
            let of_jobs = everything.filter(|point| restored.contains(point.recovery_point_arn.as_str()));
            points.extend(of_jobs.map(|point| (point.recovery_point_arn.as_str(), point)));
        }
        let mut restores = Restores {
            world,
            by_resource: FxHashMap::default(),
            unclear: Vec::new(),
            points,
            horizon: vec![LISTED_DAYS; world.regions.len()],
        };
        for (at, job) in jobs() {
            let reaches = job.creation_date.known().map_or(0, |date| days_since(*date, world.as_of));
            restores.horizon[at] = restores.horizon[at].max(reaches);
            match restores.resource_of(job) {
                Ok(resource) => restores.by_resource.entry(resource).or_default().push((at, job)),
                Err(reasons) => restores.unclear.push((at, job, reasons)),
            }
        }
        restores
    }

    /// The job names its resource, or the point that it restored does.
    fn resource_of(&self, job: &'a RestoreJob) -> Result<&'a str, Vec<Reason>> {
        if let Observed::Known(resource) = &job.source_resource_arn {
            return Ok(resource);
        }
        let point = job.recovery_point_arn.known().and_then(|arn| self.points.get(arn.as_str()).copied());
        if let Some(Observed::Known(resource)) = point.map(|point| &point.resource_arn) {
            return Ok(resource);
        }
        let detail = format!("restore job '{}' names neither its resource nor a recovery point that was seen", job.restore_job_id);
        Err(vec![Reason::new(Cause::NotObserved, detail)])
    }

    /// What is known of restores, and the level of proof.
    pub fn facts(&self, resource: &str, types: &Candidates, scope: Scope, tests: &Tests) -> (RestoreFacts, Observed<u8>) {
        let Scope { home, units, mut doubts, has_cold_points } = scope;
        for unit in &units {
            doubts.extend(self.world.regions[*unit].sight.gaps(Collection::RestoreJobs));
        }
        for (_, job, reasons) in self.unclear.iter().filter(|(unit, ..)| units.contains(unit)) {
            if job.resource_type.known().is_none_or(|name| types.is(name) != Observed::Known(false)) {
                doubts.extend(reasons.iter().cloned());
            }
        }
        let jobs: Vec<(usize, &RestoreJob)> =
            self.by_resource.get(resource).into_iter().flatten().filter(|(unit, _)| units.contains(unit)).copied().collect();
        let mut completed = Vec::new();
        let mut over: Vec<(Timestamp, &str, usize, LastTest)> = Vec::new();
        for (unit, job) in jobs {
            match self.completed(unit, job) {
                Observed::Known(restore) => completed.push(restore),
                other => doubts.extend(other.reasons().iter().cloned()),
            }
            match self.test(unit, job) {
                Observed::Known((ended, test)) => over.push((ended, &job.restore_job_id, unit, test)),
                other => doubts.extend(other.reasons().iter().cloned()),
            }
        }
        let forgotten = self.forgotten(tests);
        let last_restored = completed.iter().map(|restore| restore.days_ago).min();
        let last_validated = completed.iter().filter(|restore| restore.is_validated).map(|restore| restore.days_ago).min();
        over.sort_by(|one, other| (one.0, one.1).cmp(&(other.0, other.1)));
        // Copies are tested where they lie, and that they can be restored says nothing of what they were copied from.
        let newest: BTreeMap<usize, usize> = over.iter().enumerate().map(|(at, (_, _, unit, _))| (*unit, at)).collect();
        let last_test = newest.into_values().max_by_key(|at| (over[*at].3.went_wrong(), *at)).map(|at| over.swap_remove(at).3);
        let facts = RestoreFacts {
            last_restored_days_ago: listed(last_restored, &doubts, &forgotten),
            last_validated_days_ago: listed(last_validated, &doubts, &forgotten),
            slowest: listed((!completed.is_empty()).then(|| slowest(&completed)), &doubts, &forgotten).absent_is(Vec::new()),
            last_test: listed(last_test, &doubts, &forgotten),
        };
        let level = certain(&doubts).and_then(|()| self.level(&completed, home, tests, &has_cold_points));
        (facts, level)
    }

    fn completed(&self, unit: usize, job: &'a RestoreJob) -> Observed<Completed<'a>> {
        status(job).and_then(|status| {
            if status != "COMPLETED" {
                return Observed::Absent;
            }
            let validation = job.validation_status.clone().map(|status| status == "SUCCESSFUL").absent_is(false);
            let created = job.creation_date.clone().required("CreationDate");
            let ended = job.completion_date.clone().required("CompletionDate");
            created.and_then(|created| ended.and_then(|ended| validation.map(|is_validated| (created, ended, is_validated)))).map(
                |(created, ended, is_validated)| Completed {
                    unit,
                    job,
                    days_ago: days_since(ended, self.world.as_of),
                    minutes: (ended.millis() - created.millis() + 59_999).div_euclid(60_000),
                    is_validated,
                },
            )
        })
    }

    /// When a restore that a restore testing plan asked for was over, and how it went. Absent while it runs or is validated.
    fn test(&self, unit: usize, job: &RestoreJob) -> Observed<(Timestamp, LastTest)> {
        let plan = job.created_by.as_ref().and_then(|by| by.restore_testing_plan_arn.as_ref());
        plan.and_then(|plan| {
            let status = status(job);
            let is_over = status.as_ref().and_then(|status| {
                if ["PENDING", "RUNNING"].contains(&status.as_str()) {
                    return Observed::Known(false);
                }
                job.validation_status.as_ref().map(|validation| validation != "VALIDATING").absent_is(true)
            });
            // A job that never got as far may have no end.
            let ended = match &job.completion_date {
                Observed::Absent => job.creation_date.clone().required("CreationDate"),
                date => date.clone(),
            };
            is_over.and_then(|is_over| {
                if !is_over {
                    return Observed::Absent;
                }
                status.and_then(|status| {
                    ended.map(|ended| {
                        let test = LastTest {
                            plan: self.plan(plan, unit).map_or_else(|| named(plan), |plan| plan.restore_testing_plan_name.clone()),
                            days_ago: days_since(ended, self.world.as_of),
                            status,
                            status_message: job.status_message.clone(),
                            validation_status: job.validation_status.clone(),
                            validation_message: job.validation_status_message.clone(),
                        };
                        (ended, test)
                    })
                })
            })
        })
    }

    fn plan(&self, arn: &str, unit: usize) -> Option<&'a RestoreTestingPlan> {
        let plans = self.world.regions[unit].unit.restore_testing_plans.iter();
        plans.into_iter().find(|plan| plan.restore_testing_plan_arn.known().is_some_and(|own| own == arn))
    }

    /// Why a restore that is not listed may have taken place: a plan that covers the resource ran before the list begins.
    fn forgotten(&self, tests: &Tests) -> Vec<Reason> {
        let mut reasons = tests.doubts.clone();
        for TestPlan { name, unit, last_run } in &tests.covering {
            match last_run {
                Observed::Known(date) if days_since(*date, self.world.as_of) > self.horizon[*unit] => {
                    let days = days_since(*date, self.world.as_of);
                    let detail = format!(
                        "restore testing plan '{name}' last ran {days} days ago, and AWS does not say that it lists restore jobs for so long"
                    );
                    reasons.push(Reason::new(Cause::Undetermined, detail));
                }
                other => reasons.extend(other.reasons().iter().cloned()),
            }
        }
        reasons
    }

    fn level(&self, completed: &[Completed], home: usize, tests: &Tests, has_cold_points: &Observed<bool>) -> Observed<u8> {
        let validated: Vec<&Completed> = completed.iter().filter(|restore| restore.is_validated).collect();
        if completed.is_empty() {
            return tests.is_covered().map(u8::from);
        }
        if validated.is_empty() {
            return Observed::Known(2);
        }
        if !validated.iter().any(|restore| restore.unit != home) {
            return Observed::Known(3);
        }
        let was_random = all(validated.iter().map(|restore| self.was_picked_at_random(restore)));
        was_random.and_then(|was_random| {
            let was_cold = has_cold_points.clone().and_then(|has_cold_points| {
                let of_each = all(validated.iter().map(|restore| self.was_cold(restore)));
                if has_cold_points { of_each.map(|of_each| of_each.contains(&true)) } else { Observed::Known(true) }
            });
            was_cold.map(|was_cold| if was_random.contains(&true) && was_cold { 5 } else { 4 })
        })
    }

    fn was_picked_at_random(&self, restore: &Completed) -> Observed<bool> {
        let region = &self.world.regions[restore.unit];
        let plan = restore.job.created_by.as_ref().and_then(|by| by.restore_testing_plan_arn.as_ref());
        let algorithm = plan.and_then(|arn| match self.plan(arn, restore.unit) {
            Some(plan) => {
                let which =
                    region.sight.member(&plan.recovery_point_selection, "backup:GetRestoreTestingPlan", &plan.restore_testing_plan_name);
                which.and_then(|which| which.algorithm)
            }
            // One whose ARN is not known may be the one.
            None => {
                let arns = all(region.unit.restore_testing_plans.iter().map(|plan| plan.restore_testing_plan_arn.as_ref()));
                certain(&[&region.sight.gaps(Collection::RestoreTestingPlans), arns.reasons()].concat()).and_then(|()| Observed::Absent)
            }
        });
        algorithm.map(|algorithm| algorithm == "RANDOM_WITHIN_WINDOW").absent_is(false)
    }

    /// Whether the point lay in cold storage when it was restored; false where it is gone since.
    fn was_cold(&self, restore: &Completed) -> Observed<bool> {
        let point = restore.job.recovery_point_arn.as_ref().and_then(|arn| match self.points.get(arn.as_str()) {
            Some(point) => Observed::Known(*point),
            None => Observed::Absent,
        });
        let moved = point.and_then(|point| point.calculated_lifecycle.as_ref());
        let moved = moved.and_then(|lifecycle| lifecycle.move_to_cold_storage_at.as_ref());
        moved.map(|moved| restore.job.creation_date.known().is_some_and(|created| moved <= created)).absent_is(false)
    }
}

fn status(job: &RestoreJob) -> Observed<String> {
    job.status.clone().required("Status").and_then(|status| match status.as_str() {
        "PENDING" | "RUNNING" | "COMPLETED" | "ABORTED" | "FAILED" => Observed::Known(status),
        other => {
            let detail = format!("'{other}' is not a status of a restore job that Backstop knows");
            Observed::unknown(Reason::new(Cause::Undetermined, detail))
        }
    })
}

/// What is not listed may have been forgotten; what is listed outweighs all that came before it.
fn listed<T>(found: Option<T>, doubts: &[Reason], forgotten: &[Reason]) -> Observed<T> {
    match found {
        Some(found) => certain(doubts).map(|()| found),
        None => certain(&[doubts, forgotten].concat()).and_then(|()| Observed::Absent),
    }
}

fn certain(doubts: &[Reason]) -> Observed<()> {
    let mut reasons = doubts.to_vec();
    reasons.sort();
    reasons.dedup();
    if reasons.is_empty() { Observed::Known(()) } else { Observed::Unknown(reasons) }
}

fn slowest(completed: &[Completed]) -> Vec<SlowRestore> {
    let mut all: Vec<SlowRestore> =
        completed.iter().map(|restore| SlowRestore { days_ago: restore.days_ago, minutes: restore.minutes }).collect();
    all.sort_by_key(|restore| (restore.days_ago, -restore.minutes));
    let mut slowest: Vec<SlowRestore> = Vec::new();
    for restore in all {
        if slowest.last().is_none_or(|last| restore.minutes > last.minutes) {
            slowest.push(restore);
        }
    }
    slowest
}

/// The plan's ARN without what leads to its name.
fn named(arn: &str) -> String {
    Arn::parse(arn).map_or(arn, |arn| arn.name()).to_owned()
}

fn days_since(date: Timestamp, as_of: Timestamp) -> i64 {
    as_of.hours_since(date).div_euclid(24)
}
