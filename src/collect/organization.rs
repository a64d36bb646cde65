//! The organization that the account is in, and the backup policy that it puts on it: DescribeOrganization,
//! DescribeEffectivePolicy, ListAccounts.

use aws_sdk_organizations::types::EffectivePolicyType::BackupPolicy;
use serde_json::{Map, Value};

use super::call::{Page, Told};
use super::fault::Fault;
use super::lay::{put, put_list, within};
use super::ledger::Question;
use super::policy_text;
use super::post::Post;

const ACCOUNTS: Page = Page { items: "Accounts", identity: "Id", token: "NextToken" };

/// What was told of it, and whether DescribeOrganization was answered.
pub struct Organization {
    /// Absent: the account is in no organization.
    pub told: Told,
    pub whole: bool,
}

/// `with_accounts`: the accounts are listed too, which AWS allows in the management account and to delegated administrators only.
pub async fn observe(post: &Post, with_accounts: bool) -> Organization {
    let client = post.session.organizations(&post.region);
    let details = post.object(question("DescribeOrganization"), "Organization", not_in_use, client.describe_organization().send());
    let request = client.describe_effective_policy().policy_type(BackupPolicy);
    let policy = post.object(question("DescribeEffectivePolicy"), "EffectivePolicy", no_policy, request.send());
    let accounts = async { if with_accounts { accounts(post, &client).await } else { None } };
    let (details, policy, accounts) = tokio::join!(details, policy, accounts);
    let details = match within(details, "Organization") {
        Told::Absent => return Organization { told: Told::Absent, whole: true },
        details => details,
    };
    let policy = match within(policy, "EffectivePolicy") {
        Told::Known(mut policy) => {
            policy_text::check(&mut policy, "PolicyContent", "organizations:DescribeEffectivePolicy");
            Told::Known(policy)
        }
        policy => policy,
    };
    let silence = match (&details, &policy) {
        (Told::Silent(outcome), Told::Silent(_)) if accounts.is_none() => Some(*outcome),
        _ => None,
    };
    if let Some(outcome) = silence {
        return Organization { told: Told::Silent(outcome), whole: false };
    }
    let whole = matches!(details, Told::Known(_));
    let mut organization = Map::new();
    put(&mut organization, "Organization", details);
    put(&mut organization, "EffectiveBackupPolicy", policy);
    put_list(&mut organization, "Accounts", accounts);
    Organization { told: Told::Known(organization), whole }
}

/// `None` unless the list is whole.
async fn accounts(post: &Post, client: &aws_sdk_organizations::Client) -> Option<Vec<Value>> {
    let listing = post.list(question("ListAccounts"), ACCOUNTS, |token| client.list_accounts().set_next_token(token).send()).await;
    listing.only_whole()
}

fn question(operation: &'static str) -> Question {
    Question::new("organizations", operation)
}

fn not_in_use(fault: &Fault) -> bool {
    fault.has_code(&["AWSOrganizationsNotInUseException"])
}

fn no_policy(fault: &Fault) -> bool {
    not_in_use(fault) || fault.has_code(&["EffectivePolicyNotFoundException"])
}
