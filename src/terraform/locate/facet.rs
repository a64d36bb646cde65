//! Which resources and attributes of Terraform declare what a finding is about: the table in `facets.toml`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::Value as Json;

use super::path::Path;
use crate::snapshot::Arn;

/// What is to be found: a subject, and the field of it that a violation names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted<'a> {
    /// The kind of subject: `plan_rule`.
    pub kind: &'a str,
    pub id: &'a str,
    pub name: &'a str,
    pub account: &'a str,
    /// Empty for what belongs to a whole account.
    pub region: &'a str,
    /// The field to change; none for the subject as a whole.
    pub at: Option<&'a str>,
    /// What tells the violation apart from others of its rule.
    pub of: Option<&'a str>,
    /// What [`related`] finds in the subject's facts.
    pub related: BTreeMap<String, String>,
}

/// A place to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// A resource type, `provider`, or `*` for whatever has the ARN.
    pub kind: String,
    pub whose: Whose,
    pub path: Path,
    /// It does not declare the fact; the fact would have to be declared beside it.
    pub beside: bool,
}

/// Whose the resource is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    Object {
        arn: String,
        /// What tells parts of one object apart: a selection's id.
        part: Option<String>,
    },
    Place {
        account: String,
        /// Any where none is given.
        region: Option<String>,
    },
}

#[derive(Debug, Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Table {
    own: BTreeMap<String, Vec<Look>>,
    #[serde(rename = "facet")]
    facets: Vec<Facet>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Facet {
    subject: String,
    at: Vec<String>,
    /// Only for violations that are told apart by one of these; empty: for all.
    #[serde(default, rename = "for")]
    of: Vec<String>,
    look: Vec<Look>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Look {
    kind: String,
    of: Option<String>,
    #[serde(default)]
    path: String,
    #[serde(default)]
    beside: bool,
}

// The table is part of the program and read by a test, so that it cannot be wrong at run time.
static TABLE: LazyLock<Table> = LazyLock::new(|| toml::from_str(include_str!("facets.toml")).unwrap_or_default());

/// The places to look at, the best first. Those of the subject itself end the list, as something it can stand beside.
pub fn candidates(wanted: &Wanted) -> Vec<Candidate> {
    let of = wanted.of.unwrap_or_default();
    let concerns = |facet: &&Facet| {
        facet.subject == wanted.kind
            && wanted.at.is_some_and(|at| facet.at.iter().any(|row| row == at))
            && (facet.of.is_empty() || facet.of.iter().any(|row| row == of))
    };
    let facet = TABLE.facets.iter().find(concerns);
    let looks = facet.map_or(&[][..], |facet| &facet.look);
    let mut candidates: Vec<Candidate> = looks.iter().filter_map(|look| candidate(look, wanted)).collect();
    // Without a field to change, the subject's own block is what is meant.
    let beside = wanted.at.is_some();
    let own = TABLE.own.get(wanted.kind).into_iter().flatten().filter_map(|look| candidate(look, wanted));
    candidates.extend(own.map(|own| Candidate { beside: beside || own.beside, ..own }));
    candidates
}

/// The ARNs and names in a subject's facts by which the table finds other resources than its own.
pub fn related(facts: &Json) -> BTreeMap<String, String> {
    let looks = TABLE.own.values().flatten().chain(TABLE.facets.iter().flat_map(|facet| &facet.look));
    let paths: BTreeSet<&String> = looks.filter_map(|look| look.of.as_ref()).collect();
    let found = paths.into_iter().filter_map(|path| {
        let value = path.split('.').try_fold(facts, |value, step| value.get(step))?;
        Some((path.clone(), value.as_str()?.to_owned()))
    });
    found.collect()
}

/// `None` where what the table asks for is not known of the subject.
fn candidate(look: &Look, wanted: &Wanted) -> Option<Candidate> {
    let object = |arn: &str| Whose::Object { arn: arn.to_owned(), part: None };
    let region = |region: &str| Whose::Place { account: wanted.account.to_owned(), region: Some(region.to_owned()) };
    let whose = match look.of.as_deref() {
        None => own(wanted),
        Some("for") => object(wanted.of.filter(|of| of.starts_with("arn:"))?),
        Some("account") => Whose::Place { account: wanted.account.to_owned(), region: None },
        Some("region") if wanted.region.is_empty() => region(wanted.of?),
        Some("region") => region(wanted.region),
        Some("vault.name") => {
            let partition = Arn::parse(wanted.id).map_or("aws", |arn| arn.partition);
            let name = wanted.related.get("vault.name")?;
            object(&format!("arn:{partition}:backup:{}:{}:backup-vault:{name}", wanted.region, wanted.account))
        }
        Some(path) => object(wanted.related.get(path)?),
    };
    Some(Candidate { kind: look.kind.clone(), whose, path: path(&look.path, wanted), beside: look.beside })
}

/// The id up to what tells a rule, a selection or a Region apart is the ARN.
fn own(wanted: &Wanted) -> Whose {
    let (arn, part) = wanted.id.split_once('#').unwrap_or((wanted.id, ""));
    Whose::Object { arn: arn.to_owned(), part: part.strip_prefix("selection/").map(str::to_owned) }
}

/// The table's path with what is known of the violation. A choice that nothing is known for is left out.
fn path(text: &str, wanted: &Wanted) -> Path {
    let mut path = Path::parse(text).unwrap_or_default();
    for step in &mut path.0 {
        let Some(which) = &mut step.which else { continue };
        let value = match which.value.as_str() {
            "$name" => wanted.id.split_once('#').map(|(_, rule)| rule),
            "$first" => wanted.of.and_then(|of| of.split_once(" / ")).map(|(first, _)| first),
            // Types and principals tell violations apart as well.
            "$for" => wanted.of.filter(|of| of.starts_with("arn:")),
            other => Some(other),
        };
        match value {
            Some(value) => which.value = value.to_owned(),
            None => step.which = None,
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path as FilePath, PathBuf};

    use regex::Regex;
    use serde_json::json;

    use super::super::super::mapping;
    use super::*;

    fn rules(directory: &FilePath, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(directory).expect("policies can be read") {
            let path = entry.expect("policies can be read").path();
            if path.is_dir() {
                rules(&path, found);
            } else if path.to_string_lossy().ends_with(".rego") && !path.to_string_lossy().ends_with("_test.rego") {
                found.push(path);
            }
        }
    }

    /// By kind of subject: the fields that violations of the shipped rules name.
    fn named() -> BTreeSet<(String, String)> {
        let mut files = Vec::new();
        rules(FilePath::new("policies"), &mut files);
        let (subject, at) = (Regex::new("(?m)^#   subject: (\\w+)$").expect("fine"), Regex::new("\"at\": *([^,}]+)").expect("fine"));
        let mut named = BTreeSet::new();
        for file in files {
            let text = fs::read_to_string(&file).expect("a rule");
            let Some(subject) = subject.captures(&text) else { continue };
            for at in at.captures_iter(&text) {
                let written = at[1].strip_prefix('"').and_then(|at| at.strip_suffix('"'));
                let written =
                    written.unwrap_or_else(|| panic!("{}: 'at' is no plain text, so that the table cannot have it", file.display()));
                named.insert((subject[1].to_owned(), written.to_owned()));
            }
        }
        assert!(named.len() > 50, "the rules were not found");
        named
    }

    #[test]
    fn the_table_has_what_the_rules_name_and_nothing_else() {
        let table: Table = toml::from_str(include_str!("facets.toml")).expect("the table can be read");
        let rows = table.facets.iter().flat_map(|facet| facet.at.iter().map(|at| (facet.subject.clone(), at.clone())));
        let rows: BTreeSet<(String, String)> = rows.collect();
        let named = named();
        let missing: Vec<_> = named.difference(&rows).collect();
        let stale: Vec<_> = rows.difference(&named).collect();
        assert!(missing.is_empty() && stale.is_empty(), "missing: {missing:?}; stale: {stale:?}");
        assert_eq!(table.own.len(), 10, "each kind of subject has a place of its own");
    }

    #[test]
    fn the_paths_of_the_table_are_paths_of_the_mapping() {
        for look in TABLE.own.values().flatten().chain(TABLE.facets.iter().flat_map(|facet| &facet.look)) {
            let path = Path::parse(&look.path).unwrap_or_else(|| panic!("'{}' is no path", look.path));
            assert_eq!(path.to_string(), look.path);
            if let (Some(first), true) = (path.0.first(), look.kind.starts_with("aws_")) {
                assert!(mapping::keeps(&look.kind, &first.name), "{} has no {}", look.kind, first.name);
            }
        }
    }

    const PLAN: &str = "arn:aws:backup:eu-west-1:111122223333:backup-plan:1";

    #[test]
    fn a_copy_is_chosen_by_where_it_goes() {
        let id = format!("{PLAN}#weekly.1");
        let to = "arn:aws:backup:us-west-2:111122223333:backup-vault:replica";
        let wanted =
            Wanted { kind: "plan_rule", id: &id, at: Some("copies.lifecycle.delete_after_days"), of: Some(to), ..Wanted::default() };
        let found = candidates(&wanted);
        assert_eq!(found[0].whose, Whose::Object { arn: PLAN.to_owned(), part: None });
        let path = format!("rule{{rule_name=weekly.1}}.copy_action{{destination_vault_arn={to}}}.lifecycle.delete_after");
        assert_eq!(found[0].path.to_string(), path);
        assert_eq!(found[1].path.to_string(), "rule{rule_name=weekly.1}");
        assert!(found[1].beside && !found[0].beside);
    }

    #[test]
    fn what_tells_a_violation_apart_need_not_be_a_vault() {
        let id = format!("{PLAN}#weekly");
        let wanted = Wanted { kind: "plan_rule", id: &id, at: Some("copies"), of: Some("EBS"), ..Wanted::default() };
        assert_eq!(candidates(&wanted)[0].path.to_string(), "rule{rule_name=weekly}.copy_action");
    }

    #[test]
    fn other_resources_are_found_by_the_facts() {
        let lock = "arn:aws:backup:eu-west-1:111122223333:backup-vault:main";
        let facts = json!({ "target_vault": { "arn": lock }, "key": { "$unknown": [] }, "vault": { "name": "main" } });
        let related = related(&facts);
        assert_eq!(related.keys().collect::<Vec<_>>(), ["target_vault.arn", "vault.name"]);
        let point = Wanted {
            kind: "recovery_point",
            id: "arn:aws-cn:ec2:eu-west-1::snapshot/snap-1",
            account: "111122223333",
            region: "eu-west-1",
            related,
            ..Wanted::default()
        };
        let vault = Whose::Object { arn: lock.replace("aws:", "aws-cn:"), part: None };
        assert_eq!(candidates(&point).iter().map(|found| &found.whose).collect::<Vec<_>>(), [&vault]);
    }

    #[test]
    fn a_field_that_the_table_does_not_have_leads_to_the_subject() {
        let wanted = Wanted { kind: "selection", id: &format!("{PLAN}#selection/s-1"), at: Some("of.a.custom.rule"), ..Wanted::default() };
        let found = candidates(&wanted);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].whose, Whose::Object { arn: PLAN.to_owned(), part: Some("s-1".to_owned()) });
        assert!(found[0].beside);
        assert!(candidates(&Wanted { kind: "selection", id: PLAN, ..Wanted::default() }).iter().all(|own| !own.beside));
    }
}
