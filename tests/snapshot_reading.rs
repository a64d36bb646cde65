//! Every collection reads what the AWS CLI prints, and what a call of its own would have told is not taken to be absent.

use std::path::Path;

use backstop::snapshot::{Collection, Observed, PolicyDocument, Snapshot, Unit, from_slice, schema};
use serde_json::{Value, json};

fn read(unit: Value) -> Result<Unit, String> {
    let mut whole = json!({ "Account": "111122223333", "Region": "us-east-1", "Source": "aws" });
    whole.as_object_mut().expect("an object").extend(unit.as_object().expect("an object").clone());
    let document = json!({ "Schema": "backstop/snapshot/1", "Units": [whole] });
    let snapshot: Snapshot = from_slice(document.to_string().as_bytes(), Path::new("unit.json")).map_err(|error| error.to_string())?;
    Ok(snapshot.units.into_iter().next().expect("a unit"))
}

fn unit(unit: Value) -> Unit {
    read(unit).expect("the unit reads")
}

fn known(text: &str) -> Observed<String> {
    Observed::Known(text.to_owned())
}

#[test]
fn a_unit_that_names_no_collection_holds_nothing_and_knows_nothing() {
    let unit = unit(json!({}));
    assert!(unit.referenced_vaults.is_empty() && unit.inventory.is_empty() && unit.event_rules.is_empty());
    assert!(unit.organization.is_unknown());
}

#[test]
fn a_unit_without_an_organization_says_null() {
    assert!(unit(json!({ "Organization": null })).organization.is_absent());
}

#[test]
fn each_collection_is_a_member_of_the_unit() {
    let members = schema();
    let members = members["$defs"]["Unit"]["properties"].as_object().expect("the unit's members").clone();
    for collection in Collection::ALL {
        assert!(members.contains_key(&format!("{collection:?}")), "{collection:?}");
    }
}

#[test]
fn a_call_says_that_it_was_resumed_only_when_it_was() {
    let call = |more: Value| {
        let mut call = json!({ "Service": "backup", "Operation": "ListBackupVaults", "Outcome": "ok" });
        call.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        unit(json!({ "Calls": [call] })).calls.remove(0)
    };
    let written = |more: Value| serde_json::to_value(call(more)).expect("a call can be written");
    assert_eq!(written(json!({ "Resumed": true }))["Resumed"], json!(true));
    assert_eq!(written(json!({})).get("Resumed"), None);
}

#[test]
fn referenced_vaults_are_vaults() {
    let arn = "arn:aws:backup:eu-west-1:111122223333:backup-vault:copies";
    let unit = unit(json!({ "ReferencedVaults": [{
        "BackupVaultName": "copies", "BackupVaultArn": arn, "Locked": true, "MinRetentionDays": 7, "NumberOfRecoveryPoints": 3
    }] }));
    let vault = &unit.referenced_vaults[0];
    assert_eq!(vault.backup_vault_arn, known(arn));
    assert!(vault.lock_date.is_absent() && vault.access_policy.is_unknown() && vault.tags.is_unknown());
}

#[test]
fn plan_versions_scan_jobs_and_grants() {
    let unit = unit(json!({
        "BackupPlans": [
            { "BackupPlanId": "one", "Versions": [{ "VersionId": "v2", "BackupPlanId": "one", "CreationDate": 1767225600.5 }] },
            { "BackupPlanId": "two" },
        ],
        "ScanJobs": [{
            "ScanJobId": "scan", "State": "COMPLETED", "MalwareScanner": "GUARDDUTY", "ScanResult": { "ScanResultStatus": "NO_THREATS_FOUND" },
            "CreatedBy": { "BackupPlanId": "one" },
        }],
        "Keys": [{
            "KeyMetadata": { "Arn": "arn:aws:kms:us-east-1:111122223333:key/one", "KeyId": "one" },
            "Grants": [{ "GrantId": "g", "KeyId": "one", "GranteePrincipal": "backup.amazonaws.com", "Operations": ["Decrypt"],
                         "Constraints": { "EncryptionContextSubset": {} } }],
        }],
    }));
    assert_eq!(unit.backup_plans[0].versions.known().expect("versions")[0].version_id, "v2");
    assert!(unit.backup_plans[1].versions.is_unknown());
    let result = unit.scan_jobs[0].scan_result.known().expect("a result");
    assert_eq!(result.scan_result_status, known("NO_THREATS_FOUND"));
    let key = &unit.keys[0];
    assert_eq!(key.grants.known().expect("grants")[0].grantee_principal, known("backup.amazonaws.com"));
    assert!(key.policy.is_unknown());
}

#[test]
fn frameworks_reports_holds_and_tiers() {
    let unit = unit(json!({
        "Frameworks": [
            { "FrameworkName": "listed", "NumberOfControls": 2, "DeploymentStatus": "COMPLETED" },
            { "FrameworkName": "described", "FrameworkStatus": "ACTIVE", "FrameworkControls": [{
                "ControlName": "BACKUP_RECOVERY_POINT_ENCRYPTED", "ControlInputParameters": [], "ControlScope": {}
            }] },
        ],
        "ReportPlans": [{
            "ReportPlanName": "jobs", "ReportSetting": { "ReportTemplate": "BACKUP_JOB_REPORT" },
            "ReportDeliveryChannel": { "S3BucketName": "reports", "Formats": ["CSV"] }, "DeploymentStatus": "COMPLETED",
        }],
        "LegalHolds": [{
            "LegalHoldId": "hold", "Title": "case", "Status": "ACTIVE",
            "RecoveryPointSelection": { "VaultNames": ["main"], "DateRange": { "FromDate": "2026-01-01", "ToDate": "2026-02-01" } },
        }],
        "TieringConfigurations": [
            { "TieringConfigurationName": "listed", "BackupVaultName": "*" },
            { "TieringConfiguration": { "TieringConfigurationName": "got", "BackupVaultName": "main",
              "ResourceSelection": [{ "ResourceType": "S3", "Resources": ["*"], "TieringDownSettingsInDays": 60 }] } },
        ],
    }));
    assert!(unit.frameworks[0].framework_controls.is_unknown());
    assert_eq!(unit.frameworks[1].framework_controls.known().map(Vec::len), Some(1));
    assert_eq!(unit.report_plans[0].report_delivery_channel.known().expect("a channel").s3_bucket_name, known("reports"));
    assert_eq!(unit.legal_holds[0].recovery_point_selection.known().expect("points").vault_names, Observed::Known(vec!["main".to_owned()]));
    assert!(unit.tiering_configurations[0].resource_selection.is_unknown());
    let tiered = unit.tiering_configurations[1].resource_selection.known().expect("resources");
    assert_eq!(tiered[0].tiering_down_settings_in_days, Observed::Known(60));
}

#[test]
fn restore_testing_plans_with_and_without_what_was_got() {
    let unit = unit(json!({ "RestoreTestingPlans": [
        { "RestoreTestingPlanName": "listed", "ScheduleExpression": "cron(0 12 ? * WED *)", "StartWindowHours": 4 },
        { "RestoreTestingPlan": {
            "RestoreTestingPlanName": "got", "RecoveryPointSelection": { "Algorithm": "LATEST_WITHIN_WINDOW", "IncludeVaults": ["*"] },
          },
          "Selections": [
            { "RestoreTestingSelectionName": "listed", "ProtectedResourceType": "DynamoDB" },
            { "RestoreTestingSelection": { "RestoreTestingSelectionName": "got", "ProtectedResourceArns": ["*"] } },
          ] },
    ] }));
    let [listed, got] = &unit.restore_testing_plans[..] else { panic!("two plans") };
    assert!(listed.recovery_point_selection.is_unknown() && listed.selections.is_unknown());
    assert_eq!(got.recovery_point_selection.known().expect("points").algorithm, known("LATEST_WITHIN_WINDOW"));
    let selections = got.selections.known().expect("selections");
    assert!(selections[0].protected_resource_arns.is_unknown());
    assert_eq!(selections[1].protected_resource_arns, Observed::Known(vec!["*".to_owned()]));
}

#[test]
fn tables_and_the_inventory() {
    let table = "arn:aws:dynamodb:us-east-1:111122223333:table/orders";
    let unit = unit(json!({
        "Tables": [
            { "TableArn": table, "TableName": "orders", "TableStatus": "ACTIVE" },
            { "TableArn": table, "ContinuousBackupsDescription": {
                "ContinuousBackupsStatus": "ENABLED",
                "PointInTimeRecoveryDescription": {
                    "PointInTimeRecoveryStatus": "ENABLED", "RecoveryPeriodInDays": 35, "EarliestRestorableDateTime": 1767225600 },
            } },
        ],
        "Inventory": [
            { "ResourceType": "EBS", "Complete": true, "Resources": [{ "ResourceArn": "arn:aws:ec2:us-east-1:111122223333:volume/vol-1" }] },
            { "ResourceType": "S3", "Resources": [] },
        ],
    }));
    assert!(unit.tables[0].continuous_backups_description.is_unknown());
    let recovery =
        unit.tables[1].continuous_backups_description.known().and_then(|backups| backups.point_in_time_recovery_description.known());
    assert_eq!(recovery.expect("a description").recovery_period_in_days, Observed::Known(35));
    assert!(unit.inventory[0].complete && !unit.inventory[1].complete);
    let silent = read(json!({ "Inventory": [{ "ResourceType": "EBS", "Complete": true }] }));
    assert!(silent.is_err(), "an entry that lists nothing cannot say that there is nothing");
}

#[test]
fn topics_with_their_attributes_alone_and_as_the_cli_prints_them() {
    let arn = "arn:aws:sns:us-east-1:111122223333:events";
    let policy = json!({ "Version": "2012-10-17", "Statement": [] });
    let unit = unit(json!({ "Topics": [
        { "TopicArn": arn, "Policy": policy.to_string(), "FifoTopic": "true", "SubscriptionsConfirmed": "1" },
        { "Attributes": { "TopicArn": arn, "KmsMasterKeyId": "alias/aws/sns" },
          "Subscriptions": [{ "SubscriptionArn": "PendingConfirmation", "Owner": "111122223333", "Protocol": "email",
                              "Endpoint": "ops@example.com", "TopicArn": arn }] },
    ] }));
    let [alone, printed] = &unit.topics[..] else { panic!("two topics") };
    assert_eq!(alone.policy, Observed::Known(PolicyDocument(policy)));
    assert_eq!(alone.fifo_topic, known("true"));
    assert!(alone.subscriptions.is_unknown() && printed.policy.is_unknown() && printed.fifo_topic.is_absent());
    assert_eq!(printed.kms_master_key_id, known("alias/aws/sns"));
    assert_eq!(printed.subscriptions.known().expect("subscriptions")[0].subscription_arn, known("PendingConfirmation"));
}

#[test]
fn alarms_metrics_and_event_rules() {
    let unit = unit(json!({
        "Alarms": [{ "AlarmName": "failed", "Threshold": 0.0, "Dimensions": [{ "Name": "BackupVaultName", "Value": "main" }] }],
        "CompositeAlarms": [{ "AlarmName": "any", "AlarmRule": "ALARM(\"failed\")", "ActionsEnabled": true, "AlarmActions": [] }],
        "Metrics": [{ "Namespace": "AWS/Backup", "MetricName": "NumberOfBackupJobsFailed",
                      "Dimensions": [{ "Name": "BackupVaultName", "Value": "main" }] }],
        "EventRules": [
            { "Name": "jobs", "EventPattern": "{\"source\":[\"aws.backup\"]}", "State": "ENABLED", "EventBusName": "default",
              "Targets": [{ "Id": "1", "Arn": "arn:aws:sns:us-east-1:111122223333:events" }] },
            { "Name": "unasked" },
        ],
    }));
    assert_eq!(unit.composite_alarms[0].alarm_rule, known("ALARM(\"failed\")"));
    assert_eq!(unit.metrics[0].dimensions.known().expect("dimensions")[0].value, "main");
    assert_eq!(unit.event_rules[0].targets.known().map(Vec::len), Some(1));
    assert!(unit.event_rules[1].targets.is_unknown());
}

#[test]
fn roles_with_policies_as_text_as_objects_and_percent_encoded() {
    let trust = json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "sts:AssumeRole" }] });
    let encoded: String = trust.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect();
    let role = |document: Value| json!({ "Arn": "arn:aws:iam::111122223333:role/backup", "AssumeRolePolicyDocument": document });
    let mut full = role(json!(trust.to_string()));
    full["AttachedPolicies"] = json!([
        { "PolicyArn": "arn:aws:iam::aws:policy/one", "PolicyName": "one", "PolicyDocument": encoded },
        { "PolicyArn": "arn:aws:iam::aws:policy/two" },
    ]);
    full["InlinePolicies"] = json!([{ "RoleName": "backup", "PolicyName": "inline", "PolicyDocument": trust }]);
    let unit = unit(json!({ "Roles": [full, role(trust.clone()), role(json!(encoded)), { "Role": role(trust.clone()) }] }));
    let document = Observed::Known(PolicyDocument(trust));
    for role in &unit.roles {
        assert_eq!(role.assume_role_policy_document, document);
    }
    let attached = unit.roles[0].attached_policies.known().expect("policies");
    assert_eq!(attached[0].policy_document, document);
    assert!(attached[1].policy_document.is_unknown());
    assert_eq!(unit.roles[0].inline_policies.known().expect("policies")[0].policy_document, document);
    assert!(unit.roles[1].inline_policies.is_unknown());
}

#[test]
fn percent_signs_in_a_plain_document_stay() {
    let document = json!({ "Statement": [{ "Resource": "a%2Fb", "Condition": "100%" }] });
    let unit = unit(json!({ "Topics": [{ "TopicArn": "arn:aws:sns:us-east-1:1:t", "Policy": document.to_string() }] }));
    assert_eq!(unit.topics[0].policy, Observed::Known(PolicyDocument(document)));
}

#[test]
fn a_text_that_decodes_to_no_document_is_an_error() {
    for text in ["%7B%22open", "%FF%FE", "%", "%5B%5D"] {
        assert!(read(json!({ "Topics": [{ "TopicArn": "arn:aws:sns:us-east-1:1:t", "Policy": text }] })).is_err(), "{text}");
    }
}

#[test]
fn trails_with_either_kind_of_selectors() {
    let arn = "arn:aws:cloudtrail:us-east-1:111122223333:trail/main";
    let unit = unit(json!({ "Trails": [
        { "Name": "main", "TrailARN": arn, "S3BucketName": "logs", "IsMultiRegionTrail": true },
        { "Name": "main", "TrailARN": arn, "Status": { "IsLogging": true, "LatestDeliveryTime": 1767225600.123 },
          "EventSelectors": [{ "ReadWriteType": "All", "IncludeManagementEvents": true, "DataResources": [] }] },
        { "Name": "main", "TrailARN": arn, "EventSelectors": null,
          "AdvancedEventSelectors": [{ "Name": "all", "FieldSelectors": [{ "Field": "eventCategory", "Equals": ["Management"] }] }] },
    ] }));
    let [listed, classic, advanced] = &unit.trails[..] else { panic!("three trails") };
    assert_eq!(listed.s3_bucket_name, known("logs"));
    assert!(listed.status.is_unknown() && listed.event_selectors.is_unknown() && listed.advanced_event_selectors.is_unknown());
    assert_eq!(classic.status.known().expect("a status").is_logging, Observed::Known(true));
    assert!(classic.event_selectors.is_known() && advanced.event_selectors.is_absent());
    assert_eq!(advanced.advanced_event_selectors.known().expect("selectors")[0].field_selectors.known().map(Vec::len), Some(1));
}

#[test]
fn the_organization_with_its_backup_policy() {
    let plans = json!({ "plans": { "daily": { "regions": ["us-east-1"] } } });
    let unit = unit(json!({ "Organization": {
        "Organization": { "Id": "o-1", "MasterAccountId": "111122223333", "FeatureSet": "ALL" },
        "EffectiveBackupPolicy": { "PolicyContent": plans.to_string(), "PolicyType": "BACKUP_POLICY", "TargetId": "111122223333",
                                   "LastUpdatedTimestamp": 1767225600 },
    } }));
    let organization = unit.organization.known().expect("an organization");
    assert_eq!(organization.organization.known().expect("details").master_account_id, known("111122223333"));
    assert_eq!(organization.effective_backup_policy.known().expect("a policy").policy_content, Observed::Known(PolicyDocument(plans)));
    assert!(organization.accounts.is_unknown());
}
