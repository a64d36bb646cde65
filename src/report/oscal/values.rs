//! Identities that stay the same across runs, and texts of the forms that OSCAL asks for.

use serde_json::{Value, json};
use sha1::{Digest, Sha1};

use crate::report::text::{markdown, plain};

/// What OSCAL does not define needs a namespace of its own.
const NAMESPACE: &str = "urn:backstop:oscal";
/// Drawn once; all identities are made in it.
const IDENTITIES: [u8; 16] = [0x5d, 0x1e, 0x0c, 0x6b, 0x7a, 0x3f, 0x4e, 0x0a, 0x9c, 0x41, 0x2b, 0x86, 0xf0, 0x57, 0xd3, 0x19];

/// The UUID of version 5 (RFC 9562, 5.5) of a name: the same name has the same one in every run. OSCAL takes versions 4 and 5 only.
pub fn uuid(name: &str) -> String {
    let mut hash = Sha1::new();
    hash.update(IDENTITIES);
    hash.update(name.as_bytes());
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(hash.finalize()).for_each(|(byte, of_hash)| *byte = of_hash);
    bytes[6] = bytes[6] & 0x0f | 0x50;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let mut text = hex::encode(bytes);
    [20, 16, 12, 8].into_iter().for_each(|at| text.insert(at, '-'));
    text
}

/// A text in Markdown, which OSCAL's titles and descriptions are; never empty.
pub fn text(text: &str) -> String {
    let escaped = markdown(text.trim());
    if escaped.is_empty() { "-".to_owned() } else { escaped }
}

/// A property of ours; none where there is no value, since OSCAL has no empty ones.
pub fn property(name: &str, value: &str) -> Option<Value> {
    let value = plain(value);
    let value = value.trim();
    (!value.is_empty()).then(|| json!({ "name": name, "ns": NAMESPACE, "value": value }))
}

/// A property with what sort of that name it is.
pub fn property_of(class: &str, name: &str, value: &str) -> Option<Value> {
    property(name, value).map(|mut property| {
        property["class"] = json!(class);
        property
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_is_a_uuid_of_version_5() {
        let made = uuid("observation\n0123");
        assert_eq!(made, uuid("observation\n0123"));
        assert_ne!(made, uuid("observation\n0124"));
        // By Python: uuid.uuid5(uuid.UUID("5d1e0c6b-7a3f-4e0a-9c41-2b86f057d319"), "tool")
        assert_eq!(uuid("tool"), "c28415f6-224a-5328-956c-afafd6290a8d");
    }
}
