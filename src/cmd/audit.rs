//! `backstop audit`: a snapshot, the live account or Terraform's files, to verdicts, reports and an exit code.

use super::input::{self, Input};
use super::publish::{self, Format, Found};
use super::terraform::Files;
use super::{baseline, lines, waivers};
use crate::audit::{self, Audit, Baseline, Comparison, Gate, Waivings};
use crate::cli::{self, Color, FailOnUnknown};
use crate::cmd::collect;
use crate::config::InForce;
use crate::error::Error;
use crate::exit::Exit;
use crate::facts::{self, Subjects};
use crate::policy::Severity;
use crate::report::SnapshotSummary;
use crate::snapshot::{self, Digest, Reading, Snapshot, Timestamp};

pub fn run(args: &cli::Audit, color: Color) -> Result<Exit, Error> {
    // Whatever can be wrong with the command line is found before AWS is called.
    let policy = input::policy(&args.policy)?;
    let waivers = waivers::read(&args.waivers, args.policy.config.as_deref(), &policy)?;
    let former = args.baseline.as_deref().map(baseline::read).transpose()?;
    let outputs = publish::open(&args.outputs)?;
    let files = Files::read(&args.terraform)?;
    // Neither the table nor what is shown to people on GitHub tells it.
    let tells_digest = |format: Format| !matches!(format, Format::Table | Format::Markdown | Format::Annotations);
    let digest = if outputs.iter().any(|(format, _)| tells_digest(*format)) { Digest::Take } else { Digest::Skip };
    let Input { reading, before, notices, origins } = files.input(observed(args, &files, digest, &policy)?, digest)?;
    let as_of = input::as_of(args.policy.as_of, &reading.snapshot);

    let subjects = facts::derive(&reading.snapshot, as_of);
    let mut audit = judge(&subjects, &policy, as_of)?;
    if let Some(waivers) = &waivers {
        audit.waivers = Waivings::of(&audit, waivers, &reading.snapshot.units);
    }
    // A plan is compared with what it is laid over, and any other run with the report that was given.
    let is_overlay = before.as_ref().is_some_and(|before| before.is_observed);
    let comparison = match (former, &before) {
        (Some(former), _) => Some(Comparison::new(former, &audit, false)),
        (None, Some(before)) if is_overlay => Some(Comparison::new(found_before(&before.snapshot, &policy, as_of)?, &audit, true)),
        (None, _) => None,
    };
    let irreversible = before.map(|before| facts::irreversible(&before.snapshot, &reading.snapshot, as_of)).unwrap_or_default();
    let conclusion = gate(args).conclude(&audit, comparison.as_ref());
    let declarations = lines::of(&audit, files.locator(&origins).as_ref());
    let found = Found {
        observed: &reading.snapshot,
        audit: &audit,
        policy: &policy,
        snapshot: SnapshotSummary::of(&reading.snapshot, reading.sha256.clone()),
        comparison: comparison.as_ref(),
        irreversible: &irreversible,
        notices: &notices,
        declarations: &declarations,
    };
    Ok(found.publish(outputs, conclusion, args, color)?.exit)
}

/// What was or is observed of AWS; `None` where only Terraform's files are to be judged.
fn observed(args: &cli::Audit, files: &Files, digest: Digest, policy: &InForce) -> Result<Option<Reading>, Error> {
    Ok(match (&args.snapshot, args.demo) {
        (_, true) => Some(input::demo(digest)?),
        (Some(path), false) => Some(snapshot::read(path, digest)?),
        (None, false) if files.is_empty() || args.observe || args.live.is_given() => Some(collect::live(&args.live, digest, policy)?),
        (None, false) => None,
    })
}

pub fn judge<'a>(subjects: &'a Subjects<'a>, policy: &'a InForce, as_of: Timestamp) -> Result<Audit<'a>, Error> {
    let mut audit = audit::judge(subjects, &policy.library, &policy.environments, as_of)?;
    audit.disabled = policy.disabled.clone();
    Ok(audit)
}

fn found_before(snapshot: &Snapshot, policy: &InForce, as_of: Timestamp) -> Result<Baseline, Error> {
    let subjects = facts::derive(snapshot, as_of);
    Ok(Baseline::of(&judge(&subjects, policy, as_of)?))
}

fn gate(args: &cli::Audit) -> Gate {
    let fail_on_unknown = match args.fail_on_unknown {
        None => Some(args.fail_on),
        Some(FailOnUnknown::Never) => None,
        Some(FailOnUnknown::Low) => Some(Severity::Low),
        Some(FailOnUnknown::Medium) => Some(Severity::Medium),
        Some(FailOnUnknown::High) => Some(Severity::High),
        Some(FailOnUnknown::Critical) => Some(Severity::Critical),
    };
    Gate { fail_on: args.fail_on, fail_on_unknown }
}
