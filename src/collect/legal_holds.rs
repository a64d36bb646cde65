//! Legal holds: ListLegalHolds, and GetLegalHold for what they hold.

use serde_json::{Map, Value};

use super::call::{Found, Page, text};
use super::fault::not_found;
use super::lay::spread;
use super::ledger::Question;
use super::post::{Post, each};
use super::vaults::PAGE_SIZE;

const PAGE: Page = Page { items: "LegalHolds", identity: "LegalHoldId", token: "NextToken" };

pub async fn observe(post: &Post) -> Found {
    let listing = post
        .list(Question::new("backup", "ListLegalHolds"), PAGE, |token| {
            post.backup.list_legal_holds().max_results(PAGE_SIZE).set_next_token(token).send()
        })
        .await;
    if !listing.was_answered() {
        post.skip(Question::new("backup", "GetLegalHold"), "ListLegalHolds was not answered, so that no legal hold is known");
    }
    let whole = listing.is_whole();
    Found { items: each(listing.items, |listed| hold(post.clone(), listed)).await, whole }
}

async fn hold(post: Post, mut hold: Map<String, Value>) -> Value {
    let id = text(&hold, PAGE.identity).to_owned();
    let question = Question::new("backup", "GetLegalHold").about(id.as_str());
    let told = post.object(question, PAGE.identity, not_found, post.backup.get_legal_hold().legal_hold_id(&id).send()).await;
    spread(&mut hold, told, &["RecoveryPointSelection"]);
    Value::Object(hold)
}
