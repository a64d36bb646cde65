//! What jobs came to: the backup and copy jobs of each resource, as far back as AWS lists them (30 days).

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use serde::Serialize;

use super::due::DueRun;
use super::job_messages::{self, FailureCause};
use super::world::{Region, all};
use crate::snapshot::{Arn, BackupJob, Cause, Collection, CopyJob, CreatedBy, Observed, Reason, Timestamp};

/// What the jobs of a resource show.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct JobFacts {
    /// Whether a backup or copy job of it was seen.
    pub any: Observed<bool>,
    /// The jobs that did not end well, those of one end and one cause together.
    pub failures: Observed<Vec<JobFailure>>,
    /// Whole hours since a backup job last ended well. Null: none did in 30 days.
    pub hours_since_success: Observed<i64>,
    /// The latest scheduled run of the plans that select it. Null: none was due in the time that jobs are listed for.
    pub due: Observed<DueRun>,
}

/// Jobs that ended alike, and for the same cause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct JobFailure {
    pub job: JobKind,
    pub end: JobEnd,
    /// What AWS's message says of the cause. Null: nothing, or nothing that AWS documents.
    pub cause: Observed<FailureCause>,
    /// The words of the latest job. Null: it has none.
    pub message: Observed<String>,
    /// For each of them, the whole days since it ended, fewest first.
    pub days_ago: Vec<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobKind {
    Backup,
    Copy,
}

/// How a job ended that did not end well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobEnd {
    Failed,
    Expired,
    Aborted,
    /// Only some of its parts are there.
    Partial,
    /// `COMPLETED` with a message category other than `SUCCESS`, which the console calls "completed with issues".
    Issues,
}

/// What became of a job.
enum Course {
    Underway,
    Good,
    Bad(JobEnd),
}

/// A backup or copy job.
pub struct Job<'a> {
    kind: JobKind,
    state: &'a Observed<String>,
    message: &'a Observed<String>,
    category: &'a Observed<String>,
    pub created: &'a Observed<Timestamp>,
    completed: &'a Observed<Timestamp>,
    pub by: &'a Observed<CreatedBy>,
}

/// The jobs of one Region, by the resources that they are about.
pub struct Jobs<'a> {
    by_resource: FxHashMap<&'a str, Vec<Job<'a>>>,
    /// Why there may be more backup jobs of any resource.
    backup_gaps: Vec<Reason>,
    /// Why there may be more jobs of any kind.
    gaps: Vec<Reason>,
    as_of: Timestamp,
}

impl<'a> Jobs<'a> {
    /// A copy job belongs to the Region of the vault that it copies from.
    pub fn of(region: &Region<'a>, as_of: Timestamp) -> Self {
        let mut jobs =
            Jobs { by_resource: FxHashMap::default(), backup_gaps: region.sight.gaps(Collection::BackupJobs), gaps: Vec::new(), as_of };
        let mut copy_gaps = region.sight.gaps(Collection::CopyJobs);
        for job in &region.unit.backup_jobs {
            match &job.resource_arn {
                Observed::Known(arn) => jobs.by_resource.entry(arn).or_default().push(Job::backup(job)),
                _ => jobs.backup_gaps.push(unclear("backup job", &job.backup_job_id)),
            }
        }
        let is_own = |arn: Arn| arn.account == region.unit.account && arn.region == region.unit.region;
        for job in &region.unit.copy_jobs {
            match (&job.resource_arn, &job.source_backup_vault_arn) {
                (_, Observed::Known(source)) if !Arn::parse(source).is_some_and(is_own) => {}
                (Observed::Known(arn), Observed::Known(_)) => jobs.by_resource.entry(arn).or_default().push(Job::copy(job)),
                _ => copy_gaps.push(unclear("copy job", &job.copy_job_id)),
            }
        }
        jobs.gaps = jobs.backup_gaps.iter().cloned().chain(copy_gaps).collect();
        jobs
    }

    pub fn facts(&self, arn: &str, due: Observed<DueRun>) -> JobFacts {
        let any = match (self.of_resource(arn), &self.gaps[..]) {
            ([_, ..], _) => Observed::Known(true),
            ([], []) => Observed::Known(false),
            ([], gaps) => Observed::Unknown(gaps.to_vec()),
        };
        JobFacts { any, failures: self.failures(arn), hours_since_success: self.hours_since_success(arn), due }
    }

    pub fn of_resource(&self, arn: &str) -> &[Job<'a>] {
        self.by_resource.get(arn).map_or(&[], Vec::as_slice)
    }

    /// Why there may be more backup jobs than these; empty where there are none.
    pub fn backup_gaps(&self) -> &[Reason] {
        &self.backup_gaps
    }

    /// Why there may be more jobs of any kind than these.
    pub fn gaps(&self) -> &[Reason] {
        &self.gaps
    }

    /// The resources that jobs name and that are not listed otherwise, in order: untagged, or no longer there.
    pub fn unlisted(&self, is_listed: impl Fn(&str) -> bool) -> Vec<&'a str> {
        let mut arns: Vec<&str> = self.by_resource.keys().copied().filter(|arn| !is_listed(arn)).collect();
        arns.sort_unstable();
        arns
    }

    pub fn failures(&self, arn: &str) -> Observed<Vec<JobFailure>> {
        if !self.gaps.is_empty() {
            return Observed::Unknown(self.gaps.clone());
        }
        let ended = all(self.of_resource(arn).iter().map(|job| {
            job.course().and_then(|course| match course {
                Course::Bad(end) => job.ended().and_then(|ended| job.words().map(|words| (job.kind, end, ended, words))),
                _ => Observed::Absent,
            })
        }));
        ended.map(|ended| grouped(ended, self.as_of))
    }

    fn hours_since_success(&self, arn: &str) -> Observed<i64> {
        if !self.backup_gaps.is_empty() {
            return Observed::Unknown(self.backup_gaps.clone());
        }
        let good = all(self.of_resource(arn).iter().filter(|job| job.kind == JobKind::Backup).map(|job| {
            job.course().and_then(|course| match course {
                Course::Good => job.ended(),
                _ => Observed::Absent,
            })
        }));
        good.and_then(|good| good.into_iter().max().map_or(Observed::Absent, |last| Observed::Known(self.as_of.hours_since(last))))
    }
}

/// Jobs that failed, put together by their end and what is known of the cause.
fn grouped(mut ended: Vec<(JobKind, JobEnd, Timestamp, String)>, as_of: Timestamp) -> Vec<JobFailure> {
    // The latest first, whatever the order of the list.
    ended.sort_by(|a, b| b.2.cmp(&a.2).then_with(|| a.3.cmp(&b.3)));
    let mut groups: BTreeMap<(JobKind, JobEnd, String), JobFailure> = BTreeMap::new();
    for (job, end, time, message) in ended {
        let cause = job_messages::cause(&message);
        let id = cause.as_ref().map_or(String::new(), |cause| cause.id.clone());
        let group = groups.entry((job, end, id)).or_insert_with(|| JobFailure {
            job,
            end,
            cause: cause.map_or(Observed::Absent, Observed::Known),
            message: if message.is_empty() { Observed::Absent } else { Observed::Known(message) },
            days_ago: Vec::new(),
        });
        group.days_ago.push(as_of.hours_since(time).div_euclid(24));
    }
    groups.into_values().collect()
}

impl<'a> Job<'a> {
    fn backup(job: &'a BackupJob) -> Self {
        Job {
            kind: JobKind::Backup,
            state: &job.state,
            message: &job.status_message,
            category: &job.message_category,
            created: &job.creation_date,
            completed: &job.completion_date,
            by: &job.created_by,
        }
    }

    /// Only backup jobs are said to complete with issues (DG: eventbridge).
    fn copy(job: &'a CopyJob) -> Self {
        Job {
            kind: JobKind::Copy,
            state: &job.state,
            message: &job.status_message,
            category: &Observed::Absent,
            created: &job.creation_date,
            completed: &job.completion_date,
            by: &job.created_by,
        }
    }

    pub fn is_backup(&self) -> bool {
        self.kind == JobKind::Backup
    }

    fn course(&self) -> Observed<Course> {
        self.state.as_ref().required("State").and_then(|state| match state.as_str() {
            "CREATED" | "PENDING" | "RUNNING" | "ABORTING" => Observed::Known(Course::Underway),
            "FAILED" => Observed::Known(Course::Bad(JobEnd::Failed)),
            "EXPIRED" => Observed::Known(Course::Bad(JobEnd::Expired)),
            "ABORTED" => Observed::Known(Course::Bad(JobEnd::Aborted)),
            "PARTIAL" => Observed::Known(Course::Bad(JobEnd::Partial)),
            "COMPLETED" if self.kind == JobKind::Copy => Observed::Known(Course::Good),
            "COMPLETED" => self.has_issues().map(|issues| if issues { Course::Bad(JobEnd::Issues) } else { Course::Good }),
            other => Observed::unknown(Reason::new(Cause::Undetermined, format!("'{other}' is not a state of jobs that Backstop knows"))),
        })
    }

    /// Where AWS names no category, a completed job that has something to say is one with issues (DG: eventbridge).
    fn has_issues(&self) -> Observed<bool> {
        match self.category {
            Observed::Known(category) => Observed::Known(!category.eq_ignore_ascii_case("SUCCESS")),
            Observed::Absent => self.words().map(|words| !words.is_empty()),
            other => other.as_ref().map(|_| false),
        }
    }

    /// A job that never started has no completion date.
    fn ended(&self) -> Observed<Timestamp> {
        match self.completed {
            Observed::Absent => self.created.clone().required("CreationDate"),
            completed => completed.clone(),
        }
    }

    /// Empty where it has none.
    fn words(&self) -> Observed<String> {
        self.message.clone().absent_is(String::new())
    }
}

fn unclear(what: &str, id: &str) -> Reason {
    Reason::new(Cause::NotObserved, format!("too little is known of {what} '{id}' to tell which resource it is about"))
}
