//! What a run has done so far, for whoever watches it.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};

/// Told what is being observed, while it is.
pub trait Progress: Send + Sync {
    fn tell(&self, tally: &Tally);
}

/// A moment of a run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tally {
    /// What was asked last, and where.
    pub asking: String,
    /// Calls that were begun and those that ended, a listing with all its pages being one.
    pub begun: u64,
    pub ended: u64,
    /// Requests that AWS throttled.
    pub throttled: u64,
    /// Recovery points that were listed, and how many the vaults that are known so far say they hold.
    pub points: u64,
    pub expected_points: u64,
}

#[derive(Debug, Default)]
pub struct Meter {
    asking: Mutex<String>,
    begun: AtomicU64,
    ended: AtomicU64,
    throttled: AtomicU64,
    points: AtomicU64,
    expected_points: AtomicU64,
}

impl Meter {
    pub fn asking(&self, what: String) {
        *self.asking.lock().unwrap_or_else(PoisonError::into_inner) = what;
        self.begun.fetch_add(1, Relaxed);
    }

    pub fn ended(&self) {
        self.ended.fetch_add(1, Relaxed);
    }

    pub fn throttled(&self) {
        self.throttled.fetch_add(1, Relaxed);
    }

    pub fn points(&self, listed: u64) {
        self.points.fetch_add(listed, Relaxed);
    }

    pub fn expect_points(&self, counted: u64) {
        self.expected_points.fetch_add(counted, Relaxed);
    }

    pub fn tally(&self) -> Tally {
        Tally {
            asking: self.asking.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            begun: self.begun.load(Relaxed),
            ended: self.ended.load(Relaxed),
            throttled: self.throttled.load(Relaxed),
            points: self.points.load(Relaxed),
            expected_points: self.expected_points.load(Relaxed),
        }
    }
}
