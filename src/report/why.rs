//! The story of one resource: what covers it and why, when it runs next, what there is to restore, and what would have to change.

use std::collections::BTreeMap;
use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;
use serde_json::{Value, json};

use super::json::{FromOut, WaiverOut};
use super::plain;
use super::table::{Look, answer, hours_told, listed, unexplained, wrapped};
use super::waivers::mark;
use crate::audit::{Answer, Audit, Finding, FromPlace, Recovery, Verdict};
use crate::facts::{Kept, SelectionVerdict, Story};
use crate::snapshot::{Observed, Timestamp};

/// How many reasons and findings of one kind are shown; the rest is counted.
const SHOWN: usize = 12;

/// Everything that is told of one resource.
pub struct Why<'a> {
    /// Which of the findings are waived.
    pub audit: &'a Audit<'a>,
    pub as_of: Timestamp,
    pub recovery: &'a Recovery<'a>,
    pub story: &'a Story,
    /// The facts of the plans that select it.
    pub plans: Vec<&'a Value>,
    /// Verdicts on the resource and on what its recovery hangs on, the most severe rules first.
    pub verdicts: Vec<Finding<'a>>,
}

pub fn render(why: &Why, look: Look) -> String {
    let pen = Pen { look };
    let facts = why.recovery.facts;
    let document = &facts.document;
    let mut text = pen.heading(Style::new().bold(), &plain(why.recovery.subject.name()));
    text += &pen.line(0, &why.recovery.subject.id);
    let kind = document["type"].as_str().map_or_else(|| "of a type that is not known".to_owned(), |name| format!("{name} resource"));
    text += &pen.line(0, &format!("{kind} in {}/{}, as of {}", facts.account, facts.region, why.as_of));
    text += &pen.line(0, &format!("tags: {}", tags(&document["tags"])));
    text + &coverage(why, &pen) + &rules(why, &pen) + &points(why, &pen) + &objectives(why, &pen) + &changes(why, &pen)
}

struct Pen {
    look: Look,
}

impl Pen {
    fn heading(&self, style: Style, text: &str) -> String {
        if self.look.color { format!("{style}{text}{style:#}\n") } else { format!("{text}\n") }
    }

    fn section(&self, text: &str) -> String {
        "\n".to_owned() + &self.heading(Style::new().bold(), text)
    }

    fn line(&self, indent: usize, text: &str) -> String {
        wrapped(&" ".repeat(indent), &plain(text), self.look.width)
    }
}

fn tags(tags: &Value) -> String {
    match tags.as_object() {
        Some(tags) if tags.contains_key("$unknown") => "not known".to_owned(),
        Some(tags) if !tags.is_empty() => {
            tags.iter().map(|(key, value)| format!("{key}={}", value.as_str().unwrap_or_default())).collect::<Vec<_>>().join(", ")
        }
        _ => "none".to_owned(),
    }
}

fn coverage(why: &Why, pen: &Pen) -> String {
    let any = |verdict| why.story.selections.iter().any(|story| story.verdict == verdict);
    let mut text = pen.section(match (any(SelectionVerdict::Selected), any(SelectionVerdict::Unknown), why.story.unseen.is_empty()) {
        (true, _, _) => "COVERED",
        (false, false, true) => "NOT COVERED",
        (false, _, _) => "WHETHER IT IS COVERED IS NOT KNOWN",
    });
    for story in &why.story.selections {
        let mark = match story.verdict {
            SelectionVerdict::Selected => "selects it",
            SelectionVerdict::Unknown => "may select it",
            SelectionVerdict::Dropped => "does not select it",
        };
        text += &pen.line(2, &format!("plan '{}', selection '{}' {mark}. {}", story.plan, story.selection, story.sentence));
    }
    if why.story.others > 0 {
        text += &pen.line(2, &format!("{} other {} it by neither resource nor tag.", why.story.others, names(why.story.others)));
    }
    if why.story.selections.is_empty() && why.story.others == 0 && why.story.unseen.is_empty() {
        text += &pen.line(2, "No plan here has a selection.");
    }
    for reason in why.story.unseen.iter().take(SHOWN) {
        text += &pen.line(2, &format!("Not seen: {reason}."));
    }
    text
}

fn names(count: usize) -> &'static str {
    if count == 1 { "selection names" } else { "selections name" }
}

fn rules(why: &Why, pen: &Pen) -> String {
    if why.story.rules.is_empty() {
        return String::new();
    }
    let mut text = pen.section("RULES");
    for rule in &why.story.rules {
        text +=
            &pen.line(2, &format!("plan '{}', rule '{}': {} in {}", rule.plan, rule.rule, known(&rule.schedule), known(&rule.timezone)));
        let runs = match &rule.next_runs {
            Observed::Known(runs) if runs.is_empty() => "it does not run any more".to_owned(),
            Observed::Known(runs) => format!("next runs {}", runs.iter().map(Timestamp::to_string).collect::<Vec<_>>().join(", ")),
            other => format!("its next runs are not known: {}", reasons(other)),
        };
        text += &pen.line(4, &runs);
        text += &pen.line(
            4,
            &format!(
                "starts within {} minutes, completes within {}",
                known(&rule.start_window_minutes),
                known(&rule.completion_window_minutes)
            ),
        );
        text += &pen.line(4, &format!("into {}", kept(&rule.vault)));
        match &rule.copies {
            Observed::Known(copies) => text.extend(copies.iter().map(|copy| pen.line(4, &format!("copied to {}", kept(copy))))),
            other => text += &pen.line(4, &format!("its copies are not known: {}", reasons(other))),
        }
    }
    text
}

fn kept(kept: &Kept) -> String {
    let deleted = match &kept.delete_after_days {
        Observed::Known(days) => format!("kept for {}", count(days.unsigned_abs() as usize, "day")),
        Observed::Absent => "kept for ever".to_owned(),
        _ => "kept for a time that is not known".to_owned(),
    };
    let moved = match &kept.move_to_cold_storage_after_days {
        Observed::Known(days) => format!(", in cold storage after {days}"),
        _ => String::new(),
    };
    format!("{}, {deleted}{moved}", known(&kept.vault))
}

fn known<T: ToString>(value: &Observed<T>) -> String {
    value.known().map_or_else(|| "(not known)".to_owned(), ToString::to_string)
}

fn reasons<T>(value: &Observed<T>) -> String {
    value.reasons().iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

fn points(why: &Why, pen: &Pen) -> String {
    let mut text = pen.section("RECOVERY");
    for from in &why.recovery.places {
        text += &pen.line(2, &format!("{}: {}{}", from.place.name(), answer(from), behind(from, why.audit)));
    }
    let elsewhere = why.recovery.facts.document.pointer("/recovery/elsewhere").and_then(Value::as_array);
    let here = why.recovery.facts.document.pointer("/recovery/here");
    for place in here.into_iter().chain(elsewhere.into_iter().flatten()) {
        let hours = |name: &str| place["points"][name].as_i64();
        let usable = place["points"]["usable"].as_u64();
        let usable = usable.map_or_else(
            || "how many usable recovery points there are is not known".to_owned(),
            |usable| count(usable as usize, "usable recovery point"),
        );
        let mut said =
            format!("{}/{}: {usable}", place["account"].as_str().unwrap_or_default(), place["region"].as_str().unwrap_or_default());
        for (name, what) in [("newest_hours", "the newest data"), ("oldest_hours", "the oldest"), ("longest_gap_hours", "longest at risk")]
        {
            if let Some(hours) = hours(name) {
                let age = if name == "longest_gap_hours" { "" } else { " old" };
                let _ = write!(said, ", {what} {}{age}", hours_told(hours));
            }
        }
        text += &pen.line(2, &said);
    }
    text
}

/// Why the answer is no or unknown; findings by their rules, because all of them are told further below.
fn behind(from: &FromPlace, audit: &Audit) -> String {
    let mut rules: Vec<&str> = Vec::new();
    for finding in &from.blocked_by {
        if !rules.contains(&finding.rule.id.as_str()) {
            rules.push(&finding.rule.id);
        }
    }
    let mut said = String::new();
    if !rules.is_empty() {
        let all_waived = from.blocked_by.iter().all(|finding| audit.waiving(finding).is_some());
        let _ = write!(said, "; see {} below{}", listed(&rules), if all_waived { ", which is waived" } else { "" });
    } else if from.answer == Answer::No {
        let _ = write!(said, "; {}", unexplained(from));
    }
    for reason in &from.reasons {
        let _ = write!(said, "; {}", reason.detail);
    }
    said
}

/// What the plans guarantee by what they configure, and what restores have proven.
fn objectives(why: &Why, pen: &Pen) -> String {
    let mut text = pen.section("OBJECTIVES");
    let document = &why.recovery.facts.document;
    for plan in &why.plans {
        let name = plan["name"].as_str().unwrap_or_default();
        let objectives = &plan["objectives"];
        let of_type = objectives["by_type"].as_array().into_iter().flatten();
        let mut of_type = of_type.filter(|of| of["types"].as_array().is_some_and(|types| types.contains(&document["type"])));
        let guaranteed = of_type.next().map_or(&objectives["by_schedule"], |of| &of["guaranteed"]);
        let said = match (guaranteed["rpo_hours"].as_i64(), guaranteed["dominated_by"].as_str()) {
            (Some(hours), Some(dominant)) => {
                format!(
                    "guarantees that no more than {} of changes are lost; most of that is its {}",
                    hours_told(hours),
                    dominant.replace('_', " ")
                )
            }
            (None, Some(dominant)) if guaranteed["rpo_hours"].is_null() => format!("guarantees nothing: {}", dominant.replace('_', " ")),
            _ => "guarantees nothing that is known".to_owned(),
        };
        text += &pen.line(2, &format!("plan '{name}' {said}"));
        if let Some(hours) = objectives["typical_rpo_hours"].as_i64() {
            text += &pen.line(4, &format!("typically {}, by how long 95 of 100 of its jobs took", hours_told(hours)));
        }
    }
    let restores = document.pointer("/recovery/restores").unwrap_or(&Value::Null);
    text += &match document.pointer("/recovery/proof_level").and_then(Value::as_u64) {
        Some(level) => pen.line(2, &format!("proof {level} of 5: {}", PROOF[level.min(5) as usize])),
        None => pen.line(2, "whether it was ever restored is not known"),
    };
    for (name, what) in [("last_restored_days_ago", "restored"), ("last_validated_days_ago", "restored and validated")] {
        if let Some(days) = restores[name].as_i64() {
            text += &pen.line(4, &format!("last {what} {} ago", count(days.unsigned_abs() as usize, "day")));
        }
    }
    text
}

/// What each level of proof means.
const PROOF: [&str; 6] = [
    "nothing was restored, and no restore testing plan covers it",
    "a restore testing plan covers it",
    "a restore completed",
    "a restore was validated",
    "a restore from another Region or account was validated",
    "a restore of a random or a cold point was validated",
];

/// Findings by rule and message, with what to do about each rule; then what is not known.
fn changes(why: &Why, pen: &Pen) -> String {
    let failing: Vec<&Finding> = why.verdicts.iter().filter(|finding| finding.verdict() == Verdict::Fail).collect();
    let mut text = String::new();
    let in_doubt = why.verdicts.iter().any(|finding| finding.verdict() == Verdict::Unknown);
    if failing.is_empty() {
        text += &pen.section(if in_doubt { "NO FINDING, as far as it could be judged" } else { "NOTHING HAS TO CHANGE" });
    } else {
        let waived = failing.iter().filter(|finding| why.audit.waiving(finding).is_some()).count();
        let of_them = if waived > 0 { format!(", {waived} of them waived") } else { String::new() };
        text += &pen.section(&format!("WHAT WOULD HAVE TO CHANGE: {}{of_them}", count(failing.len(), "finding")));
        let mut told_of: Option<&str> = None;
        for (at, finding) in failing.iter().enumerate() {
            if told_of != Some(&finding.rule.id) {
                let head = format!("{}  {}", finding.rule.severity.name(), finding.rule.id);
                text += &pen.heading(AnsiColor::Yellow.on_default(), &format!("  {head}"));
                told_of = Some(&finding.rule.id);
            }
            text += &pen.line(4, &format!("{}: {}{}", finding.subject.name(), finding.message(), mark(finding, why.audit)));
            if failing.get(at + 1).is_none_or(|next| next.rule.id != finding.rule.id) {
                text += &pen.line(4, &format!("Do: {}", finding.rule.metadata.custom.remediation.trim()));
            }
        }
    }
    let mut unknown: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for finding in why.verdicts.iter().filter(|finding| finding.verdict() == Verdict::Unknown) {
        for reason in &finding.outcome.reasons {
            let rules = unknown.entry(reason.to_string()).or_default();
            if !rules.contains(&finding.rule.id.as_str()) {
                rules.push(&finding.rule.id);
            }
        }
    }
    if !unknown.is_empty() {
        text += &pen.section("NOT KNOWN");
        for (reason, rules) in unknown.iter().take(SHOWN) {
            text += &pen.line(2, &format!("{reason} ({})", count(rules.len(), "rule")));
        }
        if unknown.len() > SHOWN {
            text += &pen.line(2, &format!("and {} more reasons", unknown.len() - SHOWN));
        }
    }
    text
}

fn count(count: usize, of: &str) -> String {
    if count == 1 { format!("1 {of}") } else { format!("{count} {of}s") }
}

#[derive(Serialize, JsonSchema)]
struct Document<'a> {
    /// Always `backstop/why/1`.
    #[schemars(extend("const" = SCHEMA))]
    schema: &'static str,
    as_of: Timestamp,
    arn: &'a str,
    account: &'a str,
    region: &'a str,
    /// The resource's facts, as `backstop facts` prints them.
    facts: &'a Value,
    story: &'a Story,
    /// From where it can be recovered.
    from: Vec<FromOut<'a>>,
    /// Failing and unknown verdicts on the resource and on what its recovery hangs on.
    findings: Vec<FindingOut<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct FindingOut<'a> {
    rule: &'a str,
    severity: crate::policy::Severity,
    verdict: Verdict,
    subject: &'a str,
    message: String,
    remediation: &'a str,
    /// Why a `fail` is accepted, and until when; left out where it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    waiver: Option<WaiverOut<'a>>,
}

const SCHEMA: &str = "backstop/why/1";

/// The same as JSON.
pub fn json(why: &Why) -> Value {
    let concerning = why.verdicts.iter().filter(|finding| matches!(finding.verdict(), Verdict::Fail | Verdict::Unknown));
    let document = Document {
        schema: SCHEMA,
        as_of: why.as_of,
        arn: &why.recovery.subject.id,
        account: &why.recovery.facts.account,
        region: &why.recovery.facts.region,
        facts: &why.recovery.facts.document,
        story: why.story,
        from: why.recovery.places.iter().map(|from| FromOut::of(from, why.audit)).collect(),
        findings: concerning
            .map(|finding| FindingOut {
                rule: &finding.rule.id,
                severity: finding.rule.severity,
                verdict: finding.verdict(),
                subject: &finding.subject.id,
                message: finding.message(),
                remediation: finding.rule.metadata.custom.remediation.trim(),
                waiver: WaiverOut::of_finding(finding, why.audit),
            })
            .collect(),
    };
    json!(document)
}

/// The JSON Schema of what `json` makes.
pub fn schema() -> Value {
    let mut schema = SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<Document>();
    schema.insert("$id".to_owned(), SCHEMA.into());
    schema.to_value()
}
