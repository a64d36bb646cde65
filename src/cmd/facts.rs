//! `backstop facts`: the subjects, or one rule's exact inputs, so that anyone can run the rules under another OPA.

use serde_json::{Value, json};

use super::input;
use crate::audit;
use crate::cli;
use crate::error::Error;
use crate::exit::Exit;
use crate::facts::{self, Kind, Subjects};
use crate::snapshot::{self, Digest};
use crate::term;

pub fn run(args: &cli::Facts) -> Result<Exit, Error> {
    let policy = input::policy(&args.policy)?;
    let rule = match &args.rule {
        Some(id) => Some(policy.library.rule(id).ok_or_else(|| super::rules::unknown(id, &policy.library))?),
        None => None,
    };
    let reading = match &args.snapshot {
        Some(path) => snapshot::read(path, Digest::Skip)?,
        None => input::demo(Digest::Skip)?,
    };
    let as_of = input::as_of(args.policy.as_of, &reading.snapshot);
    let subjects = facts::derive(&reading.snapshot, as_of);
    let document = match rule {
        Some(rule) => {
            json!({ "rule": rule.id, "package": rule.package, "as_of": as_of, "subjects": audit::inputs(rule, &subjects, &policy.environments)? })
        }
        None => json!({ "as_of": as_of, "subjects": all(&subjects) }),
    };
    let mut text = serde_json::to_string_pretty(&document).map_err(|error| Error::Output { path: "-".into(), source: error.into() })?;
    text.push('\n');
    term::print(text.as_bytes()).map_err(|source| Error::Output { path: "-".into(), source })?;
    Ok(Exit::Clean)
}

/// Whole subjects by kind, each with its identity beside its facts.
fn all(subjects: &Subjects) -> Value {
    let of_kind = |kind: Kind| {
        let of_kind = subjects.of(kind);
        let written = of_kind
            .subjects
            .iter()
            .map(|subject| json!({ "id": subject.id, "name": subject.name(), "facts": of_kind.facts_of(subject).document }));
        (kind.name().to_owned(), Value::Array(written.collect()))
    };
    Value::Object(Kind::ALL.into_iter().map(of_kind).collect())
}
