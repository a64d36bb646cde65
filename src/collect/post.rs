//! A post: one account in one Region, from which calls are made, a few at a time, each entered in the ledger.

use std::future::Future;
use std::sync::Arc;

use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;

use super::ledger::{Ledger, Question};
use super::session::Session;
use crate::snapshot::{Call, Outcome};

/// Requests under way at once in a Region. At 50 ms a request, 16 are ten times as fast as one, and 64 no faster.
const AT_ONCE: usize = 16;

/// Cheap to copy; all copies share gate and ledger.
#[derive(Clone)]
pub struct Post {
    pub session: Arc<Session>,
    pub region: String,
    pub gate: Arc<Semaphore>,
    pub ledger: Arc<Ledger>,
    pub backup: aws_sdk_backup::Client,
    notes: mpsc::UnboundedSender<String>,
}

impl Post {
    pub fn new(session: &Arc<Session>, region: &str, notes: &mpsc::UnboundedSender<String>) -> Self {
        Post {
            session: session.clone(),
            region: region.to_owned(),
            gate: Arc::new(Semaphore::new(AT_ONCE)),
            ledger: Arc::default(),
            backup: session.backup(region),
            notes: notes.clone(),
        }
    }

    /// Tells whoever is watching; that nobody may be is no fault.
    pub fn note(&self, what: &str) {
        let _ = self.notes.send(format!("{}: {what}", self.region));
    }

    /// Enters a call that is not made.
    pub fn skip(&self, question: Question, why: &str) {
        self.ledger.record(Call { error: Some(why.to_owned()), ..question.entry(Outcome::Skipped) });
    }

    /// The calls that were made from here, in order.
    pub fn finish(&self) -> Vec<Call> {
        self.ledger.finish()
    }
}

/// Works on all items at once and returns the results in the items' order; the gate limits what reaches AWS.
pub async fn each<T, R, F>(items: Vec<T>, work: impl Fn(T) -> F) -> Vec<R>
where
    F: Future<Output = R> + Send + 'static,
    R: Send + 'static,
{
    let mut under_way = JoinSet::new();
    for (place, item) in items.into_iter().enumerate() {
        let work = work(item);
        under_way.spawn(async move { (place, work.await) });
    }
    let mut done = Vec::with_capacity(under_way.len());
    while let Some(result) = under_way.join_next().await {
        match result {
            Ok(result) => done.push(result),
            Err(broken) => std::panic::resume_unwind(broken.into_panic()),
        }
    }
    done.sort_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, result)| result).collect()
}
