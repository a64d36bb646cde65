//! Where a recovery point came from: the rule of a plan that made it, or the copy action of one.

use rustc_hash::FxHashMap;

use super::arrival::Arrival;
use super::lifecycle::LifecycleFacts;
use super::plan;
use super::plan_rule::copies;
use super::recovery_point::{MadeBy, PointCopy};
use super::world::{Found, Region, World, all, plan_arn, plan_name, vault_arn};
use crate::snapshot::{Arn, Observed, PlanRule, Reason, RecoveryPoint, Vault};

/// Where a point came from, small enough to be part of its shape.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Origin {
    /// Index of the rule. Absent: made on demand, or the rule is gone.
    pub rule: Observed<usize>,
    pub is_copy: bool,
    /// For a copy, the index of the rule's copy action; `None` when no action of the rule leads to this vault any more.
    pub action: Option<usize>,
}

/// A rule that makes points.
pub struct Maker {
    pub plan: String,
    pub rule: String,
    pub lifecycle: LifecycleFacts,
    /// Unknown where the rule's copy actions are.
    pub copies: Observed<Vec<MakerCopy>>,
}

/// A copy action of such a rule.
pub struct MakerCopy {
    pub destination: Observed<String>,
    pub lifecycle: LifecycleFacts,
}

/// All rules of all plans, by what recovery points call them.
pub struct Origins {
    pub makers: Vec<Maker>,
    /// Plan ARN, then rule id.
    by_id: FxHashMap<String, FxHashMap<String, usize>>,
    /// Plans whose rules could not be read, and why.
    unread: FxHashMap<String, Vec<Reason>>,
}

impl Origins {
    pub fn of(world: &World) -> Self {
        let mut origins = Origins { makers: Vec::new(), by_id: FxHashMap::default(), unread: FxHashMap::default() };
        for region in &world.regions {
            for plan in &region.unit.backup_plans {
                let arn = plan_arn(region.unit, plan);
                match plan::rules(plan, region) {
                    Observed::Known(rules) => {
                        for rule in &rules {
                            if let Observed::Known(id) = &rule.rule_id {
                                origins.by_id.entry(arn.clone()).or_default().insert(id.clone(), origins.makers.len());
                            } else {
                                let reasons = rule.rule_id.clone().required("RuleId").reasons().to_vec();
                                origins.unread.insert(arn.clone(), reasons);
                            }
                            origins.makers.push(maker(rule, plan_name(plan)));
                        }
                    }
                    other => {
                        origins.unread.insert(arn, other.reasons().to_vec());
                    }
                }
            }
        }
        origins
    }

    pub fn of_point(&self, point: &RecoveryPoint, vault: Option<&Vault>, region: &Region, world: &World) -> Origin {
        let made_elsewhere = |plan: &str| Arn::parse(plan).is_some_and(|plan| plan.region != region.unit.region || plan.account != region.unit.account);
        let plan = point.created_by.as_ref().and_then(|by| by.backup_plan_arn.as_ref());
        let is_copy = point.source_backup_vault_arn.is_known() || plan.known().is_some_and(|plan| made_elsewhere(plan));
        let rule = plan.and_then(|plan| self.rule(plan, point, world));
        let action = match (&rule, vault) {
            (Observed::Known(rule), Some(vault)) if is_copy => self.action_into(*rule, &vault_arn(region.unit, vault)),
            _ => None,
        };
        Origin { rule, is_copy, action }
    }

    fn rule(&self, plan: &str, point: &RecoveryPoint, world: &World) -> Observed<usize> {
        let id = point.created_by.as_ref().and_then(|by| by.backup_rule_id.as_ref().required("BackupRuleId"));
        if let Some(rule) = id.known().and_then(|id| self.by_id.get(plan)?.get(id.as_str())) {
            return Observed::Known(*rule);
        }
        if let Some(reasons) = self.unread.get(plan) {
            return Observed::Unknown(reasons.clone());
        }
        match world.plan(plan) {
            Found::Here(..) => id.and_then(|_| Observed::Absent),
            Found::Missing => Observed::Absent,
            Found::Unseen(reasons) => Observed::Unknown(reasons),
        }
    }

    fn action_into(&self, rule: usize, vault: &str) -> Option<usize> {
        self.makers[rule].copies.known()?.iter().position(|copy| copy.destination.known().is_some_and(|to| to == vault))
    }

    /// The rule, with the retention that it gives such a point.
    pub fn made_by(&self, origin: &Origin) -> Observed<MadeBy> {
        origin.rule.clone().and_then(|rule| {
            let maker = &self.makers[rule];
            let lifecycle = match (origin.is_copy, origin.action, &maker.copies) {
                (false, ..) => &maker.lifecycle,
                (true, Some(action), Observed::Known(copies)) => &copies[action].lifecycle,
                (true, _, Observed::Unknown(reasons)) => return Observed::Unknown(reasons.clone()),
                // Copied by hand, or by an action that the plan no longer has.
                (true, ..) => return Observed::Absent,
            };
            Observed::Known(MadeBy { plan: maker.plan.clone(), rule: maker.rule.clone(), delete_after_days: lifecycle.delete_after_days.clone() })
        })
    }

    /// The copies that the rule asks for, with what is known of their arrival.
    pub fn copies(&self, origin: &Origin, arrivals: &[Arrival]) -> Observed<Vec<PointCopy>> {
        match &origin.rule {
            _ if origin.is_copy => Observed::Known(Vec::new()),
            Observed::Absent => Observed::Known(Vec::new()),
            Observed::Known(rule) => self.makers[*rule].copies.as_ref().and_then(|copies| {
                all(arrivals.iter().map(|arrival| {
                    copies[arrival.action].destination.as_ref().map(|destination| PointCopy {
                        destination: destination.clone(),
                        arrived: arrival.arrived.clone(),
                        hours: arrival.hours.clone(),
                    })
                }))
            }),
            other => Observed::Unknown(other.reasons().to_vec()),
        }
    }
}

fn maker(rule: &PlanRule, plan: String) -> Maker {
    let lifecycle = LifecycleFacts::of(&rule.lifecycle);
    let copies = copies(rule).map(|actions| {
        let copy = |action: crate::snapshot::CopyAction| MakerCopy {
            lifecycle: LifecycleFacts::of_copy(&action.lifecycle, &lifecycle),
            destination: action.destination_backup_vault_arn.required("DestinationBackupVaultArn"),
        };
        actions.into_iter().map(copy).collect()
    });
    Maker { plan, rule: rule.rule_name.clone(), lifecycle, copies }
}
