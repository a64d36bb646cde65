//! One operation with all its pages, and its entry in the ledger. Nothing is taken for an answer that is not one: a page
//! without its list, a token that comes back, a list that never ends.

use std::collections::HashSet;
use std::error::Error;
use std::pin::Pin;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use serde_json::{Map, Value};

use super::body;
use super::fault::Fault;
use super::ledger::{Question, now};
use super::post::Post;
use super::sent::{Sent, sent};
use super::wire::Reply;
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

/// Objects of a collection, and whether these are all there are.
#[derive(Debug, Default)]
pub struct Found {
    pub items: Vec<Value>,
    pub whole: bool,
}

impl From<Listing> for Found {
    fn from(listing: Listing) -> Self {
        let whole = listing.is_whole();
        Found { items: listing.items.into_iter().map(Value::Object).collect(), whole }
    }
}

impl Listing {
    /// The items, if these are all there are.
    pub fn only_whole(self) -> Option<Vec<Value>> {
        self.is_whole().then(|| self.items.into_iter().map(Value::Object).collect())
    }

    /// It ended on its last page, so that what is not in it does not exist.
    pub fn is_whole(&self) -> bool {
        self.outcome == Outcome::Ok
    }

    /// At least its first page was read.
    pub fn was_answered(&self) -> bool {
        matches!(self.outcome, Outcome::Ok | Outcome::Truncated)
    }
}

/// Sends the request for the page that a token leads to.
type Asking<'a> = Box<dyn Fn(Option<String>) -> Sent<'a> + Send + Sync + 'a>;
/// What waits for an answer. Boxed, or the compiler would lay all calls of a Region out in one function.
type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
/// Looks at a page before its items are read.
type Prepare<'a> = Box<dyn Fn(&mut Map<String, Value>) -> Result<(), Fault> + Send + Sync + 'a>;

impl Post {
    /// Asks for one object. `holds` is the member without which an answer is none; `absent` recognises the errors that
    /// say that there is no such object.
    pub fn object<'a, O, E>(
        &'a self,
        question: Question,
        holds: &'static str,
        absent: fn(&Fault) -> bool,
        send: impl Future<Output = Result<O, SdkError<E, HttpResponse>>> + Send + 'a,
    ) -> Boxed<'a, Told>
    where
        E: Error + ProvideErrorMetadata + 'static,
    {
        Box::pin(self.object_of(question, holds, absent, sent(send)))
    }

    async fn object_of(&self, question: Question, holds: &'static str, absent: fn(&Fault) -> bool, send: Sent<'_>) -> Told {
        if let Some(record) = self.recall(&question) {
            return match record.answer {
                Value::Object(body) => Told::Known(body),
                _ => Told::Absent,
            };
        }
        self.begin(&question);
        let time = Some(now());
        let (reply, request_id) = self.ask(&question, || send).await;
        let reply = reply.and_then(|reply| object(&reply)).and_then(|body| match lack(&body, holds) {
            Some(lack) => Err(Fault::new(lack)),
            None => Ok(body),
        });
        let (told, outcome, items, error) = match reply {
            Ok(body) => (Told::Known(body), Outcome::Ok, 1, None),
            Err(fault) if absent(&fault) => (Told::Absent, Outcome::Ok, 0, None),
            Err(fault) => (Told::Silent(fault.outcome), fault.outcome, 0, Some(fault.text())),
        };
        let pages = u64::from(outcome == Outcome::Ok);
        let call = Call { pages, items, request_ids: request_id.into_iter().collect(), time, error, ..question.entry(outcome) };
        self.keep(&question, None, &call, || match &told {
            Told::Known(body) => Value::Object(body.clone()),
            _ => Value::Null,
        });
        self.end(call);
        told
    }

    /// Asks for a list, page after page.
    pub fn list<'a, O, E, F>(
        &'a self,
        question: Question,
        page: Page,
        send: impl Fn(Option<String>) -> F + Send + Sync + 'a,
    ) -> Boxed<'a, Listing>
    where
        E: Error + ProvideErrorMetadata + 'static,
        F: Future<Output = Result<O, SdkError<E, HttpResponse>>> + Send + 'a,
    {
        Box::pin(self.list_of(question, page, Box::new(move |token| sent(send(token))), Box::new(|_| Ok(()))))
    }

    /// Asks for a list, and looks at each page as a whole: some answers hold two lists.
    pub fn list_with<'a, O, E, F>(
        &'a self,
        question: Question,
        page: Page,
        send: impl Fn(Option<String>) -> F + Send + Sync + 'a,
        prepare: impl Fn(&mut Map<String, Value>) -> Result<(), Fault> + Send + Sync + 'a,
    ) -> Boxed<'a, Listing>
    where
        E: Error + ProvideErrorMetadata + 'static,
        F: Future<Output = Result<O, SdkError<E, HttpResponse>>> + Send + 'a,
    {
        Box::pin(self.list_of(question, page, Box::new(move |token| sent(send(token))), Box::new(prepare)))
    }

    async fn list_of(&self, question: Question, page: Page, send: Asking<'_>, prepare: Prepare<'_>) -> Listing {
        if let Some(record) = self.recall(&question) {
            let items = record.answer.as_array().into_iter().flatten().filter_map(|item| item.as_object().cloned()).collect();
            return Listing { items, outcome: Outcome::Ok };
        }
        self.begin(&question);
        let mut items: Vec<Map<String, Value>> = Vec::new();
        let read = |reply: &Reply| {
            let mut body = object(reply)?;
            prepare(&mut body)?;
            let list = match body.remove(page.items) {
                Some(Value::Array(list)) => list,
                // How XML writes an empty list.
                Some(Value::String(text)) if text.trim().is_empty() => Vec::new(),
                _ => return Err(Fault::new(format!("the answer holds no list '{}'", page.items))),
            };
            let read = list.len() as u64;
            for item in list {
                match item {
                    Value::Object(item) if !text(&item, page.identity).is_empty() => items.push(item),
                    // A list of names.
                    Value::String(name) if !name.is_empty() => items.push(Map::from_iter([(page.identity.to_owned(), name.into())])),
                    _ => return Err(Fault::new(format!("an item of '{}' holds no '{}'", page.items, page.identity))),
                }
            }
            Ok((read, next(&mut body, page.token)?))
        };
        let call = self.pages(&question, page.token, &send, read).await;
        items.sort_by(|one, other| text(one, page.identity).cmp(text(other, page.identity)));
        // What changes while it is listed can stand on two pages.
        items.dedup_by(|one, other| text(one, page.identity) == text(other, page.identity));
        let outcome = call.outcome;
        self.keep(&question, None, &call, || items.iter().cloned().map(Value::Object).collect());
        self.end(call);
        Listing { items, outcome }
    }

    /// Asks for a resource's tags, which AWS Backup pages as an object. Part of them is as good as none: the tag that is
    /// looked for may be in the other part.
    pub fn tags<'a, O, E, F>(&'a self, question: Question, send: impl Fn(Option<String>) -> F + Send + Sync + 'a) -> Boxed<'a, Told>
    where
        E: Error + ProvideErrorMetadata + 'static,
        F: Future<Output = Result<O, SdkError<E, HttpResponse>>> + Send + 'a,
    {
        Box::pin(self.tags_of(question, Box::new(move |token| sent(send(token)))))
    }

    async fn tags_of(&self, question: Question, send: Asking<'_>) -> Told {
        if let Some(Value::Object(tags)) = self.recall(&question).map(|record| record.answer) {
            return Told::Known(tags);
        }
        self.begin(&question);
        let mut tags = Map::new();
        let read = |reply: &Reply| {
            let mut body = object(reply)?;
            let Some(Value::Object(page)) = body.remove("Tags") else {
                return Err(Fault::new("the answer holds no 'Tags'"));
            };
            let read = page.len() as u64;
            tags.extend(page);
            Ok((read, next(&mut body, "NextToken")?))
        };
        let call = self.pages(&question, "NextToken", &send, read).await;
        tags.sort_keys();
        let outcome = call.outcome;
        self.keep(&question, None, &call, || Value::Object(tags.clone()));
        self.end(call);
        if outcome == Outcome::Ok { Told::Known(tags) } else { Told::Silent(outcome) }
    }

    /// Reads pages until one has no token. `read` takes a page, counts its items and finds the token of the next one.
    pub async fn pages<'a>(
        &self,
        question: &Question,
        token_member: &'static str,
        send: &(dyn Fn(Option<String>) -> Sent<'a> + Send + Sync),
        mut read: impl FnMut(&Reply) -> Result<(u64, Option<String>), Fault>,
    ) -> Call {
        let mut entry = Call { time: Some(now()), ..question.entry(Outcome::Ok) };
        let (mut token, mut seen, mut empty) = (None, HashSet::new(), 0);
        let fault = loop {
            let (reply, request_id) = self.ask(question, || send(token.clone())).await;
            entry.request_ids.extend(request_id);
            let (items, next) = match reply.and_then(|reply| read(&reply)) {
                Ok(page) => page,
                Err(fault) => break Some(fault),
            };
            entry.pages += 1;
            entry.items += items;
            empty = if items == 0 { empty + 1 } else { 0 };
            let Some(next) = next else { break None };
            // Whether a call is allowed, one page tells; accounts and Regions are wanted all the same.
            if self.session.run.is_probe && !matches!(question.service, "account" | "organizations") {
                break None;
            }
            if !seen.insert(next.clone()) {
                break Some(Fault::new(format!(
                    "AWS sent the same '{token_member}' twice, so that the next page would be one already read"
                )));
            }
            if empty >= EMPTY_PAGES {
                break Some(Fault::new(format!("the last {EMPTY_PAGES} pages were empty, and each named a next one")));
            }
            token = Some(next);
        };
        if let Some(fault) = fault {
            let first = entry.pages == 0;
            entry.outcome = if first { fault.outcome } else { Outcome::Truncated };
            entry.error = Some(if first { fault.text() } else { format!("after page {}: {}", entry.pages, fault.text()) });
        }
        entry
    }

    /// Tells whoever is watching what is being asked.
    pub fn begin(&self, question: &Question) {
        self.session.run.meter.asking(format!("{}/{}: {}", self.account, self.region, question.headline()));
    }

    pub fn end(&self, call: Call) {
        self.session.run.meter.ended();
        self.ledger.record(call);
    }
}

fn object(reply: &Reply) -> Result<Map<String, Value>, Fault> {
    body::object(&reply.content_type, &reply.body).ok_or_else(|| Fault::new("the answer is not a JSON object, nor what stands for one"))
}

/// The token of the next page.
fn next(body: &mut Map<String, Value>, member: &str) -> Result<Option<String>, Fault> {
    match body.remove(member) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(next)) if next.is_empty() => Ok(None),
        Some(Value::String(next)) => Ok(Some(next)),
        Some(_) => Err(Fault::new(format!("'{member}' is not a text"))),
    }
}

/// Why a body is no answer to a call that is made for this member.
fn lack(body: &Map<String, Value>, member: &str) -> Option<String> {
    match body.get(member) {
        None | Some(Value::Null) => Some(format!("the answer holds no '{member}'")),
        // A policy is a document in a text. Half a document would spoil the whole snapshot for those who read it.
        Some(Value::String(text)) if member == "Policy" && serde_json::from_str::<Map<String, Value>>(text).is_err() => {
            Some("the answer's 'Policy' is not a JSON object".to_owned())
        }
        Some(_) => None,
    }
}

/// A member that is a text; empty where it is missing.
pub fn text<'a>(object: &'a Map<String, Value>, member: &str) -> &'a str {
    object.get(member).and_then(Value::as_str).unwrap_or_default()
}
