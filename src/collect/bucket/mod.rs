//! A bucket in which results are kept: objects are read, put where there are none, and replaced where nobody else has replaced them.
//! Nothing is ever deleted.
//!
//! - `location`: `s3://BUCKET/PREFIX`; `credentials`: those of the standard chain; `transport`: the run's HTTP client for object_store
//! - `error`: what S3's refusals mean

mod credentials;
mod error;
mod location;
mod transport;

use std::sync::Arc;
use std::time::Duration;

use aws_config::SdkConfig;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use object_store::aws::{AmazonS3, AmazonS3Builder, Checksum, S3ConditionalPut};
use object_store::{
    BackoffConfig, ClientOptions, HeaderMap, HeaderValue, ObjectMeta, ObjectStore, ObjectStoreExt, PutMode, PutOptions, PutPayload,
    RetryConfig, UpdateVersion,
};

use super::CollectError;
use super::fault::Redaction;
use super::run;
use super::session::{self, FALLBACK_HOME};
use super::signed::{Signer, configured_endpoint, host};
use credentials::Chain;
pub use error::BucketError;
use error::{Asked, Deed};
pub use location::{Location, SCHEME};
use transport::{Ending, Heard, Transport};

/// By which a place is proven to be one that can be written to; it is put once and never changes.
const MARKER: &str = "history.json";
const MARK: &str = "{\"schema\":\"backstop/history/1\"}\n";
/// An ETag that nothing has.
const NO_ETAG: &str = "\"00000000000000000000000000000000\"";

/// Nobody should wait for minutes to hear that there is no connection.
const ATTEMPTS: u32 = 5;
const LONGEST_RETRIES: Duration = Duration::from_secs(60);
/// Of answers that hold no object.
const LARGEST_ANSWER: u64 = 1024 * 1024;
/// Of a page of a list: a thousand keys of a thousand bytes, each of which may be escaped.
const LARGEST_LIST: u64 = 16 * 1024 * 1024;

/// What was read.
#[derive(Debug, Clone)]
pub struct Object {
    pub bytes: Vec<u8>,
    /// By which it is told whether it was replaced since.
    pub etag: Option<String>,
}

/// What became of a put with a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    Done,
    /// The condition did not hold, and nothing was written.
    Beaten,
}

/// A place in a bucket that can be written to.
#[derive(Debug)]
pub struct Bucket {
    reader: AmazonS3,
    writer: AmazonS3,
    location: Location,
    region: String,
    host: String,
    redaction: Redaction,
    heard: Arc<Heard>,
}

impl Bucket {
    /// Fails where nothing could be kept. `region` counts where the standard chain has none.
    pub async fn open(location: Location, profile: Option<&str>, region: Option<&str>) -> Result<Self, BucketError> {
        let http = run::http();
        let mut config = session::configured(profile, None, &http).await?;
        if config.region().is_none_or(|region| region.as_ref().is_empty()) {
            config = session::configured(profile, Some(region.unwrap_or(FALLBACK_HOME)), &http).await?;
        }
        let region = config.region().map(ToString::to_string).unwrap_or_default();
        let secrets = || session::credentials(&config, profile);
        let bucket = Bucket::of(&location, region, &config, &http, secrets().await?)?;
        match bucket.prove().await {
            // S3 tells where it is. That it is asked there is no more than what the AWS CLI does.
            Err(BucketError::Elsewhere { region: Some(region), .. }) if session::is_region_code(&region) => {
                let bucket = Bucket::of(&location, region, &config, &http, secrets().await?)?;
                bucket.prove().await.map(|()| bucket)
            }
            proven => proven.map(|()| bucket),
        }
    }

    fn of(
        location: &Location,
        region: String,
        config: &SdkConfig,
        http: &SharedHttpClient,
        redaction: Redaction,
    ) -> Result<Self, BucketError> {
        if !session::is_region_code(&region) {
            return Err(CollectError::NotARegion { region }.into());
        }
        let configured = configured_endpoint(config, "S3");
        // Other servers than AWS's seldom have a host for each bucket.
        let is_host = configured.is_none() && location.can_be_host();
        let own =
            || format!("https://{}{}", if is_host { format!("{}.", location.bucket) } else { String::new() }, host(config, "s3", &region));
        let endpoint = configured.unwrap_or_else(own);
        let host = host_of(&endpoint, location)?;
        let heard = Arc::<Heard>::default();
        let retries = RetryConfig {
            backoff: BackoffConfig { init_backoff: Duration::from_millis(100), max_backoff: Duration::from_secs(5), base: 2.0 },
            max_retries: (session::attempts().min(ATTEMPTS) - 1) as usize,
            retry_timeout: LONGEST_RETRIES,
        };
        let builder = AmazonS3Builder::new()
            .with_bucket_name(&location.bucket)
            .with_region(&region)
            .with_endpoint(endpoint)
            .with_virtual_hosted_style_request(is_host)
            .with_allow_http(true)
            .with_credentials(Arc::new(Chain { signer: Signer::new(config.clone()), heard: heard.clone() }))
            .with_http_connector(Transport { client: http.clone(), config: config.clone(), heard: heard.clone() })
            .with_conditional_put(S3ConditionalPut::ETagMatch)
            .with_checksum_algorithm(Checksum::SHA256)
            .with_retry(retries);
        // A bucket whose objects are locked by default takes no put that does not say how its checksum is made.
        let mut headers = HeaderMap::new();
        headers.insert("x-amz-sdk-checksum-algorithm", HeaderValue::from_static("SHA256"));
        let putting = ClientOptions::new().with_allow_http(true).with_default_headers(headers);
        let built = |builder: AmazonS3Builder| {
            builder.build().map_err(|error| BucketError::NotAPlace { text: location.to_string(), why: error.to_string() })
        };
        let (reader, writer) = (built(builder.clone())?, built(builder.with_client_options(putting))?);
        Ok(Bucket { reader, writer, location: location.clone(), region, host, redaction, heard })
    }

    /// That objects can be put, and that conditions are heeded. A put whose condition does not hold leaves nothing behind, and S3
    /// looks at permissions first.
    async fn prove(&self) -> Result<(), BucketError> {
        let mut puts = vec![self.put_new(MARKER, MARK.into()).await?];
        if puts == [Put::Done] {
            puts = vec![self.put_new(MARKER, MARK.into()).await?];
        }
        puts.push(self.replace(MARKER, MARK.into(), Some(NO_ETAG)).await?);
        if puts.contains(&Put::Done) {
            return Err(self.unconditional());
        }
        Ok(())
    }

    /// What an error calls an object.
    pub fn object(&self, name: &str) -> String {
        self.location.object(name)
    }

    /// An object of at most `most` bytes; `None` where S3 says that there is none.
    pub async fn read(&self, name: &str, most: u64) -> Result<Option<Object>, BucketError> {
        self.heard.begin(most.max(LARGEST_ANSWER));
        let read = async {
            let found = self.reader.get(&self.location.key(name)).await?;
            let etag = found.meta.e_tag.clone();
            Ok(Object { bytes: found.bytes().await?.into(), etag })
        };
        match read.await {
            Ok(object) if object.bytes.len() as u64 > most => Err(BucketError::TooLarge { object: self.object(name), most }),
            Ok(object) => Ok(Some(object)),
            // Also a bucket that is not there and the page of another server are 404.
            Err(object_store::Error::NotFound { .. }) if self.was_refused_with("NoSuchKey") => Ok(None),
            Err(error) => Err(self.error(Deed::Read, name, &error)),
        }
    }

    /// The names of all objects below this place, and their sizes in bytes.
    pub async fn names(&self) -> Result<Vec<(String, u64)>, BucketError> {
        self.heard.begin(LARGEST_LIST);
        let listed = self.reader.list_with_delimiter(Some(self.location.prefix())).await;
        let listed = listed.map_err(|error| self.error(Deed::List, "", &error))?;
        let name = |object: &ObjectMeta| Some((object.location.filename()?.to_owned(), object.size));
        Ok(listed.objects.iter().filter_map(name).collect())
    }

    /// Puts an object where there is none.
    pub async fn put_new(&self, name: &str, bytes: Vec<u8>) -> Result<Put, BucketError> {
        self.put(name, bytes, PutMode::Create).await
    }

    /// Puts an object in the place of the one with this ETag. Without one there is no telling whether that is still there.
    pub async fn replace(&self, name: &str, bytes: Vec<u8>, etag: Option<&str>) -> Result<Put, BucketError> {
        let etag = etag.ok_or_else(|| self.unconditional())?;
        self.put(name, bytes, PutMode::Update(UpdateVersion { e_tag: Some(etag.to_owned()), version: None })).await
    }

    fn unconditional(&self) -> BucketError {
        BucketError::Unconditional { host: self.host.clone() }
    }

    async fn put(&self, name: &str, bytes: Vec<u8>, mode: PutMode) -> Result<Put, BucketError> {
        self.heard.begin(LARGEST_ANSWER);
        match self.writer.put_opts(&self.location.key(name), PutPayload::from(bytes), PutOptions::from(mode)).await {
            Ok(_) => Ok(Put::Done),
            Err(_) if self.was_beaten() => Ok(Put::Beaten),
            Err(error) => Err(self.error(Deed::Write, name, &error)),
        }
    }

    /// object_store says the same of a condition that does not hold, of a bucket that is not there, and of any other 404.
    fn was_beaten(&self) -> bool {
        let status = match self.heard.ending() {
            Some(Ending::Refused(refusal)) => refusal.status,
            _ => return false,
        };
        matches!(status, 409 | 412) || self.was_refused_with("NoSuchKey")
    }

    fn was_refused_with(&self, code: &str) -> bool {
        matches!(self.heard.ending(), Some(Ending::Refused(refusal)) if refusal.code.as_deref() == Some(code))
    }

    fn error(&self, deed: Deed, name: &str, error: &object_store::Error) -> BucketError {
        let Bucket { location, region, host, redaction, .. } = self;
        Asked { deed, name, location, region, host, redaction }.error(self.heard.ending(), error)
    }
}

/// The host of the endpoint, without what a URL may hold of credentials. object_store panics on an endpoint that is no URL.
fn host_of(endpoint: &str, location: &Location) -> Result<String, CollectError> {
    let shown = match (endpoint.find("://"), endpoint.rfind('@')) {
        (Some(scheme), Some(at)) => {
            format!("{}...{}", endpoint.get(..scheme + 3).unwrap_or_default(), endpoint.get(at..).unwrap_or_default())
        }
        _ => endpoint.to_owned(),
    };
    let wrong = || CollectError::NotAnEndpoint { named_by: "the configuration".to_owned(), value: shown.clone() };
    let url = url::Url::parse(&format!("{endpoint}/{}/{}", location.bucket, location.key(MARKER))).map_err(|_| wrong())?;
    let mut request = HttpRequest::empty();
    request.set_uri(endpoint.to_owned()).map_err(|_| wrong())?;
    if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() {
        return Err(wrong());
    }
    let host = url.host_str().ok_or_else(wrong)?;
    Ok(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}
