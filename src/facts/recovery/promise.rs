//! Where there should be recovery points of a resource: the vaults that the plans which select it write into and copy to. Where
//! no plan selects it, those that made the points it has still count, as long as they stand.

use std::collections::{BTreeMap, BTreeSet};

use crate::facts::plan;
use crate::facts::plan_rule::copies;
use crate::facts::world::{Found, Region, World, all, arn_of_vault, plan_name};
use crate::snapshot::{BackupPlan, Cause, Observed, PlanRule, Reason, RecoveryPoint};

/// ARNs of vaults.
pub type Vaults = BTreeSet<String>;

/// The vaults of every plan, by unit and by the name that `selected_by` calls the plan.
pub struct Promises {
    by_name: Vec<BTreeMap<String, Observed<Vaults>>>,
}

impl Promises {
    pub fn of(world: &World) -> Self {
        let of_unit = |region: &Region| {
            let mut by_name: BTreeMap<String, Observed<Vaults>> = BTreeMap::new();
            for plan in &region.unit.backup_plans {
                let (name, own) = (plan_name(plan), vaults(plan, region));
                let detail = format!("several plans in {} are called '{name}'", region.unit.label());
                let told = by_name.entry(name).or_insert_with(|| own.clone());
                if *told != own && !told.is_unknown() {
                    *told = Observed::unknown(Reason::new(Cause::Undetermined, detail));
                }
            }
            by_name
        };
        Promises { by_name: world.regions.iter().map(of_unit).collect() }
    }

    /// The vaults in which there should be points of a resource of the unit. Empty: nobody promises any.
    pub fn to<'p>(
        &self,
        unit: usize,
        selected_by: &Observed<Vec<String>>,
        points: impl Iterator<Item = &'p RecoveryPoint>,
        gaps: &[Reason],
        world: &World,
    ) -> Observed<Vaults> {
        selected_by.as_ref().required("selected_by").and_then(|plans| {
            let named = plans.iter().map(|name| self.by_name[unit].get(name).cloned().unwrap_or_else(Observed::not_observed));
            if plans.is_empty() { made_by(points, gaps, world) } else { union(named) }
        })
    }
}

/// The vaults of the plans that made these points, copies left out.
fn made_by<'p>(points: impl Iterator<Item = &'p RecoveryPoint>, gaps: &[Reason], world: &World) -> Observed<Vaults> {
    let mut plans: BTreeSet<&String> = BTreeSet::new();
    let mut unknown: Vec<Observed<Vaults>> = Vec::new();
    if !gaps.is_empty() {
        unknown.push(Observed::Unknown(gaps.to_vec()));
    }
    for point in points {
        match point.created_by.as_ref().and_then(|by| by.backup_plan_arn.as_ref()) {
            Observed::Known(plan) => _ = plans.insert(plan),
            Observed::Unknown(reasons) => unknown.push(Observed::Unknown(reasons)),
            _ => {}
        }
    }
    let of_each = plans.into_iter().map(|arn| match world.plan(arn) {
        Found::Here(plan, region) | Found::Glimpsed(plan, region) => vaults(plan, region),
        Found::Missing => Observed::Absent,
        Found::Unseen(reasons) => Observed::Unknown(reasons),
    });
    union(of_each.chain(unknown))
}

fn union(of_each: impl Iterator<Item = Observed<Vaults>>) -> Observed<Vaults> {
    all(of_each).map(|sets| sets.into_iter().flatten().collect())
}

/// Every vault that a rule of the plan writes into or copies to.
fn vaults(plan: &BackupPlan, region: &Region) -> Observed<Vaults> {
    plan::rules(plan, region).and_then(|rules| union(rules.iter().map(|rule| of_rule(rule, region))))
}

fn of_rule(rule: &PlanRule, region: &Region) -> Observed<Vaults> {
    let target = rule.target_backup_vault_name.clone().required("TargetBackupVaultName").map(|name| arn_of_vault(region.unit, &name));
    let air_gapped = rule.target_logically_air_gapped_backup_vault_arn.clone();
    let copied = copies(rule).and_then(|actions| {
        all(actions.into_iter().map(|action| action.destination_backup_vault_arn.required("DestinationBackupVaultArn")))
    });
    let own = all([target, air_gapped]);
    own.and_then(|own| copied.map(|copied| own.into_iter().chain(copied).collect()))
}
