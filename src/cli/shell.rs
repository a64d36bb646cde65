//! The verbs that fit Backstop into a shell and a system.

use std::path::PathBuf;

use clap::Args;
use clap_complete::Shell;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  backstop completions bash > ~/.local/share/bash-completion/completions/backstop
  backstop completions zsh > \"${fpath[1]}/_backstop\"
  backstop completions fish > ~/.config/fish/completions/backstop.fish")]
pub struct Completions {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    pub shell: Shell,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  backstop man | man -l -
  backstop man --output ~/.local/share/man/man1")]
pub struct Man {
    /// Write a page for the program and one for each verb into this directory, instead of the program's to stdout
    #[arg(long, short, value_name = "DIR")]
    pub output: Option<PathBuf>,
}
