//! `backstop permissions`: the IAM policy that the enabled rules need, derived from what they read, and what of it is missing.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::{Value, json};

use super::coverage::{Unanswered, about, count, door, wrapped};
use super::{collect, input};
use crate::cli::{self, Color};
use crate::config::InForce;
use crate::error::Error;
use crate::exit::Exit;
use crate::facts::{self, permissions};
use crate::policy::Rule;
use crate::report::plain;
use crate::snapshot::{self, Call, Digest, Outcome};
use crate::term;

/// Calls that a run makes for itself, where it does: which Regions and accounts there are.
const FOR_ITSELF: [&str; 2] = ["account:ListRegions", "organizations:ListAccounts"];

/// Regions by how they begin, and the partition that they are in; all others are in `aws`.
const PARTITIONS: [(&str, &str); 2] = [("cn-", "aws-cn"), ("us-gov-", "aws-us-gov")];

pub fn run(args: &cli::Permissions) -> Result<Exit, Error> {
    let in_force = input::policy(&args.policy)?;
    let needed = needed(&in_force, args.everything);
    if !args.check {
        print(&(pretty(&permissions::policy(needed, &reach(&args.live))) + "\n"))?;
        return Ok(Exit::Clean);
    }
    let ledger = match &args.snapshot {
        Some(path) => recorded(path)?,
        None => probed(&args.live)?,
    };
    check(needed, &ledger)
}

/// The calls that the enabled rules rest on.
fn needed(in_force: &InForce, everything: bool) -> BTreeSet<&'static str> {
    if everything {
        // Who may assume which role depends on where it is asked to.
        return crate::collect::CALLS.into_iter().filter(|call| *call != "sts:AssumeRole").collect();
    }
    in_force.library.rules.iter().flat_map(|rule| of_rule(rule, in_force)).collect()
}

/// The calls that one rule rests on: those that bring what it reads, and where environments are told by tags, those that bring
/// the tags by which its parameters are found.
pub fn of_rule(rule: &Rule, in_force: &InForce) -> BTreeSet<&'static str> {
    let Some(kind) = facts::Kind::ALL.into_iter().find(|kind| kind.name() == rule.subject()) else { return BTreeSet::new() };
    let custom = &rule.metadata.custom;
    let mut calls = facts::sources(kind, &custom.reads);
    let by_tags = in_force.environments.all.iter().any(|environment| !environment.tags.is_empty());
    if by_tags && !custom.parameters.is_empty() {
        calls.extend(facts::sources_of_environment(kind));
    }
    calls
}

fn reach(args: &cli::Live) -> permissions::Reach<'_> {
    let region = args.regions.first().map_or("", String::as_str);
    let partition = PARTITIONS.iter().find(|(start, _)| region.starts_with(start)).map_or("aws", |(_, partition)| *partition);
    let role = args.role.as_deref().map(|role| role.trim_start_matches('/'));
    permissions::Reach { all_regions: args.all_regions, organization: args.organization, role, partition }
}

/// A call, and where it was made from.
struct Asked {
    account: String,
    region: String,
    call: Call,
}

fn probed(args: &cli::Live) -> Result<Vec<Asked>, Error> {
    let document = collect::probe(args)?;
    let asked = document.units().flat_map(|unit| {
        let text = |name: &str| unit.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let calls = unit.get("Calls").map(Vec::<Call>::deserialize).and_then(Result::ok).unwrap_or_default();
        let (account, region) = (text("Account"), text("Region"));
        calls.into_iter().map(move |call| Asked { account: account.clone(), region: region.clone(), call })
    });
    let asked = asked.collect();
    document.done();
    Ok(asked)
}

fn recorded(path: &std::path::Path) -> Result<Vec<Asked>, Error> {
    let units = snapshot::read(path, Digest::Skip)?.snapshot.units;
    let asked = units.into_iter().flat_map(|unit| {
        let (account, region) = (unit.account, unit.region);
        unit.calls.into_iter().map(move |call| Asked { account: account.clone(), region: region.clone(), call })
    });
    Ok(asked.collect())
}

/// How the calls of one action ended.
#[derive(Default)]
struct Ends {
    /// Accounts in which one of them was answered.
    allowed: BTreeSet<String>,
    denied: Unanswered,
    denied_in: BTreeSet<String>,
    lost: Unanswered,
}

impl Ends {
    fn add(&mut self, asked: &Asked) {
        let Asked { account, region, call } = asked;
        match call.outcome {
            Outcome::Ok | Outcome::Truncated => _ = self.allowed.insert(account.clone()),
            Outcome::Denied => {
                self.denied.add(call, about(call, account, region));
                self.denied_in.insert(account.clone());
            }
            Outcome::Failed | Outcome::Throttled => self.lost.add(call, about(call, account, region)),
            Outcome::Skipped => {}
        }
    }

    fn is_denied(&self) -> bool {
        !self.denied_in.is_empty()
    }

    fn is_lost(&self) -> bool {
        !self.is_denied() && !self.lost.outcomes.is_empty()
    }

    fn is_allowed(&self) -> bool {
        !self.is_denied() && !self.is_lost() && !self.allowed.is_empty()
    }
}

fn check(mut needed: BTreeSet<&str>, ledger: &[Asked]) -> Result<Exit, Error> {
    let mut ends: BTreeMap<String, Ends> = BTreeMap::new();
    for asked in ledger {
        ends.entry(asked.call.action()).or_default().add(asked);
    }
    needed.extend(FOR_ITSELF.iter().filter(|action| ends.contains_key(**action)));
    needed.retain(|action| permissions::iam_action(action).is_some());
    let of = |wanted: fn(&Ends) -> bool| -> Vec<(&str, &Ends)> {
        needed.iter().filter_map(|action| Some((*action, ends.get(*action).filter(|ends| wanted(ends))?))).collect()
    };
    let (allowed, denied, lost) = (of(Ends::is_allowed), of(Ends::is_denied), of(Ends::is_lost));
    let told: BTreeSet<&str> = [&allowed, &denied, &lost].into_iter().flatten().map(|(action, _)| *action).collect();
    let unasked: Vec<&str> = needed.difference(&told).copied().collect();

    say(0, &format!("{} of the {} that are needed were allowed.", allowed.len(), count(needed.len(), "call")));
    let (skipped, unneeded): (Vec<&str>, Vec<&str>) = unasked.iter().partition(|action| ends.contains_key(**action));
    if !unneeded.is_empty() {
        say(0, &format!("Not asked, and so not known, because nothing was found to ask about: {}", unneeded.join(", ")));
    }
    if !skipped.is_empty() {
        say(0, &format!("Not asked, and so not known, because another call did not say what to ask about: {}", skipped.join(", ")));
    }
    for (action, ends) in &lost {
        say(0, &format!("Not answered, and so not known: {action}: {}", ends.lost.places()));
        say(2, &plain(&ends.lost.error));
    }
    let mut statements = Vec::new();
    let doors = doors(ledger, &mut statements);
    for (action, ends) in &denied {
        say(0, &format!("Denied: {action}: {}", ends.denied.places()));
        say(2, &plain(&ends.denied.error));
        if ends.denied_in.iter().any(|account| ends.allowed.contains(account)) {
            say(
                2,
                "It was allowed elsewhere in the same account: what refuses it may be the resource's own policy, or one of the organization's.",
            );
        }
        statements.extend(permissions::statement(action));
    }
    if !statements.is_empty() {
        say(0, &format!("What was denied needs {}:", if statements.len() == 1 { "this statement" } else { "these statements" }));
        print(&(pretty(&json!(statements)) + "\n"))?;
    }
    // Where nothing at all was asked, nothing is known.
    let is_clean = denied.is_empty() && lost.is_empty() && doors == 0 && !allowed.is_empty();
    Ok(if is_clean { Exit::Clean } else { Exit::Unknown })
}

/// Roles that could not be assumed. Where none could, it may be the caller who lacks the permission.
fn doors(ledger: &[Asked], statements: &mut Vec<Value>) -> usize {
    let calls: Vec<&Call> = ledger.iter().map(|asked| &asked.call).filter(|call| call.operation == "AssumeRole").collect();
    let shut: BTreeMap<&str, &Call> =
        calls.iter().filter(|call| call.outcome != Outcome::Ok).map(|call| (call.subject.as_deref().unwrap_or_default(), *call)).collect();
    for (role, call) in &shut {
        say(0, &format!("Not assumed: the role {}", plain(role)));
        say(2, &plain(call.error.as_deref().unwrap_or_default()));
        say(2, "It must exist, and trust whoever begins the run with the external id that is given.");
    }
    let is_denied = shut.values().any(|call| call.outcome == Outcome::Denied);
    if is_denied && shut.len() == calls.iter().map(|call| &call.subject).collect::<BTreeSet<_>>().len() {
        statements.extend(shut.keys().next().and_then(|role| door(role)));
    }
    shut.len()
}

fn say(indent: usize, text: &str) {
    term::say(&wrapped(indent, text, term::stderr(Color::Never).width));
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

fn print(text: &str) -> Result<(), Error> {
    term::print(text.as_bytes()).map_err(|source| Error::Output { path: "-".into(), source })
}
