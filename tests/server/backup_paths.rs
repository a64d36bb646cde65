//! AWS Backup's routes: which operation a path stands for, and about what. A trailing slash is as good as none, because boto3
//! keeps it and the Rust SDK does not.

use super::http::decode;

pub fn operation(path: &str) -> Option<(&'static str, Option<String>)> {
    let path = path.trim_matches('/');
    // Names and ARNs hold slashes of their own; clients encode them, so the split comes first.
    let parts: Vec<&str> = path.split('/').collect();
    let one = |part: &str| Some(decode(part));
    let two = |part: &str, other: &str| Some(format!("{}/{}", decode(part), decode(other)));
    Some(match parts.as_slice() {
        ["backup-vaults"] => ("ListBackupVaults", None),
        ["backup-vaults", vault] => ("DescribeBackupVault", one(vault)),
        ["backup-vaults", vault, "access-policy"] => ("GetBackupVaultAccessPolicy", one(vault)),
        ["backup-vaults", vault, "notification-configuration"] => ("GetBackupVaultNotifications", one(vault)),
        ["backup-vaults", vault, "recovery-points"] => ("ListRecoveryPointsByBackupVault", one(vault)),
        ["tags", arn] => ("ListTags", one(arn)),
        ["backup", "plans"] => ("ListBackupPlans", None),
        ["backup", "plans", plan] => ("GetBackupPlan", one(plan)),
        ["backup", "plans", plan, "versions"] => ("ListBackupPlanVersions", one(plan)),
        ["backup", "plans", plan, "selections"] => ("ListBackupSelections", one(plan)),
        ["backup", "plans", plan, "selections", selection] => ("GetBackupSelection", two(plan, selection)),
        ["resources"] => ("ListProtectedResources", None),
        ["account-settings"] => ("DescribeRegionSettings", None),
        ["global-settings"] => ("DescribeGlobalSettings", None),
        ["supported-resource-types"] => ("GetSupportedResourceTypes", None),
        ["backup-jobs"] => ("ListBackupJobs", None),
        ["copy-jobs"] => ("ListCopyJobs", None),
        ["restore-jobs"] => ("ListRestoreJobs", None),
        ["scan", "jobs"] => ("ListScanJobs", None),
        ["audit", "frameworks"] => ("ListFrameworks", None),
        ["audit", "frameworks", framework] => ("DescribeFramework", one(framework)),
        ["audit", "report-plans"] => ("ListReportPlans", None),
        ["restore-testing", "plans"] => ("ListRestoreTestingPlans", None),
        ["restore-testing", "plans", plan] => ("GetRestoreTestingPlan", one(plan)),
        ["restore-testing", "plans", plan, "selections"] => ("ListRestoreTestingSelections", one(plan)),
        ["restore-testing", "plans", plan, "selections", selection] => ("GetRestoreTestingSelection", two(plan, selection)),
        ["legal-holds"] => ("ListLegalHolds", None),
        ["legal-holds", hold] => ("GetLegalHold", one(hold)),
        ["tiering-configurations"] => ("ListTieringConfigurations", None),
        ["tiering-configurations", configuration] => ("GetTieringConfiguration", one(configuration)),
        _ => return None,
    })
}
