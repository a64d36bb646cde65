//! The calls that facts are said to rest on are those that they rest on: each is refused in turn, everywhere, and what turns
//! unknown because of it must be what the table says.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{LazyLock, Mutex};

use backstop::audit::{Environment, Environments, Verdict, inputs, judge};
use backstop::config::InForce;
use backstop::facts::{Facts, Kind, Subjects, derive, sources, sources_of_environment};
use backstop::policy::{Library, Rule, Source};
use backstop::snapshot::{Collection, Reason, Snapshot, Timestamp, from_slice};
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
    let filled: Vec<String> = filled_by(action).map(|of| format!("{of:?}")).collect();
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

fn filled_by(action: &str) -> impl Iterator<Item = Collection> {
    Collection::ALL.into_iter().filter(move |of| of.filled_by().contains(&action))
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

/// What refusals proved, over all worlds.
#[derive(Default)]
struct Proven {
    /// For each field, the calls whose refusal made it unknown in some world, by their own word.
    fields: BTreeMap<Field, BTreeSet<String>>,
    /// For each rule, the calls whose refusal made a verdict unknown in some world: where accounts tell the environment, and where
    /// tags do.
    rules: [BTreeMap<String, BTreeSet<String>>; 2],
}

/// Each world is seen without each call once, for all tests together.
static PROVEN: LazyLock<Proven> = LazyLock::new(|| {
    let worlds = worlds::all();
    let actions = actions(&worlds);
    let fields: BTreeMap<Kind, Vec<String>> = Kind::ALL.into_iter().map(|kind| (kind, fields_of(kind))).collect();
    let in_force: Vec<[(Library, Environments); 2]> = worlds.iter().map(|world| [false, true].map(|by| environments(world, by))).collect();
    let whole: Vec<Snapshot> = worlds.iter().map(|world| read(&world.document)).collect();
    let whole: Vec<Subjects> = whole.iter().map(|snapshot| derive(snapshot, as_of(snapshot))).collect();
    // Of a call that fills no list, nothing can be there any more or not.
    let ways = |action: &str| if filled_by(action).next().is_some() { vec![true, false] } else { vec![true] };
    let of_world = |world: usize| actions.iter().flat_map(move |action| ways(action).into_iter().map(move |way| (world, action, way)));
    let cases: Vec<(usize, &String, bool)> = (0..worlds.len()).flat_map(of_world).collect();
    let (next, proven) = (AtomicUsize::new(0), Mutex::new(Proven::default()));
    let work = || {
        while let Some((world, action, is_still_there)) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
            let snapshot = read(&without(action, &worlds[*world].document, *is_still_there));
            let subjects = derive(&snapshot, as_of(&snapshot));
            let of_fields = missed_by_field(&subjects, &fields);
            let is_changed = Kind::ALL.iter().any(|kind| whole[*world].of(*kind).facts != subjects.of(*kind).facts);
            let of_rules = in_force[*world].each_ref().map(|(library, environments)| match is_changed {
                true => blinded(action, &subjects, library, environments),
                false => BTreeSet::new(),
            });
            let mut proven = proven.lock().expect("no other thread failed");
            for (field, calls) in of_fields {
                proven.fields.entry(field).or_default().extend(calls.into_iter().filter(|call| call == *action));
            }
            for (proven, rules) in proven.rules.iter_mut().zip(of_rules) {
                rules.into_iter().for_each(|rule| _ = proven.entry(rule).or_default().insert((*action).clone()));
            }
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| (0..threads).for_each(|_| _ = scope.spawn(work)));
    proven.into_inner().expect("no thread failed")
});

/// The rules that are unknown somewhere because of the call. Those that are handed nothing that names it need not be judged.
fn blinded(action: &str, subjects: &Subjects, library: &Library, environments: &Environments) -> BTreeSet<String> {
    let names_it = |facts: &Facts| mentions(&facts.document, action) || by_call(facts.tags.reasons(), action);
    let kinds: BTreeSet<Kind> = Kind::ALL.into_iter().filter(|kind| subjects.of(*kind).facts.iter().any(names_it)).collect();
    let is_handed_it = |rule: &&Rule| {
        let kind: Kind = rule.subject().parse().expect("a kind");
        kinds.contains(&kind)
            && inputs(rule, subjects, environments).expect("the rule has inputs").iter().any(|input| mentions(&input["unknown"], action))
    };
    let rules: Vec<Rule> = library.rules.iter().filter(is_handed_it).cloned().collect();
    if rules.is_empty() {
        return BTreeSet::new();
    }
    let folders: Vec<String> = rules.iter().map(|rule| rule.package.replace("backstop.", "").replace('.', "/") + "/").collect();
    let is_needed = |source: &&Source| source.path.starts_with("lib/") || folders.iter().any(|folder| source.path.starts_with(folder));
    let library = Library { sources: library.sources.iter().filter(is_needed).cloned().collect(), rules, ..library.clone() };
    let audit = judge(subjects, &library, environments, Timestamp::from_millis(0).expect("a time")).expect("the rules run");
    let unknown = audit.findings().filter(|finding| finding.verdict() == Verdict::Unknown && by_call(&finding.outcome.reasons, action));
    unknown.map(|finding| finding.rule.id.clone()).collect()
}

fn by_call(reasons: &[Reason], action: &str) -> bool {
    reasons.iter().any(|reason| reason.call.as_deref() == Some(action))
}

/// Whether a reason in it names the call.
fn mentions(value: &Value, action: &str) -> bool {
    match value {
        Value::Object(object) => {
            object.get("call").is_some_and(|call| call == action) || object.values().any(|value| mentions(value, action))
        }
        Value::Array(list) => list.iter().any(|value| mentions(value, action)),
        _ => false,
    }
}

fn listed(kind: Kind, field: &str) -> BTreeSet<String> {
    sources(kind, &[field.to_owned()]).into_iter().map(str::to_owned).collect()
}

#[test]
fn a_field_rests_on_exactly_the_calls_whose_refusal_hides_it() {
    let mut faults = Vec::new();
    for ((kind, field), calls) in &PROVEN.fields {
        let listed = listed(*kind, field);
        faults.extend(calls.difference(&listed).map(|call| format!("{kind} {field}: {call} hides it and is not among its sources")));
        faults.extend(listed.difference(calls).map(|call| format!("{kind} {field}: {call} is among its sources and hides nothing")));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The lists of one type each, or of a few.
const OF_ONE_TYPE: [&str; 7] = [
    "ec2:DescribeInstances",
    "ec2:DescribeVolumes",
    "elasticfilesystem:DescribeFileSystems",
    "fsx:DescribeFileSystems",
    "rds:DescribeDBClusters",
    "rds:DescribeDBInstances",
    "s3:ListBuckets",
];

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

fn compare(by_tags: bool) {
    let library = Library::shipped().expect("the shipped rules load");
    let proven = &PROVEN.rules[usize::from(by_tags)];
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
        // A rule that concerns some types rests on the lists of these alone, which a table of fields does not tell.
        let by_type = rule.applies_reads.as_ref().is_some_and(|reads| reads.contains("type"));
        let idle = listed.difference(&calls).filter(|call| !(by_type && OF_ONE_TYPE.contains(&call.as_str())));
        faults.extend(idle.map(|call| format!("{}: {call} is among its sources and blinds nothing", rule.id)));
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
