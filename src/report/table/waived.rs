//! What is waived, with the reason; and the waivers that need a look.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use super::Press;
use crate::report::plain;
use crate::report::waivers::{Concern, said};

/// How many rows and lines are shown; the rest is counted.
const SHOWN: usize = 20;

impl Press<'_> {
    /// Waivers that no longer waive stand before everything else: what was accepted counts again.
    pub(super) fn lapsed(&self) -> String {
        let style = AnsiColor::Red.on_default().bold();
        self.lines("LAPSED: ", style, &[Concern::Lapsed]) + &self.lines("Note: ", Style::new(), &[Concern::TooLong, Concern::Lapsing])
    }

    fn lines(&self, head: &str, style: Style, concerns: &[Concern]) -> String {
        let told: Vec<String> = said(self.report.audit)
            .into_iter()
            .filter(|said| concerns.contains(&said.concern))
            .map(|said| plain(&said.sentence).into_owned())
            .collect();
        let mut text = String::new();
        for sentence in told.iter().take(SHOWN) {
            text += &format!("{}\n", self.paint(style, self.wrapped(head, sentence).trim_end()));
        }
        if told.len() > SHOWN {
            text += &self.wrapped(head, &format!("and {} more; `backstop waive list` shows them all.", told.len() - SHOWN));
        }
        text
    }

    /// Failures that count for nothing, and waivers that are of no use.
    pub(super) fn waived(&self) -> String {
        let audit = self.report.audit;
        let count = audit.waivers.findings();
        let mut text = String::new();
        if count > 0 {
            let heading = format!("WAIVED: {count} {}", if count == 1 { "finding" } else { "findings" });
            let _ = writeln!(text, "\n{}\n", self.paint(AnsiColor::Cyan.on_default().bold(), &heading));
            let mut table = self.table();
            table.set_header(vec!["Rule, where", "What is wrong", "Why it is accepted"]);
            let waived = audit.findings().filter_map(|finding| audit.waiving(&finding).map(|waiving| (finding, waiving)));
            let file = audit.waivers.waivers.map_or("", |waivers| waivers.file.as_str());
            for (finding, waiving) in waived.take(SHOWN) {
                table.add_row(vec![
                    format!("{}\n{}\n{}", finding.rule.id, finding.rule.severity, plain(finding.subject.name())),
                    plain(&finding.message()).into_owned(),
                    plain(&format!("{} ({file}:{})", waiving.waiver.justification(), waiving.waiver.line)).into_owned(),
                ]);
            }
            let _ = writeln!(text, "{table}");
            if count > SHOWN {
                let _ = writeln!(text, "... and {} more; --output json=FILE writes them all.", count - SHOWN);
            }
        }
        let unused = self.lines("- ", Style::new(), &[Concern::Unused]);
        if !unused.is_empty() {
            let _ = write!(text, "\n{}\n\n{unused}", self.paint(Style::new().bold(), "UNUSED WAIVERS"));
        }
        text
    }
}
