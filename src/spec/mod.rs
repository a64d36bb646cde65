//! PROOF: the specification judged against itself and against what AWS does, from parameters alone. Needs no account.
//!
//! - `terms`: what the specification sets, with the lines where it does
//! - `retention`, `schedules`, `objectives`, `types`, `alerts`: the checks, by what they are about

mod alerts;
mod objectives;
mod retention;
mod schedules;
mod terms;
mod types;

use schemars::JsonSchema;
use serde::Serialize;

use crate::policy::{Library, Parameters};
use terms::Terms;

/// Two promises that cannot both be kept, or one that AWS does not let be kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Contradiction {
    /// Names the check.
    pub id: &'static str,
    /// The environments with whose parameters it arises.
    pub environments: Vec<String>,
    /// What is promised; at least one.
    pub promised: Vec<Side>,
    /// What follows from it; one or more sentences.
    pub follows: String,
    /// The parameters whose values decide it. Empty: the specification's words do, and no configuration ends it.
    pub parameters: Vec<&'static str>,
}

/// One of the promises that do not go together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Side {
    /// Lines of the specification, such as `S44`.
    pub spec: Vec<String>,
    /// One sentence, with the value in force.
    pub says: String,
}

/// A check: none where what it needs is not set, or goes together.
type Check = fn(&Terms) -> Option<Contradiction>;

const CHECKS: [Check; 12] = [
    retention::too_short_for_cold_storage,
    retention::outside_of_the_lock,
    retention::lock_without_cold_storage,
    retention::minimum_without_effect,
    schedules::refused,
    schedules::in_each_others_way,
    objectives::data_loss,
    objectives::recovery_times,
    types::not_supported,
    types::not_incremental,
    alerts::events,
    alerts::overrun,
];

/// Checks the specification with the parameters of each environment. What several environments have in common is told once.
pub fn check<'e>(library: &Library, environments: impl IntoIterator<Item = (&'e str, &'e Parameters)>) -> Vec<Contradiction> {
    let mut found: Vec<Contradiction> = Vec::new();
    for (name, parameters) in environments {
        let terms = Terms { library, parameters };
        for contradiction in CHECKS.iter().filter_map(|check| check(&terms)) {
            match found.iter_mut().find(|known| contradiction.is_like(known)) {
                Some(known) => known.environments.push(name.to_owned()),
                None => found.push(Contradiction { environments: vec![name.to_owned()], ..contradiction }),
            }
        }
    }
    found
}

impl Contradiction {
    fn is_like(&self, other: &Contradiction) -> bool {
        self.id == other.id && self.promised == other.promised && self.follows == other.follows
    }
}

/// A contradiction, before it is known in which environments.
fn contradiction(id: &'static str, promised: Vec<Side>, follows: String, parameters: &[&'static str]) -> Contradiction {
    Contradiction { id, environments: Vec::new(), promised, follows, parameters: parameters.to_vec() }
}
