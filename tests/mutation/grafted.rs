//! Worlds whose every verdict is known, with what no fixture has grafted on: alarms, topics, roles and the rest, so that a look at
//! them takes every operation that there is.

use serde_json::{Value, json};

use crate::audit::Sight;

/// Collections that come from the test server's own world.
const GRAFTS: [&str; 15] = [
    "ScanJobs",
    "Frameworks",
    "ReportPlans",
    "RestoreTestingPlans",
    "LegalHolds",
    "TieringConfigurations",
    "Inventory",
    "Topics",
    "Alarms",
    "CompositeAlarms",
    "Metrics",
    "EventRules",
    "Roles",
    "Trails",
    "Organization",
];

/// Everything passes, or does not apply.
pub fn clean() -> Sight {
    let mut world = grafted("fixtures/clean.json");
    // The other account has nothing in the second Region, but for the trail that logs all Regions.
    let mut nothing = world["Units"][2].clone();
    nothing["Region"] = "us-west-2".into();
    for (name, member) in nothing.as_object_mut().expect("a unit") {
        if member.is_array() && !["Inventory", "Trails"].contains(&name.as_str()) {
            *member = Value::Array(Vec::new());
        }
    }
    world["Units"].as_array_mut().expect("units").push(nothing);
    let arguments = "--config fixtures/clean.toml --region us-east-1 --region us-west-2 --inventory all \
                     --account 111122223333 --account 444455556666 --role Audit";
    Sight { name: "clean", world, page_size: 50, arguments: arguments.split_whitespace().collect(), code: 0, ways: vec![], operations: 55 }
}

/// The demonstration system: contradictions that fail.
pub fn with_findings() -> Sight {
    Sight {
        name: "tattoo_directory_prod",
        world: grafted("fixtures/tattoo_directory_prod.json"),
        page_size: 50,
        arguments: vec!["--region", "us-east-1", "--region", "us-west-2", "--inventory", "all"],
        code: 1,
        // What the others do to verdicts, these do.
        ways: vec!["denied", "denied, page 2", "truncated body", "empty answer", "repeated token"],
        operations: 55,
    }
}

fn read(path: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).expect("the file is there")).expect("JSON")
}

fn grafted(path: &str) -> Value {
    let (mut world, mut donor) = (read(path), read("tests/server/world.json"));
    let donor = &mut donor["Units"][0];
    for (member, donor) in GRAFTS.iter().map(|member| (member, donor[member].take())) {
        let best = best(&donor);
        for unit in world["Units"].as_array_mut().expect("units") {
            match &mut unit[member] {
                Value::Array(items) if !items.is_empty() => items.iter_mut().for_each(|item| fill(item, &best)),
                absent if *member == "Inventory" || !donor.is_array() => *absent = donor.clone(),
                absent => *absent = Value::Array(vec![best.clone()]),
            }
        }
    }
    // What a plan or vault names is asked about, and nothing else; so the grafts get names that are asked about.
    let text = serde_json::to_string(&world["Units"][0]["BackupPlans"]).expect("JSON");
    let role = named(&text, ":iam::", ":role/");
    let alarms = serde_json::to_string(&world["Units"][0]).expect("JSON");
    let topic = named(&alarms, ":sns:", ":");
    for unit in world["Units"].as_array_mut().expect("units") {
        // Their topics are not of this world.
        for member in ["Alarms", "CompositeAlarms"] {
            for alarm in unit[member].as_array_mut().into_iter().flatten() {
                let is_ours = alarm["AlarmArn"].as_str().is_some_and(|arn| arn.contains(":us-"));
                if !is_ours {
                    for actions in ["AlarmActions", "OKActions", "InsufficientDataActions"] {
                        alarm[actions] = json!([]);
                    }
                }
            }
        }
        // Of these nobody knows what they do.
        for rule in unit["EventRules"].as_array_mut().into_iter().flatten() {
            rule["State"] = json!("DISABLED");
        }
        for plan in unit["BackupPlans"].as_array_mut().into_iter().flatten() {
            fill(plan, &json!({"Versions": [{"BackupPlanId": plan["BackupPlanId"], "VersionId": "1"}]}));
        }
        for key in unit["Keys"].as_array_mut().into_iter().flatten() {
            fill(key, &json!({"Grants": [], "Aliases": []}));
        }
        let names = format!("{} {}", unit["BackupPlans"], unit["BackupVaults"]);
        for (member, name, value) in [("Roles", "Arn", &role), ("Topics", "TopicArn", &topic)] {
            if let (Some(value), Some(first)) = (value, unit[member].as_array_mut().and_then(|list| list.first_mut())) {
                let is_named = first[name].as_str().is_some_and(|own| names.contains(own));
                if !is_named {
                    first[name] = value.as_str().into();
                }
            }
        }
    }
    world
}

/// The item that shows the most.
fn best(list: &Value) -> Value {
    let items = list.as_array().into_iter().flatten();
    items.max_by_key(|item| item.as_object().map_or(0, |members| members.len())).cloned().unwrap_or_default()
}

/// Gives an item the members that it lacks, those of its lists' items as well.
fn fill(item: &mut Value, donor: &Value) {
    let (Value::Object(members), Value::Object(donor)) = (item, donor) else { return };
    for (name, value) in donor {
        match members.get_mut(name) {
            None => _ = members.insert(name.clone(), value.clone()),
            Some(Value::Array(own)) => own.iter_mut().for_each(|own| fill(own, &best(value))),
            Some(_) => {}
        }
    }
}

/// The first ARN in the text that holds both parts.
fn named(text: &str, service: &str, then: &str) -> Option<String> {
    let arns = text.split('"').filter(|word| word.starts_with("arn:"));
    arns.filter(|arn| arn.split_once(service).is_some_and(|(_, rest)| rest.contains(then))).map(str::to_owned).next()
}
