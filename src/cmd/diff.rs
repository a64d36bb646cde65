//! `backstop diff`: what changed between two results or snapshots.

use std::path::Path;

use super::{baseline, input, waivers};
use crate::audit::{self, Difference, Record, Waivers, Waivings};
use crate::cli::{self, Color, WhyFormat};
use crate::config::InForce;
use crate::error::Error;
use crate::exit::Exit;
use crate::facts;
use crate::report::diff::{self, Diff};
use crate::report::plain;
use crate::snapshot::{self, Digest, Snapshot, Timestamp};
use crate::term;

pub fn run(args: &cli::Diff, color: Color) -> Result<Exit, Error> {
    let policy = input::policy(&args.policy)?;
    let waivers = waivers::read(&args.waivers, args.policy.config.as_deref(), &policy)?;
    let former = Side::read(&args.former, &policy, waivers.as_ref(), args.policy.as_of)?;
    let latter = Side::read(&args.latter, &policy, waivers.as_ref(), args.policy.as_of)?;
    let difference = Difference::between(&former.record, &latter.record);
    let weakened = match (&former.snapshot, &latter.snapshot) {
        (Some(before), Some(after)) => Some(facts::weakened(before, after, latter.record.as_of)),
        _ => None,
    };
    let diff = Diff { former: &former.record, latter: &latter.record, difference: &difference, weakened: weakened.as_deref() };
    let text = match args.format {
        WhyFormat::Text => diff::render(&diff, term::stdout_of_sentences(color)),
        WhyFormat::Json => format!("{:#}\n", diff::json(&diff)),
    };
    term::print(text.as_bytes()).map_err(|source| Error::Output { path: "-".into(), source })?;
    Ok(if diff.is_worse() { Exit::Findings } else { Exit::Clean })
}

struct Side {
    record: Record,
    /// Of a report nothing but its verdicts is left.
    snapshot: Option<Snapshot>,
}

impl Side {
    fn read(path: &Path, policy: &InForce, waivers: Option<&Waivers>, as_of: Option<Timestamp>) -> Result<Self, Error> {
        if !path.is_dir() {
            let bytes = baseline::bytes(path)?;
            if baseline::is_report(&bytes) {
                return Ok(Side { record: baseline::record(&bytes, path)?, snapshot: None });
            }
        }
        let snapshot = snapshot::read(path, Digest::Skip)?.snapshot;
        let as_of = input::as_of(as_of, &snapshot);
        let subjects = facts::derive(&snapshot, as_of);
        let mut audit = audit::judge(&subjects, &policy.library, &policy.environments, as_of)?;
        if let Some(waivers) = waivers {
            audit.waivers = Waivings::of(&audit, waivers, &snapshot.units);
        }
        if let Some(error) = audit.rule_errors().next() {
            // What a rule could not judge for its own fault would look like blindness.
            term::say(&plain(&format!("warning: {error}")));
        }
        let record = Record::of(&audit, &snapshot);
        Ok(Side { record, snapshot: Some(snapshot) })
    }
}
