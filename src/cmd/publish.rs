//! Every report that was asked for, and the table, which always comes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::bundle::Evidence;
use super::history::History;
use super::nights;
use super::output::Output;
use crate::audit::{Audit, Comparison, Conclusion, Night, Trend};
use crate::cli::{self, Color};
use crate::config::InForce;
use crate::error::Error;
use crate::exit::Exit;
use crate::facts::Irreversible;
use crate::report::table::Look;
use crate::report::{self, By, Report, SnapshotSummary};
use crate::snapshot::{Declaration, Snapshot};
use crate::term;

/// A format of `--output`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    Table,
    Json,
    Sarif,
    SarifGithub,
    Markdown,
    Annotations,
    Html,
    Junit,
    Csv,
    Oscal,
    Ocsf,
    Bundle,
}

const FORMATS: [(&str, Format); 12] = [
    ("table", Format::Table),
    ("json", Format::Json),
    ("sarif", Format::Sarif),
    ("sarif-github", Format::SarifGithub),
    ("markdown", Format::Markdown),
    ("annotations", Format::Annotations),
    ("html", Format::Html),
    ("junit", Format::Junit),
    ("csv", Format::Csv),
    ("oscal", Format::Oscal),
    ("ocsf", Format::Ocsf),
    ("bundle", Format::Bundle),
];

/// What was found, before it is anybody's report.
pub struct Found<'a> {
    /// What the audit judged.
    pub observed: &'a Snapshot,
    pub audit: &'a Audit<'a>,
    pub policy: &'a InForce,
    pub snapshot: SnapshotSummary,
    pub comparison: Option<&'a Comparison>,
    pub irreversible: &'a [Irreversible],
    pub notices: &'a [String],
    pub declarations: &'a BTreeMap<String, Declaration>,
    /// Where a bundle is to be made.
    pub evidence: Option<&'a Evidence>,
    pub history: Option<&'a History>,
}

impl Found<'_> {
    fn report<'a>(&'a self, conclusion: &'a Conclusion) -> Report<'a> {
        Report {
            audit: self.audit,
            library: &self.policy.library,
            conclusion,
            snapshot: self.snapshot.clone(),
            comparison: self.comparison,
            irreversible: self.irreversible,
            notices: self.notices,
            declarations: self.declarations,
        }
    }

    /// Writes every report. The table always comes, on stderr when stdout is taken.
    pub fn publish(
        &self,
        outputs: Vec<(Format, Output)>,
        mut conclusion: Conclusion,
        args: &cli::Audit,
        color: Color,
    ) -> Result<Conclusion, Error> {
        // A bundle tells what its own files come to.
        let of_gate = conclusion.clone();
        let stdout_is_taken = outputs.iter().any(|(_, output)| output.is_stdout());
        let (github, others): (Vec<_>, Vec<_>) = outputs.into_iter().partition(|(format, _)| *format == Format::SarifGithub);
        // This one can change the conclusion, which the others tell.
        for (_, output) in github {
            conclusion = self.code_scanning(output, conclusion, &args.sarif_category)?;
        }
        let mut report = self.report(&conclusion);
        // It is made before the reports that point into it are, and written in its turn.
        let bundle = self.evidence.map(|evidence| evidence.bundle(&self.report(&of_gate), self.policy)).transpose()?;
        let to = others.iter().find(|(format, _)| *format == Format::Bundle).map(|(_, output)| output.path());
        report.snapshot.kept = to.zip(bundle.as_ref()).and_then(|(path, bundle)| bundle.kept(path));
        let mut manifest = None;
        let by = by(args);
        for (format, output) in others {
            let text = |text: String| output_text(text);
            match format {
                Format::Table => {
                    output.write(text(report::table::render(&report, by, Look { width: term::WIDTH_OF_A_FILE, color: false })))?
                }
                Format::Markdown => output.write(text(report::markdown::render(&report)))?,
                Format::Annotations => output.write(text(report::annotations::render(&report)))?,
                Format::Html => {
                    let trend = self.trend(&report);
                    output.write(|to| report::html::write(&report, self.observed, trend.as_ref(), to))?;
                }
                Format::Json => output.write(|to| report::json::write(&report, by, to))?,
                Format::Junit => output.write(|to| report::junit::write(&report, to))?,
                Format::Csv => output.write(|to| report::csv::write(&report, to))?,
                Format::Oscal => output.write(|to| report::oscal::write(&report, to))?,
                Format::Ocsf => output.write(|to| report::ocsf::write(&report, to))?,
                Format::Sarif => {
                    let bytes = report::sarif::render(&report).map_err(std::io::Error::other).map_err(|source| output.fault(source))?;
                    output.write(|to| to.write_all(&bytes))?;
                }
                Format::SarifGithub => {}
                Format::Bundle => {
                    let bundle = bundle.as_ref().ok_or_else(unprepared)?;
                    output.write_files(&bundle.files)?;
                    manifest = Some(bundle.hash.clone());
                }
            }
        }
        // What a history refuses must not cost the table.
        let kept = self.keep(&report, by, manifest);
        if stdout_is_taken {
            term::say(report::table::render(&report, by, term::stderr(color)).trim_end());
        } else {
            let table = report::table::render(&report, by, term::stdout(color));
            term::print(table.as_bytes()).map_err(|source| Error::Output { path: "-".into(), source })?;
        }
        kept.map(|()| conclusion)
    }

    fn keep(&self, report: &Report, by: By, manifest: Option<String>) -> Result<(), Error> {
        let Some(history) = self.history else { return Ok(()) };
        let mut json = Vec::new();
        report::json::write(report, by, &mut json).map_err(|source| Error::Output { path: "history".into(), source })?;
        history.keep(&json, self.audit.as_of, manifest)
    }

    /// The nights before this one, and this one; `None` where nobody keeps them.
    fn trend(&self, report: &Report) -> Option<Trend> {
        let mut trend = nights::before(self.audit.as_of, self.history?);
        let units = report.snapshot.units.iter().map(|unit| (unit.account.clone(), unit.region.clone())).collect();
        let night = Night::of(self.audit, units, trend.last());
        trend.push(night);
        Some(trend)
    }

    fn code_scanning(&self, output: Output, mut conclusion: Conclusion, category: &str) -> Result<Conclusion, Error> {
        let report = self.report(&conclusion);
        let rendered =
            report::sarif_github::render(&report, category).map_err(std::io::Error::other).map_err(|source| output.fault(source))?;
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
            None => {
                let path = output.path().display().to_string();
                let former = if output.clear()? { ", and that of a former run was removed" } else { "" };
                term::say(&format!("sarif-github: '{path}' was not written{former}; nothing of it should be uploaded."));
            }
        }
        Ok(conclusion)
    }
}

pub fn by(args: &cli::Audit) -> By {
    match args.by {
        cli::By::Rule => By::Rule,
        cli::By::Resource => By::Resource,
        cli::By::Promise => By::Promise,
    }
}

fn unprepared() -> Error {
    Error::usage("there is nothing to make a bundle of", "give --output bundle=DIR to audit")
}

fn output_text(text: String) -> impl FnOnce(&mut dyn std::io::Write) -> std::io::Result<()> {
    move |to| to.write_all(text.as_bytes())
}

/// Opens every output, in the order given.
pub fn open(given: &[String]) -> Result<Vec<(Format, Output)>, Error> {
    const HELP: &str = "write --output FORMAT=PATH, with one of table, json, sarif, sarif-github, html, markdown, annotations, junit, csv, oscal, \
         ocsf, bundle, and '-' for stdout";
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
    let open = |(format, path): (Format, PathBuf)| match format {
        Format::Bundle => Ok((format, Output::open_bundle(&path)?)),
        _ => Ok((format, Output::open(&path)?)),
    };
    parsed.into_iter().map(open).collect()
}
