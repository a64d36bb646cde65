//! Resources: what the tagging API lists, and what AWS Backup calls protected.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Observed, Tags, Timestamp};

/// GetResources of the tagging API, which returns tagged and once-tagged resources only.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Resource {
    #[serde(rename = "ResourceARN")]
    pub resource_arn: String,
    #[serde(default = "Observed::<Tags>::not_observed")]
    pub tags: Observed<Tags>,
}

/// ListProtectedResources: there is a recovery point, of whatever status.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct ProtectedResource {
    pub resource_arn: String,
    #[serde(default)]
    pub resource_type: Observed<String>,
    #[serde(default)]
    pub last_backup_time: Observed<Timestamp>,
}
