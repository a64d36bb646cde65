//! What the guides presuppose: files that somebody who reads them has. Each is there from the block on that names it.

use std::path::Path;

use super::account;
use super::desk;
use super::scene::Scene;

pub struct Supply {
    /// As the guides call it.
    pub path: &'static str,
    pub make: fn(&Scene, &str),
}

/// Later ones may be made of earlier ones.
pub const SUPPLIES: &[Supply] = &[
    Supply { path: "snapshot.json", make: |scene, path| put(scene, path, &account::snapshot()) },
    Supply { path: "snapshots/2026-11-21.json.zst", make: |scene, path| put(scene, path, &account::day_before()) },
    Supply { path: "snapshots/2026-11-22.json.zst", make: |scene, path| put(scene, path, &desk::unlocked().to_string()) },
    Supply { path: "results/2026-11-21.json", make: |scene, path| judged(scene, path, &account::day_before()) },
    Supply { path: "monday.json", make: |scene, path| judged(scene, path, &account::day_before()) },
    Supply { path: "tuesday.json", make: |scene, path| judged(scene, path, &desk::unlocked().to_string()) },
    Supply { path: "environments/prod", make: |scene, _| branch(scene) },
    Supply { path: "plan.json", make: |scene, path| file(scene, path, "fixtures/terraform/prod.change.plan.json") },
    Supply { path: "prod.tfstate", make: |scene, path| file(scene, path, "fixtures/terraform/prod.tfstate") },
    Supply { path: "other.sarif", make: |scene, path| put(scene, path, OTHER_TOOL) },
    Supply { path: "proposed.toml", make: |scene, path| file(scene, path, "fixtures/menagerie.toml") },
];

/// A log whose result has no place.
const OTHER_TOOL: &str = r#"{"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [{
    "tool": {"driver": {"name": "other", "rules": [{"id": "bucket-public", "shortDescription": {"text": "A bucket is public"},
        "fullDescription": {"text": "A bucket is public"}, "help": {"text": "Block it."}}]}},
    "automationDetails": {"id": "other/"},
    "results": [{"ruleId": "bucket-public", "level": "error", "message": {"text": "Bucket 'logs' is public"},
        "partialFingerprints": {"primaryLocationLineHash": "1"}}]}]}"#;

/// What the branch changes.
pub const CHANGE: &str = "environments/prod/change.auto.tfvars";

fn put(scene: &Scene, path: &str, text: &str) {
    let bytes = match path.ends_with(".zst") {
        true => zstd::encode_all(text.as_bytes(), 0).expect("compressed"),
        false => text.as_bytes().to_vec(),
    };
    std::fs::write(scene.path(path), bytes).expect("written");
}

fn judged(scene: &Scene, path: &str, snapshot: &str) {
    put(scene, "made.json", snapshot);
    scene.make(&["audit", "made.json", "--output", &format!("json={path}")]);
    std::fs::remove_file(scene.path("made.json")).expect("removed");
}

fn file(scene: &Scene, path: &str, fixture: &str) {
    std::fs::copy(fixture, scene.path(path)).expect("copied");
}

/// A repository with a root of Terraform, on a branch that weakens the backups.
pub fn branch(scene: &Scene) {
    copy(Path::new("fixtures/terraform/root"), &scene.path(""));
    std::fs::create_dir(scene.path(".git")).expect("made");
    file(scene, CHANGE, "fixtures/terraform/root/environments/prod/change.tfvars");
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("made");
    for entry in std::fs::read_dir(from).expect("a directory") {
        let path = entry.expect("it can be read").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, target).expect("copied");
        }
    }
}
