//! The long memory: results by their time, and which of them is the newest. None is ever written over.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::baseline;
use super::output;
use crate::audit::{Baseline, Record};
use crate::error::Error;
use crate::evidence::sha256;
use crate::snapshot::Timestamp;

const SCHEMA: &str = "backstop/history/1";
const POINTER: &str = "latest.json";

/// What `--baseline` calls the newest result.
pub const LATEST: &str = "latest";

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
    directory: PathBuf,
    latest: Option<Pointer>,
}

impl History {
    /// Fails where nothing could be kept, before anything else is done.
    pub fn open(place: &str) -> Result<Self, Error> {
        if place.contains("://") {
            return Err(Error::usage(
                format!("--history '{place}' is no directory"),
                "keep it in a directory, and copy that to a bucket afterwards: nothing in it but latest.json ever changes",
            ));
        }
        let directory = PathBuf::from(place);
        let unwritten = |source| Error::Output { path: directory.clone(), source };
        fs::create_dir_all(&directory).and_then(|()| tempfile::tempfile_in(&directory)).map_err(unwritten)?;
        let path = directory.join(POINTER);
        let latest = match fs::read(&path) {
            Ok(bytes) => Some(pointer(&bytes, &path)?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(source) => return Err(Error::ConfigFile { path, source }),
        };
        Ok(History { directory, latest })
    }

    pub fn latest(&self) -> Option<&Pointer> {
        self.latest.as_ref()
    }

    /// The newest result; of an empty history one in which nothing was found, so that all is new.
    pub fn baseline(&self) -> Result<Baseline, Error> {
        let Some(latest) = &self.latest else { return Ok(Baseline::default()) };
        let path = self.directory.join(&latest.result);
        let packed = fs::read(&path).map_err(|source| Error::ConfigFile { path: path.clone(), source })?;
        let wrong = |message: &str| Error::Baseline { path: path.clone(), message: message.to_owned() };
        if sha256(&packed) != latest.sha256 {
            return Err(wrong("it is not what latest.json says it was"));
        }
        let bytes = zstd::decode_all(packed.as_slice()).map_err(|_| wrong("it is not a whole zstd file"))?;
        baseline::record(&bytes, &path).map(Record::baseline)
    }

    /// The names of the files that are there, with their sizes in bytes, in no order.
    pub fn nights(&self) -> io::Result<Vec<(String, u64)>> {
        let mut nights = Vec::new();
        for entry in fs::read_dir(&self.directory)? {
            let entry = entry?;
            // A link may lead anywhere, and to nowhere.
            let size = fs::metadata(entry.path()).map_or(0, |metadata| metadata.len());
            nights.push((entry.file_name().to_string_lossy().into_owned(), size));
        }
        Ok(nights)
    }

    /// What is in the file of this name, which `nights` has told: as much of it as there was then.
    pub fn read(&self, name: &str, size: u64) -> io::Result<Vec<u8>> {
        let path = self.directory.join(name);
        if !fs::metadata(&path)?.is_file() {
            return Err(io::Error::other("it is no file"));
        }
        let mut bytes = Vec::new();
        fs::File::open(path)?.take(size).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Keeps a report. The same report once more changes nothing, and an older one is not the newest.
    pub fn keep(&self, report: &[u8], as_of: Timestamp, manifest: Option<String>) -> Result<(), Error> {
        let unwritten = |source| Error::Output { path: self.directory.clone(), source };
        let mut packed = Vec::new();
        output::compress(&mut packed, |to| to.write_all(report)).map_err(unwritten)?;
        let short: String = sha256(report).chars().take(12).collect();
        let result = format!("{}-{short}.json.zst", as_of.to_string().replace(':', "-"));
        self.put_new(&result, &packed).map_err(unwritten)?;
        if self.latest.as_ref().is_some_and(|latest| latest.as_of > as_of) {
            return Ok(());
        }
        let manifest = manifest.or_else(|| self.latest.as_ref().and_then(|latest| latest.manifest.clone()));
        let pointer = Pointer { schema: SCHEMA.to_owned(), as_of, result, sha256: sha256(&packed), manifest };
        let mut text = serde_json::to_vec_pretty(&pointer).map_err(|error| unwritten(error.into()))?;
        text.push(b'\n');
        self.whole(&text).and_then(|file| Ok(file.persist(self.directory.join(POINTER))?)).map_err(unwritten)?;
        Ok(())
    }

    fn put_new(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        match self.whole(bytes)?.persist_noclobber(self.directory.join(name)) {
            // Its name holds its hash.
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            put => put.map(|_| ()).map_err(|error| error.error),
        }
    }

    /// A file that is whole before it has its name.
    fn whole(&self, bytes: &[u8]) -> io::Result<tempfile::NamedTempFile> {
        let mut file = output::temporary(0o666).tempfile_in(&self.directory)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        Ok(file)
    }
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
