//! The clap tree and nothing else.

mod explain;
mod help;
pub mod init;
mod nights;
mod sarif;
mod schema;
mod shell;
mod spec;
mod terraform;
mod waive;
mod why;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use explain::Explain;
pub use help::{EXAMPLES, GROUPS, command, parse};
pub use init::{Config, ConfigShow, Init};
pub use nights::{Diff, FailOn, FailOnUnknown, Nights, Verify};
pub use sarif::{Sarif, SarifCheck};
pub use schema::SchemaOf;
pub use shell::{Completions, Man};
pub use spec::{Spec, SpecCheck, SpecFormat};
pub use terraform::{Locate, Terraform};
pub use waive::{Waive, WaiveAdd, WaiveList, WaivePrune, WaiverFile};
pub use why::{Why, WhyFormat};

use crate::snapshot::Timestamp;

#[derive(Debug, Parser)]
#[command(
    name = "backstop",
    version,
    about = "Audits AWS Backup against policy written as code",
    long_about = "Audits AWS Backup against policy written as code.\n\nBackstop observes an account (or reads a snapshot of one), derives what its backup configuration really does, \
                  judges that with Rego rules, and says pass, fail or unknown. What was not seen is never called fine.",
    propagate_version = true,
    arg_required_else_help = true
)]
pub struct Cli {
    /// When to colour the output.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, help_heading = "Terminal")]
    pub color: Color,

    #[command(subcommand)]
    pub verb: Verb,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Judge a snapshot, or the live account, and say what is wrong
    Audit(Box<Audit>),
    /// Observe the live account and write a snapshot of it
    Collect(Collect),
    /// Tell the story of one resource: what covers it, when it runs next, what can be restored, what would have to change
    Why(Why),
    /// Explain a rule; with --resource, what it says of that resource, and how to mend it with its names filled in
    Explain(Box<Explain>),
    /// Say what changed between two results or snapshots: new, gone, changed, newly blind, and what was weakened
    Diff(Diff),
    /// Check that bundles of evidence are what they were, and judge their snapshots again to the same bytes
    Verify(Verify),
    /// Print the file, line and column that declare a resource or an attribute of it
    Locate(Locate),
    /// Print the subjects that rules judge, or one rule's exact inputs
    Facts(Facts),
    /// List the rules, or explain one
    #[command(subcommand)]
    Rules(Rules),
    /// Keep the file of findings that are accepted until a date
    #[command(subcommand)]
    Waive(Waive),
    /// Say what GitHub code scanning would refuse or drop of a SARIF file
    #[command(subcommand)]
    Sarif(Sarif),
    /// Write an annotated backstop.toml, and ask on a terminal for what it should hold
    Init(Init),
    /// Show what is in force, and where each value comes from
    #[command(subcommand)]
    Config(Config),
    /// Print the IAM policy that the enabled rules need, or say what of it is missing
    Permissions(Permissions),
    /// Check the specification itself; needs no account
    #[command(subcommand)]
    Spec(Spec),
    /// Print the JSON Schema of a snapshot, a subject, a report or the configuration
    #[command(subcommand)]
    Schema(SchemaOf),
    /// Print what lets a shell complete verbs, flags and rules
    Completions(Completions),
    /// Print the manual page, or write all of them
    Man(Man),
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  backstop audit --demo
  backstop audit snapshot.json --fail-on high --output sarif=audit.sarif
  backstop audit --region us-east-1 --region us-west-2 --output json=audit.json
  backstop audit --terraform environments/prod --fail-on-unknown=never
  backstop audit snapshot.json --terraform-plan plan.json --terraform environments/prod")]
pub struct Audit {
    /// A snapshot: a .json document, a .zst of one, or a directory of them. Without it and without Terraform, the live account is observed
    #[arg(value_name = "SNAPSHOT", conflicts_with_all = ["demo", "live", "observe"], help_heading = "What to audit")]
    pub snapshot: Option<PathBuf>,

    /// Audit the embedded snapshot of a demonstration system; no AWS account needed
    #[arg(long, conflicts_with_all = ["live", "observe"], help_heading = "What to audit")]
    pub demo: bool,

    /// Observe the live account also where Terraform is given; any flag of the live account says the same
    #[arg(long = "live", id = "observe", help_heading = "What to audit")]
    pub observe: bool,

    #[command(flatten)]
    pub terraform: Terraform,

    #[command(flatten)]
    pub live: Live,

    #[command(flatten)]
    pub policy: Policy,

    #[command(flatten)]
    pub waivers: WaiverFile,

    #[command(flatten)]
    pub nights: Nights,

    /// Exit with 3 when a rule at least this severe could not be judged; alone, the flag means 'low', without it the level is that of
    /// --fail-on, and 'never' switches the check off
    #[arg(long, value_name = "SEVERITY", value_enum, num_args = 0..=1, require_equals = true, default_missing_value = "low", help_heading = "Gate")]
    pub fail_on_unknown: Option<FailOnUnknown>,

    /// Also write a report, as FORMAT=PATH ('-' for stdout); may be repeated. Formats: table, json, sarif, sarif-github, html, markdown,
    /// annotations, junit, csv, oscal, ocsf, bundle
    #[arg(long = "output", short = 'o', value_name = "FORMAT=PATH", help_heading = "Reports")]
    pub outputs: Vec<String>,

    /// What the table is ordered by; 'promise' and 'resource' also add theirs to the JSON report. Exit codes and SARIF do not depend on it
    #[arg(long, value_enum, default_value_t = By::Rule, help_heading = "Reports")]
    pub by: By,

    /// The code-scanning category of sarif-github; '{account}' stands for the account id
    #[arg(long, value_name = "CATEGORY", default_value = "backstop/{account}", help_heading = "Reports")]
    pub sarif_category: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum By {
    /// What each rule found
    Rule,
    /// From where each resource can be recovered: here, from another Region, from another account
    Resource,
    /// What became of each promise of the specification
    Promise,
}

#[derive(Debug, Args)]
#[group(id = "live", multiple = true)]
pub struct Live {
    /// The profile of the AWS configuration to use
    #[arg(long, value_name = "NAME", help_heading = "Live account")]
    pub profile: Option<String>,

    /// A Region to observe; may be repeated. Default: the Region of the profile or of AWS_REGION
    #[arg(long = "region", value_name = "REGION", conflicts_with = "all_regions", help_heading = "Live account")]
    pub regions: Vec<String>,

    /// Observe every Region that the account has enabled
    #[arg(long, help_heading = "Live account")]
    pub all_regions: bool,

    /// An account to observe, by its id; may be repeated. Default: the account of the credentials
    #[arg(long = "account", value_name = "ID", requires = "role", help_heading = "Live account")]
    pub accounts: Vec<String>,

    /// Observe every active account of the organization
    #[arg(long, requires = "role", help_heading = "Live account")]
    pub organization: bool,

    /// The role to assume in each account that is not the credentials' own, by its name
    #[arg(long, value_name = "NAME", help_heading = "Live account")]
    pub role: Option<String>,

    /// The external id that the role asks for
    #[arg(long, value_name = "ID", requires = "role", help_heading = "Live account")]
    pub external_id: Option<String>,

    /// Also list every resource of these types, tagged or not, separated by commas; 'none' for no type
    #[arg(long, value_name = "TYPE,...", value_enum, value_delimiter = ',', default_value = "dynamodb", help_heading = "Live account")]
    pub inventory: Vec<Inventory>,

    /// Requests a second to one service in one Region of one account, at most. Without it the pace adapts to throttling alone
    #[arg(long, value_name = "RATE", value_parser = rate, help_heading = "Live account")]
    pub max_rate: Option<f64>,
}

impl Live {
    /// Whether any of it was given, which asks for the live account.
    pub fn is_given(&self) -> bool {
        let Live { profile, regions, all_regions, accounts, organization, role, external_id, inventory: _, max_rate } = self;
        let named = [profile, role, external_id].into_iter().any(Option::is_some);
        named || *all_regions || *organization || !regions.is_empty() || !accounts.is_empty() || max_rate.is_some()
    }
}

/// Types whose own service lists them. The tagging API does not show a resource that never had a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Inventory {
    #[value(name = "dynamodb")]
    DynamoDb,
    Rds,
    Aurora,
    Ec2,
    Ebs,
    Efs,
    S3,
    Fsx,
    All,
    None,
}

fn rate(text: &str) -> Result<f64, String> {
    let rate: f64 = text.parse().map_err(|_| "it is not a number".to_owned())?;
    if rate.is_finite() && (0.1..=10_000.0).contains(&rate) { Ok(rate) } else { Err("it must be from 0.1 to 10000".to_owned()) }
}

#[derive(Debug, Args)]
pub struct Policy {
    /// The configuration file. Default: backstop.toml here or in a parent directory, up to the repository's root
    #[arg(long, value_name = "FILE", env = "BACKSTOP_CONFIG", help_heading = "Policy")]
    pub config: Option<PathBuf>,

    /// Judge everything as this environment, instead of finding it by account or tag
    #[arg(long, value_name = "NAME", help_heading = "Policy")]
    pub environment: Option<String>,

    /// Judge as of this time, such as 2026-06-30 or 2026-06-30T12:00:00Z. Default: when the snapshot was taken
    #[arg(long, value_name = "TIME", help_heading = "Policy")]
    pub as_of: Option<Timestamp>,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  backstop collect -o snapshot.json
  backstop collect --all-regions --profile audit -o snapshot.json.zst
  backstop collect --organization --role BackupAudit --all-regions -o snapshot.json.zst")]
pub struct Collect {
    /// Where to write the snapshot; a name that ends in .zst is compressed, '-' is stdout
    #[arg(long, short, value_name = "FILE")]
    pub output: PathBuf,

    /// Go on with what a run that was interrupted had collected for the same FILE
    #[arg(long)]
    pub resume: bool,

    #[command(flatten)]
    pub live: Live,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  backstop permissions > policy.json
  backstop permissions --check --all-regions
  backstop permissions --check snapshot.json")]
pub struct Permissions {
    /// Say which statements are missing, instead of printing the whole policy: AWS is asked for one page of everything
    #[arg(long, help_heading = "Check")]
    pub check: bool,

    /// Not only what the enabled rules need, but everything that `backstop collect` can ask
    #[arg(long, help_heading = "Policy")]
    pub everything: bool,

    /// Judge by the calls of this snapshot, and ask AWS nothing
    #[arg(value_name = "SNAPSHOT", requires = "check", conflicts_with = "live", help_heading = "Check")]
    pub snapshot: Option<PathBuf>,

    #[command(flatten)]
    pub live: Live,

    #[command(flatten)]
    pub policy: Policy,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  backstop facts snapshot.json
  backstop facts snapshot.json --rule vault-lock/missing")]
pub struct Facts {
    /// A snapshot: a .json document, a .zst of one, or a directory of them
    #[arg(value_name = "SNAPSHOT", required_unless_present = "demo", conflicts_with = "demo")]
    pub snapshot: Option<PathBuf>,

    /// Use the embedded snapshot of a demonstration system
    #[arg(long)]
    pub demo: bool,

    /// Print what this rule is given, subject by subject, instead of whole subjects
    #[arg(long, value_name = "ID")]
    pub rule: Option<String>,

    #[command(flatten)]
    pub policy: Policy,
}

#[derive(Debug, Subcommand)]
#[command(after_help = "Examples:
  backstop rules list
  backstop rules explain vault-lock/missing")]
pub enum Rules {
    /// List every rule with its severity and subject
    List,
    /// Print a rule's page, as `backstop explain` does
    Explain {
        /// The rule's id, such as vault-lock/missing
        #[arg(value_name = "ID")]
        rule: String,
    },
}
