//! Expressions, against what `terraform console` (1.11.4) says of them: `jsonencode` of the value, or nothing where it refuses them.

use serde_json::Value as Json;

use super::eval::val::Val;
use super::eval::{Evaluator, Scope};
use super::source;
use super::tree::Tree;

/// What is not known here on purpose: where types decide that are not kept, where the digits of doubles do not suffice, and what takes tables.
const UNKNOWN: usize = 31;

#[test]
fn expressions_come_to_what_terraform_says() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("main.tf"), "").unwrap();
    let tree = Tree::load(directory.path()).unwrap();
    let evaluator = Evaluator::new(&tree, std::collections::BTreeMap::new(), "default".to_owned(), directory.path().to_owned());
    let cases: Vec<Json> = serde_json::from_str(include_str!("expressions.json")).unwrap();
    let (mut wrong, mut unknown) = (Vec::new(), Vec::new());
    for case in &cases {
        let text = case["expression"].as_str().unwrap();
        let answer = case.get("json").map(|json| json.as_str().unwrap());
        let outcome =
            source::expression(&format!("jsonencode({text})")).map(|expression| evaluator.evaluate(&expression, Scope::constant()));
        match (outcome, answer) {
            (Some(Ok(Val::Text(json))), Some(answer)) if *json == *answer => {}
            (Some(Ok(Val::Unknown(why))), _) => unknown.push(format!("{text}: {}", why.reason.detail)),
            (None | Some(Err(_)), None) => {}
            (outcome, answer) => wrong.push(format!("{text}: {outcome:?}, not {answer:?}")),
        }
    }
    eprintln!("{} expressions, {} unknown, {} wrong", cases.len(), unknown.len(), wrong.len());
    unknown.iter().for_each(|line| eprintln!("  unknown: {line}"));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(unknown.len() <= UNKNOWN);
}
