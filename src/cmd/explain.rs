//! `backstop explain`: what a rule demands, and what it says of one resource, with what to do about it.

mod meant;

use std::path::PathBuf;

use chrono::Days;
use toml::de::{DeTable, DeValue};

use super::input::{self, Input};
use super::terraform::Files;
use super::{collect, lines, rules, waivers};
use crate::audit::{self, Finding, Waiver, Waivings};
use crate::cli::{self, Color, WhyFormat};
use crate::config::{self, InForce};
use crate::error::Error;
use crate::exit::Exit;
use crate::facts;
use crate::policy::Library;
use crate::report;
use crate::report::explain::{Explained, On, Settled};
use crate::snapshot::{self, Digest, Reading, Timestamp};
use crate::term;

/// How many subjects are told of in full as text.
const TOLD: usize = 6;
/// For how many days a waiver is offered, where the configuration allows as many.
const WAIVED_DAYS: u16 = 30;

pub fn run(args: &cli::Explain, color: Color) -> Result<Exit, Error> {
    let shipped = Library::shipped()?;
    let rule = shipped.rule(&args.rule).ok_or_else(|| rules::unknown(&args.rule, &shipped))?;
    let Some(resource) = &args.resource else {
        if args.live.is_given() || !Files::read(&args.terraform)?.is_empty() {
            return Err(Error::usage("no resource is named", "name it with --resource ARN; without it, only the rule is explained"));
        }
        return print(match args.format {
            WhyFormat::Text => report::explain::page(rule, &shipped),
            WhyFormat::Json => format!("{:#}\n", report::explain::json(&Explained::rule(rule))),
        });
    };
    let mut policy = input::policy(&args.policy)?;
    if policy.disabled.contains(&args.rule) {
        return Err(Error::usage(
            format!("the configuration switches '{}' off", args.rule),
            "without --resource it is explained all the same",
        ));
    }
    let waivers = waivers::read(&args.waivers, args.policy.config.as_deref(), &policy)?;
    // One rule is judged, and what it says hangs on no other.
    policy.library.rules.retain(|rule| rule.id == args.rule);
    let files = Files::read(&args.terraform)?;
    let Input { reading, origins, .. } = files.input(observed(args, &files, &policy)?, Digest::Skip)?;
    let as_of = input::as_of(args.policy.as_of, &reading.snapshot);
    let subjects = facts::derive(&reading.snapshot, as_of);
    let mut audit = audit::judge(&subjects, &policy.library, &policy.environments, as_of)?;
    if let Some(waivers) = &waivers {
        audit.waivers = Waivings::of(&audit, waivers, &reading.snapshot.units);
    }
    let Some(judgement) = audit.judgements.first() else { return Err(rules::unknown(&args.rule, &shipped)) };

    let of_kind = subjects.of(judgement.kind);
    let mut meant = meant::subjects(resource, judgement.kind, &audit, &reading.snapshot);
    if meant.is_empty() {
        return meant::not_there(resource, judgement.kind, &audit);
    }
    // What is to be mended comes first; else the order of their ids stays.
    meant.sort_by_key(|subject| judgement.outcome(subject.facts).verdict);
    let limit = if args.format == WhyFormat::Json { usize::MAX } else { TOLD };

    let declarations = lines::of(&audit, files.locator(&origins).as_ref());
    let origins = Origins::of(&policy, args);
    let settled = Settled {
        audit: &audit,
        snapshot: &reading.snapshot,
        set_by: &|name, environment| origins.of_parameter(name, environment, &policy),
        waiver: &|id| stanza(id, &args.rule, as_of, &policy),
        declared: &|finding| declarations.get(&finding.fingerprint()).cloned(),
    };
    let told = meant.iter().take(limit).filter_map(|subject| {
        let findings: Vec<Finding> = judgement.findings_on(subject, of_kind).collect();
        On::of(&findings, &settled)
    });
    let mut explained = Explained::rule(judgement.rule);
    explained.as_of = Some(as_of);
    explained.resource = Some(resource);
    explained.subjects = told.collect();
    explained.more = meant.len().saturating_sub(limit);
    print(match args.format {
        WhyFormat::Text => report::explain::render(&explained, term::stdout(color)),
        WhyFormat::Json => format!("{:#}\n", report::explain::json(&explained)),
    })
}

fn observed(args: &cli::Explain, files: &Files, policy: &InForce) -> Result<Option<Reading>, Error> {
    Ok(match (&args.snapshot, args.demo) {
        (_, true) => Some(input::demo(Digest::Skip)?),
        (Some(path), false) => Some(snapshot::read(path, Digest::Skip)?),
        (None, false) if files.is_empty() || args.live.is_given() => Some(collect::live(&args.live, Digest::Skip, policy)?),
        (None, false) => None,
    })
}

/// The reason is left to whoever accepts it; until it is there, the waivers file is refused.
fn stanza(id: &str, rule: &str, as_of: Timestamp, policy: &InForce) -> String {
    let today = as_of.to_chrono().date_naive();
    let days = WAIVED_DAYS.min(policy.waiver_terms.max_days);
    config::stanza(&Waiver {
        rule: rule.to_owned(),
        resource: id.to_owned(),
        account: None,
        region: None,
        reason: String::new(),
        expires: today.checked_add_days(Days::new(days.into())).unwrap_or(today),
        approver: None,
        ticket: None,
        line: 0,
    })
}

/// Where the configuration file sets what.
struct Origins {
    file: Option<PathBuf>,
    text: String,
}

impl Origins {
    fn of(policy: &InForce, args: &cli::Explain) -> Self {
        let found = || std::env::current_dir().ok().and_then(|here| config::discover(&here, config::FILE));
        // As it was given, or by its name: where else it lies only this machine knows.
        let file = args.policy.config.clone().or_else(|| found().map(|_| config::FILE.into()));
        Origins { file: file.filter(|_| policy.text.is_some()), text: policy.text.clone().unwrap_or_default() }
    }

    fn of_parameter(&self, name: &str, environment: Option<&str>, policy: &InForce) -> String {
        let own = environment.and_then(|environment| Some((self.line(&["environments", environment, "parameters", name])?, environment)));
        let set = own.or_else(|| Some((self.line(&["parameters", name])?, "")));
        if let (Some((line, environment)), Some(file)) = (set, &self.file) {
            let of = if environment.is_empty() { String::new() } else { format!(", for environment '{environment}'") };
            return format!("{}:{line}{of}", file.display());
        }
        let is_production = |name: &str| policy.environments.all.iter().any(|one| one.name == name && one.is_production);
        let differs = policy.library.definitions.get(name).is_some_and(|definition| definition.production.is_some());
        match environment {
            Some(environment) if differs && is_production(environment) => "the default in production".to_owned(),
            Some(_) => "the default".to_owned(),
            None => "the same in each environment that it may be in".to_owned(),
        }
    }

    /// The line, counted from 1, on which the file has a value.
    fn line(&self, path: &[&str]) -> Option<usize> {
        let document = DeTable::parse(&self.text).ok()?;
        let (last, tables) = path.split_last()?;
        let mut table = document.get_ref();
        for name in tables {
            table = match table.get(*name)?.get_ref() {
                DeValue::Table(table) => table,
                _ => return None,
            };
        }
        let span = table.get(*last)?.span();
        Some(self.text.get(..span.start)?.matches('\n').count() + 1)
    }
}

fn print(text: String) -> Result<Exit, Error> {
    term::print(text.as_bytes()).map_err(|source| Error::Output { path: "-".into(), source })?;
    Ok(Exit::Clean)
}
