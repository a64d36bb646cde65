//! What the rules are: the list, and one rule's page.

use std::fmt::Write;

use crate::policy::{Library, Rule};

/// One line for each rule: severity, subject, id and title.
pub fn list(library: &Library) -> String {
    let id_width = library.rules.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
    library.rules.iter().fold(String::new(), |mut text, rule| {
        let _ = writeln!(text, "{:<8}  {:<14}  {:<id_width$}  {}", rule.severity.name(), rule.subject(), rule.id, rule.metadata.title);
        text
    })
}

/// A rule's page in Markdown, from its metadata and its own text.
pub fn page(rule: &Rule, library: &Library) -> String {
    let metadata = &rule.metadata;
    let custom = &metadata.custom;
    let mut page = format!(
        "# {}\n\n`{}` | {} | judges each {}\n\n{}\n\n",
        metadata.title,
        rule.id,
        rule.severity,
        rule.subject().replace('_', " "),
        metadata.description.trim()
    );
    let _ = writeln!(page, "**To mend:** {}\n", custom.remediation.trim());
    let _ = writeln!(page, "{}\n", rule.page.trim());
    if !custom.parameters.is_empty() {
        page += "## Parameters\n\n| Parameter | Default | In production | Meaning |\n| --- | --- | --- | --- |\n";
        for name in &custom.parameters {
            if let Some(definition) = library.definitions.get(name) {
                let production = definition.default_in(true);
                let _ = writeln!(page, "| `{name}` | `{}` | `{production}` | {} |", definition.default, definition.description);
            }
        }
        page += "\n";
    }
    let _ = writeln!(page, "## Reads\n");
    for path in &custom.reads {
        let _ = writeln!(page, "- `{path}`");
    }
    let _ = writeln!(page, "\nWhen one of these was not observed, the verdict is unknown.\n");
    let _ = writeln!(page, "## References\n");
    let _ = writeln!(page, "- Specification: {}", custom.spec.join(", "));
    for resource in &metadata.related_resources {
        let _ = writeln!(page, "- <{}>", resource.url);
    }
    page + &clauses(rule, library)
}

/// What a pass is worth to each clause that the rule names, what the clause asks, and what of it stays open.
fn clauses(rule: &Rule, library: &Library) -> String {
    let frameworks = &rule.metadata.custom.frameworks;
    if frameworks.is_empty() {
        return String::new();
    }
    let mut text = format!(
        "\n## Clauses\n\nWhat a pass is worth: it proves a clause, supports it as evidence of a part, or precedes it, where without it the \
         clause cannot hold. As of {}.\n\n| Clause | A pass | The clause asks | What no API shows |\n| --- | --- | --- | --- |\n",
        library.frameworks.read_on
    );
    for (framework, clauses) in frameworks {
        for (clause, strength) in clauses {
            let (asks, remains) =
                library.frameworks.clause(framework, clause).map_or(("", ""), |known| (known.asks.as_str(), known.remains.as_str()));
            let _ = writeln!(text, "| {framework} {clause} | {strength} it | {asks} | {remains} |");
        }
    }
    text
}
