//! Parse, run, exit code.

use std::process::ExitCode;

use backstop::cli::Cli;
use clap::Parser;

fn main() -> ExitCode {
    ExitCode::from(backstop::cmd::run(Cli::parse()))
}
