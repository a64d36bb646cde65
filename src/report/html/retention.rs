//! How long each rule keeps its points warm and cold, and when it deletes them, against what the lock of the vault allows.

use serde_json::Value;

use super::known::{Known, list, number, text};
use crate::audit::Audit;
use crate::facts::Kind;

/// Nobody reads more; those outside of a lock's range come first, and the rest is counted.
const ROWS_SHOWN: usize = 300;
const WIDTH: f64 = 700.0;
/// Where a span ends that never ends.
const NEVER: f64 = 690.0;
/// What the scale always reaches, in days.
const AT_LEAST: i64 = 365;

pub struct Retention {
    pub rows: Vec<Row>,
    pub hidden: usize,
    /// Rules that could not be listed, so that nothing can be said of them.
    pub unlisted: usize,
}

/// A rule, or one of its copies.
pub struct Row {
    /// The plan and the rule.
    pub rule: String,
    pub vault: String,
    /// Whether it is a copy.
    pub is_copy: bool,
    pub delete: Known<i64>,
    pub cold: Known<i64>,
    pub lock: Lock,
    longest: i64,
}

/// What the lock of the vault allows.
pub enum Lock {
    None,
    Range { mode: String, least: Known<i64>, most: Known<i64> },
    Unknown,
}

impl Retention {
    pub fn of(audit: &Audit) -> Self {
        let rules = audit.subjects.of(Kind::PlanRule);
        let mut rows = Vec::new();
        let mut unlisted = 0;
        for subject in &rules.subjects {
            let facts = rules.facts_of(subject);
            if facts.is_gap {
                unlisted += 1;
                continue;
            }
            let document = &facts.document;
            rows.push(Row::of(subject.name(), document, document.pointer("/target_vault"), false));
            let copies = list(document, "/copies").value().into_iter().flatten();
            rows.extend(copies.map(|copy| Row::of(subject.name(), copy, copy.get("destination"), true)));
        }
        let longest = rows.iter().flat_map(|row| [row.delete, row.cold].into_iter().chain(row.lock.bounds()));
        let longest = longest.filter_map(Known::value).max().unwrap_or(0).max(AT_LEAST);
        rows.iter_mut().for_each(|row| row.longest = longest);
        rows.sort_by_key(|row| row.fits().map_or(1, |fits| if fits { 2 } else { 0 }));
        let hidden = rows.len().saturating_sub(ROWS_SHOWN);
        rows.truncate(ROWS_SHOWN);
        Retention { rows, hidden, unlisted }
    }
}

impl Row {
    fn of(rule: &str, of: &Value, vault: Option<&Value>, is_copy: bool) -> Self {
        let vault = vault.unwrap_or(&Value::Null);
        let told = |member: &str| text(vault, member).or_unknown();
        Row {
            rule: rule.to_owned(),
            vault: format!("{} in {}/{}", told("/name"), told("/account"), told("/region")),
            is_copy,
            delete: number(of, "/lifecycle/delete_after_days"),
            cold: number(of, "/lifecycle/move_to_cold_storage_after_days"),
            lock: match text(vault, "/lock/mode") {
                Known::Value("none") => Lock::None,
                Known::Value(mode) => Lock::Range {
                    mode: mode.replace('_', " "),
                    least: number(vault, "/lock/min_retention_days"),
                    most: number(vault, "/lock/max_retention_days"),
                },
                Known::Unset | Known::Unknown => Lock::Unknown,
            },
            longest: AT_LEAST,
        }
    }

    /// Whether the lock takes points that are kept so long; `None` where that is not known.
    pub fn fits(&self) -> Option<bool> {
        let Lock::Range { least, most, .. } = &self.lock else {
            return matches!(self.lock, Lock::None).then_some(true);
        };
        match self.delete {
            Known::Unknown => None,
            // For ever is longer than any maximum.
            Known::Unset => (*most != Known::Unknown).then_some(*most == Known::Unset),
            Known::Value(days) => {
                let within = |bound: &Known<i64>, holds: fn(&i64, &i64) -> bool| match bound {
                    Known::Value(bound) => Some(holds(&days, bound)),
                    Known::Unset => Some(true),
                    Known::Unknown => None,
                };
                match (within(least, i64::ge), within(most, i64::le)) {
                    (Some(false), _) | (_, Some(false)) => Some(false),
                    (Some(true), Some(true)) => Some(true),
                    _ => None,
                }
            }
        }
    }

    /// On a logarithmic scale, on which a week and ten years can both be read.
    fn x(&self, days: i64) -> f64 {
        let scale = (1.0 + self.longest as f64).ln();
        let share = (1.0 + days.max(0) as f64).ln() / scale;
        (share * (NEVER - 30.0) * 10.0).round() / 10.0
    }

    /// From where to where the points lie in warm storage, and in cold; nothing where an end is not known.
    pub fn spans(&self) -> Vec<(&'static str, f64, f64)> {
        let end = match self.delete {
            Known::Value(days) => self.x(days),
            Known::Unset => NEVER,
            Known::Unknown => return Vec::new(),
        };
        match self.cold {
            Known::Unknown => Vec::new(),
            Known::Value(days) if self.x(days) < end => vec![("warm", 0.0, self.x(days)), ("cold", self.x(days), end - self.x(days))],
            Known::Value(_) | Known::Unset => vec![("warm", 0.0, end)],
        }
    }

    /// The lock's range as its left edge and its width; `None` where there is no lock, or its range is not known.
    pub fn range(&self) -> Option<(f64, f64)> {
        let Lock::Range { least, most, .. } = &self.lock else { return None };
        let from = match least {
            Known::Value(days) => self.x(*days),
            Known::Unset => 0.0,
            Known::Unknown => return None,
        };
        let to = match most {
            Known::Value(days) => self.x(*days),
            Known::Unset => NEVER,
            Known::Unknown => return None,
        };
        Some((from, (to - from).max(2.0)))
    }

    /// The days that the scale marks.
    pub fn ticks(&self) -> Vec<f64> {
        [7, 30, 90, 365, 1095, 3650].into_iter().filter(|days| *days <= self.longest).map(|days| self.x(days)).collect()
    }

    pub fn width(&self) -> f64 {
        WIDTH
    }

    pub fn deleted_told(&self) -> String {
        days_told(self.delete, "never")
    }

    pub fn cold_told(&self) -> String {
        days_told(self.cold, "never")
    }

    pub fn lock_told(&self) -> String {
        match &self.lock {
            Lock::None => "no lock".to_owned(),
            Lock::Unknown => "unknown".to_owned(),
            Lock::Range { mode, least, most } => {
                format!("{mode}: {} to {}", days_told(*least, "no minimum"), days_told(*most, "no maximum"))
            }
        }
    }

    /// What the picture shows, in words.
    pub fn told(&self) -> &'static str {
        match (&self.lock, self.fits()) {
            (Lock::None, _) => "no lock to keep to",
            (_, Some(true)) => "within the lock's range",
            (_, Some(false)) => "outside of the lock's range",
            (_, None) => "not known",
        }
    }

    pub fn class(&self) -> &'static str {
        match (&self.lock, self.fits()) {
            (Lock::None, _) => "aside",
            (_, Some(true)) => "good",
            (_, Some(false)) => "bad",
            (_, None) => "open",
        }
    }
}

impl Lock {
    fn bounds(&self) -> Vec<Known<i64>> {
        match self {
            Lock::Range { least, most, .. } => vec![*least, *most],
            Lock::None | Lock::Unknown => Vec::new(),
        }
    }
}

fn days_told(days: Known<i64>, unset: &str) -> String {
    match days {
        Known::Value(1) => "1 day".to_owned(),
        Known::Value(days) => format!("{days} days"),
        Known::Unset => unset.to_owned(),
        Known::Unknown => "unknown".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn row(delete: Value, cold: Value, lock: Value) -> Row {
        let rule = json!({ "lifecycle": { "delete_after_days": delete, "move_to_cold_storage_after_days": cold } });
        Row::of("plan / rule", &rule, Some(&json!({ "name": "main", "lock": lock })), false)
    }

    fn lock(least: Value, most: Value) -> Value {
        json!({ "mode": "governance", "min_retention_days": least, "max_retention_days": most })
    }

    #[test]
    fn a_lock_takes_what_lies_within_its_range() {
        let unknown = || json!({ "$unknown": [] });
        for (delete, least, most, fits) in [
            (json!(7), json!(7), json!(60), Some(true)),
            (json!(60), json!(7), json!(60), Some(true)),
            (json!(6), json!(7), json!(60), Some(false)),
            (json!(61), json!(7), json!(60), Some(false)),
            (json!(6), Value::Null, json!(60), Some(true)),
            (json!(6000), json!(7), Value::Null, Some(true)),
            (Value::Null, json!(7), json!(60), Some(false)),
            (Value::Null, json!(7), Value::Null, Some(true)),
            (Value::Null, json!(7), unknown(), None),
            (unknown(), json!(7), json!(60), None),
            (json!(30), unknown(), json!(60), None),
            (json!(61), unknown(), json!(60), Some(false)),
        ] {
            let row = row(delete.clone(), Value::Null, lock(least.clone(), most.clone()));
            assert_eq!(row.fits(), fits, "{delete} in {least} to {most}");
        }
        assert_eq!(row(json!(1), Value::Null, json!({ "mode": "none" })).fits(), Some(true));
        assert_eq!(row(json!(1), Value::Null, json!({ "$unknown": [] })).fits(), None);
    }

    #[test]
    fn what_is_not_known_is_not_drawn() {
        let none = || json!({ "mode": "none" });
        assert!(row(json!({ "$unknown": [] }), Value::Null, none()).spans().is_empty());
        assert!(row(json!(30), json!({ "$unknown": [] }), none()).spans().is_empty());
        let names = |row: &Row| row.spans().into_iter().map(|(name, ..)| name).collect::<Vec<_>>();
        assert_eq!(names(&row(json!(120), json!(30), none())), ["warm", "cold"]);
        assert_eq!(names(&row(json!(30), json!(30), none())), ["warm"], "deleted before it gets cold");
        assert_eq!(row(Value::Null, Value::Null, none()).spans(), [("warm", 0.0, NEVER)]);
        assert_eq!(row(json!(1), Value::Null, lock(json!(1), json!({ "$unknown": [] }))).range(), None);
    }
}
