//! An in-toto statement about a manifest, signed with ed25519 in a DSSE envelope.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{PrivatePkcs8KeyDer, SubjectPublicKeyInfoDer};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{MANIFEST, Manifest, sha256};

const PAYLOAD: &str = "application/vnd.in-toto+json";
const STATEMENT: &str = "https://in-toto.io/Statement/v1";
/// The statement's predicate is ours.
const PREDICATE: &str = "urn:backstop:evidence:1";
/// What stands before the 32 bytes of a public key of ed25519 (RFC 8410).
const PUBLIC_PREFIX: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// Says nothing of what the file holds.
#[derive(Debug, thiserror::Error)]
#[error("it holds no ed25519 key that can be used: neither PEM ({0}) nor 64 hexadecimal digits")]
pub struct KeyError(&'static str);

pub struct SigningKey(Ed25519KeyPair);

pub struct PublicKey([u8; 32]);

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope {
    payload: String,
    #[serde(rename = "payloadType")]
    payload_type: String,
    signatures: Vec<Signature>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Signature {
    keyid: String,
    sig: String,
}

impl SigningKey {
    /// A private key in PEM, as `openssl genpkey -algorithm ed25519` writes it, or its 32 bytes in hexadecimal digits.
    pub fn parse(bytes: &[u8]) -> Result<Self, KeyError> {
        let none = KeyError("PRIVATE KEY");
        let key = match of_digits(bytes) {
            Some(seed) => Ed25519KeyPair::from_seed_unchecked(&seed),
            None => {
                let der = PrivatePkcs8KeyDer::from_pem_slice(bytes).map_err(|_| KeyError("PRIVATE KEY"))?;
                Ed25519KeyPair::from_pkcs8_maybe_unchecked(der.secret_pkcs8_der())
            }
        };
        key.map(SigningKey).map_err(|_| none)
    }

    /// The statement that the manifest with this hash is what this key's owner saw, signed.
    pub fn envelope(&self, manifest: &Manifest, hash: &str) -> Vec<u8> {
        let predicate = json!({
            "backstop": manifest.backstop, "as_of": manifest.as_of, "conclusion": manifest.conclusion, "previous": manifest.previous,
        });
        let statement = json!({
            "_type": STATEMENT, "subject": [{ "name": MANIFEST, "digest": { "sha256": hash } }],
            "predicateType": PREDICATE, "predicate": predicate,
        });
        let payload = statement.to_string().into_bytes();
        let sig = STANDARD.encode(self.0.sign(&encoded(&payload)));
        let keyid = sha256(self.0.public_key().as_ref());
        let signatures = vec![Signature { keyid, sig }];
        let envelope = Envelope { payload: STANDARD.encode(payload), payload_type: PAYLOAD.to_owned(), signatures };
        let mut bytes = serde_json::to_vec_pretty(&envelope).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }
}

impl PublicKey {
    /// A public key in PEM, or its 32 bytes in hexadecimal digits.
    pub fn parse(bytes: &[u8]) -> Result<Self, KeyError> {
        let none = || KeyError("PUBLIC KEY");
        if let Some(key) = of_digits(bytes) {
            return Ok(PublicKey(key));
        }
        let der = SubjectPublicKeyInfoDer::from_pem_slice(bytes).map_err(|_| none())?;
        let key = der.strip_prefix(PUBLIC_PREFIX.as_slice()).and_then(|key| key.try_into().ok());
        key.map(PublicKey).ok_or_else(none)
    }
}

/// Whether the envelope speaks of the manifest with this hash, and the key, where one is given, made its signature.
pub fn check(envelope: &[u8], hash: &str, key: Option<&PublicKey>) -> Result<(), String> {
    let envelope: Envelope = serde_json::from_slice(envelope).map_err(|error| format!("it is no DSSE envelope: {error}"))?;
    let payload = STANDARD.decode(&envelope.payload).map_err(|_| "its payload is not base64".to_owned())?;
    let statement: Value = serde_json::from_slice(&payload).map_err(|_| "its payload is no statement".to_owned())?;
    let said = statement.pointer("/subject/0/digest/sha256").and_then(Value::as_str);
    if envelope.payload_type != PAYLOAD || said != Some(hash) {
        return Err("it speaks of another manifest".to_owned());
    }
    let Some(PublicKey(key)) = key else { return Ok(()) };
    let key = UnparsedPublicKey::new(&ED25519, key);
    let is_by_key =
        |signature: &Signature| STANDARD.decode(&signature.sig).is_ok_and(|signature| key.verify(&encoded(&payload), &signature).is_ok());
    if envelope.signatures.iter().any(is_by_key) { Ok(()) } else { Err("it was not signed with that key".to_owned()) }
}

/// What is signed: DSSE's pre-authentication encoding.
fn encoded(payload: &[u8]) -> Vec<u8> {
    let mut bytes = format!("DSSEv1 {} {PAYLOAD} {} ", PAYLOAD.len(), payload.len()).into_bytes();
    bytes.extend_from_slice(payload);
    bytes
}

fn of_digits(bytes: &[u8]) -> Option<[u8; 32]> {
    hex::decode(bytes.trim_ascii()).ok()?.try_into().ok()
}
