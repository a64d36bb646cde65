//! ANALYSTS: a snapshot becomes subjects. Everything that joins or derives is here, and nothing judges.
//!
//! - `subject`: the ten kinds, and what a subject is
//! - `world`, `elsewhere`, `sight`: objects found by ARN across units and beyond them; what the ledger lets one conclude
//! - `select`, `schedule`, `lifecycle`, `lock`, `document`, `capability`: what AWS's objects really mean
//! - `origin`, `arrival`: which rule made a recovery point, and whether its copies arrived
//! - `watch`, `trail`: who would notice, and what is written down; `truth`: what holds where parts are unknown
//! - `sources`, `permissions`: which calls to AWS the facts rest on, and the IAM policy that allows them
//! - `account`, `vault`, `plan`, `plan_rule`, `selection`, `resource`, `recovery_point`, `key`, `role`, `alarm`: one kind each

mod account;
mod alarm;
mod arrival;
mod capability;
mod document;
mod elsewhere;
mod key;
mod lifecycle;
mod lock;
mod origin;
pub mod permissions;
mod plan;
mod plan_rule;
mod recovery_point;
mod resource;
mod role;
mod schedule;
mod select;
mod selection;
mod sight;
mod sources;
mod subject;
mod trail;
mod truth;
mod vault;
mod watch;
mod world;

pub use sources::{Action, sources, sources_of_environment};
pub use subject::{Facts, Kind, Subject, Subjects, SubjectsOfKind};

use crate::snapshot::{Snapshot, Timestamp};
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
