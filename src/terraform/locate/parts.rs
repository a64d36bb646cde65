//! The expressions that an expression is made of.

use crate::terraform::hcl::syntax::{Expression, Kind, Part};

/// Its operands, elements, arguments and so on; of an object, only the values.
pub fn parts(expression: &Expression) -> Vec<&Expression> {
    fn of_template<'e>(parts: &'e [Part], found: &mut Vec<&'e Expression>) {
        for part in parts {
            match part {
                Part::Literal(_) => {}
                Part::Value(value) => found.push(value),
                Part::If { condition, then, otherwise } => {
                    found.push(condition);
                    of_template(then, found);
                    of_template(otherwise, found);
                }
                Part::For { collection, body, .. } => {
                    found.push(collection);
                    of_template(body, found);
                }
            }
        }
    }
    match &expression.kind {
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) | Kind::Variable(_) => Vec::new(),
        Kind::Template(template) => {
            let mut found = Vec::new();
            of_template(template, &mut found);
            found
        }
        Kind::List(list) => list.iter().collect(),
        Kind::Object(members) => members.iter().map(|(_, value)| value).collect(),
        Kind::Traversal(base, _) => vec![base],
        Kind::Call { arguments, .. } => arguments.iter().collect(),
        Kind::Conditional(conditional) => vec![&conditional.condition, &conditional.then, &conditional.otherwise],
        Kind::Unary(_, operand) => vec![operand],
        Kind::Binary(_, operands) => vec![&operands.0, &operands.1],
        Kind::For(each) => {
            let key = each.key.iter().chain(&each.condition);
            [&each.collection, &each.value].into_iter().chain(key).collect()
        }
    }
}
