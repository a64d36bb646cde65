//! The policy that is printed allows what is needed and nothing else, and IAM would take it.

use std::collections::BTreeSet;

use backstop::facts::permissions::{Reach, iam_action, policy, statement};
use backstop::facts::{Kind, sources};
use serde_json::{Value, json};

fn statements(policy: &Value) -> &[Value] {
    policy["Statement"].as_array().expect("statements")
}

fn sids(policy: &Value) -> Vec<&str> {
    statements(policy).iter().map(|statement| statement["Sid"].as_str().expect("a text")).collect()
}

#[test]
fn one_statement_for_each_service_in_order() {
    let calls = ["kms:GetKeyPolicy", "backup:ListTags", "kms:DescribeKey", "backup:ListBackupVaults", "kms:DescribeKey"];
    let expected = json!({
        "Version": "2012-10-17",
        "Statement": [
            { "Sid": "BackstopReadsBackup", "Effect": "Allow", "Action": ["backup:ListBackupVaults", "backup:ListTags"], "Resource": "*" },
            { "Sid": "BackstopReadsKms", "Effect": "Allow", "Action": ["kms:DescribeKey", "kms:GetKeyPolicy"], "Resource": "*" },
        ],
    });
    assert_eq!(policy(calls, &Reach::default()).to_string(), expected.to_string(), "byte for byte, whatever the order of the calls");
}

#[test]
fn iam_has_names_of_its_own_for_some_calls_and_none_for_others() {
    assert_eq!(iam_action("s3:ListBuckets"), Some("s3:ListAllMyBuckets"));
    assert_eq!(iam_action("s3:ListAllMyBuckets"), Some("s3:ListAllMyBuckets"));
    assert_eq!(iam_action("sts:GetCallerIdentity"), None);
    for same in ["tag:GetResources", "backup:ListRecoveryPointsByBackupVault", "elasticfilesystem:DescribeFileSystems", "kms:ListAliases"] {
        assert_eq!(iam_action(same), Some(same));
    }
    let both = policy(["sts:GetCallerIdentity", "s3:ListBuckets"], &Reach::default());
    assert_eq!(statements(&both), [statement_on(&both, "BackstopReadsS3").clone()]);
    assert_eq!(statement_on(&both, "BackstopReadsS3")["Action"], json!(["s3:ListAllMyBuckets"]));
}

fn statement_on<'p>(policy: &'p Value, sid: &str) -> &'p Value {
    statements(policy).iter().find(|statement| statement["Sid"] == sid).unwrap_or_else(|| panic!("no statement '{sid}' in {policy}"))
}

#[test]
fn what_the_run_does_beside_the_rules_is_allowed_only_where_it_does_it() {
    assert_eq!(sids(&policy(["backup:ListTags"], &Reach::default())), ["BackstopReadsBackup"]);
    let far = Reach { all_regions: true, organization: true, role: Some("audit/Reader"), partition: "aws-cn" };
    let far = policy(["organizations:DescribeOrganization"], &far);
    assert_eq!(sids(&far), ["BackstopReadsAccount", "BackstopReadsOrganizations", "BackstopAssumesRole"]);
    assert_eq!(statement_on(&far, "BackstopReadsAccount")["Action"], json!(["account:ListRegions"]));
    let organizations = &statement_on(&far, "BackstopReadsOrganizations")["Action"];
    assert_eq!(*organizations, json!(["organizations:DescribeOrganization", "organizations:ListAccounts"]));
    let role = statement_on(&far, "BackstopAssumesRole");
    assert_eq!((&role["Action"], &role["Resource"]), (&json!(["sts:AssumeRole"]), &json!("arn:aws-cn:iam::*:role/audit/Reader")));
}

#[test]
fn a_role_is_looked_for_in_the_ordinary_partition_unless_another_is_named() {
    let policy = policy([], &Reach { role: Some("Reader"), ..Reach::default() });
    assert_eq!(statement_on(&policy, "BackstopAssumesRole")["Resource"], json!("arn:aws:iam::*:role/Reader"));
}

#[test]
fn one_call_has_one_statement() {
    let expected = json!({
        "Sid": "BackstopReadsBackupListTags", "Effect": "Allow", "Action": ["backup:ListTags"], "Resource": "*"
    });
    assert_eq!(statement("backup:ListTags"), Some(expected));
    assert_eq!(statement("sts:GetCallerIdentity"), None);
}

#[test]
fn iam_takes_the_policy_of_everything() {
    let calls: BTreeSet<&str> = Kind::ALL.into_iter().flat_map(|kind| sources(kind, &everything(kind))).collect();
    let policy = policy(calls.iter().copied(), &Reach { all_regions: true, organization: true, role: Some("Reader"), partition: "" });
    let sids = sids(&policy);
    assert_eq!(sids.iter().collect::<BTreeSet<_>>().len(), sids.len(), "IAM wants them distinct");
    assert!(sids.iter().all(|sid| sid.chars().all(|c| c.is_ascii_alphanumeric())), "{sids:?}");
    let allowed: BTreeSet<&str> =
        statements(&policy).iter().flat_map(|one| one["Action"].as_array().expect("actions")).filter_map(Value::as_str).collect();
    assert!(calls.iter().filter_map(|call| iam_action(call)).all(|action| allowed.contains(action)));
    let verbs = ["Describe", "Get", "List"];
    let reads = |action: &&str| verbs.iter().any(|verb| action.split(':').nth(1).is_some_and(|name| name.starts_with(verb)));
    let writes: Vec<&&str> = allowed.iter().filter(|action| !reads(action)).collect();
    assert_eq!(writes, [&"sts:AssumeRole"], "nothing else than looking");
}

fn everything(kind: Kind) -> Vec<String> {
    let schema = kind.schema();
    schema["properties"].as_object().expect("fields").keys().cloned().collect()
}
