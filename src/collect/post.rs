//! A post: one account in one Region, from which calls are made, each entered in the ledger.

use std::pin::Pin;
use std::sync::Arc;

use tokio::task::JoinSet;

use super::CollectError;
use super::fault::Fault;
use super::journal::{Key, Record};
use super::ledger::{Ledger, Question};
use super::sent::Sent;
use super::session::Session;
use super::wire::{self, Line, Reply};
use crate::snapshot::{Call, Outcome};

/// Cheap to copy; all copies share the ledger.
#[derive(Clone)]
pub struct Post {
    pub session: Arc<Session>,
    /// The account whose credentials these are.
    pub account: String,
    pub region: String,
    pub ledger: Arc<Ledger>,
    pub backup: aws_sdk_backup::Client,
}

impl Post {
    pub fn new(session: &Arc<Session>, account: &str, region: &str) -> Self {
        Post {
            session: session.clone(),
            account: account.to_owned(),
            region: region.to_owned(),
            ledger: Arc::default(),
            backup: session.backup(region),
        }
    }

    /// Enters a call that is not made.
    pub fn skip(&self, question: Question, why: &str) {
        self.ledger.record(Call { error: Some(why.to_owned()), ..question.entry(Outcome::Skipped) });
    }

    /// The calls that were made from here, in order.
    pub fn finish(&self) -> Vec<Call> {
        self.ledger.finish()
    }

    /// The answer that an interrupted run brought; it goes into the ledger as any other.
    pub fn recall(&self, question: &Question) -> Option<Record> {
        let record = self.recall_part(question, None)?;
        self.ledger.record(record.call.clone());
        Some(record)
    }

    /// A part of a listing that an interrupted run brought.
    pub fn recall_part(&self, question: &Question, part: Option<String>) -> Option<Record> {
        if question.again {
            return None;
        }
        let mut record = self.session.run.journal.recall(&self.key(question, part))?;
        record.call.resumed = true;
        Some(record)
    }

    /// Keeps what was answered to its end, for a run that goes on where this one is interrupted.
    pub fn keep(&self, question: &Question, part: Option<String>, call: &Call, answer: impl FnOnce() -> serde_json::Value) {
        if call.outcome == Outcome::Ok && !question.again && !self.session.run.is_probe {
            let record = Record { key: self.key(question, part), call: call.clone(), answer: answer() };
            if let Err(error) = self.session.run.journal.enter(&record) {
                self.session.run.stop(CollectError::Journal(error));
            }
        }
    }

    fn key(&self, question: &Question, part: Option<String>) -> Key {
        Key {
            account: self.account.clone(),
            region: self.region.clone(),
            service: question.service.to_owned(),
            operation: question.operation.to_owned(),
            subject: question.subject.clone(),
            part,
        }
    }

    /// One request, retries included, which is not made up before it is its turn: what AWS sent, or why it did not.
    pub async fn ask<'a>(&self, question: &Question, request: impl FnOnce() -> Sent<'a> + Send) -> (Result<Reply, Fault>, Option<String>) {
        let (result, line) = self.send(question, request).await;
        let request_id = line.reply.as_ref().and_then(|reply| reply.request_id.clone());
        let reply = result.and_then(|()| line.reply.ok_or_else(|| Fault::new("nothing came back")));
        (reply, request_id)
    }

    /// One request, retries included, and what the SDK makes of the answer.
    pub async fn send<'a, O>(&self, question: &Question, request: impl FnOnce() -> Sent<'a, O> + Send) -> (Result<O, Fault>, Line) {
        let region = question.region.as_deref().unwrap_or(&self.region);
        let pace = self.session.pace(question.service, region);
        let _place = pace.admit().await;
        // Never closed; were it, the request would only lose its place in the queue.
        let _socket = self.session.run.under_way.acquire().await.ok();
        let (result, line) = wire::listen(request()).await;
        let result = result.map_err(|fault| fault.without(self.session.redaction(), &line.secrets));
        if let Err(fault) = &result
            && fault.is_expiry()
            && self.session.is_first
        {
            let asked = format!("{}:{} in {region}", question.service, question.operation);
            self.session.run.stop(CollectError::Expired { asked, reason: fault.text() });
        }
        (result, line)
    }
}

/// Works on all items at once and returns the results in the items' order; the pace limits what reaches AWS.
pub async fn each<T, R, F>(items: Vec<T>, work: impl Fn(T) -> F) -> Vec<R>
where
    F: Future<Output = R> + Send + 'static,
    R: Send + 'static,
{
    let mut under_way = JoinSet::new();
    for (place, item) in items.into_iter().enumerate() {
        let work: Pin<Box<dyn Future<Output = R> + Send>> = Box::pin(work(item));
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
