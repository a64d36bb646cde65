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
    let of_backup = listing.items.into_iter().filter(|rule| may_match(text(rule, "EventPattern"))).collect();
    Found { items: each(of_backup, |listed| rule(post.clone(), client.clone(), listed)).await, whole }
}

/// Whether events of AWS Backup can match: the pattern names their source, asks for no source, or for one by a comparison.
fn may_match(pattern: &str) -> bool {
    const COMPARISONS: [&str; 5] = ["prefix", "suffix", "wildcard", "anything-but", "equals-ignore-case"];
    let by_comparison = || COMPARISONS.iter().any(|word| pattern.contains(word));
    !pattern.is_empty() && (pattern.contains(SOURCE) || !pattern.contains("\"source\"") || by_comparison())
}

async fn rule(post: Post, client: aws_sdk_eventbridge::Client, mut rule: Map<String, Value>) -> Value {
    let name = text(&rule, RULES.identity).to_owned();
    let listing = post
        .list_with(
            Question::new("events", "ListTargetsByRule").about(name.as_str()),
            TARGETS,
            |token| client.list_targets_by_rule().rule(&name).limit(PAGE_SIZE).set_next_token(token).send(),
            |page| {
                without_inputs(page);
                Ok(())
            },
        )
        .await;
    put_list(&mut rule, "Targets", listing.only_whole());
    Value::Object(rule)
}

/// What a target is sent may hold tokens, and says nothing of who is told.
fn without_inputs(page: &mut Map<String, Value>) {
    const SECRET: [&str; 4] = ["Input", "InputPath", "InputTransformer", "HttpParameters"];
    for target in page.get_mut(TARGETS.items).and_then(Value::as_array_mut).into_iter().flatten().filter_map(Value::as_object_mut) {
        target.retain(|name, _| !SECRET.contains(&name.as_str()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_kept_unless_it_asks_for_another_source() {
        let source = |source: &str| format!("{{\"source\": [{source}]}}");
        assert!(may_match(&source("\"aws.ec2\", \"aws.backup\"")) && may_match(&source("{\"prefix\": \"aws.\"}")));
        assert!(may_match("{\"detail-type\": [\"Backup Job State Change\"]}"));
        assert!(!may_match(&source("\"aws.ec2\"")) && !may_match(""));
    }
}
