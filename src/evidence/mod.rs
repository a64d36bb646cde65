//! EVIDENCE: a bundle of files that shows what it was when it was made. Knows nothing of what the files say; uses `snapshot` for times.
//!
//! - `manifest`: the hashes of all files, chained to the bundle before
//! - `seal`: the hashes of the manifest and its signature, as `sha256sum -c` reads them
//! - `sign`: an in-toto statement about the manifest, in a DSSE envelope
//! - `pack`: a bundle as one archive, the same bytes wherever it is made
//! - `check`: what is not as it was

mod check;
mod manifest;
mod pack;
mod seal;
mod sign;

use std::collections::BTreeMap;

pub use check::{Checked, Fault, check};
pub use manifest::{Conclusion, Manifest};
pub use pack::{archive, decompress, unpack, write_archive};
pub use sign::{KeyError, PublicKey, SigningKey};

/// A bundle: its files by their paths, with `/`.
pub type Files = BTreeMap<String, Vec<u8>>;

pub const MANIFEST: &str = "manifest.json";
pub const ENVELOPE: &str = "manifest.dsse.json";
pub const SEAL: &str = "SHA256SUMS";

/// Adds the manifest, its signature where there is a key, and the seal. The hash is that of the manifest.
pub fn close(mut files: Files, manifest: &Manifest, key: Option<&SigningKey>) -> (Files, String) {
    let bytes = manifest.bytes();
    let hash = sha256(&bytes);
    if let Some(key) = key {
        files.insert(ENVELOPE.to_owned(), key.envelope(manifest, &hash));
    }
    files.insert(MANIFEST.to_owned(), bytes);
    let seal = seal::of(&files);
    files.insert(SEAL.to_owned(), seal.into_bytes());
    (files, hash)
}

/// In hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    hex::encode(Sha256::digest(bytes))
}

#[cfg(test)]
mod tests;
