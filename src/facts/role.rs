//! Roles: who may assume the roles that selections name.

use schemars::JsonSchema;
use serde::Serialize;

use std::collections::{BTreeMap, BTreeSet};

use super::document;
use super::select;
use super::subject::{Facts, Kind, Subjects};
use super::world::{Region, World, plan_name};
use crate::snapshot::{Arn, Cause, Collection, Observed, Reason};

/// A role that a selection names.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct RoleFacts {
    pub name: String,
    pub arn: String,
    pub account: String,
    pub exists: Observed<bool>,
    /// Whether its trust policy lets `backup.amazonaws.com` assume it.
    pub trusts_backup: Observed<bool>,
    /// The managed policies attached to it, by ARN.
    pub attached_policies: Observed<Vec<String>>,
    /// The plans that use it.
    pub plans: Observed<Vec<String>>,
}

/// Makes a subject of each role that a selection names.
pub fn derive(world: &World, subjects: &mut Subjects) {
    let out = subjects.of_mut(Kind::Role);
    for region in &world.regions {
        let mut plans: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut gaps = region.sight.gaps(Collection::BackupPlans);
        for plan in &region.unit.backup_plans {
            match select::selections(plan, region) {
                Observed::Known(bodies) => {
                    for body in bodies {
                        match body.iam_role_arn {
                            Observed::Known(arn) => {
                                plans.entry(arn).or_default().insert(plan_name(plan));
                            }
                            other => gaps.extend(other.reasons().iter().cloned()),
                        }
                    }
                }
                other => gaps.extend(other.reasons().iter().cloned()),
            }
        }
        gaps.sort();
        gaps.dedup();
        let plans = plans.into_iter().map(|(arn, plans)| {
            let plans = plans.into_iter().collect();
            (arn, if gaps.is_empty() { Observed::Known(plans) } else { Observed::Unknown(gaps.clone()) })
        });
        let plans: Vec<(String, Observed<Vec<String>>)> = plans.collect();
        if !gaps.is_empty() {
            let id = format!("arn:{}:iam::{}:role/*#{}", region.unit.partition, region.unit.account, region.unit.region);
            out.push(id, format!("roles of the plans of {} that were not seen", region.unit.label()), Facts::gap(region, gaps));
        }
        for (arn, plans) in plans {
            let facts = role_facts(arn, plans, region);
            let tags = Observed::unknown(Reason::new(Cause::NotObserved, "the tags of roles are not collected"));
            out.push(
                format!("{}#{}", facts.arn, region.unit.region),
                facts.name.clone(),
                Facts::new(facts.account.clone(), region.unit.region.clone(), tags, &facts),
            );
        }
    }
}

fn role_facts(arn: String, plans: Observed<Vec<String>>, region: &Region) -> RoleFacts {
    let refused = region.sight.failure("iam:GetRole", &arn);
    let found = region.unit.roles.iter().find(|role| role.arn == arn && refused.is_none());
    let gaps = refused.map_or_else(|| region.sight.gaps(Collection::Roles), |reason| vec![reason]);
    let exists = match found {
        Some(_) => Observed::Known(true),
        None if gaps.is_empty() => Observed::Known(false),
        None => Observed::Unknown(gaps.clone()),
    };
    let role = found.map_or_else(
        || {
            if gaps.is_empty() {
                Observed::unknown(Reason::new(Cause::Undetermined, format!("role '{arn}' does not exist")))
            } else {
                Observed::Unknown(gaps.clone())
            }
        },
        Observed::Known,
    );
    let trust = role.clone().and_then(|role| role.assume_role_policy_document.clone().required("AssumeRolePolicyDocument"));
    let parsed = Arn::parse(&arn);
    RoleFacts {
        name: parsed.map_or(arn.as_str(), |arn| arn.name()).to_owned(),
        account: parsed.map_or(region.unit.account.as_str(), |arn| arn.account).to_owned(),
        exists,
        trusts_backup: trust
            .and_then(|trust| document::lets_any(&trust, &["backup.amazonaws.com".to_owned()], &["sts:AssumeRole"], &region.unit.region)),
        attached_policies: role
            .and_then(|role| region.sight.member(&role.attached_policies, "iam:ListAttachedRolePolicies", &arn))
            .map(|policies| policies.into_iter().map(|policy| policy.policy_arn).collect()),
        plans,
        arn,
    }
}
