//! One page for people who have no terminal: what became of every resource and promise, pictures, and every finding with its evidence.
//! It loads nothing, and shows what AWS's users chose as text only.
//!
//! - `resources`, `promises`, `findings`: what was found, and what there is to say of it
//! - `trend`: nights of a history beside each other
//! - `timeline`, `retention`, `copies`, `coverage`: pictures, each with a table that says the same
//! - `known`: reading facts for a picture, of which any may be unknown
//! - `escape`: what HTML needs before a text may stand in it
//! - `*.html`, `page.css`, `page.js`: the templates, compiled in

mod copies;
mod coverage;
mod escape;
mod findings;
mod known;
mod promises;
mod resources;
mod retention;
mod timeline;
mod trend;

use std::io::{self, Write};

use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::waivers::{Concern, Said, said};
use super::{Report, UnitSummary};
use crate::audit::{Answer, Comparison, Former, Keeping, Trend};
use crate::exit::Exit;
use crate::snapshot::{Call, Outcome, Snapshot};
use copies::Copies;
use coverage::Coverage;
use findings::{Findings, Sort, counted};
use promises::Promises;
use resources::Resources;
use retention::Retention;
use timeline::Timeline;
use trend::Nights;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");
/// How many calls that brought nothing are listed; the rest is counted.
const CALLS_SHOWN: usize = 500;

/// The whole page.
#[derive(Template)]
#[template(path = "page.html")]
struct Page<'a> {
    report: &'a Report<'a>,
    resources: Resources<'a>,
    promises: Promises<'a>,
    timeline: Timeline<'a>,
    retention: Retention,
    copies: Copies,
    coverage: Coverage,
    findings: Findings<'a>,
    /// `None` where no history is kept.
    nights: Option<Nights<'a>>,
}

/// Writes the page. The snapshot tells when recovery points were made, which no facts do: points that look alike share theirs.
/// `trend` ends with this audit; `None` where no history is kept.
pub fn write(report: &Report, snapshot: &Snapshot, trend: Option<&Trend>, to: &mut dyn Write) -> io::Result<()> {
    let page = Page {
        report,
        resources: Resources::of(report),
        promises: Promises::of(report),
        timeline: Timeline::of(report.audit, snapshot),
        retention: Retention::of(report.audit),
        copies: Copies::of(report.audit),
        coverage: Coverage::of(report.audit),
        findings: Findings::of(report),
        nights: trend.map(Nights::of),
    };
    page.write_into(to)
}

impl Page<'_> {
    /// What the page may load and run: its own style and its own script, by their hashes, and nothing from anywhere.
    fn content_policy(&self) -> String {
        let hash = |text: &str| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)));
        format!("default-src 'none'; style-src {}; script-src {}; base-uri 'none'; form-action 'none'", hash(STYLE), hash(SCRIPT))
    }

    fn style(&self) -> &'static str {
        STYLE
    }

    fn script(&self) -> &'static str {
        SCRIPT
    }

    /// The word of the verdict, and the class that colours it.
    fn verdict(&self) -> (&'static str, &'static str) {
        match self.report.conclusion.exit {
            Exit::Clean => ("Passed", "good"),
            Exit::Unknown => ("Not enough was seen", "open"),
            _ => ("Failed", "bad"),
        }
    }

    /// The classes of what the head counts: findings, doubts, resources, promises. Nothing is green that nobody saw.
    fn tones(&self) -> [&'static str; 4] {
        let tone = |is_bad: bool, is_open: bool| match (is_bad, is_open) {
            (true, _) => "bad",
            (false, true) => "open",
            (false, false) => "good",
        };
        let (resources, promises) = (&self.resources, &self.promises);
        let is_doubted = self.findings.unknown > 0;
        [
            tone(self.findings.failed() > 0, is_doubted || self.report.conclusion.exit != Exit::Clean),
            tone(false, is_doubted),
            tone(
                resources.count(Answer::No) > 0,
                resources.count(Answer::Unknown) > 0 || !resources.gaps.is_empty() || resources.rows.is_empty(),
            ),
            tone(promises.count(Keeping::Contradicted) > 0, promises.count(Keeping::Unproven) > 0),
        ]
    }

    /// Waivers that no longer waive.
    fn lapsed(&self) -> Vec<Said<'_>> {
        said(self.report.audit).into_iter().filter(|said| said.concern == Concern::Lapsed).collect()
    }

    /// The other waivers that need a look.
    fn concerns(&self) -> Vec<Said<'_>> {
        said(self.report.audit).into_iter().filter(|said| said.concern != Concern::Lapsed).collect()
    }

    fn units(&self) -> &[UnitSummary] {
        &self.report.snapshot.units
    }

    fn calls(&self) -> usize {
        self.units().iter().map(|unit| unit.calls).sum()
    }

    fn not_ok(&self) -> Vec<(&UnitSummary, &Call)> {
        self.units().iter().flat_map(|unit| unit.calls_not_ok.iter().map(move |call| (unit, call))).collect()
    }

    fn environments(&self) -> String {
        let environments = self.report.audit.environments;
        let names: Vec<&str> = environments.all.iter().map(|environment| environment.name.as_str()).collect();
        match environments.all.get(environments.default).filter(|_| environments.forced) {
            Some(forced) => forced.name.clone(),
            None => names.join(", "),
        }
    }
}

/// What a former audit found and this one does not, by what became of it.
fn gone(comparison: &Comparison) -> [(&'static str, &[Former]); 2] {
    [("Fixed", &comparison.fixed), ("No longer known, and a finding before", &comparison.lost)]
}

fn ended(call: &Call) -> &'static str {
    match call.outcome {
        Outcome::Ok => "answered",
        Outcome::Denied => "denied",
        Outcome::Throttled => "throttled",
        Outcome::Failed => "failed",
        Outcome::Truncated => "cut short",
        Outcome::Skipped => "not made",
    }
}
