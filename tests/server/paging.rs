//! Pages and the tokens that lead from one to the next. The page is cut before anything of it is copied.

use std::ops::Range;

use serde_json::{Map, Value};

use super::synthetic::Synthetic;
use super::world::text;

/// What a listing lists.
pub enum Items<'a> {
    /// Items of the world, and what is sent of each.
    Of(Vec<&'a Value>, Box<dyn Fn(&Value) -> Value + 'a>),
    /// Items that were made for this answer.
    Made(Vec<Value>),
    /// An object's members, as ListTags pages them.
    Members(Map<String, Value>),
    /// Recovery points that are made when they are sent.
    Synthetic(&'a Synthetic, Range<u64>),
}

/// What stands on a page.
pub enum Content {
    Items(Value),
    /// A list, as JSON.
    Text(String),
}

pub struct Page {
    pub content: Content,
    /// The token of the next page.
    pub next: Option<String>,
}

/// Tokens are opaque to clients; these hold the place, and a mark so that a token of another listing is refused.
const MARK: &str = "page-";

impl Items<'_> {
    fn len(&self) -> usize {
        match self {
            Items::Of(items, _) => items.len(),
            Items::Made(items) => items.len(),
            Items::Members(members) => members.len(),
            Items::Synthetic(_, range) => (range.end - range.start) as usize,
        }
    }

    /// An empty page.
    pub fn nothing(&self) -> Content {
        Content::Items(if matches!(self, Items::Members(_)) { Map::new().into() } else { Vec::<Value>::new().into() })
    }

    fn cut(&self, start: usize, size: usize) -> Content {
        Content::Items(match self {
            Items::Of(items, sent) => items.iter().skip(start).take(size).map(|item| sent(item)).collect(),
            Items::Made(items) => items.iter().skip(start).take(size).cloned().collect(),
            Items::Members(members) => {
                let page = members.iter().skip(start).take(size).map(|(name, value)| (name.clone(), value.clone()));
                Value::Object(page.collect())
            }
            Items::Synthetic(points, range) => {
                let start = (range.start + start as u64).min(range.end);
                return Content::Text(points.page(start..(start + size as u64).min(range.end)));
            }
        })
    }
}

/// `None`: the token is none of ours.
pub fn page(items: &Items, asked: Option<usize>, limit: usize, token: Option<&str>) -> Option<Page> {
    let start: usize = match token {
        None | Some("") => 0,
        Some(token) => token.strip_prefix(MARK)?.parse().ok()?,
    };
    let size = asked.unwrap_or(limit).clamp(1, limit);
    let end = start + size;
    Some(Page { content: items.cut(start, size), next: (end < items.len()).then(|| format!("{MARK}{end}")) })
}

/// Pages as DynamoDB cuts its list of names: the token is the last name, and a name that is not in the list has its place in it all
/// the same.
pub fn page_of_names(items: &Items, asked: Option<usize>, limit: usize, last: Option<&str>) -> Option<Page> {
    let names: Vec<&str> = match items {
        Items::Made(names) => names.iter().filter_map(Value::as_str).collect(),
        Items::Of(items, _) => items.iter().map(|item| text(item, "TableName")).collect(),
        _ => return None,
    };
    let start = last.map_or(0, |last| {
        let after = names.iter().position(|name| *name == last).map(|at| at + 1);
        after.or_else(|| names.iter().position(|name| *name > last)).unwrap_or(names.len())
    });
    let size = asked.unwrap_or(limit).clamp(1, limit);
    let end = start + size;
    Some(Page { content: items.cut(start, size), next: (end < names.len()).then(|| names[end - 1].to_owned()) })
}
