//! DynamoDB under AWS Backup: the Regions whose plans need its advanced features, and whether these are on.

use schemars::JsonSchema;
use serde::Serialize;

use super::capability;
use super::key::{KeyOwner, KeyRef};
use super::lifecycle::LifecycleFacts;
use super::plan;
use super::plan_rule::copies;
use super::select;
use super::world::{Found, Region, World, all, arn_of_vault, plan_name};
use crate::snapshot::{BackupPlan, Collection, Observed, PlanRule};

const TYPE: &str = "DynamoDB";

/// A Region with rules that back up DynamoDB tables in ways that only the advanced features allow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DynamoDbRegion {
    pub region: String,
    /// Whether both preferences of the Region are set: that AWS Backup protects tables, and that it manages their points.
    pub advanced_features: Observed<bool>,
    /// In their order.
    pub needed_by: Vec<Need>,
}

/// A rule, and what it needs the advanced features for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Need {
    pub plan: String,
    pub rule: String,
    /// Of `copies`, `cold storage` and `the key of the vault`.
    pub what: Vec<String>,
}

/// The Regions where something needs them.
pub fn needing(regions: &[&Region], world: &World) -> Observed<Vec<DynamoDbRegion>> {
    let of_each = regions.iter().map(|region| {
        needs(region, world).and_then(|mut needed_by| {
            if needed_by.is_empty() {
                return Observed::Absent;
            }
            needed_by.sort();
            let advanced_features = capability::advanced_features(region, TYPE);
            Observed::Known(DynamoDbRegion { region: region.unit.region.clone(), advanced_features, needed_by })
        })
    });
    all(of_each).map(|mut regions| {
        regions.sort_by(|a, b| a.region.cmp(&b.region));
        regions
    })
}

fn needs(region: &Region, world: &World) -> Observed<Vec<Need>> {
    match region.sight.gaps(Collection::BackupPlans) {
        gaps if !gaps.is_empty() => Observed::Unknown(gaps),
        _ => all(region.unit.backup_plans.iter().map(|plan| of_plan(plan, region, world))).map(|of_plans| of_plans.concat()),
    }
}

fn of_plan(plan: &BackupPlan, region: &Region, world: &World) -> Observed<Vec<Need>> {
    let selects = select::types_of_plan(plan, region).map(|types| types.iter().any(|row| row.name == TYPE));
    selects.and_then(|selects| {
        if !selects {
            return Observed::Known(Vec::new());
        }
        plan::rules(plan, region).and_then(|rules| {
            all(rules.iter().map(|rule| {
                what(rule, region, world).and_then(|what| {
                    let need = Need { plan: plan_name(plan), rule: rule.rule_name.clone(), what };
                    if need.what.is_empty() { Observed::Absent } else { Observed::Known(need) }
                })
            }))
        })
    })
}

fn what(rule: &PlanRule, region: &Region, world: &World) -> Observed<Vec<String>> {
    let named = |needed: Observed<bool>, name: &str| {
        needed.and_then(|needed| if needed { Observed::Known(name.to_owned()) } else { Observed::Absent })
    };
    let cold = LifecycleFacts::of(&rule.lifecycle).move_to_cold_storage_after_days.map(|_| true);
    all([
        named(copies(rule).map(|actions| !actions.is_empty()), "copies"),
        named(cold, "cold storage"),
        named(is_under_own_key(rule, region, world), "the key of the vault"),
    ])
}

/// Whoever gives the vault a key of his own wants the points under it.
fn is_under_own_key(rule: &PlanRule, region: &Region, world: &World) -> Observed<bool> {
    let target = rule.target_backup_vault_name.as_ref().required("TargetBackupVaultName");
    target.and_then(|name| match world.vault(&arn_of_vault(region.unit, name)) {
        Found::Here(vault, home) | Found::Glimpsed(vault, home) => {
            KeyRef::of(vault, home, world).and_then(|key| key.owner).map(|owner| owner == KeyOwner::Customer).absent_is(false)
        }
        // Nothing is written into a vault that is not there.
        Found::Missing => Observed::Known(false),
        Found::Unseen(reasons) => Observed::Unknown(reasons),
    })
}
