//! A bundle as one archive: sorted, without times and owners, so that the same files are the same bytes.

use std::io::{self, Read, Write};

use super::Files;

/// An archive that unpacks to this many bytes may be a person's, however small it is.
const ALWAYS: u64 = 256 << 20;
/// Reports of a large account shrink to a fiftieth. What shrinks to less than this was made to fill the memory of whoever unpacks it.
const SHRINKS: u64 = 500;

/// As tar has it, not compressed.
pub fn archive(files: &Files) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    write_archive(files, &mut bytes)?;
    Ok(bytes)
}

/// The same, without a copy of it all in memory.
pub fn write_archive(files: &Files, to: impl Write) -> io::Result<()> {
    let mut archive = tar::Builder::new(to);
    for (path, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_mtime(0);
        header.set_uid(0);
        header.set_gid(0);
        archive.append_data(&mut header, path, bytes.as_slice())?;
    }
    archive.finish()
}

/// The archive that was compressed with zstd; an error where it is none, or unpacks to what no bundle is.
pub fn decompress(packed: &[u8]) -> io::Result<Vec<u8>> {
    let most = ALWAYS.max(SHRINKS.saturating_mul(packed.len() as u64));
    let mut archive = Vec::new();
    zstd::Decoder::new(packed)?.take(most + 1).read_to_end(&mut archive)?;
    if archive.len() as u64 > most {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "it unpacks to far more than a bundle of its size holds"));
    }
    Ok(archive)
}

/// The files of an archive, which are read into memory and nowhere else. Anything that `archive` would not have made is an error.
pub fn unpack(bytes: &[u8]) -> io::Result<Files> {
    let wrong = |message: &str| io::Error::new(io::ErrorKind::InvalidData, message.to_owned());
    let mut files = Files::new();
    let mut archive = tar::Archive::new(bytes);
    for entry in archive.entries()? {
        let mut entry = entry?;
        let path = String::from_utf8(entry.path_bytes().into_owned()).map_err(|_| wrong("a path in it is no text"))?;
        // A link leads anywhere, and a sparse file claims to be as long as it likes.
        if entry.header().entry_type() != tar::EntryType::Regular {
            return Err(wrong(&format!("'{path}' in it is no ordinary file")));
        }
        let mut content = Vec::new();
        entry.read_to_end(&mut content)?;
        if files.insert(path, content).is_some() {
            return Err(wrong("a file is twice in it"));
        }
    }
    Ok(files)
}
