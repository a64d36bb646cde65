//! Backup, copy, restore and scan jobs. AWS keeps them for 30 days.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{CreatedBy, Observed, Timestamp};

/// ListBackupJobs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct BackupJob {
    pub backup_job_id: String,
    #[serde(default)]
    pub backup_vault_arn: Observed<String>,
    #[serde(default)]
    pub recovery_point_arn: Observed<String>,
    #[serde(default)]
    pub resource_arn: Observed<String>,
    #[serde(default)]
    pub resource_type: Observed<String>,
    #[serde(default)]
    pub state: Observed<String>,
    #[serde(default)]
    pub status_message: Observed<String>,
    /// `SUCCESS`, or why a job that completed did so with issues.
    #[serde(default)]
    pub message_category: Observed<String>,
    #[serde(default)]
    pub creation_date: Observed<Timestamp>,
    #[serde(default)]
    pub completion_date: Observed<Timestamp>,
    #[serde(default)]
    pub created_by: Observed<CreatedBy>,
}

/// ListCopyJobs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct CopyJob {
    pub copy_job_id: String,
    #[serde(default)]
    pub source_backup_vault_arn: Observed<String>,
    #[serde(default)]
    pub source_recovery_point_arn: Observed<String>,
    #[serde(default)]
    pub destination_backup_vault_arn: Observed<String>,
    #[serde(default)]
    pub destination_recovery_point_arn: Observed<String>,
    #[serde(default)]
    pub resource_arn: Observed<String>,
    #[serde(default)]
    pub resource_type: Observed<String>,
    /// `CREATED`, `RUNNING`, `COMPLETED`, `FAILED`, `PARTIAL`.
    #[serde(default)]
    pub state: Observed<String>,
    #[serde(default)]
    pub status_message: Observed<String>,
    #[serde(default)]
    pub creation_date: Observed<Timestamp>,
    #[serde(default)]
    pub completion_date: Observed<Timestamp>,
    #[serde(default)]
    pub created_by: Observed<CreatedBy>,
}

/// ListRestoreJobs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct RestoreJob {
    pub restore_job_id: String,
    #[serde(default)]
    pub recovery_point_arn: Observed<String>,
    /// The resource that was backed up, not the one that the restore made.
    #[serde(default)]
    pub source_resource_arn: Observed<String>,
    #[serde(default)]
    pub resource_type: Observed<String>,
    /// `PENDING`, `RUNNING`, `COMPLETED`, `ABORTED`, `FAILED`.
    #[serde(default)]
    pub status: Observed<String>,
    #[serde(default)]
    pub status_message: Observed<String>,
    /// `SUCCESSFUL`, `FAILED`, `TIMED_OUT`, `VALIDATING`. Absent: nobody said whether what was restored is any good.
    #[serde(default)]
    pub validation_status: Observed<String>,
    #[serde(default)]
    pub validation_status_message: Observed<String>,
    /// Of what a restore test made: `DELETING`, `FAILED`, `SUCCESSFUL`.
    #[serde(default)]
    pub deletion_status: Observed<String>,
    #[serde(default)]
    pub creation_date: Observed<Timestamp>,
    #[serde(default)]
    pub completion_date: Observed<Timestamp>,
    /// When the job that made the restored point started.
    #[serde(default)]
    pub recovery_point_creation_date: Observed<Timestamp>,
    #[serde(default)]
    pub backup_size_in_bytes: Observed<i64>,
    /// Absent: a person or a program asked for the restore, not a restore testing plan.
    #[serde(default)]
    pub created_by: Observed<RestoreJobCreator>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct RestoreJobCreator {
    #[serde(default)]
    pub restore_testing_plan_arn: Observed<String>,
}

/// ListScanJobs: a recovery point looked through for malware.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct ScanJob {
    pub scan_job_id: String,
    #[serde(default)]
    pub backup_vault_arn: Observed<String>,
    #[serde(default)]
    pub recovery_point_arn: Observed<String>,
    #[serde(default)]
    pub resource_arn: Observed<String>,
    #[serde(default)]
    pub resource_type: Observed<String>,
    /// `GUARDDUTY`.
    #[serde(default)]
    pub malware_scanner: Observed<String>,
    /// `FULL_SCAN`, `INCREMENTAL_SCAN`.
    #[serde(default)]
    pub scan_mode: Observed<String>,
    /// `CREATED`, `RUNNING`, `COMPLETED`, `COMPLETED_WITH_ISSUES`, `FAILED`, `CANCELED`.
    #[serde(default)]
    pub state: Observed<String>,
    /// Absent until the scan has ended.
    #[serde(default)]
    pub scan_result: Observed<ScanResult>,
    #[serde(default)]
    pub creation_date: Observed<Timestamp>,
    #[serde(default)]
    pub completion_date: Observed<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct ScanResult {
    /// `NO_THREATS_FOUND`, `THREATS_FOUND`.
    #[serde(default)]
    pub scan_result_status: Observed<String>,
}
