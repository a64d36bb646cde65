//! What the specification promises, and which rules prove it: `policies/promises.toml`.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;
use toml::Spanned;

use super::PolicyError;

const FILE: &str = "promises.toml";

/// A sentence of the specification that claims something about the system.
#[derive(Debug, Clone, PartialEq)]
pub struct Promise {
    pub id: String,
    /// The lines where it is promised, such as `S44`; at least one.
    pub spec: Vec<String>,
    /// One sentence.
    pub says: String,
    /// The rules that prove it, by id. With `not_verifiable` they can contradict it only; without, there is at least one.
    pub rules: Vec<String>,
    /// Why no API can show that it is kept: part of a sentence.
    pub not_verifiable: Option<String>,
    /// Values that it sets, by the name of the parameter where there is one.
    pub states: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    spec: Vec<Spanned<String>>,
    says: Spanned<String>,
    #[serde(default)]
    rules: Vec<Spanned<String>>,
    not_verifiable: Option<Spanned<String>>,
    #[serde(default)]
    states: BTreeMap<String, Value>,
}

/// Reads the promises, in the order of the specification's lines. Whether the rules exist is not asked here: the
/// configuration can switch a rule off, and its promises stay.
pub fn promises(text: &str) -> Result<Vec<Promise>, PolicyError> {
    let wrong = |offset: usize, message: String| {
        let line = text[..offset.min(text.len())].matches('\n').count() as u64 + 1;
        PolicyError::Line { file: FILE.to_owned(), line, message }
    };
    let tables: BTreeMap<Spanned<String>, Table> =
        toml::from_str(text).map_err(|error| wrong(error.span().map_or(0, |span| span.start), error.message().to_owned()))?;
    let mut promises = Vec::new();
    for (id, table) in tables {
        check(&id, &table).map_err(|(at, message)| wrong(at, message))?;
        promises.push(Promise {
            id: id.into_inner(),
            spec: table.spec.into_iter().map(Spanned::into_inner).collect(),
            says: table.says.into_inner(),
            rules: table.rules.into_iter().map(Spanned::into_inner).collect(),
            not_verifiable: table.not_verifiable.map(Spanned::into_inner),
            states: table.states,
        });
    }
    promises.sort_by_cached_key(|promise| (promise.spec.iter().filter_map(|line| number(line)).min(), promise.id.clone()));
    Ok(promises)
}

/// What is wrong with a promise, and at which byte of the file.
fn check(id: &Spanned<String>, table: &Table) -> Result<(), (usize, String)> {
    let fault = |at: &Spanned<String>, message: String| Err((at.span().start, message));
    if table.spec.is_empty() {
        return fault(id, format!("'{}' names no line of the specification", id.get_ref()));
    }
    if let Some(line) = table.spec.iter().find(|line| number(line.get_ref()).is_none()) {
        return fault(line, format!("'{}' is no line of the specification; write 'S44'", line.get_ref()));
    }
    if !table.says.get_ref().ends_with('.') {
        return fault(&table.says, "a promise is a sentence, and ends with a full stop".to_owned());
    }
    if table.rules.is_empty() && table.not_verifiable.is_none() {
        return fault(id, format!("'{}' names no rule that proves it, and no reason why none can", id.get_ref()));
    }
    let mut seen = BTreeSet::new();
    if let Some(twice) = table.rules.iter().find(|rule| !seen.insert(rule.get_ref().as_str())) {
        return fault(twice, format!("rule '{}' is named twice", twice.get_ref()));
    }
    match &table.not_verifiable {
        Some(reason) if reason.get_ref().is_empty() => fault(reason, "the reason is empty".to_owned()),
        _ => Ok(()),
    }
}

/// `S44` is 44.
fn number(line: &str) -> Option<u32> {
    line.strip_prefix('S').filter(|digits| digits.starts_with(|c: char| ('1'..='9').contains(&c)))?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn promises_stand_in_the_order_of_the_specification() {
        let read = promises(
            "[b]\nspec = [\"S9\"]\nsays = \"B.\"\nrules = [\"x/y\"]\n[a]\nspec = [\"S10\"]\nsays = \"A.\"\nnot_verifiable = \"no\"\n",
        );
        let ids: Vec<String> = read.expect("they are right").into_iter().map(|promise| promise.id).collect();
        assert_eq!(ids, ["b", "a"]);
    }

    #[test]
    fn every_mistake_is_told_at_its_line() {
        let says = |rest: &str| promises(&format!("[a]\nsays = \"A.\"\n{rest}")).expect_err("it is wrong").to_string();
        assert!(says("spec = [\"S1\"]\nrules = [\"x/y\"]\nrule = 1\n").starts_with("promises.toml:5: unknown field `rule`"));
        assert_eq!(says("spec = []\nrules = [\"x/y\"]\n"), "promises.toml:1: 'a' names no line of the specification");
        assert_eq!(says("spec = [\"44\"]\nrules = [\"x/y\"]\n"), "promises.toml:3: '44' is no line of the specification; write 'S44'");
        assert_eq!(says("spec = [\"S1\"]\n"), "promises.toml:1: 'a' names no rule that proves it, and no reason why none can");
        assert_eq!(says("spec = [\"S1\"]\nrules = [\"x/y\",\n\"x/y\"]\n"), "promises.toml:5: rule 'x/y' is named twice");
        assert_eq!(says("spec = [\"S1\"]\nnot_verifiable = \"\"\n"), "promises.toml:4: the reason is empty");
    }
}
