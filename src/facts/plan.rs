//! Plans: their rules side by side.

use schemars::JsonSchema;
use serde::Serialize;

use super::lifecycle::LifecycleFacts;
use super::objective::{self, Collision, Durations, Layouts, ObjectiveFacts};
use super::schedule::{ScheduleFacts, Schedules};
use super::select;
use super::subject::{Facts, Kind, Subjects};
use super::world::{Region, World, plan_arn, plan_name};
use crate::snapshot::{BackupPlan, Collection, Observed, PlanRule, Tags};

/// A backup plan.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct PlanFacts {
    pub name: String,
    pub arn: String,
    pub account: String,
    pub region: String,
    pub rules: Observed<Vec<RuleOfPlan>>,
    /// Runs of the rules that get into each other's way, each kind between two rules once.
    pub collisions: Observed<Vec<Collision>>,
    pub objectives: ObjectiveFacts,
    pub tags: Observed<Tags>,
}

/// What a judgement of the whole plan needs of a rule.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct RuleOfPlan {
    pub name: String,
    pub schedule: ScheduleFacts,
    pub lifecycle: LifecycleFacts,
}

/// Makes a subject of each plan, and of what may have gone unseen.
pub fn derive(world: &World, schedules: &mut Schedules, subjects: &mut Subjects) {
    let out = subjects.of_mut(Kind::Plan);
    let mut layouts = Layouts::default();
    for region in &world.regions {
        let gaps = region.sight.gaps(Collection::BackupPlans);
        if !gaps.is_empty() {
            out.push(gap_id(region), format!("plans of {} that were not listed", region.unit.label()), Facts::gap(region, gaps));
        }
        let durations = Durations::of(region);
        for plan in &region.unit.backup_plans {
            let rules = rules(plan, region);
            let types = select::types_of_plan(plan, region).map(|types| types.into_iter().map(|row| row.name.clone()).collect());
            let times = objective::of_plan(&rules, types, &durations, &plan.backup_plan_id, (&mut *schedules, &mut layouts));
            let rule = |rule: PlanRule| RuleOfPlan {
                schedule: schedules.facts(&rule),
                lifecycle: LifecycleFacts::of(&rule.lifecycle),
                name: rule.rule_name,
            };
            let facts = PlanFacts {
                name: plan_name(plan),
                arn: plan_arn(region.unit, plan),
                account: region.unit.account.clone(),
                region: region.unit.region.clone(),
                rules: rules.map(|rules| rules.into_iter().map(rule).collect()),
                collisions: times.collisions,
                objectives: times.objectives,
                tags: tags(plan, region),
            };
            let tags = facts.tags.clone();
            out.push(facts.arn.clone(), facts.name.clone(), Facts::new(facts.account.clone(), facts.region.clone(), tags, &facts));
        }
    }
}

/// The plan's rules, unknown where GetBackupPlan was not answered.
pub fn rules(plan: &BackupPlan, region: &Region) -> Observed<Vec<PlanRule>> {
    let body = region.sight.member(&plan.backup_plan, "backup:GetBackupPlan", &plan.backup_plan_id).required("BackupPlan");
    body.and_then(|body| body.rules.required("Rules"))
}

pub fn tags(plan: &BackupPlan, region: &Region) -> Observed<Tags> {
    region.sight.member(&plan.tags, "backup:ListTags", &plan_arn(region.unit, plan)).absent_is(Tags::default())
}

/// What stands for the plans of a unit that were not listed.
pub fn gap_id(region: &Region) -> String {
    format!("arn:{}:backup:{}:{}:backup-plan:*", region.unit.partition, region.unit.region, region.unit.account)
}
