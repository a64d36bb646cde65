//! What is given to the variables of a root, and where it is written. The evaluator complains of files that are wrong.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::terraform::hcl::Inputs;
use crate::terraform::hcl::source::{self, SourceFile};
use crate::terraform::hcl::syntax::Attribute;

/// The values by variable.
#[derive(Debug, Default)]
pub struct Given {
    /// What spans name by numbers that follow those of the tree's files.
    pub files: Vec<SourceFile>,
    /// None: it stands on the command line, in the environment or in a file of JSON.
    values: BTreeMap<String, Option<Attribute>>,
}

impl Given {
    /// In Terraform's order: the later one counts. `first` is the number of the first file.
    pub fn read(root: &Path, inputs: &Inputs, first: usize) -> Self {
        let mut given = Given::default();
        given.nowhere(inputs.environment.keys().map(|name| name.strip_prefix("TF_VAR_").unwrap_or(name)));
        for path in automatic(root).iter().chain(&inputs.var_files) {
            given.add(path, first);
        }
        given.nowhere(inputs.vars.iter().map(|(name, _)| name.as_str()));
        given
    }

    /// `Some(None)`: something is given, and there is no place to show.
    pub fn value(&self, variable: &str) -> Option<Option<&Attribute>> {
        self.values.get(variable).map(Option::as_ref)
    }

    fn nowhere<'n>(&mut self, names: impl Iterator<Item = &'n str>) {
        self.values.extend(names.map(|name| (name.to_owned(), None)));
    }

    fn add(&mut self, path: &Path, first: usize) {
        let Ok(file) = source::read(path) else { return };
        if path.extension().is_some_and(|extension| extension == "json") {
            let names: BTreeMap<String, serde::de::IgnoredAny> = serde_json::from_str(&file.text).unwrap_or_default();
            return self.nowhere(names.keys().map(String::as_str));
        }
        let Ok(body) = source::parse(&file, first + self.files.len()) else { return };
        self.files.push(file);
        self.values.extend(body.attributes.into_iter().map(|attribute| (attribute.name.clone(), Some(attribute))));
    }
}

/// The files that Terraform reads unasked.
fn automatic(root: &Path) -> Vec<PathBuf> {
    let names = std::fs::read_dir(root).into_iter().flatten().flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut auto: Vec<String> = names.filter(|name| name.ends_with(".auto.tfvars") || name.ends_with(".auto.tfvars.json")).collect();
    auto.sort();
    let plain = ["terraform.tfvars", "terraform.tfvars.json"].map(str::to_owned);
    plain.into_iter().chain(auto).map(|name| root.join(name)).collect()
}
