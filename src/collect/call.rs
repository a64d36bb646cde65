//! One operation with all its pages, and its entry in the ledger. Nothing is taken for an answer that is not one: a page
//! without its list, a token that comes back, a list that never ends.

use std::collections::HashSet;
use std::error::Error;
use std::future::Future;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use serde_json::{Map, Value};

use super::fault::Fault;
use super::ledger::{Question, now};
use super::post::Post;
use super::wire::{self, Capture};
use crate::snapshot::{Call, Outcome};

/// Pages without items that are read before a listing counts as endless. AWS sends some when it filters late.
const EMPTY_PAGES: u64 = 200;

/// What a call about one object brought.
#[derive(Debug)]
pub enum Told {
    Known(Map<String, Value>),
    /// AWS said that there is none.
    Absent,
    /// The call was not answered, with this outcome; the ledger says why.
    Silent(Outcome),
}

/// Where a page keeps its items, and the token that leads to the next.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    pub items: &'static str,
    /// The member without which an item is not one.
    pub identity: &'static str,
    pub token: &'static str,
}

/// What a listing brought, sorted by identity.
#[derive(Debug)]
pub struct Listing {
    pub items: Vec<Map<String, Value>>,
    pub outcome: Outcome,
}

impl Listing {
    /// It ended on its last page, so that what is not in it does not exist.
    pub fn is_whole(&self) -> bool {
        self.outcome == Outcome::Ok
    }

    /// At least its first page was read.
    pub fn was_answered(&self) -> bool {
        matches!(self.outcome, Outcome::Ok | Outcome::Truncated)
    }
}

impl Post {
    /// Asks for one object. `holds` is the member without which an answer is none; `absent` recognises the errors that
    /// say that there is no such object.
    pub async fn object<O, E, F>(
        &self,
        question: Question,
        holds: &'static str,
        absent: fn(&Fault) -> bool,
        send: impl FnOnce(Capture) -> F,
    ) -> Told
    where
        E: Error + ProvideErrorMetadata + 'static,
        F: Future<Output = Result<O, SdkError<E, HttpResponse>>>,
    {
        self.note(&headline(&question));
        let time = Some(now());
        let (reply, request_id) = self.ask(send).await;
        let reply = reply.and_then(|body| match wire::lack(&body, holds) {
            Some(lack) => Err(Fault::new(lack)),
            None => Ok(body),
        });
        let (told, outcome, items, error) = match reply {
            Ok(body) => (Told::Known(body), Outcome::Ok, 1, None),
            Err(fault) if absent(&fault) => (Told::Absent, Outcome::Ok, 0, None),
            Err(fault) => (Told::Silent(fault.outcome), fault.outcome, 0, Some(fault.text())),
        };
        let pages = u64::from(outcome == Outcome::Ok);
        self.ledger.record(Call { pages, items, request_ids: request_id.into_iter().collect(), time, error, ..question.entry(outcome) });
        told
    }

    /// Asks for a list, page after page.
    pub async fn list<O, E, F>(&self, question: Question, page: Page, send: impl Fn(Option<String>, Capture) -> F) -> Listing
    where
        E: Error + ProvideErrorMetadata + 'static,
        F: Future<Output = Result<O, SdkError<E, HttpResponse>>>,
    {
        let mut items: Vec<Map<String, Value>> = Vec::new();
        let outcome = self
            .pages(question, page.token, send, |body| {
                let Some(Value::Array(list)) = body.remove(page.items) else {
                    return Err(Fault::new(format!("the answer holds no list '{}'", page.items)));
                };
                let read = list.len() as u64;
                for item in list {
                    match item {
                        Value::Object(item) if !text(&item, page.identity).is_empty() => items.push(item),
                        _ => return Err(Fault::new(format!("an item of '{}' holds no '{}'", page.items, page.identity))),
                    }
                }
                Ok(read)
            })
            .await;
        items.sort_by(|one, other| text(one, page.identity).cmp(text(other, page.identity)));
        // What changes while it is listed can stand on two pages.
        items.dedup_by(|one, other| text(one, page.identity) == text(other, page.identity));
        Listing { items, outcome }
    }

    /// Asks for a resource's tags, which AWS Backup pages as an object. Part of them is as good as none: the tag that is
    /// looked for may be in the other part.
    pub async fn tags<O, E, F>(&self, question: Question, send: impl Fn(Option<String>, Capture) -> F) -> Told
    where
        E: Error + ProvideErrorMetadata + 'static,
        F: Future<Output = Result<O, SdkError<E, HttpResponse>>>,
    {
        let mut tags = Map::new();
        let outcome = self
            .pages(question, "NextToken", send, |body| {
                let Some(Value::Object(page)) = body.remove("Tags") else {
                    return Err(Fault::new("the answer holds no 'Tags'"));
                };
                let read = page.len() as u64;
                tags.extend(page);
                Ok(read)
            })
            .await;
        tags.sort_keys();
        if outcome == Outcome::Ok { Told::Known(tags) } else { Told::Silent(outcome) }
    }

    /// Reads pages until one has no token. `take` takes a page's items and counts them.
    async fn pages<O, E, F>(
        &self,
        question: Question,
        token_member: &'static str,
        send: impl Fn(Option<String>, Capture) -> F,
        mut take: impl FnMut(&mut Map<String, Value>) -> Result<u64, Fault>,
    ) -> Outcome
    where
        E: Error + ProvideErrorMetadata + 'static,
        F: Future<Output = Result<O, SdkError<E, HttpResponse>>>,
    {
        let headline = headline(&question);
        self.note(&headline);
        let mut entry = Call { time: Some(now()), ..question.entry(Outcome::Ok) };
        let (mut token, mut seen, mut empty) = (None, HashSet::new(), 0);
        let fault = loop {
            let (reply, request_id) = self.ask(|capture| send(token.clone(), capture)).await;
            entry.request_ids.extend(request_id);
            let mut body = match reply {
                Ok(body) => body,
                Err(fault) => break Some(fault),
            };
            match take(&mut body) {
                Ok(read) => {
                    entry.pages += 1;
                    entry.items += read;
                    empty = if read == 0 { empty + 1 } else { 0 };
                }
                Err(fault) => break Some(fault),
            }
            let next = match body.remove(token_member) {
                None | Some(Value::Null) => break None,
                Some(Value::String(next)) if next.is_empty() => break None,
                Some(Value::String(next)) => next,
                Some(_) => break Some(Fault::new(format!("'{token_member}' is not a text"))),
            };
            if !seen.insert(next.clone()) {
                break Some(Fault::new(format!(
                    "AWS sent the same '{token_member}' twice, so that the next page would be one already read"
                )));
            }
            if empty >= EMPTY_PAGES {
                break Some(Fault::new(format!("the last {EMPTY_PAGES} pages were empty, and each named a next one")));
            }
            self.note(&format!("{headline}, {} so far", entry.items));
            token = Some(next);
        };
        if let Some(fault) = fault {
            let first = entry.pages == 0;
            entry.outcome = if first { fault.outcome } else { Outcome::Truncated };
            entry.error = Some(if first { fault.text() } else { format!("after page {}: {}", entry.pages, fault.text()) });
        }
        let outcome = entry.outcome;
        self.ledger.record(entry);
        outcome
    }

    /// One request, retries included.
    async fn ask<O, E, F>(&self, send: impl FnOnce(Capture) -> F) -> (Result<Map<String, Value>, Fault>, Option<String>)
    where
        E: Error + ProvideErrorMetadata + 'static,
        F: Future<Output = Result<O, SdkError<E, HttpResponse>>>,
    {
        // The gate is never closed; were it, the call would only lose its place in the queue.
        let _place = self.gate.acquire().await.ok();
        let capture = Capture::default();
        let result = send(capture.clone()).await;
        let (body, request_id) = capture.take();
        match result {
            Ok(_) => (body.ok_or_else(|| Fault::new("the answer is not a JSON object")), request_id),
            Err(error) => (Err(Fault::of(&error, self.session.redaction())), request_id),
        }
    }
}

/// A member that is a text; empty where it is missing.
pub fn text<'a>(object: &'a Map<String, Value>, member: &str) -> &'a str {
    object.get(member).and_then(Value::as_str).unwrap_or_default()
}

fn headline(question: &Question) -> String {
    match &question.subject {
        Some(subject) => format!("{} '{subject}'", question.operation),
        None => question.operation.to_owned(),
    }
}
