//! `backstop sarif check`: what GitHub would refuse or drop is told, with its place; what is fine is not.

#[path = "sarif_check/mutations.rs"]
mod mutations;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use mutations::{RESULT, fine, mutations};
use serde_json::{Value, json};
use tempfile::TempDir;

fn backstop(arguments: &[&str]) -> Output {
    command(arguments).output().unwrap()
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_backstop"));
    command.args(arguments).env_clear().env("AWS_EC2_METADATA_DISABLED", "true").env("HOME", "/nonexistent");
    command
}

fn said(output: &Output) -> String {
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(!said.contains("panicked"), "{said}");
    said
}

/// The check's answer to a document, and the exit code.
fn checked(document: &str) -> (Value, i32) {
    let mut child = command(&["sarif", "check", "-", "--format", "json"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(document.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    (serde_json::from_slice(&output.stdout).unwrap_or_default(), output.status.code().unwrap())
}

/// `check`, the first place's pointer, and what is found there, of each fault.
fn faults(document: &Value) -> (Vec<(String, String, String)>, i32) {
    let (told, code) = checked(&document.to_string());
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let fault = |fault: &Value| (text(&fault["check"]), text(&fault["places"][0]["pointer"]), text(&fault["places"][0]["found"]));
    (told["files"][0]["faults"].as_array().unwrap_or_else(|| panic!("{told}")).iter().map(fault).collect(), code)
}

#[test]
fn a_file_that_github_takes_is_told_to_be_fine() {
    assert_eq!(faults(&fine()), (vec![], 0));
}

/// The document with something else at a pointer, or nothing.
fn mutated(at: &str, to: &Value) -> Value {
    let mut document = fine();
    let (parent, name) = at.rsplit_once('/').unwrap();
    let parent = document.pointer_mut(parent).unwrap_or_else(|| panic!("nothing is at {at}"));
    match parent {
        Value::Array(list) => list[name.parse::<usize>().unwrap()] = to.clone(),
        _ if to.is_null() => drop(parent.as_object_mut().unwrap().remove(name)),
        _ => parent[name] = to.clone(),
    }
    document
}

#[test]
fn each_fault_is_told_with_its_place_and_with_what_github_does() {
    for (at, to, check, pointer, refused) in mutations() {
        let (told, code) = faults(&mutated(at, &to));
        let shown = to.to_string().chars().take(60).collect::<String>();
        let found = told.iter().find(|(told, _, _)| told == check);
        let (_, there, _) = found.unwrap_or_else(|| panic!("{at} = {shown}: {check} is not told, but {told:?}"));
        assert_eq!(there, pointer, "{at} = {shown}");
        assert_eq!(code, i32::from(refused), "{at} = {shown}: {told:?}");
    }
}

#[test]
fn rules_and_results_are_held_against_each_other_wherever_they_stand() {
    // The rules come after the results that name them.
    let mut document = fine();
    let run = document["runs"][0].as_object_mut().unwrap();
    let tool = run.remove("tool").unwrap();
    run.insert("tool".to_owned(), tool);
    assert_eq!(faults(&document), (vec![], 0));
    document["runs"][0]["results"][0]["ruleIndex"] = Value::Null;
    document["runs"][0]["results"][0].as_object_mut().unwrap().remove("ruleIndex");
    document["runs"][0]["results"][0]["ruleId"] = json!("a/rule/below");
    assert_eq!(faults(&document), (vec![], 0), "a rule below one that is listed");
    document["runs"][0]["results"][0]["ruleId"] = json!("another");
    assert_eq!(faults(&document).0[0], ("rule-not-listed".to_owned(), RESULT.to_owned(), "'another'".to_owned()));
    document["runs"][0]["tool"]["extensions"] =
        json!([{ "name": "more", "rules": [document["runs"][0]["tool"]["driver"]["rules"][0].clone()] }]);
    document["runs"][0]["tool"]["extensions"][0]["rules"][0]["id"] = json!("another");
    assert_eq!(faults(&document), (vec![], 0), "a rule of an extension");
    document["runs"][0]["results"][0].as_object_mut().unwrap().remove("ruleId");
    assert_eq!(faults(&document).0[0].0, "no-rule");
}

#[test]
fn what_makes_one_alert_of_two_or_one_category_of_two_is_told() {
    let mut document = fine();
    let twin = document["runs"][0]["results"][0].clone();
    document["runs"][0]["results"].as_array_mut().unwrap().push(twin);
    let (told, code) = faults(&document);
    assert_eq!((told[0].0.as_str(), told[0].1.as_str(), code), ("same-alert", "/runs/0/results/1", 0));
    let mut document = fine();
    let mut twin = document["runs"][0].clone();
    twin["automationDetails"]["id"] = json!("tool/part/2");
    document["runs"].as_array_mut().unwrap().push(twin);
    let (told, code) = faults(&document);
    assert_eq!((told[0].0.as_str(), told[0].1.as_str(), code), ("same-category", "/runs/1", 1));
    document["runs"][1]["automationDetails"]["id"] = json!("tool/other/2");
    assert_eq!(faults(&document), (vec![], 0));
}

#[test]
fn more_runs_results_and_rules_than_github_takes_are_counted() {
    let with = |count: usize, list: &str, make: &dyn Fn(usize) -> Value| {
        let mut document = fine();
        *document.pointer_mut(list).unwrap() = Value::Array((0..count).map(make).collect());
        let (told, code) = faults(&document);
        (told.into_iter().map(|(check, _, _)| check).collect::<Vec<_>>(), code)
    };
    let result = |at: usize| {
        let mut result = json!({ "ruleId": "a/rule", "message": { "text": "Wrong." } });
        result["locations"] = fine()["runs"][0]["results"][0]["locations"].clone();
        result["partialFingerprints"]["primaryLocationLineHash"] = json!(format!("{at:016x}:1"));
        result
    };
    let run = |at: usize| {
        let mut run = fine()["runs"][0].clone();
        run["automationDetails"]["id"] = json!(format!("tool/{at}/"));
        run
    };
    let rule = |at: usize| {
        let id = if at == 0 { "a/rule".to_owned() } else { format!("rule-{at}") };
        let text = json!({ "text": "Text." });
        json!({ "id": id, "shortDescription": text, "fullDescription": text, "help": text })
    };
    assert_eq!(with(20, "/runs", &run), (vec![], 0));
    assert_eq!(with(21, "/runs", &run), (vec!["too-many-runs".to_owned()], 1));
    assert_eq!(with(5_000, "/runs/0/results", &result), (vec![], 0));
    assert_eq!(with(5_001, "/runs/0/results", &result), (vec!["results-not-shown".to_owned()], 0));
    assert_eq!(with(25_001, "/runs/0/results", &result), (vec!["too-many-results".to_owned()], 1));
    assert_eq!(with(25_000, "/runs/0/tool/driver/rules", &rule), (vec![], 0));
    assert_eq!(with(25_001, "/runs/0/tool/driver/rules", &rule), (vec!["too-many-rules".to_owned()], 1));
}

#[test]
fn a_file_that_is_no_sarif_is_told_by_line_and_column() {
    let directory = TempDir::new().unwrap();
    let fine = serde_json::to_string_pretty(&fine()).unwrap();
    let mut not_utf8 = fine.replace("Something", "ae").into_bytes();
    let at = not_utf8.windows(3).position(|window| window == b"ae ").unwrap();
    not_utf8[at] = 0xe4;
    let line = fine.lines().position(|line| line.contains("Something")).unwrap() + 1;
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(fine.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let cases: Vec<(&str, Vec<u8>, String)> = vec![
        ("empty", vec![], "it is empty".to_owned()),
        ("cut", fine.as_bytes()[..fine.len() / 2].to_vec(), format!("line {} column", fine[..fine.len() / 2].lines().count())),
        ("after", format!("{fine}\n{{}}").into_bytes(), format!("trailing characters at line {} column 1", fine.lines().count() + 1)),
        ("latin", not_utf8, format!("not UTF-8 at line {line} column ")),
        ("half", b"{\"version\": \"\xc3".to_vec(), "not UTF-8 at line 1 column 14".to_owned()),
        ("wide", utf16, "UTF-16".to_owned()),
        ("zipped", vec![0x1f, 0x8b, 8, 0], "gzip".to_owned()),
        ("list", b"[]".to_vec(), "neither 'version' nor 'runs'".to_owned()),
        ("number", b"1".to_vec(), "neither 'version' nor 'runs'".to_owned()),
        ("other", br#"{"results": []}"#.to_vec(), "neither 'version' nor 'runs'".to_owned()),
    ];
    for (name, bytes, says) in cases {
        let path = directory.path().join(name);
        fs::write(&path, bytes).unwrap();
        let output = backstop(&["sarif", "check", path.to_str().unwrap()]);
        let text = said(&output);
        assert_eq!(output.status.code(), Some(4), "{name}: {text}");
        assert!(text.contains(&says) && text.contains("help: ") && text.contains(name), "{name}: {text}");
        assert!(output.stdout.is_empty(), "{name}");
    }
    let missing = backstop(&["sarif", "check", "nowhere.sarif"]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(said(&missing).contains("nowhere.sarif"));
    assert_eq!(backstop(&["sarif", "check", "src"]).status.code(), Some(2), "a directory");
}

#[test]
fn a_byte_order_mark_is_refused_and_the_rest_is_checked_all_the_same() {
    let mut document = fine();
    document["runs"][0]["results"][0]["level"] = json!("high");
    let (told, code) = checked(&format!("\u{feff}{document}"));
    let checks: Vec<&str> = told["files"][0]["faults"].as_array().unwrap().iter().map(|fault| fault["check"].as_str().unwrap()).collect();
    assert_eq!((checks, code), (vec!["byte-order-mark", "level"], 1));
}

#[test]
fn what_nests_without_end_overflows_nothing() {
    let deep = "[".repeat(400_000) + &"]".repeat(400_000);
    let document =
        fine().to_string().replacen("\"properties\":{\"anything\"", &format!("\"properties\":{{\"deep\":{deep},\"anything\""), 1);
    assert!(document.contains("deep"));
    assert_eq!(checked(&document).1, 0);
    // Also where something else is meant, and what is not.
    let wrong = fine().to_string().replacen("\"level\":\"error\",\"kind\"", &format!("\"level\":{deep},\"kind\""), 1);
    assert!(wrong.contains("[[["));
    assert_eq!(checked(&wrong).1, 1);
    let cut = "{\"runs\":[".to_owned() + &"{\"tool\":".repeat(200_000);
    assert_eq!(checked(&cut).1, 4);
}

#[test]
fn the_size_is_that_of_the_file_once_gzip_has_compressed_it() {
    // What does not compress: six bits of a generator in each byte.
    let mut state = 1_u64;
    let noise: String = (0..400_000)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            char::from(b'0' + u8::try_from(state >> 58).unwrap())
        })
        .filter(|c| *c != '\\')
        .collect();
    let size = |noise: &str| {
        let mut document = fine();
        document["runs"][0]["properties"] = json!({ "noise": noise });
        let (told, code) = checked(&document.to_string());
        assert_eq!((&told["files"][0]["faults"], code), (&json!([]), 0));
        told["files"][0]["compressed_bytes"].as_f64().unwrap()
    };
    let share = size(&noise) / noise.len() as f64;
    assert!((0.74..0.78).contains(&share), "six bits in eight: {share}");
    assert!(size(&"0".repeat(noise.len())) < 5_000.0);
}

#[test]
fn what_sarif_github_writes_is_fine_and_what_sarif_writes_is_told_to_be_for_viewers() {
    let directory = TempDir::new().unwrap();
    for name in ["clean", "menagerie", "tattoo_directory_prod"] {
        let [github, complete] = ["github", "complete"].map(|kind| directory.path().join(format!("{name}.{kind}.sarif")));
        let world = format!("fixtures/{name}.json");
        let outputs = [format!("sarif-github={}", github.display()), format!("sarif={}", complete.display())];
        let config = format!("fixtures/{name}.toml");
        let mut arguments = vec!["audit", &world, "--output", &outputs[0], "--output", &outputs[1]];
        if Path::new(&config).exists() {
            arguments.extend(["--config", &config]);
        }
        backstop(&arguments);
        let output = backstop(&["sarif", "check", github.to_str().unwrap(), "--format", "json"]);
        let told: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((&told["files"][0]["faults"], output.status.code()), (&json!([]), Some(0)), "{name}");
        let output = backstop(&["sarif", "check", complete.to_str().unwrap()]);
        assert!(said(&output).contains("warning not-a-failure: "), "{name}: {}", said(&output));
    }
}

#[test]
fn files_that_share_a_category_are_told_and_one_broken_file_hides_no_other() {
    let directory = TempDir::new().unwrap();
    let path = |name: &str, text: &str| {
        let path = directory.path().join(name);
        fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let mut document = fine();
    let [one, two] = ["one.sarif", "two.sarif"].map(|name| path(name, &document.to_string()));
    let output = backstop(&["sarif", "check", &one, &two]);
    assert_eq!(output.status.code(), Some(0));
    assert!(said(&output).contains("have the category 'tool/part' of Tool in common"), "{}", said(&output));
    document["runs"][0]["results"][0]["locations"] = json!([]);
    let (bad, cut) = (path("bad.sarif", &document.to_string()), path("cut.sarif", "{"));
    let output = backstop(&["sarif", "check", &cut, &bad]);
    assert_eq!(output.status.code(), Some(4));
    assert!(said(&output).contains("error no-location: ") && said(&output).contains("cut.sarif' is not JSON"), "{}", said(&output));
}

#[test]
fn what_a_file_says_steers_no_terminal() {
    let mut document = fine();
    document["runs"][0]["results"][0]["level"] = json!("\u{1b}[31mhigh\u{202e}");
    let mut child = command(&["sarif", "check", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(document.to_string().as_bytes()).unwrap();
    let text = said(&child.wait_with_output().unwrap());
    assert!(text.contains("\u{fffd}[31mhigh\u{fffd}") && !text.contains('\u{1b}'), "{text}");
}
