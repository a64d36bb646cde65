//! A job summary in Markdown, within what GitHub takes: the conclusion, what cannot be undone, what is wrong and what was not seen.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::Report;
use super::text::{markdown, shortened};
use super::waivers::{self, Concern, Said};
use crate::audit::{Finding, Former, Verdict};
use crate::exit::Exit;
use crate::policy::Severity;

/// GitHub takes 1 MiB from a step (docs.github.com: adding a job summary) and drops what is larger without a word.
const BYTES: usize = 900_000;
/// More rows than these nobody reads in a summary.
const ROWS: usize = 200;
const SHORT: usize = 20;
/// What a row has of one text; the JSON report has the whole.
const CHARACTERS: usize = 500;

pub fn render(report: &Report) -> String {
    let conclusion = report.conclusion;
    let sign = match conclusion.exit {
        Exit::Clean => "✅",
        Exit::Unknown => "❔",
        _ => "❌",
    };
    let mut page = Page(format!("## {sign} Backstop\n\n{}\n", escaped(&conclusion.reason)));
    page.list("", report.notices.len(), report.notices.iter().take(SHORT).map(|notice| format!("\n> {}\n", escaped(notice))));
    let said = waivers::said(report.audit);
    concerning(&mut page, &said, &[Concern::Lapsed], "Lapsed waivers");
    concerning(&mut page, &said, &[Concern::TooLong, Concern::Lapsing], "Waivers that end late or soon");
    if !report.irreversible.is_empty() {
        let losses = report.irreversible.iter().take(ROWS);
        let losses = losses.map(|loss| format!("- {}/{}: {}\n", escaped(&loss.account), escaped(&loss.region), escaped(&loss.message)));
        page.list("\n### Cannot be undone\n\n", report.irreversible.len(), losses);
    }
    findings(&mut page, report);
    if let Some(comparison) = report.comparison {
        former(&mut page, "Fixed", &comparison.fixed);
        former(&mut page, "No longer known, and a finding before", &comparison.lost);
    }
    unknown(&mut page, report);
    waived(&mut page, report);
    concerning(&mut page, &said, &[Concern::Unused], "Unused waivers");
    page.0
}

/// What has been written, and what there is still room for.
struct Page(String);

impl Page {
    /// The first of so many rows under their heading, as long as there is room. Whatever comes later must find room as well.
    fn list(&mut self, heading: &str, total: usize, rows: impl Iterator<Item = String>) {
        let end = self.0.len() + BYTES.saturating_sub(self.0.len()) / 2;
        self.0 += heading;
        let mut written = 0;
        for row in rows {
            if self.0.len() + row.len() > end {
                break;
            }
            self.0 += &row;
            written += 1;
        }
        if written < total {
            let _ = writeln!(self.0, "\n{} more are not listed here; the JSON report has them all.", total - written);
        }
    }
}

fn findings(page: &mut Page, report: &Report) {
    let shown = |finding: &Finding| finding.verdict() == Verdict::Fail && report.shows(finding);
    // The rules come from the worst to the mildest.
    let mut of_rules: Vec<(Severity, &str, usize)> = Vec::new();
    for finding in report.audit.findings().filter(shown) {
        match of_rules.last_mut() {
            Some((_, rule, count)) if *rule == finding.rule.id => *count += 1,
            _ => of_rules.push((finding.rule.severity, &finding.rule.id, 1)),
        }
    }
    let total: usize = of_rules.iter().map(|(_, _, count)| count).sum();
    if total == 0 {
        return;
    }
    let new = if report.comparison.is_some() { "New findings" } else { "Findings" };
    let mut heading = format!("\n### {new}: {total}\n\n");
    if total > ROWS {
        let rows = of_rules.iter().map(|(severity, rule, count)| format!("| {severity} | {} | {count} |\n", escaped(rule)));
        page.list(&format!("{heading}| Severity | Rule | Findings |\n| --- | --- | --- |\n"), of_rules.len(), rows);
        heading = "\n".to_owned();
    }
    heading += "| Severity | Rule | Where | What is wrong |\n| --- | --- | --- | --- |\n";
    let rows = report.audit.findings().filter(shown).take(ROWS).map(|finding| row(&finding, report));
    page.list(&heading, total, rows);
}

fn row(finding: &Finding, report: &Report) -> String {
    let place = match report.declaration(finding) {
        Some(declaration) => format!("{}:{}", declaration.span.file, declaration.span.line),
        None => format!("{} {}", finding.facts.account, finding.facts.region),
    };
    let (rule, name) = (escaped(&finding.rule.id), escaped(finding.subject.name()));
    format!("| {} | {rule} | {name}<br>{} | {} |\n", finding.rule.severity, escaped(&place), escaped(&finding.message()))
}

fn former(page: &mut Page, what: &str, former: &[Former]) {
    if !former.is_empty() {
        let rows =
            former.iter().take(ROWS).map(|one| format!("- {} {}: {}\n", escaped(&one.rule), escaped(&one.name), escaped(&one.message)));
        page.list(&format!("\n### {what}: {}\n\n", former.len()), former.len(), rows);
    }
}

/// By cause, since one denied call can blind many rules.
fn unknown(page: &mut Page, report: &Report) {
    let mut total = 0;
    let mut causes: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in report.audit.findings().filter(|finding| finding.verdict() == Verdict::Unknown && report.shows(finding)) {
        total += 1;
        for reason in &finding.outcome.reasons {
            *causes.entry(&reason.detail).or_default() += 1;
        }
    }
    if total == 0 {
        return;
    }
    let mut causes: Vec<(&str, usize)> = causes.into_iter().collect();
    causes.sort_by_key(|(cause, count)| (std::cmp::Reverse(*count), *cause));
    let rows = causes.iter().take(SHORT).map(|(cause, count)| format!("| {count} | {} |\n", escaped(cause)));
    page.list(&format!("\n### Could not be judged: {total}\n\n| Verdicts | Because |\n| --- | --- |\n"), causes.len(), rows);
}

/// Waivers that a person should look at.
fn concerning(page: &mut Page, said: &[Said], concerns: &[Concern], what: &str) {
    let told: Vec<&Said> = said.iter().filter(|said| concerns.contains(&said.concern)).collect();
    if !told.is_empty() {
        let rows = told.iter().take(SHORT).map(|said| format!("- {}\n", escaped(&said.sentence)));
        page.list(&format!("\n### {what}: {}\n\n", told.len()), told.len(), rows);
    }
}

fn waived(page: &mut Page, report: &Report) {
    let audit = report.audit;
    let total = audit.waivers.findings();
    if total > 0 {
        let waived = audit.findings().filter_map(|finding| audit.waiving(&finding).map(|waiving| (finding, waiving.waiver)));
        let rows = waived.take(ROWS).map(|(finding, waiver)| {
            let cells = [&finding.rule.id, finding.subject.name(), &finding.message(), &waiver.justification()].map(escaped);
            format!("| {} |\n", cells.join(" | "))
        });
        let heading =
            format!("\n### Waived: {total}\n\n| Rule | Where | What is wrong | Why it is accepted |\n| --- | --- | --- | --- |\n");
        page.list(&heading, total, rows);
    }
}

fn escaped(text: &str) -> String {
    markdown(&shortened(text, CHARACTERS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_room_for_every_list_and_tells_what_it_leaves_out() {
        let mut page = Page(String::new());
        for _ in 0..30 {
            page.list("\n### Rows\n\n", 10_000, (0..10_000).map(|_| "- x".repeat(1_000) + "\n"));
        }
        assert!(page.0.len() < 1 << 20, "{}", page.0.len());
        assert!(page.0.len() > BYTES / 2);
        assert_eq!(page.0.matches("more are not listed here").count(), 30);
        assert!(page.0.contains("\n10000 more are not listed"), "the last lists are counted, at least");
    }
}
