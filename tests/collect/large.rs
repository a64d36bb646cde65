//! A vault with many recovery points: listed in windows of time, none lost and none twice.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::run::*;
use crate::server::faults::Fault;
use crate::server::faults::Kind::*;
use crate::server::{Options, Server};

/// A world with one vault and so many points; AWS's bounds of creation dates are exclusive or inclusive.
fn world_of(points: Value, bounds: &str) -> Value {
    let mut world = world();
    let mut vault = world["Units"][0]["BackupVaults"][2].clone();
    vault["BackupVaultName"] = "large".into();
    vault["BackupVaultArn"] = format!("arn:aws:backup:{HOME}:111122223333:backup-vault:large").into();
    vault["NumberOfRecoveryPoints"] = points["Count"].clone();
    vault["$Points"] = points;
    world["Units"][0]["BackupVaults"] = json!([vault]);
    world["Units"][0]["RecoveryPoints"] = json!([]);
    world["CreatedBounds"] = bounds.into();
    world
}

fn points(count: u64, shape: &str) -> Value {
    json!({"Count": count, "From": "2019-02-01T00:00:00Z", "To": "2026-06-30T00:00:00Z", "Resources": 50, "Shape": shape})
}

fn serve_with(world: Value, faults: Vec<Fault>) -> Server {
    Server::with(world, faults, Options { page_size: 1000, ..Options::default() })
}

/// How many points came back, and how many of them differ.
fn counted(unit: &Value) -> (usize, usize) {
    let points = unit["RecoveryPoints"].as_array().unwrap();
    let arns: BTreeSet<&str> = points.iter().map(|point| point["RecoveryPointArn"].as_str().unwrap()).collect();
    (points.len(), arns.len())
}

#[test]
fn every_point_comes_back_once_whatever_aws_means_by_a_bound() {
    for bounds in ["exclusive", "inclusive"] {
        for shape in ["even", "burst"] {
            let server = serve_with(world_of(points(12_345, shape), bounds), vec![]);
            let unit = run(&server, &[]).unit();
            assert_eq!(counted(&unit), (12_345, 12_345), "{bounds} {shape}");
            let listing = call(&unit, "ListRecoveryPointsByBackupVault", "large");
            assert_eq!((&listing["Outcome"], &listing["Items"]), (&"ok".into(), &12_345.into()));
            assert!(is_complete(&unit, "RecoveryPoints"));
            let windows = server.seen().iter().filter(|seen| seen.target.contains("reated")).count();
            assert!(windows > 10, "it is listed in windows");
            let requests = server.requests("ListRecoveryPointsByBackupVault");
            assert!(requests < 120, "{requests} for 13 pages' worth");
        }
    }
}

#[test]
fn a_window_that_fails_cuts_the_listing_short_and_the_others_are_kept() {
    for kind in [Denied, Error500, Cut, RepeatedToken] {
        let fault = Fault::new("ListRecoveryPointsByBackupVault", kind).after(8);
        let unit = run(&serve_with(world_of(points(12_345, "even"), "exclusive"), vec![fault]), &[]).unit();
        let listing = call(&unit, "ListRecoveryPointsByBackupVault", "large");
        if kind == RepeatedToken && listing["Outcome"] == "ok" {
            continue; // Only pages that would have had another are concerned.
        }
        assert_eq!(listing["Outcome"], "truncated", "{kind:?}");
        assert!(!is_complete(&unit, "RecoveryPoints"));
        let (listed, different) = counted(&unit);
        assert!(listed == different && listed > 0 && listed < 12_345, "{kind:?}: {listed}");
    }
}

#[test]
fn a_vault_that_says_it_holds_more_than_was_listed_is_not_complete() {
    let mut world = world();
    world["Units"][0]["BackupVaults"][2]["NumberOfRecoveryPoints"] = 9.into();
    let unit = run(&Server::start(world, vec![], PAGE), &[]).unit();
    let listing = call(&unit, "ListRecoveryPointsByBackupVault", "main");
    assert_eq!(listing["Outcome"], "truncated");
    assert!(listing["Error"].as_str().unwrap().contains("9 recovery points, and 6 were listed"), "{listing}");
    assert!(!is_complete(&unit, "RecoveryPoints"));
}

#[test]
fn a_count_that_cannot_be_asked_for_again_stands() {
    let mut world = world();
    world["Units"][0]["BackupVaults"][2]["NumberOfRecoveryPoints"] = 9.into();
    let fault = Fault::new("DescribeBackupVault", Denied).about("main").after(1);
    let unit = run(&Server::start(world, vec![fault], PAGE), &[]).unit();
    assert_eq!(call(&unit, "ListRecoveryPointsByBackupVault", "main")["Outcome"], "truncated");
    assert!(!is_complete(&unit, "RecoveryPoints"));
}

#[test]
fn points_whose_line_in_the_journal_was_damaged_are_listed_again() {
    // Within an hour, so that one window is read page after page.
    let near = json!({"Count": 9000, "From": "2026-06-29T00:00:00Z", "To": "2026-06-29T00:30:00Z", "Resources": 50, "Shape": "even"});
    let world = world_of(near, "exclusive");
    let healthy = serve_with(world.clone(), vec![]);
    run(&healthy, &[]);
    let requests = healthy.requests("ListRecoveryPointsByBackupVault");
    let cut = serve_with(world.clone(), vec![Fault::new("ListRecoveryPointsByBackupVault", ExpiredToken).after(requests - 1)]);
    let ended = run(&cut, &[]);
    assert_eq!(ended.code, 5, "{}", ended.stderr);
    let path = ended.directory.path().join("snapshot.json.partial");
    let text = std::fs::read_to_string(&path).unwrap();
    let mut pages = 0;
    let damaged = text.lines().map(|line| {
        let is_page = line.starts_with("{\"points\"");
        pages += usize::from(is_page);
        if is_page && pages % 3 == 0 { line.replace("\"RecoveryPointArn\"", "\"RecoveryPointArm\"") } else { line.to_owned() }
    });
    let damaged: Vec<String> = damaged.collect();
    assert!(pages >= 3, "{pages} pages");
    std::fs::write(&path, damaged.join("\n") + "\n").unwrap();
    let environment = [&CREDENTIALS[..], &[("AWS_REGION", HOME)]].concat();
    let unit = run_at(&serve_with(world, vec![]), &["--resume"], &environment, ended.directory).unit();
    assert_eq!(counted(&unit), (9000, 9000));
}

#[test]
fn windows_that_were_listed_are_not_listed_again() {
    let world = world_of(points(20_000, "even"), "exclusive");
    let cut = serve_with(world.clone(), vec![Fault::new("ListRecoveryPointsByBackupVault", ExpiredToken).after(40)]);
    let ended = run(&cut, &[]);
    assert_eq!(ended.code, 5, "{}", ended.stderr);
    let again = serve_with(world, vec![]);
    let environment = [&CREDENTIALS[..], &[("AWS_REGION", HOME)]].concat();
    let unit = run_at(&again, &["--resume"], &environment, ended.directory).unit();
    assert_eq!(counted(&unit), (20_000, 20_000));
    assert_eq!(call(&unit, "ListRecoveryPointsByBackupVault", "large")["Resumed"], true);
    let (first, second) = (cut.requests("ListRecoveryPointsByBackupVault"), again.requests("ListRecoveryPointsByBackupVault"));
    // 33 windows, of which some hold more than a page.
    let whole = {
        let server = serve_with(world_of(points(20_000, "even"), "exclusive"), vec![]);
        run(&server, &[]);
        server.requests("ListRecoveryPointsByBackupVault")
    };
    assert!(second + 10 < whole && first >= 40, "{first}, then {second} of {whole}");
}

#[test]
fn two_runs_write_a_large_vault_alike() {
    let server = serve_with(world_of(points(8_000, "burst"), "inclusive"), vec![]);
    let points = || run(&server, &[]).unit()["RecoveryPoints"].to_string();
    // Windows begin and end with the moment of the run, so the order may differ; what is there may not.
    let sorted = |text: String| {
        let mut list: Vec<Value> = serde_json::from_str(&text).unwrap();
        list.sort_by(|one, other| one["RecoveryPointArn"].as_str().cmp(&other["RecoveryPointArn"].as_str()));
        list
    };
    assert_eq!(sorted(points()), sorted(points()));
}
