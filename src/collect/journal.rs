//! The journal: every answer as it comes, in a file of a line each. Recovery points are kept here and nowhere else, so that memory
//! does not grow with their number, and a run that was interrupted goes on from where it stopped.

use std::collections::HashMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::snapshot::{Call, Timestamp};

pub const JOURNAL: &str = "backstop/journal/1";
/// An answer that is older is asked for again: a snapshot should be of one night.
const OLDEST: chrono::Duration = chrono::Duration::hours(24);

/// What an answer is found again by: account, Region, service, operation, subject, and of a listing in parts, the part.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Key {
    pub account: String,
    pub region: String,
    pub service: String,
    pub operation: String,
    pub subject: Option<String>,
    pub part: Option<String>,
}

/// A call that was answered to its end.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Record {
    pub key: Key,
    pub call: Call,
    pub answer: Value,
}

/// A place in the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    pub at: u64,
    pub length: u64,
}

#[derive(Debug, Serialize, Deserialize)]
struct Head {
    schema: String,
    began: Timestamp,
    /// What was asked for, in words; a journal of another question is of no use.
    asked: String,
}

/// A recovery points' page, as a line.
const PAGE: (&[u8], &[u8]) = (br#"{"points":["#, b"]}\n");

/// Recovery points as they will stand in the journal.
pub struct Page(Vec<u8>);

impl Page {
    /// For so many bytes of points.
    pub fn with_capacity(bytes: usize) -> Self {
        let mut page = Vec::with_capacity(bytes + PAGE.0.len() + PAGE.1.len());
        page.extend_from_slice(PAGE.0);
        Page(page)
    }

    /// Adds a point, given as JSON.
    pub fn push(&mut self, point: &str) {
        if !self.is_empty() {
            self.0.push(b',');
        }
        // A page is a line, and between the tokens of JSON a line's end is a blank.
        self.0.extend(point.bytes().map(|byte| if matches!(byte, b'\n' | b'\r') { b' ' } else { byte }));
    }

    pub fn is_empty(&self) -> bool {
        self.0.len() == PAGE.0.len()
    }
}

#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    began: Timestamp,
    writing: Mutex<Writing>,
    recalled: HashMap<Key, Range>,
}

#[derive(Debug)]
struct Writing {
    file: File,
    end: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    #[error("cannot write '{}': {source}", path.display())]
    Write { path: PathBuf, source: io::Error },
    #[error("cannot read '{}': {source}", path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("another run is writing '{}'", path.display())]
    InUse { path: PathBuf },
    #[error("there is nothing to resume: '{}' does not exist", path.display())]
    Missing { path: PathBuf },
    #[error("'{}' is not the journal of an interrupted run", path.display())]
    NotOne { path: PathBuf },
    #[error("'{}' is the journal of another run: {asked}", path.display())]
    OfAnother { path: PathBuf, asked: String },
}

impl Journal {
    /// Begins a journal in place of an older one.
    pub fn create(path: &Path, asked: &str, began: Timestamp) -> Result<Journal, JournalError> {
        let fault = |source| JournalError::Write { path: path.to_owned(), source };
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true);
        private(&mut options);
        let file = options.open(path).map_err(fault)?;
        alone(&file, path)?;
        if file.metadata().is_ok_and(|metadata| metadata.is_file()) {
            file.set_len(0).map_err(fault)?;
        }
        let writing = Mutex::new(Writing { file, end: 0 });
        let journal = Journal { path: path.to_owned(), began, writing, recalled: HashMap::new() };
        let head = Head { schema: JOURNAL.to_owned(), began, asked: asked.to_owned() };
        journal.line(&head)?;
        Ok(journal)
    }

    /// Goes on with a journal. What was being written when the run ended is dropped.
    pub fn resume(path: &Path, asked: &str, now: Timestamp) -> Result<Journal, JournalError> {
        let fault = |source| JournalError::Read { path: path.to_owned(), source };
        let file = match OpenOptions::new().read(true).write(true).open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(JournalError::Missing { path: path.to_owned() }),
            Err(error) => return Err(fault(error)),
        };
        alone(&file, path)?;
        let mut reader = BufReader::new(&file);
        let (mut line, mut end, mut began, mut recalled) = (Vec::new(), 0, now, HashMap::new());
        while reader.read_until(b'\n', &mut line).map_err(fault)? > 0 && line.last() == Some(&b'\n') {
            let range = Range { at: end, length: line.len() as u64 };
            if end == 0 {
                let head: Head = serde_json::from_slice(&line).map_err(|_| JournalError::NotOne { path: path.to_owned() })?;
                if head.schema != JOURNAL {
                    return Err(JournalError::NotOne { path: path.to_owned() });
                }
                began = head.began;
                if head.asked != asked {
                    return Err(JournalError::OfAnother { path: path.to_owned(), asked: head.asked });
                }
            } else if !line.starts_with(PAGE.0) {
                match serde_json::from_slice::<Record>(&line) {
                    Ok(record) if is_recent(&record.call, now) => _ = recalled.insert(record.key, range),
                    Ok(_) => {}
                    // Something else wrote here; what follows cannot be trusted either.
                    Err(_) => break,
                }
            }
            end += range.length;
            line.clear();
        }
        if end == 0 {
            return Err(JournalError::NotOne { path: path.to_owned() });
        }
        drop(reader);
        file.set_len(end).map_err(fault)?;
        Ok(Journal { path: path.to_owned(), began, writing: Mutex::new(Writing { file, end }), recalled })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// When the first of the runs that wrote it began.
    pub fn began(&self) -> Timestamp {
        self.began
    }

    /// Answers that an earlier run brought.
    pub fn recalled(&self) -> usize {
        self.recalled.len()
    }

    /// The answer that an earlier run brought.
    pub fn recall(&self, key: &Key) -> Option<Record> {
        let range = self.recalled.get(key)?;
        let mut bytes = Vec::new();
        self.read(*range, &mut bytes).ok()?;
        serde_json::from_slice(&bytes).ok()
    }

    pub fn enter(&self, record: &Record) -> Result<(), JournalError> {
        self.line(record).map(|_| ())
    }

    /// Keeps the points of a page.
    pub fn keep(&self, page: Page) -> Result<Range, JournalError> {
        let mut line = page.0;
        line.extend_from_slice(PAGE.1);
        let written = self.append(&line)?;
        let length = (line.len() - PAGE.0.len() - PAGE.1.len()) as u64;
        Ok(Range { at: written.at + PAGE.0.len() as u64, length })
    }

    /// Copies a part of the journal.
    pub fn read(&self, range: Range, to: &mut dyn Write) -> io::Result<()> {
        let mut writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        writing.file.seek(SeekFrom::Start(range.at))?;
        let copied = io::copy(&mut Read::by_ref(&mut writing.file).take(range.length), to)?;
        if copied == range.length { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }

    /// Takes it away, once it is of no more use.
    pub fn remove(&self) {
        let _ = std::fs::remove_file(&self.path);
    }

    fn line(&self, value: &impl Serialize) -> Result<Range, JournalError> {
        let mut bytes = serde_json::to_vec(value).map_err(|error| JournalError::Write { path: self.path.clone(), source: error.into() })?;
        bytes.push(b'\n');
        self.append(&bytes)
    }

    fn append(&self, bytes: &[u8]) -> Result<Range, JournalError> {
        let mut writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let at = writing.end;
        let written = writing.file.seek(SeekFrom::Start(at)).and_then(|_| writing.file.write_all(bytes));
        written.map_err(|source| JournalError::Write { path: self.path.clone(), source })?;
        writing.end += bytes.len() as u64;
        Ok(Range { at, length: bytes.len() as u64 })
    }
}

/// Two runs in one journal would copy each other's points. The lock ends with the run, however it ends.
fn alone(file: &File, path: &Path) -> Result<(), JournalError> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(JournalError::InUse { path: path.to_owned() }),
        // A file system without locks.
        Err(TryLockError::Error(_)) => Ok(()),
    }
}

fn is_recent(call: &Call, now: Timestamp) -> bool {
    call.time.is_some_and(|time| now.to_chrono() - time.to_chrono() <= OLDEST)
}

/// It holds the account's configuration.
fn private(options: &mut OpenOptions) {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
}
