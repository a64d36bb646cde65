//! Files that are opened before the slow work, and written whole or not at all.

use std::fs::{File, Permissions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempDir};

use crate::error::Error;
use crate::evidence::{self, Files};
use crate::term;

/// Compresses a snapshot to a tenth at hardly any cost.
const ZSTD_LEVEL: i32 = 3;

/// What an archive's name ends in; a bundle with any other name is a directory.
pub const ARCHIVE: &str = ".tar.zst";

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
    /// Under a temporary name until all its files are whole.
    Directory {
        temporary: TempDir,
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

    /// For a bundle: an archive, or a directory of files. None that is there is written over, because it may be somebody's evidence.
    pub fn open_bundle(path: &Path) -> Result<Self, Error> {
        let fault = |source| Error::Output { path: path.to_owned(), source };
        if path == Path::new("-") {
            return Err(fault(io::Error::new(io::ErrorKind::InvalidInput, "a bundle is a directory, or a file that ends in .tar.zst")));
        }
        let is_empty = |path: &Path| std::fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_none());
        if path.exists() && !is_empty(path) {
            return Err(fault(io::Error::new(io::ErrorKind::AlreadyExists, "it is there, and a bundle is never written over")));
        }
        if path.to_string_lossy().ends_with(ARCHIVE) {
            return Output::open(path);
        }
        let temporary = temporary(0o777).tempdir_in(parent(path)).map_err(fault)?;
        Ok(Output { path: path.to_owned(), to: Target::Directory { temporary, path: path.to_owned() } })
    }

    /// Writes a bundle.
    pub fn write_files(self, files: &Files) -> Result<(), Error> {
        let Output { path, to } = self;
        let written = match to {
            Target::Directory { temporary, path } => put_directory(temporary, &path, files),
            to => put(to, true, |to| evidence::write_archive(files, to)),
        };
        written.map_err(|source| Error::Output { path, source })
    }

    pub fn is_stdout(&self) -> bool {
        matches!(self.to, Target::Stdout)
    }

    /// The file that will be put in place; `None` where it goes to a pipe or a device.
    pub fn file(&self) -> Option<&Path> {
        match &self.to {
            Target::File { path, .. } => Some(path),
            Target::Stdout | Target::Stream(_) | Target::Directory { .. } => None,
        }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What happens when there is nothing to write.
    pub fn fault(&self, source: io::Error) -> Error {
        Error::Output { path: self.path.clone(), source }
    }

    /// Leaves nothing there: what a former run wrote must not be taken for what this one found. Whether there was anything.
    pub fn clear(self) -> Result<bool, Error> {
        let Output { path, to } = self;
        match to {
            Target::File { path: file, .. } if file.is_file() => {
                std::fs::remove_file(file).map(|()| true).map_err(|source| Error::Output { path, source })
            }
            _ => Ok(false),
        }
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
    Ok(Target::File { temporary: temporary(0o666).tempfile_in(parent(&path))?, path })
}

/// For what becomes an ordinary file or directory, as the umask has it; temporary ones are private by default.
pub fn temporary(mode: u32) -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".backstop-");
    #[cfg(unix)]
    builder.permissions(<Permissions as std::os::unix::fs::PermissionsExt>::from_mode(mode));
    #[cfg(not(unix))]
    let _ = mode;
    builder
}

fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The same bytes for the same document, with a checksum of what was compressed.
pub fn compress<W: Write>(to: W, document: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<W> {
    let mut encoder = zstd::Encoder::new(to, ZSTD_LEVEL)?;
    encoder.include_checksum(true)?;
    buffered(&mut encoder, document)?;
    encoder.finish()
}

fn put_directory(temporary: TempDir, path: &Path, files: &Files) -> io::Result<()> {
    for (name, bytes) in files {
        let file = temporary.path().join(name);
        std::fs::create_dir_all(parent(&file))?;
        std::fs::write(file, bytes)?;
    }
    std::fs::rename(temporary.path(), path)?;
    // It has another name by now, and must not be taken away.
    let _ = temporary.keep();
    Ok(())
}

fn put(to: Target, compressed: bool, document: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    match to {
        Target::Stdout => term::stream(document),
        Target::Stream(file) => buffered(file, document),
        Target::Directory { .. } => Err(io::Error::other("a directory holds no document")),
        Target::File { temporary, path } => {
            if compressed {
                compress(temporary.as_file(), document)?;
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
