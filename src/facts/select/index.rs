//! Selections by what a resource must have to come into them, so that no resource has to ask them all.

use rustc_hash::FxHashMap;

use super::super::capability;
use super::assignments::Assigned;
use super::criteria::Criteria;
use super::entry::{Entry, Level};
use super::inventory::{Inventory, Seen};
use crate::snapshot::{Arn, Observed};

/// Selections by what a resource must have to be selected.
#[derive(Debug, Default)]
pub struct Index {
    by_arn: FxHashMap<String, Vec<usize>>,
    /// `service:kind`, as `dynamodb:table`.
    by_kind: FxHashMap<String, Vec<usize>>,
    /// By its key, then its value.
    by_tag: FxHashMap<String, FxHashMap<String, Vec<usize>>>,
    anything: Vec<usize>,
}

/// Something that a resource has.
enum Anchor<'c> {
    Arn(&'c str),
    Kind(String),
    Tag(&'c str, &'c str),
}

impl Index {
    /// By what they name, under the numbers that they are given here.
    pub fn by_entry<'s>(selections: impl Iterator<Item = (usize, &'s Assigned<'s>)>) -> Self {
        let mut index = Index::default();
        for (at, selection) in selections {
            index.add(at, selection.criteria.known().and_then(entry_anchors));
        }
        index
    }

    /// Each selection under what the fewest resources have.
    pub fn cheapest(selections: &[Assigned], inventory: &Inventory) -> Self {
        let mut kinds: FxHashMap<String, usize> = FxHashMap::default();
        let mut tags: FxHashMap<(&str, &str), usize> = FxHashMap::default();
        for seen in &inventory.seen {
            *kinds.entry(kind_of(seen.arn)).or_default() += 1;
            for (key, value) in seen.tags.known().into_iter().flat_map(|tags| &tags.0) {
                *tags.entry((key, value)).or_default() += 1;
            }
        }
        let cost = |anchors: &[Anchor]| -> usize {
            let of_one = |anchor: &Anchor| match anchor {
                Anchor::Arn(_) => 1,
                Anchor::Kind(kind) => kinds.get(kind).copied().unwrap_or(0),
                Anchor::Tag(key, value) => tags.get(&(*key, *value)).copied().unwrap_or(0),
            };
            anchors.iter().map(of_one).sum()
        };
        let mut index = Index::default();
        for (at, selection) in selections.iter().enumerate() {
            let criteria = selection.criteria.known();
            let wanted = criteria.and_then(|criteria| criteria.conditions.known()).into_iter().flatten();
            let of_conditions = wanted.filter_map(|condition| condition.wanted_tag()).map(|(key, value)| vec![Anchor::Tag(key, value)]);
            let all = of_conditions.chain(criteria.and_then(entry_anchors));
            index.add(at, all.min_by_key(|anchors| cost(anchors)));
        }
        index
    }

    fn add(&mut self, at: usize, anchors: Option<Vec<Anchor>>) {
        let Some(anchors) = anchors else { return self.anything.push(at) };
        for anchor in anchors {
            match anchor {
                Anchor::Arn(arn) => self.by_arn.entry(arn.to_owned()).or_default().push(at),
                Anchor::Kind(kind) => self.by_kind.entry(kind).or_default().push(at),
                Anchor::Tag(key, value) => self.by_tag.entry(key.to_owned()).or_default().entry(value.to_owned()).or_default().push(at),
            }
        }
    }

    /// The numbers of the selections that the resource may come into, in order; `all` of them where its tags are not known, because
    /// any that wants a tag may be met.
    pub fn meeting(&self, resource: &Seen, all: usize) -> Vec<usize> {
        let Some(lists) = self.lists(resource) else { return (0..all).collect() };
        let mut met = lists.concat();
        met.sort_unstable();
        met.dedup();
        met
    }

    /// The same in several lists, each in order. None where the tags are not known.
    pub fn lists(&self, resource: &Seen) -> Option<Vec<&[usize]>> {
        let mut lists = vec![self.anything.as_slice()];
        lists.extend(self.by_arn.get(resource.arn).map(Vec::as_slice));
        lists.extend(self.by_kind.get(&kind_of(resource.arn)).map(Vec::as_slice));
        match &*resource.tags {
            Observed::Known(tags) => {
                let of_tag = |(key, value): (&String, &String)| self.by_tag.get(key).and_then(|values| values.get(value));
                lists.extend(tags.0.iter().filter_map(of_tag).map(Vec::as_slice));
            }
            Observed::Absent => {}
            _ => return None,
        }
        Some(lists)
    }
}

/// One of these a resource must have to be a candidate; `None` where that cannot be told.
fn entry_anchors(criteria: &Criteria) -> Option<Vec<Anchor<'_>>> {
    let (entries, tags) = (criteria.resources.known()?, criteria.tags.known()?);
    if entries.is_empty() && tags.is_empty() {
        return None;
    }
    let of_entries = entries.iter().map(anchor);
    let of_tags = tags.iter().map(|tag| Some(Anchor::Tag(&tag.condition_key, &tag.condition_value)));
    of_entries.chain(of_tags).collect()
}

fn anchor(entry: &Entry) -> Option<Anchor<'_>> {
    match entry.level {
        Level::Resource => Some(Anchor::Arn(&entry.text)),
        Level::Type if !entry.has_odd_wildcard() => Some(Anchor::Kind(kind_of(&entry.text))),
        _ => None,
    }
}

fn kind_of(arn: &str) -> String {
    let kind = |arn: &Arn| if capability::is_typeless(arn.service) { "" } else { arn.kind() }.to_owned();
    Arn::parse(arn).map_or_else(String::new, |arn| format!("{}:{}", arn.service, kind(&arn)))
}
