//! The world that is served: a snapshot document, read as plain JSON so that members nobody knows pass through. A member
//! that the world leaves out, or calls unknown, is one that the caller may not see.

use serde_json::{Map, Value};

use super::faults::{Fault, Kind};

pub struct World {
    units: Vec<Value>,
}

impl World {
    pub fn new(document: Value) -> Self {
        let units = document["Units"].as_array().cloned().expect("a world has Units");
        World { units }
    }

    /// The unit of this Region.
    pub fn unit(&self, region: &str) -> Option<&Value> {
        self.units.iter().find(|unit| unit["Region"] == region)
    }

    pub fn regions(&self) -> Vec<String> {
        self.units.iter().map(|unit| text(unit, "Region").to_owned()).collect()
    }

    /// A unit's Caller, or one made up for its account.
    pub fn caller(&self) -> Value {
        let unit = &self.units[0];
        let account = text(unit, "Account");
        if unit["Caller"].is_object() {
            return unit["Caller"].clone();
        }
        let partition = unit["Partition"].as_str().unwrap_or("aws");
        serde_json::json!({"Arn": format!("arn:{partition}:iam::{account}:user/auditor"), "Account": account, "UserId": "AIDAEXAMPLE"})
    }

    /// A key that belongs to this Region, whichever unit names it.
    pub fn key(&self, region: &str, id: &str) -> Option<&Value> {
        let keys = self.units.iter().flat_map(|unit| list(unit, "Keys"));
        keys.filter(|key| text(key, "Arn").split(':').nth(3) == Some(region)).find(|key| {
            let aliases = list(key, "Aliases").iter().any(|alias| text(alias, "AliasArn") == id || text(alias, "AliasName") == id);
            text(key, "Arn") == id || text(key, "KeyId") == id || aliases
        })
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
                let mut fault = Fault::new(text(call, "Operation"), kind).in_region(text(unit, "Region"));
                fault.subject = call["Subject"].as_str().map(str::to_owned);
                faults.push(fault);
            }
        }
        faults
    }
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

pub fn list<'a>(object: &'a Value, name: &str) -> &'a [Value] {
    object[name].as_array().map_or(&[], Vec::as_slice)
}

pub fn text<'a>(object: &'a Value, name: &str) -> &'a str {
    object[name].as_str().unwrap_or_default()
}

/// The object as AWS sends it: without these members and without those that are unknown, times as seconds since 1970.
pub fn on_the_wire(object: &Value, without: &[&str]) -> Value {
    let Value::Object(members) = object else { return object.clone() };
    let mut sent = Map::new();
    for (name, value) in members {
        let is_seen = !matches!(member(object, name), Member::Hidden);
        if is_seen && !without.contains(&name.as_str()) {
            sent.insert(name.clone(), seconds(name, value));
        }
    }
    Value::Object(sent)
}

/// A world may write times as the CLI prints them; on the wire they are numbers.
fn seconds(name: &str, value: &Value) -> Value {
    match value {
        Value::Object(members) => Value::Object(members.iter().map(|(name, value)| (name.clone(), seconds(name, value))).collect()),
        Value::Array(items) => Value::Array(items.iter().map(|item| seconds("", item)).collect()),
        Value::String(text) if ["Date", "Time", "At", "By", "To"].iter().any(|ending| name.ends_with(ending)) => {
            match chrono::DateTime::parse_from_rfc3339(text) {
                Ok(time) if time.timestamp_millis() % 1000 == 0 => time.timestamp().into(),
                Ok(time) => (time.timestamp_millis() as f64 / 1000.0).into(),
                Err(_) => value.clone(),
            }
        }
        _ => value.clone(),
    }
}
