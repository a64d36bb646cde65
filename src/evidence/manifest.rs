//! The manifest: which files there are, their hashes, and the manifest before.

use serde::{Deserialize, Serialize};

use super::{Files, sha256};
use crate::snapshot::Timestamp;

const SCHEMA: &str = "backstop/bundle/1";

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Always `backstop/bundle/1`.
    schema: String,
    /// The version that made the bundle.
    pub backstop: String,
    pub as_of: Timestamp,
    pub conclusion: Conclusion,
    /// SHA-256 of the manifest of the bundle before; `null` where there is none.
    pub previous: Option<String>,
    /// In the order of their paths.
    pub files: Vec<Part>,
}

/// What the audit came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conclusion {
    pub exit_code: u8,
    pub reason: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    pub path: String,
    pub sha256: String,
    pub bytes: usize,
}

impl Manifest {
    pub fn of(files: &Files, as_of: Timestamp, conclusion: Conclusion, previous: Option<String>) -> Self {
        let part = |(path, bytes): (&String, &Vec<u8>)| Part { path: path.clone(), sha256: sha256(bytes), bytes: bytes.len() };
        Manifest {
            schema: SCHEMA.to_owned(),
            backstop: env!("CARGO_PKG_VERSION").to_owned(),
            as_of,
            conclusion,
            previous,
            files: files.iter().map(part).collect(),
        }
    }

    /// Takes nothing but what a manifest's own bytes are, to the last blank.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        let manifest: Manifest = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        if manifest.schema != SCHEMA {
            let says: String = manifest.schema.chars().take(60).collect();
            return Err(format!("it says schema '{says}', and this version of Backstop reads '{SCHEMA}'"));
        }
        if manifest.bytes() != bytes { Err("it is not written as a manifest is".to_owned()) } else { Ok(manifest) }
    }

    pub fn bytes(&self) -> Vec<u8> {
        // Texts and numbers alone: there is nothing that could not be written.
        let mut bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }

    /// The version of this program made it, so that this program can make it again.
    pub fn is_of_this_version(&self) -> bool {
        self.backstop == env!("CARGO_PKG_VERSION")
    }
}
