//! A person's first hour: the configuration that `init` writes, what `config show` says of it, completions and manual pages.

mod described;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use backstop::audit::Environments;
use backstop::config;
use backstop::policy::Library;
use described::assert_described;
use serde_json::Value;
use tempfile::TempDir;

fn backstop(directory: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_backstop"));
    command.args(arguments).current_dir(directory).env_clear().env("HOME", "/nonexistent").stdin(Stdio::null());
    command.output().expect("backstop starts")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("stdout is UTF-8")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("stderr is UTF-8")
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("it was not killed")
}

/// A directory above which no configuration is looked for.
fn repository() -> TempDir {
    let directory = TempDir::new().expect("a folder");
    fs::create_dir(directory.path().join(".git")).expect("made");
    directory
}

fn library() -> Library {
    Library::shipped().expect("the shipped rules load")
}

fn in_force(text: &str) -> Environments {
    config::apply(text, Path::new("backstop.toml"), library()).unwrap_or_else(|error| panic!("{error}\n{text}")).environments
}

/// The file with all that is commented out and looks like a setting.
fn uncommented(text: &str) -> String {
    let is_setting = |line: &str| {
        let rest = line.trim_start_matches("# ");
        rest.starts_with('[')
            || rest.split_once(" = ").is_some_and(|(name, _)| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'))
    };
    text.lines().map(|line| if is_setting(line) { line.trim_start_matches("# ") } else { line }.to_owned() + "\n").collect()
}

#[test]
fn what_init_writes_without_answers_changes_nothing() {
    let directory = repository();
    let output = backstop(directory.path(), &["init"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let text = fs::read_to_string(directory.path().join("backstop.toml")).expect("it was written");
    assert_eq!(in_force(&text), config::defaults(library()).environments);
    assert!(stderr(&output).contains("backstop config show"), "{}", stderr(&output));
}

#[test]
fn every_parameter_stands_in_it_with_its_defaults_and_taking_comment_signs_away_weakens_nothing() {
    let directory = repository();
    let text = stdout(&backstop(directory.path(), &["init", "--output", "-"]));
    let all = uncommented(&text);
    let file: toml::Table = toml::from_str(&all).expect("it is TOML");
    let parameters = file["parameters"].as_table().expect("parameters");
    for (name, definition) in &library().definitions {
        assert_eq!(serde_json::to_value(&parameters[name]).expect("JSON"), *definition.default_in(true), "{name}");
        let above = text.split(&format!("\n# {name} = ")).next().expect("it has a comment");
        let words =
            above.rsplit("\n\n").next().expect("a paragraph").lines().map(|line| line.trim_start_matches('#').trim()).collect::<Vec<_>>();
        let words = words.join(" ");
        assert!(words.contains(&definition.description) && words.contains("Default: "), "{name}: {words}");
        assert_eq!(words.contains(", in production "), definition.production.is_some(), "{name}: {words}");
    }
    let production = |environments: Environments| {
        environments.all.into_iter().find(|environment| environment.name == "production").expect("there is production").parameters
    };
    assert_eq!(production(in_force(&all)), production(config::defaults(library()).environments));
}

#[test]
fn the_answers_given_as_flags_are_in_force() {
    let directory = repository();
    let arguments = [
        "init",
        "--environment",
        "staging",
        "--not-production",
        "--account",
        "111122223333",
        "--account",
        "111122223333",
        "--tag",
        "Environment=staging",
        "--region",
        "eu-central-1",
        "--region",
        "us-gov-west-1",
        "--retention-days",
        "7",
    ];
    let output = backstop(directory.path(), &arguments);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let text = fs::read_to_string(directory.path().join("backstop.toml")).expect("it was written");
    let environments = in_force(&text);
    let staging = environments.all.iter().find(|environment| environment.name == "staging").expect("staging");
    assert!(!staging.is_production);
    assert_eq!((staging.accounts.as_slice(), &staging.tags["Environment"][..]), (&["111122223333".to_owned()][..], "staging"));
    assert_eq!(staging.parameters["retention_days"], 7);
    assert_eq!(environments.all[environments.default].name, "production", "what no account places stays production");
    for said in [text.clone(), stderr(&output)] {
        assert!(said.contains("backstop audit --region eu-central-1 --region us-gov-west-1"), "{said}");
    }
    assert_eq!(in_force(&uncommented(&text)).all.len(), 3, "the example goes beside the answers");
}

#[test]
fn an_environment_that_nothing_places_is_the_default_because_the_answers_would_be_void() {
    let directory = repository();
    for name in ["development", "qa.eu", "Größe"] {
        let text = stdout(&backstop(directory.path(), &["init", "-o", "-", "--environment", name, "--retention-days", "9"]));
        let environments = in_force(&text);
        let default = &environments.all[environments.default];
        assert_eq!((default.name.as_str(), default.is_production), (name, name != "development"));
        assert_eq!(default.parameters["retention_days"], 9);
    }
}

#[test]
fn a_file_that_is_there_is_left_as_it_is_unless_it_is_told() {
    let directory = repository();
    let path = directory.path().join("backstop.toml");
    fs::write(&path, "mine").expect("written");
    let output = backstop(directory.path(), &["init"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("is there already") && stderr(&output).contains("--force"), "{}", stderr(&output));
    assert_eq!(fs::read_to_string(&path).expect("there"), "mine");
    assert_eq!(code(&backstop(directory.path(), &["init", "--force"])), 0);
    in_force(&fs::read_to_string(&path).expect("there"));
    assert_eq!(fs::read_dir(directory.path()).expect("a folder").count(), 2, "something was left behind");
}

#[test]
fn a_wrong_answer_is_refused_before_anything_is_written() {
    let directory = repository();
    for (wrong, says) in [
        (["--retention-days", "0"], "whole days, at least 1"),
        (["--retention-days", "1.5"], "whole days, at least 1"),
        (["--account", "12"], "twelve digits"),
        (["--region", "us-east"], "us-east-1"),
        (["--tag", "=x"], "KEY=VALUE"),
        (["--environment", " "], "at least one character"),
        (["--output", "nowhere/backstop.toml"], "there is no directory 'nowhere'"),
    ] {
        let output = backstop(directory.path(), &[&["init"], &wrong[..]].concat());
        assert_eq!(code(&output), 2, "{wrong:?}");
        assert!(stderr(&output).contains(says), "{}", stderr(&output));
    }
    assert_eq!(fs::read_dir(directory.path()).expect("a folder").count(), 1);
}

#[test]
fn a_file_that_takes_the_place_of_another_says_so() {
    let directory = repository();
    fs::write(directory.path().join("backstop.toml"), "").expect("written");
    fs::create_dir(directory.path().join("below")).expect("made");
    let output = backstop(&directory.path().join("below"), &["init"]);
    assert!(stderr(&output).contains("takes the place of"), "{}", stderr(&output));
}

const FILE: &str = "waiver_max_days = 90\n\n[parameters]\nretention_days = 35\nrequired_tags = [\"a\\u001bb\"]\n\n[environments.staging]\nproduction = false\n\
    tags = { Environment = \"staging\" }\n\n[environments.staging.parameters]\nretention_days = 7\nweekly_schedule = \"cron(0 6 ? * 1 *)\"\n\n\
    [rules.\"retention/never-expires\"]\nseverity = \"low\"\n\n[rules.\"vault-lock/missing\"]\nenabled = false\n";

#[test]
fn the_text_of_config_show_is_a_configuration_that_says_the_same() {
    let directory = repository();
    fs::write(directory.path().join("backstop.toml"), FILE).expect("written");
    let shown = stdout(&backstop(directory.path(), &["config", "show"]));
    assert!(!shown.contains('\u{1b}'));
    let (before, after) = (FILE, shown.as_str());
    let read = |text: &str| config::apply(text, Path::new("backstop.toml"), library()).expect("it is valid");
    let (before, after) = (read(before), read(after));
    let named = |environments: &Environments| {
        let all: BTreeMap<_, _> = environments.all.iter().map(|environment| (environment.name.clone(), environment.clone())).collect();
        (all, environments.all[environments.default].name.clone())
    };
    assert_eq!(named(&before.environments), named(&after.environments));
    assert_eq!((before.disabled, before.waiver_terms), (after.disabled, after.waiver_terms));
    let severities = |library: &Library| library.rules.iter().map(|rule| (rule.id.clone(), rule.severity)).collect::<Vec<_>>();
    assert_eq!(severities(&before.library), severities(&after.library));
}

#[test]
fn config_show_says_of_each_value_where_it_comes_from() {
    let directory = repository();
    fs::write(directory.path().join("backstop.toml"), FILE).expect("written");
    let shown: Value = serde_json::from_slice(&backstop(directory.path(), &["config", "show", "--format", "json"]).stdout).expect("JSON");
    let schema: Value = serde_json::from_slice(&backstop(directory.path(), &["schema", "config-show"]).stdout).expect("JSON");
    assert_described(&shown, &schema, &schema);
    let environment =
        |name: &str| shown["environments"].as_array().expect("all").iter().find(|it| it["name"] == name).expect("it is there").clone();
    let (production, staging) = (environment("production"), environment("staging"));
    let file = |table: &str, line: usize| serde_json::json!({ "source": "file", "table": table, "line": line });
    let from = |set: &Value| {
        let mut set = set.as_object().expect("a value with its source").clone();
        set.remove("value").expect("a value");
        Value::Object(set)
    };
    assert_eq!(from(&shown["waiver_max_days"]), serde_json::json!({ "source": "file", "line": 1 }));
    assert_eq!(from(&shown["default_environment"])["source"], "default");
    assert_eq!(from(&production["parameters"]["retention_days"]), file("parameters", 4));
    assert_eq!(from(&production["parameters"]["require_lock"])["source"], "production_default");
    assert_eq!(from(&production["parameters"]["rpo_hours"])["source"], "default");
    assert_eq!(from(&staging["parameters"]["retention_days"]), file("environments.staging.parameters", 12));
    assert_eq!(from(&staging["parameters"]["require_lock"])["source"], "default");
    assert_eq!(from(&staging["tags"]), file("environments.staging", 9));
    assert_eq!(from(&shown["rules"]["retention/never-expires"]["severity"]), file("rules.\"retention/never-expires\"", 16));
    assert_eq!(from(&shown["rules"]["vault-lock/missing"]["enabled"]), file("rules.\"vault-lock/missing\"", 19));
    assert_eq!(shown["rules"]["vault-lock/missing"]["enabled"]["value"], false);
}

#[test]
fn what_holds_for_all_environments_holds_also_in_one_that_the_file_does_not_name() {
    let directory = repository();
    fs::write(directory.path().join("backstop.toml"), FILE).expect("written");
    let shown = stdout(&backstop(directory.path(), &["config", "show", "--environment", "development"]));
    assert!(shown.contains("judged as 'development'") && shown.contains("# --environment\n"), "{shown}");
    assert!(shown.contains("\nretention_days = 35 ") && shown.contains("# backstop.toml:4 [parameters]\n"), "{shown}");
    assert!(!shown.contains("[environments.staging]"), "{shown}");
    assert!(shown.contains("\nproduction = false "), "{shown}");
}

#[test]
fn without_a_file_config_show_says_where_it_looked_and_with_one_who_named_it() {
    let directory = repository();
    let below = directory.path().join("below");
    fs::create_dir(&below).expect("made");
    let shown = stdout(&backstop(&below, &["config", "show"]));
    let looked: Vec<&str> = shown.lines().filter(|line| line.starts_with("#   ")).collect();
    assert_eq!(looked.len(), 2, "{shown}");
    assert!(looked[0].ends_with("/below"), "{shown}");
    fs::write(below.join("x.toml"), "").expect("written");
    assert!(
        stdout(&backstop(&below, &["config", "show", "--config", "x.toml"])).starts_with("# Configuration: x.toml, which --config names.")
    );
    let mut command = Command::new(env!("CARGO_BIN_EXE_backstop"));
    command.args(["config", "show"]).current_dir(&below).env_clear().env("BACKSTOP_CONFIG", "x.toml");
    assert!(stdout(&command.output().expect("it runs")).starts_with("# Configuration: x.toml, which BACKSTOP_CONFIG names."));
    fs::write(directory.path().join("backstop.toml"), "").expect("written");
    assert!(stdout(&backstop(&below, &["config", "show"])).starts_with("# Configuration: ../backstop.toml, which was found."));
}

#[test]
fn mistakes_in_a_configuration_come_with_what_was_probably_meant() {
    let directory = repository();
    for (text, says) in [
        ("default_environment = \"stagng\"\n[environments.staging]\n", "1:23: there is no environment 'stagng'; did you mean 'staging'?"),
        ("[rules.vault-lock/missing]\n", "put the name in quotation marks: [rules.\"vault-lock/missing\"]"),
        ("[rules]\n\"vault-lock/missing\" = false\n", "2:24: invalid type: boolean `false`, expected a table"),
        ("[environments.a]\naccounts = \"111122223333\"\n", "2:12: invalid type: string \"111122223333\", expected a list"),
    ] {
        fs::write(directory.path().join("backstop.toml"), text).expect("written");
        let output = backstop(directory.path(), &["config", "show"]);
        assert_eq!((code(&output), stdout(&output).as_str()), (4, ""), "{text}");
        assert!(stderr(&output).contains(says), "{}", stderr(&output));
    }
    fs::write(directory.path().join("backstop.toml"), b"\xff\xfe").expect("written");
    assert_eq!(code(&backstop(directory.path(), &["config", "show"])), 4);
    assert!(stderr(&backstop(directory.path(), &["audit", "--demo", "--fail-on", "new:hgh"])).contains("did you mean 'high'?"));
}

#[test]
fn completions_know_verbs_flags_and_the_ids_of_rules() {
    let directory = repository();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = backstop(directory.path(), &["completions", shell]);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        let script = stdout(&output);
        assert!(script.contains("completions") && script.contains("retention-days"), "{shell}");
        // Elvish and PowerShell are told no values.
        assert_eq!(script.contains("vault-lock/missing"), !["powershell", "elvish"].contains(&shell), "{shell}");
    }
    let path = directory.path().join("completion.bash");
    fs::write(&path, backstop(directory.path(), &["completions", "bash"]).stdout).expect("written");
    let asked = "source completion.bash; COMP_WORDS=(backstop rules explain vault-lock/mi); COMP_CWORD=3; _backstop backstop vault-lock/mi explain; echo \"${COMPREPLY[@]}\"";
    let output = Command::new("bash").args(["--norc", "-c", asked]).current_dir(directory.path()).output().expect("bash");
    assert!(stdout(&output).split_whitespace().any(|word| word == "vault-lock/missing"), "{} {}", stdout(&output), stderr(&output));
}

#[test]
fn there_is_a_manual_page_for_each_verb_and_the_same_each_time() {
    let directory = repository();
    assert_eq!(code(&backstop(directory.path(), &["man", "--output", "man1"])), 0);
    let main = fs::read(directory.path().join("man1/backstop.1")).expect("the program's page");
    assert_eq!(backstop(directory.path(), &["man"]).stdout, main);
    let main = String::from_utf8(main).expect("text").replace("\\-", "-");
    for verb in backstop::cli::command(100).get_subcommands() {
        let name = format!("backstop-{}", verb.get_name());
        assert!(main.contains(&name), "{name}");
        let page = fs::read_to_string(directory.path().join(format!("man1/{name}.1"))).expect("its page");
        assert!(page.contains("\n.SH EXAMPLES\n.nf\nbackstop "), "{name}");
    }
    for section in ["SYNOPSIS", "COMMANDS", "OPTIONS", "EXAMPLES", "EXIT STATUS"] {
        assert_eq!(main.matches(&format!(".SH \"{section}\"")).count() + main.matches(&format!(".SH {section}\n")).count(), 1, "{section}");
    }
}
