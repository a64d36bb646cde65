//! The inventory: every resource of a type, tagged or not, as the type's own service lists it; and DynamoDB tables.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Observed, Timestamp};

/// All resources of one type in the unit. A type without an entry was not asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct InventoryOfType {
    /// As AWS Backup names it: `EBS`, `Aurora`, `S3`.
    pub resource_type: String,
    /// Whether the listing came to its last page. Only then does the absence of a resource prove anything.
    #[serde(default)]
    pub complete: bool,
    pub resources: Vec<InventoryResource>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct InventoryResource {
    pub resource_arn: String,
}

/// A DynamoDB table: what ListTables tells, and DescribeContinuousBackups. DescribeTable's Table reads as well.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Table {
    pub table_arn: String,
    #[serde(default)]
    pub table_name: Observed<String>,
    /// ListTables does not tell it.
    #[serde(default = "Observed::<Timestamp>::not_observed")]
    pub creation_date_time: Observed<Timestamp>,
    /// DescribeContinuousBackups. Left out: nobody looked.
    #[serde(default = "Observed::<ContinuousBackups>::not_observed")]
    pub continuous_backups_description: Observed<ContinuousBackups>,
}

/// DescribeContinuousBackups' ContinuousBackupsDescription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct ContinuousBackups {
    /// `ENABLED` on every table, whether or not it can be restored to a point in time.
    #[serde(default)]
    pub continuous_backups_status: Observed<String>,
    #[serde(default)]
    pub point_in_time_recovery_description: Observed<PointInTimeRecovery>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct PointInTimeRecovery {
    /// `ENABLED`, `ENABLING`, `DISABLED`.
    #[serde(default)]
    pub point_in_time_recovery_status: Observed<String>,
    /// Absent: 35.
    #[serde(default)]
    pub recovery_period_in_days: Observed<i64>,
    #[serde(default)]
    pub earliest_restorable_date_time: Observed<Timestamp>,
    #[serde(default)]
    pub latest_restorable_date_time: Observed<Timestamp>,
}
