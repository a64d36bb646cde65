//! What keys, topics and roles ask of a policy document.

use std::collections::BTreeSet;

use super::pattern::NOBODY;
use super::policy::{Effect, Policy};
use super::request::{Caller, Request, Value};
use super::truth::Truth;
use crate::snapshot::{Observed, PolicyDocument, Unit};

pub use super::pattern::wildcard;

/// Whether the key policy denies an action to everyone, but for principals that a condition exempts by name. Nobody whom the policy
/// does not name may be spared: a role, a user, in any account that it speaks of.
pub fn denies_everyone(document: &PolicyDocument, action: &str) -> Observed<bool> {
    let verdict = |policy: &Policy| {
        let (accounts, partitions) = (accounts(document), partitions(document));
        let of_each = |account: &String| partitions.iter().flat_map(|partition| strangers(partition, account)).collect::<Vec<_>>();
        Truth::all(accounts.iter().flat_map(of_each).map(|stranger| policy.denies(&stranger.asks(action))))
    };
    read(document, verdict, "a Deny in the policy")
}

/// Whether a resource policy lets one of these principals do all of these actions. The root principal of an account
/// stands for whatever that account's own IAM policies allow.
pub fn lets_any(document: &PolicyDocument, principals: &[String], actions: &[&str], region: &str) -> Observed<bool> {
    let verdict = |policy: &Policy| {
        Truth::any(
            principals.iter().map(|principal| Truth::all(actions.iter().map(|action| policy.lets(&request(principal, action, region))))),
        )
    };
    read(document, verdict, "what the policy allows")
}

/// Whether the policy denies a principal one of these actions, whatever else allows it.
pub fn denies(document: &PolicyDocument, principal: &str, actions: &[&str], region: &str) -> Observed<bool> {
    let verdict = |policy: &Policy| Truth::any(actions.iter().map(|action| policy.denies(&request(principal, action, region))));
    read(document, verdict, "a Deny in the policy")
}

/// Whether the policy denies anybody one of these actions; a document that cannot be read may.
pub fn denies_somebody(document: &PolicyDocument, actions: &[&str]) -> bool {
    Policy::of_resource(document).map_or(true, |policy| {
        let denies = policy.statements.iter().filter(|statement| statement.effect == Effect::Deny);
        denies.into_iter().any(|statement| actions.iter().any(|action| statement.covers(action)))
    })
}

/// A call of a service in the name of an account's resource in the unit's Region (IAM: The confused deputy problem).
pub fn on_behalf(service: &str, action: &str, unit: &Unit) -> Request {
    let name = service.split('.').next().unwrap_or(service);
    let source = format!("arn:{}:{name}:{}:{}:*", unit.partition, unit.region, unit.account);
    Request::new(Caller::Service(service.to_owned()), action)
        .with("aws:SourceAccount", Value::One(unit.account.clone()))
        .with("aws:SourceArn", Value::Form(source))
        .with("aws:RequestedRegion", Value::One(unit.region.clone()))
}

fn read(document: &PolicyDocument, verdict: impl Fn(&Policy) -> Truth, who: &str) -> Observed<bool> {
    Policy::of_resource(document).map_or_else(Observed::unknown, |policy| verdict(&policy).observed(who))
}

/// What AWS Backup and its roles do with a key comes through the service in the key's Region, among other ways, and its grants
/// are for an AWS resource. The last can be said of grants only.
fn request(principal: &str, action: &str, region: &str) -> Request {
    let request = Request::new(Caller::named(principal), action)
        .with("aws:RequestedRegion", Value::One(region.to_owned()))
        .with("kms:ViaService", Value::AmongOthers(format!("backup.{region}.amazonaws.com")));
    match action {
        "kms:CreateGrant" => request.with("kms:GrantIsForAWSResource", Value::One("true".to_owned())),
        _ => request,
    }
}

/// Somebody of whom a policy knows nothing.
pub struct Stranger {
    pub arn: String,
    pub user_id: String,
}

impl Stranger {
    pub fn asks(&self, action: &str) -> Request {
        Request::new(Caller::Identity(self.arn.clone()), action).with("aws:userid", Value::One(self.user_id.clone()))
    }
}

/// Those whom a policy that stops everybody must stop: a role, a role with a path, a user.
pub fn strangers(partition: &str, account: &str) -> [Stranger; 3] {
    let arn = |what: &str| format!("arn:{partition}:iam::{account}:{what}{NOBODY}");
    let session = format!("AROAZQNOTNAMEDBYANYQZ:{NOBODY}");
    [
        Stranger { arn: arn("role/"), user_id: session.clone() },
        Stranger { arn: arn("role/zq-not-a-path-qz/"), user_id: session },
        Stranger { arn: arn("user/"), user_id: "AIDAZQNOTNAMEDBYANYQZ".to_owned() },
    ]
}

/// The accounts whose ids stand anywhere in the document, and one that does not.
fn accounts(document: &PolicyDocument) -> BTreeSet<String> {
    let text = document.0.to_string();
    let runs = text.split(|c: char| !c.is_ascii_digit()).filter(|run| run.len() == 12);
    runs.map(str::to_owned).chain(["000000000000".to_owned()]).collect()
}

/// The partitions that ARNs of the document name, and the one of most.
fn partitions(document: &PolicyDocument) -> BTreeSet<&'static str> {
    let text = document.0.to_string();
    let named = ["aws-cn", "aws-us-gov"].into_iter().filter(|partition| text.contains(&format!("arn:{partition}:")));
    named.chain(["aws"]).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{denies, denies_everyone, lets_any};
    use crate::snapshot::{Observed, PolicyDocument};

    const ROLE: &str = "arn:aws:iam::111122223333:role/backup";

    fn document(statements: &[Value]) -> PolicyDocument {
        PolicyDocument(json!({ "Version": "2012-10-17", "Statement": statements }))
    }

    fn statement(effect: &str, action: &str, condition: Value) -> Value {
        json!({ "Effect": effect, "Principal": { "AWS": ROLE }, "Action": action, "Resource": "*", "Condition": condition })
    }

    fn lets(action: &str, condition: Value) -> Observed<bool> {
        lets_any(&document(&[statement("Allow", action, condition)]), &[ROLE.to_owned()], &[action], "us-east-1")
    }

    #[test]
    fn a_grant_for_an_aws_resource_is_a_condition_of_grants_only() {
        let condition = json!({ "Bool": { "kms:GrantIsForAWSResource": "true" } });
        assert_eq!(lets("kms:CreateGrant", condition.clone()), Observed::Known(true));
        assert!(lets("kms:Decrypt", condition).is_unknown());
    }

    #[test]
    fn the_service_that_a_key_is_used_through_is_that_of_its_own_region() {
        let through = |operator: &str, service: &str| lets("kms:Decrypt", json!({ operator: { "kms:ViaService": service } }));
        assert_eq!(through("StringEquals", "backup.us-east-1.amazonaws.com"), Observed::Known(true));
        assert_eq!(through("StringLike", "backup.*.amazonaws.com"), Observed::Known(true));
        assert!(through("StringEquals", "backup.eu-west-1.amazonaws.com").is_unknown());
        assert!(through("StringEquals", "*").is_unknown());
    }

    #[test]
    fn a_deny_by_name_counts_and_one_under_a_condition_is_unknown() {
        let denied = |condition: Value| denies(&document(&[statement("Deny", "kms:*", condition)]), ROLE, &["kms:Decrypt"], "us-east-1");
        assert_eq!(denied(json!({})), Observed::Known(true));
        assert!(denied(json!({ "Bool": { "aws:x": "true" } })).is_unknown());
    }

    #[test]
    fn statements_that_are_not_understood_are_unknown_and_not_left_out() {
        for odd in [
            json!({ "Effect": "Deny", "Principal": "*", "Resource": "*" }),
            json!({ "Effect": "Deny", "Principal": "*", "NotAction": "kms:*" }),
            json!({ "Effect": "Deny", "Principal": "*", "Action": "kms:ScheduleKeyDeletion", "Resource": "arn:aws:kms:us-east-1:1:key/other" }),
        ] {
            assert!(denies_everyone(&document(std::slice::from_ref(&odd)), "kms:ScheduleKeyDeletion").is_unknown(), "{odd}");
        }
    }

    #[test]
    fn an_exemption_for_anybody_exempts_everybody() {
        let denied = |spared: &str| {
            let condition = json!({ "ArnNotLike": { "aws:PrincipalArn": spared } });
            let deny =
                json!({ "Effect": "Deny", "Principal": "*", "Action": "kms:ScheduleKeyDeletion", "Resource": "*", "Condition": condition });
            denies_everyone(&document(&[deny]), "kms:ScheduleKeyDeletion")
        };
        for named in ["arn:aws:iam::111122223333:role/break-glass", "arn:aws:iam::111122223333:role/security/*", "AROAEXAMPLE:*"] {
            assert_eq!(denied(named), Observed::Known(true), "{named}");
        }
        for anybody in ["*", "arn:aws:iam::111122223333:role/*", "arn:aws:iam::111122223333:user/*", "arn:aws:iam::*", "AROA*:*"] {
            assert_ne!(denied(anybody), Observed::Known(true), "{anybody}");
        }
    }
}
