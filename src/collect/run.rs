//! What all of a run shares, whichever account and Region it is at: the HTTP client, the journal, the meter, and the reason to stop.

use std::sync::{Arc, Mutex, PoisonError};

use aws_smithy_http_client::{Builder, tls};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use tokio::sync::{Notify, Semaphore};

use super::journal::Journal;
use super::meter::Meter;
use super::pace::Pace;
use super::{CollectError, Options};

/// Requests under way at once, all accounts and Regions together: each holds a socket, and a process may have a thousand files open.
const UNDER_WAY: usize = 512;

/// Parts of Regions that begin in a second; each makes a few calls.
const RAMP: f64 = 350.0;

/// The one HTTP and TLS stack.
pub fn http() -> SharedHttpClient {
    Builder::new().tls_provider(tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring)).build_https()
}

#[derive(Debug)]
pub struct Run {
    pub http: SharedHttpClient,
    pub journal: Journal,
    pub meter: Arc<Meter>,
    pub under_way: Semaphore,
    /// How fast a Region's parts begin that nothing waits for.
    pub ramp: Pace,
    pub max_rate: Option<f64>,
    /// One page of each listing is enough: it is asked whether a call is allowed, not what it says.
    pub is_probe: bool,
    why_stopped: Mutex<Option<CollectError>>,
    stopped: Notify,
}

impl Run {
    pub fn new(options: &Options, journal: Journal) -> Self {
        Run {
            http: http(),
            journal,
            meter: Arc::default(),
            under_way: Semaphore::new(UNDER_WAY),
            ramp: Pace::new(Some(RAMP)),
            max_rate: options.max_rate,
            is_probe: options.is_probe,
            why_stopped: Mutex::default(),
            stopped: Notify::new(),
        }
    }

    /// Ends the whole run: nothing that is asked from now on can be answered or kept.
    pub fn stop(&self, why: CollectError) {
        self.why_stopped.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(why);
        self.stopped.notify_one();
    }

    /// Why the run is to end early, if it is.
    pub fn why_stopped(&self) -> Option<CollectError> {
        self.why_stopped.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Waits until the run is to end early, which may be never.
    pub async fn stopped(&self) -> CollectError {
        loop {
            if let Some(why) = self.why_stopped() {
                return why;
            }
            self.stopped.notified().await;
        }
    }
}
