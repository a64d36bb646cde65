//! Audit frameworks: ListFrameworks, and DescribeFramework for their controls.

use serde_json::{Map, Value};

use super::call::{Found, Page, text};
use super::fault::not_found;
use super::lay::spread;
use super::ledger::Question;
use super::post::{Post, each};
use super::vaults::PAGE_SIZE;

const PAGE: Page = Page { items: "Frameworks", identity: "FrameworkName", token: "NextToken" };
const DESCRIBED_ONLY: [&str; 2] = ["FrameworkControls", "FrameworkStatus"];

pub async fn observe(post: &Post) -> Found {
    let listing = post
        .list(Question::new("backup", "ListFrameworks"), PAGE, |token| {
            post.backup.list_frameworks().max_results(PAGE_SIZE).set_next_token(token).send()
        })
        .await;
    if !listing.was_answered() {
        post.skip(Question::new("backup", "DescribeFramework"), "ListFrameworks was not answered, so that no framework is known");
    }
    let whole = listing.is_whole();
    Found { items: each(listing.items, |listed| framework(post.clone(), listed)).await, whole }
}

async fn framework(post: Post, mut framework: Map<String, Value>) -> Value {
    let name = text(&framework, PAGE.identity).to_owned();
    let question = Question::new("backup", "DescribeFramework").about(name.as_str());
    let told = post.object(question, PAGE.identity, not_found, post.backup.describe_framework().framework_name(&name).send()).await;
    spread(&mut framework, told, &DESCRIBED_ONLY);
    Value::Object(framework)
}
