//! Where a recovery point came from: the rule of a plan that made it, or the copy action of one.

use rustc_hash::FxHashMap;

use super::arrival::Arrival;
use super::lifecycle::LifecycleFacts;
use super::plan;
use super::plan_rule::copies;
use super::recovery_point::{MadeBy, PointCopy};
use super::world::{Found, Region, World, all, arn_of_vault, plan_arn, plan_name, vault_arn};
use crate::snapshot::{Arn, Observed, PlanRule, Reason, RecoveryPoint, Vault};

/// Where a point came from, small enough to be part of its shape.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Origin {
    /// Index of the rule. Absent: made on demand, or the rule is gone.
    pub rule: Observed<usize>,
    pub is_copy: Observed<bool>,
    /// For a copy, the index of the rule's copy action. Absent: no action of the rule leads to this vault any more.
    pub action: Observed<usize>,
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
        let made_elsewhere =
            |plan: &str| Arn::parse(plan).is_some_and(|plan| plan.region != region.unit.region || plan.account != region.unit.account);
        let plan = point.created_by.as_ref().and_then(|by| by.backup_plan_arn.as_ref());
        // AWS does not name the source of every copy, but then the plan is one of another account or Region.
        let is_copy = match (&point.source_backup_vault_arn, &plan) {
            (Observed::Known(_), _) => Observed::Known(true),
            (_, Observed::Known(plan)) if made_elsewhere(plan) => Observed::Known(true),
            (Observed::Absent, plan) => plan.as_ref().map(|_| false).absent_is(false),
            (source, _) => source.as_ref().map(|_| true),
        };
        let rule = plan.and_then(|plan| self.rule(plan, point, world));
        let action = match (&rule, &is_copy) {
            (Observed::Known(rule), Observed::Known(true)) => {
                let named = point.backup_vault_name.as_ref().required("BackupVaultName").map(|name| arn_of_vault(region.unit, name));
                let into = vault.map_or(named, |vault| Observed::Known(vault_arn(region.unit, vault)));
                into.and_then(|into| self.action_into(*rule, &into))
            }
            _ => Observed::Absent,
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
            Found::Here(..) | Found::Glimpsed(..) => id.and_then(|_| Observed::Absent),
            Found::Missing => Observed::Absent,
            Found::Unseen(reasons) => Observed::Unknown(reasons),
        }
    }

    fn action_into(&self, rule: usize, vault: &str) -> Observed<usize> {
        self.makers[rule].copies.as_ref().and_then(|copies| {
            match copies.iter().position(|copy| copy.destination.known().is_some_and(|to| to == vault)) {
                Some(action) => Observed::Known(action),
                // An action whose destination is not known may be the one.
                None => all(copies.iter().map(|copy| copy.destination.as_ref())).and_then(|_| Observed::Absent),
            }
        })
    }

    /// The rule, with the retention that it gives such a point.
    pub fn made_by(&self, origin: &Origin) -> Observed<MadeBy> {
        origin.rule.clone().and_then(|rule| {
            let maker = &self.makers[rule];
            let lifecycle = origin.is_copy.clone().and_then(|is_copy| {
                if !is_copy {
                    return Observed::Known(&maker.lifecycle);
                }
                // Without an action it was copied by hand, or by one that the plan no longer has.
                origin.action.clone().and_then(|action| maker.copies.as_ref().map(|copies| &copies[action].lifecycle))
            });
            lifecycle.map(|lifecycle| MadeBy {
                plan: maker.plan.clone(),
                rule: maker.rule.clone(),
                delete_after_days: lifecycle.delete_after_days.clone(),
            })
        })
    }

    /// The copies that the rule asks for, with what is known of their arrival.
    pub fn copies(&self, origin: &Origin, arrivals: &Observed<Vec<Arrival>>) -> Observed<Vec<PointCopy>> {
        arrivals.as_ref().and_then(|arrivals| {
            all(arrivals.iter().map(|arrival| {
                let copies = origin.rule.as_ref().and_then(|rule| self.makers[*rule].copies.as_ref());
                copies.and_then(|copies| copies[arrival.action].destination.as_ref()).map(|destination| PointCopy {
                    destination: destination.clone(),
                    arrived: arrival.arrived.clone(),
                    hours: arrival.hours.clone(),
                })
            }))
        })
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
