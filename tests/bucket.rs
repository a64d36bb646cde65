//! `--history s3://BUCKET/PREFIX` against a server that answers as S3 does: what is kept, what two runs at once come to, and what is said
//! where the bucket refuses.

#[allow(dead_code)]
#[path = "server/http.rs"]
mod http;
#[path = "bucket/refusals.rs"]
mod refusals;
#[path = "bucket/store.rs"]
mod store;

use std::process::{Command, Output, Stdio};

use backstop::evidence::sha256;
use serde_json::{Value, json};
use store::{Store, Wrong};

const WORLD: &str = "fixtures/tattoo_directory_prod.json";
const PLACE: &str = "s3://audits/nights/of prod";
const POINTER: &str = "nights/of prod/latest.json";
const MARKER: &str = "nights/of prod/history.json";
const KEY: &str = "AKIDEXAMPLEEXAMPLE12";
const SECRET: &str = "secretsecretsecretsecret";
const TOKEN: &str = "sessiontokensessiontoken";

fn backstop(store: &Store, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_backstop"));
    command.args(arguments).env_clear();
    for (name, value) in [
        ("AWS_ACCESS_KEY_ID", KEY),
        ("AWS_SECRET_ACCESS_KEY", SECRET),
        ("AWS_SESSION_TOKEN", TOKEN),
        ("AWS_REGION", "eu-central-1"),
        ("AWS_EC2_METADATA_DISABLED", "true"),
        ("AWS_MAX_ATTEMPTS", "3"),
        ("AWS_ENDPOINT_URL", &store.url()),
        ("HOME", "/nonexistent"),
    ] {
        command.env(name, value);
    }
    command
}

fn run(command: &mut Command) -> Output {
    let output = command.output().expect("it runs");
    let said = format!("{}{}", stdout(&output), stderr(&output));
    assert!(!said.contains("panicked") && !said.contains(SECRET) && !said.contains(TOKEN), "{said}");
    output
}

/// The audit of the demonstration system as of a day, kept and compared.
fn night(store: &Store, day: &str) -> Command {
    backstop(store, &["audit", WORLD, "--as-of", day, "--history", PLACE, "--baseline", "latest", "--fail-on-unknown=never"])
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
}

fn pointer(store: &Store) -> Value {
    serde_json::from_slice(&store.object(POINTER).expect("a pointer")).expect("JSON")
}

/// The names of the results that are kept.
fn results(store: &Store) -> Vec<String> {
    store.names().into_iter().filter(|name| name.ends_with(".json.zst")).collect()
}

/// What another run would have left at this hour of 2026-11-22: a pointer to its result.
fn other_run(store: &Store, hour: &str, manifest: Option<&str>) -> Vec<u8> {
    let as_of = format!("2026-11-22T{hour}:00:00Z");
    let result = format!("{hour}-other.json.zst");
    store.put(&format!("nights/of prod/{result}"), "x");
    json!({"schema": "backstop/history/1", "as_of": as_of, "result": result, "sha256": sha256(b"x"), "manifest": manifest})
        .to_string()
        .into()
}

#[test]
fn the_second_night_is_compared_with_the_first() {
    let store = Store::start();
    let first = run(&mut night(&store, "2026-11-22"));
    assert_code(&first, 1);
    assert!(stdout(&first).contains("The history holds no former result"), "{}", stdout(&first));
    let of_first = pointer(&store);
    let second = run(&mut night(&store, "2026-11-22T06:00:00Z"));
    assert_code(&second, 0);
    assert!(!stdout(&second).contains("no former result"), "{}", stdout(&second));

    let kept = results(&store);
    assert_eq!(kept.len(), 2, "{kept:?}");
    let newest = pointer(&store);
    assert_ne!(newest["result"], of_first["result"]);
    let name = format!("nights/of prod/{}", newest["result"].as_str().expect("a name"));
    let packed = store.object(&name).expect("the newest result");
    assert_eq!(newest["sha256"], sha256(&packed));
    let report: Value = serde_json::from_slice(&zstd::decode_all(packed.as_slice()).expect("zstd")).expect("JSON");
    assert_eq!(report["as_of"], "2026-11-22T06:00:00Z");

    // No put is without a condition, and each has the checksum that Object Lock asks for; the credentials are those of the chain.
    let puts: Vec<_> = store.seen().into_iter().filter(|request| request.method == "PUT").collect();
    for put in &puts {
        assert!(put.header("if-match").is_some() || put.header("if-none-match") == Some("*"), "{put:?}");
        assert!(put.header("x-amz-checksum-sha256").is_some(), "{put:?}");
        assert_eq!(put.header("x-amz-sdk-checksum-algorithm"), Some("SHA256"));
        let authorization = put.header("authorization").expect("it is signed");
        assert!(authorization.contains(&format!("Credential={KEY}/")) && authorization.contains("/eu-central-1/s3/"), "{authorization}");
        assert_eq!(put.header("x-amz-security-token"), Some(TOKEN));
    }
    assert_eq!(puts.len(), 3 + 2 + 2 + 2, "the proof of either run, and what either keeps");
}

#[test]
fn a_directory_and_a_bucket_keep_the_same_bytes() {
    let store = Store::start();
    let directory = tempfile::TempDir::new().expect("a directory");
    let history = directory.path().join("history");
    for place in [PLACE, &history.to_string_lossy()] {
        assert_code(&run(&mut backstop(&store, &["audit", WORLD, "--as-of", "2026-11-22", "--history", place])), 1);
    }
    for name in results(&store).into_iter().chain([POINTER.to_owned()]) {
        let bare = name.rsplit('/').next().expect("a name");
        assert_eq!(std::fs::read(history.join(bare)).ok(), store.object(&name), "{name}");
    }
}

#[test]
fn an_older_night_is_kept_and_the_same_one_changes_nothing() {
    let store = Store::start();
    run(&mut night(&store, "2026-11-22"));
    let newest = pointer(&store);
    assert_code(&run(&mut night(&store, "2026-11-20")), 0);
    assert_eq!((pointer(&store), results(&store).len()), (newest.clone(), 2));
    let again = run(&mut backstop(&store, &["audit", WORLD, "--as-of", "2026-11-22", "--history", PLACE]));
    assert_code(&again, 1);
    // It was judged without a comparison, so that it is another report of the same time: the last one counts.
    assert_eq!((pointer(&store)["as_of"].clone(), results(&store).len()), (newest["as_of"].clone(), 3));
    let puts = store.requests("PUT", "latest.json");
    run(&mut backstop(&store, &["audit", WORLD, "--as-of", "2026-11-22", "--history", PLACE]));
    assert_eq!((store.requests("PUT", "latest.json"), results(&store).len()), (puts, 3));
}

#[test]
fn a_run_that_was_overtaken_decides_again() {
    for (other, wins) in [("09", true), ("03", false)] {
        let store = Store::start();
        run(&mut night(&store, "2026-11-22"));
        let newer = other_run(&store, other, Some("abc"));
        store.fault("PUT", "latest.json", 1, Wrong::Overtaken(newer));
        assert_code(&run(&mut night(&store, "2026-11-22T06:00:00Z")), 0);
        let newest = pointer(&store);
        assert_eq!(newest["as_of"] == format!("2026-11-22T{other}:00:00Z"), wins, "{newest}");
        // The chain of bundles goes on from whatever was the newest.
        assert_eq!(newest["manifest"], "abc");
        assert_eq!(results(&store).len(), 3);
    }
    // The same where there was no pointer at all when the run began.
    let store = Store::start();
    let newer = other_run(&store, "09", None);
    store.fault("PUT", "latest.json", 1, Wrong::Overtaken(newer));
    assert_code(&run(&mut night(&store, "2026-11-22")), 1);
    assert_eq!(pointer(&store)["as_of"], "2026-11-22T09:00:00Z");
}

#[test]
fn of_runs_that_end_at_once_the_newest_stays_and_none_is_lost() {
    let store = Store::start();
    let days = ["2026-11-21", "2026-11-24", "2026-11-22", "2026-11-23"];
    let running: Vec<_> =
        days.map(|day| night(&store, day).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it runs")).into_iter().collect();
    for child in running {
        let output = child.wait_with_output().expect("it ends");
        assert!(matches!(output.status.code(), Some(0 | 1)), "{}", stderr(&output));
    }
    assert_eq!(pointer(&store)["as_of"], "2026-11-24T00:00:00Z");
    assert_eq!(results(&store).len(), 4, "{:?}", store.names());
}

#[test]
fn other_runs_that_never_give_way_end_it_with_the_result_kept() {
    let store = Store::start();
    for nth in 0..40 {
        let bytes = other_run(&store, "03", Some(&nth.to_string()));
        store.fault("PUT", "latest.json", 1, Wrong::Overtaken(bytes));
    }
    let output = run(&mut night(&store, "2026-11-22T06:00:00Z"));
    assert_code(&output, 5);
    assert!(stderr(&output).contains("again and again") && stdout(&output).contains("Failed: "), "{}", stderr(&output));
    assert!(results(&store).iter().any(|name| name.contains("2026-11-22T06")));
}

/// The put arrived, and its answer did not: sent again it finds itself.
#[test]
fn an_answer_that_is_lost_loses_nothing() {
    for path in ["history.json", ".json.zst", "latest.json"] {
        let store = Store::start();
        store.fault("PUT", path, 1, Wrong::Deaf);
        assert_code(&run(&mut night(&store, "2026-11-22")), 1);
        assert_eq!(pointer(&store)["as_of"], "2026-11-22T00:00:00Z", "{path}");
        assert_code(&run(&mut night(&store, "2026-11-23")), 0);
    }
    let store = Store::start();
    run(&mut night(&store, "2026-11-22"));
    store.fault("GET", "latest.json", 2, Wrong::Cut);
    store.fault("GET", ".json.zst", 1, Wrong::Refused(503, "SlowDown", "Please reduce your request rate.".to_owned()));
    assert_code(&run(&mut night(&store, "2026-11-23")), 0);
}

/// S3 answers so where two conditional puts of the same object are under way.
#[test]
fn a_put_that_met_another_one_is_tried_again() {
    for path in ["history.json", ".json.zst", "latest.json"] {
        let store = Store::start();
        let conflict = "At least one conflicting conditional operation is under way.".to_owned();
        store.fault("PUT", path, 1, Wrong::Refused(409, "ConditionalRequestConflict", conflict));
        assert_code(&run(&mut night(&store, "2026-11-22")), 1);
        assert_eq!(pointer(&store)["as_of"], "2026-11-22T00:00:00Z", "{path}");
        assert_eq!(results(&store).len(), 1, "{path}");
    }
}

/// The name tells the report, not how it was compressed.
#[test]
fn a_result_that_is_there_in_other_bytes_is_pointed_to_as_it_is() {
    let store = Store::start();
    let keep = || backstop(&store, &["audit", WORLD, "--as-of", "2026-11-22", "--history", PLACE]);
    run(&mut keep());
    let name = results(&store).remove(0);
    let report = zstd::decode_all(store.object(&name).expect("it is kept").as_slice()).expect("zstd");
    let packed = zstd::encode_all(report.as_slice(), 12).expect("zstd");
    store.put(&name, packed.clone());
    store.remove(POINTER);
    assert_code(&run(&mut keep()), 1);
    assert_eq!((pointer(&store)["sha256"].clone(), store.object(&name)), (json!(sha256(&packed)), Some(packed)));
    assert_code(&run(&mut night(&store, "2026-11-22T06:00:00Z")), 0);
    store.put(&name, "another");
    store.remove(POINTER);
    let output = run(&mut keep());
    assert_code(&output, 4);
    assert!(stderr(&output).contains(&name) && store.object(POINTER).is_none(), "{}", stderr(&output));
}

#[test]
fn a_bundle_is_chained_through_the_bucket() {
    let store = Store::start();
    let directory = tempfile::TempDir::new().expect("a directory");
    let bundles = ["2026-11-22", "2026-11-23"].map(|day| {
        let path = directory.path().join(format!("{day}.tar.zst")).to_string_lossy().into_owned();
        run(night(&store, day).args(["--output", &format!("bundle={path}")]));
        path
    });
    assert_code(&run(&mut backstop(&store, &["verify", &bundles[0], &bundles[1]])), 0);
}
