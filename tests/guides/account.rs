//! The account that answers: the demonstration system, in an organization of two accounts.

use chrono::{DateTime, SecondsFormat, TimeDelta};
use serde_json::{Value, json};

use super::desk::world;
use super::server::Server;
use super::server::faults::Fault;

const HOME: &str = "111122223333";
const OTHER: &str = "222233334444";

/// A snapshot of it.
pub fn snapshot() -> String {
    world().to_string()
}

/// A snapshot of it a day before, when it was as it is now.
pub fn day_before() -> String {
    let mut world = world();
    let made = |world: &Value| -> Vec<Value> {
        let units = world["Units"].as_array().expect("units").iter();
        units.flat_map(|unit| unit["BackupVaults"].as_array().expect("vaults").iter().map(|vault| vault["CreationDate"].clone())).collect()
    };
    let mut times = made(&world).into_iter();
    shift(&mut world);
    // What was made weeks ago was made then.
    for unit in world["Units"].as_array_mut().expect("units") {
        for vault in unit["BackupVaults"].as_array_mut().expect("vaults") {
            vault["CreationDate"] = times.next().expect("a time");
        }
    }
    world.to_string()
}

fn shift(value: &mut Value) {
    match value {
        Value::Object(members) => members.values_mut().for_each(shift),
        Value::Array(items) => items.iter_mut().for_each(shift),
        Value::String(text) => {
            if let Ok(time) = DateTime::parse_from_rfc3339(text) {
                *text = (time.to_utc() - TimeDelta::days(1)).to_rfc3339_opts(SecondsFormat::AutoSi, true);
            }
        }
        _ => {}
    }
}

/// It answers all that is asked, but for what is to go wrong.
pub fn serve(faults: Vec<Fault>) -> Server {
    let mut world = world();
    let root = "999988887777";
    let account = |id: &str| json!({"Id": id, "Arn": format!("arn:aws:organizations::{root}:account/o-exampleorgid/{id}"), "Name": id, "Status": "ACTIVE", "State": "ACTIVE"});
    let organization = json!({
        "Organization": {
            "Id": "o-exampleorgid", "Arn": format!("arn:aws:organizations::{root}:organization/o-exampleorgid"),
            "FeatureSet": "ALL", "MasterAccountId": root,
            "MasterAccountArn": format!("arn:aws:organizations::{root}:account/o-exampleorgid/{root}"),
        },
        "EffectiveBackupPolicy": null,
        "Accounts": [account(HOME), account(OTHER)],
    });
    let units = world["Units"].as_array_mut().expect("units");
    for unit in units.clone() {
        units.push(serde_json::from_str(&unit.to_string().replace(HOME, OTHER)).expect("JSON"));
    }
    for unit in units {
        unit["Organization"] = organization.clone();
        unit["ScanJobs"] = json!([]);
        unit["TieringConfigurations"] = json!([]);
        unit["Keys"].as_array_mut().expect("keys").iter_mut().for_each(|key| key["Grants"] = json!([]));
    }
    Server::start(world, faults, 100)
}
