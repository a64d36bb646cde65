//! What protects less in a later snapshot than in an earlier one: locks, policies, retention, plans and keys that are gone or looser.
//!
//! - `statements`: vault policies by what they say; `selections`: what a selection no longer takes; `points`: what is gone too early

mod points;
mod selections;
mod statements;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::irreversible::{arn, kept, named, rules};
use super::schedule::Schedules;
use super::sight::Sight;
use crate::snapshot::{BackupPlan, Collection, Observed, PlanRule, RegionSettings, Selection, Snapshot, Timestamp, Unit, Vault};
use statements::Statements;

/// What kind of protection it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Weakness {
    VaultRemoved,
    LockRemoved,
    LockLoosened,
    PolicyRemoved,
    PolicyLoosened,
    PlanRemoved,
    RuleRemoved,
    SelectionRemoved,
    SelectionNarrowed,
    OptInRemoved,
    TargetUnlocked,
    PointsDeleted,
    CopyRemoved,
    RetentionShortened,
    ScheduleThinned,
    ContinuousBackupRemoved,
    KeyUnusable,
}

/// One thing that protects less than it did.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Weakened {
    pub what: Weakness,
    /// The ARN of what is weaker, or its name where the ARN is not known.
    pub subject: String,
    pub account: String,
    pub region: String,
    /// A sentence.
    pub message: String,
}

/// In the order of what is weaker. Only what both snapshots know is compared, and nothing is called gone of which the later one may have
/// missed a part.
pub fn weakened(before: &Snapshot, after: &Snapshot, as_of: Timestamp) -> Vec<Weakened> {
    let units: BTreeMap<String, &Unit> = after.units.iter().map(|unit| (unit.label(), unit)).collect();
    let mut schedules = Schedules::as_of(as_of);
    let mut found = Vec::new();
    for unit in &before.units {
        if let Some(then) = units.get(&unit.label()) {
            let (was, is) = (Sight::of(unit), Sight::of(then));
            let mut change = Change { unit, then, was, is, found: &mut found };
            change.vaults();
            change.plans(&mut schedules);
            change.keys();
            change.opt_in();
            change.points(as_of);
        }
    }
    found.sort();
    found.dedup();
    found
}

struct Change<'a> {
    unit: &'a Unit,
    then: &'a Unit,
    was: Sight<'a>,
    is: Sight<'a>,
    found: &'a mut Vec<Weakened>,
}

impl Change<'_> {
    fn add(&mut self, what: Weakness, subject: &str, message: String) {
        let (account, region) = (self.unit.account.clone(), self.unit.region.clone());
        self.found.push(Weakened { what, subject: subject.to_owned(), account, region, message });
    }

    fn vaults(&mut self) {
        let all_are_there = self.is.gaps(Collection::BackupVaults).is_empty();
        for vault in &self.unit.backup_vaults {
            match named(&self.then.backup_vaults, vault) {
                Some(then) => {
                    if let (Observed::Known(was), Observed::Known(made)) = (&vault.creation_date, &then.creation_date)
                        && made > was
                    {
                        let message = format!("Vault '{}' was made anew at {made}: what it held is gone.", vault.backup_vault_name);
                        self.add(Weakness::VaultRemoved, arn(vault), message);
                    }
                    self.lock(vault, then);
                    self.policy(vault, then);
                }
                None if all_are_there => {
                    self.add(Weakness::VaultRemoved, arn(vault), format!("Vault '{}' is gone.", vault.backup_vault_name));
                }
                None => {}
            }
        }
    }

    fn lock(&mut self, vault: &Vault, then: &Vault) {
        let name = &vault.backup_vault_name;
        if vault.locked != Observed::Known(true) {
            return;
        }
        if then.locked == Observed::Known(false) {
            return self.add(Weakness::LockRemoved, arn(vault), format!("The lock of vault '{name}' was removed."));
        }
        let (was, is) = (self.was.described(&vault.lock_date, vault), self.is.described(&then.lock_date, then));
        match (&was, &is) {
            (Observed::Known(_), Observed::Absent) => {
                let message = format!("The lock of vault '{name}' is now in governance mode: it was immutable, or was to become so.");
                self.add(Weakness::LockLoosened, arn(vault), message);
            }
            (Observed::Known(was), Observed::Known(is)) if is > was => {
                let message = format!("The lock of vault '{name}' becomes immutable at {is} only, and not at {was}.");
                self.add(Weakness::LockLoosened, arn(vault), message);
            }
            _ => {}
        }
        let (was, is) = (self.was.described(&vault.min_retention_days, vault), self.is.described(&then.min_retention_days, then));
        let days = |minimum: &Observed<i64>| match minimum {
            Observed::Known(days) => Some(*days),
            Observed::Absent => Some(0),
            Observed::Reference(_) | Observed::Unknown(_) => None,
        };
        if let (Some(was), Some(is)) = (days(&was), days(&is))
            && is < was
        {
            let message = format!("The lock of vault '{name}' asks for at least {is} days of retention instead of {was}.");
            self.add(Weakness::LockLoosened, arn(vault), message);
        }
    }

    fn policy(&mut self, vault: &Vault, then: &Vault) {
        const ACTION: &str = "backup:GetBackupVaultAccessPolicy";
        let name = &vault.backup_vault_name;
        let was = self.was.member(&vault.access_policy, ACTION, name);
        let is = self.is.member(&then.access_policy, ACTION, name);
        let was = match was {
            Observed::Known(document) => Statements::of(&document.0),
            // Nothing was denied, and nobody from elsewhere was let in.
            Observed::Absent => Statements::default(),
            Observed::Reference(_) | Observed::Unknown(_) => return,
        };
        let is = match is {
            Observed::Known(document) => Statements::of(&document.0),
            Observed::Absent if was.denies_nothing() => return,
            Observed::Absent => {
                let message = format!("The access policy of vault '{name}' was removed, with all that it denied.");
                return self.add(Weakness::PolicyRemoved, arn(vault), message);
            }
            Observed::Reference(_) | Observed::Unknown(_) => return,
        };
        for actions in was.dropped_by(&is) {
            let message = format!("The access policy of vault '{name}' has dropped or changed a statement that denied {actions}.");
            self.add(Weakness::PolicyLoosened, arn(vault), message);
        }
        for actions in was.added_by(&is) {
            let message = format!("The access policy of vault '{name}' has a statement that it did not have, and that allows {actions}.");
            self.add(Weakness::PolicyLoosened, arn(vault), message);
        }
    }

    fn plans(&mut self, schedules: &mut Schedules) {
        let all_are_there = self.is.gaps(Collection::BackupPlans).is_empty();
        for plan in &self.unit.backup_plans {
            let subject = plan.backup_plan_arn.known().unwrap_or(&plan.backup_plan_id);
            let by_id = self.then.backup_plans.iter().find(|then| then.backup_plan_id == plan.backup_plan_id);
            // One that was made anew under its name has a new id.
            let by_name = || self.then.backup_plans.iter().find(|then| name_of(then).is_some() && name_of(then) == name_of(plan));
            match by_id.or_else(by_name) {
                Some(then) => {
                    self.rules(subject, plan, then, schedules);
                    self.selections(subject, plan, then);
                }
                None if all_are_there => self.add(Weakness::PlanRemoved, subject, format!("Plan '{}' is gone.", called(plan))),
                None => {}
            }
        }
    }

    fn rules(&mut self, subject: &str, plan: &BackupPlan, then: &BackupPlan, schedules: &mut Schedules) {
        if !then.backup_plan.known().is_some_and(|body| body.rules.is_known()) {
            return;
        }
        for rule in rules(plan) {
            let what = format!("Rule '{}' of plan '{}'", rule.rule_name, called(plan));
            let by_name = rules(then).iter().find(|then| then.rule_name == rule.rule_name);
            let by_id = || rules(then).iter().find(|then| then.rule_id.is_known() && then.rule_id == rule.rule_id);
            let Some(now) = by_name.or_else(by_id) else {
                self.add(Weakness::RuleRemoved, subject, format!("{what} is gone."));
                continue;
            };
            self.retention(subject, &format!("{what} keeps points"), kept(&rule.lifecycle), kept(&now.lifecycle));
            self.copies(subject, &what, rule, now);
            self.target(subject, &what, rule, now);
            if rule.enable_continuous_backup == Observed::Known(true)
                && matches!(now.enable_continuous_backup, Observed::Known(false) | Observed::Absent)
            {
                self.add(Weakness::ContinuousBackupRemoved, subject, format!("{what} makes continuous backups no more."));
            }
            match (schedules.facts(rule).largest_gap_hours, schedules.facts(now).largest_gap_hours) {
                (Observed::Known(was), Observed::Known(is)) if is > was => {
                    let message = format!("{what} leaves up to {is} hours between two runs instead of {was}.");
                    self.add(Weakness::ScheduleThinned, subject, message);
                }
                (Observed::Known(was), Observed::Absent) => {
                    let message = format!("{what} never runs any more; it left up to {was} hours between two runs.");
                    self.add(Weakness::ScheduleThinned, subject, message);
                }
                _ => {}
            }
        }
    }

    fn retention(&mut self, subject: &str, what: &str, from: Option<Option<i64>>, to: Option<Option<i64>>) {
        let days = |days: Option<i64>| days.map_or_else(|| "for ever".to_owned(), |days| format!("for {days} days"));
        if let (Some(from), Some(Some(to))) = (from, to)
            && from.is_none_or(|from| to < from)
        {
            self.add(Weakness::RetentionShortened, subject, format!("{what} {} instead of {}.", days(Some(to)), days(from)));
        }
    }

    fn copies(&mut self, subject: &str, what: &str, rule: &PlanRule, now: &PlanRule) {
        if now.copy_actions.is_unknown() {
            return;
        }
        for copy in rule.copy_actions.known().into_iter().flatten() {
            let Some(destination) = copy.destination_backup_vault_arn.known() else { continue };
            let mut copies = now.copy_actions.known().into_iter().flatten();
            // One whose destination is not known may be it.
            if copies.clone().any(|then| !then.destination_backup_vault_arn.is_known()) {
                continue;
            }
            match copies.find(|then| then.destination_backup_vault_arn.known() == Some(destination)) {
                Some(then) => {
                    // Without a lifecycle of its own a copy is kept as long as what it is made of.
                    let inherited = |own: &PlanRule, copy: &Observed<_>| if copy.is_absent() { kept(&own.lifecycle) } else { kept(copy) };
                    let (from, to) = (inherited(rule, &copy.lifecycle), inherited(now, &then.lifecycle));
                    self.retention(subject, &format!("{what} keeps copies in {destination}"), from, to);
                }
                None => self.add(Weakness::CopyRemoved, subject, format!("{what} copies to {destination} no more.")),
            }
        }
    }

    fn target(&mut self, subject: &str, what: &str, rule: &PlanRule, now: &PlanRule) {
        let (from, to) = (&rule.target_logically_air_gapped_backup_vault_arn, &now.target_logically_air_gapped_backup_vault_arn);
        if let Observed::Known(gapped) = from
            && !to.is_unknown()
            && !matches!(to, Observed::Reference(_))
            && to != from
        {
            self.add(Weakness::CopyRemoved, subject, format!("{what} puts points into the air-gapped vault {gapped} no more."));
        }
        let locked = |unit: &Unit, name: &Observed<String>| {
            let vault = unit.backup_vaults.iter().find(|vault| Some(&vault.backup_vault_name) == name.known());
            vault.and_then(|vault| vault.locked.known().copied())
        };
        let (from, to) = (&rule.target_backup_vault_name, &now.target_backup_vault_name);
        if let (Observed::Known(was), Observed::Known(is)) = (from, to)
            && was != is
            && locked(self.unit, from) == Some(true)
            && locked(self.then, to) == Some(false)
        {
            let message = format!("{what} puts its points into vault '{is}', which has no lock, instead of '{was}', which had one.");
            self.add(Weakness::TargetUnlocked, subject, message);
        }
    }

    fn selections(&mut self, subject: &str, plan: &BackupPlan, then: &BackupPlan) {
        let Some(now) = (match &then.selections {
            Observed::Known(selections) => Some(selections.as_slice()),
            Observed::Absent => Some(&[][..]),
            Observed::Reference(_) | Observed::Unknown(_) => None,
        }) else {
            return;
        };
        if self.is.failure("backup:ListBackupSelections", &then.backup_plan_id).is_some() {
            return;
        }
        for selection in plan.selections.known().into_iter().flatten() {
            let same = |then: &Selection| {
                then.selection_id.is_known() && then.selection_id == selection.selection_id
                    || selection_name(then).is_some() && selection_name(then) == selection_name(selection)
            };
            let Some(name) = selection_name(selection) else { continue };
            match now.iter().find(|then| same(then)) {
                None => self.add(Weakness::SelectionRemoved, subject, format!("Plan '{}' has lost selection '{name}'.", called(plan))),
                Some(then) => {
                    let body = |of: &Selection| of.backup_selection.known().cloned();
                    for how in body(selection).zip(body(then)).iter().flat_map(|(was, is)| selections::narrowed(was, is)) {
                        self.add(Weakness::SelectionNarrowed, subject, format!("Selection '{name}' of plan '{}' {how}.", called(plan)));
                    }
                }
            }
        }
    }

    fn opt_in(&mut self) {
        let settings = |sight: &Sight, unit: &Unit| {
            let settings: Observed<RegionSettings> = sight.member(&unit.region_settings, "backup:DescribeRegionSettings", &unit.region);
            settings.known().and_then(|settings| settings.resource_type_opt_in_preference.known().cloned()).unwrap_or_default()
        };
        let (was, is) = (settings(&self.was, self.unit), settings(&self.is, self.then));
        for (name, _) in was.iter().filter(|(name, was)| **was && is.get(*name) == Some(&false)) {
            let message = format!("AWS Backup is no longer opted in to back up resources of type {name} by tag or wildcard.");
            self.add(Weakness::OptInRemoved, name, message);
        }
    }

    fn keys(&mut self) {
        for key in self.unit.keys.iter().filter(|key| key.key_state == Observed::Known("Enabled".to_owned())) {
            let then = self.then.keys.iter().find(|then| then.arn == key.arn);
            if let Some(state) = then.and_then(|then| then.key_state.known()).filter(|state| *state != "Enabled") {
                self.add(Weakness::KeyUnusable, &key.arn, format!("Key {} is no longer enabled; its state is {state}.", key.arn));
            }
        }
    }
}

fn name_of(plan: &BackupPlan) -> Option<&String> {
    plan.backup_plan.known().and_then(|body| body.backup_plan_name.known()).or(plan.backup_plan_name.known())
}

fn called(plan: &BackupPlan) -> &str {
    name_of(plan).unwrap_or(&plan.backup_plan_id)
}

fn selection_name(selection: &Selection) -> Option<&String> {
    selection.backup_selection.known().and_then(|body| body.selection_name.known()).or(selection.selection_name.known())
}

#[cfg(test)]
mod tests;
