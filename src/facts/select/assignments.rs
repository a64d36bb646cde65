//! All selections of a Region met with all its resources. Each resource meets only the selections that could select it: by the ARNs and
//! types that their entries name, or by a tag that they want.

use super::super::sight::Sight;
use super::super::world::plan_name;
use super::closest::Closest;
use super::criteria::Criteria;
use super::index::Index;
use super::inventory::{Inventory, Seen};
use super::resolve::{Outcome, Setting, Step, resolve, why};
use crate::snapshot::{BackupPlan, Collection, Observed, Reason, SelectionBody, Timestamp, Unit};

/// A selection of a plan.
#[derive(Debug)]
pub struct Assigned<'a> {
    pub plan: &'a BackupPlan,
    pub plan_name: String,
    pub id: String,
    pub name: String,
    /// When it was made.
    pub since: Observed<Timestamp>,
    pub body: Observed<SelectionBody>,
    pub criteria: Observed<Criteria>,
}

/// The selections and resources of a unit, and who selects what.
#[derive(Debug)]
pub struct Assignments<'a> {
    pub inventory: Inventory<'a>,
    pub selections: Vec<Assigned<'a>>,
    /// Why there may be selections that nobody saw.
    pub unseen: Vec<Reason>,
    own: Setting,
    by_organization: Setting,
    /// By resource: the selections that select it, or may do so for these reasons.
    met: Vec<Vec<(usize, Option<Vec<Reason>>)>>,
    /// By selection: the resources that stand in `met` with it.
    by_selection: Vec<Vec<usize>>,
    /// By selection: the resources that it names, or may name, of types that may not be opted in.
    switched_off: Vec<Vec<usize>>,
    by_entry: Index,
    cheapest: Index,
    closest: Closest,
}

impl<'a> Assignments<'a> {
    pub fn of(unit: &'a Unit, sight: &Sight<'a>) -> Self {
        let inventory = Inventory::of(unit, sight);
        let mut unseen = sight.gaps(Collection::BackupPlans);
        let mut selections = Vec::new();
        for plan in &unit.backup_plans {
            let plan_id = plan.backup_plan_id.as_str();
            let listed = sight.member(&plan.selections, "backup:ListBackupSelections", plan_id).absent_is(Vec::new());
            if !listed.is_known() {
                unseen.extend(why(&listed));
            }
            for selection in listed.known().into_iter().flatten() {
                let id = selection.selection_id.known().cloned().unwrap_or_default();
                let subject = format!("{plan_id}/{id}");
                let body = sight.member(&selection.backup_selection, "backup:GetBackupSelection", &subject).required("BackupSelection");
                let named = body.known().and_then(|body| body.selection_name.known()).or(selection.selection_name.known());
                let name = named.unwrap_or(&id).clone();
                let criteria = body.as_ref().map(Criteria::of);
                let since = selection.creation_date.clone().required("CreationDate");
                selections.push(Assigned { plan, plan_name: plan_name(plan), id, name, since, body, criteria });
            }
        }
        let own = setting(unit, sight);
        let elsewhere = Reason::new(
            crate::snapshot::Cause::NotObserved,
            "a policy of the organization made the plan, and the opt-in of the management account, which then decides, was not observed",
        );
        let by_organization = Setting { opt_in: Observed::unknown(elsewhere), ..own.clone() };
        let by_entry = Index::by_entry(selections.iter().enumerate());
        let cheapest = Index::cheapest(&selections, &inventory);
        let closest = Closest::of(&selections);
        let mut made = Assignments {
            inventory,
            selections,
            unseen,
            own,
            by_organization,
            met: Vec::new(),
            by_selection: Vec::new(),
            switched_off: Vec::new(),
            by_entry,
            cheapest,
            closest,
        };
        made.met = made.meet();
        made.by_selection = vec![Vec::new(); made.selections.len()];
        for (resource, met) in made.met.iter().enumerate() {
            met.iter().for_each(|(selection, _)| made.by_selection[*selection].push(resource));
        }
        made.switched_off = made.switched_off();
        made
    }

    /// What is in force for the plan of a selection.
    pub fn setting(&self, selection: &Assigned) -> &Setting {
        // Plans that a policy of the organization made have ids like `orgs/4232272a-...`.
        let of_organization = selection.plan.backup_plan_id.starts_with("orgs/");
        if of_organization { &self.by_organization } else { &self.own }
    }

    /// Who selects the resource with this number, or may do so.
    pub fn met(&self, resource: usize) -> impl Iterator<Item = (&Assigned<'a>, Option<&[Reason]>)> {
        self.met[resource].iter().map(|(at, doubt)| (&self.selections[*at], doubt.as_deref()))
    }

    /// The resources that the selection with this number selects, or may select.
    pub fn selected(&self, selection: usize) -> impl Iterator<Item = (&Seen<'a>, Option<&[Reason]>)> {
        let of = move |at: &usize| {
            let doubt = self.met[*at].iter().find(|(other, _)| *other == selection).and_then(|(_, doubt)| doubt.as_deref());
            (&self.inventory.seen[*at], doubt)
        };
        self.by_selection[selection].iter().map(of)
    }

    /// The resources that the selection with this number names, or may name, of types that may not be opted in.
    pub fn switched_off_of(&self, selection: usize) -> impl Iterator<Item = &Seen<'a>> {
        self.switched_off[selection].iter().map(|at| &self.inventory.seen[*at])
    }

    fn switched_off(&self) -> Vec<Vec<usize>> {
        let mut found = vec![Vec::new(); self.selections.len()];
        let Observed::Known(opt_in) = &self.own.opt_in else { return found };
        for (at, seen) in self.inventory.seen.iter().enumerate() {
            if seen.types.iter().any(|name| opt_in.get(*name) == Some(&false)) {
                self.by_entry.meeting(seen, self.selections.len()).into_iter().for_each(|selection| found[selection].push(at));
            }
        }
        found
    }

    /// Of the selections that name a resource which none selects, the one that it came farthest in, with the step that dropped it.
    pub fn closest(&self, resource: &Seen) -> Result<Option<(&Assigned<'a>, Step<'_>)>, Vec<Reason>> {
        self.closest.find(resource, self, &self.by_entry, &self.cheapest)
    }

    pub fn resolve<'c>(&self, selection: &'c Assigned, resource: &Seen) -> Result<Outcome<'c>, Vec<Reason>> {
        match &selection.criteria {
            Observed::Known(criteria) => Ok(resolve(criteria, &resource.candidate(), self.setting(selection))),
            unknown => Err(why(unknown)),
        }
    }

    fn meet(&self) -> Vec<Vec<(usize, Option<Vec<Reason>>)>> {
        let of_one = |resource: &Seen| {
            let met = self.cheapest.meeting(resource, self.selections.len()).into_iter().filter_map(|at| {
                let answer = self.resolve(&self.selections[at], resource).map(|outcome| outcome.is_selected());
                match answer {
                    Ok(Observed::Known(true)) => Some((at, None)),
                    Ok(Observed::Known(false)) => None,
                    Ok(unknown) => Some((at, Some(unknown.reasons().to_vec()))),
                    Err(reasons) => Some((at, Some(reasons))),
                }
            });
            met.collect()
        };
        self.inventory.seen.iter().map(of_one).collect()
    }
}

fn setting(unit: &Unit, sight: &Sight) -> Setting {
    let supported = sight.supported_types();
    let settings = sight.member(&unit.region_settings, "backup:DescribeRegionSettings", &unit.region).required("RegionSettings");
    Setting {
        account: unit.account.clone(),
        region: unit.region.clone(),
        supported: supported.required("SupportedResourceTypes").and_then(|supported| supported.resource_types.required("ResourceTypes")),
        opt_in: settings.and_then(|settings| settings.resource_type_opt_in_preference.required("ResourceTypeOptInPreference")),
    }
}
