//! The clauses that rules may name, and what each asks for: `policies/frameworks.toml`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::PolicyError;

const FILE: &str = "frameworks.toml";

/// Frameworks with their clauses, as they were read on a day.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Frameworks {
    /// YYYY-MM-DD.
    pub read_on: String,
    /// By framework, then by clause.
    pub clauses: BTreeMap<String, BTreeMap<String, Clause>>,
}

/// A clause of a framework.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    /// What it asks of backups, in words of our own: part of a sentence.
    pub asks: String,
    /// What of it no API can show: part of a sentence.
    pub remains: String,
}

impl Frameworks {
    pub fn clause(&self, framework: &str, clause: &str) -> Option<&Clause> {
        self.clauses.get(framework)?.get(clause)
    }
}

/// Reads the clauses.
pub fn frameworks(text: &str) -> Result<Frameworks, PolicyError> {
    toml::from_str(text).map_err(|error| {
        let offset = error.span().map_or(0, |span| span.start).min(text.len());
        let line = text[..offset].matches('\n').count() as u64 + 1;
        PolicyError::Line { file: FILE.to_owned(), line, message: error.message().to_owned() }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_told_at_its_line() {
        let text = "read_on = \"2026-11-22\"\n[clauses.a.\"1(2)\"]\nasks = \"x\"\nremains = \"y\"\nproves = true\n";
        assert!(frameworks(text).expect_err("it is wrong").to_string().starts_with("frameworks.toml:5: unknown field `proves`"));
    }
}
