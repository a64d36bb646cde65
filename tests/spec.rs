//! The specification judged against itself: each contradiction is there, and goes when the parameters that decide it are changed.

use std::collections::BTreeMap;
use std::path::Path;

use backstop::config;
use backstop::policy::Library;
use backstop::spec::{Contradiction, check};

fn found(configuration: &str) -> Vec<Contradiction> {
    let library = Library::shipped().expect("the shipped rules load");
    let in_force = config::apply(configuration, Path::new("backstop.toml"), library).expect("the configuration is valid");
    let environments = in_force.environments.all.iter().map(|environment| (environment.name.as_str(), &environment.parameters));
    check(&in_force.library, environments)
}

fn ids(configuration: &str) -> Vec<&'static str> {
    found(configuration).into_iter().map(|contradiction| contradiction.id).collect()
}

fn the(id: &str, configuration: &str) -> Contradiction {
    found(configuration).into_iter().find(|contradiction| contradiction.id == id).unwrap_or_else(|| panic!("'{id}' was not found"))
}

/// The contradictions of the library's promises with a few values changed, before any rule reads them from the configuration.
fn with_stated(values: &[(&str, serde_json::Value)]) -> Vec<&'static str> {
    let mut library = Library::shipped().expect("the shipped rules load");
    let mut parameters = config::defaults(library.clone()).environments.all[0].parameters.clone();
    for (name, value) in values {
        library.promises.iter_mut().filter(|promise| promise.states.contains_key(*name)).for_each(|promise| {
            promise.states.insert((*name).to_owned(), value.clone());
        });
        if parameters.contains_key(*name) {
            parameters.insert((*name).to_owned(), value.clone());
        }
    }
    check(&library, [("production", &parameters)]).into_iter().map(|contradiction| contradiction.id).collect()
}

#[test]
fn the_specification_contradicts_itself_in_eleven_places() {
    let all = [
        "cold-storage-needs-90-days",
        "retention-outside-the-lock",
        "lock-excludes-cold-storage",
        "lock-minimum-without-effect",
        "runs-in-each-others-way",
        "data-loss-not-bounded",
        "two-recovery-times",
        "type-not-supported",
        "type-not-incremental",
        "events-not-certain",
        "overrun-not-told",
    ];
    assert_eq!(ids(""), all);
}

#[test]
fn both_sides_stand_with_their_lines_and_values() {
    let lock = the("retention-outside-the-lock", "");
    let says: BTreeMap<&str, Vec<&str>> =
        lock.promised.iter().map(|side| (side.says.as_str(), side.spec.iter().map(String::as_str).collect())).collect();
    assert!(says["Weekly points are kept for 120 days."].contains(&"S45"), "{says:?}");
    assert_eq!(says["The vault lock allows at most 60 days."], ["S127"]);
    assert_eq!(lock.follows, "The lock refuses every backup and copy job of weekly points: 120 days is more than its maximum of 60.");
    assert_eq!(lock.environments, ["production"]);
}

#[test]
fn a_higher_lock_maximum_ends_what_it_caused() {
    let ids = ids("[parameters]\nlock_max_retention_factor = 6\n");
    assert!(!ids.contains(&"retention-outside-the-lock") && !ids.contains(&"lock-excludes-cold-storage"), "{ids:?}");
    assert!(ids.contains(&"cold-storage-needs-90-days"), "{ids:?}");
}

#[test]
fn the_lock_s_bounds_are_exact() {
    let outside = |parameters: &str| ids(&format!("[parameters]\n{parameters}")).contains(&"retention-outside-the-lock");
    assert!(outside("lock_max_retention_factor = 3\n"));
    assert!(!outside("lock_max_retention_factor = 4\n"));
    assert!(outside("lock_max_retention_factor = 4\nlock_min_retention_days = 31\n"));
    assert!(!outside("lock_max_retention_factor = 4\nlock_min_retention_days = 30\n"));
}

#[test]
fn cold_storage_needs_ninety_days_more() {
    let short = |days: u32| ids(&format!("[parameters]\nretention_days = {days}\n")).contains(&"cold-storage-needs-90-days");
    assert!(short(119));
    assert!(!short(120));
    let weekly = the("cold-storage-needs-90-days", "[parameters]\nretention_days = 20\n");
    assert!(weekly.follows.contains("daily or weekly points"), "{}", weekly.follows);
}

#[test]
fn a_minimum_above_one_day_has_an_effect() {
    assert!(!ids("[parameters]\nlock_min_retention_days = 2\n").contains(&"lock-minimum-without-effect"));
}

#[test]
fn what_an_environment_does_not_require_contradicts_nothing_there() {
    let configuration = "[environments.production]\n[environments.staging]\nproduction = false\n";
    assert_eq!(the("retention-outside-the-lock", configuration).environments, ["production"]);
    assert_eq!(the("type-not-supported", configuration).environments, ["production", "staging"]);
    let staging = found(configuration).into_iter().filter(|each| each.environments.contains(&"staging".to_owned()));
    assert!(staging.clone().all(|each| !each.parameters.contains(&"require_lock")), "{:?}", staging.collect::<Vec<_>>());
}

#[test]
fn data_loss_is_the_gap_and_both_windows() {
    let told = the("data-loss-not-bounded", "").follows;
    assert!(told.starts_with("Up to 30 hours can be lost: 24 hours between two runs"), "{told}");
    assert!(with_stated(&[("rpo_hours", 29.into())]).contains(&"data-loss-not-bounded"));
    assert!(!with_stated(&[("rpo_hours", 30.into())]).contains(&"data-loss-not-bounded"));
}

#[test]
fn recovery_elsewhere_may_take_as_long_as_recovery_as_a_whole() {
    assert!(with_stated(&[("rto_hours", 7.into())]).contains(&"two-recovery-times"));
    assert!(!with_stated(&[("rto_hours", 8.into())]).contains(&"two-recovery-times"));
}

#[test]
fn runs_are_in_each_others_way_until_the_first_is_surely_done() {
    let told = the("runs-in-each-others-way", "").follows;
    assert!(told.contains("60 minutes after a daily one, which may be at work for 360"), "{told}");
    assert!(told.contains("AWS does not say whether that is an overlap"), "{told}");
    let collide = |weekly: &str| with_stated(&[("weekly_schedule", weekly.into())]).contains(&"runs-in-each-others-way");
    assert!(collide("cron(59 10 ? * SUN *)"));
    assert!(!collide("cron(0 11 ? * SUN *)"));
    assert!(collide("cron(0 5 ? * SUN *)"));
    assert!(collide("cron(30 4 ? * SUN *)"), "a weekly run before the daily one is in its way as well");
}

#[test]
fn a_schedule_that_aws_refuses_or_that_never_fires_is_told() {
    for schedule in ["rate(1 day)", "cron(0 5 * * * *)", "cron(0 5 31 2 ? *)"] {
        assert!(with_stated(&[("daily_schedule", schedule.into())]).contains(&"schedule-refused"), "{schedule}");
    }
}

#[test]
fn only_events_whose_delivery_is_not_certain_are_told() {
    let events = |names: &[&str]| with_stated(&[("required_events", names.to_vec().into())]).contains(&"events-not-certain");
    assert!(!events(&["BACKUP_JOB_STARTED", "BACKUP_JOB_COMPLETED", "RESTORE_JOB_COMPLETED", "COPY_JOB_FAILED"]));
    assert!(events(&["BACKUP_JOB_FAILED"]));
    assert!(events(&["BACKUP_PLAN_CREATED"]));
}

#[test]
fn types_are_looked_up_in_the_table() {
    assert!(!with_stated(&[("backed_up_types", vec!["DynamoDB"].into())]).contains(&"type-not-supported"));
    assert!(!with_stated(&[("incremental_types", vec!["EBS"].into())]).contains(&"type-not-incremental"));
}

#[test]
fn a_specification_that_goes_together_is_told_to() {
    let mut library = Library::shipped().expect("the shipped rules load");
    library.promises.clear();
    let configuration = "[parameters]\nretention_days = 120\nlock_max_retention_factor = 5\nlock_min_retention_days = 7\n";
    let in_force = config::apply(configuration, Path::new("backstop.toml"), library).expect("the configuration is valid");
    // Later parameters must not bring back what the promises stated.
    let own =
        ["retention_days", "weekly_retention_factor", "cold_storage_after_days", "lock_min_retention_days", "lock_max_retention_factor"];
    let flags = ["require_lock", "require_cold_storage"];
    let mut parameters = in_force.environments.all[0].parameters.clone();
    parameters.retain(|name, _| own.contains(&name.as_str()) || flags.contains(&name.as_str()));
    assert_eq!(check(&in_force.library, [("production", &parameters)]), []);
}
