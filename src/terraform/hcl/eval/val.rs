//! What an expression comes to. Values know how large they are, so that none grows without end: references share what they refer to, and a
//! list of two lists of two lists is small to hold and endless to write out.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::snapshot::{Cause, Reason};
use crate::terraform::value::{Reference, Unknown, Value};

/// Values within a value.
const LARGEST: usize = 1_000_000;
/// Bytes of a text.
pub const LONGEST: usize = 16 * 1024 * 1024;
const DEEPEST: usize = 100;
/// Whole numbers are exact up to here, and no larger one is rounded to it.
pub const EXACT: f64 = 9_007_199_254_740_991.0;

#[derive(Debug, Clone)]
pub enum Val {
    Null,
    Bool(bool),
    Number(f64),
    Text(Rc<str>),
    List(Rc<Seq>),
    Object(Rc<Map>),
    /// A resource, a data source or a module: its attributes are evaluated when they are asked for.
    Handle(Handle),
    Unknown(Rc<Unknown>),
}

#[derive(Debug)]
pub struct Seq {
    pub values: Vec<Val>,
    pub set: bool,
    size: Size,
}

#[derive(Debug)]
pub struct Map {
    pub values: BTreeMap<String, Val>,
    size: Size,
}

#[derive(Debug, Clone, Copy, Default)]
struct Size {
    values: usize,
    depth: usize,
}

/// Into the evaluator's tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handle {
    Resource(usize),
    Module(usize),
}

/// What Terraform would refuse to evaluate. The text never holds a value, which may be secret.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure(pub String);

pub type Outcome<T = Val> = Result<T, Failure>;

pub fn fail<T>(message: impl Into<String>) -> Outcome<T> {
    Err(Failure(message.into()))
}

impl Val {
    pub fn text(text: impl Into<Rc<str>>) -> Self {
        let text = text.into();
        if text.len() > LONGEST { Val::not_evaluated("a text that is too long to evaluate") } else { Val::Text(text) }
    }

    /// Beyond what doubles hold exactly, a number is not known.
    pub fn number(number: f64) -> Self {
        if number.abs() <= EXACT { Val::Number(number) } else { Val::not_evaluated("a number with more digits than are computed with") }
    }

    /// A sum, difference or product. Terraform computes with binary numbers too, only with more digits: what is off at the end of
    /// them shows when a number is written, and so it does here, elsewhere.
    pub fn computed(number: f64, of: [f64; 2]) -> Self {
        let exact = |number: f64| (number * 1_073_741_824.0).fract() == 0.0;
        if of.into_iter().all(exact) { Val::number(number) } else { Val::not_evaluated("a number that is computed of fractions") }
    }

    pub fn list(values: Vec<Val>) -> Self {
        Val::seq(values, false)
    }

    fn seq(values: Vec<Val>, set: bool) -> Self {
        match Size::of(values.iter()) {
            Some(size) => Val::List(Rc::new(Seq { values, set, size })),
            None => Val::not_evaluated("a value that is too large to evaluate"),
        }
    }

    /// Equal values count once. Texts and numbers are in order; Terraform's order of others is its own secret.
    pub fn set(values: Vec<Val>) -> Self {
        let mut kept: Vec<Val> = Vec::new();
        if values.iter().all(|value| matches!(value, Val::Text(_))) {
            kept = values;
            kept.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
            kept.dedup_by(|a, b| a.as_str() == b.as_str());
        } else if values.len() > 10_000 {
            return Val::not_evaluated("a set that is too large to evaluate");
        } else {
            for value in values {
                match kept.iter().try_fold(false, |found, other| Some(found || super::operators::equal(other, &value)?)) {
                    Some(true) => {}
                    Some(false) => kept.push(value),
                    None => return Val::not_evaluated("a set of values that are not all known"),
                }
            }
            if kept.iter().all(|value| matches!(value, Val::Number(_) | Val::Bool(_))) {
                kept.sort_by(|a, b| a.as_order().total_cmp(&b.as_order()));
            }
        }
        Val::seq(kept, true)
    }

    pub fn object(values: BTreeMap<String, Val>) -> Self {
        match Size::of(values.values()) {
            Some(size) => Val::Object(Rc::new(Map { values, size })),
            None => Val::not_evaluated("a value that is too large to evaluate"),
        }
    }

    pub fn unknown(cause: Cause, detail: impl Into<String>) -> Self {
        Val::Unknown(Rc::new(Unknown { reason: Reason::new(cause, detail), reference: None }))
    }

    /// Where not Terraform but this evaluator is at the end of what it knows.
    pub fn not_evaluated(detail: impl Into<String>) -> Self {
        Val::unknown(Cause::NotEvaluated, detail)
    }

    pub fn reference(address: String, attribute: &str) -> Self {
        let detail = format!("{address}.{attribute} is known after apply");
        let reference = Some(Reference { address, attribute: attribute.to_owned() });
        Val::Unknown(Rc::new(Unknown { reason: Reason::new(Cause::KnownAfterApply, detail), reference }))
    }

    /// Something that is made of this unknown, and so is not what it refers to.
    pub fn made_of(unknown: &Unknown) -> Self {
        Val::Unknown(Rc::new(Unknown { reason: unknown.reason.clone(), reference: None }))
    }

    pub fn is_null(&self) -> bool {
        matches!(self, Val::Null)
    }

    pub fn as_str(&self) -> Option<&str> {
        if let Val::Text(text) = self { Some(text) } else { None }
    }

    fn as_order(&self) -> f64 {
        match self {
            Val::Number(number) => *number,
            Val::Bool(true) => 1.0,
            _ => 0.0,
        }
    }

    pub fn as_unknown(&self) -> Option<&Unknown> {
        if let Val::Unknown(unknown) = self { Some(unknown) } else { None }
    }

    /// The first unknown in it. A resource is one: what it holds is not all known.
    pub fn any_unknown(&self) -> Option<Val> {
        match self {
            Val::Unknown(unknown) => Some(Val::made_of(unknown)),
            Val::Handle(_) => Some(Val::not_evaluated("a whole resource or module, which only Terraform knows all attributes of")),
            Val::List(list) => list.values.iter().find_map(Val::any_unknown),
            Val::Object(map) => map.values.values().find_map(Val::any_unknown),
            _ => None,
        }
    }

    pub fn kind(&self) -> &'static str {
        match self {
            Val::Null => "null",
            Val::Bool(_) => "a bool",
            Val::Number(_) => "a number",
            Val::Text(_) => "a string",
            Val::List(list) if list.set => "a set",
            Val::List(_) => "a list",
            Val::Object(_) => "an object",
            Val::Handle(_) => "a resource or module",
            Val::Unknown(_) => "an unknown value",
        }
    }

    /// As the other producers of resources give it. Null members of objects are not set.
    pub fn to_value(&self) -> Value {
        match self {
            Val::Null => Value::Null,
            Val::Bool(value) => Value::Bool(*value),
            Val::Number(value) if number_text(*value).is_some() => Value::Number(*value),
            Val::Number(_) => Value::unknown(Cause::NotEvaluated, "a number with more digits than are computed with"),
            Val::Text(value) => Value::String(value.to_string()),
            Val::List(list) => Value::List(list.values.iter().map(Val::to_value).collect()),
            Val::Object(map) => {
                let known = map.values.iter().filter(|(_, value)| !value.is_null());
                Value::Object(known.map(|(name, value)| (name.clone(), value.to_value())).collect())
            }
            Val::Handle(_) => Value::unknown(Cause::NotEvaluated, "a whole resource or module is no value"),
            Val::Unknown(unknown) => Value::Unknown((**unknown).clone()),
        }
    }

    fn size(&self) -> Size {
        match self {
            Val::List(list) => list.size,
            Val::Object(map) => map.size,
            Val::Text(text) => Size { values: 1 + text.len() / 64, depth: 0 },
            _ => Size { values: 1, depth: 0 },
        }
    }
}

impl From<&str> for Val {
    fn from(text: &str) -> Self {
        Val::text(text)
    }
}

impl From<String> for Val {
    fn from(text: String) -> Self {
        Val::text(text)
    }
}

impl Size {
    /// None: too large.
    fn of<'v>(values: impl Iterator<Item = &'v Val>) -> Option<Size> {
        let mut size = Size { values: 1, depth: 1 };
        for value in values {
            let inner = value.size();
            size.values = size.values.saturating_add(inner.values);
            size.depth = size.depth.max(inner.depth + 1);
        }
        (size.values <= LARGEST && size.depth <= DEEPEST).then_some(size)
    }
}

/// As Terraform writes a number. None where doubles do not tell its digits: Terraform computes with far more of them.
pub fn number_text(number: f64) -> Option<String> {
    if number.abs() > EXACT || !number.is_finite() {
        return None;
    }
    if number.fract() == 0.0 {
        // Also Terraform knows a zero below zero.
        return Some(if number == 0.0 && number.is_sign_negative() { "-0".to_owned() } else { format!("{}", number as i64) });
    }
    // Sums of decimals are off by some units in the last place; a fraction without end is off by far more.
    let magnitude = number.abs().log10().floor() as i32;
    let digits = usize::try_from(14 - magnitude).ok()?.min(300);
    let rounded = format!("{number:.digits$}");
    let near: f64 = rounded.parse().ok()?;
    ((near - number).abs() <= number.abs() * f64::EPSILON * 2.0).then(|| rounded.trim_end_matches('0').trim_end_matches('.').to_owned())
}
