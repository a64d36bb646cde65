//! Where nights are tried: worlds, a directory for what is made of them, and runs of the program.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;

pub const WORLD: &str = "fixtures/tattoo_directory_prod.json";

pub fn backstop(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_backstop")).args(arguments).env_clear().output().expect("it runs")
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[track_caller]
pub fn assert_code(output: &Output, code: i32) {
    assert_eq!(output.status.code(), Some(code), "{}{}", stdout(output), stderr(output));
    assert!(!stderr(output).contains("panicked"));
}

pub fn world() -> Value {
    serde_json::from_str(&std::fs::read_to_string(WORLD).expect("the world")).expect("JSON")
}

/// The world with one vault's lock gone.
pub fn unlocked() -> Value {
    let mut world = world();
    let vaults = world["Units"][0]["BackupVaults"].as_array_mut().expect("vaults");
    let vault = vaults.iter_mut().find(|vault| vault["Locked"] == json!(true)).expect("a locked vault");
    vault["Locked"] = json!(false);
    for member in ["MinRetentionDays", "MaxRetentionDays", "LockDate"] {
        vault.as_object_mut().expect("a vault").remove(member);
    }
    world
}

/// The world, of which nothing but the account was seen.
pub fn blind() -> Value {
    let mut world = world();
    let unit = &mut world["Units"][0];
    unit["Complete"] = json!([]);
    unit["BackupVaults"] = json!([]);
    world
}

pub struct Desk(TempDir);

impl Desk {
    pub fn new() -> Self {
        Desk(TempDir::new().expect("a directory"))
    }

    pub fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_string_lossy().into_owned()
    }

    pub fn put(&self, name: &str, document: &Value) -> String {
        std::fs::write(self.path(name), document.to_string()).expect("written");
        self.path(name)
    }

    /// The JSON report of a snapshot.
    pub fn report(&self, name: &str, snapshot: &str) -> String {
        let path = self.path(name);
        backstop(&["audit", snapshot, "--output", &format!("json={path}")]);
        assert!(Path::new(&path).is_file());
        path
    }

    pub fn text(&self, name: &str, text: &str) -> String {
        std::fs::write(self.path(name), text).expect("written");
        self.path(name)
    }

    pub fn bundle(&self, name: &str, audit: &[&str]) -> String {
        let path = self.path(name);
        let target = format!("bundle={path}");
        let output = backstop(&[&["audit"][..], audit, &["--output", &target]].concat());
        assert!(Path::new(&path).exists(), "{}", stderr(&output));
        path
    }
}

pub const WAIVER: &str = r#"[[waiver]]
rule = "vault-lock/missing"
resource = "*:backup-vault:tattoo-directory-prod-replica"
reason = "until the move"
expires = 2027-03-01
"#;

/// A small world, with its configuration.
pub const SMALL: [&str; 3] = ["fixtures/half_blind.json", "--config", "fixtures/half_blind.toml"];
pub const SEED: &str = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
pub const PUBLIC: &str = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

pub fn files(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory).expect("a directory").flatten() {
        if entry.path().is_dir() { found.extend(files(&entry.path())) } else { found.push(entry.path()) }
    }
    found.sort();
    found
}

pub fn verify(arguments: &[&str]) -> Output {
    backstop(&[&["verify"][..], arguments].concat())
}
