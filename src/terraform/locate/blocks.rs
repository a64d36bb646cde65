//! From an address to the block that declares it, and from a path to what it names inside the block.

use std::collections::BTreeSet;

use super::address::{Address, Key, Step};
use super::path::{Path, PathStep, Which};
use super::provenance::{Here, Iterated, Scope, Sources};
use crate::terraform::hcl::syntax::{Attribute, Block, Body, Kind, Span};
use crate::terraform::hcl::tree::Child;

/// How often a resource can have been moved.
const MOVES: usize = 16;

/// What there is of an address.
pub struct Found<'t> {
    /// Where it is now, if it was moved.
    pub address: Address,
    /// The block; none where it is not declared.
    pub block: Option<&'t Block>,
    /// The calls that lead there, as far as they are declared: the module that each stands in, and its block.
    pub calls: Vec<(usize, &'t Block)>,
    /// The innermost module that is there.
    pub node: usize,
    /// Why the address itself is not there.
    pub missing: Option<String>,
}

/// What a path names inside a block.
pub struct Inside<'t> {
    pub span: Span,
    /// What is written there, where it is an attribute.
    pub value: Option<Here<'t>>,
    /// Why the span is only near what was asked for.
    pub near: Option<String>,
}

impl<'t> Sources<'t> {
    /// The block of the address, or the nearest that there is.
    pub fn find(self, address: &Address) -> Found<'t> {
        let mut now = address.clone();
        let mut seen = BTreeSet::from([now.clone()]);
        let mut first = None;
        for _ in 0..MOVES {
            let found = self.walk(now);
            if found.block.is_some() {
                return found;
            }
            let moved = self.moved(&found.address).filter(|to| seen.insert(to.clone()));
            now = match moved {
                Some(to) => to,
                None => return first.unwrap_or(found),
            };
            first.get_or_insert(found);
        }
        first.unwrap_or_else(|| self.walk(address.clone()))
    }

    fn walk(self, address: Address) -> Found<'t> {
        let mut found = Found { block: None, calls: Vec::new(), node: 0, missing: None, address };
        for step in &found.address.modules {
            let call = self.module(found.node).and_then(|module| module.call(&step.name));
            let child = self.tree.nodes.get(found.node).and_then(|node| node.children.get(&step.name));
            found.calls.extend(call.map(|call| (found.node, call)));
            match (call, child) {
                (Some(_), Some(Child::Node(child))) => found.node = *child,
                (Some(_), _) => {
                    found.missing = Some(format!("the module of module.{} is not installed", step.name));
                    return found;
                }
                (None, _) => {
                    found.missing = Some(format!("module.{} is not declared", step.name));
                    return found;
                }
            }
        }
        let name = &found.address.resource.name;
        found.block = self.module(found.node).and_then(|module| match found.address.is_data {
            true => module.data(&found.address.kind, name),
            false => module.resource(&found.address.kind, name),
        });
        if found.block.is_none() {
            found.missing = Some(format!("{} is not declared", found.address.in_module()));
        }
        found
    }

    /// Where a `moved` block says the address has gone, in the root or in a module on the way.
    fn moved(self, address: &Address) -> Option<Address> {
        let mut node = 0;
        for depth in 0..=address.modules.len() {
            let module = self.module(node)?;
            for moved in module.blocks_of("moved") {
                let part = |name: &str| Some(Target::parse(self.tree.text(moved.body.attribute(name)?.value.span)));
                if let (Some(Some(from)), Some(Some(to))) = (part("from"), part("to"))
                    && let Some(now) = from.replaced(&to, address, depth)
                {
                    return Some(now);
                }
            }
            let Child::Node(child) = self.tree.nodes.get(node)?.children.get(&address.modules.get(depth)?.name)? else { return None };
            node = *child;
        }
        None
    }

    /// Whether the block still has the instance with this key, as far as it is written out.
    pub fn has_instance(self, block: &'t Block, key: Option<&Key>, scope: &Scope<'t>) -> bool {
        let attribute = |name| block.body.attribute(name);
        match (attribute("for_each"), attribute("count"), key) {
            (_, _, Some(Key::Unknown)) | (None, None, None) => true,
            (None, None, Some(_)) | (Some(_), _, Some(Key::Index(_))) | (_, Some(_), Some(Key::Name(_))) => false,
            (Some(each), _, Some(Key::Name(name))) => self.elements(Here::new(&each.value, scope.clone())).is_none_or(|elements| {
                // One key that is not known may be this one.
                elements.iter().any(|(key, _)| key.as_ref().is_none_or(|key| key == name))
            }),
            (_, Some(count), Some(Key::Index(index))) => {
                let count = self.text(Here::new(&count.value, scope.clone())).and_then(|count| count.parse::<u64>().ok());
                count.is_none_or(|count| *index < count)
            }
            (_, _, None) => true,
        }
    }

    /// What the path names. `is_arn` tells whether a resource's block, in its module, has an ARN; `None` where that is not known.
    pub fn inside(
        self,
        block: &'t Block,
        path: &Path,
        mut scope: Scope<'t>,
        is_arn: &dyn Fn(usize, &Block, &str) -> Option<bool>,
    ) -> Inside<'t> {
        let mut inside = Inside { span: block.header, value: None, near: None };
        let mut body = &block.body;
        for (at, step) in path.0.iter().enumerate() {
            if let Some(attribute) = body.attribute(&step.name) {
                let members = path.0.get(at + 1..).unwrap_or_default();
                return member(attribute, members, scope, inside.near);
            }
            let Some((block, iterated, doubt)) = self.choose(body, step, &scope, is_arn) else {
                let left: Vec<&str> = path.0.iter().skip(at).map(|step| step.name.as_str()).collect();
                inside.near = Some(format!("`{}` is not set here", left.join(".")));
                return inside;
            };
            inside.span = block.header;
            inside.near = inside.near.or(doubt);
            if let Some(iterated) = iterated {
                scope.iterators.push(iterated);
                body = block.body.blocks_of("content").next().map_or(&block.body, |content| &content.body);
            } else {
                body = &block.body;
            }
        }
        inside
    }

    /// The block that a step means, whether it makes many, and why it may be another.
    fn choose(
        self,
        body: &'t Body,
        step: &PathStep,
        scope: &Scope<'t>,
        is_arn: &dyn Fn(usize, &Block, &str) -> Option<bool>,
    ) -> Option<(&'t Block, Option<Iterated<'t>>, Option<String>)> {
        let named = |block: &&Block| block.kind == step.name || (block.kind == "dynamic" && block.labels.first() == Some(&step.name));
        let blocks: Vec<&Block> = body.blocks.iter().filter(named).collect();
        let mut sure = Vec::new();
        let mut possible = Vec::new();
        for block in &blocks {
            let mut iterated = Iterated::of(block);
            let verdict = match &step.which {
                None => None,
                Some(which) => self.is_which(block, which, &mut iterated, scope, is_arn),
            };
            match verdict {
                Some(true) => sure.push((*block, iterated)),
                None => possible.push((*block, iterated)),
                Some(false) => {}
            }
        }
        let doubt =
            |of: &str| step.which.as_ref().map(|which| format!("{of} `{}` block has {} {}", step.name, which.attribute, which.value));
        let (mut found, doubt) = match (sure.len(), possible.len()) {
            (1, _) => (sure, None),
            (0, 1) => (possible, None),
            (0, 0) => (blocks.iter().map(|block| (*block, Iterated::of(block))).collect(), doubt("no")),
            (0, _) => (possible, doubt("it is not known which").or_else(|| Some(format!("there are several `{}` blocks", step.name)))),
            _ => (sure, doubt("more than one")),
        };
        (!found.is_empty()).then(|| {
            let (block, iterated) = found.swap_remove(0);
            (block, iterated, doubt)
        })
    }

    /// Whether a block is the one; of a dynamic block, whether one of its elements is, which is then told. `None`: it may be.
    fn is_which(
        self,
        block: &'t Block,
        which: &Which,
        iterated: &mut Option<Iterated<'t>>,
        scope: &Scope<'t>,
        is_arn: &dyn Fn(usize, &Block, &str) -> Option<bool>,
    ) -> Option<bool> {
        let body = if iterated.is_some() { &block.body.blocks_of("content").next()?.body } else { &block.body };
        let Some(attribute) = body.attribute(&which.attribute) else { return Some(false) };
        let holds = |scope: Scope<'t>| {
            let here = Here::new(&attribute.value, scope);
            if let Some(text) = self.text(here.clone()) {
                return Some(text == which.value);
            }
            let (node, resource) = self.resource(here)?;
            is_arn(node, resource, &which.value)
        };
        let Some(iterated) = iterated else { return holds(scope.clone()) };
        let elements = self.elements(Here::new(iterated.each, scope.clone()))?;
        let mut verdict = Some(false);
        for element in 0..elements.len() {
            let mut scope = scope.clone();
            scope.iterators.push(Iterated { element: Some(element), ..iterated.clone() });
            match holds(scope) {
                Some(true) => {
                    iterated.element = Some(element);
                    return Some(true);
                }
                Some(false) => {}
                None => verdict = None,
            }
        }
        verdict
    }
}

impl<'t> Iterated<'t> {
    /// Of a dynamic block.
    fn of(block: &'t Block) -> Option<Self> {
        let each = block.body.attribute("for_each").filter(|_| block.kind == "dynamic")?;
        let name = match block.body.attribute("iterator").map(|iterator| &iterator.value.kind) {
            Some(Kind::Variable(name) | Kind::Text(name)) => name.clone(),
            _ => block.labels.first()?.clone(),
        };
        Some(Iterated { name, each: &each.value, element: None })
    }
}

/// The attribute, or a member of the object that is written there.
fn member<'t>(attribute: &'t Attribute, members: &[PathStep], scope: Scope<'t>, near: Option<String>) -> Inside<'t> {
    let mut inside = Inside { span: attribute.span, value: None, near };
    let mut value = &attribute.value;
    for step in members {
        let Kind::Object(entries) = &value.kind else { break };
        let Some((key, entry)) = entries.iter().find(|(key, _)| key.as_text() == Some(&step.name)) else { break };
        inside.span = Span { end: entry.span.end, ..key.span };
        value = entry;
    }
    inside.value = Some(Here::new(value, scope));
    inside
}

/// What a `moved` block names: a module, or a resource, within its own module.
struct Target {
    modules: Vec<Step>,
    resource: Option<Address>,
}

impl Target {
    fn parse(text: &str) -> Option<Self> {
        // In JSON it stands in quotes.
        let text = text.trim().trim_matches('"');
        if let Some(address) = Address::parse(text) {
            return Some(Target { modules: address.modules.clone(), resource: Some(address) });
        }
        // A module is written as the way to any resource in it.
        let inner = Address::parse(&format!("{text}.any.any"))?;
        Some(Target { modules: inner.modules, resource: None })
    }

    /// The address with this, which stands `depth` calls inside, replaced. `None` where the address is not of it.
    fn replaced(&self, to: &Target, address: &Address, depth: usize) -> Option<Address> {
        let outer = address.modules.get(..depth)?;
        let way = address.modules.get(depth..depth + self.modules.len())?;
        let beyond = address.modules.get(depth + self.modules.len()..)?;
        if !self.modules.iter().zip(way).all(|(from, at)| meets(from, at)) {
            return None;
        }
        let keyed = |from: Option<&Step>, to: &Step, at: Option<&Step>| {
            // Without a key of its own, all instances go, and keep theirs.
            let keeps = from.is_some_and(|from| from.key.is_none()) && to.key.is_none();
            Step { key: if keeps { at.and_then(|at| at.key.clone()) } else { to.key.clone() }, ..to.clone() }
        };
        let steps = to.modules.iter().enumerate().map(|(at, step)| keyed(self.modules.get(at), step, way.get(at)));
        let modules: Vec<Step> = outer.iter().cloned().chain(steps).chain(beyond.iter().cloned()).collect();
        match (&self.resource, &to.resource) {
            (None, None) => Some(Address { modules, ..address.clone() }),
            (Some(from), Some(to)) if beyond.is_empty() && from.kind == address.kind && meets(&from.resource, &address.resource) => {
                let resource = keyed(Some(&from.resource), &to.resource, Some(&address.resource));
                Some(Address { modules, is_data: to.is_data, kind: to.kind.clone(), resource })
            }
            _ => None,
        }
    }
}

/// Whether a name, of one instance or of all, is that of a step.
fn meets(from: &Step, at: &Step) -> bool {
    from.name == at.name && (from.key.is_none() || from.key == at.key)
}
