//! Values and keys as TOML writes them.

use serde_json::Value;

use crate::plain::steers;

/// A basic string. JSON escapes most of what TOML forbids in the same way; what else steers a terminal is escaped as well.
pub fn quoted(text: &str) -> String {
    let json = serde_json::Value::from(text).to_string();
    json.chars().fold(String::with_capacity(json.len()), |mut quoted, c| {
        match steers(c) {
            true => quoted += &format!("\\u{:04x}", u32::from(c)),
            false => quoted.push(c),
        }
        quoted
    })
}

/// A key, in quotation marks where it needs them.
pub fn key(name: &str) -> String {
    let is_bare = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    if is_bare { name.to_owned() } else { quoted(name) }
}

/// A value; of parameters, none is null.
pub fn value(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        Value::Array(list) => format!("[{}]", list.iter().map(self::value).collect::<Vec<_>>().join(", ")),
        Value::Object(table) => {
            match table.iter().map(|(name, value)| format!("{} = {}", key(name), self::value(value))).collect::<Vec<_>>() {
                members if members.is_empty() => "{}".to_owned(),
                members => format!("{{ {} }}", members.join(", ")),
            }
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        let hostile = serde_json::json!({ "a.b": ["\"", "\\", "\u{1b}[2J\n\u{7f}", "ü\u{2028}"], "": { "x": 1, "y": true, "z": {} } });
        let text = format!("v = {}\n{} = 1\n", value(&hostile), key("a b"));
        assert!(!text.replace('\n', "").contains(steers), "{text}");
        let read: toml::Table = toml::from_str(&text).expect("it is TOML");
        assert_eq!(serde_json::to_value(&read["v"]).expect("JSON"), hostile);
        assert!(read.contains_key("a b"));
    }
}
