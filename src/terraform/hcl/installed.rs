//! `.terraform/modules/modules.json`: where `terraform init` has put the modules that are no local directories.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

#[derive(Deserialize)]
struct Manifest {
    #[serde(rename = "Modules")]
    modules: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    #[serde(rename = "Key")]
    key: String,
    #[serde(rename = "Source", default)]
    source: String,
    #[serde(rename = "Dir")]
    dir: String,
}

/// The directories, by the names of the calls that lead to them, and what was installed there.
#[derive(Debug, Default)]
pub struct Installed {
    entries: BTreeMap<String, (String, PathBuf)>,
}

impl Installed {
    /// A manifest that is not there or cannot be read installs nothing, which the modules then say of themselves.
    pub fn read(root: &Path) -> Self {
        let text = std::fs::read_to_string(root.join(".terraform/modules/modules.json")).unwrap_or_default();
        let Ok(manifest) = serde_json::from_str::<Manifest>(&text) else { return Installed::default() };
        let entries = manifest.modules.into_iter().map(|entry| {
            // Written on Windows, it has the separators of Windows.
            (entry.key, (entry.source, root.join(entry.dir.replace('\\', "/"))))
        });
        Installed { entries: entries.collect() }
    }

    /// Where the module is that `path` calls by `source`, if that is what was installed.
    pub fn directory(&self, path: &[String], source: &str) -> Option<PathBuf> {
        let (installed, directory) = self.entries.get(&path.join("."))?;
        let matches = !is_registry(source) || installed == source || installed.ends_with(&format!("/{source}"));
        (matches && directory.is_dir()).then(|| directory.clone())
    }
}

/// `terraform-aws-modules/vpc/aws`, with or without a host, and perhaps `//modules/x`. The manifest has these as they are written, behind the host.
fn is_registry(source: &str) -> bool {
    let package = source.split("//").next().unwrap_or_default();
    let parts: Vec<&str> = package.split('/').collect();
    let plain = |part: &&str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    let known = ["github.com", "bitbucket.org", "gitlab.com"].iter().any(|host| source.starts_with(host));
    matches!(parts.len(), 3 | 4) && parts.iter().all(plain) && !known
}
