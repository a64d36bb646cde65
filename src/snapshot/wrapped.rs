//! The AWS CLI prints some objects under a member of their own: `{"Role": {...}}`. Both forms are taken.

use serde::de::{Deserialize, Deserializer};
use serde_json::{Map, Value};

/// The object, with what stands under `name` brought up into it.
pub fn unwrapped<'de, D: Deserializer<'de>>(deserializer: D, name: &str) -> Result<Value, D::Error> {
    let mut object = Map::deserialize(deserializer)?;
    match object.remove(name) {
        Some(Value::Object(inner)) => object.extend(inner),
        // Not the wrapping, but a member that happens to have its name.
        Some(other) => drop(object.insert(name.to_owned(), other)),
        None => {}
    }
    Ok(Value::Object(object))
}

/// Reads and writes a type that is derived with `remote = "Self"`, taking it under the given name as well.
macro_rules! wrapped {
    ($type:ident, $name:literal) => {
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let object = $crate::snapshot::wrapped::unwrapped(deserializer, $name)?;
                $type::deserialize(object).map_err(serde::de::Error::custom)
            }
        }

        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $type::serialize(self, serializer)
            }
        }
    };
}

pub(super) use wrapped;
