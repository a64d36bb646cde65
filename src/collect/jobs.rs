//! Backup, copy, restore and scan jobs, as far back as AWS keeps them (30 days).

use super::call::{Listing, Page};
use super::ledger::Question;
use super::post::Post;
use super::vaults::PAGE_SIZE;

const BACKUP: Page = Page { items: "BackupJobs", identity: "BackupJobId", token: "NextToken" };
const COPY: Page = Page { items: "CopyJobs", identity: "CopyJobId", token: "NextToken" };
const RESTORE: Page = Page { items: "RestoreJobs", identity: "RestoreJobId", token: "NextToken" };
const SCAN: Page = Page { items: "ScanJobs", identity: "ScanJobId", token: "NextToken" };

pub async fn backup(post: &Post) -> Listing {
    post.list(Question::new("backup", "ListBackupJobs"), BACKUP, |token| {
        post.backup.list_backup_jobs().max_results(PAGE_SIZE).set_next_token(token).send()
    })
    .await
}

pub async fn copy(post: &Post) -> Listing {
    post.list(Question::new("backup", "ListCopyJobs"), COPY, |token| {
        post.backup.list_copy_jobs().max_results(PAGE_SIZE).set_next_token(token).send()
    })
    .await
}

pub async fn restore(post: &Post) -> Listing {
    post.list(Question::new("backup", "ListRestoreJobs"), RESTORE, |token| {
        post.backup.list_restore_jobs().max_results(PAGE_SIZE).set_next_token(token).send()
    })
    .await
}

pub async fn scan(post: &Post) -> Listing {
    post.list(Question::new("backup", "ListScanJobs"), SCAN, |token| {
        post.backup.list_scan_jobs().max_results(PAGE_SIZE).set_next_token(token).send()
    })
    .await
}
