//! What became of each finding between two runs.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use super::comparison::exempted;
use super::record::{Record, Recorded};

/// What became of a finding or a verdict; what is worse comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Turn {
    /// It fails, and did not, or was waived.
    New,
    /// It is unknown, and was not.
    Blind,
    /// It failed, and its rule is not judged any more.
    Unjudged,
    /// It failed, and says something else now.
    Changed,
    /// It fails, and is waived, which it was not.
    Waived,
    /// It failed, and its rule does not concern it any more, which mends nothing.
    Exempt,
    /// It failed, and holds now, or is no longer there.
    Gone,
    /// It was unknown, and neither fails nor is unknown now.
    Seen,
}

impl Turn {
    pub fn is_worse(self) -> bool {
        matches!(self, Turn::New | Turn::Blind | Turn::Unjudged)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub turn: Turn,
    /// As it is told now; of what is there no more, as it was.
    pub told: Recorded,
    /// What it said before, where it says something else now.
    pub before: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// By account, Region, kind and name of the subject, then what is worse first.
    pub entries: Vec<Entry>,
    /// Accounts and Regions that were looked into, and no longer are.
    pub unseen: Vec<(String, String)>,
    /// Rules that were judged, and no longer are.
    pub unjudged: Vec<String>,
}

impl Difference {
    pub fn between(former: &Record, latter: &Record) -> Self {
        let mut entries = Vec::new();
        let mut add =
            |turn, told: &Recorded, before: Option<&String>| entries.push(Entry { turn, told: told.clone(), before: before.cloned() });
        let failed_on: BTreeMap<(&str, &str), &Recorded> = former.failed.values().map(|told| (key(told), told)).collect();
        for (fingerprint, told) in &latter.failed {
            match former.failed.get(fingerprint) {
                before if told.is_waived && before.is_none_or(|before| !before.is_waived) => add(Turn::Waived, told, None),
                None => add(Turn::New, told, None),
                Some(before) if before.is_waived && !told.is_waived => add(Turn::New, told, None),
                Some(before) if before.message != told.message => add(Turn::Changed, told, Some(&before.message)),
                Some(_) => {}
            }
        }
        for (_, told) in latter.unknown.iter().filter(|(fingerprint, _)| !former.unknown.contains_key(*fingerprint)) {
            add(Turn::Blind, told, failed_on.get(&key(told)).map(|before| &before.message));
        }
        let doubted: BTreeSet<&str> = latter.unknown.values().map(|told| told.rule.as_str()).collect();
        let unknown: BTreeSet<(&str, &str)> = latter.unknown.values().map(key).collect();
        for (_, told) in former.failed.iter().filter(|(fingerprint, _)| !latter.failed.contains_key(*fingerprint)) {
            let rule = told.rule.as_str();
            if !latter.rules.contains(rule) {
                add(Turn::Unjudged, told, None);
            } else if latter.exempt.contains(&(told.rule.clone(), told.subject.clone())) {
                add(Turn::Exempt, &Recorded { message: exempted(&told.message), ..told.clone() }, None);
            } else if latter.decided.contains(&(told.rule.clone(), told.subject.clone())) {
                add(Turn::Gone, told, None);
            } else if unknown.contains(&key(told)) {
                // It was told above, as what is no longer known.
            } else if doubted.contains(rule) || !latter.looked_into(told) {
                // A subject that is not there is gone only where nothing stands for subjects that were not seen.
                let message = "Nobody can say any more whether it still holds.".to_owned();
                add(Turn::Blind, &Recorded { message, ..told.clone() }, Some(&told.message));
            } else {
                add(Turn::Gone, told, None);
            }
        }
        let fails: BTreeSet<(&str, &str)> = latter.failed.values().map(key).collect();
        for told in former.unknown.values().filter(|told| latter.decided.contains(&(told.rule.clone(), told.subject.clone()))) {
            // What was in doubt and fails is new, and was told as that.
            if !fails.contains(&key(told)) {
                add(Turn::Seen, told, None);
            }
        }
        entries.sort_by(|a, b| order(a).cmp(&order(b)));
        Difference {
            entries,
            unseen: former.units.difference(&latter.units).cloned().collect(),
            unjudged: former.rules.difference(&latter.rules).cloned().collect(),
        }
    }

    pub fn count(&self, turn: Turn) -> usize {
        self.entries.iter().filter(|entry| entry.turn == turn).count()
    }

    pub fn is_worse(&self) -> bool {
        !self.unseen.is_empty() || !self.unjudged.is_empty() || self.entries.iter().any(|entry| entry.turn.is_worse())
    }
}

impl Record {
    fn looked_into(&self, told: &Recorded) -> bool {
        self.units.iter().any(|(account, region)| *account == told.account && (told.region.is_empty() || *region == told.region))
    }
}

fn key(told: &Recorded) -> (&str, &str) {
    (&told.rule, &told.subject)
}

fn order(entry: &Entry) -> impl Ord + '_ {
    let Entry { turn, told, .. } = entry;
    (&told.account, &told.region, told.kind, &told.name, &told.subject, *turn, std::cmp::Reverse(told.severity), &told.rule, &told.message)
}
