//! Resources: tagged ones from tag:GetResources, protected ones from ListProtectedResources.

use super::call::{Listing, Page};
use super::ledger::Question;
use super::post::Post;
use super::vaults::PAGE_SIZE;

const TAGGED: Page = Page { items: "ResourceTagMappingList", identity: "ResourceARN", token: "PaginationToken" };
const PROTECTED: Page = Page { items: "Results", identity: "ResourceArn", token: "NextToken" };
/// The most that GetResources takes.
const TAGGED_PAGE_SIZE: i32 = 100;

/// Resources that have, or once had, a tag.
pub async fn tagged(post: &Post) -> Listing {
    let client = post.session.tagging(&post.region);
    post.list(Question::new("tag", "GetResources"), TAGGED, |token| {
        let request = client.get_resources().resources_per_page(TAGGED_PAGE_SIZE).set_pagination_token(token);
        request.send()
    })
    .await
}

/// Resources that have a recovery point.
pub async fn protected(post: &Post) -> Listing {
    post.list(Question::new("backup", "ListProtectedResources"), PROTECTED, |token| {
        let request = post.backup.list_protected_resources().max_results(PAGE_SIZE).set_next_token(token);
        request.send()
    })
    .await
}
