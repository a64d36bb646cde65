//! Functions of texts.

use std::collections::BTreeMap;

use regex::{Regex, RegexBuilder};

use super::Arguments;
use crate::terraform::hcl::eval::operators;
use crate::terraform::hcl::eval::val::{LONGEST, Outcome, Val, fail};

pub fn call(arguments: &Arguments<'_>) -> Option<Outcome> {
    let text = || arguments.text(0);
    let two = || Ok((arguments.text(0)?, arguments.text(1)?));
    Some(match arguments.name {
        "chomp" => text().map(|text| Val::text(text.trim_end_matches(['\r', '\n']))),
        "lower" => text().map(|text| cased(&text, |c| c.to_lowercase().collect())),
        "upper" => text().map(|text| cased(&text, |c| c.to_uppercase().collect())),
        "title" => text().map(|text| title(&text)),
        "trimspace" => text().map(|text| Val::text(text.trim())),
        "strrev" => text().map(|text| match graphemes(&text) {
            Some(letters) => Val::text(letters.into_iter().rev().collect::<String>()),
            None => Val::not_evaluated("strrev() of a text with combined letters"),
        }),
        "trim" => two().map(|(text, cut)| Val::text(text.trim_matches(|c| cut.contains(c)))),
        "trimprefix" => two().map(|(text, cut)| Val::text(text.strip_prefix(&*cut).unwrap_or(&text))),
        "trimsuffix" => two().map(|(text, cut)| Val::text(text.strip_suffix(&*cut).unwrap_or(&text))),
        "startswith" => two().map(|(text, start)| Val::Bool(text.starts_with(&*start))),
        "endswith" => two().map(|(text, end)| Val::Bool(text.ends_with(&*end))),
        "strcontains" => two().map(|(text, part)| Val::Bool(text.contains(&*part))),
        "indent" => indent(arguments),
        "join" => join(arguments),
        "split" => two().map(|(by, text)| split(&by, &text)),
        "substr" => substr(arguments),
        "replace" => replace(arguments),
        "regex" => regex(arguments),
        "regexall" => regexall(arguments),
        "tostring" => arguments.get(0).and_then(|value| if value.is_null() { Ok(Val::Null) } else { operators::text(value) }),
        "tobool" => {
            arguments.get(0).and_then(|value| if value.is_null() { Ok(Val::Null) } else { operators::boolean(value).map(Val::Bool) })
        }
        "tonumber" => arguments.get(0).and_then(|value| match value {
            Val::Null => Ok(Val::Null),
            Val::Bool(_) => fail("a bool is no number"),
            value => operators::number(value).map(Val::Number),
        }),
        _ => return None,
    })
}

/// The letters, as a person counts them. None where marks combine, which takes tables that are not here.
pub fn graphemes(text: &str) -> Option<Vec<char>> {
    let plain = |c: char| (c < '\u{300}' && c != '\r') || ('\u{4e00}'..'\u{9fff}').contains(&c);
    text.chars().all(plain).then(|| text.chars().collect())
}

/// Letter by letter, each to one letter, as Go does it.
fn cased(text: &str, to: impl Fn(char) -> Vec<char>) -> Val {
    let mut cased = String::new();
    for c in text.chars() {
        match to(c).as_slice() {
            [one] => cased.push(*one),
            _ if c == 'ß' => cased.push(c),
            _ => return Val::not_evaluated("upper() or lower() of a letter that becomes several"),
        }
    }
    Val::text(cased)
}

fn title(text: &str) -> Val {
    if !text.is_ascii() {
        return Val::not_evaluated("title() of letters beyond ASCII");
    }
    let mut before = ' ';
    let titled = text.chars().map(|c| {
        let first = !(before.is_ascii_alphanumeric() || before == '_');
        before = c;
        if first { c.to_ascii_uppercase() } else { c }
    });
    Val::text(titled.collect::<String>())
}

fn indent(arguments: &Arguments<'_>) -> Outcome {
    let Ok(spaces @ 0..10_000) = usize::try_from(arguments.integer(0)?) else { return fail("indent() with no number of spaces") };
    let text = arguments.text(1)?;
    if text.len().saturating_add(spaces.saturating_mul(text.matches('\n').count())) > LONGEST {
        return Ok(Val::not_evaluated("a text that is too long to evaluate"));
    }
    Ok(Val::text(text.replace('\n', &format!("\n{}", " ".repeat(spaces)))))
}

fn join(arguments: &Arguments<'_>) -> Outcome {
    let by = arguments.text(0)?;
    let mut texts = Vec::new();
    for at in 1..arguments.values.len() {
        texts.extend(arguments.texts(at)?);
    }
    if texts.iter().map(|text| text.len() + by.len()).sum::<usize>() > LONGEST {
        return Ok(Val::not_evaluated("a text that is too long to evaluate"));
    }
    Ok(Val::text(texts.join(&by)))
}

fn split(by: &str, text: &str) -> Val {
    if by.is_empty() {
        return Val::list(text.chars().map(|c| Val::text(c.to_string())).collect());
    }
    Val::list(text.split(by).map(Val::from).collect())
}

fn substr(arguments: &Arguments<'_>) -> Outcome {
    let (text, from, length) = (arguments.text(0)?, arguments.integer(1)?, arguments.integer(2)?);
    let Some(letters) = graphemes(&text) else { return Ok(Val::not_evaluated("substr() of a text with combined letters")) };
    let all = i64::try_from(letters.len()).unwrap_or(i64::MAX);
    let from = if from < 0 { from.saturating_add(all).max(0) } else { from.min(all) };
    let to = if length < 0 { all } else { from.saturating_add(length).min(all) };
    if length < -1 {
        return Ok(Val::not_evaluated("substr() with a length below -1"));
    }
    let range = usize::try_from(from).unwrap_or_default()..usize::try_from(to).unwrap_or_default();
    Ok(Val::text(letters.get(range).unwrap_or_default().iter().collect::<String>()))
}

/// The expression as Go reads it. None: one that this library does not know, or where the two differ.
fn pattern(pattern: &str, text: &str) -> Option<Regex> {
    // Go's classes and boundaries are of ASCII.
    let classes = ["\\d", "\\D", "\\w", "\\W", "\\s", "\\S", "\\b", "\\B"].iter().any(|class| pattern.contains(class));
    if classes && !text.is_ascii() || pattern.contains("\\Q") || pattern.contains("\\C") || pattern.contains("&&") || pattern.contains("--")
    {
        return None;
    }
    RegexBuilder::new(pattern).size_limit(1 << 20).build().ok()
}

fn undecided(name: &str) -> Val {
    Val::not_evaluated(format!("{name}() with an expression that is not evaluated without Terraform"))
}

fn replace(arguments: &Arguments<'_>) -> Outcome {
    let (text, find, by) = (arguments.text(0)?, arguments.text(1)?, arguments.text(2)?);
    if find.len() > 1 && find.starts_with('/') && find.ends_with('/') {
        let Some(regex) = find.get(1..find.len() - 1).and_then(|find| pattern(find, &text)) else { return Ok(undecided("replace")) };
        if by.len().saturating_mul(text.len() + 1) > LONGEST {
            return Ok(Val::not_evaluated("a text that is too long to evaluate"));
        }
        return Ok(Val::text(regex.replace_all(&text, by.as_str()).into_owned()));
    }
    if by.len().saturating_mul(text.len() + 1) > LONGEST * 16 {
        return Ok(Val::not_evaluated("a text that is too long to evaluate"));
    }
    Ok(Val::text(text.replace(&*find, &by)))
}

/// Without groups the whole, with named groups a map, else a list of the groups.
fn found(regex: &Regex, captures: &regex::Captures<'_>) -> Option<Val> {
    let value = |group: Option<regex::Match<'_>>| group.map_or(Val::Null, |group| Val::text(group.as_str()));
    if regex.captures_len() == 1 {
        return Some(value(captures.get(0)));
    }
    let names: Vec<&str> = regex.capture_names().flatten().collect();
    if names.is_empty() {
        return Some(Val::list(captures.iter().skip(1).map(value).collect()));
    }
    if names.len() + 1 != regex.captures_len() {
        return None;
    }
    Some(Val::object(names.into_iter().map(|name| (name.to_owned(), value(captures.name(name)))).collect::<BTreeMap<_, _>>()))
}

fn regex(arguments: &Arguments<'_>) -> Outcome {
    let (find, text) = (arguments.text(0)?, arguments.text(1)?);
    let Some(regex) = pattern(&find, &text) else { return Ok(undecided("regex")) };
    match regex.captures(&text) {
        Some(captures) => Ok(found(&regex, &captures).unwrap_or_else(|| undecided("regex"))),
        None => fail("regex() found nothing"),
    }
}

fn regexall(arguments: &Arguments<'_>) -> Outcome {
    let (find, text) = (arguments.text(0)?, arguments.text(1)?);
    let Some(regex) = pattern(&find, &text) else { return Ok(undecided("regexall")) };
    let all = regex.captures_iter(&text).map(|captures| found(&regex, &captures)).collect::<Option<Vec<_>>>();
    Ok(all.map_or_else(|| undecided("regexall"), Val::list))
}
