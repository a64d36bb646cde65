//! Files to snapshots: one document, a `.zst` of one, or a directory of them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::{SCHEMA, Snapshot};

/// Why a snapshot could not be read, with what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("cannot read '{}': {source}", path.display())]
    File { path: PathBuf, source: std::io::Error },
    #[error("'{}' holds no snapshot; a directory needs at least one file that ends in .json or .json.zst", path.display())]
    EmptyDirectory { path: PathBuf },
    #[error("'{}' is not a whole zstd file: {source}", path.display())]
    Compression { path: PathBuf, source: std::io::Error },
    #[error("'{}' is not a snapshot: {}line {line}, column {column}: {message}", path.display(), member(at))]
    Document { path: PathBuf, at: String, line: usize, column: usize, message: String },
    #[error("'{}' says Schema '{found}'; this version of Backstop reads '{SCHEMA}'", path.display())]
    Schema { path: PathBuf, found: String },
    #[error("'{}' and '{}' both hold unit {unit}; give one of them, or keep them in two directories", first.display(), second.display())]
    Twice { first: PathBuf, second: PathBuf, unit: String },
}

/// The path to a member; the document itself has none.
fn member(at: &str) -> String {
    if at == "." { String::new() } else { format!("at '{at}', ") }
}

impl ReadError {
    /// The file is missing or unreadable, as opposed to wrong.
    pub fn is_missing(&self) -> bool {
        matches!(self, ReadError::File { .. } | ReadError::EmptyDirectory { .. })
    }
}

/// Whether to take the digest of what is read. On a large document that costs a good part of what reading it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Digest {
    Take,
    Skip,
    /// Take it, and keep the documents' bytes.
    Keep,
}

/// A snapshot, and what tells it from every other.
#[derive(Debug, Clone)]
pub struct Reading {
    pub snapshot: Snapshot,
    /// SHA-256 of the document; of a directory, that of its documents' own, in the order of their names. Hexadecimal; empty
    /// where it was not asked for.
    pub sha256: String,
    /// The documents as they were read, by the names that they have in a bundle; empty where they were not to be kept.
    pub documents: BTreeMap<String, Vec<u8>>,
}

/// What a bundle calls the only document.
const DOCUMENT: &str = "snapshot.json";

/// Reads a document, or every `.json` and `.json.zst` of a directory as one snapshot.
pub fn read(path: &Path, digest: Digest) -> Result<Reading, ReadError> {
    if !path.is_dir() {
        return read_document(path, digest);
    }
    together(documents(path)?.into_iter().map(|path| (read_document(&path, digest), path)), digest)
}

/// Reads what a bundle kept of a reading, with its digest.
pub fn from_documents(documents: &BTreeMap<String, Vec<u8>>) -> Result<Reading, ReadError> {
    match documents.get(DOCUMENT) {
        Some(only) => from_bytes(only, Path::new(DOCUMENT), Digest::Take),
        None => {
            let read = |(name, bytes): (&String, &Vec<u8>)| (from_bytes(bytes, Path::new(name), Digest::Take), PathBuf::from(name));
            together(documents.iter().map(read), Digest::Take)
        }
    }
}

fn together(readings: impl Iterator<Item = (Result<Reading, ReadError>, PathBuf)>, digest: Digest) -> Result<Reading, ReadError> {
    let mut digests = Sha256::new();
    let mut units = Vec::new();
    let mut kept = BTreeMap::new();
    let mut seen: BTreeMap<String, PathBuf> = BTreeMap::new();
    for (at, (reading, path)) in readings.enumerate() {
        let reading = reading?;
        digests.update(reading.sha256.as_bytes());
        kept.extend(reading.documents.into_values().map(|bytes| (format!("snapshot/{at:06}.json"), bytes)));
        for unit in reading.snapshot.units {
            if let Some(first) = seen.insert(unit.label(), path.clone()) {
                return Err(ReadError::Twice { first, second: path, unit: unit.label() });
            }
            units.push(unit);
        }
    }
    units.sort_by_key(|unit| unit.label());
    Ok(Reading {
        snapshot: Snapshot { schema: SCHEMA.to_owned(), units },
        sha256: if digest == Digest::Skip { String::new() } else { hex::encode(digests.finalize()) },
        documents: kept,
    })
}

fn documents(directory: &Path) -> Result<Vec<PathBuf>, ReadError> {
    let unreadable = |source| ReadError::File { path: directory.to_owned(), source };
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if (name.ends_with(".json") || name.ends_with(".json.zst")) && path.is_file() {
            found.push(path);
        }
    }
    found.sort();
    if found.is_empty() { Err(ReadError::EmptyDirectory { path: directory.to_owned() }) } else { Ok(found) }
}

fn read_document(path: &Path, digest: Digest) -> Result<Reading, ReadError> {
    let unreadable = |source| ReadError::File { path: path.to_owned(), source };
    let mut bytes = Vec::new();
    File::open(path).map_err(unreadable)?.read_to_end(&mut bytes).map_err(unreadable)?;
    if path.extension().is_some_and(|extension| extension == "zst") {
        bytes = zstd::decode_all(bytes.as_slice()).map_err(|source| ReadError::Compression { path: path.to_owned(), source })?;
    }
    from_bytes(&bytes, path, digest)
}

/// Reads a document from memory, with its digest; `path` is what errors call it.
pub fn from_bytes(bytes: &[u8], path: &Path, digest: Digest) -> Result<Reading, ReadError> {
    let sha256 = match digest {
        Digest::Take | Digest::Keep => hex::encode(Sha256::digest(bytes)),
        Digest::Skip => String::new(),
    };
    Ok(Reading { snapshot: from_slice(bytes, path)?, sha256, documents: kept(digest, || bytes.to_vec()) })
}

/// Takes a document that is in memory already, with the digest of what it would be as a file.
pub fn from_value(document: serde_json::Value, path: &Path, digest: Digest) -> Result<Reading, ReadError> {
    let (sha256, documents) = written(&document, digest);
    let snapshot = serde_path_to_error::deserialize(document).map_err(|error| fault(path, error.path().to_string(), error.inner()))?;
    Ok(Reading { snapshot: checked(snapshot, path)?, sha256, documents })
}

impl Reading {
    /// Of a snapshot that was put together in memory.
    pub fn of(snapshot: Snapshot, digest: Digest) -> Self {
        let (sha256, documents) = written(&snapshot, digest);
        Reading { snapshot, sha256, documents }
    }
}

/// The digest of what a document would be as a file, and the file.
fn written(document: &impl serde::Serialize, digest: Digest) -> (String, BTreeMap<String, Vec<u8>>) {
    let mut hash = Hashed(Sha256::new());
    let sha256 = match digest {
        Digest::Take | Digest::Keep => {
            serde_json::to_writer(&mut hash, document).map(|()| hex::encode(hash.0.finalize())).unwrap_or_default()
        }
        Digest::Skip => String::new(),
    };
    (sha256, kept(digest, || serde_json::to_vec(document).unwrap_or_default()))
}

fn kept(digest: Digest, bytes: impl FnOnce() -> Vec<u8>) -> BTreeMap<String, Vec<u8>> {
    if digest == Digest::Keep { BTreeMap::from([(DOCUMENT.to_owned(), bytes())]) } else { BTreeMap::new() }
}

struct Hashed(Sha256);

impl std::io::Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Reads a document from memory; `path` is what errors call it.
pub fn from_slice(bytes: &[u8], path: &Path) -> Result<Snapshot, ReadError> {
    // Finding the path of a fault makes reading slower, so it is looked for only once there is one.
    let snapshot: Snapshot = match serde_json::from_slice(bytes) {
        Ok(snapshot) => snapshot,
        Err(_) if bytes.iter().find(|byte| !byte.is_ascii_whitespace()).is_some_and(|first| *first != b'{') => {
            let message = "it does not begin with '{', as a snapshot does".to_owned();
            return Err(ReadError::Document { path: path.to_owned(), at: ".".to_owned(), line: 1, column: 1, message });
        }
        Err(_) => serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_slice(bytes))
            .map_err(|error| fault(path, error.path().to_string(), error.inner()))
            .and_then(|_: Snapshot| Err(trailing(bytes, path)))?,
    };
    checked(snapshot, path)
}

/// What the types alone cannot refuse. The units come out in the order of their labels.
fn checked(mut snapshot: Snapshot, path: &Path) -> Result<Snapshot, ReadError> {
    if snapshot.schema != SCHEMA {
        return Err(ReadError::Schema { path: path.to_owned(), found: snapshot.schema.chars().take(60).collect() });
    }
    let mut seen = BTreeSet::new();
    if let Some(unit) = snapshot.units.iter().map(super::Unit::label).find(|label| !seen.insert(label.clone())) {
        return Err(ReadError::Twice { first: path.to_owned(), second: path.to_owned(), unit });
    }
    snapshot.units.sort_by_key(super::Unit::label);
    Ok(snapshot)
}

/// The document is whole and something stands behind it.
fn trailing(bytes: &[u8], path: &Path) -> ReadError {
    let error = serde_json::from_slice::<serde_json::Value>(bytes).err();
    match error {
        Some(error) => fault(path, ".".to_owned(), &error),
        None => ReadError::Document { path: path.to_owned(), at: ".".to_owned(), line: 1, column: 1, message: "not a snapshot".to_owned() },
    }
}

fn fault(path: &Path, at: String, error: &serde_json::Error) -> ReadError {
    // serde_json ends its message with the place, which is told separately.
    let message = error.to_string();
    let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message).to_owned();
    ReadError::Document { path: path.to_owned(), at, line: error.line(), column: error.column(), message }
}
