//! Where the bundle of evidence of the same run has what the observations rest on. Only names and hashes: the bundle may be moved, as long as
//! it lies beside the document.

use serde_json::{Value, json};

use super::values::uuid;
use crate::report::{Kept, Report};

/// A file of the bundle, known by its hash.
pub fn rlink(kept: &Kept, path: &str, hash: &str) -> Value {
    json!({ "href": kept.href(path), "media-type": "application/json", "hashes": [{ "algorithm": "SHA-256", "value": hash }] })
}

/// The JSON report and the manifest of the bundle.
pub fn resources(report: &Report, kept: &Kept) -> Vec<Value> {
    let resource = |id: String, title: &str, description: &str, path: &str| {
        let hash = kept.hash(path)?;
        Some(json!({ "uuid": id, "title": title, "description": description, "rlinks": [rlink(kept, path, hash)] }))
    };
    let of_report = resource(
        id_of_report(report),
        "The JSON report of the same run",
        "Every verdict with the fields that the rule was handed, under its fingerprint.",
        Kept::REPORT,
    );
    let of_manifest = resource(
        uuid(&format!("manifest\n{}", report.snapshot.digest)),
        "The manifest of the bundle of evidence",
        "The hashes of all its files. `backstop verify` checks the bundle against it, and judges its snapshot again.",
        Kept::MANIFEST,
    );
    of_report.into_iter().chain(of_manifest).collect()
}

/// The evidence that an observation has in the bundle.
pub fn evidence(report: &Report) -> Option<Value> {
    report.snapshot.kept.as_ref()?.hash(Kept::REPORT)?;
    Some(
        json!({ "href": format!("#{}", id_of_report(report)), "description": "The JSON report of the same run, in the bundle of evidence." }),
    )
}

fn id_of_report(report: &Report) -> String {
    uuid(&format!("report\n{}", report.snapshot.digest))
}
