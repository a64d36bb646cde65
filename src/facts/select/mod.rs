//! How a selection resolves to resources, in AWS's order: what admits, what takes away, what filters.
//!
//! - `glob`, `entry`, `criteria`: a selection, read once
//! - `resolve`: one resource and one selection; pure
//! - `inventory`, `assignments`: all resources of a Region, and which selections select them
//! - `types`: the resource types that plans select
//! - `explain`: what a selection makes of a resource, in sentences

mod assignments;
#[cfg(test)]
mod cases;
mod criteria;
mod entry;
mod explain;
mod glob;
mod inventory;
mod resolve;
mod types;

pub use assignments::{Assigned, Assignments};
pub use criteria::{Condition, Criteria, TAG_PREFIX};
pub use entry::{Entry, Level, Match};
pub use explain::{doubt, sentence, step_name};
pub use glob::stars;
pub use inventory::Seen;
pub use resolve::{Candidate, Outcome, Setting, Step, resolve, why};
pub use types::{reasons_to_select_untagged, selected_by, selections, types_of, types_of_plan, unlisted};
