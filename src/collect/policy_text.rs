//! Policy documents: texts that hold JSON, which IAM sends percent-encoded. One that cannot be read is marked as unknown: half a
//! document would spoil the whole snapshot for those who read it.

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

use crate::snapshot::{Cause, Reason, UNKNOWN};

/// Makes IAM's form of a document plain.
pub fn decode(object: &mut Map<String, Value>, member: &str, action: &str) {
    if let Some(Value::String(text)) = object.get(member) {
        let decoded = percent_decode_str(text).decode_utf8_lossy().into_owned();
        object.insert(member.to_owned(), decoded.into());
        check(object, member, action);
    }
}

/// `action` is the call that brought it, as `service:Operation`.
pub fn check(object: &mut Map<String, Value>, member: &str, action: &str) {
    if let Some(Value::String(text)) = object.get(member)
        && serde_json::from_str::<Map<String, Value>>(text).is_err()
    {
        let reason = Reason::of_call(Cause::Failed, action, format!("'{member}' in the answer to {action} is not a JSON object"));
        object.insert(member.to_owned(), json!({ UNKNOWN: [reason] }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_that_is_not_json_is_unknown_and_says_why() {
        let mut role = Map::from_iter([("A".to_owned(), json!("%7B%22Version%22%3A%20%222012%22%7D")), ("B".to_owned(), json!("%7B%22"))]);
        decode(&mut role, "A", "iam:GetRole");
        decode(&mut role, "B", "iam:GetRole");
        decode(&mut role, "C", "iam:GetRole");
        assert_eq!(role["A"], json!("{\"Version\": \"2012\"}"));
        assert_eq!(role["B"][UNKNOWN][0]["call"], json!("iam:GetRole"));
        assert_eq!(role.len(), 2);
    }
}
