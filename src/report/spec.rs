//! What the specification contradicts itself in, as a table for people and as JSON for programs.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use comfy_table::{ColumnConstraint, Table, Width};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;
use serde_json::Value;

use super::plain;
use super::table::{Look, grid};
use crate::policy::Promise;
use crate::spec::Contradiction;

const SCHEMA: &str = "backstop/spec/1";
/// What follows takes more room than what is promised.
const PROMISED_PERCENT: u16 = 42;

/// What was found.
#[derive(Debug)]
pub struct SpecReport<'a> {
    pub contradictions: &'a [Contradiction],
    /// The environments whose parameters were tried.
    pub environments: Vec<&'a str>,
    /// Promises that no API can show; `None` where they were not asked for.
    pub not_verifiable: Option<Vec<&'a Promise>>,
}

#[derive(Serialize, JsonSchema)]
struct Document<'a> {
    /// Always `backstop/spec/1`.
    #[schemars(extend("const" = SCHEMA))]
    schema: &'static str,
    environments: &'a [&'a str],
    contradictions: &'a [Contradiction],
    /// Promises that no API can show; left out unless `--all` asks for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    not_verifiable: Option<Vec<NotVerifiable<'a>>>,
}

#[derive(Serialize, JsonSchema)]
struct NotVerifiable<'a> {
    id: &'a str,
    spec: &'a [String],
    says: &'a str,
    /// Part of a sentence.
    reason: &'a str,
}

/// Promises with the reason why no API can show them.
fn reasons<'a>(report: &SpecReport<'a>) -> Option<Vec<NotVerifiable<'a>>> {
    let promises = report.not_verifiable.as_ref()?;
    let of = |promise: &&'a Promise| {
        let reason = promise.not_verifiable.as_deref()?;
        Some(NotVerifiable { id: &promise.id, spec: &promise.spec, says: &promise.says, reason })
    };
    Some(promises.iter().filter_map(of).collect())
}

pub fn json(report: &SpecReport) -> serde_json::Result<String> {
    let document = Document {
        schema: SCHEMA,
        environments: &report.environments,
        contradictions: report.contradictions,
        not_verifiable: reasons(report),
    };
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}

/// The JSON's schema, generated from the types that write it.
pub fn schema() -> Value {
    let mut schema = SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<Document>();
    schema.insert("$id".to_owned(), SCHEMA.into());
    schema.insert("title".to_owned(), "Backstop check of the specification".into());
    schema.to_value()
}

pub fn table(report: &SpecReport, look: Look) -> String {
    let paint = |style: Style, text: &str| if look.color { format!("{style}{text}{style:#}") } else { text.to_owned() };
    let count = report.contradictions.len();
    let (color, reason) = match count {
        0 => (AnsiColor::Green, "Passed: the specification does not contradict itself.".to_owned()),
        1 => (AnsiColor::Red, "Failed: the specification holds 1 contradiction.".to_owned()),
        _ => (AnsiColor::Red, format!("Failed: the specification holds {count} contradictions.")),
    };
    let mut text = paint(color.on_default().bold(), &reason) + "\n";
    let environments = if report.environments.len() == 1 { "environment" } else { "environments" };
    let _ = writeln!(text, "With the parameters of {environments} '{}'.", plain(&report.environments.join("', '")));
    if count > 0 {
        let mut table = columns(look, "Promised", "What follows");
        for contradiction in report.contradictions {
            let promised: Vec<String> =
                contradiction.promised.iter().map(|side| format!("{} {}", side.spec.join(", "), plain(&side.says))).collect();
            let mut follows = format!("{}\n{}", contradiction.id, plain(&contradiction.follows));
            if !contradiction.parameters.is_empty() {
                follows += &format!("\nDecided by: {}", contradiction.parameters.join(", "));
            }
            if contradiction.environments.len() < report.environments.len() {
                follows += &format!("\nOnly in: {}", plain(&contradiction.environments.join(", ")));
            }
            table.add_row(vec![promised.join("\n"), follows]);
        }
        let _ = writeln!(text, "\n{table}");
    }
    if let Some(promises) = reasons(report) {
        let heading = format!("NOT VERIFIABLE: {} promises", promises.len());
        let mut table = columns(look, "Promised", "No API can show it, because");
        for promise in promises {
            table.add_row(vec![format!("{} {}", promise.spec.join(", "), promise.says), promise.reason.to_owned()]);
        }
        let _ = writeln!(text, "\n{}\n\n{table}", paint(AnsiColor::Cyan.on_default().bold(), &heading));
    }
    text
}

fn columns(look: Look, left: &str, right: &str) -> Table {
    let mut table = grid(look);
    table.set_header(vec![left, right]);
    if let Some(promised) = table.column_mut(0) {
        promised.set_constraint(ColumnConstraint::UpperBoundary(Width::Percentage(PROMISED_PERCENT)));
    }
    table
}
