//! One subject under one rule, and what was seen of it.

use serde_json::Value;

use super::vocabulary::{From, Term};
use crate::audit::{Audit, Finding};
use crate::facts::{Facts, Kind};
use crate::snapshot::{REFERENCE, Reason, Snapshot, UNKNOWN, Unit};

/// One subject under one rule.
pub struct Case<'a> {
    /// The subject's findings by the rule: the violations, or the one other verdict.
    pub findings: &'a [Finding<'a>],
    pub first: Finding<'a>,
    pub audit: &'a Audit<'a>,
    pub snapshot: &'a Snapshot,
}

/// What there is to say of a placeholder's value.
#[derive(Debug, Clone, PartialEq)]
pub enum Seen {
    Known(Value),
    /// Several fit, and it is for people to say which.
    Among(Vec<String>),
    /// Nothing tells it, with the reason as a part of a sentence.
    Unseen(String),
    /// What was seen leaves no right value, with the reason as a part of a sentence.
    Unfit(String),
    Chosen,
}

impl Seen {
    pub fn map(self, change: impl Fn(&str) -> Option<String>) -> Seen {
        match self {
            Seen::Known(Value::String(text)) => change(&text).map_or_else(|| Seen::Unseen(format!("'{text}' does not tell it")), known),
            Seen::Among(all) => Seen::Among(distinct(all.iter().filter_map(|text| change(text)))),
            other => other,
        }
    }

    pub fn text(&self) -> Option<&str> {
        match self {
            Seen::Known(value) => value.as_str(),
            _ => None,
        }
    }
}

pub fn known(value: impl Into<Value>) -> Seen {
    Seen::Known(value.into())
}

/// The one value that there is, or the several.
pub fn one_of(values: impl IntoIterator<Item = String>) -> Seen {
    let mut values = distinct(values);
    match (values.pop(), values.is_empty()) {
        (None, _) => Seen::Unseen("nothing that was observed names one".to_owned()),
        (Some(one), true) => known(one),
        (Some(last), false) => {
            values.push(last);
            Seen::Among(values)
        }
    }
}

fn distinct(values: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for value in values {
        if !found.contains(&value) {
            found.push(value);
        }
    }
    found
}

impl<'a> Case<'a> {
    pub fn facts(&self) -> &'a Facts {
        self.first.facts
    }

    pub fn id(&self) -> &'a str {
        &self.first.subject.id
    }

    pub fn kind(&self) -> Kind {
        self.first.kind
    }

    pub fn see(&self, term: &Term) -> Seen {
        let seen = match &term.from {
            From::Chosen => Seen::Chosen,
            From::Parameter => self.parameter(&term.name.to_ascii_lowercase()),
            From::Worked(work) => work(self),
            From::Facts(paths) => match paths.iter().find(|(kind, _)| *kind == self.kind()) {
                Some((_, path)) => self.fact(path),
                None => Seen::Unseen(format!("a {} does not tell it", self.kind().noun(1))),
            },
        };
        match self.narrowed(seen) {
            // The AWS CLI would read a file.
            Seen::Known(Value::String(text)) if text.starts_with("file://") || text.starts_with("fileb://") => {
                Seen::Unfit(format!("the AWS CLI takes '{text}' for a file"))
            }
            seen => seen,
        }
    }

    /// Of several, those that the findings are about.
    pub fn narrowed(&self, seen: Seen) -> Seen {
        let Seen::Among(all) = &seen else { return seen };
        let about: Vec<&str> = self.findings.iter().filter_map(|finding| finding.violation?.of.as_deref()).collect();
        match one_of(all.iter().filter(|one| about.contains(&one.as_str())).cloned()) {
            Seen::Unseen(_) => seen,
            narrower => narrower,
        }
    }

    /// A fact by its path. Where it leads to a list, or to the entries of a selection, that is one value; `=key` and `=value` take a part of
    /// `key=value`.
    fn fact(&self, path: &str) -> Seen {
        let (path, part) = path.split_once('=').map_or((path, None), |(path, part)| (path, Some(part)));
        let leaves = match leaves(&self.facts().document, path) {
            Ok(leaves) => leaves,
            Err(reason) => return Seen::Unseen(reason),
        };
        if let [list @ Value::Array(_)] = leaves[..] {
            return Seen::Known(list.clone());
        }
        let texts = leaves.iter().filter_map(|leaf| leaf.as_str());
        if path.ends_with(".entry") {
            return Seen::Known(distinct(texts.map(str::to_owned)).into());
        }
        match leaves[..] {
            [one] if !one.is_null() && !one.is_string() => Seen::Known(one.clone()),
            _ => one_of(texts.map(|text| match (part, text.split_once('=')) {
                (Some("key"), Some((key, _))) => key.to_owned(),
                (Some("value"), Some((_, value))) => value.to_owned(),
                _ => text.to_owned(),
            })),
        }
    }

    /// Texts at a path of the facts; none where they are not known.
    pub fn texts(&self, path: &str) -> Vec<String> {
        let found = leaves(&self.facts().document, path).unwrap_or_default();
        let each = found.into_iter().flat_map(|leaf| leaf.as_array().map_or(std::slice::from_ref(leaf), Vec::as_slice));
        distinct(each.filter_map(|leaf| leaf.as_str().map(str::to_owned)))
    }

    /// The value in force: what the rule was handed, or what its environment has.
    pub fn parameter(&self, name: &str) -> Seen {
        if let Some(value) = self.first.outcome.parameters.get(name) {
            return Seen::Known(value.clone());
        }
        let environment = self.audit.environments.name_of(self.facts());
        let of = |name: &String| self.audit.environments.all.iter().find(|environment| environment.name == *name);
        match environment.known().and_then(of).and_then(|environment| environment.parameters.get(name)) {
            Some(value) => Seen::Known(value.clone()),
            None => Seen::Unseen("which environment it is in is not known".to_owned()),
        }
    }

    pub fn days(&self, parameter: &str) -> Option<i64> {
        match self.parameter(parameter) {
            Seen::Known(value) => value.as_i64(),
            _ => None,
        }
    }

    /// What was observed of its account and Region.
    pub fn unit(&self) -> Option<&'a Unit> {
        let facts = self.facts();
        let is_its = |unit: &&Unit| unit.account == facts.account && (facts.region.is_empty() || unit.region == facts.region);
        self.snapshot.units.iter().find(is_its)
    }
}

/// The values at a path; lists are transparent, but for one of texts at the end. Not known is an error, with its reason.
pub fn leaves<'v>(value: &'v Value, path: &str) -> Result<Vec<&'v Value>, String> {
    if let Some(reasons) = value.get(UNKNOWN) {
        let reasons: Vec<Reason> = serde_json::from_value(reasons.clone()).unwrap_or_default();
        return Err(reasons.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "));
    }
    if let Some(address) = value.get(REFERENCE) {
        return Err(format!("it is known only once '{}' is applied", address.as_str().unwrap_or_default()));
    }
    if path.is_empty() {
        return Ok(vec![value]);
    }
    if let Value::Array(list) = value {
        return Ok(list.iter().map(|one| leaves(one, path)).collect::<Result<Vec<_>, _>>()?.concat());
    }
    let (head, rest) = path.split_once('.').unwrap_or((path, ""));
    value.get(head).map_or(Ok(Vec::new()), |value| leaves(value, rest))
}
