//! Names and tags are chosen by AWS's users; what steers a terminal or breaks a line must not get through.

use std::borrow::Cow;

/// The text with each control character, each character that reorders text or ends a line, and each that XML cannot hold, replaced by a
/// visible sign.
pub fn plain(text: &str) -> Cow<'_, str> {
    let steers = |c: char| {
        c.is_control()
            || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}')
    };
    // Most texts are, and looking at each character costs a tenth of a large report.
    let is_printable_ascii = text.bytes().fold(true, |all, byte| all & matches!(byte, b' '..=b'~'));
    if !is_printable_ascii && text.contains(steers) {
        Cow::Owned(text.chars().map(|c| if steers(c) { '\u{fffd}' } else { c }).collect())
    } else {
        Cow::Borrowed(text)
    }
}

/// The text as Markdown shows it: every character that could mean something is escaped, lines do not end, spaces do not add up. GitHub makes
/// links of what looks like an address; a name is none.
pub fn markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let plain = plain(text);
    let mut characters = plain.trim().chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '#' | '+' | '!' | '|' | '~' | '@' | '$' => escaped.extend(['\\', c]),
            ':' if characters.peek() == Some(&'/') => escaped.push_str("\\:"),
            '.' if escaped.ends_with(['w', 'W']) => escaped.push_str("\\."),
            c if c.is_whitespace() && escaped.ends_with(' ') => {}
            c if c.is_whitespace() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
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
        assert!(matches!(plain("Größe 🗄 名"), Cow::Borrowed("Größe 🗄 名")));
    }

    #[test]
    fn markdown_means_nothing_in_it() {
        assert_eq!(markdown(" https://a.b  www.c.d e.f"), "https\\://a.b www\\.c.d e.f");
        assert_eq!(markdown("<b> [a](b) | `c`\n# d"), "&lt;b&gt; \\[a\\](b) \\| \\`c\\`\u{fffd}\\# d");
    }

    #[test]
    fn characters_are_counted_not_bytes() {
        assert_eq!(shortened("äöü", 3), "äöü");
        assert_eq!(shortened("äöü", 2), "äö…");
    }
}
