//! Bundles of evidence and `backstop verify`: the same bytes each time, and every change is told.

use std::path::Path;

use backstop::evidence::{ENVELOPE, Files, MANIFEST, Manifest, SEAL, close};
use serde_json::json;

use crate::desk::*;

#[test]
fn a_bundle_is_the_same_bytes_each_time_and_is_judged_again_to_the_same_reports() {
    let desk = Desk::new();
    let (key, public) = (desk.text("key", SEED), desk.text("public", PUBLIC));
    let signed = [&SMALL[..], &["--sign-key", &key]].concat();
    let (first, second) = (desk.bundle("a.tar.zst", &signed), desk.bundle("b.tar.zst", &signed));
    assert_eq!(std::fs::read(&first).expect("the bundle"), std::fs::read(second).expect("the bundle"));
    let directory = desk.bundle("c", &signed);
    for bundle in [&first, &directory] {
        let output = verify(&[bundle, "--public-key", &public]);
        assert_code(&output, 0);
        let said = stdout(&output);
        assert!(said.contains("comes to the same reports") && said.contains("The key that was given signed it."), "{said}");
    }
    assert_eq!(
        std::fs::read(Path::new(&directory).join("snapshot.json")).expect("the snapshot"),
        std::fs::read(SMALL[0]).expect("the world"),
        "the bytes that were judged"
    );
    let other = desk.text("other", &"1".repeat(64));
    let output = verify(&[&first, "--public-key", &other]);
    assert_code(&output, 1);
    assert!(stdout(&output).contains("manifest.dsse.json"), "{}", stdout(&output));
    // Neither evidence nor a key is ever written over.
    let output = backstop(&["audit", WORLD, "--output", &format!("bundle={first}")]);
    assert_code(&output, 2);
    assert!(stderr(&output).contains("never written over"), "{}", stderr(&output));
}

#[test]
fn a_bundle_of_everything_that_a_run_can_be_told_is_judged_again() {
    let desk = Desk::new();
    let plan = [WORLD, "--terraform-plan", "fixtures/terraform/prod.change.plan.json", "--by", "resource"];
    let changed = desk.put("changed.json", &unlocked());
    let report = desk.report("former.json", &changed);
    let compared = [WORLD, "--baseline", &report, "--environment", "development", "--fail-on", "high", "--fail-on", "new:low"];
    let two = desk.path("two");
    std::fs::create_dir(&two).expect("a directory");
    let mut world = world();
    for unit in world["Units"].as_array().cloned().expect("units") {
        let name = format!("{}.json", unit["Region"].as_str().expect("a Region"));
        world["Units"] = json!([unit]);
        std::fs::write(Path::new(&two).join(name), world.to_string()).expect("written");
    }
    for (name, audit) in [("plan", &plan[..]), ("compared", &compared), ("directory", &[two.as_str()])] {
        let output = verify(&[&desk.bundle(name, audit)]);
        assert_code(&output, 0);
        assert!(stdout(&output).contains("comes to the same reports"), "{name}: {}", stdout(&output));
    }
}

/// Every byte of each kind of file is tried in the unit tests; here, that the program names the file.
#[test]
fn a_changed_byte_is_told_with_its_file() {
    let desk = Desk::new();
    let key = desk.text("key", SEED);
    let signed = [&SMALL[..], &["--sign-key", &key]].concat();
    let directory = desk.bundle("bundle", &signed);
    let root = Path::new(&directory);
    let policies = files(&root.join("policies"));
    let others = files(root).into_iter().filter(|path| !path.starts_with(root.join("policies")));
    for path in others.chain(policies.into_iter().take(1)) {
        let was = std::fs::read(&path).expect("a file");
        let mut changed = was.clone();
        let middle = changed.len() / 2;
        changed[middle] ^= 1;
        std::fs::write(&path, &changed).expect("written");
        let output = verify(&[&directory]);
        assert_code(&output, 1);
        let name = path.strip_prefix(root).expect("below it").to_string_lossy().into_owned();
        let told: Vec<String> = stdout(&output).lines().skip(1).map(str::to_owned).collect();
        assert!(told.len() == 1 && told[0].starts_with(&format!("  {name}: ")), "{name}: {told:?}");
        std::fs::write(&path, was).expect("written");
    }
    let archive = desk.bundle("bundle.tar.zst", &SMALL);
    let was = std::fs::read(&archive).expect("the bundle");
    for at in (0..8).chain((8..was.len()).step_by(was.len() / 12)).chain(was.len() - 4..was.len()) {
        let mut changed = was.clone();
        changed[at] ^= 0x10;
        std::fs::write(&archive, changed).expect("written");
        let output = verify(&[&archive]);
        assert_code(&output, 1);
        assert!(stdout(&output).contains("bundle.tar.zst"), "byte {at}: {}", stdout(&output));
    }
}

/// Changes the files of a bundle and makes all hashes anew.
fn forge(directory: &str, change: impl FnOnce(&mut Files)) {
    let root = Path::new(directory);
    let mut bundle: Files = files(root)
        .into_iter()
        .map(|path| (path.strip_prefix(root).expect("below it").to_string_lossy().into_owned(), std::fs::read(path).expect("a file")))
        .collect();
    let manifest = Manifest::parse(&bundle[MANIFEST]).expect("a manifest");
    for own in [ENVELOPE, MANIFEST, SEAL] {
        bundle.remove(own);
    }
    change(&mut bundle);
    let forged = Manifest::of(&bundle, manifest.as_of, manifest.conclusion, manifest.previous);
    let (bundle, _) = close(bundle, &forged, None);
    std::fs::remove_dir_all(root).expect("removed");
    for (name, bytes) in bundle {
        let path = root.join(name);
        std::fs::create_dir_all(path.parent().expect("a directory")).expect("made");
        std::fs::write(path, bytes).expect("written");
    }
}

#[test]
fn a_bundle_holds_the_waivers_in_force_and_is_judged_again_with_them() {
    let desk = Desk::new();
    let waivers = desk.text("accepted.toml", WAIVER);
    let directory = desk.bundle("bundle", &[WORLD, "--waivers", &waivers]);
    let report = std::fs::read_to_string(Path::new(&directory).join("reports/report.json")).expect("the report");
    assert!(report.contains("until the move"), "{report}");
    let output = verify(&[&directory]);
    assert_code(&output, 0);
    let said = stdout(&output);
    assert!(said.contains("comes to the same reports") && said.contains("1 finding is waived."), "{said}");
    forge(&directory, |bundle| {
        let kept = bundle.insert("waivers.toml".to_owned(), Vec::new());
        assert_eq!(kept.as_deref(), Some(WAIVER.as_bytes()));
    });
    let output = verify(&[&directory]);
    assert_code(&output, 1);
    assert!(stdout(&output).contains("reports/report.json: judged again"), "{}", stdout(&output));
    forge(&directory, |bundle| _ = bundle.remove("waivers.toml"));
    let output = verify(&[&directory]);
    assert_code(&output, 4);
    assert!(stderr(&output).contains("waivers.toml"), "{}", stderr(&output));
}

/// Whoever changes a report and makes all hashes anew is told by the snapshot.
#[test]
fn a_report_that_the_snapshot_does_not_come_to_is_told() {
    let desk = Desk::new();
    let directory = desk.bundle("bundle", &SMALL);
    forge(&directory, |bundle| {
        let report = bundle.get_mut("reports/report.json").expect("the report");
        let text = String::from_utf8(report.clone()).expect("a text");
        assert!(text.contains("\"verdict\":\"unknown\""));
        *report = text.replacen("\"verdict\":\"unknown\"", "\"verdict\":\"pass\"", 1).into_bytes();
    });
    let output = verify(&[&directory]);
    assert_code(&output, 1);
    assert!(stdout(&output).contains("reports/report.json: judged again"), "{}", stdout(&output));
}
