//! The calls that facts are said to rest on are those that they rest on: each is refused in turn, everywhere, and what turns
//! unknown because of it must be what the table says.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use backstop::audit::{Environment, Environments, Verdict, judge};
use backstop::config::InForce;
use backstop::facts::{Kind, Subjects, derive, sources, sources_of_environment};
use backstop::policy::Library;
use backstop::snapshot::{Collection, Snapshot, Timestamp, from_slice};
use serde_json::{Value, json};

#[path = "sources/worlds.rs"]
mod worlds;

use worlds::World;

/// A field of a kind of subject.
type Field = (Kind, String);

fn read(document: &Value) -> Snapshot {
    from_slice(document.to_string().as_bytes(), Path::new("world.json")).expect("the world reads")
}

fn as_of(snapshot: &Snapshot) -> Timestamp {
    let taken = snapshot.units.iter().filter_map(|unit| unit.finished_at.known()).max();
    *taken.expect("a world says when it was seen")
}

/// The world in which every call of this action was denied. What a listing had brought is still there, or it is not.
fn without(action: &str, world: &Value, is_still_there: bool) -> Value {
    let (service, operation) = action.split_once(':').expect("an action");
    let filled: Vec<String> =
        Collection::ALL.into_iter().filter(|of| of.filled_by().contains(&action)).map(|of| format!("{of:?}")).collect();
    let mut world = world.clone();
    for unit in world["Units"].as_array_mut().expect("units") {
        let calls = unit.as_object_mut().expect("a unit").entry("Calls").or_insert_with(|| json!([]));
        calls.as_array_mut().expect("calls").push(json!({ "Service": service, "Operation": operation, "Outcome": "denied" }));
        let complete = unit["Complete"].as_array_mut().expect("collections");
        complete.retain(|name| !filled.iter().any(|gone| name == gone.as_str()));
        for gone in filled.iter().filter(|_| !is_still_there) {
            unit.as_object_mut().expect("a unit").remove(gone);
        }
    }
    world
}

/// Every action that a world's ledger or the table knows.
fn actions(worlds: &[World]) -> BTreeSet<String> {
    let calls =
        worlds.iter().flat_map(|world| world.document["Units"].as_array().expect("units")).flat_map(|unit| unit["Calls"].as_array());
    let of_call = |call: &Value| format!("{}:{}", call["Service"].as_str().expect("a text"), call["Operation"].as_str().expect("a text"));
    let mut actions: BTreeSet<String> = calls.flatten().map(of_call).collect();
    actions.extend(Kind::ALL.into_iter().flat_map(|kind| sources(kind, &fields_of(kind))).map(str::to_owned));
    actions
}

/// All fields of a kind, by its schema.
fn fields_of(kind: Kind) -> Vec<String> {
    let schema = kind.schema();
    let mut fields = Vec::new();
    gather(&schema, &schema, "", &mut fields);
    fields.sort();
    fields.dedup();
    fields
}

fn gather(node: &Value, root: &Value, at: &str, fields: &mut Vec<String>) {
    if let Some(name) = node["$ref"].as_str().and_then(|to| to.strip_prefix("#/$defs/")) {
        if !["Unknown", "Tags", "TagsForm"].contains(&name) {
            gather(&root["$defs"][name], root, at, fields);
        }
        return;
    }
    for choice in node["anyOf"].as_array().into_iter().flatten() {
        gather(choice, root, at, fields);
    }
    gather_items(node, root, at, fields);
    for (name, below) in node["properties"].as_object().into_iter().flatten() {
        let at = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
        fields.push(at.clone());
        gather(below, root, &at, fields);
    }
}

fn gather_items(node: &Value, root: &Value, at: &str, fields: &mut Vec<String>) {
    if node["items"].is_object() {
        gather(&node["items"], root, at, fields);
    }
}

/// The calls that the field's unknown parts name. Lists are transparent.
fn missed(value: &Value, path: &[&str], calls: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => match (object.get("$unknown"), path.split_first()) {
            (Some(reasons), _) => {
                let named = reasons.as_array().into_iter().flatten().filter_map(|reason| reason["call"].as_str());
                calls.extend(named.map(str::to_owned));
            }
            (None, Some((name, below))) => missed(object.get(*name).unwrap_or(&Value::Null), below, calls),
            (None, None) => object.values().for_each(|value| missed(value, &[], calls)),
        },
        Value::Array(list) => list.iter().for_each(|item| missed(item, path, calls)),
        _ => {}
    }
}

fn missed_by_field(subjects: &Subjects, fields: &BTreeMap<Kind, Vec<String>>) -> BTreeMap<Field, BTreeSet<String>> {
    let mut found: BTreeMap<Field, BTreeSet<String>> = BTreeMap::new();
    for kind in Kind::ALL {
        for facts in &subjects.of(kind).facts {
            for field in &fields[&kind] {
                let path: Vec<&str> = field.split('.').collect();
                missed(&facts.document, &path, found.entry((kind, field.clone())).or_default());
            }
        }
    }
    found
}

/// The world with each call refused, in both ways.
fn refusals<'a>(world: &'a World, actions: &'a BTreeSet<String>) -> impl Iterator<Item = (&'a String, Snapshot)> {
    let both = move |action: &'a String| [true, false].map(|kept| (action, read(&without(action, &world.document, kept))));
    actions.iter().flat_map(both)
}

/// For each field, the calls whose refusal made it unknown in some world, by their own word.
fn proven(worlds: &[World]) -> BTreeMap<Field, BTreeSet<String>> {
    let fields: BTreeMap<Kind, Vec<String>> = Kind::ALL.into_iter().map(|kind| (kind, fields_of(kind))).collect();
    let mut proven: BTreeMap<Field, BTreeSet<String>> = BTreeMap::new();
    let actions = actions(worlds);
    for (action, snapshot) in worlds.iter().flat_map(|world| refusals(world, &actions)) {
        let subjects = derive(&snapshot, as_of(&snapshot));
        for (field, calls) in missed_by_field(&subjects, &fields) {
            proven.entry(field).or_default().extend(calls.into_iter().filter(|call| call == action));
        }
    }
    proven
}

fn listed(kind: Kind, field: &str) -> BTreeSet<String> {
    sources(kind, &[field.to_owned()]).into_iter().map(str::to_owned).collect()
}

#[test]
fn a_field_rests_on_exactly_the_calls_whose_refusal_hides_it() {
    let mut faults = Vec::new();
    for ((kind, field), calls) in proven(&worlds::all()) {
        let listed = listed(kind, &field);
        faults.extend(calls.difference(&listed).map(|call| format!("{kind} {field}: {call} hides it and is not among its sources")));
        faults.extend(listed.difference(&calls).map(|call| format!("{kind} {field}: {call} is among its sources and hides nothing")));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// As configured, but for what tags say; or with other values of everything that a rule may be told where tags say so.
fn environments(world: &World, by_tags: bool) -> (Library, Environments) {
    let InForce { library, mut environments, .. } = world.in_force();
    if !by_tags {
        environments.all.iter_mut().for_each(|environment| environment.tags.clear());
    } else {
        let tags = BTreeMap::from([("env".to_owned(), "dev".to_owned())]);
        let mut lax = Environment { tags, ..Environment::with_defaults("by tags", false, &library) };
        lax.parameters.values_mut().for_each(|value| *value = json!("other"));
        environments.all.push(lax);
    }
    (library, environments)
}

/// For each rule, the calls whose refusal made a verdict unknown in some world.
fn proven_by_rule(by_tags: bool) -> BTreeMap<String, BTreeSet<String>> {
    let worlds = worlds::all();
    let actions = actions(&worlds);
    let mut proven: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for world in &worlds {
        let (library, environments) = environments(world, by_tags);
        let whole = read(&world.document);
        let whole = derive(&whole, as_of(&whole));
        for (action, snapshot) in refusals(world, &actions) {
            let subjects = derive(&snapshot, as_of(&snapshot));
            if Kind::ALL.iter().all(|kind| whole.of(*kind).facts == subjects.of(*kind).facts) {
                continue;
            }
            let audit = judge(&subjects, &library, &environments, as_of(&snapshot)).expect("the rules run");
            let unknown = audit.findings().filter(|finding| finding.verdict() == Verdict::Unknown);
            let by_it = unknown.filter(|finding| finding.outcome.reasons.iter().any(|reason| reason.call.as_ref() == Some(action)));
            let rules: BTreeSet<String> = by_it.map(|finding| finding.rule.id.clone()).collect();
            rules.into_iter().for_each(|rule| _ = proven.entry(rule).or_default().insert(action.clone()));
        }
    }
    proven
}

fn compare(by_tags: bool) {
    let library = Library::shipped().expect("the shipped rules load");
    let proven = proven_by_rule(by_tags);
    let mut faults = Vec::new();
    for rule in &library.rules {
        let kind: Kind = rule.subject().parse().expect("a kind");
        let mut listed = sources(kind, rule.reads());
        if by_tags && !rule.metadata.custom.parameters.is_empty() {
            listed.extend(sources_of_environment(kind));
        }
        let listed: BTreeSet<String> = listed.into_iter().map(str::to_owned).collect();
        let calls = proven.get(&rule.id).cloned().unwrap_or_default();
        faults.extend(calls.difference(&listed).map(|call| format!("{}: {call} blinds it and is not among its sources", rule.id)));
        faults.extend(listed.difference(&calls).map(|call| format!("{}: {call} is among its sources and blinds nothing", rule.id)));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_rule_rests_on_exactly_the_calls_whose_refusal_blinds_it() {
    compare(false);
}

#[test]
fn where_tags_tell_the_environment_rules_with_parameters_rest_on_them_as_well() {
    compare(true);
}

#[test]
fn a_field_that_is_read_whole_rests_on_all_of_its_parts() {
    let whole = sources(Kind::PlanRule, &["copies".to_owned()]);
    assert!(whole.contains("kms:GetKeyPolicy") && whole.contains("backup:DescribeBackupVault"));
    let other = sources(Kind::Vault, &["lock.mode_of_speech".to_owned()]);
    assert!(!other.contains("backup:DescribeBackupVault"), "a path is compared part by part");
}
