//! How far a selection reaches: what its entries name that is not there, not AWS Backup's or somebody else's, and how it narrows or widens.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::capability;
use super::select::{Assigned, Criteria, Entry, Level, Outcome, Step, TAG_PREFIX, unlisted, why};
use super::world::{Region, all};
use crate::snapshot::{Arn, Cause, Observed, Reason};

/// A selection, as far as judgements of it need to know.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Reach {
    /// Whether it selects at least one resource.
    pub selects_something: Observed<bool>,
    /// Whether it takes everything in the account: it names nothing, or `*`, and has no condition.
    pub is_unbounded: Observed<bool>,
    /// Whether it has conditions and neither resources nor tags, which AWS Backup refuses.
    pub has_conditions_only: Observed<bool>,
    /// Whether all it names is single resources, by their ARNs.
    pub is_fixed_list: Observed<bool>,
    /// The entries of Resources that name what AWS Backup does not support in the Region.
    pub unsupported: Observed<Vec<Unsupported>>,
    /// The entries of Resources that lie in another account, Region or partition than the plan.
    pub foreign: Observed<Vec<Foreign>>,
    /// The ARNs of Resources under which there is nothing in the Region.
    pub dangling: Observed<Vec<String>>,
    /// Entries of Resources and NotResources with a wildcard before their end, other than for Region or account.
    pub odd_wildcards: Observed<Vec<String>>,
    /// Types that it loses because they are not opted in.
    pub opted_out: Observed<Vec<OptedOut>>,
    /// The keys of ListOfTags, which are bare, that begin with `aws:ResourceTag/`.
    pub prefixed_tag_keys: Observed<Vec<String>>,
    /// The keys of Conditions that lack that prefix.
    pub bare_condition_keys: Observed<Vec<String>>,
    /// The keys of ListOfTags, each once.
    pub tag_keys: Observed<Vec<String>>,
    /// The tags whose value it prescribes for all that it selects, by their bare keys.
    pub required_tag_keys: Observed<Vec<String>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Unsupported {
    pub entry: String,
    /// The type by AWS Backup's name, else the service as ARNs name it.
    pub what: String,
    /// When the table that tells types by their ARNs was read, as YYYY-MM-DD.
    pub read_on: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Foreign {
    pub entry: String,
    /// `account`, `Region` or `partition`.
    pub part: String,
    /// As the entry has it.
    pub named: String,
    /// The plan's.
    pub own: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OptedOut {
    #[serde(rename = "type")]
    pub resource_type: String,
    /// How many resources that were seen it loses.
    pub resources: u64,
}

impl Reach {
    /// `at` is the selection's number in its Region.
    pub fn of(at: usize, region: &Region) -> Self {
        let selection = &region.assignments.selections[at];
        let known = &selection.criteria.as_ref();
        fn told<'c, T>(criteria: &Observed<&'c Criteria>, tell: impl FnOnce(&'c Criteria) -> Observed<T>) -> Observed<T> {
            criteria.clone().and_then(tell)
        }
        let entries = |tell: &dyn Fn(&[Entry]) -> Observed<Vec<String>>| {
            told(known, |criteria| criteria.resources.as_ref().and_then(|entries| tell(entries)))
        };
        Reach {
            selects_something: selects_something(at, selection, region),
            is_unbounded: told(known, |criteria| {
                let everything = |entries: &Vec<Entry>| entries.iter().any(|entry| is_everything(&entry.text));
                let wide = match (criteria.names_nothing(), criteria.resources.as_ref().map(everything)) {
                    (Observed::Known(true), _) | (_, Observed::Known(true)) => Observed::Known(true),
                    (Observed::Known(false), wide) => wide,
                    (unknown, _) => unknown,
                };
                both(wide, criteria.conditions.as_ref().map(Vec::is_empty))
            }),
            has_conditions_only: told(known, |criteria| {
                both(criteria.names_nothing(), criteria.conditions.as_ref().map(|list| !list.is_empty()))
            }),
            is_fixed_list: told(known, |criteria| {
                let exact = criteria.resources.as_ref().map(|entries| !entries.is_empty() && entries.iter().all(Entry::is_exact));
                both(exact, criteria.tags.as_ref().map(Vec::is_empty))
            }),
            unsupported: told(known, |criteria| criteria.resources.as_ref().and_then(|entries| unsupported(entries, selection, region))),
            foreign: told(known, |criteria| {
                criteria.resources.as_ref().map(|entries| entries.iter().filter_map(|entry| foreign(entry, region)).collect())
            }),
            dangling: entries(&|entries| dangling(entries, region)),
            odd_wildcards: told(known, |criteria| {
                let odd = |entries: &Vec<Entry>| -> Vec<String> {
                    entries.iter().filter(|entry| entry.has_odd_wildcard()).map(|entry| entry.text.clone()).collect()
                };
                all([criteria.resources.as_ref().map(odd), criteria.not_resources.as_ref().map(odd)]).map(|lists| lists.concat())
            }),
            opted_out: told(known, |criteria| opted_out(at, criteria, selection, region)),
            prefixed_tag_keys: tag_keys(known).map(|keys| keys.into_iter().filter(|key| key.starts_with(TAG_PREFIX)).collect()),
            bare_condition_keys: told(known, |criteria| {
                let keys = criteria.conditions.as_ref().and_then(|list| all(list.iter().map(|one| one.key.clone())));
                keys.map(|keys| distinct(keys.into_iter().filter(|key| !key.starts_with(TAG_PREFIX)).collect()))
            }),
            tag_keys: tag_keys(known),
            required_tag_keys: told(known, required_tag_keys),
        }
    }
}

fn selects_something(at: usize, selection: &Assigned, region: &Region) -> Observed<bool> {
    let criteria = match &selection.criteria {
        Observed::Known(criteria) => criteria,
        unknown => return Observed::Unknown(why(unknown)),
    };
    let mut reasons = Vec::new();
    for (resource, doubt) in region.assignments.selected(at) {
        match (&resource.exists, doubt) {
            (Observed::Known(true), None) => return Observed::Known(true),
            (exists, doubt) => reasons.extend(doubt.map_or_else(|| why(exists), <[Reason]>::to_vec)),
        }
    }
    reasons.extend(unlisted(criteria, region));
    reasons.sort();
    reasons.dedup();
    if reasons.is_empty() { Observed::Known(false) } else { Observed::Unknown(reasons) }
}

/// `*`, or an ARN that leaves even the service open.
fn is_everything(entry: &str) -> bool {
    let mut parts = entry.split(':');
    match parts.next() {
        Some("*") => true,
        Some("arn") => {
            let rest: Vec<&str> = parts.collect();
            rest.len() <= 5 && rest.iter().skip(1).all(|part| *part == "*") && rest.first().is_some_and(|part| !part.is_empty())
        }
        _ => false,
    }
}

fn unsupported(entries: &[Entry], selection: &Assigned, region: &Region) -> Observed<Vec<Unsupported>> {
    let supported = &region.assignments.setting(selection).supported;
    let of_one = |entry: &Entry| {
        let service = entry.text.split(':').nth(2).unwrap_or("*");
        if service.contains('*') || foreign(entry, region).is_some() {
            return Observed::Absent;
        }
        let found = |what: &str| {
            Observed::Known(Unsupported { entry: entry.text.clone(), what: what.to_owned(), read_on: capability::read_on().to_owned() })
        };
        if capability::is_never_supported(service) {
            return found(service);
        }
        let of_arn = Arn::parse(&entry.text).map(|arn| capability::names_of(&arn)).unwrap_or_default();
        // `vol*` may be any type of its service.
        let names = match of_arn.is_empty() && entry.level != Level::Resource && entry.level != Level::Type {
            true => capability::types_of_service(service).map(|row| row.name.as_str()).collect(),
            false => of_arn,
        };
        supported.as_ref().and_then(|supported| {
            if names.iter().any(|name| supported.iter().any(|other| other == name)) {
                return Observed::Absent;
            }
            let new = supported.iter().find(|name| capability::type_named(name).is_none());
            match (names.first(), new) {
                (Some(name), _) => found(name),
                (None, None) => found(service),
                (None, Some(new)) => {
                    let detail = format!("AWS Backup supports '{new}', and it is not known whether '{}' names that type", entry.text);
                    Observed::unknown(Reason::new(Cause::Undetermined, detail))
                }
            }
        })
    };
    all(entries.iter().map(of_one))
}

/// Why an entry can never match a resource of the plan's account and Region.
fn foreign(entry: &Entry, region: &Region) -> Option<Foreign> {
    let arn = Arn::parse(&entry.text)?;
    let unit = region.unit;
    let parts =
        [("account", arn.account, &unit.account), ("Region", arn.region, &unit.region), ("partition", arn.partition, &unit.partition)];
    let (part, named, own) = parts.into_iter().find(|(_, named, own)| !named.is_empty() && !super::select::stars(named, own))?;
    Some(Foreign { entry: entry.text.clone(), part: part.to_owned(), named: named.to_owned(), own: own.clone() })
}

fn dangling(entries: &[Entry], region: &Region) -> Observed<Vec<String>> {
    let inventory = &region.assignments.inventory;
    let of_one = |entry: &Entry| {
        let arn = Arn::parse(&entry.text).filter(|_| entry.is_exact() && foreign(entry, region).is_none());
        let Some(types) = arn.map(|arn| capability::names_of(&arn)).filter(|types| !types.is_empty()) else { return Observed::Absent };
        match inventory.find(&entry.text).map(|seen| &seen.exists) {
            Some(Observed::Known(true)) => Observed::Absent,
            Some(unknown) => Observed::Unknown(why(unknown)),
            None => {
                let gaps = types.into_iter().flat_map(|name| inventory.gaps(name)).chain(&inventory.untagged);
                let gaps: Vec<Reason> = gaps.cloned().collect();
                if gaps.is_empty() { Observed::Known(entry.text.clone()) } else { Observed::Unknown(gaps) }
            }
        }
    };
    all(entries.iter().map(of_one))
}

fn opted_out(at: usize, criteria: &Criteria, selection: &Assigned, region: &Region) -> Observed<Vec<OptedOut>> {
    let (entries, tags) = match (&criteria.resources, &criteria.tags) {
        (Observed::Known(entries), Observed::Known(tags)) => (entries, tags),
        (Observed::Known(_), unknown) => return Observed::Unknown(why(unknown)),
        (unknown, _) => return Observed::Unknown(why(unknown)),
    };
    let by_tag = !tags.is_empty() || entries.is_empty();
    let concerned = |entry: &Entry| {
        let shared = Arn::parse(&entry.text).is_some_and(|arn| capability::needs_opt_in_by_arn(&arn));
        foreign(entry, region).is_none() && (shared || matches!(entry.level, Level::Service | Level::Unsettled))
    };
    if !by_tag && !entries.iter().any(concerned) {
        return Observed::Known(Vec::new());
    }
    let opt_in = match &region.assignments.setting(selection).opt_in {
        Observed::Known(opt_in) => opt_in,
        unknown => return Observed::Unknown(why(unknown)),
    };
    let inventory = &region.assignments.inventory;
    let mut lost: BTreeMap<&str, u64> = BTreeMap::new();
    let mut doubt = Vec::new();
    for seen in region.assignments.switched_off_of(at) {
        match region.assignments.resolve(selection, seen) {
            Ok(Outcome::Dropped(Step::NotOptedIn)) => *lost.entry(seen.types[0]).or_default() += 1,
            Ok(Outcome::Unknown(reasons) | Outcome::DroppedSomewhere(reasons)) | Err(reasons) => doubt.extend(reasons),
            Ok(_) => {}
        }
    }
    // What is off and was not seen may be lost as well.
    let reachable = |name: &str| by_tag || entries.iter().filter(|entry| concerned(entry)).any(|entry| may_be(entry, name));
    let off = opt_in.iter().filter(|(name, on)| !**on && reachable(name)).map(|(name, _)| name.as_str());
    match criteria.wants_tags() {
        true => doubt.extend(off.take(1).flat_map(|_| inventory.untagged.clone())),
        false => doubt.extend(off.flat_map(|name| inventory.gaps(name).to_vec())),
    }
    if doubt.is_empty() {
        return Observed::Known(lost.into_iter().map(|(name, resources)| OptedOut { resource_type: name.to_owned(), resources }).collect());
    }
    doubt.sort();
    doubt.dedup();
    Observed::Unknown(doubt)
}

fn may_be(entry: &Entry, name: &str) -> bool {
    let service = entry.text.split(':').nth(2).unwrap_or("*");
    service.contains('*') || capability::types_of_service(service).any(|row| row.name == name)
}

fn tag_keys(criteria: &Observed<&Criteria>) -> Observed<Vec<String>> {
    let tags = criteria.clone().and_then(|criteria| criteria.tags.as_ref());
    tags.map(|tags| distinct(tags.iter().map(|tag| tag.condition_key.clone()).collect()))
}

/// Conditions all hold; one single entry of ListOfTags, where there are no resources beside it, does as well.
fn required_tag_keys(criteria: &Criteria) -> Observed<Vec<String>> {
    let of_conditions = criteria.conditions.as_ref().and_then(|list| {
        let keys = list.iter().filter(|one| !one.operator.is_negated()).map(|one| one.key.clone());
        all(keys).map(|keys| keys.iter().filter_map(|key| key.strip_prefix(TAG_PREFIX)).map(str::to_owned).collect::<Vec<String>>())
    });
    let of_tags = match (&criteria.resources, &criteria.tags) {
        (Observed::Known(entries), Observed::Known(tags)) if entries.is_empty() && tags.len() == 1 => {
            Observed::Known(vec![tags[0].condition_key.clone()])
        }
        (Observed::Known(_), Observed::Known(_)) => Observed::Known(Vec::new()),
        (Observed::Known(_), unknown) => Observed::Unknown(why(unknown)),
        (unknown, _) => Observed::Unknown(why(unknown)),
    };
    all([of_conditions, of_tags]).map(|lists| distinct(lists.concat()))
}

fn both(one: Observed<bool>, other: Observed<bool>) -> Observed<bool> {
    match (one, other) {
        (Observed::Known(false), _) | (_, Observed::Known(false)) => Observed::Known(false),
        (Observed::Known(true), other) => other,
        (one, _) => one,
    }
}

fn distinct(mut texts: Vec<String>) -> Vec<String> {
    texts.sort();
    texts.dedup();
    texts
}
