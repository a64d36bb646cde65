//! The Regions that the account has enabled: account:ListRegions.

use aws_sdk_account::types::RegionOptStatus::{Enabled, EnabledByDefault};

use super::CollectError;
use super::call::{Page, text};
use super::ledger::Question;
use super::post::Post;

const PAGE: Page = Page { items: "Regions", identity: "RegionName", token: "NextToken" };
/// The most that the API takes.
const PAGE_SIZE: i32 = 50;

/// Part of the Regions is an error: a Region that nobody looked into would be missing without a trace.
pub async fn enabled(post: &Post) -> Result<Vec<String>, CollectError> {
    let client = post.session.account(&post.region);
    let listing = post
        .list(Question::new("account", "ListRegions"), PAGE, |token, capture| {
            let request = client.list_regions().max_results(PAGE_SIZE).set_next_token(token);
            let request = request.region_opt_status_contains(Enabled).region_opt_status_contains(EnabledByDefault);
            request.customize().interceptor(capture).send()
        })
        .await;
    if listing.is_whole() && !listing.items.is_empty() {
        return Ok(listing.items.iter().map(|region| text(region, PAGE.identity).to_owned()).collect());
    }
    let reason = post.finish().into_iter().find_map(|call| call.error);
    Err(CollectError::RegionsUnknown { reason: reason.unwrap_or_else(|| "the list of Regions is empty".to_owned()) })
}
