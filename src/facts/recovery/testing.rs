//! Restore testing plans: whether one restores recovery points of a resource by itself. What came of it is `restores`' to say.

use std::collections::BTreeSet;

use super::points::{Points, vault_named};
use super::promise::Vaults;
use super::types::Candidates;
use crate::facts::iam::pattern::wildcard;
use crate::facts::world::{Region, all};
use crate::snapshot::{
    Cause, Collection, KeyValue, Observed, Reason, RestoreTestingPlan, RestoreTestingSelection, Tags, TestedPoints, Timestamp,
};

/// A resource, as restore testing plans see it.
pub struct Tested<'r> {
    pub arn: &'r str,
    pub types: &'r Candidates,
    pub tags: &'r Observed<Tags>,
    /// Where there should be points of it.
    pub promised: &'r Observed<Vaults>,
}

/// A restore testing plan that restores points of the resource.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TestPlan {
    pub name: String,
    /// The index of the unit it belongs to.
    pub unit: usize,
    /// Absent: it never ran.
    pub last_run: Observed<Timestamp>,
}

/// What the restore testing plans of some units make of a resource.
pub struct Tests {
    /// Those that cover it for sure.
    pub covering: Vec<TestPlan>,
    /// Why there may be more.
    pub doubts: Vec<Reason>,
}

impl Tests {
    pub fn is_covered(&self) -> Observed<bool> {
        if self.covering.is_empty() && !self.doubts.is_empty() {
            return Observed::Unknown(self.doubts.clone());
        }
        Observed::Known(!self.covering.is_empty())
    }

    pub fn names(&self) -> Observed<Vec<String>> {
        if !self.doubts.is_empty() {
            return Observed::Unknown(self.doubts.clone());
        }
        let names: BTreeSet<&String> = self.covering.iter().map(|plan| &plan.name).collect();
        Observed::Known(names.into_iter().cloned().collect())
    }
}

/// Adds what the plans of one unit make of the resource.
pub fn look(tests: &mut Tests, resource: &Tested, unit: usize, region: &Region, points: &Points) {
    tests.doubts.extend(region.sight.gaps(Collection::RestoreTestingPlans));
    for plan in &region.unit.restore_testing_plans {
        match covers(plan, resource, unit, region, points) {
            Observed::Known(true) => tests.covering.push(TestPlan {
                name: plan.restore_testing_plan_name.clone(),
                unit,
                last_run: plan.last_execution_time.clone(),
            }),
            Observed::Unknown(reasons) => tests.doubts.extend(reasons),
            _ => {}
        }
    }
}

fn covers(plan: &RestoreTestingPlan, resource: &Tested, unit: usize, region: &Region, points: &Points) -> Observed<bool> {
    let name = plan.restore_testing_plan_name.as_str();
    let selections = region.sight.member(&plan.selections, "backup:ListRestoreTestingSelections", name).absent_is(Vec::new());
    let selected = selections.and_then(|selections| any(selections.iter().map(|selection| selects(selection, name, resource, region))));
    let restored = region.sight.member(&plan.recovery_point_selection, "backup:GetRestoreTestingPlan", name);
    let restored = restored.required("RecoveryPointSelection").and_then(|which| restores(&which, resource, unit, region, points));
    both(selected, restored)
}

fn selects(selection: &RestoreTestingSelection, plan: &str, resource: &Tested, region: &Region) -> Observed<bool> {
    const ACTION: &str = "backup:GetRestoreTestingSelection";
    let of_type = selection.protected_resource_type.as_ref().required("ProtectedResourceType").and_then(|name| resource.types.is(name));
    let subject = format!("{plan}/{}", selection.restore_testing_selection_name);
    let arns = region.sight.member(&selection.protected_resource_arns, ACTION, &subject);
    let conditions = region.sight.member(&selection.protected_resource_conditions, ACTION, &subject);
    if arns.is_absent() && conditions.is_absent() {
        let detail = format!("restore testing selection '{subject}' names neither resources nor conditions");
        return both(of_type, Observed::unknown(Reason::new(Cause::Undetermined, detail)));
    }
    // Left out beside conditions, they stand for all resources of the type.
    let named = arns.map(|arns| arns.iter().any(|arn| wildcard(arn, resource.arn))).absent_is(true);
    let meets = conditions.and_then(|conditions| {
        let equal = conditions.string_equals.absent_is(Vec::new());
        let differs = conditions.string_not_equals.absent_is(Vec::new());
        let verdicts = [equal.map(|list| (list, false)), differs.map(|list| (list, true))];
        all(verdicts).and_then(|lists| meets_all(&lists, resource.tags))
    });
    both(of_type, both(named, meets.absent_is(true)))
}

/// AWS does not say whether one condition of several is enough, nor what a negated one makes of a resource without the tag.
fn meets_all(lists: &[(Vec<KeyValue>, bool)], tags: &Observed<Tags>) -> Observed<bool> {
    let conditions = lists.iter().flat_map(|(list, negated)| list.iter().map(move |condition| (condition, *negated)));
    let verdicts = all(conditions.map(|(condition, negated)| meets(condition, negated, tags)));
    verdicts.and_then(|verdicts| {
        if verdicts.iter().all(|holds| *holds) {
            return Observed::Known(true);
        }
        if verdicts.iter().any(|holds| *holds) {
            let detail = "AWS does not say whether a resource must meet all conditions of a restore testing selection, or one of them";
            return Observed::unknown(Reason::new(Cause::Undetermined, detail));
        }
        Observed::Known(false)
    })
}

fn meets(condition: &KeyValue, negated: bool, tags: &Observed<Tags>) -> Observed<bool> {
    let key = condition.key.as_ref().required("Key");
    let value = condition.value.as_ref().required("Value");
    let undetermined = |detail: String| Observed::unknown(Reason::new(Cause::Undetermined, detail));
    key.and_then(|key| value.map(|value| (key, value))).and_then(|(key, value)| {
        let Some(tag) = key.strip_prefix("aws:ResourceTag/") else {
            return undetermined(format!("AWS does not say what the condition key '{key}' of a restore testing selection means"));
        };
        tags.as_ref().required("Tags").and_then(|tags| match tags.get(tag) {
            Some(own) => Observed::Known((own == value) != negated),
            None if negated => {
                undetermined(format!("AWS does not say whether a negated condition on '{key}' holds for a resource without that tag"))
            }
            None => Observed::Known(false),
        })
    })
}

/// Whether the plan takes points from a vault in which the resource has or should have some, and of a kind that it can have.
fn restores(which: &TestedPoints, resource: &Tested, unit: usize, region: &Region, points: &Points) -> Observed<bool> {
    let include = which.include_vaults.clone().required("IncludeVaults");
    let exclude = which.exclude_vaults.clone().absent_is(Vec::new());
    let vaults = include.and_then(|include| {
        exclude.and_then(|exclude| {
            let admits = |vault: &str| {
                include.iter().any(|pattern| wildcard(pattern, vault)) && !exclude.iter().any(|pattern| wildcard(pattern, vault))
            };
            from_some_vault(admits, resource, unit, region, points)
        })
    });
    let kinds = which.recovery_point_types.clone().required("RecoveryPointTypes");
    let kinds = kinds.and_then(|kinds| {
        if kinds.iter().any(|kind| kind == "SNAPSHOT") { Observed::Known(true) } else { resource.types.can_be_continuous() }
    });
    both(vaults, kinds)
}

fn from_some_vault(admits: impl Fn(&str) -> bool, resource: &Tested, unit: usize, region: &Region, points: &Points) -> Observed<bool> {
    let here = format!(":backup:{}:{}:backup-vault:", region.unit.region, region.unit.account);
    let promised = resource.promised.as_ref().map(|vaults| vaults.iter().any(|vault| vault.contains(&here) && admits(vault)));
    // Of many points, a few vaults.
    let vaults = || points.in_unit(resource.arn, unit).filter_map(|point| point.backup_vault_name.known()).collect::<BTreeSet<_>>();
    let seen = || vaults().into_iter().any(|name| vault_named(name, region).is_some_and(|vault| admits(&vault)));
    if promised == Observed::Known(true) || seen() {
        return Observed::Known(true);
    }
    match points.gaps(unit) {
        [] => promised,
        gaps => Observed::Unknown([gaps, promised.reasons()].concat()),
    }
}

/// False as soon as one is; else unknown where one is.
fn both(one: Observed<bool>, other: Observed<bool>) -> Observed<bool> {
    if one == Observed::Known(false) || other == Observed::Known(false) {
        return Observed::Known(false);
    }
    all([one, other]).map(|_| true)
}

/// True as soon as one is; else unknown where one is.
fn any(verdicts: impl Iterator<Item = Observed<bool>>) -> Observed<bool> {
    let verdicts: Vec<Observed<bool>> = verdicts.collect();
    if verdicts.contains(&Observed::Known(true)) {
        return Observed::Known(true);
    }
    all(verdicts).map(|_| false)
}
