//! Jobs that failed for resources that no list of the account's resources shows: untagged ones, and such as are no longer there.

use schemars::JsonSchema;
use serde::Serialize;

use super::jobs::{JobFailure, Jobs};
use super::world::{Region, World, all};
use crate::snapshot::{Arn, Cause, Collection, Observed, Reason, Source};

/// A resource that only jobs name, and those of its jobs that did not end well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct UnlistedResource {
    pub arn: String,
    pub name: String,
    pub region: String,
    pub failures: Vec<JobFailure>,
}

/// Those of all the account's Regions, by Region and ARN. What Terraform declares has no jobs: it says nothing for a Region, and
/// nothing against the others.
pub fn unlisted(regions: &[&Region], world: &World) -> Observed<Vec<UnlistedResource>> {
    let live: Vec<&&Region> = regions.iter().filter(|region| !is_declared(&region.unit.source)).collect();
    if live.is_empty() {
        return Observed::unknown(Reason::of_call(Cause::NotObserved, "backup:ListBackupJobs", "Terraform does not tell of jobs"));
    }
    all(live.into_iter().map(|region| of_region(region, world))).map(|of_regions| {
        let mut resources: Vec<UnlistedResource> = of_regions.into_iter().flatten().collect();
        resources.sort_by(|a, b| (&a.region, &a.arn).cmp(&(&b.region, &b.arn)));
        resources
    })
}

fn is_declared(source: &Source) -> bool {
    matches!(source, Source::Terraform | Source::TerraformPlan | Source::TerraformState)
}

fn of_region(region: &Region, world: &World) -> Observed<Vec<UnlistedResource>> {
    let gaps = region.sight.gaps(Collection::Resources);
    if !gaps.is_empty() {
        return Observed::Unknown(gaps);
    }
    let jobs = Jobs::of(region, world.as_of);
    if !jobs.gaps().is_empty() {
        return Observed::Unknown(jobs.gaps().to_vec());
    }
    // What is a subject of its own; the rules on resources judge its jobs.
    let is_listed = |arn: &str| region.assignments.inventory.find(arn).is_some();
    all(jobs.unlisted(is_listed).into_iter().map(|arn| {
        jobs.failures(arn).and_then(|failures| {
            let name = Arn::parse(arn).map_or(arn, |arn| arn.name()).to_owned();
            let resource = UnlistedResource { arn: arn.to_owned(), name, region: region.unit.region.clone(), failures };
            if resource.failures.is_empty() { Observed::Absent } else { Observed::Known(resource) }
        })
    }))
}
