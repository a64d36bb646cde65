//! Roles that selections name: who may assume them, and what they may do.

mod ability;
mod trust;

use schemars::JsonSchema;
use serde::Serialize;

use std::collections::{BTreeMap, BTreeSet};

use super::select;
use super::subject::{Facts, Kind, Subjects};
use super::world::{Region, World, all};
use crate::snapshot::{Arn, Cause, Collection, Observed, Reason, Role};
use ability::Ability;
use trust::TrustFacts;

/// A role that a selection names.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct RoleFacts {
    pub name: String,
    pub arn: String,
    pub account: String,
    /// Whether the account of the plan has it; a role of another account is none of its own.
    pub exists: Observed<bool>,
    pub trust: TrustFacts,
    /// What it may do for each resource type that the selections which name it admit.
    pub abilities: Observed<Vec<Ability>>,
    /// The plans that use it.
    pub plans: Observed<Vec<String>>,
}

/// Who names a role.
#[derive(Default)]
struct Uses {
    plans: BTreeSet<String>,
    /// By their numbers among the assignments of the Region.
    selections: Vec<usize>,
}

/// Makes a subject of each role that a selection names.
pub fn derive(world: &World, subjects: &mut Subjects) {
    let out = subjects.of_mut(Kind::Role);
    for region in &world.regions {
        let mut roles: BTreeMap<String, Uses> = BTreeMap::new();
        let mut gaps = region.sight.gaps(Collection::BackupPlans);
        gaps.extend(region.assignments.unseen.iter().cloned());
        for (at, selection) in region.assignments.selections.iter().enumerate() {
            match selection.body.as_ref().and_then(|body| body.iam_role_arn.clone()) {
                Observed::Known(arn) => {
                    let uses = roles.entry(arn).or_default();
                    uses.plans.insert(selection.plan_name.clone());
                    uses.selections.push(at);
                }
                other => gaps.extend(other.reasons().iter().cloned()),
            }
        }
        gaps.sort();
        gaps.dedup();
        if !gaps.is_empty() {
            let id = format!("arn:{}:iam::{}:role/*#{}", region.unit.partition, region.unit.account, region.unit.region);
            out.push(id, format!("roles of the plans of {} that were not seen", region.unit.label()), Facts::gap(region, gaps.clone()));
        }
        for (arn, uses) in roles {
            let facts = role_facts(arn, &uses, &gaps, region);
            let tags = Observed::unknown(Reason::new(Cause::NotObserved, "the tags of roles are not collected"));
            out.push(
                format!("{}#{}", facts.arn, region.unit.region),
                facts.name.clone(),
                Facts::new(facts.account.clone(), region.unit.region.clone(), tags, &facts),
            );
        }
    }
}

fn role_facts(arn: String, uses: &Uses, gaps: &[Reason], region: &Region) -> RoleFacts {
    let parsed = Arn::parse(&arn);
    let role = found(&arn, region);
    let exists = match &role {
        _ if is_foreign(&arn, region) => Observed::Known(false),
        Ok(role) => Observed::Known(role.is_some()),
        Err(reasons) => Observed::Unknown(reasons.clone()),
    };
    let looked_at = match role {
        Ok(Some(role)) => Observed::Known(role),
        Ok(None) => Observed::unknown(Reason::new(Cause::Undetermined, format!("role '{arn}' does not exist"))),
        Err(reasons) => Observed::Unknown(reasons),
    };
    let types = all(uses.selections.iter().map(|at| select::types_of(*at, region))).and_then(|lists| or_gaps(gaps, lists.concat()));
    RoleFacts {
        name: parsed.map_or(arn.as_str(), |arn| arn.name()).to_owned(),
        account: parsed.map_or(region.unit.account.as_str(), |arn| arn.account).to_owned(),
        trust: TrustFacts::of(&arn, &exists, &looked_at, region),
        abilities: types.and_then(|types| ability::abilities(&looked_at, types, region)),
        plans: or_gaps(gaps, uses.plans.iter().cloned().collect::<Vec<_>>()),
        exists,
        arn,
    }
}

/// Selections that were not seen may name the role as well.
fn or_gaps<T>(gaps: &[Reason], known: T) -> Observed<T> {
    if gaps.is_empty() { Observed::Known(known) } else { Observed::Unknown(gaps.to_vec()) }
}

fn is_foreign(arn: &str, region: &Region) -> bool {
    Arn::parse(arn).is_some_and(|arn| arn.account != region.unit.account)
}

/// The role; nothing where it is known that there is none.
fn found<'a>(arn: &str, region: &Region<'a>) -> Result<Option<&'a Role>, Vec<Reason>> {
    if let Some(reason) = region.sight.failure("iam:GetRole", arn) {
        return Err(vec![reason]);
    }
    match region.unit.roles.iter().find(|role| role.arn == arn) {
        Some(role) => Ok(Some(role)),
        None => match region.sight.gaps(Collection::Roles) {
            gaps if gaps.is_empty() => Ok(None),
            gaps => Err(gaps),
        },
    }
}

#[cfg(test)]
mod tests;
