//! Serves a world file as AWS would: `cargo run --example test_server -- WORLD.json [--port N] [--page-size N] [--faults FILE]`.
//! The first line on stdout is the endpoint's URL; the server ends when stdin does.

#[path = "../tests/server/mod.rs"]
mod server;

use std::io::{Read, Write};

use serde_json::Value;
use server::Server;
use server::faults::Fault;

fn main() {
    let (mut world, mut port, mut page_size, mut faults) = (None, 0, 100, Vec::new());
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().unwrap_or_else(|| panic!("'{argument}' wants a value"));
        match argument.as_str() {
            "--port" => port = value().parse().expect("a port number"),
            "--page-size" => page_size = value().parse().expect("a number of items"),
            "--faults" => faults = Fault::list(&document(&value())),
            _ => world = Some(document(&argument)),
        }
    }
    let server = Server::start_on(port, world.expect("the path of a world file"), faults, page_size);
    println!("{}", server.url());
    std::io::stdout().flush().expect("stdout is open");
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
}

fn document(path: &str) -> Value {
    let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("cannot read '{path}': {error}"));
    serde_json::from_slice(&bytes).unwrap_or_else(|error| panic!("'{path}' is not JSON: {error}"))
}
