//! Both SARIF profiles: what outside validators do not look at, the limits that GitHub sets, and when an account is left out.

#[path = "sarif/sound.rs"]
mod sound;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use backstop::audit::{Environments, Gate, judge};
use backstop::facts::derive;
use backstop::policy::{Library, Severity};
use backstop::report::sarif_github::Rendered;
use backstop::report::{Report, SnapshotSummary, UNDECLARED, sarif, sarif_github};
use backstop::snapshot::{Collection, Snapshot, from_slice};
use serde_json::{Value, json};
use sound::*;

const HOME: &str = "111122223333";
const OTHER: &str = "444455556666";

/// What both profiles make of a snapshot.
struct Pressed {
    bytes: Vec<u8>,
    complete: Value,
    github: Rendered,
}

impl Pressed {
    fn of(snapshot: &Snapshot, library: &Library, category: &str) -> Self {
        Pressed::without(&[], snapshot, library, category)
    }

    /// With these rules switched off.
    fn without(disabled: &[&str], snapshot: &Snapshot, library: &Library, category: &str) -> Self {
        let as_of = "2026-11-22T05:00:00Z".parse().unwrap();
        let subjects = derive(snapshot, as_of);
        let environments = Environments::all_production(library);
        let mut audit = judge(&subjects, library, &environments, as_of).unwrap();
        audit.disabled = disabled.iter().map(|&id| id.to_owned()).collect();
        let conclusion = Gate { fail_on: Severity::Low, fail_on_unknown: Some(Severity::Low) }.conclude(&audit, None);
        let snapshot = SnapshotSummary::of(snapshot, "00ff".to_owned());
        let report = Report {
            audit: &audit,
            library,
            conclusion: &conclusion,
            snapshot,
            declarations: &UNDECLARED,
            comparison: None,
            irreversible: &[],
            notices: &[],
        };
        let bytes = sarif::render(&report).unwrap();
        let complete = serde_json::from_slice(&bytes).unwrap();
        Pressed { bytes, complete, github: sarif_github::render(&report, category).unwrap() }
    }

    fn of_units(units: &[Value]) -> Self {
        Pressed::of(&snapshot(units), &library(), "backstop/{account}")
    }

    fn github(&self) -> Value {
        serde_json::from_slice(self.github.bytes.as_ref().unwrap()).unwrap()
    }
}

fn snapshot(units: &[Value]) -> Snapshot {
    let document = json!({ "Schema": "backstop/snapshot/1", "Units": units });
    from_slice(document.to_string().as_bytes(), Path::new("world.json")).unwrap()
}

fn unit(account: &str, vaults: &[Value], points: &[Value]) -> Value {
    json!({
        "Account": account, "Region": "us-east-1", "Source": "aws", "StartedAt": "2026-11-22T05:00:00Z",
        "Complete": Collection::ALL, "BackupVaults": vaults, "RecoveryPoints": points,
    })
}

fn vault(name: &str) -> Value {
    json!({ "BackupVaultName": name, "VaultType": "BACKUP_VAULT", "Locked": false, "Tags": {} })
}

/// A vault that nothing is wrong with.
fn locked(name: &str) -> Value {
    json!({ "BackupVaultName": name, "VaultType": "BACKUP_VAULT", "Locked": true, "LockDate": "2026-01-01T00:00:00Z", "Tags": {} })
}

fn point(number: usize, status: &str) -> Value {
    let arn = format!("arn:aws:ec2:us-east-1::snapshot/snap-{number:06}");
    json!({ "RecoveryPointArn": arn, "BackupVaultName": "main", "ResourceType": "EBS", "Status": status })
}

/// A vault whose tags are unknown.
fn vault_without_tags(name: &str, cause: &str, detail: &str) -> Value {
    let mut vault = vault(name);
    vault["Tags"] = json!({ "$unknown": [{ "cause": cause, "detail": detail }] });
    vault
}

/// Rules of every severity, that fail, hold, do not apply, and depend on what may be unknown.
fn library() -> Library {
    let clauses: Vec<String> = (1..=30).map(|number| format!("CP-{number}")).collect();
    let lock = "input.lock.mode != \"immutable\"\n\tmessage := sprintf(\"Vault '%s' has no lock\", [input.name])";
    let both = "startswith(input.name, \"bad\")\n\tsome of in [\"first\", \"second\"]";
    let twice = format!("{both}\n\tmessage := sprintf(\"Vault '%s' is bad: %s.\", [input.name, of])");
    let files = [
        rule("vault_lock", "missing", "high", "vault", "[name, lock.mode]", lock),
        rule("vault_name", "twice", "critical", "vault", "[name]", &twice),
        rule("vault_tags", "missing", "medium", "vault", "[tags]", "input.tags.owner == \"nobody\"\n\tmessage := \"Nobody owns it.\""),
        rule("points", "status", "low", "recovery_point", "[status]", "input.status == \"EXPIRED\"\n\tmessage := \"It is expired.\""),
    ];
    let mut files: BTreeMap<String, String> = files.into_iter().flatten().collect();
    let many = files.get_mut("vault_lock/missing/missing.rego").unwrap();
    *many = many.replace("CP-9: supports", &format!("{}: supports", clauses.join(": supports, ")));
    let points = files.get_mut("points/status/status.rego").unwrap();
    points.push_str("\napplies if input.status != \"CREATING\"\n");
    Library::load(files).unwrap()
}

fn rule(family: &str, name: &str, severity: &str, subject: &str, reads: &str, body: &str) -> [(String, String); 2] {
    let folder = format!("{family}/{name}/{name}");
    let of = if body.contains("some of in") { ", \"for\": of" } else { "" };
    let metadata = [
        format!("title: The {name} of the {family}"),
        "description: Something is wrong.".to_owned(),
        "related_resources:".to_owned(),
        "  - ref: https://docs.aws.amazon.com/x.html".to_owned(),
        "custom:".to_owned(),
        format!("  severity: {severity}\n#   subject: {subject}\n#   reads: {reads}"),
        "  spec: [S1]".to_owned(),
        "  frameworks: {nist-800-53-r5: {CP-9: supports}}".to_owned(),
        "  remediation: Mend it.".to_owned(),
    ];
    let metadata: String = metadata.iter().map(|line| format!("# {line}\n")).collect();
    let violation = format!("{{\"message\": message, \"at\": \"name\"{of}}}");
    let rego = format!("# METADATA\n{metadata}package backstop.{family}.{name}\n\nviolations contains {violation} if {{\n\t{body}\n}}\n");
    [(format!("{folder}.rego"), rego), (format!("{folder}.md"), "## Why\n\nBecause.\n".to_owned())]
}

fn results(log: &Value) -> impl Iterator<Item = &Value> {
    log["runs"].as_array().into_iter().flatten().flat_map(|run| run["results"].as_array().unwrap())
}

fn count(log: &Value, kind: &str) -> usize {
    results(log).filter(|result| result["kind"] == kind).count()
}

fn notifications(run: &Value) -> &Vec<Value> {
    run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap()
}

#[test]
fn every_verdict_stands_in_the_complete_profile_and_only_failures_in_the_other() {
    let vaults = [vault("main"), vault("bad"), vault_without_tags("dim", "undetermined", "AWS does not say")];
    let pressed = Pressed::of_units(&[unit(HOME, &vaults, &[point(1, "COMPLETED"), point(2, "EXPIRED"), point(3, "CREATING")])]);
    assert_sound(&pressed.complete, 20);
    assert_sound(&pressed.github(), 10);
    assert_eq!(["fail", "open", "pass", "notApplicable"].map(|kind| count(&pressed.complete, kind)), [6, 1, 5, 1]);
    assert_eq!(results(&pressed.github()).count(), 6);
    assert_eq!(count(&pressed.github(), "fail"), 6);
    let levels: Vec<String> = results(&pressed.github()).map(|result| format!("{} {}", result["level"], result["ruleId"])).collect();
    assert_eq!(levels[0], "\"error\" \"vault-name/twice\"", "the worst come first: {levels:?}");
    assert_eq!(levels[5], "\"note\" \"points/status\"");
    let text = results(&pressed.github()).nth(2).unwrap()["message"]["text"].clone();
    assert_eq!(text, "Vault 'bad' has no lock.", "a full stop is added");
}

#[test]
fn the_complete_profile_tells_what_each_verdict_rests_on() {
    let pressed = Pressed::of_units(&[unit(HOME, &[vault("bad"), vault_without_tags("dim", "denied", "backup:ListTags was denied")], &[])]);
    let fail = results(&pressed.complete).find(|result| result["ruleId"] == "vault-lock/missing").unwrap();
    assert_eq!(fail["properties"]["account"], HOME);
    assert_eq!(fail["properties"]["environment"], "production");
    assert_eq!(fail["properties"]["evidence"], json!({ "lock": { "mode": "none" }, "name": "bad" }));
    let fingerprint = fail["fingerprints"]["backstop/v1"].as_str().unwrap();
    assert_eq!(fail["partialFingerprints"]["primaryLocationLineHash"], format!("{}:1", &fingerprint[..16]));
    let open = results(&pressed.complete).find(|result| result["kind"] == "open").unwrap();
    assert_eq!(open["properties"]["reasons"][0]["cause"], "denied");
    assert_eq!(open["message"]["text"], "Cannot be judged: backup:ListTags was denied.");
    let run = &pressed.complete["runs"][0];
    assert_eq!(run["automationDetails"]["id"], format!("backstop/{HOME}/2026-11-22"));
    assert_eq!(run["properties"]["snapshot"]["sha256"], "00ff");
    assert_eq!(run["properties"]["snapshot"]["verdicts"], json!({ "fail": 4, "unknown": 1, "pass": 2, "not_applicable": 0 }));
    assert_eq!(run["invocations"][0]["exitCode"], 1);
    let target = &run["tool"]["driver"]["rules"][1]["relationships"][1]["target"];
    let taxonomy = &run["taxonomies"][target["toolComponent"]["index"].as_u64().unwrap() as usize];
    assert_eq!(taxonomy["taxa"][target["index"].as_u64().unwrap() as usize]["id"], target["id"]);
}

#[test]
fn a_call_that_was_not_answered_is_told_in_the_run_of_its_account() {
    let mut home = unit(HOME, &[vault("main")], &[]);
    home["Calls"] = json!([
        { "Service": "kms", "Operation": "GetKeyPolicy", "Subject": "key\u{1b}[31m", "Outcome": "denied", "Error": "AccessDenied" },
        { "Service": "sts", "Operation": "GetCallerIdentity", "Outcome": "ok" },
    ]);
    let pressed = Pressed::of_units(&[home, unit(OTHER, &[], &[])]);
    assert_sound(&pressed.complete, 20);
    let told = notifications(&pressed.complete["runs"][0]);
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["descriptor"]["id"], "call-denied");
    let text = told[0]["message"]["text"].as_str().unwrap();
    assert_eq!(text, "kms:GetKeyPolicy on 'key\u{fffd}[31m' in 111122223333/us-east-1 was denied. AWS said: AccessDenied");
    assert!(notifications(&pressed.complete["runs"][1]).is_empty());
}

#[test]
fn a_blind_account_has_no_run_so_that_its_alerts_stay_open() {
    let blind = unit(OTHER, &[vault("bad"), vault_without_tags("dim", "denied", "backup:ListTags on 'dim' was\u{7} denied")], &[]);
    let pressed = Pressed::of_units(&[unit(HOME, &[vault("main")], &[]), blind.clone()]);
    assert_eq!(pressed.github()["runs"].as_array().unwrap().len(), 1);
    assert_eq!(pressed.github()["runs"][0]["automationDetails"]["id"], format!("backstop/{HOME}/2026-11-22"));
    assert_eq!(pressed.github.withheld.len(), 1);
    assert_eq!(pressed.github.withheld[0].account, OTHER);
    assert_eq!(pressed.github.withheld[0].reasons, ["1 verdict is unknown", "backup:ListTags on 'dim' was\u{fffd} denied"]);
    assert_eq!(Pressed::of_units(&[blind]).github.bytes, None, "there must be no file when every account is blind");
}

#[test]
fn what_aws_leaves_undetermined_does_not_withhold_an_account() {
    let pressed = Pressed::of_units(&[unit(HOME, &[vault_without_tags("dim", "undetermined", "AWS does not say")], &[])]);
    assert!(pressed.github.withheld.is_empty());
    assert_eq!(count(&pressed.github(), "open"), 0);
}

#[test]
fn an_account_without_failures_has_a_run_without_results() {
    let pressed = Pressed::of_units(&[unit(HOME, &[locked("main")], &[])]);
    assert_eq!(pressed.github()["runs"][0]["results"], json!([]));
    assert_eq!(
        pressed.github()["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap().len(),
        4,
        "rules do not vary with what was found"
    );
}

#[test]
fn an_account_in_which_nothing_was_judged_is_left_out() {
    let pressed = Pressed::of_units(&[unit(HOME, &[], &[]), unit(OTHER, &[locked("main")], &[])]);
    assert_eq!(pressed.github()["runs"].as_array().unwrap().len(), 1);
    assert_eq!(pressed.github.withheld[0].account, HOME);
}

#[test]
fn a_rule_that_is_switched_off_stays_among_the_rules_and_is_told() {
    let pressed = Pressed::without(&["points/status"], &snapshot(&[unit(HOME, &[], &[])]), &library(), "backstop/{account}");
    let told = &pressed.complete["runs"][0]["invocations"][0]["ruleConfigurationOverrides"];
    assert_eq!(told, &json!([{ "configuration": { "enabled": false }, "descriptor": { "id": "points/status", "index": 0 } }]));
}

#[test]
fn a_snapshot_of_nothing_makes_no_upload() {
    let pressed = Pressed::of_units(&[]);
    assert_eq!(pressed.complete["runs"], json!([]));
    assert_eq!(pressed.github.bytes, None);
}

#[test]
fn no_two_runs_share_a_category() {
    let id = |category: &str, accounts: &[&str]| {
        let units: Vec<Value> = accounts.iter().map(|account| unit(account, &[vault("main")], &[])).collect();
        let log = Pressed::of(&snapshot(&units), &library(), category).github();
        assert_sound(&log, 10);
        log["runs"][0]["automationDetails"]["id"].as_str().unwrap().to_owned()
    };
    assert_eq!(id("nightly/{account}", &[HOME, OTHER]), "nightly/111122223333/2026-11-22");
    assert_eq!(id("nightly", &[HOME, OTHER]), "nightly/111122223333/2026-11-22");
    assert_eq!(id("nightly/", &[HOME]), "nightly/2026-11-22");
}

#[test]
fn a_file_holds_twenty_accounts_and_names_the_others() {
    let units: Vec<Value> = (0..23).map(|number| unit(&format!("{number:012}"), &[vault("main")], &[])).collect();
    let pressed = Pressed::of_units(&units);
    assert_sound(&pressed.github(), 10);
    assert_eq!(pressed.github()["runs"].as_array().unwrap().len(), 20);
    let left_out: Vec<&str> = pressed.github.withheld.iter().map(|withheld| withheld.account.as_str()).collect();
    assert_eq!(left_out, ["000000000020", "000000000021", "000000000022"]);
    assert_eq!(pressed.complete["runs"].as_array().unwrap().len(), 23);
}

#[test]
fn more_failures_than_github_takes_are_cut_and_told() {
    let points: Vec<Value> = (0..25_010).map(|number| point(number, "EXPIRED")).collect();
    let pressed = Pressed::of_units(&[unit(HOME, &[vault("main"), vault("bad")], &points)]);
    let github = pressed.github();
    assert_eq!(results(&github).count(), 25_000);
    assert_eq!(results(&github).next().unwrap()["ruleId"], "vault-name/twice", "what is cut is the mildest");
    let text = notifications(&github["runs"][0])[0]["message"]["text"].as_str().unwrap();
    let told = "There are 25014 findings, of which code scanning shows the 5000 most severe. 14 of them are not in this file";
    assert!(text.starts_with(told), "{text}");
    assert_eq!(count(&pressed.complete, "fail"), 25_014, "a failure is never dropped from the complete profile");
}

#[test]
fn fine_subjects_beyond_five_thousand_are_counted_instead_of_listed() {
    let points: Vec<Value> = (0..5_012).map(|number| point(number, if number % 2 == 0 { "COMPLETED" } else { "CREATING" })).collect();
    let pressed = Pressed::of_units(&[unit(HOME, &[vault("main")], &points)]);
    assert_sound(&pressed.complete, 20);
    let listed = results(&pressed.complete).filter(|result| result["ruleId"] == "points/status").count();
    assert_eq!(listed, 5_000);
    let run = &pressed.complete["runs"][0];
    let told = &notifications(run)[0];
    assert_eq!(told["properties"], json!({ "not_applicable": 6, "pass": 6 }));
    assert_eq!(told["associatedRule"]["id"], "points/status");
    assert_eq!(run["properties"]["snapshot"]["verdicts"]["pass"], 2_506 + 1 + 1);
}

#[test]
fn names_that_steer_a_terminal_or_reorder_text_are_made_visible() {
    let name = "bad\u{1b}[31m\u{7}\u{9b}\u{202e}\n.. {0} [x](1)/../é";
    let pressed = Pressed::of_units(&[unit(HOME, &[vault(name), vault(".."), vault("arn:aws:x")], &[])]);
    assert!(pressed.bytes.iter().chain(pressed.github.bytes.iter().flatten()).all(|byte| *byte >= 0x20 || *byte == b'\n'));
    for log in [&pressed.complete, &pressed.github()] {
        assert_no_control_characters(log);
        let uris: BTreeSet<&str> =
            results(log).map(|result| result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap()).collect();
        assert!(uris.iter().all(|uri| uri.is_ascii() && uri.split('/').count() == 5 && !uri.contains([':', '{', ' '])), "{uris:?}");
        assert!(results(log).all(|result| !result["message"]["text"].as_str().unwrap().contains('\n')));
    }
}

#[test]
fn a_key_of_an_account_that_was_not_observed_makes_no_run_of_that_account() {
    let mut main = vault("main");
    main["EncryptionKeyArn"] = json!(format!("arn:aws:kms:us-east-1:{OTHER}:key/1"));
    let pressed = Pressed::of(&snapshot(&[unit(HOME, &[main], &[])]), &Library::shipped().unwrap(), "backstop/{account}");
    assert_eq!(pressed.complete["runs"].as_array().unwrap().len(), 1);
    assert!(results(&pressed.complete).any(|result| result["properties"]["account"] == OTHER));
}

#[test]
fn the_same_audit_gives_the_same_bytes() {
    let units = [unit(HOME, &[vault("main"), vault("bad")], &[point(1, "EXPIRED")]), unit(OTHER, &[vault("bad")], &[])];
    let [first, second] = [Pressed::of_units(&units), Pressed::of_units(&units)];
    assert_eq!(first.bytes, second.bytes);
    assert_eq!(first.github, second.github);
    let reversed: Vec<Value> = units.into_iter().rev().collect();
    assert_eq!(results(&Pressed::of_units(&reversed).complete).collect::<Vec<_>>(), results(&first.complete).collect::<Vec<_>>());
}

#[test]
fn every_fixture_comes_out_sound() {
    let library = Library::shipped().unwrap();
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let files = std::fs::read_dir(fixtures).unwrap().map(|entry| entry.unwrap().path());
    for file in files.filter(|file| file.extension().is_some_and(|extension| extension == "json")) {
        let snapshot = backstop::snapshot::read(&file, backstop::snapshot::Digest::Skip).unwrap().snapshot;
        let pressed = Pressed::of(&snapshot, &library, "backstop/{account}");
        assert_sound(&pressed.complete, 20);
        if pressed.github.bytes.is_some() {
            assert_sound(&pressed.github(), 10);
        }
    }
}
