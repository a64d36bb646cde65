//! The four worlds: every rule fires on `menagerie`, none on `clean`, and on `half_blind` every one is unknown and none passes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use backstop::audit::{Verdict, judge};
use backstop::config::{self, InForce};
use backstop::facts::derive;
use backstop::policy::Library;
use backstop::snapshot::{Digest, Timestamp, read};

/// For each rule, the subjects that came to each verdict, with what was said.
type Verdicts = BTreeMap<String, BTreeMap<Verdict, Vec<String>>>;

fn in_force(world: &str) -> InForce {
    let library = Library::shipped().expect("the shipped rules load");
    let path = PathBuf::from(format!("fixtures/{world}.toml"));
    match std::fs::read_to_string(&path) {
        Ok(text) => config::apply(&text, &path, library).expect("the world's configuration is valid"),
        Err(_) => config::defaults(library),
    }
}

fn verdicts(world: &str) -> Verdicts {
    let in_force = in_force(world);
    let reading = read(Path::new(&format!("fixtures/{world}.json")), Digest::Skip).expect("the world can be read");
    let taken = reading.snapshot.units.iter().filter_map(|unit| unit.finished_at.known()).max();
    let as_of: Timestamp = *taken.expect("a world says when it was seen");
    let subjects = derive(&reading.snapshot, as_of);
    let audit = judge(&subjects, &in_force.library, &in_force.environments, as_of).expect("the rules run");
    let mut verdicts: Verdicts = in_force.library.rules.iter().map(|rule| (rule.id.clone(), BTreeMap::new())).collect();
    for finding in audit.findings() {
        let said = format!("{}: {}", finding.subject.name(), finding.message());
        verdicts.entry(finding.rule.id.clone()).or_default().entry(finding.verdict()).or_default().push(said);
    }
    verdicts
}

fn with(verdicts: &Verdicts, verdict: Verdict) -> BTreeMap<&str, &[String]> {
    verdicts.iter().filter_map(|(rule, by_verdict)| by_verdict.get(&verdict).map(|said| (rule.as_str(), said.as_slice()))).collect()
}

fn all(verdicts: &Verdicts) -> BTreeSet<&str> {
    verdicts.keys().map(String::as_str).collect()
}

fn missing(verdicts: &Verdicts, verdict: Verdict) -> Vec<&str> {
    let there = with(verdicts, verdict);
    all(verdicts).into_iter().filter(|rule| !there.contains_key(rule)).collect()
}

#[test]
fn every_rule_fires_on_the_menagerie() {
    assert_eq!(missing(&verdicts("menagerie"), Verdict::Fail), Vec::<&str>::new());
}

#[test]
fn no_rule_fires_or_is_in_doubt_on_the_clean_world() {
    let verdicts = verdicts("clean");
    assert_eq!(with(&verdicts, Verdict::Fail), BTreeMap::new());
    assert_eq!(with(&verdicts, Verdict::Unknown), BTreeMap::new());
}

#[test]
fn nearly_every_rule_passes_on_something_in_the_clean_world() {
    // The only ones that a production account whose locks are settled cannot show.
    let settled = ["replication/copy-not-required", "vault-lock/becoming-immutable-invalid", "vault-lock/changeable-period"];
    assert_eq!(missing(&verdicts("clean"), Verdict::Pass), settled);
}

#[test]
fn on_the_half_blind_world_every_rule_is_in_doubt_and_none_passes() {
    let verdicts = verdicts("half_blind");
    assert_eq!(with(&verdicts, Verdict::Pass), BTreeMap::new());
    assert_eq!(with(&verdicts, Verdict::Fail), BTreeMap::new());
    assert_eq!(missing(&verdicts, Verdict::Unknown), Vec::<&str>::new());
}

#[test]
fn no_rule_errs_on_any_world() {
    for world in ["clean", "menagerie", "half_blind", "tattoo_directory_prod"] {
        for (rule, said) in with(&verdicts(world), Verdict::Unknown) {
            assert!(!said.iter().any(|said| said.contains(&format!("rule '{rule}' failed"))), "{world}: {said:?}");
        }
    }
}

#[test]
fn the_specification_contradicts_itself_where_its_readers_say_it_does() {
    let verdicts = verdicts("tattoo_directory_prod");
    let fired = with(&verdicts, Verdict::Fail);
    assert!(
        fired["vault-lock/retention-out-of-range"].iter().any(|said| said.contains("120")),
        "weekly points outlive the lock's maximum of 60"
    );
    assert!(fired.contains_key("vault-lock/minimum-retention"), "a minimum of one day has no effect");
    assert!(
        fired["objective/rpo-not-guaranteed"].iter().any(|said| said.contains("31 hours, and 24 are allowed")),
        "daily runs with windows of an hour and of five guarantee 30 hours, and 31 where the weekly run takes the daily one's place"
    );
    assert!(fired.contains_key("schedule/rules-collide"), "the daily run may still be active when the weekly one must have started");
}

#[test]
fn the_weekly_jobs_of_the_specification_fail_for_the_lock_that_refuses_them() {
    let verdicts = verdicts("tattoo_directory_prod");
    let fired = with(&verdicts, Verdict::Fail);
    let refused =
        "its retention lies outside of the range that the lock of the vault allows; see what 'vault-lock/retention-out-of-range' reports";
    let of_backups: Vec<&String> = fired["job/failed"].iter().filter(|said| said.contains("backup job")).collect();
    assert_eq!(of_backups.len(), 3, "one for each table that is selected: {of_backups:?}");
    assert!(of_backups.iter().all(|said| said.contains(refused)), "{of_backups:?}");
}
