//! The facts agree with the slow implementation wherever that one knows, and are unknown wherever it does not.

use backstop::facts::{Facts, Kind, Subjects, derive};
use proptest::test_runner::TestCaseError;
use serde_json::{Value, json};

use super::oracle::{self, list, text, units, unknown};
use super::tape::Tape;
use super::{account, holes, oracle_points, oracle_selections};

/// The value without the reasons why parts of it are unknown.
fn bare(value: &Value) -> Value {
    match value {
        value if oracle::is_unknown(value) => unknown(),
        Value::Object(object) => Value::Object(object.iter().map(|(key, value)| (key.clone(), bare(value))).collect()),
        Value::Array(list) => Value::Array(list.iter().map(bare).collect()),
        other => other.clone(),
    }
}

/// Lists whose order says nothing.
fn sorted(value: Value) -> Value {
    match value {
        Value::Array(mut list) => {
            list.sort_by_key(Value::to_string);
            Value::Array(list)
        }
        other => other,
    }
}

struct Court<'a> {
    document: &'a Value,
    subjects: &'a Subjects<'a>,
}

impl Court<'_> {
    fn facts(&self, kind: Kind, id: &str) -> Result<&Facts, TestCaseError> {
        let of_kind = self.subjects.of(kind);
        let found = of_kind.subjects.iter().find(|subject| subject.id == id);
        found
            .map(|subject| of_kind.facts_of(subject))
            .ok_or_else(|| TestCaseError::fail(format!("there is no {kind} '{id}' of\n{:#}", self.document)))
    }

    fn agree(&self, what: &str, id: &str, fact: &Value, expected: Value) -> Result<(), TestCaseError> {
        let (fact, expected) = (sorted(bare(fact)), sorted(bare(&expected)));
        if fact == expected {
            return Ok(());
        }
        Err(TestCaseError::fail(format!("{what} of '{id}' is {fact}, and should be {expected}, in\n{:#}", self.document)))
    }

    fn vault(&self, unit: &Value, vault: &Value) -> Result<(), TestCaseError> {
        let id = oracle::arn_of(unit, vault);
        let facts = &self.facts(Kind::Vault, &id)?.document;
        let (mode, minimum, maximum) = oracle::lock(vault);
        self.agree("lock.mode", &id, &facts["lock"]["mode"], mode)?;
        self.agree("lock.min_retention_days", &id, &facts["lock"]["min_retention_days"], minimum)?;
        self.agree("lock.max_retention_days", &id, &facts["lock"]["max_retention_days"], maximum)?;
        let owner = facts["key"].get("owner").unwrap_or(&facts["key"]);
        self.agree("key.owner", &id, owner, oracle::key_owner(self.document, unit, vault))?;
        self.agree("used_by", &id, &facts["used_by"], oracle::used_by(self.document, unit, vault))?;
        self.agree("replicas", &id, &facts["replicas"], oracle::replicas(self.document, unit, vault))?;
        self.agree("points", &id, &facts["points"], oracle::points(unit, vault))?;
        self.agree("in_use", &id, &facts["in_use"], oracle::in_use(self.document, unit, vault))
    }

    fn plan(&self, unit: &Value, plan: &Value) -> Result<(), TestCaseError> {
        let arn = oracle::arn_of_plan(unit, plan);
        let rules = oracle::rules(unit, plan);
        for rule in list(&rules) {
            let id = format!("{arn}#{}", text(rule, "RuleName"));
            let facts = &self.facts(Kind::PlanRule, &id)?.document;
            let types: Value = facts["selected_types"]
                .as_array()
                .map_or_else(|| facts["selected_types"].clone(), |types| types.iter().map(|row| row["type"].clone()).collect());
            self.agree("selected_types", &id, &types, oracle_selections::selected_types(unit, plan))?;
            self.lifecycle(&id, &facts["lifecycle"], oracle::lifecycle(rule))?;
            let target = oracle::needed(rule, "TargetBackupVaultName");
            let target = target.as_str().map(|name| account::vault_arn(text(unit, "Account"), text(unit, "Region"), name));
            self.destination(&id, &facts["target_vault"], target.as_deref())?;
            let actions = oracle::get(rule, "CopyActions");
            if oracle::is_unknown(&actions) {
                self.agree("copies", &id, &facts["copies"], unknown())?;
            }
            for (action, copy) in list(&actions).iter().zip(list(&facts["copies"])) {
                self.lifecycle(&id, &copy["lifecycle"], oracle::copy_lifecycle(action, rule))?;
                let destination = oracle::needed(action, "DestinationBackupVaultArn");
                self.destination(&id, &copy["destination"], destination.as_str())?;
                let elsewhere = |part: fn((String, String, String)) -> String, own: &str| {
                    destination.as_str().map_or_else(unknown, |arn| json!(part(oracle::place(arn)) != text(unit, own)))
                };
                self.agree("copies.cross_account", &id, &copy["cross_account"], elsewhere(|place| place.0, "Account"))?;
                self.agree("copies.cross_region", &id, &copy["cross_region"], elsewhere(|place| place.1, "Region"))?;
            }
        }
        Ok(())
    }

    fn lifecycle(&self, id: &str, facts: &Value, (delete, cold): (Value, Value)) -> Result<(), TestCaseError> {
        self.agree("lifecycle.delete_after_days", id, &facts["delete_after_days"], delete)?;
        self.agree("lifecycle.move_to_cold_storage_after_days", id, &facts["move_to_cold_storage_after_days"], cold)
    }

    fn destination(&self, id: &str, facts: &Value, arn: Option<&str>) -> Result<(), TestCaseError> {
        let exists = arn.map_or_else(unknown, |arn| oracle::vault_exists(self.document, arn));
        self.agree("vault.exists", id, &facts["exists"], exists)?;
        let there = arn.and_then(|arn| oracle::vault_at(self.document, arn));
        let (mode, ..) = there.map_or_else(|| (unknown(), unknown(), unknown()), |(_, vault)| oracle::lock(vault));
        self.agree("vault.lock.mode", id, &facts["lock"]["mode"], mode)?;
        let owner = facts["key"].get("owner").unwrap_or(&facts["key"]);
        self.agree("vault.key.owner", id, owner, there.map_or_else(unknown, |(unit, vault)| oracle::key_owner(self.document, unit, vault)))
    }

    fn point(&self, unit: &Value, point: &Value) -> Result<(), TestCaseError> {
        let id = text(point, "RecoveryPointArn");
        let facts = &self.facts(Kind::RecoveryPoint, id)?.document;
        self.agree("is_copy", id, &facts["is_copy"], oracle_points::is_copy(unit, point))?;
        self.agree("made_by", id, &facts["made_by"], oracle_points::made_by(self.document, unit, point))?;
        self.agree("copies", id, &facts["copies"], oracle_points::copies(self.document, unit, point))
    }

    fn resource(&self, unit: &Value, resource: &Value) -> Result<(), TestCaseError> {
        let id = text(resource, "ResourceARN");
        match self.facts(Kind::Resource, id) {
            Ok(facts) => self.agree("selected_by", id, &facts.document["selected_by"], oracle_selections::selected_by(unit, resource)),
            // Only types that AWS Backup can know are subjects.
            Err(error) => {
                if id.contains(":ecs:") {
                    Ok(())
                } else {
                    Err(error)
                }
            }
        }
    }
}

pub fn check(mut tape: Tape) -> Result<(), TestCaseError> {
    let whole = account::world(&mut tape);
    let document = holes::punched(&mut tape, whole, 4);
    let snapshot = super::read(&document);
    let subjects = derive(&snapshot, super::as_of());
    let court = Court { document: &document, subjects: &subjects };
    for unit in units(&document) {
        list(&unit["BackupVaults"]).iter().try_for_each(|vault| court.vault(unit, vault))?;
        list(&unit["BackupPlans"]).iter().try_for_each(|plan| court.plan(unit, plan))?;
        list(&unit["RecoveryPoints"]).iter().try_for_each(|point| court.point(unit, point))?;
        list(&unit["Resources"]).iter().try_for_each(|resource| court.resource(unit, resource))?;
    }
    Ok(())
}
