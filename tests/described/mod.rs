//! Whether JSON is what its schema says, as far as members and choices go. CI asks a validator that is not ours as well.

use serde_json::Value;

/// Each object has the members that its schema requires, and none that the schema does not know.
pub fn assert_described(value: &Value, schema: &Value, root: &Value) {
    let schema = match schema["$ref"].as_str() {
        Some(reference) => root.pointer(reference.trim_start_matches('#')).expect("the reference leads somewhere"),
        None => schema,
    };
    let schema = schema["anyOf"].as_array().and_then(|either| either.iter().find(|each| each["type"] != "null")).unwrap_or(schema);
    if schema["$ref"].is_string() {
        return assert_described(value, schema, root);
    }
    match value {
        Value::Object(members) => {
            for required in schema["required"].as_array().into_iter().flatten() {
                assert!(members.contains_key(required.as_str().expect("a name")), "{required} is missing in {value}");
            }
            for (name, member) in members {
                match &schema["properties"][name] {
                    Value::Null => assert!(schema.get("properties").is_none(), "the schema does not know '{name}'"),
                    known => assert_described(member, known, root),
                }
            }
        }
        Value::Array(elements) => elements.iter().for_each(|element| assert_described(element, &schema["items"], root)),
        _ => {
            let constants = schema["oneOf"]
                .as_array()
                .into_iter()
                .flatten()
                .flat_map(|each| each["enum"].as_array().cloned().unwrap_or_else(|| vec![each["const"].clone()]));
            let constants: Vec<Value> = constants.collect();
            if schema["oneOf"].is_array() && schema.get("type").is_none() {
                assert!(constants.contains(value), "{value} is not among {constants:?}");
            }
            if let Some(choices) = schema["enum"].as_array() {
                assert!(choices.contains(value), "{value} is not among {choices:?}");
            }
        }
    }
}
