//! Functions of lists, sets and maps that need to know every element.

use std::collections::BTreeMap;

use super::Arguments;
use crate::terraform::hcl::eval::operators;
use crate::terraform::hcl::eval::types::unify;
use crate::terraform::hcl::eval::val::{Outcome, Val, fail};

/// Combinations, beyond which a product is not made.
const MOST: usize = 100_000;

pub fn call(arguments: &Arguments<'_>) -> Option<Outcome> {
    Some(match arguments.name {
        "distinct" => distinct(arguments),
        "compact" => arguments.list(0).and_then(|list| {
            let kept = list.iter().filter(|value| !value.is_null() && value.as_str() != Some(""));
            Ok(Val::list(kept.map(operators::text).collect::<Outcome<_>>()?))
        }),
        "sort" => arguments.texts(0).map(|mut texts| {
            texts.sort();
            Val::list(texts.into_iter().map(Val::from).collect())
        }),
        "chunklist" => chunks(arguments),
        "index" => index(arguments),
        "matchkeys" => matchkeys(arguments),
        "range" => range(arguments),
        "setunion" => all(arguments).map(|sets| Val::set(unify(sets.concat()))),
        "setintersection" => combined(arguments, |value, others| others.iter().all(|other| has(other, value))),
        "setsubtract" => combined(arguments, |value, others| !others.iter().any(|other| has(other, value))),
        "setproduct" => product(arguments),
        "transpose" => transpose(arguments),
        _ => return None,
    })
}

fn has(values: &[Val], wanted: &Val) -> bool {
    values.iter().any(|value| operators::equal(value, wanted) == Some(true))
}

fn distinct(arguments: &Arguments<'_>) -> Outcome {
    let list = arguments.list(0)?;
    if list.len() > 10_000 {
        return Ok(Val::not_evaluated("distinct() of a list that is too long to evaluate"));
    }
    let mut kept: Vec<Val> = Vec::new();
    for value in unify(list.to_vec()) {
        if !has(&kept, &value) {
            kept.push(value);
        }
    }
    Ok(Val::list(kept))
}

/// All arguments, with texts where one of them holds texts.
fn all(arguments: &Arguments<'_>) -> Outcome<Vec<Vec<Val>>> {
    let lists = (0..arguments.values.len()).map(|at| arguments.list(at)).collect::<Outcome<Vec<_>>>()?;
    let mut unified = unify(lists.concat()).into_iter();
    Ok(lists.iter().map(|list| unified.by_ref().take(list.len()).collect()).collect())
}

fn combined(arguments: &Arguments<'_>, keeps: impl Fn(&Val, &[Vec<Val>]) -> bool) -> Outcome {
    let sets = all(arguments)?;
    let Some((first, others)) = sets.split_first() else { return fail("at least one set was expected") };
    if sets.iter().map(Vec::len).product::<usize>() > MOST * 100 {
        return Ok(Val::not_evaluated("sets that are too large to evaluate"));
    }
    Ok(Val::set(first.iter().filter(|value| keeps(value, others)).cloned().collect()))
}

fn product(arguments: &Arguments<'_>) -> Outcome {
    let lists = (0..arguments.values.len()).map(|at| arguments.list(at)).collect::<Outcome<Vec<_>>>()?;
    if lists.len() < 2 {
        return fail("setproduct() takes at least two sets");
    }
    if lists.iter().try_fold(1_usize, |product, list| product.checked_mul(list.len())).is_none_or(|product| product > MOST) {
        return Ok(Val::not_evaluated("setproduct() with too many combinations to evaluate"));
    }
    let mut rows: Vec<Vec<Val>> = vec![Vec::new()];
    for list in lists {
        let longer =
            |row: &Vec<Val>| -> Vec<Vec<Val>> { list.iter().map(|value| [row.as_slice(), std::slice::from_ref(value)].concat()).collect() };
        rows = rows.iter().flat_map(longer).collect();
    }
    let rows = rows.into_iter().map(Val::list).collect();
    let sets = arguments.values.iter().all(|value| matches!(value, Val::List(list) if list.set));
    Ok(if sets { Val::set(rows) } else { Val::list(rows) })
}

fn chunks(arguments: &Arguments<'_>) -> Outcome {
    let list = arguments.list(0)?;
    match usize::try_from(arguments.integer(1)?) {
        Ok(0) => Ok(Val::list(vec![Val::list(list.to_vec())])),
        Ok(size) => Ok(Val::list(list.chunks(size).map(|chunk| Val::list(chunk.to_vec())).collect())),
        Err(_) => fail("chunklist() with a size below zero"),
    }
}

fn index(arguments: &Arguments<'_>) -> Outcome {
    let wanted = arguments.get(1)?;
    if matches!(arguments.get(0)?, Val::List(list) if list.set) {
        return fail("a list was expected, not a set");
    }
    match arguments.list(0)?.iter().position(|value| operators::equal(value, wanted) == Some(true)) {
        Some(at) => Ok(Val::Number(at as f64)),
        None => fail("index() of what is not in the list"),
    }
}

fn matchkeys(arguments: &Arguments<'_>) -> Outcome {
    let (values, keys, wanted) = (arguments.list(0)?, arguments.list(1)?, arguments.list(2)?);
    if values.len() != keys.len() {
        return fail("matchkeys() of lists that are not equally long");
    }
    Ok(Val::list(values.iter().zip(keys).filter(|(_, key)| has(wanted, key)).map(|(value, _)| value.clone()).collect()))
}

fn range(arguments: &Arguments<'_>) -> Outcome {
    let numbers = (0..arguments.values.len()).map(|at| arguments.number(at)).collect::<Outcome<Vec<_>>>()?;
    let (from, to, step) = match numbers.as_slice() {
        [to] => (0.0, *to, if *to < 0.0 { -1.0 } else { 1.0 }),
        [from, to] => (*from, *to, if to < from { -1.0 } else { 1.0 }),
        [from, to, step] => (*from, *to, *step),
        _ => return fail("range() takes one to three numbers"),
    };
    if step == 0.0 || (step > 0.0) != (to > from) && to != from && numbers.len() == 3 {
        return fail("range() with a step that leads nowhere");
    }
    let mut values = Vec::new();
    let mut at = from;
    while if step > 0.0 { at < to } else { at > to } {
        if values.len() >= 1024 {
            return fail("range() of more than 1024 numbers");
        }
        values.push(Val::Number(at));
        at += step;
    }
    Ok(Val::list(values))
}

fn transpose(arguments: &Arguments<'_>) -> Outcome {
    let Val::Object(map) = arguments.get(0)? else { return fail("transpose() takes a map") };
    let mut turned: BTreeMap<String, Vec<Val>> = BTreeMap::new();
    for (key, values) in &map.values {
        let Val::List(values) = values else { return fail("transpose() takes a map of lists") };
        for value in &values.values {
            match operators::text(value)? {
                Val::Text(text) => turned.entry(text.to_string()).or_default().push(Val::text(key.as_str())),
                _ => return fail("transpose() takes a map of lists of texts"),
            }
        }
    }
    Ok(Val::object(turned.into_iter().map(|(key, values)| (key, Val::list(values))).collect()))
}
