//! Bodies of blocks to values, with the blocks that `dynamic` makes.

use std::collections::BTreeMap;

use super::super::syntax::{Block, Body};
use super::val::{Outcome, Val, fail};
use super::{Bound, Evaluator, Scope};

impl Evaluator<'_> {
    /// An attribute, or a list of the nested blocks of this name. Null: neither is there. What cannot be evaluated is unknown.
    pub fn member(&self, body: &Body, name: &str, scope: Scope<'_>) -> Val {
        let outcome = match body.attribute(name) {
            Some(attribute) => self.evaluate(&attribute.value, scope),
            None => self.nested(body, name, scope),
        };
        outcome.unwrap_or_else(|failure| Val::not_evaluated(format!("'{name}' cannot be evaluated: {}", failure.0)))
    }

    /// The names of all that stands in a body.
    pub fn names(body: &Body) -> Vec<&str> {
        let attributes = body.attributes.iter().map(|attribute| attribute.name.as_str());
        let blocks = body.blocks.iter().filter_map(made);
        let mut names: Vec<&str> = attributes.chain(blocks).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    fn nested(&self, body: &Body, name: &str, scope: Scope<'_>) -> Outcome {
        let mut values = Vec::new();
        for block in body.blocks.iter().filter(|block| made(block) == Some(name)) {
            if block.kind != "dynamic" {
                values.push(self.block(&block.body, scope));
            } else if let Some(unknown) = self.dynamic(block, name, scope, &mut values)? {
                return Ok(unknown);
            }
        }
        Ok(if values.is_empty() { Val::Null } else { Val::list(values) })
    }

    /// Adds what a dynamic block makes. Returned: why it is not known how many.
    fn dynamic(&self, block: &Block, name: &str, scope: Scope<'_>, values: &mut Vec<Val>) -> Outcome<Option<Val>> {
        let (Some(each), Some(content)) = (block.body.attribute("for_each"), block.body.blocks_of("content").next()) else {
            return fail(format!("the dynamic block '{name}' has no for_each or no content"));
        };
        let iterator = block
            .body
            .attribute("iterator")
            .and_then(|iterator| iterator.value.as_path().or(iterator.value.as_text().map(|name| vec![name])));
        let iterator = iterator.and_then(|path| path.first().copied()).unwrap_or(name);
        let collection = self.evaluate(&each.value, scope)?;
        let entries = match (&collection, self.entries(&collection)?) {
            // In which order a set's elements make blocks is of no matter.
            (Val::List(list), Err(_)) => list.values.iter().map(|value| (value.clone(), value.clone())).collect(),
            (_, Ok(entries)) => entries,
            (_, Err(unknown)) => return Ok(Some(unknown)),
        };
        for (key, value) in entries {
            let value = Val::object(BTreeMap::from([("key".to_owned(), key), ("value".to_owned(), value)]));
            let bound = Bound { name: iterator, value, outer: scope.bound };
            values.push(self.block(&content.body, scope.with(&bound)));
        }
        Ok(None)
    }

    /// Null members are not set.
    fn block(&self, body: &Body, scope: Scope<'_>) -> Val {
        let names = Self::names(body).into_iter();
        let members = names.map(|name| (name.to_owned(), self.member(body, name, scope)));
        Val::object(members.filter(|(_, value)| !value.is_null()).collect())
    }
}

/// The name of the blocks that this one is or makes.
fn made(block: &Block) -> Option<&str> {
    if block.kind == "dynamic" { block.labels.first().map(String::as_str) } else { Some(&block.kind) }
}
