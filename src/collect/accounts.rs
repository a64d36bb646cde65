//! Which accounts are observed, and as whom: the caller's own, those that are named, or the organization's, by a role in each.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, future};
use aws_sdk_sts::error::SdkError;
use aws_sdk_sts::operation::assume_role::{AssumeRoleError, AssumeRoleOutput};

use serde_json::{Map, Value};

use super::body;
use super::call::{Page, text};
use super::fault::{Fault, Redaction};
use super::identity::Identity;
use super::ledger::{Question, now};
use super::post::{Post, each};
use super::run::Run;
use super::sent::sent_for;
use super::session::Session;
use super::{CollectError, Options};
use crate::snapshot::{Call, Outcome};

/// What STS shows of the session, in CloudTrail for one.
const SESSION: &str = "backstop";
const ACCOUNTS: Page = Page { items: "Accounts", identity: "Id", token: "NextToken" };

/// An account that is to be observed.
pub struct Account {
    pub id: String,
    pub partition: String,
    /// `None`: the role could not be assumed; the calls tell why.
    pub entry: Option<(Arc<Session>, Identity)>,
    /// The calls that were made to get in, for the ledger of each of its units.
    pub calls: Vec<Call>,
}

/// The accounts, each once, in order. Without names it is the caller's own.
pub async fn observed(home: &Post, caller: &Identity, options: &Options) -> Result<Vec<Account>, CollectError> {
    let mut ids = options.accounts.clone();
    if options.organization {
        ids.extend(members(home).await?);
    }
    if ids.is_empty() {
        ids.push(caller.account.clone());
    }
    ids.sort();
    ids.dedup();
    let (role, external_id) = (options.role.clone(), options.external_id.clone());
    Ok(each(ids, |id| enter(home.clone(), caller.clone(), role.clone(), external_id.clone(), id)).await)
}

/// The active accounts of the organization. Part of them is an error: an account that nobody looked into would be missing
/// without a trace.
async fn members(home: &Post) -> Result<Vec<String>, CollectError> {
    let client = home.session.organizations(&home.region);
    let listing = home
        .list(Question::new("organizations", "ListAccounts"), ACCOUNTS, |token| client.list_accounts().set_next_token(token).send())
        .await;
    if !listing.is_whole() || listing.items.is_empty() {
        let reason = home.ledger.first_error();
        return Err(CollectError::AccountsUnknown { reason: reason.unwrap_or_else(|| "the list of accounts is empty".to_owned()) });
    }
    // A suspended account lets nobody in; `State` replaces `Status` from September 2026 on.
    let is_active = |account: &&Map<String, Value>| {
        let state = if account.contains_key("State") { text(account, "State") } else { text(account, "Status") };
        state == "ACTIVE" || state.is_empty()
    };
    Ok(listing.items.iter().filter(is_active).map(|account| text(account, "Id").to_owned()).collect())
}

async fn enter(home: Post, caller: Identity, role: Option<String>, external_id: Option<String>, id: String) -> Account {
    let partition = caller.partition.clone();
    let Some(role) = role.filter(|_| id != caller.account) else {
        return Account { id, partition, entry: Some((home.session.clone(), caller)), calls: Vec::new() };
    };
    let arn = format!("arn:{partition}:iam::{id}:role/{}", role.trim_start_matches('/'));
    let question = Question::new("sts", "AssumeRole").about(arn.as_str());
    home.begin(&question);
    let time = Some(now());
    let assume = Assume { sts: home.session.sts_patient(&home.region), role: arn, external_id, run: home.session.run.clone() };
    let (answer, line) = home.send(&question, || sent_for(assume.ask())).await;
    // The SDK would take half an answer for a whole one, if what it looks for is in that half.
    let is_whole = line.reply.as_ref().is_some_and(|reply| body::object(&reply.content_type, &reply.body).is_some());
    let answer = answer.and_then(|answer| if is_whole { Ok(answer) } else { Err(Fault::new("the answer ends in the middle")) });
    let request_ids = line.reply.and_then(|reply| reply.request_id).into_iter().collect();
    let entered = answer.and_then(|answer| {
        let user = answer.assumed_role_user.as_ref();
        let arn = user.map_or(String::new(), |user| user.arn.clone());
        let user_id = user.map_or(String::new(), |user| user.assumed_role_id.clone());
        let credentials = credentials(answer).ok_or_else(|| Fault::new("the answer holds no credentials"))?;
        Ok((credentials, Identity { arn, account: id.clone(), user_id, partition: partition.clone() }))
    });
    let (entry, call) = match entered {
        Ok((first, identity)) => {
            let session = Arc::new(home.session.with_credentials(Assumed { assume, first: Mutex::new(Some(first)) }));
            (Some((session, identity)), Call { pages: 1, items: 1, ..question.entry(Outcome::Ok) })
        }
        Err(fault) => (None, Call { error: Some(fault.text()), ..question.entry(fault.outcome) }),
    };
    let call = Call { request_ids, time, ..call };
    home.session.run.meter.ended();
    Account { id, partition, entry, calls: vec![call] }
}

#[derive(Debug, Clone)]
struct Assume {
    sts: aws_sdk_sts::Client,
    role: String,
    external_id: Option<String>,
    run: Arc<Run>,
}

impl Assume {
    fn ask(&self) -> impl Future<Output = Result<AssumeRoleOutput, SdkError<AssumeRoleError>>> + use<> {
        let request = self.sts.assume_role().role_arn(&self.role).role_session_name(SESSION);
        request.set_external_id(self.external_id.clone()).send()
    }
}

fn credentials(answer: AssumeRoleOutput) -> Option<Credentials> {
    let found = answer.credentials?;
    let expiry = std::time::SystemTime::try_from(found.expiration).ok();
    Some(Credentials::new(found.access_key_id, found.secret_access_key, Some(found.session_token), expiry, "AssumeRole"))
}

/// The role's credentials: those that it was entered with, and others once they are about to run out.
struct Assumed {
    assume: Assume,
    first: Mutex<Option<Credentials>>,
}

impl fmt::Debug for Assumed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Assumed").field("role", &self.assume.role).finish_non_exhaustive()
    }
}

impl ProvideCredentials for Assumed {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async {
            if let Some(first) = self.first.lock().unwrap_or_else(PoisonError::into_inner).take() {
                return Ok(first);
            }
            let answer = self.assume.ask().await;
            let answer = answer.map_err(|error| {
                let fault = Fault::of(&error).without(&Redaction::default(), &[]);
                if fault.is_expiry() {
                    // Those that the run began with are needed for every account.
                    self.assume.run.stop(CollectError::Expired { asked: "sts:AssumeRole".to_owned(), reason: fault.text() });
                }
                CredentialsError::provider_error(fault.text())
            })?;
            credentials(answer).ok_or_else(|| CredentialsError::provider_error("AssumeRole returned no credentials"))
        })
    }
}
