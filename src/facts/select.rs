//! How a selection resolves to resources, in AWS's order: what admits, what takes away, what filters.

use super::capability::{self, ResourceType};
use super::document::{matches, wildcard};
use super::world::{Region, all};
use crate::snapshot::{Arn, BackupPlan, Cause, Collection, ConditionParameter, Observed, Reason, Resource, SelectionBody, Tags};

/// What a selection admits, as far as the inventory tells.
pub struct Admitted {
    pub types: Observed<Vec<&'static ResourceType>>,
    /// ARNs of inventory resources, in order.
    pub resources: Observed<Vec<String>>,
}

/// Resolves one selection of a plan of this Region.
pub fn admitted(body: &SelectionBody, region: &Region) -> Admitted {
    let patterns = or_empty(&body.resources);
    let tags = or_empty(&body.list_of_tags);
    let (patterns, tags) = match (patterns, tags) {
        (Observed::Known(patterns), Observed::Known(tags)) => (patterns, tags),
        (Observed::Unknown(reasons), _) | (_, Observed::Unknown(reasons)) => return unknown(reasons),
        _ => return unknown(vec![Reason::new(Cause::KnownAfterApply, "the selection's resources are known only after apply")]),
    };
    let everything = patterns.is_empty() && tags.is_empty();
    let resources: Observed<Vec<String>> = match inventory_gaps(region) {
        gaps if gaps.is_empty() => {
            let verdicts = region.unit.resources.iter().map(|resource| {
                let by_pattern = patterns.iter().any(|pattern| matches(pattern, &resource.resource_arn, |c| !c.is_whitespace()));
                let admits = if everything || by_pattern { Observed::Known(true) } else { any_tag(&tags, &resource.tags) };
                match (admits, keeps(body, region, resource)) {
                    (Observed::Known(false), _) | (_, Observed::Absent) => Observed::Absent,
                    (admits, keeps) => admits.and_then(|_| keeps),
                }
            });
            all(verdicts)
        }
        gaps => Observed::Unknown(gaps),
    };
    // A pattern that names a type admits that type, whether or not the inventory knows a resource of it.
    let mut named: Vec<&'static ResourceType> = Vec::new();
    let mut opaque = everything || !tags.is_empty();
    for pattern in &patterns {
        match Arn::parse(pattern) {
            Some(arn) if !arn.service.contains('*') && !arn.resource.starts_with('*') => {
                if in_place(&arn, region) {
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
    match narrows(body) {
        Observed::Known(false) => {}
        Observed::Unknown(reasons) if !named.is_empty() => return Admitted { types: Observed::Unknown(reasons), resources },
        // What NotResources and conditions leave of a type, only the resources themselves can tell.
        _ => {
            named.clear();
            opaque = true;
        }
    }
    let types = if opaque {
        resources.as_ref().and_then(|arns| types_of_all(arns, region)).map(|found| {
            named.extend(found);
            distinct(named)
        })
    } else {
        Observed::Known(distinct(named))
    };
    Admitted { types, resources }
}

/// The types that all selections of a plan admit together.
pub fn types_of_plan(plan: &BackupPlan, region: &Region) -> Observed<Vec<&'static ResourceType>> {
    selections(plan, region).and_then(|bodies| {
        let of_each = bodies.iter().map(|body| admitted(body, region).types);
        all(of_each).map(|lists| distinct(lists.into_iter().flatten().collect()))
    })
}

/// The plan's selections, unknown when one of them is.
pub fn selections<'a>(plan: &'a BackupPlan, region: &Region) -> Observed<Vec<SelectionBody>>
where
    SelectionBody: 'a,
{
    let id = plan.backup_plan_id.as_str();
    let listed = region.sight.member(&plan.selections, "backup:ListBackupSelections", id).absent_is(Vec::new());
    listed.and_then(|selections| {
        all(selections.iter().map(|selection| {
            let subject = format!("{id}/{}", selection.selection_id.known().map_or("", String::as_str));
            region.sight.member(&selection.backup_selection, "backup:GetBackupSelection", &subject).required("BackupSelection")
        }))
    })
}

/// What NotResources, Conditions, account, Region and type leave: absent as soon as one of them takes it away.
fn keeps(body: &SelectionBody, region: &Region, resource: &Resource) -> Observed<String> {
    let Some(arn) = Arn::parse(&resource.resource_arn) else { return Observed::Absent };
    if !in_place(&arn, region) || capability::types_of(&arn).is_empty() {
        return Observed::Absent;
    }
    let excluded = or_empty(&body.not_resources)
        .map(|patterns| patterns.iter().any(|pattern| matches(pattern, &resource.resource_arn, |c| !c.is_whitespace())));
    match (excluded, conditions_hold(body, &resource.tags)) {
        (Observed::Known(true), _) | (_, Observed::Known(false)) => Observed::Absent,
        (Observed::Known(false), hold) => hold.map(|_| resource.resource_arn.clone()),
        (excluded, _) => excluded.map(|_| resource.resource_arn.clone()),
    }
}

/// A plan acts on its own account and Region only; S3 names carry neither, and patterns may leave them open.
fn in_place(arn: &Arn, region: &Region) -> bool {
    let same = |part: &str, own: &str| part.is_empty() || wildcard(part, own);
    same(arn.account, &region.unit.account) && same(arn.region, &region.unit.region)
}

/// Entries of ListOfTags are ORed, and compared with their case.
fn any_tag(conditions: &[crate::snapshot::TagCondition], tags: &Observed<Tags>) -> Observed<bool> {
    if conditions.is_empty() {
        return Observed::Known(false);
    }
    tags.clone()
        .absent_is(Tags::default())
        .map(|tags| conditions.iter().any(|condition| tags.get(&condition.condition_key) == Some(condition.condition_value.as_str())))
}

/// Whether something takes away from what the selection's patterns name.
fn narrows(body: &SelectionBody) -> Observed<bool> {
    let excludes = or_empty(&body.not_resources).map(|list| !list.is_empty());
    match (excludes, has_conditions(body)) {
        (Observed::Known(true), _) | (_, Observed::Known(true)) => Observed::Known(true),
        (Observed::Known(false), filters) => filters,
        (excludes, _) => excludes,
    }
}

fn has_conditions(body: &SelectionBody) -> Observed<bool> {
    body.conditions.clone().absent_is(Default::default()).and_then(|conditions| {
        let lists = [&conditions.string_equals, &conditions.string_like, &conditions.string_not_equals, &conditions.string_not_like];
        let any = lists.map(|list| or_empty(list).map(|list| !list.is_empty()));
        if any.contains(&Observed::Known(true)) { Observed::Known(true) } else { all(any).map(|_| false) }
    })
}

/// All must hold. AWS does not say what a negated condition makes of a resource without the tag.
fn conditions_hold(body: &SelectionBody, tags: &Observed<Tags>) -> Observed<bool> {
    if has_conditions(body) == Observed::Known(false) {
        return Observed::Known(true);
    }
    body.conditions.clone().absent_is(Default::default()).and_then(|conditions| {
        tags.clone().absent_is(Tags::default()).and_then(|tags| {
            let equal = |pattern: &str, value: &str| pattern == value;
            let like = |pattern: &str, value: &str| matches(pattern, value, |c| !c.is_whitespace());
            let verdicts = [
                list_holds(&conditions.string_equals, &tags, equal, false),
                list_holds(&conditions.string_like, &tags, like, false),
                list_holds(&conditions.string_not_equals, &tags, equal, true),
                list_holds(&conditions.string_not_like, &tags, like, true),
            ];
            if verdicts.contains(&Observed::Known(false)) {
                return Observed::Known(false);
            }
            all(verdicts).map(|_| true)
        })
    })
}

fn list_holds(
    list: &Observed<Vec<ConditionParameter>>,
    tags: &Tags,
    matches: impl Fn(&str, &str) -> bool,
    negated: bool,
) -> Observed<bool> {
    or_empty(list).and_then(|list| {
        let verdicts: Vec<Observed<bool>> = list
            .iter()
            .map(|parameter| match (&parameter.condition_key, &parameter.condition_value) {
                (Observed::Known(key), Observed::Known(wanted)) => {
                    let value = key.strip_prefix("aws:ResourceTag/").and_then(|key| tags.get(key));
                    match value {
                        Some(value) => Observed::Known(matches(wanted, value) != negated),
                        None if negated => {
                            let detail =
                                format!("AWS does not say whether a negated condition on '{key}' holds for a resource without that tag");
                            Observed::unknown(Reason::new(Cause::Undetermined, detail))
                        }
                        None => Observed::Known(false),
                    }
                }
                _ => Observed::unknown(Reason::new(Cause::NotObserved, "a condition of the selection is not known")),
            })
            .collect();
        if verdicts.contains(&Observed::Known(false)) {
            return Observed::Known(false);
        }
        all(verdicts).map(|_| true)
    })
}

fn types_of_all(arns: &[String], region: &Region) -> Observed<Vec<&'static ResourceType>> {
    all(arns.iter().filter_map(|arn| Arn::parse(arn)).map(|arn| match capability::types_of(&arn).as_slice() {
        [] => Observed::Absent,
        [one] => Observed::Known(*one),
        _ => type_by_points(&arn.to_string(), region),
    }))
}

/// Aurora, DocumentDB and Neptune clusters share one shape of ARN; AWS Backup's own lists tell them apart.
fn type_by_points(arn: &str, region: &Region) -> Observed<&'static ResourceType> {
    let protected = region.unit.protected_resources.iter().filter(|resource| resource.resource_arn == arn);
    let named = protected.filter_map(|resource| resource.resource_type.known()).find_map(|name| capability::type_named(name));
    named.map_or_else(
        || {
            let mut reasons = region.sight.gaps(Collection::ProtectedResources);
            if reasons.is_empty() {
                reasons.push(Reason::new(Cause::Undetermined, format!("'{arn}' may be an Aurora, DocumentDB or Neptune cluster")));
            }
            Observed::Unknown(reasons)
        },
        Observed::Known,
    )
}

fn inventory_gaps(region: &Region) -> Vec<Reason> {
    region.sight.gaps(Collection::Resources)
}

fn or_empty<T: Clone>(list: &Observed<Vec<T>>) -> Observed<Vec<T>> {
    list.clone().absent_is(Vec::new())
}

fn distinct(mut types: Vec<&'static ResourceType>) -> Vec<&'static ResourceType> {
    types.sort_by(|a, b| a.name.cmp(&b.name));
    types.dedup_by(|a, b| a.name == b.name);
    types
}

fn unknown(reasons: Vec<Reason>) -> Admitted {
    Admitted { types: Observed::Unknown(reasons.clone()), resources: Observed::Unknown(reasons) }
}
