//! What came of the requests, counted by operation.

use std::collections::BTreeMap;
use std::sync::Mutex;

use serde_json::{Value, json};

use super::route::Route;

/// What one request came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Answered,
    Throttled,
    /// Refused, or broken on the way.
    Failed,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    pub answered: usize,
    pub throttled: usize,
    pub failed: usize,
}

impl Count {
    pub fn requests(self) -> usize {
        self.answered + self.throttled + self.failed
    }

    fn and(self, other: Count) -> Count {
        Count { answered: self.answered + other.answered, throttled: self.throttled + other.throttled, failed: self.failed + other.failed }
    }

    fn report(self) -> Value {
        json!({"Requests": self.requests(), "Answered": self.answered, "Throttled": self.throttled, "Failed": self.failed})
    }
}

/// Counts by `service:Operation`.
#[derive(Debug, Default)]
pub struct Stats(Mutex<BTreeMap<String, Count>>);

impl Stats {
    pub fn count(&self, route: &Route, end: End) {
        let mut counts = self.0.lock().unwrap();
        let count = counts.entry(route.action()).or_default();
        match end {
            End::Answered => count.answered += 1,
            End::Throttled => count.throttled += 1,
            End::Failed => count.failed += 1,
        }
    }

    /// Of an operation, with its service's prefix or without.
    pub fn of(&self, operation: &str) -> Count {
        let counts = self.0.lock().unwrap();
        let is_it = |name: &str| name == operation || name.split_once(':').is_some_and(|(_, name)| name == operation);
        counts.iter().filter(|(name, _)| is_it(name)).fold(Count::default(), |sum, (_, count)| sum.and(*count))
    }

    pub fn report(&self) -> Value {
        let counts = self.0.lock().unwrap();
        let all = counts.values().fold(Count::default(), |sum, count| sum.and(*count));
        let mut report = all.report();
        report["Operations"] = counts.iter().map(|(name, count)| (name.clone(), count.report())).collect::<serde_json::Map<_, _>>().into();
        report
    }
}
