//! Report plans of AWS Backup's audit manager: ListReportPlans, which tells all there is to know of them.

use super::call::{Listing, Page};
use super::ledger::Question;
use super::post::Post;
use super::vaults::PAGE_SIZE;

const PAGE: Page = Page { items: "ReportPlans", identity: "ReportPlanName", token: "NextToken" };

pub async fn observe(post: &Post) -> Listing {
    post.list(Question::new("backup", "ListReportPlans"), PAGE, |token| {
        post.backup.list_report_plans().max_results(PAGE_SIZE).set_next_token(token).send()
    })
    .await
}
