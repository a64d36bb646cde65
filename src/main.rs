//! Parse, run, exit code.

use std::process::ExitCode;

use backstop::{cli, cmd, term};

fn main() -> ExitCode {
    ExitCode::from(cmd::run(cli::parse(term::help_width())))
}
