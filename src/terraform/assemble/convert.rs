//! A resource's attributes to members of AWS's object, row by row of the table. What is not surely known stays so, with its cause.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use super::identity::resource_type;
use super::inventory::Inventory;
use crate::snapshot::{Cause, Observed, REFERENCE, Reason, UNKNOWN};
use crate::terraform::mapping::{Form, Kind, Row, Unset};
use crate::terraform::value::Value;

pub type Members = Map<String, Json>;
pub type Attributes = BTreeMap<String, Value>;

static NULL: Value = Value::Null;

/// An attribute; null where it was not set.
pub fn attribute<'v>(attributes: &'v Attributes, name: &str) -> &'v Value {
    attributes.get(name).unwrap_or(&NULL)
}

/// What the snapshot writes for a fact.
pub fn told(fact: Observed<Json>) -> Json {
    match fact {
        Observed::Known(value) => value,
        Observed::Absent => Json::Null,
        Observed::Reference(to) => json!({ REFERENCE: to }),
        Observed::Unknown(reasons) => unknown(&reasons),
    }
}

pub fn unknown(reasons: &[Reason]) -> Json {
    json!({ UNKNOWN: reasons })
}

/// Reads the attributes of one kind, with references to what the root declares.
pub struct Reader<'a> {
    pub kind: &'static Kind,
    pub inventory: &'a Inventory<'a>,
}

impl Reader<'_> {
    /// The members below `base`, which is not part of their paths. Unknown as a whole where one that it cannot do without is.
    pub fn object(&self, base: &str, attributes: &Attributes) -> Result<Members, Vec<Reason>> {
        self.block("", base, attributes)
    }

    /// One attribute by itself.
    pub fn one(&self, name: &str, form: Form, attributes: &Attributes) -> Observed<Json> {
        self.fact(name, form, Unset::Absent, "", attribute(attributes, name))
    }

    /// The elements of a list or set, however far they are known.
    pub fn elements(&self, value: &Value) -> Observed<Vec<Value>> {
        match self.inventory.resolved(value) {
            Observed::Known(Value::List(list)) => Observed::Known(list),
            Observed::Known(Value::Null) | Observed::Absent => Observed::Absent,
            Observed::Known(one @ Value::Object(_)) => Observed::Known(vec![one]),
            Observed::Known(_) => Observed::Known(Vec::new()),
            Observed::Reference(to) => Observed::unknown(later(&to)),
            Observed::Unknown(reasons) => Observed::Unknown(reasons),
        }
    }

    /// What stands in a block.
    pub fn attributes_of(&self, block: &Value) -> Observed<Attributes> {
        match self.inventory.resolved(block) {
            Observed::Known(Value::Object(attributes)) => Observed::Known(attributes),
            Observed::Known(Value::Null) | Observed::Absent => Observed::Known(Attributes::new()),
            Observed::Known(_) => odd("block"),
            Observed::Reference(to) => Observed::unknown(later(&to)),
            Observed::Unknown(reasons) => Observed::Unknown(reasons),
        }
    }

    fn block(&self, block: &str, base: &str, attributes: &Attributes) -> Result<Members, Vec<Reason>> {
        let mut members = Members::new();
        for row in self.kind.rows.iter().filter(|row| row.form != Form::Apart) {
            let (parent, name) = row.attribute.rsplit_once('.').unwrap_or(("", row.attribute));
            let below_base = row.member.strip_prefix(base).map(|rest| rest.trim_start_matches('.'));
            let (true, Some(member)) = (parent == block, below_base) else { continue };
            let fact = self.fact(row.attribute, row.form, row.unset, row.member, attribute(attributes, name));
            if row.unset == Unset::Needed && !fact.is_known() {
                return Err(missing(row, fact));
            }
            put(&mut members, member, fact);
        }
        Ok(members)
    }

    fn fact(&self, path: &str, form: Form, unset: Unset, member: &str, value: &Value) -> Observed<Json> {
        let value = match self.inventory.resolved(value) {
            Observed::Known(value) => value,
            Observed::Absent => Value::Null,
            Observed::Reference(to) => return reference(form, to),
            Observed::Unknown(reasons) => return Observed::Unknown(reasons),
        };
        let fact = match form {
            Form::Text | Form::Key => text(&value).map(|text| known(text, String::is_empty)),
            Form::Number => number(&value).map(|number| known(number, |_| false)),
            Form::Nonzero => number(&value).map(|number| known(number, |number| *number == 0)),
            Form::Decimal => decimal(&value).map(|number| known(number, |_| false)),
            Form::Flag => flag(&value).map(|flag| known(flag, |_| false)),
            Form::FlagText => flag(&value).map(|flag| known(flag.to_string(), |text| text == "false")),
            Form::Document => text(&value).map(|text| document(path, &text)),
            Form::Texts => return self.texts(path, &value),
            Form::Tags | Form::Flags | Form::TextMap | Form::Dimensions => return self.map(path, form, &value),
            Form::Block | Form::Blocks | Form::Joined => return self.blocks(path, form, member, &value),
            Form::Apart => None,
        };
        match fact {
            Some(Observed::Absent) => unset_is(unset),
            Some(fact) => fact,
            None if value.is_null() => unset_is(unset),
            None => odd(path),
        }
    }

    fn texts(&self, path: &str, value: &Value) -> Observed<Json> {
        let list = match value {
            Value::Null => return Observed::Absent,
            Value::List(list) => list,
            _ => return odd(path),
        };
        let texts = list.iter().filter(|one| !one.is_null()).map(|one| self.fact(path, Form::Text, Unset::Absent, "", one));
        every(texts).map(|mut texts| {
            texts.sort_by_key(Json::to_string);
            texts.dedup();
            Json::Array(texts)
        })
    }

    fn map(&self, path: &str, form: Form, value: &Value) -> Observed<Json> {
        let map = match value {
            Value::Null => return Observed::Absent,
            Value::Object(map) => map,
            _ => return odd(path),
        };
        let element = if form == Form::Flags { Form::Flag } else { Form::Text };
        // AWS's own tags are not the provider's to set.
        let entries = map.iter().filter(|(key, value)| !(value.is_null() || form == Form::Tags && key.starts_with("aws:")));
        let facts = entries.map(|(key, value)| {
            // A tag's value may be empty.
            let fact = self.fact(path, element, Unset::Text(""), "", value);
            fact.map(|value| if form == Form::Dimensions { json!({"Name": key, "Value": value}) } else { json!([key, value]) })
        });
        every(facts).map(|entries| match form {
            Form::Dimensions => Json::Array(entries),
            _ => entries.into_iter().filter_map(pair).collect::<Members>().into(),
        })
    }

    fn blocks(&self, path: &str, form: Form, member: &str, value: &Value) -> Observed<Json> {
        let list = match value {
            Value::Null => return Observed::Absent,
            Value::List(list) => list.as_slice(),
            Value::Object(_) => std::slice::from_ref(value),
            _ => return odd(path),
        };
        if form == Form::Block && list.len() > 1 {
            return odd(path);
        }
        let objects = every(list.iter().map(|one| {
            self.attributes_of(one).and_then(|attributes| {
                self.block(path, member, &attributes).map_or_else(Observed::Unknown, |members| Observed::Known(members.into()))
            })
        }));
        match form {
            Form::Block => objects.and_then(|mut objects| objects.pop().map_or(Observed::Absent, Observed::Known)),
            Form::Joined => objects.and_then(joined),
            // A set has no order, and each producer another.
            _ => objects.map(|mut objects| {
                objects.sort_by_key(Json::to_string);
                Json::Array(objects)
            }),
        }
    }
}

/// The elements that are not absent; unknown where one is. No elements: the list is not set.
fn every(facts: impl Iterator<Item = Observed<Json>>) -> Observed<Vec<Json>> {
    let mut known = Vec::new();
    let mut reasons = Vec::new();
    for fact in facts {
        match fact {
            Observed::Known(value) => known.push(value),
            Observed::Absent => {}
            Observed::Reference(to) => reasons.push(later(&to)),
            Observed::Unknown(because) => reasons.extend(because),
        }
    }
    reasons.sort();
    reasons.dedup();
    match (reasons.is_empty(), known.is_empty()) {
        (false, _) => Observed::Unknown(reasons),
        (true, true) => Observed::Absent,
        (true, false) => Observed::Known(known),
    }
}

/// Objects of lists to one object: each list with the elements of all. Absent where there is none.
fn joined(objects: Vec<Json>) -> Observed<Json> {
    let mut whole = Members::new();
    for (member, value) in objects.into_iter().filter_map(|object| if let Json::Object(map) = object { Some(map) } else { None }).flatten()
    {
        match (whole.get_mut(&member), value) {
            (_, Json::Null) => {}
            (Some(Json::Array(list)), Json::Array(more)) => {
                list.extend(more);
                list.sort_by_key(Json::to_string);
            }
            // One of them is unknown, and so are both together.
            (Some(Json::Object(_)), _) => {}
            (_, value) => _ = whole.insert(member, value),
        }
    }
    if whole.is_empty() { Observed::Absent } else { Observed::Known(whole.into()) }
}

/// Puts a fact at a path. What is absent makes no objects on the way to it.
fn put(members: &mut Members, path: &str, fact: Observed<Json>) {
    match path.split_once('.') {
        None => _ = members.insert(path.to_owned(), told(fact)),
        Some(_) if fact.is_absent() => {}
        Some((first, rest)) => {
            if let Json::Object(inner) = members.entry(first).or_insert_with(|| Members::new().into()) {
                put(inner, rest, fact);
            }
        }
    }
}

fn pair(entry: Json) -> Option<(String, Json)> {
    let Json::Array(entry) = entry else { return None };
    let mut entry = entry.into_iter();
    match (entry.next(), entry.next()) {
        (Some(Json::String(key)), Some(value)) => Some((key, value)),
        _ => None,
    }
}

fn missing(row: &Row, fact: Observed<Json>) -> Vec<Reason> {
    match fact {
        Observed::Unknown(reasons) => reasons,
        Observed::Reference(to) => vec![later(&to)],
        _ => vec![Reason::new(Cause::NotEvaluated, format!("'{}' is not set", row.attribute))],
    }
}

/// A key that is yet to be made is one of the customer's, and that is all that it tells. Of any other reference the value would matter.
fn reference(form: Form, to: String) -> Observed<Json> {
    let is_key = |kind: &str| kind.starts_with("aws_kms_") && kind.ends_with("_key");
    if form == Form::Key && resource_type(&to).is_some_and(is_key) { Observed::Reference(to) } else { Observed::unknown(later(&to)) }
}

pub fn later(to: &str) -> Reason {
    Reason::new(Cause::KnownAfterApply, format!("'{to}' is known only after apply"))
}

fn odd<T>(path: &str) -> Observed<T> {
    Observed::unknown(Reason::new(Cause::NotEvaluated, format!("'{path}' is not of the type that it should be")))
}

fn unset_is(unset: Unset) -> Observed<Json> {
    match unset {
        Unset::Absent | Unset::Needed => Observed::Absent,
        Unset::Text(text) => Observed::Known(text.into()),
        Unset::Number(number) => Observed::Known(number.into()),
        Unset::Flag(flag) => Observed::Known(flag.into()),
    }
}

fn known<T: Into<Json>>(value: T, is_unset: impl Fn(&T) -> bool) -> Observed<Json> {
    if is_unset(&value) { Observed::Absent } else { Observed::Known(value.into()) }
}

pub fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn decimal(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Number(number) => Some(*number),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    number.filter(|number| number.is_finite())
}

/// Beyond 2^53 a number may not be the one that was written.
fn number(value: &Value) -> Option<i64> {
    const LARGEST: f64 = 9_007_199_254_740_992.0;
    decimal(value).filter(|number| number.fract() == 0.0 && number.abs() <= LARGEST).map(|number| number as i64)
}

fn flag(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

fn document(path: &str, text: &str) -> Observed<Json> {
    if text.trim().is_empty() {
        return Observed::Absent;
    }
    match serde_json::from_str(text) {
        // Such members are the snapshot's own.
        Ok(Json::Object(document)) if !document.keys().any(|key| key.starts_with('$')) => Observed::Known(document.into()),
        _ => Observed::unknown(Reason::new(Cause::NotEvaluated, format!("'{path}' is no text that holds a policy"))),
    }
}
