//! Random small accounts as snapshot JSON, seen whole: units, vaults, plans, resources, keys. Points stand in `points`,
//! what was not seen in `holes`. Names, tags and ids collide on purpose, or nearly.

use serde_json::{Map, Value, json};

use super::tape::Tape;

pub const AS_OF: &str = "2026-11-22T06:00:00Z";
pub const ACCOUNTS: [&str; 2] = ["111111111111", "222222222222"];
pub const REGIONS: [&str; 2] = ["us-east-1", "eu-west-1"];
const VAULTS: [&str; 4] = ["main", "Main", "main-copy", "Default"];
/// None of these makes another type's points.
pub const SCHEDULES: [&str; 6] =
    ["cron(0 5 ? * * *)", "cron(0 5 ? * SUN *)", "cron(0 5 1 * ? *)", "cron(0 0/12 ? * * *)", "cron(0 5 * * * *)", "rate(1 day)"];

/// A whole document, everything observed.
pub fn world(tape: &mut Tape) -> Value {
    let places: Vec<(&str, &str)> = ACCOUNTS.iter().flat_map(|account| REGIONS.map(|region| (*account, region))).collect();
    let mut chosen = tape.some_of(&places, 3);
    if chosen.is_empty() {
        chosen.push(places[0]);
    }
    let cross_account = *tape.pick(&["false", "true"]);
    let units: Vec<Value> = chosen.iter().map(|(account, region)| unit(tape, account, region, cross_account)).collect();
    let mut document = json!({ "Schema": "backstop/snapshot/1", "Units": units });
    super::points::fill(tape, &mut document);
    super::happened::fill(tape, &mut document);
    super::restores::fill(tape, &mut document);
    document
}

pub fn vault_arn(account: &str, region: &str, name: &str) -> String {
    format!("arn:aws:backup:{region}:{account}:backup-vault:{name}")
}

fn unit(tape: &mut Tape, account: &str, region: &str, cross_account: &str) -> Value {
    let keys: Vec<Value> = (0..tape.below(3)).map(|at| key(tape, account, region, at)).collect();
    let vaults: Vec<Value> = tape.some_of(&VAULTS, 4).iter().map(|name| vault(tape, account, region, name, &keys)).collect();
    let plans: Vec<Value> = (0..tape.below(4)).map(|at| plan(tape, account, region, at)).collect();
    let resources: Vec<Value> = (0..tape.below(5)).map(|at| resource(tape, account, region, at)).collect();
    let clusters = resources.iter().filter_map(|resource| resource["ResourceARN"].as_str()).filter(|arn| arn.contains(":cluster:"));
    let protected: Vec<Value> =
        clusters.map(|arn| json!({ "ResourceArn": arn, "ResourceType": tape.pick(&["Aurora", "Neptune"]) })).collect();
    let supported = ["DynamoDB", "S3", "EBS", "Aurora", "DocumentDB", "Neptune", "RDS"];
    let tables = resources.iter().filter_map(|resource| resource["ResourceARN"].as_str()).filter(|arn| arn.contains(":table/"));
    let tables: Vec<Value> = tables.map(|arn| json!({ "TableArn": arn })).collect();
    json!({
        "Account": account,
        "Region": region,
        "Source": "aws",
        "StartedAt": "2026-11-22T05:00:00Z",
        "Complete": [
            "BackupVaults", "BackupPlans", "RecoveryPoints", "Keys", "Resources", "ProtectedResources", "CopyJobs", "RegionSettings",
            "GlobalSettings", "SupportedResourceTypes", "Alarms", "Roles", "Tables",
        ],
        "BackupVaults": vaults,
        "BackupPlans": plans,
        "Keys": keys,
        "Resources": resources,
        "ProtectedResources": protected,
        "CopyJobs": [],
        "RegionSettings": {
            "ResourceTypeOptInPreference": {
                "DynamoDB": tape.chance(70), "EBS": true, "S3": tape.chance(50), "Aurora": tape.chance(50), "DocumentDB": true,
                "Neptune": true, "RDS": true,
            },
            "ResourceTypeManagementPreference": { "DynamoDB": tape.chance(70) },
        },
        "SupportedResourceTypes": { "ResourceTypes": if tape.chance(80) { &supported[..] } else { &supported[2..] } },
        "Tables": tables,
        "GlobalSettings": { "GlobalSettings": { "isCrossAccountBackupEnabled": cross_account } },
        "RecoveryPoints": [],
    })
}

fn tags(tape: &mut Tape) -> Value {
    let pool = [("env", "dev"), ("env", "Dev"), ("Env", "dev"), ("backup", "daily"), ("backup", "daily "), ("Backup", "daily x")];
    Value::Object(tape.some_of(&pool, 3).into_iter().map(|(key, value)| (key.to_owned(), json!(value))).collect())
}

/// Sets the member in some of the cases.
fn maybe(tape: &mut Tape, object: &mut Value, member: &str, values: &[Value]) {
    if tape.chance(60) {
        object[member] = tape.pick(values).clone();
    }
}

fn key(tape: &mut Tape, account: &str, region: &str, at: usize) -> Value {
    let id = ["key-a", "mrk-shared", "key-b"][at];
    let state = *tape.pick(&["Enabled", "Disabled", "PendingDeletion", "Enabled"]);
    let mut key = json!({
        "Arn": format!("arn:aws:kms:{region}:{account}:key/{id}"),
        "KeyManager": tape.pick(&["CUSTOMER", "AWS", "CUSTOMER"]),
        "KeyState": state,
        "KeySpec": tape.pick(&["SYMMETRIC_DEFAULT", "RSA_2048"]),
        "Origin": tape.pick(&["AWS_KMS", "EXTERNAL"]),
        "KeyRotationEnabled": tape.chance(50),
        "Policy": policy(tape, account),
        "Aliases": [],
    });
    if state == "PendingDeletion" {
        key["DeletionDate"] = json!(tape.pick(&["2026-12-02T00:00:00Z", "2026-11-23T00:00:00Z"]));
    }
    key
}

fn policy(tape: &mut Tape, account: &str) -> Value {
    let uses = json!(["kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*"]);
    let root = format!("arn:aws:iam::{account}:root");
    let role = format!("arn:aws:iam::{account}:role/{}", tape.pick(&["Backup", "backup"]));
    let pool = [
        json!({ "Effect": "Allow", "Principal": { "AWS": root }, "Action": "kms:*", "Resource": "*" }),
        json!({ "Effect": "Allow", "Principal": { "AWS": role }, "Action": uses, "Resource": "*" }),
        json!({ "Effect": "Deny", "Principal": "*", "Action": "kms:ScheduleKeyDeletion", "Resource": "*" }),
        json!({ "Effect": "Deny", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*", "Condition": { "Bool": { "aws:x": "true" } } }),
    ];
    json!({ "Statement": tape.some_of(&pool, 3) })
}

fn vault(tape: &mut Tape, account: &str, region: &str, name: &str, keys: &[Value]) -> Value {
    let mut vault = json!({ "BackupVaultName": name, "CreationDate": "2026-10-01T00:00:00Z", "Tags": tags(tape), "AccessPolicy": null });
    if tape.chance(70) {
        vault["BackupVaultArn"] = json!(vault_arn(account, region, name));
    }
    let stranger = format!("arn:aws:kms:{region}:{account}:key/undescribed");
    match tape.below(4) {
        0 => {}
        1 => vault["EncryptionKeyArn"] = json!(stranger),
        _ if keys.is_empty() => vault["EncryptionKeyArn"] = json!(stranger),
        _ => vault["EncryptionKeyArn"] = tape.pick(keys)["Arn"].clone(),
    }
    // A key that AWS owns cannot be described.
    let types = [json!("CUSTOMER_MANAGED_KMS_KEY"), json!("AWS_OWNED_KMS_KEY")];
    let described = keys.iter().any(|key| key["Arn"] == vault["EncryptionKeyArn"]);
    maybe(tape, &mut vault, "EncryptionKeyType", if described { &types[..1] } else { &types });
    maybe(tape, &mut vault, "VaultState", &[json!("AVAILABLE"), json!("CREATING")]);
    let lock = tape.below(4);
    vault["Locked"] = json!(lock > 0);
    maybe(tape, &mut vault, "MinRetentionDays", &[json!(1), json!(7), json!(30)]);
    maybe(tape, &mut vault, "MaxRetentionDays", &[json!(60), json!(35), json!(400)]);
    match lock {
        2 => vault["LockDate"] = json!(tape.pick(&["2026-11-23T00:00:00Z", "2026-11-22T06:00:00.001Z", "2026-12-20T00:00:00Z"])),
        3 => vault["LockDate"] = json!(tape.pick(&[AS_OF, "2026-10-04T00:00:00Z", "2026-11-01T00:00:00Z"])),
        _ => {}
    }
    vault
}

fn lifecycle(tape: &mut Tape) -> Value {
    let mut lifecycle = Map::new();
    for (member, values) in [("DeleteAfterDays", [30, 7, 120, -1]), ("MoveToColdStorageAfterDays", [30, 7, 100, -1])] {
        if tape.chance(60) {
            lifecycle.insert(member.to_owned(), json!(tape.pick(&values)));
        }
    }
    Value::Object(lifecycle)
}

fn plan(tape: &mut Tape, account: &str, region: &str, at: usize) -> Value {
    let id = format!("plan-{at}");
    let rules: Vec<Value> = (0..tape.below(4)).map(|at| rule(tape, &id, at)).collect();
    let selections: Vec<Value> = (0..tape.below(3))
        .map(|at| json!({ "SelectionId": format!("selection-{at}"), "SelectionName": "s", "BackupSelection": selection(tape, account, region) }))
        .collect();
    let name = *tape.pick(&["daily", "Daily", "weekly"]);
    let mut plan = json!({
        "BackupPlanId": id,
        "BackupPlanName": name,
        "BackupPlan": { "BackupPlanName": name, "Rules": rules },
        "Selections": selections,
        "Tags": tags(tape),
    });
    if tape.chance(70) {
        plan["BackupPlanArn"] = json!(format!("arn:aws:backup:{region}:{account}:backup-plan:{id}"));
    }
    plan
}

fn rule(tape: &mut Tape, plan: &str, at: usize) -> Value {
    let mut rule = json!({
        "RuleName": (["r", "R", "r-2"][at]),
        "RuleId": format!("{plan}-rule-{at}"),
        "TargetBackupVaultName": if tape.chance(10) { "gone" } else { *tape.pick(&VAULTS) },
    });
    if tape.chance(60) {
        rule["Lifecycle"] = lifecycle(tape);
    }
    if tape.chance(30) {
        rule["EnableContinuousBackup"] = json!(tape.chance(50));
    }
    let schedules: Vec<Value> = SCHEDULES.iter().map(|text| json!(text)).collect();
    maybe(tape, &mut rule, "ScheduleExpression", &schedules);
    if tape.chance(10) {
        rule["TargetLogicallyAirGappedBackupVaultArn"] = json!(vault_arn(ACCOUNTS[0], REGIONS[0], "main"));
    }
    let copies: Vec<Value> = (0..tape.below(3)).map(|_| copy(tape)).collect();
    if !copies.is_empty() {
        rule["CopyActions"] = json!(copies);
    }
    rule
}

fn copy(tape: &mut Tape) -> Value {
    let name = if tape.chance(10) { "gone" } else { *tape.pick(&VAULTS) };
    let (account, region) = (*tape.pick(&ACCOUNTS), *tape.pick(&REGIONS));
    let mut copy = json!({ "DestinationBackupVaultArn": vault_arn(account, region, name) });
    if tape.chance(50) {
        copy["Lifecycle"] = lifecycle(tape);
    }
    copy
}

fn selection(tape: &mut Tape, account: &str, region: &str) -> Value {
    let mut patterns: Vec<Value> = [
        "*",
        "arn:aws:dynamodb:*:*:table/*",
        "arn:aws:ec2:*:*:volume/*",
        "arn:aws:ec2:*:*:*",
        "arn:aws:rds:*:*:cluster:*",
        "arn:aws:s3:::*",
        "arn:aws:ec2:us-*:*:volume/*",
        "arn:aws:ec2:*:*:vol*",
        "arn:aws:ecs:*:*:service/*",
        "arn:aws:ec2:eu-west-1:*:volume/*",
    ]
    .map(|pattern| json!(pattern))
    .to_vec();
    patterns.push(json!(format!("arn:aws:dynamodb:{region}:{account}:table/orders")));
    patterns.push(json!(format!("arn:aws:dynamodb:{region}:{account}:table/ord*")));
    let entries =
        [("env", "dev"), ("Env", "dev"), ("backup", "daily")].map(|(key, value)| json!({ "ConditionKey": key, "ConditionValue": value }));
    let mut body =
        json!({ "SelectionName": "s", "IamRoleArn": format!("arn:aws:iam::{account}:role/{}", tape.pick(&["Backup", "backup"])) });
    body["Resources"] = json!(tape.some_of(&patterns, 2));
    if tape.chance(25) {
        body["NotResources"] = json!(tape.some_of(&patterns, 1));
    }
    if tape.chance(35) {
        body["ListOfTags"] = json!(tape.some_of(&entries, 2));
    }
    // AWS refuses conditions that stand alone.
    let alone = body["Resources"].as_array().is_none_or(Vec::is_empty) && body["ListOfTags"].as_array().is_none_or(Vec::is_empty);
    if tape.chance(30) && !alone {
        let parameters = [("aws:ResourceTag/env", "dev"), ("env", "dev"), ("aws:ResourceTag/backup", "daily*")]
            .map(|(key, value)| json!({ "ConditionKey": key, "ConditionValue": value }));
        let operator = *tape.pick(&["StringEquals", "StringLike", "StringNotEquals", "StringNotLike"]);
        body["Conditions"] = json!({ operator: tape.some_of(&parameters, 2) });
    }
    body
}

fn resource(tape: &mut Tape, account: &str, region: &str, at: usize) -> Value {
    let shapes = [
        "dynamodb:R:A:table/orders",
        "ec2:R:A:volume/vol-",
        "rds:R:A:cluster:c",
        "s3:::bucket-A-R",
        "ecs:R:A:service/s",
        "dynamodb:R:A:table/Orders",
    ];
    let name = shapes[tape.below(shapes.len())].replace('R', region).replace('A', account);
    json!({ "ResourceARN": format!("arn:aws:{name}{}", if at == 0 { String::new() } else { at.to_string() }), "Tags": tags(tape) })
}
