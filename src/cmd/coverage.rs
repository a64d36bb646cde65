//! What was seen and what was not: how the calls of a run ended, which rules are blind for it, and what would open their eyes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Deserialize;
use serde_json::Value;

use crate::cli::Color;
use crate::cmd::permissions::of_rule;
use crate::collect::Document;
use crate::config::InForce;
use crate::facts::permissions;
use crate::policy::Rule;
use crate::report::plain;
use crate::snapshot::{Call, Outcome};
use crate::term;

/// Places of a call that are named; the others are counted.
const NAMED: usize = 3;

/// Services that have one endpoint for all Regions: where they answer, the Region may still be dark.
const GLOBAL: [&str; 4] = ["sts", "account", "iam", "organizations"];

/// The calls of a run, by outcome.
#[derive(Debug, Default)]
pub struct Coverage {
    accounts: BTreeSet<String>,
    units: usize,
    counts: BTreeMap<Outcome, usize>,
    /// Requests that AWS throttled, retries included.
    throttled: u64,
    /// Enabled rules.
    rules: usize,
    /// Regions in which nothing was answered.
    dark: Unanswered,
    /// By action: what went unanswered elsewhere.
    unanswered: BTreeMap<String, Unanswered>,
    /// By action: the rules that rest on it.
    blinds: BTreeMap<String, Vec<String>>,
    width: usize,
}

/// Calls that were not answered, or not to the end.
#[derive(Debug, Default)]
pub struct Unanswered {
    pub outcomes: BTreeSet<Outcome>,
    /// Account and Region, with the subject where there is one.
    about: BTreeSet<String>,
    /// AWS's words on the first of them.
    pub error: String,
    /// What the first of them asked about.
    pub subject: String,
}

impl Unanswered {
    pub fn add(&mut self, call: &Call, about: String) {
        if self.about.is_empty() {
            self.subject = call.subject.clone().unwrap_or_default();
        }
        self.outcomes.insert(call.outcome);
        self.about.insert(about);
        if self.error.is_empty() {
            self.error = call.error.clone().unwrap_or_default();
        }
    }

    /// The first few.
    pub fn places(&self) -> String {
        let mut named: Vec<String> = self.about.iter().take(NAMED).map(|about| plain(about).into_owned()).collect();
        if self.about.len() > NAMED {
            named.push(format!("{} more", self.about.len() - NAMED));
        }
        named.join(", ")
    }
}

/// What a call asked about, and where.
pub fn about(call: &Call, account: &str, region: &str) -> String {
    // Those that are made once for an account belong to no Region.
    let place = if is_made_once(call) { account.to_owned() } else { format!("{account}/{region}") };
    match &call.subject {
        // An ARN says it itself.
        Some(subject) if subject.contains(account) && subject.contains(region) => subject.clone(),
        Some(subject) => format!("'{subject}' in {place}"),
        None => place,
    }
}

/// It stands in the ledger of every unit that it was made for.
fn is_made_once(call: &Call) -> bool {
    matches!(call.service.as_str(), "sts" | "account") || call.operation == "ListAccounts"
}

impl Coverage {
    pub fn of(document: &Document, in_force: &InForce) -> Self {
        let mut coverage = Coverage { throttled: document.throttled(), rules: in_force.library.rules.len(), ..Coverage::default() };
        coverage.width = term::stderr(Color::Never).width;
        let mut seen = BTreeSet::new();
        for unit in document.units() {
            let text = |name: &str| unit.get(name).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
            let (account, region) = (text("Account"), text("Region"));
            let calls = unit.get("Calls").map(Vec::<Call>::deserialize).and_then(Result::ok).unwrap_or_default();
            let regional = || calls.iter().filter(|call| !GLOBAL.contains(&call.service.as_str()) && call.outcome != Outcome::Skipped);
            let is_dark = regional().next().is_some() && regional().all(|call| !was_answered(call));
            for call in &calls {
                let name = || (call.operation.clone(), call.subject.clone(), call.time, call.request_ids.clone());
                if is_made_once(call) && !seen.insert(name()) {
                    continue;
                }
                *coverage.counts.entry(call.outcome).or_default() += 1;
                if matches!(call.outcome, Outcome::Ok | Outcome::Skipped) {
                    continue;
                }
                if is_dark && !is_made_once(call) {
                    coverage.dark.add(call, format!("{account}/{region}"));
                } else {
                    coverage.unanswered.entry(call.action()).or_default().add(call, about(call, &account, &region));
                }
            }
            coverage.units += 1;
            coverage.accounts.insert(account);
        }
        coverage.blinds = coverage.unanswered.keys().map(|action| (action.clone(), blinded(action, in_force))).collect();
        coverage
    }

    /// What it means that an action went unanswered; `None`: nothing to any rule.
    fn consequence(&self, action: &str) -> Option<String> {
        if action == "account:ListRegions" {
            let first = "The Regions of the first account were observed there";
            return Some(format!(
                "{first}; for those that only this account has enabled stands the unit 'other-regions', of which nothing is known."
            ));
        }
        let blinds = self.blinds.get(action).filter(|blinds| !blinds.is_empty())?;
        if blinds.len() == self.rules {
            return Some("No rule can judge what is there.".to_owned());
        }
        Some(format!("{} cannot judge there: {}", count(blinds.len(), "rule"), blinds.join(", ")))
    }
}

fn was_answered(call: &Call) -> bool {
    matches!(call.outcome, Outcome::Ok | Outcome::Truncated)
}

fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Ok => "answered",
        Outcome::Denied => "denied",
        Outcome::Throttled => "throttled until it was given up",
        Outcome::Failed => "not answered",
        Outcome::Truncated => "cut short",
        Outcome::Skipped => "not made",
    }
}

fn words(outcomes: &BTreeSet<Outcome>) -> String {
    outcomes.iter().map(|outcome| word(*outcome)).collect::<Vec<_>>().join(" and ")
}

/// `1 call`, `2 calls`.
pub fn count(number: usize, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") }
}

/// The rules that rest on a call.
fn blinded(action: &str, in_force: &InForce) -> Vec<String> {
    // Where nobody is let in, nothing is seen.
    let is_the_door = action == "sts:AssumeRole";
    let rests = |rule: &&Rule| is_the_door || of_rule(rule, in_force).contains(action);
    in_force.library.rules.iter().filter(rests).map(|rule| rule.id.clone()).collect()
}

/// The statement that lets the caller assume the role of this ARN's name in any account. Whether the role trusts the caller is its
/// own policy's to say.
pub fn door(role_arn: &str) -> Option<Value> {
    let (head, name) = role_arn.split_once(":role/")?;
    let partition = head.split(':').nth(1)?;
    let reach = permissions::Reach { role: Some(name), partition, ..permissions::Reach::default() };
    permissions::policy([], &reach)["Statement"].get(0).cloned()
}

/// The text in lines of no more than this many columns, broken between words; those after the first stand further in.
pub fn wrapped(indent: usize, text: &str, width: usize) -> String {
    let mut lines = vec![" ".repeat(indent)];
    for word in text.split_whitespace() {
        let last = lines.last().map_or("", String::as_str);
        if !last.trim().is_empty() && last.chars().count() + 1 + word.chars().count() > width {
            lines.push(" ".repeat(indent + 2));
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(if line.trim().is_empty() { "" } else { " " });
            line.push_str(word);
        }
    }
    lines.join("\n")
}

impl Coverage {
    fn totals(&self) -> String {
        let of = |outcome: Outcome| self.counts.get(&outcome).copied().unwrap_or(0);
        let (ok, denied, throttled) = (of(Outcome::Ok), of(Outcome::Denied), of(Outcome::Throttled));
        let (failed, truncated, skipped) = (of(Outcome::Failed), of(Outcome::Truncated), of(Outcome::Skipped));
        let made = ok + denied + throttled + failed + truncated;
        let places = match self.accounts.len() {
            0 | 1 => count(self.units, "Region"),
            accounts => format!("{accounts} accounts, {} in all", count(self.units, "Region")),
        };
        let ends = format!("{ok} ok, {denied} denied, {throttled} throttled, {failed} failed, {truncated} cut short; {skipped} skipped");
        let mut line = format!("{} in {places}: {ends}.", count(made, "call"));
        if self.throttled > 0 {
            line += &format!(" AWS throttled {} on the way.", count(self.throttled as usize, "request"));
        }
        wrapped(0, &line, self.width)
    }

    /// A headline, AWS's words, what it means, and what may be done about it.
    fn block(&self, headline: &str, error: &str, consequence: &str, remedy: Option<(&str, String)>) -> String {
        let mut lines = vec![wrapped(0, headline, self.width)];
        if !error.is_empty() {
            lines.push(wrapped(2, &plain(error), self.width));
        }
        lines.push(wrapped(2, consequence, self.width));
        if let Some((how, statement)) = remedy {
            // The statement stays on a line, to be copied.
            lines.extend([wrapped(2, how, self.width), format!("  {statement}")]);
        }
        lines.join("\n")
    }
}

fn remedy(action: &str, unanswered: &Unanswered) -> Option<(&'static str, String)> {
    if action == "sts:AssumeRole" {
        let how = "The role must exist and trust whoever begins the run, who needs this IAM statement:";
        return Some((how, door(&unanswered.subject)?.to_string()));
    }
    let is_denied = unanswered.outcomes.contains(&Outcome::Denied);
    is_denied.then(|| permissions::statement(action)).flatten().map(|statement| ("This IAM statement allows it:", statement.to_string()))
}

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.totals())?;
        if !self.dark.about.is_empty() {
            let headline = format!("Nothing was answered in {}", self.dark.places());
            writeln!(f, "\n{}", self.block(&headline, &self.dark.error, "No rule can judge what is there.", None))?;
        }
        let mut idle = Vec::new();
        for (action, unanswered) in &self.unanswered {
            let Some(consequence) = self.consequence(action) else {
                idle.push(format!("{action} ({})", words(&unanswered.outcomes)));
                continue;
            };
            let headline = format!("{action} was {}: {}", words(&unanswered.outcomes), unanswered.places());
            writeln!(f, "\n{}", self.block(&headline, &unanswered.error, &consequence, remedy(action, unanswered)))?;
        }
        if !idle.is_empty() {
            let what = if idle.len() == self.unanswered.len() { "what" } else { "what else" };
            let line = format!("No enabled rule rests on {what} was not answered: {}", idle.join(", "));
            writeln!(f, "\n{}", wrapped(0, &line, self.width))?;
        }
        Ok(())
    }
}
