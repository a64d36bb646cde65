//! `backstop audit` on a live account: what it says of a world it observed over the wire is what it says of that world as a file,
//! and what it is refused never turns into a pass.

mod server;

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;
use server::Server;
use server::faults::{Fault, Kind};

const WORLD: &str = "fixtures/tattoo_directory_prod.json";
const AS_OF: &str = "2026-11-22T09:00:00Z";

/// Exit code, and the verdict and messages for each rule and subject.
struct Audit {
    code: i32,
    verdicts: BTreeMap<(String, String), (String, BTreeSet<String>)>,
    operations: BTreeSet<String>,
}

fn audit(arguments: &[&str], environment: &[(&str, &str)]) -> Audit {
    let mut command = Command::new(env!("CARGO_BIN_EXE_backstop"));
    command.env_clear().env("HOME", "/nonexistent").env("AWS_EC2_METADATA_DISABLED", "true").envs(environment.iter().copied());
    let output = command.arg("audit").args(arguments).args(["--as-of", AS_OF, "--output", "json=-"]).output().expect("it runs");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!stderr.contains("panicked"), "{stderr}");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {stderr}"));
    let mut verdicts: BTreeMap<(String, String), (String, BTreeSet<String>)> = BTreeMap::new();
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    for finding in report["findings"].as_array().expect("findings") {
        let key = (text(&finding["rule"]), text(&finding["subject"]["id"]));
        let entry = verdicts.entry(key).or_insert_with(|| (text(&finding["verdict"]), BTreeSet::new()));
        if entry.0 != "unknown" {
            entry.1.insert(text(&finding["message"]));
        }
    }
    let units = report["snapshot"]["units"].as_array().expect("units");
    let not_ok = units.iter().flat_map(|unit| unit["calls_not_ok"].as_array().expect("calls"));
    let operations = not_ok.map(|call| text(&call["Operation"])).collect();
    Audit { code: output.status.code().expect("it was not killed"), verdicts, operations }
}

fn live(server: &Server) -> Audit {
    let url = server.url();
    let environment =
        [("AWS_ENDPOINT_URL", url.as_str()), ("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test"), ("AWS_MAX_ATTEMPTS", "1")];
    audit(&["--region", "us-east-1", "--region", "us-west-2"], &environment)
}

fn serve(faults: Vec<Fault>) -> Server {
    let world = std::fs::read_to_string(WORLD).expect("the world");
    Server::start(serde_json::from_str(&world).expect("JSON"), faults, 50)
}

#[test]
fn a_live_account_is_judged_as_the_snapshot_of_it_is() {
    let from_file = audit(&[WORLD], &[]);
    let from_aws = live(&serve(Vec::new()));
    assert_eq!(from_aws.code, from_file.code);
    for (key, verdict) in &from_file.verdicts {
        assert_eq!(from_aws.verdicts.get(key), Some(verdict), "{key:?}");
    }
    assert_eq!(from_aws.verdicts.len(), from_file.verdicts.len());
}

#[test]
fn whatever_call_is_refused_or_cut_short_nothing_turns_into_a_pass() {
    let healthy = serve(Vec::new());
    let full_sight = live(&healthy);
    let operations: BTreeSet<String> = healthy.seen().into_iter().map(|seen| seen.operation).collect();
    assert!(operations.len() > 15, "{operations:?}");
    let mut faults = Vec::new();
    for operation in operations.iter().filter(|operation| *operation != "GetCallerIdentity") {
        let fault = |kind: Kind| Fault::new(operation, kind);
        // Refused from the first request or from the second on, cut short, or answered as by an emulator that does not know it.
        let kinds = [fault(Kind::Denied), fault(Kind::Denied).after(1), fault(Kind::TruncatedBody), fault(Kind::Empty)];
        for fault in kinds {
            let kind = (fault.kind, fault.after);
            let seen = live(&serve(vec![fault]));
            if kind == (Kind::Denied, 0) {
                assert!(seen.operations.contains(operation), "{operation}: the ledger does not tell");
            }
            assert_ne!(seen.code, 0, "{operation} {kind:?}: a run that failed with full sight passed");
            for (key, (verdict, _)) in &seen.verdicts {
                let before = full_sight.verdicts.get(key).map(|(before, _)| before);
                if before != Some(verdict) && (verdict == "pass" || verdict == "fail") {
                    faults.push(format!("{operation} {kind:?}: {key:?} was {before:?} and is {verdict}"));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
