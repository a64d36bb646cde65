//! What the variables of a root are given, and which of several values counts.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::eval::val::Val;
use super::eval::{Evaluator, Given, Scope};
use super::json::{self, Json, JsonKind};
use super::source::{self, SourceFile};
use crate::terraform::error::TerraformError;

/// What a person adds to a root.
#[derive(Debug, Clone, Default)]
pub struct Inputs {
    pub var_files: Vec<PathBuf>,
    /// Names and values as they are written; they outweigh the files.
    pub vars: Vec<(String, String)>,
    /// `TF_VAR_name` and others, which are passed over.
    pub environment: BTreeMap<String, String>,
    /// `default` where it is not given.
    pub workspace: Option<String>,
}

/// The values by the names of the variables. What comes later outweighs what came before.
pub fn given(evaluator: &Evaluator<'_>, directory: &Path, inputs: &Inputs) -> Result<BTreeMap<String, Given>, TerraformError> {
    let mut given = BTreeMap::new();
    for (name, value) in &inputs.environment {
        if let Some(name) = name.strip_prefix("TF_VAR_") {
            given.insert(name.to_owned(), Given::Text(value.clone()));
        }
    }
    for path in automatic(directory)?.iter().chain(&inputs.var_files) {
        given.extend(read(evaluator, path)?);
    }
    let declared = evaluator.tree.modules.first();
    for (name, value) in &inputs.vars {
        if declared.is_none_or(|module| module.variable(name).is_none()) {
            let message = format!("the root declares no variable '{name}'");
            return Err(TerraformError::Usage { message, help: "check the name after --var".to_owned() });
        }
        given.insert(name.clone(), Given::Text(value.clone()));
    }
    Ok(given)
}

/// The files that Terraform reads by itself, in its order.
fn automatic(directory: &Path) -> Result<Vec<PathBuf>, TerraformError> {
    let unreadable = |source| TerraformError::File { path: directory.to_owned(), source };
    let mut names = Vec::new();
    for entry in std::fs::read_dir(directory).map_err(unreadable)? {
        let name = entry.map_err(unreadable)?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".auto.tfvars") || name.ends_with(".auto.tfvars.json") {
            names.push(name);
        }
    }
    names.sort();
    let fixed = ["terraform.tfvars", "terraform.tfvars.json"].map(str::to_owned).into_iter();
    let paths = fixed.chain(names).map(|name| directory.join(name));
    Ok(paths.filter(|path| path.is_file()).collect())
}

fn read(evaluator: &Evaluator<'_>, path: &Path) -> Result<BTreeMap<String, Given>, TerraformError> {
    let file = source::read(path)?;
    if path.extension().is_some_and(|extension| extension == "json") {
        return members(&file);
    }
    let body = source::parse(&file, usize::MAX)?;
    if let Some(block) = body.blocks.first() {
        return Err(file.wrong(block.span.start, "a file of variables has no blocks", "write `name = value`"));
    }
    let mut given = BTreeMap::new();
    for attribute in &body.attributes {
        let value = evaluator.evaluate(&attribute.value, Scope::constant()).map_err(|failure| {
            file.wrong(
                attribute.value.span.start,
                format!("the value of '{}' cannot be evaluated: {}", attribute.name, failure.0),
                "write a literal",
            )
        })?;
        given.insert(attribute.name.clone(), Given::Value(value));
    }
    Ok(given)
}

fn members(file: &SourceFile) -> Result<BTreeMap<String, Given>, TerraformError> {
    let wrong = |at, message: &str| file.wrong(at, message, "correct the JSON");
    let json = json::parse(&file.text).map_err(|error| wrong(error.at, error.message))?;
    let JsonKind::Object(members) = json.kind else { return Err(wrong(json.start, "an object was expected here")) };
    Ok(members.into_iter().map(|member| (member.name, Given::Value(value(&member.value)))).collect())
}

/// No templates: a file of variables has plain texts.
fn value(json: &Json) -> Val {
    match &json.kind {
        JsonKind::Null => Val::Null,
        JsonKind::Bool(value) => Val::Bool(*value),
        JsonKind::Number(value) => Val::Number(*value),
        JsonKind::Text(text, _) => Val::text(text.as_str()),
        JsonKind::List(values) => Val::list(values.iter().map(value).collect()),
        JsonKind::Object(members) => Val::object(members.iter().map(|member| (member.name.clone(), value(&member.value))).collect()),
    }
}
