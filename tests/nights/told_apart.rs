//! `backstop diff`: what got worse between two nights, whichever way each side is given.

use std::process::{Command, Output};

use serde_json::{Value, json};

use crate::desk::*;

#[test]
fn a_difference_says_what_is_worse_first_whatever_its_sides_are() {
    let desk = Desk::new();
    let changed = desk.put("changed.json", &unlocked());
    let (was, is) = (desk.report("was.json", WORLD), desk.report("is.json", &changed));
    let told = |former: &str, latter: &str| -> (Output, Value) {
        let output = backstop(&["diff", former, latter, "--format", "json"]);
        let document = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", stderr(&output)));
        (output, document)
    };
    let (output, of_snapshots) = told(WORLD, &changed);
    assert_code(&output, 1);
    assert!(of_snapshots["weakened"].as_array().expect("a list").iter().any(|one| one["what"] == "lock_removed"));
    for (former, latter) in [(was.as_str(), is.as_str()), (&was, &changed), (WORLD, &is)] {
        let (output, told) = told(former, latter);
        assert_code(&output, 1);
        assert_eq!(told["changes"], of_snapshots["changes"], "{former} {latter}");
        assert!(told.get("weakened").is_none());
    }
    let (output, back) = told(&changed, WORLD);
    let turns = |document: &Value, turn: &str| {
        document["changes"].as_array().expect("changes").iter().filter(|change| change["change"] == turn).count()
    };
    // The lock's own faults went with the lock.
    let (gone, exempt) = (turns(&of_snapshots, "gone"), turns(&of_snapshots, "exempt"));
    assert!(exempt > 0, "{of_snapshots:#}");
    assert_eq!((turns(&of_snapshots, "new"), gone + exempt), (turns(&back, "gone") + turns(&back, "exempt"), turns(&back, "new")));
    assert_eq!(back["weakened"], json!([]), "{}", stdout(&output));
    let text = backstop(&["diff", WORLD, &changed]);
    let said = stdout(&text);
    assert!(said.starts_with("Worse than at ") && said.contains("The lock of vault"), "{said}");
    assert!(said.find("PROTECTS LESS").expect("it is told") < said.find("  NEW ").expect("it is told"), "{said}");
    assert_code(&backstop(&["diff", WORLD, &was]), 0);
}

#[test]
fn lines_keep_to_a_narrow_terminal_and_stay_whole_in_a_pipe() {
    let desk = Desk::new();
    let blind = desk.put("blind.json", &blind());
    let whole = stdout(&backstop(&["diff", WORLD, &blind]));
    let mut narrow = Command::new(env!("CARGO_BIN_EXE_backstop"));
    let narrow = stdout(&narrow.args(["diff", WORLD, &blind]).env_clear().env("COLUMNS", "60").output().expect("it runs"));
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(words(&whole), words(&narrow));
    assert!(whole.lines().next().is_some_and(|line| line.ends_with('.') && line.len() > 60), "{whole}");
    for line in narrow.lines().filter(|line| line.chars().count() > 60) {
        let word = line.trim_start().rsplit_once("  ").map_or(line.trim_start(), |(_, word)| word);
        assert!(!word.contains(' '), "a line that could have been broken: {line}");
    }
}

/// What nobody can see any more is worse, and never gone.
#[test]
fn a_difference_with_a_blind_night_is_worse_and_mends_nothing_that_it_cannot_see() {
    let desk = Desk::new();
    let blind = desk.put("blind.json", &blind());
    let output = backstop(&["diff", WORLD, &blind, "--format", "json"]);
    assert_code(&output, 1);
    let told: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let changes = told["changes"].as_array().expect("changes");
    assert!(changes.iter().any(|change| change["change"] == "blind"));
    let gone: Vec<&Value> = changes
        .iter()
        .filter(|change| change["change"] == "gone" && change["rule"].as_str().is_some_and(|rule| rule.starts_with("vault-")))
        .collect();
    assert!(gone.is_empty(), "{gone:?}");
    assert_eq!(told["weakened"], json!([]), "a vault that was not listed is not gone");
    // A Region that nobody looked into any more.
    let mut elsewhere = world();
    let left = elsewhere["Units"].as_array_mut().expect("units").remove(0);
    let elsewhere = desk.put("elsewhere.json", &elsewhere);
    let output = backstop(&["diff", WORLD, &elsewhere, "--format", "json"]);
    assert_code(&output, 1);
    let told: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert!(told["summary"].as_str().expect("a text").contains("Nobody looked into "), "{}", told["summary"]);
    for change in told["changes"].as_array().expect("changes").iter().filter(|change| change["change"] == "gone") {
        assert_ne!(change["subject"]["region"], left["Region"], "{change}");
    }
}

#[test]
fn a_rule_that_is_switched_off_mends_nothing() {
    let desk = Desk::new();
    let report = desk.report("was.json", WORLD);
    let document: Value = serde_json::from_slice(&std::fs::read(&report).expect("the report")).expect("JSON");
    let failing = document["findings"].as_array().expect("findings").iter().find(|finding| finding["verdict"] == "fail").expect("one");
    let rule = failing["rule"].as_str().expect("a rule").to_owned();
    let config = desk.path("backstop.toml");
    std::fs::write(&config, format!("[rules.\"{rule}\"]\nenabled = false\n")).expect("written");
    let output = backstop(&["diff", &report, WORLD, "--config", &config]);
    assert_code(&output, 1);
    assert!(
        stdout(&output).contains(&format!("Rule {rule} is no longer judged.")) && stdout(&output).contains("NOT JUDGED"),
        "{}",
        stdout(&output)
    );
}

#[test]
fn a_waiver_is_told_when_it_comes_and_when_it_goes() {
    let desk = Desk::new();
    let was = desk.report("was.json", WORLD);
    let mut document: Value = serde_json::from_slice(&std::fs::read(&was).expect("the report")).expect("JSON");
    let findings = document["findings"].as_array_mut().expect("findings");
    let failing = findings.iter_mut().find(|finding| finding["verdict"] == "fail").expect("one");
    failing["waiver"] = json!({"reason": "moving", "expires": "2027-01-01"});
    let waived = desk.put("waived.json", &document);
    let output = backstop(&["diff", &was, &waived]);
    assert_code(&output, 0);
    assert!(stdout(&output).contains("1 finding newly waived") && stdout(&output).contains("  WAIVED "), "{}", stdout(&output));
    let output = backstop(&["diff", &waived, &was]);
    assert_code(&output, 1);
    assert!(stdout(&output).contains("1 new finding"), "{}", stdout(&output));
    assert_code(&backstop(&["audit", WORLD, "--baseline", &waived]), 1);
}

#[test]
fn snapshots_are_told_apart_with_the_waivers_in_force() {
    let desk = Desk::new();
    let was = desk.report("was.json", WORLD);
    let waivers = desk.text("accepted.toml", WAIVER);
    let output = backstop(&["diff", &was, WORLD, "--waivers", &waivers]);
    assert_code(&output, 0);
    assert!(stdout(&output).contains("1 finding newly waived"), "{}", stdout(&output));
    let output = backstop(&["diff", WORLD, WORLD, "--waivers", &waivers]);
    assert_code(&output, 0);
    assert!(!stdout(&output).contains("waived"), "{}", stdout(&output));
}

#[test]
fn sides_that_are_neither_are_errors_with_their_names() {
    let desk = Desk::new();
    let other = desk.put("other.json", &json!({"schema": "other/1"}));
    let none = desk.put("none.json", &json!([]));
    for (path, code) in [(other, 4), (none, 4), (desk.path("nowhere.json"), 2)] {
        let output = backstop(&["diff", WORLD, &path]);
        assert_code(&output, code);
        assert!(stderr(&output).contains(&path) && stderr(&output).contains("help: "), "{}", stderr(&output));
    }
}
