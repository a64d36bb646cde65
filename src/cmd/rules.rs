//! `backstop rules`: what is demanded, and why.

use crate::cli;
use crate::error::Error;
use crate::exit::Exit;
use crate::policy::Library;
use crate::report;
use crate::term;

pub fn run(args: &cli::Rules) -> Result<Exit, Error> {
    let library = Library::shipped()?;
    let text = match args {
        cli::Rules::List => report::list(&library),
        cli::Rules::Explain { rule } => report::explain::page(library.rule(rule).ok_or_else(|| unknown(rule, &library))?, &library),
    };
    term::print(text.as_bytes()).map_err(|source| Error::Output { path: "-".into(), source })?;
    Ok(Exit::Clean)
}

/// There is no such rule.
pub fn unknown(id: &str, library: &Library) -> Error {
    let help = match library.nearest(id) {
        Some(near) => format!("did you mean '{near}'? `backstop rules list` prints them all"),
        None => "`backstop rules list` prints them all".to_owned(),
    };
    Error::usage(format!("there is no rule '{id}'"), help)
}
