//! Backstop: observe, derive, judge, tell. ARCHITECTURE.md draws the rooms and the arrows between them.

pub mod audit;
pub mod collect;
pub mod exit;
pub mod facts;
pub mod policy;
pub mod snapshot;
