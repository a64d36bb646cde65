//! The table: what a person reads on a terminal, at any width. The reason for the exit code comes first.

use std::collections::BTreeMap;
use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use comfy_table::{ContentArrangement, Table, presets};
use serde_json::Value;

use super::{Report, plain};
use crate::audit::{Counts, Finding, RuleJudgement, Verdict};
use crate::exit::Exit;
use crate::policy::Severity;

/// How many rows of one rule, and how many reasons for unknown verdicts, are shown; the rest is counted.
const ROWS_SHOWN: usize = 20;
/// Below this, values stand under the sentence they belong to instead of beside it.
const WIDE: usize = 110;
/// How many of a finding's values are shown, parameters not counted.
const VALUES_SHOWN: usize = 4;
/// A value longer than this is cut, and the cut is marked.
const VALUE_WIDTH: usize = 160;

/// What the terminal can do.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// Columns.
    pub width: usize,
    pub color: bool,
}

pub fn render(report: &Report, look: Look) -> String {
    let press = Press { report, look };
    let mut text = press.summary();
    for severity in Severity::WORST_FIRST {
        text += &press.failures(severity);
    }
    text += &press.unknowns();
    text += &press.families();
    text
}

struct Press<'a> {
    report: &'a Report<'a>,
    look: Look,
}

impl Press<'_> {
    fn paint(&self, style: Style, text: &str) -> String {
        if self.look.color { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    fn summary(&self) -> String {
        let conclusion = self.report.conclusion;
        let color = match conclusion.exit {
            Exit::Clean => AnsiColor::Green,
            Exit::Unknown => AnsiColor::Yellow,
            _ => AnsiColor::Red,
        };
        let mut places: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for unit in &self.report.snapshot.units {
            places.entry(&unit.account).or_default().push(&unit.region);
        }
        let places: Vec<String> =
            places.into_iter().map(|(account, regions)| format!("{} ({})", plain(account), plain(&regions.join(", ")))).collect();
        let audit = self.report.audit;
        let mut text = self.paint(color.on_default().bold(), &plain(&conclusion.reason)) + "\n";
        let environments = if audit.environments.forced || audit.environments.all.len() == 1 {
            format!("environment '{}'", audit.environments.all[audit.environments.default].name)
        } else {
            format!("{} environments", audit.environments.all.len())
        };
        let seen = if places.is_empty() { "no account".to_owned() } else { places.join("; ") };
        let _ = writeln!(text, "{} rules on {seen}, {environments}, as of {}.", audit.judgements.len(), audit.as_of);
        let calls: usize = self.report.snapshot.units.iter().map(|unit| unit.calls).sum();
        let not_ok: usize = self.report.snapshot.units.iter().map(|unit| unit.calls_not_ok.len()).sum();
        if not_ok > 0 {
            let _ = writeln!(text, "{} of {calls} calls to AWS were answered; {not_ok} were not, or not to the end.", calls - not_ok);
        }
        if !audit.disabled.is_empty() {
            let _ = writeln!(text, "Switched off by the configuration: {}.", audit.disabled.join(", "));
        }
        text
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

    fn families(&self) -> String {
        let audit = self.report.audit;
        let mut families: BTreeMap<&str, Counts> = BTreeMap::new();
        for judgement in &audit.judgements {
            let counts = judgement.counts(audit.subjects);
            let sum = families.entry(judgement.rule.family()).or_default();
            sum.fail += counts.fail;
            sum.unknown += counts.unknown;
            sum.pass += counts.pass;
            sum.not_applicable += counts.not_applicable;
        }
        let mut table = self.table();
        table.load_style(presets::UTF8_FULL_CONDENSED);
        table.set_header(vec!["Family", "Fail", "Unknown", "Pass", "Not applicable"]);
        for (family, counts) in families {
            table.add_row(vec![
                family.to_owned(),
                counts.fail.to_string(),
                counts.unknown.to_string(),
                counts.pass.to_string(),
                counts.not_applicable.to_string(),
            ]);
        }
        format!("\n{}\n\n{table}\n", self.paint(Style::new().bold(), "VERDICTS, by family of rules and subject"))
    }

    fn table(&self) -> Table {
        let mut table = Table::new();
        table
            .load_style(presets::UTF8_FULL)
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(self.look.width.clamp(20, 250) as u16);
        table
    }

    fn wrapped(&self, head: &str, text: &str) -> String {
        let mut lines = vec![String::new()];
        for word in text.split_whitespace() {
            let last = lines.last().map_or(0, |line| line.chars().count());
            if last > 0 && last + 1 + word.chars().count() + head.len() > self.look.width {
                lines.push(String::new());
            }
            if let Some(line) = lines.last_mut() {
                line.push_str(if line.is_empty() { "" } else { " " });
                line.push_str(word);
            }
        }
        let indent = " ".repeat(head.len());
        let lines = lines.iter().enumerate().map(|(at, line)| format!("{}{line}\n", if at == 0 { head } else { &indent }));
        lines.collect()
    }
}

fn place(finding: &Finding) -> String {
    let region = if finding.facts.region.is_empty() { "" } else { "/" };
    plain(finding.subject.name()).into_owned() + "\n" + &plain(&format!("{}{region}{}", finding.facts.account, finding.facts.region))
}

/// The values that decided, one a line: what the rule was handed, and the parameters in force.
fn values(finding: &Finding) -> Vec<String> {
    let mut leaves: Vec<(String, Vec<String>)> = Vec::new();
    leaf_values("", &finding.outcome.evidence, &mut leaves);
    // The message and the place name what is concerned already.
    leaves.retain(|(path, _)| !["name", "arn", "plan", "rule"].contains(&path.rsplit('.').next().unwrap_or(path)));
    // What stands where the violation is comes first.
    let at = finding.violation.map_or("", |violation| violation.at.as_str());
    leaves.sort_by_key(|(path, _)| !(path == at || path.starts_with(&format!("{at}."))));
    let hidden = leaves.len().saturating_sub(VALUES_SHOWN);
    leaves.truncate(VALUES_SHOWN);
    let mut lines: Vec<String> = leaves.into_iter().map(|(path, values)| format!("{path} = {}", cut(&values.join(", ")))).collect();
    if hidden > 0 {
        lines.push(format!("and {hidden} more"));
    }
    if let Value::Object(parameters) = &finding.outcome.parameters
        && !parameters.is_empty()
    {
        let required: Vec<String> = parameters.iter().map(|(name, value)| format!("{name} = {}", cut(&scalar(value)))).collect();
        lines.push(format!("required: {}", required.join(", ")));
    }
    lines
}

/// Each leaf's path with all the values it has; the elements of a list share their paths.
fn leaf_values(path: &str, value: &Value, leaves: &mut Vec<(String, Vec<String>)>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                leaf_values(&if path.is_empty() { key.clone() } else { format!("{path}.{key}") }, value, leaves);
            }
        }
        Value::Array(list) if list.iter().any(Value::is_object) => list.iter().for_each(|value| leaf_values(path, value, leaves)),
        other => {
            let text = scalar(other);
            match leaves.iter_mut().find(|(known, _)| known == path) {
                Some((_, values)) if values.contains(&text) => {}
                Some((_, values)) => values.push(text),
                None => leaves.push((path.to_owned(), vec![text])),
            }
        }
    }
}

fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => "none".to_owned(),
        Value::Array(list) => list.iter().map(scalar).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

fn cut(text: &str) -> String {
    let text = plain(text);
    if text.chars().count() <= VALUE_WIDTH { text.into_owned() } else { text.chars().take(VALUE_WIDTH).chain("...".chars()).collect() }
}
