//! The rows of what stands around backups: keys, topics, alarms, roles, tables, trails.

use super::{Form::*, Kind, Row, row};

pub const KINDS: &[Kind] = &[
    Kind { name: "aws_kms_key", collection: "Keys", rows: KEY },
    Kind { name: "aws_kms_replica_key", collection: "Keys", rows: REPLICA_KEY },
    Kind { name: "aws_kms_alias", collection: "Keys", rows: ALIAS },
    Kind { name: "aws_sns_topic", collection: "Topics", rows: TOPIC },
    Kind { name: "aws_sns_topic_policy", collection: "Topics", rows: TOPIC_POLICY },
    Kind { name: "aws_sns_topic_subscription", collection: "Topics", rows: SUBSCRIPTION },
    Kind { name: "aws_cloudwatch_metric_alarm", collection: "Alarms", rows: ALARM },
    Kind { name: "aws_cloudwatch_composite_alarm", collection: "CompositeAlarms", rows: COMPOSITE_ALARM },
    Kind { name: "aws_cloudwatch_event_rule", collection: "EventRules", rows: EVENT_RULE },
    Kind { name: "aws_cloudwatch_event_target", collection: "EventRules", rows: EVENT_TARGET },
    Kind { name: "aws_iam_role", collection: "Roles", rows: ROLE },
    Kind { name: "aws_iam_role_policy", collection: "Roles", rows: INLINE_POLICY },
    Kind { name: "aws_iam_role_policy_attachment", collection: "Roles", rows: ATTACHMENT },
    Kind { name: "aws_iam_policy", collection: "", rows: POLICY },
    Kind { name: "aws_dynamodb_table", collection: "Tables", rows: TABLE },
    Kind { name: "aws_ecs_cluster", collection: "Resources", rows: CLUSTER },
    Kind { name: "aws_cloudtrail", collection: "Trails", rows: TRAIL },
];

const KEY: &[Row] = &[
    row("arn", "Arn", Apart),
    row("key_id", "KeyId", Apart),
    row("id", "KeyId", Apart),
    row("is_enabled", "KeyState", Apart),
    row("customer_master_key_spec", "KeySpec", Text).or_text("SYMMETRIC_DEFAULT"),
    row("custom_key_store_id", "Origin", Apart),
    row("xks_key_id", "Origin", Apart),
    row("multi_region", "MultiRegion", Flag).or_flag(false),
    row("deletion_window_in_days", "PendingDeletionWindowInDays", Number),
    row("enable_key_rotation", "KeyRotationEnabled", Flag).or_flag(false),
    row("policy", "Policy", Document),
];

const REPLICA_KEY: &[Row] = &[
    row("arn", "Arn", Apart),
    row("key_id", "KeyId", Apart),
    row("id", "KeyId", Apart),
    row("primary_key_arn", "", Apart),
    row("enabled", "KeyState", Apart),
    row("deletion_window_in_days", "PendingDeletionWindowInDays", Number),
    row("policy", "Policy", Document),
];

const ALIAS: &[Row] = &[
    row("name", "Aliases.AliasName", Text).needed(),
    row("name", "Aliases", Apart),
    row("arn", "", Apart),
    row("target_key_id", "", Apart),
];

const TOPIC: &[Row] = &[
    row("arn", "TopicArn", Apart),
    row("id", "TopicArn", Apart),
    row("name", "TopicArn", Apart),
    row("policy", "Policy", Document),
    row("kms_master_key_id", "KmsMasterKeyId", Key),
    row("fifo_topic", "FifoTopic", FlagText),
];

const TOPIC_POLICY: &[Row] = &[row("arn", "TopicArn", Apart), row("policy", "Policy", Document)];

const SUBSCRIPTION: &[Row] = &[
    row("topic_arn", "TopicArn", Apart),
    row("arn", "Subscriptions.SubscriptionArn", Apart),
    row("pending_confirmation", "Subscriptions.SubscriptionArn", Apart),
    row("protocol", "Subscriptions.Protocol", Text),
    row("endpoint", "Subscriptions.Endpoint", Apart),
];

const ALARM: &[Row] = &[
    row("alarm_name", "AlarmName", Apart),
    row("id", "AlarmName", Apart),
    row("arn", "AlarmArn", Apart),
    row("actions_enabled", "ActionsEnabled", Flag).or_flag(true),
    row("alarm_actions", "AlarmActions", Texts),
    row("insufficient_data_actions", "InsufficientDataActions", Texts),
    row("namespace", "Namespace", Text),
    row("metric_name", "MetricName", Text),
    row("dimensions", "Dimensions", Dimensions),
    row("treat_missing_data", "TreatMissingData", Text).or_text("missing"),
    row("comparison_operator", "ComparisonOperator", Text),
    row("threshold", "Threshold", Decimal),
    row("threshold_metric_id", "", Apart),
    row("statistic", "Statistic", Text),
    row("period", "Period", Nonzero),
    row("evaluation_periods", "EvaluationPeriods", Nonzero),
    row("datapoints_to_alarm", "DatapointsToAlarm", Nonzero),
    row("metric_query", "Metrics", Blocks),
    row("metric_query.id", "Metrics.Id", Text).needed(),
    row("metric_query.expression", "Metrics.Expression", Text),
    row("metric_query.account_id", "Metrics.AccountId", Text),
    row("metric_query.metric", "Metrics.MetricStat", Block),
    row("metric_query.metric.metric_name", "Metrics.MetricStat.Metric.MetricName", Text).needed(),
    row("metric_query.metric.namespace", "Metrics.MetricStat.Metric.Namespace", Text),
    row("metric_query.metric.dimensions", "Metrics.MetricStat.Metric.Dimensions", Dimensions),
    row("metric_query.metric.period", "Metrics.MetricStat.Period", Nonzero),
    row("metric_query.metric.stat", "Metrics.MetricStat.Stat", Text),
];

const COMPOSITE_ALARM: &[Row] = &[
    row("alarm_name", "AlarmName", Apart),
    row("id", "AlarmName", Apart),
    row("arn", "AlarmArn", Apart),
    row("alarm_rule", "AlarmRule", Text),
    row("actions_enabled", "ActionsEnabled", Flag).or_flag(true),
    row("alarm_actions", "AlarmActions", Texts),
    row("actions_suppressor", "ActionsSuppressor", Apart),
];

const EVENT_RULE: &[Row] = &[
    row("name", "Name", Apart),
    row("id", "Name", Apart),
    row("arn", "Arn", Apart),
    row("event_pattern", "EventPattern", Text),
    row("state", "State", Apart),
    row("is_enabled", "State", Apart),
    row("event_bus_name", "EventBusName", Text).or_text("default"),
];

const EVENT_TARGET: &[Row] = &[
    row("rule", "Name", Apart),
    row("event_bus_name", "EventBusName", Apart),
    row("target_id", "Targets.Id", Text),
    row("arn", "Targets.Arn", Text).needed(),
    row("arn", "Targets", Apart),
];

const ROLE: &[Row] = &[
    row("arn", "Arn", Apart),
    row("name", "RoleName", Apart),
    row("id", "RoleName", Apart),
    row("path", "", Apart),
    row("assume_role_policy", "AssumeRolePolicyDocument", Document),
    row("permissions_boundary", "PermissionsBoundary.PermissionsBoundaryArn", Apart),
    row("managed_policy_arns", "AttachedPolicies", Apart),
    row("inline_policy", "InlinePolicies", Blocks),
    row("inline_policy.name", "InlinePolicies.PolicyName", Text).needed(),
    row("inline_policy.policy", "InlinePolicies.PolicyDocument", Document),
];

const INLINE_POLICY: &[Row] = &[
    row("role", "RoleName", Apart),
    row("name", "InlinePolicies.PolicyName", Text).needed(),
    row("policy", "InlinePolicies.PolicyDocument", Document),
];

const ATTACHMENT: &[Row] = &[
    row("role", "RoleName", Apart),
    row("policy_arn", "AttachedPolicies.PolicyArn", Text).needed(),
    row("policy_arn", "AttachedPolicies", Apart),
];

const POLICY: &[Row] = &[
    row("arn", "PolicyArn", Apart),
    row("id", "PolicyArn", Apart),
    row("name", "PolicyName", Apart),
    row("path", "", Apart),
    row("policy", "PolicyDocument", Document),
];

const TABLE: &[Row] = &[
    row("arn", "TableArn", Apart),
    row("name", "TableName", Apart),
    row("id", "TableName", Apart),
    row("point_in_time_recovery", "ContinuousBackupsDescription.PointInTimeRecoveryDescription", Apart),
    row("point_in_time_recovery.enabled", "ContinuousBackupsDescription.PointInTimeRecoveryDescription.PointInTimeRecoveryStatus", Apart),
    row(
        "point_in_time_recovery.recovery_period_in_days",
        "ContinuousBackupsDescription.PointInTimeRecoveryDescription.RecoveryPeriodInDays",
        Nonzero,
    ),
    row("tags", "Tags", Apart),
    row("tags_all", "Tags", Tags),
];

const CLUSTER: &[Row] = &[
    row("arn", "ResourceARN", Apart),
    row("name", "ResourceARN", Apart),
    row("id", "ResourceARN", Apart),
    row("tags", "Tags", Apart),
    row("tags_all", "Tags", Tags),
];

const TRAIL: &[Row] = &[
    row("arn", "TrailARN", Apart),
    row("id", "TrailARN", Apart),
    row("name", "Name", Apart),
    row("is_multi_region_trail", "IsMultiRegionTrail", Flag).or_flag(false),
    row("is_organization_trail", "IsOrganizationTrail", Flag).or_flag(false),
    row("include_global_service_events", "IncludeGlobalServiceEvents", Flag).or_flag(true),
    row("enable_log_file_validation", "LogFileValidationEnabled", Flag).or_flag(false),
    row("s3_bucket_name", "S3BucketName", Text),
    row("kms_key_id", "KmsKeyId", Key),
    row("cloud_watch_logs_group_arn", "CloudWatchLogsLogGroupArn", Text),
    row("enable_logging", "Status.IsLogging", Flag).or_flag(true),
    row("event_selector", "EventSelectors", Blocks),
    row("event_selector.read_write_type", "EventSelectors.ReadWriteType", Text).or_text("All"),
    row("event_selector.include_management_events", "EventSelectors.IncludeManagementEvents", Flag).or_flag(true),
    row("event_selector.exclude_management_event_sources", "EventSelectors.ExcludeManagementEventSources", Texts),
    row("advanced_event_selector", "AdvancedEventSelectors", Blocks),
    row("advanced_event_selector.name", "AdvancedEventSelectors.Name", Text),
    row("advanced_event_selector.field_selector", "AdvancedEventSelectors.FieldSelectors", Blocks),
    row("advanced_event_selector.field_selector.field", "AdvancedEventSelectors.FieldSelectors.Field", Text).needed(),
    row("advanced_event_selector.field_selector.equals", "AdvancedEventSelectors.FieldSelectors.Equals", Texts),
    row("advanced_event_selector.field_selector.starts_with", "AdvancedEventSelectors.FieldSelectors.StartsWith", Texts),
    row("advanced_event_selector.field_selector.ends_with", "AdvancedEventSelectors.FieldSelectors.EndsWith", Texts),
    row("advanced_event_selector.field_selector.not_equals", "AdvancedEventSelectors.FieldSelectors.NotEquals", Texts),
    row("advanced_event_selector.field_selector.not_starts_with", "AdvancedEventSelectors.FieldSelectors.NotStartsWith", Texts),
    row("advanced_event_selector.field_selector.not_ends_with", "AdvancedEventSelectors.FieldSelectors.NotEndsWith", Texts),
];
