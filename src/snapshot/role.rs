//! An IAM role, with the policies that say what it may do.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::wrapped::wrapped;
use super::{Observed, PolicyDocument};

/// GetRole's Role, either as the object itself or under `Role` as the AWS CLI prints it, with its attached and inline
/// policies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", remote = "Self")]
pub struct Role {
    pub arn: String,
    #[serde(default)]
    pub role_name: Observed<String>,
    #[serde(default)]
    pub assume_role_policy_document: Observed<PolicyDocument>,
    /// The policy that bounds what all the others can allow. Absent: none does.
    #[serde(default)]
    pub permissions_boundary: Observed<PermissionsBoundary>,
    /// ListAttachedRolePolicies. Left out: nobody looked.
    #[serde(default = "Observed::<Vec<AttachedPolicy>>::not_observed")]
    pub attached_policies: Observed<Vec<AttachedPolicy>>,
    /// ListRolePolicies. Left out: nobody looked.
    #[serde(default = "Observed::<Vec<InlinePolicy>>::not_observed")]
    pub inline_policies: Observed<Vec<InlinePolicy>>,
}

wrapped!(Role, "Role");

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct PermissionsBoundary {
    #[serde(default)]
    pub permissions_boundary_arn: Observed<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct AttachedPolicy {
    pub policy_arn: String,
    #[serde(default)]
    pub policy_name: Observed<String>,
    /// GetPolicyVersion, of the default version. Left out: nobody looked.
    #[serde(default = "Observed::<PolicyDocument>::not_observed")]
    pub policy_document: Observed<PolicyDocument>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct InlinePolicy {
    pub policy_name: String,
    /// GetRolePolicy. Left out: nobody looked.
    #[serde(default = "Observed::<PolicyDocument>::not_observed")]
    pub policy_document: Observed<PolicyDocument>,
}
