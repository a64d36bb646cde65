//! The verb that tells the story of one resource, and how such verbs tell it.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{Live, Policy, WaiverFile};

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  backstop why arn:aws:dynamodb:us-east-1:111122223333:table/orders snapshot.json
  backstop why arn:aws:dynamodb:us-east-1:111122223333:table/tattoo-directory-prod-users --demo")]
pub struct Why {
    /// The resource
    #[arg(value_name = "ARN")]
    pub resource: String,

    /// A snapshot: a .json document, a .zst of one, or a directory of them. Without it, the live account is observed
    #[arg(value_name = "SNAPSHOT", conflicts_with_all = ["demo", "live"], help_heading = "Where to look")]
    pub snapshot: Option<PathBuf>,

    /// Look into the embedded snapshot of a demonstration system
    #[arg(long, conflicts_with = "live", help_heading = "Where to look")]
    pub demo: bool,

    #[command(flatten)]
    pub live: Live,

    #[command(flatten)]
    pub policy: Policy,

    #[command(flatten)]
    pub waivers: WaiverFile,

    /// How to tell it
    #[arg(long, value_enum, default_value_t = WhyFormat::Text)]
    pub format: WhyFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum WhyFormat {
    Text,
    Json,
}
