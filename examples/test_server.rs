//! Serves a world file as AWS would:
//! `cargo run --example test_server -- WORLD.json [--port N] [--page-size N] [--faults FILE] [--latency MILLISECONDS]`.
//! The first line on stdout is the endpoint's URL; the server ends when stdin does. `GET /__stats` tells what came of the requests.

#[path = "../tests/server/mod.rs"]
mod server;

use std::io::{Read, Write};
use std::time::Duration;

use serde_json::Value;
use server::faults::Fault;
use server::{Options, Server};

fn main() {
    let (mut world, mut options, mut faults) = (None, Options::default(), Vec::new());
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().unwrap_or_else(|| panic!("'{argument}' wants a value"));
        match argument.as_str() {
            "--port" => options.port = value().parse().expect("a port number"),
            "--page-size" => options.page_size = value().parse().expect("a number of items"),
            "--latency" => options.latency = Duration::from_millis(value().parse().expect("a number of milliseconds")),
            "--faults" => faults = Fault::list(&document(&value())),
            _ => world = Some(document(&argument)),
        }
    }
    let server = Server::with(world.expect("the path of a world file"), faults, options);
    println!("{}", server.url());
    std::io::stdout().flush().expect("stdout is open");
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
}

fn document(path: &str) -> Value {
    let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("cannot read '{path}': {error}"));
    serde_json::from_slice(&bytes).unwrap_or_else(|error| panic!("'{path}' is not JSON: {error}"))
}
