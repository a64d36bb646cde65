//! The document: units, each one account in one Region, and the collections in them.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Alarm, BackupJob, BackupPlan, Call, Collection, CompositeAlarm, CopyJob, EventRule, Framework, GlobalSettings, InventoryOfType, Key,
    LegalHold, Metric, Observed, Organization, ProtectedResource, RecoveryPoint, RegionSettings, ReportPlan, Resource, RestoreJob,
    RestoreTestingPlan, Role, ScanJob, SupportedResourceTypes, Table, TieringConfiguration, Timestamp, Topic, Trail, Vault,
};

/// What `Schema` must say.
pub const SCHEMA: &str = "backstop/snapshot/1";

/// Stands for an account that Terraform leaves to the credentials. AWS gives it to nobody.
pub const SOME_ACCOUNT: &str = "000000000000";

/// Everything that was observed, in one or many accounts and Regions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Snapshot {
    /// Always `backstop/snapshot/1`.
    #[schemars(extend("const" = SCHEMA))]
    pub schema: String,
    pub units: Vec<Unit>,
}

/// Where a unit came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    Aws,
    TerraformPlan,
    TerraformState,
    Terraform,
    #[serde(untagged)]
    Other(String),
}

impl Source {
    /// Whether it tells what is declared, and not what was observed.
    pub fn is_terraform(&self) -> bool {
        matches!(self, Source::TerraformPlan | Source::TerraformState | Source::Terraform)
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Source::Aws => "aws",
            Source::TerraformPlan => "terraform-plan",
            Source::TerraformState => "terraform-state",
            Source::Terraform => "terraform",
            Source::Other(name) => name,
        })
    }
}

/// One account in one Region. Members that are AWS's keep AWS's names and shapes; those that AWS adds later are let
/// through. The unit's own members are a closed list, so that a misspelt collection cannot pass for an empty one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Unit {
    /// Twelve digits.
    #[schemars(regex(pattern = r"^\d{12}$"))]
    pub account: String,
    /// As AWS codes it: `us-east-1`.
    pub region: String,
    /// `aws`, `aws-cn`, `aws-us-gov`.
    #[serde(default = "aws_partition")]
    pub partition: String,
    pub source: Source,
    /// Who looked: sts:GetCallerIdentity.
    #[serde(default)]
    pub caller: Observed<Caller>,
    #[serde(default)]
    pub started_at: Observed<Timestamp>,
    #[serde(default)]
    pub finished_at: Observed<Timestamp>,
    /// The ledger. A snapshot made by hand may leave it out.
    #[serde(default)]
    pub calls: Vec<Call>,
    /// The collections that are whole. Only in these does the absence of an object prove anything.
    #[serde(default)]
    pub complete: Vec<Collection>,

    #[serde(default)]
    pub backup_vaults: Vec<Vault>,
    #[serde(default)]
    pub backup_plans: Vec<BackupPlan>,
    /// Vaults of other Regions and accounts that the plans copy to, as DescribeBackupVault says of them. The unit that holds
    /// them is the one that asked.
    #[serde(default)]
    pub referenced_vaults: Vec<Vault>,
    #[serde(default)]
    pub keys: Vec<Key>,
    #[serde(default)]
    pub resources: Vec<Resource>,
    #[serde(default)]
    pub protected_resources: Vec<ProtectedResource>,
    #[serde(default)]
    pub backup_jobs: Vec<BackupJob>,
    #[serde(default)]
    pub copy_jobs: Vec<CopyJob>,
    #[serde(default)]
    pub restore_jobs: Vec<RestoreJob>,
    #[serde(default)]
    pub scan_jobs: Vec<ScanJob>,
    #[serde(default = "Observed::<RegionSettings>::not_observed")]
    pub region_settings: Observed<RegionSettings>,
    #[serde(default = "Observed::<GlobalSettings>::not_observed")]
    pub global_settings: Observed<GlobalSettings>,
    #[serde(default = "Observed::<SupportedResourceTypes>::not_observed")]
    pub supported_resource_types: Observed<SupportedResourceTypes>,
    #[serde(default)]
    pub topics: Vec<Topic>,
    #[serde(default)]
    pub alarms: Vec<Alarm>,
    #[serde(default)]
    pub composite_alarms: Vec<CompositeAlarm>,
    /// Of the namespace `AWS/Backup`.
    #[serde(default)]
    pub metrics: Vec<Metric>,
    /// Of the default bus, those whose pattern names AWS Backup.
    #[serde(default)]
    pub event_rules: Vec<EventRule>,
    #[serde(default)]
    pub roles: Vec<Role>,
    #[serde(default)]
    pub tables: Vec<Table>,
    #[serde(default)]
    pub inventory: Vec<InventoryOfType>,
    #[serde(default)]
    pub restore_testing_plans: Vec<RestoreTestingPlan>,
    #[serde(default)]
    pub trails: Vec<Trail>,
    #[serde(default)]
    pub frameworks: Vec<Framework>,
    #[serde(default)]
    pub report_plans: Vec<ReportPlan>,
    #[serde(default)]
    pub legal_holds: Vec<LegalHold>,
    #[serde(default)]
    pub tiering_configurations: Vec<TieringConfiguration>,
    /// `null`: the account is in no organization. Left out: nobody looked.
    #[serde(default = "Observed::<Organization>::not_observed")]
    pub organization: Observed<Organization>,
    /// Last, so that they can be streamed.
    #[serde(default)]
    pub recovery_points: Vec<RecoveryPoint>,
}

impl Unit {
    /// `111122223333/us-east-1`, as messages name a unit.
    pub fn label(&self) -> String {
        format!("{}/{}", self.account, self.region)
    }
}

fn aws_partition() -> String {
    "aws".to_owned()
}

/// sts:GetCallerIdentity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Caller {
    #[serde(default)]
    pub arn: Observed<String>,
    #[serde(default)]
    pub account: Observed<String>,
    #[serde(default)]
    pub user_id: Observed<String>,
}
