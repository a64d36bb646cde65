//! The bytes: their encoding, their place, and their size once they are compressed. They go by; none is kept.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde::de::DeserializeSeed;

use super::CodeScanningError;
use super::fault::Check;
use super::shape::{Is, Node};
use super::tally::{Checked, Tally};
use super::walk::Walk;

const BOM: [u8; 3] = [0xef, 0xbb, 0xbf];
/// Bytes that are taken at once.
const BUFFER: usize = 64 * 1024;

/// What GitHub would refuse, drop or show wrongly; `path` is what errors call it.
pub fn check(source: impl Read, path: &Path) -> Result<Checked, CodeScanningError> {
    let mut source = BufReader::with_capacity(BUFFER, source);
    let not_json = |problem: String| CodeScanningError::NotJson { path: path.to_owned(), problem };
    let begins = source.fill_buf().map_err(|source| CodeScanningError::File { path: path.to_owned(), source })?;
    let has_bom = begins.starts_with(&BOM);
    match begins {
        [] => return Err(not_json("it is empty".to_owned())),
        [0x1f, 0x8b, ..] => return Err(not_json("it is compressed by gzip; whoever uploads it does that by itself".to_owned())),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => return Err(not_json("it is UTF-16; write it as UTF-8".to_owned())),
        _ => {}
    }
    let mut tally = Tally::default();
    if has_bom {
        source.consume(BOM.len());
        tally.tell(Check::ByteOrderMark, "EF BB BF".to_owned());
    }
    let mut bytes = BufReader::with_capacity(BUFFER, Bytes::of(source));
    let read = {
        let mut document = serde_json::Deserializer::from_reader(&mut bytes);
        Walk { tally: &mut tally, is: Is::Node(Node::Log) }.deserialize(&mut document).and_then(|()| document.end())
    };
    let bytes = bytes.into_inner();
    if let Some((line, column)) = bytes.not_utf8 {
        return Err(not_json(format!("a byte is not UTF-8 at line {line} column {column}; write it as UTF-8")));
    }
    match read {
        Ok(()) => {}
        Err(error) if error.is_io() => return Err(CodeScanningError::File { path: path.to_owned(), source: error.into() }),
        Err(error) => return Err(not_json(error.to_string())),
    }
    let compressed = bytes.compressed().map_err(|source| CodeScanningError::File { path: path.to_owned(), source })?;
    let no_sarif = || CodeScanningError::NotSarif { path: path.to_owned(), problem: "it has neither 'version' nor 'runs'".to_owned() };
    tally.finish(compressed).ok_or_else(no_sarif)
}

/// What goes by.
struct Bytes<R> {
    source: R,
    gzip: GzEncoder<Length>,
    /// The beginning of a character whose rest has not come yet.
    started: Vec<u8>,
    line: usize,
    column: usize,
    not_utf8: Option<(usize, usize)>,
}

impl<R: Read> Bytes<R> {
    fn of(source: R) -> Self {
        let gzip = GzEncoder::new(Length(0), Compression::default());
        Bytes { source, gzip, started: Vec::new(), line: 1, column: 1, not_utf8: None }
    }

    fn compressed(self) -> io::Result<u64> {
        Ok(self.gzip.finish()?.0)
    }

    /// Whether they go on as UTF-8.
    fn take(&mut self, bytes: &[u8]) -> bool {
        self.started.extend_from_slice(bytes);
        let held = std::mem::take(&mut self.started);
        let (good, rest, is_cut) = match std::str::from_utf8(&held) {
            Ok(text) => (text, &[][..], true),
            Err(error) => {
                let (good, rest) = held.split_at_checked(error.valid_up_to()).unwrap_or_default();
                (std::str::from_utf8(good).unwrap_or_default(), rest, error.error_len().is_none())
            }
        };
        match good.rsplit_once('\n') {
            Some((before, after)) => {
                self.line += before.matches('\n').count() + 1;
                self.column = after.chars().count() + 1;
            }
            None => self.column += good.chars().count(),
        }
        self.started = rest.to_vec();
        if !is_cut {
            self.not_utf8 = Some((self.line, self.column));
        }
        is_cut
    }
}

impl<R: Read> Read for Bytes<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.source.read(buffer)?;
        let bytes = buffer.get(..length).unwrap_or_default();
        self.gzip.write_all(bytes)?;
        let is_text = self.take(bytes);
        if is_text && length == 0 && !self.started.is_empty() {
            self.not_utf8 = Some((self.line, self.column));
        }
        if self.not_utf8.is_some() {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "a byte is not UTF-8"));
        }
        Ok(length)
    }
}

/// Counts, and keeps nothing.
struct Length(u64);

impl Write for Length {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
