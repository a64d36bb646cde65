//! Whatever bytes come, reading gives a snapshot or an error, and never a panic.

use std::path::Path;

use backstop::facts::derive;
use backstop::snapshot::from_slice;
use proptest::test_runner::TestCaseError;

use super::tape::Tape;
use super::{account, as_of, holes};

pub fn cut_short(mut tape: Tape) -> Result<(), TestCaseError> {
    let bytes = document(&mut tape);
    let end = tape.below(bytes.len());
    try_to_read(&bytes[..end])
}

pub fn one_byte_wrong(mut tape: Tape) -> Result<(), TestCaseError> {
    let mut bytes = document(&mut tape);
    // A byte that means something to JSON does more harm than one that does not.
    let wrong = [tape.below(256) as u8, *tape.pick(b"\"\\{}[],:0-ntf\0\xff ")];
    let at = tape.below(bytes.len());
    bytes[at] = *tape.pick(&wrong);
    try_to_read(&bytes)
}

fn document(tape: &mut Tape) -> Vec<u8> {
    let whole = account::world(tape);
    holes::punched(tape, whole, 4).to_string().into_bytes()
}

/// What can be read can be derived from.
fn try_to_read(bytes: &[u8]) -> Result<(), TestCaseError> {
    if let Ok(snapshot) = from_slice(bytes, Path::new("generated.json")) {
        derive(&snapshot, as_of());
    }
    Ok(())
}
