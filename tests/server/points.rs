//! A unit's recovery points, by vault and time of creation.

use std::collections::HashMap;

use serde_json::Value;

use super::answer::Said;
use super::paging::Items;
use super::route::Route;
use super::synthetic::Synthetic;
use super::world::{list, millis, on_the_wire, text};

/// Whether a point that was created at the very time that a listing asks for is in it. AWS does not say; a world with
/// `"CreatedBounds": "inclusive"` says yes.
pub const BOUNDS_COUNT: bool = false;

/// A time in milliseconds since 1970 must be above the one and below the other.
#[derive(Debug, Clone, Copy, Default)]
pub struct Window {
    pub after: Option<i64>,
    pub before: Option<i64>,
    bounds_count: bool,
}

impl Window {
    pub fn holds(self, time: i64) -> bool {
        !self.is_before(time) && !self.is_behind(time)
    }

    /// The time lies before the window.
    pub fn is_before(self, time: i64) -> bool {
        self.after.is_some_and(|after| time < after || (time == after && !self.bounds_count))
    }

    /// The time lies behind the window.
    pub fn is_behind(self, time: i64) -> bool {
        self.before.is_some_and(|before| time > before || (time == before && !self.bounds_count))
    }

    fn is_open(self) -> bool {
        self.after.is_none() && self.before.is_none()
    }
}

#[derive(Debug)]
pub struct Points {
    /// By vault, in the world's order: the time of creation and the place in the unit's list.
    by_vault: HashMap<String, Vec<(Option<i64>, usize)>>,
    synthetic: HashMap<String, Synthetic>,
    bounds_count: bool,
}

impl Points {
    pub fn new(unit: &Value, bounds_count: bool) -> Points {
        let mut by_vault: HashMap<String, Vec<(Option<i64>, usize)>> = HashMap::new();
        for (at, point) in list(unit, "RecoveryPoints").iter().enumerate() {
            let created = match &point["CreationDate"] {
                Value::String(text) => millis(text),
                seconds => seconds.as_f64().map(|seconds| (seconds * 1000.0).round() as i64),
            };
            let of_arn = text(point, "BackupVaultArn").split_once(":backup-vault:").map(|(_, name)| name);
            let name = point["BackupVaultName"].as_str();
            let mut names: Vec<&str> = name.into_iter().chain(of_arn).collect();
            names.dedup();
            for name in names {
                by_vault.entry(name.to_owned()).or_default().push((created, at));
            }
        }
        let vaults = list(unit, "BackupVaults").iter();
        let synthetic =
            vaults.filter_map(|vault| Some((text(vault, "BackupVaultName").to_owned(), Synthetic::new(unit, vault)?))).collect();
        Points { by_vault, synthetic, bounds_count }
    }

    /// ListRecoveryPointsByBackupVault. Points whose time nobody knows are in no window.
    pub fn say<'a>(&'a self, unit: &'a Value, route: &Route) -> Said<'a> {
        let window = match (bound(route, &["createdAfter", "byCreatedAfter"]), bound(route, &["createdBefore", "byCreatedBefore"])) {
            (Ok(after), Ok(before)) => Window { after, before, bounds_count: self.bounds_count },
            (Err(text), _) | (_, Err(text)) => {
                return Said::Error(400, "InvalidParameterValueException", format!("'{text}' is not a time"));
            }
        };
        let items = match self.synthetic.get(route.subject()) {
            Some(points) => Items::Synthetic(points, points.within(window)),
            None => {
                let all = list(unit, "RecoveryPoints");
                let is_in = |created: Option<i64>| window.is_open() || created.is_some_and(|created| window.holds(created));
                let placed = self.by_vault.get(route.subject()).map_or(&[][..], Vec::as_slice).iter();
                let points = placed.filter(|(created, _)| is_in(*created)).map(|(_, at)| &all[*at]).collect();
                Items::Of(points, Box::new(|point| on_the_wire(point, &[])))
            }
        };
        Said::List { items, member: "RecoveryPoints", token: "NextToken" }
    }
}

/// A time of the query, in milliseconds: as boto3 and the Rust SDK send it, or in seconds since 1970.
fn bound(route: &Route, names: &[&str]) -> Result<Option<i64>, String> {
    let Some(sent) = names.iter().find_map(|name| route.input[*name].as_str()) else { return Ok(None) };
    let seconds = || sent.parse::<f64>().ok().map(|seconds| (seconds * 1000.0).round() as i64);
    millis(sent).or_else(seconds).map(Some).ok_or_else(|| sent.to_owned())
}
