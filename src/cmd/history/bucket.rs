//! A history in a bucket.

use std::path::PathBuf;

use tokio::runtime::{Builder, Runtime};

use super::place::{Shelf, Stored};
use crate::cmd::collect::interruption;
use crate::collect::{Bucket, BucketError, Location, Object, Put};
use crate::error::Error;

pub struct InBucket {
    bucket: Bucket,
    place: String,
    runtime: Runtime,
}

impl InBucket {
    pub fn open(location: Location, profile: Option<&str>, region: Option<&str>) -> Result<Self, Error> {
        let runtime = Builder::new_current_thread().enable_all().build().map_err(Error::Runtime)?;
        let place = location.to_string();
        let bucket = run(&runtime, &place, Bucket::open(location, profile, region))?;
        Ok(InBucket { bucket, place, runtime })
    }

    fn run<T>(&self, asking: impl Future<Output = Result<T, BucketError>>) -> Result<T, Error> {
        run(&self.runtime, &self.place, asking)
    }
}

/// The network may take its time, and after the account was observed nothing else listens for an interruption.
fn run<T>(runtime: &Runtime, place: &str, asking: impl Future<Output = Result<T, BucketError>>) -> Result<T, Error> {
    runtime.block_on(async {
        tokio::select! {
            answer = asking => Ok(answer?),
            () = interruption() => Err(BucketError::Interrupted { place: place.to_owned() }.into()),
        }
    })
}

impl Shelf for InBucket {
    fn path(&self, name: &str) -> PathBuf {
        self.bucket.object(name).into()
    }

    fn read(&self, name: &str, most: u64) -> Result<Option<Stored>, Error> {
        let object = self.run(self.bucket.read(name, most))?;
        Ok(object.map(|Object { bytes, etag }| Stored { bytes, etag }))
    }

    fn names(&self) -> Result<Vec<(String, u64)>, Error> {
        self.run(self.bucket.names())
    }

    fn put_new(&self, name: &str, bytes: &[u8]) -> Result<Put, Error> {
        self.run(self.bucket.put_new(name, bytes.to_vec()))
    }

    fn replace(&self, name: &str, bytes: &[u8], former: &Stored) -> Result<Put, Error> {
        self.run(self.bucket.replace(name, bytes.to_vec(), former.etag.as_deref()))
    }
}
