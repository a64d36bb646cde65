//! Backup, copy and restore jobs, as far back as AWS keeps them (30 days).

use super::call::{Listing, Page};
use super::ledger::Question;
use super::post::Post;
use super::vaults::PAGE_SIZE;

const BACKUP: Page = Page { items: "BackupJobs", identity: "BackupJobId", token: "NextToken" };
const COPY: Page = Page { items: "CopyJobs", identity: "CopyJobId", token: "NextToken" };
const RESTORE: Page = Page { items: "RestoreJobs", identity: "RestoreJobId", token: "NextToken" };

pub async fn backup(post: &Post) -> Listing {
    post.list(Question::new("backup", "ListBackupJobs"), BACKUP, |token, capture| {
        post.backup.list_backup_jobs().max_results(PAGE_SIZE).set_next_token(token).customize().interceptor(capture).send()
    })
    .await
}

pub async fn copy(post: &Post) -> Listing {
    post.list(Question::new("backup", "ListCopyJobs"), COPY, |token, capture| {
        post.backup.list_copy_jobs().max_results(PAGE_SIZE).set_next_token(token).customize().interceptor(capture).send()
    })
    .await
}

pub async fn restore(post: &Post) -> Listing {
    post.list(Question::new("backup", "ListRestoreJobs"), RESTORE, |token, capture| {
        post.backup.list_restore_jobs().max_results(PAGE_SIZE).set_next_token(token).customize().interceptor(capture).send()
    })
    .await
}
