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
}

impl Question {
    pub fn new(service: &'static str, operation: &'static str) -> Self {
        Question { service, operation, subject: None }
    }

    pub fn about(self, subject: impl Into<String>) -> Self {
        Question { subject: Some(subject.into()), ..self }
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
