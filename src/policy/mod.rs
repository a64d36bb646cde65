//! LAW BOOKS: Rego rules, their metadata and their parameters. The only room with regorus; uses nothing of ours.
//!
//! - `library`: the rules that are shipped, read from the folders of `policies/`
//! - `rule`, `metadata`, `severity`, `strength`: what a rule is
//! - `promises`: what the specification promises, and which rules prove it
//! - `frameworks`: the clauses that rules may name
//! - `parameters`: what can be configured, and the values in force
//! - `reads`: which fields a rule really reads, from its syntax tree
//! - `engine`: one rule on one input
//! - `nearest`: which name was probably meant

mod engine;
mod error;
mod frameworks;
mod library;
mod metadata;
mod nearest;
mod parameters;
mod place;
mod promises;
mod reads;
mod rule;
mod severity;
mod strength;

pub use engine::{Engine, Judgement, Violation};
pub use error::PolicyError;
pub use frameworks::{Clause, Frameworks};
pub use library::{Library, Source};
pub use metadata::Metadata;
pub use nearest::nearest;
pub use parameters::{Definition, Parameters, ValueError};
pub use place::Place;
pub use promises::Promise;
pub use rule::Rule;
pub use severity::Severity;
pub use strength::Strength;
