//! The resources of a root to a snapshot document: joined, placed, and with every identity that can be derived.
//!
//! - `place`, `identity`, `inventory`: where each resource is, what AWS will call it, and what references to it come to
//! - `convert`, `objects`, `watchers`: attributes to members, one resource to one object
//! - `companions`: resources that are parts of another's object; `shelf`: the objects while they are put together
//! - `units`: the document, and which of its collections are whole

mod companions;
mod convert;
mod identity;
mod inventory;
mod objects;
mod place;
mod shelf;
mod units;
mod watchers;

use serde_json::Value as Json;

use super::declared::Root;
use super::error::TerraformError;
use super::mapping::TYPES;
use super::value::Value;
use convert::Reader;
use identity::Identity;
use inventory::{Inventory, Thing};
use objects::{Maker, Making};
use shelf::{Object, Shelf, group};

/// What the command line adds to a root.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Options {
    /// The account of providers whose configuration does not tell it.
    pub account: Option<String>,
    /// The Region of providers whose configuration does not tell it.
    pub region: Option<String>,
    /// Take the root for all that there is in its accounts and Regions.
    pub assume_complete: bool,
}

/// A snapshot, and which resource of Terraform each object in it comes from.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Assembled {
    /// As `snapshot::from_value` takes it.
    pub document: Json,
    /// In their order.
    pub origins: Vec<Origin>,
    /// What a person should know of how it was put together; one sentence each.
    pub notices: Vec<String>,
}

/// One resource of Terraform and the AWS object that it makes or is part of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    /// The AWS object's ARN, as it stands in the snapshot: the vault's for a lock, the plan's for a selection (and its `part`).
    /// Settings have none: their account and Region stand here as `111122223333/us-east-1`, the Region left out where there is none.
    pub arn: String,
    /// The resource type: `aws_backup_vault_lock_configuration`.
    pub kind: String,
    pub address: String,
    /// What tells parts of one object apart: a selection's id.
    pub part: Option<String>,
}

/// A resource that may be there or not is left out, and its collection is not whole: both must stay possible. What such a resource would
/// add to another is unknown.
pub fn assemble(root: &Root, options: &Options) -> Result<Assembled, TerraformError> {
    let (inventory, mut notices) = Inventory::of(root, options)?;
    let maker = Maker::of(&inventory);
    let mut shelf = Shelf::default();
    let mut origins = Vec::new();
    let (parts, wholes): (Vec<&Thing>, Vec<&Thing>) =
        inventory.things().partition(|thing| companions::companion(thing.kind.name).is_some());
    for thing in wholes {
        let Some(identity) = identity(thing, &inventory) else {
            notices.push(format!("'{}' is left out: it is not known which key it is a replica of", thing.address()));
            shelf.leave_out(group(thing), &Identity::default());
            continue;
        };
        origins.push(origin(thing, identity.arn.clone(), None));
        if let Some(reason) = thing.doubt() {
            notices.push(format!("{}; it is left out, and nothing is concluded from its absence", reason.detail));
            shelf.leave_out(group(thing), &identity);
        } else {
            put(thing, identity, &maker, &mut shelf);
        }
    }
    for thing in parts {
        let Some(companion) = companions::companion(thing.kind.name) else { continue };
        if let Some(arn) = companions::join(thing, companion, &maker, &mut shelf) {
            origins.push(origin(thing, arn, part(thing, &inventory)));
        }
    }
    origins.sort();
    let is_whole = options.assume_complete && root.partial.is_none();
    Ok(Assembled { document: units::document(shelf, &root.source, is_whole), origins, notices })
}

/// Enters what can be backed up in the list of its type, as AWS Backup names it. RDS and Aurora share a resource type.
fn list(thing: &Thing, identity: &Identity, shelf: &mut Shelf) {
    let Some((name, _)) = TYPES.iter().find(|(_, kinds)| kinds.contains(&thing.kind.name)) else { return };
    let names = match (thing.kind.name, thing.attribute("engine")) {
        ("aws_rds_cluster", Value::String(engine)) if engine.starts_with("aurora") => vec!["Aurora"],
        ("aws_rds_cluster", Value::String(_)) => vec!["RDS"],
        ("aws_rds_cluster", _) => vec!["Aurora", "RDS"],
        _ => vec![*name],
    };
    let (account, region) = (thing.account.clone(), thing.region.clone());
    match names[..] {
        [name] => shelf.lists.entry((account, region)).or_default().entry(name).or_default().push(identity.arn.clone()),
        _ => shelf.open_lists.extend(names.into_iter().map(|name| (account.clone(), region.clone(), name))),
    }
}

fn put(thing: &Thing, identity: Identity, maker: &Maker, shelf: &mut Shelf) {
    list(thing, &identity, shelf);
    if thing.kind.name == "aws_dynamodb_table" {
        // Selections look for it where the tagging API would list it.
        let making = Making { thing, identity: &identity, reader: Reader { kind: thing.kind, inventory: maker.inventory } };
        let members = objects::resource(&making);
        shelf.put((thing.account.clone(), thing.region.clone(), "Resources"), Object::new(identity.clone(), members));
    }
    if let Some(members) = maker.object(thing, &identity) {
        shelf.put(group(thing), Object::new(identity, members));
    }
}

fn identity(thing: &Thing, inventory: &Inventory) -> Option<Identity> {
    let place =
        || [thing.account.as_str(), thing.region.as_str()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/");
    match thing.kind.name {
        "aws_backup_region_settings" | "aws_backup_global_settings" => Some(Identity { arn: place(), ..Identity::default() }),
        _ => inventory.identity(thing),
    }
}

/// What tells a companion from others of the same object.
fn part(thing: &Thing, inventory: &Inventory) -> Option<String> {
    match thing.kind.name {
        "aws_backup_selection" => inventory.identity(thing).map(|identity| identity.id),
        "aws_backup_restore_testing_selection" | "aws_iam_role_policy" => inventory.text(thing.attribute("name")),
        "aws_iam_role_policy_attachment" => inventory.text(thing.attribute("policy_arn")),
        "aws_sns_topic_subscription" => inventory.identity(thing).map(|identity| identity.arn),
        _ => None,
    }
}

fn origin(thing: &Thing, arn: String, part: Option<String>) -> Origin {
    Origin { arn, kind: thing.kind.name.to_owned(), address: thing.address().to_owned(), part }
}

#[cfg(test)]
mod tests;
