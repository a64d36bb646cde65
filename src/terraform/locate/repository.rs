//! Paths of source files as the repository has them.

use std::path::{Component, Path, PathBuf};

/// The root of a repository, without symlinks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repository {
    root: PathBuf,
}

impl Repository {
    /// The nearest directory above that holds `.git`; the directory itself where there is none.
    pub fn of(directory: &Path) -> Self {
        let real = directory.canonicalize().unwrap_or_else(|_| directory.to_owned());
        // In a worktree `.git` is a file.
        let root = real.ancestors().find(|above| above.join(".git").exists()).unwrap_or(&real).to_owned();
        Repository { root }
    }

    /// The path relative to the root, with `/`. `None` for what the repository does not have: files elsewhere, and the modules that
    /// `terraform init` has fetched.
    pub fn relative(&self, real: &Path) -> Option<String> {
        let mut names = Vec::new();
        for component in real.strip_prefix(&self.root).ok()?.components() {
            let Component::Normal(name) = component else { return None };
            if name == ".terraform" {
                return None;
            }
            names.push(name.to_str()?);
        }
        (!names.is_empty()).then(|| names.join("/"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_terraform_has_fetched_is_not_of_the_repository() {
        let directory = tempfile::tempdir().expect("a directory");
        let real = directory.path().canonicalize().expect("a directory");
        std::fs::create_dir_all(real.join("infra/prod")).expect("made");
        assert_eq!(Repository::of(&real.join("infra/prod")).relative(&real.join("infra/prod/main.tf")), Some("main.tf".to_owned()));
        std::fs::write(real.join(".git"), "gitdir: elsewhere").expect("written");
        let repository = Repository::of(&real.join("infra/prod"));
        assert_eq!(repository.relative(&real.join("infra/prod/main.tf")), Some("infra/prod/main.tf".to_owned()));
        for outside in ["infra/.terraform/modules/x/main.tf", "../main.tf", "."] {
            assert_eq!(repository.relative(&real.join(outside)), None, "{outside}");
        }
    }
}
