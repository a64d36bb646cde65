//! Many nights in a row. One that could not be read is told, and is never a night on which nothing was found.

use super::night::{Night, Recovered, Step};
use crate::snapshot::Timestamp;

/// From the oldest to the newest.
#[derive(Debug, Default)]
pub struct Trend {
    pub entries: Vec<Entry>,
    /// Older results that nobody looked into.
    pub earlier: usize,
    /// Why it is not known which results there are.
    pub unlisted: Option<String>,
    /// The newest that could be read, with what the next one is compared with.
    last: Option<Night>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    Night(NightInNumbers),
    /// A result that could not be read.
    Gap {
        name: String,
        why: String,
    },
}

/// A night in numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NightInNumbers {
    pub as_of: Timestamp,
    /// In the order of `Severity::WORST_FIRST`.
    pub failed: [usize; 4],
    pub waived: usize,
    pub unknown: usize,
    pub recovered: Option<Recovered>,
    /// Since when `step` and `differs` are; `None` for the first.
    pub since: Option<Timestamp>,
    /// `None` where there is nothing to compare with, or it cannot be compared.
    pub step: Option<Step>,
    /// Why it cannot be compared with the night before.
    pub differs: Vec<String>,
}

impl Trend {
    pub fn last(&self) -> Option<&Night> {
        self.last.as_ref()
    }

    pub fn push(&mut self, night: Night) {
        let former = self.last.as_ref();
        self.entries.push(Entry::Night(NightInNumbers {
            as_of: night.as_of,
            failed: night.failed,
            waived: night.waived,
            unknown: night.unknown,
            recovered: night.recovered,
            since: former.map(|former| former.as_of),
            step: former.and_then(|former| night.since(former)),
            differs: former.map(|former| night.ground.differs(&former.ground)).unwrap_or_default(),
        }));
        self.last = Some(night.as_former());
    }

    pub fn miss(&mut self, name: String, why: String) {
        self.entries.push(Entry::Gap { name, why });
    }

    pub fn gaps(&self) -> impl Iterator<Item = (&str, &str)> {
        self.entries.iter().filter_map(|entry| match entry {
            Entry::Gap { name, why } => Some((name.as_str(), why.as_str())),
            Entry::Night(_) => None,
        })
    }
}

impl NightInNumbers {
    pub fn failures(&self) -> usize {
        self.failed.iter().sum()
    }
}
