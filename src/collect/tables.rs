//! DynamoDB tables, tagged or not, and whether they can be restored to a point in time: ListTables, DescribeContinuousBackups.

use serde_json::{Map, Value};

use super::call::{Found, Page, text};
use super::fault::Fault;
use super::lay::spread;
use super::ledger::Question;
use super::post::{Post, each};

/// As AWS Backup names the type.
pub const RESOURCE_TYPE: &str = "DynamoDB";
const PAGE: Page = Page { items: "TableNames", identity: "TableName", token: "LastEvaluatedTableName" };
/// The most that ListTables takes.
const PAGE_SIZE: i32 = 100;

/// `arn` makes an ARN of a table's name: ListTables does not tell it.
pub async fn observe(post: &Post, arn: impl Fn(&str) -> String) -> Found {
    let client = post.session.dynamodb(&post.region);
    let listing = post
        .list(Question::new("dynamodb", "ListTables"), PAGE, |token| {
            client.list_tables().limit(PAGE_SIZE).set_exclusive_start_table_name(token).send()
        })
        .await;
    if !listing.was_answered() {
        post.skip(Question::new("dynamodb", "DescribeContinuousBackups"), "ListTables was not answered, so that no table is known");
    }
    let whole = listing.is_whole();
    let listed = listing.items.into_iter().map(|table| {
        let arn = arn(text(&table, PAGE.identity));
        let mut with_arn = Map::from_iter([("TableArn".to_owned(), arn.into())]);
        with_arn.extend(table);
        with_arn
    });
    Found { items: each(listed.collect(), |listed| table(post.clone(), client.clone(), listed)).await, whole }
}

/// Nobody asked for them.
pub fn skip(post: &Post) -> Found {
    post.skip(Question::new("dynamodb", "ListTables"), "tables are listed with --inventory dynamodb");
    Found::default()
}

async fn table(post: Post, client: aws_sdk_dynamodb::Client, mut table: Map<String, Value>) -> Value {
    fn absent(fault: &Fault) -> bool {
        fault.has_code(&["TableNotFoundException"])
    }
    const DESCRIPTION: &str = "ContinuousBackupsDescription";
    let name = text(&table, PAGE.identity).to_owned();
    let question = Question::new("dynamodb", "DescribeContinuousBackups").about(name.as_str());
    let told = post.object(question, DESCRIPTION, absent, client.describe_continuous_backups().table_name(&name).send()).await;
    spread(&mut table, told, &[DESCRIPTION]);
    Value::Object(table)
}
