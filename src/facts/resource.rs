//! Resources: tags, type, and which plans select them.

use schemars::JsonSchema;
use serde::Serialize;

use std::collections::{BTreeMap, BTreeSet};

use super::capability;
use super::due::Duties;
use super::jobs::{JobFacts, Jobs};
use super::point_in_time::{PointInTimeFacts, Tables};
use super::select;
use super::subject::{Facts, Kind, Subjects};
use super::world::{Region, World, plan_name};
use crate::snapshot::{Arn, Cause, Collection, Observed, Reason, Tags};

/// A resource of a type that AWS Backup can know.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ResourceFacts {
    pub name: String,
    pub arn: String,
    pub account: String,
    pub region: String,
    /// As AWS Backup names it. Null: a type that it does not know.
    #[serde(rename = "type")]
    pub resource_type: Observed<String>,
    pub tags: Observed<Tags>,
    /// The plans whose selections admit it.
    pub selected_by: Observed<Vec<String>>,
    pub jobs: JobFacts,
    /// DynamoDB's own point-in-time recovery. Null: it is no table.
    pub point_in_time: Observed<PointInTimeFacts>,
}

/// Makes a subject of each resource of a type that AWS Backup can know, and of what may have gone unseen.
pub fn derive(world: &World, subjects: &mut Subjects) {
    let out = subjects.of_mut(Kind::Resource);
    for region in &world.regions {
        let gaps = region.sight.gaps(Collection::Resources);
        if !gaps.is_empty() {
            let id = format!("arn:{}::{}:{}:*", region.unit.partition, region.unit.region, region.unit.account);
            out.push(id, format!("resources of {} that were not listed", region.unit.label()), Facts::gap(region, gaps));
        }
        let plans = plans_by_resource(region);
        let (jobs, duties, tables) = (Jobs::of(region, world.as_of), Duties::of(region, world.as_of), Tables::of(region));
        for resource in &region.unit.resources {
            let Some(arn) = Arn::parse(&resource.resource_arn) else { continue };
            let resource_type = match capability::types_of(&arn).as_slice() {
                [] => continue,
                [one] => Observed::Known(one.name.clone()),
                _ => Observed::unknown(Reason::new(Cause::Undetermined, "several resource types have ARNs of this shape")),
            };
            let facts = ResourceFacts {
                name: arn.name().to_owned(),
                arn: resource.resource_arn.clone(),
                account: region.unit.account.clone(),
                region: region.unit.region.clone(),
                resource_type,
                tags: resource.tags.clone().absent_is(Tags::default()),
                selected_by: plans.as_ref().map(|plans| plans.get(&resource.resource_arn).into_iter().flatten().cloned().collect()),
                jobs: jobs.facts(&resource.resource_arn, duties.due(&resource.resource_arn, &jobs)),
                point_in_time: tables.point_in_time(&arn),
            };
            let tags = facts.tags.clone();
            out.push(facts.arn.clone(), facts.name.clone(), Facts::new(facts.account.clone(), facts.region.clone(), tags, &facts));
        }
    }
}

fn plans_by_resource(region: &Region) -> Observed<BTreeMap<String, BTreeSet<String>>> {
    let gaps = region.sight.gaps(Collection::BackupPlans);
    if !gaps.is_empty() {
        return Observed::Unknown(gaps);
    }
    let of_each = region.unit.backup_plans.iter().map(|plan| {
        let selected = select::selections(plan, region)
            .and_then(|bodies| super::world::all(bodies.iter().map(|body| select::admitted(body, region).resources)));
        selected.map(|lists| (plan_name(plan), lists))
    });
    super::world::all(of_each).map(|plans| {
        let mut by_resource: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (plan, lists) in plans {
            for arn in lists.into_iter().flatten() {
                by_resource.entry(arn).or_default().insert(plan.clone());
            }
        }
        by_resource
    })
}
