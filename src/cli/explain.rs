//! The verb that tells what a rule demands, and what it says of one resource.

use std::path::PathBuf;

use clap::Args;

use super::{Live, Policy, Terraform, WaiverFile, WhyFormat};

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  backstop explain vault-lock/missing
  backstop explain vault-lock/missing --resource arn:aws:backup:us-east-1:111122223333:backup-vault:main snapshot.json
  backstop explain schedule/daily-differs --resource arn:aws:backup:us-east-1:111122223333:backup-plan:PLAN_ID snapshot.json --terraform environments/prod")]
pub struct Explain {
    /// The rule's id, such as vault-lock/missing
    #[arg(value_name = "RULE")]
    pub rule: String,

    /// Tell what the rule says of this resource, and how to mend it with its names filled in: an ARN, or another id that a report
    /// has. For rules on plan rules, selections and recovery points also the ARN of what they belong to
    #[arg(long, value_name = "ARN", help_heading = "Where to look")]
    pub resource: Option<String>,

    /// A snapshot: a .json document, a .zst of one, or a directory of them. Without it and without Terraform, the live account is observed
    #[arg(value_name = "SNAPSHOT", conflicts_with_all = ["demo", "live"], requires = "resource", help_heading = "Where to look")]
    pub snapshot: Option<PathBuf>,

    /// Look into the embedded snapshot of a demonstration system
    #[arg(long, conflicts_with = "live", requires = "resource", help_heading = "Where to look")]
    pub demo: bool,

    #[command(flatten)]
    pub terraform: Terraform,

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
