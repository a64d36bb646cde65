//! A backup vault: DescribeBackupVault, and what other calls say of it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Observed, PolicyDocument, Tags, Timestamp};

/// DescribeBackupVault (ListBackupVaults returns the same members) with its policy, notifications and tags.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Vault {
    pub backup_vault_name: String,
    #[serde(default)]
    pub backup_vault_arn: Observed<String>,
    /// `BACKUP_VAULT`, `LOGICALLY_AIR_GAPPED_BACKUP_VAULT` or `RESTORE_ACCESS_BACKUP_VAULT`.
    #[serde(default)]
    pub vault_type: Observed<String>,
    /// `CREATING`, `AVAILABLE`, `FAILED`; absent on ordinary vaults.
    #[serde(default)]
    pub vault_state: Observed<String>,
    #[serde(default)]
    pub encryption_key_arn: Observed<String>,
    /// `AWS_OWNED_KMS_KEY` or `CUSTOMER_MANAGED_KMS_KEY`.
    #[serde(default)]
    pub encryption_key_type: Observed<String>,
    #[serde(default)]
    pub creation_date: Observed<Timestamp>,
    /// True in governance mode, in the grace period and when immutable alike.
    #[serde(default)]
    pub locked: Observed<bool>,
    /// Days. Absent: the lock sets no minimum.
    #[serde(default)]
    pub min_retention_days: Observed<i64>,
    /// Days. Absent: the lock sets no maximum.
    #[serde(default)]
    pub max_retention_days: Observed<i64>,
    /// When the lock becomes immutable. Absent: governance mode, it never does.
    #[serde(default)]
    pub lock_date: Observed<Timestamp>,
    /// Days between putting the lock and `LockDate`. AWS takes it and never returns it; Terraform declares it.
    #[serde(default = "Observed::<i64>::not_observed")]
    pub changeable_for_days: Observed<i64>,
    #[serde(default)]
    pub number_of_recovery_points: Observed<i64>,
    /// GetBackupVaultAccessPolicy. `null`: the vault has none. Left out: nobody looked.
    #[serde(default = "Observed::<PolicyDocument>::not_observed")]
    pub access_policy: Observed<PolicyDocument>,
    /// GetBackupVaultNotifications. `null`: the vault has none. Left out: nobody looked.
    #[serde(default = "Observed::<Notifications>::not_observed")]
    pub notifications: Observed<Notifications>,
    /// ListTags. Left out: nobody looked.
    #[serde(default = "Observed::<Tags>::not_observed")]
    pub tags: Observed<Tags>,
}

/// GetBackupVaultNotifications.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Notifications {
    #[serde(rename = "SNSTopicArn", default)]
    pub sns_topic_arn: Observed<String>,
    #[serde(default)]
    pub backup_vault_events: Observed<Vec<String>>,
}
