//! The range that a fix gives a lock.

use std::fs;

use serde_json::{Value, json};

use super::{backstop, parsed};

#[test]
fn the_range_of_a_lock_is_filled_in_where_all_that_writes_into_the_vault_fits_it() {
    let fix = fix_of_a_missing_lock(None);
    assert_eq!(fix["open"], json!([]), "{fix:#}");
    assert!(fix["cli"][0]["text"].as_str().expect("code").contains("--min-retention-days 7 --max-retention-days "), "{fix:#}");
    // A lock cannot be taken back: where it would refuse what is written into the vault there is no range.
    for (days, told) in [(1, "the shortest retention in the vault is 1 days"), (9_999, "kept for up to 9999 days")] {
        let fix = fix_of_a_missing_lock(Some(days));
        let open = fix["open"].to_string();
        assert!(open.contains("LOCK_MIN_DAYS") && open.contains(told), "{fix:#}");
    }
}

/// For a vault of the clean world without its lock, whose points are kept for so many days.
fn fix_of_a_missing_lock(days: Option<i64>) -> Value {
    let snapshot = "fixtures/clean.json";
    let mut world: Value = serde_json::from_slice(&fs::read(snapshot).expect("the world")).expect("JSON");
    for unit in world["Units"].as_array_mut().expect("units") {
        for plan in unit["BackupPlans"].as_array_mut().into_iter().flatten() {
            for rule in plan["BackupPlan"]["Rules"].as_array_mut().into_iter().flatten().filter(|_| days.is_some()) {
                rule["Lifecycle"] = json!({ "DeleteAfterDays": days });
            }
        }
        for vault in unit["BackupVaults"].as_array_mut().into_iter().flatten() {
            vault["Locked"] = false.into();
            vault["LockDate"] = Value::Null;
            vault["MinRetentionDays"] = Value::Null;
            vault["MaxRetentionDays"] = Value::Null;
        }
    }
    let directory = tempfile::TempDir::new().expect("a folder");
    let path = directory.path().join("world.json");
    fs::write(&path, world.to_string()).expect("written");
    let path = path.to_str().expect("a plain path");
    let report = directory.path().join("report.json");
    let output = format!("json={}", report.display());
    backstop(&["audit", path, "--config", "fixtures/clean.toml", "--output", &output]);
    let report: Value = serde_json::from_slice(&fs::read(&report).expect("a report")).expect("JSON");
    let failing = report["findings"].as_array().expect("findings");
    let first = failing.iter().find(|finding| finding["rule"] == "vault-lock/missing" && finding["verdict"] == "fail").expect("one");
    let id = first["subject"]["id"].as_str().expect("an id");
    let told = backstop(&["explain", "vault-lock/missing", "--resource", id, path, "--config", "fixtures/clean.toml", "--format", "json"]);
    let told = parsed(&told);
    told["subjects"][0]["fix"].clone()
}
