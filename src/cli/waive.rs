//! The flag that names the waivers file, and the verb that keeps it.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{ArgGroup, Args, Subcommand};

use super::{Policy, WhyFormat, terraform};

#[derive(Debug, Args)]
pub struct WaiverFile {
    /// The waivers file. Default: waivers.toml beside the file that --config names, or here or in a parent directory, up to the
    /// repository's root
    #[arg(long = "waivers", value_name = "FILE", env = "BACKSTOP_WAIVERS", help_heading = "Policy")]
    pub path: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
#[command(after_help = "Examples:
  backstop waive add vault-lock/missing '*:backup-vault:scratch' --reason 'holds no data' --for 30d
  backstop waive list
  backstop waive prune --dry-run")]
pub enum Waive {
    /// Accept a rule's findings on a resource, for a reason and until a date
    Add(WaiveAdd),
    /// List the waivers: those that have lapsed, those that soon will, and the others
    List(WaiveList),
    /// Take out what has lapsed and, given a snapshot, what waives nothing
    Prune(WaivePrune),
}

#[derive(Debug, Args)]
#[command(
    group = ArgGroup::new("end").args(["expires", "days"]).required(true),
    after_help = "Examples:
  backstop waive add vault-lock/missing arn:aws:backup:us-east-1:111122223333:backup-vault:scratch --reason 'holds no data' --for 30d
  backstop waive add 'vault/notifications-missing' '*:backup-vault:legacy-*' --reason 'until the move' --expires 2026-12-31 --approver 'A. Person' --ticket OPS-12"
)]
pub struct WaiveAdd {
    /// The rule's id, such as vault-lock/missing
    #[arg(value_name = "RULE")]
    pub rule: String,

    /// What the id of the finding's subject must match: an ARN, in which '*' stands for any run of characters and '?' for one
    #[arg(value_name = "RESOURCE", value_parser = said)]
    pub resource: String,

    /// Why it is accepted
    #[arg(long, value_name = "TEXT", value_parser = said)]
    pub reason: String,

    /// The last day on which it waives, in UTC, such as 2026-12-31
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub expires: Option<NaiveDate>,

    /// For how long, instead of a date: 30d, 8w
    #[arg(long = "for", id = "days", value_name = "TIME", value_parser = days)]
    pub days: Option<u16>,

    /// Who accepts it
    #[arg(long, value_name = "NAME", value_parser = said)]
    pub approver: Option<String>,

    /// Where that was decided
    #[arg(long, value_name = "ID", value_parser = said)]
    pub ticket: Option<String>,

    /// Only in this account
    #[arg(long, value_name = "ID", value_parser = terraform::account)]
    pub account: Option<String>,

    /// Only in this Region
    #[arg(long, value_name = "REGION", value_parser = said)]
    pub region: Option<String>,

    #[command(flatten)]
    pub waivers: WaiverFile,

    /// The configuration file. Default: backstop.toml here or in a parent directory, up to the repository's root
    #[arg(long, value_name = "FILE", env = "BACKSTOP_CONFIG", help_heading = "Policy")]
    pub config: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  backstop waive list
  backstop waive list snapshot.json --as-of 2026-12-31 --format json")]
pub struct WaiveList {
    /// A snapshot: say also what each waives there
    #[arg(value_name = "SNAPSHOT")]
    pub snapshot: Option<PathBuf>,

    /// How to list them; 'json' as `waivers` of the JSON report
    #[arg(long, value_enum, default_value_t = WhyFormat::Text)]
    pub format: WhyFormat,

    #[command(flatten)]
    pub waivers: WaiverFile,

    #[command(flatten)]
    pub policy: Policy,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  backstop waive prune --dry-run
  backstop waive prune snapshot.json")]
pub struct WaivePrune {
    /// A snapshot: take out also what waives nothing there. What it may concern and was not seen stays
    #[arg(value_name = "SNAPSHOT")]
    pub snapshot: Option<PathBuf>,

    /// Say what would be taken out, and change nothing
    #[arg(long)]
    pub dry_run: bool,

    #[command(flatten)]
    pub waivers: WaiverFile,

    #[command(flatten)]
    pub policy: Policy,
}

fn said(text: &str) -> Result<String, String> {
    if text.trim().is_empty() { Err("it says nothing".to_owned()) } else { Ok(text.trim().to_owned()) }
}

fn date(text: &str) -> Result<NaiveDate, String> {
    text.parse().map_err(|_| "write it like 2026-12-31".to_owned())
}

fn days(text: &str) -> Result<u16, String> {
    let (count, unit) = text.split_at_checked(text.len().saturating_sub(1)).unwrap_or_default();
    let days = match unit {
        "d" => 1,
        "w" => 7,
        _ => return Err("write it in days or weeks: 30d, 8w".to_owned()),
    };
    let count: u16 = count.parse().map_err(|_| "write it in days or weeks: 30d, 8w".to_owned())?;
    count.checked_mul(days).ok_or_else(|| "that is too long".to_owned())
}
