//! Nights that are compared and kept, and the evidence of them: `--fail-on new:` and `--history` here; `diff`, bundles and `verify` below.

#[path = "nights/bundles.rs"]
mod bundles;
#[path = "nights/desk.rs"]
mod desk;
#[path = "nights/told_apart.rs"]
mod told_apart;

use std::path::Path;

use desk::*;
use serde_json::Value;

#[test]
fn new_levels_count_only_what_is_new_and_plain_ones_beside_them_everything() {
    let desk = Desk::new();
    let report = desk.report("former.json", WORLD);
    let changed = desk.put("changed.json", &unlocked());
    let audit = |snapshot: &str, levels: &[&str]| {
        let mut arguments = vec!["audit", snapshot, "--baseline", &report, "--fail-on-unknown=never"];
        arguments.extend(levels.iter().flat_map(|level| ["--fail-on", level]));
        backstop(&arguments)
    };
    assert_code(&audit(WORLD, &["new:low"]), 0);
    let output = audit(&changed, &["new:medium"]);
    assert_code(&output, 1);
    assert!(stdout(&output).starts_with("Failed: ") && stdout(&output).contains("new finding"), "{}", stdout(&output));
    // What was there before counts again at its own level, and is shown.
    let output = audit(WORLD, &["high", "new:medium"]);
    assert_code(&output, 1);
    let said = stdout(&output);
    assert!(said.contains(", 0 of them new, at or above 'high', or 'medium' where new."), "{said}");
    assert!(said.contains("HIGH:") || said.contains("CRITICAL:"), "{said}");
    let output = audit(&changed, &["low", "new:high"]);
    assert!(stdout(&output).contains("of them new, at or above 'low'."), "{}", stdout(&output));
}

#[test]
fn new_without_anything_to_compare_with_is_a_usage_error() {
    let output = backstop(&["audit", WORLD, "--fail-on", "new:medium"]);
    assert_code(&output, 2);
    assert!(stderr(&output).contains("help: ") && stdout(&output).is_empty(), "{}", stderr(&output));
    assert_code(&backstop(&["audit", WORLD, "--fail-on", "new:mild"]), 2);
}

#[test]
fn a_history_keeps_every_night_and_points_to_the_newest() {
    let desk = Desk::new();
    let history = desk.path("history");
    let changed = desk.put("changed.json", &unlocked());
    let night = |snapshot: &str, day: &str| {
        let bundle = format!("bundle={}", desk.path(&format!("{day}.tar.zst")));
        backstop(&["audit", snapshot, "--as-of", day, "--history", &history, "--baseline", "latest", "--output", &bundle])
    };
    let pointer = || -> Value {
        serde_json::from_slice(&std::fs::read(Path::new(&history).join("latest.json")).expect("it is there")).expect("JSON")
    };
    let output = night(WORLD, "2026-11-22");
    assert_code(&output, 1);
    assert!(stdout(&output).contains("The history holds no former result"), "{}", stdout(&output));
    let first = pointer();
    assert_code(&night(WORLD, "2026-11-22T06:00:00Z"), 0);
    let output = night(&changed, "2026-11-22T12:00:00Z");
    assert_code(&output, 1);
    assert!(stdout(&output).starts_with("Failed: ") && stdout(&output).contains("new finding"), "{}", stdout(&output));
    let third = pointer();
    assert_ne!(first["result"], third["result"]);
    // An old night that is judged again is kept, and is not the newest; nor does it lead the chain back.
    backstop(&["audit", WORLD, "--as-of", "2026-11-20", "--history", &history]);
    assert_eq!(pointer(), third);
    let kept = files(Path::new(&history));
    assert_eq!(kept.len(), 5, "{kept:?}");
    let result = Path::new(&history).join(third["result"].as_str().expect("a name"));
    assert_code(&backstop(&["diff", &result.to_string_lossy(), &changed, "--as-of", "2026-11-22T12:00:00Z"]), 0);
    // The bundles are a chain.
    let bundles = ["2026-11-22", "2026-11-22T06:00:00Z", "2026-11-22T12:00:00Z"].map(|day| desk.path(&format!("{day}.tar.zst")));
    assert_code(&verify(&[&bundles[1], &bundles[2]]), 0);
    let output = verify(&[&bundles[0], &bundles[2]]);
    assert_code(&output, 1);
    assert!(stdout(&output).contains("not chained"), "{}", stdout(&output));
    // A result that has changed is not compared with.
    std::fs::write(&result, "x").expect("written");
    let output = backstop(&["audit", WORLD, "--history", &history, "--baseline", "latest"]);
    assert_code(&output, 4);
}

#[test]
fn what_cannot_be_kept_is_found_before_anything_is_judged() {
    let desk = Desk::new();
    let file = desk.text("file", "x");
    for (arguments, code) in [
        (["--baseline", "latest"], 2),
        (["--history", &format!("{file}/below")], 2),
        (["--history", &file], 2),
        (["--sign-key", &file], 2),
        (["--output", "bundle=-"], 2),
    ] {
        let output = backstop(&[&["audit", WORLD][..], &arguments].concat());
        assert_code(&output, code);
        assert!(stderr(&output).contains("help: ") && stdout(&output).is_empty(), "{}", stderr(&output));
    }
    assert_code(&backstop(&["verify", "nowhere"]), 2);
    let output = verify(&[&file]);
    assert_code(&output, 1);
    let output = backstop(&["audit", WORLD, "--sign-key", &file, "--output", &format!("bundle={}", desk.path("b"))]);
    assert_code(&output, 2);
    assert!(stderr(&output).contains("openssl genpkey"), "{}", stderr(&output));
}
