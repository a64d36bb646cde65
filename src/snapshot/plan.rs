//! A backup plan with its rules and selections: GetBackupPlan and GetBackupSelection.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Observed, Tags, Timestamp};

/// GetBackupPlan, with what ListBackupSelections, GetBackupSelection and ListTags say of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct BackupPlan {
    pub backup_plan_id: String,
    #[serde(default)]
    pub backup_plan_arn: Observed<String>,
    #[serde(default)]
    pub version_id: Observed<String>,
    /// From ListBackupPlans; tells a plan's name where GetBackupPlan was refused.
    #[serde(default)]
    pub backup_plan_name: Observed<String>,
    #[serde(default)]
    pub creation_date: Observed<Timestamp>,
    /// Left out where GetBackupPlan was not answered: its rules are then unknown.
    #[serde(default = "Observed::<PlanBody>::not_observed")]
    pub backup_plan: Observed<PlanBody>,
    /// Left out, or holding a selection without its body, where the calls were not answered.
    #[serde(default = "Observed::<Vec<Selection>>::not_observed")]
    pub selections: Observed<Vec<Selection>>,
    #[serde(default = "Observed::<Tags>::not_observed")]
    pub tags: Observed<Tags>,
    /// ListBackupPlanVersions. Left out: nobody looked.
    #[serde(default = "Observed::<Vec<PlanVersion>>::not_observed")]
    pub versions: Observed<Vec<PlanVersion>>,
}

/// ListBackupPlanVersions: one that was or is in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct PlanVersion {
    pub version_id: String,
    #[serde(default)]
    pub creation_date: Observed<Timestamp>,
    #[serde(default)]
    pub deletion_date: Observed<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct PlanBody {
    #[serde(default)]
    pub backup_plan_name: Observed<String>,
    #[serde(default = "Observed::<Vec<PlanRule>>::not_observed")]
    pub rules: Observed<Vec<PlanRule>>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct PlanRule {
    pub rule_name: String,
    #[serde(default)]
    pub rule_id: Observed<String>,
    #[serde(default)]
    pub target_backup_vault_name: Observed<String>,
    #[serde(default)]
    pub target_logically_air_gapped_backup_vault_arn: Observed<String>,
    /// AWS's cron. Absent: `cron(0 5 ? * * *)`.
    #[serde(default)]
    pub schedule_expression: Observed<String>,
    /// An IANA zone. Absent: UTC.
    #[serde(default)]
    pub schedule_expression_timezone: Observed<String>,
    /// Absent: 480.
    #[serde(default)]
    pub start_window_minutes: Observed<i64>,
    /// Absent: 7 days.
    #[serde(default)]
    pub completion_window_minutes: Observed<i64>,
    /// Absent: points are kept for ever, warm.
    #[serde(default)]
    pub lifecycle: Observed<Lifecycle>,
    #[serde(default)]
    pub enable_continuous_backup: Observed<bool>,
    #[serde(default)]
    pub copy_actions: Observed<Vec<CopyAction>>,
}

/// Days count from the start of the job that made the point.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Lifecycle {
    /// Absent or -1: never moved.
    #[serde(default)]
    pub move_to_cold_storage_after_days: Observed<i64>,
    /// Absent or -1: kept for ever.
    #[serde(default)]
    pub delete_after_days: Observed<i64>,
    #[serde(default)]
    pub opt_in_to_archive_for_supported_resources: Observed<bool>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct CopyAction {
    #[serde(default)]
    pub destination_backup_vault_arn: Observed<String>,
    /// Absent: the copy inherits the lifecycle of its source.
    #[serde(default)]
    pub lifecycle: Observed<Lifecycle>,
}

/// GetBackupSelection.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Selection {
    #[serde(default)]
    pub selection_id: Observed<String>,
    /// From ListBackupSelections; tells a selection's name where GetBackupSelection was refused.
    #[serde(default)]
    pub selection_name: Observed<String>,
    /// From ListBackupSelections.
    #[serde(default)]
    pub creation_date: Observed<Timestamp>,
    #[serde(default = "Observed::<SelectionBody>::not_observed")]
    pub backup_selection: Observed<SelectionBody>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct SelectionBody {
    #[serde(default)]
    pub selection_name: Observed<String>,
    #[serde(default)]
    pub iam_role_arn: Observed<String>,
    #[serde(default)]
    pub resources: Observed<Vec<String>>,
    #[serde(default)]
    pub not_resources: Observed<Vec<String>>,
    #[serde(default)]
    pub list_of_tags: Observed<Vec<TagCondition>>,
    #[serde(default)]
    pub conditions: Observed<Conditions>,
}

/// An entry of ListOfTags: the bare tag key, compared by STRINGEQUALS.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct TagCondition {
    #[serde(default)]
    pub condition_type: Observed<String>,
    pub condition_key: String,
    pub condition_value: String,
}

/// All entries must hold. Keys are written `aws:ResourceTag/key`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Conditions {
    #[serde(default)]
    pub string_equals: Observed<Vec<ConditionParameter>>,
    #[serde(default)]
    pub string_not_equals: Observed<Vec<ConditionParameter>>,
    #[serde(default)]
    pub string_like: Observed<Vec<ConditionParameter>>,
    #[serde(default)]
    pub string_not_like: Observed<Vec<ConditionParameter>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct ConditionParameter {
    #[serde(default)]
    pub condition_key: Observed<String>,
    #[serde(default)]
    pub condition_value: Observed<String>,
}
