//! The table by rule: what is wrong, the worst first, then what could not be judged.

use std::collections::BTreeMap;
use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use super::values::values;
use super::{Press, ROWS_SHOWN};
use crate::audit::{Counts, Finding, RuleJudgement, Verdict};
use crate::policy::Severity;
use crate::report::plain;

/// Below this, values stand under the sentence they belong to instead of beside it.
const WIDE: usize = 110;

impl Press<'_> {
    pub(super) fn by_rule(&self) -> String {
        let failures: String = Severity::WORST_FIRST.into_iter().map(|severity| self.failures(severity)).collect();
        failures + &self.unknowns()
    }

    fn failures(&self, severity: Severity) -> String {
        let audit = self.report.audit;
        let of_severity = |judgement: &&RuleJudgement| judgement.rule.severity == severity;
        let judgements: Vec<(&RuleJudgement, Counts)> = audit
            .judgements
            .iter()
            .filter(of_severity)
            .map(|judgement| (judgement, judgement.counts(audit.subjects)))
            .filter(|(_, counts)| counts.violations > 0)
            .collect();
        let total: usize = judgements.iter().map(|(_, counts)| counts.violations).sum();
        if total == 0 {
            return String::new();
        }
        let style = match severity {
            Severity::Critical => AnsiColor::Red.on_default().bold().invert(),
            Severity::High => AnsiColor::Red.on_default().bold(),
            Severity::Medium => AnsiColor::Yellow.on_default().bold(),
            Severity::Low => AnsiColor::Cyan.on_default().bold(),
        };
        let heading = format!("{}: {total} {}", severity.name().to_uppercase(), if total == 1 { "finding" } else { "findings" });
        let mut text = format!("\n{}\n", self.paint(style, &heading));
        for (judgement, counts) in judgements {
            text += &self.rule(judgement, counts);
        }
        text
    }

    fn rule(&self, judgement: &RuleJudgement, counts: Counts) -> String {
        let rule = judgement.rule;
        let mut text = format!("\n{}  {}\n", self.paint(Style::new().bold(), &rule.id), rule.metadata.title);
        let subjects = self.report.audit.subjects.of(judgement.kind);
        let failing = judgement.findings(subjects).filter(|finding| finding.verdict() == Verdict::Fail);
        let wide = self.look.width >= WIDE;
        let mut table = self.table();
        table.set_header(if wide { vec!["Where", "What is wrong", "Values"] } else { vec!["Where", "What is wrong"] });
        for finding in failing.take(ROWS_SHOWN) {
            let message = plain(&finding.message()).into_owned();
            let values = values(&finding).join("\n");
            table.add_row(if wide {
                vec![place(&finding), message, values]
            } else {
                vec![place(&finding), format!("{message}\n{values}")]
            });
        }
        let _ = writeln!(text, "{table}");
        if counts.violations > ROWS_SHOWN {
            let _ = writeln!(text, "... and {} more; --output json=FILE writes them all.", counts.violations - ROWS_SHOWN);
        }
        text += &self.wrapped("Do: ", rule.metadata.custom.remediation.trim());
        text += &self.wrapped("    ", &format!("backstop rules explain {}", rule.id));
        text
    }

    /// Unknown verdicts by their cause, since one denied call can blind many rules.
    fn unknowns(&self) -> String {
        let audit = self.report.audit;
        let mut by_reason: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
        let mut total = 0;
        for judgement in &audit.judgements {
            for subject in &audit.subjects.of(judgement.kind).subjects {
                let outcome = judgement.outcome(subject.facts);
                total += usize::from(outcome.verdict == Verdict::Unknown);
                for reason in &outcome.reasons {
                    *by_reason.entry(&reason.detail).or_default().entry(&judgement.rule.id).or_default() += 1;
                }
            }
        }
        if total == 0 {
            return String::new();
        }
        let heading = format!("UNKNOWN: {total} {}", if total == 1 { "verdict" } else { "verdicts" });
        let mut text = format!("\n{}\n\n", self.paint(AnsiColor::Magenta.on_default().bold(), &heading));
        let mut reasons: Vec<(&str, BTreeMap<&str, usize>)> = by_reason.into_iter().collect();
        reasons.sort_by(|a, b| b.1.values().sum::<usize>().cmp(&a.1.values().sum()).then_with(|| a.0.cmp(b.0)));
        let hidden = reasons.len().saturating_sub(ROWS_SHOWN);
        let mut table = self.table();
        table.set_header(vec!["Because", "Not judged"]);
        for (reason, rules) in reasons.into_iter().take(ROWS_SHOWN) {
            let rules: Vec<String> =
                rules.into_iter().map(|(rule, count)| if count == 1 { rule.to_owned() } else { format!("{rule} ({count})") }).collect();
            table.add_row(vec![plain(reason).into_owned(), rules.join("\n")]);
        }
        let _ = writeln!(text, "{table}");
        if hidden > 0 {
            let _ = writeln!(text, "... and {hidden} more reasons; --output json=FILE writes them all.");
        }
        text
    }
}

fn place(finding: &Finding) -> String {
    let region = if finding.facts.region.is_empty() { "" } else { "/" };
    plain(finding.subject.name()).into_owned() + "\n" + &plain(&format!("{}{region}{}", finding.facts.account, finding.facts.region))
}
