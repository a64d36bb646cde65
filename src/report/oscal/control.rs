//! A clause as OSCAL can name it, and which rules say something of it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::values::text;
use crate::audit::RuleJudgement;
use crate::policy::Strength;
use crate::report::Report;
use crate::report::clauses::clauses;

/// The framework of which there is a catalogue in OSCAL: NIST's own.
const NIST: &str = "nist-800-53-r5";

/// A judged rule that names a clause, and how much of the clause it shows.
pub type Named<'r> = (&'r RuleJudgement<'r>, Strength);

/// By framework and clause: the judged rules that name it.
pub struct Controls<'r>(pub BTreeMap<&'r str, BTreeMap<&'r str, Vec<Named<'r>>>>);

impl<'r> Controls<'r> {
    pub fn of(report: &'r Report<'r>) -> Self {
        let mut controls: BTreeMap<&str, BTreeMap<&str, Vec<_>>> = BTreeMap::new();
        for judgement in &report.audit.judgements {
            for clause in clauses(judgement.rule) {
                controls.entry(clause.framework).or_default().entry(clause.clause).or_default().push((judgement, clause.strength));
            }
        }
        Controls(controls)
    }

    /// A selection for each framework.
    pub fn reviewed(&self) -> Value {
        let selection = |(framework, clauses): (&&str, &BTreeMap<&str, _>)| {
            let controls = clauses.keys().map(|clause| json!({ "control-id": control_id(framework, clause) }));
            json!({ "description": text(framework), "include-controls": controls.collect::<Vec<_>>() })
        };
        let mut selections: Vec<Value> = self.0.iter().map(selection).collect();
        if selections.is_empty() {
            selections.push(json!({ "description": "The rules that were judged name no clauses." }));
        }
        json!({
            "description": "The clauses that rules name. What of each no API can show stands with the findings.",
            "control-selections": selections,
        })
    }
}

/// `cp-9.8`, as NIST's catalogue has it, or `iso-27001-2022_A.8.13` where no catalogue in OSCAL is known.
pub fn control_id(framework: &str, clause: &str) -> String {
    if framework == NIST { token(&clause.to_lowercase().replace('(', ".")) } else { token(&format!("{framework}_{clause}")) }
}

/// A token of OSCAL: letters, digits, `.`, `-` and `_`, and no digit first.
fn token(text: &str) -> String {
    let text = text.replace(')', "");
    let sound = text.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '_' });
    let sound: String = sound.collect();
    if sound.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') { sound } else { format!("_{sound}") }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::policy::Library;

    #[test]
    fn nist_s_clauses_are_named_as_in_its_catalogue() {
        assert_eq!(control_id(NIST, "CP-9(8)"), "cp-9.8");
        assert_eq!(control_id(NIST, "SI-12"), "si-12");
        assert_eq!(control_id("hipaa", "164.308(a)(7)(ii)(A)"), "hipaa_164.308_a_7_ii_A");
        assert_eq!(control_id("9", ""), "_9_");
    }

    #[test]
    fn no_two_clauses_share_a_name() {
        let library = Library::shipped().expect("the shipped rules load");
        let clauses =
            library.frameworks.clauses.iter().flat_map(|(framework, clauses)| clauses.keys().map(move |clause| (framework, clause)));
        let ids: Vec<String> = clauses.map(|(framework, clause)| control_id(framework, clause)).collect();
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
        assert!(ids.len() > 50);
    }
}
