//! CloudWatch: alarms and metrics.

use serde_json::{Value, json};

use super::answer::Said;
use super::paging::Items;
use super::route::Route;
use super::world::{list, on_the_wire, seen, text};

/// The only member of a composite alarm that is on each of them and on no other alarm.
const COMPOSITE: &str = "AlarmRule";

pub fn say<'a>(unit: &'a Value, route: &'a Route) -> Said<'a> {
    match route.operation.as_str() {
        "DescribeAlarms" => alarms(unit, route),
        "ListMetrics" => match seen(unit, "Metrics") {
            Some(mut metrics) => {
                let namespace = route.input["Namespace"].as_str();
                metrics.retain(|metric| namespace.is_none_or(|wanted| text(metric, "Namespace") == wanted));
                Said::List { items: Items::Of(metrics, Box::new(|metric| on_the_wire(metric, &[]))), member: "Metrics", token: "NextToken" }
            }
            None => Said::denied("cloudwatch:ListMetrics"),
        },
        _ => Said::unknown(route),
    }
}

/// Both kinds as one list, because a page is cut through both. Who does not ask for composite alarms gets none of them. It is
/// one call, so that it is refused only where the world shows neither.
fn alarms<'a>(unit: &'a Value, route: &Route) -> Said<'a> {
    let types: Vec<&str> = list(&route.input, "AlarmTypes").iter().filter_map(Value::as_str).collect();
    let wanted = |kind: &str| if types.is_empty() { kind == "MetricAlarm" } else { types.contains(&kind) };
    let kinds = [("MetricAlarm", "Alarms"), ("CompositeAlarm", "CompositeAlarms")];
    let shown: Vec<_> = kinds.iter().filter(|(kind, _)| wanted(kind)).filter_map(|(_, collection)| seen(unit, collection)).collect();
    if shown.is_empty() {
        return Said::denied("cloudwatch:DescribeAlarms");
    }
    let alarms = shown.into_iter().flatten().collect();
    Said::List { items: Items::Of(alarms, Box::new(|alarm| on_the_wire(alarm, &[]))), member: "MetricAlarms", token: "NextToken" }
}

/// A page of alarms as DescribeAlarms holds it: both kinds, each in its own list.
pub fn sort(body: &mut Value, page: Value) {
    let Value::Array(page) = page else { return };
    let (composite, metric): (Vec<Value>, Vec<Value>) = page.into_iter().partition(|alarm| alarm.get(COMPOSITE).is_some());
    body["MetricAlarms"] = json!(metric);
    body["CompositeAlarms"] = json!(composite);
}
