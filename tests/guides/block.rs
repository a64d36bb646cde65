//! The fenced blocks of a guide, and the spans of code in its sentences.

use std::path::{Path, PathBuf};

/// A fenced block.
pub struct Block {
    pub document: String,
    /// Of the opening fence, from 1.
    pub line: usize,
    pub language: String,
    pub text: String,
}

impl Block {
    pub fn place(&self) -> String {
        format!("{}:{}", self.document, self.line)
    }
}

/// README.md and the guides; `docs/rules` is generated and has no commands.
pub fn documents() -> Vec<PathBuf> {
    let mut found = vec![PathBuf::from("README.md")];
    let entries = std::fs::read_dir("docs").expect("there are guides").map(|entry| entry.expect("it can be read").path());
    found.extend(entries.filter(|path| path.extension().is_some_and(|extension| extension == "md")));
    found.sort();
    assert!(found.len() > 8, "the guides were not found: {found:?}");
    found
}

pub fn blocks(path: &Path) -> Vec<Block> {
    let text = std::fs::read_to_string(path).expect("a guide is text");
    let mut found: Vec<Block> = Vec::new();
    let mut open: Option<Block> = None;
    for (at, line) in text.lines().enumerate() {
        match (&mut open, line.trim_start().strip_prefix("```")) {
            (None, Some(language)) => {
                let (document, language) = (path.to_string_lossy().into_owned(), language.trim().to_owned());
                open = Some(Block { document, line: at + 1, language, text: String::new() });
            }
            (Some(_), Some(_)) => found.extend(open.take()),
            (Some(block), None) => {
                block.text += line;
                block.text.push('\n');
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "{}: a block does not end", path.display());
    found
}

/// The spans of code outside of blocks, each with its line. A span may go over the end of a line.
pub fn spans(path: &Path) -> Vec<(usize, String)> {
    let text = std::fs::read_to_string(path).expect("a guide is text");
    let mut found = Vec::new();
    let (mut is_block, mut open) = (false, None::<(usize, String)>);
    for (at, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            is_block = !is_block;
            continue;
        }
        if is_block {
            continue;
        }
        if line.trim().is_empty() {
            open = None;
        }
        for (number, part) in line.split('`').enumerate() {
            if number > 0 {
                match open.take() {
                    Some(span) => found.push(span),
                    None => open = Some((at + 1, String::new())),
                }
            }
            if let Some((_, span)) = &mut open {
                span.push_str(part);
            }
        }
        if let Some((_, span)) = &mut open {
            span.push(' ');
        }
    }
    found
}
