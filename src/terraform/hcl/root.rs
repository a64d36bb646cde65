//! A root of HCL to the resources that it declares.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::eval::{Evaluator, Expansion, ResourceInstance, What};
use super::inputs::{self, Inputs};
use super::syntax::{Block, Kind};
use super::tree::{Module, Tree};
use crate::snapshot::{Cause, Reason, Source};
use crate::terraform::declared::{Declared, Root};
use crate::terraform::error::TerraformError;
use crate::terraform::mapping;
use crate::terraform::value::Value;

/// Evaluation goes as deep as references do, and has a stack for it.
const STACK: usize = 256 * 1024 * 1024;

/// Blocks that Terraform and OpenTofu know. Those that declare no resource are read and have no effect.
const KNOWN: &[&str] = &[
    "action",
    "check",
    "data",
    "ephemeral",
    "import",
    "locals",
    "module",
    "moved",
    "output",
    "provider",
    "removed",
    "resource",
    "terraform",
    "variable",
];

/// What stands in a resource and is Terraform's own, not the resource's.
const META: &[&str] = &["connection", "count", "depends_on", "dynamic", "for_each", "lifecycle", "provider", "provisioner", "timeouts"];

/// What a root comes to, and where in it everything stands.
#[derive(Debug)]
pub struct Evaluated {
    pub root: Root,
    pub tree: Tree,
}

/// Evaluates a root. What it cannot know, it says of each value; it is no promise that Terraform would plan the root.
pub fn evaluate(directory: &Path, inputs: &Inputs) -> Result<Evaluated, TerraformError> {
    let failed = |source| TerraformError::File { path: directory.to_owned(), source };
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, || {
            let tree = Tree::load(directory)?;
            let root = declare(&tree, directory, inputs)?;
            Ok(Evaluated { root, tree })
        });
        match thread.map_err(failed)?.join() {
            Ok(evaluated) => evaluated,
            Err(_) => Err(TerraformError::wrong(
                directory,
                None,
                "the root could not be evaluated",
                "please report this as a mistake of the program",
            )),
        }
    })
}

fn declare(tree: &Tree, directory: &Path, inputs: &Inputs) -> Result<Root, TerraformError> {
    let workspace = inputs.workspace.clone().unwrap_or_else(|| "default".to_owned());
    let mut evaluator = Evaluator::new(tree, BTreeMap::new(), workspace, repository(tree));
    evaluator.given = inputs::given(&evaluator, directory, inputs)?;
    let mut root =
        Root { source: Source::Terraform, declared: Vec::new(), prior: Vec::new(), notices: Vec::new(), partial: None, unset: Vec::new() };
    let mut open = vec![0];
    while let Some(instance) = open.pop() {
        if let Some(module) = evaluator.declared(instance) {
            self::module(&evaluator, instance, module, &mut open, &mut root);
        }
        if let Some(fault) = evaluator.take_fault() {
            return Err(fault);
        }
    }
    for block in tree.modules.iter().flat_map(|module| &module.blocks).filter(|block| !KNOWN.contains(&block.kind.as_str())) {
        let line = tree.position(block.span).map(|position| format!("{}:{}", position.file.path.display(), position.start.line));
        root.notices.push(format!("{}: the block '{}' is not known and was passed over", line.unwrap_or_default(), block.kind));
    }
    root.unset = evaluator.unset();
    root.notices.extend(root.unset.iter().map(|name| {
        format!("The variable '{name}' has no value, so what depends on it is unknown; give it with --var {name}=... or --var-file")
    }));
    root.declared.sort_by(|a, b| a.address.cmp(&b.address));
    root.notices.sort();
    root.notices.dedup();
    Ok(root)
}

/// Adds the resources of one instance of a module, and the instances that it calls.
fn module(evaluator: &Evaluator<'_>, instance: usize, module: &Module, open: &mut Vec<usize>, root: &mut Root) {
    for block in &module.blocks {
        let (what, name) = match (block.kind.as_str(), block.labels.as_slice()) {
            ("resource", [kind, name]) if kind.starts_with("aws_") => (What::Resources, format!("{kind}.{name}")),
            ("module", [name]) => (What::Calls, name.clone()),
            _ => continue,
        };
        let instances = match evaluator.expansion(instance, what, &name) {
            Ok(Expansion::Single(at) | Expansion::Open(at, _)) => vec![at],
            Ok(Expansion::Count(instances)) => instances,
            Ok(Expansion::ForEach(instances)) => instances.into_values().collect(),
            Ok(Expansion::Missing(reason)) => {
                root.notices.push(format!("{}; run `terraform get`, or what it declares is not seen", reason.detail));
                root.partial.get_or_insert(reason);
                continue;
            }
            Err(failure) => {
                let reason = Reason::new(Cause::NotEvaluated, format!("{name} cannot be evaluated: {}", failure.0));
                root.notices.push(reason.detail.clone());
                root.partial.get_or_insert(reason);
                continue;
            }
        };
        if what == What::Calls {
            open.extend(instances);
        } else {
            let resources = instances.into_iter().filter_map(|at| Some((at, evaluator.resource_instance(at)?)));
            root.declared.extend(resources.filter_map(|(at, resource)| declared(evaluator, at, &resource)));
        }
    }
}

/// None: nothing is read of this type of resource. One that sets nothing is there all the same.
fn declared<'t>(evaluator: &Evaluator<'t>, at: usize, resource: &Rc<ResourceInstance<'t>>) -> Option<Declared> {
    mapping::kind(resource.kind)?;
    let kept = |name: &str| mapping::keeps(resource.kind, name);
    let names = Evaluator::names(&resource.block.body).into_iter().filter(|name| !META.contains(name) && kept(name));
    let mut attributes: BTreeMap<_, _> =
        names.map(|name| (name.to_owned(), evaluator.set_attribute(at, resource, name).to_value())).collect();
    if kept("tags_all") {
        attributes.insert("tags_all".to_owned(), evaluator.tags_all(at, resource).to_value());
    }
    let ignored = ignored(resource.block);
    for name in mapping::attributes(resource.kind).filter(|name| ignored.contains(name) || ignored.contains(&"all")) {
        let detail = format!("{}.{name} is left as it is once the resource is there: it stands in ignore_changes", resource.address);
        attributes.insert(name.to_owned(), Value::unknown(Cause::NotEvaluated, detail));
    }
    attributes.retain(|_, value| !value.is_null());
    Some(Declared {
        address: resource.address.clone(),
        kind: resource.kind.to_owned(),
        place: evaluator.place(resource),
        attributes,
        may_exist: resource.may_exist.clone(),
    })
}

/// The attributes that `lifecycle` says not to change: what stands in the HCL holds only until the resource is there.
fn ignored(block: &Block) -> Vec<&str> {
    let named = block.body.blocks_of("lifecycle").filter_map(|lifecycle| lifecycle.body.attribute("ignore_changes"));
    let listed = named.flat_map(|attribute| match &attribute.value.kind {
        Kind::List(names) => names.iter().collect(),
        _ => vec![&attribute.value],
    });
    let mut names: Vec<&str> = listed.filter_map(|name| name.as_path().and_then(|path| path.first().copied()).or(name.as_text())).collect();
    // Tags are judged with those that the provider adds.
    names.extend(names.contains(&"tags").then_some("tags_all"));
    names
}

/// Files are read from the repository; where there is none, from the directory that all modules lie in.
fn repository(tree: &Tree) -> PathBuf {
    let Some(root) = tree.modules.first() else { return PathBuf::new() };
    if let Some(repository) = root.directory.ancestors().find(|directory| directory.join(".git").exists()) {
        return repository.to_owned();
    }
    let within = |directory: &&Path| tree.modules.iter().all(|module| module.directory.starts_with(directory));
    root.directory.ancestors().find(within).map_or_else(PathBuf::new, Path::to_owned)
}
