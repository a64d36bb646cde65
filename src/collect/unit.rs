//! One account in one Region: what the services brought, put together as a unit of the snapshot.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Map, Value, json};
use tokio::sync::SetOnce;

use super::accounts::Account;
use super::call::{Found, Told};
use super::identity::Identity;
use super::journal::Range;
use super::ledger::{Question, now};
use super::post::Post;
use super::{
    Options, alarms, event_rules, frameworks, inventory, jobs, keys, legal_holds, metrics, organization, plans, recovery_points,
    referenced_vaults, report_plans, resources, restore_testing, roles, settings, tables, tiering, topics, trails, vaults,
};
use crate::snapshot::{Call, Collection, Outcome};

/// A unit, and what it took.
#[derive(Debug)]
pub struct Observation {
    pub account: String,
    pub region: String,
    /// Everything but the recovery points.
    pub members: Map<String, Value>,
    /// Where the recovery points stand in the journal.
    pub points: Vec<Range>,
    /// At least one of this Region's calls was.
    pub was_answered: bool,
    /// Calls that were made, not counting those that were skipped.
    pub calls: usize,
    /// The first error of the ledger.
    pub first_error: Option<String>,
}

/// Where a unit is.
#[derive(Debug, Clone)]
pub struct Place {
    pub account: String,
    pub partition: String,
    pub region: String,
}

impl Place {
    /// The ARN of something in the unit; empty where it has no id.
    pub fn arn(&self, service: &str, kind: &str, id: &str) -> String {
        if id.is_empty() {
            return String::new();
        }
        format!("arn:{}:{service}:{}:{}:{kind}{id}", self.partition, self.region, self.account)
    }
}

/// Observes one Region. Nothing that goes wrong here stops another Region. `preamble` are the calls that were made once
/// for all Regions; they stand in each unit's ledger, as the caller does. `observed` are the places that have units of their own.
pub async fn observe(
    post: Post,
    caller: Identity,
    preamble: Vec<Call>,
    options: Arc<Options>,
    observed: Arc<referenced_vaults::Places>,
) -> Observation {
    let started = now();
    let place = Place { account: caller.account.clone(), partition: caller.partition.clone(), region: post.region.clone() };
    let (post, place, account) = (&post, &place, caller.account.as_str());
    let wants = |of: &str| options.inventory.iter().any(|asked| asked == of);

    // What others wait for. All begin at once, and none waits for more than it needs.
    let (listed, vaults, alarms, plans, elsewhere) = (SetOnce::new(), SetOnce::new(), SetOnce::new(), SetOnce::new(), SetOnce::new());
    let in_vaults = async {
        let listing = vaults::list(post).await;
        settle(&listed, ());
        let describing = async { settle(&vaults, vaults::describe(post, &listing).await) };
        // The keys of vaults do not wait for the points, which may be many.
        let of_vaults = async {
            let (vaults, elsewhere): (&Found, &Found) = (vaults.wait().await, elsewhere.wait().await);
            let named: BTreeSet<String> = vaults.items.iter().chain(&elsewhere.items).filter_map(keys::named).collect();
            (keys::observe(post, account, &named).await, named)
        };
        let ((), points, (keys, named)) = tokio::join!(describing, recovery_points::observe(post, &listing), of_vaults);
        let of_points = keys::observe(post, account, &points.keys.difference(&named).cloned().collect()).await;
        let keys = keys::together(keys, of_points);
        (points, keys)
    };
    // The longest chains of calls begin with vaults and plans, so the rest waits until these are on their way, and then begins bit by
    // bit: all calls of many Regions at once would keep the processor busy while the answers that lead on are there.
    let rest = async || {
        listed.wait().await;
        post.session.run.ramp.slot().await;
    };
    let alarming = async {
        rest().await;
        settle(&alarms, alarms::observe(post).await)
    };
    let planning = async { settle(&plans, plans::observe(post).await) };
    let referring = async { settle(&elsewhere, referenced_vaults::observe(post, account, plans.wait().await, &observed).await) };
    let roles = async { roles::observe(post, account, plans.wait().await).await };
    let topics = async { topics::observe(post, vaults.wait().await, alarms.wait().await).await };
    let tables = async {
        if wants(tables::RESOURCE_TYPE) {
            tables::observe(post, |name| place.arn("dynamodb", "table/", name)).await
        } else {
            tables::skip(post)
        }
    };
    let governance = async {
        rest().await;
        tokio::join!(
            frameworks::observe(post),
            report_plans::observe(post),
            restore_testing::observe(post),
            legal_holds::observe(post),
            tiering::observe(post),
            organization::observe(post, options.organization && post.session.is_first && post.region == post.session.home()),
        )
    };
    let watch = async {
        rest().await;
        tokio::join!(topics, metrics::observe(post), event_rules::observe(post), trails::observe(post))
    };
    let resources = async {
        rest().await;
        tokio::join!(resources::tagged(post), resources::protected(post), tables, inventory::observe(post, place, &options.inventory))
    };
    let jobs = async {
        rest().await;
        tokio::join!(jobs::backup(post), jobs::copy(post), jobs::restore(post), jobs::scan(post))
    };
    let settings = async {
        rest().await;
        tokio::join!(settings::region(post), settings::global(post), settings::supported_types(post))
    };
    let ((points, keys), (), (), (), roles, governance, watch, resources, jobs, settings) =
        tokio::join!(in_vaults, alarming, planning, referring, roles, governance, watch, resources, jobs, settings);

    let mut brought = Brought::default();
    brought.list(Collection::BackupVaults, vaults.into_inner().unwrap_or_default());
    brought.list(Collection::BackupPlans, plans.into_inner().unwrap_or_default());
    let elsewhere = elsewhere.into_inner().unwrap_or_default();
    // A key that nobody heard of may be named in a vault that nobody heard of.
    brought.list(Collection::Keys, Found { whole: keys.whole && points.whole, ..keys });
    brought.list(Collection::ReferencedVaults, elsewhere);
    let (tagged, protected, tables, inventory) = resources;
    brought.list(Collection::Resources, tagged);
    brought.list(Collection::ProtectedResources, protected);
    brought.list(Collection::Tables, tables);
    brought.list(Collection::Inventory, inventory);
    let (backup, copy, restore, scan) = jobs;
    brought.list(Collection::BackupJobs, backup);
    brought.list(Collection::CopyJobs, copy);
    brought.list(Collection::RestoreJobs, restore);
    brought.list(Collection::ScanJobs, scan);
    let (region, global, types) = settings;
    brought.object(Collection::RegionSettings, region, true);
    brought.object(Collection::GlobalSettings, global, true);
    brought.object(Collection::SupportedResourceTypes, types, true);
    let alarms = alarms.into_inner().unwrap_or_default();
    let (topics, metrics, event_rules, trails) = watch;
    brought.list(Collection::Topics, topics);
    brought.list(Collection::Alarms, alarms.metric);
    brought.list(Collection::CompositeAlarms, alarms.composite);
    brought.list(Collection::Metrics, metrics);
    brought.list(Collection::EventRules, event_rules);
    brought.list(Collection::Trails, trails);
    brought.list(Collection::Roles, roles);
    let (frameworks, report_plans, restore_testing, legal_holds, tiering, organization) = governance;
    brought.list(Collection::Frameworks, frameworks);
    brought.list(Collection::ReportPlans, report_plans);
    brought.list(Collection::RestoreTestingPlans, restore_testing);
    brought.list(Collection::LegalHolds, legal_holds);
    brought.list(Collection::TieringConfigurations, tiering);
    brought.object(Collection::Organization, organization.told, organization.whole);
    if points.whole {
        brought.complete.push(Collection::RecoveryPoints);
    }

    let head = Head { caller: Some(&caller), account: &caller.account, partition: &caller.partition, region: &post.region };
    head.observation(post.finish(), preamble, (started.to_string(), brought, points.ranges))
}

/// Hands over what others wait for.
fn settle<T>(awaited: &SetOnce<T>, value: T) {
    // It is set here and nowhere else, so that it cannot have been set before.
    let _ = awaited.set(value);
}

/// A Region that nobody could look into: it shows, with nothing in it.
pub fn unseen(account: &Account, region: &str, why: &str, preamble: Vec<Call>) -> Observation {
    let skipped = Question::new("backup", "ListBackupVaults").entry(Outcome::Skipped);
    let why = Some(why.to_owned());
    let head = Head { caller: None, account: &account.id, partition: &account.partition, region };
    head.observation(vec![Call { error: why, ..skipped }], preamble, (now().to_string(), Brought::default(), Vec::new()))
}

struct Head<'a> {
    caller: Option<&'a Identity>,
    account: &'a str,
    partition: &'a str,
    region: &'a str,
}

impl Head<'_> {
    fn observation(&self, calls: Vec<Call>, preamble: Vec<Call>, (started, brought, points): (String, Brought, Vec<Range>)) -> Observation {
        let made = |call: &&Call| call.outcome != Outcome::Skipped;
        let was_answered = calls.iter().any(|call| matches!(call.outcome, Outcome::Ok | Outcome::Truncated));
        let first_error = preamble.iter().chain(&calls).filter(made).find_map(|call| call.error.clone());
        let count = calls.iter().filter(made).count();
        let mut ledger = preamble;
        ledger.extend(calls);
        ledger.sort_by(|one, other| (&one.service, &one.operation, &one.subject).cmp(&(&other.service, &other.operation, &other.subject)));
        // What an interrupted run brought is as old as it is.
        let started = ledger.iter().filter(|call| call.resumed).filter_map(|call| call.time).min().map_or(started, |time| time.to_string());
        let mut members = Map::new();
        let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
        put("Account", self.account.into());
        put("Region", self.region.into());
        put("Partition", self.partition.into());
        put("Source", "aws".into());
        if let Some(caller) = self.caller {
            put("Caller", json!({"Arn": caller.arn, "Account": caller.account, "UserId": caller.user_id}));
        }
        put("StartedAt", started.into());
        put("FinishedAt", json!(now()));
        put("Calls", json!(ledger));
        put("Complete", json!(brought.complete));
        members.extend(brought.members);
        Observation {
            account: self.account.to_owned(),
            region: self.region.to_owned(),
            members,
            points,
            was_answered,
            calls: count,
            first_error,
        }
    }
}

/// The unit's collections, and which of them are whole.
#[derive(Default)]
struct Brought {
    members: Map<String, Value>,
    complete: Vec<Collection>,
}

impl Brought {
    fn list(&mut self, collection: Collection, found: impl Into<Found>) {
        let found = found.into();
        self.members.insert(format!("{collection:?}"), Value::Array(found.items));
        if found.whole {
            self.complete.push(collection);
        }
    }

    /// Written only when it was answered: an empty object would say that nothing is set. Null says that there is none.
    fn object(&mut self, collection: Collection, told: Told, whole: bool) {
        let value = match told {
            Told::Known(object) => Value::Object(object),
            Told::Absent => Value::Null,
            Told::Silent(_) => return,
        };
        self.members.insert(format!("{collection:?}"), value);
        if whole {
            self.complete.push(collection);
        }
    }
}
