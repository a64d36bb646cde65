//! A bundle of evidence: all that a verdict rests on, and the reports that can be made of it again.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::output::ARCHIVE;
use super::waivers;
use crate::audit::{self, Audit, Baseline, Comparison, Gate, Waivers, Waivings};
use crate::config::{self, InForce, WAIVERS_FILE};
use crate::error::Error;
use crate::evidence::{self, Conclusion, Files, Manifest, SigningKey};
use crate::facts::{self, Irreversible};
use crate::policy::{Library, Severity};
use crate::report::{self, By, Kept, Report, SnapshotSummary};
use crate::snapshot::{self, Declaration, Timestamp};

const INPUTS: &str = "inputs.json";
const CONFIGURATION: &str = "backstop.toml";
const POLICIES: &str = "policies/";

/// What a run was told besides the snapshot, the rules and the configuration.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inputs {
    pub as_of: Timestamp,
    /// The environment that everything was judged as.
    pub environment: Option<String>,
    /// What reports call the waivers file, where there is one.
    pub waivers: Option<String>,
    pub gate: Gate,
    pub by: By,
    /// What it was compared with.
    pub former: Option<Compared>,
    pub irreversible: Vec<Irreversible>,
    pub notices: Vec<String>,
    pub declarations: BTreeMap<String, Declaration>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Compared {
    baseline: Baseline,
    changed_is_introduced: bool,
    still_counts: Option<Severity>,
}

impl Compared {
    pub fn of(comparison: &Comparison) -> Self {
        let Comparison { changed_is_introduced, still_counts, .. } = *comparison;
        Compared { baseline: comparison.baseline().clone(), changed_is_introduced, still_counts }
    }

    fn with(self, audit: &Audit) -> Comparison {
        let mut comparison = Comparison::new(self.baseline, audit, self.changed_is_introduced);
        comparison.still_counts = self.still_counts;
        comparison
    }
}

/// A bundle that is to be made.
pub struct Evidence {
    pub inputs: Inputs,
    /// The snapshot, byte by byte.
    pub documents: Files,
    /// The hash of the manifest before.
    pub previous: Option<String>,
    pub key: Option<SigningKey>,
}

impl Evidence {
    pub fn bundle(&self, report: &Report, policy: &InForce) -> Result<Bundle, Error> {
        let (files, manifest) = parts(self.documents.clone(), &self.inputs, self.previous.clone(), report, policy)?;
        let (files, hash) = evidence::close(files, &manifest, self.key.as_ref());
        Ok(Bundle { files, manifest, hash })
    }
}

/// A whole bundle.
pub struct Bundle {
    pub files: Files,
    manifest: Manifest,
    /// Of the manifest.
    pub hash: String,
}

impl Bundle {
    /// What reports beside it say of it: not where it lies, only what it is called.
    pub fn kept(&self, path: &Path) -> Option<Kept> {
        let name = path.file_name()?.to_string_lossy().into_owned();
        let mut files: BTreeMap<String, String> = self.manifest.files.iter().map(|part| (part.path.clone(), part.sha256.clone())).collect();
        files.insert(Kept::MANIFEST.to_owned(), self.hash.clone());
        Some(Kept { is_archive: name.ends_with(ARCHIVE), name, files })
    }
}

/// Everything but manifest, signature and seal; and the manifest.
fn parts(
    documents: Files,
    inputs: &Inputs,
    previous: Option<String>,
    report: &Report,
    policy: &InForce,
) -> Result<(Files, Manifest), Error> {
    let unwritten = |source: std::io::Error| Error::Output { path: "bundle".into(), source };
    let mut files = documents;
    files.insert(INPUTS.to_owned(), pretty(&json!(inputs)));
    files.extend(policy.text.iter().map(|text| (CONFIGURATION.to_owned(), text.clone().into_bytes())));
    files.extend(report.audit.waivers.waivers.map(|waivers| (WAIVERS_FILE.to_owned(), waivers.text.clone().into_bytes())));
    for (path, text) in Library::shipped_files().into_iter().filter(|(path, _)| !path.ends_with("_test.rego")) {
        files.insert(format!("{POLICIES}{path}"), text.into_bytes());
    }
    let severities: BTreeMap<&str, Severity> = policy.library.rules.iter().map(|rule| (rule.id.as_str(), rule.severity)).collect();
    let in_force = json!({ "environments": policy.environments, "severities": severities, "disabled_rules": policy.disabled });
    files.insert("parameters.json".to_owned(), pretty(&in_force));
    // Most of the time that a bundle takes goes into these two.
    let (json, sarif) = std::thread::scope(|scope| {
        let sarif = scope.spawn(|| report::sarif::render(report).map_err(std::io::Error::other));
        let mut json = Vec::new();
        let written = report::json::write(report, inputs.by, &mut json).map(|()| json);
        (written, sarif.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    });
    files.insert(Kept::REPORT.to_owned(), json.map_err(unwritten)?);
    files.insert("reports/report.sarif".to_owned(), sarif.map_err(unwritten)?);
    let conclusion = Conclusion { exit_code: report.conclusion.exit.code(), reason: report.conclusion.reason.clone() };
    let manifest = Manifest::of(&files, inputs.as_of, conclusion, previous);
    Ok((files, manifest))
}

fn pretty(value: &serde_json::Value) -> Vec<u8> {
    format!("{value:#}\n").into_bytes()
}

/// Whether this program would come to the same.
pub enum Again {
    Same,
    /// By the paths of the files that come out otherwise.
    Other(Vec<String>),
    /// Another version made it, or other rules.
    Cannot(String),
}

/// Judges the bundle's snapshot once more. Of the rules that it holds none is run: they must be those of this program.
pub fn again(files: &Files, manifest: &Manifest) -> Result<Again, Error> {
    if !manifest.is_of_this_version() {
        return Ok(Again::Cannot(format!("version {} of Backstop made it, and this is {}", manifest.backstop, env!("CARGO_PKG_VERSION"))));
    }
    let shipped = Library::shipped_files();
    let differs = |(path, bytes): (&String, &Vec<u8>)| {
        path.strip_prefix(POLICIES).is_some_and(|path| shipped.get(path).is_none_or(|text| text.as_bytes() != bytes.as_slice()))
    };
    if files.iter().any(differs) {
        return Ok(Again::Cannot("its rules are not those of this version".to_owned()));
    }
    let wrong = |message: String| Error::Bundle { path: INPUTS.into(), message };
    let inputs = files.get(INPUTS).ok_or_else(|| wrong("it is missing".to_owned()))?;
    let inputs: Inputs = serde_json::from_slice(inputs).map_err(|error| wrong(error.to_string()))?;
    let documents: Files =
        files.iter().filter(|(path, _)| path.starts_with("snapshot")).map(|(path, bytes)| (path.clone(), bytes.clone())).collect();
    let reading = snapshot::from_documents(&documents)?;
    let policy = policy(files, inputs.environment.as_deref())?;
    let waivers = inputs.waivers.as_deref().map(|file| waivers_of(files, file, &policy)).transpose()?;

    let subjects = facts::derive(&reading.snapshot, inputs.as_of);
    let mut judged = audit::judge(&subjects, &policy.library, &policy.environments, inputs.as_of)?;
    judged.disabled = policy.disabled.clone();
    if let Some(waivers) = &waivers {
        judged.waivers = Waivings::of(&judged, waivers, &reading.snapshot.units);
    }
    let comparison = inputs.former.clone().map(|former| former.with(&judged));
    let report = Report {
        audit: &judged,
        library: &policy.library,
        conclusion: &inputs.gate.conclude(&judged, comparison.as_ref()),
        snapshot: SnapshotSummary::of(&reading.snapshot, reading.sha256.clone()),
        comparison: comparison.as_ref(),
        irreversible: &inputs.irreversible,
        notices: &inputs.notices,
        declarations: &inputs.declarations,
    };
    let (made, remade) = parts(documents, &inputs, manifest.previous.clone(), &report, &policy)?;
    let mut other: Vec<String> =
        made.iter().filter(|(path, bytes)| files.get(*path) != Some(bytes)).map(|(path, _)| path.clone()).collect();
    if other.is_empty() && remade != *manifest {
        other.push(evidence::MANIFEST.to_owned());
    }
    Ok(if other.is_empty() { Again::Same } else { Again::Other(other) })
}

/// The waivers file that reports call `file`.
fn waivers_of(files: &Files, file: &str, policy: &InForce) -> Result<Waivers, Error> {
    let wrong = |message: &str| Error::Bundle { path: WAIVERS_FILE.into(), message: message.to_owned() };
    let bytes = files.get(WAIVERS_FILE).ok_or_else(|| wrong("it is missing"))?;
    let text = std::str::from_utf8(bytes).map_err(|_| wrong("it is no text"))?;
    waivers::of(file.to_owned(), text.to_owned(), policy)
}

fn policy(files: &Files, environment: Option<&str>) -> Result<InForce, Error> {
    let library = Library::shipped()?;
    let mut policy = match files.get(CONFIGURATION) {
        Some(bytes) => {
            let wrong = |_| Error::Bundle { path: CONFIGURATION.into(), message: "it is no text".to_owned() };
            config::apply(std::str::from_utf8(bytes).map_err(wrong)?, Path::new(CONFIGURATION), library)?
        }
        None => config::defaults(library),
    };
    if let Some(name) = environment {
        config::force(&mut policy, name).map_err(|message| Error::Bundle { path: INPUTS.into(), message })?;
    }
    Ok(policy)
}
