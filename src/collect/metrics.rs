//! Metrics of AWS Backup that had data lately: ListMetrics.

use serde_json::{Map, Value};

use super::call::{Listing, Page};
use super::ledger::Question;
use super::post::Post;

const NAMESPACE: &str = "AWS/Backup";
/// A metric is known by its name and dimensions together, so that they are written into a member of our own while it is listed.
const PAGE: Page = Page { items: "Metrics", identity: "$identity", token: "NextToken" };

pub async fn observe(post: &Post) -> Listing {
    let client = post.session.cloudwatch(&post.region);
    let mut listing = post
        .list_with(
            Question::new("cloudwatch", "ListMetrics"),
            PAGE,
            |token| client.list_metrics().namespace(NAMESPACE).set_next_token(token).send(),
            |page| {
                identify(page);
                Ok(())
            },
        )
        .await;
    for metric in &mut listing.items {
        metric.shift_remove(PAGE.identity);
    }
    listing
}

fn identify(page: &mut Map<String, Value>) {
    for metric in page.get_mut(PAGE.items).and_then(Value::as_array_mut).into_iter().flatten().filter_map(Value::as_object_mut) {
        // Without a name it is no metric, and gets no identity.
        if let Some(name) = metric.get("MetricName").and_then(Value::as_str) {
            let identity = format!("{name} {}", metric.get("Dimensions").unwrap_or(&Value::Null));
            metric.insert(PAGE.identity.to_owned(), identity.into());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn metrics_of_one_name_differ_by_their_dimensions() {
        let mut page = Map::from_iter([(
            "Metrics".to_owned(),
            json!([{"MetricName": "a", "Dimensions": [{"Name": "n", "Value": "1"}]}, {"MetricName": "a", "Dimensions": []}, {"Dimensions": []}]),
        )]);
        identify(&mut page);
        assert_ne!(page["Metrics"][0]["$identity"], page["Metrics"][1]["$identity"]);
        assert_eq!(page["Metrics"][2].get("$identity"), None);
    }
}
