//! What a change does: first what nothing takes back, and at the end what it mends and what it hides.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use super::Press;
use crate::audit::{Comparison, Finding, Former};
use crate::report::plain;

/// How many rows of a list are shown; the rest is counted.
const SHOWN: usize = 20;

impl Press<'_> {
    /// Stands before the findings, because nobody may overlook it.
    pub(super) fn irreversible(&self) -> String {
        let losses = self.report.irreversible;
        if losses.is_empty() {
            return String::new();
        }
        let mut text = self.heading(AnsiColor::Red.on_default().bold(), &format!("CANNOT BE UNDONE: {}", losses.len()));
        let rows = losses.iter().map(|loss| (format!("{}/{}", loss.account, loss.region), loss.message.clone()));
        text += &self.rows(["Where", "What the change does"], rows, losses.len());
        text
    }

    /// What a comparison has to say that no finding says.
    pub(super) fn gone(&self) -> String {
        let Some(comparison) = self.report.comparison else { return String::new() };
        let fixed = self.former(AnsiColor::Green.on_default().bold(), "FIXED", &comparison.fixed);
        let lost = self.former(AnsiColor::Magenta.on_default().bold(), "NO LONGER KNOWN, and a finding before", &comparison.lost);
        fixed + &lost + &self.unchanged(comparison)
    }

    fn former(&self, style: Style, what: &str, former: &[Former]) -> String {
        if former.is_empty() {
            return String::new();
        }
        let rows = former.iter().map(|one| (format!("{}\n{}", one.rule, one.name), one.message.clone()));
        self.heading(style, &format!("{what}: {}", former.len())) + &self.rows(["Rule, where", "What was wrong"], rows, former.len())
    }

    fn unchanged(&self, comparison: &Comparison) -> String {
        let audit = self.report.audit;
        let counts = |finding: &Finding| finding.violation.is_some() && audit.waiving(finding).is_none();
        let count = audit.findings().filter(|finding| counts(finding) && !comparison.counts(finding)).count();
        let (findings, them) = if count == 1 { ("finding", "it") } else { ("findings", "them") };
        match count {
            0 => String::new(),
            _ => format!(
                "\n{}",
                self.wrapped("", &format!("{count} {findings} from before not shown; --output json=FILE writes {them} all."))
            ),
        }
    }

    fn heading(&self, style: Style, text: &str) -> String {
        format!("\n{}\n\n", self.paint(style, text))
    }

    fn rows(&self, header: [&str; 2], rows: impl Iterator<Item = (String, String)>, count: usize) -> String {
        let mut table = self.table();
        table.set_header(header.to_vec());
        for (first, second) in rows.take(SHOWN) {
            table.add_row(vec![
                first.lines().map(|line| plain(line).into_owned()).collect::<Vec<_>>().join("\n"),
                plain(&second).into_owned(),
            ]);
        }
        let mut text = format!("{table}\n");
        if count > SHOWN {
            let _ = writeln!(text, "... and {} more; --output json=FILE writes them all.", count - SHOWN);
        }
        text
    }
}
