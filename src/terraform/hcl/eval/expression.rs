//! Expressions of all kinds but references.

use std::collections::BTreeMap;

use super::super::functions;
use super::super::syntax::{Binary, Conditional, Expression, For, Kind, Part};
use super::operators;
use super::types;
use super::val::{Outcome, Seq, Val, fail};
use super::{Bound, DEEPEST, Evaluator, MOST, Scope};

impl Evaluator<'_> {
    pub fn evaluate(&self, expression: &Expression, scope: Scope<'_>) -> Outcome {
        self.steps.set(self.steps.get() + 1);
        if self.depth.get() > DEEPEST {
            return Ok(Val::not_evaluated("expressions that are nested too deeply to evaluate"));
        }
        if self.steps.get() > MOST {
            return Ok(Val::not_evaluated("more expressions than are evaluated of one root"));
        }
        self.depth.set(self.depth.get() + 1);
        let outcome = self.kind(expression, scope);
        self.depth.set(self.depth.get() - 1);
        outcome
    }

    fn kind(&self, expression: &Expression, scope: Scope<'_>) -> Outcome {
        match &expression.kind {
            Kind::Null => Ok(Val::Null),
            Kind::Bool(value) => Ok(Val::Bool(*value)),
            Kind::Number(value) => Ok(Val::number(*value)),
            Kind::Text(text) => Ok(Val::text(text.as_str())),
            Kind::Template(parts) => self.template(parts, scope),
            Kind::List(values) => Ok(Val::list(values.iter().map(|value| self.evaluate(value, scope)).collect::<Outcome<_>>()?)),
            Kind::Object(members) => self.object(members, scope),
            Kind::Variable(name) => self.reference(name, &[], scope),
            Kind::Traversal(base, steps) => match &base.kind {
                Kind::Variable(name) => self.reference(name, steps, scope),
                _ => {
                    let value = self.evaluate(base, scope)?;
                    self.steps(value, steps, scope)
                }
            },
            Kind::Call { name, arguments, expand } => functions::call(self, name, arguments, *expand, scope),
            Kind::Conditional(conditional) => self.conditional(conditional, scope),
            Kind::Unary(operator, value) => operators::unary(*operator, &self.evaluate(value, scope)?),
            Kind::Binary(operator, sides) => self.binary(*operator, &sides.0, &sides.1, scope),
            Kind::For(value) => self.for_each(value, scope),
        }
    }

    fn object(&self, members: &[(Expression, Expression)], scope: Scope<'_>) -> Outcome {
        let mut values = BTreeMap::new();
        for (key, value) in members {
            match operators::text(&self.evaluate(key, scope)?)? {
                Val::Text(key) => {
                    values.insert(key.to_string(), self.evaluate(value, scope)?);
                }
                // Which of the names it is decides what every other name holds.
                unknown => return Ok(unknown.any_unknown().unwrap_or(Val::Null)),
            }
        }
        Ok(Val::object(values))
    }

    fn binary(&self, operator: Binary, a: &Expression, b: &Expression, scope: Scope<'_>) -> Outcome {
        let a = self.evaluate(a, scope)?;
        // Whatever the other side is, it does not matter.
        let decides = match operator {
            Binary::And => Some(false),
            Binary::Or => Some(true),
            _ => None,
        };
        if let (Some(decides), Ok(known)) = (decides, operators::boolean(&a))
            && known == decides
        {
            return Ok(Val::Bool(decides));
        }
        let b = self.evaluate(b, scope)?;
        if let (Some(decides), Val::Unknown(_)) = (decides, &a)
            && operators::boolean(&b).is_ok_and(|known| known == decides)
        {
            return Ok(Val::Bool(decides));
        }
        operators::binary(operator, &a, &b)
    }

    /// Both branches have one type: where one of them is a text, so is the other, and so it is within lists and objects.
    fn conditional(&self, conditional: &Conditional, scope: Scope<'_>) -> Outcome {
        let condition = self.evaluate(&conditional.condition, scope)?;
        if let Some(unknown) = condition.as_unknown() {
            return Ok(Val::made_of(unknown));
        }
        let (chosen, other) = match operators::boolean(&condition)? {
            true => (&conditional.then, &conditional.otherwise),
            false => (&conditional.otherwise, &conditional.then),
        };
        let value = self.evaluate(chosen, scope)?;
        if !matches!(value, Val::Number(_) | Val::Bool(_) | Val::List(_) | Val::Object(_)) {
            return Ok(value);
        }
        Ok(self.evaluate(other, scope).map_or_else(|_| value.clone(), |other| types::like(&value, &other)))
    }

    /// Keys and values of a collection, in Terraform's order. `Err(Val)`: not known.
    pub fn entries(&self, collection: &Val) -> Outcome<Result<Vec<(Val, Val)>, Val>> {
        Ok(match collection {
            Val::List(list) if list.set && !ordered(list) => Err(Val::not_evaluated("the order of a set")),
            Val::List(list) if list.set => Ok(list.values.iter().map(|value| (value.clone(), value.clone())).collect()),
            Val::List(list) => Ok(list.values.iter().enumerate().map(|(at, value)| (Val::Number(at as f64), value.clone())).collect()),
            Val::Object(map) => Ok(map.values.iter().map(|(key, value)| (Val::text(key.as_str()), value.clone())).collect()),
            Val::Unknown(unknown) => Err(Val::made_of(unknown)),
            Val::Handle(_) => Err(collection.any_unknown().unwrap_or(Val::Null)),
            other => return fail(format!("{} cannot be gone through", other.kind())),
        })
    }

    fn for_each(&self, value: &For, scope: Scope<'_>) -> Outcome {
        let collection = self.evaluate(&value.collection, scope)?;
        // An object does not depend on the order; a list of what a set holds does.
        let by_name = value.key.is_some() && !value.grouping;
        let entries = match (&collection, self.entries(&collection)?) {
            (Val::List(list), Err(_)) if list.set && by_name => list.values.iter().map(|value| (value.clone(), value.clone())).collect(),
            (_, Ok(entries)) => entries,
            (_, Err(unknown)) => return Ok(unknown),
        };
        let mut list = Vec::new();
        let mut object: BTreeMap<String, Val> = BTreeMap::new();
        let mut groups: BTreeMap<String, Vec<Val>> = BTreeMap::new();
        for (key, item) in entries {
            let item = Bound { name: &value.value_name, value: item, outer: scope.bound };
            let inner = scope.with(&item);
            let bound;
            let inner = match &value.key_name {
                Some(name) => {
                    bound = Bound { name, value: key, outer: inner.bound };
                    inner.with(&bound)
                }
                None => inner,
            };
            if let Some(condition) = &value.condition {
                match self.evaluate(condition, inner)? {
                    // Whether this one is in is open, and with it how many there are.
                    Val::Unknown(unknown) => return Ok(Val::made_of(&unknown)),
                    known if !operators::boolean(&known)? => continue,
                    _ => {}
                }
            }
            let Some(key) = &value.key else {
                list.push(self.evaluate(&value.value, inner)?);
                continue;
            };
            let name = match operators::text(&self.evaluate(key, inner)?)? {
                Val::Text(name) => name.to_string(),
                unknown => return Ok(unknown.any_unknown().unwrap_or(Val::Null)),
            };
            let made = self.evaluate(&value.value, inner)?;
            if value.grouping {
                groups.entry(name).or_default().push(made);
            } else if object.insert(name, made).is_some() {
                return fail("two elements of a `for` expression have the same key");
            }
        }
        Ok(match (&value.key, value.grouping) {
            (None, _) => Val::list(list),
            (Some(_), true) => Val::object(groups.into_iter().map(|(name, values)| (name, Val::list(values))).collect()),
            (Some(_), false) => Val::object(object),
        })
    }

    fn template(&self, parts: &[Part], scope: Scope<'_>) -> Outcome {
        // `"${x}"` is x, whatever it is.
        if let [Part::Value(value)] = parts {
            return self.evaluate(value, scope);
        }
        let mut text = String::new();
        match self.parts(parts, scope, &mut text)? {
            Some(unknown) => Ok(unknown),
            None => Ok(Val::text(text)),
        }
    }

    /// Writes the parts. Returned: what keeps the text from being known.
    pub fn parts(&self, parts: &[Part], scope: Scope<'_>, into: &mut String) -> Outcome<Option<Val>> {
        let mut unknown = None;
        for part in parts {
            let missing = match part {
                Part::Literal(text) => {
                    into.push_str(text);
                    None
                }
                Part::Value(value) => match operators::text(&self.evaluate(value, scope)?)? {
                    Val::Text(text) => {
                        into.push_str(&text);
                        None
                    }
                    other => other.any_unknown(),
                },
                Part::If { condition, then, otherwise } => match self.evaluate(condition, scope)? {
                    Val::Unknown(unknown) => Some(Val::made_of(&unknown)),
                    known => self.parts(if operators::boolean(&known)? { then } else { otherwise }, scope, into)?,
                },
                Part::For { key_name, value_name, collection, body } => {
                    self.template_for((key_name.as_deref(), value_name), collection, body, scope, into)?
                }
            };
            unknown = unknown.or(missing);
            if into.len() > super::val::LONGEST {
                return Ok(Some(Val::not_evaluated("a text that is too long to evaluate")));
            }
        }
        Ok(unknown)
    }

    fn template_for(
        &self,
        (key_name, value_name): (Option<&str>, &str),
        collection: &Expression,
        body: &[Part],
        scope: Scope<'_>,
        into: &mut String,
    ) -> Outcome<Option<Val>> {
        let entries = match self.entries(&self.evaluate(collection, scope)?)? {
            Ok(entries) => entries,
            Err(unknown) => return Ok(Some(unknown)),
        };
        let mut missing = None;
        for (key, value) in entries {
            let value = Bound { name: value_name, value, outer: scope.bound };
            let key = Bound { name: key_name.unwrap_or_default(), value: key, outer: Some(&value) };
            missing = missing.or(self.parts(body, scope.with(&key), into)?);
        }
        Ok(missing)
    }
}

/// Whether Terraform's order of the set is known here.
pub fn ordered(set: &Seq) -> bool {
    set.values.len() < 2
        || set.values.iter().all(|value| matches!(value, Val::Text(_)))
        || set.values.iter().all(|value| matches!(value, Val::Number(_)))
}
