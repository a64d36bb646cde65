//! The rules of the house: which room may enter which, what stays in its room, and what a file looks like.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// What each room may use of ours. `exit` is a table that everybody may look at; `plain` is what is done to any text; `cli` is what `cmd` and `term` are told.
const ARROWS: [(&str, &[&str]); 17] = [
    ("snapshot", &[]),
    ("policy", &[]),
    ("exit", &[]),
    ("plain", &[]),
    ("code_scanning", &["plain"]),
    ("collect", &["plain", "snapshot"]),
    ("evidence", &["snapshot"]),
    ("terraform", &["snapshot"]),
    ("facts", &["snapshot"]),
    ("audit", &["facts", "policy", "snapshot", "exit"]),
    ("spec", &["facts", "policy"]),
    ("report", &["audit", "code_scanning", "facts", "plain", "policy", "snapshot", "exit", "spec"]),
    ("config", &["audit", "plain", "policy"]),
    ("cli", &["exit", "policy", "snapshot"]),
    ("term", &["cli", "collect", "report"]),
    ("error", &["code_scanning", "collect", "config", "exit", "policy", "snapshot", "terraform"]),
    (
        "cmd",
        &[
            "audit",
            "cli",
            "code_scanning",
            "collect",
            "config",
            "error",
            "evidence",
            "exit",
            "facts",
            "policy",
            "report",
            "snapshot",
            "spec",
            "term",
            "terraform",
        ],
    ),
];

/// What may be named in one room only.
const AT_HOME: [(&str, &[&str]); 7] = [
    ("aws_", &["collect"]),
    ("object_store", &["collect"]),
    ("regorus::", &["policy"]),
    ("is_terminal", &["term"]),
    ("terminal_size", &["term"]),
    ("indicatif", &["term"]),
    ("serde_sarif", &["report"]),
];

/// The clock may be read where a run starts, and where a call to AWS is written down.
const CLOCK: [&str; 2] = ["Utc::now", "SystemTime::now"];

fn sources() -> BTreeMap<PathBuf, String> {
    fn gather(directory: &Path, found: &mut BTreeMap<PathBuf, String>) {
        for entry in fs::read_dir(directory).expect("src can be read") {
            let path = entry.expect("src can be read").path();
            if path.is_dir() {
                gather(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).expect("a source is text");
                found.insert(path.strip_prefix("src").expect("below src").to_owned(), text);
            }
        }
    }
    let mut found = BTreeMap::new();
    gather(Path::new("src"), &mut found);
    assert!(found.len() > 40, "the sources were not found");
    found
}

fn room(path: &Path) -> String {
    let first = path.components().next().expect("a path has a first part").as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

#[test]
fn rooms_use_only_the_rooms_that_the_arrows_lead_to() {
    let mut faults = Vec::new();
    for (path, text) in sources() {
        let room = room(&path);
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == room) else { continue };
        for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
            for used in line.match_indices("crate::").map(|(start, _)| &line[start + 7..]) {
                let name: String = used.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                if !name.is_empty() && name != room && !allowed.contains(&name.as_str()) {
                    faults.push(format!("src/{}:{}: {room} uses {name}", path.display(), at + 1));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn what_belongs_in_one_room_stays_there() {
    let mut faults = Vec::new();
    for (path, text) in sources() {
        let room = room(&path);
        let code: Vec<(usize, &str)> = text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")).collect();
        for (needle, homes) in AT_HOME {
            let strays = code.iter().filter(|(_, line)| line.contains(needle) && !homes.contains(&room.as_str()));
            // `aws_partition` and the like are names of ours.
            let strays = strays.filter(|(_, line)| {
                needle != "aws_" || line.contains("aws_sdk") || line.contains("aws_config") || line.contains("aws_smithy")
            });
            faults.extend(strays.map(|(at, _)| format!("src/{}:{}: '{needle}' outside of {homes:?}", path.display(), at + 1)));
        }
        for clock in CLOCK.iter().filter(|_| !["cmd", "collect"].contains(&room.as_str())) {
            let strays = code.iter().filter(|(_, line)| line.contains(clock));
            faults.extend(strays.map(|(at, _)| format!("src/{}:{}: the clock is read outside of cmd and collect", path.display(), at + 1)));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_file_says_what_belongs_in_it_and_none_is_over_400_lines() {
    let mut faults = Vec::new();
    for (path, text) in sources() {
        if !text.starts_with("//!") {
            faults.push(format!("src/{} does not open with '//!'", path.display()));
        }
        let lines = text.lines().count();
        if lines > 400 {
            faults.push(format!("src/{} has {lines} lines", path.display()));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_entry_point_stays_a_table_of_contents() {
    assert!(sources()[Path::new("main.rs")].lines().count() < 40);
}
