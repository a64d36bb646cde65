//! Monotonic blindness: whoever sees less may say "unknown", and otherwise must say the same. Never a pass that was none, never
//! a fail that was none, never an alert that goes away because nobody looked.

use std::collections::{BTreeMap, BTreeSet};

use backstop::audit::{Audit, Environment, Environments, Gate, Verdict, judge};
use backstop::exit::Exit;
use backstop::facts::{Facts, Kind, Subjects, derive};
use backstop::policy::{Library, Severity};
use proptest::test_runner::TestCaseError;
use serde_json::{Value, json};

use super::holes::{self, Hole};
use super::oracle::{self, is_unknown, list, text, units};
use super::tape::Tape;
use super::{account, as_of, read};

/// A subject as reports tell it apart.
type Id = (Kind, String);

/// What a unit that is no longer in the snapshot takes with it, and nothing can tell: its own subjects, those that the whole
/// account shares, and the vaults and keys that only its plans show to be used; of a unit that was half seen, the doubt
/// whether they are.
struct Gone {
    place: (String, String),
    reaches: BTreeSet<String>,
    was_half_seen: bool,
}

impl Gone {
    fn with(hole: &Hole, document: &Value) -> Option<Self> {
        let Hole::Unit(at) = hole else { return None };
        let unit = &units(document)[*at];
        let mut reaches = BTreeSet::new();
        for rule in list(&unit["BackupPlans"]).iter().flat_map(|plan| list(&plan["BackupPlan"]["Rules"])) {
            let copies = list(&rule["CopyActions"]).iter().map(|copy| text(copy, "DestinationBackupVaultArn"));
            reaches.extend(copies.chain([text(rule, "TargetLogicallyAirGappedBackupVaultArn")]).map(str::to_owned));
        }
        let named = ["BackupVaults", "RecoveryPoints"].iter().flat_map(|listing| list(&unit[*listing]));
        reaches.extend(named.map(|one| text(one, "EncryptionKeyArn").to_owned()));
        let all_writes_seen = oracle::writes(&json!({ "Units": [unit] })).1;
        let all_listed = oracle::whole(unit, "BackupVaults", "backup:ListBackupVaults")
            && oracle::whole(unit, "RecoveryPoints", "backup:ListRecoveryPointsByBackupVault");
        let was_half_seen = !all_writes_seen || !all_listed || unit.to_string().contains("$unknown");
        Some(Gone { place: (text(unit, "Account").to_owned(), text(unit, "Region").to_owned()), reaches, was_half_seen })
    }

    fn takes(&self, kind: Kind, id: &str) -> bool {
        let (account, region) = &self.place;
        let doubted = self.was_half_seen && [Kind::Vault, Kind::Key].contains(&kind);
        doubted
            || kind == Kind::Account
            || self.reaches.contains(id)
            || (id.contains(account) && (id.contains(region) || kind == Kind::Role))
    }
}

/// Where the facts of `after` say more than those of `before`, or something else.
fn says_else(before: &Value, after: &Value) -> Option<String> {
    let told = |at: &str, below: String| format!("{at}.{below}");
    match (before, after) {
        (_, after) if is_unknown(after) => None,
        (Value::Object(before), Value::Object(after)) if !before.contains_key("$unknown") && before.len() == after.len() => {
            // A name that was not seen is told by another list, or by an id.
            let members = before.iter().filter(|(key, _)| !["name", "plan", "plans", "selected_by"].contains(&key.as_str()));
            members.filter_map(|(key, value)| says_else(value, after.get(key)?).map(|below| told(key, below))).next()
        }
        (Value::Array(before), Value::Array(after)) if before.len() == after.len() => before
            .iter()
            .zip(after)
            .enumerate()
            .find_map(|(at, (value, less))| says_else(value, less).map(|below| told(&at.to_string(), below))),
        (before, after) => (before != after).then(|| format!("came from {before} to {after}")),
    }
}

fn punctured(tape: &mut Tape) -> (Value, Hole, Value) {
    let whole = account::world(tape);
    let before = holes::punched(tape, whole, 2);
    let hole = tape.pick(&holes::possible(&before)).clone();
    let after = hole.in_(&before);
    (before, hole, after)
}

fn broken(what: String, hole: &Hole, before: &Value) -> TestCaseError {
    TestCaseError::fail(format!("{what}, after {hole:?} in\n{before:#}"))
}

pub fn of_facts(mut tape: Tape) -> Result<(), TestCaseError> {
    let (before, hole, after) = punctured(&mut tape);
    let (whole, less) = (read(&before), read(&after));
    let (whole, less) = (derive(&whole, as_of()), derive(&less, as_of()));
    let gone = Gone::with(&hole, &before);
    for kind in Kind::ALL {
        for subject in &less.of(kind).subjects {
            let facts = less.of(kind).facts_of(subject);
            let known = whole.of(kind).subjects.iter().find(|other| other.id == subject.id).map(|other| whole.of(kind).facts_of(other));
            let more = match known {
                _ if gone.as_ref().is_some_and(|gone| gone.takes(kind, &subject.id)) => None,
                Some(known) => says_else(&known.document, &facts.document),
                None => (!facts.is_gap).then(|| "appeared".to_owned()),
            };
            if let Some(what) = more {
                return Err(broken(format!("{kind} '{}': {what}", subject.id), &hole, &before));
            }
        }
    }
    vanished(&whole, &less, gone.as_ref()).map_or(Ok(()), |what| Err(broken(what, &hole, &before)))
}

/// A subject that is no longer there, although nothing stands for what is there and was not seen.
fn vanished(whole: &Subjects, less: &Subjects, gone: Option<&Gone>) -> Option<String> {
    for kind in Kind::ALL {
        // Some keys are shown by recovery points alone; what stands for those stands for them.
        let shown_by: &[Kind] = if kind == Kind::Key { &[Kind::Key, Kind::RecoveryPoint] } else { &[kind] };
        let stands_in = |facts: &Facts| {
            let gaps = shown_by.iter().flat_map(|kind| &less.of(*kind).facts).filter(|other| other.is_gap);
            gaps.into_iter().any(|gap| gap.account == facts.account && gap.region == facts.region)
        };
        for subject in &whole.of(kind).subjects {
            let facts = whole.of(kind).facts_of(subject);
            let there = less.of(kind).subjects.iter().any(|other| other.id == subject.id) || stands_in(facts);
            if !there && !facts.is_gap && !gone.is_some_and(|gone| gone.takes(kind, &subject.id)) {
                return Some(format!("{kind} '{}' vanished", subject.id));
            }
        }
    }
    None
}

/// The verdict of each rule on each subject, with the fingerprints of its findings.
fn verdicts(audit: &Audit) -> BTreeMap<(String, Id), (Verdict, BTreeSet<String>, bool)> {
    let mut verdicts = BTreeMap::new();
    for finding in audit.findings() {
        let key = (finding.rule.id.clone(), (finding.kind, finding.subject.id.to_string()));
        let entry = verdicts.entry(key).or_insert((finding.verdict(), BTreeSet::new(), finding.facts.is_gap));
        entry.1.insert(finding.fingerprint());
    }
    verdicts
}

/// All production; or, where tags say so, not.
pub fn environments(library: &Library) -> Environments {
    let mut environments = Environments::all_production(library);
    let tags = BTreeMap::from([("env".to_owned(), "dev".to_owned())]);
    let mut development = Environment { tags, ..Environment::with_defaults("development", false, library) };
    development.parameters.insert("retention_days".to_owned(), json!(7));
    environments.all.push(development);
    environments
}

/// Judging is dear: an account is judged once, and then with each of some holes that change its facts.
pub fn of_verdicts(mut tape: Tape, library: &Library) -> Result<(), TestCaseError> {
    let environments = if tape.chance(50) { environments(library) } else { Environments::all_production(library) };
    let world = account::world(&mut tape);
    let before = holes::punched(&mut tape, world, 2);
    let whole = read(&before);
    let whole = derive(&whole, as_of());
    let audit = judge(&whole, library, &environments, as_of()).map_err(|error| TestCaseError::fail(error.to_string()))?;
    let holes = holes::possible(&before);
    for _ in 0..12 {
        let hole = tape.pick(&holes);
        let less = read(&hole.in_(&before));
        let less = derive(&less, as_of());
        if Kind::ALL.iter().all(|kind| whole.of(*kind).facts == less.of(*kind).facts) {
            continue;
        }
        let audit_of_less = judge(&less, library, &environments, as_of()).map_err(|error| TestCaseError::fail(error.to_string()))?;
        compare(&audit, &audit_of_less, Gone::with(hole, &before)).map_err(|what| broken(what, hole, &before))?;
    }
    Ok(())
}

fn compare(whole: &Audit, less: &Audit, gone: Option<Gone>) -> Result<(), String> {
    let known = verdicts(whole);
    for ((rule, (kind, id)), (verdict, prints, is_gap)) in verdicts(less) {
        if verdict == Verdict::Unknown || gone.as_ref().is_some_and(|gone| gone.takes(kind, &id)) {
            continue;
        }
        let was = known.get(&(rule.clone(), (kind, id.clone())));
        let same = was.is_some_and(|(was, prints_then, _)| *was == verdict && prints == *prints_then);
        if !same && !(was.is_none() && (is_gap || verdict == Verdict::NotApplicable)) {
            let was = was.map_or("not there".to_owned(), |(was, prints, _)| format!("'{was}' ({})", prints.len()));
            return Err(format!("'{rule}' on '{id}' was {was} and is '{verdict}' ({})", prints.len()));
        }
    }
    let gate = Gate { fail_on: Severity::Low, fail_on_unknown: Some(Severity::Low) };
    let exits = (gate.conclude(whole, None).exit, gate.conclude(less, None).exit);
    // Nothing can tell that a unit should have been there.
    if exits.0 != Exit::Clean && exits.1 == Exit::Clean && gone.is_none() {
        return Err(format!("the exit code was {:?} and is clean", exits.0));
    }
    Ok(())
}

/// The same document with its units and every list of objects in another order.
pub fn shuffled(tape: &mut Tape, value: &Value) -> Value {
    match value {
        Value::Array(items) => {
            let mut items: Vec<Value> = items.iter().map(|item| shuffled(tape, item)).collect();
            tape.shuffle(&mut items);
            Value::Array(items)
        }
        Value::Object(object) => Value::Object(object.iter().map(|(key, value)| (key.clone(), shuffled(tape, value))).collect()),
        other => other.clone(),
    }
}

pub fn of_order(mut tape: Tape, library: &Library) -> Result<(), TestCaseError> {
    let environments = environments(library);
    let whole = account::world(&mut tape);
    let document = holes::punched(&mut tape, whole, 4);
    let other = shuffled(&mut tape, &document);
    let told = |document: &Value| {
        let snapshot = read(document);
        let subjects = derive(&snapshot, as_of());
        let audit = judge(&subjects, library, &environments, as_of()).map_err(|error| TestCaseError::fail(error.to_string()))?;
        let finding = |finding: backstop::audit::Finding| {
            json!([finding.rule.id, finding.subject.id, finding.verdict(), finding.message(), finding.fingerprint()])
        };
        Ok::<_, TestCaseError>(audit.findings().map(finding).collect::<Vec<Value>>())
    };
    let (one, two) = (told(&document)?, told(&other)?);
    match one.iter().zip(&two).find(|(one, two)| one != two) {
        None if one.len() == two.len() => Ok(()),
        found => Err(TestCaseError::fail(format!("{found:#?} in\n{document:#}"))),
    }
}

/// Two points that differ in nothing that a rule reads, in vaults whose tags nobody looked at: the parameters are
/// unknown for both, and neither may be told the other's reason.
pub fn reasons_are_their_own(library: &Library) {
    let vault = |name: &str| json!({ "BackupVaultName": name, "Locked": false });
    let point = |vault: &str| {
        json!({
            "RecoveryPointArn": format!("arn:aws:backup:us-east-1:111111111111:recovery-point:{vault}"),
            "BackupVaultName": vault, "ResourceType": "EBS", "Status": "COMPLETED", "Lifecycle": { "DeleteAfterDays": 14 },
        })
    };
    let unit = json!({
        "Account": "111111111111", "Region": "us-east-1", "Source": "aws", "Complete": ["BackupVaults", "RecoveryPoints"],
        "BackupVaults": [vault("one"), vault("two")], "RecoveryPoints": [point("one"), point("two")],
    });
    let snapshot = read(&json!({ "Schema": "backstop/snapshot/1", "Units": [unit] }));
    let subjects = derive(&snapshot, as_of());
    let environments = environments(library);
    let audit = judge(&subjects, library, &environments, as_of()).expect("the rules run");
    let told = audit.findings().filter(|finding| finding.rule.id == "retention/recovery-point-below-required");
    let told: Vec<(String, String)> = told.map(|finding| (finding.subject.name().to_owned(), finding.message())).collect();
    let expected = ["one", "two"].map(|name| {
        (name.to_owned(), {
            let vault = account::vault_arn("111111111111", "us-east-1", name);
            format!("Cannot be judged: the snapshot holds no answer to backup:ListTags on '{vault}'.")
        })
    });
    assert_eq!(told, expected);
}
