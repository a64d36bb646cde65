//! A finding's identity: rule, subject and discriminator. Never a file or a line, never a value that changes from run to run.

use sha2::{Digest, Sha256};

/// 32 hexadecimal digits.
pub fn fingerprint(rule: &str, subject: &str, at: &str, of: &str, ordinal: usize) -> String {
    let mut hash = Sha256::new();
    for part in [rule, subject, at, of, &ordinal.to_string()] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hex::encode(&hash.finalize()[..16])
}
