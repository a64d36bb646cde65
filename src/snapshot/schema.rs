//! The snapshot's JSON Schema, generated from the types that read it.

use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::{SCHEMA, Snapshot};

pub fn schema() -> Value {
    let mut schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Snapshot>();
    schema.insert("$id".to_owned(), SCHEMA.into());
    schema.insert("title".to_owned(), "Backstop snapshot".into());
    schema.to_value()
}
