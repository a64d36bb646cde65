//! JSON as Terraform writes it: read as a stream, kept only where the mapping table asks for it, and never quoted in an error.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, de};
use serde_json::error::Category;
use serde_json::value::RawValue;

use super::error::{At, TerraformError};
use super::mapping;
use super::value::Value;

/// Larger than any root that Terraform itself still handles; what is larger was hardly meant.
const LARGEST: u64 = 1 << 30;

/// The attributes of a resource that the mapping table names, or what a plan says of them.
pub(super) type Attributes = BTreeMap<String, Value>;

/// The document in a file. `show` is the command that writes such a file.
pub(super) fn read<T: DeserializeOwned>(path: &Path, show: &str) -> Result<T, TerraformError> {
    let file_error = |source| TerraformError::File { path: path.to_owned(), source };
    let file = File::open(path).map_err(file_error)?;
    if file.metadata().map_err(file_error)?.len() > LARGEST {
        return Err(TerraformError::wrong(path, None, "the file is larger than 1 GB", "give the plan or state of one root"));
    }
    // A pipe tells no length beforehand. The buffer is the outermost, because serde_json reads byte by byte.
    parse(path, BufReader::with_capacity(1 << 16, file.take(LARGEST)), show)
}

pub(super) fn parse<T: DeserializeOwned>(path: &Path, mut reader: BufReader<impl Read>, show: &str) -> Result<T, TerraformError> {
    let wrong = |message: &str, help: String| Err(TerraformError::wrong(path, None, message, help));
    let head = reader.fill_buf().map_err(|source| TerraformError::File { path: path.to_owned(), source })?;
    let again = format!("write it with `{show}`");
    if head.is_empty() {
        return wrong("the file is empty", again);
    }
    if head.starts_with(b"PK") {
        return wrong("this is a binary plan", "convert it with `terraform show -json PLAN > plan.json`".to_owned());
    }
    if head.starts_with(&[0xFF, 0xFE]) || head.starts_with(&[0xFE, 0xFF]) {
        return wrong("the file is UTF-16, as `>` of PowerShell writes it", format!("{again} in `cmd`, or with `Out-File -Encoding utf8`"));
    }
    if head.starts_with(b"{\"@level\"") {
        return wrong("this is the log of a command that ran with `-json`", again);
    }
    if head.starts_with(&[0xEF, 0xBB, 0xBF]) {
        reader.consume(3);
    }
    let mut json = serde_json::Deserializer::from_reader(reader);
    T::deserialize(&mut json).and_then(|document| json.end().map(|()| document)).map_err(|error| fault(path, &error, again))
}

/// An error without what stands in the file, which may be a secret: serde quotes values that are of the wrong type.
fn fault(path: &Path, error: &serde_json::Error, help: String) -> TerraformError {
    let at = (error.line() > 0).then(|| At { line: error.line(), column: error.column() });
    let message = match error.classify() {
        Category::Io => return TerraformError::File { path: path.to_owned(), source: std::io::Error::other(error.to_string()) },
        Category::Eof => "the JSON ends in the middle".to_owned(),
        Category::Syntax => format!("the JSON cannot be read: {}", without_place(error)),
        Category::Data => "this is not what Terraform writes here".to_owned(),
    };
    TerraformError::wrong(path, at, message, help)
}

/// What serde_json says of a mistake in the syntax, which never quotes the input.
fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split_once(" at line ").map_or(text.clone(), |(message, _)| message.to_owned())
}

/// Attributes whose resource type is known only after the whole row was read.
pub(super) fn attributes(raw: &RawValue, kind: &str) -> Result<Attributes, serde_json::Error> {
    Kept { kind }.deserialize(&mut serde_json::Deserializer::from_str(raw.get()))
}

/// Reads an object, of which it keeps what concerns the resource type. Terraform writes `null` or `false` for one that is empty.
#[derive(Clone, Copy)]
pub(super) struct Kept<'a> {
    pub kind: &'a str,
}

/// What tells where a resource is, whether or not the mapping table has it.
const PLACE: [&str; 3] = ["arn", "backup_vault_arn", "region"];

pub(super) fn keeps(kind: &str, attribute: &str) -> bool {
    PLACE.contains(&attribute) || mapping::keeps(kind, attribute)
}

/// Whether the mapping table has any of these, so that the resource type concerns us.
pub(super) fn is_mapped<'a>(kind: &str, mut names: impl Iterator<Item = &'a String>) -> bool {
    names.any(|name| mapping::keeps(kind, name))
}

impl<'de> DeserializeSeed<'de> for Kept<'_> {
    type Value = Attributes;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Attributes, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Kept<'_> {
    type Value = Attributes;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the attributes of a resource")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Attributes, E> {
        Ok(Attributes::new())
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Attributes, E> {
        if value { Err(E::invalid_type(de::Unexpected::Bool(value), &self)) } else { Ok(Attributes::new()) }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Attributes, A::Error> {
        let mut attributes = Attributes::new();
        while let Some(name) = map.next_key::<String>()? {
            if keeps(self.kind, &name) {
                attributes.insert(name, map.next_value()?);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(attributes)
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value as f64))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value as f64))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Number(value))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E: de::Error>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(element) = seq.next_element()? {
            list.push(element);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut object = BTreeMap::new();
        while let Some((name, value)) = map.next_entry()? {
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}
