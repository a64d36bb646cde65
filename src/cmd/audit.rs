//! `backstop audit`: a snapshot, the live account or Terraform's files, to verdicts, reports and an exit code.

use std::path::PathBuf;

use super::bundle::{Compared, Evidence, Inputs};
use super::history::{self, History, Place};
use super::input::{self, Input};
use super::publish::{self, Format, Found};
use super::terraform::Files;
use super::{baseline, lines, verify, waivers};
use crate::audit::{self, Audit, Baseline, Comparison, Gate, Waivings};
use crate::cli::{self, Color, FailOnUnknown};
use crate::cmd::collect;
use crate::config::InForce;
use crate::error::Error;
use crate::evidence::SigningKey;
use crate::exit::Exit;
use crate::facts::{self, Subjects};
use crate::policy::Severity;
use crate::report::SnapshotSummary;
use crate::snapshot::{self, Digest, Reading, Snapshot, Timestamp};

pub fn run(args: &cli::Audit, color: Color) -> Result<Exit, Error> {
    // Whatever can be wrong with the command line is found before AWS is called.
    check_levels(args)?;
    let policy = input::policy(&args.policy)?;
    let waivers = waivers::read(&args.waivers, args.policy.config.as_deref(), &policy)?;
    let place = args.nights.history.as_deref().map(Place::parse).transpose()?;
    check_baseline(args, place.as_ref())?;
    let outputs = publish::open(&args.outputs)?;
    let files = Files::read(&args.terraform)?;
    // Neither the table nor what is shown to people on GitHub tells it.
    let tells_digest = |format: Format| !matches!(format, Format::Table | Format::Markdown | Format::Annotations);
    let is_bundled = outputs.iter().any(|(format, _)| *format == Format::Bundle);
    let keeping = Keeping::of(args, is_bundled)?;
    let (profile, region) = (args.live.profile.as_deref(), args.live.regions.first().map(String::as_str));
    let history = place.map(|place| History::open(place, profile, region)).transpose()?;
    let former = former(args, history.as_ref())?;
    let digest = match () {
        () if is_bundled => Digest::Keep,
        () if history.is_some() || outputs.iter().any(|(format, _)| tells_digest(*format)) => Digest::Take,
        () => Digest::Skip,
    };
    let Input { mut reading, before, mut notices, origins, partial } = files.input(observed(args, &files, digest, &policy)?, digest)?;
    let documents = std::mem::take(&mut reading.documents);
    let as_of = input::as_of(args.policy.as_of, &reading.snapshot);

    let subjects = facts::derive(&reading.snapshot, as_of);
    let mut audit = judge(&subjects, &policy, as_of)?;
    if let Some(waivers) = &waivers {
        audit.waivers = Waivings::of(&audit, waivers, &reading.snapshot.units);
    }
    // A plan is compared with what it is laid over, and any other run with the report that was given.
    let is_overlay = before.as_ref().is_some_and(|before| before.is_observed);
    let mut comparison = match (former, &before) {
        (Some(former), _) => Some(Comparison::new(former, &audit, false)),
        (None, Some(before)) if is_overlay => Some(Comparison::new(found_before(&before.snapshot, &policy, as_of)?, &audit, true)),
        (None, _) => None,
    };
    // With 'new:' beside it, the other level means all that there is.
    if let (Some(comparison), Some(_)) = (&mut comparison, args.nights.level(true)) {
        comparison.still_counts = args.nights.level(false);
    }
    let irreversible = before.map(|before| facts::irreversible(&before.snapshot, &reading.snapshot, as_of)).unwrap_or_default();
    if history.as_ref().is_some_and(|history| history.latest().is_none()) && args.nights.baseline.is_some() {
        notices.push("The history holds no former result: all that was found counts as new.".to_owned());
    }
    if let Some(later) = comparison.as_ref().and_then(|comparison| comparison.baseline().as_of).filter(|former| *former > as_of) {
        notices.push(format!("The former result is of {later}, later than this one: what is new and what is fixed is told backwards."));
    }
    let gate = gate(args);
    let conclusion = gate.conclude(&audit, comparison.as_ref());
    let declarations = lines::of(&audit, files.locator(&origins).as_ref());
    let evidence = is_bundled.then(|| Evidence {
        inputs: Inputs {
            as_of,
            environment: args.policy.environment.clone(),
            waivers: waivers.as_ref().map(|waivers| waivers.file.clone()),
            gate,
            by: publish::by(args),
            former: comparison.as_ref().map(Compared::of),
            irreversible: irreversible.clone(),
            notices: notices.clone(),
            declarations: declarations.clone(),
        },
        documents,
        previous: keeping.previous.or_else(|| history.as_ref().and_then(History::latest).and_then(|latest| latest.manifest.clone())),
        key: keeping.key,
    });
    let found = Found {
        observed: &reading.snapshot,
        audit: &audit,
        policy: &policy,
        snapshot: SnapshotSummary { partial, ..SnapshotSummary::of(&reading.snapshot, reading.sha256.clone()) },
        comparison: comparison.as_ref(),
        irreversible: &irreversible,
        notices: &notices,
        declarations: &declarations,
        evidence: evidence.as_ref(),
        history: history.as_ref(),
    };
    Ok(found.publish(outputs, conclusion, args, color)?.exit)
}

/// The former result, by its path or as the newest of the history.
fn former(args: &cli::Audit, history: Option<&History>) -> Result<Option<Baseline>, Error> {
    match (args.nights.baseline.as_deref(), history) {
        (None, _) => Ok(None),
        (Some(path), Some(history)) if path.as_os_str() == history::LATEST => history.baseline().map(Some),
        (Some(path), _) => baseline::read(path).map(Some),
    }
}

fn check_baseline(args: &cli::Audit, place: Option<&Place>) -> Result<(), Error> {
    let is_latest = args.nights.baseline.as_deref().is_some_and(|path| path.as_os_str() == history::LATEST);
    if is_latest && place.is_none() {
        return Err(Error::usage("--baseline latest needs a history", "say where it is: --history DIR or s3://BUCKET/PREFIX"));
    }
    Ok(())
}

/// What a bundle is chained to and signed with.
struct Keeping {
    /// Where it is named; else the newest of the history counts.
    previous: Option<String>,
    key: Option<SigningKey>,
}

impl Keeping {
    fn of(args: &cli::Audit, is_bundled: bool) -> Result<Self, Error> {
        let cli::Nights { previous_bundle, sign_key, .. } = &args.nights;
        if !is_bundled && (previous_bundle.is_some() || sign_key.is_some()) {
            return Err(Error::usage("there is no bundle to sign or to chain", "ask for one: --output bundle=DIR"));
        }
        let key = |path: &PathBuf| {
            let bytes = std::fs::read(path).map_err(|source| Error::ConfigFile { path: path.clone(), source })?;
            SigningKey::parse(&bytes)
                .map_err(|error| Error::usage(format!("'{}' is no private key: {error}", path.display()), verify::KEY_HELP))
        };
        let previous = previous_bundle.as_deref().map(verify::hash_of).transpose()?;
        Ok(Keeping { previous, key: sign_key.as_ref().map(key).transpose()? })
    }
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

/// What is new can only be told by what was.
fn check_levels(args: &cli::Audit) -> Result<(), Error> {
    let is_overlay = args.terraform.plan.is_some() && (args.snapshot.is_some() || args.demo || args.observe || args.live.is_given());
    if args.nights.level(true).is_none() || args.nights.baseline.is_some() || is_overlay {
        return Ok(());
    }
    Err(Error::usage(
        "--fail-on new:... needs something to compare with",
        "give a former report: --baseline FILE, or --baseline latest with --history",
    ))
}

fn gate(args: &cli::Audit) -> Gate {
    // At least one level is always given; the milder one decides what is looked at.
    let fail_on = [args.nights.level(true), args.nights.level(false)].into_iter().flatten().min().unwrap_or(Severity::Low);
    let fail_on_unknown = match args.fail_on_unknown {
        None => Some(fail_on),
        Some(FailOnUnknown::Never) => None,
        Some(FailOnUnknown::Low) => Some(Severity::Low),
        Some(FailOnUnknown::Medium) => Some(Severity::Medium),
        Some(FailOnUnknown::High) => Some(Severity::High),
        Some(FailOnUnknown::Critical) => Some(Severity::Critical),
    };
    Gate { fail_on, fail_on_unknown }
}
