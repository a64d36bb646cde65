//! CloudTrail: the trails that log this Region, those of other Regions and of the organization included: DescribeTrails,
//! GetTrailStatus, GetEventSelectors.

use serde_json::{Map, Value};

use super::call::{Found, Told, text};
use super::fault::never_absent;
use super::lay::{put, spread};
use super::ledger::Question;
use super::post::{Post, each};

const LIST: &str = "trailList";
/// AWS returns the one or the other.
const SELECTORS: [&str; 2] = ["EventSelectors", "AdvancedEventSelectors"];

pub async fn observe(post: &Post) -> Found {
    let client = post.session.cloudtrail(&post.region);
    let question = Question::new("cloudtrail", "DescribeTrails");
    let told = post.object(question, LIST, never_absent, client.describe_trails().include_shadow_trails(true).send()).await;
    let Told::Known(mut answer) = told else {
        for operation in ["GetTrailStatus", "GetEventSelectors"] {
            post.skip(Question::new("cloudtrail", operation), "DescribeTrails was not answered, so that no trail is known");
        }
        return Found::default();
    };
    let Some(Value::Array(listed)) = answer.remove(LIST) else { return Found::default() };
    let count = listed.len();
    let is_trail = |trail: &Map<String, Value>| !text(trail, "TrailARN").is_empty();
    let mut trails: Vec<_> = listed.into_iter().filter_map(object).filter(is_trail).collect();
    let whole = trails.len() == count;
    trails.sort_by(|one, other| text(one, "TrailARN").cmp(text(other, "TrailARN")));
    Found { items: each(trails, |listed| trail(post.clone(), client.clone(), listed)).await, whole }
}

fn object(value: Value) -> Option<Map<String, Value>> {
    match value {
        Value::Object(object) => Some(object),
        _ => None,
    }
}

/// A trail of another Region answers here too, if it is asked for by its ARN.
async fn trail(post: Post, client: aws_sdk_cloudtrail::Client, mut trail: Map<String, Value>) -> Value {
    // That it is not found proves nothing: it was listed, and one of another account may not be readable from here.
    let absent = never_absent;
    let arn = text(&trail, "TrailARN").to_owned();
    let question = |operation| Question::new("cloudtrail", operation).about(arn.as_str());
    let status = post.object(question("GetTrailStatus"), "IsLogging", absent, client.get_trail_status().name(&arn).send());
    let selectors = post.object(question("GetEventSelectors"), "TrailARN", absent, client.get_event_selectors().trail_name(&arn).send());
    let (status, selectors) = tokio::join!(status, selectors);
    put(&mut trail, "Status", status);
    spread(&mut trail, selectors, &SELECTORS);
    Value::Object(trail)
}
