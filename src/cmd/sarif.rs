//! `backstop sarif check`: SARIF files, before they are uploaded.

use std::fs::File;
use std::io;
use std::path::Path;

use crate::cli::{self, Color, WhyFormat};
use crate::code_scanning::{self, Checked, CodeScanningError};
use crate::error::Error;
use crate::exit::Exit;
use crate::report::upload;
use crate::term;

pub fn run(args: &cli::Sarif, color: Color) -> Result<Exit, Error> {
    let cli::Sarif::Check(args) = args;
    let is_stdin = |path: &Path| path == Path::new("-");
    if args.files.iter().filter(|path| is_stdin(path)).count() > 1 {
        return Err(Error::usage("stdin can be checked only once", "give '-' once"));
    }
    let mut checked: Vec<(String, Checked)> = Vec::new();
    let mut broken: Vec<CodeScanningError> = Vec::new();
    for path in &args.files {
        let found = if is_stdin(path) { code_scanning::check(io::stdin().lock(), path) } else { of_file(path) };
        match found {
            Ok(found) => checked.push((path.display().to_string(), found)),
            Err(error) => broken.push(error),
        }
    }
    let is_refused = checked.iter().any(|(_, checked)| checked.is_refused());
    if !checked.is_empty() {
        let text = match args.format {
            WhyFormat::Text => upload::render(&checked, term::stdout(color)),
            WhyFormat::Json => format!("{:#}\n", upload::json(&checked)),
        };
        term::print(text.as_bytes()).map_err(|source| Error::Output { path: "-".into(), source })?;
    }
    // The others were checked all the same, but what the run comes to is what could not be.
    let mut broken = broken.into_iter();
    match broken.next() {
        Some(first) => {
            broken.for_each(|error| term::say(&format!("error: {error}")));
            Err(first.into())
        }
        None => Ok(if is_refused { Exit::Findings } else { Exit::Clean }),
    }
}

fn of_file(path: &Path) -> Result<Checked, CodeScanningError> {
    let file = File::open(path).map_err(|source| CodeScanningError::File { path: path.to_owned(), source })?;
    code_scanning::check(file, path)
}
