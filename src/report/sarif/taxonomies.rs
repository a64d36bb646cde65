//! Frameworks and their clauses as SARIF's taxonomies, and the rules' relationships to them.

use std::collections::{BTreeMap, BTreeSet};

use serde_sarif::sarif::{
    ReportingDescriptor, ReportingDescriptorReference, ReportingDescriptorRelationship, ToolComponent, ToolComponentReference,
};

use super::Rules;
use crate::policy::Rule;

/// The clauses that rules name, by framework.
pub struct Taxonomies<'r>(Vec<(&'r str, Vec<&'r str>)>);

impl<'r> Taxonomies<'r> {
    pub fn of(rules: &Rules<'r>) -> Self {
        let mut frameworks: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for rule in rules.all() {
            for (framework, clauses) in &rule.metadata.custom.frameworks {
                frameworks.entry(framework).or_default().extend(clauses.keys().map(String::as_str));
            }
        }
        Taxonomies(frameworks.into_iter().map(|(framework, clauses)| (framework, clauses.into_iter().collect())).collect())
    }

    /// One component for each framework, with no more of it than rules name.
    pub fn components(&self) -> Vec<ToolComponent> {
        let component = |(framework, clauses): &(&str, Vec<&str>)| {
            let taxa: Vec<ReportingDescriptor> = clauses.iter().map(|clause| ReportingDescriptor::builder().id(*clause).build()).collect();
            ToolComponent::builder().name(*framework).is_comprehensive(false).taxa(taxa).build()
        };
        self.0.iter().map(component).collect()
    }

    pub fn supported(&self) -> Vec<ToolComponentReference> {
        self.0.iter().enumerate().map(|(at, (framework, _))| reference(framework, at)).collect()
    }

    /// The clauses for which keeping to the rule is of use.
    pub fn relationships(&self, rule: &Rule) -> Vec<ReportingDescriptorRelationship> {
        let mut relationships = Vec::new();
        for (framework, clauses) in &rule.metadata.custom.frameworks {
            let Ok(at) = self.0.binary_search_by_key(&framework.as_str(), |(name, _)| name) else { continue };
            for (clause, strength) in clauses {
                let target = ReportingDescriptorReference {
                    id: Some(clause.clone()),
                    index: self.0[at].1.binary_search(&clause.as_str()).ok().and_then(|index| i64::try_from(index).ok()),
                    tool_component: Some(reference(framework, at)),
                    ..ReportingDescriptorReference::default()
                };
                let shows = super::properties([("strength", strength.name().into())]);
                relationships.push(
                    ReportingDescriptorRelationship::builder().target(target).kinds(vec!["relevant".to_owned()]).properties(shows).build(),
                );
            }
        }
        relationships
    }
}

fn reference(framework: &str, at: usize) -> ToolComponentReference {
    ToolComponentReference { name: Some(framework.to_owned()), index: i64::try_from(at).ok(), ..ToolComponentReference::default() }
}
