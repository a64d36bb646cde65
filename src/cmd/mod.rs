//! One file per verb; the only code that may enter every room.
//!
//! - `audit`, `collect`, `completions`, `config`, `diff`, `explain`, `facts`, `init`, `locate`, `man`, `permissions`, `rules`, `sarif`,
//!   `schema`, `spec`, `verify`, `why`: the verbs
//! - `coverage`: how the calls of a run ended, and which rules are blind for it
//! - `input`: the snapshot and the policy in force, as several verbs need them
//! - `waive`: the verb that keeps the waivers file; `waivers`: where that is and what it holds
//! - `terraform`: Terraform's files as the command line names them; `lines`: what declares each finding; `baseline`: a former report
//! - `bundle`: a bundle of evidence; `history`: results of former nights; `nights`: what they came to, in numbers
//! - `publish`: every report that was asked for; `output`: files that are written whole or not at all

mod audit;
mod baseline;
mod bundle;
mod collect;
mod completions;
mod config;
mod coverage;
mod diff;
mod explain;
mod facts;
mod history;
mod init;
mod input;
mod lines;
mod locate;
mod man;
mod nights;
mod output;
mod permissions;
mod publish;
mod rules;
mod sarif;
mod schema;
mod spec;
mod terraform;
mod verify;
mod waive;
mod waivers;
mod why;

use crate::cli::{Cli, Verb};
use crate::error::Error;
use crate::exit::Exit;
use crate::report::plain;
use crate::term;

/// Runs a verb to its exit code; what went wrong is said on stderr.
pub fn run(cli: Cli) -> u8 {
    match dispatch(cli) {
        Ok(exit) => exit.code(),
        Err(error) => {
            // What a file says is told in its own words, which may hold what steers a terminal.
            let said = format!("error: {error}\nhelp: {}", error.help());
            term::say(&said.lines().map(plain).collect::<Vec<_>>().join("\n"));
            error.exit().code()
        }
    }
}

fn dispatch(cli: Cli) -> Result<Exit, Error> {
    match cli.verb {
        Verb::Audit(args) => audit::run(&args, cli.color),
        Verb::Why(args) => why::run(&args, cli.color),
        Verb::Explain(args) => explain::run(&args, cli.color),
        Verb::Diff(args) => diff::run(&args, cli.color),
        Verb::Verify(args) => verify::run(&args),
        Verb::Locate(args) => locate::run(&args),
        Verb::Collect(args) => collect::run(&args),
        Verb::Facts(args) => facts::run(&args),
        Verb::Waive(args) => waive::run(&args, cli.color),
        Verb::Permissions(args) => permissions::run(&args),
        Verb::Sarif(args) => sarif::run(&args, cli.color),
        Verb::Rules(args) => rules::run(&args),
        Verb::Spec(args) => spec::run(&args, cli.color),
        Verb::Schema(args) => schema::run(&args),
        Verb::Init(args) => init::run(&args),
        Verb::Config(args) => config::run(&args),
        Verb::Completions(args) => completions::run(&args),
        Verb::Man(args) => man::run(&args),
    }
}
