//! Requests per second, as AWS limits them: a token bucket for each account, Region and operation.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Mutex;
use std::time::Instant;

/// Buckets that hold as many tokens as flow in during a second, and are full at first. A request takes a token; one that
/// finds none is refused and takes nothing. So a burst of `rate` passes at once, and `rate` a second after that.
#[derive(Debug)]
pub struct Limit<Key>(Mutex<HashMap<Key, Bucket>>);

#[derive(Debug, Clone, Copy)]
struct Bucket {
    tokens: f64,
    filled: Instant,
}

impl<Key> Default for Limit<Key> {
    fn default() -> Self {
        Limit(Mutex::default())
    }
}

impl<Key: Eq + Hash> Limit<Key> {
    /// Whether the request passes.
    pub fn admits(&self, key: Key, rate: usize) -> bool {
        let (now, rate) = (Instant::now(), rate as f64);
        let mut buckets = self.0.lock().unwrap();
        let bucket = buckets.entry(key).or_insert(Bucket { tokens: rate, filled: now });
        let flown = now.saturating_duration_since(bucket.filled).as_secs_f64() * rate;
        *bucket = Bucket { tokens: (bucket.tokens + flown).min(rate), filled: now };
        let admits = bucket.tokens >= 1.0;
        if admits {
            bucket.tokens -= 1.0;
        }
        admits
    }
}
