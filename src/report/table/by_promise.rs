//! The table by promise: what the specification promises, beside what was found.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write;

use anstyle::AnsiColor;
use comfy_table::{ColumnConstraint, Width};

use super::Press;
use crate::audit::{Keeping, PromiseJudgement, promises};
use crate::report::plain;
use crate::report::waivers::mark;

/// How many reasons are shown of a promise that is unproven; the rest is counted.
const REASONS_SHOWN: usize = 4;
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
        let audit = self.report.audit;
        let waived: usize = judged.rules.iter().map(|share| audit.waivers.of_rule(share.rule).subjects).sum();
        let of_them = if waived > 0 { format!(" ({waived} waived)") } else { String::new() };
        let mut lines = vec![format!("{} fail{of_them}, {} unknown, {} pass", counts.fail, counts.unknown, counts.pass)];
        match judged.keeping {
            Keeping::Verified => {}
            Keeping::NotVerifiable => {
                lines.clear();
                lines.extend(judged.promise.not_verifiable.as_ref().map(|reason| format!("No API can show it: {reason}.")));
            }
            Keeping::Contradicted => {
                for share in &judged.rules {
                    // What counts stands before what is accepted.
                    let first = share.failures(audit).min_by_key(|finding| audit.waiving(finding).is_some());
                    let more = more(share.counts().violations);
                    lines.extend(first.map(|it| format!("{}: {}{}{more}", share.rule, plain(&it.message()), mark(&it, audit))));
                }
            }
            Keeping::Unproven => lines.extend(doubts(judged)),
        }
        lines.join("\n")
    }
}

/// Why it is unproven, the reasons of the most rules first: one denied call can blind many.
pub fn doubts(judged: &PromiseJudgement) -> Vec<String> {
    let mut by_reason: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (rule, reasons) in judged.doubts() {
        reasons.into_iter().for_each(|reason| by_reason.entry(reason).or_default().push(rule));
    }
    let mut doubts: Vec<(String, Vec<&str>)> = by_reason.into_iter().collect();
    doubts.sort_by_key(|(_, rules)| Reverse(rules.len()));
    let hidden = doubts.len().saturating_sub(REASONS_SHOWN);
    let line = |(reason, rules): (String, Vec<&str>)| match rules[..] {
        [_] | [_, _] => plain(&format!("{}: {reason}", rules.join(", "))).into_owned(),
        _ => plain(&format!("{} rules: {reason}", rules.len())).into_owned(),
    };
    let mut lines: Vec<String> = doubts.into_iter().take(REASONS_SHOWN).map(line).collect();
    if hidden > 0 {
        lines.push(format!("... and {hidden} more"));
    }
    lines
}

/// What follows the first of several.
fn more(count: usize) -> String {
    if count > 1 { format!(" (and {} more)", count - 1) } else { String::new() }
}
