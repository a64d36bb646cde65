//! The values that decided, as the table shows them.

use serde_json::Value;

use crate::audit::Finding;
use crate::report::plain;

/// How many of a finding's values are shown, parameters not counted.
const VALUES_SHOWN: usize = 4;
/// A value longer than this is cut, and the cut is marked.
const VALUE_WIDTH: usize = 160;

/// The values that decided, one a line: what the rule was handed, and the parameters in force.
pub fn values(finding: &Finding) -> Vec<String> {
    let mut leaves = leaves(&finding.outcome.evidence);
    // The message and the place name what is concerned already.
    leaves.retain(|(path, _)| !["name", "arn", "plan", "rule"].contains(&path.rsplit('.').next().unwrap_or(path)));
    // What stands where the violation is comes first.
    let at = finding.violation.map_or("", |violation| violation.at.as_str());
    leaves.sort_by_key(|(path, _)| !(path == at || path.starts_with(&format!("{at}."))));
    let hidden = leaves.len().saturating_sub(VALUES_SHOWN);
    leaves.truncate(VALUES_SHOWN);
    let mut lines: Vec<String> = leaves.into_iter().map(|(path, values)| format!("{path} = {}", cut(&values.join(", ")))).collect();
    if hidden > 0 {
        lines.push(format!("and {hidden} more"));
    }
    if let Value::Object(parameters) = &finding.outcome.parameters
        && !parameters.is_empty()
    {
        let required: Vec<String> = parameters.iter().map(|(name, value)| format!("{name} = {}", cut(&scalar(value)))).collect();
        lines.push(format!("required: {}", required.join(", ")));
    }
    lines
}

/// Each leaf's path with all the values it has.
pub fn leaves(evidence: &Value) -> Vec<(String, Vec<String>)> {
    let mut found = Vec::new();
    leaf_values("", evidence, &mut found);
    found
}

/// The same, below a path; the elements of a list share their paths.
fn leaf_values(path: &str, value: &Value, leaves: &mut Vec<(String, Vec<String>)>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                leaf_values(&if path.is_empty() { key.clone() } else { format!("{path}.{key}") }, value, leaves);
            }
        }
        Value::Array(list) if list.iter().any(Value::is_object) => list.iter().for_each(|value| leaf_values(path, value, leaves)),
        other => {
            let text = scalar(other);
            match leaves.iter_mut().find(|(known, _)| known == path) {
                Some((_, values)) if values.contains(&text) => {}
                Some((_, values)) => values.push(text),
                None => leaves.push((path.to_owned(), vec![text])),
            }
        }
    }
}

fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => "none".to_owned(),
        Value::Array(list) => list.iter().map(scalar).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

fn cut(text: &str) -> String {
    let text = plain(text);
    if text.chars().count() <= VALUE_WIDTH { text.into_owned() } else { text.chars().take(VALUE_WIDTH).chain("...".chars()).collect() }
}
