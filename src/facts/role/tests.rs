//! Trust policies and permissions, and what they really come to.

use serde_json::{Value, json};

use super::trust::{Standing, Trustee};
use super::*;
use crate::facts::capability;
use crate::snapshot::{Snapshot, Timestamp};

const ROLE: &str = "arn:aws:iam::111122223333:role/backup";
const FOR_BACKUP: &str = "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup";

fn snapshot(role: Value) -> Snapshot {
    let unit = json!({ "Account": "111122223333", "Region": "us-east-1", "Source": "aws", "Complete": ["Roles"], "Roles": [role] });
    let document = json!({ "Schema": "backstop/snapshot/1", "Units": [unit] });
    crate::snapshot::from_slice(document.to_string().as_bytes(), std::path::Path::new("roles.json")).expect("a snapshot")
}

fn with_world<T>(role: Value, look: impl Fn(&Region) -> T) -> T {
    let snapshot = snapshot(role);
    let as_of: Timestamp = "2026-11-22T06:00:00Z".parse().expect("a time");
    look(&World::of(&snapshot, as_of).regions[0])
}

fn trust(statements: Value) -> TrustFacts {
    let role = json!({ "Arn": ROLE, "AssumeRolePolicyDocument": { "Version": "2012-10-17", "Statement": statements } });
    with_world(role, |region| TrustFacts::of(ROLE, &Observed::Known(true), &Observed::Known(&region.unit.roles[0]), region))
}

fn assume(principal: Value, condition: Value) -> Value {
    json!({ "Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", "Condition": condition })
}

fn backup(condition: Value) -> TrustFacts {
    trust(json!([assume(json!({ "Service": "backup.amazonaws.com" }), condition)]))
}

fn others(statements: Value) -> Observed<Vec<(String, Vec<String>)>> {
    let pair = |trustee: Trustee| (trustee.principal, trustee.conditions);
    trust(statements).others.map(|list| list.into_iter().map(pair).collect())
}

fn only(principal: &str, conditions: &[&str]) -> Observed<Vec<(String, Vec<String>)>> {
    Observed::Known(vec![(principal.to_owned(), conditions.iter().map(|key| (*key).to_owned()).collect())])
}

#[test]
fn backup_is_trusted_on_behalf_of_the_own_account_only() {
    for own in [
        json!({}),
        json!({ "StringEquals": { "aws:SourceAccount": "111122223333" } }),
        json!({ "ArnLike": { "aws:SourceArn": "arn:aws:backup:us-east-1:111122223333:*" } }),
        json!({ "ArnLike": { "aws:SourceArn": "arn:aws:backup:*:111122223333:*" } }),
    ] {
        assert_eq!(backup(own.clone()).standing, Observed::Known(Standing::Trusts), "{own}");
    }
    for other in [
        json!({ "StringEquals": { "aws:SourceAccount": "444455556666" } }),
        json!({ "ArnLike": { "aws:SourceArn": "arn:aws:backup:us-east-1:444455556666:*" } }),
        json!({ "StringEquals": { "aws:PrincipalServiceName": "ec2.amazonaws.com" } }),
    ] {
        assert_eq!(backup(other.clone()).standing, Observed::Known(Standing::Distrusts), "{other}");
    }
    assert!(backup(json!({ "ArnLike": { "aws:SourceArn": "arn:aws:backup:*:*:backup-plan:one" } })).standing.is_unknown());
    let elsewhere = trust(json!([assume(json!({ "Service": "ec2.amazonaws.com" }), json!({}))]));
    assert_eq!(elsewhere.standing, Observed::Known(Standing::Distrusts));
}

#[test]
fn a_deny_outweighs_the_trust() {
    let deny = json!({ "Effect": "Deny", "Principal": "*", "Action": "sts:*" });
    let shut = trust(json!([assume(json!({ "Service": "backup.amazonaws.com" }), json!({})), deny]));
    assert_eq!((shut.standing, shut.others), (Observed::Known(Standing::Distrusts), Observed::Known(vec![])));
}

#[test]
fn everybody_else_is_told_with_what_it_depends_on() {
    let root = json!({ "AWS": "arn:aws:iam::444455556666:root" });
    assert_eq!(others(json!([assume(json!({ "Service": "backup.amazonaws.com" }), json!({}))])), Observed::Known(vec![]));
    assert_eq!(others(json!([assume(root.clone(), json!({}))])), only("444455556666", &[]));
    assert_eq!(
        others(json!([assume(root.clone(), json!({ "StringEquals": { "sts:ExternalId": "7" } }))])),
        only("444455556666", &["sts:ExternalId"])
    );
    assert_eq!(
        others(json!([assume(json!("*"), json!({ "StringEquals": { "aws:PrincipalAccount": "1" } }))])),
        only("*", &["aws:PrincipalAccount"])
    );
    let provider = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com";
    let mut by_token = assume(json!({ "Federated": provider }), json!({}));
    by_token["Action"] = json!("sts:AssumeRoleWithWebIdentity");
    assert_eq!(others(json!([by_token])), only(provider, &[]));
    assert_eq!(others(json!([assume(json!({ "AWS": "AROADBQP57FF2AEXAMPLE" }), json!({}))])), Observed::Known(vec![]), "deleted");
    let impossible = json!({ "StringEquals": { "aws:SourceAccount": "111122223333" } });
    assert_eq!(others(json!([assume(root, impossible)])), Observed::Known(vec![]), "no call of an account carries it");
}

#[test]
fn what_cannot_be_read_is_unknown() {
    assert!(others(json!([assume(json!({ "AWS": "arn:aws:iam::444455556666:role/*" }), json!({}))])).is_unknown());
    assert!(others(json!([{ "Effect": "Allow", "NotPrincipal": "*", "Action": "sts:AssumeRole" }])).is_unknown());
    assert!(others(json!([assume(json!({ "AWS": "444455556666" }), json!({ "StringResembles": { "aws:x": "a" } }))])).is_unknown());
}

fn lacks(role: Value, resource_type: &str) -> (Observed<Vec<String>>, Observed<Vec<String>>) {
    let mut whole = json!({ "Arn": ROLE, "AttachedPolicies": [], "InlinePolicies": [] });
    role.as_object().expect("members").iter().for_each(|(member, value)| whole[member] = value.clone());
    let kind = capability::type_named(resource_type).expect("a type");
    with_world(whole, |region| {
        let found = ability::abilities(&Observed::Known(&region.unit.roles[0]), vec![kind], region);
        let ability = found.known().expect("one type")[0].clone();
        (ability.lacks_for_backup, ability.lacks_for_restore)
    })
}

fn inline(statements: Value) -> Value {
    json!([{ "PolicyName": "own", "PolicyDocument": { "Version": "2012-10-17", "Statement": statements } }])
}

fn allow(actions: Value, resource: &str) -> Value {
    json!({ "Effect": "Allow", "Action": actions, "Resource": resource })
}

fn nothing() -> Observed<Vec<String>> {
    Observed::Known(vec![])
}

#[test]
fn a_role_with_the_least_privileges_lacks_nothing() {
    let own = json!({ "InlinePolicies": inline(json!([allow(json!("ec2:CreateSnapshot"), "arn:aws:ec2:*:*:volume/*")])) });
    assert_eq!(lacks(own, "EBS"), (nothing(), Observed::Known(vec!["ec2:CreateVolume".to_owned()])));
    let one_of_two = json!({ "InlinePolicies": inline(json!([allow(json!(["dynamodb:CreateBackup", "dynamodb:Restore*"]), "*")])) });
    assert_eq!(lacks(one_of_two, "DynamoDB"), (nothing(), nothing()));
    assert_eq!(lacks(json!({}), "FSx").0, Observed::Known(vec!["fsx:CreateBackup".to_owned()]));
}

#[test]
fn policies_of_aws_are_known_by_name_and_others_only_when_read() {
    assert_eq!(lacks(json!({ "AttachedPolicies": [{ "PolicyArn": FOR_BACKUP }] }), "EFS").0, nothing());
    let s3 = lacks(json!({ "AttachedPolicies": [{ "PolicyArn": FOR_BACKUP }] }), "S3").0;
    assert_eq!(s3, Observed::Known(vec!["s3:GetObject".to_owned(), "s3:ListBucket".to_owned()]));
    assert!(lacks(json!({ "AttachedPolicies": [{ "PolicyArn": "arn:aws:iam::111122223333:policy/unread" }] }), "EFS").0.is_unknown());
}

#[test]
fn a_deny_takes_away_and_a_policy_that_was_not_read_may() {
    let both = json!([{ "PolicyArn": FOR_BACKUP }, { "PolicyArn": "arn:aws:iam::111122223333:policy/unread" }]);
    assert!(lacks(json!({ "AttachedPolicies": both }), "EFS").0.is_unknown());
    let deny = json!({ "Effect": "Deny", "Action": "elasticfilesystem:*", "Resource": "*" });
    let denied = json!({ "AttachedPolicies": both, "InlinePolicies": inline(json!([deny])) });
    assert_eq!(lacks(denied, "EFS").0, Observed::Known(vec!["elasticfilesystem:Backup".to_owned()]), "whatever the other says");
}

#[test]
fn what_depends_on_the_resource_or_the_circumstances_is_unknown() {
    let some = json!({ "InlinePolicies": inline(json!([allow(json!("dynamodb:*"), "arn:aws:dynamodb:*:*:table/orders-*")])) });
    assert!(lacks(some, "DynamoDB").0.is_unknown());
    let mut tagged = allow(json!("ec2:*"), "*");
    tagged["Condition"] = json!({ "StringEquals": { "aws:ResourceTag/backup": "yes" } });
    assert!(lacks(json!({ "InlinePolicies": inline(json!([tagged])) }), "EBS").0.is_unknown());
    assert!(lacks(json!({}), "SAP HANA on Amazon EC2").1.is_unknown(), "no document says what it takes");
}

#[test]
fn a_permissions_boundary_bounds_where_it_was_read_and_is_unknown_else() {
    let arn = "arn:aws:iam::111122223333:policy/boundary";
    let bounds = json!({ "PermissionsBoundaryArn": arn });
    let all = json!([allow(json!("*"), "*")]);
    let unread = json!({ "InlinePolicies": inline(all.clone()), "PermissionsBoundary": bounds });
    assert!(lacks(unread, "EBS").0.is_unknown());
    let document = json!({ "Version": "2012-10-17", "Statement": [allow(json!("s3:*"), "*")] });
    let attached = json!([{ "PolicyArn": arn, "PolicyDocument": document }]);
    let read = json!({ "AttachedPolicies": attached, "InlinePolicies": inline(all), "PermissionsBoundary": bounds });
    assert_eq!(lacks(read.clone(), "EBS").0, Observed::Known(vec!["ec2:CreateSnapshot".to_owned()]));
    assert_eq!(lacks(read, "S3").0, nothing());
}
