//! Where the walk is, and what was told so far: of each kind of fault how many, and the first places.

use std::collections::BTreeMap;

use super::fault::{Check, Fault, Grade, Place};
use super::limits;
use super::result::ResultSeen;
use super::run::{RuleSeen, RunSeen};
use super::shape::Node;
use crate::plain::shortened;

/// How many places of a fault are told.
const PLACES: usize = 5;
/// Characters of what was found that are told.
const FOUND: usize = 100;

/// A step into the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Member(&'static str),
    At(usize),
}

/// What uploads overwrite one another by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Category {
    pub tool: String,
    pub category: String,
}

/// What came of a file.
#[derive(Debug)]
pub struct Checked {
    /// In the order of `Check`.
    pub faults: Vec<Fault>,
    pub runs: usize,
    pub results: usize,
    /// Of the file as it is, by gzip.
    pub compressed: u64,
    pub categories: Vec<Category>,
}

impl Checked {
    /// Whether GitHub would refuse the file.
    pub fn is_refused(&self) -> bool {
        self.faults.iter().any(|fault| fault.check.grade() == Grade::Error)
    }
}

#[derive(Default)]
pub struct Tally {
    pub path: Vec<Step>,
    pub run: RunSeen,
    pub result: ResultSeen,
    pub rule: RuleSeen,
    pub categories: BTreeMap<Category, usize>,
    nodes: Vec<Node>,
    faults: BTreeMap<Check, Fault>,
    runs: usize,
    results: usize,
    has_version: bool,
    has_schema: bool,
    has_runs: bool,
}

impl Tally {
    /// A fault where the walk is.
    pub fn tell(&mut self, check: Check, found: String) {
        let at = |first: &str, at: usize| match (self.path.get(at), self.path.get(at + 1)) {
            (Some(Step::Member(name)), Some(Step::At(index))) if *name == first => Some(*index),
            _ => None,
        };
        let place = || Place {
            run: at("runs", 0),
            result: at("results", 2),
            pointer: pointer(&self.path),
            found: shortened(&found, FOUND).into_owned(),
        };
        let fault = self.faults.entry(check).or_insert_with(|| Fault { check, count: 0, places: Vec::new() });
        fault.count += 1;
        if fault.places.len() < PLACES {
            fault.places.push(place());
        }
    }

    /// A fault of a result of the run that is being left, where `count` results have it.
    pub fn tell_of_result(&mut self, check: Check, result: usize, count: usize, found: String) {
        self.path.extend([Step::Member("results"), Step::At(result)]);
        self.tell(check, found);
        if let Some(fault) = self.faults.get_mut(&check) {
            fault.count += count.saturating_sub(1);
        }
        self.path.truncate(self.path.len().saturating_sub(2));
    }

    /// The name of the member that the walk is in.
    pub fn member(&self) -> &'static str {
        let name = |step: &Step| if let Step::Member(name) = step { Some(*name) } else { None };
        self.path.iter().rev().find_map(name).unwrap_or_default()
    }

    /// The index of the run or result that the walk is in.
    pub fn index(&self) -> usize {
        self.path.iter().rev().find_map(|step| if let Step::At(index) = step { Some(*index) } else { None }).unwrap_or_default()
    }

    /// Whether the walk is in the first location of a result, which is the only one that GitHub uses.
    pub fn is_in_first_location(&self) -> bool {
        matches!(self.path.get(4..6), Some([Step::Member("locations"), Step::At(0)]))
    }

    pub fn open(&mut self, node: Node) {
        self.nodes.push(node);
        match node {
            Node::Run => self.run = RunSeen::default(),
            Node::Rule => self.rule = RuleSeen::default(),
            Node::Result => self.result = ResultSeen::default(),
            Node::Physical if self.is_in_first_location() => self.result.first.is_physical = true,
            Node::Artifact if self.is_in_first_location() => self.result.first.is_artifact = true,
            Node::Region => self.result.lines = (None, None),
            Node::Suppression => self.result.suppression_counts = true,
            _ => {}
        }
    }

    pub fn close(&mut self, node: Node) {
        match node {
            Node::Rule => self.close_rule(),
            Node::Result => self.close_result(),
            Node::Run => self.close_run(),
            Node::Region => self.close_region(),
            Node::Suppression => self.result.is_suppressed |= self.result.suppression_counts,
            _ => {}
        }
        self.nodes.pop();
    }

    /// A text; where a word is meant, one that is meant.
    pub fn text(&mut self, text: &str) {
        let Some(node) = self.nodes.last().copied() else { return };
        match (node, self.member()) {
            (Node::Log, "version") => {
                self.has_version = true;
                if text != "2.1.0" {
                    self.tell(Check::Version, format!("'{text}'"));
                }
            }
            (Node::Log, "$schema") => {
                self.has_schema = true;
                if !text.contains("2.1.0") {
                    self.tell(Check::NoSchema, format!("'{text}'"));
                }
            }
            (Node::Suppression, "status") => self.result.suppression_counts = text == "accepted",
            (Node::Automation | Node::Driver | Node::Extension, name) => self.text_of_run(node, name, text),
            (Node::Rule | Node::ShortDescription | Node::FullDescription | Node::Help | Node::RuleProperties, name) => {
                self.text_of_rule(node, name, text);
            }
            (_, name) => self.text_of_result(node, name, text),
        }
    }

    /// A whole number that is not too low.
    pub fn whole(&mut self, number: i64) {
        let Some(node) = self.nodes.last().copied() else { return };
        let name = self.member();
        self.whole_of_result(node, name, number);
    }

    /// A list that has ended.
    pub fn list(&mut self, count: usize) {
        let Some(node) = self.nodes.last().copied() else { return };
        let step = self.path.last().copied();
        let mut most = |most: usize, shown: usize, refused: Check, cut: Option<Check>| match cut {
            _ if count > most => self.tell(refused, format!("{count} of at most {most}")),
            Some(cut) if count > shown => self.tell(cut, format!("{count} of at most {shown}")),
            _ => {}
        };
        match (node, step) {
            (Node::Log, Some(Step::Member("runs"))) => {
                most(limits::RUNS, 0, Check::TooManyRuns, None);
                self.has_runs = true;
                if count == 0 {
                    self.tell(Check::NoRuns, "an empty list".to_owned());
                }
                self.runs += count;
            }
            (Node::Run, Some(Step::Member("results"))) => {
                most(limits::RESULTS, limits::RESULTS_SHOWN, Check::TooManyResults, Some(Check::ResultsNotShown));
                self.run.has_results = true;
                self.results += count;
            }
            (Node::Tool, Some(Step::Member("extensions"))) => most(limits::EXTENSIONS, 0, Check::TooManyExtensions, None),
            (Node::Driver | Node::Extension, Some(Step::Member("rules"))) => self.run.rules += count,
            (Node::RuleProperties, Some(Step::Member("tags"))) => {
                most(limits::TAGS, limits::TAGS_SHOWN, Check::TooManyTags, Some(Check::TagsNotShown));
            }
            (Node::Result, Some(Step::Member("locations"))) => {
                most(limits::LOCATIONS, limits::LOCATIONS_SHOWN, Check::TooManyLocations, Some(Check::LocationsNotShown));
                self.result.locations = count;
            }
            (Node::ThreadFlow, Some(Step::Member("locations"))) => self.result.steps += count,
            _ => {}
        }
    }

    /// All that was found; `None` where it is no SARIF at all.
    pub fn finish(mut self, compressed: u64) -> Option<Checked> {
        if !(self.has_version || self.has_runs) {
            return None;
        }
        if !self.has_version && !self.faults.contains_key(&Check::Version) {
            self.tell(Check::Version, "no 'version'".to_owned());
        }
        if !self.has_schema {
            self.tell(Check::NoSchema, "no '$schema'".to_owned());
        }
        let megabytes = format!("{:.1} MB", compressed as f64 / 1e6);
        if compressed > limits::COMPRESSED {
            self.tell(Check::TooLarge, megabytes);
        } else if compressed > limits::COMPRESSED_FOR_SURE {
            self.tell(Check::MaybeTooLarge, megabytes);
        }
        Some(Checked {
            faults: self.faults.into_values().collect(),
            runs: self.runs,
            results: self.results,
            compressed,
            categories: self.categories.into_keys().collect(),
        })
    }
}

fn pointer(path: &[Step]) -> String {
    let step = |step: &Step| match step {
        Step::Member(name) => format!("/{name}"),
        Step::At(index) => format!("/{index}"),
    };
    path.iter().map(step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_megabytes_are_refused_by_either_measure_and_less_is_not() {
        let checks = |compressed: u64| {
            let tally = Tally { has_version: true, has_schema: true, has_runs: true, ..Tally::default() };
            let faults = tally.finish(compressed).expect("SARIF").faults;
            faults.into_iter().map(|fault| fault.check).collect::<Vec<_>>()
        };
        assert_eq!(checks(10_000_000), []);
        assert_eq!(checks(10_000_001), [Check::MaybeTooLarge]);
        assert_eq!(checks(10_485_760), [Check::MaybeTooLarge]);
        assert_eq!(checks(10_485_761), [Check::TooLarge]);
    }
}
