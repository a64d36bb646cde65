//! Where a guide is tried: a directory of its own, an account that answers, and a shell that has `backstop` on its path.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use super::block::Block;
use super::server::Server;
use super::stand_ins::STAND_INS;
use super::store::Store;
use super::supplies::{self, SUPPLIES};

const PROGRAM: &str = env!("CARGO_BIN_EXE_backstop");

/// Notes each call with what it ended with.
const BACKSTOP: &str = r#"#!/usr/bin/env bash
"$GUIDE_PROGRAM" "$@"
code=$?
{ printf '%s' "$code"; for word; do printf '\037%s' "$word"; done; printf '\n'; } >>"$GUIDE_DIRECTORY/calls"
exit "$code"
"#;

const CREDENTIALS: &str = "[default]\naws_access_key_id = test\naws_secret_access_key = test\n
[audit]\naws_access_key_id = test\naws_secret_access_key = test\n";
const CONFIGURATION: &str = "[default]\nregion = us-east-1\n\n[profile audit]\nregion = us-east-1\n";

/// A call of `backstop` in a block.
pub struct Call {
    pub code: i32,
    pub words: Vec<String>,
}

impl Call {
    pub fn line(&self) -> String {
        self.words.join(" ")
    }
}

/// What became of a block.
pub struct Outcome {
    pub calls: Vec<Call>,
    pub output: Output,
    /// The shell came to the end of the block.
    pub is_whole: bool,
    /// Commands that are not ours and failed.
    pub failed: Vec<String>,
}

pub struct Scene {
    root: TempDir,
    server: Server,
    bucket: Store,
}

impl Scene {
    pub fn of(server: Server) -> Self {
        let scene = Scene { root: TempDir::new().expect("a directory"), server, bucket: Store::start() };
        for directory in ["bin", "home/.aws", "work"] {
            std::fs::create_dir_all(scene.root.path().join(directory)).expect("made");
        }
        for (name, text) in [("credentials", CREDENTIALS), ("config", CONFIGURATION)] {
            std::fs::write(scene.root.path().join("home/.aws").join(name), text).expect("written");
        }
        scene.program("backstop", BACKSTOP);
        for stand_in in STAND_INS {
            let text =
                format!("#!/usr/bin/env bash\nset -eu\necho {} >>\"$GUIDE_DIRECTORY/stand-ins\"\n{}", stand_in.program, stand_in.script);
            scene.program(stand_in.program, &text);
        }
        for file in ["calls", "failed", "stand-ins", "state"] {
            std::fs::write(scene.root.path().join(file), "").expect("written");
        }
        scene
    }

    fn program(&self, name: &str, text: &str) {
        let path = self.root.path().join("bin").join(name);
        std::fs::write(&path, text).expect("written");
        #[cfg(unix)]
        std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755)).expect("it can be run");
    }

    /// A file as the guide calls it.
    pub fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.root.path().join("work").join(name)
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.root.path().join(name)).expect("it is there")
    }

    /// The stand-ins that were called.
    pub fn stand_ins(&self) -> Vec<String> {
        self.read("stand-ins").lines().map(str::to_owned).collect()
    }

    /// The root of Terraform as it is on the branch that a change goes to.
    pub fn root_before(&self) -> String {
        supplies::branch(self);
        std::fs::remove_file(self.path(supplies::CHANGE)).expect("removed");
        self.path("environments/prod").to_string_lossy().into_owned()
    }

    /// Runs Backstop outside of a block, to make what a guide presupposes.
    pub fn make(&self, arguments: &[&str]) {
        let output = self.in_scene(PROGRAM).args(arguments).output().expect("it runs");
        let code = output.status.code();
        assert!(matches!(code, Some(0 | 1 | 3)), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    fn in_scene(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        let root = self.root.path();
        let path = format!("{}:{}", root.join("bin").display(), std::env::var("PATH").unwrap_or_default());
        command.env_clear().env("PATH", path).env("HOME", root.join("home")).env("TMPDIR", root).current_dir(root.join("work"));
        command
            .env("GUIDE_PROGRAM", PROGRAM)
            .env("GUIDE_DIRECTORY", root)
            .env("GUIDE_FIXTURES", std::env::current_dir().expect("here").join("fixtures"));
        command
            .env("AWS_ENDPOINT_URL", self.server.url())
            .env("AWS_ENDPOINT_URL_S3", self.bucket.url())
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("AWS_MAX_ATTEMPTS", "2");
        command.env("AWS_ID_TOKEN", "what GitLab gives a job").env("COLUMNS", "100").stdin(Stdio::null());
        command
    }

    /// Runs a block as somebody would who pastes it. Variables that it sets are there in the blocks after it.
    pub fn run(&self, block: &Block, text: &str) -> Outcome {
        for supply in SUPPLIES.iter().filter(|supply| text.contains(supply.path) && !self.path(supply.path).exists()) {
            std::fs::create_dir_all(self.path(supply.path).parent().expect("a directory")).expect("made");
            (supply.make)(self, supply.path);
        }
        let (calls, failed) = (self.read("calls").len(), self.read("failed").len());
        let is_set = |line: &str| {
            let name = line.split_once('=')?.0;
            (!name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')).then(|| name.to_owned())
        };
        let variables: Vec<String> = text.lines().filter_map(is_set).collect();
        let mut script =
            "trap 'printf \"%s\\n\" \"$BASH_COMMAND\" >>\"$GUIDE_DIRECTORY/failed\"' ERR\n. \"$GUIDE_DIRECTORY/state\"\n".to_owned();
        script += text;
        script += "trap - ERR\n";
        variables.iter().for_each(|name| script += &format!("declare -p {name} >>\"$GUIDE_DIRECTORY/state\"\n"));
        script += "touch \"$GUIDE_DIRECTORY/whole\"\n";
        let whole = self.root.path().join("whole");
        _ = std::fs::remove_file(&whole);
        let output = self.in_scene("bash").args(["-c", &script]).output().unwrap_or_else(|error| {
            panic!("the guides are for bash, and this test runs them: {error} ({})", block.place());
        });
        let call = |line: &str| {
            let mut words = line.split('\u{1f}').map(str::to_owned);
            Call { code: words.next().and_then(|code| code.parse().ok()).expect("an exit code"), words: words.collect() }
        };
        Outcome {
            calls: self.read("calls")[calls..].lines().map(call).collect(),
            failed: self.read("failed")[failed..].lines().map(str::to_owned).collect(),
            is_whole: whole.exists(),
            output,
        }
    }
}
