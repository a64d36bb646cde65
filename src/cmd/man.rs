//! `backstop man`: the manual pages, from the same tree as the help.

use std::io::{self, Write};
use std::path::Path;

use clap::Command;
use clap_mangen::Man as Page;
use clap_mangen::roff::{Roff, bold, roman};

use super::output::Output;
use crate::cli::{self, GROUPS, Man};
use crate::error::Error;
use crate::exit::Exit;
use crate::term;

/// The heading in `after_help` below which examples stand.
const EXAMPLES: &str = "Examples:";

pub fn run(args: &Man) -> Result<Exit, Error> {
    let mut command = cli::command(term::help_width()).disable_help_subcommand(true);
    command.build();
    match &args.output {
        None => {
            let text = page(&command).map_err(|source| Error::Output { path: "-".into(), source })?;
            term::print(&text).map_err(|source| Error::Output { path: "-".into(), source })?;
        }
        Some(directory) => {
            std::fs::create_dir_all(directory).map_err(|source| Error::Output { path: directory.clone(), source })?;
            let count = write(&command, directory)?;
            term::say(&format!("Wrote {count} pages to '{}'.", directory.display()));
        }
    }
    Ok(Exit::Clean)
}

/// The page of a command and those of all below it; how many there are.
fn write(command: &Command, directory: &Path) -> Result<usize, Error> {
    let path = directory.join(Page::new(command.clone()).get_filename());
    let text = page(command).map_err(|source| Error::Output { path: path.clone(), source })?;
    Output::open(&path)?.write(|to| to.write_all(&text))?;
    command.get_subcommands().filter(|verb| !verb.is_hide_set()).try_fold(1, |count, verb| Ok(count + write(verb, directory)?))
}

fn page(command: &Command) -> io::Result<Vec<u8>> {
    let page = Page::new(command.clone());
    let mut text = Vec::new();
    text.extend(title(command).as_bytes());
    page.render_name_section(&mut text)?;
    page.render_synopsis_section(&mut text)?;
    page.render_description_section(&mut text)?;
    let is_program = is_program(command);
    if command.has_subcommands() {
        verbs(command, &mut text)?;
    }
    page.render_options_section(&mut text)?;
    let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    examples(if is_program { cli::EXAMPLES } else { &after }, &mut text)?;
    if is_program {
        exit_status(&mut text)?;
        page.render_version_section(&mut text)?;
    }
    Ok(text)
}

/// Whether it is the program itself, and no verb of it.
fn is_program(command: &Command) -> bool {
    command.get_bin_name().is_none_or(|name| !name.contains(' '))
}

/// Without a date, so that the same program writes the same page.
fn title(command: &Command) -> String {
    let name = command.get_display_name().unwrap_or_else(|| command.get_name()).to_uppercase().replace('-', "\\-");
    format!(".TH \"{name}\" \"1\" \"\" \"Backstop {}\" \"Backstop\"\n", env!("CARGO_PKG_VERSION"))
}

/// The verbs of the program by their tasks, those of a verb in their order.
fn verbs(command: &Command, to: &mut dyn Write) -> io::Result<()> {
    let all: Vec<&Command> = command.get_subcommands().filter(|verb| !verb.is_hide_set()).collect();
    let mut roff = Roff::new();
    let entry = |roff: &mut Roff, verb: &Command| {
        let name = verb.get_display_name().unwrap_or_else(|| verb.get_name());
        roff.control("TP", []);
        roff.text([bold(name), roman("(1)")]);
        roff.text([roman(verb.get_about().map(ToString::to_string).unwrap_or_default())]);
    };
    roff.control("SH", ["COMMANDS"]);
    let groups = if is_program(command) { &GROUPS[..] } else { &[] };
    for (heading, names) in groups {
        let of_task: Vec<_> = names.iter().filter_map(|name| all.iter().find(|verb| verb.get_name() == *name)).collect();
        if !of_task.is_empty() {
            roff.control("SS", [*heading]);
            of_task.into_iter().for_each(|verb| entry(&mut roff, verb));
        }
    }
    let is_listed = |verb: &Command| groups.iter().any(|(_, names)| names.contains(&verb.get_name()));
    all.iter().filter(|verb| !is_listed(verb)).for_each(|verb| entry(&mut roff, verb));
    roff.to_writer(to)
}

fn examples(after_help: &str, to: &mut dyn Write) -> io::Result<()> {
    let lines: Vec<&str> =
        after_help.lines().skip_while(|line| *line != EXAMPLES).skip(1).take_while(|line| line.starts_with(' ')).collect();
    if lines.is_empty() {
        return Ok(());
    }
    let mut roff = Roff::new();
    roff.control("SH", ["EXAMPLES"]);
    roff.control("nf", []);
    for line in lines {
        roff.text([roman(line.trim())]);
    }
    roff.control("fi", []);
    roff.to_writer(to)
}

fn exit_status(to: &mut dyn Write) -> io::Result<()> {
    let mut roff = Roff::new();
    roff.control("SH", ["EXIT STATUS"]);
    for exit in Exit::ALL {
        roff.control("TP", []);
        roff.text([bold(exit.code().to_string())]);
        roff.text([roman(exit.meaning())]);
    }
    roff.to_writer(to)
}
