//! ANALYSTS: a snapshot becomes subjects. Everything that joins or derives is here, and nothing judges.
//!
//! - `subject`: the ten kinds, and what a subject is
//! - `world`, `elsewhere`, `sight`: objects found by ARN across units and beyond them; what the ledger lets one conclude
//! - `select`, `schedule`, `lifecycle`, `lock`, `capability`: what AWS's objects really mean
//! - `iam`: policy documents read as AWS reads them
//! - `access`, `backup_actions`: what a vault's access policy comes to; what backing up and restoring each type takes
//! - `unseen`: resources that no list shows
//! - `coverage`, `reach`, `near`: what keeps a resource out of selections; how far a selection reaches
//! - `objective`: what the rules of a plan guarantee together, and how they get into each other's way
//! - `jobs`, `job_messages`, `due`, `unlisted`: what jobs came to and why, which runs were due, jobs of resources that no list shows
//! - `orphan`, `point_in_time`, `dynamodb`: what points are left of, DynamoDB's own recovery, and what its advanced features are needed for
//! - `origin`, `arrival`: which rule made a recovery point, and whether its copies arrived
//! - `recovery`: how far back a resource can go, from where, and whether that was ever proven
//! - `story`: what is declared for one resource, to be told to a person
//! - `irreversible`, `weakened`: what lies between two snapshots and cannot be taken back, or protects less
//! - `watch`, `trail`: who would notice, and what is written down; `truth`: what holds where parts are unknown
//! - `sources`, `permissions`: which calls to AWS the facts rest on, and the IAM policy that allows them
//! - `account`, `vault`, `plan`, `plan_rule`, `selection`, `resource`, `recovery_point`, `key`, `role`, `alarm`: one kind each

mod access;
mod account;
mod alarm;
mod arrival;
mod backup_actions;
mod capability;
mod coverage;
mod due;
mod dynamodb;
mod elsewhere;
mod iam;
mod irreversible;
mod job_messages;
mod jobs;
mod key;
mod lifecycle;
mod lock;
mod near;
pub mod objective;
mod origin;
mod orphan;
pub mod permissions;
mod plan;
mod plan_rule;
mod point_in_time;
mod reach;
pub mod recovery;
mod recovery_point;
mod resource;
mod role;
pub mod schedule;
pub mod select;
mod selection;
mod sight;
mod sources;
mod story;
mod subject;
mod trail;
mod truth;
mod unlisted;
mod unseen;
mod vault;
mod watch;
mod weakened;
mod world;

pub use capability::{names_of, type_named, types_read_on};
pub use iam::pattern::wildcard;
pub use irreversible::{Irreversible, Loss, irreversible};
pub use sources::{Action, sources, sources_of_environment};
pub use story::{Kept, RuleStory, SelectionStory, SelectionVerdict, Story, story};
pub use subject::{Facts, Kind, Subject, Subjects, SubjectsOfKind};
pub use watch::events as vault_events;
pub use weakened::{Weakened, Weakness, weakened};

use crate::snapshot::{Snapshot, Timestamp};
use iam::document;
use schedule::Schedules;
use vault::Traffic;
use world::World;

/// Derives every subject, as of a moment: a lock's grace period ends and copies fall due by it.
pub fn derive(snapshot: &Snapshot, as_of: Timestamp) -> Subjects<'_> {
    let world = World::of(snapshot, as_of);
    let traffic = Traffic::of(&world);
    let mut schedules = Schedules::as_of(as_of);
    let mut subjects = Subjects::default();
    account::derive(&world, &mut subjects);
    vault::derive(&world, &traffic, &mut subjects);
    plan::derive(&world, &mut schedules, &mut subjects);
    plan_rule::derive(&world, &mut schedules, &mut subjects);
    selection::derive(&world, &mut subjects);
    resource::derive(&world, &mut subjects);
    recovery_point::derive(&world, &mut subjects);
    key::derive(&world, &mut subjects);
    role::derive(&world, &mut subjects);
    alarm::derive(&world, &mut subjects);
    subjects.sort();
    subjects
}
