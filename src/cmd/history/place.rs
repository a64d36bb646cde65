//! Where results are kept: a directory or a bucket, which differ in how objects are read and put, and in nothing else.

use std::path::PathBuf;

use super::bucket::InBucket;
use super::directory::Directory;
use crate::collect::{Location, Put, SCHEME};
use crate::error::Error;

/// A place as the command line names it.
#[derive(Debug, Clone)]
pub enum Place {
    Directory(PathBuf),
    Bucket(Location),
}

impl Place {
    pub fn parse(text: &str) -> Result<Self, Error> {
        if text.starts_with(SCHEME) {
            return Ok(Place::Bucket(Location::parse(text)?));
        }
        if text.is_empty() || text.contains("://") {
            return Err(Error::usage(
                format!("--history '{text}' is neither a directory nor a bucket of S3"),
                "write a directory, or s3://BUCKET/PREFIX",
            ));
        }
        Ok(Place::Directory(PathBuf::from(text)))
    }

    /// Fails where nothing could be kept. A bucket is asked with this profile, and in this Region where none is configured.
    pub fn open(self, profile: Option<&str>, region: Option<&str>) -> Result<Box<dyn Shelf>, Error> {
        Ok(match self {
            Place::Directory(path) => Box::new(Directory::open(path)?),
            Place::Bucket(location) => Box::new(InBucket::open(location, profile, region)?),
        })
    }
}

/// What a name stands for at the moment it was read.
#[derive(Debug, Clone)]
pub struct Stored {
    pub bytes: Vec<u8>,
    /// S3's own mark of these bytes.
    pub etag: Option<String>,
}

/// Objects by name. None is ever deleted.
pub trait Shelf {
    /// What errors call it.
    fn path(&self, name: &str) -> PathBuf;

    /// `None` where there is surely none. An object of more than `most` bytes is an error.
    fn read(&self, name: &str, most: u64) -> Result<Option<Stored>, Error>;

    /// The names of all that is there, with their sizes in bytes, in no order.
    fn names(&self) -> Result<Vec<(String, u64)>, Error>;

    /// Puts an object where there is none.
    fn put_new(&self, name: &str, bytes: &[u8]) -> Result<Put, Error>;

    /// Puts an object in the place of what was read, and of nothing else.
    fn replace(&self, name: &str, bytes: &[u8], former: &Stored) -> Result<Put, Error>;
}
