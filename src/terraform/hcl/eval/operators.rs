//! Operators and conversions between plain values.

use super::super::syntax::{Binary, Unary};
use super::val::{Failure, Outcome, Val, fail, number_text};

/// None where it is not known. Terraform compares types as well; collections that hold the same may be of two types.
pub fn equal(a: &Val, b: &Val) -> Option<bool> {
    match (a, b) {
        (Val::Unknown(_) | Val::Handle(_), _) | (_, Val::Unknown(_) | Val::Handle(_)) => None,
        (Val::Null, Val::Null) => Some(true),
        (Val::Bool(a), Val::Bool(b)) => Some(a == b),
        (Val::Number(a), Val::Number(b)) => {
            let same = a == b;
            // Two ways to the same decimal may end a unit apart here and not in Terraform.
            if !same && (a - b).abs() <= a.abs().max(b.abs()) * f64::EPSILON * 4.0 { None } else { Some(same) }
        }
        (Val::Text(a), Val::Text(b)) => Some(a == b),
        (Val::List(a), Val::List(b)) => {
            if a.values.len() != b.values.len() {
                return Some(false);
            }
            all(a.values.iter().zip(&b.values).map(|(a, b)| equal(a, b)))
        }
        (Val::Object(a), Val::Object(b)) => {
            if !a.values.keys().eq(b.values.keys()) {
                return Some(false);
            }
            all(a.values.values().zip(b.values.values()).map(|(a, b)| equal(a, b)))
        }
        _ => Some(false),
    }
}

fn all(answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut known = Some(true);
    for answer in answers {
        match answer {
            Some(false) => return Some(false),
            None => known = None,
            Some(true) => {}
        }
    }
    known
}

/// `==` as it is written in a configuration.
pub fn compare(a: &Val, b: &Val) -> Val {
    let collections = matches!((a, b), (Val::List(_), Val::List(_)) | (Val::Object(_), Val::Object(_)));
    match equal(a, b) {
        Some(true) if collections => Val::not_evaluated("whether two collections are equal depends on their types"),
        Some(equal) => Val::Bool(equal),
        None => match a.any_unknown().or_else(|| b.any_unknown()) {
            Some(unknown) => unknown,
            None => Val::not_evaluated("whether two fractions are equal"),
        },
    }
}

pub fn unary(operator: Unary, value: &Val) -> Outcome {
    match (operator, value) {
        (_, Val::Unknown(unknown)) => Ok(Val::made_of(unknown)),
        (Unary::Not, value) => Ok(Val::Bool(!boolean(value)?)),
        (Unary::Negate, value) => Ok(Val::Number(-number(value)?)),
    }
}

/// All operators that need both sides.
pub fn binary(operator: Binary, a: &Val, b: &Val) -> Outcome {
    if let Some(unknown) = [a, b].into_iter().find_map(|value| if let Val::Handle(_) = value { value.any_unknown() } else { None }) {
        return Ok(unknown);
    }
    match operator {
        Binary::Equal => return Ok(compare(a, b)),
        Binary::NotEqual => {
            return Ok(match compare(a, b) {
                Val::Bool(equal) => Val::Bool(!equal),
                unknown => unknown,
            });
        }
        _ => {}
    }
    if let Some(unknown) = a.as_unknown().or_else(|| b.as_unknown()) {
        return Ok(Val::made_of(unknown));
    }
    if let Binary::And | Binary::Or = operator {
        let (a, b) = (boolean(a)?, boolean(b)?);
        return Ok(Val::Bool(if operator == Binary::And { a && b } else { a || b }));
    }
    let (a, b) = (number(a)?, number(b)?);
    // What two ways of computing may tell differently is left open.
    let close = |a: f64, b: f64| a.fract() != 0.0 && (a - b).abs() <= a.abs().max(b.abs()) * f64::EPSILON * 4.0;
    let ordered = |answer: bool| if close(a, b) { Val::not_evaluated("how two fractions compare") } else { Val::Bool(answer) };
    Ok(match operator {
        Binary::Add => Val::computed(a + b, [a, b]),
        Binary::Subtract => Val::computed(a - b, [a, b]),
        Binary::Multiply => Val::computed(a * b, [a, b]),
        Binary::Divide | Binary::Modulo if b == 0.0 => return fail("division by zero"),
        Binary::Divide => Val::number(a / b),
        Binary::Modulo => Val::computed(a % b, [a, b]),
        Binary::Less => ordered(a < b),
        Binary::LessOrEqual => ordered(a <= b),
        Binary::Greater => ordered(a > b),
        _ => ordered(a >= b),
    })
}

/// As a bool, converted where Terraform does so by itself.
pub fn boolean(value: &Val) -> Outcome<bool> {
    match value {
        Val::Bool(value) => Ok(*value),
        Val::Text(text) if matches!(&**text, "true" | "1") => Ok(true),
        Val::Text(text) if matches!(&**text, "false" | "0") => Ok(false),
        other => fail(format!("a bool was expected, not {}", other.kind())),
    }
}

pub fn number(value: &Val) -> Outcome<f64> {
    let refused = || Failure(format!("a number was expected, not {}", value.kind()));
    match value {
        Val::Number(number) => Ok(*number),
        Val::Text(text) => {
            let plain = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.')) && !text.contains(['_', 'x', 'n']);
            if !plain { Err(refused()) } else { text.parse().map_err(|_| refused()) }
        }
        _ => Err(refused()),
    }
}

/// A whole number that an index or a length can be.
pub fn integer(value: &Val) -> Outcome<i64> {
    let number = number(value)?;
    if number.fract() != 0.0 || number.abs() > super::val::EXACT {
        return fail("a whole number was expected");
    }
    Ok(number as i64)
}

/// As a text. `Ok(Val::Unknown)` where it is not known.
pub fn text(value: &Val) -> Outcome {
    Ok(match value {
        Val::Text(_) | Val::Unknown(_) => value.clone(),
        Val::Bool(value) => Val::text(if *value { "true" } else { "false" }),
        Val::Number(number) => match number_text(*number) {
            Some(text) => Val::text(text),
            None => Val::not_evaluated("a number with more digits than are computed with"),
        },
        Val::Handle(_) => value.any_unknown().unwrap_or(Val::Null),
        other => return fail(format!("a string was expected, not {}", other.kind())),
    })
}
