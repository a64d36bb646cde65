//! What a command of a guide ends with and leaves behind, in the account that answers here.

use regex::Regex;

use super::block::Block;

/// Where it is not the verb's own: the guide, a part of the command, the exit code.
const CODES: &[(&str, &str, i32)] = &[
    // Nothing is new against a report of the same account.
    ("docs/ci-gate.md", "--baseline base.json --fail-on new:medium", 0),
    // As it was.
    ("examples/workflows/terraform-pull-request.yml", "--baseline", 0),
];

/// The account has findings at every level, and nothing in it is unseen.
pub fn code(document: &str, call: &str) -> i32 {
    if let Some((_, _, code)) = CODES.iter().find(|(of, part, _)| *of == document && call.contains(part)) {
        return *code;
    }
    match call.split(' ').next() {
        Some("audit" | "diff") => 1,
        Some("spec") => 1,
        _ => 0,
    }
}

/// The files that a call writes, by its own words.
pub fn files(words: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for pair in words.windows(2) {
        let [flag, value] = pair else { continue };
        if ["-o", "--output", "--history"].contains(&flag.as_str()) {
            let path = value.split_once('=').map_or(value.as_str(), |(_, path)| path);
            if path != "-" && !path.starts_with("s3://") {
                found.push(path.to_owned());
            }
        }
    }
    found
}

/// The shell commands in a pipeline's file: what stands under `script` and `run`, and what Jenkins' `sh` is given.
pub fn scripts(block: &Block) -> String {
    if block.language == "groovy" {
        let step = Regex::new(r"(?s)\bsh\b[^'\n]*'(?:''(.*?)''|([^'\n]*))'").expect("a pattern");
        let commands = step.captures_iter(&block.text).map(|found| {
            let text = found.get(1).or(found.get(2)).expect("one of them").as_str();
            text.lines().map(str::trim).collect::<Vec<_>>().join("\n") + "\n"
        });
        return commands.collect();
    }
    let document: serde_json::Value =
        serde_saphyr::from_str(&block.text).unwrap_or_else(|error| panic!("{}: no YAML: {error}", block.place()));
    let mut commands = String::new();
    gather(&document, &mut commands);
    commands
}

fn gather(value: &serde_json::Value, commands: &mut String) {
    match value {
        serde_json::Value::Object(members) => {
            for (name, member) in members {
                match member {
                    serde_json::Value::String(lines) if name == "run" => commands.push_str(lines),
                    serde_json::Value::Array(lines) if name == "script" => {
                        for line in lines {
                            commands.push_str(line.as_str().expect("a command"));
                            commands.push('\n');
                        }
                    }
                    _ => gather(member, commands),
                }
            }
        }
        serde_json::Value::Array(items) => items.iter().for_each(|item| gather(item, commands)),
        _ => {}
    }
}
