//! What tells and writes down: topics, alarms, rules of EventBridge, trails.

use serde_json::{Value as Json, json};

use super::convert::{Members, told};
use super::objects::{Making, undeclarable};
use crate::snapshot::{Cause, Observed, Reason};
use crate::terraform::mapping::Form;

pub fn topic(making: &Making) -> Members {
    let mut members = Members::from_iter([("TopicArn".to_owned(), making.identity.arn.as_str().into())]);
    members.extend(making.rows());
    // Without one of its own, the resource beside it tells.
    if members.get("Policy").is_some_and(Json::is_null) {
        members.remove("Policy");
    }
    members
}

pub fn alarm(making: &Making) -> Members {
    let mut members = named_alarm(making);
    // The provider sends a threshold of 0 where the alarm names no band.
    let band = making.reader.one("threshold_metric_id", Form::Text, making.attributes());
    match band {
        Observed::Absent if members.get("Threshold").is_some_and(Json::is_null) => _ = members.insert("Threshold".to_owned(), 0.0.into()),
        Observed::Absent => {}
        Observed::Known(_) => _ = members.insert("Threshold".to_owned(), Json::Null),
        other => _ = members.insert("Threshold".to_owned(), told(other)),
    }
    members
}

pub fn composite_alarm(making: &Making) -> Members {
    let mut members = named_alarm(making);
    let blocks = making.reader.elements(making.thing.attribute("actions_suppressor")).absent_is(Vec::new());
    let suppressor = blocks.and_then(|blocks| match blocks.first() {
        None => Observed::Absent,
        Some(block) => making.reader.attributes_of(block).and_then(|attributes| making.reader.one("alarm", Form::Text, &attributes)),
    });
    members.insert("ActionsSuppressor".to_owned(), told(suppressor));
    members
}

fn named_alarm(making: &Making) -> Members {
    let mut members = Members::from_iter([
        ("AlarmName".to_owned(), making.identity.name.as_str().into()),
        ("AlarmArn".to_owned(), making.identity.arn.as_str().into()),
    ]);
    members.extend(making.rows());
    members
}

/// `None`: AWS Backup's events do not reach it, because it listens to another bus or to the clock.
pub fn event_rule(making: &Making) -> Option<Members> {
    let mut members = Members::from_iter([
        ("Name".to_owned(), making.identity.name.as_str().into()),
        ("Arn".to_owned(), making.identity.arn.as_str().into()),
    ]);
    members.extend(making.rows());
    if members.get("EventPattern").is_none_or(Json::is_null) {
        return None;
    }
    match members.get("EventBusName").cloned() {
        Some(bus) if is_default_bus(&bus) => {}
        Some(Json::String(_)) => return None,
        // It may be another bus, to which no event comes that the pattern asks for.
        Some(other) => _ = members.insert("EventPattern".to_owned(), other),
        None => {}
    }
    let state = making.reader.one("state", Form::Text, making.attributes());
    let switch = || making.flag("is_enabled", true).map(|on| Json::from(if on { "ENABLED" } else { "DISABLED" }));
    let state = if state.is_absent() { switch() } else { state };
    members.insert("State".to_owned(), told(state));
    Some(members)
}

/// The one on which AWS's services tell what happens. Null: no bus is named.
pub fn is_default_bus(bus: &Json) -> bool {
    bus.is_null() || bus.as_str().is_some_and(|bus| bus == "default" || bus.ends_with(":event-bus/default"))
}

pub fn trail(making: &Making) -> Members {
    let mut members = Members::from_iter([
        ("TrailARN".to_owned(), making.identity.arn.as_str().into()),
        ("Name".to_owned(), making.identity.name.as_str().into()),
        ("HomeRegion".to_owned(), making.thing.region.as_str().into()),
    ]);
    members.extend(making.rows());
    let selectors: Vec<&Json> = ["EventSelectors", "AdvancedEventSelectors"].into_iter().filter_map(|name| members.get(name)).collect();
    let has_selectors = match selectors.iter().find(|value| !value.is_null()) {
        None => false.into(),
        Some(Json::Array(_)) => true.into(),
        Some(unknown) => (*unknown).clone(),
    };
    members.insert("HasCustomEventSelectors".to_owned(), has_selectors);
    if let Some(Json::Object(status)) = members.get_mut("Status") {
        undeclarable(status, &["LatestDeliveryTime", "LatestDeliveryError"]);
    }
    members
}

/// What a subscription tells of who listens; the rest of a webhook's address is often its password, and a person's address is nobody's
/// business.
pub fn subscription(making: &Making) -> Result<Json, Vec<Reason>> {
    let mut members = making.reader.object("Subscriptions", making.attributes())?;
    let protocol = members.get("Protocol").and_then(Json::as_str).unwrap_or_default().to_owned();
    let endpoint = making.reader.one("endpoint", Form::Text, making.attributes());
    members.insert("Endpoint".to_owned(), told(endpoint.and_then(|endpoint| shown(&protocol, endpoint.as_str().unwrap_or_default()))));
    members.insert("SubscriptionArn".to_owned(), confirmed(making, &protocol));
    undeclarable(&mut members, &["Owner"]);
    Ok(members.into())
}

/// An ARN stands for one that is confirmed. People and webhooks confirm by themselves, which nobody can declare.
fn confirmed(making: &Making, protocol: &str) -> Json {
    let own = || making.identity.arn.as_str().into();
    let pending = making.reader.one("pending_confirmation", Form::Flag, making.attributes());
    match pending {
        Observed::Known(Json::Bool(true)) => "PendingConfirmation".into(),
        Observed::Known(_) => own(),
        _ if matches!(protocol, "sqs" | "lambda" | "firehose") => own(),
        _ => {
            let mut member = Members::new();
            undeclarable(&mut member, &["SubscriptionArn"]);
            member.remove("SubscriptionArn").unwrap_or_default()
        }
    }
}

fn shown(protocol: &str, endpoint: &str) -> Observed<Json> {
    if endpoint.starts_with("arn:") {
        return Observed::Known(endpoint.into());
    }
    if !matches!(protocol, "http" | "https") {
        return Observed::unknown(Reason::new(Cause::NotEvaluated, "the addresses of people are not kept"));
    }
    let (scheme, rest) = endpoint.split_once("://").unwrap_or((protocol, endpoint));
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    Observed::Known(format!("{scheme}://{}", authority.rsplit('@').next().unwrap_or_default()).into())
}

/// The policy that SNS gives a topic which comes without one: the topic's own account may use it (SNS: Using identity-based policies).
pub fn topic_policy(arn: &str, account: &str) -> Json {
    const ACTIONS: [&str; 8] = [
        "SNS:GetTopicAttributes",
        "SNS:SetTopicAttributes",
        "SNS:AddPermission",
        "SNS:RemovePermission",
        "SNS:DeleteTopic",
        "SNS:Subscribe",
        "SNS:ListSubscriptionsByTopic",
        "SNS:Publish",
    ];
    let statement = json!({
        "Effect": "Allow", "Principal": {"AWS": "*"}, "Action": ACTIONS, "Resource": arn,
        "Condition": {"StringEquals": {"AWS:SourceOwner": account}},
    });
    json!({"Version": "2008-10-17", "Statement": [statement]})
}
