//! The condition operators (IAM: Condition operators; set operators for multivalued context keys).

use super::pattern::{Filled, covers, meet, wildcard};
use super::policy::Condition;
use super::request::{Request, Value};
use super::truth::Truth;

/// How a request with several values of the key is compared.
#[derive(Clone, Copy, PartialEq)]
enum Quantity {
    Single,
    ForAll,
    ForAny,
}

impl Condition {
    pub fn holds(&self, request: &Request, has_variables: bool) -> Truth {
        let (quantity, operator) = match self.operator.split_once(':') {
            Some(("ForAllValues", operator)) => (Quantity::ForAll, operator),
            Some(("ForAnyValue", operator)) => (Quantity::ForAny, operator),
            Some(_) => return self.not_understood(),
            None => (Quantity::Single, self.operator.as_str()),
        };
        let (operator, if_exists) = operator.strip_suffix("IfExists").map_or((operator, false), |operator| (operator, true));
        let value = request.value(&self.key);
        if operator == "Null" {
            return self.is_null(value);
        }
        let Some((compare, negated)) = comparison(operator) else { return self.not_understood() };
        if self.values.is_empty() {
            return self.not_understood();
        }
        let one = |value: &str, form: bool| {
            Truth::any(self.values.iter().map(|wanted| compare(wanted, value, form, &Compared { request, has_variables, key: &self.key })))
        };
        let each = |value: &str| if negated { one(value, false).not() } else { one(value, false) };
        match value {
            Some(Value::Absent) if if_exists => Truth::Yes,
            // No value is there that could differ from what ForAllValues asks, or be what ForAnyValue looks for.
            Some(Value::Absent) => Truth::of(match quantity {
                Quantity::ForAll => true,
                Quantity::ForAny => false,
                Quantity::Single => negated,
            }),
            Some(Value::One(value)) => each(value),
            Some(Value::Many(values)) => match quantity {
                Quantity::ForAll => Truth::all(values.iter().map(|value| each(value))),
                Quantity::ForAny => Truth::any(values.iter().map(|value| each(value))),
                Quantity::Single => Truth::odd(format!("'{}', which has several values, as if it had one", self.key)),
            },
            Some(Value::Form(form)) => {
                let matched = one(form, true);
                if negated { matched.not() } else { matched }
            }
            Some(Value::AmongOthers(value)) if !negated && quantity == Quantity::Single && one(value, false).is_yes() => Truth::Yes,
            Some(Value::AmongOthers(_)) | None => Truth::key(&self.key),
        }
    }

    fn is_null(&self, value: Option<&Value>) -> Truth {
        let wanted: Option<Vec<bool>> = self.values.iter().map(|value| truth(value)).collect();
        match (wanted.as_deref(), value) {
            (Some([_, ..]), None) => Truth::key(&self.key),
            (Some(wanted @ [_, ..]), Some(value)) => Truth::of(wanted.contains(&(*value == Value::Absent))),
            _ => self.not_understood(),
        }
    }

    fn not_understood(&self) -> Truth {
        Truth::odd(format!("the condition '{}' on '{}', which is not understood", self.operator, self.key))
    }
}

fn truth(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

/// What a comparison may look at beside the two values.
struct Compared<'a> {
    request: &'a Request,
    has_variables: bool,
    key: &'a str,
}

impl Compared<'_> {
    fn odd(&self, wanted: &str) -> Truth {
        Truth::odd(format!("'{wanted}' for '{}', which cannot be compared", self.key))
    }
}

/// What the policy wants, what the request has, and whether that is only the form of it.
type Compare = fn(&str, &str, bool, &Compared) -> Truth;

/// The comparison and whether it is turned around.
fn comparison(operator: &str) -> Option<(Compare, bool)> {
    Some(match operator {
        "StringEquals" => (equals, false),
        "StringNotEquals" => (equals, true),
        "StringEqualsIgnoreCase" => (equals_ignoring_case, false),
        "StringNotEqualsIgnoreCase" => (equals_ignoring_case, true),
        "StringLike" => (like, false),
        "StringNotLike" => (like, true),
        "ArnEquals" | "ArnLike" => (arn_like, false),
        "ArnNotEquals" | "ArnNotLike" => (arn_like, true),
        "Bool" => (same_truth, false),
        "NumericEquals" | "DateEquals" => (|wanted, value, form, of| ordered(wanted, value, form, of, |o| o.is_eq()), false),
        "NumericNotEquals" | "DateNotEquals" => (|wanted, value, form, of| ordered(wanted, value, form, of, |o| o.is_eq()), true),
        "NumericLessThan" | "DateLessThan" => (|wanted, value, form, of| ordered(wanted, value, form, of, |o| o.is_lt()), false),
        "NumericLessThanEquals" | "DateLessThanEquals" => {
            (|wanted, value, form, of| ordered(wanted, value, form, of, |o| o.is_le()), false)
        }
        "NumericGreaterThan" | "DateGreaterThan" => (|wanted, value, form, of| ordered(wanted, value, form, of, |o| o.is_gt()), false),
        "NumericGreaterThanEquals" | "DateGreaterThanEquals" => {
            (|wanted, value, form, of| ordered(wanted, value, form, of, |o| o.is_ge()), false)
        }
        // Addresses and binary values are not compared: with the key absent they are decided all the same.
        "IpAddress" | "BinaryEquals" => (|wanted, _, _, of| of.odd(wanted), false),
        "NotIpAddress" => (|wanted, _, _, of| of.odd(wanted), true),
        _ => return None,
    })
}

fn equals(wanted: &str, value: &str, form: bool, of: &Compared) -> Truth {
    let filled = Filled::of(wanted, of.request, of.has_variables);
    if !filled.unknown.is_empty() {
        return filled.verdict(Truth::of(meet(&filled.pattern, value)));
    }
    match form {
        true if wildcard(value, &filled.pattern) => Truth::key(of.key),
        true => Truth::No,
        false => Truth::of(filled.pattern == value),
    }
}

fn equals_ignoring_case(wanted: &str, value: &str, form: bool, of: &Compared) -> Truth {
    // A variable's own name keeps its case, and its value stands for any.
    let filled = Filled::of(wanted, of.request, of.has_variables);
    if !filled.unknown.is_empty() {
        return filled.verdict(Truth::of(meet(&filled.pattern.to_lowercase(), &value.to_lowercase())));
    }
    equals(&filled.pattern.to_lowercase(), &value.to_lowercase(), form, &Compared { has_variables: false, ..*of })
}

fn like(wanted: &str, value: &str, form: bool, of: &Compared) -> Truth {
    let filled = Filled::of(wanted, of.request, of.has_variables);
    let matched = match form {
        true => match (covers(&filled.pattern, value), meet(&filled.pattern, value)) {
            (true, _) => Truth::Yes,
            (false, true) => Truth::key(of.key),
            (false, false) => Truth::No,
        },
        false => Truth::of(wildcard(&filled.pattern, value)),
    };
    filled.verdict(matched)
}

/// Each of the six parts of the ARN is compared on its own. `*` for the whole is understood as any ARN.
fn arn_like(wanted: &str, value: &str, form: bool, of: &Compared) -> Truth {
    let parts = |text: &str| text.splitn(6, ':').map(str::to_owned).collect::<Vec<_>>();
    let (patterns, values) = (parts(wanted), parts(value));
    if wanted == "*" {
        return Truth::Yes;
    }
    if patterns.len() < 6 {
        // No ARN. What its wildcards were meant for is not guessed; without one before the first colon it surely is no ARN's.
        return match like(wanted, value, form, of) {
            Truth::No if !patterns[0].contains(['*', '?']) => Truth::No,
            _ => of.odd(wanted),
        };
    }
    if values.len() < 6 {
        return Truth::No;
    }
    Truth::all(patterns.iter().zip(&values).map(|(pattern, value)| like(pattern, value, form, of)))
}

fn same_truth(wanted: &str, value: &str, form: bool, of: &Compared) -> Truth {
    match (truth(wanted), truth(value)) {
        (Some(wanted), Some(value)) if !form => Truth::of(wanted == value),
        _ => of.odd(wanted),
    }
}

fn ordered(wanted: &str, value: &str, form: bool, of: &Compared, holds: fn(std::cmp::Ordering) -> bool) -> Truth {
    match (number(value), number(wanted)) {
        (Some(value), Some(wanted)) if !form => {
            value.partial_cmp(&wanted).map_or_else(|| Truth::key(of.key), |order| Truth::of(holds(order)))
        }
        _ => of.odd(wanted),
    }
}

/// A number, or a date as seconds since 1970: dates are written either way.
fn number(text: &str) -> Option<f64> {
    let date = || chrono::DateTime::parse_from_rfc3339(text).ok().map(|date| date.timestamp_millis() as f64 / 1000.0);
    let day = || chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?.and_hms_opt(0, 0, 0).map(|day| day.and_utc().timestamp() as f64);
    text.parse().ok().filter(|number: &f64| number.is_finite()).or_else(date).or_else(day)
}
