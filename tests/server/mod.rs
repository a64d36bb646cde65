//! The project's own test server: AWS's wire protocols over HTTP/1.1, answered from a world file, which is a snapshot
//! document. It shares no code with the collector: what the collector reads back has gone over a wire.
//!
//! - `http`: sockets, requests and responses
//! - `world`: the snapshot document that is served, and the wire's forms of its members
//! - `faults`: what goes wrong, by operation
//! - `route`: which operation a request calls; `answer`: what an operation comes to; `dialect`: how each protocol words it
//! - `backup`, `kms`, `account`: the services; `paging`: pages and tokens
#![allow(dead_code)]

pub mod account;
pub mod answer;
pub mod backup;
pub mod dialect;
pub mod faults;
pub mod http;
pub mod kms;
pub mod paging;
pub mod route;
pub mod world;

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use faults::{Fault, Faults};
use serde_json::Value;
use world::World;

/// A request that came in, as tests want to look at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    pub access_key: String,
    pub region: String,
    pub operation: String,
    pub subject: Option<String>,
    pub target: String,
}

/// A server on a port of its own, until it is dropped.
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
}

pub struct Shared {
    pub world: World,
    pub faults: Faults,
    /// The most items that a page holds, whatever the client asks for.
    pub page_size: usize,
    pub seen: Mutex<Vec<Seen>>,
    stopped: AtomicBool,
}

impl Server {
    /// Serves the world on a free port of 127.0.0.1.
    pub fn start(world: Value, faults: Vec<Fault>, page_size: usize) -> Server {
        Server::start_on(0, world, faults, page_size)
    }

    /// Port 0 is any free one.
    pub fn start_on(port: u16, world: Value, faults: Vec<Fault>, page_size: usize) -> Server {
        let listener = TcpListener::bind(("127.0.0.1", port)).expect("a port to listen on");
        let address = listener.local_addr().expect("the listener has an address");
        let world = World::new(world);
        let faults = Faults::new(world.faults().into_iter().chain(faults).collect());
        let shared = Arc::new(Shared { world, faults, page_size, seen: Mutex::default(), stopped: AtomicBool::new(false) });
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

    pub fn requests(&self, operation: &str) -> usize {
        self.seen().iter().filter(|seen| seen.operation == operation).count()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        // Wakes the listener, so that it sees the flag.
        let _ = TcpStream::connect(self.address);
    }
}
