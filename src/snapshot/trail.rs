//! A CloudTrail trail: whether it logs, and which events.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Observed, Timestamp};

/// DescribeTrails, with GetTrailStatus and GetEventSelectors.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Trail {
    #[serde(rename = "TrailARN")]
    pub trail_arn: String,
    #[serde(default)]
    pub name: Observed<String>,
    #[serde(default)]
    pub home_region: Observed<String>,
    #[serde(default)]
    pub is_multi_region_trail: Observed<bool>,
    #[serde(default)]
    pub is_organization_trail: Observed<bool>,
    /// False: the trail logs all management events and nothing else.
    #[serde(default)]
    pub has_custom_event_selectors: Observed<bool>,
    #[serde(default)]
    pub include_global_service_events: Observed<bool>,
    #[serde(default)]
    pub log_file_validation_enabled: Observed<bool>,
    #[serde(default)]
    pub s3_bucket_name: Observed<String>,
    #[serde(default)]
    pub kms_key_id: Observed<String>,
    #[serde(default)]
    pub cloud_watch_logs_log_group_arn: Observed<String>,
    /// GetTrailStatus. Left out: nobody looked.
    #[serde(default = "Observed::<TrailStatus>::not_observed")]
    pub status: Observed<TrailStatus>,
    /// GetEventSelectors, which returns these or the advanced ones. Both left out: nobody looked.
    #[serde(default = "Observed::<Vec<EventSelector>>::not_observed")]
    pub event_selectors: Observed<Vec<EventSelector>>,
    #[serde(default = "Observed::<Vec<AdvancedEventSelector>>::not_observed")]
    pub advanced_event_selectors: Observed<Vec<AdvancedEventSelector>>,
}

/// GetTrailStatus.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct TrailStatus {
    #[serde(default)]
    pub is_logging: Observed<bool>,
    #[serde(default)]
    pub latest_delivery_time: Observed<Timestamp>,
    #[serde(default)]
    pub latest_delivery_error: Observed<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct EventSelector {
    /// `All`, `ReadOnly` or `WriteOnly`.
    #[serde(default)]
    pub read_write_type: Observed<String>,
    #[serde(default)]
    pub include_management_events: Observed<bool>,
    /// `kms.amazonaws.com`, `rdsdata.amazonaws.com`.
    #[serde(default)]
    pub exclude_management_event_sources: Observed<Vec<String>>,
}

/// All its fields must match.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct AdvancedEventSelector {
    #[serde(default)]
    pub name: Observed<String>,
    #[serde(default)]
    pub field_selectors: Observed<Vec<FieldSelector>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct FieldSelector {
    /// `eventCategory`, `readOnly`, `eventSource`, ...
    pub field: String,
    #[serde(default)]
    pub equals: Observed<Vec<String>>,
    #[serde(default)]
    pub starts_with: Observed<Vec<String>>,
    #[serde(default)]
    pub ends_with: Observed<Vec<String>>,
    #[serde(default)]
    pub not_equals: Observed<Vec<String>>,
    #[serde(default)]
    pub not_starts_with: Observed<Vec<String>>,
    #[serde(default)]
    pub not_ends_with: Observed<Vec<String>>,
}
