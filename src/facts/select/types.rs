//! What selections select: the resources of each, all the types of a plan's, and whether that can be known to be all.

use super::super::capability::{self, ResourceType};
use super::super::world::{Region, all};
use super::assignments::Assigned;
use super::criteria::Criteria;
use super::entry::{Entry, Level};
use super::inventory::Inventory;
use super::resolve::why;
use super::stars;
use crate::snapshot::{Arn, BackupPlan, Observed, Reason, SelectionBody};

/// The resources that the selection with this number selects, by their ARNs. Known only where nothing that it could select can
/// have gone unseen.
pub fn selected_by(selection: usize, region: &Region) -> Observed<Vec<String>> {
    let assignments = &region.assignments;
    let criteria = match &assignments.selections[selection].criteria {
        Observed::Known(criteria) => criteria,
        unknown => return Observed::Unknown(why(unknown)),
    };
    let mut reasons = unlisted(criteria, region);
    let mut arns = Vec::new();
    for (resource, doubt) in assignments.selected(selection) {
        match doubt {
            Some(doubt) => reasons.extend_from_slice(doubt),
            None if resource.exists.is_known() => arns.push(resource.arn.to_owned()),
            None => reasons.extend(why(&resource.exists)),
        }
    }
    if reasons.is_empty() {
        return Observed::Known(arns);
    }
    reasons.sort();
    reasons.dedup();
    Observed::Unknown(reasons)
}

/// The types that the selection with this number admits.
pub fn types_of(selection: usize, region: &Region) -> Observed<Vec<&'static ResourceType>> {
    admitted_types(selection, &region.assignments.selections[selection], region).map(distinct)
}

/// The types that all selections of a plan admit together.
pub fn types_of_plan(plan: &BackupPlan, region: &Region) -> Observed<Vec<&'static ResourceType>> {
    selections(plan, region).and_then(|_| {
        let of_plan = region.assignments.selections.iter().enumerate().filter(|(_, selection)| std::ptr::eq(selection.plan, plan));
        all(of_plan.map(|(at, selection)| admitted_types(at, selection, region))).map(|lists| distinct(lists.concat()))
    })
}

/// The plan's selections, unknown when one of them is.
pub fn selections(plan: &BackupPlan, region: &Region) -> Observed<Vec<SelectionBody>> {
    let id = plan.backup_plan_id.as_str();
    let listed = region.sight.member(&plan.selections, "backup:ListBackupSelections", id).absent_is(Vec::new());
    listed.and_then(|selections| {
        all(selections.iter().map(|selection| {
            let subject = format!("{id}/{}", selection.selection_id.known().map_or("", String::as_str));
            region.sight.member(&selection.backup_selection, "backup:GetBackupSelection", &subject).required("BackupSelection")
        }))
    })
}

/// A pattern that names a type admits that type, whether or not there is a resource of it yet. Of all else the resources tell.
fn admitted_types(at: usize, selection: &Assigned, region: &Region) -> Observed<Vec<&'static ResourceType>> {
    let criteria = match &selection.criteria {
        Observed::Known(criteria) => criteria,
        unknown => return Observed::Unknown(why(unknown)),
    };
    let (entries, tags) = match (&criteria.resources, &criteria.tags) {
        (Observed::Known(entries), Observed::Known(tags)) => (entries, tags),
        (Observed::Known(_), unknown) => return Observed::Unknown(why(unknown)),
        (unknown, _) => return Observed::Unknown(why(unknown)),
    };
    let mut named: Vec<&'static ResourceType> = Vec::new();
    let mut opaque = entries.is_empty() || !tags.is_empty();
    for entry in entries {
        match Arn::parse(&entry.text) {
            Some(arn) if !arn.service.contains('*') && !arn.resource.starts_with('*') => {
                if reaches(&arn, region) {
                    let types = capability::types_of(&arn);
                    // `volume/*` names a type, `vol*` only matches resources of it.
                    opaque |= types.is_empty() && arn.resource.contains('*') && capability::knows_service(arn.service)
                        || types.iter().any(|row| row.shared);
                    named.extend(types.iter().filter(|row| !row.shared));
                }
            }
            _ => opaque = true,
        }
    }
    match narrows(criteria) {
        Observed::Known(false) => {}
        Observed::Unknown(reasons) if !named.is_empty() => return Observed::Unknown(reasons),
        // What NotResources and conditions leave of a type, only the resources themselves can tell.
        _ => {
            named.clear();
            opaque = true;
        }
    }
    if !opaque {
        return Observed::Known(distinct(named));
    }
    let found = selected_by(at, region).and_then(|arns| all(arns.iter().map(|arn| type_of(arn, &region.assignments.inventory))));
    found.map(|found| {
        named.extend(found);
        distinct(named)
    })
}

fn type_of(arn: &str, inventory: &Inventory) -> Observed<&'static ResourceType> {
    let named = inventory.find(arn).map_or(Observed::Absent, |seen| seen.resource_type());
    named.and_then(|name| capability::type_named(&name).map_or(Observed::Absent, Observed::Known))
}

/// Whether something takes away from what the selection's patterns name.
fn narrows(criteria: &Criteria) -> Observed<bool> {
    let any = [criteria.not_resources.as_ref().map(|list| !list.is_empty()), criteria.conditions.as_ref().map(|list| !list.is_empty())];
    if any.contains(&Observed::Known(true)) { Observed::Known(true) } else { all(any).map(|_| false) }
}

/// Why there may be resources that the selection selects and nobody saw.
pub fn unlisted(criteria: &Criteria, region: &Region) -> Vec<Reason> {
    let inventory = &region.assignments.inventory;
    if criteria.wants_tags() {
        return inventory.untagged.clone();
    }
    let mut reasons = Vec::new();
    match (criteria.names_nothing(), &criteria.conditions, &criteria.resources) {
        (Observed::Known(true), Observed::Known(conditions), _) if !conditions.is_empty() => {}
        (Observed::Known(true), ..) => reasons.extend(all_gaps(region)),
        (_, _, Observed::Known(entries)) => reasons.extend(entries.iter().flat_map(|entry| gaps_of_entry(entry, region))),
        (_, _, unknown) => reasons.extend(why(unknown)),
    }
    match &criteria.tags {
        Observed::Known(tags) if tags.is_empty() => {}
        Observed::Known(_) => reasons.extend_from_slice(&inventory.untagged),
        unknown => reasons.extend(why(unknown)),
    }
    reasons
}

/// Why a selection may select resources of a type that nobody saw and that have no tags; empty where none does.
pub fn reasons_to_select_untagged(name: &str, region: &Region) -> Vec<Reason> {
    let assignments = &region.assignments;
    let mut reasons = assignments.unseen.clone();
    reasons.extend_from_slice(&assignments.inventory.untagged);
    for selection in &assignments.selections {
        let criteria = match &selection.criteria {
            Observed::Known(criteria) if criteria.wants_tags() => continue,
            Observed::Known(criteria) => criteria,
            unknown => {
                reasons.extend(why(unknown));
                continue;
            }
        };
        let is_off = assignments.setting(selection).opt_in.known().is_some_and(|by_type| by_type.get(name) == Some(&false));
        let may_select = match (criteria.names_nothing(), &criteria.conditions, &criteria.resources) {
            (Observed::Known(true), Observed::Known(conditions), _) => conditions.is_empty() && !is_off,
            (Observed::Known(true), ..) => !is_off,
            (_, _, Observed::Known(entries)) => entries.iter().any(|entry| may_name(entry, name, is_off, region)),
            _ => true,
        };
        if may_select {
            reasons.extend_from_slice(assignments.inventory.gaps(name));
        }
    }
    reasons
}

/// Whether an entry can name a resource of the type that nobody saw.
fn may_name(entry: &Entry, name: &str, is_off: bool, region: &Region) -> bool {
    match Arn::parse(&entry.text) {
        Some(arn) if !reaches(&arn, region) => false,
        Some(arn) if entry.is_exact() => {
            region.assignments.inventory.find(&entry.text).is_none() && capability::names_of(&arn).contains(&name)
        }
        Some(arn) if entry.level == Level::Type => capability::names_of(&arn).contains(&name),
        Some(arn) if !arn.service.contains('*') && !arn.partition.contains('*') => {
            !is_off && capability::types_of_service(arn.service).any(|row| row.name == name)
        }
        _ => !is_off,
    }
}

fn gaps_of_entry(entry: &Entry, region: &Region) -> Vec<Reason> {
    let inventory = &region.assignments.inventory;
    let gaps = |rows: &mut dyn Iterator<Item = &str>| rows.flat_map(|name| inventory.gaps(name).to_vec()).collect();
    match Arn::parse(&entry.text) {
        Some(arn) if !reaches(&arn, region) => Vec::new(),
        Some(arn) if entry.is_exact() => match inventory.find(&entry.text) {
            Some(_) => Vec::new(),
            None => gaps(&mut capability::names_of(&arn).into_iter()),
        },
        Some(arn) if entry.level == Level::Type => gaps(&mut capability::names_of(&arn).into_iter()),
        Some(arn) if !arn.service.contains('*') && !arn.partition.contains('*') => {
            gaps(&mut capability::types_of_service(arn.service).map(|row| row.name.as_str()))
        }
        _ => all_gaps(region),
    }
}

fn all_gaps(region: &Region) -> Vec<Reason> {
    let supported = region.sight.supported_types();
    let supported = supported.known().and_then(|supported| supported.resource_types.known());
    let concerns = |name: &str| supported.is_none_or(|supported| supported.iter().any(|other| other == name));
    region.assignments.inventory.unlisted().filter(|(name, _)| concerns(name)).flat_map(|(_, reasons)| reasons.to_vec()).collect()
}

/// Whether an entry's account and Region can be the plan's. S3's ARNs name neither.
pub fn reaches(arn: &Arn, region: &Region) -> bool {
    let same = |part: &str, own: &str| part.is_empty() || stars(part, own);
    same(arn.account, &region.unit.account) && same(arn.region, &region.unit.region)
}

fn distinct(mut types: Vec<&'static ResourceType>) -> Vec<&'static ResourceType> {
    types.sort_by(|a, b| a.name.cmp(&b.name));
    types.dedup_by(|a, b| a.name == b.name);
    types
}
