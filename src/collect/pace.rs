//! How fast one service of one account in one Region may be asked. Without a throttle only the number of requests under way limits
//! them; a throttle halves the rate, and from there it grows again.
//!
//! The growth follows the idea of TCP's CUBIC: back to just below the rate that was throttled within a second, slowly past it, and
//! faster the longer nothing is throttled, so that little is lost to a throttle and few requests find out where the limit is.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};

/// Requests under way at once. More would be no faster: at 50 ms a request, the rest of a machine with two processors is busy by then.
pub const UNDER_WAY: usize = 24;
/// Over how long the rate of answers is measured, at most and at least: what came in less says little.
const MEASURED: Duration = Duration::from_secs(1);
const MEANINGFUL: Duration = Duration::from_millis(250);
/// Seconds within which the halved rate is made up for.
const RECOVERY: f64 = 1.0;
/// How near to the throttled rate it recovers.
const RECOVERED: f64 = 0.95;
/// How much is added after that: for each second, and for each second cubed.
const GROWTH: f64 = 0.005;
const ACCELERATION: f64 = 0.000_05;
/// How late a timer may be.
const LATE: Duration = Duration::from_millis(5);
const SLOWEST: f64 = 0.5;

/// Shared by all who ask one service.
#[derive(Debug)]
pub struct Pace {
    under_way: Arc<Semaphore>,
    /// Who waits for a moment to leave in, one after the other.
    turn: tokio::sync::Mutex<()>,
    limit: Mutex<Limit>,
}

#[derive(Debug)]
struct Limit {
    /// Requests a second that the user allows.
    cap: Option<f64>,
    throttled: Option<Throttle>,
    /// When the next request may leave.
    next: Instant,
    answers: VecDeque<Instant>,
}

#[derive(Debug, Clone, Copy)]
struct Throttle {
    at: Instant,
    /// Requests a second until then.
    rate: f64,
}

/// Held while a request is under way.
pub struct Admission(#[expect(dead_code, reason = "its end is what counts")] Option<OwnedSemaphorePermit>);

impl Pace {
    pub fn new(cap: Option<f64>) -> Self {
        let limit = Limit { cap, throttled: None, next: Instant::now(), answers: VecDeque::new() };
        Pace { under_way: Arc::new(Semaphore::new(UNDER_WAY)), turn: tokio::sync::Mutex::default(), limit: Mutex::new(limit) }
    }

    /// Waits for a place and for a moment to leave in. To be called before a request is signed: a signature lasts for minutes only.
    pub async fn admit(&self) -> Admission {
        // The semaphore is never closed; were it, the request would only lose its place in the queue.
        let place = self.under_way.clone().acquire_owned().await.ok();
        self.slot().await;
        Admission(place)
    }

    /// Waits for a moment to leave in, as a retry does, which has its place already.
    pub async fn slot(&self) {
        let _turn = self.turn.lock().await;
        // What was a good moment when the wait began may be none after a throttle.
        loop {
            let again = self.lock().wait(Instant::now());
            let Some(at) = again else { return };
            sleep_until(at).await;
        }
    }

    pub fn answered(&self) {
        self.lock().answered(Instant::now());
    }

    /// A request that left at this moment was throttled.
    pub fn throttled(&self, left: Instant) {
        self.lock().throttled(left, Instant::now());
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Limit> {
        self.limit.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Limit {
    /// When to ask again for a moment to leave in; `None`: it is now, and taken.
    fn wait(&mut self, now: Instant) -> Option<Instant> {
        if self.next > now {
            return Some(self.next);
        }
        if let Some(rate) = self.rate(now) {
            // A timer that is late by a little does not slow the rate down.
            self.next = self.next.max(now - LATE) + Duration::from_secs_f64(1.0 / rate);
        }
        None
    }

    /// Requests a second; `None`: as fast as they come.
    fn rate(&self, now: Instant) -> Option<f64> {
        let learned = self.throttled.map(|throttle| {
            let seconds = now.saturating_duration_since(throttle.at).as_secs_f64();
            let missing = (1.0 - (seconds / RECOVERY).min(1.0)).powi(3) * (RECOVERED - 0.5);
            let past = (seconds - RECOVERY).max(0.0);
            throttle.rate * (RECOVERED - missing + GROWTH * past + ACCELERATION * past.powi(3))
        });
        match (learned, self.cap) {
            (Some(learned), cap) => Some(learned.max(SLOWEST).min(cap.unwrap_or(f64::MAX))),
            (None, cap) => cap,
        }
    }

    fn answered(&mut self, now: Instant) {
        self.answers.push_back(now);
        while self.answers.front().is_some_and(|at| now.saturating_duration_since(*at) > MEASURED) {
            self.answers.pop_front();
        }
    }

    fn throttled(&mut self, left: Instant, now: Instant) {
        // Those that were under way when the rate was halved tell nothing new.
        if self.throttled.is_some_and(|last| left <= last.at) {
            return;
        }
        let since = self.throttled.map(|last| last.at).into_iter().chain(self.answers.front().copied()).max().unwrap_or(now);
        let measured = now.saturating_duration_since(since);
        let answers = self.answers.iter().filter(|at| **at >= since).count() as f64 / measured.as_secs_f64().max(0.05);
        let rate = match self.rate(now) {
            Some(paced) if measured < MEANINGFUL => paced,
            Some(paced) => paced.min(answers.max(paced / 2.0)),
            None => answers,
        };
        let rate = rate.max(2.0 * SLOWEST);
        self.throttled = Some(Throttle { at: now, rate });
        self.next = self.next.max(now + Duration::from_secs_f64(0.5 / rate));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A client that always has something to ask, as many at once as it may, at 50 ms; and a service with a bucket of `limit` tokens that fills at
    /// `limit` a second. Returns the answers a second, and the part of the requests that was throttled.
    fn run(limit: f64, seconds: u64, cap: Option<f64>) -> (f64, f64) {
        let start = Instant::now();
        let mut pace = Limit { cap, throttled: None, next: start, answers: VecDeque::new() };
        let (mut tokens, mut filled) = (limit, start);
        let mut waiting = UNDER_WAY;
        // When each request left and comes back, and how.
        let mut coming: VecDeque<(Instant, Instant, bool)> = VecDeque::new();
        let (mut answers, mut throttles) = (0.0, 0.0);
        let (mut now, end) = (start, start + Duration::from_secs(seconds));
        while now < end {
            let leave = (waiting > 0).then(|| pace.next.max(now));
            let come = coming.front().map(|(_, at, _)| *at);
            match (leave, come) {
                (Some(leave), come) if come.is_none_or(|come| leave <= come) => {
                    now = leave;
                    assert_eq!(pace.wait(now), None);
                    waiting -= 1;
                    tokens = (tokens + limit * now.duration_since(filled).as_secs_f64()).min(limit);
                    filled = now;
                    let is_answered = tokens >= 1.0;
                    tokens -= f64::from(u8::from(is_answered));
                    coming.push_back((now, now + Duration::from_millis(50), is_answered));
                }
                _ => {
                    let (left, at, is_answered) = coming.pop_front().unwrap();
                    now = at;
                    waiting += 1;
                    if is_answered {
                        pace.answered(now);
                        answers += 1.0;
                    } else {
                        pace.throttled(left, now);
                        throttles += 1.0;
                    }
                }
            }
        }
        (answers / seconds as f64, throttles / (answers + throttles))
    }

    #[test]
    fn nine_tenths_of_what_a_service_allows_are_used_and_hardly_a_request_is_throttled() {
        for limit in [5.0, 20.0, 50.0, 100.0, 250.0] {
            let (rate, throttled) = run(limit, 120, None);
            assert!(rate >= 0.9 * limit, "{rate} of {limit}");
            // Finding the limit costs some thirty requests, which weigh more where few are answered.
            assert!(throttled < 0.02 + 40.0 / (limit * 120.0), "{throttled} at {limit}");
        }
    }

    #[test]
    fn the_cap_holds() {
        let (rate, throttled) = run(100.0, 20, Some(10.0));
        assert!(rate <= 10.1 && rate > 9.5, "{rate}");
        assert!(throttled == 0.0);
    }

    #[test]
    fn a_throttle_halves_the_rate_and_recovers_to_just_below_it() {
        let start = Instant::now();
        let mut limit = Limit { cap: None, throttled: None, next: start, answers: VecDeque::new() };
        assert_eq!(limit.rate(start), None);
        for millisecond in 0..100 {
            limit.answered(start + Duration::from_millis(millisecond * 10));
        }
        let now = start + Duration::from_secs(1);
        limit.throttled(now, now);
        assert!((limit.rate(now).unwrap() - 50.0).abs() < 1.0);
        let later = limit.rate(now + Duration::from_secs(1)).unwrap();
        assert!((94.0..96.0).contains(&later), "{later}");
        assert!(limit.rate(now + Duration::from_secs(10)).unwrap() > 100.0, "it asks for more in the end");
    }
}
