//! The rules: one folder each, found by looking, registered nowhere.

use std::collections::BTreeMap;

use include_dir::{Dir, include_dir};

use super::frameworks::{self, Frameworks};
use super::parameters::{self, Definition};
use super::promises::{self, Promise};
use super::reads::{self, Reads};
use super::{Metadata, PolicyError, Rule};

static SHIPPED: Dir = include_dir!("$CARGO_MANIFEST_DIR/policies");

/// A file of Rego.
#[derive(Debug, Clone)]
pub struct Source {
    /// Below `policies/`: `vault_lock/missing/missing.rego`.
    pub path: String,
    pub text: String,
}

/// All rules, in the order of their ids, with the sources that an engine needs to run them.
#[derive(Debug, Clone)]
pub struct Library {
    pub rules: Vec<Rule>,
    /// Rules and the helpers they share; no tests.
    pub sources: Vec<Source>,
    pub tests: Vec<Source>,
    pub definitions: BTreeMap<String, Definition>,
    /// In the order of the specification.
    pub promises: Vec<Promise>,
    pub frameworks: Frameworks,
}

impl Library {
    /// The rules that come with the program.
    pub fn shipped() -> Result<Self, PolicyError> {
        Library::load(Library::shipped_files())
    }

    /// The files that the rules come from, by their path below `policies/`.
    pub fn shipped_files() -> BTreeMap<String, String> {
        let mut files = BTreeMap::new();
        gather(&SHIPPED, &mut files);
        files
    }

    /// Loads from files by their path below `policies/`.
    pub fn load(files: BTreeMap<String, String>) -> Result<Self, PolicyError> {
        let definitions = match files.get("parameters.toml") {
            Some(text) => parameters::definitions(text)?,
            None => BTreeMap::new(),
        };
        let promises = files.get("promises.toml").map_or(Ok(Vec::new()), |text| promises::promises(text))?;
        let frameworks = files.get("frameworks.toml").map_or(Ok(Frameworks::default()), |text| frameworks::frameworks(text))?;
        let source = |(path, text): (&String, &String)| Source { path: path.clone(), text: text.clone() };
        let (tests, sources): (Vec<Source>, Vec<Source>) =
            files.iter().filter(|(path, _)| path.ends_with(".rego")).map(source).partition(|source| source.path.ends_with("_test.rego"));
        let all_reads = reads::analyse(&sources)?;
        let mut rules = Vec::new();
        for source in sources.iter().filter(|source| !source.path.starts_with("lib/")) {
            rules.push(rule(source, &files, &all_reads, &definitions)?);
        }
        rules.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(Library { rules, sources, tests, definitions, promises, frameworks })
    }

    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id == id)
    }

    /// The id that was probably meant.
    pub fn nearest(&self, id: &str) -> Option<&str> {
        super::nearest(self.rules.iter().map(|rule| rule.id.as_str()), id)
    }
}

fn gather(dir: &Dir, files: &mut BTreeMap<String, String>) {
    for file in dir.files() {
        if let Some(text) = file.contents_utf8() {
            files.insert(file.path().to_string_lossy().replace('\\', "/"), text.to_owned());
        }
    }
    dir.dirs().for_each(|dir| gather(dir, files));
}

/// `vault_lock/missing/missing.rego` is `vault-lock/missing`, in package `backstop.vault_lock.missing`.
fn rule(
    source: &Source,
    files: &BTreeMap<String, String>,
    all_reads: &BTreeMap<String, Reads>,
    definitions: &BTreeMap<String, Definition>,
) -> Result<Rule, PolicyError> {
    let wrong = |message: String| PolicyError::File { file: source.path.clone(), message };
    let parts: Vec<&str> = source.path.split('/').collect();
    let [family, folder, file] = parts[..] else {
        return Err(wrong("a rule stands in 'family/rule/rule.rego'".to_owned()));
    };
    if file.strip_suffix(".rego") != Some(folder) {
        return Err(wrong(format!("the file of folder '{folder}' is '{folder}.rego'")));
    }
    let metadata = Metadata::parse(&source.path, &source.text)?;
    let package = format!("backstop.{family}.{folder}");
    let Some(found) = all_reads.get(&package) else {
        return Err(wrong(format!("it does not declare package '{package}', which its path demands")));
    };
    found.check(&source.path, &metadata)?;
    if let Some(unknown) = metadata.custom.parameters.iter().find(|name| !definitions.contains_key(*name)) {
        return Err(wrong(format!("parameter '{unknown}' is not defined in parameters.toml")));
    }
    let page = source.path.replace(".rego", ".md");
    let page = files.get(&page).ok_or_else(|| wrong(format!("its page '{page}' is missing")))?.clone();
    Ok(Rule {
        id: format!("{}/{}", family.replace('_', "-"), folder.replace('_', "-")),
        package,
        severity: metadata.custom.severity,
        applies_reads: found.applies.clone(),
        metadata,
        page,
    })
}
