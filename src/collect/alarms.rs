//! CloudWatch's alarms, those on metrics and those on other alarms: DescribeAlarms, which returns two lists on a page.

use aws_sdk_cloudwatch::types::AlarmType::{CompositeAlarm, MetricAlarm};
use serde_json::{Map, Value};

use super::call::{Found, Page};
use super::fault::Fault;
use super::ledger::Question;
use super::post::Post;

/// Both lists of a page become this one: an alarm's name is used once, whatever its kind.
const PAGE: Page = Page { items: "Alarms", identity: "AlarmName", token: "NextToken" };
const LISTS: [&str; 2] = ["MetricAlarms", "CompositeAlarms"];
/// The most that DescribeAlarms takes.
const PAGE_SIZE: i32 = 100;

#[derive(Debug, Default)]
pub struct Alarms {
    pub metric: Found,
    pub composite: Found,
}

pub async fn observe(post: &Post) -> Alarms {
    let client = post.session.cloudwatch(&post.region);
    let listing = post
        .list_with(
            Question::new("cloudwatch", "DescribeAlarms"),
            PAGE,
            |token| {
                let request = client.describe_alarms().alarm_types(MetricAlarm).alarm_types(CompositeAlarm);
                request.max_records(PAGE_SIZE).set_next_token(token).send()
            },
            join,
        )
        .await;
    let whole = listing.is_whole();
    // Only a composite alarm goes by a rule.
    let (composite, metric): (Vec<_>, Vec<_>) = listing.items.into_iter().partition(|alarm| alarm.contains_key("AlarmRule"));
    let found = |items: Vec<Map<String, Value>>| Found { items: items.into_iter().map(Value::Object).collect(), whole };
    Alarms { metric: found(metric), composite: found(composite) }
}

fn join(page: &mut Map<String, Value>) -> Result<(), Fault> {
    if !LISTS.iter().any(|list| page.contains_key(*list)) {
        return Err(Fault::new("the answer holds neither 'MetricAlarms' nor 'CompositeAlarms'"));
    }
    let mut alarms = Vec::new();
    for list in LISTS {
        match page.remove(list) {
            Some(Value::Array(items)) => alarms.extend(items),
            None | Some(Value::Null) => {}
            Some(_) => return Err(Fault::new(format!("'{list}' is not a list"))),
        }
    }
    page.insert(PAGE.items.to_owned(), Value::Array(alarms));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_page_without_either_list_is_none() {
        let joined = |page: Value| {
            let mut page = page.as_object().cloned().unwrap_or_default();
            join(&mut page).map(|()| page["Alarms"].clone()).ok()
        };
        assert_eq!(joined(json!({"MetricAlarms": [1], "CompositeAlarms": [2]})), Some(json!([1, 2])));
        assert_eq!(joined(json!({"CompositeAlarms": [2]})), Some(json!([2])));
        assert_eq!(joined(json!({"MetricAlarms": "x"})), None);
        assert_eq!(joined(json!({})), None);
    }
}
