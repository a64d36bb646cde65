//! Bodies of AWS's four kinds of protocol as JSON: JSON itself, CBOR, and XML in the forms of the query services.

use serde_json::{Map, Number, Value};

/// Names of elements that stand for an item of the list they are in.
const ITEMS: [&str; 5] = ["member", "item", "DBInstance", "DBCluster", "Bucket"];

/// `None`: it is not what its content type says, or no object.
pub fn object(content_type: &str, body: &[u8]) -> Option<Map<String, Value>> {
    let value = match kind(content_type, body) {
        Kind::Json => serde_json::from_slice(body).ok()?,
        Kind::Cbor => of_cbor(ciborium::from_reader(body).ok()?)?,
        Kind::Xml => xml(std::str::from_utf8(body).ok()?)?,
    };
    match value {
        Value::Object(object) => Some(object),
        _ => None,
    }
}

/// An answer of the same protocol that says nothing; XML stays what it is, because the SDK looks for its outermost elements.
pub fn empty(content_type: &str, body: &[u8]) -> Vec<u8> {
    match kind(content_type, body) {
        Kind::Json => b"{}".to_vec(),
        Kind::Cbor => vec![0xa0],
        Kind::Xml => body.to_vec(),
    }
}

/// The code and message of an error.
pub fn error(content_type: &str, body: &[u8]) -> Option<(Option<String>, Option<String>)> {
    let object = object(content_type, body)?;
    let error = match &object {
        // <ErrorResponse><Error>, <Response><Errors><Error>, and S3's <Error>.
        object if object.contains_key("Error") => object.get("Error")?.as_object()?,
        object if object.contains_key("Errors") => object.get("Errors")?.get("Error")?.as_object()?,
        object => object,
    };
    let text = |names: [&str; 3]| names.into_iter().find_map(|name| error.get(name)?.as_str()).map(str::to_owned);
    Some((text(["__type", "Code", "code"]), text(["message", "Message", "errorMessage"])))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Json,
    Cbor,
    Xml,
}

fn kind(content_type: &str, body: &[u8]) -> Kind {
    let leads_with_markup = || body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'<');
    match content_type {
        of if of.contains("cbor") => Kind::Cbor,
        of if of.contains("xml") => Kind::Xml,
        of if of.contains("json") => Kind::Json,
        _ if leads_with_markup() => Kind::Xml,
        _ => Kind::Json,
    }
}

fn of_cbor(value: ciborium::Value) -> Option<Value> {
    use ciborium::Value as Cbor;
    Some(match value {
        Cbor::Null => Value::Null,
        Cbor::Bool(value) => value.into(),
        Cbor::Text(text) => text.into(),
        Cbor::Integer(number) => i64::try_from(number).ok()?.into(),
        Cbor::Float(number) => Number::from_f64(number).map_or(Value::Null, Value::Number),
        // Times: tag 1, seconds since 1970.
        Cbor::Tag(_, inner) => of_cbor(*inner)?,
        Cbor::Array(items) => items.into_iter().map(of_cbor).collect::<Option<_>>()?,
        Cbor::Map(members) => {
            let member = |(name, value): (Cbor, Cbor)| Some((name.into_text().ok()?, of_cbor(value)?));
            Value::Object(members.into_iter().map(member).collect::<Option<_>>()?)
        }
        _ => return None,
    })
}

/// The members of `<XResult>` where there is one, else those of the outermost element.
fn xml(text: &str) -> Option<Value> {
    let document = roxmltree::Document::parse(text).ok()?;
    let root = document.root_element();
    let result = root.children().find(|child| child.is_element() && child.tag_name().name().ends_with("Result"));
    match element(result.unwrap_or(root)) {
        // An element without members.
        Value::String(text) if text.trim().is_empty() => Some(Value::Object(Map::new())),
        value => Some(value),
    }
}

fn element(node: roxmltree::Node) -> Value {
    let children: Vec<_> = node.children().filter(roxmltree::Node::is_element).collect();
    let Some(first) = children.first() else { return node.text().unwrap_or_default().into() };
    if children.iter().all(|child| child.tag_name().name() == "entry") {
        return Value::Object(children.iter().filter_map(|entry| pair(*entry)).collect());
    }
    if ITEMS.contains(&first.tag_name().name()) {
        return children.into_iter().map(element).collect();
    }
    children.into_iter().map(|child| (child.tag_name().name().to_owned(), element(child))).collect::<Map<_, _>>().into()
}

/// `<entry><key>..</key><value>..</value></entry>`
fn pair(entry: roxmltree::Node) -> Option<(String, Value)> {
    let child = |name: &str| entry.children().find(|child| child.tag_name().name() == name);
    Some((child("key")?.text()?.to_owned(), child("value").map_or(Value::Null, element)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ciborium::cbor;
    use serde_json::json;

    #[test]
    fn the_query_protocol_reads_as_the_json_that_the_cli_prints() {
        let body = "<GetRoleResponse xmlns=\"urn:x\"><GetRoleResult><Role><Arn>a</Arn><Tags><member><Key>k</Key><Value>v</Value></member></Tags>\
                    </Role><Attributes><entry><key>Policy</key><value>{}</value></entry></Attributes></GetRoleResult></GetRoleResponse>";
        let read = object("text/xml", body.as_bytes()).unwrap();
        assert_eq!(
            Value::Object(read),
            json!({"Role": {"Arn": "a", "Tags": [{"Key": "k", "Value": "v"}]}, "Attributes": {"Policy": "{}"}})
        );
        assert_eq!(object("text/xml", b"<R><RResult/></R>"), Some(Map::new()));
        assert_eq!(object("text/xml", b"<R><RRes"), None);
    }

    #[test]
    fn cbor_reads_as_json() {
        let value = cbor!({"MetricAlarms" => [{"ActionsEnabled" => true, "Threshold" => 0.5}], "NextToken" => null}).unwrap();
        let mut bytes = Vec::new();
        ciborium::into_writer(&value, &mut bytes).unwrap();
        let read = object("application/cbor", &bytes).unwrap();
        assert_eq!(Value::Object(read), json!({"MetricAlarms": [{"ActionsEnabled": true, "Threshold": 0.5}], "NextToken": null}));
        assert_eq!(object("application/cbor", &bytes[..bytes.len() / 2]), None);
    }

    #[test]
    fn errors_tell_their_code_in_every_protocol() {
        let code = |content_type, body: &str| error(content_type, body.as_bytes()).and_then(|(code, _)| code).unwrap();
        assert_eq!(code("application/x-amz-json-1.1", r#"{"__type":"x#Throttled"}"#), "x#Throttled");
        assert_eq!(code("text/xml", "<ErrorResponse><Error><Code>A</Code></Error></ErrorResponse>"), "A");
        assert_eq!(code("text/xml", "<Response><Errors><Error><Code>B</Code></Error></Errors></Response>"), "B");
        assert_eq!(code("application/xml", "<Error><Code>C</Code></Error>"), "C");
    }
}
