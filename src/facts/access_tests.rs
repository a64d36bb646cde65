//! Patterns of vault access policies, and what they really come to.

use serde_json::{Value, json};

use super::*;

const OWN: &str = "111122223333";

fn unit() -> Unit {
    let document = json!({ "Schema": "backstop/snapshot/1", "Units": [{ "Account": OWN, "Region": "us-east-1", "Source": "aws" }] });
    let snapshot = crate::snapshot::from_slice(document.to_string().as_bytes(), std::path::Path::new("unit.json")).expect("a snapshot");
    snapshot.units.into_iter().next().expect("a unit")
}

fn policy(statements: Value) -> Policy {
    let document = PolicyDocument(json!({ "Version": "2012-10-17", "Statement": statements }));
    Policy::of_resource(&document).expect("a policy")
}

fn vault() -> String {
    format!("arn:aws:backup:us-east-1:{OWN}:backup-vault:main")
}

fn deletion(statements: Value) -> Denial {
    let Observed::Known(list) = denials(&policy(statements), &vault(), &unit()) else { panic!("each action has its own answer") };
    list.into_iter().find(|denial| denial.action == "backup:DeleteRecoveryPoint").expect("it is protected")
}

fn deny(more: Value) -> Value {
    let mut made = json!({ "Effect": "Deny", "Principal": "*", "Action": "backup:DeleteRecoveryPoint", "Resource": "*" });
    more.as_object().expect("members").iter().for_each(|(member, value)| made[member] = value.clone());
    made
}

fn spared(condition: Value) -> Denial {
    deletion(json!([deny(json!({ "Condition": condition }))]))
}

fn opened(statements: Value) -> Observed<Vec<Opening>> {
    openings(&policy(statements), &vault(), &unit())
}

fn copies(principal: Value, condition: Value) -> Value {
    json!({ "Effect": "Allow", "Principal": principal, "Action": "backup:CopyIntoBackupVault", "Resource": "*", "Condition": condition })
}

#[test]
fn a_deny_for_everybody_stops_everybody_however_everybody_is_written() {
    for everybody in [json!("*"), json!({ "AWS": "*" }), json!({ "AWS": ["*"] }), json!({ "AWS": OWN })] {
        let denial = deletion(json!([deny(json!({ "Principal": everybody }))]));
        assert_eq!((denial.denied, denial.exempt), (Observed::Known(true), Observed::Known(vec![])));
    }
    let some = deletion(json!([deny(json!({ "Principal": { "AWS": format!("arn:aws:iam::{OWN}:role/developers") } }))]));
    assert_eq!(some.denied, Observed::Known(false));
}

#[test]
fn the_denies_of_all_statements_count_together() {
    let own = deny(json!({ "Resource": format!("arn:aws:backup:us-east-1:{OWN}:recovery-point:*") }));
    let mut others = deny(json!({ "NotResource": "arn:aws:backup:*:*:recovery-point:*" }));
    others.as_object_mut().expect("a statement").remove("Resource");
    assert_eq!(deletion(json!([own, others])).denied, Observed::Known(true));
    let each_action = PROTECTED.map(|(action, _)| deny(json!({ "Action": action })));
    let Observed::Known(list) = denials(&policy(json!(each_action)), &vault(), &unit()) else { panic!("known") };
    assert!(list.iter().all(|denial| denial.denied == Observed::Known(true)), "{list:?}");
}

#[test]
fn a_wildcard_among_actions_settles_nothing_that_is_not_settled_without_it() {
    let told = |statements: Value| settled_denials(&policy(statements), &vault(), &unit());
    let each_action = PROTECTED.map(|(action, _)| action);
    assert!(told(json!([deny(json!({ "Action": "backup:*" }))])).is_unknown());
    assert!(told(json!([deny(json!({ "Action": ["backup:Delete*", "backup:DeleteRecoveryPoint"] }))])).is_unknown());
    assert!(!told(json!([deny(json!({ "Action": "backup:*" })), deny(json!({ "Action": each_action }))])).is_unknown());
    assert!(!told(json!([deny(json!({ "Action": "s3:*" }))])).is_unknown());
}

#[test]
fn a_deny_on_recovery_points_of_aws_backup_leaves_out_those_of_other_services() {
    let denial = deletion(json!([deny(json!({ "Resource": "arn:aws:backup:*:*:recovery-point:*" }))]));
    assert_eq!(denial.denied, Observed::Known(false));
    let left_out = denial.left_out.known().expect("known").clone();
    assert!(left_out.contains(&"EBS snapshots".to_owned()) && !left_out.contains(&"AWS Backup's own".to_owned()), "{left_out:?}");
    // The developer guide's own sample: snapshots, and nothing else.
    let snapshots = deletion(json!([deny(json!({ "Resource": "arn:aws:ec2:us-east-1::snapshot/*" }))]));
    assert!(snapshots.left_out.known().is_some_and(|left_out| left_out.contains(&"AWS Backup's own".to_owned())));
}

#[test]
fn whoever_is_spared_by_name_is_told() {
    let role = format!("arn:aws:iam::{OWN}:role/break-glass");
    assert_eq!(spared(json!({ "ArnNotLike": { "aws:PrincipalArn": role } })).exempt, Observed::Known(vec![role.clone()]));
    let ids = json!({ "StringNotLike": { "aws:userId": ["AROAEXAMPLE:*", OWN] } });
    let denial = spared(ids);
    assert_eq!((denial.denied, denial.exempt), (Observed::Known(true), Observed::Known(vec![OWN.to_owned(), "AROAEXAMPLE:*".to_owned()])));
    let root = format!("arn:aws:iam::{OWN}:root");
    let mut but_one = deny(json!({ "NotPrincipal": { "AWS": [role, root] } }));
    but_one.as_object_mut().expect("a statement").remove("Principal");
    assert_eq!(deletion(json!([but_one])).exempt, Observed::Known(vec![role]));
}

#[test]
fn the_root_user_is_spared_by_a_deny_of_all_roles_and_users() {
    let all = ["arn:aws:iam::111122223333:role/*", "arn:aws:iam::111122223333:user/*"];
    let denial = spared(json!({ "ArnLike": { "aws:PrincipalArn": all } }));
    assert_eq!((denial.denied, denial.exempt), (Observed::Known(true), Observed::Known(vec![format!("arn:aws:iam::{OWN}:root")])));
}

#[test]
fn a_wildcard_where_none_is_read_spares_nobody() {
    let denial = spared(json!({ "StringNotEquals": { "aws:userId": ["AROAEXAMPLE:*"] } }));
    assert_eq!((denial.denied, denial.exempt), (Observed::Known(true), Observed::Known(vec![])));
}

#[test]
fn an_exemption_that_matches_anybody_denies_nothing() {
    for anybody in ["*", "arn:aws:iam::*:role/*", "arn:aws:iam::111122223333:user/*", "arn:aws:iam::111122223333:role/*/*"] {
        assert_eq!(spared(json!({ "ArnNotLike": { "aws:PrincipalArn": anybody } })).denied, Observed::Known(false), "{anybody}");
    }
    assert_eq!(spared(json!({ "StringNotLike": { "aws:userId": "AROA*" } })).denied, Observed::Known(false));
    assert_eq!(spared(json!({ "StringNotEquals": { "aws:PrincipalAccount": OWN } })).denied, Observed::Known(false));
}

#[test]
fn a_second_deny_stops_whom_the_first_spares() {
    let role = |name: &str| format!("arn:aws:iam::{OWN}:role/{name}");
    let sparing = |names: Value| deny(json!({ "Condition": { "ArnNotEquals": { "aws:PrincipalArn": names } } }));
    let both = deletion(json!([sparing(json!([role("a"), role("b")])), sparing(json!([role("b"), role("c")]))]));
    assert_eq!((both.denied, both.exempt), (Observed::Known(true), Observed::Known(vec![role("b")])));
    // Whether the id is that role's, nothing tells.
    let by_id = deny(json!({ "Condition": { "StringNotLike": { "aws:userId": "AROAEXAMPLE:*" } } }));
    assert!(deletion(json!([sparing(json!([role("a")])), by_id])).exempt.is_unknown());
}

#[test]
fn what_the_policy_alone_does_not_tell_is_unknown_and_named() {
    for (operator, key) in
        [("Bool", "aws:MultiFactorAuthPresent"), ("StringNotEquals", "aws:PrincipalOrgID"), ("Bool", "aws:ViaAWSService")]
    {
        let denied = spared(json!({ operator: { key: "false" } })).denied;
        assert!(denied.reasons().iter().any(|reason| reason.detail.contains(key)), "{denied:?}");
    }
    assert_eq!(spared(json!({ "Bool": { "aws:PrincipalIsAWSService": "false" } })).denied, Observed::Known(true));
}

#[test]
fn an_allow_is_open_unless_a_condition_or_a_deny_confines_it() {
    let everybody = Observed::Known(vec![Opening { principal: "*".to_owned(), actions: vec!["backup:CopyIntoBackupVault".to_owned()] }]);
    assert_eq!(opened(json!([copies(json!("*"), json!({}))])), everybody);
    for confined in [
        json!({ "StringEquals": { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } }),
        json!({ "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-f6g7/ou-f6g7-12345678/*" } }),
        json!({ "StringEquals": { "aws:PrincipalAccount": OWN } }),
    ] {
        assert_eq!(opened(json!([copies(json!("*"), confined)])), Observed::Known(vec![]));
    }
    assert_eq!(opened(json!([copies(json!("*"), json!({ "StringLike": { "aws:PrincipalOrgID": "*" } }))])), everybody);
    let outside = json!({ "StringNotEquals": { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } });
    let shut = json!({ "Effect": "Deny", "Principal": "*", "Action": "backup:CopyIntoBackupVault", "Resource": "*", "Condition": outside });
    assert_eq!(opened(json!([copies(json!("*"), json!({})), shut])), Observed::Known(vec![]));
    assert!(opened(json!([copies(json!("*"), json!({ "IpAddress": { "aws:SourceIp": "203.0.113.0/24" } }))])).is_unknown());
}

#[test]
fn another_account_is_told_as_the_policy_writes_it_and_the_own_one_is_none() {
    let names = |principal: Value| {
        opened(json!([copies(principal, json!({}))])).map(|list| list.into_iter().map(|opening| opening.principal).collect::<Vec<_>>())
    };
    assert_eq!(names(json!({ "AWS": "arn:aws:iam::444455556666:root" })), Observed::Known(vec!["444455556666".to_owned()]));
    let role = "arn:aws:iam::444455556666:role/copier";
    assert_eq!(names(json!({ "AWS": [role, OWN] })), Observed::Known(vec![role.to_owned()]));
    assert_eq!(names(json!({ "Service": "backup.amazonaws.com" })), Observed::Known(vec![]));
    assert_eq!(names(json!({ "AWS": "AROADBQP57FF2AEXAMPLE" })), Observed::Known(vec![]), "deleted, and matches nobody");
    assert!(names(json!({ "CanonicalUser": "79a59df900b949e55d96a1e698fbaced" })).is_unknown());
}
