//! What can be wrong with a rule's file.

/// A fault in a file of policies, at its place.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    #[error("{file}:{line}: {message}")]
    Line { file: String, line: u64, message: String },
    #[error("{file}: {message}")]
    File { file: String, message: String },
    #[error("{file}:{line}: {message}")]
    Reads { file: String, line: u32, message: String },
    #[error("the rules cannot be loaded: {0}")]
    Rego(String),
}
