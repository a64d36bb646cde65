//! The modules of a root: which directory each call leads to, and what is declared there.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use super::installed::Installed;
use super::merge;
use super::source::{self, Point, SourceFile};
use super::syntax::{Attribute, Block, Span};
use crate::terraform::error::TerraformError;

/// Calls within calls.
const DEEPEST: usize = 64;
/// Calls in all; each level of calls can multiply those above it.
const MOST: usize = 5_000;

/// A root with all modules that it calls.
#[derive(Debug)]
pub struct Tree {
    pub files: Vec<SourceFile>,
    /// One for each directory, however often it is called.
    pub modules: Vec<Module>,
    /// One for each call; the first is the root.
    pub nodes: Vec<Node>,
}

/// What one directory declares.
#[derive(Debug)]
pub struct Module {
    /// Without symlinks.
    pub directory: PathBuf,
    /// As it is reached from the directory that was given.
    pub path: PathBuf,
    /// The top-level blocks in the order of the files, overrides merged into what they override.
    pub blocks: Vec<Block>,
    index: BTreeMap<(String, Vec<String>), usize>,
    locals: BTreeMap<String, (usize, usize)>,
}

/// One call of a module, or the root.
#[derive(Debug)]
pub struct Node {
    /// The names of the calls that lead here; none for the root.
    pub path: Vec<String>,
    /// Into `Tree::modules`.
    pub module: usize,
    /// Into `Tree::nodes`.
    pub parent: Option<usize>,
    pub children: BTreeMap<String, Child>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Child {
    /// Into `Tree::nodes`.
    Node(usize),
    /// The source of a module that is not on this disk.
    NotInstalled(String),
}

/// A span as a person looks it up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position<'t> {
    pub file: &'t SourceFile,
    pub start: Point,
    /// The first character after it.
    pub end: Point,
}

impl Tree {
    pub fn load(directory: &Path) -> Result<Self, TerraformError> {
        let installed = Installed::read(directory);
        let mut loader =
            Loader { tree: Tree { files: Vec::new(), modules: Vec::new(), nodes: Vec::new() }, installed, known: BTreeMap::new() };
        let root = loader.module(directory)?;
        if loader.tree.modules.get(root).is_none_or(|module| module.blocks.is_empty()) && source::list(directory)?.is_empty() {
            return Err(TerraformError::wrong(
                directory,
                None,
                "no Terraform files are in this directory",
                "give the directory of a root module",
            ));
        }
        loader.node(Vec::new(), root, None)?;
        Ok(loader.tree)
    }

    /// The call that these names lead to; none of them is the root.
    pub fn node<S: AsRef<str>>(&self, path: &[S]) -> Option<&Node> {
        path.iter().try_fold(self.nodes.first()?, |node, name| match node.children.get(name.as_ref())? {
            Child::Node(child) => self.nodes.get(*child),
            Child::NotInstalled(_) => None,
        })
    }

    pub fn module(&self, node: &Node) -> Option<&Module> {
        self.modules.get(node.module)
    }

    pub fn position(&self, span: Span) -> Option<Position<'_>> {
        let file = self.files.get(span.file)?;
        Some(Position { file, start: file.point(span.start), end: file.point(span.end) })
    }

    /// The text of a span, as it is written.
    pub fn text(&self, span: Span) -> &str {
        self.files.get(span.file).and_then(|file| file.text.get(span.start..span.end)).unwrap_or_default()
    }

    pub fn wrong(&self, span: Span, message: impl Into<String>, help: impl Into<String>) -> TerraformError {
        match self.files.get(span.file) {
            Some(file) => file.wrong(span.start, message, help),
            None => TerraformError::wrong(Path::new(""), None, message, help),
        }
    }
}

impl Module {
    /// The block of this kind with these labels.
    pub fn block(&self, kind: &str, labels: &[&str]) -> Option<&Block> {
        let labels = labels.iter().map(|label| (*label).to_owned()).collect();
        self.index.get(&(kind.to_owned(), labels)).and_then(|at| self.blocks.get(*at))
    }

    pub fn resource(&self, kind: &str, name: &str) -> Option<&Block> {
        self.block("resource", &[kind, name])
    }

    pub fn data(&self, kind: &str, name: &str) -> Option<&Block> {
        self.block("data", &[kind, name])
    }

    pub fn call(&self, name: &str) -> Option<&Block> {
        self.block("module", &[name])
    }

    pub fn variable(&self, name: &str) -> Option<&Block> {
        self.block("variable", &[name])
    }

    pub fn output(&self, name: &str) -> Option<&Block> {
        self.block("output", &[name])
    }

    pub fn local(&self, name: &str) -> Option<&Attribute> {
        let (block, attribute) = self.locals.get(name)?;
        self.blocks.get(*block)?.body.attributes.get(*attribute)
    }

    pub fn blocks_of<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Block> {
        self.blocks.iter().filter(move |block| block.kind == kind)
    }
}

struct Loader {
    tree: Tree,
    installed: Installed,
    /// Directories that were read.
    known: BTreeMap<PathBuf, usize>,
}

impl Loader {
    fn module(&mut self, directory: &Path) -> Result<usize, TerraformError> {
        let real = directory.canonicalize().map_err(|source| TerraformError::File { path: directory.to_owned(), source })?;
        if let Some(known) = self.known.get(&real) {
            return Ok(*known);
        }
        let mut blocks = Vec::new();
        for path in source::list(directory)? {
            let file = source::read(&path)?;
            let body = source::parse(&file, self.tree.files.len())?;
            let stray = body.attributes.first().map(|attribute| attribute.span.start);
            if let Some(at) = stray {
                return Err(file.wrong(at, "an argument stands outside of any block", "move it into a block"));
            }
            self.tree.files.push(file);
            if source::is_override(&path) { merge::merge(&mut blocks, body.blocks) } else { blocks.extend(body.blocks) }
        }
        let mut module =
            Module { directory: real.clone(), path: directory.to_owned(), blocks, index: BTreeMap::new(), locals: BTreeMap::new() };
        self.index(&mut module)?;
        let at = self.tree.modules.len();
        self.tree.modules.push(module);
        self.known.insert(real, at);
        Ok(at)
    }

    fn index(&self, module: &mut Module) -> Result<(), TerraformError> {
        for (at, block) in module.blocks.iter().enumerate() {
            let labels = match block.kind.as_str() {
                "resource" | "data" => 2,
                "module" | "variable" | "output" => 1,
                "locals" => {
                    for (inner, attribute) in block.body.attributes.iter().enumerate() {
                        if module.locals.insert(attribute.name.clone(), (at, inner)).is_some() {
                            return Err(self.tree.wrong(
                                attribute.span,
                                format!("local.{} is declared twice", attribute.name),
                                "keep one of them",
                            ));
                        }
                    }
                    continue;
                }
                _ => continue,
            };
            if block.labels.len() != labels {
                let message = format!("a {} block has {labels} label{}", block.kind, if labels == 1 { "" } else { "s" });
                return Err(self.tree.wrong(block.span, message, "correct the labels"));
            }
            if module.index.insert((block.kind.clone(), block.labels.clone()), at).is_some() {
                let message = format!("{} {} is declared twice", block.kind, block.labels.join("."));
                return Err(self.tree.wrong(block.span, message, "keep one of them"));
            }
        }
        Ok(())
    }

    fn node(&mut self, path: Vec<String>, module: usize, parent: Option<usize>) -> Result<usize, TerraformError> {
        let at = self.tree.nodes.len();
        self.tree.nodes.push(Node { path: path.clone(), module, parent, children: BTreeMap::new() });
        for call in self.calls(module)? {
            let mut inner = path.clone();
            inner.push(call.name.clone());
            let child = match self.target(module, &call, &inner)? {
                Some(directory) => {
                    let called = self.module(&directory)?;
                    if self.leads_back(at, called) {
                        let message = format!("module.{} calls a module that it is part of", call.name);
                        return Err(self.tree.wrong(call.span, message, "no module can call itself, directly or through others"));
                    }
                    if inner.len() > DEEPEST || self.tree.nodes.len() >= MOST {
                        return Err(self.tree.wrong(call.span, "modules call modules too deeply or too often", "call fewer modules"));
                    }
                    Child::Node(self.node(inner, called, Some(at))?)
                }
                None => Child::NotInstalled(call.source),
            };
            if let Some(node) = self.tree.nodes.get_mut(at) {
                node.children.insert(call.name, child);
            }
        }
        Ok(at)
    }

    fn calls(&self, module: usize) -> Result<Vec<Call>, TerraformError> {
        let blocks = self.tree.modules.get(module).into_iter().flat_map(|module| module.blocks_of("module"));
        blocks
            .map(|block| {
                let Some(source) = block.body.attribute("source") else {
                    return Err(self.tree.wrong(block.span, "the module has no source", "add `source`"));
                };
                let name = block.labels.first().cloned().unwrap_or_default();
                // A source that is computed can only be known after `init`.
                let text = source.value.as_text().unwrap_or("a source that is computed").to_owned();
                Ok(Call { name, source: text, span: source.span })
            })
            .collect()
    }

    /// The directory of a called module. None: it is not on this disk.
    fn target(&self, module: usize, call: &Call, path: &[String]) -> Result<Option<PathBuf>, TerraformError> {
        let source = call.source.replace('\\', "/");
        if !(source.starts_with("./") || source.starts_with("../") || source == "." || source == "..") {
            return Ok(self.installed.directory(path, &call.source));
        }
        // Terraform takes `..` off the path that it came by; where that path is a symlink, the system goes elsewhere.
        let caller = self.tree.modules.get(module);
        let ways = caller.map(|module| [plain(&module.path.join(&source)), module.directory.join(&source)]);
        match ways.into_iter().flatten().find(|directory| directory.is_dir()) {
            Some(directory) => Ok(Some(directory)),
            None => Err(self.tree.wrong(call.span, format!("there is no directory '{source}'"), "correct the module's source")),
        }
    }

    fn leads_back(&self, node: usize, module: usize) -> bool {
        let mut above = Some(node);
        while let Some(node) = above.and_then(|at| self.tree.nodes.get(at)) {
            if node.module == module {
                return true;
            }
            above = node.parent;
        }
        false
    }
}

/// Without `.`, and without `..` behind a name.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if matches!(plain.components().next_back(), Some(Component::Normal(_))) => {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    plain
}

struct Call {
    name: String,
    source: String,
    span: Span,
}
