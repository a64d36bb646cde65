//! HTTP/1.1 over a socket: requests in, responses out, connections kept alive, and the ways in which a response can break.

use std::io::{Read, Write};
use std::net::TcpStream;

/// A request, its body included.
#[derive(Debug, Clone)]
pub struct Request {
    pub method: String,
    /// Path and query, as sent.
    pub target: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }
}

#[derive(Debug, Clone)]
pub struct Response {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
    /// Sends half of the body and closes the connection.
    pub cut: bool,
}

/// Answers requests until the other side hangs up.
pub fn converse(mut stream: TcpStream, answer: impl Fn(&Request) -> Response) {
    let _ = stream.set_nodelay(true);
    let mut pending = Vec::new();
    while let Some(request) = receive(&mut stream, &mut pending) {
        let response = answer(&request);
        if send(&mut stream, &response).is_err() || response.cut {
            return;
        }
    }
}

fn receive(stream: &mut TcpStream, pending: &mut Vec<u8>) -> Option<Request> {
    loop {
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut parsed = httparse::Request::new(&mut headers);
        if let httparse::Status::Complete(head) = parsed.parse(pending).ok()? {
            let request = Request {
                method: parsed.method?.to_owned(),
                target: parsed.path?.to_owned(),
                headers: parsed
                    .headers
                    .iter()
                    .map(|header| (header.name.to_ascii_lowercase(), String::from_utf8_lossy(header.value).into_owned()))
                    .collect(),
                body: Vec::new(),
            };
            let length: usize = request.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
            while pending.len() < head + length {
                fill(stream, pending)?;
            }
            let body = pending[head..head + length].to_vec();
            pending.drain(..head + length);
            return Some(Request { body, ..request });
        }
        fill(stream, pending)?;
    }
}

fn fill(stream: &mut TcpStream, pending: &mut Vec<u8>) -> Option<()> {
    let mut buffer = [0; 16 * 1024];
    let read = stream.read(&mut buffer).ok().filter(|read| *read > 0)?;
    pending.extend_from_slice(&buffer[..read]);
    Some(())
}

fn send(stream: &mut TcpStream, response: &Response) -> std::io::Result<()> {
    let mut head = format!("HTTP/1.1 {} -\r\nContent-Length: {}\r\n", response.status, response.body.len());
    for (name, value) in &response.headers {
        head += &format!("{name}: {value}\r\n");
    }
    let sent = if response.cut { response.body.len() / 2 } else { response.body.len() };
    stream.write_all(format!("{head}\r\n").as_bytes())?;
    stream.write_all(&response.body[..sent])?;
    stream.flush()
}

/// The pairs of a query or a form.
pub fn pairs(text: &str) -> impl Iterator<Item = (String, String)> {
    let pairs = text.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    pairs.map(|(name, value)| (decode(name), decode(value)))
}

/// Undoes percent-encoding.
pub fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digits = [rest.next().unwrap_or(b'0'), rest.next().unwrap_or(b'0')];
                u8::from_str_radix(&String::from_utf8_lossy(&digits), 16).unwrap_or(b'?')
            }
            b'+' => b' ',
            byte => byte,
        });
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
