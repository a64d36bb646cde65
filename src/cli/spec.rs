//! The verb that holds the specification against itself.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

#[derive(Debug, Subcommand)]
#[command(after_help = "Examples:
  backstop spec check
  backstop spec check --environment development --format json")]
pub enum Spec {
    /// Say where the specification contradicts itself, or what AWS does, with the parameters in force
    Check(SpecCheck),
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  backstop spec check
  backstop spec check --environment development --format json")]
pub struct SpecCheck {
    /// The configuration file. Default: backstop.toml here or in a parent directory, up to the repository's root
    #[arg(long, value_name = "FILE", env = "BACKSTOP_CONFIG", help_heading = "Policy")]
    pub config: Option<PathBuf>,

    /// Check with the parameters of this environment only
    #[arg(long, value_name = "NAME", help_heading = "Policy")]
    pub environment: Option<String>,

    /// How to print what was found
    #[arg(long, value_enum, default_value_t = SpecFormat::Table)]
    pub format: SpecFormat,

    /// Also list the promises that no API can show
    #[arg(long)]
    pub all: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SpecFormat {
    Table,
    Json,
}
