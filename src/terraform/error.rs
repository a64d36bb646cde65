//! What can be wrong with a plan, a state or HCL, at its place.

use std::path::{Path, PathBuf};

/// Where in a file; lines and columns count from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At {
    pub line: usize,
    pub column: usize,
}

#[derive(Debug, thiserror::Error)]
pub enum TerraformError {
    /// The file or directory cannot be read: the command line is at fault.
    #[error("cannot read '{}': {source}", path.display())]
    File { path: PathBuf, source: std::io::Error },
    /// The command line leaves something open that the root does not tell.
    #[error("{message}")]
    Usage { message: String, help: String },
    /// What was read is not what it should be.
    #[error("{}{}: {message}", path.display(), at.as_ref().map(|at| format!(":{}:{}", at.line, at.column)).unwrap_or_default())]
    Wrong { path: PathBuf, at: Option<At>, message: String, help: String },
}

impl TerraformError {
    pub fn wrong(path: &Path, at: Option<At>, message: impl Into<String>, help: impl Into<String>) -> Self {
        TerraformError::Wrong { path: path.to_owned(), at, message: message.into(), help: help.into() }
    }

    pub fn is_usage(&self) -> bool {
        matches!(self, TerraformError::File { .. } | TerraformError::Usage { .. })
    }

    /// What to do about it; one line.
    pub fn help(&self) -> String {
        match self {
            TerraformError::File { .. } => {
                "check the path; `terraform show -json PLAN > plan.json` writes a plan that can be read".to_owned()
            }
            TerraformError::Usage { help, .. } | TerraformError::Wrong { help, .. } => help.clone(),
        }
    }
}
