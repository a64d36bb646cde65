//! Where something is declared in source code. It is no part of a snapshot; reports show it beside what was observed.

use serde::{Deserialize, Serialize};

/// A span of a file. Lines and columns count from 1, columns in characters; the end is the first character after it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
pub struct SourceSpan {
    /// Relative to the repository's root, with `/`.
    pub file: String,
    pub line: usize,
    pub column: usize,
    pub end_line: usize,
    pub end_column: usize,
}

/// The line that declares what a finding is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Declaration {
    #[serde(flatten)]
    pub span: SourceSpan,
    /// Terraform's address of the resource.
    pub address: String,
    /// False where the span only stands near what would have to change: the block that a missing companion should stand beside, or
    /// the call of a module that is not in the repository.
    pub exact: bool,
    /// A sentence where the span alone would mislead: what is missing, or where inside an external module it really stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The module calls on the way, innermost first, and what the value comes from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<Related>,
}

/// A further place that helps to understand a declaration.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Related {
    #[serde(flatten)]
    pub span: SourceSpan,
    /// `called from module.backup`, `default of var.retention_days`.
    pub text: String,
}
