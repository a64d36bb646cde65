//! The HTML report: it says what was found, loads nothing, and what AWS's users chose is text in it and nothing else. What a browser
//! makes of it is looked at in a browser (`.ci/html`).

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

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

/// A directory in which the real program runs.
struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Self {
        Desk(tempfile::tempdir().expect("a directory"))
    }

    fn put(&self, name: &str, text: &str) {
        std::fs::write(self.0.path().join(name), text).expect("written");
    }

    #[track_caller]
    fn audit(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_backstop"));
        let output = command.arg("audit").args(arguments).current_dir(&self.0).env_clear().output().expect("it runs");
        assert!(matches!(output.status.code(), Some(0 | 1 | 3)), "{}", String::from_utf8_lossy(&output.stderr));
        output
    }

    /// The page of a moment.
    #[track_caller]
    fn page(&self, as_of: &str, arguments: &[&str]) -> String {
        let mut all = vec!["--demo", "--as-of", as_of, "--output", "html=page.html"];
        all.extend(arguments);
        self.audit(&all);
        std::fs::read_to_string(self.0.path().join("page.html")).expect("a page")
    }

    /// The names of the results in the history, sorted.
    fn results(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.0.path().join("history")).expect("a history");
        let mut names: Vec<String> = entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
        names.retain(|name| name.ends_with(".json.zst"));
        names.sort();
        names
    }
}

/// The row of a table that begins with this.
#[track_caller]
fn row<'a>(page: &'a str, head: &str) -> &'a str {
    let (_, rest) = page.split_once(&format!("<tr><th scope=\"row\">{head}</th>")).unwrap_or_else(|| panic!("no row '{head}'"));
    rest.split_once("</tr>").unwrap().0
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

#[test]
fn nights_of_a_history_stand_beside_each_other_and_one_that_cannot_be_read_is_a_gap() {
    let desk = Desk::new();
    desk.put("fewer.toml", "[rules.\"vault-lock/missing\"]\nenabled = false\n");
    desk.put("waivers.toml", "");
    let night = |day: &str, more: &[&str]| {
        let mut arguments = vec!["--history", "history", "--by", "resource"];
        arguments.extend(more);
        desk.page(&format!("2026-11-{day}T05:00:00Z"), &arguments)
    };
    assert!(night("10", &[]).contains("There is no night before this one to compare with."));
    assert!(
        night("11", &["--config", "fewer.toml"])
            .contains("cannot be compared with that of 2026-11-10T05:00:00Z: other rules (0 more, 1 less)")
    );
    night("12", &[]);
    night("13", &[]);
    let results = desk.results();
    assert_eq!(results.len(), 4);
    let history = desk.0.path().join("history");
    let path = history.join(&results[2]);
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, &whole[..whole.len() - 40]).unwrap();
    std::fs::write(history.join("mine.json.zst"), b"mine").unwrap();
    std::fs::write(history.join("2026-11-09T05-00-00Z-0123456789ab.json.zst"), &whole).unwrap();

    let page = night("14", &[]);
    assert!(page.contains("Could not be read: 3"));
    assert!(row(&page, &results[2]).contains("it is not a whole zstd file"));
    assert!(row(&page, "mine.json.zst").contains("its name is not that of a result"));
    assert!(row(&page, "2026-11-09T05-00-00Z-0123456789ab.json.zst").contains("the hash in it is another"));
    assert!(!page.contains("<th scope=\"row\">2026-11-12T05:00:00Z</th>"), "what was not read is no night");
    assert!(row(&page, "2026-11-11T05:00:00Z").contains("not comparable: other rules"));
    assert!(row(&page, "2026-11-13T05:00:00Z").contains("compared with 2026-11-11T05:00:00Z"));
    assert!(page.contains("Findings, from the oldest night to the newest: not known, not known, "));
    // Of the night itself the row tells what the tiles tell.
    let counts: Vec<&str> = row(&page, "2026-11-14T05:00:00Z").split("<td>").skip(1).map(|cell| cell.split_once('<').unwrap().0).collect();
    let told = page.split_once("could not be judged</a>").unwrap().0;
    let tiles = format!("<span>{} critical, {} high, {} medium, {} low</span>", counts[0], counts[1], counts[2], counts[3]);
    assert!(told.contains(&tiles) && told.ends_with(&format!("<b>{}</b> ", counts[4])), "{counts:?}");

    // The history holds this night now, and the page of the same audit is the same.
    assert_eq!(desk.results().len(), 7);
    assert_eq!(page, night("14", &[]));
    // What is whole and stands under another time's name is no night either.
    let hash = results[0].rsplit_once('-').expect("a hash").1;
    let moved = format!("2026-11-08T05-00-00Z-{hash}");
    std::fs::copy(history.join(&results[0]), history.join(&moved)).unwrap();
    assert!(row(&night("15", &[]), &moved).contains("it is of another time than its name says"));
    // An older audit is followed by none of them.
    assert!(!night("10", &[]).contains("2026-11-14"));
}

#[test]
fn without_a_history_nothing_is_said_of_nights() {
    let page = page(&fixture("clean"), |_, _| {});
    assert!(!page.contains("id=\"trend\""));
}

#[test]
fn each_waived_finding_says_who_accepted_it_until_when_and_why() {
    let desk = Desk::new();
    let vault = "arn:aws:backup:us-west-2:111122223333:backup-vault:tattoo-directory-prod-replica";
    let without = desk.page("2026-11-22T09:00:00Z", &[]);
    let stanza = |expires: &str| {
        format!(
            "[[waiver]]\nrule = \"vault-lock/missing\"\nresource = \"{vault}\"\nreason = \"locked <with> the next release\"\n\
             approver = \"A. Person\"\nticket = \"OPS-12\"\nexpires = {expires}\n"
        )
    };
    desk.put("waivers.toml", &stanza("2026-12-22"));
    let page = desk.page("2026-11-22T09:00:00Z", &[]);
    assert!(page.contains("id=\"waived\">Waived: 1</h2>"));
    let told = format!(
        "<li><code>{vault}</code> tattoo-directory-prod-replica, 111122223333/us-west-2, environment production; <strong>accepted</strong> \
         by A. Person, until 2026-12-22 (30 days left): locked &lt;with&gt; the next release; OPS-12 (waivers.toml:1)</li>"
    );
    assert!(page.contains(&told), "{}", page.split_once("id=\"waived\"").unwrap().1.chars().take(3000).collect::<String>());
    let findings =
        |page: &str| -> usize { page.split_once("id=\"findings\">Findings: ").unwrap().1.split_once('<').unwrap().0.parse().unwrap() };
    assert_eq!(findings(&page), findings(&without) - 1);

    desk.put("waivers.toml", &stanza("2026-11-21"));
    let page = desk.page("2026-11-22T09:00:00Z", &[]);
    assert_eq!(findings(&page), findings(&without), "what has lapsed counts again");
    assert!(page.contains("<strong>A waiver has lapsed:</strong>") && !page.contains("id=\"waived\""));
}
