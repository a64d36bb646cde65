//! What every log must hold to, whatever is in it; the faults that validators miss among them.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::notifications;

/// What must hold of every log and what no outside validator looks at.
pub fn assert_sound(log: &Value, tags: usize) {
    assert_eq!(log["$schema"], "https://json.schemastore.org/sarif-2.1.0.json");
    assert_no_control_characters(log);
    let mut categories = BTreeSet::new();
    for run in log["runs"].as_array().unwrap() {
        let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
        rules.iter().for_each(|rule| assert_rule(rule, tags));
        let (category, _) = run["automationDetails"]["id"].as_str().unwrap().rsplit_once('/').unwrap();
        assert!(categories.insert(category), "'{category}' stands there twice");
        for notification in notifications(run) {
            let at = notification["descriptor"]["index"].as_u64().unwrap() as usize;
            assert_eq!(run["tool"]["driver"]["notifications"][at]["id"], notification["descriptor"]["id"]);
        }
        let mut hashes = BTreeSet::new();
        for result in run["results"].as_array().unwrap() {
            assert_result(result, rules);
            assert!(
                hashes.insert(result["partialFingerprints"]["primaryLocationLineHash"].as_str().unwrap()),
                "two results are one alert: {result}"
            );
        }
    }
}

fn assert_rule(rule: &Value, tags: usize) {
    let score: f64 = rule["properties"]["security-severity"].as_str().expect("a string, not a number").parse().unwrap();
    assert!(score > 0.0 && score <= 10.0);
    assert!(rule["properties"]["tags"].as_array().unwrap().len() <= tags);
    for description in ["shortDescription", "fullDescription"] {
        assert!((1..=1_024).contains(&rule[description]["text"].as_str().unwrap().chars().count()));
    }
    assert!((1..=255).contains(&rule["name"].as_str().unwrap().len()));
    assert!(rule["help"]["markdown"].as_str().unwrap().contains("https://"));
}

fn assert_result(result: &Value, rules: &[Value]) {
    assert_eq!(rules[result["ruleIndex"].as_u64().unwrap() as usize]["id"], result["ruleId"]);
    assert_eq!(result["kind"] == "fail", result["level"] != "none", "kind and level contradict: {result}");
    assert!(result["message"]["text"].as_str().unwrap().ends_with('.'));
    let place = &result["locations"][0]["physicalLocation"];
    let uri = place["artifactLocation"]["uri"].as_str().unwrap();
    assert!(uri.starts_with("aws/") && !uri.contains([':', ' ', '\\']), "{uri}");
    assert!(uri.split('/').all(|segment| !["", ".", ".."].contains(&segment)), "{uri}");
    assert!(!uri.contains("arn:") && !uri.contains("arn%3A"), "{uri}");
    assert_eq!(place["region"], json!({ "startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 2 }));
    assert!(result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"].as_str().unwrap().starts_with("arn:"));
}

pub fn assert_no_control_characters(value: &Value) {
    let steers = |c: char| c.is_control() && c != '\n' || ('\u{202a}'..='\u{202e}').contains(&c);
    match value {
        Value::String(text) => assert!(!text.contains(steers), "{text:?}"),
        Value::Array(list) => list.iter().for_each(assert_no_control_characters),
        Value::Object(members) => members.iter().for_each(|(name, value)| {
            assert!(!name.contains(steers), "{name:?}");
            assert_no_control_characters(value);
        }),
        _ => {}
    }
}
