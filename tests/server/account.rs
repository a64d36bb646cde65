//! Account Management: the world's Regions are those that the account has enabled.

use serde_json::{Value, json};

use super::Shared;
use super::answer::Said;

pub fn say(shared: &Shared) -> Said {
    let regions: Vec<Value> =
        shared.world.regions().into_iter().map(|region| json!({"RegionName": region, "RegionOptStatus": "ENABLED_BY_DEFAULT"})).collect();
    Said::List { items: Value::Array(regions), member: "Regions", token: "NextToken" }
}
