//! EventBridge: the rules of the default bus that name AWS Backup, and their targets: ListRules, ListTargetsByRule.

use serde_json::{Map, Value};

use super::call::{Found, Page, text};
use super::lay::put_list;
use super::ledger::Question;
use super::post::{Post, each};

const RULES: Page = Page { items: "Rules", identity: "Name", token: "NextToken" };
const TARGETS: Page = Page { items: "Targets", identity: "Id", token: "NextToken" };
/// The most that both calls take.
const PAGE_SIZE: i32 = 100;
/// The source of AWS Backup's events, which goes to the default bus only.
const SOURCE: &str = "aws.backup";

pub async fn observe(post: &Post) -> Found {
    let client = post.session.events(&post.region);
    let listing = post
        .list(Question::new("events", "ListRules"), RULES, |token| client.list_rules().limit(PAGE_SIZE).set_next_token(token).send())
        .await;
    if !listing.was_answered() {
        post.skip(Question::new("events", "ListTargetsByRule"), "ListRules was not answered, so that no rule is known");
    }
    let whole = listing.is_whole();
    let of_backup = listing.items.into_iter().filter(|rule| text(rule, "EventPattern").contains(SOURCE)).collect();
    Found { items: each(of_backup, |listed| rule(post.clone(), client.clone(), listed)).await, whole }
}

async fn rule(post: Post, client: aws_sdk_eventbridge::Client, mut rule: Map<String, Value>) -> Value {
    let name = text(&rule, RULES.identity).to_owned();
    let listing = post
        .list(Question::new("events", "ListTargetsByRule").about(name.as_str()), TARGETS, |token| {
            client.list_targets_by_rule().rule(&name).limit(PAGE_SIZE).set_next_token(token).send()
        })
        .await;
    put_list(&mut rule, "Targets", listing.only_whole());
    Value::Object(rule)
}
