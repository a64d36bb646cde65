//! Recovery points: ListRecoveryPointsByBackupVault for every vault.

use serde_json::Value;

use super::call::{Listing, Page, text};
use super::ledger::Question;
use super::post::{Post, each};
use super::vaults::PAGE_SIZE;

const OPERATION: &str = "ListRecoveryPointsByBackupVault";
const PAGE: Page = Page { items: "RecoveryPoints", identity: "RecoveryPointArn", token: "NextToken" };

/// The points of all vaults, vault after vault, and whether these are all there are.
pub async fn observe(post: &Post, vaults: &Listing) -> (Vec<Value>, bool) {
    if !vaults.was_answered() {
        post.skip(Question::new("backup", OPERATION), "ListBackupVaults was not answered, so that no vault is known");
    }
    let names = vaults.items.iter().map(|vault| text(vault, "BackupVaultName").to_owned()).collect();
    let listings = each(names, |name| of_vault(post.clone(), name)).await;
    let whole = vaults.is_whole() && listings.iter().all(Listing::is_whole);
    (listings.into_iter().flat_map(|listing| listing.items).map(Value::Object).collect(), whole)
}

async fn of_vault(post: Post, name: String) -> Listing {
    post.list(Question::new("backup", OPERATION).about(name.as_str()), PAGE, |token, capture| {
        let request = post.backup.list_recovery_points_by_backup_vault().backup_vault_name(&name);
        request.max_results(PAGE_SIZE).set_next_token(token).customize().interceptor(capture).send()
    })
    .await
}
