//! Who wants to do what with which resource, and what is known of the circumstances.

use std::collections::BTreeMap;

use crate::snapshot::Arn;

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// A role, a user, a session of a role or an account's root user, by ARN.
    Identity(String),
    /// Whoever an account's own IAM policies allow it to.
    Account(String),
    /// An AWS service, by its principal.
    Service(String),
}

impl Caller {
    /// As a policy would name it: an ARN, an account's id or root ARN, or a service.
    pub fn named(text: &str) -> Self {
        match Arn::parse(text) {
            Some(arn) if arn.resource == "root" => Caller::Account(arn.account.to_owned()),
            Some(_) => Caller::Identity(text.to_owned()),
            None if is_account(text) => Caller::Account(text.to_owned()),
            None => Caller::Service(text.to_owned()),
        }
    }

    pub fn account(&self) -> Option<&str> {
        match self {
            Caller::Identity(arn) => Arn::parse(arn).map(|arn| arn.account),
            Caller::Account(id) => Some(id),
            Caller::Service(_) => None,
        }
    }
}

/// An account's id.
pub fn is_account(text: &str) -> bool {
    text.len() == 12 && text.chars().all(|c| c.is_ascii_digit())
}

/// What the request is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// The resource that the policy is attached to, or any: only a policy on `*` surely speaks of it.
    Unsaid,
    Arn(String),
    /// Every resource whose ARN has this form.
    Form(String),
}

/// What is known of a condition key. A key of which nothing is known has no entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// The request does not carry the key.
    Absent,
    One(String),
    Many(Vec<String>),
    /// Some value of this form.
    Form(String),
    /// This, in requests that matter, among others.
    AmongOthers(String),
}

/// A request, as far as it is known.
#[derive(Debug, Clone)]
pub struct Request {
    pub caller: Caller,
    pub action: String,
    pub target: Target,
    /// By key, in small letters.
    context: BTreeMap<String, Value>,
}

impl Request {
    /// What follows from who asks is filled in (IAM: AWS global condition context keys).
    pub fn new(caller: Caller, action: &str) -> Self {
        let mut request = Request { action: action.to_owned(), target: Target::Unsaid, context: BTreeMap::new(), caller };
        // AWS answers its API over TLS only.
        request.set("aws:SecureTransport", Value::One("true".to_owned()));
        match request.caller.clone() {
            Caller::Service(name) => {
                request.set("aws:PrincipalIsAWSService", Value::One("true".to_owned()));
                request.set("aws:PrincipalServiceName", Value::One(name));
            }
            Caller::Identity(arn) => {
                if Arn::parse(&arn).is_some_and(|arn| arn.service == "iam") {
                    request.set("aws:PrincipalArn", Value::One(arn));
                }
                request.set_account();
            }
            Caller::Account(_) => request.set_account(),
        }
        request
    }

    fn set_account(&mut self) {
        if let Some(account) = self.caller.account().map(str::to_owned) {
            self.set("aws:PrincipalAccount", Value::One(account.clone()));
            self.set("kms:CallerAccount", Value::One(account));
        }
        self.set("aws:PrincipalIsAWSService", Value::One("false".to_owned()));
        // Only calls that a service makes directly carry these.
        for key in ["aws:PrincipalServiceName", "aws:SourceAccount", "aws:SourceArn", "aws:SourceOrgID"] {
            self.set(key, Value::Absent);
        }
    }

    pub fn on(mut self, target: Target) -> Self {
        self.target = target;
        self
    }

    pub fn with(mut self, key: &str, value: Value) -> Self {
        self.set(key, value);
        self
    }

    /// Nothing is known of the key.
    pub fn without(mut self, key: &str) -> Self {
        self.context.remove(&key.to_ascii_lowercase());
        self
    }

    fn set(&mut self, key: &str, value: Value) {
        self.context.insert(key.to_ascii_lowercase(), value);
    }

    /// Nothing where nothing is known of the key.
    pub fn value(&self, key: &str) -> Option<&Value> {
        self.context.get(&key.to_ascii_lowercase())
    }
}
