//! Which of a vault's events AWS sends at all: a dated table.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::snapshot::{Cause, Observed, Reason};

/// An event that AWS may not send, and that no other event of the vault stands in for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DoubtfulEvent {
    pub name: String,
    /// The event that tells of the same and is always sent. Null: there is none, AWS sends nothing.
    pub instead: Option<String>,
    /// When the table that says so was read, as YYYY-MM-DD.
    pub read_on: String,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Table {
    read_on: String,
    #[allow(dead_code)]
    sources: Vec<String>,
    supported: Names,
    changed: BTreeMap<String, String>,
    never: Names,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Names {
    events: Vec<String>,
}

// The table is part of the program and read by a test, so that it cannot be wrong at run time.
static TABLE: LazyLock<Table> = LazyLock::new(|| toml::from_str(include_str!("vault_events.toml")).unwrap_or_default());

/// Whether AWS's own lists disagree on the event.
pub fn has_changed(event: &str) -> bool {
    TABLE.changed.contains_key(event)
}

/// Whether no list of AWS's has the event.
pub fn is_never_sent(event: &str) -> bool {
    TABLE.never.events.iter().any(|never| never == event)
}

/// When the table was read, as YYYY-MM-DD.
pub fn read_on() -> &'static str {
    &TABLE.read_on
}

/// Of the events that a vault sends, those that it must not rely on. An event that the table does not know is unknown only
/// where no other one is sure to be in doubt.
pub fn doubtful(events: &[String]) -> Observed<Vec<DoubtfulEvent>> {
    let doubt = |name: &String, instead: Option<&String>| DoubtfulEvent {
        name: name.clone(),
        instead: instead.cloned(),
        read_on: TABLE.read_on.clone(),
    };
    let mut found = Vec::new();
    let mut unsettled = Vec::new();
    for name in events {
        match TABLE.changed.get(name) {
            Some(instead) if events.contains(instead) => {}
            Some(instead) => found.push(doubt(name, Some(instead))),
            None if TABLE.never.events.contains(name) => found.push(doubt(name, None)),
            None if TABLE.supported.events.contains(name) => {}
            None => {
                let detail = format!("it is not settled whether AWS sends '{name}' (table of {})", TABLE.read_on);
                unsettled.push(Reason::new(Cause::Undetermined, detail));
            }
        }
    }
    found.sort_by(|one, other| one.name.cmp(&other.name));
    found.dedup();
    unsettled.sort();
    if found.is_empty() && !unsettled.is_empty() { Observed::Unknown(unsettled) } else { Observed::Known(found) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(events: &[&str]) -> Observed<Vec<String>> {
        let events: Vec<String> = events.iter().map(|name| name.to_string()).collect();
        doubtful(&events).map(|found| found.into_iter().map(|event| event.name).collect())
    }

    #[test]
    fn the_table_can_be_read() {
        assert!(TABLE.supported.events.len() > 10 && TABLE.read_on.len() == 10);
        assert!(TABLE.changed.values().all(|instead| TABLE.supported.events.contains(instead)));
    }

    #[test]
    fn an_event_whose_support_changed_is_in_doubt_only_where_it_stands_alone() {
        assert_eq!(names(&["BACKUP_JOB_FAILED"]), Observed::Known(vec!["BACKUP_JOB_FAILED".to_owned()]));
        assert_eq!(names(&["BACKUP_JOB_FAILED", "BACKUP_JOB_COMPLETED"]), Observed::Known(Vec::new()));
        assert_eq!(names(&["BACKUP_PLAN_CREATED", "BACKUP_JOB_COMPLETED"]), Observed::Known(vec!["BACKUP_PLAN_CREATED".to_owned()]));
    }

    #[test]
    fn an_event_that_the_table_does_not_know_is_unknown() {
        assert!(names(&["BACKUP_JOB_COMPLETED", "ACCESS_POINT_CREATED"]).is_unknown());
    }
}
