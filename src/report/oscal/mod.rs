//! OSCAL assessment results 1.1: observations, what they mean for clauses, and the risks of the rules that fail.
//! Model: <https://pages.nist.gov/OSCAL/resources/concepts/layer/assessment/assessment-results/>.
//!
//! - `observation`: what was seen, and of whom; an unknown is an observation and nothing else, because OSCAL has no state for it
//! - `finding`: what the observations mean for a clause
//! - `risk`: what stands open where a rule fails
//! - `kept`: where the bundle of evidence of the same run has what the observations rest on
//! - `control`: a clause as OSCAL can name it
//! - `values`: identities that stay the same across runs, and texts of the forms that OSCAL asks for

mod control;
mod finding;
mod kept;
mod observation;
mod risk;
mod values;

use std::io::{self, Write};
use std::rc::Rc;

use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use super::Report;
use control::Controls;
use finding::{Failures, Finding};
use kept::rlink;
use values::{property, text, uuid};

const OSCAL: &str = "1.1.3";

/// Writes the document; what there is one of for each finding is written as it is made, not gathered first.
pub fn write(report: &Report, mut out: impl Write) -> io::Result<()> {
    serde_json::to_writer(&mut out, &Document { assessment_results: AssessmentResults::of(report) })?;
    out.write_all(b"\n")
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Document<'r> {
    assessment_results: AssessmentResults<'r>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct AssessmentResults<'r> {
    uuid: String,
    metadata: Value,
    import_ap: Value,
    results: [Results<'r>; 1],
    back_matter: Value,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Results<'r> {
    uuid: String,
    title: &'static str,
    description: String,
    start: String,
    end: String,
    props: Vec<Value>,
    local_definitions: LocalDefinitions<'r>,
    reviewed_controls: Value,
    #[serde(skip_serializing_if = "Each::is_empty")]
    observations: Each<'r, Value>,
    #[serde(skip_serializing_if = "Each::is_empty")]
    risks: Each<'r, Value>,
    #[serde(skip_serializing_if = "Each::is_empty")]
    findings: Each<'r, Finding>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct LocalDefinitions<'r> {
    #[serde(skip_serializing_if = "Each::is_empty")]
    inventory_items: Each<'r, Value>,
    assessment_assets: Value,
}

/// A list that is made while it is written. OSCAL has no empty lists.
struct Each<'r, T>(Box<dyn Fn() -> Box<dyn Iterator<Item = T> + 'r> + 'r>);

impl<'r, T> Each<'r, T> {
    fn of<I: Iterator<Item = T> + 'r>(list: impl Fn() -> I + 'r) -> Self {
        Each(Box::new(move || Box::new(list())))
    }

    fn is_empty(&self) -> bool {
        (self.0)().next().is_none()
    }
}

impl<T: Serialize> Serialize for Each<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((self.0)())
    }
}

impl<'r> AssessmentResults<'r> {
    fn of(report: &'r Report<'r>) -> Self {
        let as_of = report.audit.as_of.to_string();
        let digest = &report.snapshot.digest;
        // The document is another one whenever what it says is: of another snapshot, moment, version or outcome.
        let content = format!("{digest}\n{as_of}\n{}\n{}", env!("CARGO_PKG_VERSION"), report.conclusion.reason);
        let mut observed = json!({
            "uuid": snapshot(report), "title": "The snapshot that was audited",
            "description": "A document of the schema backstop/snapshot/1, known by its SHA-256. Reports and bundles of the same run name it too.",
            "props": properties([property("snapshot-sha256", digest)]),
        });
        let mut further = Vec::new();
        if let Some(kept) = &report.snapshot.kept {
            observed["rlinks"] = json!(kept.documents().map(|(path, hash)| rlink(kept, path, hash)).collect::<Vec<_>>());
            further = kept::resources(report, kept);
        }
        let plan = json!({
            "uuid": uuid("plan"), "title": "The rules of Backstop",
            "description": "No assessment plan of OSCAL was given. What was assessed follows from the rules and their parameters, which the \
                            JSON report of the same run lists.",
        });
        let failures = Rc::new(Failures::of(report));
        let resources: Vec<Value> = [observed, plan].into_iter().chain(further).collect();
        AssessmentResults {
            uuid: uuid(&format!("document\n{content}")),
            metadata: json!({
                "title": "Audit of AWS Backup by Backstop", "last-modified": as_of, "version": as_of, "oscal-version": OSCAL,
            }),
            import_ap: json!({ "href": format!("#{}", uuid("plan")) }),
            results: [Results {
                uuid: uuid(&format!("results\n{content}")),
                title: "Verdicts of the rules on what backs up the organization",
                description: text(&report.conclusion.reason),
                start: as_of.clone(),
                end: as_of,
                props: properties([property("snapshot-sha256", digest), property("exit-code", &report.conclusion.exit.code().to_string())]),
                local_definitions: LocalDefinitions {
                    inventory_items: Each::of(move || observation::inventory(report)),
                    assessment_assets: assets(),
                },
                reviewed_controls: Controls::of(report).reviewed(),
                observations: Each::of(move || observation::observations(report)),
                risks: Each::of(move || risk::risks(report)),
                findings: Each::of(move || finding::findings(report, failures.clone())),
            }],
            back_matter: json!({ "resources": resources }),
        }
    }
}

/// The identity of what the observations rest on.
fn snapshot(report: &Report) -> String {
    uuid(&format!("snapshot\n{}", report.snapshot.digest))
}

fn assets() -> Value {
    json!({
        "components": [{
            "uuid": uuid("tool"), "type": "software", "title": "Backstop", "description": "Policy-as-code auditor for AWS Backup.",
            "props": [{ "name": "version", "value": env!("CARGO_PKG_VERSION") }],
            "status": { "state": "operational" },
        }],
        "assessment-platforms": [{ "uuid": uuid("platform"), "uses-components": [{ "component-uuid": uuid("tool") }] }],
    })
}

/// Who observed, found and judged.
fn origins() -> Value {
    json!([{ "actors": [{ "type": "tool", "actor-uuid": uuid("tool") }] }])
}

/// Those that have a value.
fn properties(given: impl IntoIterator<Item = Option<Value>>) -> Vec<Value> {
    given.into_iter().flatten().collect()
}
