//! What is wrong with a file that a person wrote, drawn at its place: line, column, the line itself and a caret.

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::plain::{REPLACEMENT, steers};

/// More of a line than this is not shown.
const WIDTH: usize = 120;
/// More than this nobody mends at once.
const SHOWN: usize = 50;
/// How much of a longer line stands before the place.
const BEFORE: usize = 40;

/// Everything that is wrong with a file.
#[derive(Debug)]
pub struct ConfigError {
    pub path: PathBuf,
    /// What `backstop schema` calls the file.
    pub schema: &'static str,
    /// In the order of their places.
    faults: Vec<Fault>,
    /// How many there are besides.
    more: usize,
}

#[derive(Debug)]
struct Fault {
    line: usize,
    /// In characters, from 1.
    column: usize,
    message: String,
    shown: String,
    /// Where the caret stands in what is shown, and how many of them.
    caret: Range<usize>,
}

impl ConfigError {
    /// The faults with the bytes of the text that they are about.
    pub fn new(path: &Path, schema: &'static str, text: &str, mut faults: Vec<(Range<usize>, String)>) -> Self {
        faults.sort_by(|a, b| (a.0.start, &a.1).cmp(&(b.0.start, &b.1)));
        faults.dedup();
        let more = faults.len().saturating_sub(SHOWN);
        let faults = faults.into_iter().take(SHOWN).map(|(span, message)| Fault::of(text, &span, &message)).collect();
        ConfigError { path: path.to_owned(), schema, faults, more }
    }
}

/// A file's bytes as its text.
pub fn text(bytes: Vec<u8>, path: &Path, schema: &'static str) -> Result<String, ConfigError> {
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let shown = String::from_utf8_lossy(error.as_bytes()).into_owned();
        let message = "what stands here is not UTF-8; save the file as UTF-8".to_owned();
        ConfigError::new(path, schema, &shown, vec![(at..at + char::REPLACEMENT_CHARACTER.len_utf8(), message)])
    })
}

impl Fault {
    fn of(text: &str, span: &Range<usize>, message: &str) -> Self {
        let before = text.get(..span.start).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let begin = before.rfind('\n').map_or(0, |at| at + 1);
        let whole = text.get(begin..).unwrap_or_default().lines().next().unwrap_or_default();
        let at = before.get(begin..).unwrap_or_default().chars().count();
        let marked = text.get(span.clone()).unwrap_or_default().lines().next().unwrap_or_default().chars().count();
        let skipped = if whole.chars().count() > WIDTH { at.saturating_sub(BEFORE) } else { 0 };
        let shown: String = whole.chars().skip(skipped).take(WIDTH).map(visible).collect();
        let last = shown.chars().count().max(at - skipped + 1);
        let caret = at - skipped..(at - skipped + marked.max(1)).min(last);
        Fault { line, column: at + 1, message: message.lines().collect::<Vec<_>>().join("; ").chars().map(visible).collect(), shown, caret }
    }
}

/// What the reader says, in the words of the format.
pub(super) fn of_toml(error: &toml::de::Error) -> (Range<usize>, String) {
    let message = error.message().replace("expected a sequence", "expected a list").replace("expected a map", "expected a table");
    let help = if message.contains("unquoted key") { "; put the name in quotation marks: [rules.\"vault-lock/missing\"]" } else { "" };
    (error.span().unwrap_or_default(), message + help)
}

/// A line of a file may hold what steers a terminal, or shows its characters in another order.
pub(super) fn visible(c: char) -> char {
    match c {
        '\t' => ' ',
        c if steers(c) => REPLACEMENT,
        c => c,
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, fault) in self.faults.iter().enumerate() {
            let Fault { line, column, message, shown, caret } = fault;
            let margin = " ".repeat(line.to_string().len());
            let (indent, carets) = (" ".repeat(caret.start), "^".repeat(caret.len()));
            let gap = if at == 0 { "" } else { "\n" };
            write!(f, "{gap}{}:{line}:{column}: {message}", self.path.display())?;
            write!(f, "\n{margin} |\n{line} | {shown}\n{margin} | {indent}{carets}")?;
        }
        match self.more {
            0 => Ok(()),
            more => write!(f, "\nand {more} more in {}", self.path.display()),
        }
    }
}

impl std::error::Error for ConfigError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(text: &str, span: Range<usize>) -> String {
        ConfigError::new(Path::new("x.toml"), "config", text, vec![(span, "wrong".to_owned())]).to_string()
    }

    #[test]
    fn the_line_is_shown_and_the_caret_stands_under_the_place() {
        assert_eq!(drawn("a = 1\nä = bad # c\n", 11..14), "x.toml:2:5: wrong\n  |\n2 | ä = bad # c\n  |     ^^^");
    }

    #[test]
    fn places_outside_of_the_text_and_in_the_midst_of_a_character_do_no_harm() {
        for text in ["", "ä", "a\r\n", "\u{1b}[31m\t"] {
            for start in 0..8 {
                for end in 0..8 {
                    assert!(!drawn(text, start..end).contains('\u{1b}'));
                }
            }
        }
    }

    #[test]
    fn of_a_long_line_what_surrounds_the_place_is_shown() {
        let drawn = drawn(&format!("{}HERE{}", "x".repeat(500), "y".repeat(500)), 500..504);
        let lines: Vec<&str> = drawn.lines().collect();
        assert!(lines[0].starts_with("x.toml:1:501:") && lines.iter().all(|line| line.len() < 140), "{drawn}");
        assert_eq!(lines[2].find("HERE"), lines[3].find("^^^^"));
    }
}
