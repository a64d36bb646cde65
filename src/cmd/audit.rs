//! `backstop audit`: a snapshot, or the live account, to verdicts, reports and an exit code.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::input;
use super::output::Output;
use crate::audit::{self, Audit, Conclusion, Gate};
use crate::cli::{self, Color, FailOnUnknown};
use crate::cmd::collect;
use crate::config::InForce;
use crate::error::Error;
use crate::exit::Exit;
use crate::facts;
use crate::policy::Severity;
use crate::report::table::Look;
use crate::report::{self, By, Report, SnapshotSummary};
use crate::snapshot::{self, Digest, Reading};
use crate::term;

/// A format of `--output`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Format {
    Table,
    Json,
    Sarif,
    SarifGithub,
}

const FORMATS: [(&str, Format); 4] =
    [("table", Format::Table), ("json", Format::Json), ("sarif", Format::Sarif), ("sarif-github", Format::SarifGithub)];

pub fn run(args: &cli::Audit, color: Color) -> Result<Exit, Error> {
    // Whatever can be wrong with the command line is found before AWS is called.
    let policy = input::policy(&args.policy)?;
    let outputs = outputs(&args.outputs)?;
    // The table does not show it.
    let digest = if outputs.iter().any(|(format, _)| *format != Format::Table) { Digest::Take } else { Digest::Skip };
    let reading = match (&args.snapshot, args.demo) {
        (_, true) => input::demo(digest)?,
        (Some(path), false) => snapshot::read(path, digest)?,
        (None, false) => collect::live(&args.live, digest, &policy)?,
    };
    let as_of = input::as_of(args.policy.as_of, &reading.snapshot);
    let subjects = facts::derive(&reading.snapshot, as_of);
    let mut audit = audit::judge(&subjects, &policy.library, &policy.environments, as_of)?;
    audit.disabled = policy.disabled.clone();
    let conclusion = gate(args).conclude(&audit);
    let conclusion = publish(outputs, &audit, &policy, conclusion, &reading, args, color)?;
    Ok(conclusion.exit)
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

/// Writes every report. The table always comes, on stderr when stdout is taken.
fn publish(
    outputs: Vec<(Format, Output)>,
    audit: &Audit,
    policy: &InForce,
    mut conclusion: Conclusion,
    reading: &Reading,
    args: &cli::Audit,
    color: Color,
) -> Result<Conclusion, Error> {
    let stdout_is_taken = outputs.iter().any(|(_, output)| output.is_stdout());
    let (github, others): (Vec<_>, Vec<_>) = outputs.into_iter().partition(|(format, _)| *format == Format::SarifGithub);
    // This one can change the conclusion, which the others tell.
    for (_, output) in github {
        let report = report_of(audit, policy, &conclusion, reading);
        let rendered = report::sarif_github::render(&report, &args.sarif_category)
            .map_err(std::io::Error::other)
            .map_err(|source| output.fault(source))?;
        for withheld in &rendered.withheld {
            term::say(&format!(
                "sarif-github: account {} is left out, and its alerts stay as they are: {}.",
                withheld.account,
                withheld.reasons.join("; ")
            ));
        }
        if !rendered.withheld.is_empty() && conclusion.exit == Exit::Clean {
            let accounts: Vec<&str> = rendered.withheld.iter().map(|withheld| withheld.account.as_str()).collect();
            conclusion = Conclusion {
                exit: Exit::Unknown,
                reason: format!("Not enough was seen to say: code scanning gets no results for {}.", accounts.join(", ")),
            };
        }
        match rendered.bytes {
            Some(bytes) => output.write(|to| to.write_all(&bytes))?,
            None => term::say(&format!("sarif-github: '{}' was not written; nothing of it should be uploaded.", output.path().display())),
        }
    }
    let report = report_of(audit, policy, &conclusion, reading);
    let by = match args.by {
        cli::By::Rule => By::Rule,
        cli::By::Resource => By::Resource,
        cli::By::Promise => By::Promise,
    };
    for (format, output) in others {
        match format {
            Format::Table => output.write(|to| {
                to.write_all(report::table::render(&report, by, Look { width: term::WIDTH_OF_A_FILE, color: false }).as_bytes())
            })?,
            Format::Json => output.write(|to| report::json::write(&report, by, to))?,
            Format::Sarif => {
                let bytes = report::sarif::render(&report).map_err(std::io::Error::other).map_err(|source| output.fault(source))?;
                output.write(|to| to.write_all(&bytes))?;
            }
            Format::SarifGithub => {}
        }
    }
    if stdout_is_taken {
        term::say(report::table::render(&report, by, term::stderr(color)).trim_end());
    } else {
        let table = report::table::render(&report, by, term::stdout(color));
        term::print(table.as_bytes()).map_err(|source| Error::Output { path: "-".into(), source })?;
    }
    Ok(conclusion)
}

fn report_of<'a>(audit: &'a Audit<'a>, policy: &'a InForce, conclusion: &'a Conclusion, reading: &Reading) -> Report<'a> {
    Report { audit, library: &policy.library, conclusion, snapshot: SnapshotSummary::of(&reading.snapshot, reading.sha256.clone()) }
}

/// Opens every output, in the order given.
fn outputs(given: &[String]) -> Result<Vec<(Format, Output)>, Error> {
    const HELP: &str = "write --output FORMAT=PATH, with one of table, json, sarif, sarif-github, and '-' for stdout";
    let mut parsed: Vec<(Format, PathBuf)> = Vec::new();
    let mut paths = BTreeSet::new();
    for text in given {
        let (format, path) = text
            .split_once('=')
            .filter(|(_, path)| !path.is_empty())
            .ok_or_else(|| Error::usage(format!("--output '{text}' names no file"), HELP))?;
        let known = FORMATS.iter().find(|(name, _)| *name == format).map(|(_, format)| *format);
        let near = || crate::config::nearest(FORMATS.iter().map(|(name, _)| *name), format);
        let format = known.ok_or_else(|| Error::usage(format!("'{format}' is not a format{}", near()), HELP))?;
        if !paths.insert(path) {
            return Err(Error::usage(format!("two outputs go to '{path}'"), HELP));
        }
        parsed.push((format, path.into()));
    }
    parsed.into_iter().map(|(format, path)| Ok((format, Output::open(&path)?))).collect()
}
