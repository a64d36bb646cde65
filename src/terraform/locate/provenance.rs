//! Where a value comes from: variables, locals, arguments of modules, outputs and elements, followed back to what is written.

use std::cell::Cell;
use std::rc::Rc;

use super::address::Key;
use super::given::Given;
use super::parts::parts;
use crate::terraform::hcl::syntax::{Block, Expression, Kind, Part, Span, Step};
use crate::terraform::hcl::tree::{Child, Module, Node, Tree};

/// References that lead to references; a cycle ends here as well.
const DEEPEST: usize = 48;
/// Steps in all for what is asked from one place: templates of templates can grow without bound.
const FUEL: usize = 20_000;
/// Entries of one trace.
const MOST: usize = 12;

/// One root's configuration, with what is given to its variables.
#[derive(Clone, Copy)]
pub struct Sources<'t> {
    pub tree: &'t Tree,
    pub given: &'t Given,
}

/// What names mean at some place: which module it stands in, and which instances and elements it is of.
#[derive(Debug, Clone)]
pub struct Scope<'t> {
    /// Member `Tree::nodes`.
    pub node: usize,
    /// The resource or module call that `each` and `count` belong to.
    pub block: Option<&'t Block>,
    pub key: Option<Key>,
    /// The keys of the module calls that lead here.
    pub calls: Vec<Option<Key>>,
    pub iterators: Vec<Iterated<'t>>,
    /// How many references may still lead on.
    left: usize,
    fuel: Rc<Cell<usize>>,
}

/// What `rule` means inside of `dynamic "rule"`.
#[derive(Debug, Clone)]
pub struct Iterated<'t> {
    pub name: String,
    pub each: &'t Expression,
    /// Which of its elements, where that is known.
    pub element: Option<usize>,
}

/// A place in an expression: what is written there, and the steps into its value that are still to go.
#[derive(Debug, Clone)]
pub struct Here<'t> {
    pub expression: &'t Expression,
    pub rest: Vec<Member>,
    pub scope: Scope<'t>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Member {
    Name(String),
    Index(usize),
}

/// Where a reference leads.
enum Turn<'t> {
    /// To another place, which a person may want to see.
    To {
        entry: Option<(Span, String)>,
        here: Here<'t>,
    },
    Resource {
        node: usize,
        block: &'t Block,
    },
    /// What stands here is no reference, or leads nowhere that is known.
    End(Here<'t>),
}

impl<'t> Here<'t> {
    pub fn new(expression: &'t Expression, scope: Scope<'t>) -> Self {
        Here { expression, rest: Vec::new(), scope }
    }

    /// To one element of what instances or dynamic blocks are made of.
    fn of_each(self, rest: Vec<Member>) -> Turn<'t> {
        Turn::To { entry: Some((self.expression.span, "element of for_each".to_owned())), here: Here { rest, ..self } }
    }
}

impl<'t> Sources<'t> {
    pub fn module(self, node: usize) -> Option<&'t Module> {
        self.tree.module(self.tree.nodes.get(node)?)
    }

    fn node(self, at: usize) -> Option<&'t Node> {
        self.tree.nodes.get(at)
    }

    /// The value as a text, where it is plainly written somewhere.
    pub fn text(self, here: Here<'t>) -> Option<String> {
        let Turn::End(end) = self.end(here) else { return None };
        match &end.expression.kind {
            _ if !end.rest.is_empty() => None,
            Kind::Text(text) => Some(text.clone()),
            Kind::Number(number) => Some(number.to_string()),
            Kind::Bool(bool) => Some(bool.to_string()),
            Kind::Template(parts) => parts
                .iter()
                .map(|part| match part {
                    Part::Literal(text) => Some(text.clone()),
                    Part::Value(value) => self.text(Here::new(value, end.scope.further()?)),
                    Part::If { .. } | Part::For { .. } => None,
                })
                .collect(),
            _ => None,
        }
    }

    /// The resource whose attribute the value is: the module call that it stands in, and its block.
    pub fn resource(self, here: Here<'t>) -> Option<(usize, &'t Block)> {
        match self.end(here) {
            Turn::Resource { node, block } => Some((node, block)),
            _ => None,
        }
    }

    /// The elements of a list, set, map or object that is written out, with their keys.
    pub fn elements(self, here: Here<'t>) -> Option<Vec<(Option<String>, Here<'t>)>> {
        let Turn::End(end) = self.end(here) else { return None };
        let scope = end.scope.further()?;
        let inner = |expression| Here::new(expression, scope.clone());
        match &end.expression.kind {
            _ if !end.rest.is_empty() => None,
            // The elements of a set are their own keys.
            Kind::List(list) => Some(list.iter().map(|value| (self.text(inner(value)), inner(value))).collect()),
            Kind::Object(members) => Some(members.iter().map(|(key, value)| (self.text(inner(key)), inner(value))).collect()),
            _ => None,
        }
    }

    /// What the value comes from, from where it is used to where it is written: a place and what it is.
    pub fn trace(self, here: Here<'t>) -> Vec<(Span, String)> {
        let mut entries = Vec::new();
        self.trace_into(here, &mut entries);
        entries
    }

    fn trace_into(self, mut here: Here<'t>, entries: &mut Vec<(Span, String)>) {
        while entries.len() < MOST {
            match self.follow(here) {
                Turn::To { entry, here: next } => {
                    if let Some(entry) = entry {
                        // Seen before, all that follows was.
                        if entries.contains(&entry) {
                            return;
                        }
                        entries.push(entry);
                    }
                    here = next;
                }
                Turn::Resource { node, block } => {
                    let calls = self.node(node).map_or(&[][..], |node| &node.path).iter().map(|call| format!("module.{call}."));
                    let entry = (block.header, format!("{}{}", calls.collect::<String>(), block.labels.join(".")));
                    if !entries.contains(&entry) {
                        entries.push(entry);
                    }
                    return;
                }
                Turn::End(end) => {
                    let Some(scope) = end.scope.further() else { return };
                    for inner in parts(end.expression) {
                        self.trace_into(Here { expression: inner, rest: end.rest.clone(), scope: scope.clone() }, entries);
                    }
                    return;
                }
            }
        }
    }

    fn end(self, mut here: Here<'t>) -> Turn<'t> {
        loop {
            match self.follow(here) {
                Turn::To { here: next, .. } => here = next,
                end => return end,
            }
        }
    }

    fn follow(self, here: Here<'t>) -> Turn<'t> {
        let Some(scope) = here.scope.further() else { return Turn::End(here) };
        let here = Here { scope, ..here };
        let found = match &here.expression.kind {
            Kind::Variable(name) => self.name(name, &[], &here),
            Kind::Traversal(base, steps) => match &base.kind {
                Kind::Variable(name) => self.name(name, steps, &here),
                _ => self.steps(steps, &here).map(|rest| Turn::To { entry: None, here: Here { expression: base, rest, ..here.clone() } }),
            },
            Kind::Call { name, arguments, .. } if is_transparent(name) => {
                arguments.first().map(|first| Turn::To { entry: None, here: Here { expression: first, ..here.clone() } })
            }
            Kind::Object(_) | Kind::List(_) => self.inward(&here),
            _ => None,
        };
        found.unwrap_or(Turn::End(here))
    }

    /// One step into something that is written out.
    fn inward(self, here: &Here<'t>) -> Option<Turn<'t>> {
        let (first, rest) = here.rest.split_first()?;
        let expression = match (&here.expression.kind, first) {
            (Kind::Object(members), Member::Name(name)) => {
                let found = members.iter().find(|(key, _)| key.as_text() == Some(name));
                &found?.1
            }
            (Kind::List(list), Member::Index(index)) => list.get(*index)?,
            // A set has no order, and its elements are their own keys.
            (Kind::List(list), Member::Name(name)) => list.iter().find(|value| value.as_text() == Some(name))?,
            _ => return None,
        };
        Some(Turn::To { entry: None, here: Here { expression, rest: rest.to_vec(), scope: here.scope.clone() } })
    }

    /// What `name.steps` leads to.
    fn name(self, name: &str, steps: &'t [Step], here: &Here<'t>) -> Option<Turn<'t>> {
        let scope = &here.scope;
        let word = |at: usize| match steps.get(at) {
            Some(Step::Attribute(word, _)) => Some(word.as_str()),
            _ => None,
        };
        let beyond = |skip: usize| self.steps(steps.get(skip..)?, here);
        if let Some(at) = scope.iterators.iter().rposition(|iterator| iterator.name == name) {
            let iterator = scope.iterators.get(at)?;
            // What an iterator goes over knows only those outside of it.
            let outer = Scope { iterators: scope.iterators.get(..at)?.to_vec(), ..scope.clone() };
            return (word(0)? == "value").then(|| self.element(iterator.each, iterator.element, beyond(1)?, outer))?;
        }
        match name {
            "var" => self.variable(word(0)?, beyond(1)?, scope),
            "local" => {
                let local = self.module(scope.node)?.local(word(0)?)?;
                let entry = Some((local.span, format!("local.{}", local.name)));
                Some(Turn::To { entry, here: Here { expression: &local.value, rest: beyond(1)?, scope: Scope::of_module(scope) } })
            }
            "each" if word(0)? == "value" => {
                let each = &scope.block?.body.attribute("for_each")?.value;
                let outer = Scope { block: None, iterators: Vec::new(), ..scope.clone() };
                let elements = self.elements(Here::new(each, outer))?;
                let Some(Key::Name(key)) = &scope.key else { return None };
                let (_, element) = elements.into_iter().find(|(name, _)| name.as_ref() == Some(key))?;
                Some(element.of_each(beyond(1)?))
            }
            "module" => self.output(word(0)?, steps, here),
            "each" | "count" | "data" | "path" | "terraform" | "self" => None,
            kind => {
                let block = self.module(scope.node)?.resource(kind, word(0)?)?;
                Some(Turn::Resource { node: scope.node, block })
            }
        }
    }

    /// The argument of the call, what is given to the root, or the default.
    fn variable(self, name: &str, rest: Vec<Member>, scope: &Scope<'t>) -> Option<Turn<'t>> {
        let node = self.node(scope.node)?;
        let to =
            |value, span, text, rest, scope| Some(Turn::To { entry: Some((span, text)), here: Here { expression: value, rest, scope } });
        let call = node.path.last();
        if let (Some(parent), Some(call)) = (node.parent, call) {
            let block = self.module(parent)?.call(call)?;
            if let Some(argument) = block.body.attribute(name) {
                let scope = Scope::of_call(scope, parent, block);
                return to(&argument.value, argument.span, format!("value from argument {name} of module.{call}"), rest, scope);
            }
        } else if let Some(attribute) = self.given.value(name) {
            let attribute = attribute?;
            return to(&attribute.value, attribute.span, format!("value of var.{name}"), rest, Scope::of_module(scope));
        }
        let default = self.module(scope.node)?.variable(name)?.body.attribute("default")?;
        to(&default.value, default.span, format!("default of var.{name}"), rest, Scope::of_module(scope))
    }

    /// What an output of a called module says.
    fn output(self, call: &str, steps: &'t [Step], here: &Here<'t>) -> Option<Turn<'t>> {
        let Child::Node(child) = self.node(here.scope.node)?.children.get(call)? else { return None };
        // `module.x.output` or, of several instances, `module.x[key].output`.
        let at = steps.iter().skip(1).position(|step| matches!(step, Step::Attribute(..)))? + 1;
        let Some(Step::Attribute(name, _)) = steps.get(at) else { return None };
        let key = self.steps(steps.get(1..at)?, here).unwrap_or_default().into_iter().next();
        let key = key.map(|key| match key {
            Member::Name(name) => Key::Name(name),
            Member::Index(index) => Key::Index(index as u64),
        });
        let value = self.module(*child)?.output(name)?.body.attribute("value")?;
        let calls = here.scope.calls.iter().cloned().chain([key]).collect();
        let scope = Scope { node: *child, block: None, key: None, calls, iterators: Vec::new(), ..here.scope.clone() };
        let entry = Some((value.span, format!("output {name} of module.{call}")));
        Some(Turn::To { entry, here: Here { expression: &value.value, rest: self.steps(steps.get(at + 1..)?, here)?, scope } })
    }

    /// One element of what an iterator goes over: the one that is known, or the only one.
    fn element(self, each: &'t Expression, element: Option<usize>, rest: Vec<Member>, scope: Scope<'t>) -> Option<Turn<'t>> {
        let whole = Here::new(each, scope);
        let elements = self.elements(whole.clone()).unwrap_or_default();
        let found = match (element, elements.as_slice()) {
            (Some(element), elements) => elements.get(element),
            (None, [only]) => Some(only),
            _ => None,
        };
        Some(match found {
            Some((_, element)) => element.clone().of_each(rest),
            None => Turn::To { entry: None, here: whole },
        })
    }

    /// The steps, before those that are still to go. `None` where one of them is not known.
    fn steps(self, steps: &'t [Step], here: &Here<'t>) -> Option<Vec<Member>> {
        let own = steps.iter().map(|step| match step {
            Step::Attribute(name, _) => Some(Member::Name(name.clone())),
            Step::Index(index) => match (&index.kind, index.as_path().as_deref(), &here.scope.key) {
                (Kind::Number(number), ..) if *number >= 0.0 && number.fract() == 0.0 => Some(Member::Index(*number as usize)),
                (Kind::Text(text), ..) => Some(Member::Name(text.clone())),
                (_, Some(["each", "key"]), Some(Key::Name(key))) => Some(Member::Name(key.clone())),
                (_, Some(["count", "index"]), Some(Key::Index(index))) => usize::try_from(*index).ok().map(Member::Index),
                _ => None,
            },
            Step::AttributeSplat | Step::FullSplat => None,
        });
        own.chain(here.rest.iter().cloned().map(Some)).collect()
    }
}

impl<'t> Scope<'t> {
    /// Inside the module that the calls with these keys lead to, in the block with this key.
    pub fn new(node: usize, block: Option<&'t Block>, key: Option<Key>, calls: Vec<Option<Key>>) -> Self {
        Scope { node, block, key, calls, iterators: Vec::new(), left: DEEPEST, fuel: Rc::new(Cell::new(FUEL)) }
    }

    /// The same, one reference further; `None` where it has gone far enough.
    fn further(&self) -> Option<Self> {
        let (left, fuel) = (self.left.checked_sub(1)?, self.fuel.get().checked_sub(1)?);
        self.fuel.set(fuel);
        Some(Scope { left, ..self.clone() })
    }

    /// Inside the same module, but outside of any block with instances.
    fn of_module(scope: &Scope<'t>) -> Self {
        Scope { block: None, key: None, iterators: Vec::new(), ..scope.clone() }
    }

    /// Where the module is called.
    fn of_call(scope: &Scope<'t>, parent: usize, block: &'t Block) -> Self {
        let mut calls = scope.calls.clone();
        let key = calls.pop().flatten();
        Scope { node: parent, block: Some(block), key, calls, iterators: Vec::new(), ..scope.clone() }
    }
}

/// Functions that hand their first argument on.
fn is_transparent(function: &str) -> bool {
    ["nonsensitive", "one", "sensitive", "tolist", "tomap", "tonumber", "toset", "tostring"].contains(&function)
}
