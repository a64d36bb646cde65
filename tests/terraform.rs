//! Terraform's files on the command line: what is judged, what a plan would do, and what is refused.

use std::path::Path;
use std::process::{Command, Output};

use backstop::terraform::{Options, assemble, read_state};
use serde_json::Value;

const ROOT: &str = "fixtures/terraform/root/environments/prod";
const PLAN: &str = "fixtures/terraform/prod.plan.json";
const CHANGE: &str = "fixtures/terraform/prod.change.plan.json";
const STATE: &str = "fixtures/terraform/prod.tfstate";

fn backstop(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_backstop")).env_clear().env("HOME", "/nonexistent").args(arguments).output().expect("it runs")
}

fn audit(arguments: &[&str]) -> Output {
    backstop(&[&["audit", "--as-of", "2026-11-22T09:00:00Z"], arguments].concat())
}

fn said(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(!said.contains("panicked"), "{said}");
    said
}

/// The report of an audit whose exit code is as expected.
fn report(arguments: &[&str], code: i32) -> Value {
    let output = audit(&[arguments, &["--output", "json=-"]].concat());
    assert_eq!(output.status.code(), Some(code), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("a report")
}

fn failing(report: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let findings = report["findings"].as_array().expect("findings").iter().filter(|finding| finding["verdict"] == "fail");
    findings.map(|finding| (text(&finding["rule"]), text(&finding["subject"]["name"]))).collect()
}

/// The account as it is once the root is applied, as if it had been observed whole.
fn applied(directory: &Path) -> String {
    let root = read_state(Path::new(STATE)).expect("the state");
    let whole = Options { assume_complete: true, ..Options::default() };
    let mut document = assemble(&root, &whole).expect("a snapshot").document;
    for unit in document["Units"].as_array_mut().expect("units") {
        unit["Source"] = "aws".into();
    }
    let path = directory.join("live.json");
    std::fs::write(&path, document.to_string()).expect("written");
    path.to_string_lossy().into_owned()
}

#[test]
fn a_root_a_plan_and_a_state_are_judged_alike() {
    let of_root = failing(&report(&["--terraform", ROOT, "--assume-complete"], 1));
    let of_both = failing(&report(&["--terraform-plan", PLAN, "--terraform", ROOT, "--assume-complete"], 1));
    for expected in
        ["vault-lock/retention-out-of-range", "cold-storage/minimum-90-days", "vault-lock/missing", "objective/rpo-not-guaranteed"]
    {
        assert!(of_root.iter().any(|(rule, _)| rule == expected), "{expected}: {of_root:?}");
    }
    // The HCL names what the plan does not know.
    let missing: Vec<_> = of_root.iter().filter(|finding| !of_both.contains(finding)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let of_state = failing(&report(&["--terraform-state", STATE, "--assume-complete"], 1));
    assert!(of_state.iter().any(|(rule, _)| rule == "vault-lock/retention-out-of-range"), "{of_state:?}");
}

/// A root is not the account: what it does not declare is unknown, and nothing is clean because there is nothing.
#[test]
fn a_root_without_backups_is_no_clean_account() {
    let directory = tempfile::tempdir().expect("a directory");
    for (name, text) in [
        ("empty", ""),
        ("other", "provider \"aws\" {\n  region = \"us-east-1\"\n}\nresource \"aws_sns_topic\" \"t\" {\n  name = \"t\"\n}\n"),
        ("role", "resource \"aws_iam_role\" \"r\" {\n  name = \"r\"\n  assume_role_policy = \"{}\"\n}\n"),
    ] {
        let root = directory.path().join(name);
        std::fs::create_dir(&root).expect("a directory");
        std::fs::write(root.join("main.tf"), text).expect("written");
        let output = audit(&["--terraform", &root.to_string_lossy()]);
        assert_eq!(output.status.code(), Some(3), "{name}: {}", said(&output));
    }
}

#[test]
fn a_plan_on_the_account_fails_for_what_it_introduces_and_says_what_cannot_be_undone() {
    let directory = tempfile::tempdir().expect("a directory");
    let live = applied(directory.path());
    let report = report(&[&live, "--terraform-plan", CHANGE, "--terraform", ROOT], 1);
    let comparison = &report["comparison"];
    assert!(comparison["unchanged"].as_u64() > Some(0) && comparison["new"].as_u64() > Some(0), "{comparison}");
    let losses: Vec<&str> =
        report["irreversible"].as_array().expect("a list").iter().map(|loss| loss["what"].as_str().expect("a text")).collect();
    assert!(losses.contains(&"lock_removed") && losses.contains(&"retention_shortened"), "{losses:?}");
    let new: Vec<&Value> = report["findings"].as_array().expect("findings").iter().filter(|finding| finding["change"] == "new").collect();
    assert!(new.iter().any(|finding| finding["rule"] == "vault-lock/missing"), "{new:#?}");
    let table = said(&audit(&[&live, "--terraform-plan", CHANGE]));
    assert!(table.contains("CANNOT BE UNDONE") && table.contains("new finding") && table.contains("from before not shown"), "{table}");
}

#[test]
fn what_was_made_before_fails_nothing_when_a_root_is_compared_with_its_former_report() {
    let directory = tempfile::tempdir().expect("a directory");
    let former = directory.path().join("former.json").to_string_lossy().into_owned();
    audit(&["--terraform", ROOT, "--output", &format!("json={former}")]);
    let output = audit(&["--terraform", ROOT, "--baseline", &former]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let worse = audit(&["--terraform", ROOT, "--baseline", &former, "--var", "backup_retention_days=7", "--output", "annotations=-"]);
    let text = said(&worse);
    assert_eq!(worse.status.code(), Some(1), "{text}");
    assert!(String::from_utf8_lossy(&worse.stdout).contains("::error file=fixtures/terraform/root/"), "{text}");
}

/// What source code does not tell, it never tells: its alerts come all the same, on their lines and in a category of their own.
#[test]
fn code_scanning_gets_the_findings_of_a_root_on_their_lines() {
    let directory = tempfile::tempdir().expect("a directory");
    let sarif = directory.path().join("x.sarif");
    let output = audit(&["--terraform", ROOT, "--fail-on-unknown=never", "--output", &format!("sarif-github={}", sarif.display())]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let log: Value = serde_json::from_slice(&std::fs::read(sarif).expect("it was written")).expect("JSON");
    let runs = log["runs"].as_array().expect("runs");
    let categories: Vec<&str> = runs.iter().filter_map(|run| run["automationDetails"]["id"].as_str()).collect();
    assert!(categories.iter().all(|category| category.contains("/terraform")), "{categories:?}");
    let results = runs.iter().flat_map(|run| run["results"].as_array().expect("results"));
    let places: Vec<&str> =
        results.filter_map(|result| result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str()).collect();
    assert!(places.len() > 5 && places.iter().all(|place| place.starts_with("fixtures/terraform/root/")), "{places:?}");
}

/// A module that is not installed may hold what the alerts are about.
#[test]
fn a_root_that_was_not_read_whole_closes_no_alert() {
    let directory = tempfile::tempdir().expect("a directory");
    let text = "provider \"aws\" {\n  region = \"us-east-1\"\n}\nmodule \"backup\" {\n  source = \"example/backup/aws\"\n}\n\
                resource \"aws_backup_vault\" \"v\" {\n  name = \"v\"\n}\n";
    std::fs::write(directory.path().join("main.tf"), text).expect("written");
    let (root, sarif) = (directory.path().to_string_lossy().into_owned(), directory.path().join("x.sarif"));
    let output = audit(&["--terraform", &root, "--fail-on-unknown=never", "--output", &format!("sarif-github={}", sarif.display())]);
    assert!(said(&output).contains("is left out") && !sarif.exists(), "{}", said(&output));
}

/// Without its file of variables a root has gaps where the alerts are: what is unknown for that must not close them.
#[test]
fn a_root_whose_variable_was_given_no_value_closes_no_alert() {
    let directory = tempfile::tempdir().expect("a directory");
    let text = "variable \"locked\" {\n  type = bool\n}\nvariable \"unused\" {}\nprovider \"aws\" {\n  region = \"us-east-1\"\n}\n\
                resource \"aws_backup_vault\" \"v\" {\n  name = \"v\"\n}\nresource \"aws_backup_vault_lock_configuration\" \"v\" {\n  \
                count = var.locked ? 1 : 0\n  backup_vault_name = aws_backup_vault.v.name\n}\n";
    std::fs::write(directory.path().join("main.tf"), text).expect("written");
    let values = directory.path().join("prod.tfvars");
    std::fs::write(&values, "locked = false\n").expect("written");
    let (root, sarif) = (directory.path().to_string_lossy().into_owned(), directory.path().join("x.sarif"));
    let output = format!("sarif-github={}", sarif.display());
    let arguments = ["--terraform", &root, "--assume-complete", "--fail-on-unknown=never", "--output", &output];
    let without = audit(&arguments);
    let text = said(&without);
    assert!(
        text.contains("The variable 'locked' has no value") && text.contains("--var locked=...") && text.contains("--var-file"),
        "{text}"
    );
    assert!(!text.contains("'unused'"), "nothing depends on it: {text}");
    assert!(text.contains("is left out") && !sarif.exists(), "{text}");
    let values = values.to_string_lossy().into_owned();
    let with = audit(&[&arguments[..], &["--var-file", &values]].concat());
    let sarif = std::fs::read_to_string(&sarif).unwrap_or_else(|error| panic!("{error}: {}", said(&with)));
    assert!(sarif.contains("vault-lock/missing") && !said(&with).contains("has no value"), "{}", said(&with));
}

/// Where accounts tell the environment, one that is not known must not be judged by the mildest.
#[test]
fn an_account_that_is_not_known_is_in_no_environment() {
    let directory = tempfile::tempdir().expect("a directory");
    let config = directory.path().join("backstop.toml");
    let text = "default_environment = \"development\"\n\n[environments.production]\naccounts = [\"111122223333\"]\n\n[environments.development]\nproduction = false\n";
    std::fs::write(&config, text).expect("written");
    let root = directory.path().join("root");
    std::fs::create_dir(&root).expect("a directory");
    let text = "provider \"aws\" {\n  region = \"us-east-1\"\n}\nresource \"aws_backup_vault\" \"v\" {\n  name = \"v\"\n}\n\
                resource \"aws_backup_plan\" \"p\" {\n  name = \"p\"\n  rule {\n    rule_name = \"daily\"\n    \
                target_vault_name = aws_backup_vault.v.name\n    schedule = \"cron(0 5 * * ? *)\"\n  }\n}\n";
    std::fs::write(root.join("main.tf"), text).expect("written");
    let (root, config) = (root.to_string_lossy().into_owned(), config.to_string_lossy().into_owned());
    let verdict = |more: &[&str]| {
        let arguments = [&["--terraform", &root, "--assume-complete", "--config", &config, "--output", "json=-"], more].concat();
        let output = audit(&arguments);
        let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", said(&output)));
        let mut findings = report["findings"].as_array().expect("findings").iter();
        let missing =
            findings.find(|finding| finding["rule"] == "vault-lock/missing" && finding["subject"]["name"] == "v").expect("a verdict");
        missing["verdict"].as_str().expect("a verdict").to_owned()
    };
    assert_eq!(verdict(&[]), "unknown");
    assert_eq!(verdict(&["--default-account", "111122223333"]), "fail");
}

/// Variables, and attributes that nothing is read of, hold secrets.
#[test]
fn no_output_holds_a_secret() {
    let directory = tempfile::tempdir().expect("a directory");
    let live = applied(directory.path());
    let sources: [&[&str]; 4] = [
        &["--terraform", ROOT],
        &["--terraform-plan", PLAN],
        &["--terraform-state", STATE],
        &[&live, "--terraform-plan", CHANGE, "--terraform", ROOT],
    ];
    for source in sources {
        for format in ["json", "sarif", "sarif-github", "markdown", "annotations", "table"] {
            let text = said(&audit(&[source, &["--output", &format!("{format}=-")]].concat()));
            assert!(!text.contains("canary-never-to-be-told"), "{source:?} {format}");
        }
    }
}

#[test]
fn what_is_not_what_it_should_be_is_refused_at_its_place() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = |name: &str, text: &str| {
        let path = directory.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a directory")).expect("a directory");
        std::fs::write(&path, text).expect("written");
        path.to_string_lossy().into_owned()
    };
    let plan = std::fs::read_to_string(PLAN).expect("the plan");
    let itself = Path::new(&file("itself/main.tf", "module \"a\" {\n  source = \"./\"\n}\n"))
        .parent()
        .expect("a directory")
        .to_string_lossy()
        .into_owned();
    let broken = Path::new(&file("broken/main.tf", "resource \"aws_backup_vault\" \"v\" {\n  name = \n}\n"))
        .parent()
        .expect("a directory")
        .to_string_lossy()
        .into_owned();
    let cases = [
        ("--terraform-plan", file("cut.json", &plan[..plan.len() / 2]), 4, "cut.json"),
        (
            "--terraform-plan",
            file(
                "version.json",
                &plan.replacen("\"format_version\": \"1.", "\"format_version\": \"2.", 1).replacen(
                    "\"format_version\":\"1.",
                    "\"format_version\":\"2.",
                    1,
                ),
            ),
            4,
            "version",
        ),
        ("--terraform-plan", file("zip.tfplan", "PK\u{3}\u{4}"), 4, "terraform show -json"),
        ("--terraform-plan", "fixtures/terraform/errored.plan.json".to_owned(), 4, "errored"),
        ("--terraform-plan", STATE.to_owned(), 4, "--terraform-state"),
        ("--terraform-plan", "nowhere.json".to_owned(), 2, "nowhere.json"),
        ("--terraform-state", PLAN.to_owned(), 4, "--terraform-plan"),
        ("--terraform-state", file("old.tfstate", r#"{"version": 3, "modules": []}"#), 4, "before 4"),
        (
            "--terraform-state",
            file("secret.tfstate", r#"{"serial": 1, "lineage": "x", "meta": {}, "encrypted_data": "AAAA", "encryption_version": "v0"}"#),
            4,
            "encrypted",
        ),
        ("--terraform-state", file("empty.tfstate", ""), 4, "empty.tfstate"),
        ("--terraform", itself, 4, "main.tf:"),
        ("--terraform", broken, 4, "main.tf:2"),
        ("--terraform", "nowhere".to_owned(), 2, "nowhere"),
    ];
    for (flag, path, code, says) in cases {
        let output = audit(&[flag, &path]);
        let text = said(&output);
        assert_eq!(output.status.code(), Some(code), "{flag} {path}: {text}");
        assert!(text.contains(says) && text.contains("help: "), "{flag} {path}: {text}");
        assert!(output.stdout.is_empty(), "{flag} {path}");
    }
}

#[test]
fn a_line_is_found_by_address_and_by_arn() {
    let by_address = backstop(&[
        "locate",
        "module.backup.aws_backup_plan.main",
        "--path",
        "rule{rule_name=daily}.lifecycle.delete_after",
        "--terraform",
        ROOT,
    ]);
    let text = said(&by_address);
    assert_eq!(by_address.status.code(), Some(0), "{text}");
    assert!(text.starts_with("fixtures/terraform/root/modules/backup/plan.tf:14:"), "{text}");
    assert!(text.contains("backup_retention_days"), "{text}");
    let state: Value = serde_json::from_str(&std::fs::read_to_string(STATE).expect("the state")).expect("JSON");
    let resources = state["resources"].as_array().expect("resources");
    let plan = resources.iter().find(|resource| resource["type"] == "aws_backup_plan").expect("a plan");
    let arn = plan["instances"][0]["attributes"]["arn"].as_str().expect("an ARN");
    let by_arn = backstop(&["locate", arn, "--terraform", ROOT, "--terraform-state", STATE, "--format", "json"]);
    let found: Value = serde_json::from_slice(&by_arn.stdout).unwrap_or_else(|error| panic!("{error}: {}", said(&by_arn)));
    assert!(found[0]["file"].as_str().is_some_and(|file| file.ends_with("modules/backup/plan.tf")), "{found}");
    let gone = said(&backstop(&["locate", "aws_backup_vault.gone", "--terraform", ROOT]));
    assert!(gone.contains("nearest") && gone.contains("is not declared"), "{gone}");
    let nothing = backstop(&["locate", "nonsense", "--terraform", ROOT]);
    assert_eq!(nothing.status.code(), Some(2), "{}", said(&nothing));
}
