//! The large account itself: made the same for the same number of recovery points.

use std::io::Write;

use serde_json::{Value, json};

const ACCOUNT: &str = "111122223333";
const HOME: &str = "us-east-1";
const REPLICA: &str = "us-west-2";
const VAULTS: usize = 10;
const PLANS: usize = 20;
const DAY: i64 = 86_400;
/// 2026-11-22T09:00:00Z.
const NOW: i64 = 1_795_338_000;

/// Writes it as a snapshot document.
pub fn write(points: usize, mut out: impl Write) -> std::io::Result<()> {
    writeln!(out, "{{\"Schema\": \"backstop/snapshot/1\", \"Units\": [")?;
    for (at, region) in [HOME, REPLICA].into_iter().enumerate() {
        let mut head = unit(region, points).to_string();
        head.pop();
        writeln!(out, "{}{head}, \"RecoveryPoints\": [", if at == 0 { "" } else { "," })?;
        let (first, last) = if region == HOME { (0, points.div_ceil(2)) } else { (0, points / 2) };
        for n in first..last {
            writeln!(out, "{}{}", if n == first { "" } else { "," }, point(n, region))?;
        }
        writeln!(out, "]}}")?;
    }
    writeln!(out, "]}}")?;
    out.flush()
}

fn key(region: &str, n: usize) -> String {
    format!("arn:aws:kms:{region}:{ACCOUNT}:key/{n:08x}-0000-4000-8000-{:012x}", n * 7919)
}

fn vault_arn(region: &str, n: usize) -> String {
    format!("arn:aws:backup:{region}:{ACCOUNT}:backup-vault:vault-{n:02}")
}

fn plan_arn(n: usize) -> String {
    format!("arn:aws:backup:{HOME}:{ACCOUNT}:backup-plan:{n:08x}-1111-4111-8111-111111111111")
}

fn rule_id(plan: usize, rule: usize) -> String {
    format!("{plan:08x}-{rule:04x}-4222-8222-222222222222")
}

fn unit(region: &str, points: usize) -> Value {
    let count = points / 2 / VAULTS;
    let vaults: Vec<Value> = (0..VAULTS)
        .map(|n| {
            json!({
                "BackupVaultName": format!("vault-{n:02}"), "BackupVaultArn": vault_arn(region, n), "VaultType": "BACKUP_VAULT",
                "EncryptionKeyArn": key(region, n), "CreationDate": "2025-01-10T08:00:00Z", "NumberOfRecoveryPoints": count,
                "Locked": n % 3 != 0, "MinRetentionDays": 7, "MaxRetentionDays": 400, "LockDate": "2025-02-10T08:00:00Z",
                "AccessPolicy": null, "Notifications": null, "Tags": {"Environment": "prod"}
            })
        })
        .collect();
    let keys: Vec<Value> = (0..VAULTS)
        .map(|n| {
            json!({
                "Arn": key(region, n), "KeyId": format!("{n:08x}"), "KeyManager": if n == 4 { "AWS" } else { "CUSTOMER" }, "KeyState": "Enabled",
                "KeySpec": "SYMMETRIC_DEFAULT", "Origin": "AWS_KMS", "MultiRegion": false, "KeyRotationEnabled": n % 4 != 0, "Aliases": [],
                "Policy": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": format!("arn:aws:iam::{ACCOUNT}:root")}, "Action": "kms:*", "Resource": "*"}]}
            })
        })
        .collect();
    let rule = |plan: usize, n: usize, schedule: &str, days: i64| {
        json!({
            "RuleName": format!("rule-{n}"), "RuleId": rule_id(plan, n), "TargetBackupVaultName": format!("vault-{:02}", plan % VAULTS),
            "ScheduleExpression": schedule, "StartWindowMinutes": 60, "CompletionWindowMinutes": 300, "Lifecycle": {"DeleteAfterDays": days},
            "CopyActions": [{"DestinationBackupVaultArn": vault_arn(REPLICA, plan % VAULTS), "Lifecycle": {"DeleteAfterDays": days}}]
        })
    };
    let plans: Vec<Value> = (0..if region == HOME { PLANS } else { 0 })
        .map(|n| {
            json!({
                "BackupPlanId": format!("{n:08x}-1111-4111-8111-111111111111"), "BackupPlanArn": plan_arn(n), "VersionId": "v1",
                "BackupPlan": {"BackupPlanName": format!("plan-{n:02}"), "Rules": [rule(n, 0, "cron(0 5 ? * * *)", 35), rule(n, 1, "cron(0 6 ? * SUN *)", 140)]},
                "Selections": [], "Tags": {}
            })
        })
        .collect();
    json!({
        "Account": ACCOUNT, "Region": region, "Partition": "aws", "Source": "aws", "StartedAt": "2026-11-22T08:58:00Z", "FinishedAt": "2026-11-22T09:00:00Z",
        "Complete": ["BackupVaults", "BackupPlans", "RecoveryPoints", "Keys", "Resources", "CopyJobs", "RegionSettings"],
        "BackupVaults": vaults, "BackupPlans": plans, "Keys": keys, "Resources": [],
        "RegionSettings": {"ResourceTypeOptInPreference": {"DynamoDB": true}, "ResourceTypeManagementPreference": {"DynamoDB": true}}
    })
}

/// The n-th point; the replica holds a copy of the n-th point of the first Region, but for one in fifty.
fn point(n: usize, region: &str) -> Value {
    let vault = n % VAULTS;
    let plan = n % PLANS;
    let rule = n / PLANS % 2;
    let days: i64 = if rule == 0 { 35 } else { 140 };
    let age = (n / (PLANS * 2)) as i64 % days;
    let created = NOW - 3600 * 4 - age * DAY - (n % 3600) as i64;
    let resource = n % 2003 + if region == REPLICA && n.is_multiple_of(50) { 5000 } else { 0 };
    let kept = if n.is_multiple_of(11) { 21 } else { days };
    let mut point = json!({
        "RecoveryPointArn": format!("arn:aws:backup:{region}:{ACCOUNT}:recovery-point:{n:08x}-3333-4333-8333-333333333333"),
        "BackupVaultName": format!("vault-{vault:02}"), "BackupVaultArn": vault_arn(region, vault),
        "ResourceArn": format!("arn:aws:dynamodb:{HOME}:{ACCOUNT}:table/table-{resource:05}"), "ResourceType": "DynamoDB", "ResourceName": format!("table-{resource:05}"),
        "CreatedBy": {"BackupPlanId": format!("{plan:08x}-1111-4111-8111-111111111111"), "BackupPlanArn": plan_arn(plan), "BackupPlanVersion": "v1", "BackupRuleId": rule_id(plan, rule)},
        "IamRoleArn": format!("arn:aws:iam::{ACCOUNT}:role/service-role/AWSBackupDefaultServiceRole"),
        "Status": if n.is_multiple_of(97) { "PARTIAL" } else { "COMPLETED" }, "CreationDate": created as f64, "CompletionDate": (created + 900 + (n % 600) as i64) as f64,
        "BackupSizeInBytes": 1_048_576 + n, "CalculatedLifecycle": {"DeleteAt": (created + kept * DAY) as f64}, "Lifecycle": {"DeleteAfterDays": kept},
        "EncryptionKeyArn": if n.is_multiple_of(13) { key(region, 4) } else { key(region, vault) }, "IsEncrypted": !n.is_multiple_of(41), "IsParent": false, "VaultType": "BACKUP_VAULT"
    });
    if region == REPLICA {
        point["SourceBackupVaultArn"] = vault_arn(HOME, vault).into();
    }
    point
}
