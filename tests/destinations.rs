//! Vaults of Regions that were not audited: what was looked up of them is told, and what was not stays unknown.

use std::collections::BTreeMap;
use std::path::Path;

use backstop::audit::{Environments, Verdict, judge};
use backstop::facts::{Kind, Subjects, derive};
use backstop::policy::Library;
use backstop::snapshot::{Snapshot, Timestamp, from_slice};
use serde_json::{Value, json};

const THERE: &str = "arn:aws:backup:us-west-2:111122223333:backup-vault:copies";
const HERE: &str = "arn:aws:backup:us-east-1:111122223333:backup-vault:main";
const KEY: &str = "arn:aws:kms:us-west-2:111122223333:key/there";

fn as_of() -> Timestamp {
    "2026-06-01T00:00:00Z".parse().expect("a time")
}

fn read(units: Value) -> Snapshot {
    let document = json!({ "Schema": "backstop/snapshot/1", "Units": units });
    from_slice(document.to_string().as_bytes(), Path::new("units.json")).expect("the document reads")
}

/// A plan in us-east-1 that copies to us-west-2, which is not among the units; it made one point, too long ago for AWS to keep the copy job.
fn unit() -> Value {
    let lifecycle = json!({ "DeleteAfterDays": 35 });
    json!({
        "Account": "111122223333", "Region": "us-east-1", "Source": "aws", "StartedAt": "2026-05-31T00:00:00Z",
        "Complete": ["BackupVaults", "BackupPlans", "RecoveryPoints", "CopyJobs", "Resources", "ReferencedVaults"],
        "BackupVaults": [{
            "BackupVaultName": "main", "BackupVaultArn": HERE, "Locked": false, "NumberOfRecoveryPoints": 1,
            "EncryptionKeyArn": "arn:aws:kms:us-east-1:111122223333:key/here", "Tags": {},
        }],
        "BackupPlans": [{
            "BackupPlanId": "plan", "Tags": {}, "Selections": [],
            "BackupPlanArn": "arn:aws:backup:us-east-1:111122223333:backup-plan:plan",
            "BackupPlan": { "BackupPlanName": "plan", "Rules": [{
                "RuleName": "daily", "RuleId": "rule", "TargetBackupVaultName": "main", "Lifecycle": lifecycle,
                "CopyActions": [{ "DestinationBackupVaultArn": THERE }],
            }] },
        }],
        "RecoveryPoints": [{
            "RecoveryPointArn": "arn:aws:ec2:us-east-1::snapshot/snap-1", "BackupVaultName": "main", "Status": "COMPLETED",
            "ResourceArn": "arn:aws:ec2:us-east-1:111122223333:volume/vol-1", "ResourceType": "EBS", "Lifecycle": lifecycle,
            "CreationDate": "2026-04-28T05:00:00Z",
            "CreatedBy": { "BackupPlanId": "plan", "BackupPlanArn": "arn:aws:backup:us-east-1:111122223333:backup-plan:plan",
                           "BackupRuleId": "rule" },
        }],
    })
}

/// The destination as DescribeBackupVault tells of it.
fn vault() -> Value {
    json!({
        "BackupVaultName": "copies", "BackupVaultArn": THERE, "VaultType": "BACKUP_VAULT", "EncryptionKeyArn": KEY, "Locked": true,
        "MinRetentionDays": 7, "MaxRetentionDays": 90, "LockDate": "2026-02-01T00:00:00Z", "NumberOfRecoveryPoints": 0,
    })
}

fn call(subject: Option<&str>, outcome: &str, items: u64) -> Value {
    json!({ "Service": "backup", "Operation": "DescribeBackupVault", "Subject": subject, "Outcome": outcome, "Items": items })
}

fn seen() -> Value {
    let mut unit = unit();
    unit["ReferencedVaults"] = json!([vault()]);
    unit["Calls"] = json!([call(Some(THERE), "ok", 1)]);
    unit
}

fn facts(subjects: &Subjects, kind: Kind) -> Value {
    let of_kind = subjects.of(kind);
    let seen = of_kind.subjects.iter().map(|subject| of_kind.facts_of(subject)).find(|facts| !facts.is_gap);
    seen.expect("a subject that was seen").document.clone()
}

fn destination(units: Value) -> Value {
    facts(&derive(&read(units), as_of()), Kind::PlanRule)["copies"][0]["destination"].clone()
}

fn is_unknown(value: &Value) -> bool {
    value.get("$unknown").is_some()
}

fn details(value: &Value) -> String {
    value["$unknown"].to_string()
}

/// What each rule says of the subject that was seen.
fn verdicts(units: Value) -> BTreeMap<String, Verdict> {
    let library = Library::shipped().expect("the shipped rules load");
    let environments = Environments::all_production(&library);
    let snapshot = read(units);
    let subjects = derive(&snapshot, as_of());
    let audit = judge(&subjects, &library, &environments, as_of()).expect("the rules run");
    let seen = audit.findings().filter(|finding| !finding.facts.is_gap);
    seen.map(|finding| (finding.rule.id.clone(), finding.verdict())).collect()
}

#[test]
fn a_vault_that_was_looked_up_tells_its_lock_and_its_key() {
    let destination = destination(json!([seen()]));
    assert_eq!(destination["exists"], json!(true));
    assert_eq!(destination["state"], Value::Null);
    assert_eq!(destination["lock"]["mode"], json!("immutable"));
    assert_eq!(destination["lock"]["max_retention_days"], json!(90));
    assert_eq!(destination["key"]["identity"], json!(KEY));
    assert!(details(&destination["key"]["owner"]).contains("kms:DescribeKey"), "nobody described the key");
}

#[test]
fn its_key_is_told_once_it_is_described() {
    let mut unit = seen();
    unit["Keys"] = json!([{ "Arn": KEY, "KeyManager": "CUSTOMER", "KeyState": "Enabled" }]);
    assert_eq!(destination(json!([unit]))["key"]["owner"], json!("customer"));
}

#[test]
fn rules_on_the_destination_are_answered() {
    let rules = ["replication/destination-unlocked", "replication/destination-missing", "vault-lock/retention-out-of-range"];
    let (before, after) = (verdicts(json!([unit()])), verdicts(json!([seen()])));
    for rule in rules {
        assert_eq!((before[rule], after[rule]), (Verdict::Unknown, Verdict::Pass), "{rule}");
    }
    let mut open = seen();
    open["ReferencedVaults"][0]["Locked"] = json!(false);
    assert_eq!(verdicts(json!([open]))["replication/destination-unlocked"], Verdict::Fail);
    let mut silent = seen();
    silent["ReferencedVaults"][0].as_object_mut().expect("a vault").remove("Locked");
    assert_eq!(verdicts(json!([silent]))["replication/destination-unlocked"], Verdict::Unknown);
}

#[test]
fn a_vault_that_was_looked_up_and_is_not_there_is_missing() {
    let mut unit = unit();
    unit["Calls"] = json!([call(Some(THERE), "ok", 0)]);
    assert_eq!(destination(json!([unit]))["exists"], json!(false));
    assert_eq!(verdicts(json!([unit]))["replication/destination-missing"], Verdict::Fail);
}

#[test]
fn a_refusal_outweighs_what_stands_in_the_document_and_names_the_vault() {
    for outcome in ["denied", "throttled", "failed", "skipped"] {
        for unit in [seen(), unit()] {
            let unit = json!({ "Calls": [call(Some(THERE), outcome, 0)] }).as_object().cloned().map(|calls| {
                let mut unit = unit.clone();
                unit.as_object_mut().expect("a unit").extend(calls);
                unit
            });
            let told = details(&destination(json!([unit]))["exists"]);
            assert!(told.contains(THERE) && told.contains("backup:DescribeBackupVault"), "{outcome}: {told}");
        }
    }
    let mut unit = seen();
    unit["Calls"] = json!([call(Some(THERE), "ok", 1), call(None, "denied", 0)]);
    let told = details(&destination(json!([unit]))["exists"]);
    assert!(told.contains(THERE) && told.contains("was denied"), "{told}");
}

#[test]
fn that_the_units_own_vaults_were_not_described_says_nothing_of_one_elsewhere() {
    let mut unit = seen();
    unit["Calls"] = json!([call(Some(THERE), "ok", 1), call(None, "skipped", 0), call(Some("copies"), "denied", 0)]);
    unit["ReferencedVaults"][0].as_object_mut().expect("a vault").remove("LockDate");
    assert_eq!(destination(json!([unit]))["lock"]["mode"], json!("governance"));
}

#[test]
fn what_one_unit_was_told_another_may_be_refused() {
    let mut refused = unit();
    refused["Region"] = json!("eu-west-1");
    refused["BackupPlans"] = json!([]);
    refused["BackupVaults"] = json!([]);
    refused["RecoveryPoints"] = json!([]);
    refused["Calls"] = json!([call(Some(THERE), "denied", 0)]);
    assert_eq!(destination(json!([seen(), refused]))["exists"], json!(true));
    assert!(details(&destination(json!([unit(), refused]))["exists"]).contains("111122223333/eu-west-1 was denied"));
}

#[test]
fn where_nobody_looked_it_is_unknown() {
    assert!(details(&destination(json!([unit()]))["exists"]).contains("was not observed"));
}

#[test]
fn the_list_of_the_vaults_own_unit_decides() {
    let mut home = unit();
    home["Region"] = json!("us-west-2");
    home["BackupVaults"] = json!([]);
    home["BackupPlans"] = json!([]);
    home["RecoveryPoints"] = json!([]);
    assert_eq!(destination(json!([seen(), home]))["exists"], json!(false));
    home["Complete"] = json!([]);
    assert!(is_unknown(&destination(json!([seen(), home]))["exists"]));
}

#[test]
fn a_vault_elsewhere_is_no_subject_and_its_points_are_not_known() {
    let snapshot = read(json!([seen()]));
    let subjects = derive(&snapshot, as_of());
    let vaults: Vec<&str> = subjects.of(Kind::Vault).subjects.iter().map(|subject| &*subject.id).collect();
    assert_eq!(vaults, [HERE]);
    // It says that it holds no point, which is no list of what it holds.
    let copy = &facts(&subjects, Kind::RecoveryPoint)["copies"][0];
    assert!(details(&copy["arrived"]).contains("backup:ListRecoveryPointsByBackupVault"), "{copy}");
    assert_eq!(verdicts(json!([seen()]))["replication/copy-not-arrived"], Verdict::Unknown);
}

#[test]
fn a_copy_job_is_still_believed_and_its_lack_still_tells() {
    let point = "arn:aws:ec2:us-east-1::snapshot/snap-1";
    let mut unit = seen();
    unit["RecoveryPoints"][0]["CreationDate"] = json!("2026-05-20T05:00:00Z");
    let arrived = |unit: &Value| facts(&derive(&read(json!([unit])), as_of()), Kind::RecoveryPoint)["copies"][0]["arrived"].clone();
    assert_eq!(arrived(&unit), json!(false), "a job of the last thirty days would be there");
    unit["CopyJobs"] = json!([{
        "CopyJobId": "job", "SourceRecoveryPointArn": point, "DestinationBackupVaultArn": THERE, "State": "COMPLETED",
        "CompletionDate": "2026-05-20T09:00:00Z",
    }]);
    assert_eq!(arrived(&unit), json!(true));
}

#[test]
fn replicas_tell_their_key() {
    let snapshot = read(json!([seen()]));
    let subjects = derive(&snapshot, as_of());
    assert_eq!(facts(&subjects, Kind::Vault)["replicas"][0]["key_identity"], json!(KEY));
    let blind = read(json!([unit()]));
    assert!(is_unknown(&facts(&derive(&blind, as_of()), Kind::Vault)["replicas"][0]["key_identity"]));
}

#[test]
fn a_lock_date_is_not_absent_where_the_vault_was_not_described() {
    let mode = |calls: Value| {
        let mut unit = unit();
        unit["BackupVaults"][0]["Locked"] = json!(true);
        unit["Calls"] = calls;
        facts(&derive(&read(json!([unit])), as_of()), Kind::Vault)["lock"]["mode"].clone()
    };
    assert_eq!(mode(json!([])), json!("governance"));
    assert!(details(&mode(json!([call(Some("main"), "denied", 0)]))).contains("backup:DescribeBackupVault"));
}
