//! How much a rule that passes shows of a clause: a mapping must not promise what the rule does not show.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a pass of the rule is worth to the clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    /// What the clause asks for was itself observed.
    Proves,
    /// It is evidence of a part of what the clause asks for.
    Supports,
    /// Without it the clause cannot hold; with it, nothing is shown yet.
    Precedes,
}

impl Strength {
    pub fn name(self) -> &'static str {
        match self {
            Strength::Proves => "proves",
            Strength::Supports => "supports",
            Strength::Precedes => "precedes",
        }
    }
}

impl fmt::Display for Strength {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
