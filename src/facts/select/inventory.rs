//! The resources of a Region, from every list that shows some of them: which there are, of which type, with which tags, and of which
//! types there may be more.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::super::capability;
use super::super::sight::Sight;
use super::resolve::{Candidate, RESTORE_TEST_TAG};
use crate::snapshot::{Arn, Cause, Collection, Observed, Reason, Tags, Unit};

/// A resource that some list shows.
#[derive(Debug)]
pub struct Seen<'a> {
    pub arn: &'a str,
    pub tags: Cow<'a, Observed<Tags>>,
    /// The types that it may be of, by AWS Backup's names.
    pub types: Vec<&'a str>,
    /// Why it is not known which of them.
    pub doubt: Vec<Reason>,
    needs_opt_in: bool,
    /// Unknown where only AWS Backup's own list shows it, which keeps what is gone as long as there are points of it.
    pub exists: Observed<bool>,
}

impl Seen<'_> {
    pub fn candidate(&self) -> Candidate<'_> {
        Candidate { arn: self.arn, tags: &self.tags, types: &self.types, doubt: &self.doubt, needs_opt_in: self.needs_opt_in }
    }

    /// The one type that it is of.
    pub fn resource_type(&self) -> Observed<String> {
        match self.types.as_slice() {
            [one] => Observed::Known((*one).to_owned()),
            _ => Observed::Unknown(self.doubt.clone()),
        }
    }

    pub fn is_restore_test(&self) -> Observed<bool> {
        match &*self.tags {
            Observed::Absent => Observed::Known(false),
            tags => tags.as_ref().map(|tags| tags.get(RESTORE_TEST_TAG).is_some()),
        }
    }
}

/// All resources of a unit that some list shows, in the order of their ARNs.
#[derive(Debug)]
pub struct Inventory<'a> {
    pub seen: Vec<Seen<'a>>,
    by_arn: FxHashMap<&'a str, usize>,
    /// The types of which there may be more, with the reasons.
    unlisted: BTreeMap<String, Vec<Reason>>,
    /// Why tags may be missing.
    pub untagged: Vec<Reason>,
}

/// What the lists say of one ARN.
#[derive(Default)]
struct Mention<'a> {
    tags: Option<&'a Observed<Tags>>,
    own_type: Option<&'a str>,
    is_table: bool,
    protected_type: Option<&'a str>,
}

impl<'a> Inventory<'a> {
    pub fn of(unit: &'a Unit, sight: &Sight<'a>) -> Self {
        let unlisted = unlisted(unit, sight);
        let untagged = sight.gaps(Collection::Resources);
        let unprotected = sight.gaps(Collection::ProtectedResources);
        let mut mentions: BTreeMap<&'a str, Mention<'a>> = BTreeMap::new();
        for resource in &unit.resources {
            mentions.entry(&resource.resource_arn).or_default().tags.get_or_insert(&resource.tags);
        }
        for list in &unit.inventory {
            for resource in &list.resources {
                mentions.entry(&resource.resource_arn).or_default().own_type = Some(&list.resource_type);
            }
        }
        for table in &unit.tables {
            mentions.entry(&table.table_arn).or_default().is_table = true;
        }
        // Copies make AWS Backup list what is elsewhere: its own Region and account tell of it.
        for resource in unit.protected_resources.iter().filter(|resource| is_own(&resource.resource_arn, unit)) {
            mentions.entry(&resource.resource_arn).or_default().protected_type = resource.resource_type.known().map(String::as_str);
        }
        let seen = mentions.into_iter().filter_map(|(arn, mention)| {
            let parsed = Arn::parse(arn)?;
            let (types, doubt) = types(arn, &parsed, &mention, &unlisted, &unprotected);
            if types.is_empty() {
                return None;
            }
            let listed = mention.tags.is_some() || mention.own_type.is_some() || mention.is_table;
            let all_listed = untagged.is_empty() && !types.iter().any(|name| unlisted.contains_key(*name));
            let exists = match (listed, all_listed) {
                (true, _) => Observed::Known(true),
                // It is gone, and its points are all that is left of it.
                (false, true) => return None,
                (false, false) => {
                    let detail =
                        format!("only AWS Backup itself lists '{arn}', which it goes on doing while it has points of what is gone");
                    Observed::unknown(Reason::new(Cause::NotObserved, detail))
                }
            };
            let tags = match mention.tags {
                Some(tags) => Cow::Borrowed(tags),
                // The tagging API lists what has or had tags.
                None if untagged.is_empty() => Cow::Owned(Observed::Known(Tags::default())),
                None => Cow::Owned(Observed::Unknown(untagged.clone())),
            };
            let needs_opt_in = capability::needs_opt_in_by_arn(&parsed);
            Some(Seen { arn, tags, types, doubt, needs_opt_in, exists })
        });
        let seen: Vec<Seen> = seen.collect();
        let by_arn = seen.iter().enumerate().map(|(at, seen)| (seen.arn, at)).collect();
        Inventory { seen, by_arn, unlisted, untagged }
    }

    pub fn find(&self, arn: &str) -> Option<&Seen<'a>> {
        self.by_arn.get(arn).map(|at| &self.seen[*at])
    }

    pub fn at(&self, arn: &str) -> Option<usize> {
        self.by_arn.get(arn).copied()
    }

    /// Why there may be resources of the type that nobody saw; empty where its own list is whole.
    pub fn gaps(&self, name: &str) -> &[Reason] {
        self.unlisted.get(name).map_or(&[], Vec::as_slice)
    }

    /// The types of which there may be more, in their order.
    pub fn unlisted(&self) -> impl Iterator<Item = (&str, &[Reason])> {
        self.unlisted.iter().map(|(name, reasons)| (name.as_str(), reasons.as_slice()))
    }
}

/// Whether a resource lies in the unit, as far as its ARN tells; S3's name neither account nor Region.
fn is_own(arn: &str, unit: &Unit) -> bool {
    let same = |part: &str, own: &str| part.is_empty() || part == own;
    Arn::parse(arn).is_none_or(|arn| same(arn.account, &unit.account) && same(arn.region, &unit.region))
}

fn types<'a>(
    arn: &str,
    parsed: &Arn,
    mention: &Mention<'a>,
    unlisted: &BTreeMap<String, Vec<Reason>>,
    unprotected: &[Reason],
) -> (Vec<&'a str>, Vec<Reason>) {
    if let Some(own) = mention.own_type {
        return (vec![own], Vec::new());
    }
    let mut names: Vec<&'a str> = capability::names_of(parsed);
    if names.len() < 2 {
        return (names, Vec::new());
    }
    if let Some(name) = mention.protected_type {
        return (vec![name], Vec::new());
    }
    // Where a type's own list is whole, what is not on it is of another type.
    let possible: Vec<&str> = names.iter().copied().filter(|name| unlisted.contains_key(*name)).collect();
    if !possible.is_empty() {
        names = possible;
    }
    if names.len() == 1 {
        return (names, Vec::new());
    }
    let mut doubt = unprotected.to_vec();
    doubt.extend(names.iter().flat_map(|name| unlisted.get(*name).into_iter().flatten()).filter(|reason| reason.call.is_some()).cloned());
    doubt.push(Reason::new(Cause::Undetermined, format!("'{arn}' may be of any of these types: {}", names.join(", "))));
    (names, doubt)
}

/// The types that AWS Backup supports here and of which no list is whole.
fn unlisted(unit: &Unit, sight: &Sight) -> BTreeMap<String, Vec<Reason>> {
    let mut names: BTreeSet<&str> = capability::all_names().collect();
    names.extend(unit.inventory.iter().map(|list| list.resource_type.as_str()));
    let supported = sight.supported_types();
    names.extend(supported.known().and_then(|supported| supported.resource_types.known()).into_iter().flatten().map(String::as_str));
    let with_gaps = names.into_iter().filter_map(|name| {
        let gaps = gaps_of_type(name, unit, sight);
        (!gaps.is_empty()).then(|| (name.to_owned(), gaps))
    });
    with_gaps.collect()
}

/// Why a type's own list is not whole. A call that failed outweighs what `Complete` says.
fn gaps_of_type(name: &str, unit: &Unit, sight: &Sight) -> Vec<Reason> {
    if name == "DynamoDB" && sight.gaps(Collection::Tables).is_empty() {
        return Vec::new();
    }
    let calls = capability::listed_by(name);
    let failed: Vec<Reason> = calls.iter().filter_map(|call| sight.failure(call, &unit.region)).collect();
    let whole = unit.inventory.iter().any(|list| list.resource_type == name && list.complete);
    match (failed.is_empty(), whole, calls) {
        (false, ..) => failed,
        (true, true, _) => Vec::new(),
        (true, false, []) => {
            let detail = "AWS Backup supports types of which Backstop has no list: such resources are not seen if they never had a tag";
            vec![Reason::new(Cause::NotObserved, detail)]
        }
        (true, false, calls) => {
            let missing = |call: &String| {
                let detail = format!("the snapshot of {} does not say that its list of '{name}' resources is whole", unit.label());
                Reason::of_call(Cause::NotObserved, call, detail)
            };
            calls.iter().map(missing).collect()
        }
    }
}
