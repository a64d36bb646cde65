//! What lies between two snapshots, as they are before and after a change, and cannot be taken back.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::snapshot::{BackupPlan, Key, Lifecycle, Observed, PlanRule, RecoveryPoint, Snapshot, Timestamp, Unit, Vault};

/// What kind of thing it is that cannot be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Loss {
    VaultDestroyed,
    KeyDestroyed,
    LockRemoved,
    LockBecomesImmutable,
    RetentionShortened,
}

/// One thing that a change does and nothing takes back.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Irreversible {
    pub what: Loss,
    /// The ARN of what it is done to, or its name where the ARN is not known.
    pub subject: String,
    pub account: String,
    pub region: String,
    /// One or more sentences.
    pub message: String,
}

/// In the order of what is done, then of what it is done to.
pub fn irreversible(before: &Snapshot, after: &Snapshot, as_of: Timestamp) -> Vec<Irreversible> {
    let units: BTreeMap<String, &Unit> = after.units.iter().map(|unit| (unit.label(), unit)).collect();
    let nothing = Vec::new();
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for unit in &before.units {
        seen.insert(unit.label());
        if let Some(then) = units.get(&unit.label()) {
            Change { unit, then, as_of, found: &mut found }.gather(&unit.backup_vaults);
        }
    }
    // A Region in which nothing was before: its locks are all new.
    for then in after.units.iter().filter(|unit| !seen.contains(&unit.label())) {
        Change { unit: then, then, as_of, found: &mut found }.locks(&nothing);
    }
    found.sort();
    found
}

struct Change<'a> {
    unit: &'a Unit,
    then: &'a Unit,
    as_of: Timestamp,
    found: &'a mut Vec<Irreversible>,
}

impl Change<'_> {
    fn gather(&mut self, vaults: &[Vault]) {
        self.destroyed(vaults);
        self.locks(vaults);
        self.keys();
        self.retention();
    }

    fn add(&mut self, what: Loss, subject: &str, message: String) {
        let (account, region) = (self.unit.account.clone(), self.unit.region.clone());
        self.found.push(Irreversible { what, subject: subject.to_owned(), account, region, message });
    }

    fn destroyed(&mut self, vaults: &[Vault]) {
        for vault in vaults.iter().filter(|vault| named(&self.then.backup_vaults, vault).is_none()) {
            let name = &vault.backup_vault_name;
            let held = match held(self.unit, vault) {
                0 => "No point in it was observed.".to_owned(),
                count => format!("It holds {}: AWS deletes no vault that holds any, and they must be deleted first.", points(count)),
            };
            let lock = if immutable(vault, self.as_of) {
                " Its lock is immutable, so that they cannot be deleted before they expire."
            } else {
                ""
            };
            self.add(Loss::VaultDestroyed, arn(vault), format!("Vault '{name}' is destroyed. {held}{lock}"));
        }
    }

    fn locks(&mut self, vaults: &[Vault]) {
        for then in &self.then.backup_vaults {
            let (before, name) = (named(vaults, then), &then.backup_vault_name);
            let was_locked = before.is_some_and(|vault| vault.locked == Observed::Known(true));
            let is_locked = then.locked == Observed::Known(true);
            if let (Some(before), true, false) = (before, was_locked, is_locked) {
                let message = if immutable(before, self.as_of) {
                    format!("The lock of vault '{name}' is to be removed, and is immutable: AWS will refuse.")
                } else {
                    format!("The lock of vault '{name}' is removed: from then on its points can be deleted, and their retention shortened.")
                };
                self.add(Loss::LockRemoved, arn(then), message);
            }
            let had_date = was_locked && before.is_some_and(|vault| !vault.lock_date.is_absent());
            if is_locked && !had_date && !then.lock_date.is_absent() {
                let when = match &then.changeable_for_days {
                    Observed::Known(days) => format!("{days} days after it is applied"),
                    _ => "after its cooling-off period".to_owned(),
                };
                let message = format!(
                    "The lock of vault '{name}' becomes immutable {when}: {} From then on nobody can loosen or remove it, AWS included, and the vault \
                     stays until its last point has expired.",
                    range(then)
                );
                self.add(Loss::LockBecomesImmutable, arn(then), message);
            }
        }
    }

    fn keys(&mut self) {
        let stays: BTreeSet<&str> = self.then.keys.iter().map(|key| key.arn.as_str()).collect();
        for key in self.unit.keys.iter().filter(|key| !stays.contains(key.arn.as_str())) {
            let under = self.unit.recovery_points.iter().filter(|point| point.encryption_key_arn.known() == Some(&key.arn)).count();
            let under = match under {
                0 => "No point under it was observed.".to_owned(),
                count => format!("{} under it can never be restored once it is deleted.", capital(&points(count))),
            };
            self.add(Loss::KeyDestroyed, &key.arn, format!("Key {} is scheduled for deletion. {under}", called(key)));
        }
    }

    fn retention(&mut self) {
        for plan in &self.unit.backup_plans {
            let Some(then) = self.then.backup_plans.iter().find(|then| then.backup_plan_id == plan.backup_plan_id) else { continue };
            for rule in rules(plan) {
                let Some(now) = rules(then).iter().find(|then| then.rule_name == rule.rule_name) else { continue };
                if let (Some(from), Some(to)) = (kept(&rule.lifecycle), kept(&now.lifecycle))
                    && to.is_some_and(|to| from.is_none_or(|from| to < from))
                {
                    self.shortened(plan, rule, "keeps new points", from, to);
                }
                for copy in rule.copy_actions.known().into_iter().flatten() {
                    let same = |then: &&crate::snapshot::CopyAction| then.destination_backup_vault_arn == copy.destination_backup_vault_arn;
                    let Some(now) = now.copy_actions.known().into_iter().flatten().find(same) else { continue };
                    if let (Some(from), Some(to)) = (kept(&copy.lifecycle), kept(&now.lifecycle))
                        && to.is_some_and(|to| from.is_none_or(|from| to < from))
                    {
                        self.shortened(plan, rule, "keeps new copies", from, to);
                    }
                }
            }
        }
    }

    fn shortened(&mut self, plan: &BackupPlan, rule: &PlanRule, keeps: &str, from: Option<i64>, to: Option<i64>) {
        let days = |days: Option<i64>| days.map_or_else(|| "for ever".to_owned(), |days| format!("{days} days"));
        let older = to.map_or(0, |to| self.unit.recovery_points.iter().filter(|point| self.is_older(point, plan, rule, to)).count());
        let older = match older {
            0 => String::new(),
            count => format!(" {} older than that: each stays until its own date, and none of that age follows.", points_are(count)),
        };
        let message = format!("Rule '{}' {keeps} {} instead of {}.{older}", rule.rule_name, days(to), days(from));
        let subject = plan.backup_plan_arn.known().unwrap_or(&plan.backup_plan_id).clone();
        self.add(Loss::RetentionShortened, &subject, message);
    }

    fn is_older(&self, point: &RecoveryPoint, plan: &BackupPlan, rule: &PlanRule, days: i64) -> bool {
        let by = point.created_by.known();
        let of_plan = by.is_some_and(|by| by.backup_plan_id.known() == Some(&plan.backup_plan_id));
        let of_rule = by.is_some_and(|by| by.backup_rule_id == rule.rule_id);
        of_plan && of_rule && point.creation_date.known().is_some_and(|made| self.as_of.hours_since(*made) > days.saturating_mul(24))
    }
}

pub(super) fn named<'a>(vaults: &'a [Vault], like: &Vault) -> Option<&'a Vault> {
    vaults.iter().find(|vault| vault.backup_vault_name == like.backup_vault_name)
}

pub(super) fn arn(vault: &Vault) -> &str {
    vault.backup_vault_arn.known().unwrap_or(&vault.backup_vault_name)
}

fn held(unit: &Unit, vault: &Vault) -> usize {
    let listed = unit.recovery_points.iter().filter(|point| point.backup_vault_name.known() == Some(&vault.backup_vault_name)).count();
    let counted = vault.number_of_recovery_points.known().and_then(|count| usize::try_from(*count).ok());
    listed.max(counted.unwrap_or(0))
}

fn immutable(vault: &Vault, as_of: Timestamp) -> bool {
    vault.locked == Observed::Known(true) && vault.lock_date.known().is_some_and(|date| *date <= as_of)
}

fn range(vault: &Vault) -> String {
    match (vault.min_retention_days.known(), vault.max_retention_days.known()) {
        (Some(min), Some(max)) => format!("it takes points kept from {min} to {max} days."),
        (Some(min), None) => format!("it takes points kept for {min} days or longer."),
        (None, Some(max)) => format!("it takes points kept for up to {max} days."),
        (None, None) => "it sets no range of retention.".to_owned(),
    }
}

pub(super) fn rules(plan: &BackupPlan) -> &[PlanRule] {
    plan.backup_plan.known().and_then(|body| body.rules.known()).map_or(&[], Vec::as_slice)
}

/// Days; the inner `None` is for ever, the outer that nobody knows.
pub(super) fn kept(lifecycle: &Observed<Lifecycle>) -> Option<Option<i64>> {
    let days = lifecycle.as_ref().and_then(|lifecycle| lifecycle.delete_after_days.clone());
    match days {
        Observed::Known(days) if days > 0 => Some(Some(days)),
        Observed::Known(_) | Observed::Absent => Some(None),
        Observed::Reference(_) | Observed::Unknown(_) => None,
    }
}

fn called(key: &Key) -> String {
    let alias = key.aliases.known().into_iter().flatten().map(|alias| alias.alias_name.as_str()).next();
    alias.map_or_else(|| key.arn.clone(), |alias| format!("{} ({alias})", key.arn))
}

fn points(count: usize) -> String {
    if count == 1 { "1 point".to_owned() } else { format!("{count} points") }
}

fn points_are(count: usize) -> String {
    if count == 1 { "1 point is".to_owned() } else { format!("{count} points are") }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const AS_OF: &str = "2026-11-22T09:00:00Z";

    fn snapshot(unit: Value) -> Snapshot {
        let mut whole = json!({"Account": "111122223333", "Region": "us-east-1", "Source": "aws"});
        if let (Some(whole), Value::Object(unit)) = (whole.as_object_mut(), unit) {
            whole.extend(unit);
        }
        serde_json::from_value(json!({"Schema": "backstop/snapshot/1", "Units": [whole]})).expect("a snapshot")
    }

    fn told(before: Value, after: Value) -> Vec<(Loss, String)> {
        let found = irreversible(&snapshot(before), &snapshot(after), AS_OF.parse().expect("a time"));
        found.into_iter().map(|one| (one.what, one.message)).collect()
    }

    fn vault(members: Value) -> Value {
        let mut vault = json!({"BackupVaultName": "a"});
        if let (Some(vault), Value::Object(members)) = (vault.as_object_mut(), members) {
            vault.extend(members);
        }
        json!({"BackupVaults": [vault]})
    }

    #[test]
    fn what_stays_as_it_is_loses_nothing() {
        let locked = vault(json!({"Locked": true, "LockDate": "2026-01-01T00:00:00Z", "MaxRetentionDays": 60}));
        assert_eq!(told(locked.clone(), locked), []);
    }

    #[test]
    fn a_vault_that_is_destroyed_is_told_with_its_points() {
        let found = told(vault(json!({"NumberOfRecoveryPoints": 7})), json!({}));
        assert_eq!(found[0].0, Loss::VaultDestroyed);
        assert!(found[0].1.contains("7 points"), "{found:?}");
    }

    #[test]
    fn a_lock_that_is_removed_or_is_to_become_immutable_is_told_and_one_in_governance_mode_is_not() {
        let (open, governance) = (vault(json!({"Locked": false})), vault(json!({"Locked": true})));
        let compliance =
            vault(json!({"Locked": true, "LockDate": {"$unknown": "after apply"}, "ChangeableForDays": 3, "MaxRetentionDays": 60}));
        let what =
            |before: &Value, after: &Value| told(before.clone(), after.clone()).into_iter().map(|(what, _)| what).collect::<Vec<_>>();
        assert_eq!(what(&governance, &open), [Loss::LockRemoved]);
        assert_eq!(what(&open, &governance), []);
        assert_eq!(what(&open, &compliance), [Loss::LockBecomesImmutable]);
        assert_eq!(what(&governance, &compliance), [Loss::LockBecomesImmutable]);
        assert_eq!(what(&compliance, &compliance), []);
        let immutable = vault(json!({"Locked": true, "LockDate": "2026-01-01T00:00:00Z"}));
        assert!(told(immutable, open)[0].1.contains("AWS will refuse"));
    }

    #[test]
    fn a_retention_that_gets_shorter_is_told_with_the_points_that_are_older() {
        let plan = |lifecycle: Value| json!([{"BackupPlanId": "p", "BackupPlan": {"Rules": [{"RuleName": "daily", "RuleId": "r", "Lifecycle": lifecycle}]}}]);
        let point =
            |made: &str| json!({"RecoveryPointArn": made, "CreationDate": made, "CreatedBy": {"BackupPlanId": "p", "BackupRuleId": "r"}});
        let before = json!({"BackupPlans": plan(json!({"DeleteAfterDays": 35})), "RecoveryPoints": [point("2026-11-01T05:00:00Z"), point("2026-11-21T05:00:00Z")]});
        let found = told(before.clone(), json!({"BackupPlans": plan(json!({"DeleteAfterDays": 7}))}));
        assert_eq!(found[0].0, Loss::RetentionShortened);
        assert!(found[0].1.contains("7 days instead of 35 days. 1 point is older"), "{found:?}");
        assert_eq!(told(before.clone(), json!({"BackupPlans": plan(json!({"DeleteAfterDays": 36}))})), []);
        assert_eq!(told(before.clone(), json!({"BackupPlans": plan(json!({}))})), []);
        assert_eq!(
            told(json!({"BackupPlans": plan(json!({}))}), json!({"BackupPlans": plan(json!({"DeleteAfterDays": 7}))}))[0].0,
            Loss::RetentionShortened
        );
    }

    #[test]
    fn a_key_that_goes_takes_its_points_with_it() {
        let before = json!({"Keys": [{"Arn": "k"}], "RecoveryPoints": [{"RecoveryPointArn": "p", "EncryptionKeyArn": "k"}]});
        let found = told(before, json!({}));
        assert_eq!(found[0].0, Loss::KeyDestroyed);
        assert!(found[0].1.contains("1 point under it"), "{found:?}");
    }
}
