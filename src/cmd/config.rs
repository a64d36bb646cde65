//! `backstop config show`: every value in force, and where it comes from.

use std::path::Path;

use super::{input, waivers};
use crate::cli::{self, ConfigShow, WhyFormat};
use crate::config::{self, Named, Shown, Whence};
use crate::error::Error;
use crate::exit::Exit;
use crate::term;

pub fn run(args: &cli::Config) -> Result<Exit, Error> {
    let cli::Config::Show(args) = args;
    let in_force = input::policy(&cli::Policy { config: args.config.clone(), environment: args.environment.clone(), as_of: None })?;
    let shown = Shown::of(&in_force, whence(args));
    let unwritten = |source: std::io::Error| Error::Output { path: "-".into(), source };
    let text = match args.format {
        WhyFormat::Text => shown.text(),
        WhyFormat::Json => serde_json::to_string_pretty(&shown).map_err(|error| unwritten(error.into()))? + "\n",
    };
    term::print(text.as_bytes()).map_err(unwritten)?;
    Ok(Exit::Clean)
}

fn whence(args: &ConfigShow) -> Whence {
    let here = std::env::current_dir().unwrap_or_default();
    let found =
        || config::discover(&here, config::FILE).map(|path| Named { path: waivers::seen_from_here(&path).display().to_string(), by: None });
    let file = named(args.config.as_deref(), "--config", "BACKSTOP_CONFIG").or_else(found);
    let looked_in = if file.is_some() { Vec::new() } else { config::searched(&here) };
    let beside = || waivers::find(&args.waivers, args.config.as_deref()).map(|path| Named { path: path.display().to_string(), by: None });
    Whence {
        waivers: named(args.waivers.path.as_deref(), "--waivers", "BACKSTOP_WAIVERS").or_else(beside),
        looked_in: looked_in.into_iter().map(|directory| directory.display().to_string()).collect(),
        file,
    }
}

/// A file that a flag names, or else a variable.
fn named(path: Option<&Path>, flag: &str, variable: &str) -> Option<Named> {
    let path = path?;
    let by = if std::env::var_os(variable).is_some_and(|value| Path::new(&value) == path) { variable } else { flag };
    Some(Named { path: path.display().to_string(), by: Some(by.to_owned()) })
}
