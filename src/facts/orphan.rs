//! What a recovery point is of: whether its resource and the plan that made it are still there.

use std::cell::RefCell;

use rustc_hash::{FxHashMap, FxHashSet};
use schemars::JsonSchema;
use serde::Serialize;

use super::world::{Found, Region, World};
use crate::snapshot::{Arn, Cause, Collection, Observed, Reason, RecoveryPoint};

/// Where a point comes from, as far as that is still there.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, JsonSchema)]
pub struct SourceFacts {
    /// Whether the resource is in the inventory of its account and Region. It is gone only where that inventory is whole.
    pub resource_exists: Observed<bool>,
    /// Whether the plan that made the point still is. Null: no plan did.
    pub plan_exists: Observed<bool>,
}

/// The types of which a list of all resources can be had, and the calls that bring it.
const LISTED: [(&str, &[&str]); 8] = [
    ("DynamoDB", &["dynamodb:ListTables"]),
    ("RDS", &["rds:DescribeDBInstances", "rds:DescribeDBClusters"]),
    ("Aurora", &["rds:DescribeDBClusters"]),
    ("EC2", &["ec2:DescribeInstances"]),
    ("EBS", &["ec2:DescribeVolumes"]),
    ("EFS", &["elasticfilesystem:DescribeFileSystems"]),
    ("S3", &["s3:ListBuckets"]),
    ("FSx", &["fsx:DescribeFileSystems"]),
];

/// Every resource that some list shows, by unit.
pub struct Sources<'w, 'a> {
    world: &'w World<'a>,
    listed: FxHashMap<(&'a str, &'a str), FxHashSet<&'a str>>,
    /// Points of one resource, type and place come to the same.
    known: RefCell<FxHashMap<Question<'a>, Observed<bool>>>,
}

/// The resource, its type, and whether the point is a copy, which may come from anywhere.
type Question<'a> = (&'a str, &'a str, Option<bool>, (&'a str, &'a str));

impl<'w, 'a> Sources<'w, 'a> {
    pub fn of(world: &'w World<'a>) -> Self {
        let listed = world.regions.iter().map(|region| {
            let unit = region.unit;
            let tagged = unit.resources.iter().map(|resource| resource.resource_arn.as_str());
            let tables = unit.tables.iter().map(|table| table.table_arn.as_str());
            let inventory = unit.inventory.iter().flat_map(|of_type| &of_type.resources).map(|resource| resource.resource_arn.as_str());
            ((unit.account.as_str(), unit.region.as_str()), tagged.chain(tables).chain(inventory).collect())
        });
        Sources { world, listed: listed.collect(), known: RefCell::default() }
    }

    pub fn of_point(&self, point: &'a RecoveryPoint, is_copy: &Observed<bool>, region: &Region<'a>) -> SourceFacts {
        let arn = point.resource_arn.as_ref().required("ResourceArn");
        let of_type = point.resource_type.as_ref().required("ResourceType");
        let plan = point.created_by.as_ref().and_then(|by| by.backup_plan_arn.as_ref());
        SourceFacts {
            resource_exists: arn.and_then(|arn| of_type.and_then(|of_type| self.exists(arn, of_type, is_copy.known().copied(), region))),
            plan_exists: plan.and_then(|arn| match self.world.plan(arn) {
                Found::Here(..) | Found::Glimpsed(..) => Observed::Known(true),
                Found::Missing => Observed::Known(false),
                Found::Unseen(reasons) => Observed::Unknown(reasons),
            }),
        }
    }

    fn exists(&self, arn: &'a str, of_type: &'a str, is_copy: Option<bool>, region: &Region<'a>) -> Observed<bool> {
        let place = (region.unit.account.as_str(), region.unit.region.as_str());
        let known = self.known.borrow().get(&(arn, of_type, is_copy, place)).cloned();
        known.unwrap_or_else(|| {
            let exists = self.look_up(arn, of_type, is_copy, region);
            self.known.borrow_mut().insert((arn, of_type, is_copy, place), exists.clone());
            exists
        })
    }

    /// The reasons name the place and the type, not the resource, so that points go on sharing their facts.
    fn look_up(&self, arn: &str, of_type: &str, is_copy: Option<bool>, region: &Region<'a>) -> Observed<bool> {
        let Some(parts) = Arn::parse(arn) else {
            return Observed::unknown(Reason::new(Cause::Undetermined, "the recovery point does not name its resource by an ARN"));
        };
        // Names of buckets tell no place: a point that is no copy lies where its bucket is.
        let home = match (parts.account.is_empty() || parts.region.is_empty(), is_copy) {
            (false, _) => self.world.region(parts.account, parts.region),
            (true, Some(false)) => Some(region),
            (true, _) => {
                let detail = format!("the ARN of a resource of type {of_type} does not say where it is");
                return Observed::unknown(Reason::new(Cause::Undetermined, detail));
            }
        };
        let Some(home) = home else {
            let detail = format!("{}/{} was not observed, and the resource is there", parts.account, parts.region);
            return Observed::unknown(Reason::of_call(Cause::NotObserved, "tag:GetResources", detail));
        };
        let place = (home.unit.account.as_str(), home.unit.region.as_str());
        if self.listed.get(&place).is_some_and(|listed| listed.contains(arn)) {
            return Observed::Known(true);
        }
        match gaps(of_type, &parts, home) {
            gaps if gaps.is_empty() => Observed::Known(false),
            gaps => Observed::Unknown(gaps),
        }
    }
}

/// Why a resource of the type may be there although no list shows it. The tagging API shows what is or was tagged, and must have
/// been seen whole as well: what one list shows, no other takes away.
fn gaps(of_type: &str, arn: &Arn, home: &Region) -> Vec<Reason> {
    let mut gaps = home.sight.gaps(Collection::Resources);
    let calls = LISTED.iter().find(|(name, _)| *name == of_type).map(|(_, calls)| *calls);
    // FSx lists file systems; a point may be of a volume of one.
    let Some(calls) = calls.filter(|_| arn.service != "fsx" || arn.kind() == "file-system") else {
        let detail = format!("no list shows every resource of type {of_type}, tagged or not, in {}", home.unit.label());
        gaps.push(Reason::new(Cause::Undetermined, detail));
        return gaps;
    };
    if of_type == "DynamoDB" {
        gaps.extend(home.sight.gaps(Collection::Tables));
        return gaps;
    }
    let failures: Vec<Reason> = calls.iter().filter_map(|call| home.sight.failure(call, "")).collect();
    let is_whole = home.unit.inventory.iter().any(|listed| listed.resource_type == of_type && listed.complete);
    if failures.is_empty() && !is_whole {
        let detail = format!("the snapshot of {} holds no complete list of its resources of type {of_type}", home.unit.label());
        gaps.push(Reason::of_call(Cause::NotObserved, calls[0], detail));
    }
    gaps.extend(failures);
    gaps
}
