//! Recovery points: ListRecoveryPointsByBackupVault for every vault, a large one's in many windows of creation dates at once. The
//! points go to the journal page by page; what stays in memory is a hash of each, so that none is counted twice.

use std::collections::{BTreeSet, HashSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use aws_smithy_types::DateTime;
use rustc_hash::FxBuildHasher;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use tokio::task::JoinSet;

use super::CollectError;
use super::call::{Listing, Told, text};
use super::fault::Fault;
use super::journal::{self, Range};
use super::ledger::Question;
use super::pace::UNDER_WAY;
use super::post::{Post, each};
use super::sent::sent;
use super::vaults::{PAGE_SIZE, describe_vault};
use super::windows::{self, Window};
use super::wire::Reply;
use crate::snapshot::{Call, Outcome};

const OPERATION: &str = "ListRecoveryPointsByBackupVault";
/// Whether AWS counts a bound in or out is not documented, so neighbours overlap by this many seconds on each side.
const OVERLAP: i64 = 1;

/// The points of all vaults.
#[derive(Debug, Default)]
pub struct Points {
    /// Where they stand in the journal, in the order of the vaults and of creation.
    pub ranges: Vec<Range>,
    /// These are all there are.
    pub whole: bool,
    /// The keys that they name.
    pub keys: BTreeSet<String>,
}

pub async fn observe(post: &Post, vaults: &Listing) -> Points {
    if !vaults.was_answered() {
        post.skip(Question::new("backup", OPERATION), "ListBackupVaults was not answered, so that no vault is known");
    }
    let listed = each(vaults.items.clone(), |vault| of_vault(post.clone(), vault)).await;
    let mut points = Points { whole: vaults.is_whole(), ..Points::default() };
    for vault in listed {
        points.ranges.extend(vault.parts.into_iter().flat_map(|part| part.ranges));
        points.whole &= vault.whole;
        points.keys.extend(vault.keys);
    }
    points
}

#[derive(Debug, Default)]
struct OfVault {
    parts: Vec<Part>,
    whole: bool,
    keys: BTreeSet<String>,
}

/// What one window brought, as the journal keeps it.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Part {
    ranges: Vec<Range>,
    keys: BTreeSet<String>,
    /// It held more than its first page, and its pieces are listed in its place.
    cut: bool,
}

async fn of_vault(post: Post, vault: Map<String, Value>) -> OfVault {
    let question = Question::new("backup", OPERATION).about(text(&vault, "BackupVaultName"));
    post.begin(&question);
    let counted = counted(&vault);
    post.session.run.meter.expect_points(counted);
    let began = post.session.run.journal.began().to_chrono().timestamp();
    let created = vault.get("CreationDate").and_then(Value::as_f64).map_or(began, |seconds| (seconds as i64).clamp(0, began.max(0)));
    let listing = Arc::new(Vault { post: post.clone(), question: question.clone(), seen: Mutex::default() });
    let windows = if post.session.run.is_probe { windows::plan(0, created, began) } else { windows::plan(counted, created, began) };

    // With whether an interrupted run's answer will do. The pieces of a window leave out what its first page held, so they are taken
    // over with it or not at all.
    let mut waiting: VecDeque<(Window, bool)> = windows.into_iter().map(|window| (window, true)).collect();
    let (mut under_way, mut done) = (JoinSet::new(), Vec::new());
    loop {
        // Each holds memory, and no more than a few are asked at once.
        while under_way.len() < UNDER_WAY
            && let Some((window, may_recall)) = waiting.pop_front()
        {
            under_way.spawn(listing.clone().window(window, may_recall));
        }
        let (window, call, part) = match under_way.join_next().await {
            Some(Ok(done)) => done,
            Some(Err(broken)) => std::panic::resume_unwind(broken.into_panic()),
            None => break,
        };
        if part.cut {
            waiting.extend(window.pieces().into_iter().map(|piece| (piece, call.resumed)));
        }
        done.push((window, call, part));
    }
    // A window that was cut comes before its pieces.
    done.sort_by_key(|(window, _, part)| (window.from, !part.cut, std::cmp::Reverse(window.to.unwrap_or(i64::MAX))));

    let mut entry = Call { time: None, ..question.entry(Outcome::Ok) };
    let mut brought = OfVault { whole: true, ..OfVault::default() };
    for (_, call, part) in done {
        entry.pages += call.pages;
        entry.request_ids.extend(call.request_ids);
        entry.time = entry.time.into_iter().chain(call.time).min();
        entry.resumed |= call.resumed;
        if call.outcome != Outcome::Ok && entry.error.is_none() {
            entry.error = call.error;
            entry.outcome = call.outcome;
        }
        brought.keys.extend(part.keys.iter().cloned());
        brought.parts.push(part);
    }
    entry.items = listing.seen().len() as u64;
    if entry.outcome == Outcome::Ok && counted > entry.items && !post.session.run.is_probe {
        check_count(&listing, counted, &mut entry).await;
    }
    // Part of a listing that was answered is a listing that was cut short.
    if entry.outcome != Outcome::Ok && entry.pages > 0 {
        entry.outcome = Outcome::Truncated;
    }
    brought.whole = entry.outcome == Outcome::Ok;
    post.end(entry);
    brought
}

/// The vault says that it holds more. It may have lost some while it was listed, so it is asked again; where it does not answer, what
/// it said `before` stands.
async fn check_count(listing: &Vault, before: u64, entry: &mut Call) {
    let name = listing.question.subject.as_deref().unwrap_or_default();
    let counted = match describe_vault(&listing.post, name, true).await {
        Told::Known(vault) => counted(&vault),
        Told::Absent | Told::Silent(_) => before,
    };
    if counted > entry.items {
        entry.outcome = Outcome::Truncated;
        entry.error = Some(format!("vault '{name}' says that it holds {counted} recovery points, and {} were listed", entry.items));
    }
}

fn counted(vault: &Map<String, Value>) -> u64 {
    vault.get("NumberOfRecoveryPoints").and_then(Value::as_u64).unwrap_or(0)
}

/// One vault while it is listed.
struct Vault {
    post: Post,
    question: Question,
    seen: Mutex<HashSet<u64, FxBuildHasher>>,
}

/// What is read of a point on its way to the journal.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Head<'a> {
    recovery_point_arn: String,
    #[serde(borrow)]
    creation_date: Option<&'a RawValue>,
    encryption_key_arn: Option<String>,
}

impl Head<'_> {
    /// Seconds since 1970.
    fn created(&self) -> Option<f64> {
        self.creation_date?.get().parse().ok()
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Page<'a> {
    #[serde(borrow)]
    recovery_points: Vec<&'a RawValue>,
    next_token: Option<String>,
}

/// What a page held.
struct Read {
    /// Points that no page before held.
    new: u64,
    /// The token of the next page.
    next: Option<String>,
}

impl Vault {
    /// Lists one window; of one that holds more than a page, the first page.
    async fn window(self: Arc<Self>, window: Window, may_recall: bool) -> (Window, Call, Part) {
        let post = &self.post;
        if may_recall && let Some((call, part)) = self.recall(window) {
            return (window, call, part);
        }
        let request = |token| {
            let request = post.backup.list_recovery_points_by_backup_vault().set_backup_vault_name(self.question.subject.clone());
            let request = request.set_by_created_after(window.from.map(|from| DateTime::from_secs(from - OVERLAP)));
            let request = request.set_by_created_before(window.to.map(|to| DateTime::from_secs(to + OVERLAP)));
            sent(request.max_results(PAGE_SIZE).set_next_token(token).send())
        };
        let mut part = Part::default();
        let can_be_cut = !window.pieces().is_empty();
        let call = post
            .pages(&self.question, "NextToken", &request, |reply| {
                let read = self.read(reply, window, &mut part)?;
                // The first page is kept, and the rest is listed in pieces. A page that brought nothing new says nothing of what
                // lies where: its token is followed, which ends after many pages without a new point even where AWS always sends one.
                part.cut = read.next.is_some() && read.new > 0 && can_be_cut;
                Ok((read.new, if part.cut { None } else { read.next }))
            })
            .await;
        part.cut &= call.outcome == Outcome::Ok;
        post.keep(&self.question, Some(window.label()), &call, || serde_json::to_value(&part).unwrap_or_default());
        (window, call, part)
    }

    /// Sends a page's points to the journal, each once, and finds the token of the next page.
    fn read(&self, reply: &Reply, window: Window, part: &mut Part) -> Result<Read, Fault> {
        let page: Page =
            serde_json::from_slice(&reply.body).map_err(|error| Fault::new(format!("the answer is not a page of points: {error}")))?;
        let mut kept = journal::Page::with_capacity(reply.body.len());
        let mut new = 0;
        for point in &page.recovery_points {
            let head: Head = serde_json::from_str(point.get())
                .map_err(|error| Fault::new(format!("an item of 'RecoveryPoints' is not a recovery point: {error}")))?;
            if head.recovery_point_arn.is_empty() {
                return Err(Fault::new("an item of 'RecoveryPoints' holds no 'RecoveryPointArn'"));
            }
            // Of what two windows bring, each keeps its own; what neither asked for is kept by whoever reads it first.
            let is_neighbours = head.created().is_some_and(|created| !window.holds(created) && window.widened(OVERLAP * 2).holds(created));
            if is_neighbours || !self.seen().insert(hash(&head.recovery_point_arn)) {
                continue;
            }
            part.keys.extend(head.encryption_key_arn.filter(|arn| !arn.is_empty()));
            kept.push(point.get());
            new += 1;
        }
        if !kept.is_empty() {
            match self.post.session.run.journal.keep(kept) {
                Ok(range) => part.ranges.push(range),
                Err(error) => {
                    self.post.session.run.stop(CollectError::Journal(error));
                    return Err(Fault::new("the journal cannot be written"));
                }
            }
        }
        self.post.session.run.meter.points(new);
        Ok(Read { new, next: page.next_token.filter(|token| !token.is_empty()) })
    }

    /// The window as an interrupted run listed it.
    fn recall(&self, window: Window) -> Option<(Call, Part)> {
        // New points belong to the last window.
        window.to?;
        let record = self.post.recall_part(&self.question, Some(window.label()))?;
        let part: Part = serde_json::from_value(record.answer).ok()?;
        // All of it or none: what is marked as seen and not taken over would be lost.
        let mut hashes = Vec::new();
        for range in &part.ranges {
            let mut bytes = b"[".to_vec();
            self.post.session.run.journal.read(*range, &mut bytes).ok()?;
            bytes.push(b']');
            let heads: Vec<Head> = serde_json::from_slice(&bytes).ok()?;
            hashes.extend(heads.iter().map(|head| hash(&head.recovery_point_arn)));
        }
        self.post.session.run.meter.points(hashes.len() as u64);
        self.seen().extend(hashes);
        Some((record.call, part))
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, HashSet<u64, FxBuildHasher>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The beginning of a SHA-256. That two of a million ARNs share it happens once in forty million vaults, and makes the list shorter
/// than the vault's count.
fn hash(arn: &str) -> u64 {
    let digest = Sha256::digest(arn.as_bytes());
    digest.iter().take(8).fold(0, |hash, byte| hash << 8 | u64::from(*byte))
}
