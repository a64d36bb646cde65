//! KMS: the keys of the world, each in its own Region.

use serde_json::{Value, json};

use super::Shared;
use super::answer::Said;
use super::route::Route;
use super::world::{Member, member, on_the_wire};

/// Members of a snapshot's key that are not KeyMetadata.
const NOT_METADATA: [&str; 7] =
    ["KeyRotationEnabled", "RotationPeriodInDays", "NextRotationDate", "OnDemandRotationStartDate", "Policy", "Aliases", "Tags"];
/// The answer of GetKeyRotationStatus.
const ROTATION: [&str; 4] = ["KeyRotationEnabled", "RotationPeriodInDays", "NextRotationDate", "OnDemandRotationStartDate"];

/// Keys of a Region that has no unit are served all the same.
pub fn serves(shared: &Shared, route: &Route) -> bool {
    route.subject.as_deref().is_some_and(|id| shared.world.key(&route.region, id).is_some())
}

pub fn say(shared: &Shared, route: &Route) -> Said {
    let id = route.subject.as_deref().unwrap_or_default();
    let Some(key) = shared.world.key(&route.region, id) else {
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
        _ => match member(key, "Aliases") {
            Member::Known(Value::Array(aliases)) => {
                let items = aliases.iter().map(|alias| on_the_wire(alias, &[])).collect();
                Said::List { items: Value::Array(items), member: "Aliases", token: "NextMarker" }
            }
            _ => Said::denied("kms:ListAliases"),
        },
    }
}
