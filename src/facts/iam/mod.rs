//! Policy documents read the way AWS reads them. What decides and is not known makes the answer undecided, and says what it was.
//!
//! - `truth`: yes, no, or undecided and why
//! - `pattern`: wildcards, policy variables, and whether one pattern covers, misses or cuts another
//! - `policy`, `principal`: a document taken apart into statements, and who a statement speaks of
//! - `request`: who wants to do what with which resource, and what is known of the circumstances
//! - `condition`: the condition operators
//! - `evaluate`: a request against a policy; a Deny outweighs every Allow
//! - `document`: the questions that keys, topics and roles ask of a document

mod condition;
pub mod document;
mod evaluate;
pub mod pattern;
mod policy;
mod principal;
mod request;
mod truth;

pub use evaluate::Permission;
pub use pattern::{NOBODY, instance};
pub use policy::{Effect, Patterns, Policy, Statement};
pub use principal::{Principal, Principals};
pub use request::{Caller, Request, Target, Value};
pub use truth::{Doubt, Truth, reasons};

#[cfg(test)]
mod brute;
#[cfg(test)]
mod examples;
