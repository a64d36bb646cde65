//! What is looked at in a result, beyond its shape.

use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;

use super::fault::Check;
use super::limits;
use super::shape::Node;
use super::tally::Tally;
use super::uri;

#[derive(Default)]
pub struct ResultSeen {
    pub locations: usize,
    /// Locations of thread flows.
    pub steps: usize,
    pub first: First,
    /// Start and end of the region that is read.
    pub lines: (Option<i64>, Option<i64>),
    pub is_suppressed: bool,
    /// Whether the suppression that is read holds.
    pub suppression_counts: bool,
    rule: Option<String>,
    rule_index: Option<i64>,
    /// Whether it names its rule by a reference, which may be to an extension.
    has_reference: bool,
    has_text: bool,
    kind: Option<String>,
    is_gone: bool,
    fingerprint: Option<String>,
}

/// The location that GitHub uses.
#[derive(Default)]
pub struct First {
    pub is_physical: bool,
    pub is_artifact: bool,
    uri: Option<String>,
    has_index: bool,
    has_line: bool,
}

impl Tally {
    pub fn text_of_result(&mut self, node: Node, name: &str, text: &str) {
        let is_first = self.is_in_first_location();
        let result = &mut self.result;
        match (node, name) {
            (Node::Result, "ruleId") => result.rule = Some(text.to_owned()),
            (Node::Result, "kind") => result.kind = Some(text.to_owned()),
            (Node::Result, "baselineState") => result.is_gone = text == "absent",
            (Node::ResultRule, _) => {
                result.has_reference = true;
                if name == "id" && result.rule.is_none() {
                    result.rule = Some(text.to_owned());
                }
            }
            (Node::ResultMessage, "text") => result.has_text = !text.trim().is_empty(),
            (Node::Fingerprints, "primaryLocationLineHash") => result.fingerprint = Some(text.to_owned()).filter(|text| !text.is_empty()),
            (Node::Artifact, "uri") if is_first => {
                for (check, what) in uri::faults(text) {
                    self.tell(check, format!("'{text}' {what}"));
                }
                self.result.first.uri = Some(text.to_owned());
            }
            _ => {}
        }
    }

    pub fn whole_of_result(&mut self, node: Node, name: &str, number: i64) {
        let is_first = self.is_in_first_location();
        let result = &mut self.result;
        match (node, name) {
            (Node::Result, "ruleIndex") => result.rule_index = Some(number),
            (Node::ResultRule, _) => result.has_reference = true,
            (Node::Artifact, "index") if is_first => result.first.has_index = number >= 0,
            (Node::Region, "startLine") => {
                result.lines.0 = Some(number);
                result.first.has_line |= is_first;
            }
            (Node::Region, "endLine") => result.lines.1 = Some(number),
            _ => {}
        }
    }

    pub fn close_region(&mut self) {
        if let (Some(start), Some(end)) = self.result.lines
            && end < start
        {
            self.tell(Check::LinesBackwards, format!("lines {start} to {end}"));
        }
    }

    pub fn close_result(&mut self) {
        let result = std::mem::take(&mut self.result);
        let index = self.index();
        if !result.has_text {
            self.tell(Check::NoMessage, "no 'message.text'".to_owned());
        }
        if result.steps > limits::STEPS {
            self.tell(Check::TooManySteps, format!("{} of at most {}", result.steps, limits::STEPS));
        } else if result.steps > limits::STEPS_SHOWN {
            self.tell(Check::StepsNotShown, format!("{} of at most {}", result.steps, limits::STEPS_SHOWN));
        }
        self.first_location(&result);
        if let Some(kind) = result.kind.as_deref().filter(|kind| *kind != "fail") {
            self.tell(Check::NotAFailure, format!("kind '{kind}'"));
        }
        if result.is_suppressed {
            self.tell(Check::NotSuppressed, "a suppression".to_owned());
        } else if result.is_gone {
            self.tell(Check::NotSuppressed, "baselineState 'absent'".to_owned());
        }
        match &result.fingerprint {
            None => self.tell(Check::NoFingerprint, "no fingerprint".to_owned()),
            // More than GitHub takes are of no interest.
            Some(fingerprint) if self.run.alerts.len() < limits::RESULTS => {
                let mut hash = FxHasher::default();
                (&result.rule, result.rule_index.filter(|_| result.rule.is_none()), &result.first.uri, fingerprint).hash(&mut hash);
                if !self.run.alerts.insert(hash.finish()) {
                    self.tell(Check::SameAlert, format!("fingerprint '{fingerprint}'"));
                }
            }
            Some(_) => {}
        }
        let names = result.rule.as_ref().is_some_and(|rule| !rule.is_empty()) || result.rule_index.is_some_and(|index| index >= 0);
        if !names && !result.has_reference {
            self.tell(Check::NoRule, "no 'ruleId'".to_owned());
        }
        if !result.has_reference {
            self.run.name(result.rule.filter(|rule| !rule.is_empty()), result.rule_index, index);
        }
    }

    fn first_location(&mut self, result: &ResultSeen) {
        let first = &result.first;
        if result.locations == 0 {
            self.tell(Check::NoLocation, "no location".to_owned());
            return;
        }
        match &first.uri {
            _ if !first.is_physical => self.tell(Check::NoFile, "no 'physicalLocation'".to_owned()),
            _ if !first.is_artifact => self.tell(Check::NoFile, "no 'artifactLocation'".to_owned()),
            None if first.has_index => self.tell(Check::FileByIndex, "no 'uri'".to_owned()),
            None => self.tell(Check::NoFile, "no 'uri'".to_owned()),
            Some(uri) if uri.is_empty() => self.tell(Check::NoFile, "the 'uri' is empty".to_owned()),
            Some(_) => {}
        }
        if first.is_artifact && !first.has_line {
            self.tell(Check::NoLine, "no 'startLine'".to_owned());
        }
    }
}
