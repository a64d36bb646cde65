//! LIBRARY: what was observed, and by which calls. Plain data in AWS's own JSON; no SDK types, no clock, nothing of ours.
//!
//! - `unit`: the document, its units, their collections
//! - `call`: the ledger of calls, and which collections are whole
//! - `observed`: known, absent, reference, unknown
//! - `vault`, `plan`, `recovery_point`, `key`, `job`, `settings`, `resource`, `watch`: AWS's objects
//! - `tags`, `document`, `time`, `arn`: what their members are made of
//! - `read`: files to snapshots; `schema`: the JSON Schema

mod arn;
mod call;
mod document;
mod job;
mod key;
mod observed;
mod plan;
mod read;
mod recovery_point;
mod resource;
mod schema;
mod settings;
mod tags;
mod time;
mod unit;
mod vault;
mod watch;

pub use arn::Arn;
pub use call::{Call, Collection, Outcome};
pub use document::PolicyDocument;
pub use job::{BackupJob, CopyJob, RestoreJob};
pub use key::{Alias, Key};
pub use observed::{Cause, Observed, REFERENCE, Reason, UNKNOWN};
pub use plan::{
    BackupPlan, ConditionParameter, Conditions, CopyAction, Lifecycle, PlanBody, PlanRule, Selection, SelectionBody, TagCondition,
};
pub use read::{Digest, ReadError, Reading, from_bytes, from_slice, from_value, read};
pub use recovery_point::{CalculatedLifecycle, CreatedBy, RecoveryPoint};
pub use resource::{ProtectedResource, Resource, Table};
pub use schema::schema;
pub use settings::{GlobalSettings, RegionSettings, SupportedResourceTypes};
pub use tags::Tags;
pub use time::{NotATime, Timestamp};
pub use unit::{Caller, SCHEMA, Snapshot, Source, Unit};
pub use vault::{Notifications, Vault};
pub use watch::{Alarm, AttachedPolicy, Dimension, Role, Topic};
