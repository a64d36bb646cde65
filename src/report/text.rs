//! Texts as the formats take them.

pub use crate::plain::{plain, shortened};

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_means_nothing_in_it() {
        assert_eq!(markdown(" https://a.b  www.c.d e.f"), "https\\://a.b www\\.c.d e.f");
        assert_eq!(markdown("<b> [a](b) | `c`\n# d"), "&lt;b&gt; \\[a\\](b) \\| \\`c\\`\u{fffd}\\# d");
    }
}
