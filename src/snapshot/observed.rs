//! A fact as it was observed: known, absent, a reference, or unknown with the reasons.
//! Belongs here: the type, its JSON form and the reasons. What a reason means for a verdict does not.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{DeserializeSeed, Deserializer, Error, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{SerializeMap, Serializer};
use serde::{Deserialize, Serialize};

/// Key of the object that stands where a value is unknown.
pub const UNKNOWN: &str = "$unknown";
/// Key of the object that stands where only a value's identity is known.
pub const REFERENCE: &str = "$reference";

/// Why a fact is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// AWS refused the call that would have told.
    Denied,
    /// AWS throttled the call until the collector gave up.
    Throttled,
    /// The call failed for another reason.
    Failed,
    /// The listing ended before its last page.
    Truncated,
    /// The call was not made, by choice or because one before it failed.
    Skipped,
    /// The snapshot neither holds the fact nor says that it is absent.
    NotObserved,
    /// Terraform computes the value only while it applies.
    KnownAfterApply,
    /// Terraform reads the value from AWS or elsewhere, or computes it in a way that is not evaluated here.
    NotEvaluated,
    /// The Terraform root does not declare it, and a root is not the account.
    NotDeclared,
    /// Terraform has no way to declare it, so that only the live account tells.
    NotDeclarable,
    /// Everything was seen, and AWS's documents do not settle what it means.
    Undetermined,
    /// The rule itself failed.
    RuleError,
}

impl Cause {
    /// Whether more permissions or another run could tell; `Undetermined` stays so whatever is collected.
    pub fn is_blindness(self) -> bool {
        !matches!(self, Cause::Undetermined)
    }

    /// Whether what was judged is source code, which never tells: the next run on it sees no more, and this one saw no less.
    pub fn is_of_source_code(self) -> bool {
        matches!(self, Cause::KnownAfterApply | Cause::NotEvaluated | Cause::NotDeclared | Cause::NotDeclarable)
    }
}

/// One reason for which a fact is unknown, as a person would want to read it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    pub cause: Cause,
    /// The call that would have told, as `service:Operation`; `None` where no single call would.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<String>,
    /// One sentence without its full stop.
    pub detail: String,
}

impl Reason {
    pub fn new(cause: Cause, detail: impl Into<String>) -> Self {
        Reason { cause, call: None, detail: detail.into() }
    }

    pub fn of_call(cause: Cause, call: impl Into<String>, detail: impl Into<String>) -> Self {
        Reason { cause, call: Some(call.into()), detail: detail.into() }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}

/// A fact, or why there is none. The default is `Absent`, which is what a member that AWS left out of an answer
/// means; members that come from a call of their own default to [`Observed::not_observed`] instead.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Observed<T> {
    Known(T),
    /// Observed not to be set. JSON: `null`, or left out of an object that AWS returned whole.
    #[default]
    Absent,
    /// The identity is known before the value. JSON: `{"$reference": "address"}`.
    Reference(String),
    /// JSON: `{"$unknown": [{"cause": ..., "detail": ...}]}`, or `{"$unknown": "detail"}`.
    Unknown(Vec<Reason>),
}

impl<T> Observed<T> {
    /// The default of a member that a separate call brings: nobody looked.
    pub fn not_observed() -> Self {
        Observed::unknown(Reason::new(Cause::NotObserved, "the snapshot does not hold it"))
    }

    pub fn unknown(reason: Reason) -> Self {
        Observed::Unknown(vec![reason])
    }

    pub fn known(&self) -> Option<&T> {
        match self {
            Observed::Known(value) => Some(value),
            _ => None,
        }
    }

    pub fn is_known(&self) -> bool {
        matches!(self, Observed::Known(_))
    }

    pub fn is_absent(&self) -> bool {
        matches!(self, Observed::Absent)
    }

    pub fn is_unknown(&self) -> bool {
        matches!(self, Observed::Unknown(_))
    }

    /// The reasons, empty when the fact is not unknown.
    pub fn reasons(&self) -> &[Reason] {
        match self {
            Observed::Unknown(reasons) => reasons,
            _ => &[],
        }
    }

    pub fn as_ref(&self) -> Observed<&T> {
        match self {
            Observed::Known(value) => Observed::Known(value),
            Observed::Absent => Observed::Absent,
            Observed::Reference(to) => Observed::Reference(to.clone()),
            Observed::Unknown(reasons) => Observed::Unknown(reasons.clone()),
        }
    }

    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Observed<U> {
        self.and_then(|value| Observed::Known(f(value)))
    }

    /// Continues with the known value; absent, reference and unknown pass through.
    pub fn and_then<U>(self, f: impl FnOnce(T) -> Observed<U>) -> Observed<U> {
        match self {
            Observed::Known(value) => f(value),
            Observed::Absent => Observed::Absent,
            Observed::Reference(to) => Observed::Reference(to),
            Observed::Unknown(reasons) => Observed::Unknown(reasons),
        }
    }

    /// Gives absence a meaning: the value it stands for.
    pub fn absent_is(self, value: T) -> Self {
        match self {
            Observed::Absent => Observed::Known(value),
            other => other,
        }
    }

    /// For a member that AWS always returns: its absence is a hole in the snapshot, not an answer.
    pub fn required(self, member: &str) -> Self {
        match self {
            Observed::Absent => Observed::unknown(Reason::new(Cause::NotObserved, format!("the snapshot does not hold '{member}'"))),
            other => other,
        }
    }
}

impl<T: Clone> Observed<&T> {
    pub fn cloned(self) -> Observed<T> {
        self.map(T::clone)
    }
}

impl<T: Serialize> Serialize for Observed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Observed::Known(value) => value.serialize(serializer),
            Observed::Absent => serializer.serialize_unit(),
            Observed::Reference(to) => marker(serializer, REFERENCE, to),
            Observed::Unknown(reasons) => marker(serializer, UNKNOWN, reasons),
        }
    }
}

fn marker<S: Serializer>(serializer: S, key: &str, value: &impl Serialize) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(1))?;
    map.serialize_entry(key, value)?;
    map.end()
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Observed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ObservedVisitor(PhantomData))
    }
}

struct ObservedVisitor<T>(PhantomData<T>);

/// A scalar goes on to `T` as it came.
macro_rules! forward {
    ($($method:ident: $type:ty),*) => {$(
        fn $method<E: Error>(self, value: $type) -> Result<Self::Value, E> {
            T::deserialize(value.into_deserializer()).map(Observed::Known)
        }
    )*};
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObservedVisitor<T> {
    type Value = Observed<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value, null, or an object that says why it is unknown")
    }

    forward!(visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64, visit_str: &str, visit_string: String);

    fn visit_borrowed_str<E: Error>(self, value: &'de str) -> Result<Self::Value, E> {
        T::deserialize(serde::de::value::BorrowedStrDeserializer::new(value)).map(Observed::Known)
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Observed::Absent)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
        T::deserialize(SeqAccessDeserializer::new(seq)).map(Observed::Known)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let first: Option<Cow<'de, str>> = map.next_key()?;
        match first.as_deref() {
            Some(UNKNOWN) => match map.next_value()? {
                UnknownForm::Reasons(reasons) if reasons.is_empty() => Err(A::Error::custom("'$unknown' gives no reason")),
                UnknownForm::Reasons(reasons) => Ok(Observed::Unknown(reasons)),
                UnknownForm::Detail(detail) => Ok(Observed::unknown(Reason::new(Cause::NotObserved, detail))),
            },
            Some(REFERENCE) => Ok(Observed::Reference(map.next_value()?)),
            _ => T::deserialize(MapAccessDeserializer::new(Resumed { first, map })).map(Observed::Known),
        }
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum UnknownForm {
    Reasons(Vec<Reason>),
    Detail(String),
}

/// A map whose first key has been looked at already.
struct Resumed<'de, A> {
    first: Option<Cow<'de, str>>,
    map: A,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Resumed<'de, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        match self.first.take() {
            Some(key) => seed.deserialize(key.into_deserializer()).map(Some),
            None => self.map.next_key_seed(seed),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.map.next_value_seed(seed)
    }
}

impl<T: JsonSchema> JsonSchema for Observed<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("Observed_{}", T::schema_name()).into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let value = generator.subschema_for::<T>();
        let unknown = generator.subschema_for::<Unknown>();
        json_schema!({ "anyOf": [value, {"type": "null"}, unknown] })
    }
}

/// What stands in place of a value that is unknown, or known by its identity only.
#[derive(JsonSchema)]
#[serde(untagged)]
#[allow(dead_code)]
enum Unknown {
    Unknown {
        #[serde(rename = "$unknown")]
        reasons: UnknownSchema,
    },
    Reference {
        #[serde(rename = "$reference")]
        to: String,
    },
}

#[derive(JsonSchema)]
#[serde(untagged)]
#[allow(dead_code)]
enum UnknownSchema {
    Reasons(#[schemars(length(min = 1))] Vec<Reason>),
    Detail(String),
}
