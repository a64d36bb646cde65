//! `format` and `formatlist`.

use super::Arguments;
use crate::terraform::hcl::eval::operators;
use crate::terraform::hcl::eval::val::{Outcome, Val, fail, number_text};

/// Widths and precisions beyond are nobody's.
const WIDEST: usize = 1_000;

pub fn call(arguments: &Arguments<'_>) -> Option<Outcome> {
    Some(match arguments.name {
        "format" => arguments.text(0).and_then(|pattern| format(&pattern, arguments.values.get(1..).unwrap_or_default())),
        "formatlist" => formatlist(arguments),
        _ => return None,
    })
}

fn formatlist(arguments: &Arguments<'_>) -> Outcome {
    let pattern = arguments.text(0)?;
    let values = arguments.values.get(1..).unwrap_or_default();
    let lists = values.iter().filter_map(|value| if let Val::List(list) = value { Some(list.values.len()) } else { None });
    let length = lists.clone().next().unwrap_or(1);
    if lists.clone().any(|other| other != length) {
        return fail("formatlist() of lists that are not equally long");
    }
    let row = |at: usize| -> Vec<Val> {
        let cell = |value: &Val| match value {
            Val::List(list) => list.values.get(at).cloned().unwrap_or(Val::Null),
            other => other.clone(),
        };
        values.iter().map(cell).collect()
    };
    Ok(Val::list((0..length).map(|at| format(&pattern, &row(at))).collect::<Outcome<_>>()?))
}

#[derive(Default)]
struct Verb {
    minus: bool,
    zero: bool,
    plus: bool,
    space: bool,
    sharp: bool,
    width: Option<usize>,
    precision: Option<usize>,
}

fn number(letters: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<usize> {
    let mut digits = String::new();
    while let Some(digit) = letters.next_if(char::is_ascii_digit) {
        digits.push(digit);
    }
    // What does not fit is too wide anyhow.
    (!digits.is_empty()).then(|| digits.parse::<usize>().unwrap_or(WIDEST).min(WIDEST))
}

pub fn format(pattern: &str, values: &[Val]) -> Outcome {
    let mut text = String::new();
    let mut next = 0;
    let mut letters = pattern.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter != '%' {
            text.push(letter);
            continue;
        }
        let mut verb = Verb::default();
        while let Some(flag) = letters.next_if(|c| matches!(c, '-' | '0' | '+' | ' ' | '#')) {
            match flag {
                '-' => verb.minus = true,
                '0' => verb.zero = true,
                '+' => verb.plus = true,
                ' ' => verb.space = true,
                _ => verb.sharp = true,
            }
        }
        verb.width = number(&mut letters);
        let mut at = next;
        if letters.next_if_eq(&'.').is_some() {
            verb.precision = Some(number(&mut letters).unwrap_or_default());
        }
        if letters.next_if_eq(&'[').is_some() {
            match (number(&mut letters), letters.next()) {
                (Some(number @ 1..), Some(']')) => at = number - 1,
                _ => return fail("format() with an index that is none"),
            }
        }
        let Some(letter) = letters.next() else { return fail("format() with a verb that is cut off") };
        if letter == '%' {
            text.push('%');
            continue;
        }
        let Some(value) = values.get(at) else { return fail("format() with too few values") };
        next = at + 1;
        match written(letter, &verb, value)? {
            Some(written) => pad(&written, &verb, &mut text),
            None => return Ok(Val::not_evaluated("format() with a verb that is not evaluated without Terraform")),
        }
    }
    if next < values.len() && !pattern.contains('[') {
        return fail("format() with too many values");
    }
    Ok(Val::text(text))
}

fn written(letter: char, verb: &Verb, value: &Val) -> Outcome<Option<String>> {
    let signed = |text: String, number: f64| match (number >= 0.0, verb.plus, verb.space) {
        (true, true, _) => format!("+{text}"),
        (true, false, true) => format!(" {text}"),
        _ => text,
    };
    if verb.sharp {
        return Ok(None);
    }
    Ok(match letter {
        's' => match operators::text(value)? {
            Val::Text(text) => Some(verb.precision.map_or(text.to_string(), |precision| text.chars().take(precision).collect())),
            _ => None,
        },
        'q' => match operators::text(value)? {
            Val::Text(text) => serde_json::to_string(&*text).ok(),
            _ => None,
        },
        't' => Some(operators::boolean(value)?.to_string()),
        'd' => {
            let number = operators::integer(value)?;
            Some(signed(number.to_string(), number as f64))
        }
        'x' | 'X' | 'o' | 'b' => match u64::try_from(operators::integer(value)?) {
            Ok(number) => Some(match letter {
                'x' => format!("{number:x}"),
                'X' => format!("{number:X}"),
                'o' => format!("{number:o}"),
                _ => format!("{number:b}"),
            }),
            Err(_) => None,
        },
        'f' => {
            let number = operators::number(value)?;
            let precision = verb.precision.unwrap_or(6);
            // A half may be rounded the other way by those who compute with more digits.
            let scaled = number.abs() * 10_f64.powi(i32::try_from(precision).unwrap_or(i32::MAX));
            ((scaled.fract() - 0.5).abs() > 1e-6 && scaled < 1e15).then(|| signed(format!("{number:.precision$}"), number))
        }
        'v' => match value {
            Val::Text(text) => Some(text.to_string()),
            Val::Number(number) => number_text(*number),
            Val::Bool(value) => Some(value.to_string()),
            Val::Null => Some("null".to_owned()),
            other => match super::encoding::call(&Arguments { name: "jsonencode", values: std::slice::from_ref(other) }) {
                Some(Ok(Val::Text(json))) => Some(json.to_string()),
                _ => None,
            },
        },
        's'..='z' | 'a'..='r' | 'A'..='Z' => None,
        _ => return fail("format() with a verb that is none"),
    }
    .filter(|_| verb.width.is_none_or(|width| width < WIDEST)))
}

fn pad(written: &str, verb: &Verb, into: &mut String) {
    let missing = verb.width.unwrap_or_default().saturating_sub(written.chars().count());
    let (sign, digits) = match written.strip_prefix(['-', '+', ' ']) {
        Some(digits) if verb.zero => (written.get(..1).unwrap_or_default(), digits),
        _ => ("", written),
    };
    if verb.minus {
        into.push_str(written);
        into.push_str(&" ".repeat(missing));
    } else if verb.zero {
        into.push_str(sign);
        into.push_str(&"0".repeat(missing));
        into.push_str(digits);
    } else {
        into.push_str(&" ".repeat(missing));
        into.push_str(written);
    }
}
