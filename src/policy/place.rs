//! From where a resource may be recovered, as rules tell which of them their violation shuts off.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where recovery points lie, as seen from their resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Its own account and Region.
    Here,
    /// Another Region of the same account.
    AnotherRegion,
    AnotherAccount,
}

impl Place {
    pub const ALL: [Place; 3] = [Place::Here, Place::AnotherRegion, Place::AnotherAccount];

    /// As a sentence names it.
    pub fn name(self) -> &'static str {
        match self {
            Place::Here => "here",
            Place::AnotherRegion => "in another Region",
            Place::AnotherAccount => "in another account",
        }
    }

    /// Where something lies, as seen from a resource; both are an account and a Region.
    pub fn of(it: (&str, &str), resource: (&str, &str)) -> Self {
        match (it.0 == resource.0, it.1 == resource.1) {
            (true, true) => Place::Here,
            (true, false) => Place::AnotherRegion,
            (false, _) => Place::AnotherAccount,
        }
    }
}
