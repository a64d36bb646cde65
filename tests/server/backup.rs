//! AWS Backup's plans, jobs and settings, and the tagging API, whose one operation needs no file of its own.

use serde_json::{Map, Value, json};

use super::answer::Said;
use super::paging::Items;
use super::route::Route;
use super::world::{Member, World, list, member, on_the_wire, seen, text};
use super::{governance, vaults};

const OF_A_PLAN: [&str; 4] = ["Selections", "Tags", "BackupPlanName", "Versions"];

pub fn say<'a>(world: &'a World, unit: &'a Value, route: &'a Route) -> Said<'a> {
    let subject = route.subject();
    match route.operation.as_str() {
        "ListBackupVaults"
        | "DescribeBackupVault"
        | "GetBackupVaultAccessPolicy"
        | "GetBackupVaultNotifications"
        | "ListRecoveryPointsByBackupVault" => vaults::say(world, unit, route),
        "ListTags" => {
            let tagged =
                find(unit, "BackupVaults", "BackupVaultArn", subject).or_else(|| find(unit, "BackupPlans", "BackupPlanArn", subject));
            match tagged.map(|tagged| member(tagged, "Tags")) {
                Some(Member::Known(tags)) => Said::List { items: Items::Members(tag_map(tags)), member: "Tags", token: "NextToken" },
                Some(Member::None) => Said::List { items: Items::Members(Map::new()), member: "Tags", token: "NextToken" },
                Some(Member::Hidden) => Said::denied("backup:ListTags"),
                None => not_found(subject),
            }
        }
        "ListBackupPlans" => {
            let listed = |plan: &Value| {
                let mut listed = on_the_wire(plan, &["Selections", "Tags", "BackupPlan", "Versions"]);
                if listed.get("BackupPlanName").is_none() {
                    listed["BackupPlanName"] = plan["BackupPlan"]["BackupPlanName"].clone();
                }
                listed
            };
            let plans = list(unit, "BackupPlans").iter().collect();
            Said::List { items: Items::Of(plans, Box::new(listed)), member: "BackupPlansList", token: "NextToken" }
        }
        "GetBackupPlan" | "ListBackupPlanVersions" | "ListBackupSelections" | "GetBackupSelection" => of_plan(unit, route, subject),
        "ListProtectedResources" => whole_list(unit, "ProtectedResources", "Results"),
        "ListBackupJobs" => whole_list(unit, "BackupJobs", "BackupJobs"),
        "ListCopyJobs" => whole_list(unit, "CopyJobs", "CopyJobs"),
        "ListRestoreJobs" => whole_list(unit, "RestoreJobs", "RestoreJobs"),
        "DescribeRegionSettings" => settings(unit, "RegionSettings", "backup:DescribeRegionSettings"),
        "DescribeGlobalSettings" => settings(unit, "GlobalSettings", "backup:DescribeGlobalSettings"),
        "GetSupportedResourceTypes" => settings(unit, "SupportedResourceTypes", "backup:GetSupportedResourceTypes"),
        "GetResources" => {
            let tagged = |resource: &Value| {
                let mut sent = on_the_wire(resource, &[]);
                sent["Tags"] = tag_list(&resource["Tags"]);
                sent
            };
            let resources = list(unit, "Resources").iter().collect();
            Said::List { items: Items::Of(resources, Box::new(tagged)), member: "ResourceTagMappingList", token: "PaginationToken" }
        }
        _ => governance::say(unit, route),
    }
}

fn of_plan<'a>(unit: &'a Value, route: &'a Route, subject: &'a str) -> Said<'a> {
    let (id, selection) = subject.split_once('/').unwrap_or((subject, ""));
    let Some(plan) = find(unit, "BackupPlans", "BackupPlanId", id) else { return not_found(id) };
    match route.operation.as_str() {
        "GetBackupPlan" => match member(plan, "BackupPlan") {
            Member::Known(_) => Said::Object(on_the_wire(plan, &OF_A_PLAN)),
            Member::None => not_found(id),
            Member::Hidden => Said::denied("backup:GetBackupPlan"),
        },
        "ListBackupPlanVersions" => match seen(plan, "Versions") {
            Some(versions) => {
                let items = Items::Of(versions, Box::new(|version| on_the_wire(version, &[])));
                Said::List { items, member: "BackupPlanVersionsList", token: "NextToken" }
            }
            None => Said::denied("backup:ListBackupPlanVersions"),
        },
        "ListBackupSelections" => match member(plan, "Selections") {
            Member::Known(Value::Array(selections)) => {
                let listed = move |selection: &Value| {
                    let mut listed = on_the_wire(selection, &["BackupSelection"]);
                    listed["BackupPlanId"] = id.into();
                    listed
                };
                let items = Items::Of(selections.iter().collect(), Box::new(listed));
                Said::List { items, member: "BackupSelectionsList", token: "NextToken" }
            }
            Member::Known(_) | Member::None => {
                Said::List { items: Items::Made(Vec::new()), member: "BackupSelectionsList", token: "NextToken" }
            }
            Member::Hidden => Said::denied("backup:ListBackupSelections"),
        },
        _ => match find(plan, "Selections", "SelectionId", selection) {
            None => not_found(selection),
            Some(found) => match member(found, "BackupSelection") {
                Member::Known(_) => {
                    let mut body = on_the_wire(found, &["SelectionName", "IamRoleArn"]);
                    body["BackupPlanId"] = id.into();
                    Said::Object(body)
                }
                Member::None => not_found(selection),
                Member::Hidden => Said::denied("backup:GetBackupSelection"),
            },
        },
    }
}

pub fn find<'a>(object: &'a Value, collection: &str, identity: &str, wanted: &str) -> Option<&'a Value> {
    list(object, collection).iter().find(|item| text(item, identity) == wanted)
}

pub fn not_found(what: &str) -> Said<'static> {
    Said::Error(400, "ResourceNotFoundException", format!("'{what}' does not exist"))
}

fn whole_list<'a>(unit: &'a Value, collection: &str, wire: &'static str) -> Said<'a> {
    let items = Items::Of(list(unit, collection).iter().collect(), Box::new(|item| on_the_wire(item, &[])));
    Said::List { items, member: wire, token: "NextToken" }
}

fn settings<'a>(unit: &Value, name: &str, action: &str) -> Said<'a> {
    match member(unit, name) {
        Member::Known(settings) => Said::Object(on_the_wire(settings, &[])),
        Member::None | Member::Hidden => Said::denied(action),
    }
}

/// Tags as AWS Backup sends them.
fn tag_map(tags: &Value) -> Map<String, Value> {
    match tags {
        Value::Array(list) => list.iter().map(|tag| (text(tag, "Key").to_owned(), tag["Value"].clone())).collect(),
        tags => tags.as_object().cloned().unwrap_or_default(),
    }
}

/// Tags as the tagging API sends them.
fn tag_list(tags: &Value) -> Value {
    match tags {
        Value::Object(map) => map.iter().map(|(key, value)| json!({"Key": key, "Value": value})).collect(),
        Value::Array(_) => tags.clone(),
        _ => json!([]),
    }
}
