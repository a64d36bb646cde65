//! The bytes that AWS sent. The SDK's own types read an absent bool as false and drop members that they do not know, so
//! that a snapshot made of them would say things that AWS did not.

use std::sync::{Arc, Mutex, PoisonError};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::AfterDeserializationInterceptorContextRef;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use serde_json::{Map, Value};

/// Stands in one operation's way and copies the response; of several attempts, the last.
#[derive(Debug, Clone, Default)]
pub struct Capture(Arc<Mutex<Copied>>);

#[derive(Debug, Default)]
struct Copied {
    body: Vec<u8>,
    request_id: Option<String>,
}

impl Capture {
    /// The body as JSON, and the id under which AWS's support would find the request.
    pub fn take(&self) -> (Option<Map<String, Value>>, Option<String>) {
        let copied = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        (object(&copied.body), copied.request_id)
    }
}

#[aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint]
impl Intercept for Capture {
    fn name(&self) -> &'static str {
        "Capture"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let response = context.response();
        let body = response.body().bytes().unwrap_or_default().to_vec();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Copied { body, request_id: request_id(response) };
        Ok(())
    }
}

/// The one header that is kept.
pub fn request_id(response: &HttpResponse) -> Option<String> {
    let headers = response.headers();
    let id = ["x-amzn-requestid", "x-amz-request-id"].into_iter().find_map(|name| headers.get(name))?;
    Some(id.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(64).collect())
}

/// `None`: not a JSON object.
pub fn object(body: &[u8]) -> Option<Map<String, Value>> {
    serde_json::from_slice(body).ok()
}

/// Why a body is no answer to a call that is made for this member.
pub fn lack(body: &Map<String, Value>, member: &str) -> Option<String> {
    match body.get(member) {
        None | Some(Value::Null) => Some(format!("the answer holds no '{member}'")),
        // A policy is a document in a text. Half a document would spoil the whole snapshot for those who read it.
        Some(Value::String(text)) if member == "Policy" && object(text.as_bytes()).is_none() => {
            Some("the answer's 'Policy' is not a JSON object".to_owned())
        }
        Some(_) => None,
    }
}
