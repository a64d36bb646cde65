//! A finding's identity: rule, subject and discriminator. Never a file or a line, never a value that changes from run to run.

use std::fmt::Write;

use sha2::{Digest, Sha256};

/// 32 hexadecimal digits.
pub fn fingerprint(rule: &str, subject: &str, at: &str, of: &str, ordinal: usize) -> String {
    let mut hash = Sha256::new();
    for part in [rule, subject, at, of, &ordinal.to_string()] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hash.finalize().iter().take(16).fold(String::with_capacity(32), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
