//! `backstop audit` on a live account: what it says of a world it observed over the wire is what it says of that world as a file.
//! What becomes of it where calls go wrong is `mutation`'s to show.

mod server;

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;
use server::Server;

const WORLD: &str = "fixtures/tattoo_directory_prod.json";
const AS_OF: &str = "2026-11-22T09:00:00Z";

/// Exit code, and the verdict and messages for each rule and subject.
struct Audit {
    code: i32,
    verdicts: BTreeMap<(String, String), (String, BTreeSet<String>)>,
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
    Audit { code: output.status.code().expect("it was not killed"), verdicts }
}

fn live(server: &Server) -> Audit {
    let url = server.url();
    let environment =
        [("AWS_ENDPOINT_URL", url.as_str()), ("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test"), ("AWS_MAX_ATTEMPTS", "1")];
    audit(&["--region", "us-east-1", "--region", "us-west-2", "--inventory", "all"], &environment)
}

fn serve() -> Server {
    let world = std::fs::read_to_string(WORLD).expect("the world");
    Server::start(serde_json::from_str(&world).expect("JSON"), Vec::new(), 50)
}

#[test]
fn a_live_account_is_judged_as_the_snapshot_of_it_is() {
    let from_file = audit(&[WORLD], &[]);
    let from_aws = live(&serve());
    assert_eq!(from_aws.code, from_file.code);
    for (key, verdict) in &from_file.verdicts {
        assert_eq!(from_aws.verdicts.get(key), Some(verdict), "{key:?}");
    }
    // The file has lists of types that no call lists; a live look has a subject in place of each.
    let more: Vec<_> = from_aws.verdicts.keys().filter(|key| !from_file.verdicts.contains_key(*key) && !key.1.contains(":*#")).collect();
    assert!(more.is_empty(), "{more:?}");
}
