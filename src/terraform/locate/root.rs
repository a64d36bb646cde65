//! One root: from an address and a path to the declaration, as a report shows it.

use std::collections::{BTreeMap, BTreeSet};

use super::address::Address;
use super::blocks::Found;
use super::given::Given;
use super::path::Path;
use super::provenance::{Here, Scope, Sources};
use super::repository::Repository;
use crate::snapshot::{Arn, Declaration, Observed, Related, SourceSpan};
use crate::terraform::assemble::Origin;
use crate::terraform::declared::Declared;
use crate::terraform::hcl::Inputs;
use crate::terraform::hcl::source::SourceFile;
use crate::terraform::hcl::syntax::{Block, Expression, Kind, Span};
use crate::terraform::hcl::tree::Tree;
use crate::terraform::value::Value;

/// What is known of a root.
#[derive(Debug, Clone, Copy)]
pub struct Code<'a> {
    pub tree: &'a Tree,
    pub inputs: &'a Inputs,
    /// What the configuration evaluates to; empty where it was not evaluated.
    pub declared: &'a [Declared],
}

/// A root that can be searched.
pub struct Root<'a> {
    tree: &'a Tree,
    declared: &'a [Declared],
    given: Given,
    repository: Repository,
}

impl<'a> Root<'a> {
    pub fn new(code: Code<'a>) -> Self {
        let directory = code.tree.modules.first().map(|module| module.directory.clone()).unwrap_or_default();
        let given = Given::read(&directory, code.inputs, code.tree.files.len());
        Root { tree: code.tree, declared: code.declared, given, repository: Repository::of(&directory) }
    }

    fn sources(&self) -> Sources<'_> {
        Sources { tree: self.tree, given: &self.given }
    }

    /// What speaks for this root where several may hold a resource: that it is there, its place, its name, and the calls that lead to it.
    pub fn fits(&self, address: &Address, arn: &str, name: &str) -> (bool, bool, bool, usize) {
        let found = self.sources().find(address);
        let (address, arn) = (found.address.to_string(), Arn::parse(arn));
        let declared = self.declared.iter().find(|declared| declared.address == address);
        let is_placed = declared.zip(arn).is_some_and(|(declared, arn)| lies_in(declared, arn.account, Some(arn.region)));
        let own = declared.and_then(|declared| ["name", "backup_vault_name"].iter().find_map(|name| declared.attributes.get(*name)));
        let is_named = matches!(own, Some(Value::String(own)) if own == name || arn.is_some_and(|arn| arn.name() == own));
        (found.block.is_some(), is_placed, is_named, found.calls.len())
    }

    /// The resources of a kind that lie in a place, as far as the providers tell.
    pub fn placed(&self, kind: &str, account: &str, region: Option<&str>) -> impl Iterator<Item = &Declared> {
        self.declared.iter().filter(move |declared| declared.kind == kind && lies_in(declared, account, region))
    }

    /// What the path names in the resource; an element of a list where `element` is one of it.
    pub fn declaration(&self, address: &Address, path: &Path, element: Option<&str>, written: &Written) -> Option<Declaration> {
        let sources = self.sources();
        let found = sources.find(address);
        let Found { address, block, calls, node, .. } = &found;
        let keys = address.modules.iter().map(|step| step.key.clone()).collect();
        let mut notes: Vec<String> = found.missing.clone().into_iter().chain(self.gone(&found)).collect();
        let mut spans = Vec::new();
        let mut value = None;
        if let Some(block) = block {
            let scope = Scope::new(*node, Some(block), address.resource.key.clone(), keys);
            let mut inside = sources.inside(block, path, scope, &|node, block, arn| self.is_arn(node, block, arn, written));
            if let (Some(here), Some(wanted)) = (&mut inside.value, element)
                && let Kind::List(list) = &here.expression.kind
                && let Some(found) = list.iter().find(|one| sources.text(Here::new(one, here.scope.clone())).as_deref() == Some(wanted))
            {
                inside.span = found.span;
                here.expression = found;
            }
            notes.extend(inside.near);
            value = inside.value;
            spans = vec![inside.span, block.header];
        }
        spans.extend(calls.iter().rev().map(|(_, call)| call.header));
        let shown = spans.iter().position(|span| self.span(*span).is_some());
        if let Some(inner) = spans.first().filter(|_| block.is_some() && shown != Some(0)) {
            notes.push(format!("it stands in {}", self.outside(*inner)));
        }
        let span = match shown.and_then(|at| spans.get(at)) {
            Some(span) => self.span(*span)?,
            None => self.entrance()?,
        };
        let mut related: Vec<(Span, String)> = Vec::new();
        for (depth, (_, call)) in calls.iter().enumerate().rev() {
            let way: Vec<&str> = address.modules.iter().take(depth + 1).map(|step| step.name.as_str()).collect();
            related.push((call.header, format!("called from module.{}", way.join(".module."))));
        }
        related.extend(value.map(|value| sources.trace(value)).unwrap_or_default());
        let related = related.into_iter().filter_map(|(span, text)| Some(Related { span: self.span(span)?, text }));
        Some(Declaration {
            related: related.filter(|related| related.span != span).collect(),
            span,
            address: address.to_string(),
            exact: notes.is_empty(),
            note: (!notes.is_empty()).then(|| notes.join("; ")),
        })
    }

    /// The root's provider of an account and Region, beside which their settings would have to be declared.
    pub fn provider<'r>(&'r self, account: &str, region: Option<&str>) -> Option<Declaration> {
        let sources = self.sources();
        let scope = Scope::new(0, None, None, Vec::new());
        let text = |value: &'r Expression| sources.text(Here::new(value, scope.clone()));
        let acts = |block: &'r Block| {
            let roles = block.body.blocks_of("assume_role").filter_map(|role| text(&role.body.attribute("role_arn")?.value));
            let mut accounts: Vec<String> = roles.filter_map(|role| Some(Arn::parse(&role)?.account.to_owned())).collect();
            if let Some(allowed) = block.body.attribute("allowed_account_ids") {
                let allowed = sources.elements(Here::new(&allowed.value, scope.clone())).unwrap_or_default();
                accounts.extend(allowed.into_iter().filter_map(|(key, _)| key));
            }
            let own = block.body.attribute("region").and_then(|region| text(&region.value));
            block.labels.first().is_some_and(|label| label == "aws")
                && region.is_none_or(|region| own.as_deref() == Some(region))
                && (accounts.is_empty() || accounts.iter().any(|own| own == account))
        };
        let block = sources.module(0)?.blocks_of("provider").find(|block| acts(block))?;
        let alias = block.body.attribute("alias").and_then(|alias| alias.value.as_text());
        Some(Declaration {
            span: self.span(block.header)?,
            address: alias.map_or_else(|| "provider.aws".to_owned(), |alias| format!("provider.aws.{alias}")),
            exact: false,
            note: None,
            related: Vec::new(),
        })
    }

    /// Instances that are no longer declared: of a module on the way, or of the resource.
    fn gone(&self, found: &Found<'_>) -> Option<String> {
        let sources = self.sources();
        let keys: Vec<_> = found.address.modules.iter().map(|step| step.key.clone()).collect();
        let outside = |node: usize, depth: usize| Scope::new(node, None, None, keys.iter().take(depth).cloned().collect());
        for (depth, ((node, call), step)) in found.calls.iter().zip(&found.address.modules).enumerate() {
            if !sources.has_instance(call, step.key.as_ref(), &outside(*node, depth)) {
                return Some(format!("module.{step} is not declared"));
            }
        }
        let resource = &found.address.resource;
        let scope = outside(found.node, keys.len());
        let is_there = found.block.is_none_or(|block| sources.has_instance(block, resource.key.as_ref(), &scope));
        (!is_there).then(|| format!("{}.{resource} is not declared", found.address.kind))
    }

    /// Whether a resource, as it is written in the module of a call, has the ARN. `None`: its ARN is not known.
    fn is_arn(&self, node: usize, block: &Block, arn: &str, known: &Written) -> Option<bool> {
        if !arn.starts_with("arn:") {
            return None;
        }
        let [kind, name] = block.labels.as_slice() else { return None };
        let calls: Vec<&str> = self.tree.nodes.get(node)?.path.iter().map(String::as_str).collect();
        known.is_arn(&written(&calls, kind, name), arn)
    }

    fn file(&self, span: Span) -> Option<&SourceFile> {
        let files = &self.tree.files;
        files.get(span.file).or_else(|| self.given.files.get(span.file.checked_sub(files.len())?))
    }

    /// As the repository has it.
    fn span(&self, span: Span) -> Option<SourceSpan> {
        let file = self.file(span)?;
        let (start, end) = (file.point(span.start), file.point(span.end));
        Some(SourceSpan {
            file: self.repository.relative(&file.real)?,
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
        })
    }

    /// A place that the repository does not have: `.terraform/modules/backup/main.tf:12`.
    fn outside(&self, span: Span) -> String {
        let Some(file) = self.file(span) else { return String::new() };
        let root = self.tree.modules.first();
        let path = root.and_then(|root| file.path.strip_prefix(&root.path).or_else(|_| file.real.strip_prefix(&root.directory)).ok());
        format!("{}:{}", path.unwrap_or(&file.path).display(), file.point(span.start).line)
    }

    /// Where a person begins to read the root.
    fn entrance(&self) -> Option<SourceSpan> {
        let directory = &self.tree.modules.first()?.directory;
        let files = || self.tree.files.iter().enumerate().filter(|(_, file)| file.real.parent() == Some(directory));
        let (at, file) = files().find(|(_, file)| file.real.ends_with("main.tf")).or_else(|| files().next())?;
        let end = file.text.find(['\r', '\n']).unwrap_or(file.text.len());
        self.span(Span { file: at, start: 0, end })
    }
}

/// Whether a resource may lie there: its provider can leave the place open.
fn lies_in(declared: &Declared, account: &str, region: Option<&str>) -> bool {
    // What belongs to the whole account has no Region in its ARN.
    let is = |own: &Observed<String>, wanted: &str| wanted.is_empty() || own.known().is_none_or(|own| own == wanted);
    is(&declared.place.account, account) && region.is_none_or(|region| is(&declared.place.region, region))
}

/// Which ARNs the resources have, as they are written: whatever their instances.
#[derive(Debug, Default)]
pub struct Written(BTreeMap<String, BTreeSet<String>>);

impl Written {
    pub fn of<'o>(origins: impl Iterator<Item = &'o Origin>) -> Self {
        let mut arns: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for origin in origins {
            let Some(address) = Address::parse(&origin.address) else { continue };
            let calls: Vec<&str> = address.modules.iter().map(|step| step.name.as_str()).collect();
            arns.entry(written(&calls, &address.kind, &address.resource.name)).or_default().insert(origin.arn.clone());
        }
        Written(arns)
    }

    /// `None`: no ARN of the resource is known.
    fn is_arn(&self, written: &str, arn: &str) -> Option<bool> {
        self.0.get(written).map(|arns| arns.contains(arn))
    }
}

fn written(calls: &[&str], kind: &str, name: &str) -> String {
    format!("{}/{kind}.{name}", calls.join("/"))
}
