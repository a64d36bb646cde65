//! The HTML report: it says what was found, loads nothing, and what AWS's users chose is text in it and nothing else. What a browser
//! makes of it is looked at in a browser (`.ci/html`).

use std::collections::BTreeMap;
use std::path::Path;

use backstop::audit::{Audit, Baseline, Comparison, Environments, Gate, Verdict, judge};
use backstop::facts::{Kind, derive};
use backstop::policy::{Library, Severity};
use backstop::report::{Report, SnapshotSummary, UNDECLARED, html};
use backstop::snapshot::{Collection, Declaration, Digest, Snapshot, SourceSpan, from_slice, read};
use base64::Engine;
use serde_json::json;
use sha2::{Digest as _, Sha256};

const HARM: &str = "<script>harm()</script>\"' onload='harm()' \u{1b}[31m\n</style></title><img src=x onerror=harm()> & \u{202e}";

fn fixture(name: &str) -> Snapshot {
    read(Path::new(&format!("fixtures/{name}.json")), Digest::Skip).unwrap().snapshot
}

/// The page of a snapshot; before it is written, the report can be changed.
fn page(snapshot: &Snapshot, change: impl for<'a> FnOnce(&'a Audit<'a>, &mut Changed)) -> String {
    let library = Library::shipped().unwrap();
    let as_of = "2026-11-22T09:00:00Z".parse().unwrap();
    let subjects = derive(snapshot, as_of);
    let environments = Environments::all_production(&library);
    let audit = judge(&subjects, &library, &environments, as_of).unwrap();
    let conclusion = Gate { fail_on: Severity::Low, fail_on_unknown: Some(Severity::Low) }.conclude(&audit, None);
    let mut changed = Changed::default();
    change(&audit, &mut changed);
    let report = Report {
        audit: &audit,
        library: &library,
        conclusion: &conclusion,
        snapshot: SnapshotSummary::of(snapshot, "00ff".to_owned()),
        declarations: if changed.declarations.is_empty() { &UNDECLARED } else { &changed.declarations },
        comparison: changed.comparison.as_ref(),
        irreversible: &[],
        notices: &[],
    };
    let mut bytes = Vec::new();
    html::write(&report, snapshot, None, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[derive(Default)]
struct Changed {
    declarations: BTreeMap<String, Declaration>,
    comparison: Option<Comparison>,
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

/// What stands between the first such tags.
fn inside<'a>(page: &'a str, tag: &str) -> &'a str {
    let (_, rest) = page.split_once(&format!("<{tag}>")).unwrap();
    rest.split_once(&format!("</{tag}>")).unwrap().0
}

#[test]
fn every_finding_every_resource_and_every_promise_is_there() {
    let snapshot = fixture("tattoo_directory_prod");
    let mut expected = Vec::new();
    let page = page(&snapshot, |audit, _| {
        let failed = audit.findings().filter(|finding| finding.verdict() == Verdict::Fail);
        expected.extend(failed.map(|finding| finding.message()));
        expected.extend(audit.subjects.of(Kind::Resource).subjects.iter().map(|subject| subject.id.to_string()));
    });
    expected.extend(Library::shipped().unwrap().promises.into_iter().map(|promise| promise.says));
    assert!(expected.len() > 80, "{}", expected.len());
    for text in expected {
        assert!(page.contains(&escaped(&text)), "missing: {text}");
    }
    assert!(page.find("id=\"promises\"").unwrap() < page.find("id=\"findings\"").unwrap(), "verdicts come first");
}

#[test]
fn the_page_may_run_its_own_style_and_script_and_load_nothing() {
    let page = page(&fixture("clean"), |_, _| {});
    for tag in ["style", "script"] {
        let hash = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(inside(&page, tag)));
        assert!(page.contains(&format!("{tag}-src 'sha256-{hash}'")), "{tag}");
    }
    assert!(page.contains("default-src 'none'"));
    for loads in [" src=", "<link", "@import", "url(http", " style="] {
        assert!(!page.contains(loads), "{loads}");
    }
}

#[test]
fn hostile_names_and_tags_are_text() {
    let arn = "arn:aws:dynamodb:us-east-1:111122223333:table/one";
    let unit = json!({
        "Account": "111122223333", "Region": "us-east-1", "Source": "aws", "StartedAt": "2026-11-22T05:00:00Z",
        "Complete": Collection::ALL,
        "BackupVaults": [{ "BackupVaultName": HARM, "VaultType": "BACKUP_VAULT", "Locked": false, "Tags": { HARM: HARM } }],
        "BackupPlans": [{
            "BackupPlanId": HARM, "BackupPlanName": HARM, "Tags": {},
            "BackupPlan": { "BackupPlanName": HARM, "Rules": [{ "RuleName": HARM, "TargetBackupVaultName": HARM,
                "CopyActions": [{ "DestinationBackupVaultArn": format!("arn:aws:backup:{HARM}:{HARM}:backup-vault:{HARM}") }] }] },
            "Selections": [],
        }],
        "Resources": [{ "ResourceARN": arn, "Tags": { HARM: HARM } }, { "ResourceARN": format!("{arn}{HARM}"), "Tags": {} }],
        "RecoveryPoints": [{ "RecoveryPointArn": format!("arn:aws:backup:us-east-1:111122223333:recovery-point:{HARM}"),
            "BackupVaultName": HARM, "ResourceArn": arn, "ResourceType": HARM, "Status": HARM, "CreationDate": "2026-11-21T05:00:00Z" }],
    });
    let document = json!({ "Schema": "backstop/snapshot/1", "Units": [unit] });
    let snapshot = from_slice(document.to_string().as_bytes(), Path::new("world.json")).unwrap();
    let page = page(&snapshot, |_, _| {});
    assert!(page.matches("&lt;script&gt;harm()").count() > 20, "the names are shown");
    let (before, after) = (page.split_once("<style>").unwrap(), page.rsplit_once("<script>").unwrap());
    let own = page.replace(inside(&page, "style"), "").replace(after.1.split_once("</script>").unwrap().0, "");
    assert!(!before.0.contains("harm"));
    for tag in own.split('<').skip(1) {
        let tag = tag.split_once('>').expect("every tag ends").0;
        assert!(!tag.contains("harm()"), "<{tag}>");
    }
    assert_eq!((own.matches("<script").count(), own.matches("<style").count(), own.matches("<img").count()), (1, 1, 0));
    for steers in ['\u{1b}', '\u{202e}', '\r', '\0'] {
        assert!(!page.contains(steers), "{steers:?}");
    }
}

#[test]
fn what_was_not_seen_is_never_green() {
    let page = page(&fixture("half_blind"), |audit, _| {
        assert!(audit.findings().all(|finding| finding.verdict() != Verdict::Pass));
    });
    let shown = page.replace(inside(&page, "style"), "").replace("class=\"key good\"", "");
    let green: Vec<&str> = shown.match_indices("\"tag good\"").map(|(at, _)| &shown[at..shown.len().min(at + 80)]).collect();
    assert!(green.is_empty(), "{green:?}");
    assert!(!shown.contains("<rect class=\"good\"") && !shown.contains("class=\"arrow good\""));
}

#[test]
fn a_declaration_is_shown_with_its_line() {
    let span = SourceSpan { file: "modules/<b>/main.tf".to_owned(), line: 94, column: 1, end_line: 94, end_column: 2 };
    let declaration =
        Declaration { span, address: "aws_backup_plan.main[\"<i>\"]".to_owned(), exact: false, note: None, related: Vec::new() };
    let page = page(&fixture("tattoo_directory_prod"), |audit, changed| {
        let found = audit.findings().find(|finding| finding.verdict() == Verdict::Fail).unwrap();
        changed.declarations.insert(found.fingerprint(), declaration);
    });
    let line = "declared at <code>modules/&lt;b&gt;/main.tf:94</code> (aws_backup_plan.main[&quot;&lt;i&gt;&quot;], near it)";
    assert_eq!(page.matches(line).count(), 1);
}

#[test]
fn with_a_former_audit_only_what_is_new_is_shown() {
    let page = page(&fixture("tattoo_directory_prod"), |audit, changed| {
        let mut baseline = Baseline::of(audit);
        let first = baseline.failed.keys().next().unwrap().clone();
        baseline.failed.remove(&first);
        changed.comparison = Some(Comparison::new(baseline, audit, false));
    });
    assert!(page.contains("New findings: 1</h2>"));
    assert_eq!(page.matches("<span class=\"tag bad\">new</span>").count(), 1);
}

#[test]
fn what_looks_alike_is_said_once_and_the_page_is_the_same_each_time() {
    let points: Vec<_> = (0..10_000)
        .map(|number| {
            json!({ "RecoveryPointArn": format!("arn:aws:ec2:us-east-1::snapshot/snap-{number:06}"), "BackupVaultName": "main",
                "ResourceArn": "arn:aws:ec2:us-east-1:111122223333:volume/vol-1", "ResourceType": "EBS", "Status": "EXPIRED",
                "CreationDate": "2026-11-01T05:00:00Z" })
        })
        .collect();
    let vault = json!({ "BackupVaultName": "main", "VaultType": "BACKUP_VAULT", "Locked": false, "Tags": {} });
    let unit = json!({
        "Account": "111122223333", "Region": "us-east-1", "Source": "aws", "StartedAt": "2026-11-22T05:00:00Z",
        "Complete": Collection::ALL, "BackupVaults": [vault], "RecoveryPoints": points,
    });
    let document = json!({ "Schema": "backstop/snapshot/1", "Units": [unit] });
    let snapshot = from_slice(document.to_string().as_bytes(), Path::new("world.json")).unwrap();
    let once = page(&snapshot, |audit, _| {
        assert!(audit.findings().filter(|finding| finding.verdict() == Verdict::Fail).count() >= 10_000);
    });
    assert!(once.contains("<b>10000 recovery points</b>"));
    assert!(once.matches("class=\"finding\"").count() < 200, "{}", once.matches("class=\"finding\"").count());
    assert_eq!(once, page(&snapshot, |_, _| {}));
}
