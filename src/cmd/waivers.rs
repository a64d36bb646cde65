//! The waivers file: where it is, what reports call it, and what it holds.

use std::path::{Path, PathBuf};

use crate::audit::Waivers;
use crate::cli;
use crate::config::{self, InForce, WAIVERS_FILE};
use crate::error::Error;

/// The file, as far as there is one: named, beside the configuration that is named, or found as that is.
pub fn find(given: &cli::WaiverFile, config: Option<&Path>) -> Option<PathBuf> {
    let beside = || config.map(|config| config.with_file_name(WAIVERS_FILE)).filter(|path| path.is_file());
    let here = || std::env::current_dir().ok().and_then(|directory| config::discover(&directory, WAIVERS_FILE));
    given.path.clone().or_else(beside).or_else(here).map(|path| seen_from_here(&path))
}

/// What it holds; `None` where there is no file.
pub fn read(given: &cli::WaiverFile, config: Option<&Path>, policy: &InForce) -> Result<Option<Waivers>, Error> {
    let Some(path) = find(given, config) else { return Ok(None) };
    let text = text(&path)?;
    let all = config::read_waivers(&text, &path, policy)?;
    Ok(Some(Waivers { file: called(&path), text, all, terms: policy.waiver_terms }))
}

/// What reports call it, and bundles with them: of one that lies elsewhere nothing but the name, since the rest is about this machine.
fn called(path: &Path) -> String {
    let name = path.file_name().filter(|_| path.is_absolute()).map(Path::new);
    name.unwrap_or(path).display().to_string()
}

/// What a text holds that reports call `file`.
pub fn of(file: String, text: String, policy: &InForce) -> Result<Waivers, Error> {
    let all = config::read_waivers(&text, Path::new(&file), policy)?;
    Ok(Waivers { file, text, all, terms: policy.waiver_terms })
}

pub fn text(path: &Path) -> Result<String, Error> {
    let bytes = std::fs::read(path).map_err(|source| {
        Error::usage(
            format!("cannot read the waivers '{}': {source}", path.display()),
            "check the path given by --waivers or BACKSTOP_WAIVERS",
        )
    })?;
    Ok(config::text(bytes, path, "waivers")?)
}

/// The path without what only this machine knows, so that reports are the same elsewhere and annotations find the file.
pub fn seen_from_here(path: &Path) -> PathBuf {
    let Ok(here) = std::env::current_dir() else { return path.to_owned() };
    if let Ok(below) = path.strip_prefix(&here) {
        return below.to_owned();
    }
    let repository = here.ancestors().find(|directory| directory.join(".git").exists());
    let is_near = |shared: &Path| path.parent() == Some(shared) || repository.is_some_and(|root| shared.starts_with(root));
    let shared = here.ancestors().find(|directory| path.starts_with(directory)).filter(|shared| is_near(shared));
    let apart = shared.and_then(|shared| Some((here.strip_prefix(shared).ok()?, path.strip_prefix(shared).ok()?)));
    match apart {
        Some((up, down)) => up.components().map(|_| "..").collect::<PathBuf>().join(down),
        None => path.to_owned(),
    }
}
