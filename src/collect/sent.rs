//! A request on its way. What is done with its answer is the same for every operation, so the operation's own types end here:
//! the code for sixty of them would be sixty times as long to compile.

use std::error::Error;
use std::pin::Pin;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use super::fault::Fault;

/// On the heap: what the SDK does to send a request takes tens of kilobytes of stack wherever it is awaited. The fault may still
/// hold secrets.
pub type Sent<'a, O = ()> = Pin<Box<dyn Future<Output = Result<O, Fault>> + Send + 'a>>;

/// A request whose answer is read from the wire.
pub fn sent<'a, O, E>(request: impl Future<Output = Result<O, SdkError<E, HttpResponse>>> + Send + 'a) -> Sent<'a>
where
    E: Error + ProvideErrorMetadata + 'static,
{
    Box::pin(async { request.await.map(drop).map_err(|error| Fault::of(&error)) })
}

/// A request whose answer the SDK reads.
pub fn sent_for<'a, O, E>(request: impl Future<Output = Result<O, SdkError<E, HttpResponse>>> + Send + 'a) -> Sent<'a, O>
where
    E: Error + ProvideErrorMetadata + 'static,
{
    Box::pin(async { request.await.map_err(|error| Fault::of(&error)) })
}
