//! LIBRARY: what was observed, and by which calls. Plain data in AWS's own JSON; no SDK types, no clock, nothing of ours.
//!
//! - `unit`: the document, its units, their collections
//! - `call`, `collection`: the ledger of calls, and which collections are whole
//! - `observed`: known, absent, reference, unknown
//! - `vault`, `plan`, `recovery_point`, `key`, `job`, `settings`, `resource`, `inventory`, `watch`, `role`, `trail`, `organization`,
//!   `restore_testing`, `governance`: AWS's objects
//! - `declaration`: where source code declares something; no part of a snapshot
//! - `tags`, `document`, `time`, `arn`: what their members are made of; `wrapped`: the form that the AWS CLI prints
//! - `read`: files to snapshots; `schema`: the JSON Schema

mod arn;
mod call;
mod collection;
mod declaration;
mod document;
mod governance;
mod inventory;
mod job;
mod key;
mod observed;
mod organization;
mod plan;
mod read;
mod recovery_point;
mod resource;
mod restore_testing;
mod role;
mod schema;
mod settings;
mod tags;
mod time;
mod trail;
mod unit;
mod vault;
mod watch;
mod wrapped;

pub use arn::Arn;
pub use call::{Call, Outcome};
pub use collection::Collection;
pub use declaration::{Declaration, Related, SourceSpan};
pub use document::PolicyDocument;
pub use governance::{
    ControlInputParameter, DateRange, Framework, FrameworkControl, HeldPoints, LegalHold, ReportDeliveryChannel, ReportPlan, ReportSetting,
    TieredResources, TieringConfiguration,
};
pub use inventory::{ContinuousBackups, InventoryOfType, InventoryResource, PointInTimeRecovery, Table};
pub use job::{BackupJob, CopyJob, RestoreJob, RestoreJobCreator, ScanJob, ScanResult};
pub use key::{Alias, Grant, Key};
pub use observed::{Cause, Observed, REFERENCE, Reason, UNKNOWN};
pub use organization::{Account, EffectivePolicy, Organization, OrganizationDetails};
pub use plan::{
    BackupPlan, ConditionParameter, Conditions, CopyAction, Lifecycle, PlanBody, PlanRule, PlanVersion, Selection, SelectionBody,
    TagCondition,
};
pub use read::{Digest, ReadError, Reading, from_bytes, from_documents, from_slice, from_value, read};
pub use recovery_point::{CalculatedLifecycle, CreatedBy, RecoveryPoint};
pub use resource::{ProtectedResource, Resource};
pub use restore_testing::{KeyValue, RestoreTestingPlan, RestoreTestingSelection, TestedConditions, TestedPoints};
pub use role::{AttachedPolicy, InlinePolicy, PermissionsBoundary, Role};
pub use schema::schema;
pub use settings::{GlobalSettings, RegionSettings, SupportedResourceTypes};
pub use tags::Tags;
pub use time::{NotATime, Timestamp};
pub use trail::{AdvancedEventSelector, EventSelector, FieldSelector, Trail, TrailStatus};
pub use unit::{Caller, SCHEMA, SOME_ACCOUNT, Snapshot, Source, Unit};
pub use vault::{Notifications, Vault};
pub use watch::{Alarm, CompositeAlarm, Dimension, EventRule, EventTarget, Metric, MetricQuery, MetricStat, Subscription, Topic};
