//! What keeps an SNS topic from bringing what is sent to it to anybody.

use schemars::JsonSchema;
use serde::Serialize;

use super::super::document;
use super::super::iam::{Policy, Target, Value};
use super::super::truth::{any, every, faults, not};
use super::super::world::{Region, World};
use crate::snapshot::{Arn, Cause, Collection, Key, Observed, Outcome, PolicyDocument, Reason, Topic};

/// Why events of a vault do not arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Obstacle {
    /// The topic is another account's.
    OtherAccount,
    /// The topic is in another Region.
    OtherRegion,
    Fifo,
    /// There is no such topic.
    Missing,
    /// Nobody has confirmed a subscription.
    NoConfirmedSubscription,
    /// The topic's policy does not let AWS Backup publish.
    Policy,
    /// The topic is encrypted with SNS's own key, whose policy lets no other service use it.
    AwsManagedKey,
    /// The topic's key cannot be used in the state that it is in.
    KeyUnusable,
    /// The key's policy does not let AWS Backup use it.
    KeyPolicy,
}

const BACKUP: &str = "backup.amazonaws.com";
/// What a service that publishes to an encrypted topic does with its key (SNS: Key management).
const KEY_USES: [&str; 2] = ["kms:Decrypt", "kms:GenerateDataKey"];
const ATTRIBUTES: &str = "sns:GetTopicAttributes";
const SUBSCRIPTIONS: &str = "sns:ListSubscriptionsByTopic";

/// A topic as the unit that names it saw it.
enum Seen<'a> {
    There(&'a Topic),
    Gone,
    Unseen(Vec<Reason>),
}

/// What keeps the events that a vault of this Region, given by its ARN, sends to a topic from arriving.
pub fn obstacles(topic: &str, vault: &str, region: &Region, world: &World) -> Observed<Vec<Obstacle>> {
    let Some(arn) = Arn::parse(topic) else {
        return Observed::unknown(Reason::new(Cause::Undetermined, format!("'{topic}' is not a topic's ARN")));
    };
    let by_name = vec![
        (Obstacle::OtherAccount, Observed::Known(arn.account != region.unit.account)),
        (Obstacle::OtherRegion, Observed::Known(arn.region != region.unit.region)),
        // SNS asks for this ending of all FIFO topics and of no others.
        (Obstacle::Fifo, Observed::Known(topic.ends_with(".fifo"))),
    ];
    let there = match seen(topic, region) {
        Seen::There(there) => there,
        Seen::Gone => return faults([by_name, vec![(Obstacle::Missing, Observed::Known(true))]]),
        Seen::Unseen(reasons) => return faults([by_name, vec![(Obstacle::Missing, Observed::Unknown(reasons))]]),
    };
    let policy = there.policy.clone().required("Policy").and_then(|policy| lets_publish(&policy, topic, vault, region));
    let attributes = vec![
        (Obstacle::NoConfirmedSubscription, not(has_subscriber(there, region))),
        (Obstacle::Policy, not(policy)),
        (Obstacle::AwsManagedKey, is_under_key_of_sns(there)),
    ];
    let key = key(there, &arn, region, world);
    let unusable = key.as_ref().and_then(|key| key.key_state.clone().required("KeyState")).map(|state| state != "Enabled");
    let refused = key.and_then(|key| {
        let policy = region.sight.member(&key.policy, "kms:GetKeyPolicy", &key.arn).required("Policy");
        let place = Arn::parse(&key.arn).map_or(arn.region, |arn| arn.region).to_owned();
        policy.and_then(|policy| document::lets_any(&policy, &[BACKUP.to_owned()], &KEY_USES, &place)).map(|lets| !lets)
    });
    let of_key = vec![(Obstacle::KeyUnusable, unusable.absent_is(false)), (Obstacle::KeyPolicy, refused.absent_is(false))];
    faults([by_name, attributes, of_key])
}

/// Whether what an alarm of this Region sends to a topic surely reaches nobody. Whether the topic's policy lets CloudWatch
/// publish is not looked at: the policy that SNS gives a new topic does.
pub fn is_dead(topic: &str, region: &Region) -> Observed<bool> {
    match seen(topic, region) {
        Seen::There(there) => any([not(has_subscriber(there, region)), is_under_key_of_sns(there)]),
        Seen::Gone => Observed::Known(true),
        Seen::Unseen(reasons) => Observed::Unknown(reasons),
    }
}

fn seen<'a>(topic: &str, region: &Region<'a>) -> Seen<'a> {
    if let Some(reason) = region.sight.failure(ATTRIBUTES, topic) {
        return Seen::Unseen(vec![reason]);
    }
    if let Some(there) = region.unit.topics.iter().find(|there| there.topic_arn == topic) {
        return Seen::There(there);
    }
    // That there is no such topic is an answer, and it brings nothing.
    let answered = region.unit.calls.iter().any(|call| {
        call.outcome == Outcome::Ok && call.items == 0 && call.subject.as_deref() == Some(topic) && call.action() == ATTRIBUTES
    });
    let gaps = region.sight.gaps(Collection::Topics);
    if answered || gaps.is_empty() { Seen::Gone } else { Seen::Unseen(gaps) }
}

fn has_subscriber(topic: &Topic, region: &Region) -> Observed<bool> {
    let subscriptions = region.sight.member(&topic.subscriptions, SUBSCRIPTIONS, &topic.topic_arn).absent_is(Vec::new());
    subscriptions.and_then(|subscriptions| {
        any(subscriptions.into_iter().map(|one| {
            // In place of an ARN stands why there is none.
            one.subscription_arn.required("SubscriptionArn").map(|arn| arn.starts_with("arn:"))
        }))
    })
}

fn is_under_key_of_sns(topic: &Topic) -> Observed<bool> {
    topic.kms_master_key_id.as_ref().map(|key| key.ends_with("alias/aws/sns")).absent_is(false)
}

/// The customer's key. Absent: the topic is encrypted with none.
fn key<'a>(topic: &Topic, arn: &Arn, region: &Region<'a>, world: &World<'a>) -> Observed<&'a Key> {
    topic.kms_master_key_id.as_ref().and_then(|named| {
        if named.is_empty() || named.ends_with("alias/aws/sns") {
            return Observed::Absent;
        }
        let alias = named.rsplit(':').next().filter(|name| name.starts_with("alias/"));
        if let Some(alias) = alias {
            return by_alias(alias, arn, region);
        }
        let full = if named.starts_with("arn:") {
            named.clone()
        } else {
            format!("arn:{}:kms:{}:{}:key/{named}", arn.partition, arn.region, arn.account)
        };
        match world.key(&full, region) {
            Ok(key) => Observed::Known(key),
            Err(reason) => Observed::unknown(reason),
        }
    })
}

fn by_alias<'a>(alias: &str, topic: &Arn, region: &Region<'a>) -> Observed<&'a Key> {
    let is_it = |key: &Key| {
        let here = Arn::parse(&key.arn).is_some_and(|key| key.account == topic.account && key.region == topic.region);
        here && key.aliases.known().is_some_and(|aliases| aliases.iter().any(|one| one.alias_name == alias))
    };
    let described = region.unit.keys.iter().find(|key| is_it(key));
    match described.filter(|key| region.sight.failure("kms:DescribeKey", &key.arn).is_none()) {
        Some(key) if region.sight.failure("kms:ListAliases", &key.arn).is_none() => Observed::Known(key),
        _ if let Some(reason) = region.unit.keys.iter().find_map(|key| region.sight.failure("kms:ListAliases", &key.arn)) => {
            Observed::unknown(reason)
        }
        _ => Observed::unknown(Reason::of_call(
            Cause::NotObserved,
            "kms:DescribeKey",
            format!("the snapshot does not tell which key '{alias}' of {}/{} is", topic.account, topic.region),
        )),
    }
}

/// AWS Backup publishes on behalf of the vault (DG: Cross-service confused deputy prevention).
fn lets_publish(policy: &PolicyDocument, topic: &str, vault: &str, region: &Region) -> Observed<bool> {
    let request = document::on_behalf(BACKUP, "sns:Publish", region.unit)
        .with("aws:SourceArn", Value::One(vault.to_owned()))
        .on(Target::Arn(topic.to_owned()));
    Policy::of_resource(policy).map_or_else(Observed::unknown, |policy| policy.lets(&request).observed("what the topic's policy allows"))
}

/// Whether every action of an alarm leads to a topic that reaches nobody.
pub fn all_dead(actions: &[String], region: &Region) -> Observed<bool> {
    if actions.is_empty() {
        return Observed::Known(false);
    }
    every(actions.iter().map(|action| match Arn::parse(action) {
        Some(arn) if arn.service == "sns" => is_dead(action, region),
        _ => Observed::Known(false),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::Unit;
    use serde_json::json;

    const TOPIC: &str = "arn:aws:sns:us-east-1:111122223333:events";
    const VAULT: &str = "arn:aws:backup:us-east-1:111122223333:backup-vault:main";

    fn published(changes: serde_json::Value) -> Observed<bool> {
        let unit = json!({"Account": "111122223333", "Region": "us-east-1", "Partition": "aws", "Source": "aws"});
        let unit: Unit = serde_json::from_value(unit).unwrap();
        let mut statement = json!({"Effect": "Allow", "Principal": {"Service": BACKUP}, "Action": "SNS:Publish", "Resource": TOPIC});
        statement.as_object_mut().unwrap().extend(changes.as_object().cloned().unwrap());
        let policy = PolicyDocument(json!({"Version": "2012-10-17", "Statement": [statement]}));
        lets_publish(&policy, TOPIC, VAULT, &Region::of(&unit))
    }

    #[test]
    fn aws_backup_publishes_on_behalf_of_the_vault_and_its_account() {
        let on_condition = |condition: serde_json::Value| published(json!({ "Condition": condition }));
        assert_eq!(published(json!({})), Observed::Known(true));
        assert_eq!(on_condition(json!({"StringEquals": {"aws:SourceAccount": "111122223333"}})), Observed::Known(true));
        assert_eq!(on_condition(json!({"StringEquals": {"aws:SourceAccount": "444455556666"}})), Observed::Known(false));
        assert_eq!(on_condition(json!({"ArnLike": {"aws:SourceArn": VAULT.replace("main", "*")}})), Observed::Known(true));
        assert_eq!(on_condition(json!({"ArnEquals": {"aws:SourceArn": VAULT.replace("main", "other")}})), Observed::Known(false));
        assert!(on_condition(json!({"StringEquals": {"aws:SourceOrgID": "o-1"}})).is_unknown());
    }

    #[test]
    fn a_statement_on_another_topic_lets_nobody_publish_to_this_one() {
        assert_eq!(published(json!({"Resource": [format!("{TOPIC}-other")]})), Observed::Known(false));
        assert_eq!(published(json!({"Resource": "arn:aws:sns:*:*:ev*"})), Observed::Known(true));
        assert_eq!(published(json!({"Effect": "Deny", "Resource": "*"})), Observed::Known(false));
        assert!(published(json!({"Resource": null})).is_unknown());
    }
}
