//! `backstop collect`: the live account to a snapshot file, written whole or not at all.

use std::fmt;
use std::path::Path;

use serde_json::Value;

use super::output::Output;
use crate::cli;
use crate::collect::{self, Options};
use crate::error::Error;
use crate::exit::Exit;
use crate::snapshot::{self, Digest, Reading};
use crate::term::{self, Watch};

/// Observes the account and writes the snapshot. The output is opened before AWS is called, so that a wrong path costs
/// no minutes.
pub fn run(args: &cli::Collect) -> Result<Exit, Error> {
    let output = Output::open(&args.output)?;
    let document = observe(&args.live)?;
    output.write(|to| {
        serde_json::to_writer(&mut *to, &document)?;
        to.write_all(b"\n")
    })?;
    term::say(&Summary::of(&document).to_string());
    Ok(Exit::Clean)
}

/// The live account, read as any other snapshot is.
pub fn live(args: &cli::Live, digest: Digest) -> Result<Reading, Error> {
    let document = observe(args)?;
    term::say(&Summary::of(&document).to_string());
    Ok(snapshot::from_value(document, Path::new("what AWS answered"), digest)?)
}

fn observe(args: &cli::Live) -> Result<Value, Error> {
    let options = Options { profile: args.profile.clone(), regions: args.regions.clone(), all_regions: args.all_regions };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Error::Runtime)?;
    let watch = Watch::start();
    runtime.block_on(async {
        tokio::select! {
            document = collect::observe(&options, &watch) => Ok(document?),
            () = interruption() => Err(Error::Interrupted),
        }
    })
}

/// Ctrl-C, or what a scheduler sends before it kills.
async fn interruption() {
    #[cfg(unix)]
    if let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        return;
    }
    let _ = tokio::signal::ctrl_c().await;
}

/// How the calls ended, as the line on stderr says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Summary {
    units: usize,
    /// By outcome: ok, denied, throttled, failed, truncated, skipped.
    counts: [usize; 6],
}

const OUTCOMES: [&str; 6] = ["ok", "denied", "throttled", "failed", "truncated", "skipped"];

impl Summary {
    fn of(document: &Value) -> Self {
        let mut summary = Summary::default();
        for unit in document["Units"].as_array().into_iter().flatten() {
            summary.units += 1;
            for call in unit["Calls"].as_array().into_iter().flatten() {
                // These are made once and stand in every unit.
                if summary.units > 1 && matches!(call["Service"].as_str(), Some("sts" | "account")) {
                    continue;
                }
                if let Some(at) = OUTCOMES.iter().position(|outcome| call["Outcome"] == *outcome) {
                    summary.counts[at] += 1;
                }
            }
        }
        summary
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [ok, denied, throttled, failed, truncated, skipped] = self.counts;
        let made = ok + denied + throttled + failed + truncated;
        let regions = if self.units == 1 { "1 Region".to_owned() } else { format!("{} Regions", self.units) };
        write!(
            f,
            "{made} calls in {regions}: {ok} ok, {denied} denied, {throttled} throttled, {failed} failed, {truncated} cut short; {skipped} skipped"
        )
    }
}
