//! Text that others have chosen: names, tags, lines of files, words of a server. What steers a terminal or breaks a line must not get through.

use std::borrow::Cow;

/// What stands for a character that must not be shown.
pub const REPLACEMENT: char = '\u{fffd}';

/// Whether it is a control character, reorders text, ends a line, or is none that XML can hold.
pub fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}')
}

/// The text with each character that steers replaced by a visible sign.
pub fn plain(text: &str) -> Cow<'_, str> {
    // Most texts are, and looking at each character costs a tenth of a large report.
    let is_printable_ascii = text.bytes().fold(true, |all, byte| all & matches!(byte, b' '..=b'~'));
    if !is_printable_ascii && text.contains(steers) {
        Cow::Owned(text.chars().map(|c| if steers(c) { REPLACEMENT } else { c }).collect())
    } else {
        Cow::Borrowed(text)
    }
}

/// At most so many characters; a sign shows that there were more.
pub fn shortened(text: &str, characters: usize) -> Cow<'_, str> {
    match text.char_indices().nth(characters) {
        None => Cow::Borrowed(text),
        Some((end, _)) => Cow::Owned(format!("{}…", text.get(..end).unwrap_or_default())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_is_shown_and_what_does_not_is_left() {
        assert_eq!(plain("\u{1b}[2J\n\u{202e}\u{2028}\u{ffff}"), "\u{fffd}[2J\u{fffd}\u{fffd}\u{fffd}\u{fffd}");
        assert_eq!(plain("\u{7f}"), "\u{fffd}");
        assert!(matches!(plain("Größe 🗄 名"), Cow::Borrowed("Größe 🗄 名")));
        assert!(matches!(plain(" ~"), Cow::Borrowed(" ~")));
    }

    #[test]
    fn characters_are_counted_not_bytes() {
        assert_eq!(shortened("äöü", 3), "äöü");
        assert_eq!(shortened("äöü", 2), "äö…");
    }
}
