//! A small server that answers as S3 does: one bucket, objects with ETags, conditional puts, and the ways in which it refuses.

use std::collections::BTreeMap;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use super::http::{self, Request, Response, converse};

pub const BUCKET: &str = "audits";

/// What goes wrong with a request that a fault is for.
#[derive(Clone)]
pub enum Wrong {
    /// Status, S3's code and message.
    Refused(u16, &'static str, String),
    /// In this Region is the bucket.
    Elsewhere(&'static str),
    /// Half of the answer, and the connection closed.
    Cut,
    /// A page that is not S3's.
    Page(u16),
    /// It is done, and nobody is told.
    Deaf,
    /// Another object comes first, once.
    Overtaken(Vec<u8>),
}

/// `method` and a part of the path; `times` it strikes.
pub struct Fault {
    pub method: &'static str,
    pub path: &'static str,
    pub times: usize,
    pub wrong: Wrong,
}

#[derive(Default)]
struct State {
    objects: BTreeMap<String, Vec<u8>>,
    faults: Vec<Fault>,
    seen: Vec<Request>,
    /// Headers that are not looked at.
    unheeded: Vec<&'static str>,
}

pub struct Store {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    stopped: Arc<AtomicBool>,
}

impl Store {
    pub fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        let address = listener.local_addr().expect("an address");
        let (state, stopped) = (Arc::<Mutex<State>>::default(), Arc::<AtomicBool>::default());
        let (serving, ending) = (state.clone(), stopped.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if ending.load(Ordering::SeqCst) {
                    return;
                }
                if let Ok(stream) = stream {
                    let serving = serving.clone();
                    std::thread::spawn(move || converse(stream, |request| serving.lock().expect("the state").answer(request)));
                }
            }
        });
        Store { address, state, stopped }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("the state")
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn fault(&self, method: &'static str, path: &'static str, times: usize, wrong: Wrong) {
        self.state().faults.push(Fault { method, path, times, wrong });
    }

    pub fn unheed(&self, header: &'static str) {
        self.state().unheeded.push(header);
    }

    pub fn names(&self) -> Vec<String> {
        self.state().objects.keys().cloned().collect()
    }

    pub fn object(&self, name: &str) -> Option<Vec<u8>> {
        self.state().objects.get(name).cloned()
    }

    pub fn put(&self, name: &str, bytes: impl Into<Vec<u8>>) {
        self.state().objects.insert(name.to_owned(), bytes.into());
    }

    pub fn remove(&self, name: &str) {
        self.state().objects.remove(name);
    }

    pub fn seen(&self) -> Vec<Request> {
        self.state().seen.clone()
    }

    /// Requests of a method for paths that hold this text.
    pub fn requests(&self, method: &str, path: &str) -> usize {
        self.seen().iter().filter(|request| request.method == method && request.path().contains(path)).count()
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::SeqCst);
        // Wakes the listener, so that it sees the flag.
        let _ = TcpStream::connect(self.address);
    }
}

impl State {
    fn answer(&mut self, request: &Request) -> Response {
        self.seen.push(request.clone());
        let wrong = self.strike(request);
        match wrong {
            Some(Wrong::Refused(status, code, message)) => error(status, code, &message),
            Some(Wrong::Elsewhere(region)) if !is_signed_for(request, region) => {
                let mut response = error(301, "PermanentRedirect", "The bucket must be addressed elsewhere");
                response.headers.push(("x-amz-bucket-region", region.to_owned()));
                response
            }
            Some(Wrong::Page(status)) => {
                let headers = vec![("Content-Type", "text/html".to_owned())];
                Response { status, headers, body: b"<html><body>not here</body></html>".to_vec(), cut: false }
            }
            Some(Wrong::Cut) => Response { cut: true, ..self.object(request) },
            Some(Wrong::Deaf) => {
                self.object(request);
                Response { status: 200, headers: Vec::new(), body: vec![b'x'; 64], cut: true }
            }
            Some(Wrong::Overtaken(bytes)) => {
                let (_, name) = place(request);
                self.objects.insert(name, bytes);
                self.object(request)
            }
            Some(Wrong::Elsewhere(_)) | None => self.object(request),
        }
    }

    fn strike(&mut self, request: &Request) -> Option<Wrong> {
        let is_it = |fault: &&mut Fault| fault.times > 0 && request.method == fault.method && request.path().contains(fault.path);
        let fault = self.faults.iter_mut().find(is_it)?;
        fault.times -= 1;
        Some(fault.wrong.clone())
    }

    fn object(&mut self, request: &Request) -> Response {
        let (bucket, name) = place(request);
        if bucket != BUCKET {
            return error(404, "NoSuchBucket", "The specified bucket does not exist");
        }
        let there = self.objects.get(&name);
        let condition = |name: &'static str| request.header(name).filter(|_| !self.unheeded.contains(&name));
        match request.method.as_str() {
            "GET" => match there {
                Some(bytes) => Response { status: 200, headers: vec![("ETag", etag(bytes))], body: bytes.clone(), cut: false },
                None => error(404, "NoSuchKey", "The specified key does not exist."),
            },
            "PUT" => {
                match (condition("if-match"), there) {
                    (Some(_), None) => return error(404, "NoSuchKey", "The specified key does not exist."),
                    (Some(asked), Some(bytes)) if asked != etag(bytes) => return unmet("If-Match"),
                    _ => {}
                }
                if condition("if-none-match") == Some("*") && there.is_some() {
                    return unmet("If-None-Match");
                }
                let headers = vec![("ETag", etag(&request.body))];
                self.objects.insert(name, request.body.clone());
                Response { status: 200, headers, body: Vec::new(), cut: false }
            }
            _ => error(405, "MethodNotAllowed", "The specified method is not allowed against this resource."),
        }
    }
}

fn place(request: &Request) -> (String, String) {
    let path = http::decode(request.path().trim_start_matches('/'));
    let (bucket, name) = path.split_once('/').unwrap_or((path.as_str(), ""));
    (bucket.to_owned(), name.to_owned())
}

fn is_signed_for(request: &Request, region: &str) -> bool {
    request.header("authorization").is_some_and(|text| text.contains(&format!("/{region}/s3/aws4_request")))
}

fn etag(bytes: &[u8]) -> String {
    let hash = backstop::evidence::sha256(bytes);
    format!("\"{}\"", &hash[..32])
}

fn unmet(condition: &str) -> Response {
    error(412, "PreconditionFailed", &format!("At least one of the pre-conditions you specified did not hold: {condition}"))
}

fn error(status: u16, code: &str, message: &str) -> Response {
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{message}</Message><RequestId>1</RequestId></Error>"
    );
    Response { status, headers: vec![("Content-Type", "application/xml".to_owned())], body: body.into_bytes(), cut: false }
}
