//! A moment, read as the AWS CLI prints it (ISO 8601) and as the API sends it (seconds since 1970).

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, NaiveTime, SecondsFormat, TimeZone, Utc};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserializer, Error, Visitor};
use serde::{Deserialize, Serialize, Serializer};

/// Milliseconds since 1970-01-01T00:00:00Z; AWS sends no finer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    pub fn from_millis(millis: i64) -> Option<Self> {
        DateTime::from_timestamp_millis(millis).map(|_| Timestamp(millis))
    }

    /// Whole hours from `earlier` to `self`, rounded down; negative when `earlier` is later.
    pub fn hours_since(self, earlier: Timestamp) -> i64 {
        (self.0 - earlier.0).div_euclid(3_600_000)
    }

    pub fn millis(self) -> i64 {
        self.0
    }

    pub fn to_chrono(self) -> DateTime<Utc> {
        Utc.timestamp_millis_opt(self.0).single().unwrap_or_default()
    }

    fn from_seconds(seconds: f64) -> Option<Self> {
        let millis = seconds * 1000.0;
        (millis.abs() < 1e16).then(|| millis.round() as i64).and_then(Timestamp::from_millis)
    }
}

impl From<DateTime<Utc>> for Timestamp {
    fn from(time: DateTime<Utc>) -> Self {
        Timestamp(time.timestamp_millis())
    }
}

/// The text is neither a date nor a time of ISO 8601.
#[derive(Debug, thiserror::Error)]
#[error("'{0}' is not a time; write it like 2026-11-22T05:00:00Z, or as seconds since 1970")]
pub struct NotATime(String);

impl FromStr for Timestamp {
    type Err = NotATime;

    /// Takes RFC 3339, and a bare date as its first moment in UTC.
    fn from_str(text: &str) -> Result<Self, NotATime> {
        if let Ok(time) = DateTime::parse_from_rfc3339(text) {
            return Ok(time.with_timezone(&Utc).into());
        }
        match text.parse::<NaiveDate>() {
            Ok(date) => Ok(date.and_time(NaiveTime::MIN).and_utc().into()),
            Err(_) => Err(NotATime(text.chars().take(60).collect())),
        }
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_chrono().to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TimestampVisitor)
    }
}

struct TimestampVisitor;

impl Visitor<'_> for TimestampVisitor {
    type Value = Timestamp;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a time of ISO 8601, or seconds since 1970")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Timestamp, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_f64<E: Error>(self, seconds: f64) -> Result<Timestamp, E> {
        Timestamp::from_seconds(seconds).ok_or_else(|| E::custom(format!("{seconds} seconds since 1970 is out of range")))
    }

    fn visit_i64<E: Error>(self, seconds: i64) -> Result<Timestamp, E> {
        self.visit_f64(seconds as f64)
    }

    fn visit_u64<E: Error>(self, seconds: u64) -> Result<Timestamp, E> {
        self.visit_f64(seconds as f64)
    }
}

impl JsonSchema for Timestamp {
    fn schema_name() -> Cow<'static, str> {
        "Timestamp".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A time of ISO 8601, as the AWS CLI prints it, or seconds since 1970, as the API sends it.",
            "type": ["string", "number"]
        })
    }
}
