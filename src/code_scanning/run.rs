//! What is looked at in a run and its rules, beyond their shape.

use std::collections::{BTreeMap, HashMap};

use rustc_hash::FxHashSet;

use super::fault::Check;
use super::limits;
use super::shape::Node;
use super::tally::{Category, Step, Tally};

/// How many ways of naming a rule are kept until the rules are known; GitHub refuses more rules than that.
const NAMED: usize = 2 * limits::RULES;

#[derive(Default)]
pub struct RunSeen {
    pub has_results: bool,
    /// Of the driver and its extensions.
    pub rules: usize,
    tool: String,
    automation: String,
    /// The driver's, in their order.
    ids: Vec<String>,
    of_extensions: FxHashSet<String>,
    /// What results name their rule by, the first of them, and how many they are.
    named: HashMap<(Option<String>, Option<i64>), (usize, usize)>,
    /// Hashes of rule, file and fingerprint.
    pub alerts: FxHashSet<u64>,
}

#[derive(Default)]
pub struct RuleSeen {
    id: String,
    /// Short description, full description, help.
    texts: [bool; 3],
}

impl RunSeen {
    /// A result names its rule like that.
    pub fn name(&mut self, id: Option<String>, index: Option<i64>, result: usize) {
        if let Some((_, count)) = self.named.get_mut(&(id.clone(), index)) {
            *count += 1;
        } else if self.named.len() < NAMED {
            self.named.insert((id, index), (result, 1));
        }
    }
}

impl Tally {
    pub fn text_of_run(&mut self, node: Node, name: &str, text: &str) {
        match (node, name) {
            (Node::Automation, "id") => {
                text.clone_into(&mut self.run.automation);
                if !text.is_empty() && !text.contains('/') {
                    self.tell(Check::NoCategory, format!("'{text}'"));
                }
            }
            (Node::Driver, "name") => text.clone_into(&mut self.run.tool),
            _ => {}
        }
        if name == "name" && node != Node::Automation && text.is_empty() {
            self.tell(Check::Empty, "the tool has no name".to_owned());
        }
    }

    pub fn text_of_rule(&mut self, node: Node, name: &str, text: &str) {
        let mut at_most = |most: usize| match text.chars().count() {
            count if count > most => self.tell(Check::LongText, format!("{count} characters of at most {most}")),
            _ => {}
        };
        match (node, name) {
            (Node::Rule, "id") if text.is_empty() => self.tell(Check::Empty, "a rule has no id".to_owned()),
            (Node::Rule, "id") => text.clone_into(&mut self.rule.id),
            (Node::Rule, "name") => at_most(limits::NAME),
            (Node::ShortDescription, "text") => {
                at_most(limits::DESCRIPTION);
                self.rule.texts[0] = !text.is_empty();
            }
            (Node::FullDescription, "text") => {
                at_most(limits::DESCRIPTION);
                self.rule.texts[1] = !text.is_empty();
            }
            (Node::Help, "text") => self.rule.texts[2] = !text.is_empty(),
            _ => {}
        }
    }

    /// A security severity that is a number, where a text is meant.
    pub fn score(&mut self, score: f64) {
        if (0.0..=10.0).contains(&score) {
            self.tell(Check::SeverityIsNoText, score.to_string());
        } else {
            self.tell(Check::SecuritySeverity, score.to_string());
        }
    }

    pub fn score_text(&mut self, text: &str) {
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        if !text.parse::<f64>().is_ok_and(|score| digits(text) && (0.0..=10.0).contains(&score)) {
            self.tell(Check::SecuritySeverity, format!("'{text}'"));
        }
    }

    pub fn close_rule(&mut self) {
        let [short, full, help] = self.rule.texts;
        let lacks: Vec<&str> = [(short, "shortDescription"), (full, "fullDescription"), (help, "help")]
            .into_iter()
            .filter_map(|(is_there, name)| (!is_there).then_some(name))
            .collect();
        if !lacks.is_empty() {
            self.tell(Check::RuleWithoutText, format!("'{}' lacks {}", self.rule.id, lacks.join(", ")));
        }
        let id = std::mem::take(&mut self.rule.id);
        if self.path.contains(&Step::Member("driver")) {
            self.run.ids.push(id);
        } else {
            self.run.of_extensions.insert(id);
        }
    }

    pub fn close_run(&mut self) {
        let run = std::mem::take(&mut self.run);
        let index = self.index();
        if !run.has_results {
            self.tell(Check::NoResults, "no 'results'".to_owned());
        }
        if run.rules > limits::RULES {
            self.tell(Check::TooManyRules, format!("{} of at most {}", run.rules, limits::RULES));
        }
        let category = run.automation.rsplit_once('/').map_or("", |(category, _)| category).to_owned();
        let category = Category { tool: run.tool, category };
        match self.categories.get(&category) {
            Some(first) => {
                self.tell(Check::SameCategory, format!("'{}' of {}, as in run {first}", category.category, category.tool));
            }
            None => {
                self.categories.insert(category, index);
            }
        }
        let mut first_of: BTreeMap<&str, usize> = BTreeMap::new();
        for (at, id) in run.ids.iter().enumerate().filter(|(_, id)| !id.is_empty()) {
            if first_of.insert(id, at).is_some() {
                self.tell(Check::SameRule, format!("'{id}'"));
            }
        }
        // By their first results, so that the same file is told the same way.
        let mut named: Vec<_> = run.named.into_iter().collect();
        named.sort_by_key(|(_, (first, _))| *first);
        for ((id, index), (first, count)) in named {
            let of_index = index.filter(|index| *index >= 0).map(|index| usize::try_from(index).ok().and_then(|at| run.ids.get(at)));
            match (of_index, &id) {
                (Some(None), _) => self.tell_of_result(Check::RuleIndex, first, count, format!("index {}", index.unwrap_or(-1))),
                (Some(Some(there)), Some(id)) if !is_under(id, there) => {
                    let found = format!("index {} is '{there}', not '{id}'", index.unwrap_or(-1));
                    self.tell_of_result(Check::RuleIndex, first, count, found);
                }
                (None, Some(id)) if !first_of.contains_key(id.as_str()) && !run.of_extensions.contains(id) => {
                    // 'CA1000/1' is the rule 'CA1000' (SARIF 2.1.0, 3.27.5).
                    let is_known = |(at, _): (usize, &str)| id.get(..at).is_some_and(|parent| first_of.contains_key(parent));
                    if !id.match_indices('/').any(is_known) {
                        self.tell_of_result(Check::RuleNotListed, first, count, format!("'{id}'"));
                    }
                }
                _ => {}
            }
        }
    }
}

/// Whether an id names the rule or one below it.
fn is_under(id: &str, rule: &str) -> bool {
    id.strip_prefix(rule).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
