//! The document: a unit for each account and Region, what stands in more than one of them, and which collections are whole.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value as Json, json};

use super::companions::settle;
use super::convert::{Members, unknown};
use super::identity::partition;
use super::objects::{BACKUP_KEY, backup_key, not_declared, undeclarable};
use super::shelf::Shelf;
use crate::snapshot::{SCHEMA, Source};
use crate::terraform::mapping::TYPES;

/// The collections that a root can tell all of: Terraform declares each object of them, and no object of them comes into being otherwise.
/// All others hold what happens (points, jobs, metrics), or what Terraform does not declare (legal holds, tiers, the organization).
const DECLARABLE: [&str; 14] = [
    "BackupVaults",
    "BackupPlans",
    "Keys",
    "Topics",
    "Alarms",
    "CompositeAlarms",
    "EventRules",
    "Roles",
    "Tables",
    "Resources",
    "RestoreTestingPlans",
    "Trails",
    "Frameworks",
    "ReportPlans",
];
/// A role that AWS Backup makes by itself.
const DEFAULT_ROLE: &str = "/AWSBackupDefaultServiceRole";

type Collections = BTreeMap<&'static str, Vec<Json>>;

/// `is_whole`: the root is taken for all that there is.
pub fn document(mut shelf: Shelf, source: &Source, is_whole: bool) -> Json {
    let mut of_accounts: BTreeMap<String, Collections> = BTreeMap::new();
    let mut of_units: BTreeMap<(String, String), Collections> = BTreeMap::new();
    for ((account, region, collection), objects) in std::mem::take(&mut shelf.groups) {
        let collections = match region.as_str() {
            "" => of_accounts.entry(account.clone()).or_default(),
            _ => of_units.entry((account.clone(), region)).or_default(),
        };
        collections.entry(collection).or_default().extend(objects.into_iter().map(|mut object| {
            settle(&mut object, collection, &account, is_whole);
            Json::Object(object.members)
        }));
    }
    let elsewhere = everywhere(&of_units);
    let units = of_units.into_iter().map(|((account, region), mut collections)| {
        let of_account = of_accounts.get(&account);
        share(&mut collections, of_account, &elsewhere, (&account, &region));
        let complete = complete(&collections, &shelf, (&account, &region), is_whole);
        let is_whole =
            |name: &'static str| complete.contains(&"Resources") && !shelf.open_lists.contains(&(account.clone(), region.clone(), name));
        let lists = shelf.lists.get(&(account.clone(), region.clone()));
        collections.insert("Inventory", inventory(lists.unwrap_or(&BTreeMap::new()), is_whole));
        unit(collections, complete, source, (account, region))
    });
    let units: Vec<Json> = units.collect();
    json!({ "Schema": SCHEMA, "Units": units })
}

/// By type: whatever the root declares of it, so that types whose ARNs look alike are told apart.
fn inventory(lists: &BTreeMap<&'static str, Vec<String>>, is_whole: impl Fn(&'static str) -> bool) -> Vec<Json> {
    let list = |(name, _): &(&'static str, _)| {
        let arns = lists.get(name).into_iter().flatten();
        let resources: Vec<Json> = arns.map(|arn| json!({ "ResourceArn": arn })).collect();
        let is_whole = is_whole(name);
        (is_whole || !resources.is_empty()).then(|| json!({ "ResourceType": name, "Complete": is_whole, "Resources": resources }))
    };
    TYPES.iter().filter_map(list).collect()
}

/// Topics and trails, which other Regions than their own may need.
struct Everywhere {
    topics: Vec<Json>,
    /// By account, with their home Region.
    trails: Vec<(String, String, Json)>,
}

fn everywhere(units: &BTreeMap<(String, String), Collections>) -> Everywhere {
    let of = |collection: &'static str| {
        units.iter().flat_map(move |(place, collections)| {
            collections.get(collection).into_iter().flatten().map(move |object| (place.0.clone(), place.1.clone(), object.clone()))
        })
    };
    // A trail of one Region is listed there only.
    let trails = of("Trails").filter(|(_, _, trail)| trail.get("IsMultiRegionTrail") != Some(&Json::Bool(false)));
    Everywhere { topics: of("Topics").map(|(_, _, topic)| topic).collect(), trails: trails.collect() }
}

/// Puts into a unit what a look at it would show although it belongs to the account or to another Region.
fn share(collections: &mut Collections, of_account: Option<&Collections>, elsewhere: &Everywhere, (account, region): (&str, &str)) {
    let strings = |collections: &Collections, names: &[&str]| {
        let mut found = BTreeSet::new();
        names.iter().filter_map(|name| collections.get(name)).flatten().for_each(|object| texts(object, 0, &mut found));
        found
    };
    let named = strings(collections, &["BackupVaults", "Alarms", "CompositeAlarms"]);
    let own: BTreeSet<String> = collections.get("Topics").into_iter().flatten().map(|topic| arn(topic, "TopicArn")).collect();
    let needed = elsewhere.topics.iter().filter(|topic| {
        let arn = arn(topic, "TopicArn");
        named.contains(&arn) && !own.contains(&arn)
    });
    let needed: Vec<Json> = needed.cloned().collect();
    collections.entry("Topics").or_default().extend(needed);
    let trails = elsewhere.trails.iter().filter(|(of, home, _)| of == account && home != region).map(|(_, _, trail)| trail.clone());
    collections.entry("Trails").or_default().extend(trails);
    if let Some(of_account) = of_account {
        let named = strings(collections, &["BackupPlans", "RestoreTestingPlans"]);
        let roles = of_account.get("Roles").into_iter().flatten().filter(|role| named.contains(&arn(role, "Arn")));
        collections.entry("Roles").or_default().extend(roles.cloned());
        collections.extend(of_account.get("GlobalSettings").map(|settings| ("GlobalSettings", settings.clone())));
    }
    let of_aws: BTreeSet<String> = strings(collections, &["BackupVaults"]).into_iter().filter(|text| text.ends_with(BACKUP_KEY)).collect();
    collections.entry("Keys").or_default().extend(of_aws.iter().map(|arn| Json::Object(backup_key(arn))));
}

fn arn(object: &Json, member: &str) -> String {
    object.get(member).and_then(Json::as_str).unwrap_or_default().to_owned()
}

/// All texts in an object. No object of a snapshot is deeper than this.
fn texts(value: &Json, depth: usize, found: &mut BTreeSet<String>) {
    match value {
        _ if depth > 16 => {}
        Json::String(text) => _ = found.insert(text.clone()),
        Json::Array(list) => list.iter().for_each(|one| texts(one, depth + 1, found)),
        Json::Object(map) => map.values().for_each(|one| texts(one, depth + 1, found)),
        _ => {}
    }
}

fn complete(collections: &Collections, shelf: &Shelf, (account, region): (&str, &str), is_whole: bool) -> Vec<&'static str> {
    if !is_whole {
        return Vec::new();
    }
    let doubtful = |collection: &'static str, region: &str| shelf.doubtful.contains(&(account.to_owned(), region.to_owned(), collection));
    // A trail of any Region may log all of them.
    let may_log = shelf.doubtful.iter().any(|(of, _, what)| of == account && *what == "Trails");
    let is_sure = |collection: &&'static str| match *collection {
        "Trails" => !may_log,
        "Roles" => !(doubtful("Roles", "") || names_default_role(collections)),
        "GlobalSettings" => !doubtful("GlobalSettings", ""),
        regional => !doubtful(regional, region),
    };
    // Settings are there whether or not they are declared.
    let settings = ["RegionSettings", "GlobalSettings"].into_iter().filter(|name| collections.contains_key(name));
    DECLARABLE.into_iter().chain(settings).filter(is_sure).collect()
}

fn names_default_role(collections: &Collections) -> bool {
    let mut named = BTreeSet::new();
    collections.get("BackupPlans").into_iter().flatten().for_each(|plan| texts(plan, 0, &mut named));
    let is_declared =
        |arn: &String| collections.get("Roles").into_iter().flatten().any(|role| role.get("Arn") == Some(&Json::from(arn.as_str())));
    named.iter().any(|text| text.ends_with(DEFAULT_ROLE) && !is_declared(text))
}

fn unit(collections: Collections, complete: Vec<&'static str>, source: &Source, (account, region): (String, String)) -> Json {
    let mut unit = Members::from_iter([
        ("Account".to_owned(), account.into()),
        ("Partition".to_owned(), partition(&region).into()),
        ("Region".to_owned(), region.into()),
        ("Source".to_owned(), source.to_string().into()),
        ("Complete".to_owned(), complete.into()),
    ]);
    undeclarable(&mut unit, &["SupportedResourceTypes", "Organization"]);
    for name in ["RegionSettings", "GlobalSettings"] {
        unit.insert(name.to_owned(), unknown(&[not_declared(format!("this root does not declare '{name}'"))]));
    }
    for (collection, objects) in collections {
        let value = match collection {
            // One object for the whole unit.
            "RegionSettings" | "GlobalSettings" => objects.into_iter().next().unwrap_or_default(),
            _ => objects.into(),
        };
        unit.insert(collection.to_owned(), value);
    }
    unit.into()
}
