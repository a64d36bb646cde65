//! Restore testing plans: ListRestoreTestingPlans, GetRestoreTestingPlan, and each plan's selections.

use serde_json::{Map, Value};

use super::call::{Found, Page, text};
use super::fault::not_found;
use super::lay::{put_list, spread, within};
use super::ledger::Question;
use super::post::{Post, each};
use super::vaults::PAGE_SIZE;

const PLANS: Page = Page { items: "RestoreTestingPlans", identity: "RestoreTestingPlanName", token: "NextToken" };
const SELECTIONS: Page = Page { items: "RestoreTestingSelections", identity: "RestoreTestingSelectionName", token: "NextToken" };
/// AWS returns the one or the other.
const PROTECTED: [&str; 2] = ["ProtectedResourceArns", "ProtectedResourceConditions"];

pub async fn observe(post: &Post) -> Found {
    let listing = post
        .list(Question::new("backup", "ListRestoreTestingPlans"), PLANS, |token| {
            post.backup.list_restore_testing_plans().max_results(PAGE_SIZE).set_next_token(token).send()
        })
        .await;
    if !listing.was_answered() {
        for operation in ["GetRestoreTestingPlan", "ListRestoreTestingSelections", "GetRestoreTestingSelection"] {
            post.skip(Question::new("backup", operation), "ListRestoreTestingPlans was not answered, so that no plan is known");
        }
    }
    let whole = listing.is_whole();
    Found { items: each(listing.items, |listed| plan(post.clone(), listed)).await, whole }
}

async fn plan(post: Post, mut plan: Map<String, Value>) -> Value {
    let name = text(&plan, PLANS.identity).to_owned();
    let question = Question::new("backup", "GetRestoreTestingPlan").about(name.as_str());
    let request = post.backup.get_restore_testing_plan().restore_testing_plan_name(&name);
    let body = post.object(question, "RestoreTestingPlan", not_found, request.send());
    let (body, selections) = tokio::join!(body, selections(&post, &name));
    spread(&mut plan, within(body, "RestoreTestingPlan"), &["RecoveryPointSelection"]);
    put_list(&mut plan, "Selections", selections);
    Value::Object(plan)
}

/// `None` unless the list is whole: a plan that shows some of its selections would seem to test less than it does.
async fn selections(post: &Post, plan: &str) -> Option<Vec<Value>> {
    let listing = post
        .list(Question::new("backup", "ListRestoreTestingSelections").about(plan), SELECTIONS, |token| {
            let request = post.backup.list_restore_testing_selections().restore_testing_plan_name(plan);
            request.max_results(PAGE_SIZE).set_next_token(token).send()
        })
        .await;
    if !listing.is_whole() {
        let why = "ListRestoreTestingSelections did not tell all of the plan's selections";
        post.skip(Question::new("backup", "GetRestoreTestingSelection").about(plan), why);
        return None;
    }
    Some(each(listing.items, |listed| selection(post.clone(), plan.to_owned(), listed)).await)
}

async fn selection(post: Post, plan: String, mut selection: Map<String, Value>) -> Value {
    let name = text(&selection, SELECTIONS.identity).to_owned();
    let question = Question::new("backup", "GetRestoreTestingSelection").about(format!("{plan}/{name}"));
    let request = post.backup.get_restore_testing_selection().restore_testing_plan_name(&plan).restore_testing_selection_name(&name);
    let told = post.object(question, "RestoreTestingSelection", not_found, request.send()).await;
    spread(&mut selection, within(told, "RestoreTestingSelection"), &PROTECTED);
    Value::Object(selection)
}
