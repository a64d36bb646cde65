//! The verb that looks at SARIF files before they are uploaded.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::WhyFormat;

#[derive(Debug, Subcommand)]
#[command(after_help = "Examples:
  backstop sarif check backstop.sarif")]
pub enum Sarif {
    /// Say what GitHub code scanning would refuse, drop or show wrongly of SARIF files, whichever tool wrote them; asks GitHub nothing
    Check(SarifCheck),
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  backstop sarif check backstop.sarif
  backstop sarif check backstop.sarif --format json

Ends with 0 when nothing would be refused, 1 when something would, 2 when a file cannot be opened, 4 when one is not SARIF.")]
pub struct SarifCheck {
    /// A SARIF file; '-' is stdin
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,

    /// How to tell it
    #[arg(long, value_enum, default_value_t = WhyFormat::Text)]
    pub format: WhyFormat,
}
