//! Resources: tags, type, and which plans select them.

use schemars::JsonSchema;
use serde::Serialize;

use super::coverage::{Coverage, Survey};
use super::due::Duties;
use super::jobs::{JobFacts, Jobs};
use super::point_in_time::{PointInTimeFacts, Tables};
use super::recovery::{Asked, Recoveries, RecoveryFacts};
use super::select::Seen;
use super::subject::{Facts, Kind, Subjects};
use super::unseen;
use super::world::{Region, World};
use crate::snapshot::{Arn, Collection, Observed, Tags};

/// A resource of a type that AWS Backup can know.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ResourceFacts {
    pub name: String,
    pub arn: String,
    pub account: String,
    pub region: String,
    /// As AWS Backup names it.
    #[serde(rename = "type")]
    pub resource_type: Observed<String>,
    pub tags: Observed<Tags>,
    /// The plans whose selections admit it.
    pub selected_by: Observed<Vec<String>>,
    pub coverage: Coverage,
    pub recovery: RecoveryFacts,
    pub jobs: JobFacts,
    /// DynamoDB's own point-in-time recovery. Null: it is no table.
    pub point_in_time: Observed<PointInTimeFacts>,
}

/// Makes a subject of each resource of a type that AWS Backup can know, and of what may have gone unseen: one for the unit where its
/// tagged resources were not all listed, and one for each type whose own list is not whole.
pub fn derive(world: &World, subjects: &mut Subjects) {
    let out = subjects.of_mut(Kind::Resource);
    let recoveries = Recoveries::of(world);
    for region in &world.regions {
        let unit = region.unit;
        let anything = format!("arn:{}::{}:{}:*", unit.partition, unit.region, unit.account);
        let gaps = region.sight.gaps(Collection::Resources);
        // Of source code nothing tells one type from another.
        let stands_for_all = unit.source.is_terraform() && !gaps.is_empty();
        if !gaps.is_empty() {
            out.push(anything.clone(), format!("resources of {} that were not listed", unit.label()), Facts::gap(region, gaps));
        }
        let supported = region.sight.supported_types();
        let supported = supported.known().and_then(|supported| supported.resource_types.known());
        for (name, reasons) in region.assignments.inventory.unlisted() {
            if !stands_for_all && supported.is_none_or(|supported| supported.iter().any(|other| other == name)) {
                let title = format!("{name} resources of {} that were not listed", unit.label());
                out.push(format!("{anything}#{name}"), title, unseen::of_type(name, reasons, region));
            }
        }
        let mut gathered = Gathered::of(region, &recoveries, world);
        for (at, seen) in region.assignments.inventory.seen.iter().enumerate() {
            let facts = gathered.facts(at, seen);
            let tags = facts.tags.clone();
            out.push(facts.arn.clone(), facts.name.clone(), Facts::new(facts.account.clone(), facts.region.clone(), tags, &facts));
        }
    }
}

/// What is worked out once for all resources of a Region.
struct Gathered<'w, 'a> {
    region: &'w Region<'a>,
    survey: Survey<'w, 'a>,
    recoveries: &'w Recoveries<'w, 'a>,
    jobs: Jobs<'w>,
    duties: Duties<'w>,
    tables: Tables<'w, 'a>,
}

impl<'w, 'a> Gathered<'w, 'a> {
    fn of(region: &'w Region<'a>, recoveries: &'w Recoveries<'w, 'a>, world: &World) -> Self {
        Gathered {
            region,
            survey: Survey::of(region),
            recoveries,
            jobs: Jobs::of(region, world.as_of),
            duties: Duties::of(region, world.as_of),
            tables: Tables::of(region),
        }
    }

    fn facts(&mut self, at: usize, seen: &Seen) -> ResourceFacts {
        let region = self.region;
        let (resource_type, selected_by) = (seen.resource_type(), selected_by(at, region));
        let tags = seen.tags.clone().into_owned().absent_is(Tags::default());
        let asked = Asked { arn: seen.arn, resource_type: &resource_type, tags: &tags, selected_by: &selected_by };
        let arn = Arn::parse(seen.arn);
        ResourceFacts {
            recovery: self.recoveries.of_resource(&asked, region),
            jobs: self.jobs.facts(seen.arn, self.duties.due(at, seen.arn, &self.jobs)),
            point_in_time: arn.map_or(Observed::Absent, |arn| self.tables.point_in_time(&arn)),
            name: arn.map_or(seen.arn, |arn| arn.name()).to_owned(),
            arn: seen.arn.to_owned(),
            account: region.unit.account.clone(),
            region: region.unit.region.clone(),
            resource_type,
            tags,
            selected_by,
            coverage: self.survey.coverage(at, seen),
        }
    }
}

fn selected_by(at: usize, region: &Region) -> Observed<Vec<String>> {
    let mut reasons = region.assignments.unseen.clone();
    let mut plans = Vec::new();
    for (selection, doubt) in region.assignments.met(at) {
        match doubt {
            None => plans.push(selection.plan_name.clone()),
            Some(doubt) => reasons.extend_from_slice(doubt),
        }
    }
    plans.sort();
    plans.dedup();
    reasons.sort();
    reasons.dedup();
    if reasons.is_empty() { Observed::Known(plans) } else { Observed::Unknown(reasons) }
}
