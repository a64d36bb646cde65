//! The rows of AWS Backup's own resource types.

use super::{Form::*, Kind, Row, row};

pub const KINDS: &[Kind] = &[
    Kind { name: "aws_backup_vault", collection: "BackupVaults", rows: VAULT },
    Kind { name: "aws_backup_logically_air_gapped_vault", collection: "BackupVaults", rows: AIR_GAPPED_VAULT },
    Kind { name: "aws_backup_vault_lock_configuration", collection: "BackupVaults", rows: LOCK },
    Kind { name: "aws_backup_vault_policy", collection: "BackupVaults", rows: VAULT_POLICY },
    Kind { name: "aws_backup_vault_notifications", collection: "BackupVaults", rows: NOTIFICATIONS },
    Kind { name: "aws_backup_plan", collection: "BackupPlans", rows: PLAN },
    Kind { name: "aws_backup_selection", collection: "BackupPlans", rows: SELECTION },
    Kind { name: "aws_backup_region_settings", collection: "RegionSettings", rows: REGION_SETTINGS },
    Kind { name: "aws_backup_global_settings", collection: "GlobalSettings", rows: GLOBAL_SETTINGS },
    Kind { name: "aws_backup_framework", collection: "Frameworks", rows: FRAMEWORK },
    Kind { name: "aws_backup_report_plan", collection: "ReportPlans", rows: REPORT_PLAN },
    Kind { name: "aws_backup_restore_testing_plan", collection: "RestoreTestingPlans", rows: RESTORE_TESTING_PLAN },
    Kind { name: "aws_backup_restore_testing_selection", collection: "RestoreTestingPlans", rows: RESTORE_TESTING_SELECTION },
];

// Of `tags` and `tags_all`, the second has the provider's default tags as well; the first is where a line can be changed.

const VAULT: &[Row] = &[
    row("name", "BackupVaultName", Apart),
    row("id", "BackupVaultName", Apart),
    row("arn", "BackupVaultArn", Apart),
    row("kms_key_arn", "EncryptionKeyArn", Key),
    row("tags", "Tags", Apart),
    row("tags_all", "Tags", Tags),
];

const AIR_GAPPED_VAULT: &[Row] = &[
    row("name", "BackupVaultName", Apart),
    row("id", "BackupVaultName", Apart),
    row("arn", "BackupVaultArn", Apart),
    row("encryption_key_arn", "EncryptionKeyArn", Key),
    row("min_retention_days", "MinRetentionDays", Nonzero),
    row("max_retention_days", "MaxRetentionDays", Nonzero),
    row("tags", "Tags", Apart),
    row("tags_all", "Tags", Tags),
];

const LOCK: &[Row] = &[
    row("backup_vault_name", "BackupVaultName", Apart),
    row("backup_vault_arn", "BackupVaultArn", Apart),
    row("min_retention_days", "MinRetentionDays", Nonzero),
    row("max_retention_days", "MaxRetentionDays", Nonzero),
    row("changeable_for_days", "ChangeableForDays", Nonzero),
    row("changeable_for_days", "LockDate", Apart),
];

const VAULT_POLICY: &[Row] = &[
    row("backup_vault_name", "BackupVaultName", Apart),
    row("backup_vault_arn", "BackupVaultArn", Apart),
    row("policy", "AccessPolicy", Document),
];

const NOTIFICATIONS: &[Row] = &[
    row("backup_vault_name", "BackupVaultName", Apart),
    row("backup_vault_arn", "BackupVaultArn", Apart),
    row("sns_topic_arn", "Notifications.SNSTopicArn", Text),
    row("backup_vault_events", "Notifications.BackupVaultEvents", Texts),
];

const PLAN: &[Row] = &[
    row("id", "BackupPlanId", Apart),
    row("arn", "BackupPlanArn", Apart),
    row("name", "BackupPlanName", Text),
    row("rule", "Rules", Blocks),
    row("rule.rule_name", "Rules.RuleName", Text).needed(),
    row("rule.target_vault_name", "Rules.TargetBackupVaultName", Text),
    row("rule.target_logically_air_gapped_backup_vault_arn", "Rules.TargetLogicallyAirGappedBackupVaultArn", Text),
    row("rule.schedule", "Rules.ScheduleExpression", Text),
    row("rule.schedule_expression_timezone", "Rules.ScheduleExpressionTimezone", Text).or_text("Etc/UTC"),
    row("rule.start_window", "Rules.StartWindowMinutes", Number).or_number(60),
    row("rule.completion_window", "Rules.CompletionWindowMinutes", Number).or_number(180),
    row("rule.enable_continuous_backup", "Rules.EnableContinuousBackup", Flag).or_flag(false),
    row("rule.lifecycle", "Rules.Lifecycle", Block),
    row("rule.lifecycle.delete_after", "Rules.Lifecycle.DeleteAfterDays", Nonzero),
    row("rule.lifecycle.cold_storage_after", "Rules.Lifecycle.MoveToColdStorageAfterDays", Nonzero),
    row("rule.lifecycle.opt_in_to_archive_for_supported_resources", "Rules.Lifecycle.OptInToArchiveForSupportedResources", Flag)
        .or_flag(false),
    row("rule.copy_action", "Rules.CopyActions", Blocks),
    row("rule.copy_action.destination_vault_arn", "Rules.CopyActions.DestinationBackupVaultArn", Text),
    row("rule.copy_action.lifecycle", "Rules.CopyActions.Lifecycle", Block),
    row("rule.copy_action.lifecycle.delete_after", "Rules.CopyActions.Lifecycle.DeleteAfterDays", Nonzero),
    row("rule.copy_action.lifecycle.cold_storage_after", "Rules.CopyActions.Lifecycle.MoveToColdStorageAfterDays", Nonzero),
    row(
        "rule.copy_action.lifecycle.opt_in_to_archive_for_supported_resources",
        "Rules.CopyActions.Lifecycle.OptInToArchiveForSupportedResources",
        Flag,
    )
    .or_flag(false),
    row("tags", "Tags", Apart),
    row("tags_all", "Tags", Tags),
];

const SELECTION: &[Row] = &[
    row("plan_id", "BackupPlanId", Apart),
    row("id", "SelectionId", Apart),
    row("name", "SelectionName", Text),
    row("iam_role_arn", "IamRoleArn", Text),
    row("resources", "Resources", Texts),
    row("not_resources", "NotResources", Texts),
    row("selection_tag", "ListOfTags", Blocks),
    row("selection_tag.type", "ListOfTags.ConditionType", Text),
    row("selection_tag.key", "ListOfTags.ConditionKey", Text).needed(),
    row("selection_tag.value", "ListOfTags.ConditionValue", Text).needed(),
    row("condition", "Conditions", Joined),
    row("condition.string_equals", "Conditions.StringEquals", Blocks),
    row("condition.string_equals.key", "Conditions.StringEquals.ConditionKey", Text),
    row("condition.string_equals.value", "Conditions.StringEquals.ConditionValue", Text),
    row("condition.string_not_equals", "Conditions.StringNotEquals", Blocks),
    row("condition.string_not_equals.key", "Conditions.StringNotEquals.ConditionKey", Text),
    row("condition.string_not_equals.value", "Conditions.StringNotEquals.ConditionValue", Text),
    row("condition.string_like", "Conditions.StringLike", Blocks),
    row("condition.string_like.key", "Conditions.StringLike.ConditionKey", Text),
    row("condition.string_like.value", "Conditions.StringLike.ConditionValue", Text),
    row("condition.string_not_like", "Conditions.StringNotLike", Blocks),
    row("condition.string_not_like.key", "Conditions.StringNotLike.ConditionKey", Text),
    row("condition.string_not_like.value", "Conditions.StringNotLike.ConditionValue", Text),
];

const REGION_SETTINGS: &[Row] = &[
    row("resource_type_opt_in_preference", "ResourceTypeOptInPreference", Flags),
    row("resource_type_management_preference", "ResourceTypeManagementPreference", Flags),
];

const GLOBAL_SETTINGS: &[Row] = &[row("global_settings", "GlobalSettings", TextMap)];

const FRAMEWORK: &[Row] = &[
    row("name", "FrameworkName", Apart),
    row("id", "FrameworkName", Apart),
    row("arn", "FrameworkArn", Apart),
    row("control", "FrameworkControls", Blocks),
    row("control.name", "FrameworkControls.ControlName", Text).needed(),
    row("control.input_parameter", "FrameworkControls.ControlInputParameters", Blocks),
    row("control.input_parameter.name", "FrameworkControls.ControlInputParameters.ParameterName", Text),
    row("control.input_parameter.value", "FrameworkControls.ControlInputParameters.ParameterValue", Text),
];

const REPORT_PLAN: &[Row] = &[
    row("name", "ReportPlanName", Apart),
    row("id", "ReportPlanName", Apart),
    row("arn", "ReportPlanArn", Apart),
    row("report_setting", "ReportSetting", Block),
    row("report_setting.report_template", "ReportSetting.ReportTemplate", Text),
    row("report_setting.framework_arns", "ReportSetting.FrameworkArns", Texts),
    row("report_setting.accounts", "ReportSetting.Accounts", Texts),
    row("report_setting.regions", "ReportSetting.Regions", Texts),
    row("report_delivery_channel", "ReportDeliveryChannel", Block),
    row("report_delivery_channel.s3_bucket_name", "ReportDeliveryChannel.S3BucketName", Text),
];

const RESTORE_TESTING_PLAN: &[Row] = &[
    row("name", "RestoreTestingPlanName", Apart),
    row("arn", "RestoreTestingPlanArn", Apart),
    row("schedule_expression", "ScheduleExpression", Text),
    row("schedule_expression_timezone", "ScheduleExpressionTimezone", Text),
    row("start_window_hours", "StartWindowHours", Number).or_number(24),
    row("recovery_point_selection", "RecoveryPointSelection", Block),
    row("recovery_point_selection.algorithm", "RecoveryPointSelection.Algorithm", Text),
    row("recovery_point_selection.include_vaults", "RecoveryPointSelection.IncludeVaults", Texts),
    row("recovery_point_selection.exclude_vaults", "RecoveryPointSelection.ExcludeVaults", Texts),
    row("recovery_point_selection.recovery_point_types", "RecoveryPointSelection.RecoveryPointTypes", Texts),
    row("recovery_point_selection.selection_window_days", "RecoveryPointSelection.SelectionWindowDays", Number).or_number(30),
];

// What its `restore_metadata_overrides` hold may be secret.
const RESTORE_TESTING_SELECTION: &[Row] = &[
    row("restore_testing_plan_name", "RestoreTestingPlanName", Apart),
    row("name", "RestoreTestingSelectionName", Text).needed(),
    row("iam_role_arn", "IamRoleArn", Text),
    row("protected_resource_type", "ProtectedResourceType", Text),
    row("validation_window_hours", "ValidationWindowHours", Number),
    row("protected_resource_arns", "ProtectedResourceArns", Texts),
    row("protected_resource_conditions", "ProtectedResourceConditions", Block),
    row("protected_resource_conditions.string_equals", "ProtectedResourceConditions.StringEquals", Blocks),
    row("protected_resource_conditions.string_equals.key", "ProtectedResourceConditions.StringEquals.Key", Text),
    row("protected_resource_conditions.string_equals.value", "ProtectedResourceConditions.StringEquals.Value", Text),
    row("protected_resource_conditions.string_not_equals", "ProtectedResourceConditions.StringNotEquals", Blocks),
    row("protected_resource_conditions.string_not_equals.key", "ProtectedResourceConditions.StringNotEquals.Key", Text),
    row("protected_resource_conditions.string_not_equals.value", "ProtectedResourceConditions.StringNotEquals.Value", Text),
];
