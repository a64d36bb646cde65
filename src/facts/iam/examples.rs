//! AWS's own documented examples, by what AWS says of them.

use serde_json::{Value as Json, json};

use super::{Caller, Policy, Request, Target, Truth, Value};
use crate::snapshot::PolicyDocument;

fn policy(statements: Json) -> Policy {
    Policy::of_trust(&PolicyDocument(json!({ "Version": "2012-10-17", "Statement": statements }))).expect("AWS's examples are policies")
}

fn role(name: &str) -> Caller {
    Caller::named(&format!("arn:aws:iam::111122223333:role/{name}"))
}

fn under(condition: Json) -> Policy {
    policy(json!({ "Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*", "Condition": condition }))
}

fn one(text: &str) -> Value {
    Value::One(text.to_owned())
}

/// Whether the condition holds of a request that has this value of the key.
fn holds(condition: Json, key: &str, value: Value) -> Truth {
    under(condition).denies(&Request::new(role("any"), "s3:GetObject").with(key, value))
}

// IAM: Policy evaluation logic.

#[test]
fn nothing_is_allowed_by_default_and_an_explicit_deny_overrides_any_allow() {
    let request = |action: &str| Request::new(role("any"), action);
    let allow = json!({ "Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*" });
    let deny = json!({ "Effect": "Deny", "Principal": "*", "Action": "s3:DeleteObject", "Resource": "*" });
    let both = policy(json!([allow, deny]));
    assert_eq!(both.lets(&request("s3:GetObject")), Truth::Yes);
    assert_eq!(both.lets(&request("s3:DeleteObject")), Truth::No);
    assert_eq!(both.lets(&request("ec2:RunInstances")), Truth::No);
}

#[test]
fn actions_are_compared_without_regard_to_case_and_with_wildcards() {
    let of = |pattern: &str, action: &str| {
        policy(json!({ "Effect": "Allow", "Principal": "*", "Action": pattern, "Resource": "*" })).lets(&Request::new(role("any"), action))
    };
    assert_eq!(of("IAM:listaccesskeys", "iam:ListAccessKeys"), Truth::Yes);
    assert_eq!(of("iam:*AccessKey*", "iam:UpdateAccessKey"), Truth::Yes);
    assert_eq!(of("s3:Get?bject", "s3:GetObject"), Truth::Yes);
    assert_eq!(of("iam:*AccessKey*", "iam:CreateUser"), Truth::No);
}

#[test]
fn not_action_with_deny_denies_all_but_the_list() {
    let guarded = policy(json!({ "Effect": "Deny", "Principal": "*", "NotAction": ["iam:*", "sts:GetSessionToken"], "Resource": "*" }));
    assert_eq!(guarded.denies(&Request::new(role("any"), "ec2:RunInstances")), Truth::Yes);
    assert_eq!(guarded.denies(&Request::new(role("any"), "IAM:CreateUser")), Truth::No);
}

#[test]
fn not_resource_with_deny_denies_everything_but_the_resource() {
    let shut = policy(json!({
        "Effect": "Deny", "Principal": "*", "Action": "s3:*",
        "NotResource": ["arn:aws:s3:::HRBucket/Payroll", "arn:aws:s3:::HRBucket/Payroll/*"],
    }));
    let on = |arn: &str| shut.denies(&Request::new(role("any"), "s3:GetObject").on(Target::Arn(arn.to_owned())));
    assert_eq!(on("arn:aws:s3:::HRBucket/Payroll/2026"), Truth::No);
    assert_eq!(on("arn:aws:s3:::HRBucket/Reviews"), Truth::Yes);
}

// IAM: AWS JSON policy elements: Principal, NotPrincipal.

#[test]
fn an_account_and_its_root_arn_are_one_principal_and_leave_an_allow_to_the_account() {
    for account in ["111122223333", "arn:aws:iam::111122223333:root"] {
        let allow = policy(json!({ "Effect": "Allow", "Principal": { "AWS": account }, "Action": "s3:*", "Resource": "*" }));
        assert_eq!(allow.lets(&Request::new(Caller::named("111122223333"), "s3:GetObject")), Truth::Yes);
        assert_eq!(allow.lets(&Request::new(role("any"), "s3:GetObject")), Truth::No, "the role's own policies decide");
        let deny = policy(json!({ "Effect": "Deny", "Principal": { "AWS": account }, "Action": "s3:*", "Resource": "*" }));
        assert_eq!(deny.denies(&Request::new(role("any"), "s3:GetObject")), Truth::Yes, "all of the account are denied");
    }
}

#[test]
fn a_role_covers_its_sessions_and_a_deleted_one_nobody() {
    let denies = |principal: &str, caller: &str| {
        let deny = json!({ "Effect": "Deny", "Principal": { "AWS": principal }, "Action": "s3:*", "Resource": "*" });
        policy(deny).denies(&Request::new(Caller::named(caller), "s3:GetObject"))
    };
    let session = "arn:aws:sts::111122223333:assumed-role/backup/daily";
    assert_eq!(denies("arn:aws:iam::111122223333:role/service/backup", session), Truth::Yes);
    assert!(matches!(denies(session, "arn:aws:iam::111122223333:role/service/backup"), Truth::Undecided(_)));
    assert_eq!(denies("AROADBQP57FF2AEXAMPLE", "arn:aws:iam::111122223333:role/backup"), Truth::No);
    assert_eq!(denies("arn:aws:iam::111122223333:role/other", session), Truth::No);
}

#[test]
fn not_principal_with_deny_spares_whom_it_names_with_their_account() {
    let all_but_bob = policy(json!({
        "Effect": "Deny", "Action": "s3:*", "Resource": "*",
        "NotPrincipal": { "AWS": ["arn:aws:iam::444455556666:user/Bob", "arn:aws:iam::444455556666:root"] },
    }));
    let asks = |who: &str| all_but_bob.denies(&Request::new(Caller::named(who), "s3:GetObject"));
    assert_eq!(asks("arn:aws:iam::444455556666:user/Bob"), Truth::No);
    assert_eq!(asks("arn:aws:iam::444455556666:user/Alice"), Truth::Yes);
    assert_eq!(asks("arn:aws:iam::111122223333:role/any"), Truth::Yes);
}

// IAM: Condition operators.

#[test]
fn without_the_key_a_condition_fails_and_a_negated_one_holds() {
    assert_eq!(
        holds(json!({ "StringEquals": { "aws:PrincipalTag/job": "iamuser-admin" } }), "aws:PrincipalTag/job", Value::Absent),
        Truth::No
    );
    assert_eq!(holds(json!({ "StringNotLike": { "aws:PrincipalTag/job": "*admin" } }), "aws:PrincipalTag/job", Value::Absent), Truth::Yes);
    assert_eq!(holds(json!({ "ArnNotLike": { "aws:SourceArn": "arn:aws:s3:::a" } }), "aws:SourceArn", Value::Absent), Truth::Yes);
}

#[test]
fn if_exists_holds_where_the_key_is_not_there() {
    let of_type = json!({ "StringLikeIfExists": { "ec2:InstanceType": ["t1.*", "t2.*", "m3.*"] } });
    assert_eq!(holds(of_type.clone(), "ec2:InstanceType", Value::Absent), Truth::Yes);
    assert_eq!(holds(of_type.clone(), "ec2:InstanceType", one("t2.micro")), Truth::Yes);
    assert_eq!(holds(of_type, "ec2:InstanceType", one("m5.large")), Truth::No);
}

#[test]
fn null_tells_whether_the_key_is_there() {
    let must_be_absent = json!({ "Null": { "aws:TokenIssueTime": "true" } });
    assert_eq!(holds(must_be_absent.clone(), "aws:TokenIssueTime", Value::Absent), Truth::Yes);
    assert_eq!(holds(must_be_absent, "aws:TokenIssueTime", one("2026-11-23T00:00:00Z")), Truth::No);
    let must_be_there = json!({ "Null": { "aws:TokenIssueTime": false } });
    assert_eq!(holds(must_be_there, "aws:TokenIssueTime", one("2026-11-23T00:00:00Z")), Truth::Yes);
}

#[test]
fn values_of_a_key_are_alternatives_and_keys_and_operators_must_all_hold() {
    let either = json!({ "StringEquals": { "aws:RequestedRegion": ["eu-west-1", "us-east-1"] } });
    assert_eq!(holds(either, "aws:RequestedRegion", one("us-east-1")), Truth::Yes);
    let both = json!({ "StringEquals": { "aws:RequestedRegion": "us-east-1", "aws:PrincipalAccount": "444455556666" } });
    assert_eq!(holds(both, "aws:RequestedRegion", one("us-east-1")), Truth::No);
    let neither = json!({ "StringNotEquals": { "aws:RequestedRegion": ["eu-west-1", "us-east-1"] } });
    assert_eq!(holds(neither.clone(), "aws:RequestedRegion", one("us-east-1")), Truth::No);
    assert_eq!(holds(neither, "aws:RequestedRegion", one("us-east-2")), Truth::Yes);
}

#[test]
fn equals_knows_no_wildcards_and_like_does() {
    let id = one("AROAEXAMPLE:somebody");
    assert_eq!(holds(json!({ "StringEquals": { "aws:userId": "AROAEXAMPLE:*" } }), "aws:userid", id.clone()), Truth::No);
    assert_eq!(holds(json!({ "StringLike": { "aws:userId": "AROAEXAMPLE:*" } }), "aws:userid", id.clone()), Truth::Yes);
    assert_eq!(holds(json!({ "StringEqualsIgnoreCase": { "aws:userId": "aroaexample:SOMEBODY" } }), "aws:userid", id), Truth::Yes);
}

#[test]
fn arns_are_compared_part_by_part() {
    let source = |pattern: &str| {
        holds(json!({ "ArnLike": { "aws:SourceArn": pattern } }), "aws:SourceArn", one("arn:aws:sns:us-east-1:111122223333:topic"))
    };
    assert_eq!(source("arn:aws:sns:*:111122223333:*"), Truth::Yes);
    assert_eq!(source("arn:aws:sns:*:*:*"), Truth::Yes);
    assert_eq!(source("arn:aws:*:topic:*:*"), Truth::No, "a wildcard stands for one part only");
    assert_eq!(source("arn:aws:sns:*:444455556666:*"), Truth::No);
}

#[test]
fn truth_values_numbers_and_dates_are_compared_as_what_they_are() {
    assert_eq!(holds(json!({ "Bool": { "aws:SecureTransport": "false" } }), "aws:SecureTransport", one("true")), Truth::No);
    assert_eq!(holds(json!({ "NumericLessThanEquals": { "s3:max-keys": "10" } }), "s3:max-keys", one("9")), Truth::Yes);
    assert_eq!(holds(json!({ "NumericLessThanEquals": { "s3:max-keys": "10" } }), "s3:max-keys", one("11")), Truth::No);
    let before = json!({ "DateLessThan": { "aws:CurrentTime": "2026-12-31T23:59:59Z" } });
    assert_eq!(holds(before.clone(), "aws:CurrentTime", one("2026-11-23T08:00:00Z")), Truth::Yes);
    assert_eq!(holds(before, "aws:CurrentTime", one("2027-01-01T00:00:00Z")), Truth::No);
    assert_eq!(holds(json!({ "DateGreaterThan": { "aws:EpochTime": 100 } }), "aws:EpochTime", one("101")), Truth::Yes);
}

// IAM: Set operators for multivalued context keys.

#[test]
fn for_all_values_holds_of_none_and_for_any_value_does_not() {
    let keys = |quantity: &str, value: Value| {
        holds(json!({ format!("{quantity}:StringEquals"): { "aws:TagKeys": ["environment", "cost-center"] } }), "aws:TagKeys", value)
    };
    let many = |list: &[&str]| Value::Many(list.iter().map(|text| (*text).to_owned()).collect());
    assert_eq!(keys("ForAllValues", many(&["environment"])), Truth::Yes);
    assert_eq!(keys("ForAllValues", many(&["environment", "owner"])), Truth::No);
    assert_eq!(keys("ForAnyValue", many(&["environment", "owner"])), Truth::Yes);
    assert_eq!(keys("ForAnyValue", many(&["owner"])), Truth::No);
    assert_eq!((keys("ForAllValues", Value::Absent), keys("ForAnyValue", Value::Absent)), (Truth::Yes, Truth::No));
}

// IAM: Policy variables.

#[test]
fn variables_take_the_request_s_value_and_only_in_the_version_that_has_them() {
    let home = |version: &str, user: Option<&str>, key: &str| {
        let document = json!({ "Version": version, "Statement": {
            "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/home/${aws:username}/*" } });
        let request = Request::new(role("any"), "s3:GetObject").on(Target::Arn(format!("arn:aws:s3:::amzn-s3-demo-bucket/home/{key}")));
        let request = user.map_or(request.clone(), |user| request.with("aws:username", one(user)));
        Policy::of_identity(&PolicyDocument(document)).expect("a policy").lets(&request)
    };
    assert_eq!(home("2012-10-17", Some("Alice"), "Alice/a"), Truth::Yes);
    assert_eq!(home("2012-10-17", Some("Alice"), "Bob/a"), Truth::No);
    assert!(matches!(home("2012-10-17", None, "Alice/a"), Truth::Undecided(_)));
    assert_eq!(home("2012-10-17", None, "Alice"), Truth::No, "whatever the name, the key has no slash after it");
    assert_eq!(home("2008-10-17", Some("Alice"), "Alice/a"), Truth::No);
}

#[test]
fn what_is_not_known_or_not_understood_is_undecided_and_named() {
    let unknown = holds(json!({ "Bool": { "aws:MultiFactorAuthPresent": "true" } }), "aws:x", Value::Absent);
    assert_eq!(unknown, Truth::key("aws:MultiFactorAuthPresent"));
    for odd in [
        json!({ "IpAddress": { "aws:x": "203.0.113.0/24" } }),
        json!({ "StringResembles": { "aws:x": "a" } }),
        json!({ "ForSomeValues:StringEquals": { "aws:x": "a" } }),
        json!({ "Bool": { "aws:x": "perhaps" } }),
        json!({ "NumericEquals": { "aws:x": "many" } }),
        json!({ "StringEquals": { "aws:x": [] } }),
    ] {
        assert!(matches!(holds(odd.clone(), "aws:x", one("a")), Truth::Undecided(_)), "{odd}");
    }
}

#[test]
fn what_aws_would_not_accept_is_no_policy() {
    let allow = |more: Json| {
        let mut statement = json!({ "Effect": "Allow", "Principal": "*", "Action": "a:b", "Resource": "*" });
        more.as_object().expect("members").iter().for_each(|(member, value)| statement[member] = value.clone());
        json!({ "Statement": [statement] })
    };
    let odd = [
        json!({}),
        json!({ "Statement": "all" }),
        json!({ "Statement": [7] }),
        allow(json!({ "Effect": "allow" })),
        allow(json!({ "Principal": "everyone" })),
        allow(json!({ "Principal": {} })),
        allow(json!({ "Principal": { "AWS": [null] } })),
        allow(json!({ "NotPrincipal": "*" })),
        allow(json!({ "Action": [] })),
        allow(json!({ "NotAction": "a:c" })),
        allow(json!({ "Resource": { "a": 1 } })),
        allow(json!({ "Condition": [] })),
        allow(json!({ "Condition": { "Bool": "true" } })),
        allow(json!({ "Condition": { "Bool": { "aws:x": { "a": 1 } } } })),
    ];
    for document in odd {
        assert!(Policy::of_trust(&PolicyDocument(document.clone())).is_err(), "{document}");
    }
}
