//! A recovery point, as ListRecoveryPointsByBackupVault returns it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Lifecycle, Observed, Timestamp};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct RecoveryPoint {
    pub recovery_point_arn: String,
    #[serde(default)]
    pub backup_vault_name: Observed<String>,
    #[serde(default)]
    pub backup_vault_arn: Observed<String>,
    /// The vault that a copy was made from. Absent: the point was made here.
    #[serde(default)]
    pub source_backup_vault_arn: Observed<String>,
    #[serde(default)]
    pub resource_arn: Observed<String>,
    #[serde(default)]
    pub resource_type: Observed<String>,
    /// The plan and rule that made the point. Absent: it was made on demand.
    #[serde(default)]
    pub created_by: Observed<CreatedBy>,
    #[serde(default)]
    pub status: Observed<String>,
    /// When the job that made the point started; a copy keeps that of its source.
    #[serde(default)]
    pub creation_date: Observed<Timestamp>,
    #[serde(default)]
    pub completion_date: Observed<Timestamp>,
    /// When AWS Backup will move and delete the point.
    #[serde(default)]
    pub calculated_lifecycle: Observed<CalculatedLifecycle>,
    /// Absent: kept for ever.
    #[serde(default)]
    pub lifecycle: Observed<Lifecycle>,
    #[serde(default)]
    pub encryption_key_arn: Observed<String>,
    #[serde(default)]
    pub is_encrypted: Observed<bool>,
    /// The composite point that this one is part of.
    #[serde(default)]
    pub parent_recovery_point_arn: Observed<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct CreatedBy {
    #[serde(default)]
    pub backup_plan_id: Observed<String>,
    #[serde(default)]
    pub backup_plan_arn: Observed<String>,
    #[serde(default)]
    pub backup_plan_version: Observed<String>,
    #[serde(default)]
    pub backup_rule_id: Observed<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct CalculatedLifecycle {
    #[serde(default)]
    pub move_to_cold_storage_at: Observed<Timestamp>,
    #[serde(default)]
    pub delete_at: Observed<Timestamp>,
}
