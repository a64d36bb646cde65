//! What goes wrong, and when: by operation, and where wanted by account, Region, subject and page.

use std::collections::HashMap;
use std::sync::Mutex;

use serde_json::Value;

use super::limit::Limit;
use super::route::Route;

/// One thing that goes wrong.
#[derive(Debug, Clone)]
pub struct Fault {
    /// `ListTags`, or with IAM's prefix `backup:ListTags`; `backup:*`: every operation of a service; `*`: every operation
    /// but those of STS, without which nothing is asked at all.
    pub operation: String,
    pub account: Option<String>,
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
    /// A whole response whose body ends in the middle.
    TruncatedBody,
    /// The connection ends in the middle of the body.
    Cut,
    Html503,
    Html200,
    ExpiredToken,
    /// As for a Region that the account has not enabled.
    UnrecognizedClient,
    /// That there is no such thing.
    NotFound,
    /// AWS's answer when signatures differ: it holds the signed headers.
    BadSignature,
    RepeatedToken,
    /// Empty pages, each with another token.
    Endless,
    /// No more than this many requests a second are answered; the others are throttled. Counted for each account and
    /// Region: of the operation that the fault names, or with `*` of all operations of a service together. `after` and
    /// `times` mean nothing here.
    Limited(usize),
    /// An answer without members, as emulators give to what they do not know.
    Empty,
}

impl Kind {
    const NAMES: [(&'static str, Kind); 15] = [
        ("AccessDenied", Kind::Denied),
        ("Throttled", Kind::Throttled),
        ("500", Kind::Error500),
        ("TruncatedBody", Kind::TruncatedBody),
        ("Cut", Kind::Cut),
        ("CutMidBody", Kind::Cut),
        ("Html503", Kind::Html503),
        ("Html200", Kind::Html200),
        ("ExpiredToken", Kind::ExpiredToken),
        ("UnrecognizedClient", Kind::UnrecognizedClient),
        ("NotFound", Kind::NotFound),
        ("BadSignature", Kind::BadSignature),
        ("RepeatedToken", Kind::RepeatedToken),
        ("Endless", Kind::Endless),
        ("Empty", Kind::Empty),
    ];

    fn read(fault: &Value) -> Kind {
        if fault["fault"] == "Limited" {
            return Kind::Limited(fault["rate"].as_u64().expect("'Limited' has a rate") as usize);
        }
        Kind::NAMES.iter().find(|(name, _)| fault["fault"] == *name).expect("a known kind of fault").1
    }
}

impl Fault {
    pub fn new(operation: &str, kind: Kind) -> Self {
        Fault { operation: operation.to_owned(), account: None, region: None, subject: None, kind, after: 0, times: None }
    }

    pub fn in_account(self, account: &str) -> Self {
        Fault { account: Some(account.to_owned()), ..self }
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

    /// `[{"operation": ..., "fault": "AccessDenied", "subject"?, "account"?, "region"?, "after"?, "times"?}]`, and for
    /// `"fault": "Limited"` the `"rate"`.
    pub fn list(document: &Value) -> Vec<Fault> {
        let number = |fault: &Value, name: &str| fault[name].as_u64().map(|number| number as usize);
        let text = |fault: &Value, name: &str| fault[name].as_str().map(str::to_owned);
        let faults = document.as_array().expect("faults are a list");
        let one = |fault: &Value| Fault {
            operation: text(fault, "operation").expect("a fault has an operation"),
            account: text(fault, "account"),
            region: text(fault, "region"),
            subject: text(fault, "subject"),
            kind: Kind::read(fault),
            after: number(fault, "after").unwrap_or(0),
            times: number(fault, "times"),
        };
        faults.iter().map(one).collect()
    }

    fn concerns(&self, route: &Route) -> bool {
        let is_operation = match self.operation.split_once(':') {
            Some((service, operation)) => service == route.service && (operation == "*" || operation == route.operation),
            None if self.operation == "*" => route.service != "sts",
            None => self.operation == route.operation,
        };
        is_operation
            && self.account.as_deref().is_none_or(|of| of == route.account)
            && self.region.as_deref().is_none_or(|of| of == route.region)
            && self.subject.as_deref().is_none_or(|of| route.is_about(of))
    }
}

/// The faults, and how often each was asked for.
pub struct Faults {
    faults: Vec<Fault>,
    /// By fault, account, Region and service.
    limits: Limit<(usize, String, String, String)>,
    asked: Mutex<HashMap<(usize, Option<String>), usize>>,
}

impl Faults {
    pub fn new(faults: Vec<Fault>) -> Self {
        Faults { faults, limits: Limit::default(), asked: Mutex::default() }
    }

    /// What goes wrong with this request. Counts it, separately for each subject.
    pub fn strike(&self, route: &Route) -> Option<Kind> {
        let mut struck = None;
        for (at, fault) in self.faults.iter().enumerate().filter(|(_, fault)| fault.concerns(route)) {
            let strikes = match fault.kind {
                Kind::Limited(rate) => {
                    let key = (at, route.account.clone(), route.region.clone(), route.service.to_owned());
                    !self.limits.admits(key, rate)
                }
                _ => {
                    let mut asked = self.asked.lock().unwrap();
                    let count = asked.entry((at, route.subject.clone())).or_default();
                    *count += 1;
                    *count > fault.after && fault.times.is_none_or(|times| *count <= fault.after + times)
                }
            };
            if strikes && struck.is_none() {
                struck = Some(fault.kind);
            }
        }
        struck
    }
}
