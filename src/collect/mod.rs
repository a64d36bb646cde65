//! FIELD TEAM: AWS -> snapshot document, and the only room that knows the SDK. It observes and writes down what it saw and
//! what it was refused; what that means is for others to say.
//!
//! - `run`: what a whole run shares; `session`: one set of credentials, and clients; `accounts`: in which accounts, as whom;
//!   `identity`: who is looking; `regions`: where
//! - `post`: one account in one Region, from which calls are made; `call`: one operation with all its pages; `calls`: the list of them
//! - `pace`: how fast; `wire`: every request and the bytes that came back; `body`: the protocols; `sent`: a request on its way; `fault`: why a call was not answered
//! - `ledger`: every call that was made or skipped; `journal`: every answer, on disk; `meter`: how far the run is
//! - `vaults`, `recovery_points` with `windows`, `plans`, `referenced_vaults`, `keys`, `jobs`, `settings`, `frameworks`,
//!   `report_plans`, `restore_testing`, `legal_holds`, `tiering`, `roles`, `organization`, `resources`, `tables`, `inventory`, `topics`,
//!   `alarms`, `metrics`, `event_rules`, `trails`: one collection or service each
//! - `signed` with `connector`: requests to services that have no SDK crate here
//! - `lay`: how answers become part of an object; `policy_text`: policy documents
//! - `unit`: what the others brought, put together; `document`: the snapshot that is written
//! - `error`: why nothing could be observed
//! - `bucket`: results that are kept in a bucket; it has nothing to do with what is observed

mod accounts;
mod alarms;
mod body;
mod bucket;
mod call;
mod calls;
mod connector;
mod document;
mod error;
mod event_rules;
mod fault;
mod frameworks;
mod identity;
mod inventory;
mod jobs;
mod journal;
mod keys;
mod lay;
mod ledger;
mod legal_holds;
mod meter;
mod metrics;
mod organization;
mod pace;
mod plans;
mod policy_text;
mod post;
mod recovery_points;
mod referenced_vaults;
mod regions;
mod report_plans;
mod resources;
mod restore_testing;
mod roles;
mod run;
mod sent;
mod session;
mod settings;
mod signed;
mod tables;
mod tiering;
mod topics;
mod trails;
mod unit;
mod vaults;
mod windows;
mod wire;

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

pub use bucket::{Bucket, BucketError, Location, Object, Put, SCHEME};
pub use calls::CALLS;
pub use document::Document;
pub use error::CollectError;
use journal::Journal;
pub use journal::JournalError;
pub use meter::{Progress, Tally};
use post::Post;
use run::Run;
use session::Session;

use crate::snapshot::Call;

/// Where to look, as whom, how hard.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// A profile of the AWS configuration. `None`: what the standard credential chain finds.
    pub profile: Option<String>,
    /// Empty: the Region that is configured.
    pub regions: Vec<String>,
    /// Every Region that the account has enabled, instead of `regions`.
    pub all_regions: bool,
    /// Accounts, by id. Empty, and without `organization`: the caller's own.
    pub accounts: Vec<String>,
    /// Every active account of the organization.
    pub organization: bool,
    /// The role to assume in accounts other than the caller's.
    pub role: Option<String>,
    pub external_id: Option<String>,
    /// Requests a second to one service of one account in one Region, at most.
    pub max_rate: Option<f64>,
    /// Resource types of which every resource is listed, by AWS Backup's names of them.
    pub inventory: Vec<String>,
    /// The file that answers go to as they come.
    pub journal: PathBuf,
    /// Go on with the journal of an interrupted run.
    pub resume: bool,
    /// Read one page of each listing: it is asked what is allowed, not what there is.
    pub is_probe: bool,
}

impl Options {
    /// What a journal must be of, to be gone on with.
    fn asked(&self) -> String {
        let mut asked = vec![format!("profile {}", self.profile.as_deref().unwrap_or("-"))];
        asked.push(if self.all_regions { "all Regions".to_owned() } else { format!("Regions {:?}", self.regions) });
        asked.push(format!("accounts {:?}{}", self.accounts, if self.organization { " of the organization" } else { "" }));
        asked.push(format!("role {}, inventory {:?}", self.role.as_deref().unwrap_or("-"), self.inventory));
        asked.join(", ")
    }
}

/// What the unit is called that stands for Regions of which nobody knows.
const OTHER_REGIONS: &str = "other-regions";
/// How often whoever is watching is told.
const TELLING: Duration = Duration::from_millis(200);

/// Observes accounts and Regions, and returns the snapshot document. Whatever is refused or lost on the way stands in
/// the document's ledger; an error means that there is nothing worth writing down.
pub async fn observe(options: &Options, progress: &dyn Progress) -> Result<Document, CollectError> {
    if let Some(account) = options.accounts.iter().find(|id| id.len() != 12 || !id.bytes().all(|byte| byte.is_ascii_digit())) {
        return Err(CollectError::NotAnAccount { account: account.clone() });
    }
    let journal = if options.resume {
        Journal::resume(&options.journal, &options.asked(), ledger::now())?
    } else {
        Journal::create(&options.journal, &options.asked(), ledger::now())?
    };
    let run = Arc::new(Run::new(options, journal));
    let units = tokio::select! {
        units = units(options, &run) => units?,
        why = run.stopped() => return Err(why),
        never = telling(progress, &run) => match never {},
    };
    // The call that ended it may have been the last.
    if let Some(why) = run.why_stopped() {
        return Err(why);
    }
    // A probe asks what is denied, and everything may be.
    if !options.is_probe && !units.iter().any(|unit| unit.was_answered) {
        return Err(CollectError::nothing_answered(&units));
    }
    Ok(Document::new(units, run))
}

async fn telling(progress: &dyn Progress, run: &Run) -> Infallible {
    loop {
        progress.tell(&run.meter.tally());
        tokio::time::sleep(TELLING).await;
    }
}

async fn units(options: &Options, run: &Arc<Run>) -> Result<Vec<unit::Observation>, CollectError> {
    let session = Arc::new(Session::open(options, run.clone()).await?);
    let home = Post::new(&session, "", session.home());
    let caller = identity::observe(&home).await?;
    let home = Post { account: caller.account.clone(), ..home };
    let (regions, accounts) = tokio::join!(regions::of(&home, options), accounts::observed(&home, &caller, options));
    let (regions, accounts) = (regions?, accounts?);
    let preamble = home.finish();
    let entering = |account| with_regions(account, caller.account.clone(), preamble.clone(), regions.clone(), options.clone());
    let accounts = post::each(accounts, entering).await;
    let observed = accounts.iter().flat_map(|account| account.regions.iter().map(|region| (account.account.id.clone(), region.clone())));
    let observed: Arc<BTreeSet<_>> = Arc::new(observed.collect());
    let options = Arc::new(options.clone());
    let observations = post::each(accounts, |account| of_account(account, options.clone(), observed.clone())).await;
    let mut units: Vec<_> = observations.into_iter().flatten().collect();
    units.sort_by(|one, other| (&one.account, &one.region).cmp(&(&other.account, &other.region)));
    Ok(units)
}

/// An account with the Regions that are observed in it, and the calls that were made once for all of them.
struct Entered {
    account: accounts::Account,
    regions: Vec<String>,
    /// It may have more Regions, which nobody told.
    has_others: bool,
    preamble: Vec<Call>,
}

/// `regions` are those of the first account.
async fn with_regions(account: accounts::Account, first: String, preamble: Vec<Call>, regions: Vec<String>, options: Options) -> Entered {
    let mut entered = Entered { regions, preamble, account, has_others: false };
    entered.preamble.extend(entered.account.calls.iter().cloned());
    if let Some((session, _)) = &entered.account.entry
        && options.all_regions
        && entered.account.id != first
    {
        let door = Post::new(session, &entered.account.id, session.home());
        // Where they are not told, those of the first account are looked into, and a unit stands for the others.
        match regions::of(&door, &options).await {
            Ok(enabled) => entered.regions = enabled,
            Err(_) => entered.has_others = true,
        }
        entered.preamble.extend(door.finish());
    }
    entered
}

async fn of_account(entered: Entered, options: Arc<Options>, observed: Arc<BTreeSet<(String, String)>>) -> Vec<unit::Observation> {
    let Entered { account, regions, preamble, has_others } = entered;
    let Some((session, identity)) = &account.entry else {
        let why = "nobody was let into the account";
        return regions.iter().map(|region| unit::unseen(&account, region, why, preamble.clone())).collect();
    };
    let posts = regions.iter().map(|region| Post::new(session, &account.id, region)).collect();
    let observing = |post| unit::observe(post, identity.clone(), preamble.clone(), options.clone(), observed.clone());
    let mut units = post::each(posts, observing).await;
    if has_others {
        let why = "the account did not tell which Regions it has enabled";
        units.push(unit::unseen(&account, OTHER_REGIONS, why, preamble));
    }
    units
}
