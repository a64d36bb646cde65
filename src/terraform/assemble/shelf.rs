//! The objects of all accounts and Regions while they are put together.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::convert::{Members, unknown};
use super::identity::Identity;
use super::inventory::Thing;
use crate::snapshot::{Cause, Reason, SOME_ACCOUNT};

/// Account, Region (empty for what belongs to the account as a whole) and collection.
pub type Group = (String, String, &'static str);

pub fn group(thing: &Thing) -> Group {
    (thing.account.clone(), thing.region.clone(), thing.kind.collection)
}

pub struct Object {
    pub arn: String,
    name: String,
    id: String,
    /// Whether AWS will call it by the name that stands here.
    pub is_named: bool,
    pub members: Members,
    /// What companions set. It outweighs what the object says of itself.
    pub set: BTreeMap<&'static str, Json>,
    /// What companions add to lists.
    pub added: BTreeMap<&'static str, Vec<Json>>,
    /// Why members may be other than what stands here.
    pub doubts: BTreeMap<&'static str, Vec<Reason>>,
}

impl Object {
    pub fn new(identity: Identity, members: Members) -> Self {
        let Identity { arn, name, id, is_named } = identity;
        Object { arn, name, id, is_named, members, set: BTreeMap::new(), added: BTreeMap::new(), doubts: BTreeMap::new() }
    }

    pub fn answers_to(&self, text: &str) -> bool {
        [&self.arn, &self.name, &self.id].into_iter().any(|own| own == text)
    }

    pub fn doubt(&mut self, member: &'static str, reasons: &[Reason]) {
        self.doubts.entry(member).or_default().extend_from_slice(reasons);
    }

    pub fn set(&mut self, member: &'static str, value: Json) {
        match self.set.get_mut(member) {
            Some(other) => *other = agreed(std::mem::take(other), value),
            None => _ = self.set.insert(member, value),
        }
    }
}

#[derive(Default)]
pub struct Shelf {
    pub groups: BTreeMap<Group, Vec<Object>>,
    /// By account and Region, and then by AWS Backup's name of the type: the ARNs of what can be backed up.
    pub lists: BTreeMap<(String, String), BTreeMap<&'static str, Vec<String>>>,
    /// Lists of which there may be more, by account, Region and type.
    pub open_lists: BTreeSet<(String, String, &'static str)>,
    /// Groups of which there may be more.
    pub doubtful: BTreeSet<Group>,
    /// What may be there and is left out, by its ARN, name and id.
    left_out: BTreeSet<(Group, String)>,
}

impl Shelf {
    /// Two resources that make the same object make one of which only that is known on which they agree.
    pub fn put(&mut self, group: Group, object: Object) {
        let objects = self.groups.entry(group).or_default();
        match objects.iter_mut().find(|other| other.arn == object.arn) {
            Some(other) => {
                let mut members = std::mem::take(&mut other.members);
                for (member, value) in object.members {
                    let value = match members.remove(&member) {
                        Some(own) => agreed(own, value),
                        None => value,
                    };
                    members.insert(member, value);
                }
                other.members = members;
            }
            None => objects.push(object),
        }
    }

    pub fn leave_out(&mut self, group: Group, identity: &Identity) {
        for text in [&identity.arn, &identity.name, &identity.id] {
            self.left_out.insert((group.clone(), text.clone()));
        }
        self.doubtful.insert(group);
    }

    pub fn is_left_out(&self, group: &Group, text: &str) -> bool {
        self.left_out.contains(&(group.clone(), text.to_owned()))
    }

    /// The objects that are meant: of this group by ARN, name or id, of all groups of the collection by ARN. What is in an account that
    /// nobody told may be about those of any account.
    pub fn meant<'s>(&'s mut self, group: &'s Group, text: &'s str) -> impl Iterator<Item = &'s mut Object> {
        let anywhere = text.starts_with("arn:");
        let groups = self.groups.iter_mut().filter(move |(of, _)| of.2 == group.2 && (anywhere || is_near(of, group)));
        groups.flat_map(|(_, objects)| objects).filter(move |object| object.answers_to(text))
    }

    /// Those that something in this group may be about.
    pub fn near<'s>(&'s mut self, group: &'s Group) -> impl Iterator<Item = &'s mut Object> {
        self.groups.iter_mut().filter(move |(of, _)| of.2 == group.2 && is_near(of, group)).flat_map(|(_, objects)| objects)
    }
}

fn is_near(of: &Group, group: &Group) -> bool {
    of.1 == group.1 && (of.0 == group.0 || group.0 == SOME_ACCOUNT)
}

fn agreed(one: Json, other: Json) -> Json {
    if one == other { one } else { unknown(&[Reason::new(Cause::NotEvaluated, "two resources of the root declare it, each otherwise")]) }
}
