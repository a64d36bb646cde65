//! `backstop schema`: the JSON Schemas, each generated from what reads or writes the document.

use crate::cli::SchemaOf;
use crate::config;
use crate::error::Error;
use crate::exit::Exit;
use crate::facts::Kind;
use crate::policy::Library;
use crate::report;
use crate::snapshot;
use crate::term;

pub fn run(args: &SchemaOf) -> Result<Exit, Error> {
    let schema = match args {
        SchemaOf::Snapshot => snapshot::schema(),
        SchemaOf::Report => report::json::schema(),
        SchemaOf::Why => report::why::schema(),
        SchemaOf::Explain => report::explain::schema(),
        SchemaOf::Diff => report::diff::schema(),
        SchemaOf::Spec => report::spec::schema(),
        SchemaOf::Config => config::schema(&Library::shipped()?),
        SchemaOf::ConfigShow => config::Shown::schema(),
        SchemaOf::Waivers => config::schema_of_waivers(&Library::shipped()?),
        SchemaOf::Subject { kind } => kind.parse::<Kind>().map_err(|()| unknown(kind))?.schema(),
    };
    let mut text = serde_json::to_string_pretty(&schema).map_err(|error| Error::Output { path: "-".into(), source: error.into() })?;
    text.push('\n');
    term::print(text.as_bytes()).map_err(|source| Error::Output { path: "-".into(), source })?;
    Ok(Exit::Clean)
}

fn unknown(kind: &str) -> Error {
    let names = Kind::ALL.map(Kind::name);
    Error::usage(
        format!("'{kind}' is not a kind of subject{}", config::nearest(names.into_iter(), kind)),
        format!("name one of {}", names.join(", ")),
    )
}
