//! What HTML needs before a text may stand between tags or in a quoted attribute.

use std::fmt::{self, Write};

use askama::filters::Escaper;

use crate::report::plain;

/// Every `{{ }}` of a template goes through this one (`askama.toml`).
#[derive(Clone, Copy)]
pub struct Html;

impl Escaper for Html {
    fn write_escaped_str<W: Write>(&self, mut to: W, text: &str) -> fmt::Result {
        // Line breaks are blanks to HTML, and lines of what stands in a <pre>.
        for (at, line) in text.split('\n').enumerate() {
            if at > 0 {
                to.write_char('\n')?;
            }
            let line = plain(line);
            let mut rest = &*line;
            while let Some(at) = rest.find(['<', '>', '&', '"', '\'']) {
                let (before, special) = rest.split_at(at);
                to.write_str(before)?;
                to.write_str(match special.as_bytes().first() {
                    Some(b'<') => "&lt;",
                    Some(b'>') => "&gt;",
                    Some(b'&') => "&amp;",
                    Some(b'"') => "&quot;",
                    _ => "&#39;",
                })?;
                rest = special.get(1..).unwrap_or_default();
            }
            to.write_str(rest)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn escaped(text: &str) -> String {
        let mut to = String::new();
        Html.write_escaped_str(&mut to, text).expect("a string takes everything");
        to
    }

    #[test]
    fn what_means_something_to_html_is_only_shown() {
        assert_eq!(escaped("<b a='1' b=\"2\">&amp;</b>é"), "&lt;b a=&#39;1&#39; b=&quot;2&quot;&gt;&amp;amp;&lt;/b&gt;é");
    }

    #[test]
    fn what_steers_a_terminal_or_reorders_text_is_replaced_and_lines_stay() {
        assert_eq!(escaped("a\u{1b}[31m\r\nb\u{202e}c\0"), "a\u{fffd}[31m\u{fffd}\nb\u{fffd}c\u{fffd}");
    }
}
