//! The table by resource: from where each can be recovered, and what stands in the way.

use std::collections::BTreeMap;
use std::fmt::Write;

use anstyle::AnsiColor;

use super::Press;
use crate::audit::{Answer, FromPlace, Recovery, recoveries};
use crate::policy::Place;
use crate::report::plain;

/// How many resources of each answer are shown, and how many findings and reasons of each; the rest is counted.
const RESOURCES_SHOWN: usize = 50;
const SHOWN: usize = 4;

impl Press<'_> {
    pub(super) fn by_resource(&self) -> String {
        let judged = recoveries(self.report.audit);
        if judged.is_empty() {
            return "\nNo resource was seen.\n".to_owned();
        }
        let mut text = String::new();
        for answer in Answer::WORST_FIRST {
            let group: Vec<&Recovery> = judged.iter().filter(|judged| judged.worst() == answer).collect();
            let (color, what) = match answer {
                Answer::No => (AnsiColor::Red, "of which at least one place holds nothing to recover"),
                Answer::Unknown => (AnsiColor::Magenta, "of which not all places were seen"),
                Answer::Yes => (AnsiColor::Green, "that can be recovered from everywhere"),
            };
            if group.is_empty() {
                continue;
            }
            let resources = if group.len() == 1 { "resource" } else { "resources" };
            let _ = writeln!(text, "\n{}\n", self.paint(color.on_default().bold(), &format!("{} {resources} {what}", group.len())));
            let mut table = self.table();
            table.set_header(vec!["Resource", "Can it be recovered?"]);
            // Resources of one plan mostly share their fate: what is said of many is said once.
            let mut rows: Vec<(String, Vec<String>)> = Vec::new();
            for judged in group.iter().take(RESOURCES_SHOWN) {
                let said = judged.places.iter().map(told).collect::<Vec<_>>().join("\n");
                let place = format!("{}/{}", judged.facts.account, judged.facts.region);
                let name = format!("{}\n{}", plain(judged.subject.name()), plain(&place));
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
                let _ = writeln!(text, "... and {} more; --output json=FILE writes them all.", group.len() - RESOURCES_SHOWN);
            }
        }
        text += "\n";
        text += &self.wrapped("", "From another account points are copied back first: AWS Backup restores nothing across accounts.");
        text += &self.wrapped("", "backstop why ARN tells the whole story of one resource.");
        text
    }
}

/// `here: yes, 4 hours old`; and, where it is not so, why.
pub fn told(from: &FromPlace) -> String {
    let place = from.place.name();
    let mut lines = vec![match (from.answer, from.newest_hours) {
        (Answer::Yes, Some(hours)) => format!("{place}: yes, the newest data is {} old", hours_told(hours)),
        (answer, _) => format!("{place}: {}", answer.name()),
    }];
    let mut blocked: BTreeMap<(&str, String), ()> = BTreeMap::new();
    let mut in_order = Vec::new();
    for finding in &from.blocked_by {
        if blocked.insert((&finding.rule.id, finding.message()), ()).is_none() {
            in_order.push(format!("- {}: {}", finding.rule.id, plain(&finding.message())));
        }
    }
    if from.answer == Answer::No && in_order.is_empty() {
        in_order.push(match from.place {
            Place::Here => "- there is no point, and no finding explains it".to_owned(),
            _ => "- nothing copies it there".to_owned(),
        });
    }
    in_order.extend(from.reasons.iter().map(|reason| format!("- {}", plain(&reason.detail))));
    let more = in_order.len().saturating_sub(SHOWN);
    in_order.truncate(SHOWN);
    lines.extend(in_order);
    if more > 0 {
        lines.push(format!("- and {more} more"));
    }
    lines.join("\n")
}

/// `1 hour`, `49 hours`.
pub fn hours_told(hours: i64) -> String {
    if hours == 1 { "1 hour".to_owned() } else { format!("{hours} hours") }
}
