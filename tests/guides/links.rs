//! Links between the pages of the repository: the file and the heading must be there.

use std::path::Path;

use regex::Regex;

/// The links of a page that lead nowhere.
pub fn broken(page: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(page).expect("a guide is text");
    let link = Regex::new(r"\]\(([^)\s]+)\)").expect("a pattern");
    let targets = link.captures_iter(&text).map(|found| found[1].to_owned()).filter(|target| !target.contains("://"));
    targets.filter(|target| !leads(page, target)).map(|target| format!("{}: '{target}' leads nowhere", page.display())).collect()
}

fn leads(page: &Path, target: &str) -> bool {
    let (file, heading) = target.split_once('#').map_or((target, None), |(file, heading)| (file, Some(heading)));
    let path = if file.is_empty() { page.to_owned() } else { page.parent().expect("a directory").join(file) };
    match heading {
        None => path.exists(),
        Some(heading) => std::fs::read_to_string(path).is_ok_and(|text| headings(&text).any(|one| one == heading)),
    }
}

/// As GitHub names them.
fn headings(text: &str) -> impl Iterator<Item = String> {
    let titles = text.lines().filter_map(|line| line.strip_prefix('#')).map(|title| title.trim_start_matches('#').trim());
    titles.map(|title| {
        let kept = title.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
        kept.collect::<String>().to_lowercase().replace(' ', "-")
    })
}
