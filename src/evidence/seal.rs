//! The seal: the hashes of the manifest and of its signature, which cannot hold their own.

use super::{ENVELOPE, Fault, Files, MANIFEST, SEAL, sha256};

/// A line for each of them that is there, as `sha256sum` writes them.
pub fn of(files: &Files) -> String {
    let line = |name: &&str| files.get(*name).map(|bytes| format!("{}  {name}\n", sha256(bytes)));
    [MANIFEST, ENVELOPE].iter().filter_map(line).collect()
}

/// What of seal, manifest and signature is not as it was.
pub fn check(files: &Files) -> Vec<Fault> {
    let fault = |file: &str, message: &str| Fault { file: file.to_owned(), message: message.to_owned() };
    let missing: Vec<Fault> =
        [SEAL, MANIFEST].iter().filter(|name| !files.contains_key(**name)).map(|name| fault(name, "it is missing")).collect();
    if !missing.is_empty() {
        return missing;
    }
    let stands = files.get(SEAL).map(|bytes| String::from_utf8_lossy(bytes).into_owned()).unwrap_or_default();
    let mut lines = stands.split_inclusive('\n');
    let mut faults = Vec::new();
    for name in [MANIFEST, ENVELOPE] {
        let Some(bytes) = files.get(name) else { continue };
        let hash = sha256(bytes);
        match lines.next().and_then(|line| line.strip_suffix(&format!("  {name}\n"))) {
            Some(said) if said == hash => {}
            Some(said) if is_hash(said) => {
                // A file that has changed has another hash altogether: where but one digit differs, the digit has changed.
                let differing = said.bytes().zip(hash.bytes()).filter(|(said, is)| said != is).count();
                let (file, message) = if differing == 1 { (SEAL, "one digit of it has changed") } else { (name, "it has another hash") };
                faults.push(fault(file, message));
            }
            _ => faults.push(fault(SEAL, "it is not what `sha256sum` would write")),
        }
    }
    match lines.next() {
        None => {}
        Some(line) if !files.contains_key(ENVELOPE) && line.ends_with(&format!("  {ENVELOPE}\n")) => {
            faults.push(fault(ENVELOPE, "it is missing"));
        }
        Some(_) => faults.push(fault(SEAL, "it tells of files that are not there")),
    }
    faults.dedup();
    faults
}

fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}
