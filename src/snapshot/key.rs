//! A KMS key: KeyMetadata, with its rotation, policy, aliases and grants.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::wrapped::wrapped;
use super::{Observed, PolicyDocument, Timestamp};

/// DescribeKey's KeyMetadata, either as the object itself or under `KeyMetadata` as the AWS CLI prints it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", remote = "Self")]
pub struct Key {
    pub arn: String,
    #[serde(default)]
    pub key_id: Observed<String>,
    /// `AWS` or `CUSTOMER`.
    #[serde(default)]
    pub key_manager: Observed<String>,
    /// `Enabled`, `Disabled`, `PendingDeletion`, `PendingImport`, `Unavailable`, ...
    #[serde(default)]
    pub key_state: Observed<String>,
    /// `SYMMETRIC_DEFAULT`, `RSA_2048`, ...
    #[serde(default)]
    pub key_spec: Observed<String>,
    /// `AWS_KMS`, `EXTERNAL`, `AWS_CLOUDHSM`, `EXTERNAL_KEY_STORE`.
    #[serde(default)]
    pub origin: Observed<String>,
    #[serde(default)]
    pub multi_region: Observed<bool>,
    /// When KMS deletes the key; set only while deletion is pending.
    #[serde(default)]
    pub deletion_date: Observed<Timestamp>,
    /// Days between scheduling a deletion and the deletion. Live: only while it is pending. Terraform: as declared.
    #[serde(default)]
    pub pending_deletion_window_in_days: Observed<i64>,
    /// GetKeyRotationStatus. Left out: nobody looked.
    #[serde(default = "Observed::<bool>::not_observed")]
    pub key_rotation_enabled: Observed<bool>,
    /// GetKeyPolicy. Left out: nobody looked.
    #[serde(default = "Observed::<PolicyDocument>::not_observed")]
    pub policy: Observed<PolicyDocument>,
    /// ListAliases. Left out: nobody looked.
    #[serde(default = "Observed::<Vec<Alias>>::not_observed")]
    pub aliases: Observed<Vec<Alias>>,
    /// ListGrants. Left out: nobody looked.
    #[serde(default = "Observed::<Vec<Grant>>::not_observed")]
    pub grants: Observed<Vec<Grant>>,
}

wrapped!(Key, "KeyMetadata");

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Alias {
    pub alias_name: String,
}

/// A grant lets a principal use the key beside what the key's policy says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Grant {
    pub grant_id: String,
    #[serde(default)]
    pub grantee_principal: Observed<String>,
    #[serde(default)]
    pub retiring_principal: Observed<String>,
    /// `Decrypt`, `CreateGrant`, ...
    #[serde(default)]
    pub operations: Observed<Vec<String>>,
}
