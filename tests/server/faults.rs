//! What goes wrong, and when: by operation, and where wanted by Region, subject and page.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Instant;

use serde_json::Value;

/// One thing that goes wrong.
#[derive(Debug, Clone)]
pub struct Fault {
    /// `*`: every operation but GetCallerIdentity.
    pub operation: String,
    pub region: Option<String>,
    pub subject: Option<String>,
    pub kind: Kind,
    /// Requests that are answered well before it starts; for a listing, pages.
    pub after: usize,
    /// Requests for which it lasts. `None`: for ever.
    pub times: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Denied,
    Throttled,
    Error500,
    /// A whole response whose JSON ends in the middle.
    TruncatedBody,
    /// The connection ends in the middle of the body.
    Cut,
    Html503,
    Html200,
    ExpiredToken,
    /// As for a Region that the account has not enabled.
    UnrecognizedClient,
    /// AWS's answer when signatures differ: it holds the signed headers.
    BadSignature,
    RepeatedToken,
    /// Empty pages, each with another token.
    Endless,
    /// No more than this many requests a second are answered; the others are throttled.
    Limited(usize),
    /// `{}`, as emulators answer what they do not know.
    Empty,
}

impl Kind {
    const NAMES: [(&'static str, Kind); 13] = [
        ("AccessDenied", Kind::Denied),
        ("Throttled", Kind::Throttled),
        ("500", Kind::Error500),
        ("TruncatedBody", Kind::TruncatedBody),
        ("Cut", Kind::Cut),
        ("Html503", Kind::Html503),
        ("Html200", Kind::Html200),
        ("ExpiredToken", Kind::ExpiredToken),
        ("UnrecognizedClient", Kind::UnrecognizedClient),
        ("BadSignature", Kind::BadSignature),
        ("RepeatedToken", Kind::RepeatedToken),
        ("Endless", Kind::Endless),
        ("Empty", Kind::Empty),
    ];
}

impl Fault {
    pub fn new(operation: &str, kind: Kind) -> Self {
        Fault { operation: operation.to_owned(), region: None, subject: None, kind, after: 0, times: None }
    }

    pub fn in_region(self, region: &str) -> Self {
        Fault { region: Some(region.to_owned()), ..self }
    }

    pub fn about(self, subject: &str) -> Self {
        Fault { subject: Some(subject.to_owned()), ..self }
    }

    pub fn after(self, after: usize) -> Self {
        Fault { after, ..self }
    }

    pub fn times(self, times: usize) -> Self {
        Fault { times: Some(times), ..self }
    }

    /// `[{"operation": ..., "fault": "AccessDenied", "subject"?, "region"?, "after"?, "times"?}]`
    pub fn list(document: &Value) -> Vec<Fault> {
        let number = |fault: &Value, name: &str| fault[name].as_u64().map(|number| number as usize);
        let faults = document.as_array().expect("faults are a list");
        let one = |fault: &Value| Fault {
            operation: fault["operation"].as_str().expect("a fault has an operation").to_owned(),
            region: fault["region"].as_str().map(str::to_owned),
            subject: fault["subject"].as_str().map(str::to_owned),
            kind: Kind::NAMES.iter().find(|(name, _)| fault["fault"] == *name).expect("a known kind of fault").1,
            after: number(fault, "after").unwrap_or(0),
            times: number(fault, "times"),
        };
        faults.iter().map(one).collect()
    }
}

/// The faults, and how often each was asked for.
pub struct Faults {
    faults: Vec<Fault>,
    started: Instant,
    answered: Mutex<HashMap<(usize, u64), usize>>,
    asked: Mutex<HashMap<(usize, Option<String>), usize>>,
}

impl Faults {
    pub fn new(faults: Vec<Fault>) -> Self {
        Faults { faults, started: Instant::now(), answered: Mutex::default(), asked: Mutex::default() }
    }

    /// What goes wrong with this request. Counts it, separately for each subject.
    pub fn strike(&self, region: &str, operation: &str, subject: Option<&str>) -> Option<Kind> {
        let any = |fault: &Fault| fault.operation == "*" && operation != "GetCallerIdentity";
        let mut struck = None;
        for (at, fault) in self.faults.iter().enumerate() {
            let concerns = (fault.operation == operation || any(fault))
                && fault.region.as_deref().is_none_or(|of| of == region)
                && (fault.subject.is_none() || fault.subject.as_deref() == subject);
            if concerns {
                let mut asked = self.asked.lock().unwrap();
                let count = asked.entry((at, subject.map(str::to_owned))).or_default();
                *count += 1;
                let is_over = fault.times.is_some_and(|times| *count > fault.after + times);
                let strikes = match fault.kind {
                    Kind::Limited(rate) => {
                        let mut answered = self.answered.lock().unwrap();
                        let count = answered.entry((at, self.started.elapsed().as_secs())).or_default();
                        *count += 1;
                        *count > rate
                    }
                    _ => *count > fault.after && !is_over,
                };
                if strikes && struck.is_none() {
                    struck = Some(fault.kind);
                }
            }
        }
        struck
    }
}
