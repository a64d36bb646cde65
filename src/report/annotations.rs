//! GitHub's workflow commands: what is shown beside the lines of a pull request.
//! Format: <https://docs.github.com/actions/reference/workflow-commands-for-github-actions>.

use std::fmt::Write;

use super::waivers::{Concern, said};
use super::{Report, plain};
use crate::audit::{Finding, Verdict};
use crate::policy::Severity;

/// GitHub shows ten of each level from one step, and drops the rest without a word.
const SHOWN: usize = 10;

/// The findings that have a line, the most severe first, and a sentence for each level of which there are more.
pub fn render(report: &Report) -> String {
    let mut text = waivers(report);
    for (level, severities) in
        [("error", &[Severity::Critical, Severity::High][..]), ("warning", &[Severity::Medium]), ("notice", &[Severity::Low])]
    {
        let of_level =
            |finding: &Finding| finding.verdict() == Verdict::Fail && severities.contains(&finding.rule.severity) && report.shows(finding);
        let mut more = 0;
        let mut shown = 0;
        for finding in report.audit.findings().filter(of_level) {
            let Some(declaration) = report.declaration(&finding) else { continue };
            if shown == SHOWN {
                more += 1;
                continue;
            }
            shown += 1;
            let span = &declaration.span;
            let _ = writeln!(
                text,
                "::{level} file={},line={},endLine={},title={}::{}",
                property(&span.file),
                span.line,
                span.end_line,
                property(&finding.rule.id),
                data(&plain(&format!("{} Do: {}", finding.message(), finding.rule.metadata.custom.remediation.trim())))
            );
        }
        if more > 0 {
            let _ = writeln!(text, "::{level} title=Backstop::{more} more {level}s have a line; GitHub shows {SHOWN} of a step.");
        }
    }
    text
}

/// Waivers that need a look, beside their lines; those that have lapsed first.
fn waivers(report: &Report) -> String {
    let Some(waivers) = report.audit.waivers.waivers else { return String::new() };
    let mut text = String::new();
    for said in said(report.audit).iter().take(SHOWN) {
        let level = if said.concern == Concern::Lapsed { "warning" } else { "notice" };
        let (file, line) = (property(&waivers.file), said.waiving.waiver.line);
        let _ = writeln!(text, "::{level} file={file},line={line},title=Waiver::{}", data(&plain(&said.sentence)));
    }
    text
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
