//! A fact for a picture: known, known not to be set, or unknown. What a picture cannot know is never drawn as nothing.

use std::fmt;

use serde_json::Value;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Known<T> {
    Value(T),
    /// AWS was asked, and it is not set.
    Unset,
    Unknown,
}

/// The fact at a JSON pointer. Only an explicit null is not set: where the way there is unknown, so is its end.
pub fn at<'a, T>(document: &'a Value, pointer: &str, read: impl Fn(&'a Value) -> Option<T>) -> Known<T> {
    match document.pointer(pointer) {
        Some(Value::Null) => Known::Unset,
        Some(value) => read(value).map_or(Known::Unknown, Known::Value),
        None => Known::Unknown,
    }
}

pub fn number(document: &Value, pointer: &str) -> Known<i64> {
    at(document, pointer, Value::as_i64)
}

pub fn text<'a>(document: &'a Value, pointer: &str) -> Known<&'a str> {
    at(document, pointer, Value::as_str)
}

pub fn list<'a>(document: &'a Value, pointer: &str) -> Known<&'a Vec<Value>> {
    at(document, pointer, Value::as_array)
}

impl<T> Known<T> {
    pub fn value(self) -> Option<T> {
        match self {
            Known::Value(value) => Some(value),
            Known::Unset | Known::Unknown => None,
        }
    }
}

impl<'a> Known<&'a str> {
    /// A name for what may have none that is known.
    pub fn or_unknown(self) -> &'a str {
        self.value().unwrap_or("unknown")
    }
}

/// A number as a cell of a table shows it.
impl fmt::Display for Known<i64> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Known::Value(value) => value.fmt(f),
            Known::Unset => f.write_str("none"),
            Known::Unknown => f.write_str("unknown"),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_an_explicit_null_is_not_set() {
        let document = json!({ "lock": { "$unknown": [] }, "days": 3, "maximum": null, "name": {"$unknown": []} });
        assert_eq!(number(&document, "/days"), Known::Value(3));
        assert_eq!(number(&document, "/maximum"), Known::Unset);
        for unknown in ["/lock/days", "/nothing", "/name"] {
            assert_eq!(number(&document, unknown), Known::Unknown, "{unknown}");
        }
        assert_eq!(text(&document, "/name"), Known::Unknown);
    }
}
