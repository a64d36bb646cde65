//! AWS Backup, and the tagging API, whose one operation needs no file of its own.

use serde_json::{Map, Value, json};

use super::answer::Said;
use super::route::Route;
use super::world::{Member, list, member, on_the_wire, text};

const OF_A_VAULT: [&str; 3] = ["AccessPolicy", "Notifications", "Tags"];
/// Members that the list of vaults does not show (boto/boto3#4544).
const NOT_LISTED: [&str; 5] = ["AccessPolicy", "Notifications", "Tags", "LockDate", "VaultState"];
const OF_A_PLAN: [&str; 3] = ["Selections", "Tags", "BackupPlanName"];

pub fn say(unit: &Value, route: &Route) -> Said {
    let subject = route.subject.as_deref().unwrap_or_default();
    match route.operation.as_str() {
        "ListBackupVaults" => {
            let vaults = list(unit, "BackupVaults").iter().map(|vault| on_the_wire(vault, &NOT_LISTED)).collect();
            Said::List { items: Value::Array(vaults), member: "BackupVaultList", token: "NextToken" }
        }
        "DescribeBackupVault" | "GetBackupVaultAccessPolicy" | "GetBackupVaultNotifications" => {
            match find(unit, "BackupVaults", "BackupVaultName", subject) {
                Some(vault) => of_vault(vault, route),
                // As AWS words it, for a vault that does not exist (aws/aws-sdk-js#2625).
                None => Said::Error(403, "AccessDeniedException", "Insufficient privileges to perform this action.".to_owned()),
            }
        }
        "ListRecoveryPointsByBackupVault" => {
            let points = list(unit, "RecoveryPoints").iter().filter(|point| {
                text(point, "BackupVaultName") == subject || text(point, "BackupVaultArn").ends_with(&format!(":backup-vault:{subject}"))
            });
            let points = points.map(|point| on_the_wire(point, &[])).collect();
            Said::List { items: Value::Array(points), member: "RecoveryPoints", token: "NextToken" }
        }
        "ListTags" => {
            let tagged =
                find(unit, "BackupVaults", "BackupVaultArn", subject).or_else(|| find(unit, "BackupPlans", "BackupPlanArn", subject));
            match tagged.map(|tagged| member(tagged, "Tags")) {
                Some(Member::Known(tags)) => Said::List { items: tag_map(tags), member: "Tags", token: "NextToken" },
                Some(Member::None) => Said::List { items: json!({}), member: "Tags", token: "NextToken" },
                Some(Member::Hidden) => Said::denied("backup:ListTags"),
                None => not_found(subject),
            }
        }
        "ListBackupPlans" => {
            let listed = |plan: &Value| {
                let mut listed = on_the_wire(plan, &["Selections", "Tags", "BackupPlan"]);
                if listed.get("BackupPlanName").is_none() {
                    listed["BackupPlanName"] = plan["BackupPlan"]["BackupPlanName"].clone();
                }
                listed
            };
            let plans = list(unit, "BackupPlans").iter().map(listed).collect();
            Said::List { items: Value::Array(plans), member: "BackupPlansList", token: "NextToken" }
        }
        "GetBackupPlan" | "ListBackupSelections" | "GetBackupSelection" => of_plan(unit, route, subject),
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
            let resources = list(unit, "Resources").iter().map(tagged).collect();
            Said::List { items: Value::Array(resources), member: "ResourceTagMappingList", token: "PaginationToken" }
        }
        operation => Said::Error(400, "UnknownOperationException", format!("This server does not know '{operation}'")),
    }
}

fn of_vault(vault: &Value, route: &Route) -> Said {
    let name = text(vault, "BackupVaultName");
    match route.operation.as_str() {
        "DescribeBackupVault" => Said::Object(on_the_wire(vault, &OF_A_VAULT)),
        "GetBackupVaultAccessPolicy" => match member(vault, "AccessPolicy") {
            Member::Known(answer) if answer.get("Policy").is_some_and(Value::is_string) => Said::Object(answer.clone()),
            Member::Known(policy) => {
                let policy = policy.as_str().map_or_else(|| policy.to_string(), str::to_owned);
                Said::Object(json!({"BackupVaultName": name, "BackupVaultArn": vault["BackupVaultArn"], "Policy": policy}))
            }
            Member::None => not_found(name),
            Member::Hidden => Said::denied("backup:GetBackupVaultAccessPolicy"),
        },
        _ => match member(vault, "Notifications") {
            Member::Known(answer) => Said::Object(on_the_wire(answer, &[])),
            Member::None => {
                let message = format!("Failed reading notifications from database for Backup vault {name}");
                Said::Error(400, "ResourceNotFoundException", message)
            }
            Member::Hidden => Said::denied("backup:GetBackupVaultNotifications"),
        },
    }
}

fn of_plan(unit: &Value, route: &Route, subject: &str) -> Said {
    let (id, selection) = subject.split_once('/').unwrap_or((subject, ""));
    let Some(plan) = find(unit, "BackupPlans", "BackupPlanId", id) else { return not_found(id) };
    match route.operation.as_str() {
        "GetBackupPlan" => match member(plan, "BackupPlan") {
            Member::Known(_) => Said::Object(on_the_wire(plan, &OF_A_PLAN)),
            Member::None => not_found(id),
            Member::Hidden => Said::denied("backup:GetBackupPlan"),
        },
        "ListBackupSelections" => match member(plan, "Selections") {
            Member::Known(Value::Array(selections)) => {
                let listed = |selection: &Value| {
                    let mut listed = on_the_wire(selection, &["BackupSelection"]);
                    listed["BackupPlanId"] = id.into();
                    listed
                };
                Said::List { items: selections.iter().map(listed).collect(), member: "BackupSelectionsList", token: "NextToken" }
            }
            Member::Known(_) | Member::None => Said::List { items: json!([]), member: "BackupSelectionsList", token: "NextToken" },
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

fn find<'a>(object: &'a Value, collection: &str, identity: &str, wanted: &str) -> Option<&'a Value> {
    list(object, collection).iter().find(|item| text(item, identity) == wanted)
}

fn not_found(what: &str) -> Said {
    Said::Error(400, "ResourceNotFoundException", format!("'{what}' does not exist"))
}

fn whole_list(unit: &Value, collection: &str, wire: &'static str) -> Said {
    let items = list(unit, collection).iter().map(|item| on_the_wire(item, &[])).collect();
    Said::List { items: Value::Array(items), member: wire, token: "NextToken" }
}

fn settings(unit: &Value, name: &str, action: &str) -> Said {
    match member(unit, name) {
        Member::Known(settings) => Said::Object(on_the_wire(settings, &[])),
        Member::None | Member::Hidden => Said::denied(action),
    }
}

/// Tags as AWS Backup sends them.
fn tag_map(tags: &Value) -> Value {
    match tags {
        Value::Array(list) => list.iter().map(|tag| (text(tag, "Key").to_owned(), tag["Value"].clone())).collect::<Map<_, _>>().into(),
        tags => tags.clone(),
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
