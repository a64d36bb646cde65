//! One account in one Region: what the services brought, put together as a unit of the snapshot.

use serde_json::{Map, Value, json};

use super::call::{Listing, Told};
use super::identity::Identity;
use super::ledger::now;
use super::post::Post;
use super::{jobs, keys, plans, recovery_points, resources, settings, vaults};
use crate::snapshot::{Call, Collection, Outcome};

/// A unit, and what it took.
pub struct Observation {
    pub region: String,
    pub document: Value,
    /// At least one of this Region's calls was.
    pub was_answered: bool,
    /// Calls that were made, not counting those that were skipped.
    pub calls: usize,
    /// The first error of the ledger.
    pub first_error: Option<String>,
}

/// Observes one Region. Nothing that goes wrong here stops another Region. `preamble` are the calls that were made once
/// for all Regions; they stand in each unit's ledger, as the caller does.
pub async fn observe(post: Post, caller: Identity, preamble: Vec<Call>) -> Observation {
    let started = now();
    let in_vaults = async {
        let listing = vaults::list(&post).await;
        let (vaults, (points, points_whole)) = tokio::join!(vaults::describe(&post, &listing), recovery_points::observe(&post, &listing));
        let (keys, keys_whole) = keys::observe(&post, &caller.account, vaults.iter().chain(&points)).await;
        // A key that nobody heard of may be named in a vault that nobody heard of.
        let keys_whole = keys_whole && points_whole;
        ((vaults, listing.is_whole()), (points, points_whole), (keys, keys_whole))
    };
    let in_jobs = async { tokio::join!(jobs::backup(&post), jobs::copy(&post), jobs::restore(&post)) };
    let in_settings = async { tokio::join!(settings::region(&post), settings::global(&post), settings::supported_types(&post)) };
    let (in_vaults, plans, tagged, protected, (backup, copy, restore), (region, global, types)) =
        tokio::join!(in_vaults, plans::observe(&post), resources::tagged(&post), resources::protected(&post), in_jobs, in_settings);
    let (vaults, points, keys) = in_vaults;

    let mut brought = Brought::default();
    brought.list(Collection::BackupVaults, vaults);
    brought.list(Collection::BackupPlans, plans);
    brought.list(Collection::Keys, keys);
    brought.listing(Collection::Resources, tagged);
    brought.listing(Collection::ProtectedResources, protected);
    brought.listing(Collection::BackupJobs, backup);
    brought.listing(Collection::CopyJobs, copy);
    brought.listing(Collection::RestoreJobs, restore);
    brought.object(Collection::RegionSettings, region);
    brought.object(Collection::GlobalSettings, global);
    brought.object(Collection::SupportedResourceTypes, types);
    // Last, so that readers can stream them.
    brought.list(Collection::RecoveryPoints, points);

    let calls = post.finish();
    let mut observation = Observation {
        region: post.region.clone(),
        document: Value::Null,
        was_answered: calls.iter().any(|call| matches!(call.outcome, Outcome::Ok | Outcome::Truncated)),
        calls: calls.iter().filter(|call| call.outcome != Outcome::Skipped).count(),
        first_error: calls.iter().find(|call| call.outcome != Outcome::Skipped).and_then(|call| call.error.clone()),
    };
    let mut ledger = preamble;
    ledger.extend(calls);
    ledger.sort_by(|one, other| (&one.service, &one.operation, &one.subject).cmp(&(&other.service, &other.operation, &other.subject)));
    let mut document = json!({
        "Account": caller.account,
        "Region": post.region,
        "Partition": caller.partition,
        "Source": "aws",
        "Caller": {"Arn": caller.arn, "Account": caller.account, "UserId": caller.user_id},
        "StartedAt": started,
        "FinishedAt": now(),
        "Calls": ledger,
        "Complete": brought.complete,
    });
    if let Value::Object(unit) = &mut document {
        unit.extend(brought.members);
    }
    observation.document = document;
    observation
}

/// The unit's collections, and which of them are whole.
#[derive(Default)]
struct Brought {
    members: Map<String, Value>,
    complete: Vec<Collection>,
}

impl Brought {
    fn list(&mut self, collection: Collection, (items, whole): (Vec<Value>, bool)) {
        self.members.insert(format!("{collection:?}"), Value::Array(items));
        if whole {
            self.complete.push(collection);
        }
    }

    fn listing(&mut self, collection: Collection, listing: Listing) {
        let whole = listing.is_whole();
        self.list(collection, (listing.items.into_iter().map(Value::Object).collect(), whole));
    }

    /// Written only when it was answered: an empty object would say that nothing is set.
    fn object(&mut self, collection: Collection, told: Told) {
        if let Told::Known(object) = told {
            self.members.insert(format!("{collection:?}"), Value::Object(object));
            self.complete.push(collection);
        }
    }
}
