//! What is said where the bucket refuses, is not there, or holds what no run has kept.

use std::io::Read;
use std::process::Output;

use super::store::{Store, Wrong};
use super::*;

/// Ended before anything was told, with a sentence that holds all of `said`.
#[track_caller]
fn assert_refused(output: &Output, code: i32, said: &[&str]) {
    assert_code(output, code);
    let text = stderr(output);
    assert!(said.iter().all(|part| text.contains(part)) && text.contains("\nhelp: "), "{text}");
    assert!(stdout(output).is_empty(), "{}", stdout(output));
}

fn denied(message: &str) -> Wrong {
    Wrong::Refused(403, "AccessDenied", message.to_owned())
}

#[test]
fn a_bucket_that_cannot_be_written_fails_before_aws_is_asked() {
    let store = Store::start();
    store.fault("PUT", "", 9, denied("User: arn:aws:iam::111122223333:user/auditor is not authorized"));
    let output = run(&mut backstop(&store, &["audit", "--region", "eu-central-1", "--history", PLACE]));
    assert_refused(
        &output,
        5,
        &[
            "writing 's3://audits/nights/of prod/history.json'",
            "AccessDenied",
            "allow s3:PutObject on 'arn:aws:s3:::audits/nights/of prod/*'",
        ],
    );
    assert!(store.seen().iter().all(|request| request.path().starts_with("/audits/")), "{:?}", store.seen());
}

/// Without s3:ListBucket, S3 denies what is not there: that is no empty history.
#[test]
fn a_pointer_that_may_be_there_is_not_an_empty_history() {
    for (wrong, said) in [
        (
            denied("Access Denied"),
            &["reading 's3://audits/nights/of prod/latest.json'", "s3:GetObject", "s3:ListBucket on 'arn:aws:s3:::audits'"][..],
        ),
        (Wrong::Page(404), &["HTTP status 404, without a word of S3's"]),
        (Wrong::Page(403), &["HTTP status 403"]),
        (Wrong::Refused(500, "InternalError", "We encountered an internal error.".to_owned()), &["InternalError"]),
        (Wrong::Cut, &["was not reached at 127.0.0.1"]),
    ] {
        let store = Store::start();
        run(&mut night(&store, "2026-11-22"));
        store.fault("GET", "latest.json", 99, wrong);
        assert_refused(&run(&mut night(&store, "2026-11-23")), 5, said);
        assert_eq!(results(&store).len(), 1);
    }
}

#[test]
fn a_former_result_that_cannot_be_read_ends_the_run() {
    let store = Store::start();
    run(&mut night(&store, "2026-11-22"));
    store.fault("GET", ".json.zst", 1, denied("Access Denied"));
    assert_refused(&run(&mut night(&store, "2026-11-23")), 5, &["reading", ".json.zst", "s3:GetObject"]);
    let name = results(&store).remove(0);
    let packed = store.object(&name).expect("it is kept");
    store.put(&name, &packed[..packed.len() / 2]);
    assert_refused(&run(&mut night(&store, "2026-11-23")), 4, &[&name, "not what latest.json says"]);
    store.remove(&name);
    assert_refused(&run(&mut night(&store, "2026-11-23")), 4, &[&name, "it is not there"]);
    assert_eq!(results(&store).len(), 0);
}

/// A small object may unpack to more than there is memory.
#[test]
fn a_result_that_unpacks_without_end_is_not_unpacked() {
    let store = Store::start();
    run(&mut night(&store, "2026-11-22"));
    let packed = zstd::encode_all(std::io::repeat(b' ').take(256 << 20), 1).expect("zstd");
    assert!(packed.len() < 100_000);
    let mut forged = pointer(&store);
    forged["sha256"] = sha256(&packed).into();
    store.put(&results(&store)[0], packed);
    store.put(POINTER, forged.to_string());
    assert_refused(&run(&mut night(&store, "2026-11-23")), 4, &[".json.zst", "more than a report ever has"]);
}

#[test]
fn a_pointer_that_no_run_has_written_is_an_error_with_its_name() {
    let store = Store::start();
    run(&mut night(&store, "2026-11-22"));
    let sound = pointer(&store);
    let with = |member: &str, value: Value| {
        let mut pointer = sound.clone();
        pointer[member] = value;
        pointer.to_string()
    };
    for (text, code) in [
        (with("result", json!("../elsewhere.json.zst")), 4),
        (with("result", json!("below/it.json.zst")), 4),
        (with("result", json!("")), 4),
        (with("schema", json!("backstop/history/9")), 4),
        (with("as_of", json!("tomorrow")), 4),
        ("<html>".to_owned(), 4),
        (String::new(), 4),
        (format!("{}{}", with("manifest", json!(null)), " ".repeat(70_000)), 5),
        (" ".repeat(3_000_000), 5),
    ] {
        store.put(POINTER, text.clone());
        assert_refused(&run(&mut night(&store, "2026-11-23")), code, &["s3://audits/nights/of prod/latest.json"]);
        assert_eq!(store.object(POINTER), Some(text.into_bytes()));
    }
}

#[test]
fn what_s3_refuses_is_told_as_a_sentence() {
    let words = |code: &'static str, status: u16| Wrong::Refused(status, code, format!("No: {TOKEN} of {KEY}\u{9b}31m\u{202e}"));
    for (wrong, said) in [
        (words("ExpiredToken", 400), &["the credentials ran out", "renew"][..]),
        (words("InvalidAccessKeyId", 403), &["S3 does not take the credentials: InvalidAccessKeyId: No: [redacted]"]),
        (words("SignatureDoesNotMatch", 403), &["S3 does not take the credentials"]),
        (words("RequestTimeTooSkewed", 403), &["S3 does not take the credentials", "clock"]),
        (words("NotImplemented", 501), &["does not heed the conditions"]),
        (words("InvalidRequest", 400), &["writing 's3://audits/nights/of prod/history.json' failed: InvalidRequest"]),
        (Wrong::Page(502), &["HTTP status 502, without a word of S3's"]),
    ] {
        let store = Store::start();
        store.fault("PUT", "history.json", 99, wrong);
        let output = run(&mut night(&store, "2026-11-22"));
        assert_refused(&output, 5, said);
        assert!(!stderr(&output).contains(KEY) && !stderr(&output).contains(['\u{9b}', '\u{202e}']), "{}", stderr(&output));
        assert!(store.names().is_empty());
    }
}

#[test]
fn a_server_that_does_not_heed_conditions_keeps_nothing() {
    for header in ["if-none-match", "if-match"] {
        let store = Store::start();
        store.unheed(header);
        assert_refused(&run(&mut night(&store, "2026-11-22")), 5, &["127.0.0.1", "does not heed the conditions of a put"]);
        assert_eq!(store.names(), [MARKER]);
    }
}

#[test]
fn a_bucket_in_another_region_is_found_where_s3_says_that_it_is() {
    let store = Store::start();
    store.fault("PUT", "", 99, Wrong::Elsewhere("ap-southeast-2"));
    store.fault("GET", "", 99, Wrong::Elsewhere("ap-southeast-2"));
    assert_code(&run(&mut night(&store, "2026-11-22")), 1);
    assert_eq!(pointer(&store)["as_of"], "2026-11-22T00:00:00Z");
    // Where it does not say so, or goes on denying, the error does.
    let store = Store::start();
    store.fault("PUT", "", 99, Wrong::Refused(301, "PermanentRedirect", "elsewhere".to_owned()));
    assert_refused(&run(&mut night(&store, "2026-11-22")), 5, &["bucket 'audits' is not in Region 'eu-central-1'", "AWS_REGION"]);
    let store = Store::start();
    store.fault("PUT", "", 99, Wrong::Elsewhere("no region"));
    assert_refused(&run(&mut night(&store, "2026-11-22")), 5, &["but in 'no region'"]);
}

#[test]
fn a_bucket_or_a_server_that_is_not_there_is_named() {
    let store = Store::start();
    let output = run(&mut backstop(&store, &["audit", WORLD, "--history", "s3://others/nights"]));
    assert_refused(&output, 5, &["there is no bucket 'others'"]);
    let mut nowhere = night(&store, "2026-11-22");
    let output = run(nowhere.env("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1").env("AWS_MAX_ATTEMPTS", "1"));
    assert_refused(&output, 5, &["was not reached at 127.0.0.1:1"]);
    let output = run(night(&store, "2026-11-22").env_remove("AWS_ACCESS_KEY_ID"));
    assert_refused(&output, 5, &["no AWS credentials"]);
    let output = run(night(&store, "2026-11-22").env("AWS_SESSION_TOKEN", "two\nlines"));
    assert_refused(&output, 5, &["no AWS credentials", "character"]);
    let output = run(night(&store, "2026-11-22").env("AWS_ENDPOINT_URL_S3", format!("http://me:{SECRET}@256.256.256.256")));
    assert_refused(&output, 2, &["256.256.256.256", "is not a URL"]);
    let output = run(night(&store, "2026-11-22").env("AWS_REGION", "eu/west"));
    assert_refused(&output, 2, &["'eu/west' is not the code of a Region"]);
}

/// Without a configured Region, any will do to ask where the bucket is.
#[test]
fn a_bucket_needs_no_region_to_be_configured() {
    let store = Store::start();
    assert_code(&run(night(&store, "2026-11-22").env_remove("AWS_REGION")), 1);
    assert!(store.seen().iter().all(|request| request.header("authorization").is_some_and(|text| text.contains("/us-east-1/s3/"))));
}

#[test]
fn what_is_no_place_is_a_usage_error() {
    let store = Store::start();
    for place in
        ["s3://", "s3:///nights", "s3://Audits", "s3://audits/../others", "gs://audits/nights", "https://audits.s3.amazonaws.com", ""]
    {
        let output = run(&mut backstop(&store, &["audit", WORLD, "--history", place]));
        assert_refused(&output, 2, &[place]);
    }
    assert!(store.seen().is_empty());
}

/// Whatever else went wrong with the command line is found before the bucket is asked.
#[test]
fn a_wrong_command_line_leaves_the_bucket_alone() {
    let store = Store::start();
    for arguments in [["--output", "json=/nonexistent/x"], ["--sign-key", "Cargo.toml"], ["--output", "yaml=x"]] {
        assert_code(&run(night(&store, "2026-11-22").args(arguments)), 2);
    }
    assert!(store.seen().is_empty(), "{:?}", store.seen());
}

#[test]
fn a_result_that_cannot_be_kept_costs_the_night_its_exit_code_and_not_its_table() {
    let store = Store::start();
    store.fault("PUT", ".json.zst", 1, denied("User is not authorized to perform: kms:GenerateDataKey"));
    let output = run(&mut night(&store, "2026-11-22"));
    assert_code(&output, 5);
    assert!(stdout(&output).starts_with("Failed: "), "{}", stdout(&output));
    assert!(
        stderr(&output).contains("kms:GenerateDataKey and kms:Decrypt on that") && stderr(&output).contains("s3:PutObject"),
        "{}",
        stderr(&output)
    );
    assert_eq!(store.names(), [MARKER]);
}
