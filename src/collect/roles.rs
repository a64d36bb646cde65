//! IAM roles that the plans' selections name: GetRole, and what they may do. A policy that many roles have is read once.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::call::{Found, Page, Told, text};
use super::fault::Fault;
use super::lay::{put_list, within};
use super::ledger::Question;
use super::policy_text;
use super::post::{Post, each};
use crate::snapshot::{Arn, Outcome};

const ATTACHED: Page = Page { items: "AttachedPolicies", identity: "PolicyArn", token: "Marker" };
const NAMES: Page = Page { items: "PolicyNames", identity: "PolicyName", token: "Marker" };
/// Where the snapshot's role keeps them.
const MANAGED: &str = "AttachedPolicies";
const INLINE: &str = "InlinePolicies";
const DOCUMENT: &str = "PolicyDocument";

/// The roles, and whether these are all that the selections name.
pub async fn observe(post: &Post, account: &str, plans: &Found) -> Found {
    let (named, all_known) = named(plans);
    if named.is_empty() && !all_known {
        post.skip(Question::new("iam", "GetRole"), "it is not known which roles the plans' selections name");
    }
    let iam = post.session.iam(&post.region);
    let asked = named.into_iter().map(|arn| Asked { post: post.clone(), iam: iam.clone(), account: account.to_owned(), arn }).collect();
    let mut found = Found { items: Vec::new(), whole: all_known };
    let mut roles = Vec::new();
    for told in each(asked, role).await {
        match told {
            Told::Known(role) => roles.push(role),
            // It is named, and is no more.
            Told::Absent => {}
            Told::Silent(_) => found.whole = false,
        }
    }
    let policies: BTreeSet<Policy> = roles.iter().flat_map(policies).collect();
    let read = each(policies.into_iter().collect(), |policy| document(post.clone(), iam.clone(), policy)).await;
    let documents: BTreeMap<Policy, Told> = read.into_iter().collect();
    found.items.extend(roles.into_iter().map(|role| Value::Object(with_documents(role, &documents))));
    found
}

/// A policy by what it is asked for with.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Policy {
    /// By its ARN.
    Managed(String),
    /// By the ARN of its role and its name.
    Inline(String, String),
}

impl Policy {
    fn of(role: &str, list: &str, policy: &Map<String, Value>) -> Policy {
        match list {
            MANAGED => Policy::Managed(text(policy, ATTACHED.identity).to_owned()),
            _ => Policy::Inline(role.to_owned(), text(policy, NAMES.identity).to_owned()),
        }
    }
}

fn policies(role: &Map<String, Value>) -> Vec<Policy> {
    let of = |list: &'static str| {
        let policies = role.get(list).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object);
        policies.map(move |policy| Policy::of(text(role, "Arn"), list, policy))
    };
    of(MANAGED).chain(of(INLINE)).collect()
}

fn with_documents(mut role: Map<String, Value>, documents: &BTreeMap<Policy, Told>) -> Map<String, Value> {
    let arn = text(&role, "Arn").to_owned();
    for list in [MANAGED, INLINE] {
        let policies = role.get_mut(list).and_then(Value::as_array_mut);
        for policy in policies.into_iter().flatten().filter_map(Value::as_object_mut) {
            match documents.get(&Policy::of(&arn, list, policy)) {
                Some(Told::Known(document)) => policy.extend(document.clone()),
                Some(Told::Absent) => _ = policy.insert(DOCUMENT.to_owned(), Value::Null),
                Some(Told::Silent(_)) | None => {}
            }
        }
    }
    role
}

/// The roles of the selections, and whether every selection was seen.
fn named(plans: &Found) -> (BTreeSet<String>, bool) {
    let mut all_known = plans.whole;
    let mut named = BTreeSet::new();
    for plan in &plans.items {
        let Some(selections) = plan.get("Selections").and_then(Value::as_array) else {
            all_known = false;
            continue;
        };
        for selection in selections {
            match selection.get("BackupSelection") {
                Some(Value::Object(body)) => named.extend(body.get("IamRoleArn").and_then(Value::as_str).map(str::to_owned)),
                // A selection that is gone by now names none.
                Some(Value::Null) => {}
                _ => all_known = false,
            }
        }
    }
    (named, all_known)
}

/// One role, and through whom it is asked about.
struct Asked {
    post: Post,
    iam: aws_sdk_iam::Client,
    account: String,
    arn: String,
}

async fn role(asked: Asked) -> Told {
    let name = match Arn::parse(&asked.arn) {
        Some(arn) if arn.account == asked.account => role_name(&asked.arn).to_owned(),
        Some(_) => return asked.skip("GetRole", "IAM answers it only in the role's own account"),
        None => return asked.skip("GetRole", "it is not the ARN of a role"),
    };
    let told = asked.post.object(asked.question("GetRole"), "Role", no_such, asked.iam.get_role().role_name(&name).send()).await;
    let mut role = match within(told, "Role") {
        Told::Known(role) => role,
        Told::Absent => return Told::Absent,
        Told::Silent(outcome) => {
            for operation in ["ListAttachedRolePolicies", "ListRolePolicies"] {
                asked.skip(operation, "GetRole was not answered");
            }
            return Told::Silent(outcome);
        }
    };
    if text(&role, "Arn").is_empty() {
        role.insert("Arn".to_owned(), asked.arn.as_str().into());
    }
    policy_text::decode(&mut role, "AssumeRolePolicyDocument", "iam:GetRole");
    let (attached, inline) = tokio::join!(asked.attached(&name), asked.inline(&name));
    put_list(&mut role, MANAGED, attached);
    put_list(&mut role, INLINE, inline);
    Told::Known(role)
}

impl Asked {
    /// `None` unless the list is whole: the policy that allows, or denies, may be among the others.
    async fn attached(&self, name: &str) -> Option<Vec<Value>> {
        let listing = self
            .post
            .list(self.question("ListAttachedRolePolicies"), ATTACHED, |marker| {
                self.iam.list_attached_role_policies().role_name(name).set_marker(marker).send()
            })
            .await;
        listing.only_whole()
    }

    /// `None` unless the list is whole.
    async fn inline(&self, name: &str) -> Option<Vec<Value>> {
        let listing = self
            .post
            .list(self.question("ListRolePolicies"), NAMES, |marker| {
                self.iam.list_role_policies().role_name(name).set_marker(marker).send()
            })
            .await;
        if !listing.is_whole() {
            self.skip("GetRolePolicy", "ListRolePolicies did not tell all of the role's policies");
            return None;
        }
        listing.only_whole()
    }

    fn question(&self, operation: &'static str) -> Question {
        Question::new("iam", operation).about(self.arn.as_str())
    }

    fn skip(&self, operation: &'static str, why: &str) -> Told {
        self.post.skip(self.question(operation), why);
        Told::Silent(Outcome::Skipped)
    }
}

async fn document(post: Post, iam: aws_sdk_iam::Client, policy: Policy) -> (Policy, Told) {
    let told = match &policy {
        Policy::Managed(arn) => managed(&post, &iam, arn).await,
        Policy::Inline(role, name) => inline(&post, &iam, role, name).await,
    };
    (policy, told)
}

/// The default version of a managed policy, AWS's own included.
async fn managed(post: &Post, iam: &aws_sdk_iam::Client, arn: &str) -> Told {
    let question = |operation| Question::new("iam", operation).about(arn);
    let policy = post.object(question("GetPolicy"), "Policy", no_such, iam.get_policy().policy_arn(arn).send()).await;
    let version = match within(policy, "Policy") {
        Told::Known(policy) => text(&policy, "DefaultVersionId").to_owned(),
        Told::Absent => return Told::Absent,
        silent => {
            post.skip(question("GetPolicyVersion"), "GetPolicy was not answered, so that the version in force is not known");
            return silent;
        }
    };
    let request = iam.get_policy_version().policy_arn(arn).version_id(version).send();
    let version = post.object(question("GetPolicyVersion"), "PolicyVersion", no_such, request).await;
    only_document(within(version, "PolicyVersion"), "Document", "iam:GetPolicyVersion")
}

async fn inline(post: &Post, iam: &aws_sdk_iam::Client, role: &str, name: &str) -> Told {
    let question = Question::new("iam", "GetRolePolicy").about(format!("{role}/{name}"));
    let request = iam.get_role_policy().role_name(role_name(role)).policy_name(name).send();
    only_document(post.object(question, DOCUMENT, no_such, request).await, DOCUMENT, "iam:GetRolePolicy")
}

fn only_document(told: Told, member: &str, action: &str) -> Told {
    let Told::Known(mut answer) = told else { return told };
    let Some(document) = answer.remove(member) else { return Told::Silent(Outcome::Failed) };
    let mut policy = Map::from_iter([(DOCUMENT.to_owned(), document)]);
    policy_text::decode(&mut policy, DOCUMENT, action);
    Told::Known(policy)
}

/// A role's ARN holds its path as well.
fn role_name(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or_default()
}

fn no_such(fault: &Fault) -> bool {
    fault.has_code(&["NoSuchEntity", "NoSuchEntityException"])
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn roles_are_all_known_only_where_every_selection_was_seen() {
        let plan = |selections: Value| json!({"Selections": selections});
        let seen = json!({"BackupSelection": {"IamRoleArn": "arn:aws:iam::111122223333:role/a"}});
        let one = BTreeSet::from(["arn:aws:iam::111122223333:role/a".to_owned()]);
        let found = |items: Vec<Value>| named(&Found { items, whole: true });
        assert_eq!(found(vec![plan(json!([seen, seen, {"BackupSelection": null}]))]), (one.clone(), true));
        assert_eq!(found(vec![plan(json!([seen, {}]))]), (one.clone(), false));
        assert_eq!(found(vec![plan(json!([seen])), json!({})]), (one, false));
    }
}
