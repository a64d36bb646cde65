//! Whether a recovery point's copies arrived: by the points at the destination, and by the copy jobs.

use rustc_hash::FxHashMap;

use super::origin::{Origin, Origins};
use super::world::{Found, Region, World, vault_arn};
use crate::snapshot::{Collection, CopyJob, Observed, Reason, RecoveryPoint, Timestamp};

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
    /// By destination vault; then by resource and second of creation, which a copy shares with its source.
    copies: FxHashMap<String, FxHashMap<(&'a str, i64), &'a RecoveryPoint>>,
    /// By source point and destination vault: the job that got furthest.
    jobs: FxHashMap<(&'a str, &'a str), &'a CopyJob>,
    /// Why the points of a destination vault are not all there, by the vault's ARN.
    gaps: FxHashMap<String, Vec<Reason>>,
}

impl<'a> Arrivals<'a> {
    pub fn of(world: &World<'a>, origins: &'a Origins) -> Self {
        let mut arrivals = Arrivals { origins, copies: FxHashMap::default(), jobs: FxHashMap::default(), gaps: FxHashMap::default() };
        let destinations = origins.makers.iter().filter_map(|maker| maker.copies.known()).flatten().filter_map(|copy| copy.destination.known());
        for destination in destinations {
            if !arrivals.gaps.contains_key(destination) {
                arrivals.add_destination(destination, world);
            }
        }
        for job in world.regions.iter().flat_map(|region| &region.unit.copy_jobs) {
            if let (Observed::Known(source), Observed::Known(destination)) = (&job.source_recovery_point_arn, &job.destination_backup_vault_arn) {
                let furthest = arrivals.jobs.entry((source, destination)).or_insert(job);
                if completed(job) {
                    *furthest = job;
                }
            }
        }
        arrivals
    }

    fn add_destination(&mut self, arn: &str, world: &World<'a>) {
        let gaps = match world.vault(arn) {
            Found::Here(vault, region) => {
                let mut listed = 0;
                let copies = self.copies.entry(vault_arn(region.unit, vault)).or_default();
                for point in &region.unit.recovery_points {
                    if point.backup_vault_name.known() != Some(&vault.backup_vault_name) {
                        continue;
                    }
                    listed += 1;
                    if let (Observed::Known(resource), Observed::Known(created)) = (&point.resource_arn, &point.creation_date) {
                        copies.insert((resource, seconds(*created)), point);
                    }
                }
                region.sight.gaps_in_points(vault, listed)
            }
            Found::Missing => Vec::new(),
            Found::Unseen(reasons) => reasons,
        };
        self.gaps.insert(arn.to_owned(), gaps);
    }

    /// What is known of each copy that the point should have. Nothing for points that are copies themselves, were not made
    /// by a rule, or are not complete: AWS Backup copies only what is.
    pub fn of_point(&self, point: &RecoveryPoint, origin: &Origin, region: &Region, world: &World) -> Vec<Arrival> {
        let complete = point.status.known().is_none_or(|status| status == "COMPLETED" || status == "AVAILABLE");
        let (false, true, Observed::Known(rule)) = (origin.is_copy, complete, &origin.rule) else { return Vec::new() };
        let copies = self.origins.makers[*rule].copies.known().map_or(&[][..], Vec::as_slice);
        let arrivals = copies.iter().enumerate().filter_map(|(action, copy)| match &copy.destination {
            Observed::Known(destination) => self.arrival(action, point, destination, &copy.lifecycle.delete_after_days, region, world),
            other => Some(unknown(action, other.reasons().to_vec())),
        });
        arrivals.collect()
    }

    fn arrival(&self, action: usize, point: &RecoveryPoint, destination: &str, kept: &Observed<i64>, region: &Region, world: &World) -> Option<Arrival> {
        let created = match point.creation_date.clone().required("CreationDate") {
            Observed::Known(created) => created,
            other => return Some(unknown(action, other.reasons().to_vec())),
        };
        let arrived = |at: &Observed<Timestamp>| Arrival { action, arrived: Observed::Known(true), hours: at.clone().required("CompletionDate").map(|at| at.hours_since(created)) };
        let age = world.as_of.hours_since(created);
        let job = self.jobs.get(&(point.recovery_point_arn.as_str(), destination));
        let copy = point.resource_arn.known().and_then(|resource| self.copies.get(destination)?.get(&(resource.as_str(), seconds(created))));
        if let Some(copy) = copy.filter(|copy| copy.status.known().is_some_and(|status| status == "COMPLETED" || status == "AVAILABLE")) {
            return Some(arrived(job.map_or(&copy.completion_date, |job| &job.completion_date)));
        }
        // A copy that has lived its time is rightly gone.
        if matches!(kept, Observed::Known(days) if age > days * 24) {
            return None;
        }
        let not_arrived = Arrival { action, arrived: Observed::Known(false), hours: Observed::Known(age) };
        let gaps = self.gaps.get(destination).map_or(&[][..], Vec::as_slice);
        if gaps.is_empty() {
            return Some(not_arrived);
        }
        match job {
            Some(job) if completed(job) => Some(arrived(&job.completion_date)),
            _ if age < JOBS_KEPT_HOURS && region.sight.gaps(Collection::CopyJobs).is_empty() => Some(not_arrived),
            _ => Some(unknown(action, gaps.to_vec())),
        }
    }
}

fn unknown(action: usize, reasons: Vec<Reason>) -> Arrival {
    Arrival { action, arrived: Observed::Unknown(reasons.clone()), hours: Observed::Unknown(reasons) }
}

fn completed(job: &CopyJob) -> bool {
    job.state.known().is_some_and(|state| state == "COMPLETED")
}

fn seconds(time: Timestamp) -> i64 {
    time.millis().div_euclid(1000)
}
