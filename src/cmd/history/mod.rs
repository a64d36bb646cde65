//! The long memory: results by their time, and which of them is the newest. None is ever written over.
//!
//! - `place`: what a history needs of where it is; `directory` and `bucket`: the two kinds of places

mod bucket;
mod directory;
mod place;

use std::io::{self, Read};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::baseline;
use super::output;
use crate::audit::{Baseline, Record};
use crate::collect::{BucketError, Put};
use crate::error::Error;
use crate::evidence::sha256;
use crate::snapshot::Timestamp;
pub use place::Place;
use place::{Shelf, Stored};

const SCHEMA: &str = "backstop/history/1";
const POINTER: &str = "latest.json";

/// What `--baseline` calls the newest result.
pub const LATEST: &str = "latest";

/// Bytes that a pointer and a result may have: what is larger was not put there by us, and is not read into memory. The result of an
/// account with a million recovery points has about 400 MB.
const LARGEST_POINTER: u64 = 64 * 1024;
const LARGEST_RESULT: u64 = 1024 * 1024 * 1024;
/// Reports are packed to a tenth or a twentieth: each finding has a fingerprint, of which nothing repeats.
const LARGEST_RATIO: u64 = 256;
const ALWAYS_UNPACKED: u64 = 64 * 1024 * 1024;

/// How often this run gives way to others that end at the same time.
const ATTEMPTS: usize = 32;

/// `latest.json`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Pointer {
    schema: String,
    as_of: Timestamp,
    /// The file's name, beside this one.
    result: String,
    /// Of that file's bytes.
    sha256: String,
    /// SHA-256 of the manifest of the newest bundle.
    pub manifest: Option<String>,
}

pub struct History {
    shelf: Box<dyn Shelf>,
    latest: Option<Latest>,
}

/// The pointer, and the bytes that it was read from.
struct Latest {
    pointer: Pointer,
    stored: Stored,
}

impl History {
    /// Fails where nothing could be kept, before anything slow is done.
    pub fn open(place: Place, profile: Option<&str>, region: Option<&str>) -> Result<Self, Error> {
        let shelf = place.open(profile, region)?;
        let latest = latest(shelf.as_ref())?;
        Ok(History { shelf, latest })
    }

    pub fn latest(&self) -> Option<&Pointer> {
        self.latest.as_ref().map(|latest| &latest.pointer)
    }

    /// The newest result; of an empty history one in which nothing was found, so that all is new.
    pub fn baseline(&self) -> Result<Baseline, Error> {
        let Some(latest) = self.latest() else { return Ok(Baseline::default()) };
        let path = self.shelf.path(&latest.result);
        let wrong = |message: &str| Error::Baseline { path: path.clone(), message: message.to_owned() };
        let stored = self.shelf.read(&latest.result, LARGEST_RESULT)?.ok_or_else(|| wrong("latest.json names it, and it is not there"))?;
        if sha256(&stored.bytes) != latest.sha256 {
            return Err(wrong("it is not what latest.json says it was"));
        }
        let bytes = unpack(&stored.bytes).map_err(|error| wrong(&format!("it is not a whole zstd file of a report: {error}")))?;
        baseline::record(&bytes, &path).map(Record::baseline)
    }

    /// The names of all that is kept, with their sizes in bytes, in no order.
    pub fn nights(&self) -> Result<Vec<(String, u64)>, Error> {
        self.shelf.names()
    }

    /// What is kept under this name, which `nights` has told, and has no more bytes than it had then.
    pub fn read(&self, name: &str, size: u64) -> Result<Vec<u8>, Error> {
        let path = self.shelf.path(name);
        let gone = || Error::Baseline { path, message: "it is no longer there".to_owned() };
        Ok(self.shelf.read(name, size.min(LARGEST_RESULT))?.ok_or_else(gone)?.bytes)
    }

    /// Keeps a report. The same report once more changes nothing, and an older one is not the newest.
    pub fn keep(&self, report: &[u8], as_of: Timestamp, manifest: Option<String>) -> Result<(), Error> {
        let (result, sha256) = self.put(report, as_of)?;
        let mut read_again = None;
        let mut latest = self.latest.as_ref();
        for _ in 0..ATTEMPTS {
            if latest.is_some_and(|latest| latest.pointer.as_of > as_of) {
                return Ok(());
            }
            let manifest = manifest.clone().or_else(|| latest.and_then(|latest| latest.pointer.manifest.clone()));
            let pointer = Pointer { schema: SCHEMA.to_owned(), as_of, result: result.clone(), sha256: sha256.clone(), manifest };
            let text = self.text(&pointer)?;
            let put = match latest {
                Some(latest) if latest.stored.bytes == text => return Ok(()),
                Some(latest) => self.shelf.replace(POINTER, &text, &latest.stored)?,
                None => self.shelf.put_new(POINTER, &text)?,
            };
            if put == Put::Done {
                return Ok(());
            }
            // Another run has ended in the meantime, and may be newer.
            latest = read_again.insert(self::latest(self.shelf.as_ref())?).as_ref();
        }
        Err(BucketError::Contended { object: self.shelf.path(POINTER).display().to_string() }.into())
    }

    /// Puts a report under its time and its hash; returns its name, and the hash of the bytes that are kept.
    fn put(&self, report: &[u8], as_of: Timestamp) -> Result<(String, String), Error> {
        let short: String = sha256(report).chars().take(12).collect();
        let name = format!("{}-{short}.json.zst", as_of.to_string().replace(':', "-"));
        let path = self.shelf.path(&name);
        let unwritten = |source| Error::Output { path: path.clone(), source };
        let mut packed = Vec::new();
        output::compress(&mut packed, |to| to.write_all(report)).map_err(unwritten)?;
        if packed.len() as u64 > LARGEST_RESULT || report.len() as u64 > most_of(&packed) {
            return Err(unwritten(io::Error::new(io::ErrorKind::FileTooLarge, "the report is larger than a history reads again")));
        }
        for _ in 0..ATTEMPTS {
            if self.shelf.put_new(&name, &packed)? == Put::Done {
                return Ok((name, sha256(&packed)));
            }
            // Its name holds its hash. What another version has compressed may have other bytes, and S3 says the same of a put that it
            // did not take because of another.
            let Some(stored) = self.shelf.read(&name, LARGEST_RESULT)? else { continue };
            if stored.bytes == packed || unpack(&stored.bytes).is_ok_and(|kept| kept == report) {
                return Ok((name, sha256(&stored.bytes)));
            }
            return Err(Error::Baseline { path, message: "it stands where this run's result belongs, and is another".to_owned() });
        }
        Err(BucketError::Contended { object: path.display().to_string() }.into())
    }

    fn text(&self, pointer: &Pointer) -> Result<Vec<u8>, Error> {
        let unwritten = |error: serde_json::Error| Error::Output { path: self.shelf.path(POINTER), source: error.into() };
        let mut text = serde_json::to_vec_pretty(pointer).map_err(unwritten)?;
        text.push(b'\n');
        Ok(text)
    }
}

fn latest(shelf: &dyn Shelf) -> Result<Option<Latest>, Error> {
    let Some(stored) = shelf.read(POINTER, LARGEST_POINTER)? else { return Ok(None) };
    let pointer = pointer(&stored.bytes, &shelf.path(POINTER))?;
    Ok(Some(Latest { pointer, stored }))
}

fn pointer(bytes: &[u8], path: &Path) -> Result<Pointer, Error> {
    let wrong = |message: String| Error::Baseline { path: path.to_owned(), message };
    let pointer: Pointer = serde_json::from_slice(bytes).map_err(|error| wrong(error.to_string()))?;
    // It may only name what stands beside it.
    let is_beside = Path::new(&pointer.result).file_name().is_some_and(|name| name == pointer.result.as_str());
    if pointer.schema != SCHEMA || !is_beside {
        return Err(wrong(format!("it is no pointer of schema '{SCHEMA}'")));
    }
    Ok(pointer)
}

fn most_of(packed: &[u8]) -> u64 {
    ALWAYS_UNPACKED + (packed.len() as u64).saturating_mul(LARGEST_RATIO)
}

fn unpack(packed: &[u8]) -> io::Result<Vec<u8>> {
    let most = most_of(packed);
    let mut report = Vec::new();
    zstd::Decoder::new(packed)?.take(most + 1).read_to_end(&mut report)?;
    if report.len() as u64 > most {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "it unpacks to more than a report ever has"));
    }
    Ok(report)
}
