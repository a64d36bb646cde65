//! The world that is served: a snapshot document, read as plain JSON so that members nobody knows pass through. A member
//! that the world leaves out, or calls unknown, is one that the caller may not see.

use serde_json::{Map, Value};

use super::faults::{Fault, Kind};
use super::points::Points;

pub struct World {
    units: Vec<Value>,
    /// Of each unit, its recovery points.
    points: Vec<Points>,
    /// Roles are assumed only with it.
    pub external_id: Option<String>,
}

/// Which of the units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place(usize);

impl World {
    /// Beside `Units` the document may hold `ExternalId` and `CreatedBounds`, which are the server's own.
    pub fn new(mut document: Value) -> Self {
        let Value::Array(units) = document["Units"].take() else { panic!("a world has Units") };
        let bounds_count = text(&document, "CreatedBounds") == "inclusive" || super::points::BOUNDS_COUNT;
        let points = units.iter().map(|unit| Points::new(unit, bounds_count)).collect();
        World { units, points, external_id: document["ExternalId"].as_str().map(str::to_owned) }
    }

    /// The unit of this account and Region.
    pub fn unit(&self, account: &str, region: &str) -> Option<Place> {
        self.units.iter().position(|unit| text(unit, "Account") == account && text(unit, "Region") == region).map(Place)
    }

    pub fn at(&self, place: Place) -> &Value {
        &self.units[place.0]
    }

    pub fn points(&self, place: Place) -> &Points {
        &self.points[place.0]
    }

    pub fn units_of<'a>(&'a self, account: &'a str) -> impl Iterator<Item = &'a Value> {
        self.units.iter().filter(move |unit| text(unit, "Account") == account)
    }

    /// The account whose key this is: those that AssumeRole hands out say it, all others are the first unit's.
    pub fn account<'a>(&'a self, access_key: &'a str) -> &'a str {
        let issued = access_key.strip_prefix("ASIA").and_then(|rest| rest.get(..12));
        issued.filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit())).unwrap_or_else(|| self.home())
    }

    /// The account of those who have assumed no role.
    pub fn home(&self) -> &str {
        self.units.first().map_or("", |unit| text(unit, "Account"))
    }

    /// The first unit's Caller, or one made up for its account.
    pub fn caller(&self) -> Value {
        let unit = &self.units[0];
        if unit["Caller"].is_object() {
            return unit["Caller"].clone();
        }
        let (account, partition) = (text(unit, "Account"), unit["Partition"].as_str().unwrap_or("aws"));
        serde_json::json!({"Arn": format!("arn:{partition}:iam::{account}:user/auditor"), "Account": account, "UserId": "AIDAEXAMPLE"})
    }

    /// What the world's own ledger says went wrong, goes wrong again.
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        for unit in &self.units {
            for call in list(unit, "Calls") {
                let kind = match text(call, "Outcome") {
                    "denied" => Kind::Denied,
                    "throttled" => Kind::Throttled,
                    "failed" => Kind::Error500,
                    "truncated" => Kind::RepeatedToken,
                    _ => continue,
                };
                let (service, subject) = (text(call, "Service"), text(call, "Subject"));
                let operation = match service {
                    "" => text(call, "Operation").to_owned(),
                    service => format!("{service}:{}", text(call, "Operation")),
                };
                let mut fault = Fault::new(&operation, kind).in_account(text(unit, "Account"));
                // The unit that asked keeps the entry, wherever what it asked about lies.
                let region = arn(subject, 3).filter(|region| !region.is_empty()).unwrap_or(text(unit, "Region"));
                if !["iam", "organizations", "sts", "account"].contains(&service) {
                    fault = fault.in_region(region);
                }
                fault.subject = call["Subject"].as_str().map(str::to_owned);
                faults.push(fault);
            }
        }
        faults
    }
}

/// A part of an ARN: 3 is its Region, 4 its account.
pub fn arn(arn: &str, part: usize) -> Option<&str> {
    arn.starts_with("arn:").then(|| arn.split(':').nth(part)).flatten()
}

/// What stands in the world for a member that comes from a call of its own.
pub enum Member<'a> {
    Known(&'a Value),
    /// Null: AWS says that there is none.
    None,
    /// Left out or unknown: the caller may not see it.
    Hidden,
}

pub fn member<'a>(object: &'a Value, name: &str) -> Member<'a> {
    match object.get(name) {
        None => Member::Hidden,
        Some(Value::Null) => Member::None,
        Some(value) if value.get("$unknown").is_some() || value.get("$reference").is_some() => Member::Hidden,
        Some(value) => Member::Known(value),
    }
}

/// The items of a list that a call of its own brings, where the caller may see them.
pub fn seen<'a>(object: &'a Value, name: &str) -> Option<Vec<&'a Value>> {
    match member(object, name) {
        Member::Known(items) => Some(items.as_array().into_iter().flatten().collect()),
        Member::None => Some(Vec::new()),
        Member::Hidden => None,
    }
}

pub fn list<'a>(object: &'a Value, name: &str) -> &'a [Value] {
    object[name].as_array().map_or(&[], Vec::as_slice)
}

pub fn text<'a>(object: &'a Value, name: &str) -> &'a str {
    object[name].as_str().unwrap_or_default()
}

/// A policy as AWS sends it: text that holds JSON. A world may write it as JSON.
pub fn document(policy: &Value) -> String {
    policy.as_str().map_or_else(|| policy.to_string(), str::to_owned)
}

/// The object as AWS sends it: without these members, without those that are unknown and without the server's own, times as
/// seconds since 1970.
pub fn on_the_wire(object: &Value, without: &[&str]) -> Value {
    let Value::Object(members) = object else { return object.clone() };
    let mut sent = Map::new();
    for (name, value) in members {
        let is_seen = !matches!(member(object, name), Member::Hidden);
        if is_seen && !without.contains(&name.as_str()) && !name.starts_with('$') {
            sent.insert(name.clone(), seconds(name, value));
        }
    }
    Value::Object(sent)
}

/// Members that hold a time and are texts in AWS's own models.
const TEXTS: [&str; 2] = ["LatestDeliveryAttemptTime", "LatestNotificationAttemptTime"];

/// A world may write times as the CLI prints them; on the wire they are numbers.
fn seconds(name: &str, value: &Value) -> Value {
    match value {
        Value::Object(members) => Value::Object(members.iter().map(|(name, value)| (name.clone(), seconds(name, value))).collect()),
        Value::Array(items) => Value::Array(items.iter().map(|item| seconds("", item)).collect()),
        Value::String(text) if is_time(name) => match millis(text) {
            Some(time) if time % 1000 == 0 => (time / 1000).into(),
            Some(time) => (time as f64 / 1000.0).into(),
            None => value.clone(),
        },
        _ => value.clone(),
    }
}

fn is_time(name: &str) -> bool {
    ["Date", "Time", "At", "By", "To", "Timestamp", "Until"].iter().any(|ending| name.ends_with(ending)) && !TEXTS.contains(&name)
}

/// Milliseconds since 1970 of a time as the CLI prints it.
pub fn millis(text: &str) -> Option<i64> {
    chrono::DateTime::parse_from_rfc3339(text).ok().map(|time| time.timestamp_millis())
}
