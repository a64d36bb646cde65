//! The collections of a unit, and the listing calls that fill them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A collection stands in `Complete` when it is whole: only then does the absence of an object from it prove anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Collection {
    BackupVaults,
    BackupPlans,
    RecoveryPoints,
    /// Vaults elsewhere that the unit's plans copy to, each looked up by its ARN.
    ReferencedVaults,
    Keys,
    Resources,
    ProtectedResources,
    BackupJobs,
    CopyJobs,
    RestoreJobs,
    ScanJobs,
    RegionSettings,
    GlobalSettings,
    SupportedResourceTypes,
    Topics,
    Alarms,
    CompositeAlarms,
    Metrics,
    EventRules,
    Roles,
    Tables,
    /// Whole by resource type: each entry says so for its own type.
    Inventory,
    RestoreTestingPlans,
    Trails,
    Frameworks,
    ReportPlans,
    LegalHolds,
    TieringConfigurations,
    Organization,
}

impl Collection {
    pub const ALL: [Collection; 29] = [
        Collection::BackupVaults,
        Collection::BackupPlans,
        Collection::RecoveryPoints,
        Collection::ReferencedVaults,
        Collection::Keys,
        Collection::Resources,
        Collection::ProtectedResources,
        Collection::BackupJobs,
        Collection::CopyJobs,
        Collection::RestoreJobs,
        Collection::ScanJobs,
        Collection::RegionSettings,
        Collection::GlobalSettings,
        Collection::SupportedResourceTypes,
        Collection::Topics,
        Collection::Alarms,
        Collection::CompositeAlarms,
        Collection::Metrics,
        Collection::EventRules,
        Collection::Roles,
        Collection::Tables,
        Collection::Inventory,
        Collection::RestoreTestingPlans,
        Collection::Trails,
        Collection::Frameworks,
        Collection::ReportPlans,
        Collection::LegalHolds,
        Collection::TieringConfigurations,
        Collection::Organization,
    ];

    /// Whether Terraform has resources for what is in it, so that a root could declare all of it.
    pub fn is_declarable(self) -> bool {
        use Collection::*;
        match self {
            BackupVaults | BackupPlans | ReferencedVaults | Keys | Resources | RegionSettings | GlobalSettings | Topics | Alarms
            | CompositeAlarms | EventRules | Roles | Tables | Inventory | RestoreTestingPlans | Trails | Frameworks | ReportPlans => true,
            RecoveryPoints
            | ProtectedResources
            | BackupJobs
            | CopyJobs
            | RestoreJobs
            | ScanJobs
            | SupportedResourceTypes
            | Metrics
            | LegalHolds
            | TieringConfigurations
            | Organization => false,
        }
    }

    /// The listing calls that fill it, as `service:Operation`. One of them not `ok` makes the collection incomplete,
    /// whatever `Complete` says. Calls that only bring members of its objects are not among them.
    pub fn filled_by(self) -> &'static [&'static str] {
        match self {
            Collection::BackupVaults => &["backup:ListBackupVaults"],
            Collection::BackupPlans => &["backup:ListBackupPlans"],
            Collection::RecoveryPoints => &["backup:ListRecoveryPointsByBackupVault"],
            Collection::ReferencedVaults => &["backup:DescribeBackupVault"],
            Collection::Keys => &["kms:DescribeKey"],
            Collection::Resources => &["tag:GetResources"],
            Collection::ProtectedResources => &["backup:ListProtectedResources"],
            Collection::BackupJobs => &["backup:ListBackupJobs"],
            Collection::CopyJobs => &["backup:ListCopyJobs"],
            Collection::RestoreJobs => &["backup:ListRestoreJobs"],
            Collection::ScanJobs => &["backup:ListScanJobs"],
            Collection::RegionSettings => &["backup:DescribeRegionSettings"],
            Collection::GlobalSettings => &["backup:DescribeGlobalSettings"],
            Collection::SupportedResourceTypes => &["backup:GetSupportedResourceTypes"],
            Collection::Topics => &["sns:GetTopicAttributes"],
            Collection::Alarms => &["cloudwatch:DescribeAlarms"],
            Collection::CompositeAlarms => &["cloudwatch:DescribeAlarms"],
            Collection::Metrics => &["cloudwatch:ListMetrics"],
            Collection::EventRules => &["events:ListRules"],
            Collection::Roles => &["iam:GetRole"],
            Collection::Tables => &["dynamodb:ListTables"],
            Collection::Inventory => &[
                "rds:DescribeDBInstances",
                "rds:DescribeDBClusters",
                "ec2:DescribeInstances",
                "ec2:DescribeVolumes",
                "elasticfilesystem:DescribeFileSystems",
                "s3:ListBuckets",
                "fsx:DescribeFileSystems",
            ],
            Collection::RestoreTestingPlans => &["backup:ListRestoreTestingPlans"],
            Collection::Trails => &["cloudtrail:DescribeTrails"],
            Collection::Frameworks => &["backup:ListFrameworks"],
            Collection::ReportPlans => &["backup:ListReportPlans"],
            Collection::LegalHolds => &["backup:ListLegalHolds"],
            Collection::TieringConfigurations => &["backup:ListTieringConfigurations"],
            Collection::Organization => &["organizations:DescribeOrganization"],
        }
    }
}
