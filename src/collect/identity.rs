//! Who is looking: sts:GetCallerIdentity. The one service here that answers in XML, so the SDK's reading is taken.

use super::CollectError;
use super::ledger::{Question, now};
use super::post::Post;
use super::sent::sent_for;
use crate::snapshot::{Arn, Call, Outcome};

/// The identity behind the credentials.
#[derive(Debug, Clone)]
pub struct Identity {
    pub arn: String,
    pub account: String,
    pub user_id: String,
    pub partition: String,
}

/// Without an answer there is no account to speak of, and no snapshot.
pub async fn observe(post: &Post) -> Result<Identity, CollectError> {
    let question = Question::new("sts", "GetCallerIdentity");
    post.begin(&question);
    let time = Some(now());
    let no_identity = |reason| CollectError::NoIdentity { region: post.region.clone(), reason };
    let (answer, line) = post.send(&question, || sent_for(post.session.sts(&post.region).get_caller_identity().send())).await;
    let answer = answer.map_err(|fault| no_identity(fault.text()))?;
    let identity = match (answer.arn, answer.account, answer.user_id) {
        (Some(arn), Some(account), Some(user_id)) => Identity { partition: partition(&arn), arn, account, user_id },
        _ => return Err(no_identity("the answer holds no identity".to_owned())),
    };
    if identity.account.len() != 12 || !identity.account.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(no_identity(format!("'{}' is not an account id of twelve digits", identity.account)));
    }
    let request_ids = line.reply.and_then(|reply| reply.request_id).into_iter().collect();
    post.end(Call { pages: 1, items: 1, request_ids, time, ..question.entry(Outcome::Ok) });
    Ok(identity)
}

fn partition(arn: &str) -> String {
    Arn::parse(arn).map_or("aws", |arn| arn.partition).to_owned()
}
