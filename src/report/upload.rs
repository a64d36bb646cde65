//! What GitHub would refuse, drop or show wrongly of SARIF files, for people and for programs.

use std::collections::BTreeMap;
use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use serde_json::{Value, json};

use super::plain;
use super::table::Look;
use crate::code_scanning::{Checked, Fault, Grade, Place};

const SCHEMA: &str = "backstop/sarif-check/1";

/// A sentence on each file, and below it what was found.
pub fn render(files: &[(String, Checked)], look: Look) -> String {
    let mut text = String::new();
    for (name, checked) in files {
        let _ = writeln!(text, "{}: {}", plain(name), conclusion(checked));
        for fault in &checked.faults {
            text += &told(fault, look);
        }
    }
    for told in across(files) {
        let _ = writeln!(text, "\n{told}");
    }
    text
}

fn conclusion(checked: &Checked) -> String {
    let count = |grade: Grade| checked.faults.iter().filter(|fault| fault.check.grade() == grade).count();
    let what = match (count(Grade::Error), count(Grade::Warning)) {
        (0, 0) => "GitHub would take it as it is".to_owned(),
        (0, warnings) => format!("GitHub would take it; {}", kinds(warnings, "warning")),
        (errors, 0) => format!("GitHub would refuse it; {}", kinds(errors, "error")),
        (errors, warnings) => format!("GitHub would refuse it; {}, {}", kinds(errors, "error"), kinds(warnings, "warning")),
    };
    let (runs, results) = (kinds(checked.runs, "run"), kinds(checked.results, "result"));
    let size = match checked.compressed {
        bytes @ ..100_000 => format!("{} kB", bytes.div_ceil(1_000)),
        bytes => format!("{:.1} MB", bytes as f64 / 1e6),
    };
    format!("{what} ({runs}, {results}, {size} compressed).")
}

fn kinds(count: usize, of: &str) -> String {
    if count == 1 { format!("1 {of}") } else { format!("{count} {of}s") }
}

fn told(fault: &Fault, look: Look) -> String {
    let check = fault.check;
    let style = match check.grade() {
        _ if !look.color => Style::new(),
        Grade::Error => AnsiColor::Red.on_default().bold(),
        Grade::Warning => AnsiColor::Yellow.on_default(),
    };
    let mut text = format!("\n{style}{}{style:#} {}: {}\n", check.grade(), check.id(), check.what());
    for place in &fault.places {
        let _ = writeln!(text, "  {}: {}", plain(&at(place)), plain(&place.found));
    }
    match fault.count.saturating_sub(fault.places.len()) {
        0 => {}
        more => {
            let _ = writeln!(text, "  and {more} more");
        }
    }
    let _ = writeln!(text, "  To mend: {}", check.advice());
    text
}

/// `run 0, result 7, /runs/0/results/7/locations`
fn at(place: &Place) -> String {
    let run = place.run.map(|run| format!("run {run}"));
    let result = place.result.map(|result| format!("result {result}"));
    let pointer = if place.pointer.is_empty() { "the file".to_owned() } else { place.pointer.clone() };
    run.into_iter().chain(result).chain(std::iter::once(pointer)).collect::<Vec<_>>().join(", ")
}

/// Categories that several of the files have: of two uploads, the later replaces the earlier.
fn across(files: &[(String, Checked)]) -> Vec<String> {
    let mut holders: BTreeMap<_, Vec<&str>> = BTreeMap::new();
    for (name, checked) in files {
        for category in &checked.categories {
            holders.entry(category).or_default().push(name);
        }
    }
    let shared = holders.into_iter().filter(|(_, names)| names.len() > 1);
    shared
        .map(|(category, names)| {
            format!(
                "{} have the category '{}' of {} in common: uploaded one after the other, the later replaces the earlier; uploaded together, \
                 they are refused.",
                plain(&names.join(", ")),
                plain(&category.category),
                plain(&category.tool)
            )
        })
        .collect()
}

/// The same for programs.
pub fn json(files: &[(String, Checked)]) -> Value {
    let place = |place: &Place| json!({ "run": place.run, "result": place.result, "pointer": place.pointer, "found": plain(&place.found) });
    let fault = |fault: &Fault| {
        json!({
            "check": fault.check.id(), "grade": fault.check.grade().name(), "what": fault.check.what(), "advice": fault.check.advice(),
            "count": fault.count, "places": fault.places.iter().map(place).collect::<Vec<_>>(),
        })
    };
    let file = |(name, checked): &(String, Checked)| {
        json!({
            "file": plain(name), "refused": checked.is_refused(), "runs": checked.runs, "results": checked.results,
            "compressed_bytes": checked.compressed, "faults": checked.faults.iter().map(fault).collect::<Vec<_>>(),
        })
    };
    json!({ "schema": SCHEMA, "files": files.iter().map(file).collect::<Vec<_>>(), "shared_categories": across(files) })
}
