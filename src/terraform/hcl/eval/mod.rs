//! Evaluating expressions and whatever they refer to, each once and only when something asks for it.
//!
//! - `val`, `operators`, `types`: values; `expression`, `traversal`: the language
//! - `modules`: variables, locals, outputs and calls; `expand`: `count` and `for_each`; `resources`, `blocks`: what resources are set to
//! - `provider`: where a resource is; `data`, `policy_document`: the data sources that need no AWS

mod blocks;
mod data;
mod expand;
mod expression;
mod modules;
pub mod operators;
mod policy_document;
mod provider;
mod resources;
mod traversal;
pub mod types;
pub mod val;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::rc::Rc;

pub use self::expand::Expansion;
pub use self::expression::ordered;
use self::val::{Outcome, Val};
use super::syntax::Block;
use super::tree::{Module, Tree};
use crate::snapshot::Reason;
use crate::terraform::declared::Place;
use crate::terraform::error::TerraformError;

/// Expressions within what expressions refer to. The thread's stack is made for it.
const DEEPEST: usize = 2_500;
/// Expressions evaluated in all; a root of a thousand resources takes some ten thousand.
const MOST: usize = 20_000_000;

pub struct Evaluator<'t> {
    pub tree: &'t Tree,
    /// Values that the root's variables are given.
    pub given: BTreeMap<String, Given>,
    pub workspace: String,
    /// Files outside of it are not read.
    pub repository: PathBuf,
    modules: RefCell<Vec<Rc<ModuleInstance>>>,
    resources: RefCell<Vec<Rc<ResourceInstance<'t>>>>,
    values: RefCell<BTreeMap<Key, Option<Outcome>>>,
    expansions: RefCell<BTreeMap<Key, Option<Expansion>>>,
    places: RefCell<BTreeMap<(usize, String), Rc<provider::Configured>>>,
    /// Variables of the root that were asked for and have no value.
    unset: RefCell<BTreeSet<String>>,
    fault: RefCell<Option<TerraformError>>,
    depth: Cell<usize>,
    steps: Cell<usize>,
}

/// A value for a variable of the root.
#[derive(Debug, Clone)]
pub enum Given {
    Value(Val),
    /// Written on the command line or in the environment: the variable's type says how to read it.
    Text(String),
}

/// A module as it is called, with its own `each` or `count`.
#[derive(Debug)]
pub struct ModuleInstance {
    /// Into `Tree::nodes`.
    pub node: usize,
    pub parent: Option<usize>,
    /// `module.a["x"].module.b`; empty for the root.
    pub address: String,
    pub repetition: Repetition,
    pub may_exist: Option<Reason>,
}

/// A resource or a data source.
#[derive(Debug)]
pub struct ResourceInstance<'t> {
    pub module: usize,
    pub block: &'t Block,
    pub kind: &'t str,
    pub address: String,
    pub repetition: Repetition,
    pub may_exist: Option<Reason>,
}

#[derive(Debug, Clone)]
pub enum Repetition {
    Single,
    Count(Val),
    ForEach { key: Val, value: Val },
}

/// What is evaluated once: in which instance, what, and its name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key(usize, What, String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    Variable,
    Local,
    Output,
    Calls,
    Resources,
    Data,
    Attribute,
    Document,
}

/// What names mean where an expression stands.
#[derive(Clone, Copy)]
pub struct Scope<'s> {
    /// Into the module instances. None: only literals and functions, as in a file of variables.
    pub module: Option<usize>,
    pub repetition: &'s Repetition,
    pub bound: Option<&'s Bound<'s>>,
}

/// A name that a `for`, a dynamic block or a template file brings.
pub struct Bound<'s> {
    pub name: &'s str,
    pub value: Val,
    pub outer: Option<&'s Bound<'s>>,
}

impl<'s> Scope<'s> {
    pub fn constant() -> Scope<'static> {
        Scope { module: None, repetition: &Repetition::Single, bound: None }
    }

    pub fn with<'b>(&self, bound: &'b Bound<'b>) -> Scope<'b>
    where
        's: 'b,
    {
        Scope { module: self.module, repetition: self.repetition, bound: Some(bound) }
    }

    fn bound(&self, name: &str) -> Option<&Val> {
        let mut at = self.bound;
        while let Some(bound) = at {
            if bound.name == name {
                return Some(&bound.value);
            }
            at = bound.outer;
        }
        None
    }
}

impl<'t> Evaluator<'t> {
    pub fn new(tree: &'t Tree, given: BTreeMap<String, Given>, workspace: String, repository: PathBuf) -> Self {
        let root = ModuleInstance { node: 0, parent: None, address: String::new(), repetition: Repetition::Single, may_exist: None };
        Evaluator {
            tree,
            given,
            workspace,
            repository,
            modules: RefCell::new(vec![Rc::new(root)]),
            resources: RefCell::default(),
            values: RefCell::default(),
            expansions: RefCell::default(),
            places: RefCell::default(),
            unset: RefCell::default(),
            fault: RefCell::default(),
            depth: Cell::new(0),
            steps: Cell::new(0),
        }
    }

    pub fn module_instance(&self, at: usize) -> Option<Rc<ModuleInstance>> {
        self.modules.borrow().get(at).cloned()
    }

    pub fn resource_instance(&self, at: usize) -> Option<Rc<ResourceInstance<'t>>> {
        self.resources.borrow().get(at).cloned()
    }

    /// What the directory of an instance declares.
    pub fn declared(&self, instance: usize) -> Option<&'t Module> {
        let node = self.tree.nodes.get(self.module_instance(instance)?.node)?;
        self.tree.modules.get(node.module)
    }

    /// What keeps the whole root from being evaluated; the first one counts.
    fn fault(&self, fault: TerraformError) {
        self.fault.borrow_mut().get_or_insert(fault);
    }

    /// By their names.
    pub fn unset(&self) -> Vec<String> {
        self.unset.borrow().iter().cloned().collect()
    }

    pub fn take_fault(&self) -> Option<TerraformError> {
        self.fault.borrow_mut().take()
    }

    /// Evaluates once. What refers to itself is unknown.
    fn once(&self, key: Key, evaluate: impl FnOnce() -> Outcome) -> Outcome {
        match self.values.borrow().get(&key) {
            Some(Some(outcome)) => return outcome.clone(),
            Some(None) => return val::fail(format!("{} refers to itself", key.2)),
            None => {}
        }
        self.values.borrow_mut().insert(key.clone(), None);
        let outcome = evaluate();
        self.values.borrow_mut().insert(key, Some(outcome.clone()));
        outcome
    }

    /// Where a resource is, by the configuration of its provider.
    pub fn place(&self, resource: &ResourceInstance<'t>) -> Place {
        provider::place(self, resource)
    }
}
