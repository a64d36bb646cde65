//! The organization that the account is in, and the backup policy that it puts on the account.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Observed, PolicyDocument, Timestamp};

/// DescribeOrganization, with DescribeEffectivePolicy and ListAccounts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Organization {
    /// Left out: nobody looked.
    #[serde(default = "Observed::<OrganizationDetails>::not_observed")]
    pub organization: Observed<OrganizationDetails>,
    /// DescribeEffectivePolicy, of the type `BACKUP_POLICY`. `null`: none is in force. Left out: nobody looked.
    #[serde(default = "Observed::<EffectivePolicy>::not_observed")]
    pub effective_backup_policy: Observed<EffectivePolicy>,
    /// ListAccounts. Left out: nobody looked.
    #[serde(default = "Observed::<Vec<Account>>::not_observed")]
    pub accounts: Observed<Vec<Account>>,
}

/// DescribeOrganization's Organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct OrganizationDetails {
    pub id: String,
    #[serde(default)]
    pub arn: Observed<String>,
    /// `ALL` or `CONSOLIDATED_BILLING`.
    #[serde(default)]
    pub feature_set: Observed<String>,
    #[serde(default)]
    pub master_account_id: Observed<String>,
}

/// DescribeEffectivePolicy's EffectivePolicy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct EffectivePolicy {
    #[serde(default)]
    pub policy_content: Observed<PolicyDocument>,
    #[serde(default)]
    pub target_id: Observed<String>,
    #[serde(default)]
    pub policy_type: Observed<String>,
    #[serde(default)]
    pub last_updated_timestamp: Observed<Timestamp>,
}

/// ListAccounts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Account {
    pub id: String,
    #[serde(default)]
    pub arn: Observed<String>,
    #[serde(default)]
    pub name: Observed<String>,
    /// `ACTIVE`, `SUSPENDED`, `PENDING_CLOSURE`.
    #[serde(default)]
    pub status: Observed<String>,
}
