//! A rule: its id, what it says of itself, and which fields it was found to read.

use std::collections::BTreeSet;

use super::{Metadata, Severity};

/// A rule that has been checked: what it declares is what it reads.
#[derive(Debug, Clone)]
pub struct Rule {
    /// `vault-lock/missing`, from its path.
    pub id: String,
    /// `backstop.vault_lock.missing`, from its path too.
    pub package: String,
    pub metadata: Metadata,
    /// Its severity, which the configuration may have changed.
    pub severity: Severity,
    /// The fields that `applies` reads: with these alone it can be told that the rule does not concern a subject.
    pub applies_reads: Option<BTreeSet<String>>,
    /// The rule's page, in Markdown.
    pub page: String,
}

impl Rule {
    /// `vault-lock`.
    pub fn family(&self) -> &str {
        self.id.split('/').next().unwrap_or(&self.id)
    }

    pub fn subject(&self) -> &str {
        &self.metadata.custom.subject
    }

    pub fn reads(&self) -> &[String] {
        &self.metadata.custom.reads
    }

    /// The first link of the page, for reports that show one.
    pub fn url(&self) -> Option<&str> {
        self.metadata.related_resources.first().map(|resource| resource.url.as_str())
    }
}
