//! The wire: every request goes through here at its service's pace, and the bytes that AWS sent are kept as they are. The SDK's own
//! types read an absent bool as false and drop members that they do not know, so that a snapshot made of them would say things
//! that AWS did not. They are not even filled: the SDK is handed an empty answer in place of a good one.

use std::cell::RefCell;
use std::sync::Arc;
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use bytes::Bytes;
use tokio::time::Instant;

use super::body;
use super::fault;
use super::meter::Meter;
use super::pace::Pace;

/// The SDK's own timeouts would count the time that a request waits for its turn.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(60);

tokio::task_local! {
    /// Of the operation that this task is at.
    static LINE: RefCell<Line>;
}

/// What went over the wire for one operation.
#[derive(Debug, Default)]
pub struct Line {
    /// The first attempt was let through before it was signed.
    admitted: bool,
    /// Of several attempts, the last.
    pub reply: Option<Reply>,
    /// What the request was signed with and AWS may echo: key id and session token.
    pub secrets: Vec<String>,
}

/// A whole response.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub body: Bytes,
    pub content_type: String,
    pub request_id: Option<String>,
}

/// Runs an operation and keeps what came back for it.
pub async fn listen<T>(operation: impl Future<Output = T>) -> (T, Line) {
    let heard = async {
        let result = operation.await;
        (result, LINE.with(RefCell::take))
    };
    LINE.scope(RefCell::default(), heard).await
}

/// The HTTP client of one service of one account in one Region.
#[derive(Debug, Clone)]
pub struct Paced {
    pub inner: SharedHttpClient,
    pub pace: Arc<Pace>,
    pub meter: Arc<Meter>,
}

#[derive(Debug)]
struct Connector {
    inner: SharedHttpConnector,
    pace: Arc<Pace>,
    meter: Arc<Meter>,
}

impl HttpClient for Paced {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(Connector {
            inner: self.inner.http_connector(settings, components),
            pace: self.pace.clone(),
            meter: self.meter.clone(),
        })
    }
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let is_retry = LINE.try_with(|line| std::mem::replace(&mut line.borrow_mut().admitted, true)).unwrap_or(false);
        let (inner, pace, meter) = (self.inner.clone(), self.pace.clone(), self.meter.clone());
        HttpConnectorFuture::new(async move {
            if is_retry {
                pace.slot().await;
            }
            let secrets = secrets(&request);
            let left = Instant::now();
            let reply = tokio::time::timeout(ATTEMPT_TIMEOUT, whole(&inner, request)).await;
            let (mut response, reply) = reply.map_err(|late| ConnectorError::timeout(late.into()))??;
            let is_good = (200..300).contains(&reply.status);
            if fault::is_throttle(reply.status, error_code(&response, &reply).as_deref()) {
                pace.throttled(left);
                meter.throttled();
            } else {
                pace.answered();
            }
            if is_good {
                let empty = body::empty(&reply.content_type, &reply.body);
                // The SDK counts.
                response.headers_mut().insert("content-length", empty.len().to_string());
                *response.body_mut() = SdkBody::from(empty);
            }
            let _ = LINE.try_with(|line| *line.borrow_mut() = Line { admitted: true, reply: Some(reply), secrets });
            Ok(response)
        })
    }
}

/// The response with its body read to the end.
async fn whole(inner: &SharedHttpConnector, request: HttpRequest) -> Result<(HttpResponse, Reply), ConnectorError> {
    let mut response = inner.call(request).await?;
    let body = ByteStream::new(response.take_body()).collect().await;
    // A connection that is cut in the middle; worth another attempt.
    let body = body.map_err(|cut| ConnectorError::io(cut.into()))?.into_bytes();
    let header = |name: &str| response.headers().get(name).map(str::to_owned);
    let reply = Reply {
        status: response.status().as_u16(),
        content_type: header("content-type").unwrap_or_default(),
        request_id: ["x-amzn-requestid", "x-amz-request-id"].into_iter().find_map(header).map(|id| request_id(&id)),
        body: body.clone(),
    };
    *response.body_mut() = SdkBody::from(body);
    Ok((response, reply))
}

/// Of an error, AWS's code, wherever the protocol puts it.
fn error_code(response: &HttpResponse, reply: &Reply) -> Option<String> {
    if (200..300).contains(&reply.status) {
        return None;
    }
    let headers = response.headers();
    let header = headers.get("x-amzn-errortype").or_else(|| headers.get("x-amzn-query-error"));
    let code = header.map(str::to_owned).or_else(|| body::error(&reply.content_type, &reply.body)?.0)?;
    Some(fault::bare_code(&code).to_owned())
}

/// The one header that is kept.
fn request_id(header: &str) -> String {
    header.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(64).collect()
}

fn secrets(request: &HttpRequest) -> Vec<String> {
    let header = |name: &str| request.headers().get(name);
    let key = header("authorization").and_then(|text| text.split_once("Credential=")?.1.split('/').next());
    [key, header("x-amz-security-token")].into_iter().flatten().map(str::to_owned).collect()
}
