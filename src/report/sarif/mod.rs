//! SARIF 2.1.0: the complete profile, and the parts that it shares with the code-scanning profile beside it.
//!
//! - `complete`: every verdict, with what it rests on
//! - `accounts`: which run a finding stands in
//! - `rules`, `taxonomies`: what the results refer to
//! - `result`: one finding; `location`: where it is shown
//! - `notices`: what a viewer must know besides the results
//! - `log`: runs become bytes

mod accounts;
mod complete;
mod location;
mod log;
mod notices;
mod result;
mod rules;
mod taxonomies;

pub use complete::render;

pub(super) use accounts::by_account;
pub(super) use location::source_root;
pub(super) use log::{Run, automation, driver, write};
pub(super) use notices::{Notice, invocation};
pub(super) use result::result;
pub(super) use rules::{Rules, TAGS_SHOWN};

use serde_json::Value;
use serde_sarif::sarif::{Message, PropertyBag};

fn message(text: impl Into<String>) -> Message {
    Message { text: Some(text.into()), ..Message::default() }
}

fn properties<const N: usize>(entries: [(&str, Value); N]) -> PropertyBag {
    PropertyBag { tags: None, additional_properties: entries.map(|(name, value)| (name.to_owned(), value)).into() }
}
