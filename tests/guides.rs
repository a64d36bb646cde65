//! The guides do what they say: every command of README.md and docs/*.md is run, and what is shown of its output is what it prints.

#[path = "guides/account.rs"]
mod account;
#[path = "guides/block.rs"]
mod block;
#[allow(dead_code)]
#[path = "nights/desk.rs"]
mod desk;
#[path = "guides/expected.rs"]
mod expected;
#[path = "guides/left_out.rs"]
mod left_out;
#[path = "guides/links.rs"]
mod links;
#[path = "guides/scene.rs"]
mod scene;
mod server;
#[path = "guides/spans.rs"]
mod spans;
#[path = "guides/stand_ins.rs"]
mod stand_ins;
#[allow(dead_code)]
#[path = "bucket/store.rs"]
mod store;
#[path = "guides/supplies.rs"]
mod supplies;

use std::collections::BTreeSet;
use std::path::Path;

use regex::Regex;

use block::{Block, blocks, documents};
use scene::{Outcome, Scene};
use server::faults::{Fault, Kind};
use server::http;

/// What is wrong with what a block did.
fn faults(scene: &Scene, block: &Block, outcome: &Outcome) -> Vec<String> {
    let mut faults = Vec::new();
    let stderr = String::from_utf8_lossy(&outcome.output.stderr);
    let mut fault = |text: String| faults.push(format!("{}: {text}", block.place()));
    if !outcome.is_whole {
        fault(format!("it ended early with {:?}: {stderr}", outcome.output.status.code()));
    }
    if stderr.contains("panicked") || stderr.contains("command not found") || stderr.contains("syntax error") {
        fault(stderr.clone().into_owned());
    }
    for command in &outcome.failed {
        // Ours are looked at below, with what they may end with.
        if !command.starts_with("backstop ") && !command.starts_with("cargo run ") && !command.starts_with('$') {
            fault(format!("'{command}' failed: {stderr}"));
        }
    }
    let wanted = block.text.lines().filter(|line| line.trim_start().starts_with("backstop ")).count();
    if outcome.calls.len() < wanted {
        fault(format!("{wanted} lines call backstop, which was called {} times", outcome.calls.len()));
    }
    for call in &outcome.calls {
        let code = expected::code(&block.document, &call.line());
        if call.code != code {
            fault(format!("'backstop {}' ended with {} instead of {code}: {stderr}", call.line(), call.code));
        }
        for path in expected::files(&call.words) {
            let path = scene.path(&path);
            let is_there = path.is_dir() || std::fs::metadata(&path).is_ok_and(|file| file.len() > 0);
            if !is_there {
                fault(format!("'backstop {}' did not write '{}'", call.line(), path.display()));
            }
        }
    }
    faults
}

/// A block that shows what its command prints: the command after `$ `, and what stands on stdout, or on stderr, from there on.
fn shown(scene: &Scene, block: &Block) -> Vec<String> {
    let mut faults = Vec::new();
    let mut parts = block.text.split("$ ").skip(1).peekable();
    assert!(block.text.starts_with("$ ") && parts.peek().is_some(), "{}: a console block begins with '$ '", block.place());
    for part in parts {
        let (command, shown) = part.split_once('\n').expect("a line");
        let outcome = scene.run(block, &format!("{command}\n"));
        let stdout = String::from_utf8_lossy(&outcome.output.stdout);
        let stderr = String::from_utf8_lossy(&outcome.output.stderr);
        // Three dots on a line stand for what is left out.
        let mut rest: &str = &if stdout.is_empty() { stderr } else { stdout };
        for passage in format!("{shown}\n").split("...\n").map(str::trim_end).filter(|passage| !passage.is_empty()) {
            match rest.split_once(passage) {
                Some((_, after)) => rest = after,
                None => faults.push(format!("{}: '{command}' does not print\n{passage}\nbut\n{rest}", block.place())),
            }
        }
    }
    faults
}

/// A configuration or a waivers file that the program takes.
fn accepted(scene: &Scene, block: &Block) -> Option<String> {
    let path = scene.path("pasted.toml");
    std::fs::write(&path, &block.text).expect("written");
    let kind = if block.text.contains("[[waiver]]") { "--waivers" } else { "--config" };
    let outcome = scene.run(block, &format!("backstop audit --demo {kind} pasted.toml\n"));
    let code = outcome.calls.first().map(|call| call.code);
    let said = String::from_utf8_lossy(&outcome.output.stderr);
    (code != Some(1)).then(|| format!("{}: an audit with it ends with {code:?}: {said}", block.place()))
}

/// What a run prints whose calls were refused.
fn printed(block: &Block) -> Option<String> {
    if !block.text.contains(" calls in ") {
        return Some(format!("{}: nothing tells what prints this; show it in a 'console' block, below its command", block.place()));
    }
    let scene = Scene::of(account::serve(vec![Fault::new("GetKeyRotationStatus", Kind::Denied)]));
    let outcome = scene.run(block, "backstop collect --region us-east-1 --region us-west-2 -o refused.json\n");
    let said = String::from_utf8_lossy(&outcome.output.stderr);
    (!said.contains(block.text.trim_end())).then(|| format!("{}: what is printed is\n{said}", block.place()))
}

fn walk(path: &Path) -> (Vec<String>, Vec<String>) {
    let scene = Scene::of(account::serve(vec![]));
    let mut found = Vec::new();
    for mut block in blocks(path) {
        if block.language == "sh" {
            block.text = left_out::without(&block);
        }
        match block.language.as_str() {
            "sh" => found.extend(faults(&scene, &block, &scene.run(&block, &block.text))),
            "console" => found.extend(shown(&scene, &block)),
            "yaml" | "groovy" => {
                let commands = expected::scripts(&block);
                if !commands.is_empty() {
                    found.extend(faults(&scene, &block, &scene.run(&block, &commands)));
                }
            }
            "json" => {
                let parsed = serde_json::from_str::<serde_json::Value>(&block.text);
                found.extend(parsed.err().map(|error| format!("{}: no JSON: {error}", block.place())));
            }
            "toml" => found.extend(accepted(&scene, &block)),
            "text" => found.extend(printed(&block)),
            other => found.push(format!("{}: no test knows blocks of '{other}'; commands stand in 'sh'", block.place())),
        }
    }
    (found, scene.stand_ins())
}

#[test]
fn what_the_sentences_call_a_command_or_a_flag_is_one() {
    let mut faults = Vec::new();
    for path in documents() {
        for (line, span) in block::spans(&path) {
            faults.extend(spans::lacking(&span).map(|fault| format!("{}:{line}: {fault}: {span}", path.display())));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn what_is_left_out_is_still_there() {
    for one in left_out::LEFT_OUT {
        let text = std::fs::read_to_string(one.document).expect("a guide");
        let (part, document, because) = (one.part, one.document, one.because);
        assert!(text.contains(part), "{document} has no '{part}' any more, which is left out because {because}");
    }
}

#[test]
fn links_between_pages_lead_somewhere() {
    let pages = documents().into_iter().chain(["ARCHITECTURE.md", "CONTRIBUTING.md"].map(Into::into));
    let broken: Vec<String> = pages.flat_map(|page| links::broken(&page)).collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// What stands in the files that people copy, with what their runners put in place of the variables.
#[test]
fn the_commands_of_the_examples_do_what_they_say() {
    let words = Regex::new(r"(?m)^\s*(?:- )?(?:args|Command): \[(.*)\]$").expect("a pattern");
    let arguments = Regex::new(r"(?m)^\s*arguments: (.*)$").expect("a pattern");
    let scene = Scene::of(account::serve(vec![]));
    scene.make(&["audit", "--terraform", &scene.root_before(), "--output", "json=base.json"]);
    let mut found = Vec::new();
    for (path, pattern, verb, count) in [
        ("examples/kubernetes/cronjob.yaml", &words, "", 2),
        ("examples/ecs/nightly.yaml", &words, "", 1),
        ("examples/workflows/gate.yml", &arguments, "audit ", 1),
        ("examples/workflows/nightly.yml", &arguments, "audit ", 1),
        ("examples/workflows/code-scanning.yml", &arguments, "audit ", 1),
        ("examples/workflows/terraform-pull-request.yml", &arguments, "audit ", 1),
    ] {
        let text = std::fs::read_to_string(path).expect("the example");
        let in_place = |line: &str| {
            let line = if verb.is_empty() { line.replace(',', " ") } else { line.to_owned() };
            let line = line.replace("/nights/$(NIGHT)", "nights/one").replace("/nights/", "nights/");
            line.replace("${{ env.ROOT }}", "environments/prod").replace("${{ runner.temp }}", ".")
        };
        let lines: Vec<String> = pattern.captures_iter(&text).map(|line| format!("backstop {verb}{}\n", in_place(&line[1]))).collect();
        assert_eq!(lines.len(), count, "{path}");
        let block = Block { document: path.to_owned(), line: 1, language: "sh".to_owned(), text: lines.concat() };
        std::fs::create_dir_all(scene.path("nights")).expect("made");
        found.extend(faults(&scene, &block, &scene.run(&block, &block.text)));
    }
    assert!(found.is_empty(), "{}", found.join("\n\n"));
}

#[test]
fn every_command_of_every_guide_does_what_the_guide_says() {
    let paths = documents();
    let walked: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = paths.iter().map(|path| scope.spawn(move || walk(path))).collect();
        threads.into_iter().map(|thread| thread.join().expect("it was walked")).collect()
    });
    let faults: Vec<&str> = walked.iter().flat_map(|(faults, _)| faults).map(String::as_str).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
    let called: BTreeSet<&str> = walked.iter().flat_map(|(_, called)| called).map(String::as_str).collect();
    for stand_in in stand_ins::STAND_INS {
        let (program, because) = (stand_in.program, stand_in.because);
        assert!(called.contains(program), "no guide calls '{program}' any more, for which there is a stand-in because {because}");
    }
}
