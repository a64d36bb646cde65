//! Resources that are parts of an object which another resource makes: a vault's lock, a plan's selections, a role's policies.

use serde_json::{Value as Json, json};

use super::convert::{Members, Reader, later, told, unknown};
use super::identity::Identity;
use super::inventory::Thing;
use super::objects::{Maker, Making, not_declared, undeclarable};
use super::shelf::{Group, Object, Shelf, group};
use super::watchers;
use crate::snapshot::{Cause, Observed, Reason, UNKNOWN};
use crate::terraform::mapping::{Form, kind};

/// How a companion finds the object that it belongs to, and what it says of it.
pub struct Companion {
    pub kind: &'static str,
    /// The attribute that names the object, by its ARN, name or id.
    pub join: &'static str,
    /// The members that it sets, or the one list that it adds to.
    pub members: &'static [&'static str],
    is_list: bool,
}

const fn sets(kind: &'static str, join: &'static str, members: &'static [&'static str]) -> Companion {
    Companion { kind, join, members, is_list: false }
}

const fn adds(kind: &'static str, join: &'static str, members: &'static [&'static str]) -> Companion {
    Companion { kind, join, members, is_list: true }
}

const COMPANIONS: [Companion; 11] = [
    sets(
        "aws_backup_vault_lock_configuration",
        "backup_vault_name",
        &["Locked", "MinRetentionDays", "MaxRetentionDays", "ChangeableForDays", "LockDate"],
    ),
    sets("aws_backup_vault_policy", "backup_vault_name", &["AccessPolicy"]),
    sets("aws_backup_vault_notifications", "backup_vault_name", &["Notifications"]),
    adds("aws_backup_selection", "plan_id", &["Selections"]),
    adds("aws_backup_restore_testing_selection", "restore_testing_plan_name", &["Selections"]),
    sets("aws_sns_topic_policy", "arn", &["Policy"]),
    adds("aws_sns_topic_subscription", "topic_arn", &["Subscriptions"]),
    adds("aws_kms_alias", "target_key_id", &["Aliases"]),
    adds("aws_cloudwatch_event_target", "rule", &["Targets"]),
    adds("aws_iam_role_policy_attachment", "role", &["AttachedPolicies"]),
    adds("aws_iam_role_policy", "role", &["InlinePolicies"]),
];

pub fn companion(kind: &str) -> Option<&'static Companion> {
    COMPANIONS.iter().find(|companion| companion.kind == kind)
}

/// Adds what a companion says to its object, and returns the object's ARN. Where it is not known which object is meant, what the
/// companion would say is unknown of all that it may mean.
pub fn join(thing: &Thing, companion: &'static Companion, maker: &Maker, shelf: &mut Shelf) -> Option<String> {
    let group = group(thing);
    let named = thing.attribute(companion.join);
    let Some(text) = maker.inventory.text(named) else {
        let reasons = match maker.inventory.resolved(named) {
            Observed::Unknown(reasons) => reasons,
            Observed::Reference(to) => vec![later(&to)],
            _ => vec![Reason::new(Cause::NotEvaluated, format!("'{}' is not set", companion.join))],
        };
        let detail = |reason: &Reason| format!("'{}' may be about it: {}", thing.address(), reason.detail);
        let reasons: Vec<Reason> = reasons.iter().map(|reason| Reason { detail: detail(reason), ..reason.clone() }).collect();
        doubt_all(shelf, &group, companion, &reasons, |_| true);
        return None;
    };
    if shelf.is_left_out(&group, &text) {
        return None;
    }
    match shelf.meant(&group, &text).count() {
        0 => {
            // It may be one whose name is not known yet.
            let detail = format!("'{}' is about '{text}', which may be its name", thing.address());
            doubt_all(shelf, &group, companion, &[Reason::new(Cause::KnownAfterApply, detail)], |object| !object.is_named);
            let stranger = thing.doubt().is_none().then(|| undeclared(thing, &text)).flatten()?;
            shelf.put(group.clone(), stranger);
        }
        1 => {}
        _ => {
            let detail = format!("'{}' is about '{text}', and it is not known in which account", thing.address());
            doubt_all(shelf, &group, companion, &[Reason::new(Cause::NotEvaluated, detail)], |object| object.answers_to(&text));
            return None;
        }
    }
    let object = shelf.meant(&group, &text).next()?;
    let arn = object.arn.clone();
    match (thing.doubt(), companion.is_list) {
        (Some(reason), _) => companion.members.iter().for_each(|member| object.doubt(member, std::slice::from_ref(&reason))),
        (None, true) => {
            let element = element(thing, maker);
            companion.members.iter().for_each(|member| match &element {
                Ok(Some(element)) => object.added.entry(member).or_default().push(element.clone()),
                Ok(None) => {}
                Err(reasons) => object.doubt(member, reasons),
            });
        }
        (None, false) => {
            let mut set = members(thing, maker);
            for member in companion.members {
                object.set(member, set.remove(*member).unwrap_or_default());
            }
        }
    }
    Some(arn)
}

fn doubt_all(shelf: &mut Shelf, group: &Group, companion: &Companion, reasons: &[Reason], which: impl Fn(&Object) -> bool) {
    for object in shelf.near(group).filter(|object| which(object)) {
        for member in companion.members {
            object.doubt(member, reasons);
        }
    }
}

/// A vault or plan that another root declares, of which nothing is known but what its companions say.
fn undeclared(thing: &Thing, text: &str) -> Option<Object> {
    let Thing { partition, region, account, .. } = thing;
    let (what, unseen): (&str, &[&str]) = match thing.kind.collection {
        "BackupVaults" => (
            "Vault",
            &["VaultType", "VaultState", "EncryptionKeyArn", "EncryptionKeyType", "CreationDate", "NumberOfRecoveryPoints", "Tags"],
        ),
        "BackupPlans" => ("Plan", &["VersionId", "BackupPlanName", "CreationDate", "BackupPlan", "Tags", "Versions"]),
        _ => return None,
    };
    let arn = format!("arn:{partition}:backup:{region}:{account}:backup-{}:{text}", what.to_lowercase());
    let elsewhere = unknown(&[not_declared(format!("this root does not declare '{text}'"))]);
    let mut members: Members = unseen.iter().map(|member| ((*member).to_owned(), elsewhere.clone())).collect();
    members.insert(format!("Backup{what}{}", if what == "Vault" { "Name" } else { "Id" }), text.into());
    members.insert(format!("Backup{what}Arn"), arn.as_str().into());
    Some(Object::new(Identity { arn, name: text.to_owned(), id: text.to_owned(), is_named: true }, members))
}

fn reader<'m>(thing: &'m Thing, maker: &'m Maker) -> Reader<'m> {
    Reader { kind: thing.kind, inventory: maker.inventory }
}

fn members(thing: &Thing, maker: &Maker) -> Members {
    let reader = reader(thing, maker);
    let mut members = reader.object("", thing.attributes()).unwrap_or_default();
    if thing.kind.name == "aws_backup_vault_lock_configuration" {
        members.insert("Locked".to_owned(), true.into());
        let days = reader.one("changeable_for_days", Form::Nonzero, thing.attributes());
        let date: Observed<Json> = days.and_then(|_| {
            Observed::unknown(Reason::new(
                Cause::KnownAfterApply,
                "AWS sets the lock date when it takes the lock, and Terraform does not tell it",
            ))
        });
        members.insert("LockDate".to_owned(), told(date));
    }
    members
}

/// `None`: it adds nothing.
fn element(thing: &Thing, maker: &Maker) -> Result<Option<Json>, Vec<Reason>> {
    let reader = reader(thing, maker);
    let identity = maker.inventory.identity(thing).unwrap_or_default();
    let element = match thing.kind.name {
        "aws_backup_selection" => {
            let body = reader.object("", thing.attributes())?;
            let name = body.get("SelectionName").cloned().unwrap_or_default();
            let mut selection = json!({"SelectionName": name, "SelectionId": identity.id, "BackupSelection": body});
            selection.as_object_mut().into_iter().for_each(|selection| undeclarable(selection, &["CreationDate"]));
            selection
        }
        "aws_sns_topic_subscription" => watchers::subscription(&Making { thing, identity: &identity, reader })?,
        "aws_cloudwatch_event_target" => match reader.one("event_bus_name", Form::Text, thing.attributes()) {
            Observed::Unknown(reasons) => return Err(reasons),
            bus if !watchers::is_default_bus(bus.known().unwrap_or(&Json::Null)) => return Ok(None),
            _ => reader.object("Targets", thing.attributes())?.into(),
        },
        "aws_iam_role_policy_attachment" => {
            let named = reader.object("AttachedPolicies", thing.attributes())?;
            maker.attached(named.get("PolicyArn").and_then(Json::as_str).unwrap_or_default())
        }
        "aws_iam_role_policy" => reader.object("InlinePolicies", thing.attributes())?.into(),
        "aws_kms_alias" => reader.object("Aliases", thing.attributes())?.into(),
        _ => reader.object("", thing.attributes())?.into(),
    };
    Ok(Some(element))
}

/// What stands for members that no companion told. A root is not the account: another may declare what this one does not.
pub fn settle(object: &mut Object, collection: &str, account: &str, is_whole: bool) {
    for companion in COMPANIONS.iter().filter(|companion| kind(companion.kind).is_some_and(|kind| kind.collection == collection)) {
        for member in companion.members {
            let set = object.set.remove(member);
            let mut added = object.added.remove(member);
            let doubts = object.doubts.remove(member).unwrap_or_default();
            let own = object.members.remove(*member);
            // What is there outweighs that something else may be.
            let value = match (set, own) {
                (Some(set), _) => set,
                _ if !doubts.is_empty() => unknown(&doubts),
                (None, Some(Json::Array(list))) => whole_list(list.into_iter().chain(added.take().into_iter().flatten()).collect()),
                // What the provider computes of the resources beside it: these tell it beforehand.
                (None, Some(own)) if !(is_computed(&own) && added.is_some()) => own,
                // Policies are put on a role from many places, and one more may allow or deny what the others do not.
                (None, _) if collection == "Roles" && !is_whole => elsewhere(companion),
                (None, _) => match added {
                    Some(added) => whole_list(added),
                    None if is_whole => absence(member, object, account, companion),
                    None => elsewhere(companion),
                },
            };
            object.members.insert((*member).to_owned(), value);
        }
    }
}

fn is_computed(value: &Json) -> bool {
    let reasons = value.get(UNKNOWN).and_then(Json::as_array);
    reasons.is_some_and(|reasons| reasons.iter().all(|reason| reason["cause"] == json!(Cause::KnownAfterApply)))
}

fn elsewhere(companion: &Companion) -> Json {
    unknown(&[not_declared(format!("this root is not the account, and does not tell all of what '{}' would", companion.kind))])
}

fn absence(member: &str, object: &Object, account: &str, companion: &Companion) -> Json {
    match member {
        "Locked" => false.into(),
        "Policy" => watchers::topic_policy(&object.arn, account),
        _ if companion.is_list => json!([]),
        _ => Json::Null,
    }
}

fn whole_list(mut list: Vec<Json>) -> Json {
    list.sort_by_key(Json::to_string);
    list.dedup();
    list.into()
}
