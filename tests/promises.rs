//! The promises of the specification: what stands in the data files is complete and true to the rules, and no promise is called
//! kept without data.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use backstop::audit::{Keeping, judge, promises};
use backstop::config::{self, InForce};
use backstop::facts::derive;
use backstop::policy::{Library, Strength};
use backstop::snapshot::{Collection, Digest, Snapshot, from_slice, read};
use serde_json::json;

/// The last line of the specification.
const LAST_LINE: u32 = 211;

fn library() -> Library {
    Library::shipped().expect("the shipped rules load")
}

/// What becomes of each promise on a world, with some rules switched off.
fn kept(world: &str, switched_off: &[&str]) -> BTreeMap<String, Keeping> {
    let path = PathBuf::from(format!("fixtures/{world}.toml"));
    let mut in_force: InForce = match std::fs::read_to_string(&path) {
        Ok(text) => config::apply(&text, &path, library()).expect("the world's configuration is valid"),
        Err(_) => config::defaults(library()),
    };
    in_force.library.rules.retain(|rule| !switched_off.contains(&rule.id.as_str()));
    let reading = read(Path::new(&format!("fixtures/{world}.json")), Digest::Skip).expect("the world can be read");
    kept_in(&reading.snapshot, &in_force)
}

fn kept_in(snapshot: &Snapshot, in_force: &InForce) -> BTreeMap<String, Keeping> {
    let seen = snapshot.units.iter().filter_map(|unit| unit.finished_at.known()).max();
    let as_of = seen.copied().unwrap_or_else(|| "2026-11-22".parse().expect("a day"));
    let subjects = derive(snapshot, as_of);
    let audit = judge(&subjects, &in_force.library, &in_force.environments, as_of).expect("the rules run");
    promises(&audit, &in_force.library.promises).into_iter().map(|judged| (judged.promise.id.clone(), judged.keeping)).collect()
}

fn with(kept: &BTreeMap<String, Keeping>, keeping: Keeping) -> BTreeSet<&str> {
    kept.iter().filter(|(_, is)| **is == keeping).map(|(promise, _)| promise.as_str()).collect()
}

#[test]
fn every_rule_that_a_promise_names_exists() {
    let library = library();
    let named: BTreeSet<&str> = library.promises.iter().flat_map(|promise| &promise.rules).map(String::as_str).collect();
    let missing: Vec<&&str> = named.iter().filter(|id| library.rule(id).is_none()).collect();
    assert!(missing.is_empty(), "no such rules: {missing:?}");
}

#[test]
fn every_line_that_a_rule_or_a_parameter_cites_is_promised() {
    let library = library();
    let promised: BTreeSet<&str> = library.promises.iter().flat_map(|promise| &promise.spec).map(String::as_str).collect();
    let by_rules = library.rules.iter().flat_map(|rule| rule.metadata.custom.spec.iter().map(move |line| (rule.id.as_str(), line)));
    let by_parameters =
        library.definitions.iter().flat_map(|(name, definition)| definition.spec.iter().map(move |line| (name.as_str(), line)));
    let missing: Vec<_> = by_rules.chain(by_parameters).filter(|(_, line)| !promised.contains(line.as_str())).collect();
    assert!(missing.is_empty(), "no promise stands at these lines: {missing:?}");
}

#[test]
fn lines_of_promises_are_lines_of_the_specification() {
    for promise in library().promises {
        for line in &promise.spec {
            let number: u32 = line.strip_prefix('S').and_then(|digits| digits.parse().ok()).expect("the loader checks its form");
            assert!((1..=LAST_LINE).contains(&number), "{}: {line}", promise.id);
        }
    }
}

#[test]
fn what_a_promise_states_is_the_default_of_its_parameter() {
    let library = library();
    for promise in &library.promises {
        for (name, value) in &promise.states {
            if let Some(definition) = library.definitions.get(name) {
                assert_eq!(definition.default_in(true), value, "{}: {name}", promise.id);
            }
        }
    }
}

#[test]
fn nothing_is_contradicted_in_the_clean_world_and_something_is_verified() {
    let kept = kept("clean", &[]);
    assert_eq!(with(&kept, Keeping::Contradicted), BTreeSet::new());
    assert!(with(&kept, Keeping::Verified).contains("replication"));
}

#[test]
fn nothing_is_verified_where_nothing_was_seen() {
    let kept = kept("half_blind", &[]);
    assert_eq!(with(&kept, Keeping::Verified), BTreeSet::new());
    assert_eq!(with(&kept, Keeping::Contradicted), BTreeSet::new());
}

#[test]
fn nothing_is_verified_where_there_is_nothing_to_judge() {
    let unit = json!({ "Account": "111122223333", "Region": "us-east-1", "Source": "aws", "Complete": Collection::ALL });
    for units in [json!([]), json!([unit])] {
        let document = json!({ "Schema": "backstop/snapshot/1", "Units": units }).to_string();
        let snapshot = from_slice(document.as_bytes(), Path::new("empty.json")).expect("it is a snapshot");
        let kept = kept_in(&snapshot, &config::defaults(library()));
        assert_eq!(with(&kept, Keeping::Verified), BTreeSet::new(), "{units}");
    }
}

#[test]
fn a_promise_is_unproven_when_one_of_its_rules_found_nothing_to_judge() {
    let text = std::fs::read_to_string("fixtures/clean.json").expect("the world can be read");
    let mut world: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    for unit in world["Units"].as_array_mut().expect("units") {
        unit["RecoveryPoints"] = json!([]);
        unit["BackupVaults"].as_array_mut().expect("vaults").iter_mut().for_each(|vault| vault["NumberOfRecoveryPoints"] = 0.into());
    }
    let snapshot = from_slice(world.to_string().as_bytes(), Path::new("clean.json")).expect("it is a snapshot");
    let text = std::fs::read_to_string("fixtures/clean.toml").expect("the world's configuration");
    let in_force = config::apply(&text, Path::new("clean.toml"), library()).expect("it is valid");
    assert_eq!(kept_in(&snapshot, &in_force)["customer-managed-key"], Keeping::Unproven);
    assert_eq!(kept("clean", &[])["customer-managed-key"], Keeping::Verified);
}

#[test]
fn a_promise_whose_rules_concern_nothing_is_unproven() {
    // The locks of this world are settled, so that nobody can tell how long they could be changed.
    assert_eq!(kept("clean", &[])["lock-cooling-off"], Keeping::Unproven);
}

#[test]
fn a_promise_is_unproven_when_one_of_its_rules_was_not_judged() {
    assert_eq!(kept("clean", &[])["lock"], Keeping::Verified);
    assert_eq!(kept("clean", &["vault-lock/mode-too-weak"])["lock"], Keeping::Unproven);
}

#[test]
fn a_promise_that_no_api_can_show_is_contradicted_by_a_rule_and_never_verified() {
    assert_eq!(kept("clean", &[])["regulated-retention"], Keeping::NotVerifiable);
    assert_eq!(kept("menagerie", &[])["regulated-retention"], Keeping::Contradicted);
}

#[test]
fn every_promise_that_a_rule_can_contradict_is_contradicted_in_the_menagerie() {
    let library = library();
    let kept = kept("menagerie", &[]);
    for promise in &library.promises {
        if promise.rules.iter().any(|id| library.rule(id).is_some()) {
            assert_eq!(kept[&promise.id], Keeping::Contradicted, "{}", promise.id);
        }
    }
}

#[test]
fn rules_name_known_clauses_only() {
    let library = library();
    let mut invented = Vec::new();
    for rule in &library.rules {
        for (framework, clauses) in &rule.metadata.custom.frameworks {
            for clause in clauses.keys().filter(|clause| library.frameworks.clause(framework, clause).is_none()) {
                invented.push(format!("{}: {framework} {clause}", rule.id));
            }
        }
    }
    assert!(invented.is_empty(), "these clauses do not stand in policies/frameworks.toml:\n{}", invented.join("\n"));
}

#[test]
fn clauses_are_told_in_words_that_a_table_can_hold() {
    for (framework, clauses) in library().frameworks.clauses {
        for (name, clause) in clauses {
            for text in [&clause.asks, &clause.remains] {
                assert!(!text.is_empty() && !text.contains(['|', '\n']) && !text.ends_with('.'), "{framework} {name}: {text}");
            }
        }
    }
}

/// Configuration alone shows what is meant to happen; only what was observed of points, copies and restores can prove a clause.
#[test]
fn only_rules_on_what_happened_prove_a_clause() {
    for rule in library().rules {
        let proves = rule.metadata.custom.frameworks.values().flat_map(BTreeMap::values).any(|strength| *strength == Strength::Proves);
        let of_what_happened = ["recovery_point", "resource"].contains(&rule.subject());
        assert!(!proves || of_what_happened, "{} judges each {} and is said to prove a clause", rule.id, rule.subject());
    }
}
