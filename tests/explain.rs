//! `backstop explain`: the pages' placeholders, and every fix with the names of what was judged filled in.

mod described;

#[path = "explain/locks.rs"]
mod locks;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use backstop::audit::{self, Finding, Verdict};
use backstop::config;
use backstop::facts;
use backstop::policy::Library;
use backstop::report::explain::{Fix, On, Settled, Step, VOCABULARY, is_chosen, placeholders_of};
use backstop::snapshot;
use described::assert_described;
use serde_json::{Value, json};

const MENAGERIE: &str = "fixtures/menagerie.json";
const POLICY: &str = "fixtures/menagerie.toml";
const UNLOCKED: &str = "arn:aws:backup:us-east-1:111122223333:backup-vault:lock-missing";
/// What AWS itself writes like a placeholder.
const OF_AWS: [&str; 6] = [
    "BACKUP_JOB_STARTED",
    "BACKUP_JOB_COMPLETED",
    "RESTORE_JOB_STARTED",
    "RESTORE_JOB_COMPLETED",
    "COPY_JOB_FAILED",
    "RANDOM_WITHIN_WINDOW",
];
/// What identifies a subject is known of each, whatever else is not.
const NAMES: [&str; 10] = [
    "VAULT_ARN",
    "PLAN_ARN",
    "RECOVERY_POINT_ARN",
    "KEY_ARN",
    "ALARM_NAME",
    "METRIC_NAME",
    "ROLE_NAME",
    "AWS_PARTITION",
    "AWS_REGION",
    "ACCOUNT_ID",
];

fn backstop(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_backstop"));
    command.args(arguments).env_clear().env("HOME", "/nonexistent").env("COLUMNS", "100");
    command.output().expect("backstop starts")
}

fn explain(rule: &str, resource: &str, more: &[&str]) -> Output {
    backstop(&[&["explain", rule, "--resource", resource, MENAGERIE, "--config", POLICY][..], more].concat())
}

fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).expect("stdout is UTF-8")
}

fn parsed(output: &Output) -> Value {
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn assert_error(output: &Output, exit: i32, says: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(exit), "{said}");
    assert!(said.contains(says), "'{says}' is not in:\n{said}");
    assert_eq!(stdout(output), "");
}

/// All failures of a world, subject by subject: the rule and what is told.
fn failures(world: &[u8]) -> Vec<(String, On)> {
    let text = fs::read_to_string(POLICY).expect("the configuration");
    let policy = config::apply(&text, Path::new(POLICY), Library::shipped().expect("the rules")).expect("it is right");
    let reading = snapshot::from_bytes(world, Path::new("world.json"), snapshot::Digest::Skip).expect("a snapshot");
    let as_of = "2026-11-22T09:00:00Z".parse().expect("a time");
    let subjects = facts::derive(&reading.snapshot, as_of);
    let audit = audit::judge(&subjects, &policy.library, &policy.environments, as_of).expect("judged");
    let settled = Settled {
        audit: &audit,
        snapshot: &reading.snapshot,
        set_by: &|_, _| String::new(),
        waiver: &|_| String::new(),
        declared: &|_| None,
    };
    let mut told = Vec::new();
    for judgement in &audit.judgements {
        let of_kind = subjects.of(judgement.kind);
        for subject in &of_kind.subjects {
            let findings: Vec<Finding> = judgement.findings_on(subject, of_kind).collect();
            if findings[0].verdict() == Verdict::Fail {
                told.push((judgement.rule.id.clone(), On::of(&findings, &settled).expect("it has findings")));
            }
        }
    }
    told
}

fn menagerie() -> Vec<(String, On)> {
    failures(&fs::read(MENAGERIE).expect("the world"))
}

fn fix(on: &On) -> &Fix {
    on.fix.as_ref().expect("a failure has a fix")
}

fn blocks(steps: &[Step]) -> Vec<&str> {
    steps.iter().filter(|step| step.is_code).map(|step| step.text.as_str()).collect()
}

fn code(fix: &Fix) -> (Vec<&str>, Vec<&str>) {
    (blocks(&fix.cli), blocks(&fix.terraform))
}

/// Whether bash can read the scripts, each by itself.
fn assert_shell<'a>(scripts: impl IntoIterator<Item = &'a str>) {
    for script in scripts {
        let mut bash = Command::new("bash").arg("-n").stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("bash starts");
        bash.stdin.take().expect("a pipe").write_all(script.as_bytes()).expect("written");
        let said = bash.wait_with_output().expect("it ends");
        assert!(said.status.success() && said.stderr.is_empty(), "{script}\n{}", String::from_utf8_lossy(&said.stderr));
    }
}

fn assert_hcl(block: &str) {
    let parsed: Result<hcl_edit::structure::Body, _> = block.parse();
    parsed.unwrap_or_else(|error| panic!("{block}\n{error}"));
}

#[test]
fn every_placeholder_of_every_page_is_in_the_vocabulary_and_each_of_the_vocabulary_is_used() {
    let library = Library::shipped().expect("the rules");
    let mut used = BTreeSet::from(["TAG_VALUE"]);
    for rule in &library.rules {
        let mend = rule.page.split("## How to mend").nth(1).expect("it tells how to mend").split("\n## ").next().expect("a section");
        for name in placeholders_of(mend).into_iter().filter(|name| !OF_AWS.contains(name)) {
            assert!(is_chosen(name).is_some(), "{}: '{name}' is not in src/report/explain/vocabulary.rs", rule.id);
            used.insert(name);
        }
        for heading in ["### Console", "### AWS CLI", "### Terraform", "```sh\n", "```hcl\n"] {
            assert!(mend.contains(heading), "{} lacks '{heading}'", rule.id);
        }
        assert!(!mend.contains("<<"), "{}: a here-document is not filled in", rule.id);
    }
    let names: Vec<&str> = VOCABULARY.iter().map(|term| term.name).collect();
    assert_eq!(names.len(), names.iter().collect::<BTreeSet<_>>().len(), "a name stands twice");
    let idle: Vec<&&str> = names.iter().filter(|name| !used.contains(**name)).collect();
    assert!(idle.is_empty(), "no page uses {idle:?}");
}

#[test]
fn every_call_of_a_page_says_its_region() {
    // IAM, and the settings of an organization, have none.
    let global = ["aws iam ", "aws backup update-global-settings", "aws backup describe-global-settings"];
    for rule in &Library::shipped().expect("the rules").rules {
        let joined = rule.page.replace("\\\n", " ");
        for line in joined.lines().map(str::trim).filter(|line| line.starts_with("aws ")) {
            assert!(line.contains(" --region ") || global.iter().any(|start| line.starts_with(start)), "{}: {line}", rule.id);
        }
    }
}

#[test]
fn every_rule_has_a_fix_that_is_filled_in_or_says_what_is_left() {
    let told = menagerie();
    let mut filled: BTreeMap<&str, bool> = BTreeMap::new();
    for (rule, on) in &told {
        let fix = fix(on);
        let (cli, terraform) = code(fix);
        assert!(!cli.is_empty() && !terraform.is_empty() && !fix.console.is_empty(), "{rule}");
        let open: BTreeMap<&str, _> = fix.open.iter().map(|open| (open.name.as_str(), open)).collect();
        let texts = cli.iter().chain(&terraform).copied().chain([fix.console.as_str()]);
        for name in texts.flat_map(placeholders_of).filter(|name| is_chosen(name).is_some()) {
            assert!(open.contains_key(name), "{rule} on '{}': '{name}' is left and nobody says so", on.id);
            assert!(on.region.is_empty() || !NAMES.contains(&name), "{rule} on '{}': '{name}' is left", on.id);
        }
        // People choose, or the reason is told.
        assert!(open.values().all(|open| !open.means.is_empty()), "{rule}");
        let is_settled = open.values().all(|open| is_chosen(&open.name) == Some(true) || open.reason.is_none());
        *filled.entry(rule).or_default() |= is_settled;
        terraform.iter().for_each(|block| assert_hcl(block));
    }
    let rules = Library::shipped().expect("the rules").rules.len();
    assert_eq!(filled.len(), rules, "every rule fails on something in the menagerie");
    let never: Vec<&str> = filled.iter().filter(|(_, filled)| !**filled).map(|(rule, _)| *rule).collect();
    let known: Vec<&str> = NEVER_FILLED.split_whitespace().collect();
    assert_eq!(never, known, "rules of which no failure has all that is to be known");
    let mut scripts = BTreeMap::new();
    for (rule, on) in &told {
        scripts.entry(rule).or_insert_with(|| code(fix(on)).0.concat());
    }
    assert_shell(scripts.values().map(String::as_str));
}

/// Locks that are immutable or leave no range which the policy allows, and subjects that no plan of the menagerie selects or uses.
const NEVER_FILLED: &str = "cold-storage/excluded-by-lock encryption/key-policy-blocks-backup encryption/vault-key-not-customer-managed \
    job/failed recovery-point/incomplete replication/destination-unlocked vault-lock/becoming-immutable-invalid \
    vault-lock/changeable-period vault-lock/kept-for-ever vault-lock/maximum-retention vault-lock/minimum-retention vault-lock/no-headroom";

#[test]
fn hostile_names_break_out_of_no_fix() {
    let mut world: Value = serde_json::from_slice(&fs::read(MENAGERIE).expect("the world")).expect("JSON");
    let hostile = "$(rm -rf /)'\"`id`\\ ${x} %{if}\n; exit 1 #\u{202e}\u{1b}[2J";
    fn rename(value: &mut Value, hostile: &str) {
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    match member {
                        Value::String(text)
                            if ["RuleName", "BackupPlanName", "SelectionName", "AlarmName", "ConditionValue"].contains(&name.as_str()) =>
                        {
                            *text = format!("{text}{hostile}");
                        }
                        other => rename(other, hostile),
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| rename(item, hostile)),
            _ => {}
        }
    }
    rename(&mut world, hostile);
    let told = failures(world.to_string().as_bytes());
    let mut scripts: BTreeMap<&str, String> = BTreeMap::new();
    let mut met = 0;
    for (rule, on) in &told {
        let (cli, terraform) = code(fix(on));
        terraform.iter().for_each(|block| assert_hcl(block));
        for block in cli.iter().chain(&terraform) {
            assert!(!block.contains(['\u{202e}', '\u{1b}']), "{rule}: {block:?}");
            met += usize::from(block.contains("rm -rf"));
        }
        scripts.entry(rule).or_insert_with(|| cli.concat());
    }
    assert!(met > 50, "the names are in {met} blocks");
    let trap = tempfile::TempDir::new().expect("a folder");
    for (rule, script) in scripts {
        // Every command that a fix may run does nothing but say so; whatever else would run ends it.
        let stubbed = format!(
            "PATH=/nonexistent\nset -u\naws() {{ :; }}\njq() {{ :; }}\ncommand_not_found_handle() {{ echo \"ran $1\" >&2; exit 9; }}\n{script}"
        );
        let ran = Command::new("/bin/bash").args(["-c", &stubbed]).current_dir(trap.path()).env_clear().output().expect("bash starts");
        assert!(ran.status.success() && ran.stderr.is_empty(), "{rule}\n{script}\n{}", String::from_utf8_lossy(&ran.stderr));
    }
}

#[test]
fn a_failure_is_told_with_its_values_its_fix_and_its_waiver() {
    let told = explain("vault-lock/missing", UNLOCKED, &[]);
    let text = stdout(&told);
    for part in [
        "FAIL: vault-lock/missing",
        "Vault 'lock-missing' has no lock.",
        "lock.mode = none",
        "required: require_lock = true (the default in production)",
        "CONSOLE: account 111122223333, us-east-1",
        "AWS Backup > Vaults > lock-missing > Manage vault lock",
        "put-backup-vault-lock-configuration --region us-east-1 --backup-vault-name lock-missing",
        "backup_vault_name   = \"lock-missing\"",
        "[[waiver]]\nrule = \"vault-lock/missing\"\n",
        "reason = \"\"\nexpires = 2026-12-22\n",
    ] {
        assert!(text.contains(part), "'{part}' is not in:\n{text}");
    }
    assert_eq!(told.status.code(), Some(0));
    // The range of a lock cannot be taken back, so that none is offered that something in the vault does not fit.
    assert!(text.contains("NOTHING FITS"), "{text}");
}

#[test]
fn what_is_pasted_into_the_waivers_file_is_refused_until_it_has_a_reason() {
    let told = parsed(&explain("vault-lock/missing", UNLOCKED, &["--format", "json"]));
    let stanza = told["subjects"][0]["waiver"].as_str().expect("a stanza");
    let directory = tempfile::TempDir::new().expect("a folder");
    let path = directory.path().join("waivers.toml");
    let audit = |text: &str| {
        fs::write(&path, text).expect("written");
        backstop(&["audit", MENAGERIE, "--config", POLICY, "--waivers", path.to_str().expect("a plain path")])
    };
    let refused = audit(stanza);
    assert_eq!(refused.status.code(), Some(4));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("'reason' says nothing"));
    let taken = audit(&stanza.replace("reason = \"\"", "reason = \"it holds no data\""));
    assert_eq!(taken.status.code(), Some(1), "{}", String::from_utf8_lossy(&taken.stderr));
    assert!(stdout(&taken).to_lowercase().contains("waived"), "{}", stdout(&taken));
}

#[test]
fn pass_not_applicable_and_unknown_are_told_without_a_fix() {
    let of = |rule: &str, verdict: &str, world: &str, config: &str| {
        let inputs = backstop(&["audit", world, "--config", config, "--output", "json=-"]);
        let report: Value = serde_json::from_slice(&inputs.stdout).expect("JSON");
        let findings = report["findings"].as_array().expect("findings");
        let found = findings.iter().find(|finding| finding["rule"] == rule && finding["verdict"] == verdict).expect("one");
        let id = found["subject"]["id"].as_str().expect("an id").to_owned();
        let told = backstop(&["explain", rule, "--resource", &id, world, "--config", config, "--format", "json"]);
        parsed(&told)["subjects"][0].clone()
    };
    for verdict in ["pass", "not_applicable"] {
        let told = of("vault-lock/missing", verdict, MENAGERIE, POLICY);
        assert_eq!((told["verdict"].as_str(), &told["fix"], &told["waiver"]), (Some(verdict), &Value::Null, &Value::Null));
        assert!(!told["values"].as_array().expect("values").is_empty());
    }
    let told = of("vault-lock/missing", "unknown", "fixtures/half_blind.json", POLICY);
    let unknown = told["unknown"].as_array().expect("reasons");
    assert!(!unknown.is_empty() && told["waiver"].is_null() && told["fix"].is_null());
    let denied: Vec<&Value> = unknown.iter().filter(|reason| reason["cause"] == "denied").collect();
    assert!(denied.iter().all(|reason| reason["allow"]["Action"] == json!([reason["call"]])), "{denied:#?}");
}

#[test]
fn what_belongs_to_a_plan_or_a_vault_is_told_of_as_well() {
    let subjects = |rule: &str, resource: &str| {
        let told = parsed(&explain(rule, resource, &["--format", "json"]));
        told["subjects"].as_array().expect("subjects").iter().map(|on| on["id"].as_str().expect("an id").to_owned()).collect::<Vec<_>>()
    };
    let writing = subjects("retention/never-expires", UNLOCKED);
    assert!(writing.len() > 1 && writing.iter().all(|id| id.contains(":backup-plan:") && id.contains('#')), "{writing:?}");
    let plan = writing[0].split('#').next().expect("an ARN");
    let rules = subjects("retention/never-expires", plan);
    assert!(!rules.is_empty() && rules.iter().all(|id| id.starts_with(&format!("{plan}#"))), "{rules:?}");
    assert_eq!(subjects("retention/never-expires", &rules[0]), [rules[0].clone()]);
    assert_eq!(subjects("job/failed-unlisted", "999988887777").len(), 1);
}

#[test]
fn what_cannot_be_told_is_an_error_that_helps() {
    assert_error(&backstop(&["explain", "vault-lock/mising"]), 2, "did you mean 'vault-lock/missing'?");
    assert_error(&backstop(&["explain", "vault-lock/missing", MENAGERIE]), 2, "--resource");
    assert_error(&backstop(&["explain", "vault-lock/missing", "--region", "us-east-1"]), 2, "no resource is named");
    assert_error(&explain("vault-lock/missing", "arn:aws:backup:ap-south-1:111122223333:backup-vault:x", &[]), 3, "was not observed");
    let clean = |resource: &str| {
        backstop(&["explain", "vault-lock/missing", "--resource", resource, "fixtures/clean.json", "--config", "fixtures/clean.toml"])
    };
    assert_error(&clean("nothing at all"), 2, "the rule judges vaults");
    assert_error(&backstop(&["explain", "vault-lock/missing", "--resource", UNLOCKED, "no-such.json"]), 2, "no-such.json");
}

#[test]
fn without_a_resource_it_is_the_page_that_rules_explain_prints() {
    let page = backstop(&["explain", "vault-lock/missing"]);
    assert!(stdout(&page).starts_with("# Vault is not locked\n"));
    assert_eq!(stdout(&page), stdout(&backstop(&["rules", "explain", "vault-lock/missing"])));
}

#[test]
fn the_json_is_what_its_schema_says() {
    let schema = parsed(&backstop(&["schema", "explain"]));
    let documents = [
        backstop(&["explain", "vault-lock/missing", "--format", "json"]),
        explain("vault-lock/missing", UNLOCKED, &["--format", "json"]),
        explain("retention/never-expires", UNLOCKED, &["--format", "json"]),
    ];
    documents.iter().for_each(|document| assert_described(&parsed(document), &schema, &schema));
}

#[test]
fn a_finding_names_the_line_that_declares_it() {
    let root = "fixtures/terraform/root/environments/prod";
    let flags = ["--terraform", root, "--assume-complete", "--default-account", "111122223333", "--default-region", "us-east-1"];
    let audited = backstop(&[&["audit", "--output", "json=-"][..], &flags].concat());
    let report: Value = serde_json::from_slice(&audited.stdout).expect("JSON");
    let failing = report["findings"].as_array().expect("findings").iter();
    let one = failing.clone().find(|finding| finding["verdict"] == "fail" && finding["declaration"].is_object()).expect("one is declared");
    let (rule, id) = (one["rule"].as_str().expect("a rule"), one["subject"]["id"].as_str().expect("an id"));
    let told = parsed(&backstop(&[&["explain", rule, "--resource", id, "--format", "json"][..], &flags].concat()));
    let lines: Vec<&Value> = told["subjects"][0]["declarations"].as_array().expect("lines").iter().map(|line| &line["line"]).collect();
    assert!(lines.contains(&&one["declaration"]["line"]), "{lines:?}");
}
