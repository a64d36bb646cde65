//! Files that are opened before the slow work, and written whole or not at all.

use std::fs::{File, Permissions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::error::Error;
use crate::term;

/// Compresses a snapshot to a tenth at hardly any cost.
const ZSTD_LEVEL: i32 = 3;

/// Where a document goes.
pub struct Output {
    path: PathBuf,
    to: Target,
}

enum Target {
    Stdout,
    /// Under a temporary name until it is whole.
    File {
        temporary: NamedTempFile,
        path: PathBuf,
    },
    /// A pipe or a device: there is nothing to put in its place.
    Stream(File),
}

impl Output {
    pub fn open(path: &Path) -> Result<Self, Error> {
        let to = target(path).map_err(|source| Error::Output { path: path.to_owned(), source })?;
        Ok(Output { path: path.to_owned(), to })
    }

    pub fn is_stdout(&self) -> bool {
        matches!(self.to, Target::Stdout)
    }

    /// The file that will be put in place; `None` where it goes to a pipe or a device.
    pub fn file(&self) -> Option<&Path> {
        match &self.to {
            Target::File { path, .. } => Some(path),
            Target::Stdout | Target::Stream(_) => None,
        }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What happens when there is nothing to write.
    pub fn fault(&self, source: io::Error) -> Error {
        Error::Output { path: self.path.clone(), source }
    }

    /// Writes the document; compressed, when the file's name ends in `.zst`.
    pub fn write(self, document: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Error> {
        let Output { path, to } = self;
        let compressed = path.extension().is_some_and(|extension| extension == "zst");
        put(to, compressed, document).map_err(|source| Error::Output { path, source })
    }
}

fn target(path: &Path) -> io::Result<Target> {
    if path == Path::new("-") {
        return Ok(Target::Stdout);
    }
    // The file that a link leads to is replaced, not the link.
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    if path.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a directory"));
    }
    if path.exists() && !path.is_file() {
        return Ok(Target::Stream(File::options().write(true).open(path)?));
    }
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".backstop-");
    // Temporary files are private by default; this one becomes an ordinary file, as the umask has it.
    #[cfg(unix)]
    builder.permissions(<Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o666));
    Ok(Target::File { temporary: builder.tempfile_in(directory)?, path })
}

fn put(to: Target, compressed: bool, document: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    match to {
        Target::Stdout => term::stream(document),
        Target::Stream(file) => buffered(file, document),
        Target::File { temporary, path } => {
            if compressed {
                let mut encoder = zstd::Encoder::new(temporary.as_file(), ZSTD_LEVEL)?;
                buffered(&mut encoder, document)?;
                encoder.finish()?;
            } else {
                buffered(temporary.as_file(), document)?;
            }
            temporary.persist(path)?;
            Ok(())
        }
    }
}

fn buffered(to: impl Write, document: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut to = BufWriter::new(to);
    document(&mut to)?;
    to.flush()
}
