//! From a subject's fact back to the file, line and column that declares it.
//!
//! - `address`, `path`: what is looked for, as people and Terraform write it
//! - `facet`: which resources and attributes declare a fact
//! - `blocks`: from an address and a path to what is written; `provenance`, `parts`: where a value comes from; `given`: what the root is given
//! - `repository`: paths as the repository has them
//! - `root`: from an address to the declaration; `locator`: from a finding to the address

mod address;
mod blocks;
mod facet;
mod given;
mod locator;
mod parts;
mod path;
mod provenance;
mod repository;
mod root;

pub use facet::{Wanted, related};
pub use locator::Locator;
pub use root::Code;

#[cfg(test)]
mod tests;
