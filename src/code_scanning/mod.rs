//! CODE SCANNING: what GitHub would refuse, drop or show wrongly of a SARIF file, whoever wrote it. Reads the file piece by piece; knows
//! nothing of audits.
//!
//! - `limits`: how much GitHub takes
//! - `fault`: what can be wrong, what GitHub does about it, and what to do
//! - `shape`: the members that SARIF's objects may have, as far as GitHub reads them
//! - `walk`: a document, member by member; `tally`: where it is, and what was told so far
//! - `run`, `result`, `uri`: what is looked at beyond the shape
//! - `read`: the bytes: their encoding, and their size once they are compressed

mod fault;
pub mod limits;
mod read;
mod result;
mod run;
mod shape;
mod tally;
mod uri;
mod walk;

use std::path::PathBuf;

pub use fault::{Check, Fault, Grade, Place};
pub use read::check;
pub use tally::{Category, Checked};

/// Why a file cannot be checked.
#[derive(Debug, thiserror::Error)]
pub enum CodeScanningError {
    #[error("cannot read '{}': {source}", path.display())]
    File { path: PathBuf, source: std::io::Error },
    /// `problem` names line and column.
    #[error("'{}' is not JSON: {problem}", path.display())]
    NotJson { path: PathBuf, problem: String },
    #[error("'{}' is JSON, but not SARIF: {problem}", path.display())]
    NotSarif { path: PathBuf, problem: String },
}

impl CodeScanningError {
    /// Whether the file could not be opened, as opposed to what it holds.
    pub fn is_missing(&self) -> bool {
        matches!(self, CodeScanningError::File { .. })
    }

    pub fn help(&self) -> &'static str {
        match self {
            CodeScanningError::File { .. } => "check the path, and whether it may be read; '-' is stdin",
            CodeScanningError::NotJson { .. } => "GitHub refuses it; a file that was cut off must be written again",
            CodeScanningError::NotSarif { .. } => "a SARIF file is an object with 'version' and 'runs'; GitHub refuses any other",
        }
    }
}
