//! The clauses that a rule's verdicts are evidence for, and how much of each a pass shows.

use crate::policy::{Rule, Strength};

pub struct Clause<'r> {
    pub framework: &'r str,
    pub clause: &'r str,
    pub strength: Strength,
}

impl Clause<'_> {
    /// `nist-800-53-r5 CP-9(8) (supports)`.
    pub fn text(&self) -> String {
        format!("{} {} ({})", self.framework, self.clause, self.strength)
    }
}

/// By framework, then by clause.
pub fn clauses(rule: &Rule) -> impl Iterator<Item = Clause<'_>> {
    rule.metadata
        .custom
        .frameworks
        .iter()
        .flat_map(|(framework, clauses)| clauses.iter().map(move |(clause, strength)| Clause { framework, clause, strength: *strength }))
}
