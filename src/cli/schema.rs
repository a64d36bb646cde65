//! The verb that prints schemas.

use clap::Subcommand;

#[derive(Debug, Subcommand)]
#[command(after_help = "Examples:
  backstop schema config > backstop.schema.json
  backstop schema subject vault")]
pub enum SchemaOf {
    /// The snapshot document
    Snapshot,
    /// A subject, as `backstop facts` prints it
    Subject {
        /// account, vault, plan, plan_rule, selection, resource, recovery_point, key, role or alarm
        #[arg(value_name = "KIND")]
        kind: String,
    },
    /// The JSON report
    Report,
    /// What `backstop why --format json` prints
    Why,
    /// What `backstop explain --format json` prints
    Explain,
    /// What `backstop diff --format json` prints
    Diff,
    /// What `backstop spec check --format json` prints
    Spec,
    /// The configuration file, backstop.toml
    Config,
    /// What `backstop config show --format json` prints
    ConfigShow,
    /// The waivers file, waivers.toml
    Waivers,
}
