//! One directory's files of configuration: which of them count, what they hold, and where in them a byte stands.

use std::path::{Path, PathBuf};

use super::convert::{self, Origin};
use super::json;
use super::json_body;
use super::syntax::{Body, Expression, Span};
use super::template;
use crate::terraform::error::{At, TerraformError};

/// No file that a person wrote is that large.
const LARGEST: u64 = 16 * 1024 * 1024;
/// How often a file is parsed again; see `lenient`.
const RETRIES: usize = 64;

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// As it is reached from the directory that was given.
    pub path: PathBuf,
    /// Without symlinks.
    pub real: PathBuf,
    /// Without a byte order mark.
    pub text: String,
    /// Where each line begins.
    lines: Vec<usize>,
}

/// Lines and columns count from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Point {
    pub line: usize,
    pub column: usize,
}

impl SourceFile {
    pub fn new(path: PathBuf, text: &str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text).to_owned();
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let real = path.canonicalize().unwrap_or_else(|_| path.clone());
        SourceFile { path, real, text, lines }
    }

    pub fn point(&self, offset: usize) -> Point {
        let line = self.lines.partition_point(|start| *start <= offset).max(1);
        let start = self.lines.get(line - 1).copied().unwrap_or_default();
        let before = self.text.get(start..offset.min(self.text.len())).unwrap_or_default();
        Point { line, column: before.chars().count() + 1 }
    }

    pub fn wrong(&self, offset: usize, message: impl Into<String>, help: impl Into<String>) -> TerraformError {
        let Point { line, column } = self.point(offset);
        TerraformError::wrong(&self.path, Some(At { line, column }), message, help)
    }
}

/// Whether a file merges into what the others declare, and is read after them.
pub fn is_override(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let stem = name.split_once('.').map_or(name.as_ref(), |(stem, _)| stem);
    stem == "override" || stem.ends_with("_override")
}

/// The directory's files of configuration in the order in which Terraform reads them: by name, overrides last.
pub fn list(directory: &Path) -> Result<Vec<PathBuf>, TerraformError> {
    let unreadable = |source| TerraformError::File { path: directory.to_owned(), source };
    let mut names = Vec::new();
    for entry in std::fs::read_dir(directory).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let editors = name.starts_with('.') || name.ends_with('~') || (name.starts_with('#') && name.ends_with('#'));
        let ours = [".tf", ".tf.json", ".tofu", ".tofu.json"].iter().any(|end| name.ends_with(end));
        if ours && !editors && !entry.path().is_dir() {
            names.push(name);
        }
    }
    names.sort();
    // OpenTofu reads its own file in place of the one that is there for Terraform.
    let hidden = |name: &String| {
        let tofu = name.strip_suffix(".tf").map(|stem| format!("{stem}.tofu"));
        tofu.or_else(|| name.strip_suffix(".tf.json").map(|stem| format!("{stem}.tofu.json"))).is_some_and(|tofu| names.contains(&tofu))
    };
    let mut paths: Vec<PathBuf> = names.iter().filter(|name| !hidden(name)).map(|name| directory.join(name)).collect();
    paths.sort_by_key(|path| is_override(path));
    Ok(paths)
}

pub fn read(path: &Path) -> Result<SourceFile, TerraformError> {
    let unreadable = |source| TerraformError::File { path: path.to_owned(), source };
    let size = std::fs::metadata(path).map_err(unreadable)?.len();
    if size > LARGEST {
        return Err(TerraformError::wrong(path, None, format!("{size} bytes are no configuration"), "take the file out of the directory"));
    }
    let bytes = std::fs::read(path).map_err(unreadable)?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok(SourceFile::new(path.to_owned(), &text)),
        Err(error) => {
            let valid = String::from_utf8_lossy(error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default()).into_owned();
            let file = SourceFile::new(path.to_owned(), &valid);
            Err(file.wrong(valid.len(), "the file is not UTF-8", "save the file as UTF-8"))
        }
    }
}

/// What the file declares. `index` is what spans call it.
pub fn parse(file: &SourceFile, index: usize) -> Result<Body, TerraformError> {
    if file.path.extension().is_some_and(|extension| extension == "json") {
        let json = json::parse(&file.text).map_err(|error| file.wrong(error.at, error.message, "correct the JSON"))?;
        return json_body::body(&json, index).map_err(|error| file.wrong(error.span.start, error.message, "correct the configuration"));
    }
    let body = lenient(&file.text).map_err(|(at, message)| file.wrong(at, message, "`terraform fmt` shows the same mistake"))?;
    let whole = Span { file: index, start: 0, end: file.text.len() };
    Ok(convert::body(&body, Origin { file: index, text: &file.text, offset: 0, whole: None }, whole))
}

/// The parser refuses a line break around an operator within a `for` expression, which Terraform allows. Such a break is made a space, which
/// moves nothing, and the text is parsed again.
fn lenient(text: &str) -> Result<hcl_edit::structure::Body, (usize, String)> {
    let mut first = None;
    let mut text = text.to_owned();
    for _ in 0..RETRIES {
        let error = match hcl_edit::parser::parse_body(&text) {
            Ok(body) => return Ok(body),
            Err(error) => error,
        };
        let offset = error.location().offset();
        first.get_or_insert_with(|| (offset, error.message().to_owned()));
        let Some(at) = line_break(&text, offset).filter(|at| between_operands(&text, *at)) else { break };
        let start = if text.get(..at).is_some_and(|before| before.ends_with('\r')) { at - 1 } else { at };
        text.replace_range(start..=at, &" ".repeat(at + 1 - start));
    }
    Err(first.unwrap_or_default())
}

/// The line break at the offset, or in the white space before it.
fn line_break(text: &str, offset: usize) -> Option<usize> {
    let after = text.get(offset..)?;
    let space = after.len() - after.trim_start_matches(['\r', ' ', '\t']).len();
    if after.get(space..)?.starts_with('\n') {
        return Some(offset + space);
    }
    let before = text.get(..offset)?;
    before.get(before.trim_end().len()..)?.rfind('\n').map(|at| before.trim_end().len() + at)
}

/// Whether the line break stands next to an operator, and no comment could swallow what follows it.
fn between_operands(text: &str, at: usize) -> bool {
    let (Some(before), Some(after)) = (text.get(..at), text.get(at..)) else { return false };
    let line = before.rsplit('\n').next().unwrap_or_default().trim_end();
    let commented = line.contains('#') || line.contains("//") || line.contains("/*");
    let open = line.ends_with(['?', ':', '&', '|', '+', '-', '*', '/', '%', '<', '>']) || line.ends_with("==") || line.ends_with("!=");
    let next = after.trim_start();
    let goes_on = next.starts_with(['?', ':', '+', '*', '%', '<', '>'])
        || ["&&", "||", "==", "!=", "- "].iter().any(|operator| next.starts_with(operator));
    !commented && (open || goes_on)
}

/// An expression that stands in no file, as on the command line. Errors do not say what is in it: it may be secret.
pub fn expression(text: &str) -> Option<Expression> {
    let parsed = hcl_edit::parser::parse_expr(text.trim()).ok()?;
    Some(convert::expression(&parsed, Origin { file: usize::MAX, text: text.trim(), offset: 0, whole: None }, Span::default()))
}

/// A file that is a template.
pub fn template(text: &str) -> Option<Expression> {
    let parsed = hcl_edit::parser::parse_template(text).ok()?;
    let span = Span { file: usize::MAX, start: 0, end: text.len() };
    Some(Expression { span, kind: template::whole(&parsed, Origin { file: usize::MAX, text, offset: 0, whole: None }, span) })
}
