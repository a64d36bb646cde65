//! CSV (RFC 4180): a row for each verdict, for spreadsheets and whatever else takes tables.

use std::borrow::Cow;
use std::io::{self, Write};

use ::csv::{Terminator, WriterBuilder};

use super::clauses::{Clause, clauses};
use super::text::shortened;
use super::{Report, plain};
use crate::audit::{Change, Finding, Verdict};

const COLUMNS: [&str; 21] = [
    "verdict",
    "severity",
    "rule",
    "title",
    "kind",
    "id",
    "name",
    "account",
    "region",
    "environment",
    "message",
    "at",
    "remediation",
    "file",
    "line",
    "change",
    "waiver",
    "clauses",
    "fingerprint",
    "as_of",
    "snapshot_sha256",
];
/// Excel takes 32,767 characters in a cell and spills the rest.
const CELL: usize = 32_000;

/// By rule, the most severe first, then by subject.
pub fn write(report: &Report, out: impl Write) -> io::Result<()> {
    let mut rows = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(out);
    rows.write_record(COLUMNS)?;
    let as_of = report.audit.as_of.to_string();
    for judgement in &report.audit.judgements {
        let clauses = clauses(judgement.rule).map(|clause| Clause::text(&clause)).collect::<Vec<_>>().join("; ");
        for finding in judgement.findings(report.audit.subjects.of(judgement.kind)) {
            rows.write_record(row(&finding, report, &clauses, &as_of).iter().map(|cell| defused(cell).into_owned()))?;
        }
    }
    rows.flush()
}

fn row<'a>(finding: &Finding<'a>, report: &'a Report, clauses: &'a str, as_of: &'a str) -> [Cow<'a, str>; COLUMNS.len()] {
    let declaration = report.declaration(finding);
    let is_fail = finding.verdict() == Verdict::Fail;
    let change = report.comparison.filter(|_| is_fail).map_or("", |comparison| match comparison.change(finding) {
        Change::New => "new",
        Change::Changed => "changed",
        Change::Unchanged => "unchanged",
    });
    [
        finding.verdict().name().into(),
        finding.rule.severity.name().into(),
        finding.rule.id.as_str().into(),
        finding.rule.metadata.title.as_str().into(),
        finding.kind.name().into(),
        finding.subject.id.as_ref().into(),
        finding.subject.name().into(),
        finding.facts.account.as_str().into(),
        finding.facts.region.as_str().into(),
        report.audit.environments.name_of(finding.facts).known().cloned().unwrap_or_default().into(),
        finding.message().into(),
        finding.violation.map_or("", |violation| &violation.at).into(),
        if is_fail { finding.rule.metadata.custom.remediation.trim().into() } else { "".into() },
        declaration.map_or("", |declaration| &declaration.span.file).into(),
        declaration.map_or_else(String::new, |declaration| declaration.span.line.to_string()).into(),
        change.into(),
        report.audit.waiving(finding).map_or_else(String::new, |waiving| waiving.waiver.justification()).into(),
        clauses.into(),
        finding.fingerprint().into(),
        as_of.into(),
        report.snapshot.digest.as_str().into(),
    ]
}

/// The text as a cell that no spreadsheet takes for a formula, also one that drops the spaces before it.
/// <https://owasp.org/www-community/attacks/CSV_Injection>
fn defused(text: &str) -> Cow<'_, str> {
    let is_formula = text.trim_start_matches(' ').starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    let plain = plain(shortened(text, CELL).as_ref()).into_owned();
    if is_formula { Cow::Owned(format!("'{plain}")) } else { Cow::Owned(plain) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1"] {
            assert!(defused(formula).starts_with('\''), "{formula:?}");
        }
        for text in ["a=1", "", "arn:aws:backup:eu-west-1:111122223333:backup-vault:prod", "'=1"] {
            assert_eq!(defused(text), text);
        }
    }
}
