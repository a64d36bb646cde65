//! What the account and the Region are set to.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Observed;

/// DescribeRegionSettings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct RegionSettings {
    /// By resource type: whether AWS Backup backs it up when a selection reaches it by tag or wildcard.
    #[serde(default)]
    pub resource_type_opt_in_preference: Observed<BTreeMap<String, bool>>,
    /// By resource type: whether AWS Backup fully manages its points. For DynamoDB: advanced features.
    #[serde(default)]
    pub resource_type_management_preference: Observed<BTreeMap<String, bool>>,
}

/// DescribeGlobalSettings, which only the management and delegated administrator accounts may read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct GlobalSettings {
    /// `isCrossAccountBackupEnabled` and others, each `"true"` or `"false"`.
    #[serde(default)]
    pub global_settings: Observed<BTreeMap<String, String>>,
}

/// GetSupportedResourceTypes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct SupportedResourceTypes {
    #[serde(default)]
    pub resource_types: Observed<Vec<String>>,
}
