//! The table by rule: what is wrong, the worst first, then what could not be judged, then an index where that was long.

use std::collections::BTreeMap;
use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use super::Press;
use super::values::values;
use crate::audit::{Finding, RuleJudgement, Verdict};
use crate::policy::Severity;
use crate::report::plain;

/// How many rows of one rule, and how many reasons for unknown verdicts, are shown; the rest is counted.
const ROWS_SHOWN: usize = 20;
/// The same where there are more than `MANY` findings in all, so that no rule hides the next.
const FEW_ROWS_SHOWN: usize = 3;
const MANY: usize = 100;
/// From how many failing rules on an index of them follows.
const INDEXED: usize = 10;
/// Of more rules than these only the families are named.
const RULES_NAMED: usize = 5;
/// Below this, values stand under the sentence they belong to instead of beside it.
const WIDE: usize = 110;

impl Press<'_> {
    pub(super) fn by_rule(&self) -> String {
        let failures: String = Severity::WORST_FIRST.into_iter().map(|severity| self.failures(severity)).collect();
        failures + &self.unknowns() + &self.index()
    }

    /// Rules with findings, and how many.
    fn failing(&self) -> Vec<(&RuleJudgement<'_>, usize)> {
        let audit = self.report.audit;
        let counted = audit.judgements.iter().map(|judgement| match self.report.comparison {
            None => (judgement, judgement.counts(audit.subjects).violations - audit.waivers.of_rule(&judgement.rule.id).findings),
            Some(_) => {
                let findings = judgement.findings(audit.subjects.of(judgement.kind));
                (judgement, findings.filter(|finding| finding.violation.is_some() && self.report.shows(finding)).count())
            }
        });
        counted.filter(|(_, count)| *count > 0).collect()
    }

    fn failures(&self, severity: Severity) -> String {
        let all = self.failing();
        let shown = if all.iter().map(|(_, count)| count).sum::<usize>() > MANY { FEW_ROWS_SHOWN } else { ROWS_SHOWN };
        let judgements: Vec<_> = all.into_iter().filter(|(judgement, _)| judgement.rule.severity == severity).collect();
        let total: usize = judgements.iter().map(|(_, count)| count).sum();
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
        for (judgement, count) in judgements {
            text += &self.rule(judgement, count, shown);
        }
        text
    }

    fn rule(&self, judgement: &RuleJudgement, count: usize, shown: usize) -> String {
        let rule = judgement.rule;
        let mut text = format!("\n{}  {}\n", self.paint(Style::new().bold(), &rule.id), rule.metadata.title);
        let subjects = self.report.audit.subjects.of(judgement.kind);
        let failing = judgement.findings(subjects).filter(|finding| finding.verdict() == Verdict::Fail && self.report.shows(finding));
        let wide = self.look.width >= WIDE;
        let mut table = self.table();
        table.set_header(if wide { vec!["Where", "What is wrong", "Values"] } else { vec!["Where", "What is wrong"] });
        for finding in failing.take(shown) {
            let message = format!("{}{}", plain(&finding.message()), self.declared(&finding));
            let values = values(&finding).join("\n");
            table.add_row(if wide {
                vec![place(&finding), message, values]
            } else {
                vec![place(&finding), format!("{message}\n{values}")]
            });
        }
        let _ = writeln!(text, "{table}");
        if count > shown {
            let _ = writeln!(text, "... and {} more; --output json=FILE writes them all.", count - shown);
        }
        text += &self.wrapped("Do: ", rule.metadata.custom.remediation.trim());
        text += &self.wrapped("    ", &format!("backstop explain {} --resource ARN", rule.id));
        text
    }

    /// The line that declares it, below what is wrong; empty where none is known.
    fn declared(&self, finding: &Finding) -> String {
        let Some(declaration) = self.report.declaration(finding) else { return String::new() };
        let span = &declaration.span;
        let how = if declaration.exact { "declared at" } else { "belongs near" };
        let line = format!("{how} {}:{}:{} ({})", span.file, span.line, span.column, declaration.address);
        let note = declaration.note.as_ref().map_or_else(String::new, |note| format!("\n{}", plain(note)));
        format!("\n{}{note}", plain(&line))
    }

    /// Unknown verdicts by their cause, since one denied call can blind many rules.
    fn unknowns(&self) -> String {
        let audit = self.report.audit;
        let mut by_reason: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
        let mut total = 0;
        for judgement in &audit.judgements {
            let subjects = audit.subjects.of(judgement.kind);
            for subject in &subjects.subjects {
                let outcome = judgement.outcome(subject.facts);
                if outcome.verdict != Verdict::Unknown
                    || judgement.findings_on(subject, subjects).any(|finding| !self.report.shows(&finding))
                {
                    continue;
                }
                total += 1;
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
            table.add_row(vec![plain(reason).into_owned(), named(&rules).join("\n")]);
        }
        let _ = writeln!(text, "{table}");
        if hidden > 0 {
            let _ = writeln!(text, "... and {hidden} more reasons; --output json=FILE writes them all.");
        }
        text
    }

    /// What fails, a line a rule, where the tables above fill more than a screen.
    fn index(&self) -> String {
        let failing = self.failing();
        if failing.len() < INDEXED {
            return String::new();
        }
        let mut text = format!("\n{}\n\n", self.paint(Style::new().bold(), "FINDINGS, by rule"));
        for (judgement, count) in failing {
            let _ = writeln!(text, "{count:>6}  {:<8}  {}", judgement.rule.severity.name(), judgement.rule.id);
        }
        text
    }
}

/// The rules with the number of their verdicts, or their families where there are many.
fn named(rules: &BTreeMap<&str, usize>) -> Vec<String> {
    if rules.len() <= RULES_NAMED {
        return rules.iter().map(|(rule, count)| if *count == 1 { (*rule).to_owned() } else { format!("{rule} ({count})") }).collect();
    }
    let mut families: BTreeMap<&str, usize> = BTreeMap::new();
    for rule in rules.keys() {
        *families.entry(rule.split('/').next().unwrap_or(rule)).or_default() += 1;
    }
    let family = |(family, count): (&str, usize)| format!("{family}: {count} {}", if count == 1 { "rule" } else { "rules" });
    families.into_iter().map(family).collect()
}

fn place(finding: &Finding) -> String {
    let region = if finding.facts.region.is_empty() { "" } else { "/" };
    plain(finding.subject.name()).into_owned() + "\n" + &plain(&format!("{}{region}{}", finding.facts.account, finding.facts.region))
}
