//! The nights of a history, as far as a picture of them needs them: the newest, a few at once, so that memory holds no more.

use std::borrow::Cow;
use std::fmt;
use std::io::Read;
use std::thread;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::history::History;
use crate::audit::{Answer, Ground, Night, Recovered, Trend, Verdict, VerdictOfNight};
use crate::evidence::sha256;
use crate::policy::Severity;
use crate::snapshot::Timestamp;

/// A quarter of a year. Older nights are counted only.
const NIGHTS: usize = 90;
/// Of all files together, packed; what is older than that is counted only, so that time is bounded. They unpack to some twenty times as much.
const PACKED: u64 = 64 << 20;
/// Of one file, unpacked; what is larger is told as such.
const UNPACKED: u64 = 512 << 20;
/// How many are read beside each other.
const AT_ONCE: usize = 2;
/// Files in a row that could not be read, after which no other is tried.
const UNREAD: usize = 3;
const GIVEN_UP: &str = "those before it could not be read, and it was not tried";
const SCHEMA: &str = "backstop/report/1";
const ENDING: &str = ".json.zst";

/// All nights before a moment, from the oldest to the newest: a result of that moment or later is none that this one follows.
pub fn before(as_of: Timestamp, history: &History) -> Trend {
    let mut trend = Trend::default();
    let listed = match history.nights() {
        Ok(listed) => listed,
        Err(error) => {
            trend.unlisted = Some(error.to_string());
            return trend;
        }
    };
    let mut names: Vec<(Option<Timestamp>, String, u64)> = listed
        .into_iter()
        .filter(|(name, _)| name.ends_with(ENDING))
        .map(|(name, size)| (when(&name), name, size))
        .filter(|(when, ..)| when.is_none_or(|when| when < as_of))
        .collect();
    names.sort();
    // What has no time in its name stands first and must not fall off the end.
    let undated = names.iter().take_while(|(when, ..)| when.is_none()).count();
    for (_, name, _) in names.drain(..undated) {
        trend.miss(name, "its name is not that of a result".to_owned());
    }
    let mut packed = 0;
    let fits = |(_, _, size): &&(Option<Timestamp>, String, u64)| {
        packed += size;
        packed <= PACKED
    };
    let read = names.iter().rev().take(NIGHTS).take_while(fits).count();
    trend.earlier = names.len() - read;
    let named: Vec<_> = names.into_iter().skip(trend.earlier).collect();
    let mut unread = 0;
    for some in named.chunks(AT_ONCE) {
        let packed = some.iter().map(|(_, name, size)| {
            // Each may take a minute to fail in a bucket that is no longer reached.
            let packed =
                if unread < UNREAD { history.read(name, *size).map_err(|error| error.to_string()) } else { Err(GIVEN_UP.to_owned()) };
            unread = if packed.is_err() { unread + 1 } else { 0 };
            (name.as_str(), packed)
        });
        for ((when, name, _), night) in some.iter().zip(beside_each_other(&packed.collect::<Vec<_>>())) {
            match night {
                Ok(night) if Some(night.as_of) == *when => trend.push(night),
                Ok(_) => trend.miss(name.clone(), "it is of another time than its name says".to_owned()),
                Err(why) => trend.miss(name.clone(), why),
            }
        }
    }
    trend
}

type Packed<'a> = (&'a str, Result<Vec<u8>, String>);

/// The nights of results with their names, in their order, each read on a thread of its own.
fn beside_each_other(all: &[Packed]) -> Vec<Result<Night, String>> {
    let read = |(name, packed): &Packed| night(&unpacked(packed.as_ref().map_err(String::clone)?, name)?);
    thread::scope(|scope| {
        let reading: Vec<_> = all.iter().map(|one| (one, thread::Builder::new().spawn_scoped(scope, move || read(one)))).collect();
        let done = reading.into_iter().map(|(one, thread)| match thread {
            Ok(thread) => thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            // The system gives no more threads.
            Err(_) => read(one),
        });
        done.collect()
    })
}

/// The time in the name of a result: `2026-11-22T08-59-21.690Z-0123456789ab.json.zst`.
fn when(name: &str) -> Option<Timestamp> {
    let (time, hash) = name.strip_suffix(ENDING)?.rsplit_once('-')?;
    let (day, time) = time.split_once('T')?;
    let is_hash = hash.len() == 12 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hash.then(|| format!("{day}T{}", time.replace('-', ":")).parse().ok())?
}

/// The report, whole and the one that its name says.
fn unpacked(packed: &[u8], name: &str) -> Result<Vec<u8>, String> {
    let cut = |_| "it is not a whole zstd file".to_owned();
    let mut bytes = Vec::new();
    zstd::Decoder::new(packed).and_then(|decoder| decoder.take(UNPACKED + 1).read_to_end(&mut bytes)).map_err(cut)?;
    if bytes.len() as u64 > UNPACKED {
        return Err(format!("it holds more than {} MiB", UNPACKED >> 20));
    }
    let short: String = sha256(&bytes).chars().take(12).collect();
    if !name.strip_suffix(ENDING).is_some_and(|name| name.ends_with(&short)) {
        return Err("it is not what its name says: the hash in it is another".to_owned());
    }
    Ok(bytes)
}

fn night(bytes: &[u8]) -> Result<Night, String> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let read = deserializer.deserialize_map(Whole).and_then(|night| deserializer.end().map(|()| night));
    // Where in a file of one line a finding it is helps nobody.
    read.map_err(|error| format!("it is no report: {}", told(&error)))
}

fn told(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let text = text.rsplit_once(" at line ").map_or(text.as_str(), |(before, _)| before);
    text.chars().take(200).collect()
}

#[derive(Deserialize)]
struct Version {
    version: String,
}

#[derive(Deserialize)]
struct Snapshot {
    units: Vec<Unit>,
}

#[derive(Deserialize)]
struct Unit {
    account: String,
    region: String,
}

#[derive(Deserialize)]
struct Rule {
    id: String,
    severity: Severity,
}

#[derive(Deserialize)]
struct Resource {
    from: Vec<From>,
}

#[derive(Deserialize)]
struct From {
    recoverable: Answer,
}

#[derive(Deserialize)]
struct Finding<'a> {
    #[serde(borrow)]
    rule: Cow<'a, str>,
    severity: Severity,
    verdict: Verdict,
    #[serde(borrow)]
    subject: Subject<'a>,
    #[serde(borrow)]
    fingerprint: Cow<'a, str>,
    /// There where somebody has accepted it.
    waiver: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Subject<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
}

/// A report, of which the findings are counted as they are read and not gathered.
struct Whole;

impl<'de> Visitor<'de> for Whole {
    type Value = Night;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a report of an audit")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Night, A::Error> {
        // Its time is set below.
        let mut night = Night::empty(Timestamp::from(chrono::DateTime::UNIX_EPOCH));
        let (mut as_of, mut schema, mut version, mut units, mut rules, mut counted) = (None, None, None, None, None, false);
        while let Some(key) = map.next_key::<Cow<str>>()? {
            match &*key {
                "schema" => {
                    let says: String = map.next_value()?;
                    if says != SCHEMA {
                        let says: String = says.chars().take(60).collect();
                        return Err(A::Error::custom(format!("it says schema '{says}', and this version of Backstop reads '{SCHEMA}'")));
                    }
                    schema = Some(says);
                }
                "backstop" => version = Some(map.next_value::<Version>()?.version),
                "as_of" => as_of = Some(map.next_value::<Timestamp>()?),
                "snapshot" => units = Some(map.next_value::<Snapshot>()?.units),
                "rules" => rules = Some(map.next_value::<Vec<Rule>>()?),
                "resources" => night.recovered = map.next_value::<Option<Vec<Resource>>>()?.as_deref().map(recovered),
                "findings" => {
                    map.next_value_seed(Findings { night: &mut night })?;
                    counted = true;
                }
                _ => _ = map.next_value::<IgnoredAny>()?,
            }
        }
        let missing = |what| A::Error::missing_field(what);
        schema.ok_or_else(|| missing("schema"))?;
        night.as_of = as_of.ok_or_else(|| missing("as_of"))?;
        if !counted {
            return Err(missing("findings"));
        }
        night.ground = Ground {
            units: units.ok_or_else(|| missing("snapshot"))?.into_iter().map(|unit| (unit.account, unit.region)).collect(),
            rules: rules.ok_or_else(|| missing("rules"))?.into_iter().map(|rule| (rule.id, rule.severity)).collect(),
            version: version.ok_or_else(|| missing("backstop"))?,
        };
        Ok(night)
    }
}

fn recovered(resources: &[Resource]) -> Recovered {
    let mut recovered = Recovered::default();
    for resource in resources {
        recovered.add(resource.from.iter().map(|from| from.recoverable).min().unwrap_or(Answer::Unknown));
    }
    recovered
}

struct Findings<'s> {
    night: &'s mut Night,
}

impl<'de> DeserializeSeed<'de> for Findings<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Findings<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of findings")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut all: A) -> Result<(), A::Error> {
        while let Some(finding) = all.next_element::<Finding>()? {
            let told = VerdictOfNight {
                rule: &finding.rule,
                severity: finding.severity,
                subject: &finding.subject.id,
                verdict: finding.verdict,
                fingerprint: &finding.fingerprint,
                is_waived: finding.waiver.is_some(),
            };
            self.night.add(told);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_in_a_name_is_read_and_a_foreign_name_has_none() {
        let time = |text: &str| Some(text.parse().expect("a time"));
        assert_eq!(when("2026-11-22T08-59-21.690Z-0123456789ab.json.zst"), time("2026-11-22T08:59:21.690Z"));
        assert_eq!(when("2026-11-22T05-00-00Z-0123456789ab.json.zst"), time("2026-11-22T05:00:00Z"));
        for foreign in ["old.json.zst", "2026-11-22T05-00-00Z.json.zst", "2026-11-22T05-00-00Z-0123456789xy.json.zst", ".json.zst", "é"] {
            assert_eq!(when(foreign), None, "{foreign}");
        }
    }

    #[test]
    fn what_is_no_report_says_why() {
        for (bytes, why) in [
            ("", "it is no report: EOF while parsing a value"),
            ("[]", "it is no report: invalid type: sequence, expected a report of an audit"),
            ("{}", "it is no report: missing field `schema`"),
            (
                r#"{"schema": "other/1"}"#,
                "it is no report: it says schema 'other/1', and this version of Backstop reads 'backstop/report/1'",
            ),
            (r#"{"schema": "backstop/report/1", "as_of": "2026-11-22"}"#, "it is no report: missing field `findings`"),
            (r#"{"schema": "backstop/report/1", "findings": [{}]}"#, "it is no report: missing field `rule`"),
        ] {
            assert_eq!(night(bytes.as_bytes()), Err(why.to_owned()), "{bytes}");
        }
    }
}
