//! What AWS Backup does beside backing up: audit frameworks, reports, legal holds, low-cost tiers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::wrapped::wrapped;
use super::{Observed, Timestamp};

/// DescribeFramework, over what ListFrameworks says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Framework {
    pub framework_name: String,
    #[serde(default)]
    pub framework_arn: Observed<String>,
    /// `CREATE_IN_PROGRESS`, `COMPLETED`, `FAILED`, ...
    #[serde(default)]
    pub deployment_status: Observed<String>,
    /// `ACTIVE`, `PARTIALLY_ACTIVE`, `INACTIVE`, `UNAVAILABLE`. DescribeFramework. Left out: nobody looked.
    #[serde(default = "Observed::<String>::not_observed")]
    pub framework_status: Observed<String>,
    /// DescribeFramework. Left out: nobody looked.
    #[serde(default = "Observed::<Vec<FrameworkControl>>::not_observed")]
    pub framework_controls: Observed<Vec<FrameworkControl>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct FrameworkControl {
    pub control_name: String,
    #[serde(default)]
    pub control_input_parameters: Observed<Vec<ControlInputParameter>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct ControlInputParameter {
    #[serde(default)]
    pub parameter_name: Observed<String>,
    #[serde(default)]
    pub parameter_value: Observed<String>,
}

/// ListReportPlans.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct ReportPlan {
    pub report_plan_name: String,
    #[serde(default)]
    pub report_plan_arn: Observed<String>,
    #[serde(default)]
    pub report_setting: Observed<ReportSetting>,
    #[serde(default)]
    pub report_delivery_channel: Observed<ReportDeliveryChannel>,
    #[serde(default)]
    pub deployment_status: Observed<String>,
    #[serde(default)]
    pub last_attempted_execution_time: Observed<Timestamp>,
    #[serde(default)]
    pub last_successful_execution_time: Observed<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct ReportSetting {
    /// `BACKUP_JOB_REPORT`, `CONTROL_COMPLIANCE_REPORT`, ...
    #[serde(default)]
    pub report_template: Observed<String>,
    #[serde(default)]
    pub framework_arns: Observed<Vec<String>>,
    /// Absent: the account's own only.
    #[serde(default)]
    pub accounts: Observed<Vec<String>>,
    /// Absent: the Region's own only.
    #[serde(default)]
    pub regions: Observed<Vec<String>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct ReportDeliveryChannel {
    #[serde(rename = "S3BucketName", default)]
    pub s3_bucket_name: Observed<String>,
}

/// GetLegalHold, over what ListLegalHolds says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct LegalHold {
    pub legal_hold_id: String,
    #[serde(default)]
    pub legal_hold_arn: Observed<String>,
    #[serde(default)]
    pub title: Observed<String>,
    /// `CREATING`, `ACTIVE`, `CANCELING`, `CANCELED`.
    #[serde(default)]
    pub status: Observed<String>,
    #[serde(default)]
    pub creation_date: Observed<Timestamp>,
    #[serde(default)]
    pub cancellation_date: Observed<Timestamp>,
    /// GetLegalHold. Left out: nobody looked.
    #[serde(default = "Observed::<HeldPoints>::not_observed")]
    pub recovery_point_selection: Observed<HeldPoints>,
}

/// Which recovery points a legal hold keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct HeldPoints {
    #[serde(default)]
    pub vault_names: Observed<Vec<String>>,
    #[serde(default)]
    pub resource_identifiers: Observed<Vec<String>>,
    #[serde(default)]
    pub date_range: Observed<DateRange>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct DateRange {
    #[serde(default)]
    pub from_date: Observed<Timestamp>,
    #[serde(default)]
    pub to_date: Observed<Timestamp>,
}

/// GetTieringConfiguration, over what ListTieringConfigurations says; or under `TieringConfiguration` as the AWS CLI prints it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", remote = "Self")]
pub struct TieringConfiguration {
    pub tiering_configuration_name: String,
    #[serde(default)]
    pub tiering_configuration_arn: Observed<String>,
    /// `*`: every vault.
    #[serde(default)]
    pub backup_vault_name: Observed<String>,
    /// GetTieringConfiguration. Left out: nobody looked.
    #[serde(default = "Observed::<Vec<TieredResources>>::not_observed")]
    pub resource_selection: Observed<Vec<TieredResources>>,
}

wrapped!(TieringConfiguration, "TieringConfiguration");

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct TieredResources {
    #[serde(default)]
    pub resource_type: Observed<String>,
    #[serde(default)]
    pub resources: Observed<Vec<String>>,
    #[serde(default)]
    pub tiering_down_settings_in_days: Observed<i64>,
}
