//! Account Management: the Regions that an account has enabled are those of its units.

use serde_json::json;

use super::answer::Said;
use super::paging::Items;
use super::route::Route;
use super::world::World;

pub fn say<'a>(world: &World, route: &Route) -> Said<'a> {
    let region = |unit: &serde_json::Value| json!({"RegionName": unit["Region"], "RegionOptStatus": "ENABLED_BY_DEFAULT"});
    let regions = world.units_of(&route.account).map(region).collect();
    Said::List { items: Items::Made(regions), member: "Regions", token: "NextToken" }
}
