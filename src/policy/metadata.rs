//! A rule's METADATA: OPA's standard keys at the top, ours under `custom`. Unknown keys are errors at their line.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Place, PolicyError, Severity, Strength};

/// What a rule says of itself.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metadata {
    /// The name of the fault: under 60 characters, no full stop.
    pub title: String,
    /// Plain text of at most 1,000 characters.
    pub description: String,
    pub related_resources: Vec<RelatedResource>,
    pub custom: Custom,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RelatedResource {
    #[serde(rename = "ref")]
    pub url: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Custom {
    pub severity: Severity,
    /// The kind of subject that the rule judges.
    pub subject: String,
    /// The fields it is handed, as dotted paths; lists are transparent.
    pub reads: Vec<String>,
    /// The parameters it is handed.
    #[serde(default)]
    pub parameters: Vec<String>,
    /// The lines of the specification that it enforces.
    pub spec: Vec<String>,
    /// Clauses, by framework, and how much of each a pass shows.
    #[serde(default)]
    pub frameworks: BTreeMap<String, BTreeMap<String, Strength>>,
    /// From where a violation keeps a resource from being recovered.
    #[serde(default)]
    pub blocks: Vec<Place>,
    /// What to do, in one or two sentences.
    pub remediation: String,
}

impl Metadata {
    /// Reads the block of `#` lines that opens the file. Rego's own parser skips it.
    pub fn parse(file: &str, rego: &str) -> Result<Self, PolicyError> {
        let error = |line: u64, message: String| PolicyError::Line { file: file.to_owned(), line, message };
        let mut lines = rego.lines();
        if lines.next().map(str::trim_end) != Some("# METADATA") {
            return Err(error(1, "the file does not open with '# METADATA'".to_owned()));
        }
        let block = lines.map_while(|line| line.strip_prefix('#')).map(|line| line.strip_prefix(' ').unwrap_or(line));
        let yaml = block.fold(String::new(), |text, line| text + line + "\n");
        serde_saphyr::from_str(&yaml).map_err(|fault| {
            // The block starts on the file's second line.
            let line = fault.location().map_or(1, |location| location.line()) + 1;
            let text = fault.without_snippet().to_string();
            error(line, text.lines().next().unwrap_or("METADATA is not valid YAML").to_owned())
        })
    }
}
