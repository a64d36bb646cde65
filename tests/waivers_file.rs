//! What a person can get wrong in waivers.toml and backstop.toml, byte by byte: each is an error at its line, and nothing is written.

use std::process::{Command, Output};

use tempfile::TempDir;

const WORLD: &str = "fixtures/tattoo_directory_prod.json";

fn backstop(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_backstop")).env_clear().args(arguments).output().expect("it runs")
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_file_that_is_not_utf_8_is_an_error_at_its_line() {
    let directory = TempDir::new().expect("a directory");
    let path = directory.path().join("latin-1.toml").to_string_lossy().into_owned();
    std::fs::write(&path, b"# Ours.\n# Gr\xf6\xdfe\n").expect("written");
    for (flag, schema) in [("--waivers", "waivers"), ("--config", "config")] {
        let output = backstop(&["audit", WORLD, flag, &path]);
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(4), "{said}");
        assert!(said.contains("latin-1.toml:2:5: what stands here is not UTF-8"), "{said}");
        assert!(said.contains(&format!("`backstop schema {schema}`")) && output.stdout.is_empty(), "{said}");
    }
}

#[test]
fn a_day_is_a_day_of_the_calendar_however_it_is_quoted() {
    let directory = TempDir::new().expect("a directory");
    let path = directory.path().join("waivers.toml").to_string_lossy().into_owned();
    let with = |day: &str| {
        let text = format!("[[waiver]]\nrule = \"vault-lock/missing\"\nresource = \"*\"\nreason = \"moving\"\nexpires = {day}\n");
        std::fs::write(&path, text).expect("written");
        backstop(&["waive", "list", "--waivers", &path, "--as-of", "2026-11-22"])
    };
    for day in ["2028-02-29", "\"2028-02-29\"", "9999-12-31"] {
        let output = with(day);
        assert_eq!(output.status.code(), Some(0), "{day}: {}", stderr(&output));
    }
    for day in [
        "2027-02-29",
        "\"2027-02-29\"",
        "\"2026- 1-01\"",
        "\"+999-12-31\"",
        "\"2026-12-31T00:00:00Z\"",
        "2026-12-31T00:00:00+14:00",
        "1",
        "\"\"",
    ] {
        let output = with(day);
        assert_eq!(output.status.code(), Some(4), "{day}");
        assert!(stderr(&output).contains("waivers.toml:5:11: "), "{day}: {}", stderr(&output));
    }
}

#[test]
fn a_stanza_is_not_added_to_a_list_that_is_written_in_another_way() {
    let directory = TempDir::new().expect("a directory");
    let path = directory.path().join("waivers.toml").to_string_lossy().into_owned();
    let text = "waiver = [{ rule = \"vault-lock/missing\", resource = \"a\", reason = \"moving\", expires = 2027-01-01 }]\n";
    std::fs::write(&path, text).expect("written");
    let output = backstop(&["waive", "add", "vault-lock/missing", "b", "--reason", "moving", "--for", "3d", "--waivers", &path]);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert!(stderr(&output).contains("in another way than as stanzas"), "{}", stderr(&output));
    assert_eq!(std::fs::read_to_string(&path).expect("the file"), text);
}

#[test]
fn what_steers_a_terminal_stands_in_a_waiver_and_in_no_list() {
    let directory = TempDir::new().expect("a directory");
    let path = directory.path().join("waivers.toml").to_string_lossy().into_owned();
    let hostile = "a\"b\\c\n\"\"\"'''\u{1b}[31m\u{7f}\u{202e}\u{85}[[waiver]]";
    let output = backstop(&[
        "waive",
        "add",
        "vault-lock/missing",
        hostile,
        "--reason",
        hostile,
        "--approver",
        hostile,
        "--for",
        "3d",
        "--waivers",
        &path,
    ]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    for arguments in [&["waive", "list", "--waivers", &path][..], &["waive", "prune", "--as-of", "2099-01-01", "--waivers", &path]] {
        let output = backstop(arguments);
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &stderr(&output);
        assert!(output.status.success() && said.contains("vault-lock/missing"), "{said}");
        assert!(!said.contains(['\u{1b}', '\u{7f}', '\u{202e}', '\u{85}']), "{said:?}");
    }
    assert_eq!(std::fs::read_to_string(&path).expect("the file"), "");
}
