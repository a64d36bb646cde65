//! waivers.toml: its shape, and everything that can be wrong with it.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use chrono::NaiveDate;
use serde_json::{Value, json};
use toml::de::{DeTable, DeValue, Error};
use toml::{Spanned, value::Datetime};

use super::{ConfigError, InForce, nearest};
use crate::audit::Waiver;
use crate::policy::Library;

/// The file's name, looked for as backstop.toml is.
pub const FILE: &str = "waivers.toml";

const REQUIRED: [&str; 4] = ["rule", "resource", "reason", "expires"];
const OPTIONAL: [&str; 4] = ["account", "region", "approver", "ticket"];

/// Reads all waivers, in their order, or tells all that is wrong.
pub fn read(text: &str, path: &Path, policy: &InForce) -> Result<Vec<Waiver>, ConfigError> {
    let (document, errors) = DeTable::parse_recoverable(text);
    let line_ends = text.match_indices('\n').map(|(at, _)| at).collect();
    let mut reading = Reading { line_ends, policy, faults: errors.iter().map(fault_of).collect(), known: BTreeMap::new() };
    // Of a file that is no TOML, only that is told: what was understood of it is guessed.
    let waivers = if reading.faults.is_empty() { reading.file(document.get_ref()) } else { Vec::new() };
    if reading.faults.is_empty() { Ok(waivers) } else { Err(ConfigError::new(path, "waivers", text, reading.faults)) }
}

/// The spans of the stanzas' headers, in their order. Empty where the file is no TOML, or writes its waivers in another way.
pub fn headers(text: &str) -> Vec<(Range<usize>, Range<usize>)> {
    let Ok(document) = DeTable::parse(text) else { return Vec::new() };
    let stanzas = document.get_ref().get("waiver").and_then(|list| list.get_ref().as_array()).into_iter().flatten();
    let header = |stanza: &Spanned<DeValue>| {
        let last = stanza.get_ref().as_table()?.values().map(|value| value.span().end).max().unwrap_or_default();
        text.get(stanza.span())?.starts_with("[[").then(|| (stanza.span(), stanza.span().start..last.max(stanza.span().end)))
    };
    stanzas.map(header).collect::<Option<Vec<_>>>().unwrap_or_default()
}

fn fault_of(error: &Error) -> (Range<usize>, String) {
    (error.span().unwrap_or_default(), error.message().to_owned())
}

struct Reading<'a> {
    line_ends: Vec<usize>,
    policy: &'a InForce,
    faults: Vec<(Range<usize>, String)>,
    /// By what it is about: the line of the waiver.
    known: BTreeMap<(String, String, Option<String>, Option<String>), usize>,
}

impl Reading<'_> {
    fn fault(&mut self, span: Range<usize>, message: impl Into<String>) {
        self.faults.push((span, message.into()));
    }

    fn line(&self, offset: usize) -> usize {
        self.line_ends.partition_point(|end| *end < offset) + 1
    }

    fn file(&mut self, file: &DeTable) -> Vec<Waiver> {
        let mut waivers = Vec::new();
        for (key, value) in file {
            match value.get_ref() {
                _ if key.get_ref() != "waiver" => {
                    self.fault(key.span(), format!("there is nothing called '{}' here; each waiver begins with [[waiver]]", key.get_ref()));
                }
                DeValue::Array(stanzas) => {
                    for stanza in stanzas {
                        match stanza.get_ref().as_table() {
                            Some(table) => waivers.extend(self.waiver(table, stanza.span())),
                            None => self.fault(stanza.span(), "a waiver is a table: begin it with [[waiver]]"),
                        }
                    }
                }
                _ => self.fault(value.span(), "there can be several waivers: begin each with [[waiver]], in double brackets"),
            }
        }
        waivers
    }

    fn waiver(&mut self, table: &DeTable, at: Range<usize>) -> Option<Waiver> {
        let before = self.faults.len();
        for key in table.keys() {
            let name: &str = key.get_ref();
            if !REQUIRED.contains(&name) && !OPTIONAL.contains(&name) {
                let help = nearest(REQUIRED.into_iter().chain(OPTIONAL), name);
                self.fault(key.span(), format!("a waiver has no '{name}'{help}"));
            }
        }
        let missing: Vec<String> = REQUIRED.iter().filter(|name| !table.contains_key(**name)).map(|name| format!("'{name}'")).collect();
        if !missing.is_empty() {
            self.fault(at.clone(), format!("this waiver lacks {}", missing.join(" and ")));
        }
        let mut text = |name: &str| self.text(table.get(name)?, name);
        let [rule, resource, reason, account, region, approver, ticket] =
            ["rule", "resource", "reason", "account", "region", "approver", "ticket"].map(&mut text);
        if let (Some(rule), Some(value)) = (&rule, table.get("rule")) {
            self.rule(rule, value.span());
        }
        if let (Some(account), Some(value)) = (&account, table.get("account"))
            && (account.len() != 12 || !account.bytes().all(|byte| byte.is_ascii_digit()))
        {
            self.fault(value.span(), format!("'{account}' is not an account id of twelve digits"));
        }
        let expires = table.get("expires").and_then(|value| self.date(value));
        let line = self.line(at.start);
        let waiver =
            Waiver { rule: rule?, resource: resource?, account, region, reason: reason?, expires: expires?, approver, ticket, line };
        let about = (waiver.rule.clone(), waiver.resource.clone(), waiver.account.clone(), waiver.region.clone());
        if let Some(first) = self.known.insert(about, line) {
            self.fault(at, format!("line {first} waives the same already; keep one of them"));
        }
        (self.faults.len() == before).then_some(waiver)
    }

    fn text(&mut self, value: &Spanned<DeValue>, name: &str) -> Option<String> {
        match value.get_ref().as_str() {
            None => self.fault(value.span(), format!("'{name}' is a text, in quotation marks, and no {}", value.get_ref().type_str())),
            Some(text) if text.trim().is_empty() => self.fault(value.span(), format!("'{name}' says nothing")),
            Some(text) => return Some(text.trim().to_owned()),
        }
        None
    }

    fn rule(&mut self, id: &str, span: Range<usize>) {
        let InForce { library, disabled, .. } = self.policy;
        if library.rule(id).is_none() && !disabled.iter().any(|off| off == id) {
            let help = library.nearest(id).map(|near| format!("; did you mean '{near}'?")).unwrap_or_default();
            self.fault(span, format!("there is no rule '{id}'{help}"));
        }
    }

    /// A date of TOML, or a text that is one.
    fn date(&mut self, value: &Spanned<DeValue>) -> Option<NaiveDate> {
        let date = match value.get_ref() {
            DeValue::Datetime(date) => Some(*date),
            DeValue::String(text) => text.parse().ok(),
            _ => None,
        };
        let date = date.and_then(|date| match date {
            Datetime { date: Some(date), time: None, offset: None } => {
                NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into())
            }
            _ => None,
        });
        if date.is_none() {
            self.fault(value.span(), "'expires' is the last day on which it waives, such as 2026-12-31");
        }
        date
    }
}

/// The file's JSON Schema.
pub fn schema(library: &Library) -> Value {
    let rules: Vec<&str> = library.rules.iter().map(|rule| rule.id.as_str()).collect();
    let text = |description: &str| json!({ "type": "string", "pattern": "\\S", "description": description });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "backstop/waivers/1",
        "title": "Backstop waivers",
        "type": "object",
        "additionalProperties": false,
        "properties": { "waiver": { "type": "array", "items": {
            "type": "object",
            "additionalProperties": false,
            "required": REQUIRED,
            "properties": {
                "rule": { "enum": rules, "description": "The id of the rule whose findings are accepted." },
                "resource": text("What the id of the finding's subject must match, an ARN where AWS gives one. '*' stands for any run of characters, '?' for one."),
                "account": { "type": "string", "pattern": "^[0-9]{12}$", "description": "Only in this account." },
                "region": text("Only in this Region."),
                "reason": text("Why it is accepted."),
                "expires": { "type": "string", "format": "date", "description": "The last day, in UTC, on which it waives: 2026-12-31." },
                "approver": text("Who accepts it."),
                "ticket": text("Where that was decided.")
            }
        }}}
    })
}
