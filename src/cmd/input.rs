//! The snapshot to judge, and the policy to judge it by.

use std::path::Path;

use chrono::Utc;

use crate::cli;
use crate::config::{self, InForce};
use crate::error::Error;
use crate::policy::Library;
use crate::snapshot::{self, Digest, Reading, Snapshot, Timestamp};
use crate::terraform::Origin;

/// The demonstration system: the one that the specification describes.
const DEMO: &[u8] = include_bytes!("../../fixtures/tattoo_directory_prod.json");

/// What is to be judged.
pub struct Input {
    pub reading: Reading,
    /// What it was before the plan that is to be judged.
    pub before: Option<Before>,
    /// One sentence each.
    pub notices: Vec<String>,
    /// Which resource of Terraform each AWS object belongs to, as far as any file tells.
    pub origins: Vec<Origin>,
    /// Why what Terraform declares was not read whole.
    pub partial: Option<String>,
}

/// What a plan finds.
pub struct Before {
    pub snapshot: Snapshot,
    /// Observed of AWS, and not only what the plan itself says was there.
    pub is_observed: bool,
}

pub fn demo(digest: Digest) -> Result<Reading, Error> {
    Ok(snapshot::from_bytes(DEMO, Path::new("the embedded demonstration"), digest)?)
}

/// The rules and parameters in force: the shipped ones, under the configuration file and the flags.
pub fn policy(args: &cli::Policy) -> Result<InForce, Error> {
    let library = Library::shipped()?;
    let here = || std::env::current_dir().ok().and_then(|directory| config::discover(&directory, config::FILE));
    let mut in_force = match args.config.clone().or_else(here) {
        Some(path) => {
            let bytes = std::fs::read(&path).map_err(|source| Error::ConfigFile { path: path.clone(), source })?;
            config::apply(&config::text(bytes, &path, "config")?, &path, library)?
        }
        None => config::defaults(library),
    };
    if let Some(name) = &args.environment {
        config::force(&mut in_force, name)
            .map_err(|message| Error::usage(message, "name one of backstop.toml's environments, 'production' or 'development'"))?;
    }
    Ok(in_force)
}

/// The moment that counts: asked for, or the last at which the snapshot was taken, or now where it does not say.
pub fn as_of(asked: Option<Timestamp>, snapshot: &Snapshot) -> Timestamp {
    let taken = snapshot.units.iter().flat_map(|unit| [&unit.started_at, &unit.finished_at]).filter_map(|time| time.known()).max();
    asked.or(taken.copied()).unwrap_or_else(|| Utc::now().into())
}
