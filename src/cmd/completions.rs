//! `backstop completions`: what lets a shell complete verbs, flags, and the ids of rules.

use clap::Command;
use clap::builder::PossibleValuesParser;

use crate::cli::{self, Completions};
use crate::error::Error;
use crate::exit::Exit;
use crate::facts::Kind;
use crate::policy::Library;
use crate::term;

pub fn run(args: &Completions) -> Result<Exit, Error> {
    let library = Library::shipped()?;
    let rules: Vec<String> = library.rules.into_iter().map(|rule| rule.id).collect();
    let mut command = with_values(cli::command(term::help_width()), &rules);
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "backstop", &mut script);
    term::print(&script).map_err(|source| Error::Output { path: "-".into(), source })?;
    Ok(Exit::Clean)
}

/// The tree with the values that arguments take. In the tree that reads the command line they are open, because what is wrong there
/// is told with what was probably meant and not with a hundred ids.
fn with_values(command: Command, rules: &[String]) -> Command {
    let names: Vec<String> = command.get_subcommands().map(|verb| verb.get_name().to_owned()).collect();
    let command = command.mut_args(|arg| match arg.get_id().as_str() {
        "rule" => arg.value_parser(PossibleValuesParser::new(rules.to_vec())),
        "kind" => arg.value_parser(PossibleValuesParser::new(Kind::ALL.map(Kind::name))),
        _ => arg,
    });
    names.into_iter().fold(command, |command, name| command.mut_subcommand(name, |verb| with_values(verb, rules)))
}
