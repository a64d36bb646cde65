//! Findings whose declaration is known: every report shows the line, and nothing else changes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use backstop::audit::{Environments, Gate, Verdict, judge};
use backstop::facts::derive;
use backstop::policy::{Library, Severity};
use backstop::report::table::Look;
use backstop::report::{By, Report, SnapshotSummary, UNDECLARED, json, sarif, sarif_github, table};
use backstop::snapshot::{Declaration, Digest, Related, SourceSpan, read};
use serde_json::{Value, json};

const ADDRESS: &str = "module.backup.aws_backup_plan.main[0]";

fn span(file: &str, line: usize) -> SourceSpan {
    SourceSpan { file: file.to_owned(), line, column: 7, end_line: line, end_column: 30 }
}

fn declaration() -> Declaration {
    Declaration {
        span: span("modules/back up/main.tf", 94),
        address: ADDRESS.to_owned(),
        exact: false,
        note: Some("no `lifecycle` block is there\u{1b}".to_owned()),
        related: vec![Related { span: span("main.tf", 3), text: "called from module.backup".to_owned() }],
    }
}

/// A report without declarations.
fn with_report(look: impl FnOnce(&Report)) {
    let library = Library::shipped().unwrap();
    let reading = read(Path::new("fixtures/tattoo_directory_prod.json"), Digest::Take).unwrap();
    let as_of = "2026-11-22T05:00:00Z".parse().unwrap();
    let subjects = derive(&reading.snapshot, as_of);
    let environments = Environments::all_production(&library);
    let audit = judge(&subjects, &library, &environments, as_of).unwrap();
    let conclusion = Gate { fail_on: Severity::Low, fail_on_unknown: Some(Severity::Low) }.conclude(&audit, None);
    look(&Report {
        audit: &audit,
        library: &library,
        conclusion: &conclusion,
        snapshot: SnapshotSummary::of(&reading.snapshot, "00ff".to_owned()),
        comparison: None,
        irreversible: &[],
        notices: &[],
        declarations: &UNDECLARED,
    });
}

/// All results of a log, and all findings of a report, by fingerprint.
fn results(log: &[u8]) -> BTreeMap<String, Value> {
    let log: Value = serde_json::from_slice(log).unwrap();
    let runs = log["runs"].as_array().unwrap().iter();
    let results = runs.flat_map(|run| run["results"].as_array().unwrap());
    results.map(|result| (result["fingerprints"]["backstop/v1"].as_str().unwrap().to_owned(), result.clone())).collect()
}

fn findings(report: &Report) -> BTreeMap<String, Value> {
    let mut bytes = Vec::new();
    json::write(report, By::Rule, &mut bytes).unwrap();
    let report: Value = serde_json::from_slice(&bytes).unwrap();
    let findings = report["findings"].as_array().unwrap().iter();
    findings.map(|finding| (finding["fingerprint"].as_str().unwrap().to_owned(), finding.clone())).collect()
}

#[test]
fn a_declaration_changes_where_a_finding_is_shown_and_nothing_else() {
    with_report(|plain| {
        let found = plain.audit.findings().find(|finding| finding.verdict() == Verdict::Fail).unwrap().fingerprint();
        let declarations = BTreeMap::from([(found.clone(), declaration())]);
        let report = Report { declarations: &declarations, snapshot: plain.snapshot.clone(), ..*plain };

        for press in [
            |report: &Report| sarif::render(report).unwrap(),
            |report: &Report| sarif_github::render(report, "backstop/{account}").unwrap().bytes.unwrap_or_default(),
        ] {
            let (with, without) = (press(&report), press(plain));
            if with.is_empty() {
                continue;
            }
            let (mut with, mut without) = (results(&with), results(&without));
            let (declared, undeclared) = (with.remove(&found).unwrap(), without.remove(&found).unwrap());
            assert_eq!(with, without, "what has no declaration stays as it is");
            assert_eq!(declared["partialFingerprints"], undeclared["partialFingerprints"]);
            let place = &declared["locations"][0];
            assert_eq!(
                place["physicalLocation"],
                json!({
                    "artifactLocation": { "uri": "modules/back%20up/main.tf", "uriBaseId": "%SRCROOT%" },
                    "region": { "startLine": 94, "startColumn": 7, "endLine": 94, "endColumn": 30 },
                })
            );
            assert_eq!(place["logicalLocations"][0], undeclared["locations"][0]["logicalLocations"][0]);
            assert_eq!(place["logicalLocations"][1]["fullyQualifiedName"], ADDRESS);
            let related = &declared["relatedLocations"][0];
            assert_eq!(related["message"]["text"], "called from module.backup.");
            assert_eq!(related["physicalLocation"]["artifactLocation"]["uri"], "main.tf");
            let message = declared["message"]["text"].as_str().unwrap();
            let said = message.strip_prefix(undeclared["message"]["text"].as_str().unwrap()).unwrap();
            assert_eq!(said, " no `lifecycle` block is there\u{fffd}.");
        }

        let (mut with, without) = (findings(&report), findings(plain));
        let declared = with.get_mut(&found).unwrap().as_object_mut().unwrap().remove("declaration").unwrap();
        assert_eq!(declared["file"], "modules/back up/main.tf");
        assert_eq!((&declared["line"], &declared["end_column"], &declared["exact"]), (&json!(94), &json!(30), &json!(false)));
        assert_eq!(declared["related"][0]["text"], "called from module.backup");
        assert_eq!(with, without);
    });
}

#[test]
fn the_table_shows_the_line_below_what_is_wrong() {
    with_report(|plain| {
        let all: BTreeSet<String> = plain.audit.findings().map(|finding| finding.fingerprint()).collect();
        let exact = Declaration { exact: true, note: None, ..declaration() };
        for (declaration, says) in [(declaration(), "belongs near"), (exact, "declared at")] {
            let declarations = all.iter().map(|fingerprint| (fingerprint.clone(), declaration.clone())).collect();
            let report = Report { declarations: &declarations, snapshot: plain.snapshot.clone(), ..*plain };
            for width in [60, 200] {
                let table = table::render(&report, By::Rule, Look { width, color: false });
                assert!(table.contains(says), "{table}");
                assert!(width < 200 || table.contains(&format!("{says} modules/back up/main.tf:94:7 ({ADDRESS})")));
                assert!(!table.contains('\u{1b}'));
                let mut rows = table.lines().filter(|line| line.starts_with('│'));
                assert!(rows.all(|line| line.chars().count() <= width), "a row is wider than {width}");
            }
        }
    });
}
