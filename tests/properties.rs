//! A wrong join is a false pass: random small accounts, and what must hold for every one of them. A run is repeatable; more
//! cases: `PROPTEST_CASES=10000 cargo test --test properties`.

#[path = "properties/account.rs"]
mod account;
#[path = "properties/agree.rs"]
mod agree;
#[path = "properties/blindness.rs"]
mod blindness;
#[path = "properties/cron.rs"]
mod cron;
#[path = "properties/cron_by_hand.rs"]
mod cron_by_hand;
#[path = "properties/happened.rs"]
mod happened;
#[path = "properties/holes.rs"]
mod holes;
#[path = "properties/objective.rs"]
mod objective;
#[path = "properties/oracle.rs"]
mod oracle;
#[path = "properties/oracle_points.rs"]
mod oracle_points;
#[path = "properties/oracle_resolver.rs"]
mod oracle_resolver;
#[path = "properties/oracle_selections.rs"]
mod oracle_selections;
#[path = "properties/points.rs"]
mod points;
#[path = "properties/reading.rs"]
mod reading;
#[path = "properties/restores.rs"]
mod restores;
#[path = "properties/selecting.rs"]
mod selecting;
#[path = "properties/tape.rs"]
mod tape;

use std::path::Path;

use backstop::policy::Library;
use backstop::snapshot::{Snapshot, Timestamp, from_slice};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use serde_json::Value;
use tape::Tape;

/// Runs the test on so many tapes; more of them, or others, as the environment says.
fn for_all<S: Strategy>(cases: u32, strategy: S, test: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u32>().ok());
    let cases = number("PROPTEST_CASES").unwrap_or(cases);
    let seed = number("PROPTEST_RNG_SEED").unwrap_or(0) as u8;
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 1500, max_shrink_time: 15_000, ..Config::default() };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
    if let Err(error) = TestRunner::new_with_rng(config, rng).run(&strategy, test) {
        panic!("{error}");
    }
}

fn read(document: &Value) -> Snapshot {
    let bytes = serde_json::to_vec(document).expect("JSON");
    from_slice(&bytes, Path::new("generated.json")).unwrap_or_else(|error| panic!("{error}\n{document:#}"))
}

fn as_of() -> Timestamp {
    account::AS_OF.parse().expect("a time")
}

fn accounts() -> impl Strategy<Value = Tape> {
    tape::tapes(900)
}

#[test]
fn facts_agree_with_a_slow_and_obvious_implementation() {
    for_all(400, accounts(), agree::check);
}

#[test]
fn selections_resolve_as_in_a_slow_and_obvious_implementation() {
    for_all(100_000, tape::tapes(60), selecting::check);
}

#[test]
fn facts_of_whoever_sees_less_say_less_and_nothing_else() {
    for_all(500, accounts(), blindness::of_facts);
}

#[test]
fn whoever_sees_less_says_unknown_or_the_same() {
    let library = Library::shipped().expect("the shipped rules load");
    for_all(30, accounts(), |tape| blindness::of_verdicts(tape, &library));
}

#[test]
fn the_order_of_units_and_lists_changes_no_finding() {
    let library = Library::shipped().expect("the shipped rules load");
    for_all(50, accounts(), |tape| blindness::of_order(tape, &library));
}

#[test]
fn a_document_that_is_cut_short_is_an_error_or_a_snapshot() {
    for_all(200, accounts(), reading::cut_short);
}

#[test]
fn a_document_with_one_wrong_byte_is_an_error_or_a_snapshot() {
    for_all(400, accounts(), reading::one_byte_wrong);
}

#[test]
fn gaps_agree_with_a_scan_of_28_years() {
    for_all(300, tape::tapes(60), cron::agrees_with_a_scan);
}

#[test]
fn schedules_agree_with_each_minute_on_its_own_at_100_000_moments() {
    for_all(2_000, tape::tapes_of(300), cron::agrees_minute_by_minute);
}

#[test]
fn schedules_agree_with_vectors_written_by_hand() {
    let wrong = cron_by_hand::vectors().into_iter().filter_map(|(expression, zone, expected)| {
        let facts = cron::facts(expression, zone);
        (facts != expected).then(|| format!("'{expression}' in {zone:?} is {facts}, and should be {expected}"))
    });
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn schedules_are_told_as_vectors_written_by_hand_say() {
    let wrong = [cron_by_hand::wrongly_told(), cron_by_hand::wrong_canonical_texts()].concat();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn objectives_and_collisions_are_as_worked_out_by_hand() {
    let wrong = objective::wrong_vectors();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_run_of_a_plan_makes_a_point_older_than_is_guaranteed_and_the_worst_is_as_old() {
    for_all(40, tape::tapes_of(4_000), objective::agrees_with_runs);
}

#[test]
fn the_canonical_text_of_a_schedule_is_its_own_and_runs_at_the_same_times() {
    for_all(500, tape::tapes_of(60), cron::canonical_texts_are_their_own);
}

#[test]
fn subjects_that_look_alike_are_unknown_for_reasons_of_their_own() {
    let library = Library::shipped().expect("the shipped rules load");
    blindness::reasons_are_their_own(&library);
}
