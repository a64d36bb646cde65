//! The help: verbs by the task that a person has, and examples that can be typed.

use std::process::Command as Process;

use backstop::cli::{self, GROUPS};
use clap::Command;

/// Every command with its path: `audit`, `rules explain`.
fn commands() -> Vec<(Vec<String>, Command)> {
    fn gather(command: &Command, above: &[String], found: &mut Vec<(Vec<String>, Command)>) {
        for verb in command.get_subcommands() {
            let path = [above, &[verb.get_name().to_owned()]].concat();
            found.push((path.clone(), verb.clone()));
            gather(verb, &path, found);
        }
    }
    let mut found = Vec::new();
    gather(&cli::command(100), &[], &mut found);
    found
}

fn help(arguments: &[&str], columns: usize) -> String {
    let mut process = Process::new(env!("CARGO_BIN_EXE_backstop"));
    let output = process.args(arguments).env_clear().env("COLUMNS", columns.to_string()).output().expect("backstop starts");
    assert_eq!(output.status.code(), Some(0), "{arguments:?}");
    String::from_utf8(output.stdout).expect("text")
}

/// The words of a command line, as a shell splits them.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for c in line.chars() {
        match quote {
            Some(open) if c == open => quote = None,
            None if c == '\'' || c == '"' => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            None if c == ' ' => words.extend(word.take()),
            _ => word.get_or_insert_default().push(c),
        }
    }
    assert_eq!(quote, None, "a quotation does not end: {line}");
    words.extend(word);
    words
}

/// The examples below a heading: the words after `backstop`, up to a redirection.
fn examples(help: &str) -> Vec<Vec<String>> {
    let lines = help.lines().skip_while(|line| *line != "Examples:").skip(1).take_while(|line| line.starts_with("  "));
    lines.map(|line| words(line.trim()).into_iter().take_while(|word| ![">", "|"].contains(&word.as_str())).collect()).collect()
}

#[test]
fn every_verb_stands_under_one_task() {
    let verbs: Vec<String> = cli::command(100).get_subcommands().map(|verb| verb.get_name().to_owned()).collect();
    for verb in &verbs {
        let tasks = GROUPS.iter().filter(|(_, names)| names.contains(&verb.as_str())).count();
        assert_eq!(
            tasks, 1,
            "'{verb}' must stand under one task of GROUPS in src/cli/help.rs; until it does, the help lists it under 'More'"
        );
    }
    for (task, names) in GROUPS {
        for name in names {
            assert!(verbs.iter().any(|verb| verb == name), "'{task}' names '{name}', which is no verb");
        }
    }
}

#[test]
fn the_help_lists_every_verb_once_with_what_it_does() {
    for flag in ["-h", "--help"] {
        let help = help(&[flag], 100);
        let list = &help[..help.find("Examples:").expect("there are examples")];
        for verb in cli::command(100).get_subcommands() {
            let begins = format!("\n  {} ", verb.get_name());
            assert_eq!(list.matches(&begins).count(), 1, "{} in {list}", verb.get_name());
            let about = verb.get_about().expect("it says what it does").to_string();
            let listed = list.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(listed.contains(&format!("{} {about}", verb.get_name())), "{about}");
        }
        for (task, _) in GROUPS {
            assert_eq!(list.matches(&format!("\n{task}:\n")).count(), 1, "{task}");
        }
        assert!(!help.contains("More:") && help.contains("\nOptions:\n") && help.contains("\nExit codes:\n"), "{help}");
    }
}

#[test]
fn the_help_keeps_to_the_width_of_the_terminal() {
    for width in [60, 100] {
        for path in [vec![Vec::new()], commands().into_iter().map(|(path, _)| path).collect()].concat() {
            let arguments: Vec<&str> = path.iter().map(String::as_str).chain(["--help"]).collect();
            for line in help(&arguments, width).lines() {
                // One word may be longer than a narrow terminal, such as an ARN in an example; usage lines are clap's, and are not wrapped.
                let is_spared = line.starts_with("Usage: ") || line.split_whitespace().count() <= 2;
                assert!(line.chars().count() <= width || is_spared, "{width} {path:?}: {line}");
            }
        }
    }
}

#[test]
fn every_verb_has_examples_and_each_is_understood() {
    for (path, command) in commands() {
        let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        let examples = examples(&help);
        assert!(!examples.is_empty() || path.len() > 1, "'{}' has no example", path.join(" "));
        for example in examples {
            let begins = [&["backstop".to_owned()], &path[..]].concat();
            assert!(example.starts_with(&begins), "it is about another verb: {}", example.join(" "));
            let read = cli::command(100).try_get_matches_from(&example);
            assert!(read.is_ok(), "{}: {}", example.join(" "), read.expect_err("it is wrong"));
        }
    }
    let all = examples(cli::EXAMPLES);
    assert!(all.len() > 2);
    for example in all {
        assert!(cli::command(100).try_get_matches_from(&example).is_ok(), "{}", example.join(" "));
    }
}
