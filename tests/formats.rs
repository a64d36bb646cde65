//! JUnit, CSV, OSCAL, OCSF and Markdown say what the JSON report says, whatever the names of an account are.
//! `.ci/outputs` has them read by validators that are not ours.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;
use std::sync::OnceLock;

use serde_json::{Value, json};

const WORLD: &str = "fixtures/tattoo_directory_prod.json";
const FORMATS: [&str; 6] = ["json", "junit", "csv", "oscal", "ocsf", "markdown"];
const HARM: &str = "=1+1 <script>\u{1b}[2J]]>\r\n\u{202e}\u{fffe}\u{0} | [x](https://x.y) \"' @www.x.y";

/// What each format says of a world.
fn reports(world: &Value, more: &[&str]) -> BTreeMap<&'static str, String> {
    let directory = tempfile::tempdir().expect("a directory");
    let at = |name: &str| directory.path().join(name).to_string_lossy().into_owned();
    std::fs::write(at("world"), world.to_string()).expect("it can be written");
    let mut command = Command::new(env!("CARGO_BIN_EXE_backstop"));
    command.env_clear().args(["audit", &at("world"), "--as-of", "2026-11-22T09:00:00Z"]).args(more);
    for format in FORMATS {
        command.args(["--output", &format!("{format}={}", at(format))]);
    }
    let output = command.output().expect("it runs");
    assert!(matches!(output.status.code(), Some(0 | 1 | 3)), "{}", String::from_utf8_lossy(&output.stderr));
    FORMATS.map(|format| (format, std::fs::read_to_string(at(format)).expect("it was written"))).into()
}

fn world() -> Value {
    serde_json::from_str(&std::fs::read_to_string(WORLD).expect("the world")).expect("JSON")
}

/// The world with a name that means harm, and with something that is unknown.
fn hostile() -> Value {
    let mut world = world();
    let unit = &mut world["Units"][0];
    unit["BackupPlans"][0]["BackupPlan"]["Rules"][0]["RuleName"] = json!(HARM);
    unit["BackupPlans"][0]["BackupPlan"]["BackupPlanName"] = json!(HARM);
    unit["BackupVaults"][0]["Locked"] = json!({ "$unknown": [{ "cause": "denied", "detail": HARM }] });
    world
}

/// It takes a second, and most tests look at it.
fn of_hostile() -> &'static BTreeMap<&'static str, String> {
    static REPORTS: OnceLock<BTreeMap<&str, String>> = OnceLock::new();
    REPORTS.get_or_init(|| reports(&hostile(), &[]))
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

fn findings(reports: &BTreeMap<&str, String>) -> Vec<Value> {
    parsed(&reports["json"])["findings"].as_array().expect("findings").clone()
}

fn fingerprints<'v>(findings: impl IntoIterator<Item = &'v Value>) -> Vec<&'v str> {
    findings.into_iter().map(|finding| finding["fingerprint"].as_str().expect("a fingerprint")).collect()
}

#[test]
fn a_junit_suite_is_red_for_what_fails_and_for_what_is_unknown() {
    let reports = of_hostile();
    let document = roxmltree::Document::parse(&reports["junit"]).expect("XML");
    let mut suites: BTreeMap<&str, roxmltree::Node> = BTreeMap::new();
    for suite in document.descendants().filter(|node| node.has_tag_name("testsuite")) {
        suites.insert(suite.attribute("name").expect("a name"), suite);
    }
    let rules = parsed(&reports["json"])["rules"].as_array().expect("rules").clone();
    assert_eq!(suites.len(), rules.len() + 1);
    let mut doubts = 0;
    for rule in &rules {
        let suite = suites[rule["id"].as_str().expect("an id")];
        let said = |name: &str| suite.attribute(name).expect("a count").parse::<u64>().expect("a number");
        let red = |name: &str| suite.descendants().filter(|node| node.has_tag_name(name)).count() as u64;
        assert_eq!(
            (said("failures"), red("failure")),
            (rule["verdicts"]["fail"].as_u64().unwrap(), rule["verdicts"]["fail"].as_u64().unwrap())
        );
        assert_eq!((said("errors"), red("error")), (said("errors"), rule["verdicts"]["unknown"].as_u64().unwrap()));
        assert_eq!(said("tests"), suite.children().filter(|node| node.has_tag_name("testcase")).count() as u64);
        doubts += said("errors");
    }
    assert!(doubts > 0);
    assert_eq!(suites["backstop"].attribute("failures"), Some("1"));
    assert!(!reports["junit"].contains(['\u{1b}', '\u{202e}', '\u{fffe}', '\u{0}']) && !reports["junit"].contains("<script"));
}

#[test]
fn nothing_to_judge_is_not_green() {
    let nothing = json!({ "Schema": "backstop/snapshot/1", "Units": [] });
    let reports = reports(&nothing, &[]);
    assert!(reports["junit"].contains("<error message=\"Not enough was seen to say"), "{}", reports["junit"]);
    assert_eq!(parsed(&reports["oscal"])["assessment-results"]["results"][0].get("findings"), None);
}

#[test]
fn a_csv_row_is_a_line_and_no_cell_is_a_formula() {
    let reports = of_hostile();
    let mut reader = csv::Reader::from_reader(reports["csv"].as_bytes());
    let headers = reader.headers().expect("headers").clone();
    let at = headers.iter().position(|name| name == "fingerprint").expect("a column");
    let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().expect("rows of one length");
    let findings = findings(reports);
    assert_eq!(rows.iter().map(|row| &row[at]).collect::<Vec<_>>(), fingerprints(&findings));
    assert_eq!(reports["csv"].matches('\n').count(), rows.len() + 1);
    assert_eq!(reports["csv"].matches("\r\n").count(), rows.len() + 1);
    let cells = || rows.iter().flat_map(csv::StringRecord::iter);
    assert!(cells().all(|cell| !cell.starts_with(['=', '+', '-', '@', '\t', '\r'])));
    assert!(cells().any(|cell| cell.starts_with("'=1+1 <script>")), "the harm is not there any more");
}

#[test]
fn each_ocsf_event_is_a_line_and_unknown_is_a_warning() {
    let reports = of_hostile();
    let events: Vec<Value> = reports["ocsf"].lines().map(parsed).collect();
    let findings = findings(reports);
    let concerned: Vec<&Value> = findings.iter().filter(|finding| finding["verdict"] != "not_applicable").collect();
    assert_eq!(events.len(), concerned.len());
    for (event, finding) in events.iter().zip(&concerned) {
        assert_eq!(event["finding_info"]["uid"], finding["fingerprint"]);
        let status = match finding["verdict"].as_str() {
            Some("fail") => 3,
            Some("unknown") => 2,
            _ => 1,
        };
        assert_eq!(event["compliance"]["status_id"], status);
        assert_eq!(event["evidences"][0]["data"], finding["evidence"]);
    }
}

#[test]
fn oscal_observes_each_failure_and_doubt_and_its_identities_lead_somewhere() {
    let reports = of_hostile();
    let document = parsed(&reports["oscal"]);
    let result = &document["assessment-results"]["results"][0];
    let observed: Vec<&str> =
        result["observations"].as_array().expect("observations").iter().filter_map(|it| property(it, "fingerprint")).collect();
    let findings = findings(reports);
    let concerned = findings.iter().filter(|finding| finding["verdict"] == "fail" || finding["verdict"] == "unknown");
    assert_eq!(observed, fingerprints(concerned));
    let (mut made, mut named) = (BTreeSet::new(), BTreeSet::new());
    identities(&document, &mut made, &mut named);
    assert!(named.is_subset(&made));
    assert!(!result["findings"].as_array().expect("findings").is_empty());
}

#[test]
fn what_is_in_doubt_or_only_supported_is_never_satisfied() {
    let states = |world: &Value| -> BTreeMap<String, String> {
        let document = parsed(&reports(world, &["--config", "fixtures/clean.toml"])["oscal"]);
        let findings = document["assessment-results"]["results"][0]["findings"].as_array().cloned().unwrap_or_default();
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        findings.iter().map(|finding| (text(&finding["target"]["target-id"]), text(&finding["target"]["status"]["state"]))).collect()
    };
    let clean: Value = serde_json::from_str(&std::fs::read_to_string("fixtures/clean.json").expect("the world")).expect("JSON");
    let satisfied: BTreeSet<String> = states(&clean).into_iter().filter(|(_, state)| state == "satisfied").map(|(id, _)| id).collect();
    assert!(!satisfied.is_empty());
    let mut blind = clean.clone();
    for unit in blind["Units"].as_array_mut().expect("units") {
        unit["Complete"] = json!([]);
    }
    assert!(states(&blind).values().all(|state| state != "satisfied"));
}

/// The value of a property of that name.
fn property<'v>(of: &'v Value, name: &str) -> Option<&'v str> {
    of["props"].as_array()?.iter().find(|property| property["name"] == name)?["value"].as_str()
}

fn identities<'v>(value: &'v Value, made: &mut BTreeSet<&'v str>, named: &mut BTreeSet<&'v str>) {
    if let Some(list) = value.as_array() {
        list.iter().for_each(|one| identities(one, made, named));
    }
    for (name, one) in value.as_object().into_iter().flatten() {
        match one.as_str() {
            Some(text) if name == "uuid" => assert!(made.insert(text), "{text} stands twice"),
            Some(text) if name.ends_with("-uuid") => _ = named.insert(text),
            Some(text) if name == "href" => _ = named.insert(text.trim_start_matches('#')),
            _ => identities(one, made, named),
        }
    }
}

#[test]
fn a_name_is_no_link_in_the_summary() {
    let reports = of_hostile();
    let summary = &reports["markdown"];
    assert!(summary.contains("=1\\+1 &lt;script&gt;") && summary.contains("https\\://x.y") && summary.contains("www\\.x"), "{summary}");
    assert!(!summary.contains("https://") && !summary.contains('\u{1b}'));
}

#[test]
fn the_same_audit_gives_the_same_bytes() {
    assert_eq!(reports(&hostile(), &[]), *of_hostile());
}

#[test]
fn with_a_baseline_what_was_there_before_is_neither_green_nor_red() {
    let directory = tempfile::tempdir().expect("a directory");
    let former = directory.path().join("former.json");
    let world = hostile();
    std::fs::write(&former, &of_hostile()["json"]).expect("it can be written");
    let reports = reports(&world, &["--baseline", &former.to_string_lossy()]);
    assert!(!reports["junit"].contains("<failure") && !reports["junit"].contains("<error"));
    let fails = findings(&reports).iter().filter(|finding| finding["verdict"] == "fail").count();
    assert!(fails > 0 && reports["junit"].matches("type=\"known\"").count() > 0);
    assert_eq!(reports["csv"].matches(",unchanged,").count(), fails);
    assert_eq!(reports["ocsf"].matches("\"activity_id\":2").count(), fails);
}
