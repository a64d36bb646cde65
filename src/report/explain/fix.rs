//! What to do about a finding: the page's steps and blocks of code, with the names of what was judged filled in.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::case::{Case, Seen};
use super::sections::{Part, mending};
use super::vocabulary::term;
use super::written::{Language, filled, placeholders};

/// How many that fit are named.
const NAMED: usize = 8;

/// What to do. Code is filled in as far as what was observed tells; `open` are the names that it leaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Fix {
    /// What to know before; a paragraph a line.
    pub first: String,
    /// The steps in AWS's console.
    pub console: String,
    pub cli: Vec<Step>,
    pub terraform: Vec<Step>,
    /// The placeholders that are left in all of this, in the order of their names.
    pub open: Vec<Open>,
}

/// A sentence, or a block of code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Step {
    pub is_code: bool,
    pub text: String,
}

/// A placeholder that is left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Open {
    pub name: String,
    /// What to put in its place.
    pub means: String,
    pub why: Why,
    /// What fits it, where several do.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub one_of: Vec<String>,
    /// Why nothing was filled in; where people choose there is nothing to say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Why a placeholder is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// It is for people to choose.
    Choose,
    /// What was observed does not tell it.
    NotSeen,
    /// What was observed leaves no value that would be right.
    NoneFits,
}

/// Names in the order of the text that needs them, each looked up once.
struct Names<'c, 'a> {
    case: &'c Case<'a>,
    seen: BTreeMap<&'static str, Seen>,
}

impl Names<'_, '_> {
    fn value(&mut self, name: &str) -> Option<Value> {
        let term = term(name)?;
        let seen = match self.seen.get(term.name) {
            Some(seen) => seen,
            None => self.seen.entry(term.name).or_insert(self.case.see(term)),
        };
        match seen {
            Seen::Known(value) => {
                let value = value.clone();
                // A list or a map may leave something to choose itself.
                for name in placeholders_in(&value) {
                    self.value(&name);
                }
                Some(value)
            }
            _ => None,
        }
    }

    fn steps(&mut self, parts: Vec<Part>, language: Language) -> Vec<Step> {
        let mut step = |part: Part| match part {
            Part::Prose(text) => Step { is_code: false, text: filled(&text, Language::Prose, |name| self.value(name)) },
            Part::Code(text) => Step { is_code: true, text: filled(&text, language, |name| self.value(name)) },
        };
        parts.into_iter().map(&mut step).collect()
    }
}

/// Only what we put together ourselves has placeholders in it: a name that looks like one is a name.
fn placeholders_in(value: &Value) -> Vec<String> {
    if value.is_string() || value.is_number() {
        return Vec::new();
    }
    placeholders(&value.to_string()).into_iter().filter(|name| *name == "TAG_VALUE").map(str::to_owned).collect()
}

impl Fix {
    pub fn of(case: &Case) -> Fix {
        let page = mending(&case.first.rule.page);
        let mut names = Names { case, seen: BTreeMap::new() };
        let console = filled(&page.console, Language::Prose, |name| names.value(name));
        let cli = names.steps(page.cli, Language::Shell);
        let terraform = names.steps(page.terraform, Language::Hcl);
        let open = names.seen.iter().filter_map(|(name, seen)| Open::of(name, seen)).collect();
        Fix { first: page.first, console, cli, terraform, open }
    }
}

impl Open {
    fn of(name: &str, seen: &Seen) -> Option<Open> {
        let (why, mut one_of, reason) = match seen {
            Seen::Known(_) => return None,
            Seen::Chosen => (Why::Choose, Vec::new(), None),
            Seen::Among(several) => (Why::Choose, several.clone(), None),
            Seen::Unseen(reason) => (Why::NotSeen, Vec::new(), Some(reason.clone())),
            Seen::Unfit(reason) => (Why::NoneFits, Vec::new(), Some(reason.clone())),
        };
        one_of.truncate(NAMED);
        let means = term(name).map(|term| term.means).unwrap_or_default();
        Some(Open { name: name.to_owned(), means: means.to_owned(), why, one_of, reason })
    }
}
