//! The table by promise: what the specification promises, beside what was found.

use std::fmt::Write;

use anstyle::AnsiColor;
use comfy_table::{ColumnConstraint, Width};

use super::Press;
use crate::audit::{Keeping, PromiseJudgement, promises};
use crate::report::plain;

/// How many reasons of a rule are shown of each promise; the rest is counted.
const SHOWN: usize = 3;
/// Found takes more room than promised.
const PROMISED_PERCENT: u16 = 38;

impl Press<'_> {
    pub(super) fn by_promise(&self) -> String {
        let judged = promises(self.report.audit, &self.report.library.promises);
        let mut text = String::new();
        for keeping in Keeping::WORST_FIRST {
            let group: Vec<&PromiseJudgement> = judged.iter().filter(|judged| judged.keeping == keeping).collect();
            let style = match keeping {
                Keeping::Contradicted => AnsiColor::Red,
                Keeping::Unproven => AnsiColor::Magenta,
                Keeping::Verified => AnsiColor::Green,
                Keeping::NotVerifiable => AnsiColor::Cyan,
            };
            let promises = if group.len() == 1 { "promise" } else { "promises" };
            let heading = format!("{}: {} {promises}", keeping.name().to_uppercase(), group.len());
            let _ = writeln!(text, "\n{}", self.paint(style.on_default().bold(), &heading));
            if group.is_empty() {
                continue;
            }
            let mut table = self.table();
            table.set_header(vec!["Promised", "Found"]);
            if let Some(promised) = table.column_mut(0) {
                promised.set_constraint(ColumnConstraint::UpperBoundary(Width::Percentage(PROMISED_PERCENT)));
            }
            for judged in group {
                table.add_row(vec![format!("{}\n{}", judged.promise.says, judged.promise.spec.join(", ")), self.found(judged)]);
            }
            let _ = writeln!(text, "\n{table}");
        }
        text
    }

    fn found(&self, judged: &PromiseJudgement) -> String {
        let counts = judged.counts();
        let mut lines = vec![format!("{} fail, {} unknown, {} pass", counts.fail, counts.unknown, counts.pass)];
        match judged.keeping {
            Keeping::Verified => {}
            Keeping::NotVerifiable => {
                lines.clear();
                lines.extend(judged.promise.not_verifiable.as_ref().map(|reason| format!("No API can show it: {reason}.")));
            }
            Keeping::Contradicted => {
                for share in &judged.rules {
                    let first = share.failures(self.report.audit).next();
                    let more = more(share.counts().violations, 1);
                    lines.extend(first.map(|finding| format!("{}: {}{more}", share.rule, plain(&finding.message()))));
                }
            }
            Keeping::Unproven => {
                for (rule, reasons) in judged.doubts() {
                    let shown: Vec<&str> = reasons.iter().take(SHOWN).map(String::as_str).collect();
                    let more = more(reasons.len(), SHOWN);
                    lines.push(plain(&format!("{rule}: {}{more}", shown.join("; "))).into_owned());
                }
            }
        }
        lines.join("\n")
    }
}

fn more(count: usize, shown: usize) -> String {
    if count > shown { format!(" (and {} more)", count - shown) } else { String::new() }
}
