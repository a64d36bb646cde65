//! A waiver: findings that somebody accepts, for a reason and until a date.

use chrono::NaiveDate;

use crate::facts::{Facts, wildcard};
use crate::snapshot::Timestamp;

/// One stanza of a waivers file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    /// The rule's id.
    pub rule: String,
    /// What the subject's id must match; `*` stands for any run of characters, `?` for one.
    pub resource: String,
    pub account: Option<String>,
    pub region: Option<String>,
    pub reason: String,
    /// The last day, in UTC, on which it waives.
    pub expires: NaiveDate,
    pub approver: Option<String>,
    pub ticket: Option<String>,
    /// Where it stands in its file, counted from 1.
    pub line: usize,
}

/// What a waivers file holds, and the terms that the configuration sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waivers {
    /// As reports name the file.
    pub file: String,
    pub text: String,
    /// In the file's order.
    pub all: Vec<Waiver>,
    pub terms: WaiverTerms,
}

/// How long a waiver may hold, and how long before its end that is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaiverTerms {
    pub notice_days: u16,
    pub max_days: u16,
}

impl Default for WaiverTerms {
    fn default() -> Self {
        WaiverTerms { notice_days: 14, max_days: 365 }
    }
}

/// Whether a waiver holds on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Its last day has passed: it waives nothing.
    Lapsed,
    /// It holds, and will not much longer.
    Lapsing,
    Active,
}

impl Standing {
    pub fn name(self) -> &'static str {
        match self {
            Standing::Lapsed => "lapsed",
            Standing::Lapsing => "lapsing",
            Standing::Active => "active",
        }
    }
}

impl Waiver {
    /// Days from the moment's own day to the last day; negative where that has passed.
    pub fn days_left(&self, as_of: Timestamp) -> i64 {
        (self.expires - as_of.to_chrono().date_naive()).num_days()
    }

    pub fn standing(&self, as_of: Timestamp, terms: WaiverTerms) -> Standing {
        match self.days_left(as_of) {
            ..0 => Standing::Lapsed,
            days if days <= i64::from(terms.notice_days) => Standing::Lapsing,
            _ => Standing::Active,
        }
    }

    /// Whether it names one resource and not many.
    pub fn is_exact(&self) -> bool {
        !self.resource.contains(['*', '?'])
    }

    /// Whether it is about the subject with this id.
    pub fn concerns(&self, id: &str, facts: &Facts) -> bool {
        // What stands before the first wildcard and after the last settles most cases, and cheaply.
        let head = self.resource.split(['*', '?']).next().unwrap_or_default();
        let tail = self.resource.rsplit(['*', '?']).next().unwrap_or_default();
        self.may_concern(facts) && id.starts_with(head) && id.ends_with(tail) && wildcard(&self.resource, id)
    }

    /// Whether it can be about something that lies there.
    pub fn may_concern(&self, facts: &Facts) -> bool {
        let is = |wanted: &Option<String>, found: &str| wanted.as_ref().is_none_or(|wanted| wanted == found);
        is(&self.account, &facts.account) && is(&self.region, &facts.region)
    }

    /// Why it is accepted, by whom and until when, on one line.
    pub fn justification(&self) -> String {
        let approver = self.approver.as_ref().map(|approver| format!("; approved by {approver}")).unwrap_or_default();
        let ticket = self.ticket.as_ref().map(|ticket| format!("; {ticket}")).unwrap_or_default();
        format!("{}{approver}; until {}{ticket}", self.reason, self.expires)
    }
}
