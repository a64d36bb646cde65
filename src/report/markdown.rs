//! A job summary in Markdown, within what GitHub takes: the conclusion, what cannot be undone, what is wrong and what was not seen.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::waivers::{self, Concern, Said};
use super::{Report, plain};
use crate::audit::{Finding, Former, Verdict};
use crate::exit::Exit;

/// GitHub takes 1 MiB from a step (docs.github.com: adding a job summary); the rest is counted.
const BYTES: usize = 900_000;
/// More rows than these nobody reads in a summary.
const ROWS: usize = 200;

pub fn render(report: &Report) -> String {
    let conclusion = report.conclusion;
    let sign = match conclusion.exit {
        Exit::Clean => "✅",
        Exit::Unknown => "❔",
        _ => "❌",
    };
    let mut text = format!("## {sign} Backstop\n\n{}\n", escaped(&conclusion.reason));
    for notice in report.notices {
        let _ = writeln!(text, "\n> {}", escaped(notice));
    }
    let said = waivers::said(report.audit);
    text += &concerning(&said, &[Concern::Lapsed], "Lapsed waivers");
    text += &concerning(&said, &[Concern::TooLong, Concern::Lapsing], "Waivers that end late or soon");
    if !report.irreversible.is_empty() {
        text += "\n### Cannot be undone\n\n";
        for loss in report.irreversible {
            let _ = writeln!(text, "- {}/{}: {}", escaped(&loss.account), escaped(&loss.region), escaped(&loss.message));
        }
    }
    text += &findings(report, BYTES.saturating_sub(text.len()));
    if let Some(comparison) = report.comparison {
        text += &former("Fixed", &comparison.fixed);
        text += &former("No longer known, and a finding before", &comparison.lost);
    }
    text += &unknown(report);
    text += &waived(report, BYTES.saturating_sub(text.len()));
    text + &concerning(&said, &[Concern::Unused], "Unused waivers")
}

/// Waivers that a person should look at.
fn concerning(said: &[Said], concerns: &[Concern], what: &str) -> String {
    let told: Vec<&Said> = said.iter().filter(|said| concerns.contains(&said.concern)).collect();
    if told.is_empty() {
        return String::new();
    }
    let mut text = format!("\n### {what}: {}\n\n", told.len());
    for said in told.iter().take(SHORT) {
        let _ = writeln!(text, "- {}", escaped(&said.sentence));
    }
    if told.len() > SHORT {
        let _ = writeln!(text, "- and {} more; `backstop waive list` shows them all", told.len() - SHORT);
    }
    text
}

fn waived(report: &Report, bytes: usize) -> String {
    let audit = report.audit;
    let total = audit.waivers.findings();
    if total == 0 {
        return String::new();
    }
    let mut text = format!("\n### Waived: {total}\n\n| Rule | Where | What is wrong | Why it is accepted |\n| --- | --- | --- | --- |\n");
    let mut written = 0;
    let waived = audit.findings().filter_map(|finding| audit.waiving(&finding).map(|waiving| (finding, waiving.waiver)));
    for (finding, waiver) in waived.take(ROWS) {
        let cells = [&finding.rule.id, finding.subject.name(), &finding.message(), &waiver.justification()].map(escaped);
        let row = format!("| {} |\n", cells.join(" | "));
        if text.len() + row.len() > bytes {
            break;
        }
        text += &row;
        written += 1;
    }
    if written < total {
        let _ = writeln!(text, "\n{} more are not listed here; the JSON report has them all.", total - written);
    }
    text
}

fn findings(report: &Report, bytes: usize) -> String {
    let shown = |finding: &Finding| finding.verdict() == Verdict::Fail && report.shows(finding);
    let total = report.audit.findings().filter(shown).count();
    if total == 0 {
        return String::new();
    }
    let new = if report.comparison.is_some() { "New findings" } else { "Findings" };
    let mut text = format!("\n### {new}: {total}\n\n| Severity | Rule | Where | What is wrong |\n| --- | --- | --- | --- |\n");
    let mut written = 0;
    for finding in report.audit.findings().filter(shown).take(ROWS) {
        let place = match report.declaration(&finding) {
            Some(declaration) => format!("{}:{}", declaration.span.file, declaration.span.line),
            None => format!("{} {}", finding.facts.account, finding.facts.region),
        };
        let name = finding.subject.name();
        let row = format!(
            "| {} | {} | {}<br>{} | {} |\n",
            finding.rule.severity,
            escaped(&finding.rule.id),
            escaped(name),
            escaped(place.trim()),
            escaped(&finding.message())
        );
        if text.len() + row.len() > bytes {
            break;
        }
        text += &row;
        written += 1;
    }
    if written < total {
        let _ = writeln!(text, "\n{} more are not listed here; the JSON report has them all.", total - written);
    }
    text
}

fn former(what: &str, former: &[Former]) -> String {
    if former.is_empty() {
        return String::new();
    }
    let mut text = format!("\n### {what}: {}\n\n", former.len());
    for one in former.iter().take(ROWS) {
        let _ = writeln!(text, "- {} {}: {}", escaped(&one.rule), escaped(&one.name), escaped(&one.message));
    }
    if former.len() > ROWS {
        let _ = writeln!(text, "- and {} more", former.len() - ROWS);
    }
    text
}

/// By cause, since one denied call can blind many rules.
fn unknown(report: &Report) -> String {
    let mut total = 0;
    let mut causes: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in report.audit.findings().filter(|finding| finding.verdict() == Verdict::Unknown && report.shows(finding)) {
        total += 1;
        for reason in &finding.outcome.reasons {
            *causes.entry(&reason.detail).or_default() += 1;
        }
    }
    if total == 0 {
        return String::new();
    }
    let mut causes: Vec<(&str, usize)> = causes.into_iter().collect();
    causes.sort_by_key(|(cause, count)| (std::cmp::Reverse(*count), *cause));
    let mut text = format!("\n### Could not be judged: {total}\n\n| Verdicts | Because |\n| --- | --- |\n");
    for (cause, count) in causes.iter().take(SHORT) {
        let _ = writeln!(text, "| {count} | {} |", escaped(cause));
    }
    if causes.len() > SHORT {
        let _ = writeln!(text, "\n{} more reasons are in the JSON report.", causes.len() - SHORT);
    }
    text
}

const SHORT: usize = 20;

/// Text that Markdown shows as it is: every character that could mean something is escaped, and lines do not end.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in plain(text).chars() {
        match c {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '#' | '+' | '!' | '|' | '~' | '@' => escaped.extend(['\\', c]),
            c if c.is_whitespace() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}
