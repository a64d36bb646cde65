//! How long the observed jobs of a plan took. AWS keeps jobs for 30 days.

use rustc_hash::FxHashMap;

use super::super::world::Region;
use crate::snapshot::{Collection, CreatedBy, Observed, Reason, Timestamp};

/// The minutes that completed jobs took, by the plan that ran them.
pub struct Durations {
    backups: Jobs<String>,
    copies: Jobs<(String, String)>,
}

struct Jobs<K> {
    minutes: FxHashMap<K, Vec<i64>>,
    /// Why some jobs may be missing.
    gaps: Vec<Reason>,
}

impl Durations {
    pub fn of(region: &Region) -> Self {
        let mut backups = Jobs { minutes: FxHashMap::default(), gaps: region.sight.gaps(Collection::BackupJobs) };
        for job in &region.unit.backup_jobs {
            let plan = plan_of(&job.created_by);
            backups.add(plan, &job.state, (&job.creation_date, &job.completion_date));
        }
        let mut copies = Jobs { minutes: FxHashMap::default(), gaps: region.sight.gaps(Collection::CopyJobs) };
        for job in &region.unit.copy_jobs {
            let destination = job.destination_backup_vault_arn.clone().required("DestinationBackupVaultArn");
            let place = plan_of(&job.created_by).and_then(|plan| destination.map(|destination| (plan, destination)));
            copies.add(place, &job.state, (&job.creation_date, &job.completion_date));
        }
        Durations { backups, copies }
    }

    /// What 95 of 100 backup jobs of the plan took at most, in minutes. Absent: none completed.
    pub fn of_backups(&self, plan_id: &str) -> Observed<i64> {
        self.backups.most(&plan_id.to_owned())
    }

    /// The same of its copy jobs to a vault.
    pub fn of_copies(&self, plan_id: &str, destination: &str) -> Observed<i64> {
        self.copies.most(&(plan_id.to_owned(), destination.to_owned()))
    }
}

/// Absent: a person started it.
fn plan_of(created_by: &Observed<CreatedBy>) -> Observed<String> {
    created_by.as_ref().and_then(|by| by.backup_plan_id.clone().required("BackupPlanId"))
}

impl<K: std::hash::Hash + Eq> Jobs<K> {
    fn add(&mut self, of: Observed<K>, state: &Observed<String>, (from, until): (&Observed<Timestamp>, &Observed<Timestamp>)) {
        let is_completed = state.as_ref().required("State").map(|state| state == "COMPLETED");
        let took = is_completed.and_then(|completed| match completed {
            true => from.as_ref().required("CreationDate").and_then(|from| {
                until.as_ref().required("CompletionDate").map(|until| (until.millis() - from.millis() + 59_999).div_euclid(60_000))
            }),
            false => Observed::Absent,
        });
        match of.and_then(|of| took.map(|took| (of, took))) {
            Observed::Known((of, took)) => self.minutes.entry(of).or_default().push(took),
            Observed::Unknown(reasons) => self.gaps.extend(reasons),
            Observed::Absent | Observed::Reference(_) => {}
        }
    }

    fn most(&self, of: &K) -> Observed<i64> {
        if !self.gaps.is_empty() {
            let mut gaps = self.gaps.clone();
            gaps.sort();
            gaps.dedup();
            return Observed::Unknown(gaps);
        }
        let Some(minutes) = self.minutes.get(of) else { return Observed::Absent };
        let mut minutes = minutes.clone();
        minutes.sort_unstable();
        let rank = (minutes.len() * 95).div_ceil(100);
        minutes.get(rank.saturating_sub(1)).map_or(Observed::Absent, |most| Observed::Known(*most))
    }
}
