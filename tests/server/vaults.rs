//! Vaults: those of the unit, and those of other Regions and accounts that the world's plans copy to.

use serde_json::{Value, json};

use super::answer::Said;
use super::backup::{find, not_found};
use super::paging::Items;
use super::route::Route;
use super::synthetic::Synthetic;
use super::world::{Member, World, arn, list, member, on_the_wire, text};

const OF_A_VAULT: [&str; 3] = ["AccessPolicy", "Notifications", "Tags"];
/// Members that the list of vaults does not show (boto/boto3#4544).
const NOT_LISTED: [&str; 5] = ["AccessPolicy", "Notifications", "Tags", "LockDate", "VaultState"];

/// The ledger calls a vault of the unit by its name, and one that lies elsewhere by its ARN. Which of them the collector means
/// cannot be told where the world has a unit for it, so a fault may be ordered under either.
pub fn name(world: &World, route: &mut Route) {
    if route.operation != "DescribeBackupVault" {
        return;
    }
    let Some(name) = route.subject.take() else { return };
    let (region, owner) = (&route.region, owner(route));
    let known = referenced(world, route, &name).map(|vault| text(vault, "BackupVaultArn").to_owned());
    let arn = known.unwrap_or_else(|| format!("arn:aws:backup:{region}:{owner}:backup-vault:{name}"));
    let is_own = owner == route.account && world.unit(&route.account, region).is_some();
    (route.subject, route.aliases) = if is_own { (Some(name), vec![arn]) } else { (Some(arn), vec![name]) };
}

/// The account that the vault is asked for in.
fn owner(route: &Route) -> &str {
    route.input["backupVaultAccountId"].as_str().unwrap_or(&route.account)
}

/// A vault that the caller's units refer to and that lies where the request goes.
fn referenced<'a>(world: &'a World, route: &'a Route, name: &str) -> Option<&'a Value> {
    let mut vaults = world.units_of(&route.account).flat_map(|unit| list(unit, "ReferencedVaults"));
    vaults.find(|vault| {
        let id = text(vault, "BackupVaultArn");
        arn(id, 3) == Some(&route.region)
            && arn(id, 4) == Some(owner(route))
            && id.split_once(":backup-vault:").is_some_and(|(_, of)| of == name)
    })
}

/// Of a DescribeBackupVault it is the alias that may be the name.
fn asked(route: &Route) -> impl Iterator<Item = &str> {
    route.subject.iter().chain(&route.aliases).map(String::as_str)
}

/// A vault of a Region without a unit is served all the same, where a plan copies to it.
pub fn serves(world: &World, route: &Route) -> bool {
    let is_of_a_vault = ["DescribeBackupVault", "GetBackupVaultAccessPolicy"].contains(&route.operation.as_str());
    is_of_a_vault && asked(route).any(|name| referenced(world, route, name).is_some())
}

pub fn say<'a>(world: &'a World, unit: &'a Value, route: &'a Route) -> Said<'a> {
    match route.operation.as_str() {
        "ListBackupVaults" => {
            let vaults = list(unit, "BackupVaults").iter().collect();
            Said::List {
                items: Items::Of(vaults, Box::new(|vault| sent(vault, &NOT_LISTED))),
                member: "BackupVaultList",
                token: "NextToken",
            }
        }
        "ListRecoveryPointsByBackupVault" => match world.unit(&route.account, &route.region) {
            Some(place) => world.points(place).say(unit, route),
            None => not_found(route.subject()),
        },
        _ => {
            let own = || asked(route).find_map(|name| find(unit, "BackupVaults", "BackupVaultName", name));
            let vault = if owner(route) == route.account { own() } else { None };
            match vault.or_else(|| asked(route).find_map(|name| referenced(world, route, name))) {
                Some(vault) => of_vault(vault, route),
                // As AWS words it, for a vault that does not exist (aws/aws-sdk-js#2625).
                None => Said::Error(403, "AccessDeniedException", "Insufficient privileges to perform this action.".to_owned()),
            }
        }
    }
}

/// A vault on the wire; one of `$Points` holds as many as these say, unless the world says otherwise.
fn sent(vault: &Value, without: &[&str]) -> Value {
    let mut sent = on_the_wire(vault, without);
    if let (Some(count), None) = (Synthetic::count(vault), vault.get("NumberOfRecoveryPoints")) {
        sent["NumberOfRecoveryPoints"] = count.into();
    }
    sent
}

fn of_vault<'a>(vault: &'a Value, route: &Route) -> Said<'a> {
    let name = text(vault, "BackupVaultName");
    match route.operation.as_str() {
        "DescribeBackupVault" => Said::Object(sent(vault, &OF_A_VAULT)),
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
