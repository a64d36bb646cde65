//! Who is told and who acts: SNS topics, CloudWatch alarms, IAM roles.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Observed, PolicyDocument};

/// GetTopicAttributes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Topic {
    pub topic_arn: String,
    #[serde(default = "Observed::<PolicyDocument>::not_observed")]
    pub policy: Observed<PolicyDocument>,
    #[serde(default)]
    pub kms_master_key_id: Observed<String>,
}

/// DescribeAlarms' MetricAlarms.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Alarm {
    pub alarm_name: String,
    #[serde(default)]
    pub alarm_arn: Observed<String>,
    #[serde(default)]
    pub actions_enabled: Observed<bool>,
    #[serde(default)]
    pub alarm_actions: Observed<Vec<String>>,
    #[serde(default)]
    pub namespace: Observed<String>,
    #[serde(default)]
    pub metric_name: Observed<String>,
    #[serde(default)]
    pub dimensions: Observed<Vec<Dimension>>,
    /// `missing`, `ignore`, `breaching` or `notBreaching`. Absent: `missing`.
    #[serde(default)]
    pub treat_missing_data: Observed<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Dimension {
    pub name: String,
    pub value: String,
}

/// GetRole's Role, with its attached and inline policies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Role {
    pub arn: String,
    #[serde(default)]
    pub role_name: Observed<String>,
    #[serde(default)]
    pub assume_role_policy_document: Observed<PolicyDocument>,
    /// ListAttachedRolePolicies. Left out: nobody looked.
    #[serde(default = "Observed::<Vec<AttachedPolicy>>::not_observed")]
    pub attached_policies: Observed<Vec<AttachedPolicy>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct AttachedPolicy {
    pub policy_arn: String,
    #[serde(default)]
    pub policy_name: Observed<String>,
}
