//! A selection, read once: its entries, tags and conditions, each known or unknown.

use super::entry::Entry;
use super::glob::stars;
use crate::snapshot::{ConditionParameter, Conditions, Observed, SelectionBody, TagCondition, Tags};

/// What conditions call a tag: `aws:ResourceTag/Environment`. ListOfTags has the bare key.
pub const TAG_PREFIX: &str = "aws:ResourceTag/";

/// The operators of Conditions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    Equals,
    Like,
    NotEquals,
    NotLike,
}

impl Operator {
    pub fn name(self) -> &'static str {
        match self {
            Operator::Equals => "StringEquals",
            Operator::Like => "StringLike",
            Operator::NotEquals => "StringNotEquals",
            Operator::NotLike => "StringNotLike",
        }
    }

    pub fn is_negated(self) -> bool {
        matches!(self, Operator::NotEquals | Operator::NotLike)
    }
}

/// One entry of Conditions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    pub operator: Operator,
    pub key: Observed<String>,
    pub value: Observed<String>,
}

impl Condition {
    /// Whether it holds; absent: a negated condition on a tag that is not there, of which AWS says nothing (B1.5).
    pub fn holds(&self, key: &str, wanted: &str, tags: &Tags) -> Option<bool> {
        let Some(value) = key.strip_prefix(TAG_PREFIX).and_then(|key| tags.get(key)) else {
            return (!self.operator.is_negated()).then_some(false);
        };
        let matched = match self.operator {
            Operator::Equals | Operator::NotEquals => wanted == value,
            Operator::Like | Operator::NotLike => stars(wanted, value),
        };
        Some(matched != self.operator.is_negated())
    }

    /// The tag that a resource must have, where the condition wants one exactly.
    pub fn wanted_tag(&self) -> Option<(&str, &str)> {
        let (key, value) = (self.key.known()?, self.value.known()?);
        (self.operator == Operator::Equals).then_some((key.strip_prefix(TAG_PREFIX)?, value))
    }
}

/// A selection that is ready to be asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Criteria {
    pub resources: Observed<Vec<Entry>>,
    pub tags: Observed<Vec<TagCondition>>,
    pub not_resources: Observed<Vec<Entry>>,
    pub conditions: Observed<Vec<Condition>>,
}

impl Criteria {
    pub fn of(body: &SelectionBody) -> Self {
        let entries = |list: &Observed<Vec<String>>| or_empty(list).map(|list| list.iter().map(|text| Entry::of(text)).collect());
        Criteria {
            resources: entries(&body.resources),
            tags: or_empty(&body.list_of_tags),
            not_resources: entries(&body.not_resources),
            conditions: conditions(&body.conditions),
        }
    }

    /// Whether neither Resources nor ListOfTags names anything.
    pub fn names_nothing(&self) -> Observed<bool> {
        match (self.resources.as_ref().map(Vec::is_empty), self.tags.as_ref().map(Vec::is_empty)) {
            (Observed::Known(false), _) | (_, Observed::Known(false)) => Observed::Known(false),
            (Observed::Known(true), other) => other,
            (other, _) => other,
        }
    }

    /// Whether nothing can come in without a tag: it lists tags and no resources, or a condition wants a tag's value.
    pub fn wants_tags(&self) -> bool {
        let by_tag = self.resources.known().is_some_and(Vec::is_empty) && self.tags.known().is_some_and(|tags| !tags.is_empty());
        by_tag || self.conditions.known().is_some_and(|list| list.iter().any(|condition| !condition.operator.is_negated()))
    }
}

fn conditions(conditions: &Observed<Conditions>) -> Observed<Vec<Condition>> {
    conditions.clone().absent_is(Conditions::default()).and_then(|conditions| {
        let lists = [
            (Operator::Equals, &conditions.string_equals),
            (Operator::Like, &conditions.string_like),
            (Operator::NotEquals, &conditions.string_not_equals),
            (Operator::NotLike, &conditions.string_not_like),
        ];
        let of_each = lists.map(|(operator, list)| or_empty(list).map(|list| list.into_iter().map(|one| written(operator, one)).collect()));
        let of_each: Vec<Observed<Vec<Condition>>> = of_each.into();
        super::super::world::all(of_each).map(|lists| lists.concat())
    })
}

fn written(operator: Operator, one: ConditionParameter) -> Condition {
    Condition { operator, key: one.condition_key.required("ConditionKey"), value: one.condition_value.required("ConditionValue") }
}

fn or_empty<T: Clone>(list: &Observed<Vec<T>>) -> Observed<Vec<T>> {
    list.clone().absent_is(Vec::new())
}
