//! Functions of numbers.

use super::Arguments;
use crate::terraform::hcl::eval::operators;
use crate::terraform::hcl::eval::val::{EXACT, Outcome, Val, fail};
use crate::terraform::hcl::syntax::Binary;

pub fn call(arguments: &Arguments<'_>) -> Option<Outcome> {
    let number = || arguments.number(0);
    Some(match arguments.name {
        "abs" => number().map(|number| Val::Number(number.abs())),
        "ceil" => number().map(|number| Val::Number(whole(number.ceil()))),
        "floor" => number().map(|number| Val::Number(whole(number.floor()))),
        "signum" => number().map(|number| Val::Number(if number == 0.0 { 0.0 } else { number.signum() })),
        "max" => extreme(arguments, f64::max),
        "min" => extreme(arguments, f64::min),
        "pow" => number().and_then(|base| {
            let power = base.powf(arguments.number(1)?);
            Ok(exact(power, "pow"))
        }),
        "log" => number().and_then(|of| {
            let logarithm = of.ln() / arguments.number(1)?.ln();
            let near = logarithm.round();
            Ok(if (logarithm - near).abs() < 1e-12 { Val::not_evaluated("log() close to a whole number") } else { Val::Number(logarithm) })
        }),
        "parseint" => parse(arguments),
        "sum" => sum(arguments),
        _ => return None,
    })
}

/// Rounding leaves no zero below zero.
fn whole(number: f64) -> f64 {
    if number == 0.0 { 0.0 } else { number }
}

fn exact(number: f64, name: &str) -> Val {
    if number.fract() == 0.0 && number.abs() <= EXACT {
        Val::Number(number)
    } else {
        Val::not_evaluated(format!("{name}() with a fraction or a large result"))
    }
}

fn extreme(arguments: &Arguments<'_>, of: fn(f64, f64) -> f64) -> Outcome {
    let numbers = (0..arguments.values.len()).map(|at| arguments.number(at)).collect::<Outcome<Vec<_>>>()?;
    numbers.into_iter().reduce(of).map_or_else(|| fail("at least one number was expected"), |number| Ok(Val::Number(number)))
}

fn parse(arguments: &Arguments<'_>) -> Outcome {
    let (text, base) = (arguments.text(0)?, arguments.integer(1)?);
    let Some(base) = u32::try_from(base).ok().filter(|base| (2..=62).contains(base)) else { return fail("parseint() with no such base") };
    if base > 36 {
        return Ok(Val::not_evaluated("parseint() with a base above 36"));
    }
    let digits = text.strip_prefix(['+', '-']).unwrap_or(&text);
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(base)) {
        return fail("parseint() of what is no number");
    }
    Ok(i64::from_str_radix(&text, base)
        .map_or_else(|_| Val::not_evaluated("parseint() of a large number"), |number| exact(number as f64, "parseint")))
}

fn sum(arguments: &Arguments<'_>) -> Outcome {
    let list = arguments.list(0)?;
    if list.is_empty() {
        return fail("sum() of an empty list");
    }
    let mut sum = Val::Number(0.0);
    for value in list {
        sum = operators::binary(Binary::Add, &sum, value)?;
    }
    Ok(sum)
}
