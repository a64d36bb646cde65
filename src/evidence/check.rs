//! Whether a bundle is what it was when it was made; each fault names its file.

use super::{ENVELOPE, Files, MANIFEST, Manifest, PublicKey, SEAL, seal, sha256, sign};

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    pub file: String,
    /// A sentence that goes on after the file's name.
    pub message: String,
}

/// What was found out of a bundle.
#[derive(Debug)]
pub struct Checked {
    /// None: every byte is as it was.
    pub faults: Vec<Fault>,
    /// Where there is one that can be believed.
    pub manifest: Option<Manifest>,
    /// The manifest's SHA-256, which the next bundle names.
    pub hash: String,
    pub is_signed: bool,
}

/// Signatures are compared with the key only where one is given.
pub fn check(files: &Files, key: Option<&PublicKey>) -> Checked {
    let mut faults = seal::check(files);
    let bytes = files.get(MANIFEST).map(Vec::as_slice).unwrap_or_default();
    let (hash, envelope) = (sha256(bytes), files.get(ENVELOPE));
    let is_broken = faults.iter().any(|fault| [MANIFEST, ENVELOPE].contains(&fault.file.as_str()));
    let mut fault = |file: &str, message: String| faults.push(Fault { file: file.to_owned(), message });
    match (envelope, key) {
        // One that has changed has been named, and one about a manifest that has changed is not at fault.
        (Some(_), _) if is_broken => {}
        (Some(envelope), _) => {
            if let Err(message) = sign::check(envelope, &hash, key) {
                fault(ENVELOPE, message);
            }
        }
        (None, Some(_)) => fault(ENVELOPE, "it is missing: nobody signed the bundle".to_owned()),
        (None, None) => {}
    }
    let manifest = match Manifest::parse(bytes) {
        Ok(manifest) => manifest,
        Err(message) => {
            if files.contains_key(MANIFEST) {
                fault(MANIFEST, message);
            }
            faults.sort();
            faults.dedup_by(|a, b| a.file == b.file);
            return Checked { faults, manifest: None, hash, is_signed: envelope.is_some() };
        }
    };
    // A manifest that has changed cannot tell whether others have.
    if !faults.iter().any(|fault| fault.file == MANIFEST) {
        faults.extend(parts(files, &manifest));
    }
    faults.sort();
    faults.dedup_by(|a, b| a.file == b.file);
    Checked { faults, manifest: Some(manifest), hash, is_signed: envelope.is_some() }
}

fn parts(files: &Files, manifest: &Manifest) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut fault = |file: &str, message: &str| faults.push(Fault { file: file.to_owned(), message: message.to_owned() });
    for part in &manifest.files {
        match files.get(&part.path) {
            None => fault(&part.path, "it is missing"),
            Some(bytes) if bytes.len() != part.bytes => fault(&part.path, "it is longer or shorter than it was"),
            Some(bytes) if sha256(bytes) != part.sha256 => fault(&part.path, "it has another hash"),
            Some(_) => {}
        }
    }
    let known = |path: &str| [MANIFEST, ENVELOPE, SEAL].contains(&path) || manifest.files.iter().any(|part| part.path == path);
    for path in files.keys().filter(|path| !known(path)) {
        fault(path, "the manifest does not know it");
    }
    faults
}
