//! What protects less in a later snapshot than in an earlier one: locks, policies, retention, plans and keys that are gone or looser.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::irreversible::{arn, kept, named, rules};
use super::schedule::Schedules;
use super::sight::Sight;
use crate::snapshot::{BackupPlan, Collection, Observed, PlanRule, Selection, Snapshot, Timestamp, Unit, Vault};

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
        let Some(was) = was.known().map(|document| Statements::of(&document.0)) else { return };
        let is = match is {
            Observed::Known(document) => Statements::of(&document.0),
            Observed::Absent if was.denies.is_empty() => return,
            Observed::Absent => {
                let message = format!("The access policy of vault '{name}' was removed, with all that it denied.");
                return self.add(Weakness::PolicyRemoved, arn(vault), message);
            }
            Observed::Reference(_) | Observed::Unknown(_) => return,
        };
        for (_, actions) in was.denies.iter().filter(|(statement, _)| !is.denies.contains_key(*statement)) {
            let message =
                format!("The access policy of vault '{name}' has dropped or changed a statement that denied {}.", listed(actions));
            self.add(Weakness::PolicyLoosened, arn(vault), message);
        }
        for (_, actions) in is.allows.iter().filter(|(statement, _)| !was.allows.contains_key(*statement)) {
            let message =
                format!("The access policy of vault '{name}' has a statement that it did not have, and that allows {}.", listed(actions));
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
            let Some(now) = rules(then).iter().find(|then| then.rule_name == rule.rule_name) else {
                self.add(Weakness::RuleRemoved, subject, format!("{what} is gone."));
                continue;
            };
            self.retention(subject, &format!("{what} keeps points"), kept(&rule.lifecycle), kept(&now.lifecycle));
            self.copies(subject, &what, rule, now);
            if rule.enable_continuous_backup == Observed::Known(true)
                && matches!(now.enable_continuous_backup, Observed::Known(false) | Observed::Absent)
            {
                self.add(Weakness::ContinuousBackupRemoved, subject, format!("{what} makes continuous backups no more."));
            }
            let wait = |hours: Observed<i64>| hours.known().copied();
            if let (Some(was), Some(is)) = (wait(schedules.facts(rule).largest_gap_hours), wait(schedules.facts(now).largest_gap_hours))
                && is > was
            {
                let message = format!("{what} leaves up to {is} hours between two runs instead of {was}.");
                self.add(Weakness::ScheduleThinned, subject, message);
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
            if let (Some(name), false) = (selection_name(selection), now.iter().any(same)) {
                self.add(Weakness::SelectionRemoved, subject, format!("Plan '{}' has lost selection '{name}'.", called(plan)));
            }
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

fn listed(actions: &BTreeSet<String>) -> String {
    if actions.is_empty() { "something".to_owned() } else { actions.iter().cloned().collect::<Vec<_>>().join(", ") }
}

/// A policy's statements by what they say, however it is written, with the actions of each.
struct Statements {
    denies: BTreeMap<String, BTreeSet<String>>,
    allows: BTreeMap<String, BTreeSet<String>>,
}

impl Statements {
    fn of(document: &Value) -> Self {
        let mut statements = Statements { denies: BTreeMap::new(), allows: BTreeMap::new() };
        for statement in each(document.get("Statement").unwrap_or(&Value::Null)) {
            let of_effect = match statement.get("Effect").and_then(Value::as_str) {
                Some("Deny") => &mut statements.denies,
                Some("Allow") => &mut statements.allows,
                _ => continue,
            };
            let actions =
                each(statement.get("Action").unwrap_or(&Value::Null)).iter().filter_map(Value::as_str).map(str::to_owned).collect();
            of_effect.insert(said(statement), actions);
        }
        statements
    }
}

/// One value stands for a list of one.
fn each(value: &Value) -> &[Value] {
    match value {
        Value::Array(values) => values,
        Value::Null => &[],
        one => std::slice::from_ref(one),
    }
}

/// The same text for values that say the same: the order of members and of lists does not count, and an id says nothing.
fn said(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let members: BTreeMap<&String, String> =
                members.iter().filter(|(name, _)| *name != "Sid").map(|(name, value)| (name, said(value))).collect();
            format!("{members:?}")
        }
        Value::Array(values) => {
            let values: BTreeSet<String> = values.iter().map(said).collect();
            match values.first() {
                Some(only) if values.len() == 1 => only.clone(),
                _ => format!("{values:?}"),
            }
        }
        scalar => scalar.to_string(),
    }
}

#[cfg(test)]
mod tests;
