//! A way to the run's HTTP client for requests that no SDK crate makes. The client wants to see all that an SDK operation is made
//! of, and uses only the clock and the timeouts: what stands for the rest is never asked.

use aws_config::SdkConfig;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::auth::static_resolver::StaticAuthSchemeOptionResolver;
use aws_smithy_runtime_api::client::auth::{AuthScheme, AuthSchemeEndpointConfig, AuthSchemeId, Sign};
use aws_smithy_runtime_api::client::endpoint::{EndpointFuture, EndpointResolverParams, ResolveEndpoint};
use aws_smithy_runtime_api::client::http::{HttpClient, HttpConnectorSettings, SharedHttpConnector};
use aws_smithy_runtime_api::client::identity::{Identity, IdentityFuture, ResolveCachedIdentity, ResolveIdentity, SharedIdentityResolver};
use aws_smithy_runtime_api::client::interceptors::context::InterceptorContext;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::retries::{RetryStrategy, ShouldAttempt};
use aws_smithy_runtime_api::client::runtime_components::{GetIdentityResolver, RuntimeComponents, RuntimeComponentsBuilder};
use aws_smithy_types::config_bag::ConfigBag;

/// Connections with the timeouts of the configuration, out of the client's own pool.
pub fn of(client: &dyn HttpClient, config: &SdkConfig) -> Result<SharedHttpConnector, BoxError> {
    let timeouts = config.timeout_config();
    let mut settings = HttpConnectorSettings::builder();
    settings.set_connect_timeout(timeouts.and_then(|timeouts| timeouts.connect_timeout()));
    settings.set_read_timeout(timeouts.and_then(|timeouts| timeouts.read_timeout()));
    let components = RuntimeComponentsBuilder::new("backstop")
        .with_auth_scheme_option_resolver(Some(StaticAuthSchemeOptionResolver::new(Vec::new())))
        .with_endpoint_resolver(Some(Unused))
        .with_auth_scheme(Unused)
        .with_identity_cache(Some(Unused))
        .with_identity_resolver(UNUSED, Unused)
        .with_retry_strategy(Some(Unused))
        .with_sleep_impl(config.sleep_impl())
        .with_time_source(config.time_source())
        .build()?;
    Ok(client.http_connector(&settings.build(), &components))
}

const UNUSED: AuthSchemeId = AuthSchemeId::new("unused");
const WHY: &str = "requests are signed and retried elsewhere";

#[derive(Debug)]
struct Unused;

impl ResolveEndpoint for Unused {
    fn resolve_endpoint<'a>(&'a self, _: &'a EndpointResolverParams) -> EndpointFuture<'a> {
        EndpointFuture::ready(Err(WHY.into()))
    }
}

impl AuthScheme for Unused {
    fn scheme_id(&self) -> AuthSchemeId {
        UNUSED
    }

    fn identity_resolver(&self, _: &dyn GetIdentityResolver) -> Option<SharedIdentityResolver> {
        None
    }

    fn signer(&self) -> &dyn Sign {
        self
    }
}

impl Sign for Unused {
    fn sign_http_request(
        &self,
        _: &mut HttpRequest,
        _: &Identity,
        _: AuthSchemeEndpointConfig<'_>,
        _: &RuntimeComponents,
        _: &ConfigBag,
    ) -> Result<(), BoxError> {
        Err(WHY.into())
    }
}

impl ResolveIdentity for Unused {
    fn resolve_identity<'a>(&'a self, _: &'a RuntimeComponents, _: &'a ConfigBag) -> IdentityFuture<'a> {
        IdentityFuture::ready(Err(WHY.into()))
    }
}

impl ResolveCachedIdentity for Unused {
    fn resolve_cached_identity<'a>(&'a self, _: SharedIdentityResolver, _: &'a RuntimeComponents, _: &'a ConfigBag) -> IdentityFuture<'a> {
        IdentityFuture::ready(Err(WHY.into()))
    }
}

impl RetryStrategy for Unused {
    fn should_attempt_initial_request(&self, _: &RuntimeComponents, _: &ConfigBag) -> Result<ShouldAttempt, BoxError> {
        Err(WHY.into())
    }

    fn should_attempt_retry(&self, _: &InterceptorContext, _: &RuntimeComponents, _: &ConfigBag) -> Result<ShouldAttempt, BoxError> {
        Err(WHY.into())
    }
}
