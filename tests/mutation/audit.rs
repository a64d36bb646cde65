//! One `backstop audit` of a live world, and what is looked at afterwards.

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Command, Output};

use serde_json::Value;

use crate::server::Server;

/// A world, and how it is looked at.
pub struct Sight {
    pub name: &'static str,
    pub world: Value,
    pub page_size: usize,
    pub arguments: Vec<&'static str>,
    /// The exit code with full sight.
    pub code: i32,
    /// The ways to go wrong that are tried; empty: all.
    pub ways: Vec<&'static str>,
    /// The fewest operations that a whole look takes.
    pub operations: usize,
}

pub struct Audit {
    pub code: i32,
    pub stderr: String,
    /// By rule and subject; a subject can be judged more than once, and then the worst counts.
    pub verdicts: BTreeMap<(String, String), String>,
    /// Operations that the report says were not answered, with IAM's prefix.
    pub not_ok: BTreeSet<String>,
}

fn output(server: &Server, sight: &Sight) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_backstop"));
    command.env_clear().env("HOME", "/nonexistent").env("AWS_EC2_METADATA_DISABLED", "true").env("AWS_MAX_ATTEMPTS", "2");
    command.env("AWS_ENDPOINT_URL", server.url()).env("AWS_ACCESS_KEY_ID", "test").env("AWS_SECRET_ACCESS_KEY", "test");
    let arguments = ["--as-of", "2026-11-22T09:00:00Z", "--output", "json=-"];
    command.arg("audit").args(&sight.arguments).args(arguments).output().expect("it runs")
}

/// The exit code, and what was said.
pub fn run(server: &Server, sight: &Sight) -> (i32, String) {
    let output = output(server, sight);
    (output.status.code().expect("it was not killed"), String::from_utf8_lossy(&output.stderr).into_owned())
}

pub fn audit(server: &Server, sight: &Sight) -> Audit {
    let output = output(server, sight);
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!stderr.contains("panicked"), "{stderr}");
    let code = output.status.code().expect("it was not killed");
    let mut audit = Audit { code, stderr, verdicts: BTreeMap::new(), not_ok: BTreeSet::new() };
    // Nothing is reported where nothing was worth reporting.
    let Ok(report) = serde_json::from_slice::<Value>(&output.stdout) else {
        assert_eq!(code, 5, "{}", audit.stderr);
        return audit;
    };
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    for finding in report["findings"].as_array().expect("findings") {
        audit.verdicts.insert((text(&finding["rule"]), text(&finding["subject"]["id"])), text(&finding["verdict"]));
    }
    let units = report["snapshot"]["units"].as_array().expect("units");
    let not_ok = units.iter().flat_map(|unit| unit["calls_not_ok"].as_array().expect("calls"));
    audit.not_ok = not_ok.map(|call| format!("{}:{}", text(&call["Service"]), text(&call["Operation"]))).collect();
    audit
}

impl Audit {
    /// Verdicts that full sight did not give.
    pub fn invented(&self, full: &Audit) -> Vec<String> {
        let said = |verdict: &str| verdict == "pass" || verdict == "fail";
        self.verdicts
            .iter()
            .filter(|(key, verdict)| said(verdict) && full.verdicts.get(*key) != Some(verdict))
            .map(|((rule, subject), verdict)| {
                format!("{rule} on {subject} is {verdict}, and was {:?}", full.verdicts.get(&(rule.clone(), subject.clone())))
            })
            .collect()
    }

    /// What the verdicts come to, whatever the process said.
    pub fn right_code(&self) -> i32 {
        let any = |wanted: &str| self.verdicts.values().any(|verdict| verdict == wanted);
        if any("fail") {
            1
        } else if any("unknown") {
            3
        } else {
            0
        }
    }
}
