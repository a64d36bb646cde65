//! A history in a directory.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::place::{Shelf, Stored};
use crate::cmd::output;
use crate::collect::Put;
use crate::error::Error;

pub struct Directory(PathBuf);

impl Directory {
    pub fn open(path: PathBuf) -> Result<Self, Error> {
        if path.is_file() {
            let file = format!("'{}' is a file, and a history is a directory", path.display());
            return Err(Error::usage(file, "give a directory, which is made where there is none, or s3://BUCKET/PREFIX"));
        }
        let unwritten = |source| Error::Output { path: path.clone(), source };
        fs::create_dir_all(&path).and_then(|()| tempfile::tempfile_in(&path)).map_err(unwritten)?;
        Ok(Directory(path))
    }

    fn unwritten(&self, source: io::Error) -> Error {
        Error::Output { path: self.0.clone(), source }
    }

    /// A file that is whole before it has its name.
    fn whole(&self, bytes: &[u8]) -> io::Result<tempfile::NamedTempFile> {
        let mut file = output::temporary(0o666).tempfile_in(&self.0)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        Ok(file)
    }

    /// Held for as long as the value lives, by one run of this machine. Where the file system has no locks, or none on directories,
    /// nothing is held, and two runs that end in the same moment are as before: the last one is the newest.
    fn lock(&self) -> Option<File> {
        File::open(&self.0).ok().filter(|directory| directory.lock().is_ok())
    }
}

impl Shelf for Directory {
    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn read(&self, name: &str, most: u64) -> Result<Option<Stored>, Error> {
        let path = self.path(name);
        let mut bytes = Vec::new();
        match file(&path).and_then(|file| file.take(most.saturating_add(1)).read_to_end(&mut bytes)) {
            Ok(_) if bytes.len() as u64 > most => {
                Err(Error::Baseline { path, message: format!("it has more than {most} bytes, which nothing that is kept here has") })
            }
            Ok(_) => Ok(Some(Stored { bytes, etag: None })),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(Error::ConfigFile { path, source }),
        }
    }

    fn names(&self) -> Result<Vec<(String, u64)>, Error> {
        let all = fs::read_dir(&self.0).and_then(|entries| {
            entries
                .map(|entry| {
                    let entry = entry?;
                    // A link may lead anywhere, and to nowhere.
                    let size = fs::metadata(entry.path()).map_or(0, |metadata| metadata.len());
                    Ok((entry.file_name().to_string_lossy().into_owned(), size))
                })
                .collect()
        });
        all.map_err(|source| Error::ConfigFile { path: self.0.clone(), source })
    }

    fn put_new(&self, name: &str, bytes: &[u8]) -> Result<Put, Error> {
        match self.whole(bytes).map_err(|error| self.unwritten(error))?.persist_noclobber(self.path(name)) {
            Ok(_) => Ok(Put::Done),
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(Put::Beaten),
            Err(error) => Err(self.unwritten(error.error)),
        }
    }

    fn replace(&self, name: &str, bytes: &[u8], former: &Stored) -> Result<Put, Error> {
        let file = self.whole(bytes).map_err(|error| self.unwritten(error))?;
        let _lock = self.lock();
        let now = self.read(name, former.bytes.len() as u64 + bytes.len() as u64 + u64::from(u16::MAX))?;
        if now.is_none_or(|now| now.bytes != former.bytes) {
            return Ok(Put::Beaten);
        }
        file.persist(self.path(name)).map_err(|error| self.unwritten(error.error))?;
        Ok(Put::Done)
    }
}

/// Whoever opens a pipe waits for its other end.
fn file(path: &Path) -> io::Result<File> {
    if fs::metadata(path)?.is_file() { File::open(path) } else { Err(io::Error::other("it is no file")) }
}
