//! The Regions that the account has enabled: account:ListRegions.

use aws_sdk_account::types::RegionOptStatus::{Enabled, EnabledByDefault};

use super::call::{Page, text};
use super::ledger::Question;
use super::post::Post;
use super::{CollectError, Options};

const PAGE: Page = Page { items: "Regions", identity: "RegionName", token: "NextToken" };
/// The most that the API takes.
const PAGE_SIZE: i32 = 50;

/// The Regions to observe, each once.
pub async fn of(post: &Post, options: &Options) -> Result<Vec<String>, CollectError> {
    if options.all_regions { enabled(post).await } else { Ok(post.session.regions(options)) }
}

/// Part of the Regions is an error: a Region that nobody looked into would be missing without a trace.
async fn enabled(post: &Post) -> Result<Vec<String>, CollectError> {
    let client = post.session.account(&post.region);
    let listing = post
        .list(Question::new("account", "ListRegions"), PAGE, |token| {
            let request = client.list_regions().max_results(PAGE_SIZE).set_next_token(token);
            let request = request.region_opt_status_contains(Enabled).region_opt_status_contains(EnabledByDefault);
            request.send()
        })
        .await;
    if listing.is_whole() && !listing.items.is_empty() {
        return Ok(listing.items.iter().map(|region| text(region, PAGE.identity).to_owned()).collect());
    }
    let reason = post.ledger.first_error();
    Err(CollectError::RegionsUnknown { reason: reason.unwrap_or_else(|| "the list of Regions is empty".to_owned()) })
}
