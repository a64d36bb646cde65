//! The rules' own tests, under the engine that ships; and what every rule's file must have.

use std::collections::BTreeSet;

use backstop::policy::Library;

fn library() -> Library {
    Library::shipped().expect("the shipped rules load")
}

/// `package.test_name` of every test.
fn tests(library: &Library) -> Vec<String> {
    let mut names = Vec::new();
    for source in &library.tests {
        let package = source.text.lines().find_map(|line| line.strip_prefix("package ")).expect("a test has a package");
        let heads = source.text.lines().filter(|line| line.starts_with("test_"));
        names.extend(heads.map(|head| format!("{}.{}", package.trim(), head.split([' ', ':']).next().expect("a head"))));
    }
    names
}

#[test]
fn the_tests_of_all_rules_are_true() {
    let library = library();
    let mut engine = regorus::Engine::new();
    engine.set_strict_builtin_errors(true);
    for source in library.sources.iter().chain(&library.tests) {
        engine.add_policy(source.path.clone(), source.text.clone()).expect("it parses");
    }
    let tests = tests(&library);
    assert!(tests.len() > 200, "only {} tests were found", tests.len());
    let mut failed = Vec::new();
    for test in &tests {
        match engine.eval_rule(format!("data.{test}")) {
            Ok(regorus::Value::Bool(true)) => {}
            Ok(other) => failed.push(format!("{test} is {other}")),
            Err(error) => failed.push(format!("{test}: {error:#}")),
        }
    }
    assert!(failed.is_empty(), "{} of {} failed:\n{}", failed.len(), tests.len(), failed.join("\n"));
}

#[test]
fn the_tests_cover_every_line_of_every_rule() {
    let library = library();
    let mut engine = regorus::Engine::new();
    engine.set_strict_builtin_errors(true);
    engine.set_enable_coverage(true);
    for source in library.sources.iter().chain(&library.tests) {
        engine.add_policy(source.path.clone(), source.text.clone()).expect("it parses");
    }
    for test in tests(&library) {
        let _ = engine.eval_rule(format!("data.{test}"));
    }
    let report = engine.get_coverage_report().expect("coverage was on");
    let is_rule = |path: &str| !path.ends_with("_test.rego");
    let uncovered: Vec<String> = report
        .files
        .iter()
        .filter(|file| is_rule(&file.path))
        .flat_map(|file| file.not_covered.iter().map(move |line| format!("{}:{line}", file.path)))
        .collect();
    assert!(uncovered.is_empty(), "not covered:\n{}", uncovered.join("\n"));
}

#[test]
fn every_rule_has_tests_and_a_page_with_all_its_sections() {
    let library = library();
    let tested: BTreeSet<&str> = library.tests.iter().map(|source| source.path.as_str()).collect();
    let mut faults = Vec::new();
    for rule in &library.rules {
        let folder = rule.id.replace('-', "_");
        let name = folder.rsplit('/').next().expect("an id has two parts");
        if !tested.contains(format!("{folder}/{name}_test.rego").as_str()) {
            faults.push(format!("{} has no tests", rule.id));
        }
        for section in ["## Why", "## How to mend", "### Console", "### AWS CLI", "### Terraform", "## What it does not show"] {
            if !rule.page.lines().any(|line| line == section) {
                faults.push(format!("the page of {} lacks '{section}'", rule.id));
            }
        }
        let title = &rule.metadata.title;
        if title.len() >= 60 || title.ends_with('.') {
            faults.push(format!("the title of {} is too long or ends with a full stop", rule.id));
        }
        if rule.metadata.description.len() > 1000 || rule.metadata.custom.remediation.trim().is_empty() {
            faults.push(format!("{} describes too much or mends nothing", rule.id));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_parameter_is_read_by_a_rule() {
    let library = library();
    let read: BTreeSet<&String> = library.rules.iter().flat_map(|rule| &rule.metadata.custom.parameters).collect();
    let idle: Vec<&String> = library.definitions.keys().filter(|name| !read.contains(name)).collect();
    assert!(idle.is_empty(), "{idle:?}");
}
