//! The ledger: every call that was made, refused, cut short or skipped.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Timestamp;

/// How a call ended, retries included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Answered to its last page. An absence that AWS words as an error is an answer.
    Ok,
    /// Refused: AccessDenied and its kin.
    Denied,
    /// Still throttled after the last retry.
    Throttled,
    /// Any other error: network, server, credentials that ran out.
    Failed,
    /// A listing that ended before its last page.
    Truncated,
    /// Not made, by choice or because a call it depends on did not succeed.
    Skipped,
}

/// One operation on one subject, all its pages together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Call {
    /// IAM's prefix of the service: `backup`, `kms`, `tag`, `sts`.
    pub service: String,
    /// The operation as the API names it: `ListBackupVaults`.
    pub operation: String,
    /// What the call asked about: a vault's name, a plan's id, an ARN. `None` when it asked about the whole Region.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    pub outcome: Outcome,
    /// Pages that were read.
    #[serde(default)]
    pub pages: u64,
    /// Items on those pages; for a call that returns one object, 1 when it exists.
    #[serde(default)]
    pub items: u64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub request_ids: Vec<String>,
    /// When the first request was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<Timestamp>,
    /// AWS's error code and message, for an outcome other than `ok`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The answer was brought by an earlier run that was interrupted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub resumed: bool,
}

impl Call {
    /// `service:Operation`, which for AWS Backup is also the IAM action.
    pub fn action(&self) -> String {
        format!("{}:{}", self.service, self.operation)
    }
}
