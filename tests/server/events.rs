//! EventBridge: the rules of the default bus and their targets.

use serde_json::Value;

use super::answer::Said;
use super::backup::find;
use super::paging::Items;
use super::route::Route;
use super::world::{on_the_wire, seen};

pub fn say<'a>(unit: &'a Value, route: &'a Route) -> Said<'a> {
    let denied = || Said::denied(&route.action());
    let not_found = |what: String| Said::Error(400, "ResourceNotFoundException", what);
    match route.input["EventBusName"].as_str() {
        Some(bus) if bus != "default" => return not_found(format!("Event bus {bus} does not exist.")),
        _ => {}
    }
    match route.operation.as_str() {
        "ListRules" => match seen(unit, "EventRules") {
            Some(rules) => Said::List {
                items: Items::Of(rules, Box::new(|rule| on_the_wire(rule, &["Targets"]))),
                member: "Rules",
                token: "NextToken",
            },
            None => denied(),
        },
        "ListTargetsByRule" => match find(unit, "EventRules", "Name", route.subject()) {
            Some(rule) => match seen(rule, "Targets") {
                Some(targets) => {
                    let items = Items::Of(targets, Box::new(|target| on_the_wire(target, &[])));
                    Said::List { items, member: "Targets", token: "NextToken" }
                }
                None => denied(),
            },
            None => not_found(format!("Rule {} does not exist on EventBus default.", route.subject())),
        },
        _ => Said::unknown(route),
    }
}
