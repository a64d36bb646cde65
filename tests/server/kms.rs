//! KMS: keys, each in its own Region, whichever of the account's units names it.

use serde_json::{Value, json};

use super::answer::Said;
use super::paging::Items;
use super::route::Route;
use super::world::{Member, World, arn, list, member, on_the_wire, seen, text};

/// Members of a snapshot's key that are not KeyMetadata.
const NOT_METADATA: [&str; 8] =
    ["KeyRotationEnabled", "RotationPeriodInDays", "NextRotationDate", "OnDemandRotationStartDate", "Policy", "Aliases", "Grants", "Tags"];
/// The answer of GetKeyRotationStatus.
const ROTATION: [&str; 4] = ["KeyRotationEnabled", "RotationPeriodInDays", "NextRotationDate", "OnDemandRotationStartDate"];

fn key<'a>(world: &'a World, route: &'a Route) -> Option<&'a Value> {
    let id = route.subject();
    let keys = world.units_of(&route.account).flat_map(|unit| list(unit, "Keys"));
    keys.filter(|key| arn(text(key, "Arn"), 3) == Some(&route.region)).find(|key| {
        let aliases = list(key, "Aliases").iter().any(|alias| text(alias, "AliasArn") == id || text(alias, "AliasName") == id);
        text(key, "Arn") == id || text(key, "KeyId") == id || aliases
    })
}

/// Keys of a Region that has no unit are served all the same.
pub fn serves(world: &World, route: &Route) -> bool {
    key(world, route).is_some()
}

pub fn say<'a>(world: &'a World, route: &'a Route) -> Said<'a> {
    let id = route.subject();
    let Some(key) = key(world, route) else {
        return Said::Error(400, "NotFoundException", format!("Key '{id}' does not exist"));
    };
    match route.operation.as_str() {
        "DescribeKey" => Said::Object(json!({ "KeyMetadata": on_the_wire(key, &NOT_METADATA) })),
        "GetKeyRotationStatus" => match member(key, "KeyRotationEnabled") {
            Member::Known(_) => {
                let members = key.as_object().into_iter().flatten().filter(|(name, _)| ROTATION.contains(&name.as_str()));
                let mut body = on_the_wire(&Value::Object(members.map(|(name, value)| (name.clone(), value.clone())).collect()), &[]);
                body["KeyId"] = key["Arn"].clone();
                Said::Object(body)
            }
            Member::None => Said::Error(400, "UnsupportedOperationException", format!("{id} origin is EXTERNAL")),
            Member::Hidden => Said::denied("kms:GetKeyRotationStatus"),
        },
        "GetKeyPolicy" => match member(key, "Policy") {
            Member::Known(Value::String(text)) => Said::Object(json!({ "Policy": text, "PolicyName": "default" })),
            Member::Known(document) => Said::Object(json!({ "Policy": document.to_string(), "PolicyName": "default" })),
            Member::None => Said::Error(400, "NotFoundException", "No such policy exists".to_owned()),
            Member::Hidden => Said::denied("kms:GetKeyPolicy"),
        },
        "ListAliases" => listed(key, "Aliases", route),
        "ListGrants" => listed(key, "Grants", route),
        _ => Said::unknown(route),
    }
}

fn listed<'a>(key: &'a Value, name: &'static str, route: &Route) -> Said<'a> {
    match seen(key, name) {
        Some(found) => Said::List { items: Items::Of(found, Box::new(|item| on_the_wire(item, &[]))), member: name, token: "NextMarker" },
        None => Said::denied(&route.action()),
    }
}
