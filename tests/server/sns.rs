//! SNS: topics, each in its own Region, whichever of the account's units names it.

use serde_json::{Map, Value, json};

use super::answer::Said;
use super::paging::Items;
use super::route::Route;
use super::world::{Member, World, arn, document, list, member, on_the_wire, seen, text};

fn topic<'a>(world: &'a World, route: &'a Route) -> Option<&'a Value> {
    let mut topics = world.units_of(&route.account).flat_map(|unit| list(unit, "Topics"));
    topics.find(|topic| text(topic, "TopicArn") == route.subject() && arn(route.subject(), 3) == Some(&route.region))
}

/// Topics of a Region that has no unit are served all the same.
pub fn serves(world: &World, route: &Route) -> bool {
    topic(world, route).is_some()
}

pub fn say<'a>(world: &'a World, unit: &'a Value, route: &'a Route) -> Said<'a> {
    let denied = || Said::denied(&format!("SNS:{}", route.operation));
    let Some(topic) = topic(world, route) else {
        return match member(unit, "Topics") {
            Member::Hidden => denied(),
            _ => Said::Error(404, "NotFound", "Topic does not exist".to_owned()),
        };
    };
    match route.operation.as_str() {
        "GetTopicAttributes" => {
            let members = topic.as_object().into_iter().flatten();
            let sent = members.filter(|(name, value)| *name != "Subscriptions" && !name.starts_with('$') && !value.is_null());
            let attributes: Map<String, Value> = sent.map(|(name, value)| (name.clone(), document(value).into())).collect();
            // A topic of which only the ARN is known is one whose attributes nobody may read.
            if attributes.len() < 2 { denied() } else { Said::Object(json!({ "Attributes": attributes })) }
        }
        "ListSubscriptionsByTopic" => match seen(topic, "Subscriptions") {
            Some(subscriptions) => {
                let items = Items::Of(subscriptions, Box::new(|subscription| on_the_wire(subscription, &[])));
                Said::List { items, member: "Subscriptions", token: "NextToken" }
            }
            None => denied(),
        },
        _ => Said::unknown(route),
    }
}
