//! Pages and the tokens that lead from one to the next.

use serde_json::{Map, Value};

/// A page of a list, or of an object's members as ListTags pages them, and the token of the next page.
pub struct Page {
    pub items: Value,
    pub next: Option<String>,
}

/// Tokens are opaque to clients; these hold the place, and a mark so that a token of another listing is refused.
const MARK: &str = "page-";

/// `None`: the token is none of ours.
pub fn page(all: &Value, asked: Option<usize>, limit: usize, token: Option<&str>) -> Option<Page> {
    let start: usize = match token {
        None | Some("") => 0,
        Some(token) => token.strip_prefix(MARK)?.parse().ok()?,
    };
    let size = asked.unwrap_or(limit).clamp(1, limit);
    let (items, length) = match all {
        Value::Array(list) => (Value::Array(list.iter().skip(start).take(size).cloned().collect()), list.len()),
        Value::Object(members) => {
            let page: Map<String, Value> =
                members.iter().skip(start).take(size).map(|(name, value)| (name.clone(), value.clone())).collect();
            (Value::Object(page), members.len())
        }
        _ => return None,
    };
    let end = start + size;
    Some(Page { items, next: (end < length).then(|| format!("{MARK}{end}")) })
}
