//! Credentials by the standard chain, and clients for any Region that share one HTTP client. No call is made here
//! except those that resolve credentials.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_config::identity::IdentityCache;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_backup::config::retry::{RetryPartition, TokenBucket};
use aws_sdk_sts::config::{ProvideCredentials, SharedCredentialsProvider};
use aws_smithy_runtime_api::client::http::SharedHttpClient;

use super::fault::{self, Redaction};
use super::pace::Pace;
use super::run::Run;
use super::signed::Signer;
use super::wire::Paced;
use super::{CollectError, Options};

/// With the SDK's own three attempts a throttled listing loses most of its pages; with ten, whose waits double, none.
/// The adaptive mode is not for us: after a single throttled request early on, it sends one every two seconds.
const ATTEMPTS: u32 = 10;
const FIRST_ATTEMPTS: u32 = 3;
/// The SDK sets no timeout on reads and operations: a server that stops answering would hold the run for ever.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
pub const READ_TIMEOUT: Duration = Duration::from_secs(30);
/// Where the account's Regions are asked for when no Region is configured.
pub const FALLBACK_HOME: &str = "us-east-1";

/// One set of credentials.
pub struct Session {
    config: SdkConfig,
    pub run: Arc<Run>,
    /// These are the credentials that the run begins with.
    pub is_first: bool,
    home: String,
    redaction: Redaction,
    signer: Signer,
    /// By service and Region.
    paces: Mutex<HashMap<(&'static str, String), Arc<Pace>>>,
}

/// Services that have one endpoint for all Regions, and so one quota.
const GLOBAL: [&str; 3] = ["iam", "organizations", "account"];

/// A client of one service in one Region, at the pace of its own, and with a retry quota of its own: the SDK's is one for the whole
/// process, service and Region, so that one account's trouble would become another's. Throttling costs no quota, because waiting
/// cures it; an outage does, so that a service that is down is given up soon.
macro_rules! client {
    ($name:ident, $service:literal, $sdk:ident) => {
        pub fn $name(&self, region: &str) -> $sdk::Client {
            let pace = self.pace($service, region);
            let partition = RetryPartition::custom(format!("{:p}", Arc::as_ptr(&pace)));
            let partition = partition.token_bucket(TokenBucket::builder().throttling_retry_cost(0).build()).build();
            let http = Paced { inner: self.run.http.clone(), pace, meter: self.run.meter.clone() };
            let config = $sdk::config::Builder::from(&self.config).region(Region::new(region.to_owned()));
            $sdk::Client::from_conf(config.http_client(http).retry_partition(partition).build())
        }
    };
}

impl Session {
    /// Resolves the credentials that the run begins with, once: the SDK does not remember a failure, and would ask again for every client.
    pub async fn open(options: &Options, run: Arc<Run>) -> Result<Session, CollectError> {
        if let Some(region) = options.regions.iter().find(|region| !is_region_code(region)) {
            return Err(CollectError::NotARegion { region: region.clone() });
        }
        let config = configured(options.profile.as_deref(), options.regions.first().map(String::as_str), &run.http).await?;
        let home = match config.region().filter(|region| !region.as_ref().is_empty()) {
            Some(region) if is_region_code(region.as_ref()) => region.as_ref().to_owned(),
            Some(region) => return Err(CollectError::NotARegion { region: region.to_string() }),
            None if options.all_regions => FALLBACK_HOME.to_owned(),
            None => return Err(CollectError::NoRegion),
        };
        let redaction = credentials(&config, options.profile.as_deref()).await?;
        let signer = Signer::new(config.clone());
        Ok(Session { config, run, is_first: true, home, redaction, signer, paces: Mutex::default() })
    }

    /// The same run as somebody else.
    pub fn with_credentials(&self, provider: impl ProvideCredentials + 'static) -> Session {
        let builder = self.config.to_builder().credentials_provider(SharedCredentialsProvider::new(provider));
        let config = builder.identity_cache(IdentityCache::lazy().build()).build();
        Session {
            signer: Signer::new(config.clone()),
            config,
            run: self.run.clone(),
            is_first: false,
            home: self.home.clone(),
            redaction: Redaction::default(),
            paces: Mutex::default(),
        }
    }

    /// The pace at which a service in a Region is asked with these credentials.
    pub fn pace(&self, service: &'static str, region: &str) -> Arc<Pace> {
        let region = if GLOBAL.contains(&service) { "global" } else { region };
        let mut paces = self.paces.lock().unwrap_or_else(PoisonError::into_inner);
        paces.entry((service, region.to_owned())).or_insert_with(|| Arc::new(Pace::new(self.run.max_rate))).clone()
    }

    /// The Region in which questions about the account are asked.
    pub fn home(&self) -> &str {
        &self.home
    }

    /// The Regions to observe, each once.
    pub fn regions(&self, options: &Options) -> Vec<String> {
        let mut regions = if options.regions.is_empty() { vec![self.home.clone()] } else { options.regions.clone() };
        regions.sort();
        regions.dedup();
        regions
    }

    pub fn redaction(&self) -> &Redaction {
        &self.redaction
    }

    /// For services that have no client below.
    pub fn signer(&self) -> &Signer {
        &self.signer
    }

    client!(account, "account", aws_sdk_account);
    client!(backup, "backup", aws_sdk_backup);
    client!(cloudtrail, "cloudtrail", aws_sdk_cloudtrail);
    client!(cloudwatch, "cloudwatch", aws_sdk_cloudwatch);
    client!(dynamodb, "dynamodb", aws_sdk_dynamodb);
    client!(events, "events", aws_sdk_eventbridge);
    client!(iam, "iam", aws_sdk_iam);
    client!(kms, "kms", aws_sdk_kms);
    client!(organizations, "organizations", aws_sdk_organizations);
    client!(sns, "sns", aws_sdk_sns);
    client!(tagging, "tag", aws_sdk_resourcegroupstagging);
    client!(sts_patient, "sts", aws_sdk_sts);

    /// The first call of all gives up earlier: nobody should wait a minute to hear that there is no connection.
    pub fn sts(&self, region: &str) -> aws_sdk_sts::Client {
        let patient = self.sts_patient(region);
        let retries = RetryConfig::standard().with_max_attempts(attempts().min(FIRST_ATTEMPTS));
        aws_sdk_sts::Client::from_conf(patient.config().to_builder().retry_config(retries).build())
    }
}

/// The configuration by the standard chain, with the credentials that the profile or the chain names; none of them is asked for yet.
pub async fn configured(profile: Option<&str>, region: Option<&str>, http: &SharedHttpClient) -> Result<SdkConfig, CollectError> {
    check_endpoints()?;
    // Without timeouts of attempts and operations: they would count the time that a request waits for its turn.
    let timeouts = TimeoutConfig::builder().connect_timeout(CONNECT_TIMEOUT).read_timeout(READ_TIMEOUT).build();
    let retries = RetryConfig::standard().with_max_attempts(attempts());
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .http_client(http.clone())
        .retry_config(retries.clone())
        .timeout_config(timeouts.clone());
    if let Some(profile) = profile {
        loader = loader.profile_name(profile);
    }
    if let Some(region) = region {
        loader = loader.region(Region::new(region.to_owned()));
    }
    let mut config = loader.load().await;
    if let Some(profile) = profile {
        // As the AWS CLI does: a profile that is asked for outweighs credentials in the environment. The SDK's chain
        // would take those, and audit another account than the one that was named.
        let provider = ProviderConfig::without_region()
            .with_behavior_version(Some(BehaviorVersion::latest()))
            .with_http_client(http.clone())
            .with_region(config.region().cloned())
            .with_retry_config(retries)
            .with_timeout_config(timeouts);
        let provider = ProfileFileCredentialsProvider::builder().configure(&provider).profile_name(profile).build();
        config = config.into_builder().credentials_provider(SharedCredentialsProvider::new(provider)).build();
    }
    if let Some(url) = config.endpoint_url().filter(|url| !is_url(url)) {
        return Err(CollectError::NotAnEndpoint { named_by: "the profile".to_owned(), value: url.to_owned() });
    }
    Ok(config)
}

/// Looks at the endpoints that the environment sets. On an empty one the SDK panics.
fn check_endpoints() -> Result<(), CollectError> {
    for (name, value) in std::env::vars_os() {
        let (name, value) = (name.to_string_lossy(), value.to_string_lossy());
        if name.starts_with("AWS_ENDPOINT_URL") && !is_url(&value) {
            return Err(CollectError::NotAnEndpoint { named_by: name.into_owned(), value: value.into_owned() });
        }
    }
    Ok(())
}

fn is_url(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    host.is_some_and(|host| !host.is_empty() && !host.starts_with('/') && !host.contains(char::is_whitespace))
}

/// Asks for the credentials, once, and returns what must not appear anywhere.
pub async fn credentials(config: &SdkConfig, profile: Option<&str>) -> Result<Redaction, CollectError> {
    let none = |reason| CollectError::NoCredentials { profile: profile.map(str::to_owned), reason };
    let provider = config.credentials_provider().ok_or_else(|| none("there is no provider".to_owned()))?;
    let found = provider.provide_credentials().await.map_err(|error| {
        let reason = Redaction::default().apply(&fault::chain(&error), &[]);
        // The SDK's sentence ends before its list, where there is none.
        none(reason.trim_end_matches(" Attempted:").to_owned())
    })?;
    Ok(Redaction::of([Some(found.access_key_id()), Some(found.secret_access_key()), found.session_token()].into_iter().flatten()))
}

/// AWS_MAX_ATTEMPTS where it is set to a number that makes sense.
pub fn attempts() -> u32 {
    let set = std::env::var("AWS_MAX_ATTEMPTS").ok().and_then(|text| text.trim().parse().ok());
    set.filter(|attempts| (1..=100).contains(attempts)).unwrap_or(ATTEMPTS)
}

/// Letters, digits and hyphens: a Region becomes part of a host's name.
pub fn is_region_code(text: &str) -> bool {
    !text.is_empty() && text.len() <= 40 && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}
