//! A run of `backstop collect` against the test server, and what is looked at afterwards.

use std::path::Path;
use std::process::Command;

use backstop::snapshot;
use serde_json::{Value, json};

use crate::server::Server;
use crate::server::faults::Fault;

pub const HOME: &str = "eu-central-1";
pub const OTHER: &str = "eu-west-1";
/// Small, so that every listing has several pages.
pub const PAGE: usize = 2;

/// Collections and the operation that lists each.
pub const LISTED_BY: [(&str, &str); 12] = [
    ("BackupVaults", "ListBackupVaults"),
    ("BackupPlans", "ListBackupPlans"),
    ("RecoveryPoints", "ListRecoveryPointsByBackupVault"),
    ("Keys", "DescribeKey"),
    ("Resources", "GetResources"),
    ("ProtectedResources", "ListProtectedResources"),
    ("BackupJobs", "ListBackupJobs"),
    ("CopyJobs", "ListCopyJobs"),
    ("RestoreJobs", "ListRestoreJobs"),
    ("RegionSettings", "DescribeRegionSettings"),
    ("GlobalSettings", "DescribeGlobalSettings"),
    ("SupportedResourceTypes", "GetSupportedResourceTypes"),
];

pub fn world() -> Value {
    serde_json::from_str(include_str!("../server/world.json")).unwrap()
}

/// The world, but for the table, the topic and the trail that nobody may look into: rules rest on them.
pub fn open_world() -> Value {
    let mut world = world();
    let described =
        json!({"ContinuousBackupsStatus": "ENABLED", "PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": "DISABLED"}});
    for table in world["Units"].as_array_mut().unwrap().iter_mut().flat_map(|unit| unit["Tables"].as_array_mut()).flatten() {
        table.as_object_mut().unwrap().entry("ContinuousBackupsDescription").or_insert_with(|| described.clone());
    }
    for (list, member) in [("Topics", "Subscriptions"), ("Trails", "EventSelectors")] {
        for it in world["Units"].as_array_mut().unwrap().iter_mut().flat_map(|unit| unit[list].as_array_mut()).flatten() {
            let object = it.as_object_mut().unwrap();
            if !object.contains_key("AdvancedEventSelectors") {
                object.entry(member).or_insert_with(|| json!([]));
            }
        }
    }
    world
}

pub fn serve(faults: Vec<Fault>) -> Server {
    Server::start(world(), faults, PAGE)
}

/// What a run left behind.
pub struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
    pub directory: tempfile::TempDir,
}

impl Run {
    pub fn text(&self) -> String {
        std::fs::read_to_string(self.directory.path().join("snapshot.json")).expect("a snapshot was written")
    }

    pub fn document(&self) -> Value {
        assert_eq!(self.code, 0, "{}", self.stderr);
        let text = self.text();
        snapshot::from_slice(text.as_bytes(), Path::new("snapshot.json")).expect("the snapshot's own types read it");
        serde_json::from_str(&text).unwrap()
    }

    /// The first unit.
    pub fn unit(&self) -> Value {
        self.document()["Units"][0].clone()
    }

    pub fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.directory.path()).unwrap();
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
    }
}

pub const CREDENTIALS: [(&str, &str); 2] = [("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test")];

pub fn run(server: &Server, arguments: &[&str]) -> Run {
    run_in(server, arguments, &[&CREDENTIALS[..], &[("AWS_REGION", HOME)]].concat())
}

pub fn run_in(server: &Server, arguments: &[&str], environment: &[(&str, &str)]) -> Run {
    run_at(server, arguments, environment, tempfile::tempdir().unwrap())
}

/// Runs where another run has left something.
pub fn run_at(server: &Server, arguments: &[&str], environment: &[(&str, &str)], directory: tempfile::TempDir) -> Run {
    let output = command(server, arguments, environment, directory.path()).output().unwrap();
    Run {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
        directory,
    }
}

pub fn command(server: &Server, arguments: &[&str], environment: &[(&str, &str)], directory: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_backstop"));
    command.env_clear().current_dir(directory);
    command.env("HOME", directory).env("AWS_ENDPOINT_URL", server.url()).env("AWS_EC2_METADATA_DISABLED", "true");
    // One attempt, unless a test is about another: nobody wants to wait for retries that cannot help.
    command.env("AWS_MAX_ATTEMPTS", "1").envs(environment.iter().copied()).arg("collect").args(arguments);
    if !arguments.contains(&"-o") {
        command.args(["-o", "snapshot.json"]);
    }
    command
}

pub fn calls<'a>(unit: &'a Value, operation: &str) -> Vec<&'a Value> {
    unit["Calls"].as_array().unwrap().iter().filter(|call| call["Operation"] == operation).collect()
}

pub fn call<'a>(unit: &'a Value, operation: &str, subject: &str) -> &'a Value {
    calls(unit, operation).into_iter().find(|call| call["Subject"] == subject).unwrap()
}

pub fn is_complete(unit: &Value, collection: &str) -> bool {
    unit["Complete"].as_array().unwrap().iter().any(|complete| complete == collection)
}

pub fn vault<'a>(unit: &'a Value, name: &str) -> &'a Value {
    unit["BackupVaults"].as_array().unwrap().iter().find(|vault| vault["BackupVaultName"] == name).unwrap()
}

pub fn key<'a>(unit: &'a Value, id: &str) -> &'a Value {
    unit["Keys"].as_array().unwrap().iter().find(|key| key["KeyId"].as_str().unwrap().starts_with(id)).unwrap()
}
