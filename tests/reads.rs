//! A rule sees what it declares to read, and nothing else: an unknown there never passes, and nothing else moves a verdict.

use std::collections::{BTreeMap, BTreeSet};

use backstop::audit::{Audit, Environments, Verdict, judge};
use backstop::facts::{Kind, Subjects, derive};
use backstop::policy::Library;
use backstop::snapshot::{Digest, Observed, Timestamp, read};
use serde_json::{Value, json};

const WORLDS: [&str; 3] = ["fixtures/clean.json", "fixtures/menagerie.json", "fixtures/tattoo_directory_prod.json"];

fn as_of() -> Timestamp {
    "2026-11-22T09:00:00Z".parse().expect("a time")
}

/// What stands in place of facts that a rule does not read.
fn others() -> [Value; 8] {
    [
        json!(null),
        json!(true),
        json!(false),
        json!(-1),
        json!(1_000_000),
        json!(""),
        json!("other"),
        json!({"$unknown": [{"cause": "denied", "detail": "x"}]}),
    ]
}

/// The pointers of everything that holds nothing further.
fn leaves(value: &Value, at: &str, found: &mut BTreeSet<String>) {
    let token = |key: &str| key.replace('~', "~0").replace('/', "~1");
    match value {
        Value::Object(members) if !members.is_empty() && !members.keys().any(|key| key.starts_with('$')) => {
            members.iter().for_each(|(key, value)| leaves(value, &format!("{at}/{}", token(key)), found));
        }
        Value::Array(items) if !items.is_empty() => {
            items.iter().enumerate().for_each(|(index, item)| leaves(item, &format!("{at}/{index}"), found))
        }
        _ => _ = found.insert(at.to_owned()),
    }
}

fn leaves_of(value: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    leaves(value, "", &mut found);
    found
}

/// One case: a rule, the facts it was asked about, and what was done to them.
struct Case {
    rule: String,
    what: String,
    /// The verdict and the messages that must come out again; `None`: anything but a pass.
    same: Option<(Verdict, Vec<String>)>,
}

fn with(document: &Value, pointer: &str, value: Value) -> Value {
    let mut changed = document.clone();
    if let Some(place) = changed.pointer_mut(pointer) {
        *place = value;
    }
    changed
}

/// Facts for every case, of one distinct outcome of each rule of the kind.
fn cases(audit: &Audit, kind: Kind, into: &mut Subjects) -> BTreeMap<String, Case> {
    let mut cases = BTreeMap::new();
    for judgement in audit.judgements.iter().filter(|judgement| judgement.kind == kind) {
        let mut seen = BTreeSet::new();
        for (index, facts) in audit.subjects.of(kind).facts.iter().enumerate() {
            let outcome = judgement.outcome(index);
            if outcome.verdict == Verdict::Unknown || !seen.insert(outcome.evidence.to_string()) {
                continue;
            }
            let mut add = |document: Value, what: String, same| {
                let id = format!("{}|{index}|{what}", judgement.rule.id);
                // No tags: what they say of the environment is not what is tried here.
                let facts = backstop::facts::Facts { document, tags: Observed::Known(Default::default()), ..facts.clone() };
                into.of_mut(kind).push(id.clone(), id.clone(), facts);
                cases.insert(id, Case { rule: judgement.rule.id.clone(), what, same });
            };
            let declared = leaves_of(&outcome.evidence);
            for pointer in &declared {
                assert!(facts.document.pointer(pointer).is_some(), "{}: {pointer}", judgement.rule.id);
                let unknown = json!({"$unknown": [{"cause": "not_declared", "detail": "it was made unknown"}]});
                add(with(&facts.document, pointer, unknown), pointer.clone(), None);
            }
            let is_read = |pointer: &String| declared.iter().any(|read| pointer == read || pointer.starts_with(&format!("{read}/")));
            let undeclared: Vec<String> = leaves_of(&facts.document).into_iter().filter(|pointer| !is_read(pointer)).collect();
            let mut messages: Vec<String> = outcome.violations.iter().map(|violation| violation.message.clone()).collect();
            messages.sort();
            for (at, other) in others().into_iter().enumerate() {
                let mut changed = facts.document.clone();
                for pointer in &undeclared {
                    *changed.pointer_mut(pointer).expect("a leaf") = other.clone();
                }
                add(changed, format!("undeclared {at}"), Some((outcome.verdict, messages.clone())));
            }
        }
    }
    cases
}

#[test]
fn what_a_rule_reads_must_be_known_and_what_it_does_not_read_moves_nothing() {
    let library = Library::shipped().expect("the rules");
    let environments = Environments::all_production(&library);
    let mut tried = BTreeMap::<String, usize>::new();
    for world in WORLDS {
        let reading = read(world.as_ref(), Digest::Skip).expect("the world");
        let subjects = derive(&reading.snapshot, as_of());
        let audit = judge(&subjects, &library, &environments, as_of()).expect("an audit");
        let mut changed = Subjects::default();
        let cases: BTreeMap<Kind, _> = Kind::ALL.into_iter().map(|kind| (kind, cases(&audit, kind, &mut changed))).collect();
        let audit = judge(&changed, &library, &environments, as_of()).expect("an audit");
        for judgement in &audit.judgements {
            let subjects = changed.of(judgement.kind);
            for subject in &subjects.subjects {
                let case = &cases[&judgement.kind][subject.id.as_ref()];
                if case.rule != judgement.rule.id {
                    continue;
                }
                let outcome = judgement.outcome(subject.facts);
                let mut messages: Vec<String> = outcome.violations.iter().map(|violation| violation.message.clone()).collect();
                messages.sort();
                match &case.same {
                    None => assert!(
                        matches!(outcome.verdict, Verdict::Unknown | Verdict::NotApplicable),
                        "{world}: {} is {} with '{}' unknown",
                        case.rule,
                        outcome.verdict,
                        case.what
                    ),
                    Some(same) => assert_eq!(same, &(outcome.verdict, messages), "{world}: {}", subject.id),
                }
                *tried.entry(case.rule.clone()).or_default() += 1;
            }
        }
    }
    let untried: Vec<&str> = library.rules.iter().map(|rule| rule.id.as_str()).filter(|rule| !tried.contains_key(*rule)).collect();
    assert_eq!(untried, Vec::<&str>::new(), "no subject of these rules is known");
    println!("{} cases of {} rules", tried.values().sum::<usize>(), tried.len());
}
