//! What a run is compared with and kept in, and the verbs that look at what was kept.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{Policy, WaiverFile, WhyFormat};
use crate::policy::{Severity, nearest};

/// A level of `--fail-on`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FailOn {
    pub severity: Severity,
    /// `new:SEVERITY`: only what the former result does not have.
    pub only_new: bool,
}

fn fail_on(text: &str) -> Result<FailOn, String> {
    let (only_new, name) = text.strip_prefix("new:").map_or((false, text), |name| (true, name));
    match Severity::from_str(name, false) {
        Ok(severity) => Ok(FailOn { severity, only_new }),
        Err(_) => Err(format!("write low, medium, high or critical, or one of them after 'new:'{}", meant(name))),
    }
}

/// `; did you mean '...'?`, where a severity is near enough.
fn meant(given: &str) -> String {
    let near = nearest(Severity::WORST_FIRST.map(Severity::name).into_iter(), given);
    near.map_or(String::new(), |name| format!("; did you mean '{name}'?"))
}

/// A level of `--fail-on-unknown`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOnUnknown {
    Low,
    Medium,
    High,
    Critical,
    Never,
}

#[derive(Debug, Args)]
pub struct Nights {
    /// Exit with 1 when a finding is at least this severe; 'new:SEVERITY' counts only what --baseline does not have. Both may be given
    #[arg(long, value_name = "[new:]SEVERITY", value_parser = fail_on, default_value = "low", help_heading = "Gate")]
    pub fail_on: Vec<FailOn>,

    /// A former JSON report, or 'latest' for the newest of --history: only what is new since then fails the run
    #[arg(long, value_name = "REPORT", help_heading = "Gate")]
    pub baseline: Option<PathBuf>,

    /// Keep the JSON report by its time in this directory, or in a bucket as s3://BUCKET/PREFIX; latest.json points to the newest
    #[arg(long, value_name = "PLACE", help_heading = "Reports")]
    pub history: Option<String>,

    /// The bundle that the new one is chained to. Default: the last one of --history
    #[arg(long, value_name = "BUNDLE", help_heading = "Reports")]
    pub previous_bundle: Option<PathBuf>,

    /// Sign the bundle with this ed25519 key, in PEM or hexadecimal digits
    #[arg(long, value_name = "FILE", help_heading = "Reports")]
    pub sign_key: Option<PathBuf>,
}

impl Nights {
    /// The mildest level that is asked for with or without `new:`.
    pub fn level(&self, only_new: bool) -> Option<Severity> {
        self.fail_on.iter().filter(|level| level.only_new == only_new).map(|level| level.severity).min()
    }
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  backstop diff results/2026-11-21.json results/2026-11-22.json
  backstop diff snapshots/2026-11-21.json.zst snapshots/2026-11-22.json.zst --format json")]
pub struct Diff {
    /// What was: a JSON report, or a snapshot, which is judged with today's rules
    #[arg(value_name = "FORMER")]
    pub former: PathBuf,

    /// What is: a JSON report or a snapshot
    #[arg(value_name = "LATTER")]
    pub latter: PathBuf,

    /// How to tell it
    #[arg(long, value_enum, default_value_t = WhyFormat::Text)]
    pub format: WhyFormat,

    #[command(flatten)]
    pub policy: Policy,

    #[command(flatten)]
    pub waivers: WaiverFile,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  backstop verify evidence/2026-11-22.tar.zst
  backstop verify evidence/2026-11-21.tar.zst evidence/2026-11-22.tar.zst --public-key audit.pub.pem")]
pub struct Verify {
    /// A bundle, as `--output bundle=` wrote it. Of several, each must be chained to the one before it
    #[arg(value_name = "BUNDLE", required = true)]
    pub bundles: Vec<PathBuf>,

    /// The key that must have signed them, in PEM or hexadecimal digits
    #[arg(long, value_name = "FILE")]
    pub public_key: Option<PathBuf>,
}
