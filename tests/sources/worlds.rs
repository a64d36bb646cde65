//! The worlds in which calls are refused: the fixtures, and what none of them shows.

use std::path::PathBuf;

use backstop::config::{self, InForce};
use backstop::policy::Library;
use serde_json::{Value, json};

pub struct World {
    pub document: Value,
    /// The fixture whose configuration is in force.
    configured_as: &'static str,
}

impl World {
    pub fn in_force(&self) -> InForce {
        let library = Library::shipped().expect("the shipped rules load");
        let path = PathBuf::from(format!("fixtures/{}.toml", self.configured_as));
        match std::fs::read_to_string(&path) {
            Ok(text) => config::apply(&text, &path, library).expect("the world's configuration is valid"),
            Err(_) => config::defaults(library),
        }
    }
}

pub fn all() -> Vec<World> {
    let fixtures = ["clean", "menagerie", "half_blind", "tattoo_directory_prod"];
    let fixtures = fixtures.into_iter().map(|name| World { document: fixture(name), configured_as: name });
    let variants = [one_region(), without_jobs(), undescribed_key(), particular(), inventories(), switched_off(), told_by_rules()];
    fixtures.chain(variants.map(|document| World { document, configured_as: "clean" })).collect()
}

fn fixture(name: &str) -> Value {
    let text = std::fs::read_to_string(format!("fixtures/{name}.json")).expect("the fixture can be read");
    serde_json::from_str(&text).expect("the fixture is JSON")
}

fn list<'a>(of: &'a mut Value, member: &str) -> &'a mut Vec<Value> {
    of[member].as_array_mut().expect("a list")
}

/// The clean world audited in one Region: the vaults that its plans copy to were looked up from there.
fn one_region() -> Value {
    let mut world = fixture("clean");
    let mut others = list(&mut world, "Units").split_off(1);
    let mut all_of = |member: &str| -> Vec<Value> { others.iter_mut().flat_map(|unit| list(unit, member).clone()).collect() };
    let (vaults, keys) = (all_of("BackupVaults"), all_of("Keys"));
    let unit = &mut world["Units"][0];
    unit["ReferencedVaults"] = json!(vaults);
    list(unit, "Keys").extend(keys);
    world
}

/// The same, where nothing but the destination itself could tell whether a copy arrived.
fn without_jobs() -> Value {
    let mut world = one_region();
    let unit = &mut world["Units"][0];
    unit["CopyJobs"] = json!([]);
    list(unit, "Complete").retain(|name| name != "CopyJobs");
    world
}

/// The key of the vault that plans write into could not be described, and the list does not tell whose it is.
fn undescribed_key() -> Value {
    let mut world = fixture("clean");
    let unit = &mut world["Units"][0];
    let vault = &mut list(unit, "BackupVaults")[0];
    vault.as_object_mut().expect("a vault").remove("EncryptionKeyType");
    let key = vault["EncryptionKeyArn"].clone();
    list(unit, "Keys").retain(|other| other["Arn"] != key && other["KeyMetadata"]["Arn"] != key);
    list(unit, "Calls").retain(|call| call["Subject"] != key);
    list(unit, "Calls").push(json!({ "Service": "kms", "Operation": "DescribeKey", "Subject": key, "Outcome": "denied" }));
    world
}

/// A vault locked in governance mode, a key whose policy names the role and not the account, and a database cluster, of which
/// only AWS Backup's own list tells what it is.
fn particular() -> Value {
    let mut world = fixture("clean");
    let unit = &mut world["Units"][0];
    list(unit, "BackupVaults")[0].as_object_mut().expect("a vault").remove("LockDate");
    let role = unit["Roles"][0]["Arn"].clone();
    // A topic that calls its key by an alias.
    list(unit, "Topics")[0]["KmsMasterKeyId"] = json!("alias/orders-prod-backup");
    let policy = json!({ "Statement": [{ "Effect": "Allow", "Principal": { "AWS": role }, "Action": "kms:*", "Resource": "*" }] });
    list(unit, "Keys").iter_mut().for_each(|key| key["Policy"] = policy.clone());
    let arn = "arn:aws:rds:us-east-1:111122223333:cluster:orders";
    let selection = &mut unit["BackupPlans"][0]["Selections"][0]["BackupSelection"];
    list(selection, "Resources").push(json!("arn:aws:rds:*:*:cluster:*"));
    let mut cluster = list(unit, "Resources")[0].clone();
    cluster["ResourceARN"] = json!(arn);
    list(unit, "Resources").push(cluster);
    list(unit, "ProtectedResources").push(json!({ "ResourceArn": arn, "ResourceType": "Aurora" }));
    world
}

/// Points of untagged resources of every type that can be listed whole: some list shows none of them.
fn inventories() -> Value {
    let mut world = fixture("clean");
    let unit = &mut world["Units"][0];
    let types = [
        ("RDS", "rds:us-east-1:111122223333:db:gone"),
        ("Aurora", "rds:us-east-1:111122223333:cluster:gone"),
        ("EC2", "ec2:us-east-1:111122223333:instance/i-gone"),
        ("EBS", "ec2:us-east-1:111122223333:volume/vol-gone"),
        ("EFS", "elasticfilesystem:us-east-1:111122223333:file-system/fs-gone"),
        ("S3", "s3:::gone"),
        ("FSx", "fsx:us-east-1:111122223333:file-system/fs-gone"),
    ];
    let inventory = types.map(|(name, _)| json!({ "ResourceType": name, "Complete": true, "Resources": [] }));
    unit["Inventory"] = json!(inventory);
    list(unit, "Complete").push(json!("Inventory"));
    let made_by_hand = list(unit, "RecoveryPoints")[0].clone();
    for (name, arn) in types {
        let mut point = made_by_hand.clone();
        point.as_object_mut().expect("a point").remove("CreatedBy");
        point["RecoveryPointArn"] = json!(format!("arn:aws:backup:us-east-1:111122223333:recovery-point:{name}"));
        point["ResourceArn"] = json!(format!("arn:aws:{arn}"));
        point["ResourceType"] = json!(name);
        list(unit, "RecoveryPoints").push(point);
    }
    world
}

/// Every type is switched off, and a selection takes whatever is switched on: nothing, and so not the table that has no tags.
fn switched_off() -> Value {
    let mut world = fixture("clean");
    let unit = &mut world["Units"][0];
    let settings = unit["RegionSettings"]["ResourceTypeOptInPreference"].as_object_mut().expect("settings");
    settings.values_mut().for_each(|on| *on = json!(false));
    list(unit, "Tables").push(json!({ "TableArn": "arn:aws:dynamodb:us-east-1:111122223333:table/loose" }));
    let selections = list(&mut unit["BackupPlans"][0], "Selections");
    let mut everything = selections[0].clone();
    everything["SelectionId"] = json!("everything");
    everything["BackupSelection"] =
        json!({ "SelectionName": "everything", "IamRoleArn": selections[0]["BackupSelection"]["IamRoleArn"], "Resources": ["*"] });
    selections.push(everything);
    world
}
/// Vaults without notifications, of whose jobs a rule of EventBridge hands on those that failed or expired; alarms that name no vault
/// are all that tells of the others.
fn told_by_rules() -> Value {
    let mut world = fixture("clean");
    for unit in list(&mut world, "Units") {
        for vault in list(unit, "BackupVaults") {
            vault["Notifications"] = Value::Null;
        }
        for alarm in list(unit, "Alarms") {
            alarm["Dimensions"] = json!([]);
        }
        unit["Metrics"] = json!([{ "Namespace": "AWS/Backup", "MetricName": "NumberOfBackupJobsCompleted", "Dimensions": [] }]);
        let target = json!([{ "Id": "pager", "Arn": "arn:aws:lambda:us-east-1:111122223333:function:pager" }]);
        let pattern = json!({ "source": ["aws.backup"], "detail": { "state": ["FAILED", "EXPIRED"] } });
        unit["EventRules"] = json!([{ "Name": "failing", "State": "ENABLED", "EventPattern": pattern.to_string(), "Targets": target }]);
    }
    world
}
