//! Backstop: observe, derive, judge, tell. ARCHITECTURE.md draws the rooms and the arrows between them.

pub mod audit;
pub mod cli;
pub mod cmd;
pub mod code_scanning;
pub mod collect;
pub mod config;
pub mod error;
pub mod evidence;
pub mod exit;
pub mod facts;
pub mod plain;
pub mod policy;
pub mod report;
pub mod snapshot;
pub mod spec;
pub mod term;
pub mod terraform;
