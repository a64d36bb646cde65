//! Who is told of what happens: SNS topics, CloudWatch alarms and metrics, EventBridge rules.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::wrapped::wrapped;
use super::{Observed, PolicyDocument};

/// GetTopicAttributes, either as the map itself or under `Attributes` as the AWS CLI prints it. All its values are texts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", remote = "Self")]
pub struct Topic {
    pub topic_arn: String,
    #[serde(default = "Observed::<PolicyDocument>::not_observed")]
    pub policy: Observed<PolicyDocument>,
    #[serde(default)]
    pub kms_master_key_id: Observed<String>,
    /// `"true"` or `"false"`. Absent: it is not.
    #[serde(default)]
    pub fifo_topic: Observed<String>,
    /// ListSubscriptionsByTopic. Left out: nobody looked.
    #[serde(default = "Observed::<Vec<Subscription>>::not_observed")]
    pub subscriptions: Observed<Vec<Subscription>>,
}

wrapped!(Topic, "Attributes");

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Subscription {
    /// `PendingConfirmation` and `Deleted` stand in place of an ARN.
    #[serde(default)]
    pub subscription_arn: Observed<String>,
    #[serde(default)]
    pub owner: Observed<String>,
    /// `email`, `https`, `sqs`, `lambda`, ...
    #[serde(default)]
    pub protocol: Observed<String>,
    #[serde(default)]
    pub endpoint: Observed<String>,
}

/// DescribeAlarms' MetricAlarms.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Alarm {
    pub alarm_name: String,
    #[serde(default)]
    pub alarm_arn: Observed<String>,
    #[serde(default)]
    pub actions_enabled: Observed<bool>,
    #[serde(default)]
    pub alarm_actions: Observed<Vec<String>>,
    #[serde(default)]
    pub namespace: Observed<String>,
    #[serde(default)]
    pub metric_name: Observed<String>,
    #[serde(default)]
    pub dimensions: Observed<Vec<Dimension>>,
    /// `missing`, `ignore`, `breaching` or `notBreaching`. Absent: `missing`.
    #[serde(default)]
    pub treat_missing_data: Observed<String>,
    /// Taken where its metric has no data.
    #[serde(default)]
    pub insufficient_data_actions: Observed<Vec<String>>,
    /// `GreaterThanThreshold`, `LessThanThreshold`, ...
    #[serde(default)]
    pub comparison_operator: Observed<String>,
    /// Absent: the alarm goes by a band that CloudWatch learns.
    #[serde(default)]
    pub threshold: Observed<f64>,
    /// `Sum`, `Average`, `Minimum`, `Maximum` or `SampleCount`. Absent: a percentile, or a computed value.
    #[serde(default)]
    pub statistic: Observed<String>,
    /// Seconds.
    #[serde(default)]
    pub period: Observed<i64>,
    #[serde(default)]
    pub evaluation_periods: Observed<i64>,
    /// How many of those periods must breach. Absent: all.
    #[serde(default)]
    pub datapoints_to_alarm: Observed<i64>,
    /// What a computed value is made of. Absent: the alarm goes by the one metric above.
    #[serde(default)]
    pub metrics: Observed<Vec<MetricQuery>>,
}

/// One metric, or an expression over others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct MetricQuery {
    pub id: String,
    #[serde(default)]
    pub expression: Observed<String>,
    #[serde(default)]
    pub metric_stat: Observed<MetricStat>,
    /// Whose metric it is. Absent: the alarm's own account.
    #[serde(default)]
    pub account_id: Observed<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct MetricStat {
    pub metric: Metric,
    /// Seconds.
    #[serde(default)]
    pub period: Observed<i64>,
    #[serde(default)]
    pub stat: Observed<String>,
}

/// DescribeAlarms' CompositeAlarms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct CompositeAlarm {
    pub alarm_name: String,
    #[serde(default)]
    pub alarm_arn: Observed<String>,
    /// Which alarms it goes by: `ALARM("one") OR ALARM("two")`.
    #[serde(default)]
    pub alarm_rule: Observed<String>,
    #[serde(default)]
    pub actions_enabled: Observed<bool>,
    #[serde(default)]
    pub alarm_actions: Observed<Vec<String>>,
    /// The alarm that silences its actions. Absent: none does.
    #[serde(default)]
    pub actions_suppressor: Observed<String>,
}

/// ListMetrics: a metric that had data in the last two weeks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Metric {
    #[serde(default)]
    pub namespace: Observed<String>,
    pub metric_name: String,
    #[serde(default)]
    pub dimensions: Observed<Vec<Dimension>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Dimension {
    pub name: String,
    pub value: String,
}

/// ListRules: an EventBridge rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct EventRule {
    pub name: String,
    #[serde(default)]
    pub arn: Observed<String>,
    /// Text that holds JSON.
    #[serde(default)]
    pub event_pattern: Observed<String>,
    /// `ENABLED`, `DISABLED` or `ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS`.
    #[serde(default)]
    pub state: Observed<String>,
    #[serde(default)]
    pub event_bus_name: Observed<String>,
    /// ListTargetsByRule. Left out: nobody looked.
    #[serde(default = "Observed::<Vec<EventTarget>>::not_observed")]
    pub targets: Observed<Vec<EventTarget>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct EventTarget {
    #[serde(default)]
    pub id: Observed<String>,
    pub arn: String,
}
