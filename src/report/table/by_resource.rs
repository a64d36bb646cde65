//! The table by resource: from where each can be recovered, and what stands in the way.

use std::collections::BTreeSet;
use std::fmt::Write;

use anstyle::AnsiColor;

use super::Press;
use crate::audit::{Answer, Audit, FromPlace, Recovery, recoveries};
use crate::policy::Place;
use crate::report::plain;
use crate::report::waivers::mark;

/// How many resources of each answer are shown, and how many findings and reasons of each; the rest is counted.
const RESOURCES_SHOWN: usize = 50;
const SHOWN: usize = 4;

impl Press<'_> {
    /// A heading, and a table of resources. Those of one plan mostly share their fate: what is said of many is said once.
    fn group(&self, group: &[&Recovery], color: AnsiColor, heading: &str) -> String {
        if group.is_empty() {
            return String::new();
        }
        let heading = self.wrapped("", heading);
        let mut text = format!("\n{}\n\n", self.paint(color.on_default().bold(), heading.trim_end()));
        let mut table = self.table();
        table.set_header(vec!["Resource", "Can it be recovered?"]);
        let mut rows: Vec<(String, Vec<String>)> = Vec::new();
        for judged in group.iter().take(RESOURCES_SHOWN) {
            let said = told_of(&judged.places, self.report.audit);
            let mut name = plain(judged.subject.name()).into_owned();
            if !judged.facts.is_gap {
                let _ = write!(name, "\n{}", plain(&format!("{}/{}", judged.facts.account, judged.facts.region)));
            }
            match rows.iter_mut().find(|(of, _)| *of == said) {
                Some((_, names)) => names.push(name),
                None => rows.push((said, vec![name])),
            }
        }
        for (said, names) in rows {
            table.add_row(vec![names.join("\n"), said]);
        }
        let _ = writeln!(text, "{table}");
        if group.len() > RESOURCES_SHOWN {
            let more = format!("... and {} more; --output json=FILE writes them all.", group.len() - RESOURCES_SHOWN);
            text += &self.wrapped("", &more);
        }
        text
    }

    pub(super) fn by_resource(&self) -> String {
        let judged = recoveries(self.report.audit);
        if judged.is_empty() {
            return "\nNo resource was seen.\n".to_owned();
        }
        let (gaps, seen): (Vec<&Recovery>, Vec<&Recovery>) = judged.iter().partition(|judged| judged.facts.is_gap);
        let mut text = String::new();
        for answer in Answer::WORST_FIRST {
            let (color, what) = match answer {
                Answer::No => (AnsiColor::Red, "that cannot be recovered from every place"),
                Answer::Unknown => (AnsiColor::Magenta, "of which it is not known whether they can be recovered from every place"),
                Answer::Yes => (AnsiColor::Green, "that can be recovered from every place"),
            };
            let group: Vec<&Recovery> = seen.iter().filter(|judged| judged.worst() == answer).copied().collect();
            text += &self.group(&group, color, &counted(group.len(), "resource", what));
        }
        text += &self.group(&gaps, AnsiColor::Magenta, &counted(gaps.len(), "list", "of resources that may lack some"));
        text += "\n";
        text += &self.wrapped("", "From another account points are copied back first: AWS Backup restores nothing across accounts.");
        text += &self.wrapped("", "backstop why ARN tells the whole story of one resource.");
        text
    }
}

/// From where a resource can be recovered, a line for each place; and, where it is not so, why. What stands in the way of several places
/// is said once.
fn told_of(places: &[FromPlace], audit: &Audit) -> String {
    let mut parts: Vec<(Vec<&str>, &FromPlace, Vec<String>)> = Vec::new();
    for from in places {
        let why = why(from, audit);
        match parts.last_mut() {
            Some((names, like, same)) if like.answer == from.answer && from.answer != Answer::Yes && *same == why => {
                names.push(from.place.name());
            }
            _ => parts.push((vec![from.place.name()], from, why)),
        }
    }
    let mut lines: Vec<String> = Vec::new();
    for (names, from, why) in parts {
        lines.push(format!("{}: {}", listed(&names), answer(from)));
        let (again, fresh): (Vec<&String>, Vec<&String>) = why.iter().partition(|line| lines.contains(line));
        if !again.is_empty() {
            lines.push(format!(
                "- as above: {}",
                again.iter().map(|line| short(line)).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(", ")
            ));
        }
        let more = fresh.len().saturating_sub(SHOWN);
        let fresh: Vec<String> = fresh.into_iter().take(SHOWN).cloned().collect();
        lines.extend(fresh);
        if more > 0 {
            lines.push(format!("- and {more} more"));
        }
    }
    lines.join("\n")
}

/// The rule of a line that tells a finding; another line whole.
fn short(line: &str) -> &str {
    let line = line.trim_start_matches("- ");
    line.split_once(": ").filter(|(head, _)| head.contains('/') && !head.contains(' ')).map_or(line, |(rule, _)| rule)
}

/// `yes, the newest data is 4 hours old`
pub fn answer(from: &FromPlace) -> String {
    match (from.answer, from.newest_hours) {
        (Answer::Yes, Some(hours)) => format!("yes, the newest data is {} old", hours_told(hours)),
        (answer, _) => answer.name().to_owned(),
    }
}

/// Why a resource cannot be recovered from a place, or why that is not known.
fn why(from: &FromPlace, audit: &Audit) -> Vec<String> {
    let mut told = Vec::new();
    let mut tell = |line: String| {
        if !told.contains(&line) {
            told.push(line);
        }
    };
    for finding in &from.blocked_by {
        tell(format!("- {}: {}{}", finding.rule.id, plain(&finding.message()), mark(finding, audit)));
    }
    for reason in &from.reasons {
        tell(format!("- {}", plain(&reason.detail)));
    }
    if from.answer == Answer::No && told.is_empty() {
        told.push(format!("- {}", unexplained(from)));
    }
    told
}

/// What there is to say where nothing is recoverable and no finding says why.
pub fn unexplained(from: &FromPlace) -> &'static str {
    match (from.place, from.is_promised) {
        (Place::Here, _) => "there is no recovery point of it, and no finding explains that",
        (_, true) => "a plan copies it there, and no copy of it there can be restored",
        (_, false) => "no plan copies it there",
    }
}

/// `here, in another Region and in another account`
pub fn listed(names: &[&str]) -> String {
    match names {
        [some @ .., last] if !some.is_empty() => format!("{} and {last}", some.join(", ")),
        _ => names.concat(),
    }
}

fn counted(count: usize, of: &str, what: &str) -> String {
    format!("{count} {of}{} {what}", if count == 1 { "" } else { "s" })
}

/// `1 hour`, `49 hours`.
pub fn hours_told(hours: i64) -> String {
    if hours == 1 { "1 hour".to_owned() } else { format!("{hours} hours") }
}
