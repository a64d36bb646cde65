//! One file per verb; the only code that may enter every room.
//!
//! - `audit`, `collect`, `diff`, `explain`, `facts`, `locate`, `permissions`, `rules`, `schema`, `spec`, `verify`, `why`: the verbs
//! - `coverage`: how the calls of a run ended, and which rules are blind for it
//! - `input`: the snapshot and the policy in force, as several verbs need them
//! - `waive`: the verb that keeps the waivers file; `waivers`: where that is and what it holds
//! - `terraform`: Terraform's files as the command line names them; `lines`: what declares each finding; `baseline`: a former report
//! - `bundle`: a bundle of evidence; `history`: results of former nights
//! - `publish`: every report that was asked for; `output`: files that are written whole or not at all

mod audit;
mod baseline;
mod bundle;
mod collect;
mod coverage;
mod diff;
mod explain;
mod facts;
mod history;
mod input;
mod lines;
mod locate;
mod output;
mod permissions;
mod publish;
mod rules;
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
use crate::term;

/// Runs a verb to its exit code; what went wrong is said on stderr.
pub fn run(cli: Cli) -> u8 {
    match dispatch(cli) {
        Ok(exit) => exit.code(),
        Err(error) => {
            term::say(&format!("error: {error}\nhelp: {}", error.help()));
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
        Verb::Rules(args) => rules::run(&args),
        Verb::Spec(args) => spec::run(&args, cli.color),
        Verb::Schema(args) => schema::run(&args),
    }
}
