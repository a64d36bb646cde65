//! What is accepted, as everything tells it that tells of findings; and what lies beside a bundle of evidence, as it points into it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use backstop::evidence::{Files, sha256, unpack};
use serde_json::Value;
use tempfile::TempDir;

const TABLE: &str = "arn:aws:dynamodb:us-east-1:111122223333:table/tattoo-directory-prod-users";
const WAIVERS: &str = "[[waiver]]\nrule = \"vault-lock/missing\"\nresource = \"*\"\nreason = \"until the *move*\"\nexpires = 2026-12-22\n\
                       approver = \"A. Person\"\nticket = \"OPS-12\"\n\n[[waiver]]\nrule = \"coverage/resource-unprotected\"\n\
                       resource = \"arn:aws:dynamodb:*-users\"\nreason = \"test data\"\nexpires = 2026-12-23\n";

/// A directory with the demonstration's snapshot and waivers, which is the root of a repository.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        let directory = TempDir::new().expect("a directory");
        std::fs::copy("fixtures/tattoo_directory_prod.json", directory.path().join("snapshot.json")).expect("copied");
        std::fs::create_dir(directory.path().join(".git")).expect("made");
        std::fs::write(directory.path().join("waivers.toml"), WAIVERS).expect("written");
        Desk(directory)
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.run_in("", arguments)
    }

    fn run_in(&self, folder: &str, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_backstop"));
        let output =
            command.args(arguments).current_dir(self.path(folder)).env_clear().env("HOME", "/nonexistent").output().expect("it runs");
        assert!(!text(&output.stderr).contains("panicked"), "{}", text(&output.stderr));
        output
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    fn json(&self, name: &str) -> Value {
        serde_json::from_str(&self.read(name)).expect("JSON")
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A table's cells are wrapped: its words, in a row.
fn words(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || "│┆|".contains(c)).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[test]
fn what_is_waived_is_explained_without_another_stanza() {
    let desk = Desk::new();
    let explain = ["explain", "coverage/resource-unprotected", "--resource", TABLE, "snapshot.json"];
    let said = words(&text(&desk.run(&explain).stdout));
    assert!(said.contains("FAIL:") && said.contains("(waived until 2026-12-23)") && !said.contains("[[waiver]]"), "{said}");
    let said = words(&text(&desk.run(&[&explain[..], &["--waivers", "/dev/null"]].concat()).stdout));
    assert!(!said.contains("waived until") && said.contains("[[waiver]]"), "{said}");
}

#[test]
fn a_promise_that_a_waived_finding_contradicts_stays_contradicted_and_says_so() {
    let desk = Desk::new();
    let promises = |more: &[&str]| {
        let output = desk.run(&[&["audit", "snapshot.json", "--by", "promise", "--output", "json=report.json"], more].concat());
        (text(&output.stdout), desk.json("report.json"))
    };
    let (table, report) = promises(&[]);
    let (_, without) = promises(&["--waivers", "/dev/null"]);
    assert!(words(&table).contains("(waived until 2026-12-22)") && table.contains(" waived), "), "{table}");
    let verdicts = |report: &Value| -> Vec<Value> {
        report["promises"].as_array().expect("promises").iter().map(|promise| promise["verdict"].clone()).collect()
    };
    assert_eq!(verdicts(&report), verdicts(&without), "a waiver changes no promise");
    let failures = |report: &Value| -> Vec<Value> {
        let promises = report["promises"].as_array().expect("promises").iter();
        let failures = promises.flat_map(|promise| promise["failures"].as_array().expect("failures").clone());
        failures.filter(|failure| failure["rule"] == "vault-lock/missing").collect()
    };
    let told = failures(&report);
    assert!(!told.is_empty() && told.iter().all(|failure| failure["waiver"]["expires"] == "2026-12-22"), "{told:?}");
    assert!(failures(&without).iter().all(|failure| failure.get("waiver").is_none()));
}

#[test]
fn a_resource_that_cannot_be_recovered_stays_so_and_says_what_of_that_is_accepted() {
    let desk = Desk::new();
    let output = desk.run(&["audit", "snapshot.json", "--by", "resource", "--output", "json=report.json"]);
    let table = words(&text(&output.stdout));
    assert!(table.contains("(waived until 2026-12-23)"), "{}", text(&output.stdout));
    let report = desk.json("report.json");
    let resources = report["resources"].as_array().expect("resources");
    let table = resources.iter().find(|resource| resource["subject"]["id"] == TABLE).expect("the table");
    assert_eq!(table["from"][0]["recoverable"], "no");
    assert_eq!(table["from"][0]["blocked_by"][0]["waiver"]["reason"], "test data");
    let told = desk.run(&["why", TABLE, "snapshot.json"]);
    let story = words(&text(&told.stdout));
    assert!(
        story.contains("which is waived") && story.contains("(waived until 2026-12-23)") && story.contains("of them waived"),
        "{story}"
    );
    let told: Value = serde_json::from_slice(&desk.run(&["why", TABLE, "snapshot.json", "--format", "json"]).stdout).expect("JSON");
    let waived: Vec<&Value> =
        told["findings"].as_array().expect("findings").iter().filter(|finding| finding["waiver"].is_object()).collect();
    assert!(
        waived.iter().any(|finding| finding["rule"] == "coverage/resource-unprotected" && finding["waiver"]["expires"] == "2026-12-23")
    );
    assert!(waived.iter().all(|finding| finding["verdict"] == "fail"));
    let without = desk.run(&["why", TABLE, "snapshot.json", "--waivers", "/dev/null"]);
    assert!(!text(&without.stdout).contains("waived"), "{}", text(&without.stdout));
}

#[test]
fn waivers_are_listed_for_programs_as_the_report_has_them() {
    let desk = Desk::new();
    let list = |arguments: &[&str]| -> Value {
        let output = desk.run(&[&["waive", "list", "--format", "json"], arguments].concat());
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        serde_json::from_slice(&output.stdout).expect("JSON")
    };
    desk.run(&["audit", "snapshot.json", "--output", "json=report.json"]);
    let told = list(&["snapshot.json"]);
    assert_eq!((&told["schema"], &told["waivers"]), (&"backstop/waivers/1".into(), &desk.json("report.json")["waivers"]));
    assert_eq!(told["waivers"][0]["effect"], "used");
    let alone = list(&["--as-of", "2026-12-23"]);
    assert_eq!((&alone["waivers"][0]["status"], &alone["waivers"][0]["days_left"]), (&"lapsed".into(), &(-1).into()));
    assert!(alone["waivers"][0].get("effect").is_none() && alone["waivers"][0].get("findings").is_none(), "nothing was judged");
    std::fs::remove_file(desk.path("waivers.toml")).expect("removed");
    assert_eq!(list(&[])["waivers"].as_array().map(Vec::len), Some(0), "no file is an empty list");
}

#[test]
fn oscal_has_a_risk_of_its_own_for_what_is_accepted() {
    let desk = Desk::new();
    desk.run(&["audit", "snapshot.json", "--output", "oscal=x.json", "--output", "json=report.json"]);
    let document = desk.json("x.json");
    let result = &document["assessment-results"]["results"][0];
    let risks = result["risks"].as_array().expect("risks");
    let value = |risk: &Value, name: &str| -> String {
        let properties = risk["props"].as_array().expect("properties");
        let found = properties.iter().find(|property| property["name"] == name).map(|property| property["value"].clone());
        found.and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
    };
    let accepted: Vec<&Value> = risks.iter().filter(|risk| risk["status"] == "deviation-approved").collect();
    let rules: Vec<String> = accepted.iter().map(|risk| value(risk, "rule")).collect();
    assert_eq!(rules, ["coverage/resource-unprotected", "vault-lock/missing"]);
    let lock = accepted[1];
    let told = ["deviation-reason", "deviation-approver", "deviation-ticket", "deviation-expires"].map(|name| value(lock, name));
    assert_eq!(told, ["until the *move*", "A. Person", "OPS-12", "2026-12-22"]);
    assert_eq!(lock["deadline"], "2026-12-22T23:59:59Z");
    assert!(lock["statement"].as_str().expect("a text").contains("until the \\*move\\*"), "{lock}");
    assert!(risks.iter().any(|risk| risk["status"] == "open"));
    // Each failure belongs to one risk, and to the one that says how it stands.
    let report = desk.json("report.json");
    let mut failures: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in report["findings"].as_array().expect("findings").iter().filter(|finding| finding["verdict"] == "fail") {
        *failures.entry(if finding["waiver"].is_object() { "deviation-approved" } else { "open" }).or_default() += 1;
    }
    let mut observed: BTreeMap<&str, usize> = BTreeMap::new();
    for risk in risks {
        *observed.entry(risk["status"].as_str().expect("a status")).or_default() +=
            risk["related-observations"].as_array().map_or(0, Vec::len);
    }
    assert_eq!(observed, failures);
    let findings = result["findings"].as_array().expect("findings").iter();
    let named: Vec<&Value> = findings
        .filter(|finding| {
            finding["related-risks"].as_array().is_some_and(|risks| risks.iter().any(|risk| risk["risk-uuid"] == lock["uuid"]))
        })
        .collect();
    assert!(!named.is_empty() && named.iter().all(|finding| finding["target"]["status"]["state"] == "not-satisfied"), "{named:?}");
}

/// A bundle's files, by their paths.
fn files(bundle: &Path) -> Files {
    fn gather(root: &Path, directory: &Path, found: &mut Files) {
        for entry in std::fs::read_dir(directory).expect("a directory") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                gather(root, &path, found);
            } else {
                let name = path.strip_prefix(root).expect("below it").to_string_lossy().into_owned();
                found.insert(name, std::fs::read(&path).expect("a file"));
            }
        }
    }
    let mut found = Files::new();
    if bundle.is_dir() {
        gather(bundle, bundle, &mut found);
        return found;
    }
    unpack(&zstd::decode_all(std::fs::read(bundle).expect("an archive").as_slice()).expect("zstd")).expect("an archive")
}

#[test]
fn oscal_and_ocsf_point_into_the_bundle_of_the_same_run() {
    for (name, start) in [("my evidence", "my%20evidence/"), ("evidence.tar.zst", "evidence.tar.zst#")] {
        let desk = Desk::new();
        let place = desk.path(name).display().to_string();
        let bundle = format!("bundle={place}");
        desk.run(&["audit", "snapshot.json", "--output", "oscal=x.json", "--output", "ocsf=x.jsonl", "--output", &bundle]);
        assert_eq!(desk.run(&["verify", name]).status.code(), Some(0));
        let files = files(&desk.path(name));
        let document = desk.json("x.json");
        let resources = document["assessment-results"]["back-matter"]["resources"].as_array().expect("resources");
        let mut linked = Vec::new();
        for link in resources.iter().filter_map(|resource| resource["rlinks"].as_array()).flatten() {
            let path = link["href"].as_str().and_then(|href| href.strip_prefix(start)).unwrap_or_else(|| panic!("{link}"));
            assert_eq!(link["hashes"][0]["value"], sha256(&files[path]), "{link}");
            linked.push(path);
        }
        assert_eq!(linked, ["snapshot.json", "reports/report.json", "manifest.json"]);
        let observations = document["assessment-results"]["results"][0]["observations"].as_array().expect("observations");
        assert!(observations.iter().all(|observation| observation["relevant-evidence"].as_array().map(Vec::len) == Some(2)));
        let lines = desk.read("x.jsonl");
        let event: Value = serde_json::from_str(lines.lines().next().expect("an event")).expect("JSON");
        let file = &event["evidences"][0]["file"];
        assert_eq!(file["path"], format!("{start}reports/report.json"));
        assert_eq!(file["hashes"][0]["value"], sha256(&files["reports/report.json"]));
        let fingerprint = event["finding_info"]["uid"].as_str().expect("a fingerprint");
        assert!(text(&files["reports/report.json"]).contains(fingerprint));
        assert_eq!(event["unmapped"]["bundle"]["manifest_sha256"], sha256(&files["manifest.json"]));
        assert_eq!(event["unmapped"]["bundle"]["snapshot"][0]["sha256"], event["unmapped"]["snapshot_sha256"]);
        let folder = desk.0.path().display().to_string();
        assert!(!lines.contains(&folder) && !desk.read("x.json").contains(&folder), "names only");
    }
    let desk = Desk::new();
    desk.run(&["audit", "snapshot.json", "--output", "oscal=x.json", "--output", "ocsf=x.jsonl"]);
    assert!(!desk.read("x.json").contains("rlinks") && !desk.read("x.jsonl").contains("\"bundle\""), "without a bundle there is none");
}

/// Where the file lay is no business of those who read the bundle.
#[test]
fn a_bundle_does_not_tell_where_its_waivers_lay() {
    let (desk, elsewhere) = (Desk::new(), TempDir::new().expect("a directory"));
    let waivers = elsewhere.path().join("accepted.toml");
    std::fs::write(&waivers, WAIVERS).expect("written");
    let (path, place) = (waivers.to_string_lossy(), elsewhere.path().file_name().expect("a name").to_string_lossy().into_owned());
    desk.run(&["audit", "snapshot.json", "--waivers", &path, "--output", "bundle=bundle"]);
    let kept = files(&desk.path("bundle"));
    for (file, bytes) in &kept {
        assert!(!text(bytes).contains(&place), "{file} tells of {place}");
    }
    assert!(text(&kept["reports/report.json"]).contains("\"file\":\"accepted.toml\""));
    let verified = desk.run(&["verify", "bundle"]);
    assert!(text(&verified.stdout).contains("comes to the same reports"), "{}", text(&verified.stdout));
    std::fs::write(&waivers, "[[waiver]]\n").expect("written");
    let wrong = desk.run(&["audit", "snapshot.json", "--waivers", &path]);
    assert!(wrong.status.code() == Some(4) && text(&wrong.stderr).contains(&*path), "an error tells which file: {}", text(&wrong.stderr));
}

#[test]
fn within_a_repository_the_waivers_are_called_by_their_path_from_here() {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("infra")).expect("made");
    std::fs::create_dir(desk.path("policy")).expect("made");
    std::fs::rename(desk.path("waivers.toml"), desk.path("policy/waivers.toml")).expect("moved");
    let path = desk.path("policy/waivers.toml").canonicalize().expect("it is there");
    let output = desk.run_in("infra", &["audit", "../snapshot.json", "--waivers", &path.to_string_lossy(), "--output", "json=report.json"]);
    assert!(output.status.code().is_some_and(|code| code < 2), "{}", text(&output.stderr));
    assert_eq!(desk.json("infra/report.json")["waivers"][0]["file"], "../policy/waivers.toml");
}
