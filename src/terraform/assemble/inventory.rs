//! What the root declares, each in its account and Region, and what references to it come to.

use std::collections::{BTreeMap, BTreeSet};

use super::Options;
use super::convert::{Attributes, attribute, later, text};
use super::identity::{Identity, Known, Part, identity, part, partition};
use super::place::Places;
use crate::snapshot::{Observed, Reason};
use crate::terraform::declared::{Declared, Root};
use crate::terraform::error::TerraformError;
use crate::terraform::mapping::{self, Kind};
use crate::terraform::value::{Reference, Value};

/// How many references lead to one another before they are taken for a circle.
const DEPTH: usize = 8;

/// What the attribute is called that names a resource.
const NAMES: [&str; 5] = ["alarm_name", "name", "identifier", "cluster_identifier", "bucket"];

/// A resource of a type that the table has.
pub struct Thing<'a> {
    pub declared: &'a Declared,
    pub kind: &'static Kind,
    pub account: String,
    /// Empty for what belongs to the account as a whole.
    pub region: String,
    pub partition: &'static str,
}

impl<'a> Thing<'a> {
    pub fn attribute(&self, name: &str) -> &Value {
        attribute(&self.declared.attributes, name)
    }

    pub fn attributes(&self) -> &Attributes {
        &self.declared.attributes
    }

    pub fn address(&self) -> &'a str {
        &self.declared.address
    }

    /// Why it may not be there.
    pub fn doubt(&self) -> Option<Reason> {
        let reason = self.declared.may_exist.as_ref()?;
        let detail = format!("'{}' may be there or not: {}", self.declared.address, reason.detail);
        Some(Reason { detail, ..reason.clone() })
    }
}

pub struct Inventory<'a> {
    by_address: BTreeMap<&'a str, Thing<'a>>,
    /// The primary keys that replicas name, by address: they are multi-Region keys.
    replicated: BTreeSet<String>,
}

impl<'a> Inventory<'a> {
    /// Also returns what a person should know about where things were placed.
    pub fn of(root: &'a Root, options: &Options) -> Result<(Self, Vec<String>), TerraformError> {
        let mut places = Places::of(options);
        let mut by_address = BTreeMap::new();
        for declared in &root.declared {
            let Some(kind) = mapping::kind(&declared.kind) else { continue };
            if let Some((account, region)) = places.place(declared) {
                let partition = partition(if region.is_empty() { options.region.as_deref().unwrap_or_default() } else { &region });
                by_address.insert(declared.address.as_str(), Thing { declared, kind, account, region, partition });
            }
        }
        let notices = places.finish()?;
        let mut inventory = Inventory { by_address, replicated: BTreeSet::new() };
        inventory.say_partitions();
        let replicas = inventory.things().filter(|thing| thing.kind.name == "aws_kms_replica_key");
        let primaries = replicas.filter_map(|thing| match thing.attribute("primary_key_arn") {
            Value::Unknown(unknown) => unknown.reference.as_ref().map(|reference| reference.address.clone()),
            _ => None,
        });
        inventory.replicated = primaries.collect();
        Ok((inventory, notices))
    }

    /// What belongs to a whole account is in the partition of the account's Regions.
    fn say_partitions(&mut self) {
        let regional = self.by_address.values().filter(|thing| !thing.region.is_empty());
        let of_accounts: BTreeMap<String, &'static str> = regional.map(|thing| (thing.account.clone(), thing.partition)).collect();
        for thing in self.by_address.values_mut().filter(|thing| thing.region.is_empty()) {
            thing.partition = of_accounts.get(&thing.account).copied().unwrap_or(thing.partition);
        }
    }

    /// In the order of their addresses.
    pub fn things(&self) -> impl Iterator<Item = &Thing<'a>> {
        self.by_address.values()
    }

    pub fn identity(&self, thing: &Thing) -> Option<Identity> {
        self.identity_within(thing, DEPTH)
    }

    /// What the value is where it refers to something that the root declares. A reference that leads out of it stays one.
    pub fn resolved(&self, value: &Value) -> Observed<Value> {
        self.resolved_within(value, DEPTH)
    }

    /// A text that names something.
    pub fn text(&self, value: &Value) -> Option<String> {
        self.text_within(value, DEPTH)
    }

    fn text_within(&self, value: &Value, depth: usize) -> Option<String> {
        self.resolved_within(value, depth).known().and_then(text).filter(|text| !text.is_empty())
    }

    fn resolved_within(&self, value: &Value, depth: usize) -> Observed<Value> {
        let Value::Unknown(unknown) = value else { return Observed::Known(value.clone()) };
        let as_it_is = || Observed::unknown(unknown.reason.clone());
        let (Some(reference), Some(depth)) = (&unknown.reference, depth.checked_sub(1)) else { return as_it_is() };
        let Some(thing) = self.find(&reference.address) else {
            return Observed::Reference(format!("{}.{}", reference.address, reference.attribute));
        };
        self.attribute_of(thing, reference, depth)
            .unwrap_or_else(|| Observed::unknown(later(&format!("{}.{}", reference.address, reference.attribute))))
    }

    /// `None`: AWS tells it only once the resource is there.
    fn attribute_of(&self, thing: &Thing, reference: &Reference, depth: usize) -> Option<Observed<Value>> {
        let name = reference.attribute.as_str();
        let known = |text: String| Some(Observed::Known(Value::String(text)));
        if let Some(part) = part(thing.kind.name, name) {
            // What has no identity of its own has none to tell.
            return known(self.identity_within(thing, depth)?.part(part).to_owned());
        }
        if (thing.kind.name, name) == ("aws_kms_alias", "target_key_arn") {
            return known(self.target_key(thing, depth)?);
        }
        match thing.attribute(name) {
            Value::Null => None,
            value => Some(self.resolved_within(value, depth)),
        }
    }

    fn target_key(&self, alias: &Thing, depth: usize) -> Option<String> {
        let target = self.text_within(alias.attribute("target_key_id"), depth)?;
        if target.starts_with("arn:") {
            return Some(target);
        }
        Some(format!("arn:{}:kms:{}:{}:key/{target}", alias.partition, alias.region, alias.account))
    }

    /// The resource, or the one that stands for all instances of an unknown number.
    fn find(&self, address: &str) -> Option<&Thing<'a>> {
        self.by_address.get(address).or_else(|| {
            let (without_key, _) = address.strip_suffix(']')?.rsplit_once('[')?;
            self.by_address.get(format!("{without_key}[?]").as_str())
        })
    }

    fn identity_within(&self, thing: &Thing, depth: usize) -> Option<Identity> {
        let depth = depth.checked_sub(1)?;
        let text = |name: &str| self.text_within(thing.attribute(name), depth);
        // An identity that is a reference to the resource itself is none.
        let own = |name: &str| match thing.attribute(name) {
            Value::String(text) if !text.is_empty() => Some(text.clone()),
            _ => None,
        };
        let or = |name: &str, unset: &str| if thing.attribute(name).is_null() { Some(unset.to_owned()) } else { text(name) };
        let has_arn = part(thing.kind.name, "arn") == Some(Part::Arn);
        identity(Known {
            arn: own("arn").filter(|_| has_arn),
            name: NAMES.iter().find_map(|name| text(name)),
            id: own("id").or_else(|| own("key_id")),
            path: or("path", "/"),
            bus: or("event_bus_name", "default"),
            key_id: self.key_id(thing, depth),
            is_fifo: *thing.attribute("fifo_topic") == Value::Bool(true),
            thing,
        })
    }

    /// All Regions of a multi-Region key share its id, which begins with `mrk-`.
    fn key_id(&self, thing: &Thing, depth: usize) -> Option<String> {
        let address = thing.declared.address.as_str();
        let told = ["key_id", "id"].into_iter().find_map(|name| match thing.attribute(name) {
            Value::String(text) if !text.is_empty() => Some(text.clone()),
            _ => None,
        });
        match thing.kind.name {
            _ if told.is_some() => told,
            "aws_kms_replica_key" => {
                let primary = self.text_within(thing.attribute("primary_key_arn"), depth)?;
                primary.rsplit_once("key/").map(|(_, id)| id.to_owned())
            }
            "aws_kms_key" if *thing.attribute("multi_region") == Value::Bool(true) || self.replicated.contains(address) => {
                Some(format!("mrk-{address}"))
            }
            _ => Some(address.to_owned()),
        }
    }
}
