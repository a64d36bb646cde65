//! SNS topics, those that vaults and alarms name, each asked in its own Region: GetTopicAttributes, ListSubscriptionsByTopic.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::alarms::Alarms;
use super::call::{Found, Page, Told};
use super::fault::Fault;
use super::lay::{put_list, spread, within};
use super::ledger::Question;
use super::policy_text;
use super::post::{Post, each};
use crate::snapshot::Arn;

/// Of a subscription that nobody has confirmed, only the endpoint tells it from others.
const SUBSCRIPTIONS: Page = Page { items: "Subscriptions", identity: "$identity", token: "NextToken" };

/// The topics, and whether these are all that are named.
pub async fn observe(post: &Post, vaults: &Found, alarms: &Alarms) -> Found {
    let (named, all_known) = named(vaults, alarms);
    if named.is_empty() && !all_known {
        post.skip(Question::new("sns", "GetTopicAttributes"), "it is not known which topics vaults and alarms name");
    }
    let mut clients = BTreeMap::new();
    let asked: Vec<Asked> = named
        .into_iter()
        .map(|(region, arn)| {
            let sns = clients.entry(region.clone()).or_insert_with(|| post.session.sns(&region)).clone();
            Asked { post: post.clone(), sns, region, arn }
        })
        .collect();
    let mut found = Found { items: Vec::new(), whole: all_known };
    for answer in each(asked, topic).await {
        match answer {
            Told::Known(topic) => found.items.push(Value::Object(topic)),
            // It is named, and is no more.
            Told::Absent => {}
            Told::Silent(_) => found.whole = false,
        }
    }
    found
}

/// Topics by Region and ARN, and whether everything that may name one was seen.
fn named(vaults: &Found, alarms: &Alarms) -> (BTreeSet<(String, String)>, bool) {
    let of_vaults = vaults.items.iter().filter_map(|vault| vault.get("Notifications")?.get("SNSTopicArn")?.as_str());
    let alarms_seen = alarms.metric.items.iter().chain(&alarms.composite.items);
    let of_alarms = alarms_seen.filter_map(|alarm| alarm.get("AlarmActions")?.as_array()).flatten().filter_map(Value::as_str);
    let topic = |text: &str| {
        let arn = Arn::parse(text).filter(|arn| arn.service == "sns" && !arn.region.is_empty())?;
        Some((arn.region.to_owned(), text.to_owned()))
    };
    let all_known = vaults.whole
        && alarms.metric.whole
        && alarms.composite.whole
        && vaults.items.iter().all(|vault| vault.get("Notifications").is_some());
    (of_vaults.chain(of_alarms).filter_map(topic).collect(), all_known)
}

/// One topic, and through whom it is asked about.
struct Asked {
    post: Post,
    sns: aws_sdk_sns::Client,
    region: String,
    arn: String,
}

async fn topic(asked: Asked) -> Told {
    let request = asked.sns.get_topic_attributes().topic_arn(&asked.arn).send();
    let told = asked.post.object(asked.question("GetTopicAttributes"), "Attributes", gone, request).await;
    let attributes = match within(told, "Attributes") {
        told @ Told::Known(_) => told,
        Told::Absent => return Told::Absent,
        Told::Silent(outcome) => {
            asked.post.skip(asked.question("ListSubscriptionsByTopic"), "GetTopicAttributes was not answered");
            return Told::Silent(outcome);
        }
    };
    let mut topic = Map::from_iter([("TopicArn".to_owned(), asked.arn.as_str().into())]);
    spread(&mut topic, attributes, &["Policy"]);
    policy_text::check(&mut topic, "Policy", "sns:GetTopicAttributes");
    put_list(&mut topic, "Subscriptions", asked.subscriptions().await);
    Told::Known(topic)
}

impl Asked {
    /// `None` unless the list is whole.
    async fn subscriptions(&self) -> Option<Vec<Value>> {
        let mut listing = self
            .post
            .list_with(
                self.question("ListSubscriptionsByTopic"),
                SUBSCRIPTIONS,
                |token| self.sns.list_subscriptions_by_topic().topic_arn(&self.arn).set_next_token(token).send(),
                |page| {
                    identify(page);
                    Ok(())
                },
            )
            .await;
        for subscription in &mut listing.items {
            subscription.shift_remove(SUBSCRIPTIONS.identity);
        }
        listing.only_whole()
    }

    fn question(&self, operation: &'static str) -> Question {
        Question::new("sns", operation).about(self.arn.as_str()).at(self.region.as_str())
    }
}

/// `https://hooks.example.com/...` to `https://hooks.example.com`.
fn host(endpoint: &str) -> String {
    let (scheme, rest) = endpoint.split_once("://").unwrap_or(("", endpoint));
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    if scheme.is_empty() { host.to_owned() } else { format!("{scheme}://{host}") }
}

fn digest(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

fn identify(page: &mut Map<String, Value>) {
    let list = page.get_mut(SUBSCRIPTIONS.items).and_then(Value::as_array_mut);
    for subscription in list.into_iter().flatten().filter_map(Value::as_object_mut) {
        let text = |member: &str| subscription.get(member).and_then(Value::as_str).unwrap_or_default();
        // The rest of a webhook's address is often its password.
        let webhook = matches!(text("Protocol"), "http" | "https").then(|| text("Endpoint").to_owned());
        let endpoint = webhook.as_deref().map_or_else(|| text("Endpoint").to_owned(), digest);
        let identity = format!("{} {} {endpoint}", text("SubscriptionArn"), text("Protocol"));
        if let Some(webhook) = webhook {
            subscription.insert("Endpoint".to_owned(), host(&webhook).into());
        }
        if !identity.trim().is_empty() {
            subscription.insert(SUBSCRIPTIONS.identity.to_owned(), identity.into());
        }
    }
}

fn gone(fault: &Fault) -> bool {
    fault.has_code(&["NotFound", "NotFoundException", "ResourceNotFoundException"])
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn found(items: Value, whole: bool) -> Found {
        Found { items: items.as_array().cloned().unwrap_or_default(), whole }
    }

    #[test]
    fn of_a_webhook_its_host_is_kept_and_two_of_one_host_stay_two() {
        let endpoint = |path: &str| json!({"SubscriptionArn": "PendingConfirmation", "Protocol": "https", "Endpoint": format!("https://u:p@hooks.example.com/{path}")});
        let mut page = Map::from_iter([("Subscriptions".to_owned(), json!([endpoint("one"), endpoint("two?t=1")]))]);
        identify(&mut page);
        let [one, two] = [&page["Subscriptions"][0], &page["Subscriptions"][1]];
        assert_eq!((&one["Endpoint"], &two["Endpoint"]), (&json!("https://hooks.example.com"), &json!("https://hooks.example.com")));
        assert_ne!(one["$identity"], two["$identity"]);
        assert!(!page["Subscriptions"].to_string().contains("one"));
    }

    #[test]
    fn topics_are_all_known_only_where_every_vault_told_its_notifications() {
        let one = "arn:aws:sns:eu-west-1:111122223333:one";
        let alarms = |whole| Alarms {
            metric: found(json!([{"AlarmActions": [one, "arn:aws:automate:eu-west-1:ec2:stop"]}]), whole),
            composite: found(json!([]), whole),
        };
        let vaults = found(json!([{"Notifications": {"SNSTopicArn": one}}, {"Notifications": null}]), true);
        let expected = BTreeSet::from([("eu-west-1".to_owned(), one.to_owned())]);
        assert_eq!(named(&vaults, &alarms(true)), (expected.clone(), true));
        assert_eq!(named(&vaults, &alarms(false)), (expected, false));
        assert!(!named(&found(json!([{}]), true), &alarms(true)).1);
    }
}
