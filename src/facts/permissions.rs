//! From calls to AWS to the IAM policy that allows them and nothing else.
//! Belongs here: what IAM calls a call, and the shape of the policy. Which calls are needed is `sources`' to say.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

/// What a run does beside asking what the rules rest on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reach<'a> {
    /// It looks up which Regions the account has.
    pub all_regions: bool,
    /// It looks up which accounts the organization has.
    pub organization: bool,
    /// It takes on a role of this name in every account, with its path if it has one.
    pub role: Option<&'a str>,
    /// Of the role's ARN: `aws`, `aws-cn`, `aws-us-gov`.
    pub partition: &'a str,
}

/// IAM's name for what a call needs; `None` where it needs no permission. IAM's own names stay what they are.
pub fn iam_action(call: &str) -> Option<&str> {
    match call {
        "sts:GetCallerIdentity" => None,
        "s3:ListBuckets" => Some("s3:ListAllMyBuckets"),
        same => Some(same),
    }
}

/// The least policy that allows the calls and what the run does beside them: a statement for each service, in the order of
/// their names. None of these actions can be narrowed to resources without naming every vault, plan and key.
pub fn policy<'c>(calls: impl IntoIterator<Item = &'c str>, reach: &Reach) -> Value {
    let beside = [("account:ListRegions", reach.all_regions), ("organizations:ListAccounts", reach.organization)];
    let beside = beside.into_iter().filter(|(_, does)| *does).map(|(call, _)| call);
    let mut services: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for action in calls.into_iter().chain(beside).filter_map(iam_action) {
        services.entry(service_of(action)).or_default().insert(action);
    }
    let mut statements: Vec<Value> =
        services.into_iter().map(|(service, actions)| allow(&sid("Reads", service), json!(actions), "*")).collect();
    statements.extend(reach.role.map(|role| {
        let partition = if reach.partition.is_empty() { "aws" } else { reach.partition };
        allow("BackstopAssumesRole", json!(["sts:AssumeRole"]), &format!("arn:{partition}:iam::*:role/{role}"))
    }));
    json!({ "Version": "2012-10-17", "Statement": statements })
}

/// The statement that would allow one call, to be put into a policy that lacks it; `None` where the call needs none.
pub fn statement(call: &str) -> Option<Value> {
    let action = iam_action(call)?;
    Some(allow(&sid("Reads", action), json!([action]), "*"))
}

fn allow(sid: &str, actions: Value, resource: &str) -> Value {
    json!({ "Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resource })
}

fn service_of(action: &str) -> &str {
    action.split(':').next().unwrap_or(action)
}

/// IAM takes letters and digits only: `BackstopReadsBackup`, `BackstopReadsKmsDescribeKey`.
fn sid(verb: &str, of: &str) -> String {
    let words = of.split(|c: char| !c.is_ascii_alphanumeric()).map(|word| {
        let (first, rest) = word.split_at(word.len().min(1));
        first.to_ascii_uppercase() + rest
    });
    format!("Backstop{verb}{}", words.collect::<String>())
}
