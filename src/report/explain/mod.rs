//! What one rule demands, and what it says of one resource.
//!
//! - `page`: the list of rules, and a rule's page
//! - `sections`: the parts of a page that tell what to do
//! - `vocabulary`: the placeholders of the pages, what each means and where its value comes from; the table
//! - `case`: one subject under one rule, and what was seen of it; `worked`, `retentions`: values that follow from several facts
//! - `written`: values in shell commands, in HCL and in sentences, as data and nothing else
//! - `fix`: what to do, with the names filled in
//! - `document`: what is told, as JSON; `told`: the same as text

mod case;
mod document;
mod fix;
mod page;
mod retentions;
mod sections;
mod told;
mod vocabulary;
mod worked;
mod written;

pub use document::{Explained, On, ParameterSet, Settled, json, schema};
pub use fix::{Fix, Step};
pub use page::{list, page};
pub use told::render;
pub use vocabulary::{VOCABULARY, is_chosen};
pub use written::placeholders as placeholders_of;
