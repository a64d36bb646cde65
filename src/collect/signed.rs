//! Requests to services that have no SDK crate here, because the crate would cost more to build than all of ours: signed by hand,
//! sent at the pace of all others, and retried as the SDK does.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::{Duration, SystemTime};

use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::ProvideCredentials;
use aws_sigv4::http_request::{PayloadChecksumKind, SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::http::HttpConnector;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::{ConnectorError, SdkError};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::error::ErrorMetadata;
use tokio::sync::Mutex;

use super::fault::{bare_code, is_throttle};
use super::ledger::now;
use super::post::Post;
use super::wire::Paced;
use super::{body, connector};

/// Credentials are renewed this long before they run out: a request may have to wait for its turn.
const EARLY: Duration = Duration::from_secs(5 * 60);
/// What retries wait for at most; as the SDK has it.
const LONGEST_WAIT: Duration = Duration::from_secs(20);
const OUTAGES: [u16; 4] = [500, 502, 503, 504];
const USER_AGENT: &str = concat!("backstop/", env!("CARGO_PKG_VERSION"));

/// What is asked, whatever the protocol.
#[derive(Debug)]
pub struct Request {
    /// IAM's prefix, which of these services is the name that they sign and listen by as well.
    pub service: &'static str,
    /// By which the configuration of endpoints names the service.
    pub service_id: &'static str,
    pub method: &'static str,
    /// With the query, encoded.
    pub path: String,
    pub headers: Vec<(&'static str, String)>,
    pub body: String,
}

/// One set of credentials, ready to sign.
#[derive(Debug)]
pub struct Signer {
    config: SdkConfig,
    credentials: Mutex<Option<Credentials>>,
}

impl Post {
    /// Sends a request in the post's Region. What comes back is kept by the wire.
    pub async fn signed(&self, request: Request) -> Result<(), SdkError<ErrorMetadata, HttpResponse>> {
        let run = &self.session.run;
        let pace = self.session.pace(request.service, &self.region);
        let client = Paced { inner: run.http.clone(), pace, meter: run.meter.clone() };
        self.session.signer().send(&request, &self.region, &client).await
    }
}

impl Signer {
    pub fn new(config: SdkConfig) -> Self {
        Signer { config, credentials: Mutex::default() }
    }

    async fn send(&self, request: &Request, region: &str, client: &Paced) -> Result<(), SdkError<ErrorMetadata, HttpResponse>> {
        let connector = connector::of(client, &self.config).map_err(SdkError::construction_failure)?;
        let url = format!("{}{}", self.endpoint(request, region), request.path);
        let attempts = self.config.retry_config().map_or(1, |config| config.max_attempts());
        let mut attempt = 1;
        loop {
            let credentials = self.credentials().await.map_err(SdkError::construction_failure)?;
            let signed = signed(request, &url, region, credentials, now().to_chrono().into());
            let answer = connector.call(signed.map_err(SdkError::construction_failure)?).await;
            let (error, is_worth_another) = match answer {
                Ok(response) if response.status().is_success() => return Ok(()),
                Ok(response) => {
                    let error = refusal(&response);
                    let status = response.status().as_u16();
                    let is_passing = is_throttle(status, error.code()) || OUTAGES.contains(&status);
                    (SdkError::service_error(error, response), is_passing)
                }
                Err(error) => {
                    let is_passing = is_passing(&error);
                    (SdkError::dispatch_failure(error), is_passing)
                }
            };
            if !is_worth_another || attempt >= attempts {
                return Err(error);
            }
            tokio::time::sleep(wait(attempt, RandomState::new().build_hasher().finish())).await;
            attempt += 1;
        }
    }

    /// The provider may ask the network each time, so its answer is kept.
    pub async fn credentials(&self) -> Result<Credentials, BoxError> {
        let mut kept = self.credentials.lock().await;
        let limit = SystemTime::from(now().to_chrono()) + EARLY;
        if let Some(credentials) = kept.as_ref().filter(|kept| kept.expiry().is_none_or(|expiry| expiry > limit)) {
            return Ok(credentials.clone());
        }
        let provider = self.config.credentials_provider().ok_or("there is no provider of credentials")?;
        let fresh = provider.provide_credentials().await?;
        *kept = Some(fresh.clone());
        Ok(fresh)
    }

    /// Where the service is: as it is configured, or AWS's own.
    fn endpoint(&self, request: &Request, region: &str) -> String {
        let own = || format!("https://{}", host(&self.config, request.service, region));
        configured_endpoint(&self.config, request.service_id).unwrap_or_else(own)
    }
}

/// Where the configuration puts the service, if it does.
pub fn configured_endpoint(config: &SdkConfig, service_id: &str) -> Option<String> {
    let configured = own_endpoint(service_id);
    configured.as_deref().or_else(|| config.endpoint_url()).map(|url| url.trim_end_matches('/').to_owned())
}

/// AWS's own host of the service.
pub fn host(config: &SdkConfig, service: &str, region: &str) -> String {
    let fips = if config.use_fips() == Some(true) { "-fips" } else { "" };
    format!("{service}{fips}.{region}.{}", suffix(region))
}

/// The endpoint that the environment sets for one service. Those that a profile's `services` section sets cannot be asked for.
fn own_endpoint(service_id: &str) -> Option<String> {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    if set("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS").is_some_and(|value| value.eq_ignore_ascii_case("true")) {
        return None;
    }
    set(&format!("AWS_ENDPOINT_URL_{service_id}"))
}

/// Of the partition that the Region is in.
fn suffix(region: &str) -> &'static str {
    const SUFFIXES: [(&str, &str); 6] = [
        ("cn-", "amazonaws.com.cn"),
        ("us-iso-", "c2s.ic.gov"),
        ("us-isob-", "sc2s.sgov.gov"),
        ("us-isof-", "csp.hci.ic.gov"),
        ("eu-isoe-", "cloud.adc-e.uk"),
        ("eusc-", "amazonaws.eu"),
    ];
    SUFFIXES.iter().find(|(prefix, _)| region.starts_with(prefix)).map_or("amazonaws.com", |(_, suffix)| suffix)
}

fn signed(request: &Request, url: &str, region: &str, credentials: Credentials, time: SystemTime) -> Result<HttpRequest, BoxError> {
    let mut settings = SigningSettings::default();
    if request.service == "s3" {
        settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    }
    let identity = credentials.into();
    let params =
        v4::SigningParams::builder().identity(&identity).region(region).name(request.service).time(time).settings(settings).build()?;
    let headers = request.headers.iter().map(|(name, value)| (*name, value.as_str()));
    let signable = SignableRequest::new(request.method, url, headers.clone(), SignableBody::Bytes(request.body.as_bytes()))?;
    let (instructions, _) = sign(signable, &params.into())?.into_parts();

    let mut http = HttpRequest::new(SdkBody::from(request.body.as_str()));
    http.set_method(request.method)?;
    http.set_uri(url)?;
    for (name, value) in headers.chain(instructions.headers()).chain([("user-agent", USER_AGENT)]) {
        http.headers_mut().try_insert(name.to_owned(), value.to_owned())?;
    }
    Ok(http)
}

/// AWS's code and message, wherever the protocol puts them.
fn refusal(response: &HttpResponse) -> ErrorMetadata {
    let header = |name: &str| response.headers().get(name);
    let body = response.body().bytes().unwrap_or_default();
    let (code, message) = body::error(header("content-type").unwrap_or_default(), body).unwrap_or_default();
    let mut error = ErrorMetadata::builder();
    if let Some(code) = header("x-amzn-errortype").or(code.as_deref()) {
        error = error.code(bare_code(code));
    }
    if let Some(message) = message {
        error = error.message(message);
    }
    error.build()
}

fn is_passing(error: &ConnectorError) -> bool {
    error.is_timeout() || error.is_io() || error.as_other().is_some()
}

/// Twice as long as the last time, and any part of it, so that not all come back at once.
fn wait(attempt: u32, random: u64) -> Duration {
    let longest = Duration::from_secs(1).saturating_mul(1 << attempt.saturating_sub(1).min(10)).min(LONGEST_WAIT);
    longest.mul_f64(random as f64 / u64::MAX as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(service: &'static str) -> Request {
        let body = "Action=DescribeVolumes&Version=2016-11-15".to_owned();
        Request { service, service_id: "EC2", method: "POST", path: "/".to_owned(), headers: Vec::new(), body }
    }

    #[test]
    fn a_request_carries_a_signature_of_its_service_and_region_and_the_session_token() {
        let credentials = Credentials::new("AKIDEXAMPLE", "secret", Some("token".to_owned()), None, "test");
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
        let url = "https://ec2.eu-west-1.amazonaws.com/";
        let signed = |service| signed(&request(service), url, "eu-west-1", credentials.clone(), time).unwrap();
        let of_ec2 = signed("ec2");
        let authorization = of_ec2.headers().get("authorization").unwrap();
        assert!(authorization.contains("Credential=AKIDEXAMPLE/20231114/eu-west-1/ec2/aws4_request"), "{authorization}");
        assert_eq!(of_ec2.headers().get("x-amz-security-token"), Some("token"));
        assert_eq!(of_ec2.headers().get("x-amz-content-sha256"), None);
        assert!(signed("s3").headers().get("x-amz-content-sha256").is_some());
    }

    #[test]
    fn endpoints_are_those_of_the_regions_partition() {
        let signer = Signer::new(SdkConfig::builder().build());
        let at = |region: &str| signer.endpoint(&request("ec2"), region);
        assert_eq!(at("eu-west-1"), "https://ec2.eu-west-1.amazonaws.com");
        assert_eq!(at("us-gov-west-1"), "https://ec2.us-gov-west-1.amazonaws.com");
        assert_eq!(at("cn-north-1"), "https://ec2.cn-north-1.amazonaws.com.cn");
        let signer = Signer::new(SdkConfig::builder().endpoint_url("http://127.0.0.1:5000/").build());
        assert_eq!(signer.endpoint(&request("ec2"), "eu-west-1"), "http://127.0.0.1:5000");
    }

    #[test]
    fn waits_double_and_end_at_twenty_seconds() {
        let seconds = |attempt| wait(attempt, u64::MAX).as_secs();
        assert_eq!([1, 2, 3, 4, 5, 6, 60].map(seconds), [1, 2, 4, 8, 16, 20, 20]);
        assert_eq!(wait(5, 0), Duration::ZERO);
    }
}
