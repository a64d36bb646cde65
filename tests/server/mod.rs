//! The project's own test server: AWS's wire protocols over HTTP/1.1, answered from a world file, which is a snapshot
//! document. It shares no code with the collector: what the collector reads back has gone over a wire.
//!
//! - `http`: sockets, requests and responses
//! - `world`: the snapshot document that is served, and the wire's forms of its members
//! - `faults`, `limit`: what goes wrong, by operation; `stats`: what came of the requests
//! - `route`, `backup_paths`: which operation a request calls; `answer`: what an operation comes to
//! - `dialect`: how each protocol words it, with `xml` and `cbor`; `paging`: pages and tokens
//! - `backup`, `governance`, `vaults`, `points`, `synthetic`: AWS Backup
//! - `account`, `cloudtrail`, `cloudwatch`, `dynamodb`, `events`, `iam`, `inventory`, `kms`, `organizations`, `sns`, `sts`: the
//!   other services
#![allow(dead_code)]

pub mod account;
pub mod answer;
pub mod backup;
pub mod backup_paths;
pub mod cbor;
pub mod cloudtrail;
pub mod cloudwatch;
pub mod dialect;
pub mod dynamodb;
pub mod events;
pub mod faults;
pub mod governance;
pub mod http;
pub mod iam;
pub mod inventory;
pub mod kms;
pub mod limit;
pub mod organizations;
pub mod paging;
pub mod points;
pub mod route;
pub mod sns;
pub mod stats;
pub mod sts;
pub mod synthetic;
pub mod vaults;
pub mod world;
pub mod xml;

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use faults::{Fault, Faults};
use serde_json::Value;
use stats::Stats;
use world::World;

/// A request that came in, as tests want to look at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    pub access_key: String,
    pub account: String,
    pub region: String,
    /// IAM's prefix.
    pub service: String,
    pub operation: String,
    pub subject: Option<String>,
    pub target: String,
}

/// How the world is served.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// 0 is any free one.
    pub port: u16,
    /// The most items that a page holds, whatever the client asks for.
    pub page_size: usize,
    /// How long every response is held back. Connections do not wait for each other.
    pub latency: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Options { port: 0, page_size: 100, latency: Duration::ZERO }
    }
}

/// A server on a port of its own, until it is dropped.
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
}

pub struct Shared {
    pub world: World,
    pub faults: Faults,
    pub options: Options,
    pub stats: Stats,
    pub seen: Mutex<Vec<Seen>>,
    stopped: AtomicBool,
}

impl Server {
    /// Serves the world on a free port of 127.0.0.1.
    pub fn start(world: Value, faults: Vec<Fault>, page_size: usize) -> Server {
        Server::with(world, faults, Options { page_size, ..Options::default() })
    }

    pub fn with(world: Value, faults: Vec<Fault>, options: Options) -> Server {
        let listener = TcpListener::bind(("127.0.0.1", options.port)).expect("a port to listen on");
        let address = listener.local_addr().expect("the listener has an address");
        let world = World::new(world);
        let faults = Faults::new(world.faults().into_iter().chain(faults).collect());
        let (stats, seen, stopped) = (Stats::default(), Mutex::default(), AtomicBool::new(false));
        let shared = Arc::new(Shared { world, faults, options, stats, seen, stopped });
        let serving = shared.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if serving.stopped.load(Ordering::SeqCst) {
                    return;
                }
                if let Ok(stream) = stream {
                    let serving = serving.clone();
                    std::thread::spawn(move || http::converse(stream, |request| answer::answer(&serving, request)));
                }
            }
        });
        Server { address, shared }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Every request so far, in order of arrival.
    pub fn seen(&self) -> Vec<Seen> {
        self.shared.seen.lock().unwrap().clone()
    }

    /// How many requests came in for an operation, whatever came of them. `operation` may bear IAM's prefix.
    pub fn requests(&self, operation: &str) -> usize {
        let is_it = |seen: &&Seen| match operation.split_once(':') {
            Some((service, operation)) => seen.service == service && seen.operation == operation,
            None => seen.operation == operation,
        };
        self.shared.seen.lock().unwrap().iter().filter(is_it).count()
    }

    /// How many of them were answered well.
    pub fn answered(&self, operation: &str) -> usize {
        self.shared.stats.of(operation).answered
    }

    /// How many of them were throttled.
    pub fn throttled(&self, operation: &str) -> usize {
        self.shared.stats.of(operation).throttled
    }

    /// What came of all requests, by operation, as `GET /__stats` prints it.
    pub fn stats(&self) -> Value {
        self.shared.stats.report()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        // Wakes the listener, so that it sees the flag.
        let _ = TcpStream::connect(self.address);
    }
}
