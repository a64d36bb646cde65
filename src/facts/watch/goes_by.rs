//! What a CloudWatch alarm goes by: which of AWS Backup's metrics, of which vault, and what sets it off.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::snapshot::{Alarm, Cause, Dimension, Observed, Reason};

pub const NAMESPACE: &str = "AWS/Backup";
pub const OF_VAULT: &str = "BackupVaultName";

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct Table {
    pub read_on: String,
    #[allow(dead_code)]
    source: String,
    pub metrics: Vec<String>,
    pub dimensions: Vec<String>,
}

// The table is part of the program and read by a test, so that it cannot be wrong at run time.
pub static TABLE: LazyLock<Table> = LazyLock::new(|| toml::from_str(include_str!("metrics.toml")).unwrap_or_default());

/// One metric with its dimensions; unknown where the alarm computes its value from several, or searches for them.
pub struct GoesBy {
    pub metric: Observed<String>,
    pub dimensions: Observed<Vec<Dimension>>,
}

/// What the alarm goes by; `None` where that is surely nothing of AWS Backup's.
pub fn goes_by(alarm: &Alarm) -> Option<GoesBy> {
    match &alarm.namespace {
        Observed::Known(space) if space == NAMESPACE => {
            Some(GoesBy { metric: alarm.metric_name.clone(), dimensions: alarm.dimensions.clone().absent_is(Vec::new()) })
        }
        Observed::Known(_) => None,
        Observed::Absent => computed(alarm),
        // It may be AWS Backup's.
        other => {
            let hidden = || other.clone().map(|_| Vec::new());
            Some(GoesBy { metric: other.clone(), dimensions: hidden() })
        }
    }
}

/// An alarm without a namespace has a list of queries.
fn computed(alarm: &Alarm) -> Option<GoesBy> {
    let queries = match &alarm.metrics {
        Observed::Known(queries) => queries,
        Observed::Absent => return Some(unknown(Cause::NotObserved, alarm, "has neither 'Namespace' nor 'Metrics' in the snapshot")),
        other => {
            return Some(GoesBy { metric: other.clone().map(|_| String::new()), dimensions: other.clone().map(|_| Vec::new()) });
        }
    };
    let of_backup = queries.iter().any(|query| {
        let searches = query.expression.known().is_some_and(|text| text.contains(NAMESPACE));
        searches || query.metric_stat.known().is_some_and(|stat| stat.metric.namespace.known().is_some_and(|space| space == NAMESPACE))
    });
    if !of_backup {
        return None;
    }
    match &queries[..] {
        // One metric that is not computed with is the same as a metric alarm's.
        [one] if one.account_id.is_absent() => match &one.metric_stat {
            Observed::Known(stat) if one.expression.is_absent() => {
                let dimensions = stat.metric.dimensions.clone().absent_is(Vec::new());
                Some(GoesBy { metric: Observed::Known(stat.metric.metric_name.clone()), dimensions })
            }
            _ => Some(unknown(Cause::Undetermined, alarm, "computes its value, which is not evaluated")),
        },
        _ => Some(unknown(
            Cause::Undetermined,
            alarm,
            "computes its value from several metrics, or from another account's, which is not evaluated",
        )),
    }
}

fn unknown(cause: Cause, alarm: &Alarm, what: &str) -> GoesBy {
    let reason = || Reason::new(cause, format!("alarm '{}' {what}", alarm.alarm_name));
    GoesBy { metric: Observed::unknown(reason()), dimensions: Observed::unknown(reason()) }
}

/// Which way a value must leave the threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Above,
    Below,
    /// Out of a band that CloudWatch learns.
    Band,
}

pub fn direction(alarm: &Alarm) -> Observed<Direction> {
    alarm.comparison_operator.clone().required("ComparisonOperator").map(|operator| match operator.as_str() {
        "GreaterThanThreshold" | "GreaterThanOrEqualToThreshold" => Direction::Above,
        "LessThanThreshold" | "LessThanOrEqualToThreshold" => Direction::Below,
        _ => Direction::Band,
    })
}

/// `missing`, `ignore`, `breaching` or `notBreaching`.
pub fn missing_data(alarm: &Alarm) -> Observed<String> {
    alarm.treat_missing_data.clone().absent_is("missing".to_owned())
}

/// Whether one job in one period is enough. A metric is not sent while it is zero, so that its least value is 1; an alarm that
/// takes missing data for a breach is in alarm whether there was a job or not.
pub fn set_off_by_one(alarm: &Alarm) -> Observed<bool> {
    let inclusive = alarm.comparison_operator.known().is_some_and(|operator| operator == "GreaterThanOrEqualToThreshold");
    direction(alarm).and_then(|direction| match direction {
        Direction::Below => Observed::Known(false),
        Direction::Band => Observed::unknown(Reason::new(
            Cause::Undetermined,
            format!("alarm '{}' goes by a band that CloudWatch learns", alarm.alarm_name),
        )),
        Direction::Above => {
            let periods = alarm.datapoints_to_alarm.clone();
            let periods = if periods.is_absent() { alarm.evaluation_periods.clone().required("EvaluationPeriods") } else { periods };
            let threshold = alarm.threshold.clone().required("Threshold");
            super::super::truth::every([
                missing_data(alarm).map(|treated| treated != "breaching"),
                threshold.map(|threshold| if inclusive { threshold <= 1.0 } else { threshold < 1.0 }),
                periods.map(|periods| periods <= 1),
            ])
        }
    })
}

/// Whether it is set off when there is no job at all: below 1, with missing data taken for a breach, or with an action for
/// missing data.
pub fn set_off_by_none(alarm: &Alarm) -> Observed<bool> {
    let inclusive = alarm.comparison_operator.known().is_some_and(|operator| operator == "LessThanOrEqualToThreshold");
    let threshold =
        || alarm.threshold.clone().required("Threshold").map(|threshold| if inclusive { threshold >= 0.0 } else { threshold > 0.0 });
    super::super::truth::every([
        direction(alarm).map(|direction| direction == Direction::Below),
        missing_data(alarm).map(|treated| treated == "breaching" || treated == "missing"),
        threshold(),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn alarm(comparison: &str, threshold: f64, missing: &str, more: serde_json::Value) -> Alarm {
        let mut alarm = json!({
            "AlarmName": "a", "ComparisonOperator": comparison, "Threshold": threshold, "EvaluationPeriods": 1, "TreatMissingData": missing,
        });
        alarm.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
        serde_json::from_value(alarm).unwrap()
    }

    #[test]
    fn the_table_can_be_read() {
        assert!(TABLE.metrics.len() == 20 && TABLE.dimensions.len() == 2 && TABLE.read_on.len() == 10);
    }

    #[test]
    fn one_failure_sets_off_an_alarm_whose_threshold_and_periods_let_it() {
        let set_off = |comparison: &str, threshold: f64, missing: &str, more| set_off_by_one(&alarm(comparison, threshold, missing, more));
        assert_eq!(set_off("GreaterThanThreshold", 0.0, "notBreaching", json!({})), Observed::Known(true));
        assert_eq!(set_off("GreaterThanThreshold", 1.0, "notBreaching", json!({})), Observed::Known(false));
        assert_eq!(set_off("GreaterThanOrEqualToThreshold", 1.0, "missing", json!({})), Observed::Known(true));
        assert_eq!(set_off("GreaterThanThreshold", 0.0, "breaching", json!({})), Observed::Known(false));
        assert_eq!(set_off("LessThanThreshold", 1.0, "breaching", json!({})), Observed::Known(false));
        assert_eq!(set_off("GreaterThanThreshold", 0.0, "missing", json!({"EvaluationPeriods": 3})), Observed::Known(false));
        assert_eq!(
            set_off("GreaterThanThreshold", 0.0, "missing", json!({"EvaluationPeriods": 3, "DatapointsToAlarm": 1})),
            Observed::Known(true)
        );
        assert!(set_off("GreaterThanUpperThreshold", 0.0, "missing", json!({})).is_unknown());
    }

    #[test]
    fn silence_sets_off_an_alarm_that_takes_missing_data_for_a_breach() {
        let set_off = |comparison: &str, threshold: f64, missing: &str| set_off_by_none(&alarm(comparison, threshold, missing, json!({})));
        assert_eq!(set_off("LessThanThreshold", 1.0, "breaching"), Observed::Known(true));
        assert_eq!(set_off("LessThanOrEqualToThreshold", 0.0, "breaching"), Observed::Known(true));
        assert_eq!(set_off("LessThanThreshold", 1.0, "notBreaching"), Observed::Known(false));
        assert_eq!(set_off("GreaterThanThreshold", 0.0, "breaching"), Observed::Known(false));
    }

    #[test]
    fn an_alarm_that_computes_its_value_is_undecided_and_one_on_something_else_is_none_of_ours() {
        let query = |namespace: &str| json!({"Id": "m", "MetricStat": {"Metric": {"Namespace": namespace, "MetricName": "NumberOfBackupJobsFailed"}}});
        let of = |metrics: serde_json::Value| goes_by(&alarm("GreaterThanThreshold", 0.0, "missing", json!({ "Metrics": metrics })));
        assert!(of(json!([query("AWS/EC2")])).is_none());
        assert_eq!(of(json!([query(NAMESPACE)])).unwrap().metric, Observed::Known("NumberOfBackupJobsFailed".to_owned()));
        assert!(of(json!([query(NAMESPACE), {"Id": "e", "Expression": "m * 2"}])).unwrap().metric.is_unknown());
        assert!(goes_by(&alarm("GreaterThanThreshold", 0.0, "missing", json!({}))).unwrap().metric.is_unknown());
    }
}
