//! Names and tags are chosen by AWS's users; what steers a terminal or breaks a line must not get through.

use std::borrow::Cow;

/// The text with each control character, and each character that reorders text, replaced by a visible sign.
pub fn plain(text: &str) -> Cow<'_, str> {
    let steers = |c: char| c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if text.contains(steers) {
        Cow::Owned(text.chars().map(|c| if steers(c) { '\u{fffd}' } else { c }).collect())
    } else {
        Cow::Borrowed(text)
    }
}
