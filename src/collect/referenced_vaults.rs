//! Vaults elsewhere that the plans copy to: DescribeBackupVault in the vault's own Region, for those that lie in no account and
//! Region that the run observes.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::call::{Found, Told};
use super::fault::{Fault, never_absent, not_found};
use super::ledger::Question;
use super::post::{Post, each};
use crate::snapshot::Arn;

/// Accounts with their Regions.
pub type Places = BTreeSet<(String, String)>;

/// The vaults, and whether these are all that the plans name.
pub async fn observe(post: &Post, account: &str, plans: &Found, observed: &Places) -> Found {
    let (named, all_known) = destinations(plans);
    let is_elsewhere = |arn: &String| match Arn::parse(arn) {
        Some(arn) => !observed.contains(&(arn.account.to_owned(), arn.region.to_owned())),
        None => true,
    };
    let asked = named.into_iter().filter(is_elsewhere).collect();
    let mut found = Found { items: Vec::new(), whole: all_known };
    for told in each(asked, |arn| vault(post.clone(), account.to_owned(), arn)).await {
        match told {
            Told::Known(vault) => found.items.push(Value::Object(vault)),
            // It is copied to, and is no more.
            Told::Absent => {}
            Told::Silent(_) => found.whole = false,
        }
    }
    found
}

/// The vaults that the plans' rules copy to, and whether all rules were seen.
fn destinations(plans: &Found) -> (BTreeSet<String>, bool) {
    let rules = |plan: &'_ Value| plan.get("BackupPlan").and_then(|body| body.get("Rules")?.as_array().cloned());
    let mut all_known = plans.whole;
    let mut named = BTreeSet::new();
    for plan in &plans.items {
        // A plan that is gone by now copies nothing.
        let is_gone = plan.get("BackupPlan") == Some(&Value::Null);
        let Some(rules) = rules(plan) else {
            all_known &= is_gone;
            continue;
        };
        let copies = rules.iter().filter_map(|rule| rule.get("CopyActions")?.as_array()).flatten();
        named.extend(copies.filter_map(|copy| copy.get("DestinationBackupVaultArn")?.as_str()).map(str::to_owned));
    }
    (named, all_known)
}

async fn vault(post: Post, account: String, arn: String) -> Told {
    let question = Question::new("backup", "DescribeBackupVault").about(arn.as_str());
    let Some(place) = Arn::parse(&arn).filter(|place| place.kind() == "backup-vault" && !place.region.is_empty()) else {
        post.skip(question, "it is not the ARN of a vault");
        return Told::Silent(crate::snapshot::Outcome::Skipped);
    };
    let client = post.session.backup(place.region);
    let request = client.describe_backup_vault().backup_vault_name(place.name());
    // AWS tells of another account's vault only where it is shared, so that not to find it proves nothing.
    let owner = (place.account != account).then(|| place.account.to_owned());
    let absent: fn(&Fault) -> bool = if owner.is_some() { never_absent } else { not_found };
    let request = request.set_backup_vault_account_id(owner);
    let told = post.object(question.at(place.region), "BackupVaultName", absent, request.send()).await;
    let Told::Known(answer) = told else { return told };
    // It is found again by its ARN.
    let mut vault = Map::from_iter([("BackupVaultArn".to_owned(), Value::from(arn.as_str()))]);
    vault.extend(answer);
    Told::Known(vault)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn destinations_are_all_known_only_where_every_plan_showed_its_rules() {
        let plan = |body: Value| json!({"BackupPlanId": "p", "BackupPlan": body});
        let copying =
            plan(json!({"Rules": [{"CopyActions": [{"DestinationBackupVaultArn": "a"}, {"DestinationBackupVaultArn": "b"}]}, {}]}));
        let found = |items: Vec<Value>, whole| destinations(&Found { items, whole });
        let both = BTreeSet::from(["a".to_owned(), "b".to_owned()]);
        assert_eq!(found(vec![copying.clone(), plan(Value::Null)], true), (both.clone(), true));
        assert_eq!(found(vec![copying.clone()], false), (both.clone(), false));
        assert_eq!(found(vec![copying, json!({"BackupPlanId": "p"})], true), (both, false));
    }
}
