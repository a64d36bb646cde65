//! What it costs to find out which plans select which resources: 20,000 resources, 300 plans, 3,000 selections; the same for a quarter
//! of the resources; and where every selection names every resource and none selects it, so that each pair must be looked at.

use std::hint::black_box;
use std::path::Path;

use backstop::facts::{Kind, derive};
use backstop::snapshot::{Snapshot, Timestamp, from_slice};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use serde_json::{Value, json};

/// `cargo test` runs every bench once, to see that it still runs.
const RESOURCES: usize = if cfg!(debug_assertions) { 1_000 } else { 20_000 };
const PLANS: usize = if cfg!(debug_assertions) { 15 } else { 300 };
const SELECTIONS_OF_A_PLAN: usize = 10;

const ACCOUNT: &str = "111122223333";
const REGION: &str = "us-east-1";
const TYPES: [(&str, &str); 4] = [("dynamodb", "table/"), ("ec2", "volume/"), ("ec2", "instance/"), ("elasticfilesystem", "file-system/")];

fn arn(number: usize) -> String {
    let (service, kind) = TYPES[number % TYPES.len()];
    format!("arn:aws:{service}:{REGION}:{ACCOUNT}:{kind}r-{number}")
}

/// By type and team, by tag, by ARN, or by everything with a condition.
fn selection(number: usize) -> Value {
    let condition = |key: &str, value: String| json!({ "StringEquals": [{ "ConditionKey": format!("aws:ResourceTag/{key}"), "ConditionValue": value }] });
    let (service, kind) = TYPES[number % TYPES.len()];
    let team = format!("team-{}", number % 400);
    match number % 8 {
        0..=3 => json!({ "Resources": [format!("arn:aws:{service}:*:*:{kind}*")], "Conditions": condition("Team", team) }),
        4 | 5 => json!({ "ListOfTags": [{ "ConditionKey": "Backup", "ConditionValue": format!("tier-{}", number % 50) }] }),
        6 => json!({ "Resources": [arn(number), arn(number * 3)] }),
        _ => json!({ "Resources": ["*"], "NotResources": ["arn:aws:ec2:*:*:volume/*"], "Conditions": condition("Team", team) }),
    }
}

/// Everything of the four types, by a tag that no resource has.
fn selection_of_nothing(number: usize) -> Value {
    let everything: Vec<String> = TYPES.iter().map(|(service, kind)| format!("arn:aws:{service}:*:*:{kind}*")).collect();
    let wanted = json!([{ "ConditionKey": "aws:ResourceTag/Squad", "ConditionValue": format!("squad-{number}") }]);
    json!({ "Resources": everything, "Conditions": { "StringEquals": wanted } })
}

fn world(resources: usize, selection: fn(usize) -> Value) -> Snapshot {
    let resources: Vec<Value> = (0..resources)
        .map(|number| {
            let tags = json!({ "Team": format!("team-{}", number % 500), "Backup": format!("tier-{}", number % 97), "Name": format!("r-{number}") });
            json!({ "ResourceARN": arn(number), "Tags": tags })
        })
        .collect();
    let plans: Vec<Value> = (0..PLANS)
        .map(|plan| {
            let selections: Vec<Value> = (0..SELECTIONS_OF_A_PLAN)
                .map(|at| json!({ "SelectionId": format!("s-{at}"), "BackupSelection": selection(plan * SELECTIONS_OF_A_PLAN + at) }))
                .collect();
            let rules = json!([{ "RuleName": "daily", "TargetBackupVaultName": format!("v-{plan}") }]);
            json!({
                "BackupPlanId": format!("p-{plan}"), "BackupPlan": { "BackupPlanName": format!("plan-{plan}"), "Rules": rules },
                "Selections": selections, "Tags": {},
            })
        })
        .collect();
    let names = ["DynamoDB", "EBS", "EC2", "EFS"];
    let opted_in: serde_json::Map<String, Value> = names.iter().map(|name| ((*name).to_owned(), json!(true))).collect();
    let unit = json!({
        "Account": ACCOUNT, "Region": REGION, "Source": "aws",
        "Complete": ["BackupVaults", "BackupPlans", "Resources", "ProtectedResources", "RecoveryPoints", "Tables"],
        "SupportedResourceTypes": { "ResourceTypes": names },
        "RegionSettings": { "ResourceTypeOptInPreference": opted_in },
        "BackupPlans": plans,
        "Resources": resources,
    });
    let document = json!({ "Schema": "backstop/snapshot/1", "Units": [unit] });
    from_slice(document.to_string().as_bytes(), Path::new("generated")).expect("the generated snapshot is valid")
}

fn selecting(criterion: &mut Criterion) {
    let as_of: Timestamp = "2026-11-22T09:00:00Z".parse().expect("a time");
    let mut group = criterion.benchmark_group(format!("{} selections", PLANS * SELECTIONS_OF_A_PLAN));
    group.sample_size(10);
    let worlds = [
        ("mixed", RESOURCES / 4, selection as fn(usize) -> Value),
        ("mixed", RESOURCES, selection),
        ("named by all, selected by none", RESOURCES / 4, selection_of_nothing),
        ("named by all, selected by none", RESOURCES, selection_of_nothing),
    ];
    for (name, resources, selection) in worlds {
        let snapshot = world(resources, selection);
        group.throughput(Throughput::Elements(resources as u64));
        group.bench_function(format!("{resources} resources, {name}"), |bencher| {
            bencher.iter(|| black_box(derive(&snapshot, as_of).of(Kind::Resource).subjects.len()))
        });
    }
    group.finish();
}

criterion_group!(benches, selecting);
criterion_main!(benches);
