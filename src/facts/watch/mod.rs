//! Who would notice: what a vault tells of its jobs, who is told, and which ends of jobs set off an alarm.
//!
//! - `truth` beside this folder: what holds where parts are unknown
//! - `events`, `goes_by`: which events and metrics of AWS Backup there are; dated tables
//! - `delivery`: what keeps a topic from bringing them to anybody
//! - `actions`: whom an alarm tells; `pattern`: what an EventBridge rule matches
//! - `noticed`: which ends of jobs are noticed

pub mod actions;
pub mod delivery;
pub mod events;
pub mod goes_by;
mod noticed;
mod pattern;

use schemars::JsonSchema;
use serde::Serialize;

use super::truth::any;
use super::world::{Region, World};
use crate::snapshot::{Cause, Notifications, Observed, Reason, Vault};
use delivery::Obstacle;
use events::DoubtfulEvent;
pub use noticed::Sources;
use noticed::Watched;

/// Who would notice that something happened to a vault's points, or did not.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct WatchFacts {
    /// What the vault tells an SNS topic. Null: nothing.
    pub notifications: Observed<NotificationFacts>,
    /// Who hears of it when a job fails.
    pub told_by: Observed<Teller>,
    /// Whether copies come into the vault or leave it.
    pub in_copies: Observed<bool>,
    /// Whether rules of plans make backups in the vault; that copies come in is another thing.
    pub takes_backups: Observed<bool>,
    /// Every bad end that a job can come to.
    pub endings: Vec<EndingFacts>,
    /// Whether an alarm goes off where no backup was made at all.
    pub silence_noticed: Observed<bool>,
}

/// What a vault tells an SNS topic.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct NotificationFacts {
    /// The topic's ARN.
    pub topic: String,
    /// `BACKUP_JOB_COMPLETED`, ...
    pub events: Observed<Vec<String>>,
    /// Those of them that AWS may not send, and that no other event of the vault stands in for.
    pub doubtful_events: Observed<Vec<DoubtfulEvent>>,
    /// What keeps them from arriving.
    pub obstacles: Observed<Vec<Obstacle>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Teller {
    /// An SNS topic that the vault names.
    Topic,
    /// A rule of EventBridge that failed jobs match.
    EventRule,
    Nobody,
}

/// A bad end that jobs of a vault can come to.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct EndingFacts {
    pub ending: Ending,
    /// Whether the vault has such jobs by its plans.
    pub occurs: Observed<bool>,
    /// Whether one such job sets off an alarm that tells somebody, or matches a rule of EventBridge that has a target.
    pub noticed: Observed<bool>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    BackupFailed,
    BackupExpired,
    BackupAborted,
    /// Of a copy into the vault.
    CopyFailed,
}

impl Ending {
    const ALL: [Ending; 4] = [Ending::BackupFailed, Ending::BackupExpired, Ending::BackupAborted, Ending::CopyFailed];
}

/// What the vault's jobs are, as far as plans and points tell.
pub struct Jobs {
    pub takes_backups: Observed<bool>,
    pub takes_copies: Observed<bool>,
    pub gives_copies: Observed<bool>,
    /// Why more may write into the vault than was seen.
    pub unseen_writers: Vec<Reason>,
}

impl WatchFacts {
    pub fn of(vault: &Vault, jobs: Jobs, sources: &Sources, region: &Region, world: &World) -> Self {
        let told = region.sight.member(&vault.notifications, "backup:GetBackupVaultNotifications", &vault.backup_vault_name);
        let watched = Watched { vault, region, world, sources };
        let topic = told.as_ref().map(|_| Teller::Topic);
        let told_by = match topic {
            Observed::Absent => watched.told_by_rule(&jobs),
            topic => topic,
        };
        let noticed = |ending| EndingFacts {
            ending,
            occurs: if ending == Ending::CopyFailed { jobs.takes_copies.clone() } else { jobs.takes_backups.clone() },
            noticed: watched.noticed(ending, &jobs),
        };
        WatchFacts {
            endings: Ending::ALL.map(noticed).to_vec(),
            silence_noticed: watched.silence_noticed(),
            notifications: told.and_then(|told| notifications(&told, region, world)),
            told_by,
            in_copies: any([jobs.takes_copies, jobs.gives_copies]),
            takes_backups: jobs.takes_backups,
        }
    }
}

fn notifications(told: &Notifications, region: &Region, world: &World) -> Observed<NotificationFacts> {
    let events = told.backup_vault_events.clone().required("BackupVaultEvents");
    let doubtful_events = events.as_ref().and_then(|events| events::doubtful(events));
    let topic = told.sns_topic_arn.clone().required("SNSTopicArn");
    match topic {
        Observed::Known(topic) => {
            let obstacles = delivery::obstacles(&topic, region, world);
            Observed::Known(NotificationFacts { topic, events, doubtful_events, obstacles })
        }
        Observed::Reference(address) => {
            let later = Reason::new(Cause::KnownAfterApply, format!("'{address}' is known only after apply"));
            Observed::Known(NotificationFacts { topic: address, events, doubtful_events, obstacles: Observed::unknown(later) })
        }
        Observed::Unknown(reasons) => Observed::Unknown(reasons),
        Observed::Absent => Observed::Absent,
    }
}
