//! Whether a recovery point's copies arrived: by the points at the destination, and by the copy jobs.

use rustc_hash::FxHashMap;

use super::origin::{Origin, Origins};
use super::world::{Found, Region, World, all};
use crate::snapshot::{Arn, Cause, Collection, CopyJob, Observed, Reason, RecoveryPoint, Timestamp};

/// AWS keeps copy jobs for this long.
const JOBS_KEPT_HOURS: i64 = 30 * 24;

/// What is known of one copy of a point.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Arrival {
    /// Index of the copy action in its rule.
    pub action: usize,
    pub arrived: Observed<bool>,
    /// From the start of the backup to the arrival, or to the audit.
    pub hours: Observed<i64>,
}

/// Copies and copy jobs, ready to be looked up.
pub struct Arrivals<'a> {
    origins: &'a Origins,
    /// By destination vault.
    destinations: FxHashMap<String, Destination<'a>>,
    /// Completed jobs, by source point and destination vault: when the first of them was.
    jobs: FxHashMap<(&'a str, &'a str), Observed<Timestamp>>,
    /// Jobs that may be the completed one of any copy, because it is not known what they are.
    unclear_jobs: Vec<&'a CopyJob>,
}

/// What lies in a vault that copies go to.
#[derive(Default)]
struct Destination<'a> {
    /// Points that are complete, by resource and second of creation, which a copy shares with its source.
    points: FxHashMap<(&'a str, i64), Vec<&'a RecoveryPoint>>,
    /// Points of which it is not known whether they are here, complete, and whose.
    unclear: Vec<&'a RecoveryPoint>,
    /// Why the points are not all there.
    gaps: Vec<Reason>,
}

impl<'a> Arrivals<'a> {
    pub fn of(world: &World<'a>, origins: &'a Origins) -> Self {
        let mut arrivals = Arrivals { origins, destinations: FxHashMap::default(), jobs: FxHashMap::default(), unclear_jobs: Vec::new() };
        let destinations =
            origins.makers.iter().filter_map(|maker| maker.copies.known()).flatten().filter_map(|copy| copy.destination.known());
        for arn in destinations {
            if !arrivals.destinations.contains_key(arn) {
                arrivals.destinations.insert(arn.clone(), Destination::of(arn, world));
            }
        }
        for job in world.regions.iter().flat_map(|region| &region.unit.copy_jobs) {
            match (&job.source_recovery_point_arn, &job.destination_backup_vault_arn, &job.state) {
                (Observed::Known(source), Observed::Known(destination), Observed::Known(state)) => {
                    if state == "COMPLETED" {
                        let first = arrivals.jobs.entry((source, destination)).or_insert_with(|| job.completion_date.clone());
                        *first = earlier(first, &job.completion_date);
                    }
                }
                _ => arrivals.unclear_jobs.push(job),
            }
        }
        arrivals
    }

    /// What is known of each copy that the point should have. Nothing for points that are copies themselves, were not made
    /// by a rule, or are not complete: AWS Backup copies only what is.
    pub fn of_point(&self, point: &RecoveryPoint, origin: &Origin, region: &Region, world: &World) -> Observed<Vec<Arrival>> {
        let complete = point.status.as_ref().required("Status").map(|status| is_complete(status));
        if origin.rule.is_absent() || origin.is_copy == Observed::Known(true) || complete == Observed::Known(false) {
            return Observed::Known(Vec::new());
        }
        let copies = origin
            .is_copy
            .as_ref()
            .and_then(|_| complete)
            .and_then(|_| origin.rule.as_ref())
            .and_then(|rule| self.origins.makers[*rule].copies.as_ref());
        copies.and_then(|copies| {
            let arrivals = copies.iter().enumerate().map(|(action, copy)| match &copy.destination {
                Observed::Known(destination) => self.arrival(action, point, destination, &copy.lifecycle.delete_after_days, region, world),
                other => Observed::Known(unknown(action, other.reasons().to_vec())),
            });
            all(arrivals)
        })
    }

    /// Absent for a copy that has lived its time: it is rightly gone, and when it came no longer matters.
    fn arrival(
        &self,
        action: usize,
        point: &RecoveryPoint,
        arn: &str,
        kept: &Observed<i64>,
        region: &Region,
        world: &World,
    ) -> Observed<Arrival> {
        point.creation_date.clone().required("CreationDate").and_then(|created| {
            let expired = kept.as_ref().map(|days| world.as_of.hours_since(created) > days.saturating_mul(24)).absent_is(false);
            expired.and_then(
                |expired| {
                    if expired { Observed::Absent } else { Observed::Known(self.due(action, point, created, arn, region, world)) }
                },
            )
        })
    }

    /// Of a copy that should be there.
    fn due(&self, action: usize, point: &RecoveryPoint, created: Timestamp, arn: &str, region: &Region, world: &World) -> Arrival {
        let arrived = |at: &Observed<Timestamp>| {
            let hours = at.clone().required("CompletionDate").map(|at| at.hours_since(created));
            Arrival { action, arrived: Observed::Known(true), hours }
        };
        let age = world.as_of.hours_since(created);
        let job = self.jobs.get(&(point.recovery_point_arn.as_str(), arn));
        let Some(destination) = self.destinations.get(arn) else { return unknown(action, Vec::new()) };
        if let Some(at) = destination.arrival_of(point, created) {
            return arrived(job.unwrap_or(&at));
        }
        if let (Some(at), false) = (job, destination.gaps.is_empty()) {
            return arrived(at);
        }
        if let Some(reason) = destination.doubt_about(point, created) {
            return unknown(action, vec![reason]);
        }
        let mut reasons = destination.gaps.clone();
        // A copy of the last 30 days would have shown by its job.
        if !reasons.is_empty() && age < JOBS_KEPT_HOURS {
            let unlisted = region.sight.gaps(Collection::CopyJobs);
            if unlisted.is_empty() {
                let may_be_its = self.unclear_jobs.iter().filter(|job| may_be_job_of(job, point, arn));
                reasons = may_be_its.map(|job| unclear("copy job", &job.copy_job_id)).collect();
            }
            reasons.extend(unlisted);
        }
        if !reasons.is_empty() {
            return unknown(action, reasons);
        }
        Arrival { action, arrived: Observed::Known(false), hours: Observed::Known(age) }
    }
}

impl<'a> Destination<'a> {
    fn of(arn: &str, world: &World<'a>) -> Self {
        let mut destination = Destination::default();
        destination.gaps = match world.vault(arn) {
            Found::Here(vault, region) => {
                let mut listed = 0;
                for point in &region.unit.recovery_points {
                    listed += u64::from(point.backup_vault_name.known() == Some(&vault.backup_vault_name));
                    destination.add(point, &vault.backup_vault_name);
                }
                region.sight.gaps_in_points(vault, listed)
            }
            Found::Glimpsed(..) => vec![not_listed(arn)],
            Found::Missing => Vec::new(),
            Found::Unseen(reasons) => reasons,
        };
        destination
    }

    fn add(&mut self, point: &'a RecoveryPoint, vault: &str) {
        let incomplete = point.status.known().is_some_and(|status| !is_complete(status));
        if incomplete || !may_be(&point.backup_vault_name, vault) {
            return;
        }
        match (&point.backup_vault_name, &point.status, &point.resource_arn, &point.creation_date) {
            (Observed::Known(_), Observed::Known(_), Observed::Known(resource), Observed::Known(created)) => {
                self.points.entry((resource, seconds(*created))).or_default().push(point);
            }
            _ => self.unclear.push(point),
        }
    }

    /// When the first copy of the point came, if one is here.
    fn arrival_of(&self, point: &RecoveryPoint, created: Timestamp) -> Option<Observed<Timestamp>> {
        let copies = self.alike(point, created).filter(|copy| is_by_same_rule(copy, point) == Some(true));
        copies.map(|copy| copy.completion_date.clone()).reduce(|first, other| earlier(&first, &other))
    }

    /// Why one of the points here may be a copy of this one.
    fn doubt_about(&self, point: &RecoveryPoint, created: Timestamp) -> Option<Reason> {
        let undecided = self.alike(point, created).filter(|copy| is_by_same_rule(copy, point).is_none());
        // Without its resource's ARN a point cannot be looked up.
        let everything = (!point.resource_arn.is_known()).then(|| self.points.values().flatten()).into_iter().flatten();
        let unplaced = self.unclear.iter().chain(everything).filter(|copy| {
            let same_time = copy.creation_date.known().is_none_or(|at| seconds(*at) == seconds(created));
            let same_resource = point.resource_arn.known().is_none_or(|resource| may_be(&copy.resource_arn, resource));
            same_time && same_resource && is_by_same_rule(copy, point) != Some(false) && copy.recovery_point_arn != point.recovery_point_arn
        });
        undecided.chain(unplaced.copied()).map(|copy| unclear("recovery point", &copy.recovery_point_arn)).min()
    }

    fn alike<'p>(&'p self, point: &'p RecoveryPoint, created: Timestamp) -> impl Iterator<Item = &'a RecoveryPoint> + use<'a, 'p> {
        let key = point.resource_arn.known().map(|resource| (resource.as_str(), seconds(created)));
        let alike = key.and_then(|key| self.points.get(&key)).map_or(&[][..], Vec::as_slice);
        alike.iter().copied().filter(|copy| copy.recovery_point_arn != point.recovery_point_arn)
    }
}

/// A copy names the plan and rule of its source, if any. Another rule may have backed up the same resource at the same time.
fn is_by_same_rule(copy: &RecoveryPoint, point: &RecoveryPoint) -> Option<bool> {
    match (&copy.created_by, &point.created_by) {
        (Observed::Absent, _) => Some(true),
        (Observed::Known(of_copy), Observed::Known(of_point)) => {
            let same = |own: &Observed<String>, other: &Observed<String>| {
                if own.is_unknown() || other.is_unknown() { None } else { Some(own == other) }
            };
            match (same(&of_copy.backup_plan_arn, &of_point.backup_plan_arn), same(&of_copy.backup_rule_id, &of_point.backup_rule_id)) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (plan, rule) => plan.and(rule),
            }
        }
        _ => None,
    }
}

/// The earlier of two; unknown when one is.
fn earlier(one: &Observed<Timestamp>, other: &Observed<Timestamp>) -> Observed<Timestamp> {
    if one.is_known() && other.is_known() { one.min(other).clone() } else { one.max(other).clone() }
}

fn may_be_job_of(job: &CopyJob, point: &RecoveryPoint, destination: &str) -> bool {
    may_be(&job.source_recovery_point_arn, &point.recovery_point_arn)
        && may_be(&job.destination_backup_vault_arn, destination)
        && may_be(&job.state, "COMPLETED")
}

fn may_be(member: &Observed<String>, wanted: &str) -> bool {
    member.known().is_none_or(|value| value == wanted)
}

/// That the vault is there says nothing of what lies in it.
fn not_listed(arn: &str) -> Reason {
    let place = Arn::parse(arn).map(|arn| format!("{}/{} was not observed: ", arn.account, arn.region)).unwrap_or_default();
    let detail = format!("{place}the recovery points of vault '{arn}' were not listed");
    Reason::of_call(Cause::NotObserved, "backup:ListRecoveryPointsByBackupVault", detail)
}

fn unclear(what: &str, id: &str) -> Reason {
    Reason::new(Cause::NotObserved, format!("too little is known of {what} '{id}' to tell whether it is the copy"))
}

fn is_complete(status: &str) -> bool {
    status == "COMPLETED" || status == "AVAILABLE"
}

fn unknown(action: usize, reasons: Vec<Reason>) -> Arrival {
    Arrival { action, arrived: Observed::Unknown(reasons.clone()), hours: Observed::Unknown(reasons) }
}

fn seconds(time: Timestamp) -> i64 {
    time.millis().div_euclid(1000)
}
