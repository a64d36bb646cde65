//! Plans: ListBackupPlans, GetBackupPlan, and each plan's selections, versions and tags.

use serde_json::{Map, Value};

use super::call::{Found, Page, Told, text};
use super::fault::not_found;
use super::lay::{put, put_list};
use super::ledger::Question;
use super::post::{Post, each};
use super::vaults::{PAGE_SIZE, tags};

const PLANS: Page = Page { items: "BackupPlansList", identity: "BackupPlanId", token: "NextToken" };
const VERSIONS: Page = Page { items: "BackupPlanVersionsList", identity: "VersionId", token: "NextToken" };
const SELECTIONS: Page = Page { items: "BackupSelectionsList", identity: "SelectionId", token: "NextToken" };

pub async fn observe(post: &Post) -> Found {
    let listing = post
        .list(Question::new("backup", "ListBackupPlans"), PLANS, |token| {
            let request = post.backup.list_backup_plans().max_results(PAGE_SIZE).set_next_token(token);
            request.send()
        })
        .await;
    if !listing.was_answered() {
        for operation in ["GetBackupPlan", "ListBackupSelections", "GetBackupSelection", "ListBackupPlanVersions"] {
            post.skip(Question::new("backup", operation), "ListBackupPlans was not answered, so that no plan is known");
        }
    }
    let whole = listing.is_whole();
    Found { items: each(listing.items, |listed| plan(post.clone(), listed)).await, whole }
}

async fn plan(post: Post, listed: Map<String, Value>) -> Value {
    let id = text(&listed, "BackupPlanId").to_owned();
    let arn = text(&listed, "BackupPlanArn").to_owned();
    let (body, selections, versions, tags) =
        tokio::join!(get_plan(&post, &id), selections(&post, &id), versions(&post, &id), tags(&post, &arn));
    let mut plan = listed;
    match body {
        Told::Known(body) => plan.extend(body),
        told => put(&mut plan, "BackupPlan", told),
    }
    put_list(&mut plan, "Selections", selections);
    put_list(&mut plan, "Versions", versions);
    put(&mut plan, "Tags", tags);
    Value::Object(plan)
}

async fn get_plan(post: &Post, id: &str) -> Told {
    post.object(
        Question::new("backup", "GetBackupPlan").about(id),
        "BackupPlan",
        not_found,
        post.backup.get_backup_plan().backup_plan_id(id).send(),
    )
    .await
}

/// `None` unless the list is whole.
async fn versions(post: &Post, plan: &str) -> Option<Vec<Value>> {
    let listing = post
        .list(Question::new("backup", "ListBackupPlanVersions").about(plan), VERSIONS, |token| {
            post.backup.list_backup_plan_versions().backup_plan_id(plan).max_results(PAGE_SIZE).set_next_token(token).send()
        })
        .await;
    listing.only_whole()
}

/// `None` unless the list is whole: a plan that shows some of its selections would seem to reach less than it does.
async fn selections(post: &Post, plan: &str) -> Option<Vec<Value>> {
    let listing = post
        .list(Question::new("backup", "ListBackupSelections").about(plan), SELECTIONS, |token| {
            let request = post.backup.list_backup_selections().backup_plan_id(plan).max_results(PAGE_SIZE).set_next_token(token);
            request.send()
        })
        .await;
    if !listing.is_whole() {
        post.skip(
            Question::new("backup", "GetBackupSelection").about(plan),
            "ListBackupSelections did not tell all of the plan's selections",
        );
        return None;
    }
    Some(each(listing.items, |listed| selection(post.clone(), plan.to_owned(), listed)).await)
}

async fn selection(post: Post, plan: String, listed: Map<String, Value>) -> Value {
    let id = text(&listed, "SelectionId").to_owned();
    let question = Question::new("backup", "GetBackupSelection").about(format!("{plan}/{id}"));
    let told = post
        .object(question, "BackupSelection", not_found, post.backup.get_backup_selection().backup_plan_id(&plan).selection_id(&id).send())
        .await;
    let mut selection = listed;
    match told {
        Told::Known(body) => selection.extend(body),
        told => put(&mut selection, "BackupSelection", told),
    }
    Value::Object(selection)
}
