//! Several accounts, by a role in each.

use serde_json::{Value, json};

use crate::run::*;
use crate::server::Server;
use crate::server::faults::Fault;
use crate::server::faults::Kind::*;

const FIRST: &str = "111122223333";
const SECOND: &str = "222233334444";
const THIRD: &str = "333344445555";

/// The world with two more accounts, each with a unit in the first Region; the organization knows all three.
fn three_accounts() -> Value {
    let mut world = world();
    for account in [SECOND, THIRD] {
        let unit = json!({
            "Account": account, "Region": HOME, "Partition": "aws", "Source": "aws", "Complete": [],
            "BackupVaults": [{
                "BackupVaultName": format!("of-{account}"), "BackupVaultArn": format!("arn:aws:backup:{HOME}:{account}:backup-vault:of-{account}"),
                "NumberOfRecoveryPoints": 0, "AccessPolicy": null, "Notifications": null, "Tags": {},
            }],
        });
        world["Units"].as_array_mut().unwrap().push(unit);
    }
    let account = |id: &str, state: &str| json!({"Id": id, "Name": id, "Status": state, "State": state});
    world["Units"][0]["Organization"]["Accounts"] =
        json!([account(FIRST, "ACTIVE"), account(SECOND, "ACTIVE"), account(THIRD, "ACTIVE"), account("999999999999", "SUSPENDED")]);
    world
}

fn accounts(document: &Value) -> Vec<&str> {
    document["Units"].as_array().unwrap().iter().map(|unit| unit["Account"].as_str().unwrap()).collect()
}

#[test]
fn a_role_is_assumed_in_each_account_and_each_stands_for_itself() {
    let server = Server::start(three_accounts(), vec![], PAGE);
    let document = run(&server, &["--account", SECOND, "--account", FIRST, "--account", SECOND, "--role", "Audit"]).document();
    assert_eq!(accounts(&document), [FIRST, SECOND]);
    let second = &document["Units"][1];
    assert_eq!(vault(second, &format!("of-{SECOND}"))["NumberOfRecoveryPoints"], 0);
    assert!(second["Caller"]["Arn"].as_str().unwrap().contains(":assumed-role/Audit/"), "{}", second["Caller"]);
    assert_eq!(call(second, "AssumeRole", &format!("arn:aws:iam::{SECOND}:role/Audit"))["Outcome"], "ok");
    assert_eq!(server.requests("AssumeRole"), 1, "credentials are asked for once, and none for the caller's own account");
    assert!(calls(&document["Units"][0], "AssumeRole").is_empty());
}

#[test]
fn the_organization_names_its_active_accounts() {
    let server = Server::start(three_accounts(), vec![], PAGE);
    let run = run(&server, &["--organization", "--role", "Audit"]);
    assert_eq!(accounts(&run.document()), [FIRST, SECOND, THIRD]);
    assert!(run.stderr.contains("3 accounts"), "{}", run.stderr);

    let refused = crate::run::run(
        &Server::start(three_accounts(), vec![Fault::new("ListAccounts", Denied)], PAGE),
        &["--organization", "--role", "Audit"],
    );
    assert_eq!(refused.code, 5, "{}", refused.stderr);
    assert!(refused.stderr.contains("organizations:ListAccounts"), "{}", refused.stderr);
}

#[test]
fn an_account_that_lets_nobody_in_shows_and_stops_no_other() {
    let role = format!("arn:aws:iam::{SECOND}:role/Audit");
    for kind in [Denied, Error500, Throttled] {
        let server = Server::start(three_accounts(), vec![Fault::new("AssumeRole", kind).about(&role)], PAGE);
        let run = run(&server, &["--account", FIRST, "--account", SECOND, "--account", THIRD, "--role", "Audit"]);
        let document = run.document();
        assert_eq!(accounts(&document), [FIRST, SECOND, THIRD], "{kind:?}");
        let shut = &document["Units"][1];
        assert_ne!(call(shut, "AssumeRole", &role)["Outcome"], "ok");
        assert_eq!(shut["Complete"], json!([]));
        assert!(is_complete(&document["Units"][2], "BackupVaults"));
        assert!(run.stderr.contains(&role), "{}", run.stderr);
    }
}

#[test]
fn an_external_id_is_handed_over_and_the_lack_of_one_shows() {
    let mut world = three_accounts();
    world["ExternalId"] = "tuesday".into();
    let arguments = ["--account", SECOND, "--role", "Audit"];
    let server = Server::start(world.clone(), vec![], PAGE);
    let with = run(&server, &[&arguments[..], &["--external-id", "tuesday"]].concat());
    assert!(is_complete(&with.document()["Units"][0], "BackupVaults"));
    // Nothing else was asked for, so nothing was answered.
    let without = run(&server, &arguments);
    assert_eq!(without.code, 5, "{}", without.stderr);
    assert!(without.stderr.contains("AccessDenied"), "{}", without.stderr);
}

#[test]
fn all_regions_are_those_of_each_account() {
    let mut world = three_accounts();
    world["Units"].as_array_mut().unwrap().push(json!({
        "Account": SECOND, "Region": "sa-east-1", "Partition": "aws", "Source": "aws", "Complete": [], "BackupVaults": [],
    }));
    let server = Server::start(world.clone(), vec![], PAGE);
    let arguments = ["--account", FIRST, "--account", SECOND, "--role", "Audit", "--all-regions"];
    let document = run(&server, &arguments).document();
    let places: Vec<_> = document["Units"]
        .as_array()
        .unwrap()
        .iter()
        .map(|unit| (unit["Account"].as_str().unwrap(), unit["Region"].as_str().unwrap()))
        .collect();
    assert_eq!(places, [(FIRST, HOME), (FIRST, OTHER), (SECOND, HOME), (SECOND, "sa-east-1")]);

    // Where an account does not tell, those of the first are looked into, and it shows.
    let mute = Server::start(world, vec![Fault::new("ListRegions", Denied).in_account(SECOND)], PAGE);
    let document = run(&mute, &arguments).document();
    let second: Vec<_> = document["Units"].as_array().unwrap().iter().filter(|unit| unit["Account"] == SECOND).collect();
    let regions: Vec<&str> = second.iter().map(|unit| unit["Region"].as_str().unwrap()).collect();
    assert_eq!(regions, [HOME, OTHER, "other-regions"], "a unit stands for those that nobody told");
    assert_eq!((&second[2]["Complete"], &second[2]["RecoveryPoints"]), (&json!([]), &json!([])));
    assert!(calls(second[0], "ListRegions").iter().any(|call| call["Outcome"] == "denied"));
}

#[test]
fn what_does_not_go_together_is_a_fault_of_usage() {
    let server = Server::start(three_accounts(), vec![], PAGE);
    for arguments in [
        &["--account", SECOND][..],
        &["--organization"],
        &["--external-id", "x"],
        &["--account", "12", "--role", "Audit"],
        &["--max-rate", "0"],
        &["--inventory", "tapes"],
    ] {
        assert_eq!(run(&server, arguments).code, 2, "{arguments:?}");
    }
    assert_eq!(server.seen(), []);
}
