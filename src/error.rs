//! What went wrong, the exit code it comes to, and a line that says what to do.

use std::path::{Path, PathBuf};

use crate::code_scanning::CodeScanningError;
use crate::config::ConfigError;
use crate::exit::Exit;
use crate::policy::PolicyError;
use crate::snapshot::ReadError;
use crate::terraform::TerraformError;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{message}")]
    Usage { message: String, help: String },
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error("cannot read '{}': {source}", path.display())]
    ConfigFile { path: PathBuf, source: std::io::Error },
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Policy(#[from] PolicyError),
    #[error("'{}' is not a report of an audit: {message}", path.display())]
    Baseline { path: PathBuf, message: String },
    #[error("'{}' is not as a bundle has it: {message}", path.display())]
    Bundle { path: PathBuf, message: String },
    #[error("cannot write {}: {}", place(path), said(source))]
    Output { path: PathBuf, source: std::io::Error },
    #[error(transparent)]
    Terraform(#[from] TerraformError),
    #[error(transparent)]
    Collect(#[from] crate::collect::CollectError),
    #[error(transparent)]
    Bucket(#[from] crate::collect::BucketError),
    #[error(transparent)]
    CodeScanning(#[from] CodeScanningError),
    #[error("interrupted before everything was observed; {}", kept_in(kept.as_deref()))]
    Interrupted { kept: Option<PathBuf> },
    #[error("cannot start: {0}")]
    Runtime(std::io::Error),
}

/// A path as it is told; `-` is no file.
fn place(path: &Path) -> String {
    if path == Path::new("-") { "to standard output".to_owned() } else { format!("'{}'", path.display()) }
}

/// What the system said, without the temporary name that it was said of.
fn said(source: &std::io::Error) -> String {
    let text = source.to_string();
    text.split_once(" at path \"").map_or(text.as_str(), |(said, _)| said).to_owned()
}

fn kept_in(journal: Option<&Path>) -> String {
    match journal {
        Some(path) => format!("no snapshot was written; '{}' keeps what was collected up to then", path.display()),
        None => "nothing was written".to_owned(),
    }
}

impl Error {
    pub fn usage(message: impl Into<String>, help: impl Into<String>) -> Self {
        Error::Usage { message: message.into(), help: help.into() }
    }

    pub fn exit(&self) -> Exit {
        match self {
            Error::ConfigFile { source, .. } if source.kind() == std::io::ErrorKind::InvalidData => Exit::Configuration,
            Error::Usage { .. } | Error::Output { .. } | Error::ConfigFile { .. } | Error::Runtime(_) => Exit::Usage,
            Error::Read(error) if error.is_missing() => Exit::Usage,
            Error::Terraform(error) if error.is_usage() => Exit::Usage,
            Error::CodeScanning(error) if error.is_missing() => Exit::Usage,
            Error::Terraform(_) | Error::CodeScanning(_) => Exit::Configuration,
            Error::Read(_) | Error::Config(_) | Error::Policy(_) | Error::Baseline { .. } | Error::Bundle { .. } => Exit::Configuration,
            Error::Collect(error) if error.is_usage() => Exit::Usage,
            Error::Bucket(error) if error.is_usage() => Exit::Usage,
            Error::Collect(_) | Error::Bucket(_) | Error::Interrupted { .. } => Exit::Unreachable,
        }
    }

    /// What to do about it; one line.
    pub fn help(&self) -> String {
        match self {
            Error::Usage { help, .. } => help.clone(),
            Error::Read(ReadError::File { .. } | ReadError::EmptyDirectory { .. }) => {
                "give a snapshot that `backstop collect -o FILE` wrote, or --demo for the embedded one".to_owned()
            }
            Error::Read(ReadError::Twice { .. }) => "an account in one Region may stand in one document only".to_owned(),
            Error::Read(_) => {
                "`backstop schema snapshot` prints what a snapshot looks like; a file that was cut off must be collected again".to_owned()
            }
            Error::ConfigFile { source, .. } if source.kind() == std::io::ErrorKind::InvalidData => "write the file as UTF-8".to_owned(),
            Error::ConfigFile { .. } => "check the path, and whether it may be read".to_owned(),
            Error::Config(error) => format!("`backstop schema {}` prints what the file may hold", error.schema),
            Error::Baseline { .. } => "give a report that `--output json=FILE` wrote, whole".to_owned(),
            Error::Bundle { .. } => "give a bundle that `--output bundle=DIR` wrote, whole".to_owned(),
            Error::Policy(_) => "the rules that are shipped are at fault; please report it".to_owned(),
            Error::Output { path, .. } if path == Path::new("-") => "whatever reads it got a part of it at most".to_owned(),
            Error::Output { .. } => "nothing was written there; check that the directory exists and may be written to".to_owned(),
            Error::Terraform(error) => error.help(),
            Error::Collect(error) => error.help().to_owned(),
            Error::Bucket(error) => error.help(),
            Error::CodeScanning(error) => error.help().to_owned(),
            Error::Interrupted { kept: Some(_) } => "run it again with --resume to go on from there".to_owned(),
            Error::Interrupted { kept: None } => "run it again; a Region at a time (--region) takes less long".to_owned(),
            Error::Runtime(_) => "the system refused threads or signals to the process".to_owned(),
        }
    }
}
