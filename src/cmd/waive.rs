//! `backstop waive`: the waivers file, added to, listed and cleared of what no longer waives.

use std::path::{Path, PathBuf};

use chrono::{Days, NaiveDate, Utc};

use super::output::Output;
use super::{audit, input, rules, waivers};
use crate::audit::{Effect, Standing, Waiver, Waivers, Waivings};
use crate::cli::{self, Color, Waive, WaiveAdd, WaiveList, WaivePrune, WhyFormat};
use crate::config::{self, InForce, WAIVERS_FILE};
use crate::error::Error;
use crate::exit::Exit;
use crate::facts;
use crate::report;
use crate::snapshot::{self, Digest};
use crate::term;

const NO_FILE: &str = "there is no waivers file; `backstop waive add` begins one";

pub fn run(args: &Waive, color: Color) -> Result<Exit, Error> {
    match args {
        Waive::Add(args) => add(args)?,
        Waive::List(args) => list(args, color)?,
        Waive::Prune(args) => prune(args)?,
    }
    Ok(Exit::Clean)
}

fn add(args: &WaiveAdd) -> Result<(), Error> {
    let policy = input::policy(&cli::Policy { config: args.config.clone(), environment: None, as_of: None })?;
    if policy.library.rule(&args.rule).is_none() && !policy.disabled.contains(&args.rule) {
        return Err(rules::unknown(&args.rule, &policy.library));
    }
    let waiver = Waiver {
        rule: args.rule.clone(),
        resource: args.resource.clone(),
        account: args.account.clone(),
        region: args.region.clone(),
        reason: args.reason.clone(),
        expires: last_day(args, &policy)?,
        approver: args.approver.clone(),
        ticket: args.ticket.clone(),
        line: 0,
    };
    let config = args.config.as_deref();
    let path = waivers::find(&args.waivers, config).unwrap_or_else(|| beside(config));
    let before = if path.exists() { waivers::text(&path)? } else { String::new() };
    let all = config::read_waivers(&before, &path, &policy)?;
    // A stanza after a list that is written in another way makes a file that says the same thing twice.
    if !all.is_empty() && config::remove(&before, &[0]).is_none() {
        return Err(not_in_stanzas(&path));
    }
    for known in all {
        if (&known.rule, &known.resource, &known.account, &known.region)
            == (&waiver.rule, &waiver.resource, &waiver.account, &waiver.region)
        {
            return Err(Error::usage(
                format!("{}:{}: this is waived until {} already", path.display(), known.line, known.expires),
                "to waive it for longer, change 'expires' there",
            ));
        }
    }
    let stanza = config::stanza(&waiver);
    let after = config::append(&before, &stanza);
    // What would leave a file that cannot be read is not written.
    config::read_waivers(&after, &path, &policy)?;
    Output::open(&path)?.write(|to| to.write_all(after.as_bytes()))?;
    term::say(&format!("Added to '{}':", path.display()));
    print(&stanza)
}

fn last_day(args: &WaiveAdd, policy: &InForce) -> Result<NaiveDate, Error> {
    let today = Utc::now().date_naive();
    let asked = args.expires.or_else(|| today.checked_add_days(Days::new(args.days?.into())));
    let expires = asked.ok_or_else(|| Error::usage("there is no such day", "give --expires or --for"))?;
    let max = policy.waiver_terms.max_days;
    match (expires - today).num_days() {
        ..0 => Err(Error::usage(format!("{expires} has passed: it would waive nothing"), "give a day to come, or --for 30d")),
        days if days > max.into() => Err(Error::usage(
            format!("{expires} is {days} days away, and a waiver is given for {max} at most"),
            "give an earlier day; 'waiver_max_days' in backstop.toml sets the limit",
        )),
        _ => Ok(expires),
    }
}

/// Where a new file goes: to the configuration, so that both are found together.
fn beside(config: Option<&Path>) -> PathBuf {
    let found = || std::env::current_dir().ok().and_then(|directory| config::discover(&directory, config::FILE));
    let config = config.map(Path::to_owned).or_else(found);
    config.map_or_else(|| WAIVERS_FILE.into(), |config| config.with_file_name(WAIVERS_FILE))
}

fn list(args: &WaiveList, color: Color) -> Result<(), Error> {
    let policy = input::policy(&args.policy)?;
    let waivers = waivers::read(&args.waivers, args.policy.config.as_deref(), &policy)?;
    let Some(waivers) = waivers else {
        term::say(NO_FILE);
        // A program is told of an empty list, not of nothing.
        return match args.format {
            WhyFormat::Text => Ok(()),
            WhyFormat::Json => print(&format!("{:#}\n", report::json::waivers(&Waivings::default()))),
        };
    };
    settle(&waivers, args.snapshot.as_deref(), &args.policy, &policy, |waivings| match args.format {
        WhyFormat::Text => print(&report::waivers::list(waivings, term::stdout(color))),
        WhyFormat::Json => print(&format!("{:#}\n", report::json::waivers(waivings))),
    })
}

fn prune(args: &WaivePrune) -> Result<(), Error> {
    let policy = input::policy(&args.policy)?;
    let config = args.policy.config.as_deref();
    let (Some(path), Some(waivers)) = (waivers::find(&args.waivers, config), waivers::read(&args.waivers, config, &policy)?) else {
        term::say(NO_FILE);
        return Ok(());
    };
    settle(&waivers, args.snapshot.as_deref(), &args.policy, &policy, |waivings| {
        let is_done =
            |at: &usize| waivings.all.get(*at).is_some_and(|it| it.standing == Standing::Lapsed || it.effect == Some(Effect::Unused));
        let done: Vec<usize> = (0..waivings.all.len()).filter(is_done).collect();
        if done.is_empty() {
            term::say("Nothing is to be taken out.");
            return Ok(());
        }
        let after = config::remove(&waivers::text(&path)?, &done).ok_or_else(|| not_in_stanzas(&path))?;
        if !args.dry_run {
            Output::open(&path)?.write(|to| to.write_all(after.as_bytes()))?;
        }
        term::say(if args.dry_run { "These would be taken out:" } else { "These were taken out:" });
        let lines = done.iter().filter_map(|at| waivings.all.get(*at));
        print(&lines.map(|waiving| report::waivers::line(waiving, &waivers.file) + "\n").collect::<String>())
    })
}

fn not_in_stanzas(path: &Path) -> Error {
    Error::usage(
        format!("'{}' writes its waivers in another way than as stanzas", path.display()),
        "begin each with [[waiver]] on a line of its own, or change it by hand",
    )
}

/// How the waivers stand; with a snapshot, also what they waive there.
fn settle(
    waivers: &Waivers,
    snapshot: Option<&Path>,
    asked: &cli::Policy,
    policy: &InForce,
    tell: impl FnOnce(&Waivings) -> Result<(), Error>,
) -> Result<(), Error> {
    let Some(path) = snapshot else {
        return tell(&Waivings::listed(waivers, asked.as_of.unwrap_or_else(|| Utc::now().into())));
    };
    let reading = snapshot::read(path, Digest::Skip)?;
    let as_of = input::as_of(asked.as_of, &reading.snapshot);
    let subjects = facts::derive(&reading.snapshot, as_of);
    let audit = audit::judge(&subjects, policy, as_of)?;
    tell(&Waivings::of(&audit, waivers, &reading.snapshot.units))
}

fn print(text: &str) -> Result<(), Error> {
    term::print(text.as_bytes()).map_err(|source| Error::Output { path: "-".into(), source })
}
