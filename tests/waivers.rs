//! Waivers as a person meets them: what they keep from counting, what they cannot hide, how they end, and how their file is kept.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

const WORLD: &str = "fixtures/tattoo_directory_prod.json";
const REPLICA: &str = "arn:aws:backup:us-west-2:111122223333:backup-vault:tattoo-directory-prod-replica";
const PRIMARY: &str = "arn:aws:backup:us-east-1:111122223333:backup-vault:tattoo-directory-prod";

/// A directory with the demonstration's snapshot and a waivers file.
fn directory(waivers: &str) -> TempDir {
    let directory = TempDir::new().expect("a directory");
    std::fs::copy(WORLD, directory.path().join("snapshot.json")).expect("copied");
    // The search for files ends at the root of a repository.
    std::fs::create_dir(directory.path().join(".git")).expect("made");
    std::fs::write(directory.path().join("waivers.toml"), waivers).expect("written");
    directory
}

fn command(directory: &Path, program: &str) -> Command {
    let mut command = Command::new(program);
    command.current_dir(directory).env_clear().env("HOME", "/nonexistent");
    command
}

fn backstop(directory: &TempDir, arguments: &[&str]) -> Output {
    command(directory.path(), env!("CARGO_BIN_EXE_backstop")).args(arguments).output().expect("it runs")
}

/// With the words of its command line.
fn run(directory: &TempDir, arguments: &str) -> (i32, String, String) {
    let output = backstop(directory, &arguments.split(' ').collect::<Vec<_>>());
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("it is text");
    (output.status.code().expect("it was not killed"), text(&output.stdout), text(&output.stderr))
}

fn read(directory: &TempDir, name: &str) -> String {
    std::fs::read_to_string(directory.path().join(name)).expect("it is there")
}

fn json(directory: &TempDir, name: &str) -> Value {
    serde_json::from_str(&read(directory, name)).expect("JSON")
}

fn waiver(rule: &str, resource: &str, expires: &str) -> String {
    format!("[[waiver]]\nrule = \"{rule}\"\nresource = \"{resource}\"\nreason = \"because\"\nexpires = {expires}\n\n")
}

/// The failures of a report, with whether each is waived.
fn failures(report: &Value) -> Vec<(String, String, bool)> {
    let findings = report["findings"].as_array().expect("findings").iter().filter(|finding| finding["verdict"] == "fail");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    findings.map(|it| (text(&it["rule"]), text(&it["subject"]["id"]), it["waiver"].is_object())).collect()
}

#[test]
fn what_is_waived_does_not_fail_the_run_and_stays_a_failure() {
    let here = directory("");
    let (code, _, _) = run(&here, "audit snapshot.json --output json=before.json");
    assert_eq!(code, 1);
    let before = failures(&json(&here, "before.json"));
    let mut rules: Vec<&String> = before.iter().map(|(rule, ..)| rule).collect();
    rules.dedup();
    let all: String = rules.iter().map(|rule| waiver(rule, "arn:aws:*", "2027-03-01")).collect();
    std::fs::write(here.path().join("waivers.toml"), &all).expect("written");
    let (code, table, _) = run(&here, "audit snapshot.json --fail-on-unknown=never --output json=after.json --output markdown=after.md");
    assert_eq!(code, 0, "{table}");
    let count = before.len();
    assert!(table.contains(&format!("{count} findings are waived.")) && table.contains(&format!("WAIVED: {count} findings")), "{table}");
    assert!(!table.contains("CRITICAL:") && !table.contains("UNUSED"), "{table}");
    assert!(read(&here, "after.md").contains(&format!("### Waived: {count}\n")));
    let after = json(&here, "after.json");
    assert_eq!(failures(&after), before.into_iter().map(|(rule, id, _)| (rule, id, true)).collect::<Vec<_>>());
    for rule in after["rules"].as_array().expect("rules") {
        assert_eq!(rule["waived"].as_u64().unwrap_or(0), rule["verdicts"]["fail"].as_u64().expect("a count"), "{rule}");
    }
    let file = std::fs::File::create(here.path().join("waivers.toml")).expect("emptied");
    drop(file);
    assert_eq!(run(&here, "audit snapshot.json --fail-on-unknown=never").0, 1);
}

#[test]
fn a_waiver_is_about_its_rule_its_resource_its_account_and_its_region_only() {
    let cases = [
        ("vault-access/manual-deletion-allowed", PRIMARY, "", 1),
        ("vault-access/manual-deletion-allowed", "*:backup-vault:tattoo-directory-prod", "", 1),
        ("vault-access/manual-deletion-allowed", "*:backup-vault:tattoo-directory-prod*", "", 2),
        ("vault-access/manual-deletion-allowed", "*:tattoo-directory-pro?", "", 1),
        ("vault-access/manual-deletion-allowed", "tattoo-directory-prod", "", 0),
        ("vault-access/manual-deletion-allowed", "*", "region = 'us-west-2'", 1),
        ("vault-access/manual-deletion-allowed", "*", "account = '111122223333'", 2),
        ("vault-access/manual-deletion-allowed", "*", "account = '999999999999'", 0),
        ("vault-lock/becoming-immutable-invalid", PRIMARY, "", 3),
    ];
    let stanza =
        |(rule, resource, more, _): &(&str, &str, &str, usize)| format!("{}\n{more}\n\n", waiver(rule, resource, "2027-03-01").trim_end());
    let here = directory(&cases.iter().map(stanza).collect::<String>());
    run(&here, "audit snapshot.json --output json=audit.json");
    let report = json(&here, "audit.json");
    for ((rule, resource, more, count), told) in cases.iter().zip(report["waivers"].as_array().expect("waivers")) {
        let effect = match (count, *more) {
            (1.., _) => "used",
            (0, "account = '999999999999'") => "not_audited",
            _ => "unused",
        };
        assert_eq!((&told["findings"], &told["effect"]), (&(*count).into(), &effect.into()), "{rule} {resource} {more}");
    }
    // The two vaults, and the three ways in which one lock is wrong, each once.
    assert_eq!(failures(&report).into_iter().filter(|(.., waived)| *waived).count(), 5);
}

#[test]
fn it_waives_through_its_last_day_and_is_announced_first_when_that_has_passed() {
    let here = directory(&waiver("vault-lock/missing", REPLICA, "2026-12-10"));
    let status = |as_of: &str| {
        let (_, table, _) = run(&here, &format!("audit snapshot.json --as-of {as_of} --output json=audit.json"));
        let report = json(&here, "audit.json");
        let is_waived = failures(&report).into_iter().any(|(.., waived)| waived);
        (report["waivers"][0]["status"].as_str().expect("a status").to_owned(), is_waived, table)
    };
    for (as_of, wanted, is_waived) in [
        ("2026-11-25T23:59:59Z", "active", true),
        ("2026-11-26T00:00:00Z", "lapsing", true),
        ("2026-12-10T23:59:59Z", "lapsing", true),
        ("2026-12-11T00:00:00Z", "lapsed", false),
    ] {
        let (status, waived, table) = status(as_of);
        assert_eq!((status.as_str(), waived), (wanted, is_waived), "{as_of}");
        let notice = table.contains("Note: waivers.toml:1: the waiver of vault-lock/missing");
        assert_eq!(notice, wanted == "lapsing", "{table}");
    }
    let (_, _, table) = status("2026-12-12");
    let told = table.find("LAPSED: waivers.toml:1:").expect("it is announced");
    assert!(told < table.find(" rules on ").expect("the summary") && table.contains("1 waiver has lapsed."), "{table}");
    assert!(table.contains("2 days ago") && table.contains("1 finding counts"), "{table}");
    std::fs::write(here.path().join("backstop.toml"), "waiver_notice_days = 0\n").expect("written");
    assert_eq!(status("2026-12-09").0, "active");
}

#[test]
fn nothing_hides_an_unknown() {
    // Whether the lock can still be changed is not known of this vault.
    let here = directory(&waiver("vault-lock/changeable-period", PRIMARY, "2027-03-01"));
    let before = {
        run(&here, "audit snapshot.json --waivers /dev/null --output json=audit.json");
        json(&here, "audit.json")["findings"].clone()
    };
    let (_, table, _) = run(&here, "audit snapshot.json --output json=audit.json");
    let report = json(&here, "audit.json");
    assert_eq!(report["findings"], before);
    assert_eq!(report["waivers"][0]["effect"], "undecided");
    assert!(table.contains("1 verdict is unknown.") && !table.contains("waived") && !table.contains("UNUSED"), "{table}");
    let (_, taken_out, _) = run(&here, "waive prune snapshot.json --dry-run");
    assert_eq!(taken_out, "", "it may be needed once more is seen");
    // In a world of which hardly anything was seen, no waiver is known to be of no use.
    std::fs::copy("fixtures/half_blind.json", here.path().join("snapshot.json")).expect("copied");
    std::fs::write(here.path().join("waivers.toml"), waiver("vault-lock/missing", "*", "2027-03-01")).expect("written");
    assert_eq!(run(&here, "audit snapshot.json --output json=audit.json").0, 3);
    assert_ne!(json(&here, "audit.json")["waivers"][0]["effect"], "unused");
}

#[test]
fn everything_wrong_with_the_file_is_drawn_at_its_place() {
    let text = "# ours\n[[waiver]]\nrule = \"vault-lock/mising\"\nresource = \"x\"\nreasons = 1\nexpires = \"soon\"\n\n\
                [[waiver]]\nrule = \"vault-lock/missing\"\nresource = \"x\"\nreason = \" \"\nexpires = 1\naccount = \"12\"\n";
    let here = directory(text);
    let (code, stdout, stderr) = run(&here, "audit snapshot.json");
    assert_eq!((code, stdout.as_str()), (4, ""));
    for drawn in [
        "waivers.toml:2:1: this waiver lacks 'reason'",
        "waivers.toml:3:8: there is no rule 'vault-lock/mising'; did you mean 'vault-lock/missing'?\n  |\n3 | rule = \"vault-lock/mising\"\n  |        ^^^^^^^^^^^^^^^^^^^",
        "waivers.toml:5:1: a waiver has no 'reasons'; did you mean 'reason'?",
        "waivers.toml:6:11: 'expires' is the last day",
        "waivers.toml:11:10: 'reason' says nothing",
        "waivers.toml:12:11: 'expires' is the last day",
        "backstop schema waivers",
    ] {
        assert!(stderr.contains(drawn), "{drawn}\n{stderr}");
    }
    let twice = waiver("vault-lock/missing", "x", "2027-03-01").repeat(2);
    for (text, drawn) in [
        ("[[waiver]]\naccount = '12'\n", "waivers.toml:2:11: '12' is not an account id of twelve digits"),
        (&twice, "waivers.toml:7:1: line 1 waives the same already"),
        ("[waiver]\nrule = 'x'\n", "waivers.toml:1:1: there can be several waivers"),
        ("[[waivers]]\n", "waivers.toml:1:3: there is nothing called 'waivers' here"),
        ("waiver = [1]\n", "waivers.toml:1:11: a waiver is a table"),
        ("[[waiver]]\nrule = vault\n", "waivers.toml:2:8: "),
        ("[[waiver]]\nexpires = 2026-02-30\n", "waivers.toml:2:11: invalid date"),
        ("[[waiver]]\nreason = '\u{1b}[31m'\n", "waivers.toml:2:"),
        ("[[waiver]]\nrule = 'vault-lock/missing'\nresource = 'x'\nreason = 'x'\nexpires = 2026-12-31T00:00:00Z\n", "waivers.toml:5:11: "),
    ] {
        let here = directory(text);
        let (code, _, stderr) = run(&here, "audit snapshot.json");
        assert!(code == 4 && stderr.contains(drawn) && !stderr.contains('\u{1b}'), "{drawn}: {code}\n{stderr}");
    }
    assert_eq!(run(&here, "audit snapshot.json --waivers nowhere.toml").0, 2);
}

#[test]
fn sarif_tells_of_every_result_whether_it_is_suppressed_and_code_scanning_gets_what_counts() {
    let here = directory(&(waiver("vault-lock/missing", REPLICA, "2027-03-01") + &waiver("job/failed", "*", "2026-11-01")));
    run(&here, "audit snapshot.json --output sarif=all.sarif --output sarif-github=github.sarif");
    let runs = |name: &str| json(&here, name)["runs"].as_array().expect("runs").clone();
    let (mut waived, mut told) = (0, 0);
    for run in runs("all.sarif") {
        for result in run["results"].as_array().expect("results") {
            let suppressions = result["suppressions"].as_array().expect("all have them, or none");
            let is_waived = result["ruleId"] == "vault-lock/missing" && result["kind"] == "fail";
            assert_eq!(suppressions.len(), usize::from(is_waived), "{result}");
            for suppression in suppressions {
                waived += 1;
                assert_eq!((&suppression["kind"], &suppression["status"]), (&"external".into(), &"accepted".into()));
                assert_eq!(suppression["justification"], "because; until 2027-03-01");
            }
        }
        let notices = run["invocations"][0]["toolConfigurationNotifications"].as_array().expect("notices").clone();
        told += notices.iter().filter(|notice| notice["descriptor"]["id"] == "waiver-lapsed").count();
    }
    assert_eq!((waived, told), (1, 1));
    for run in runs("github.sarif") {
        let results = run["results"].as_array().expect("results");
        assert!(results.iter().all(|result| result["ruleId"] != "vault-lock/missing" && result.get("suppressions").is_none()));
        assert!(results.iter().any(|result| result["ruleId"] == "job/failed"));
    }
}

#[test]
fn what_was_waived_is_new_once_it_counts_again() {
    let here = directory(&waiver("vault-lock/missing", REPLICA, "2026-12-10"));
    run(&here, "audit snapshot.json --output json=former.json");
    let (code, table, _) = run(&here, "audit snapshot.json --baseline former.json --output json=now.json");
    assert_eq!(code, 0, "{table}");
    assert_eq!(json(&here, "now.json")["comparison"]["new"], 0);
    let (code, table, _) = run(&here, "audit snapshot.json --baseline former.json --waivers /dev/null");
    assert!(code == 1 && table.starts_with("Failed: 1 high new finding"), "{table}");
}

#[test]
fn adding_keeps_the_file_and_refuses_what_would_waive_nothing_or_for_too_long() {
    let before = "# Ours.\n\n[[waiver]] # first\nrule = 'job/failed'\nresource = '*'\nreason = 'x'\nexpires = 2026-01-01 # long ago";
    let here = directory(before);
    let mut add = vec!["waive", "add", "vault-lock/missing", REPLICA, "--reason", "a \"reason\"\nof \\ two lines", "--for", "30d"];
    let output = backstop(&here, &add);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let after = read(&here, "waivers.toml");
    assert_eq!(after, format!("{before}\n\n{}", String::from_utf8_lossy(&output.stdout)));
    run(&here, "audit snapshot.json --output json=audit.json");
    assert_eq!(json(&here, "audit.json")["waivers"][1]["reason"], "a \"reason\"\nof \\ two lines");
    let refused = |arguments: &[&str], code: i32, says: &str| {
        let output = backstop(&here, arguments);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(code) && said.contains(says), "{arguments:?}: {said}");
        assert_eq!(read(&here, "waivers.toml"), after);
    };
    refused(&add, 2, "waivers.toml:9: this is waived until");
    add[3] = "other";
    for (end, value, says) in [
        ("--for", "400d", "is given for 365 at most"),
        ("--for", "9999w", "that is too long"),
        ("--for", "1y", "30d, 8w"),
        ("--for", "é", "30d, 8w"),
        ("--expires", "2020-01-01", "has passed"),
        ("--expires", "9999-12-31", "is given for 365 at most"),
        ("--expires", "soon", "write it like"),
        ("--reason", "twice", "cannot be used multiple times"),
    ] {
        (add[6], add[7]) = (end, value);
        refused(&add, 2, says);
    }
    (add[6], add[7]) = ("--for", "30d");
    add[5] = "  ";
    refused(&add, 2, "it says nothing");
    add[5] = "x";
    add[2] = "vault-lock/mising";
    refused(&add, 2, "did you mean 'vault-lock/missing'?");
    refused(&["waive", "add", "vault-lock/missing", "other", "--reason", "x"], 2, "--expires");
    std::fs::write(here.path().join("backstop.toml"), "waiver_max_days = 7\n").expect("written");
    add[2] = "vault-lock/missing";
    refused(&add, 2, "is given for 7 at most");
    std::fs::write(here.path().join("waivers.toml"), "waiver = []\n").expect("written");
    (add[6], add[7]) = ("--for", "1w");
    let output = backstop(&here, &add);
    assert_eq!(
        (output.status.code(), read(&here, "waivers.toml").as_str()),
        (Some(4), "waiver = []\n"),
        "what cannot be read is not written"
    );
    std::fs::remove_file(here.path().join("waivers.toml")).expect("removed");
    assert_eq!(backstop(&here, &add).status.code(), Some(0));
    assert!(read(&here, "waivers.toml").starts_with("[[waiver]]\n"));
}

#[test]
fn pruning_takes_out_what_is_of_no_use_and_keeps_the_rest_byte_for_byte() {
    let lapsed = format!("# It was.\n{}", waiver("job/failed", "*", "2026-11-01"));
    let unused = waiver("vault-lock/missing", PRIMARY, "2027-03-01");
    let elsewhere = waiver("vault-lock/missing", "arn:aws:backup:eu-west-1:111122223333:backup-vault:x", "2027-03-01");
    let used = format!("# It is.\n{}", waiver("vault-lock/missing", REPLICA, "2027-03-01").replace("because", "ä  # \\\\ [[waiver]]"));
    let whole = format!("# Ours.\n\n{lapsed}{unused}{used}\n# between\n\n{elsewhere}# the end");
    let here = directory(&whole);
    let (code, said, _) = run(&here, "waive prune --as-of 2026-11-20 --dry-run");
    assert_eq!((code, read(&here, "waivers.toml")), (0, whole.clone()));
    assert!(said.starts_with("waivers.toml:4: job/failed on *: lapsed, 2026-11-01, 19 days ago\n") && said.lines().count() == 1, "{said}");
    run(&here, "waive prune --as-of 2026-11-20");
    assert_eq!(read(&here, "waivers.toml"), whole.replace(&lapsed, ""));
    run(&here, "waive prune snapshot.json");
    assert_eq!(read(&here, "waivers.toml"), whole.replace(&lapsed, "").replace(&unused, ""));
    let (_, said, told) = run(&here, "waive prune snapshot.json");
    assert_eq!((said.as_str(), told.as_str()), ("", "Nothing is to be taken out.\n"));
    let (_, table, _) = run(&here, "waive list snapshot.json --as-of 2026-11-22");
    assert!(
        table.starts_with("0 lapsed, 0 lapsing, 2 active\n") && table.contains("1 finding") && table.contains("not audited"),
        "{table}"
    );
}

#[test]
fn what_a_waiver_says_harms_no_report() {
    let hostile = "\\u001b[31m|<script>`@team`\\n::error::x\\u202e";
    let here = directory(&waiver("vault-lock/missing", REPLICA, "2026-12-01").replace("because", hostile));
    let (_, table, _) = run(&here, "audit snapshot.json --output markdown=a.md --output annotations=a.txt --output sarif=a.sarif");
    let (_, list, _) = run(&here, "waive list");
    for text in [table, list, read(&here, "a.md"), read(&here, "a.txt"), read(&here, "a.sarif")] {
        assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}') && !text.contains("\n::error"), "{text}");
    }
    assert!(!read(&here, "a.md").contains("<script>"));
}

#[test]
fn the_commands_and_the_file_of_the_guide_work_as_they_stand() {
    let guide = std::fs::read_to_string("docs/waivers.md").expect("the guide");
    let blocks = |language: &str| -> Vec<String> {
        let opening = format!("```{language}\n");
        let parts = guide.split(&opening).skip(1);
        parts.map(|part| part.split("```").next().unwrap_or_default().replace("\\\n", "")).collect()
    };
    let here = directory("");
    std::fs::remove_file(here.path().join("waivers.toml")).expect("removed");
    let binary = Path::new(env!("CARGO_BIN_EXE_backstop")).parent().expect("a directory");
    let mut commands = 0;
    for line in blocks("sh").iter().flat_map(|block| block.lines()) {
        let output = command(here.path(), "/bin/sh").args(["-c", line]).env("PATH", binary).output().expect("it runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(matches!(output.status.code(), Some(0 | 1 | 3)) && !said.contains("error"), "{line}\n{said}");
        commands += 1;
    }
    assert_eq!((commands, blocks("toml").len()), (7, 1));
    let here = directory(&blocks("toml").concat());
    assert_eq!(run(&here, "waive list snapshot.json").0, 0);
    assert!(run(&here, "audit snapshot.json").1.contains("WAIVED: 1 finding\n"));
}
