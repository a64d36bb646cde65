//! CloudTrail: trails, whether they log, and what. A trail of another Region is asked about by its ARN.

use serde_json::{Map, Value, json};

use super::answer::Said;
use super::route::Route;
use super::world::{Member, World, list, member, on_the_wire, seen, text};

const SELECTORS: [&str; 2] = ["EventSelectors", "AdvancedEventSelectors"];
const OF_A_TRAIL: [&str; 3] = ["Status", "EventSelectors", "AdvancedEventSelectors"];

pub fn say<'a>(world: &'a World, unit: &'a Value, route: &'a Route) -> Said<'a> {
    let denied = || Said::denied(&route.action());
    if route.operation == "DescribeTrails" {
        let Some(trails) = seen(unit, "Trails") else { return denied() };
        let names: Vec<&str> = list(&route.input, "trailNameList").iter().filter_map(Value::as_str).collect();
        let with_shadows = route.input["includeShadowTrails"].as_bool().unwrap_or(true);
        let is_wanted = |trail: &Value| {
            (names.is_empty() || names.iter().any(|name| is_it(trail, name))) && (with_shadows || text(trail, "HomeRegion") == route.region)
        };
        let trails = trails.into_iter().filter(|trail| is_wanted(trail));
        return Said::Object(json!({ "trailList": trails.map(|trail| on_the_wire(trail, &OF_A_TRAIL)).collect::<Vec<_>>() }));
    }
    let of_other_regions = world.units_of(&route.account).flat_map(|unit| list(unit, "Trails"));
    let trail = list(unit, "Trails").iter().chain(of_other_regions).find(|trail| is_it(trail, route.subject()));
    let absent = || Said::Error(400, "TrailNotFoundException", format!("Unknown trail: {}", route.subject()));
    let Some(trail) = trail else { return absent() };
    match route.operation.as_str() {
        "GetTrailStatus" => match member(trail, "Status") {
            Member::Known(status) => Said::Object(on_the_wire(status, &[])),
            Member::None => absent(),
            Member::Hidden => denied(),
        },
        "GetEventSelectors" => {
            if SELECTORS.iter().all(|name| matches!(member(trail, name), Member::Hidden)) {
                return denied();
            }
            // AWS sends the one or the other.
            let known = SELECTORS.iter().filter(|name| matches!(member(trail, name), Member::Known(_)));
            let mut body: Map<String, Value> = known.map(|name| ((*name).to_owned(), trail[*name].clone())).collect();
            body.insert("TrailARN".to_owned(), trail["TrailARN"].clone());
            Said::Object(body.into())
        }
        _ => Said::unknown(route),
    }
}

fn is_it(trail: &Value, name: &str) -> bool {
    text(trail, "TrailARN") == name || text(trail, "Name") == name
}
