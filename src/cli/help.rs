//! The help of the program: its verbs by the task that a person has, drawn from the clap tree.

use anstyle::Style;
use clap::{Command, CommandFactory, FromArgMatches};

use super::Cli;
use crate::exit::Exit;

/// Which verbs serve which task. A verb that no task names is listed under `MORE`.
pub const GROUPS: [(&str, &[&str]); 5] = [
    ("Audit", &["audit", "collect"]),
    ("Look into a finding", &["explain", "why", "locate", "facts"]),
    ("Keep and compare", &["diff", "verify", "sarif"]),
    ("Set the policy", &["rules", "config", "waive", "spec", "schema"]),
    ("Set up", &["init", "permissions", "completions", "man"]),
];
const MORE: &str = "More";

/// Between a verb and what it does.
const GAP: usize = 2;
/// Where less than this is left beside the verbs, what each does stands below it.
const NARROW: usize = 30;

/// Of the program as a whole.
pub const EXAMPLES: &str = "Examples:
  backstop audit --demo
  backstop init
  backstop audit --all-regions --output sarif=audit.sarif
  backstop explain vault-lock/missing";

/// The clap tree, with help for a terminal of this width.
pub fn command(width: usize) -> Command {
    let command = Cli::command().term_width(width);
    let styles = command.get_styles().clone();
    let tasks = tasks(&command, width, *styles.get_header(), *styles.get_literal());
    let heading = |name: &str| styled(&format!("{name}:"), *styles.get_header());
    let template = format!(
        "{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{tasks}`backstop help VERB` tells more of one.\n\n{}\n\n{}\n{{options}}\n\n{}\n{}",
        EXAMPLES.replacen("Examples:", &heading("Examples"), 1),
        heading("Options"),
        heading("Exit codes"),
        exits(width),
    );
    command.help_template(template)
}

/// What the command line says; ends the process where it cannot be understood, or asks for help.
pub fn parse(width: usize) -> Cli {
    let mut command = command(width);
    let matches = command.get_matches_mut();
    Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.format(&mut command).exit())
}

fn exits(width: usize) -> String {
    let indent = 2 * GAP + 1;
    let line = |exit: Exit| format!("  {}  {}\n", exit.code(), wrapped(exit.meaning(), width.saturating_sub(indent), indent));
    Exit::ALL.map(line).concat()
}

fn tasks(command: &Command, width: usize, header: Style, literal: Style) -> String {
    let verbs: Vec<(&str, String)> = command
        .get_subcommands()
        .filter(|verb| !verb.is_hide_set())
        .map(|verb| (verb.get_name(), verb.get_about().map(ToString::to_string).unwrap_or_default()))
        .collect();
    let longest = verbs.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    let indent = GAP + longest + GAP;
    let entry = |(name, about): &(&str, String)| {
        let begins = format!("{}{}", " ".repeat(GAP), styled(name, literal));
        if width < indent + NARROW {
            let margin = 3 * GAP;
            format!("{begins}\n{}{}\n", " ".repeat(margin), wrapped(about, width.saturating_sub(margin), margin))
        } else {
            let gap = " ".repeat(indent - GAP - name.len());
            format!("{begins}{gap}{}\n", wrapped(about, width - indent, indent))
        }
    };
    let listed = |heading: &str, entries: String| match entries.is_empty() {
        true => String::new(),
        false => format!("{}\n{entries}\n", styled(&format!("{heading}:"), header)),
    };
    let mut text = String::new();
    for (heading, names) in GROUPS {
        let named = names.iter().filter_map(|name| verbs.iter().find(|(verb, _)| verb == name));
        text += &listed(heading, named.map(entry).collect());
    }
    let is_placed = |name: &str| GROUPS.iter().any(|(_, names)| names.contains(&name));
    text + &listed(MORE, verbs.iter().filter(|(name, _)| !is_placed(name)).map(entry).collect())
}

fn styled(text: &str, style: Style) -> String {
    format!("{style}{text}{style:#}")
}

/// The words in lines of at most this width, each but the first indented.
fn wrapped(text: &str, width: usize, indent: usize) -> String {
    let mut lines = String::new();
    let mut used = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if used > 0 && used + 1 + length > width {
            lines += "\n";
            lines += &" ".repeat(indent);
            used = 0;
        } else if used > 0 {
            lines += " ";
            used += 1;
        }
        lines += word;
        used += length;
    }
    lines
}
