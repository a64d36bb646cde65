//! FIELD TEAM: AWS -> snapshot document, and the only room that knows the SDK. It observes and writes down what it saw and
//! what it was refused; what that means is for others to say.
//!
//! - `session`: credentials, Regions' clients, retries and timeouts; `identity`: who is looking; `regions`: where
//! - `post`: one account in one Region, from which calls are made; `call`: one operation with all its pages
//! - `wire`: the bytes that AWS sent, in place of what the SDK makes of them; `fault`: why a call was not answered
//! - `ledger`: every call that was made or skipped; `error`: why nothing could be observed
//! - `vaults`, `recovery_points`, `plans`, `keys`, `resources`, `jobs`, `settings`: one collection or service each
//! - `unit`: what the others brought, put together

mod call;
mod error;
mod fault;
mod identity;
mod jobs;
mod keys;
mod ledger;
mod plans;
mod post;
mod recovery_points;
mod regions;
mod resources;
mod session;
mod settings;
mod unit;
mod vaults;
mod wire;

use std::sync::Arc;

use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

pub use error::CollectError;
use post::Post;
use session::Session;

use crate::snapshot::SCHEMA;

/// Where to look, and as whom.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// A profile of the AWS configuration. `None`: what the standard credential chain finds.
    pub profile: Option<String>,
    /// Empty: the Region that is configured.
    pub regions: Vec<String>,
    /// Every Region that the account has enabled, instead of `regions`.
    pub all_regions: bool,
}

/// Told what is being observed, while it is.
pub trait Progress: Send + Sync {
    fn note(&self, what: &str);
}

/// Observes the account in each Region, and returns the snapshot document. Whatever is refused or lost on the way stands in
/// the document's ledger; an error means that there is nothing worth writing down.
pub async fn observe(options: &Options, progress: &dyn Progress) -> Result<Value, CollectError> {
    let (notes, mut heard) = mpsc::unbounded_channel::<String>();
    let listening = async {
        while let Some(note) = heard.recv().await {
            progress.note(&note);
        }
    };
    let (document, ()) = tokio::join!(document(options, notes), listening);
    document
}

async fn document(options: &Options, notes: mpsc::UnboundedSender<String>) -> Result<Value, CollectError> {
    let session = Arc::new(Session::open(options).await?);
    let home = Post::new(&session, session.home(), &notes);
    let caller = identity::observe(&home).await?;
    let regions = if options.all_regions { regions::enabled(&home).await? } else { session.regions(options) };
    let preamble = home.finish();

    let mut observing = JoinSet::new();
    for region in regions {
        let post = Post::new(&session, &region, &notes);
        observing.spawn(unit::observe(post, caller.clone(), preamble.clone()));
    }
    drop(notes);
    let mut units = Vec::new();
    while let Some(unit) = observing.join_next().await {
        match unit {
            Ok(unit) => units.push(unit),
            Err(broken) => std::panic::resume_unwind(broken.into_panic()),
        }
    }
    units.sort_by(|one, other| one.region.cmp(&other.region));
    if !units.iter().any(|unit| unit.was_answered) {
        return Err(CollectError::nothing_answered(&units));
    }
    let units: Vec<Value> = units.into_iter().map(|unit| unit.document).collect();
    Ok(json!({ "Schema": SCHEMA, "Units": units }))
}
