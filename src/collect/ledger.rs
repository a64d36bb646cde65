//! Every call that was made or skipped. The only place of this room that reads the clock.

use std::sync::{Mutex, PoisonError};

use chrono::Utc;

use crate::snapshot::{Call, Outcome, Timestamp};

/// Which operation is asked, about what.
#[derive(Debug, Clone)]
pub struct Question {
    /// IAM's prefix of the service.
    pub service: &'static str,
    /// As the API names it.
    pub operation: &'static str,
    /// `None`: about the whole Region.
    pub subject: Option<String>,
    /// Where it is asked. `None`: in the Region of the post.
    pub region: Option<String>,
    /// What was answered before is asked again: it is looked for whether it changed.
    pub again: bool,
}

impl Question {
    pub fn new(service: &'static str, operation: &'static str) -> Self {
        Question { service, operation, subject: None, region: None, again: false }
    }

    pub fn about(self, subject: impl Into<String>) -> Self {
        Question { subject: Some(subject.into()), ..self }
    }

    /// Asks in another Region than the one that is being observed.
    pub fn at(self, region: impl Into<String>) -> Self {
        Question { region: Some(region.into()), ..self }
    }

    /// As messages name it.
    pub fn headline(&self) -> String {
        match &self.subject {
            Some(subject) => format!("{} '{subject}'", self.operation),
            None => self.operation.to_owned(),
        }
    }

    /// The entry that this question becomes; everything but the answer.
    pub fn entry(&self, outcome: Outcome) -> Call {
        Call {
            service: self.service.to_owned(),
            operation: self.operation.to_owned(),
            subject: self.subject.clone(),
            outcome,
            pages: 0,
            items: 0,
            request_ids: Vec::new(),
            time: None,
            error: None,
            resumed: false,
        }
    }
}

/// The entries of one unit, in whatever order the calls ended.
#[derive(Debug, Default)]
pub struct Ledger(Mutex<Vec<Call>>);

impl Ledger {
    pub fn record(&self, call: Call) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(call);
    }

    /// Why the first call that was not answered was not.
    pub fn first_error(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().find_map(|call| call.error.clone())
    }

    /// Sorted by service, operation and subject, so that two runs over one account can be compared.
    pub fn finish(&self) -> Vec<Call> {
        let mut calls = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        calls.sort_by(|one, other| {
            (&one.service, &one.operation, &one.subject, one.outcome).cmp(&(
                &other.service,
                &other.operation,
                &other.subject,
                other.outcome,
            ))
        });
        calls
    }
}

pub fn now() -> Timestamp {
    Utc::now().into()
}
