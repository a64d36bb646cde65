//! The ledger: every call that was made, refused, cut short or skipped, and which collections came out whole.

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
}

impl Call {
    /// `service:Operation`, which for AWS Backup is also the IAM action.
    pub fn action(&self) -> String {
        format!("{}:{}", self.service, self.operation)
    }
}

/// The collections of a unit. A collection stands in `Complete` when it is whole: only then does the absence of an
/// object from it prove anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Collection {
    BackupVaults,
    BackupPlans,
    RecoveryPoints,
    Keys,
    Resources,
    ProtectedResources,
    BackupJobs,
    CopyJobs,
    RestoreJobs,
    RegionSettings,
    GlobalSettings,
    SupportedResourceTypes,
    Topics,
    Alarms,
    Roles,
    Tables,
    RestoreTestingPlans,
    Trails,
    Frameworks,
    ReportPlans,
    LegalHolds,
}

impl Collection {
    pub const ALL: [Collection; 21] = [
        Collection::BackupVaults,
        Collection::BackupPlans,
        Collection::RecoveryPoints,
        Collection::Keys,
        Collection::Resources,
        Collection::ProtectedResources,
        Collection::BackupJobs,
        Collection::CopyJobs,
        Collection::RestoreJobs,
        Collection::RegionSettings,
        Collection::GlobalSettings,
        Collection::SupportedResourceTypes,
        Collection::Topics,
        Collection::Alarms,
        Collection::Roles,
        Collection::Tables,
        Collection::RestoreTestingPlans,
        Collection::Trails,
        Collection::Frameworks,
        Collection::ReportPlans,
        Collection::LegalHolds,
    ];

    /// The listing calls that fill it, as `service:Operation`. One of them not `ok` makes the collection incomplete,
    /// whatever `Complete` says.
    pub fn filled_by(self) -> &'static [&'static str] {
        match self {
            Collection::BackupVaults => &["backup:ListBackupVaults"],
            Collection::BackupPlans => &["backup:ListBackupPlans"],
            Collection::RecoveryPoints => &["backup:ListRecoveryPointsByBackupVault"],
            Collection::Keys => &["kms:DescribeKey"],
            Collection::Resources => &["tag:GetResources"],
            Collection::ProtectedResources => &["backup:ListProtectedResources"],
            Collection::BackupJobs => &["backup:ListBackupJobs"],
            Collection::CopyJobs => &["backup:ListCopyJobs"],
            Collection::RestoreJobs => &["backup:ListRestoreJobs"],
            Collection::RegionSettings => &["backup:DescribeRegionSettings"],
            Collection::GlobalSettings => &["backup:DescribeGlobalSettings"],
            Collection::SupportedResourceTypes => &["backup:GetSupportedResourceTypes"],
            Collection::Topics => &["sns:GetTopicAttributes"],
            Collection::Alarms => &["cloudwatch:DescribeAlarms"],
            Collection::Roles => &["iam:GetRole"],
            Collection::Tables => &["dynamodb:ListTables"],
            Collection::RestoreTestingPlans => &["backup:ListRestoreTestingPlans"],
            Collection::Trails => &["cloudtrail:DescribeTrails"],
            Collection::Frameworks => &["backup:ListFrameworks"],
            Collection::ReportPlans => &["backup:ListReportPlans"],
            Collection::LegalHolds => &["backup:ListLegalHolds"],
        }
    }
}
