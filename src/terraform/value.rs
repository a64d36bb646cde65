//! What an attribute holds, as far as a plan, a state or the HCL tells. The three producers share it.

use std::collections::BTreeMap;

use crate::snapshot::{Cause, Reason};

/// Lists, sets and tuples are `List`; maps and objects are `Object`; nested blocks are a `List` of `Object`.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    /// Not set: the provider's default applies, or the API's.
    #[default]
    Null,
    Bool(bool),
    Number(f64),
    String(String),
    List(Vec<Value>),
    Object(BTreeMap<String, Value>),
    Unknown(Unknown),
}

/// Why a value is not known, and what it is the value of where that is known.
#[derive(Debug, Clone, PartialEq)]
pub struct Unknown {
    pub reason: Reason,
    /// Set only where the whole value is exactly this one attribute of this one resource instance.
    pub reference: Option<Reference>,
}

/// An attribute of a resource instance, by its absolute address: `module.backup.aws_kms_key.vault[0]` and `arn`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    pub address: String,
    pub attribute: String,
}

impl Value {
    pub fn unknown(cause: Cause, detail: impl Into<String>) -> Self {
        Value::Unknown(Unknown { reason: Reason::new(cause, detail), reference: None })
    }

    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }
}
