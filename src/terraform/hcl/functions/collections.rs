//! Functions of lists and maps that work where not all elements are known.

use std::collections::BTreeMap;

use super::Arguments;
use crate::terraform::hcl::eval::operators;
use crate::terraform::hcl::eval::types::unified;
use crate::terraform::hcl::eval::val::{Outcome, Seq, Val, fail};

/// Attributes that hold one text, so that nothing is to be flattened in them.
const TEXTS: &[&str] = &["arn", "id", "name", "key_id", "bucket", "url", "tags_all"];

pub fn call(arguments: &Arguments<'_>) -> Option<Outcome> {
    Some(match arguments.name {
        "length" => length(arguments),
        "concat" => concat(arguments),
        "merge" => merge(arguments),
        "keys" => map(arguments, |map| Ok(Val::list(map.keys().map(|key| Val::text(key.as_str())).collect()))),
        "values" => map(arguments, |map| Ok(Val::list(map.values().cloned().collect()))),
        "lookup" => lookup(arguments),
        "element" => element(arguments),
        "one" => one(arguments),
        "zipmap" => zipmap(arguments),
        "contains" => contains(arguments),
        "flatten" => flatten(arguments),
        "coalesce" => coalesce(arguments),
        "coalescelist" => coalescelist(arguments),
        "tolist" | "list" => tolist(arguments),
        "tomap" => tomap(arguments),
        "toset" if matches!(arguments.values.first(), Some(Val::Null)) => Ok(Val::Null),
        "toset" => sequence(arguments, 0, |list| Ok(Val::set(unified(list.values.clone())?))),
        "alltrue" => decided(arguments, false),
        "anytrue" => decided(arguments, true),
        "sensitive" | "nonsensitive" => arguments.get(0).cloned(),
        "reverse" => sequence(arguments, 0, |list| Ok(Val::list(list.values.iter().rev().cloned().collect()))),
        "slice" => slice(arguments),
        _ => return None,
    })
}

/// With the list of an argument, unless it is unknown which.
fn sequence(arguments: &Arguments<'_>, at: usize, with: impl FnOnce(&Seq) -> Outcome) -> Outcome {
    match arguments.get(at)? {
        Val::List(list) => with(list),
        Val::Unknown(unknown) => Ok(Val::made_of(unknown)),
        other => fail(format!("{}() takes a list, not {}", arguments.name, other.kind())),
    }
}

fn map(arguments: &Arguments<'_>, with: impl FnOnce(&BTreeMap<String, Val>) -> Outcome) -> Outcome {
    match arguments.get(0)? {
        Val::Object(map) => with(&map.values),
        Val::Unknown(unknown) => Ok(Val::made_of(unknown)),
        Val::Handle(_) => Ok(Val::not_evaluated("a whole resource or module, which only Terraform knows all attributes of")),
        other => fail(format!("{}() takes a map, not {}", arguments.name, other.kind())),
    }
}

/// Sets are refused by functions that go by the order.
fn in_order(list: &Seq) -> Outcome<&[Val]> {
    if list.set { fail("a list was expected, not a set") } else { Ok(&list.values) }
}

fn length(arguments: &Arguments<'_>) -> Outcome {
    Ok(match arguments.get(0)? {
        Val::List(list) if list.set && list.values.iter().any(|value| value.any_unknown().is_some()) => {
            Val::not_evaluated("how many values of a set are equal")
        }
        Val::List(list) => Val::Number(list.values.len() as f64),
        Val::Object(map) => Val::Number(map.values.len() as f64),
        Val::Text(text) => match super::text::graphemes(text) {
            Some(letters) => Val::Number(letters.len() as f64),
            None => Val::not_evaluated("the length of a text with combined letters"),
        },
        unknown @ (Val::Unknown(_) | Val::Handle(_)) => unknown.any_unknown().unwrap_or(Val::Null),
        other => return fail(format!("{} has no length", other.kind())),
    })
}

fn concat(arguments: &Arguments<'_>) -> Outcome {
    let mut values = Vec::new();
    arguments.get(0)?;
    for value in arguments.values {
        match value {
            Val::List(list) => values.extend(in_order(list)?.iter().cloned()),
            Val::Unknown(unknown) => return Ok(Val::made_of(unknown)),
            other => return fail(format!("concat() takes lists, not {}", other.kind())),
        }
    }
    Ok(Val::list(values))
}

fn merge(arguments: &Arguments<'_>) -> Outcome {
    let mut merged = BTreeMap::new();
    for value in arguments.values {
        match value {
            Val::Object(map) => merged.extend(map.values.iter().map(|(key, value)| (key.clone(), value.clone()))),
            Val::Null => {}
            unknown @ (Val::Unknown(_) | Val::Handle(_)) => return Ok(unknown.any_unknown().unwrap_or(Val::Null)),
            other => return fail(format!("merge() takes maps, not {}", other.kind())),
        }
    }
    Ok(Val::object(merged))
}

fn lookup(arguments: &Arguments<'_>) -> Outcome {
    if let Some(unknown) = arguments.get(1)?.as_unknown() {
        return Ok(Val::made_of(unknown));
    }
    let key = arguments.text(1)?;
    map(arguments, |map| match (map.get(&key), arguments.values.get(2)) {
        (Some(value), _) => Ok(value.clone()),
        // In a map, and not in an object, the default is a text where the values are.
        (None, Some(Val::Number(_) | Val::Bool(_))) if map.values().any(|value| matches!(value, Val::Text(_))) => {
            Ok(Val::not_evaluated("whether a default of lookup() is a number or a text"))
        }
        (None, Some(default)) => Ok(default.clone()),
        (None, None) => fail("lookup() of a key that is not there"),
    })
}

fn element(arguments: &Arguments<'_>) -> Outcome {
    if let Some(unknown) = arguments.get(1)?.as_unknown() {
        return Ok(Val::made_of(unknown));
    }
    let at = arguments.integer(1)?;
    sequence(arguments, 0, |list| match (usize::try_from(at), in_order(list)?.len()) {
        (_, 0) => fail("element() of an empty list"),
        (Err(_), _) => Ok(Val::not_evaluated("element() with an index below zero")),
        (Ok(at), length) => list.values.get(at % length).cloned().map_or_else(|| fail("element() beyond the list"), Ok),
    })
}

fn one(arguments: &Arguments<'_>) -> Outcome {
    sequence(arguments, 0, |list| match list.values.as_slice() {
        [] => Ok(Val::Null),
        [only] => Ok(only.clone()),
        _ => fail("one() of more than one"),
    })
}

fn zipmap(arguments: &Arguments<'_>) -> Outcome {
    if let Some(unknown) = arguments.values.iter().take(2).find_map(Val::as_unknown) {
        return Ok(Val::made_of(unknown));
    }
    let (keys, values) = (arguments.list(0)?, arguments.list(1)?);
    if keys.len() != values.len() {
        return fail("zipmap() of lists that are not equally long");
    }
    if let Some(unknown) = keys.iter().find_map(Val::any_unknown) {
        return Ok(unknown);
    }
    Ok(Val::object(arguments.texts(0)?.into_iter().zip(values.iter().cloned()).collect()))
}

fn contains(arguments: &Arguments<'_>) -> Outcome {
    let wanted = arguments.get(1)?;
    if wanted.is_null() {
        return fail("contains() of null");
    }
    sequence(arguments, 0, |list| {
        let mut unknown = None;
        for value in &list.values {
            match operators::equal(value, wanted) {
                Some(true) => return Ok(Val::Bool(true)),
                Some(false) => {}
                None => unknown = value.any_unknown().or_else(|| wanted.any_unknown()).or(unknown),
            }
        }
        Ok(unknown.unwrap_or(Val::Bool(false)))
    })
}

fn flatten(arguments: &Arguments<'_>) -> Outcome {
    fn into(values: &[Val], flat: &mut Vec<Val>) -> Result<(), Val> {
        for value in values {
            match value {
                Val::List(list) if list.set && !crate::terraform::hcl::eval::ordered(list) => {
                    return Err(Val::not_evaluated("the order of a set"));
                }
                Val::List(list) => into(&list.values, flat)?,
                Val::Unknown(unknown) => match &unknown.reference {
                    Some(reference) if TEXTS.contains(&reference.attribute.as_str()) || reference.attribute.ends_with("_arn") => {
                        flat.push(value.clone())
                    }
                    _ => return Err(Val::made_of(unknown)),
                },
                other => flat.push(other.clone()),
            }
        }
        Ok(())
    }
    sequence(arguments, 0, |list| {
        let mut flat = Vec::new();
        Ok(match into(&list.values, &mut flat) {
            Ok(()) => Val::list(flat),
            Err(unknown) => unknown,
        })
    })
}

fn coalesce(arguments: &Arguments<'_>) -> Outcome {
    let texts = arguments.values.iter().any(|value| matches!(value, Val::Text(_)));
    for value in arguments.values {
        match value {
            Val::Null => {}
            Val::Text(text) if text.is_empty() => {}
            Val::Unknown(unknown) => return Ok(Val::made_of(unknown)),
            value if texts => return operators::text(value),
            value => return Ok(value.clone()),
        }
    }
    fail("coalesce() of nothing but null")
}

fn coalescelist(arguments: &Arguments<'_>) -> Outcome {
    for value in arguments.values {
        match value {
            Val::List(list) if !in_order(list)?.is_empty() => return Ok(value.clone()),
            Val::Unknown(unknown) => return Ok(Val::made_of(unknown)),
            Val::List(_) | Val::Null => {}
            other => return fail(format!("coalescelist() takes lists, not {}", other.kind())),
        }
    }
    fail("coalescelist() of nothing but empty lists")
}

fn tolist(arguments: &Arguments<'_>) -> Outcome {
    if arguments.get(0)?.is_null() {
        return Ok(Val::Null);
    }
    sequence(arguments, 0, |list| {
        if list.set && !crate::terraform::hcl::eval::ordered(list) {
            return Ok(Val::not_evaluated("the order of a set"));
        }
        Ok(Val::list(unified(list.values.clone())?))
    })
}

fn tomap(arguments: &Arguments<'_>) -> Outcome {
    if arguments.get(0)?.is_null() {
        return Ok(Val::Null);
    }
    map(arguments, |map| Ok(Val::object(map.keys().cloned().zip(unified(map.values().cloned().collect())?).collect())))
}

/// One element can decide, whatever the others are.
fn decided(arguments: &Arguments<'_>, by: bool) -> Outcome {
    sequence(arguments, 0, |list| {
        let mut unknown = None;
        for value in &list.values {
            match value {
                Val::Unknown(there) => unknown = Some(Val::made_of(there)),
                Val::Null if !by => return Ok(Val::Bool(false)),
                Val::Null => {}
                known if operators::boolean(known)? == by => return Ok(Val::Bool(by)),
                _ => {}
            }
        }
        Ok(unknown.unwrap_or(Val::Bool(!by)))
    })
}

fn slice(arguments: &Arguments<'_>) -> Outcome {
    if let Some(unknown) = arguments.values.iter().find_map(Val::as_unknown) {
        return Ok(Val::made_of(unknown));
    }
    let (Ok(from), Ok(to)) = (usize::try_from(arguments.integer(1)?), usize::try_from(arguments.integer(2)?)) else {
        return fail("slice() with an index below zero");
    };
    sequence(arguments, 0, |list| match in_order(list)?.get(from..to) {
        Some(values) => Ok(Val::list(values.to_vec())),
        None => fail("slice() beyond the list"),
    })
}
