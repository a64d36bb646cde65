//! `backstop spec check`: whether the specification goes together, from the parameters in force. Needs no account.

use super::input;
use crate::cli::{self, Color, SpecFormat};
use crate::error::Error;
use crate::exit::Exit;
use crate::report::spec::{self as press, SpecReport};
use crate::spec;
use crate::term;

pub fn run(args: &cli::Spec, color: Color) -> Result<Exit, Error> {
    let cli::Spec::Check(args) = args;
    let policy = input::policy(&cli::Policy { config: args.config.clone(), environment: args.environment.clone(), as_of: None })?;
    let environments = &policy.environments;
    let in_force = environments.all.iter().enumerate().filter(|(at, _)| !environments.forced || *at == environments.default);
    let in_force: Vec<_> = in_force.map(|(_, environment)| (environment.name.as_str(), &environment.parameters)).collect();
    let contradictions = spec::check(&policy.library, in_force.iter().copied());
    let report = SpecReport {
        contradictions: &contradictions,
        environments: in_force.iter().map(|(name, _)| *name).collect(),
        not_verifiable: args.all.then(|| policy.library.promises.iter().filter(|promise| promise.not_verifiable.is_some()).collect()),
    };
    let unwritten = |source: std::io::Error| Error::Output { path: "-".into(), source };
    let text = match args.format {
        SpecFormat::Table => press::table(&report, term::stdout(color)),
        SpecFormat::Json => press::json(&report).map_err(|error| unwritten(error.into()))?,
    };
    term::print(text.as_bytes()).map_err(unwritten)?;
    Ok(if contradictions.is_empty() { Exit::Clean } else { Exit::Findings })
}
