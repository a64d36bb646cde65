//! What the sentences of a guide call commands and flags: each must be there.

use clap::{Command, CommandFactory};

use backstop::cli::Cli;

/// Flags that sentences name and that are another program's.
const FOREIGN: &[&str] = &[];

/// What of a span of code the program does not have.
pub fn lacking(span: &str) -> Option<String> {
    let mut root = Cli::command();
    root.build();
    let words: Vec<&str> = span.split_whitespace().collect();
    if let Some(("backstop", words)) = words.split_first().map(|(first, rest)| (*first, rest)) {
        return in_verb(&root, words);
    }
    if !span.starts_with("--") || FOREIGN.contains(&span) {
        return None;
    }
    let flags = words.iter().filter(|word| word.starts_with("--")).map(|word| name(word));
    flags.filter(|flag| !anywhere(&root, flag)).map(|flag| format!("no verb has the flag '--{flag}'")).next()
}

fn in_verb(root: &Command, words: &[&str]) -> Option<String> {
    let mut verb = root;
    let mut words = words.iter();
    for word in words.by_ref() {
        let is_name = word.chars().all(|c| c.is_ascii_lowercase() || c == '-') && !word.starts_with('-');
        match verb.find_subcommand(word) {
            Some(found) => verb = found,
            None if verb.has_subcommands() && is_name => return Some(format!("'{}' has no verb '{word}'", verb.get_name())),
            None if word.starts_with("--") && !has(verb, name(word)) => {
                return Some(format!("'{}' has no flag '{word}'", verb.get_name()));
            }
            None => {}
        }
    }
    None
}

fn name(word: &str) -> &str {
    word.trim_start_matches('-').split(['=', '[']).next().unwrap_or_default()
}

fn has(verb: &Command, flag: &str) -> bool {
    verb.get_arguments().any(|argument| argument.get_long() == Some(flag))
}

fn anywhere(verb: &Command, flag: &str) -> bool {
    has(verb, flag) || verb.get_subcommands().any(|below| anywhere(below, flag))
}
