//! The verbs of a first hour: the one that writes a configuration, and the one that shows what is in force.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{WaiverFile, WhyFormat, terraform};

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  backstop init
  backstop init --environment production --account 111122223333 --retention-days 35
  backstop init --environment staging --not-production --tag Environment=staging --retention-days 7
  backstop init --yes --output -")]
pub struct Init {
    /// Where to write it; '-' is stdout
    #[arg(long, short, value_name = "FILE", default_value = "backstop.toml")]
    pub output: PathBuf,

    /// Write over a file that is there
    #[arg(long)]
    pub force: bool,

    /// Ask nothing: what is not given stays as it is by default. Questions are asked on a terminal only, and not where CI is set
    #[arg(long, short)]
    pub yes: bool,

    /// The environment that the answers are about: production, development, or a name of yours
    #[arg(long, value_name = "NAME", value_parser = name, help_heading = "Answers")]
    pub environment: Option<String>,

    /// The stricter defaults for production do not hold in that environment
    #[arg(long, requires = "environment", help_heading = "Answers")]
    pub not_production: bool,

    /// An account that is in that environment, by its id; may be repeated
    #[arg(long = "account", value_name = "ID", value_parser = terraform::account, help_heading = "Answers")]
    pub accounts: Vec<String>,

    /// A tag of the vaults and plans that are in that environment; may be repeated, and then all must match
    #[arg(long = "tag", value_name = "KEY=VALUE", value_parser = tag, help_heading = "Answers")]
    pub tags: Vec<(String, String)>,

    /// A Region that your backups are in; may be repeated. No key of the file: what comes next is told with it
    #[arg(long = "region", value_name = "REGION", value_parser = region, help_heading = "Answers")]
    pub regions: Vec<String>,

    /// For how many days daily recovery points must be kept
    #[arg(long, value_name = "DAYS", value_parser = days, help_heading = "Answers")]
    pub retention_days: Option<u32>,
}

#[derive(Debug, Subcommand)]
#[command(after_help = "Examples:
  backstop config show
  backstop config show --environment staging --format json")]
pub enum Config {
    /// Print every value in force, and where it comes from
    Show(ConfigShow),
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  backstop config show
  backstop config show --environment staging
  backstop config show --config policy/backstop.toml --format json")]
pub struct ConfigShow {
    /// The configuration file. Default: backstop.toml here or in a parent directory, up to the repository's root
    #[arg(long, value_name = "FILE", env = "BACKSTOP_CONFIG", help_heading = "Policy")]
    pub config: Option<PathBuf>,

    /// What holds where everything is judged as this environment
    #[arg(long, value_name = "NAME", help_heading = "Policy")]
    pub environment: Option<String>,

    #[command(flatten)]
    pub waivers: WaiverFile,

    /// How to print it; the text is a backstop.toml that says the same
    #[arg(long, value_enum, default_value_t = WhyFormat::Text)]
    pub format: WhyFormat,
}

/// The name of an environment.
pub fn name(text: &str) -> Result<String, String> {
    let name = text.trim();
    if name.is_empty() {
        return Err("a name has at least one character".to_owned());
    }
    if name.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(format!("a name has no spaces: '{name}'"));
    }
    Ok(name.to_owned())
}

/// The id of an account.
pub fn account(text: &str) -> Result<String, String> {
    terraform::account(text.trim())
}

/// A Region by what its name looks like: there may be one tomorrow that is not known today.
pub fn region(text: &str) -> Result<String, String> {
    let name = text.trim();
    let parts: Vec<&str> = name.split('-').collect();
    let looks_like_one = match parts.split_last() {
        Some((number, words)) => {
            let is_word = |word: &&str| word.len() >= 2 && word.bytes().all(|byte| byte.is_ascii_lowercase());
            words.len() >= 2 && words.iter().all(is_word) && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
        }
        None => false,
    };
    if looks_like_one { Ok(name.to_owned()) } else { Err("a Region has a name such as us-east-1".to_owned()) }
}

/// A number of days for which points are kept.
pub fn days(text: &str) -> Result<u32, String> {
    let days = text.trim().parse().ok().filter(|days| (1..=1_000_000).contains(days));
    days.ok_or_else(|| "write whole days, at least 1".to_owned())
}

fn tag(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.trim().is_empty() => Ok((key.trim().to_owned(), value.trim().to_owned())),
        _ => Err("write it as KEY=VALUE".to_owned()),
    }
}
