//! Selections, as declared, and the resource types that they admit.

use schemars::JsonSchema;
use serde::Serialize;

use super::plan;
use super::reach::Reach;
use super::select::{self, Assigned};
use super::subject::{Facts, Kind, Subjects};
use super::world::{Region, World, all, plan_arn, plan_name};
use crate::snapshot::{Collection, ConditionParameter, Conditions, Observed, SelectionBody};

/// A selection of a plan.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct SelectionFacts {
    pub name: String,
    pub plan: String,
    pub account: String,
    pub region: String,
    pub role_arn: Observed<String>,
    pub resources: Observed<Vec<String>>,
    pub not_resources: Observed<Vec<String>>,
    /// `key=value`, any of which admits.
    pub tags: Observed<Vec<String>>,
    /// `operator key=value`, all of which must hold.
    pub conditions: Observed<Vec<String>>,
    /// The resources of the inventory that it admits, by ARN.
    pub selected: Observed<Vec<String>>,
    pub reach: Reach,
}

/// Makes a subject of each selection, and of what may have gone unseen.
pub fn derive(world: &World, subjects: &mut Subjects) {
    let out = subjects.of_mut(Kind::Selection);
    for region in &world.regions {
        let gaps = region.sight.gaps(Collection::BackupPlans);
        if !gaps.is_empty() {
            let name = format!("selections of the plans of {} that were not listed", region.unit.label());
            out.push(format!("{}#selection/*", plan::gap_id(region)), name, Facts::gap(region, gaps));
        }
        for plan in &region.unit.backup_plans {
            let arn = plan_arn(region.unit, plan);
            let tags = plan::tags(plan, region);
            let listed = region.sight.member(&plan.selections, "backup:ListBackupSelections", &plan.backup_plan_id).absent_is(Vec::new());
            if listed.is_unknown() {
                let facts = Facts { tags: tags.clone(), ..Facts::gap(region, listed.reasons().to_vec()) };
                out.push(format!("{arn}#selection/*"), format!("selections of plan '{}'", plan_name(plan)), facts);
            }
            let of_plan = region.assignments.selections.iter().enumerate().filter(|(_, selection)| std::ptr::eq(selection.plan, plan));
            for (at, selection) in of_plan {
                let facts = facts(at, selection, region);
                let name = format!("{} / {}", facts.plan, facts.name);
                let id = if selection.id.is_empty() { &facts.name } else { &selection.id };
                out.push(
                    format!("{arn}#selection/{id}"),
                    name,
                    Facts::new(region.unit.account.clone(), region.unit.region.clone(), tags.clone(), &facts),
                );
            }
        }
    }
}

fn facts(at: usize, selection: &Assigned, region: &Region) -> SelectionFacts {
    let body = &selection.body;
    let list =
        |member: fn(&SelectionBody) -> &Observed<Vec<String>>| body.as_ref().and_then(|body| member(body).clone().absent_is(Vec::new()));
    let tags = body.as_ref().and_then(|body| body.list_of_tags.clone().absent_is(Vec::new()));
    SelectionFacts {
        name: selection.name.clone(),
        plan: selection.plan_name.clone(),
        account: region.unit.account.clone(),
        region: region.unit.region.clone(),
        role_arn: body.as_ref().and_then(|body| body.iam_role_arn.clone()),
        resources: list(|body| &body.resources),
        not_resources: list(|body| &body.not_resources),
        tags: tags.map(|tags| tags.iter().map(|tag| format!("{}={}", tag.condition_key, tag.condition_value)).collect()),
        conditions: body
            .as_ref()
            .and_then(|body| body.conditions.clone().absent_is(Conditions::default()))
            .and_then(|conditions| written(&conditions)),
        selected: select::selected_by(at, region),
        reach: Reach::of(at, region),
    }
}

fn written(conditions: &Conditions) -> Observed<Vec<String>> {
    let lines = |operator: &str, list: &Observed<Vec<ConditionParameter>>| {
        list.clone().absent_is(Vec::new()).and_then(|list| {
            all(list.into_iter().map(|one| {
                let (key, value) = (one.condition_key.required("ConditionKey"), one.condition_value.required("ConditionValue"));
                key.and_then(|key| value.map(|value| format!("{operator} {key}={value}")))
            }))
        })
    };
    let of_each = [
        lines("StringEquals", &conditions.string_equals),
        lines("StringLike", &conditions.string_like),
        lines("StringNotEquals", &conditions.string_not_equals),
        lines("StringNotLike", &conditions.string_not_like),
    ];
    all(of_each).map(|lists| lists.concat())
}
