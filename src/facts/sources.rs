//! Which calls to AWS the facts rest on: those that show that a subject exists, and those that bring each of its fields.
//! The table says which call would be missed; a test proves it by refusing each call in turn.

use std::collections::BTreeSet;

use super::subject::Kind;

/// A call as the API names it: `kms:DescribeKey`.
pub type Action = &'static str;

/// A field of a kind, with all below it, and the calls that bring it beside those of the fields above. The empty path is the
/// subject itself.
type Row = (Kind, &'static str, &'static [Action]);

const PLANS: [Action; 2] = ["backup:ListBackupPlans", "backup:GetBackupPlan"];
const SELECTIONS: [Action; 2] = ["backup:ListBackupSelections", "backup:GetBackupSelection"];
/// A vault is told by the list of its own Region, or looked up from another.
const DESTINATION: [Action; 2] = ["backup:ListBackupVaults", "backup:DescribeBackupVault"];
const POINTS: [Action; 2] = ["backup:ListBackupVaults", "backup:ListRecoveryPointsByBackupVault"];
const RESTORE_TESTS: [Action; 4] = [
    "backup:ListRestoreTestingPlans",
    "backup:GetRestoreTestingPlan",
    "backup:ListRestoreTestingSelections",
    "backup:GetRestoreTestingSelection",
];
/// Where recovery points of a resource are promised: by the plans that select it, else by those that made its points.
const PROMISED: [Action; 8] = [
    "backup:ListBackupPlans",
    "backup:GetBackupPlan",
    "backup:ListBackupSelections",
    "backup:GetBackupSelection",
    "backup:ListBackupVaults",
    "backup:ListRecoveryPointsByBackupVault",
    "backup:GetSupportedResourceTypes",
    "backup:DescribeRegionSettings",
];

/// What selections select.
const ASSIGNED: [Action; 5] = [
    "backup:ListBackupPlans",
    "backup:ListBackupSelections",
    "backup:GetBackupSelection",
    "backup:GetSupportedResourceTypes",
    "backup:DescribeRegionSettings",
];

/// Where each type's resources are listed, tagged or not.
const OWN_LISTS: [Action; 8] = [
    "dynamodb:ListTables",
    "ec2:DescribeInstances",
    "ec2:DescribeVolumes",
    "elasticfilesystem:DescribeFileSystems",
    "fsx:DescribeFileSystems",
    "rds:DescribeDBClusters",
    "rds:DescribeDBInstances",
    "s3:ListBuckets",
];

/// A policy that was not read may allow as well as deny.
const OF_ROLES: [Action; 6] =
    ["iam:GetRole", "iam:ListAttachedRolePolicies", "iam:GetPolicy", "iam:GetPolicyVersion", "iam:ListRolePolicies", "iam:GetRolePolicy"];
const TOPICS: [Action; 2] = ["sns:GetTopicAttributes", "sns:ListSubscriptionsByTopic"];
const EVENT_RULES: [Action; 2] = ["events:ListRules", "events:ListTargetsByRule"];
/// An alarm without dimensions watches a vault only where such a metric was listed.
const ALARMS: [Action; 2] = ["cloudwatch:DescribeAlarms", "cloudwatch:ListMetrics"];
const TRAILS: [Action; 3] = ["cloudtrail:DescribeTrails", "cloudtrail:GetEventSelectors", "cloudtrail:GetTrailStatus"];

const ROWS: &[Row] = &[
    (Kind::Account, "cross_account_copies", &PLANS),
    (Kind::Account, "cross_account_backup_enabled", &["backup:DescribeGlobalSettings"]),
    (Kind::Account, "dynamodb", &PLANS),
    (Kind::Account, "dynamodb", &SELECTIONS),
    (Kind::Account, "dynamodb", &["tag:GetResources", "backup:ListProtectedResources"]),
    (Kind::Account, "dynamodb", &["backup:ListBackupVaults", "backup:DescribeBackupVault", "kms:DescribeKey"]),
    (Kind::Account, "dynamodb", &["backup:GetSupportedResourceTypes"]),
    (Kind::Account, "dynamodb", &OWN_LISTS),
    (Kind::Account, "dynamodb.advanced_features", &["backup:DescribeRegionSettings"]),
    (Kind::Account, "dynamodb.needed_by", &["backup:DescribeRegionSettings"]),
    (Kind::Account, "dynamodb.region", &["backup:DescribeRegionSettings"]),
    (Kind::Account, "unlisted_resources", &["tag:GetResources", "backup:ListBackupJobs", "backup:ListCopyJobs"]),
    (Kind::Account, "trails.covered", &TRAILS),
    (Kind::Account, "trails.short", &TRAILS),
    (Kind::Vault, "", &["backup:ListBackupVaults"]),
    // ListBackupVaults may leave out these members of a vault that has them.
    (Kind::Vault, "state", &["backup:DescribeBackupVault"]),
    (Kind::Vault, "lock.mode", &["backup:DescribeBackupVault"]),
    (Kind::Vault, "lock.changeable_days", &["backup:DescribeBackupVault"]),
    (Kind::Vault, "lock.hours_until_immutable", &["backup:DescribeBackupVault"]),
    (Kind::Vault, "key.owner", &["backup:DescribeBackupVault", "kms:DescribeKey"]),
    (Kind::Vault, "key.state", &["kms:DescribeKey"]),
    (Kind::Vault, "key.deleted_in_days", &["kms:DescribeKey"]),
    (Kind::Vault, "key.deletion_denied", &["kms:DescribeKey", "kms:GetKeyPolicy"]),
    (Kind::Vault, "in_use", &PLANS),
    (Kind::Vault, "in_use", &["backup:ListRecoveryPointsByBackupVault"]),
    // Points from a vault that nobody looked at show that rules write here which nobody saw.
    (Kind::Vault, "used_by", &PLANS),
    (Kind::Vault, "used_by", &["backup:ListRecoveryPointsByBackupVault"]),
    (Kind::Vault, "replicas", &PLANS),
    (Kind::Vault, "replicas.key_identity", &DESTINATION),
    (Kind::Vault, "points", &["backup:ListRecoveryPointsByBackupVault"]),
    (Kind::Vault, "access", &["backup:GetBackupVaultAccessPolicy"]),
    (Kind::Vault, "watch.notifications", &["backup:GetBackupVaultNotifications"]),
    (Kind::Vault, "watch.notifications.obstacles", &TOPICS),
    // A topic may call its key by an alias.
    (Kind::Vault, "watch.notifications.obstacles", &["kms:DescribeKey", "kms:GetKeyPolicy", "kms:ListAliases"]),
    // Where the vault has no notifications, rules of EventBridge may tell.
    (Kind::Vault, "watch.told_by", &["backup:GetBackupVaultNotifications"]),
    (Kind::Vault, "watch.told_by", &EVENT_RULES),
    (Kind::Vault, "watch.told_by", &PLANS),
    (Kind::Vault, "watch.told_by", &["backup:ListRecoveryPointsByBackupVault"]),
    (Kind::Vault, "watch.in_copies", &PLANS),
    (Kind::Vault, "watch.in_copies", &["backup:ListRecoveryPointsByBackupVault"]),
    (Kind::Vault, "watch.takes_backups", &PLANS),
    (Kind::Vault, "watch.takes_backups", &["backup:ListRecoveryPointsByBackupVault"]),
    (Kind::Vault, "watch.endings.occurs", &PLANS),
    (Kind::Vault, "watch.endings.occurs", &["backup:ListRecoveryPointsByBackupVault"]),
    (Kind::Vault, "watch.endings.noticed", &ALARMS),
    (Kind::Vault, "watch.endings.noticed", &EVENT_RULES),
    (Kind::Vault, "watch.endings.noticed", &PLANS),
    (Kind::Vault, "watch.endings.noticed", &["backup:ListRecoveryPointsByBackupVault"]),
    (Kind::Vault, "watch.silence_noticed", &ALARMS),
    (Kind::Vault, "tags", &["backup:ListTags"]),
    (Kind::Plan, "", &["backup:ListBackupPlans"]),
    (Kind::Plan, "rules", &["backup:GetBackupPlan"]),
    (Kind::Plan, "collisions", &["backup:GetBackupPlan"]),
    (Kind::Plan, "objectives", &["backup:GetBackupPlan"]),
    (Kind::Plan, "objectives.by_type", &SELECTIONS),
    // What a selection reaches by tag, the inventory tells; of a cluster, AWS Backup's own list tells the type.
    (Kind::Plan, "objectives.by_type", &["tag:GetResources", "backup:ListProtectedResources"]),
    (Kind::Plan, "objectives.by_type", &["backup:GetSupportedResourceTypes", "backup:DescribeRegionSettings"]),
    (Kind::Plan, "objectives.by_type", &OWN_LISTS),
    (Kind::Plan, "objectives.typical_rpo_hours", &["backup:ListBackupJobs"]),
    (Kind::Plan, "objectives.copies.typical_copy_minutes", &["backup:ListCopyJobs"]),
    (Kind::Plan, "tags", &["backup:ListTags"]),
    (Kind::PlanRule, "", &PLANS),
    (Kind::PlanRule, "target_vault.exists", &["backup:ListBackupVaults"]),
    (Kind::PlanRule, "target_vault.state", &DESTINATION),
    (Kind::PlanRule, "target_vault.lock", &["backup:ListBackupVaults"]),
    (Kind::PlanRule, "target_vault.lock.mode", &["backup:DescribeBackupVault"]),
    (Kind::PlanRule, "target_vault.lock.changeable_days", &["backup:DescribeBackupVault"]),
    (Kind::PlanRule, "target_vault.lock.hours_until_immutable", &["backup:DescribeBackupVault"]),
    (Kind::PlanRule, "target_vault.key", &["backup:ListBackupVaults"]),
    (Kind::PlanRule, "target_vault.key.owner", &["backup:DescribeBackupVault", "kms:DescribeKey"]),
    (Kind::PlanRule, "target_vault.key.state", &["kms:DescribeKey"]),
    (Kind::PlanRule, "target_vault.key.deleted_in_days", &["kms:DescribeKey"]),
    (Kind::PlanRule, "target_vault.key.deletion_denied", &["kms:DescribeKey", "kms:GetKeyPolicy"]),
    (Kind::PlanRule, "copies.destination.exists", &DESTINATION),
    (Kind::PlanRule, "copies.destination.state", &DESTINATION),
    (Kind::PlanRule, "copies.destination.lock", &DESTINATION),
    (Kind::PlanRule, "copies.destination.key", &DESTINATION),
    (Kind::PlanRule, "copies.destination.key.owner", &["kms:DescribeKey"]),
    (Kind::PlanRule, "copies.destination.key.state", &["kms:DescribeKey"]),
    (Kind::PlanRule, "copies.destination.key.deleted_in_days", &["kms:DescribeKey"]),
    (Kind::PlanRule, "copies.destination.key.deletion_denied", &["kms:DescribeKey", "kms:GetKeyPolicy"]),
    (Kind::PlanRule, "selected_types", &SELECTIONS),
    // What a selection reaches by tag, the inventory tells; of a cluster, AWS Backup's own list tells the type.
    (Kind::PlanRule, "selected_types", &["tag:GetResources", "backup:ListProtectedResources"]),
    (Kind::PlanRule, "selected_types", &["backup:GetSupportedResourceTypes", "backup:DescribeRegionSettings"]),
    (Kind::PlanRule, "selected_types", &OWN_LISTS),
    (Kind::PlanRule, "selected_types.source_key_owners", &["backup:ListRecoveryPointsByBackupVault", "kms:DescribeKey"]),
    (Kind::Selection, "", &["backup:ListBackupPlans", "backup:ListBackupSelections"]),
    (Kind::Selection, "role_arn", &["backup:GetBackupSelection"]),
    (Kind::Selection, "resources", &["backup:GetBackupSelection"]),
    (Kind::Selection, "not_resources", &["backup:GetBackupSelection"]),
    (Kind::Selection, "tags", &["backup:GetBackupSelection"]),
    (Kind::Selection, "conditions", &["backup:GetBackupSelection"]),
    (Kind::Selection, "selected", &["backup:GetBackupSelection", "tag:GetResources", "backup:GetSupportedResourceTypes"]),
    (Kind::Selection, "selected", &["backup:DescribeRegionSettings"]),
    (Kind::Selection, "selected", &OWN_LISTS),
    (Kind::Selection, "reach", &["backup:GetBackupSelection"]),
    (Kind::Selection, "reach.selects_something", &["tag:GetResources", "backup:GetSupportedResourceTypes"]),
    (Kind::Selection, "reach.selects_something", &["backup:DescribeRegionSettings"]),
    (Kind::Selection, "reach.selects_something", &OWN_LISTS),
    (Kind::Selection, "reach.unsupported", &["backup:GetSupportedResourceTypes"]),
    (Kind::Selection, "reach.dangling", &["tag:GetResources"]),
    (Kind::Selection, "reach.dangling", &OWN_LISTS),
    (Kind::Selection, "reach.opted_out", &["backup:DescribeRegionSettings", "backup:GetSupportedResourceTypes", "tag:GetResources"]),
    (Kind::Selection, "reach.opted_out", &OWN_LISTS),
    (Kind::Resource, "", &["tag:GetResources"]),
    (Kind::Resource, "type", &["backup:ListProtectedResources"]),
    (Kind::Resource, "selected_by", &["backup:ListBackupPlans"]),
    (Kind::Resource, "selected_by", &SELECTIONS),
    (Kind::Resource, "selected_by", &["backup:GetSupportedResourceTypes", "backup:DescribeRegionSettings"]),
    // Where the list of a type is not whole, of what is not in it no more than the type is known.
    (Kind::Resource, "name", &OWN_LISTS),
    (Kind::Resource, "arn", &OWN_LISTS),
    (Kind::Resource, "tags", &OWN_LISTS),
    (Kind::Resource, "selected_by", &OWN_LISTS),
    (Kind::Resource, "coverage", &OWN_LISTS),
    (Kind::Resource, "recovery", &OWN_LISTS),
    (Kind::Resource, "jobs", &OWN_LISTS),
    (Kind::Resource, "point_in_time", &OWN_LISTS),
    (Kind::Resource, "coverage.is_selected", &ASSIGNED),
    (Kind::Resource, "coverage.closest", &ASSIGNED),
    (Kind::Resource, "coverage.near_misses", &ASSIGNED),
    (Kind::Resource, "coverage.duplicates", &ASSIGNED),
    (Kind::Resource, "coverage.duplicates", &["backup:GetBackupPlan"]),
    (Kind::Resource, "recovery.promised", &PROMISED),
    (Kind::Resource, "recovery.here.points", &POINTS),
    (Kind::Resource, "recovery.here.points", &["kms:DescribeKey"]),
    (Kind::Resource, "recovery.elsewhere", &PROMISED),
    (Kind::Resource, "recovery.elsewhere.points", &["kms:DescribeKey"]),
    (Kind::Resource, "recovery.recoverable", &POINTS),
    (Kind::Resource, "recovery.recoverable", &["kms:DescribeKey"]),
    (Kind::Resource, "recovery.recoverable.in_another_region", &PROMISED),
    (Kind::Resource, "recovery.recoverable.in_another_account", &PROMISED),
    (Kind::Resource, "recovery.tests.is_covered", &PROMISED),
    (Kind::Resource, "recovery.tests.is_covered", &RESTORE_TESTS),
    (Kind::Resource, "recovery.tests.covered_by", &PROMISED),
    (Kind::Resource, "recovery.tests.covered_by", &RESTORE_TESTS),
    (Kind::Resource, "recovery.restores", &PROMISED),
    // What is no longer listed may have been a test.
    (Kind::Resource, "recovery.restores", &RESTORE_TESTS),
    (Kind::Resource, "recovery.restores", &["backup:ListRestoreJobs"]),
    (Kind::Resource, "recovery.proof_level", &PROMISED),
    (Kind::Resource, "recovery.proof_level", &RESTORE_TESTS),
    (Kind::Resource, "recovery.proof_level", &["backup:ListRestoreJobs", "kms:DescribeKey"]),
    (Kind::Resource, "jobs.any", &["backup:ListBackupJobs", "backup:ListCopyJobs"]),
    (Kind::Resource, "jobs.failures", &["backup:ListBackupJobs", "backup:ListCopyJobs"]),
    (Kind::Resource, "jobs.hours_since_success", &["backup:ListBackupJobs"]),
    (Kind::Resource, "jobs.due", &PLANS),
    (Kind::Resource, "jobs.due", &SELECTIONS),
    (Kind::Resource, "jobs.due", &["backup:GetSupportedResourceTypes", "backup:DescribeRegionSettings"]),
    // What was due before a plan was last changed was due by another version of it.
    (Kind::Resource, "jobs.due", &["backup:ListBackupPlanVersions"]),
    (Kind::Resource, "jobs.due.ran", &["backup:ListBackupJobs"]),
    (Kind::Resource, "point_in_time.enabled", &["dynamodb:ListTables", "dynamodb:DescribeContinuousBackups"]),
    (Kind::Resource, "point_in_time.days", &["dynamodb:ListTables", "dynamodb:DescribeContinuousBackups"]),
    (Kind::RecoveryPoint, "source.resource_exists", &["tag:GetResources", "dynamodb:ListTables"]),
    (Kind::RecoveryPoint, "source.resource_exists", &["rds:DescribeDBInstances", "rds:DescribeDBClusters", "s3:ListBuckets"]),
    (Kind::RecoveryPoint, "source.resource_exists", &["ec2:DescribeInstances", "ec2:DescribeVolumes", "fsx:DescribeFileSystems"]),
    (Kind::RecoveryPoint, "source.resource_exists", &["elasticfilesystem:DescribeFileSystems"]),
    (Kind::RecoveryPoint, "source.plan_exists", &["backup:ListBackupPlans"]),
    (Kind::RecoveryPoint, "", &["backup:ListBackupVaults", "backup:ListRecoveryPointsByBackupVault"]),
    (Kind::RecoveryPoint, "vault.lock_mode", &["backup:DescribeBackupVault"]),
    (Kind::RecoveryPoint, "made_by", &PLANS),
    (Kind::RecoveryPoint, "copies", &PLANS),
    // Where the destination was not seen, the copy jobs tell; that there is no such vault tells as well.
    (Kind::RecoveryPoint, "copies.arrived", &["backup:DescribeBackupVault", "backup:ListCopyJobs"]),
    (Kind::RecoveryPoint, "copies.hours", &["backup:DescribeBackupVault", "backup:ListCopyJobs"]),
    (Kind::Key, "", &["backup:ListBackupVaults", "backup:ListRecoveryPointsByBackupVault"]),
    (Kind::Key, "owner", &["kms:DescribeKey"]),
    (Kind::Key, "state", &["kms:DescribeKey"]),
    (Kind::Key, "can_rotate", &["kms:DescribeKey"]),
    (Kind::Key, "rotation_enabled", &["kms:DescribeKey", "kms:GetKeyRotationStatus"]),
    (Kind::Key, "deletion_denied", &["kms:DescribeKey", "kms:GetKeyPolicy"]),
    (Kind::Key, "policy_lets_backup_use_it", &["kms:DescribeKey", "kms:GetKeyPolicy"]),
    // A policy may name the roles that the plans use, and not the account.
    (Kind::Key, "policy_lets_backup_use_it", &PLANS),
    (Kind::Key, "policy_lets_backup_use_it", &SELECTIONS),
    (Kind::Key, "backup_roles", &PLANS),
    (Kind::Key, "backup_roles", &SELECTIONS),
    (Kind::Role, "", &["backup:ListBackupPlans"]),
    (Kind::Role, "", &SELECTIONS),
    (Kind::Role, "exists", &["iam:GetRole"]),
    (Kind::Role, "trust", &["iam:GetRole"]),
    (Kind::Role, "abilities", &["tag:GetResources", "backup:ListProtectedResources"]),
    (Kind::Role, "abilities", &["backup:GetSupportedResourceTypes", "backup:DescribeRegionSettings"]),
    (Kind::Role, "abilities", &OWN_LISTS),
    (Kind::Role, "abilities.lacks_for_backup", &OF_ROLES),
    (Kind::Role, "abilities.lacks_for_restore", &OF_ROLES),
    (Kind::Alarm, "", &["cloudwatch:DescribeAlarms"]),
    // Its dimension names a vault, and its actions name topics.
    (Kind::Alarm, "faults", &["backup:ListBackupVaults"]),
    (Kind::Alarm, "faults", &TOPICS),
];

/// The calls that a judgement of a kind's subjects by these fields rests on, the subjects' existence included.
pub fn sources(kind: Kind, reads: &[String]) -> BTreeSet<Action> {
    let concerns = |field: &str| field.is_empty() || reads.iter().any(|read| is_at_or_below(read, field) || is_at_or_below(field, read));
    ROWS.iter().filter(|(of, field, _)| *of == kind && concerns(field)).flat_map(|(_, _, actions)| *actions).copied().collect()
}

/// The calls that bring the tags by which a subject is put into an environment: its own, its plan's or its vault's. They
/// matter to rules with parameters, and only where environments are told by tags.
pub fn sources_of_environment(kind: Kind) -> BTreeSet<Action> {
    match kind {
        Kind::Vault | Kind::Plan | Kind::PlanRule | Kind::Selection | Kind::RecoveryPoint => BTreeSet::from(["backup:ListTags"]),
        // They come with the list of resources.
        Kind::Resource => BTreeSet::from(["tag:GetResources"]),
        // The tags of keys and roles are not collected, and those of accounts and alarms tell no environment.
        Kind::Account | Kind::Key | Kind::Role | Kind::Alarm => BTreeSet::new(),
    }
}

fn is_at_or_below(path: &str, above: &str) -> bool {
    path.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
