//! Types of variables, and what becomes of a value that is given to one.

use std::collections::BTreeMap;

use super::super::syntax::{Expression, Kind};
use super::operators;
use super::val::{Outcome, Val, fail};

#[derive(Debug, Clone, PartialEq)]
pub enum Type {
    Any,
    Text,
    Number,
    Bool,
    List(Box<Type>),
    Set(Box<Type>),
    Map(Box<Type>),
    Object(BTreeMap<String, Member>),
    Tuple(Vec<Type>),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    pub of: Type,
    pub optional: bool,
    /// The second argument of `optional()`.
    pub default: Option<Expression>,
}

impl Type {
    pub fn is_primitive(&self) -> bool {
        matches!(self, Type::Text | Type::Number | Type::Bool)
    }

    /// `list(object({ name = optional(string, "x") }))`.
    pub fn read(expression: &Expression) -> Outcome<Type> {
        match &expression.kind {
            Kind::Variable(name) => Type::word(name),
            // As it was written before Terraform 0.12.
            Kind::Text(name) => Type::word(name),
            Kind::Call { name, arguments, .. } => match (name.as_str(), arguments.as_slice()) {
                ("list", [of]) => Ok(Type::List(Box::new(Type::read(of)?))),
                ("set", [of]) => Ok(Type::Set(Box::new(Type::read(of)?))),
                ("map", [of]) => Ok(Type::Map(Box::new(Type::read(of)?))),
                ("tuple", [Expression { kind: Kind::List(of), .. }]) => Ok(Type::Tuple(of.iter().map(Type::read).collect::<Outcome<_>>()?)),
                ("object", [Expression { kind: Kind::Object(members), .. }]) => {
                    let members = members.iter().map(|(name, of)| match name.as_text() {
                        Some(name) => Ok((name.to_owned(), member(of)?)),
                        None => fail("a type has a name that is no word"),
                    });
                    Ok(Type::Object(members.collect::<Outcome<_>>()?))
                }
                _ => fail(format!("there is no type '{name}' with these arguments")),
            },
            _ => fail("this is no type"),
        }
    }

    fn word(name: &str) -> Outcome<Type> {
        Ok(match name {
            "any" => Type::Any,
            "string" => Type::Text,
            "number" => Type::Number,
            "bool" => Type::Bool,
            "list" => Type::List(Box::new(Type::Any)),
            "set" => Type::Set(Box::new(Type::Any)),
            "map" => Type::Map(Box::new(Type::Any)),
            _ => return fail(format!("there is no type '{name}'")),
        })
    }
}

fn member(expression: &Expression) -> Outcome<Member> {
    if let Kind::Call { name, arguments, .. } = &expression.kind
        && name == "optional"
    {
        return match arguments.as_slice() {
            [of] => Ok(Member { of: Type::read(of)?, optional: true, default: None }),
            [of, default] => Ok(Member { of: Type::read(of)?, optional: true, default: Some(default.clone()) }),
            _ => fail("optional() takes a type and a default"),
        };
    }
    Ok(Member { of: Type::read(expression)?, optional: false, default: None })
}

/// The value as one of the type. Unknown stays unknown.
pub fn convert(value: &Val, to: &Type, constant: &dyn Fn(&Expression) -> Outcome) -> Outcome {
    let each = |values: &[Val], of: &Type| -> Outcome<Vec<Val>> {
        let values = values.iter().map(|value| convert(value, of, constant)).collect::<Outcome<Vec<Val>>>()?;
        Ok(if *of == Type::Any { unify(values) } else { values })
    };
    Ok(match (to, value) {
        (Type::Any, value) | (_, value @ (Val::Unknown(_) | Val::Null)) => value.clone(),
        (_, Val::Handle(_)) => Val::not_evaluated("a whole resource or module that is converted to a type"),
        (Type::Text, value) => operators::text(value)?,
        (Type::Number, value) => Val::Number(operators::number(value)?),
        (Type::Bool, value) => Val::Bool(operators::boolean(value)?),
        (Type::List(of), Val::List(list)) => {
            let order_is_known =
                !list.set || list.values.len() < 2 || list.values.iter().all(|value| matches!(value, Val::Text(_) | Val::Number(_)));
            if !order_is_known {
                return Ok(Val::not_evaluated("the order of a set"));
            }
            Val::list(each(&list.values, of)?)
        }
        (Type::Set(of), Val::List(list)) => Val::set(each(&list.values, of)?),
        (Type::Map(of), Val::Object(map)) => {
            let values = each(&map.values.values().cloned().collect::<Vec<_>>(), of)?;
            Val::object(map.values.keys().cloned().zip(values).collect())
        }
        (Type::Tuple(of), Val::List(list)) if of.len() == list.values.len() => {
            Val::list(list.values.iter().zip(of).map(|(value, of)| convert(value, of, constant)).collect::<Outcome<_>>()?)
        }
        (Type::Object(members), Val::Object(map)) => {
            let mut values = BTreeMap::new();
            for (name, member) in members {
                let given = map.values.get(name);
                if given.is_none() && !member.optional {
                    return fail(format!("the attribute '{name}' is missing"));
                }
                let value = match (given.unwrap_or(&Val::Null), &member.default) {
                    (Val::Null, Some(default)) => constant(default)?,
                    (value, _) => value.clone(),
                };
                values.insert(name.clone(), convert(&value, &member.of, constant)?);
            }
            Val::object(values)
        }
        (_, value) => return fail(format!("{} does not suit the type", value.kind())),
    })
}

/// The elements of a collection that is made of these. Numbers and bools have no type in common.
pub fn unified(values: Vec<Val>) -> Outcome<Vec<Val>> {
    let values = unify(values);
    let number = values.iter().any(|value| matches!(value, Val::Number(_)));
    let boolean = values.iter().any(|value| matches!(value, Val::Bool(_)));
    if number && boolean { fail("numbers and bools in one collection") } else { Ok(values) }
}

/// A value that has to have one type with another, which is not chosen.
pub fn like(value: &Val, other: &Val) -> Val {
    let text = |value: &Val| match value {
        Val::Number(_) | Val::Bool(_) => operators::text(value).unwrap_or(Val::Null),
        other => other.clone(),
    };
    match (value, other) {
        (_, Val::Text(_)) => text(value),
        (Val::List(a), Val::List(b)) if a.values.len() == b.values.len() && !a.set && !b.set => {
            Val::list(a.values.iter().zip(&b.values).map(|(a, b)| like(a, b)).collect())
        }
        (Val::List(a), Val::List(b)) if a.values.iter().chain(&b.values).any(|value| matches!(value, Val::Text(_))) => {
            let values = a.values.iter().map(text).collect();
            if a.set { Val::set(values) } else { Val::list(values) }
        }
        (Val::Object(a), Val::Object(b)) if a.values.keys().eq(b.values.keys()) => {
            Val::object(a.values.iter().zip(b.values.values()).map(|((key, a), b)| (key.clone(), like(a, b))).collect())
        }
        // Objects with other names become maps.
        (Val::Object(a), Val::Object(b)) if a.values.values().chain(b.values.values()).any(|value| matches!(value, Val::Text(_))) => {
            Val::object(a.values.iter().map(|(key, value)| (key.clone(), text(value))).collect())
        }
        _ => value.clone(),
    }
}

/// Elements of one collection have one type: with a text among them, numbers and bools are texts, also within lists and objects.
pub fn unify(values: Vec<Val>) -> Vec<Val> {
    let open = |value: &Val| matches!(value, Val::Null | Val::Unknown(_));
    let of_all = values
        .iter()
        .filter(|value| !open(value))
        .fold(Val::Null, |of_all, value| if of_all.is_null() { value.clone() } else { like(&of_all, value) });
    values.into_iter().map(|value| like(&value, &of_all)).collect()
}
