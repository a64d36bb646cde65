//! Vaults: ListBackupVaults, DescribeBackupVault, and each vault's policy, notifications and tags.

use serde_json::{Map, Value, json};

use super::call::{Found, Listing, Page, Told, text};
use super::fault::{Fault, never_absent, not_found};
use super::lay::put;
use super::ledger::Question;
use super::post::{Post, each};
use crate::snapshot::{Cause, Outcome, Reason, UNKNOWN};

const PAGE: Page = Page { items: "BackupVaultList", identity: "BackupVaultName", token: "NextToken" };
pub const PAGE_SIZE: i32 = 1000;

/// Members that ListBackupVaults leaves out although the vault has them (boto/boto3#4544): without DescribeBackupVault,
/// their absence from the list says nothing. A lock date that is taken for absent would turn an immutable vault into one
/// in governance mode.
const DESCRIBED_ONLY: [&str; 3] = ["EncryptionKeyType", "LockDate", "VaultState"];

/// Vaults of every type: the list is filtered only when it is asked to be.
pub async fn list(post: &Post) -> Listing {
    let listing = post
        .list(Question::new("backup", "ListBackupVaults"), PAGE, |token| {
            let request = post.backup.list_backup_vaults().max_results(PAGE_SIZE).set_next_token(token);
            request.send()
        })
        .await;
    if !listing.was_answered() {
        for operation in ["DescribeBackupVault", "GetBackupVaultAccessPolicy", "GetBackupVaultNotifications"] {
            post.skip(Question::new("backup", operation), "ListBackupVaults was not answered, so that no vault is known");
        }
    }
    listing
}

/// The listed vaults with what the other calls say of them.
pub async fn describe(post: &Post, listing: &Listing) -> Found {
    Found { items: each(listing.items.clone(), |listed| vault(post.clone(), listed)).await, whole: listing.is_whole() }
}

async fn vault(post: Post, listed: Map<String, Value>) -> Value {
    let name = text(&listed, "BackupVaultName").to_owned();
    let arn = text(&listed, "BackupVaultArn").to_owned();
    let (described, policy, notifications, tags) =
        tokio::join!(describe_vault(&post, &name, false), access_policy(&post, &name), notifications(&post, &name), tags(&post, &arn));
    let mut vault = listed;
    match described {
        Told::Known(described) => vault.extend(described),
        Told::Silent(outcome) => mark_unseen(&mut vault, &name, outcome),
        Told::Absent => {}
    }
    put(&mut vault, "AccessPolicy", policy);
    put(&mut vault, "Notifications", notifications);
    put(&mut vault, "Tags", tags);
    Value::Object(vault)
}

pub async fn describe_vault(post: &Post, name: &str, again: bool) -> Told {
    // AWS answers AccessDenied also for a vault that does not exist (aws/aws-sdk-js#2625); this one was listed.
    let question = Question { again, ..Question::new("backup", "DescribeBackupVault").about(name) };
    post.object(question, "BackupVaultName", never_absent, post.backup.describe_backup_vault().backup_vault_name(name).send()).await
}

async fn access_policy(post: &Post, name: &str) -> Told {
    post.object(
        Question::new("backup", "GetBackupVaultAccessPolicy").about(name),
        "Policy",
        not_found,
        post.backup.get_backup_vault_access_policy().backup_vault_name(name).send(),
    )
    .await
}

async fn notifications(post: &Post, name: &str) -> Told {
    // AWS words it also as "Failed reading notifications from database for Backup vault ...".
    fn absent(fault: &Fault) -> bool {
        not_found(fault) || (fault.outcome == Outcome::Failed && fault.message.contains("Failed reading notifications from database"))
    }
    post.object(
        Question::new("backup", "GetBackupVaultNotifications").about(name),
        "SNSTopicArn",
        absent,
        post.backup.get_backup_vault_notifications().backup_vault_name(name).send(),
    )
    .await
}

/// The tags of a vault or a plan.
pub async fn tags(post: &Post, arn: &str) -> Told {
    let question = Question::new("backup", "ListTags").about(arn);
    if arn.is_empty() {
        post.skip(Question::new("backup", "ListTags"), "the list named no ARN to ask about");
        return Told::Silent(Outcome::Skipped);
    }
    post.tags(question, |token| post.backup.list_tags().resource_arn(arn).max_results(PAGE_SIZE).set_next_token(token).send()).await
}

fn mark_unseen(vault: &mut Map<String, Value>, name: &str, outcome: Outcome) {
    let cause = match outcome {
        Outcome::Denied => Cause::Denied,
        Outcome::Throttled => Cause::Throttled,
        _ => Cause::Failed,
    };
    for member in DESCRIBED_ONLY {
        let detail = format!("backup:DescribeBackupVault on '{name}' was not answered, and the list does not hold it");
        let reason = Reason::of_call(cause, "backup:DescribeBackupVault", detail);
        vault.entry(member).or_insert_with(|| json!({ UNKNOWN: [reason] }));
    }
}
