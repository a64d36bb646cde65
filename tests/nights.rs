//! Nights that are compared and kept, and the evidence of them: `--fail-on new:`, `diff`, `--history`, bundles and `verify`.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use backstop::evidence::{ENVELOPE, Files, MANIFEST, Manifest, SEAL, close};
use serde_json::{Value, json};
use tempfile::TempDir;

const WORLD: &str = "fixtures/tattoo_directory_prod.json";

fn backstop(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_backstop")).args(arguments).env_clear().output().expect("it runs")
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[track_caller]
fn assert_code(output: &Output, code: i32) {
    assert_eq!(output.status.code(), Some(code), "{}{}", stdout(output), stderr(output));
    assert!(!stderr(output).contains("panicked"));
}

fn world() -> Value {
    serde_json::from_str(&std::fs::read_to_string(WORLD).expect("the world")).expect("JSON")
}

/// The world with one vault's lock gone.
fn unlocked() -> Value {
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
fn blind() -> Value {
    let mut world = world();
    let unit = &mut world["Units"][0];
    unit["Complete"] = json!([]);
    unit["BackupVaults"] = json!([]);
    world
}

struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        Desk(TempDir::new().expect("a directory"))
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_string_lossy().into_owned()
    }

    fn put(&self, name: &str, document: &Value) -> String {
        std::fs::write(self.path(name), document.to_string()).expect("written");
        self.path(name)
    }

    /// The JSON report of a snapshot.
    fn report(&self, name: &str, snapshot: &str) -> String {
        let path = self.path(name);
        backstop(&["audit", snapshot, "--output", &format!("json={path}")]);
        assert!(Path::new(&path).is_file());
        path
    }
}

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
fn a_difference_says_what_is_worse_first_whatever_its_sides_are() {
    let desk = Desk::new();
    let changed = desk.put("changed.json", &unlocked());
    let (was, is) = (desk.report("was.json", WORLD), desk.report("is.json", &changed));
    let told = |former: &str, latter: &str| -> (Output, Value) {
        let output = backstop(&["diff", former, latter, "--format", "json"]);
        let document = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", stderr(&output)));
        (output, document)
    };
    let (output, of_snapshots) = told(WORLD, &changed);
    assert_code(&output, 1);
    assert!(of_snapshots["weakened"].as_array().expect("a list").iter().any(|one| one["what"] == "lock_removed"));
    for (former, latter) in [(was.as_str(), is.as_str()), (&was, &changed), (WORLD, &is)] {
        let (output, told) = told(former, latter);
        assert_code(&output, 1);
        assert_eq!(told["changes"], of_snapshots["changes"], "{former} {latter}");
        assert!(told.get("weakened").is_none());
    }
    let (output, back) = told(&changed, WORLD);
    let turns = |document: &Value, turn: &str| {
        document["changes"].as_array().expect("changes").iter().filter(|change| change["change"] == turn).count()
    };
    assert_eq!((turns(&of_snapshots, "new"), turns(&of_snapshots, "gone")), (turns(&back, "gone"), turns(&back, "new")));
    assert_eq!(back["weakened"], json!([]), "{}", stdout(&output));
    let text = backstop(&["diff", WORLD, &changed]);
    let said = stdout(&text);
    assert!(said.starts_with("Worse than at ") && said.contains("The lock of vault"), "{said}");
    assert!(said.find("PROTECTS LESS").expect("it is told") < said.find("  NEW ").expect("it is told"), "{said}");
    assert_code(&backstop(&["diff", WORLD, &was]), 0);
}

/// What nobody can see any more is worse, and never gone.
#[test]
fn a_difference_with_a_blind_night_is_worse_and_mends_nothing_that_it_cannot_see() {
    let desk = Desk::new();
    let blind = desk.put("blind.json", &blind());
    let output = backstop(&["diff", WORLD, &blind, "--format", "json"]);
    assert_code(&output, 1);
    let told: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let changes = told["changes"].as_array().expect("changes");
    assert!(changes.iter().any(|change| change["change"] == "blind"));
    let gone: Vec<&Value> = changes
        .iter()
        .filter(|change| change["change"] == "gone" && change["rule"].as_str().is_some_and(|rule| rule.starts_with("vault-")))
        .collect();
    assert!(gone.is_empty(), "{gone:?}");
    assert_eq!(told["weakened"], json!([]), "a vault that was not listed is not gone");
    // A Region that nobody looked into any more.
    let mut elsewhere = world();
    let left = elsewhere["Units"].as_array_mut().expect("units").remove(0);
    let elsewhere = desk.put("elsewhere.json", &elsewhere);
    let output = backstop(&["diff", WORLD, &elsewhere, "--format", "json"]);
    assert_code(&output, 1);
    let told: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert!(told["summary"].as_str().expect("a text").contains("Nobody looked into "), "{}", told["summary"]);
    for change in told["changes"].as_array().expect("changes").iter().filter(|change| change["change"] == "gone") {
        assert_ne!(change["subject"]["region"], left["Region"], "{change}");
    }
}

#[test]
fn a_rule_that_is_switched_off_mends_nothing() {
    let desk = Desk::new();
    let report = desk.report("was.json", WORLD);
    let document: Value = serde_json::from_slice(&std::fs::read(&report).expect("the report")).expect("JSON");
    let failing = document["findings"].as_array().expect("findings").iter().find(|finding| finding["verdict"] == "fail").expect("one");
    let rule = failing["rule"].as_str().expect("a rule").to_owned();
    let config = desk.path("backstop.toml");
    std::fs::write(&config, format!("[rules.\"{rule}\"]\nenabled = false\n")).expect("written");
    let output = backstop(&["diff", &report, WORLD, "--config", &config]);
    assert_code(&output, 1);
    assert!(
        stdout(&output).contains(&format!("Rule {rule} is no longer judged.")) && stdout(&output).contains("NOT JUDGED"),
        "{}",
        stdout(&output)
    );
}

#[test]
fn a_waiver_is_told_when_it_comes_and_when_it_goes() {
    let desk = Desk::new();
    let was = desk.report("was.json", WORLD);
    let mut document: Value = serde_json::from_slice(&std::fs::read(&was).expect("the report")).expect("JSON");
    let findings = document["findings"].as_array_mut().expect("findings");
    let failing = findings.iter_mut().find(|finding| finding["verdict"] == "fail").expect("one");
    failing["waiver"] = json!({"reason": "moving", "expires": "2027-01-01"});
    let waived = desk.put("waived.json", &document);
    let output = backstop(&["diff", &was, &waived]);
    assert_code(&output, 0);
    assert!(stdout(&output).contains("1 finding newly waived") && stdout(&output).contains("  WAIVED "), "{}", stdout(&output));
    let output = backstop(&["diff", &waived, &was]);
    assert_code(&output, 1);
    assert!(stdout(&output).contains("1 new finding"), "{}", stdout(&output));
    assert_code(&backstop(&["audit", WORLD, "--baseline", &waived]), 1);
}

const WAIVER: &str = r#"[[waiver]]
rule = "vault-lock/missing"
resource = "*:backup-vault:tattoo-directory-prod-replica"
reason = "until the move"
expires = 2027-03-01
"#;

#[test]
fn snapshots_are_told_apart_with_the_waivers_in_force() {
    let desk = Desk::new();
    let was = desk.report("was.json", WORLD);
    let waivers = desk.text("accepted.toml", WAIVER);
    let output = backstop(&["diff", &was, WORLD, "--waivers", &waivers]);
    assert_code(&output, 0);
    assert!(stdout(&output).contains("1 finding newly waived"), "{}", stdout(&output));
    let output = backstop(&["diff", WORLD, WORLD, "--waivers", &waivers]);
    assert_code(&output, 0);
    assert!(!stdout(&output).contains("waived"), "{}", stdout(&output));
}

#[test]
fn sides_that_are_neither_are_errors_with_their_names() {
    let desk = Desk::new();
    let other = desk.put("other.json", &json!({"schema": "other/1"}));
    let none = desk.put("none.json", &json!([]));
    for (path, code) in [(other, 4), (none, 4), (desk.path("nowhere.json"), 2)] {
        let output = backstop(&["diff", WORLD, &path]);
        assert_code(&output, code);
        assert!(stderr(&output).contains(&path) && stderr(&output).contains("help: "), "{}", stderr(&output));
    }
}

fn files(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory).expect("a directory").flatten() {
        if entry.path().is_dir() { found.extend(files(&entry.path())) } else { found.push(entry.path()) }
    }
    found.sort();
    found
}

/// A small world, with its configuration.
const SMALL: [&str; 3] = ["fixtures/half_blind.json", "--config", "fixtures/half_blind.toml"];
const SEED: &str = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
const PUBLIC: &str = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

impl Desk {
    fn text(&self, name: &str, text: &str) -> String {
        std::fs::write(self.path(name), text).expect("written");
        self.path(name)
    }

    fn bundle(&self, name: &str, audit: &[&str]) -> String {
        let path = self.path(name);
        let target = format!("bundle={path}");
        let output = backstop(&[&["audit"][..], audit, &["--output", &target]].concat());
        assert!(Path::new(&path).exists(), "{}", stderr(&output));
        path
    }
}

fn verify(arguments: &[&str]) -> Output {
    backstop(&[&["verify"][..], arguments].concat())
}

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
