//! The table: what a person reads on a terminal, at any width. The reason for the exit code comes first.
//!
//! - `by_rule`, `by_promise`, `by_resource`: what was found, in the order asked for
//! - `change`: what differs from a former audit
//! - `waived`: what waivers keep from counting, and which of them need a look
//! - `values`: the values that decided

mod by_promise;
mod by_resource;
mod by_rule;
mod change;
mod values;
mod waived;

use std::collections::BTreeMap;

use anstyle::{AnsiColor, Style};
use comfy_table::{ContentArrangement, Table, presets};

pub use by_promise::doubts;
pub use by_resource::{answer, hours_told, listed, unexplained};
pub use values::leaves;

use super::{By, Report, plain};
use crate::audit::Counts;
use crate::exit::Exit;

/// What the terminal can do.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// Columns.
    pub width: usize,
    pub color: bool,
}

pub fn render(report: &Report, by: By, look: Look) -> String {
    let press = Press { report, look };
    let found = match by {
        By::Rule => press.irreversible() + &press.by_rule() + &press.gone() + &press.families(),
        By::Promise => press.by_promise(),
        By::Resource => press.by_resource(),
    };
    press.summary() + &found + &press.waived()
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
        let reason = self.wrapped("", &plain(&conclusion.reason));
        let mut text = self.paint(color.on_default().bold(), reason.trim_end()) + "\n" + &self.lapsed();
        let environments = if audit.environments.forced || audit.environments.all.len() == 1 {
            format!("environment '{}'", audit.environments.all[audit.environments.default].name)
        } else {
            format!("{} environments", audit.environments.all.len())
        };
        let seen = if places.is_empty() { "no account".to_owned() } else { places.join("; ") };
        text += &self.wrapped("", &format!("{} rules on {seen}, {environments}, as of {}.", audit.judgements.len(), audit.as_of));
        for notice in self.report.notices {
            text += &self.wrapped("Note: ", &plain(notice));
        }
        let calls: usize = self.report.snapshot.units.iter().map(|unit| unit.calls).sum();
        let not_ok: usize = self.report.snapshot.units.iter().map(|unit| unit.calls_not_ok.len()).sum();
        if not_ok > 0 {
            let answered = calls - not_ok;
            text += &self.wrapped("", &format!("{answered} of {calls} calls to AWS were answered; {not_ok} were not, or not to the end."));
        }
        if !audit.disabled.is_empty() {
            text += &self.wrapped("", &format!("Switched off by the configuration: {}.", audit.disabled.join(", ")));
        }
        text
    }

    fn families(&self) -> String {
        let audit = self.report.audit;
        let mut families: BTreeMap<&str, (Counts, usize)> = BTreeMap::new();
        for judgement in &audit.judgements {
            let counts = judgement.counts(audit.subjects);
            let (sum, waived) = families.entry(judgement.rule.family()).or_default();
            *waived += audit.waivers.of_rule(&judgement.rule.id).subjects;
            sum.fail += counts.fail;
            sum.unknown += counts.unknown;
            sum.pass += counts.pass;
            sum.not_applicable += counts.not_applicable;
        }
        let mut table = self.table();
        table.load_style(presets::UTF8_FULL_CONDENSED);
        let mut header = vec!["Family", "Fail", "Unknown", "Pass", "Not applicable"];
        let some_waived = audit.waivers.findings() > 0;
        header.extend(some_waived.then_some("Waived"));
        table.set_header(header);
        for (family, (counts, waived)) in families {
            let mut row = vec![
                family.to_owned(),
                (counts.fail - waived).to_string(),
                counts.unknown.to_string(),
                counts.pass.to_string(),
                counts.not_applicable.to_string(),
            ];
            row.extend(some_waived.then(|| waived.to_string()));
            table.add_row(row);
        }
        format!("\n{}\n\n{table}\n", self.paint(Style::new().bold(), "VERDICTS, by family of rules and subject"))
    }

    fn table(&self) -> Table {
        grid(self.look)
    }

    fn wrapped(&self, head: &str, text: &str) -> String {
        wrapped(head, text, self.look.width)
    }
}

/// The text in lines of at most `width` columns, the first after the head and the others below it.
pub fn wrapped(head: &str, text: &str, width: usize) -> String {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.last().map_or(0, |line| line.chars().count());
        if last > 0 && last + 1 + word.chars().count() + head.len() > width {
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

/// An empty table that keeps to the width.
pub fn grid(look: Look) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL).set_content_arrangement(ContentArrangement::Dynamic).set_width(look.width.clamp(20, 250) as u16);
    table
}
