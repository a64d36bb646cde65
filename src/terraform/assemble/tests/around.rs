//! Keys, topics, alarms, rules, tables, trails.

use serde_json::json;

use super::*;

#[test]
fn a_key_without_a_policy_has_the_one_that_kms_gives() {
    let key = |attributes: Json| unit(vec![declared("aws_kms_key.k", attributes)]).1.keys.remove(0);
    let plain = key(json!({"is_enabled": false}));
    assert_eq!(plain.key_state, Observed::Known("Disabled".to_owned()));
    assert_eq!((&plain.key_rotation_enabled, &plain.multi_region), (&Observed::Known(false), &Observed::Known(false)));
    assert_eq!((plain.key_spec.known().unwrap().as_str(), plain.origin.known().unwrap().as_str()), ("SYMMETRIC_DEFAULT", "AWS_KMS"));
    assert!(plain.policy.known().unwrap().0.to_string().contains("arn:aws:iam::111122223333:root"));
    assert!(key(json!({"policy": {"$": "later"}})).policy.is_unknown());
    assert!(key(json!({"policy": "no policy"})).policy.is_unknown());
    assert!(key(json!({"policy": "{\"$unknown\": []}"})).policy.is_unknown());
    assert_eq!(key(json!({"custom_key_store_id": "cks-1"})).origin, Observed::Known("AWS_CLOUDHSM".to_owned()));
    assert!(key(json!({"is_enabled": {"$": "later"}})).key_state.is_unknown());
}

#[test]
fn a_topics_policy_is_that_of_the_resource_beside_it_else_its_own_else_that_of_sns() {
    let own = json!({"name": "t", "policy": "{\"Id\": \"own\"}"});
    let beside = || declared("aws_sns_topic_policy.p", json!({"arn": {"$": "aws_sns_topic.t#id"}, "policy": "{\"Id\": \"beside\"}"}));
    let policy = |declared: Vec<Declared>, options: &Options| unit_of(declared, options).1.topics.remove(0).policy;
    let id = |policy: Observed<snapshot::PolicyDocument>| policy.known().map(|policy| policy.0["Id"].clone());
    let topic = |attributes: &Json| declared("aws_sns_topic.t", attributes.clone());
    assert_eq!(id(policy(vec![topic(&own), beside()], &whole())), Some(json!("beside")));
    assert_eq!(id(policy(vec![topic(&own)], &whole())), Some(json!("own")));
    assert_eq!(causes(&policy(vec![topic(&json!({"name": "t"}))], &Options::default())), [Cause::NotDeclared]);
    let of_sns = policy(vec![topic(&json!({"name": "t"}))], &whole());
    assert_eq!(of_sns.known().unwrap().0["Statement"][0]["Condition"]["StringEquals"]["AWS:SourceOwner"], json!(ACCOUNT));
}

#[test]
fn who_has_to_confirm_a_subscription_may_not_have() {
    let one = |attributes: Json| {
        let mut all = json!({"topic_arn": {"$": "aws_sns_topic.t#arn"}});
        all.as_object_mut().unwrap().extend(attributes.as_object().unwrap().clone());
        let topic = declared("aws_sns_topic.t", json!({"name": "t"}));
        let mut unit = unit(vec![topic, declared("aws_sns_topic_subscription.s", all)]).1;
        match unit.topics.remove(0).subscriptions {
            Observed::Known(mut subscriptions) => subscriptions.remove(0),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(causes(&one(json!({"protocol": "email"})).subscription_arn), [Cause::NotDeclarable]);
    assert!(one(json!({"protocol": "sqs", "endpoint": "arn:aws:sqs:us-east-1:1:q"})).subscription_arn.known().unwrap().starts_with("arn:"));
    assert_eq!(
        one(json!({"protocol": "email", "pending_confirmation": true})).subscription_arn,
        Observed::Known("PendingConfirmation".to_owned())
    );
    let confirmed = one(json!({"protocol": "email", "pending_confirmation": false, "arn": "arn:aws:sns:us-east-1:1:t:id"}));
    assert_eq!(confirmed.subscription_arn, Observed::Known("arn:aws:sns:us-east-1:1:t:id".to_owned()));
}

#[test]
fn of_endpoints_only_what_is_nobodys_secret_is_kept() {
    let endpoint = |protocol: &str, endpoint: &str| {
        let topic = declared("aws_sns_topic.t", json!({"name": "t"}));
        let subscription = json!({"topic_arn": {"$": "aws_sns_topic.t#arn"}, "protocol": protocol, "endpoint": endpoint});
        let (json, unit) = unit(vec![topic, declared("aws_sns_topic_subscription.s", subscription)]);
        assert!(!json.to_string().contains("secret"));
        unit.topics[0].subscriptions.known().unwrap()[0].endpoint.clone()
    };
    assert_eq!(
        endpoint("https", "https://u:secret@hooks.example.com/secret?t=secret"),
        Observed::Known("https://hooks.example.com".to_owned())
    );
    assert!(endpoint("email", "secret@example.com").is_unknown());
    assert_eq!(endpoint("lambda", "arn:aws:lambda:x"), Observed::Known("arn:aws:lambda:x".to_owned()));
}

#[test]
fn an_alarm_has_the_members_that_cloudwatch_tells() {
    let (_, unit) = unit(everything());
    let alarm = &unit.alarms[0];
    assert_eq!((&alarm.period, &alarm.threshold), (&Observed::Known(300), &Observed::Known(0.0)));
    assert_eq!(alarm.treat_missing_data, Observed::Known("missing".to_owned()));
    assert_eq!(alarm.actions_enabled, Observed::Known(true));
    assert_eq!(alarm.dimensions.known().unwrap()[0].value, "main");
    assert_eq!(alarm.alarm_actions, Observed::Known(vec!["arn:aws:sns:us-east-1:111122223333:told".to_owned()]));
    assert_eq!(unit.composite_alarms[0].actions_suppressor, Observed::Known("quiet".to_owned()));
}

#[test]
fn an_alarm_on_a_band_has_no_threshold_and_one_on_queries_has_their_metrics() {
    let query = json!([
        {"id": "m", "metric": [{"metric_name": "N", "namespace": "AWS/Backup", "period": 60, "stat": "Sum", "dimensions": {"b": "2", "a": "1"}}]},
        {"id": "band", "expression": "ANOMALY_DETECTION_BAND(m)"},
    ]);
    let alarm = json!({"alarm_name": "a", "threshold_metric_id": "band", "metric_query": query});
    let (_, unit) = unit(vec![declared("aws_cloudwatch_metric_alarm.a", alarm)]);
    assert!(unit.alarms[0].threshold.is_absent());
    let queries = unit.alarms[0].metrics.known().unwrap();
    let stat = queries[1].metric_stat.known().unwrap();
    assert_eq!((stat.metric.metric_name.as_str(), &stat.period), ("N", &Observed::Known(60)));
    assert_eq!(stat.metric.dimensions.known().unwrap()[0].name, "a");
    assert!(queries[0].metric_stat.is_absent());
}

#[test]
fn only_rules_of_the_default_bus_that_go_by_events_can_tell_of_backups() {
    let rules = |attributes: Json| {
        let mut all = json!({"name": "r", "event_pattern": "{}"});
        all.as_object_mut().unwrap().extend(attributes.as_object().unwrap().clone());
        let vault = declared("aws_backup_vault.v", json!({"name": "v"}));
        unit(vec![vault, declared("aws_cloudwatch_event_rule.r", all)]).1.event_rules
    };
    assert_eq!(rules(json!({}))[0].arn, Observed::Known("arn:aws:events:us-east-1:111122223333:rule/r".to_owned()));
    assert_eq!(rules(json!({}))[0].state, Observed::Known("ENABLED".to_owned()));
    assert_eq!(rules(json!({"is_enabled": false}))[0].state, Observed::Known("DISABLED".to_owned()));
    assert_eq!(rules(json!({"state": "DISABLED"}))[0].state, Observed::Known("DISABLED".to_owned()));
    assert!(rules(json!({"event_bus_name": "own"})).is_empty());
    assert!(rules(json!({"event_pattern": null, "schedule_expression": "rate(1 day)"})).is_empty());
    assert!(rules(json!({"event_bus_name": {"$": "later"}}))[0].event_pattern.is_unknown());
}

#[test]
fn a_target_whose_arn_is_not_known_leaves_the_targets_unknown() {
    let rule = declared("aws_cloudwatch_event_rule.r", json!({"name": "r", "event_pattern": "{}"}));
    let target = declared("aws_cloudwatch_event_target.t", json!({"rule": "r", "arn": {"$": "aws_lambda_function.f#arn"}}));
    let (_, unit) = unit(vec![rule, target]);
    assert_eq!(causes(&unit.event_rules[0].targets), [Cause::KnownAfterApply]);
}

#[test]
fn point_in_time_recovery_is_off_unless_it_is_switched_on() {
    let status = |block: Json| {
        let (_, unit) = unit(vec![declared("aws_dynamodb_table.t", json!({"name": "t", "point_in_time_recovery": block}))]);
        assert_eq!(unit.resources[0].resource_arn, unit.tables[0].table_arn);
        let described = unit.tables[0].continuous_backups_description.clone();
        described.and_then(|described| described.point_in_time_recovery_description).and_then(|one| one.point_in_time_recovery_status)
    };
    assert_eq!(status(json!([{"enabled": true}])), Observed::Known("ENABLED".to_owned()));
    assert_eq!(status(json!([{"enabled": false}])), Observed::Known("DISABLED".to_owned()));
    assert_eq!(status(Json::Null), Observed::Known("DISABLED".to_owned()));
    assert!(status(json!([{"enabled": {"$": "later"}}])).is_unknown());
    assert!(status(json!({"$": "later"})).is_unknown());
}

#[test]
fn a_trail_without_selectors_takes_what_cloudtrail_takes_by_itself() {
    let trail = |attributes: Json| unit(vec![declared("aws_cloudtrail.t", attributes)]).1.trails.remove(0);
    let plain = trail(json!({"name": "t", "enable_logging": false}));
    assert_eq!(plain.has_custom_event_selectors, Observed::Known(false));
    assert_eq!(plain.status.known().unwrap().is_logging, Observed::Known(false));
    assert_eq!(plain.include_global_service_events, Observed::Known(true));
    let selecting = trail(json!({"name": "t", "event_selector": [{}]}));
    assert_eq!(selecting.has_custom_event_selectors, Observed::Known(true));
    assert_eq!(selecting.event_selectors.known().unwrap()[0].include_management_events, Observed::Known(true));
    assert!(trail(json!({"name": "t", "event_selector": {"$": "later"}})).has_custom_event_selectors.is_unknown());
}

#[test]
fn tests_of_restores_have_the_values_that_aws_takes_by_itself() {
    let (_, unit) = unit(everything());
    let plan = &unit.restore_testing_plans[0];
    assert_eq!(plan.start_window_hours, Observed::Known(24));
    assert_eq!(plan.recovery_point_selection.known().unwrap().selection_window_days, Observed::Known(30));
    assert!(plan.last_execution_time.is_unknown());
    assert_eq!(plan.selections.known().unwrap()[0].restore_testing_selection_name, "tables");
}
