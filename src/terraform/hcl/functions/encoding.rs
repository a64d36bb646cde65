//! JSON, YAML, CSV, base64 and digests.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value as Json};
use sha2::{Digest as _, Sha256, Sha512};

use super::Arguments;
use crate::terraform::hcl::eval::val::{EXACT, LONGEST, Outcome, Val, fail, number_text};

pub fn call(arguments: &Arguments<'_>) -> Option<Outcome> {
    let text = || arguments.text(0);
    Some(match arguments.name {
        "jsonencode" => arguments.get(0).map(|value| {
            let mut json = String::new();
            match write(value, &mut json) {
                true => Val::text(json),
                false => Val::not_evaluated("jsonencode() of a number with many digits, or of too much"),
            }
        }),
        "jsondecode" => text().and_then(|text| match serde_json::from_str::<Json>(&text) {
            Ok(json) => Ok(value(json)),
            // Deeper than this library reads is no mistake.
            Err(error) if error.to_string().contains("recursion") => Ok(Val::not_evaluated("jsondecode() of deeply nested JSON")),
            Err(_) => fail("jsondecode() of what is no JSON"),
        }),
        "yamldecode" => text().map(|text| match serde_saphyr::from_str::<Json>(&text) {
            Ok(json) if !ambiguous(&text) => value(json),
            _ => Val::not_evaluated("yamldecode() of YAML that is not read without Terraform"),
        }),
        "csvdecode" => text().map(|text| csv(&text)),
        "base64encode" => text().map(|text| Val::text(STANDARD.encode(text))),
        "base64decode" => text().and_then(|text| match STANDARD.decode(text).map(String::from_utf8) {
            Ok(Ok(text)) => Ok(Val::text(text)),
            _ => fail("base64decode() of what is no base64 of a text"),
        }),
        "base64sha256" => text().map(|text| Val::text(STANDARD.encode(Sha256::digest(text)))),
        "base64sha512" => text().map(|text| Val::text(STANDARD.encode(Sha512::digest(text)))),
        "sha256" => text().map(|text| Val::text(hex::encode(Sha256::digest(text)))),
        "sha512" => text().map(|text| Val::text(hex::encode(Sha512::digest(text)))),
        "urlencode" => text().map(|text| Val::text(url(&text))),
        _ => return None,
    })
}

/// What Go writes for letters that mean something in HTML and JavaScript.
pub fn escape_html(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => escaped.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => escaped.push(c),
        }
    }
    escaped
}

fn quoted(text: &str) -> String {
    let json = serde_json::to_string(text).unwrap_or_default();
    // Of the control characters Go has short forms only for these.
    escape_html(&json)
}

/// False: something in it cannot be written as Terraform does.
fn write(value: &Val, into: &mut String) -> bool {
    if into.len() > LONGEST {
        return false;
    }
    match value {
        Val::Null => into.push_str("null"),
        Val::Bool(value) => into.push_str(if *value { "true" } else { "false" }),
        Val::Number(number) => match number_text(*number) {
            Some(text) => into.push_str(&text),
            None => return false,
        },
        Val::Text(text) => into.push_str(&quoted(text)),
        Val::List(list) if list.set && !crate::terraform::hcl::eval::ordered(list) => return false,
        Val::List(list) => {
            into.push('[');
            for (at, value) in list.values.iter().enumerate() {
                if at > 0 {
                    into.push(',');
                }
                if !write(value, into) {
                    return false;
                }
            }
            into.push(']');
        }
        Val::Object(map) => {
            into.push('{');
            for (at, (key, value)) in map.values.iter().enumerate() {
                if at > 0 {
                    into.push(',');
                }
                into.push_str(&quoted(key));
                into.push(':');
                if !write(value, into) {
                    return false;
                }
            }
            into.push('}');
        }
        Val::Handle(_) | Val::Unknown(_) => return false,
    }
    true
}

fn value(json: Json) -> Val {
    match json {
        Json::Null => Val::Null,
        Json::Bool(value) => Val::Bool(value),
        Json::Number(number) => match number.as_f64() {
            Some(number) if number.abs() <= EXACT => Val::Number(number),
            _ => Val::not_evaluated("a number with more digits than are computed with"),
        },
        Json::String(text) => Val::text(text),
        Json::Array(values) => Val::list(values.into_iter().map(value).collect()),
        Json::Object(members) => object(members),
    }
}

fn object(members: Map<String, Json>) -> Val {
    Val::object(members.into_iter().map(|(name, json)| (name, value(json))).collect())
}

/// Words of YAML that libraries read differently: dates, words for bools and null, keys that are no texts, numbers in other notations, tags.
fn ambiguous(text: &str) -> bool {
    let word = |word: &str| {
        let word = word.trim_matches([',', '[', ']', '{', '}', ':']);
        let lower = word.to_ascii_lowercase();
        let digit = word.trim_start_matches(['-', '+']).starts_with(|c: char| c.is_ascii_digit() || c == '.');
        let decimal = word.trim_start_matches('-').chars().all(|c| c.is_ascii_digit() || c == '.')
            && !word.trim_start_matches('-').starts_with("0")
            || word == "0";
        matches!(lower.as_str(), "y" | "n" | "yes" | "no" | "on" | "off" | "~" | "=" | "<<")
            || word.starts_with(['!', '&', '*', '%', '@'])
            || (digit && !decimal)
    };
    let key = |line: &str| {
        let name = line.trim_start_matches(['-', ' ', '{', '?']).split(':').next().unwrap_or_default().trim();
        matches!(name.to_ascii_lowercase().as_str(), "true" | "false" | "null")
            || name.starts_with(|c: char| c.is_ascii_digit() || c == '-')
    };
    text.split_whitespace().any(word) || text.lines().filter(|line| line.contains(':')).any(key)
}

/// Without quotes, where every reader agrees.
fn csv(text: &str) -> Val {
    if text.contains(['"', '\r']) {
        return Val::not_evaluated("csvdecode() of texts with quotes");
    }
    let mut lines = text.lines().filter(|line| !line.is_empty()).map(|line| line.split(',').collect::<Vec<_>>());
    let names = lines.next().unwrap_or_default();
    let rows: Option<Vec<Val>> = lines
        .map(|row| {
            let cells = names.iter().zip(&row).map(|(name, cell)| ((*name).to_owned(), Val::from(*cell)));
            (row.len() == names.len()).then(|| Val::object(cells.collect::<BTreeMap<_, _>>()))
        })
        .collect();
    rows.map_or_else(|| Val::not_evaluated("csvdecode() of rows that are not equally long"), Val::list)
}

fn url(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => encoded.push(char::from(byte)),
            b' ' => encoded.push('+'),
            byte => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}
