//! The way of object_store's requests to the HTTP client that all others use, and what became of the last one: object_store's own
//! errors hold whole URLs and bodies, and do not tell S3's code.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use std::{fmt, sync::Arc};

use async_trait::async_trait;
use aws_config::SdkConfig;
use aws_config::timeout::TimeoutConfig;
use aws_smithy_runtime_api::client::http::{HttpConnector as _, SharedHttpClient};
use aws_smithy_runtime_api::client::orchestrator;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use bytes::{Bytes, BytesMut};
use object_store::ClientOptions;
use object_store::client::{HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpResponseBody, HttpService};

use crate::collect::session::{CONNECT_TIMEOUT, READ_TIMEOUT};
use crate::collect::{body, connector, fault};

/// As slow as a connection may be that a report is sent over.
const BYTES_A_SECOND: u64 = 64 * 1024;

/// How a request ended that did not end well.
#[derive(Debug, Clone)]
pub enum Ending {
    Refused(Refusal),
    TooLarge {
        most: u64,
    },
    /// Nobody answered, or not to the end.
    Unanswered {
        reason: String,
    },
    /// There was nothing to sign it with.
    Unsigned {
        reason: String,
    },
}

/// S3's own words. They may hold secrets.
#[derive(Debug, Clone, Default)]
pub struct Refusal {
    pub status: u16,
    pub code: Option<String>,
    pub message: Option<String>,
    /// In which the bucket is, where S3 tells it.
    pub region: Option<String>,
}

/// What is known of the request that is under way; there is one at a time.
#[derive(Debug, Default)]
pub struct Heard {
    most: AtomicU64,
    ending: Mutex<Option<Ending>>,
}

impl Heard {
    /// Forgets what was. The answer may have `most` bytes.
    pub fn begin(&self, most: u64) {
        self.most.store(most, Ordering::Relaxed);
        self.end(None);
    }

    pub fn end(&self, ending: Option<Ending>) {
        *self.ending.lock().unwrap_or_else(PoisonError::into_inner) = ending;
    }

    pub fn ending(&self) -> Option<Ending> {
        self.ending.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[derive(Debug, Clone)]
pub struct Transport {
    pub client: SharedHttpClient,
    pub config: SdkConfig,
    pub heard: Arc<Heard>,
}

impl HttpConnector for Transport {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(self.clone()))
    }
}

#[async_trait]
impl HttpService for Transport {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        // Of several attempts, the last one counts.
        self.heard.end(None);
        self.ask(request).await.map_err(|broken| {
            let Broken { kind, ending } = broken;
            let reason = Unread(match &ending {
                Ending::TooLarge { .. } => "the answer is too large",
                _ => "there is no whole answer",
            });
            self.heard.end(Some(ending));
            HttpError::new(kind, reason)
        })
    }
}

impl Transport {
    async fn ask(&self, request: HttpRequest) -> Result<HttpResponse, Broken> {
        let patience = READ_TIMEOUT + Duration::from_secs(request.body().content_length() as u64 / BYTES_A_SECOND);
        let timeouts = TimeoutConfig::builder().connect_timeout(CONNECT_TIMEOUT).read_timeout(patience).build();
        let config = self.config.to_builder().timeout_config(timeouts).build();
        let connector = connector::of(&self.client, &config).map_err(|error| Broken::new(HttpErrorKind::Unknown, error.as_ref()))?;
        let request = orchestrator::HttpRequest::try_from(request.map(SdkBody::from_body_1_x));
        let request = request.map_err(|error| Broken::new(HttpErrorKind::Unknown, &error))?;
        let answer = connector.call(request).await.map_err(|error| Broken::of(&error))?;
        let answer = answer.try_into_http1x().map_err(|error| Broken::new(HttpErrorKind::Decode, &error))?;

        let (mut head, body) = answer.into_parts();
        let header = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let announced = header("content-length").and_then(|length| length.parse::<u64>().ok());
        let body = self.whole(body, announced).await?;
        if !head.status.is_success() {
            let refusal = refusal(head.status.as_u16(), header("content-type").as_deref(), header("x-amz-bucket-region"), &body);
            self.heard.end(Some(Ending::Refused(refusal)));
        }
        // Without it object_store takes no answer, and one that comes in chunks has none.
        head.headers.insert("content-length", body.len().into());
        Ok(HttpResponse::from_parts(head, HttpResponseBody::from(body)))
    }

    /// The body, unless it is larger than anybody asked for, or stalls.
    async fn whole(&self, body: SdkBody, announced: Option<u64>) -> Result<Bytes, Broken> {
        let most = self.heard.most.load(Ordering::Relaxed);
        let too_large = || Broken { kind: HttpErrorKind::Unknown, ending: Ending::TooLarge { most } };
        if announced.is_some_and(|length| length > most) {
            return Err(too_large());
        }
        let mut stream = ByteStream::new(body);
        let mut whole = BytesMut::new();
        loop {
            let part = tokio::time::timeout(READ_TIMEOUT, stream.next()).await;
            match part.map_err(|_| Broken::new(HttpErrorKind::Timeout, &Unread("the answer stalled")))? {
                None => return Ok(whole.freeze()),
                Some(Err(error)) => return Err(Broken::new(HttpErrorKind::Request, &error)),
                Some(Ok(part)) if (whole.len() + part.len()) as u64 > most => return Err(too_large()),
                Some(Ok(part)) => whole.extend_from_slice(&part),
            }
        }
    }
}

fn refusal(status: u16, content_type: Option<&str>, region: Option<String>, body: &[u8]) -> Refusal {
    let content_type = content_type.unwrap_or_default();
    let (code, message) = body::error(content_type, body).unwrap_or_default();
    let named = || Some(body::object(content_type, body)?.get("Region")?.as_str()?.to_owned());
    Refusal { status, code, message, region: region.or_else(named) }
}

/// An exchange that did not come to an answer.
struct Broken {
    kind: HttpErrorKind,
    ending: Ending,
}

impl Broken {
    fn new(kind: HttpErrorKind, error: &(dyn std::error::Error + 'static)) -> Self {
        Broken { kind, ending: Ending::Unanswered { reason: fault::chain(error) } }
    }

    /// Each put has a condition, so that one that arrived although its answer was lost does no harm when it is sent again.
    fn of(error: &ConnectorError) -> Self {
        let kind = match () {
            () if error.is_timeout() => HttpErrorKind::Timeout,
            () if error.is_user() => HttpErrorKind::Unknown,
            () => HttpErrorKind::Request,
        };
        Broken::new(kind, error)
    }
}

/// What object_store is told of an exchange that broke; `Heard` has the rest.
#[derive(Debug)]
struct Unread(&'static str);

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Unread {}
