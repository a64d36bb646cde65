//! What is generated from the rules is fresh. `BACKSTOP_WRITE=1 cargo test --test generated` writes it anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use backstop::exit::Exit;
use backstop::policy::Library;
use backstop::report;

fn wanted() -> BTreeMap<PathBuf, String> {
    let library = Library::shipped().expect("the shipped rules load");
    let mut files = BTreeMap::new();
    let mut index = String::from("# Rules\n\n| Rule | Severity | Judges each | Fires when |\n| --- | --- | --- | --- |\n");
    for rule in &library.rules {
        index += &format!(
            "| [`{0}`]({0}.md) | {1} | {2} | {3} |\n",
            rule.id,
            rule.severity,
            rule.subject().replace('_', " "),
            rule.metadata.title
        );
        files.insert(PathBuf::from(format!("docs/rules/{}.md", rule.id)), report::explain::page(rule, &library));
    }
    files.insert("docs/rules/README.md".into(), index);
    files
}

fn existing(directory: &Path, found: &mut BTreeSet<PathBuf>) {
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            existing(&path, found);
        } else {
            found.insert(path);
        }
    }
}

#[test]
fn the_rules_pages_are_fresh() {
    let wanted = wanted();
    let mut there = BTreeSet::new();
    existing(Path::new("docs/rules"), &mut there);
    if std::env::var_os("BACKSTOP_WRITE").is_some() {
        there.iter().filter(|path| !wanted.contains_key(*path)).for_each(|path| fs::remove_file(path).expect("removed"));
        for (path, text) in &wanted {
            fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            fs::write(path, text).expect("written");
        }
        return;
    }
    let stale: Vec<&PathBuf> =
        wanted.iter().filter(|(path, text)| fs::read_to_string(path).ok().as_ref() != Some(text)).map(|(path, _)| path).collect();
    let left: Vec<&PathBuf> = there.iter().filter(|path| !wanted.contains_key(*path)).collect();
    assert!(stale.is_empty() && left.is_empty(), "stale: {stale:?}, left over: {left:?}; BACKSTOP_WRITE=1 cargo test --test generated");
}

#[test]
fn the_readme_has_the_exit_codes_of_the_program() {
    let readme = fs::read_to_string("README.md").expect("there is a README");
    for exit in Exit::ALL {
        let row = format!("| {} | {} |", exit.code(), exit.meaning());
        assert!(readme.contains(&row), "the README lacks the row: {row}");
    }
}
