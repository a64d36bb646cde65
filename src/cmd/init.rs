//! `backstop init`: a configuration to begin with, from flags and, on a terminal, from answers.

use std::path::Path;

use super::output::Output;
use crate::cli::{self, init as answers};
use crate::config::{self, Answers};
use crate::error::Error;
use crate::exit::Exit;
use crate::policy::Library;
use crate::term;

const STDOUT: &str = "-";

pub fn run(args: &cli::Init) -> Result<Exit, Error> {
    let path = args.output.as_path();
    may_be_written(path, args)?;
    let library = Library::shipped()?;
    let mut given = given(args);
    if !args.yes && term::may_ask() {
        ask(args, &mut given)?;
    }
    let text = config::annotated(&library, &given);
    // What would leave a file that cannot be read is not written.
    config::apply(&text, path, library)?;
    let shadowed = config_above(path);
    Output::open(path)?.write(|to| to.write_all(text.as_bytes()))?;
    if path != Path::new(STDOUT) {
        term::say(&format!("Wrote '{}'.", path.display()));
        if let Some(named) = std::env::var_os("BACKSTOP_CONFIG").filter(|named| !named.is_empty() && Path::new(named) != path) {
            term::say(&format!("BACKSTOP_CONFIG names '{}', which stays in force.", Path::new(&named).display()));
        } else if let Some(above) = shadowed {
            term::say(&format!("Below this directory it takes the place of '{}'.", above.display()));
        }
        term::say(&next(path, &given));
    }
    Ok(Exit::Clean)
}

/// Said before anybody answers questions in vain.
fn may_be_written(path: &Path, args: &cli::Init) -> Result<(), Error> {
    if path == Path::new(STDOUT) {
        return Ok(());
    }
    if path.symlink_metadata().is_ok() && !args.force {
        return Err(Error::usage(
            format!("'{}' is there already, and was left as it is", path.display()),
            "`backstop config show` prints what is in force; --output writes to another file, --force over this one",
        ));
    }
    let directory = path.parent().filter(|directory| !directory.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if directory.is_dir() { Ok(()) } else { Err(Error::usage(format!("there is no directory '{}'", directory.display()), "make it first")) }
}

fn given(args: &cli::Init) -> Answers {
    Answers {
        environment: args.environment.clone().unwrap_or_else(|| "production".to_owned()),
        production: args.not_production.then_some(false),
        accounts: distinct(args.accounts.clone()),
        tags: args.tags.clone(),
        regions: distinct(args.regions.clone()),
        retention_days: args.retention_days,
    }
}

/// Asks for what no flag said. Each answer may be empty, and is checked before the next question.
fn ask(args: &cli::Init, answers: &mut Answers) -> Result<(), Error> {
    term::say("Enter leaves what stands in brackets. Nothing is written before the last answer.\n");
    if args.environment.is_none() {
        let name = one("Which environment is this about: production, development, or a name of yours? [production]", answers::name)?;
        answers.environment = name.unwrap_or_else(|| answers.environment.clone());
        let is_own = !["production", "development"].contains(&answers.environment.as_str());
        if is_own && one("Do the stricter defaults for production hold there, yes or no? [yes]", yes)? == Some(false) {
            answers.production = Some(false);
        }
    }
    if args.accounts.is_empty() && args.tags.is_empty() {
        answers.accounts = many("Which accounts are in it, by their ids? [all]", answers::account)?;
    }
    if args.regions.is_empty() {
        answers.regions = many("Which Regions are your backups in? [that of the AWS profile]", answers::region)?;
    }
    if args.retention_days.is_none() {
        answers.retention_days = one("For how many days must daily recovery points be kept? [30]", answers::days)?;
    }
    term::say("");
    Ok(())
}

fn one<T>(question: &str, read: impl Fn(&str) -> Result<T, String>) -> Result<Option<T>, Error> {
    loop {
        let answer = answer(question)?;
        if answer.is_empty() {
            return Ok(None);
        }
        match read(&answer) {
            Ok(value) => return Ok(Some(value)),
            Err(fault) => term::say(&format!("  {fault}.")),
        }
    }
}

/// Separated by commas or spaces.
fn many(question: &str, read: impl Fn(&str) -> Result<String, String>) -> Result<Vec<String>, Error> {
    let all = |text: &str| text.split([',', ' ']).filter(|part| !part.is_empty()).map(&read).collect::<Result<Vec<_>, _>>();
    Ok(distinct(one(question, all)?.unwrap_or_default()))
}

fn answer(question: &str) -> Result<String, Error> {
    let unanswered = || Error::usage("the questions were not answered; nothing was written", "give the answers as flags, or --yes");
    term::ask(question).ok().flatten().ok_or_else(unanswered)
}

fn yes(text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "y" | "yes" => Ok(true),
        "n" | "no" => Ok(false),
        _ => Err("answer yes or no".to_owned()),
    }
}

/// Each once, in the order in which they came.
fn distinct(all: Vec<String>) -> Vec<String> {
    let mut kept = Vec::new();
    for each in all {
        if !kept.contains(&each) {
            kept.push(each);
        }
    }
    kept
}

/// The file that was in force where the new one will be.
fn config_above(path: &Path) -> Option<std::path::PathBuf> {
    let directory = path.parent()?.canonicalize().or_else(|_| std::env::current_dir()).ok()?;
    let found = config::discover(&directory, config::FILE)?;
    (path.file_name()? == config::FILE && found.parent() != Some(&directory)).then_some(found)
}

fn next(path: &Path, answers: &Answers) -> String {
    let is_found = path == Path::new(config::FILE);
    let config = if is_found { String::new() } else { format!(" --config {}", shell(path)) };
    let steps = [
        (format!("backstop config show{config}"), "what is in force, and where each value comes from"),
        (format!("backstop spec check{config}"), "whether it can be kept at all"),
        (format!("backstop permissions{config} > policy.json"), "the least that an audit must be allowed"),
        (format!("{}{config}", answers.audit()), "the account of your AWS credentials"),
    ];
    let longest = steps.iter().map(|(command, _)| command.len()).max().unwrap_or_default();
    let lines = steps.iter().map(|(command, what)| format!("\n  {command:longest$}  {what}"));
    format!("Next:{}", lines.collect::<String>())
}

/// A path that a shell reads as one word.
fn shell(path: &Path) -> String {
    let text = path.display().to_string();
    let is_plain = text.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c));
    if is_plain { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}
