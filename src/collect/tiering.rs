//! Tiering configurations, which move S3 backups to a cheaper tier: ListTieringConfigurations and GetTieringConfiguration.

use serde_json::{Map, Value};

use super::call::{Found, Page, text};
use super::fault::not_found;
use super::lay::{spread, within};
use super::ledger::Question;
use super::post::{Post, each};
use super::vaults::PAGE_SIZE;

const PAGE: Page = Page { items: "TieringConfigurations", identity: "TieringConfigurationName", token: "NextToken" };

pub async fn observe(post: &Post) -> Found {
    let listing = post
        .list(Question::new("backup", "ListTieringConfigurations"), PAGE, |token| {
            post.backup.list_tiering_configurations().max_results(PAGE_SIZE).set_next_token(token).send()
        })
        .await;
    if !listing.was_answered() {
        let why = "ListTieringConfigurations was not answered, so that no configuration is known";
        post.skip(Question::new("backup", "GetTieringConfiguration"), why);
    }
    let whole = listing.is_whole();
    Found { items: each(listing.items, |listed| configuration(post.clone(), listed)).await, whole }
}

async fn configuration(post: Post, mut configuration: Map<String, Value>) -> Value {
    let name = text(&configuration, PAGE.identity).to_owned();
    let question = Question::new("backup", "GetTieringConfiguration").about(name.as_str());
    let request = post.backup.get_tiering_configuration().tiering_configuration_name(&name);
    let told = post.object(question, "TieringConfiguration", not_found, request.send()).await;
    spread(&mut configuration, within(told, "TieringConfiguration"), &["ResourceSelection"]);
    Value::Object(configuration)
}
