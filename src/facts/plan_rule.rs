//! A rule of a plan, joined with its target vault, its copies, their destinations, and the types that its plan selects.

use schemars::JsonSchema;
use serde::Serialize;

use std::collections::BTreeSet;

use super::capability::SelectedType;
use super::key::{self, KeyRef};
use super::lifecycle::LifecycleFacts;
use super::lock::LockFacts;
use super::plan;
use super::schedule::{ScheduleFacts, Schedules, settled};
use super::select;
use super::subject::{Facts, Kind, Subjects};
use super::world::{Found, Region, World, all, arn_of_vault, plan_arn, plan_name};
use crate::snapshot::{Arn, BackupPlan, Cause, Collection, CopyAction, Observed, PlanRule, Reason};

/// A rule of a backup plan.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct PlanRuleFacts {
    pub name: String,
    pub plan: PlanRef,
    pub account: String,
    pub region: String,
    pub schedule: ScheduleFacts,
    pub lifecycle: LifecycleFacts,
    pub continuous: Observed<bool>,
    /// Null: AWS Backup's default of 480.
    pub start_window_minutes: Observed<i64>,
    /// Null: AWS Backup's default of seven days.
    pub completion_window_minutes: Observed<i64>,
    pub target_vault: VaultRef,
    pub copies: Observed<Vec<CopyFacts>>,
    /// The resource types that the plan's selections admit, in the order of their names.
    pub selected_types: Observed<Vec<SelectedType>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PlanRef {
    pub name: String,
    pub arn: String,
}

/// A vault, as a rule that writes into it needs it.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct VaultRef {
    pub name: Observed<String>,
    pub arn: Observed<String>,
    pub account: Observed<String>,
    pub region: Observed<String>,
    pub exists: Observed<bool>,
    /// `CREATING`, `AVAILABLE`, `FAILED`; null on ordinary vaults.
    pub state: Observed<String>,
    pub lock: LockFacts,
    /// Null: the vault names no key.
    pub key: Observed<KeyRef>,
}

/// A copy action.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct CopyFacts {
    pub destination: VaultRef,
    /// In force: the action's own, or the rule's where it declares none.
    pub lifecycle: LifecycleFacts,
    pub cross_region: Observed<bool>,
    pub cross_account: Observed<bool>,
}

/// Makes a subject of each rule, and of what may have gone unseen.
pub fn derive(world: &World, schedules: &mut Schedules, subjects: &mut Subjects) {
    let out = subjects.of_mut(Kind::PlanRule);
    for region in &world.regions {
        let gaps = region.sight.gaps(Collection::BackupPlans);
        if !gaps.is_empty() {
            let name = format!("rules of the plans of {} that were not listed", region.unit.label());
            out.push(format!("{}#*", plan::gap_id(region)), name, Facts::gap(region, gaps));
        }
        for plan in &region.unit.backup_plans {
            let arn = plan_arn(region.unit, plan);
            let rules = plan::rules(plan, region);
            if rules.is_unknown() {
                let facts = Facts { tags: plan::tags(plan, region), ..Facts::gap(region, rules.reasons().to_vec()) };
                out.push(format!("{arn}#*"), format!("rules of plan '{}'", plan_name(plan)), facts);
            }
            let selected_types = selected_types(plan, region, world);
            for rule in rules.known().into_iter().flatten() {
                let facts = rule_facts(rule, plan, selected_types.clone(), schedules, region, world);
                let name = format!("{} / {}", facts.plan.name, facts.name);
                let facts = Facts::new(facts.account.clone(), facts.region.clone(), plan::tags(plan, region), &facts);
                out.push(rule_id(&arn, rule), name, facts);
            }
        }
    }
}

/// Rule names are unique in a plan and survive its new versions, which rule ids do not have to.
pub fn rule_id(plan_arn: &str, rule: &PlanRule) -> String {
    format!("{plan_arn}#{}", rule.rule_name)
}

fn rule_facts(
    rule: &PlanRule,
    plan: &BackupPlan,
    selected_types: Observed<Vec<SelectedType>>,
    schedules: &mut Schedules,
    region: &Region,
    world: &World,
) -> PlanRuleFacts {
    let lifecycle = LifecycleFacts::of(&rule.lifecycle);
    let target = rule.target_backup_vault_name.clone().map(|name| arn_of_vault(region.unit, &name));
    let target_vault = VaultRef::named(target, "TargetBackupVaultName", world);
    let copies = copies(rule).map(|actions| actions.iter().map(|action| CopyFacts::of(action, &lifecycle, region, world)).collect());
    PlanRuleFacts {
        name: rule.rule_name.clone(),
        plan: PlanRef { name: plan_name(plan), arn: plan_arn(region.unit, plan) },
        account: region.unit.account.clone(),
        region: region.unit.region.clone(),
        schedule: schedules.facts(rule),
        continuous: rule.enable_continuous_backup.clone().absent_is(false),
        start_window_minutes: settled(rule.start_window_minutes.clone()).absent_is(480),
        completion_window_minutes: settled(rule.completion_window_minutes.clone()).absent_is(7 * 24 * 60),
        lifecycle,
        target_vault,
        copies,
        selected_types,
    }
}

/// A rule without copy actions has none.
pub fn copies(rule: &PlanRule) -> Observed<Vec<CopyAction>> {
    rule.copy_actions.clone().absent_is(Vec::new())
}

impl CopyFacts {
    fn of(action: &CopyAction, rule: &LifecycleFacts, region: &Region, world: &World) -> Self {
        let destination = VaultRef::named(action.destination_backup_vault_arn.clone(), "DestinationBackupVaultArn", world);
        CopyFacts {
            lifecycle: LifecycleFacts::of_copy(&action.lifecycle, rule),
            cross_region: destination.region.as_ref().map(|place| *place != region.unit.region),
            cross_account: destination.account.as_ref().map(|place| *place != region.unit.account),
            destination,
        }
    }
}

impl VaultRef {
    /// The vault whose ARN a member tells.
    fn named(arn: Observed<String>, member: &str, world: &World) -> Self {
        match arn.required(member) {
            Observed::Known(arn) => VaultRef::of(&arn, world),
            Observed::Reference(address) => {
                let later = Reason::new(Cause::KnownAfterApply, format!("'{address}' is known only after apply"));
                VaultRef::unseen(&address, vec![later])
            }
            other => VaultRef::unseen("", other.reasons().to_vec()),
        }
    }

    fn of(arn: &str, world: &World) -> Self {
        match world.vault(arn) {
            Found::Here(vault, region) | Found::Glimpsed(vault, region) => VaultRef {
                exists: Observed::Known(true),
                state: region.sight.described(&vault.vault_state, vault),
                lock: LockFacts::of(vault, region, world.as_of),
                key: KeyRef::of(vault, region, world),
                ..VaultRef::unseen(arn, Vec::new())
            },
            Found::Missing => {
                let missing = Reason::new(Cause::Undetermined, format!("vault '{arn}' does not exist"));
                VaultRef { exists: Observed::Known(false), state: Observed::Absent, ..VaultRef::unseen(arn, vec![missing]) }
            }
            Found::Unseen(reasons) => VaultRef::unseen(arn, reasons),
        }
    }

    /// `arn` is empty where not even that is known.
    fn unseen(arn: &str, reasons: Vec<Reason>) -> Self {
        let place = Arn::parse(arn);
        let part = |part: Option<&str>| match part {
            Some(part) => Observed::Known(part.to_owned()),
            None => Observed::Unknown(reasons.clone()),
        };
        let own = |text: &str| if text.is_empty() { Observed::Unknown(reasons.clone()) } else { Observed::Known(text.to_owned()) };
        VaultRef {
            name: own(place.map_or(arn, |arn| arn.name())),
            arn: own(arn),
            account: part(place.map(|arn| arn.account)),
            region: part(place.map(|arn| arn.region)),
            exists: Observed::Unknown(reasons.clone()),
            state: Observed::Unknown(reasons.clone()),
            lock: LockFacts::unknown(&reasons),
            key: Observed::Unknown(reasons),
        }
    }
}

fn selected_types(plan: &BackupPlan, region: &Region, world: &World) -> Observed<Vec<SelectedType>> {
    select::types_of_plan(plan, region)
        .map(|types| types.into_iter().map(|row| row.selected(region, source_key_owners(&row.name, region, world))).collect())
}

/// Points show which key a source has; AWS Backup's lists do not.
fn source_key_owners(resource_type: &str, region: &Region, world: &World) -> Observed<Vec<String>> {
    let gaps = region.sight.gaps(Collection::RecoveryPoints);
    if !gaps.is_empty() {
        return Observed::Unknown(gaps);
    }
    let points = || region.unit.recovery_points.iter();
    if let Some(untold) = points().find(|point| !point.resource_type.is_known()) {
        let detail = format!("the snapshot does not say of which type the resource of '{}' is", untold.recovery_point_arn);
        return Observed::unknown(Reason::new(Cause::NotObserved, detail));
    }
    let points = points().filter(|point| point.resource_type.known().is_some_and(|named| named == resource_type));
    let keys: BTreeSet<&Observed<String>> = points.map(|point| &point.encryption_key_arn).collect();
    if keys.is_empty() {
        let detail = format!("there is no recovery point of a {resource_type} resource to tell which key its source has");
        return Observed::unknown(Reason::of_call(Cause::Undetermined, "backup:ListRecoveryPointsByBackupVault", detail));
    }
    let owners = all(keys.into_iter().map(|arn| match arn {
        Observed::Absent => Observed::Known("none".to_owned()),
        Observed::Known(arn) => match world.key(arn, region) {
            Ok(key) => key::owner(key).map(|owner| match owner {
                key::KeyOwner::Customer => "customer".to_owned(),
                key::KeyOwner::AwsManaged => "aws_managed".to_owned(),
                key::KeyOwner::AwsOwned => "aws_owned".to_owned(),
            }),
            Err(reason) => Observed::unknown(reason),
        },
        other => Observed::Unknown(other.reasons().to_vec()),
    }));
    owners.map(|owners| owners.into_iter().collect::<BTreeSet<_>>().into_iter().collect())
}
