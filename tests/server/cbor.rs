//! JSON to CBOR and back, as CloudWatch's protocol wants it: times are seconds since 1970 under tag 1, and what the model calls
//! a double is never an integer.

use ciborium::Value as Cbor;
use serde_json::{Map, Value};

const DOUBLES: [&str; 1] = ["Threshold"];

pub fn encode(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(&cbor("", value), &mut bytes).expect("it is written to memory");
    bytes
}

/// Null, where it is not CBOR.
pub fn decode(bytes: &[u8]) -> Value {
    ciborium::from_reader::<Cbor, _>(bytes).map_or(Value::Null, json)
}

fn cbor(name: &str, value: &Value) -> Cbor {
    match value {
        Value::Null => Cbor::Null,
        Value::Bool(value) => Cbor::Bool(*value),
        Value::Number(number) if name.ends_with("Timestamp") => {
            Cbor::Tag(1, Box::new(number.as_i64().map_or_else(|| double(number), |seconds| Cbor::Integer(seconds.into()))))
        }
        Value::Number(number) => match number.as_i64() {
            Some(integer) if !DOUBLES.contains(&name) => Cbor::Integer(integer.into()),
            _ => double(number),
        },
        Value::String(text) => Cbor::Text(text.clone()),
        Value::Array(items) => Cbor::Array(items.iter().map(|item| cbor(name, item)).collect()),
        Value::Object(members) => Cbor::Map(members.iter().map(|(name, value)| (Cbor::Text(name.clone()), cbor(name, value))).collect()),
    }
}

fn double(number: &serde_json::Number) -> Cbor {
    Cbor::Float(number.as_f64().unwrap_or_default())
}

fn json(value: Cbor) -> Value {
    match value {
        Cbor::Bool(value) => value.into(),
        Cbor::Text(text) => text.into(),
        Cbor::Integer(integer) => i64::try_from(integer).map_or(Value::Null, Value::from),
        Cbor::Float(number) => number.into(),
        Cbor::Tag(_, inner) => json(*inner),
        Cbor::Array(items) => items.into_iter().map(json).collect(),
        Cbor::Map(members) => {
            let member = |(name, value): (Cbor, Cbor)| Some((name.into_text().ok()?, json(value)));
            Value::Object(members.into_iter().filter_map(member).collect::<Map<_, _>>())
        }
        _ => Value::Null,
    }
}
