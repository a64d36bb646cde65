//! JSON as the XML of the query services, of EC2 and of S3.

use chrono::{DateTime, SecondsFormat};
use serde_json::Value;

/// How lists name their items: `member`, unless the service has a name of its own.
const ITEMS: [(&str, &str); 3] = [("DBInstances", "DBInstance"), ("DBClusters", "DBCluster"), ("Buckets", "Bucket")];

/// `<name>..</name>`; nothing at all of null. `item` is what EC2 calls items of every list.
pub fn element(out: &mut String, name: &str, value: &Value, item: Option<&str>) {
    if value.is_null() {
        return;
    }
    *out += &format!("<{name}>");
    match value {
        Value::Array(items) => {
            let own = ITEMS.iter().find(|(list, _)| *list == name).map(|(_, item)| *item);
            items.iter().for_each(|value| element(out, item.or(own).unwrap_or("member"), value, item));
        }
        // The one map of our services; their other objects are structures.
        Value::Object(entries) if name == "Attributes" => {
            for (key, value) in entries {
                *out += "<entry>";
                element(out, "key", &key.as_str().into(), item);
                element(out, "value", value, item);
                *out += "</entry>";
            }
        }
        Value::Object(_) => *out += &members(value, item),
        Value::Number(number) if is_time(name) => *out += &time(number.as_f64().unwrap_or_default()),
        Value::String(text) => *out += &escaped(text),
        other => *out += &other.to_string(),
    }
    *out += &format!("</{name}>");
}

/// The members of an object, without an element around them.
pub fn members(object: &Value, item: Option<&str>) -> String {
    let mut out = String::new();
    for (name, value) in object.as_object().into_iter().flatten() {
        element(&mut out, name, value, item);
    }
    out
}

/// XML has no numbers for times.
fn is_time(name: &str) -> bool {
    ["Date", "Time", "Expiration"].iter().any(|ending| name.ends_with(ending))
}

fn time(seconds: f64) -> String {
    let time = DateTime::from_timestamp_millis((seconds * 1000.0).round() as i64).unwrap_or_default();
    time.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
