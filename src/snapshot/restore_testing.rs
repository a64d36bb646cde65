//! A restore testing plan: when it restores which recovery points of which resources.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::wrapped::wrapped;
use super::{Observed, Timestamp};

/// GetRestoreTestingPlan, over what ListRestoreTestingPlans says; or under `RestoreTestingPlan` as the AWS CLI prints it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", remote = "Self")]
pub struct RestoreTestingPlan {
    pub restore_testing_plan_name: String,
    #[serde(default)]
    pub restore_testing_plan_arn: Observed<String>,
    /// AWS's cron.
    #[serde(default)]
    pub schedule_expression: Observed<String>,
    /// An IANA zone. Absent: UTC.
    #[serde(default)]
    pub schedule_expression_timezone: Observed<String>,
    #[serde(default)]
    pub start_window_hours: Observed<i64>,
    #[serde(default)]
    pub last_execution_time: Observed<Timestamp>,
    /// GetRestoreTestingPlan. Left out: nobody looked.
    #[serde(default = "Observed::<TestedPoints>::not_observed")]
    pub recovery_point_selection: Observed<TestedPoints>,
    /// ListRestoreTestingSelections. Left out: nobody looked.
    #[serde(default = "Observed::<Vec<RestoreTestingSelection>>::not_observed")]
    pub selections: Observed<Vec<RestoreTestingSelection>>,
}

wrapped!(RestoreTestingPlan, "RestoreTestingPlan");

/// Which recovery points a plan restores.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct TestedPoints {
    /// `LATEST_WITHIN_WINDOW` or `RANDOM_WITHIN_WINDOW`.
    #[serde(default)]
    pub algorithm: Observed<String>,
    /// ARNs of vaults, or `*`.
    #[serde(default)]
    pub include_vaults: Observed<Vec<String>>,
    #[serde(default)]
    pub exclude_vaults: Observed<Vec<String>>,
    /// `CONTINUOUS`, `SNAPSHOT`.
    #[serde(default)]
    pub recovery_point_types: Observed<Vec<String>>,
    #[serde(default)]
    pub selection_window_days: Observed<i64>,
}

/// GetRestoreTestingSelection, over what ListRestoreTestingSelections says; or under `RestoreTestingSelection` as the AWS CLI
/// prints it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", remote = "Self")]
pub struct RestoreTestingSelection {
    pub restore_testing_selection_name: String,
    #[serde(default)]
    pub iam_role_arn: Observed<String>,
    #[serde(default)]
    pub protected_resource_type: Observed<String>,
    #[serde(default)]
    pub validation_window_hours: Observed<i64>,
    /// ARNs, or `*`. GetRestoreTestingSelection. Left out: nobody looked.
    #[serde(default = "Observed::<Vec<String>>::not_observed")]
    pub protected_resource_arns: Observed<Vec<String>>,
    /// GetRestoreTestingSelection, which returns these or the ARNs. Left out: nobody looked.
    #[serde(default = "Observed::<TestedConditions>::not_observed")]
    pub protected_resource_conditions: Observed<TestedConditions>,
}

wrapped!(RestoreTestingSelection, "RestoreTestingSelection");

/// Keys are written `aws:ResourceTag/key`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct TestedConditions {
    #[serde(default)]
    pub string_equals: Observed<Vec<KeyValue>>,
    #[serde(default)]
    pub string_not_equals: Observed<Vec<KeyValue>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct KeyValue {
    #[serde(default)]
    pub key: Observed<String>,
    #[serde(default)]
    pub value: Observed<String>,
}
