//! A policy document, kept as JSON. Reading it as AWS would is `facts`' work.

use percent_encoding::percent_decode_str;
use schemars::JsonSchema;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// Taken as the text that AWS returns, percent-encoded where it is IAM that does, as `{"Policy": text}` (what the AWS CLI
/// prints), or as the document itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct PolicyDocument(#[schemars(with = "DocumentForm")] pub Value);

#[derive(JsonSchema)]
#[serde(untagged)]
#[allow(dead_code)]
enum DocumentForm {
    Text(String),
    Document(serde_json::Map<String, Value>),
}

impl<'de> Deserialize<'de> for PolicyDocument {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(text) => parse(&text).map_err(D::Error::custom),
            Value::Object(mut object) => match object.get_mut("Policy") {
                Some(Value::String(text)) => parse(text).map_err(D::Error::custom),
                _ => Ok(PolicyDocument(Value::Object(object))),
            },
            _ => Err(D::Error::custom("a policy is an object, or a text that holds one")),
        }
    }
}

fn parse(text: &str) -> Result<PolicyDocument, String> {
    // JSON never opens with a per cent sign, and encoded JSON always does, but for blanks before it.
    let decoded = text.trim_start().starts_with('%').then(|| percent_decode_str(text).decode_utf8_lossy());
    match serde_json::from_str(decoded.as_deref().unwrap_or(text)) {
        Ok(Value::Object(document)) => Ok(PolicyDocument(Value::Object(document))),
        Ok(_) => Err("the policy's text does not hold a JSON object".to_owned()),
        Err(error) => Err(format!("the policy's text is not JSON: {error}")),
    }
}
