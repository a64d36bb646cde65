//! What the specification sets: the parameters in force, and before a rule reads them, the values that its promises state.

use serde_json::Value;

use super::Side;
use crate::policy::{Library, Parameters};

pub struct Terms<'a> {
    pub library: &'a Library,
    pub parameters: &'a Parameters,
}

/// A value with the lines that set it.
pub struct Term<T> {
    pub value: T,
    spec: Vec<String>,
}

impl<T> Term<T> {
    pub fn side(&self, says: impl Into<String>) -> Side {
        Side { spec: self.spec.clone(), says: says.into() }
    }
}

impl Terms<'_> {
    pub fn number(&self, name: &str) -> Option<Term<i64>> {
        self.find(name, Value::as_i64)
    }

    pub fn flag(&self, name: &str) -> bool {
        self.find(name, Value::as_bool).is_some_and(|term| term.value)
    }

    pub fn text(&self, name: &str) -> Option<Term<String>> {
        self.find(name, |value| value.as_str().map(str::to_owned))
    }

    pub fn texts(&self, name: &str) -> Option<Term<Vec<String>>> {
        self.find(name, |value| value.as_array()?.iter().map(|text| text.as_str().map(str::to_owned)).collect())
    }

    fn find<T>(&self, name: &str, read: impl Fn(&Value) -> Option<T>) -> Option<Term<T>> {
        let promise = self.library.promises.iter().find(|promise| promise.states.contains_key(name));
        let definition = self.library.definitions.get(name);
        let value = self.parameters.get(name).or_else(|| promise?.states.get(name))?;
        let spec = promise.map(|promise| &promise.spec).or_else(|| Some(&definition?.spec))?;
        Some(Term { value: read(value)?, spec: spec.clone() })
    }
}
