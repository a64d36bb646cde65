//! From hcl-edit's tree to ours.

use hcl_edit::Span as _;
use hcl_edit::expr::{self, BinaryOperator, ObjectKey, TraversalOperator, UnaryOperator};
use hcl_edit::structure::{self, Structure};

use super::syntax::{Attribute, Binary, Block, Body, Conditional, Expression, For, Kind, Span, Step, Unary};
use super::template;

/// What a conversion needs to know of the text: which file it is, and where in it the parsed text begins.
#[derive(Clone, Copy)]
pub struct Origin<'a> {
    pub file: usize,
    /// What the parser read.
    pub text: &'a str,
    /// Where the text stands in the file.
    pub offset: usize,
    /// Set where offsets in the text say nothing about the file, as in a JSON string with escapes: everything spans this.
    pub whole: Option<Span>,
}

impl Origin<'_> {
    pub fn span(&self, range: Option<std::ops::Range<usize>>, parent: Span) -> Span {
        match (self.whole, range) {
            (Some(whole), _) => whole,
            (None, Some(range)) => Span { file: self.file, start: self.offset + range.start, end: self.offset + range.end },
            (None, None) => parent,
        }
    }
}

pub fn body(body: &structure::Body, origin: Origin<'_>, parent: Span) -> Body {
    let mut converted = Body::default();
    for structure in body {
        match structure {
            Structure::Attribute(attribute) => {
                let span = origin.span(attribute.span(), parent);
                converted.attributes.push(Attribute {
                    name: attribute.key.to_string(),
                    name_span: origin.span(attribute.key.span(), span),
                    span,
                    value: expression(&attribute.value, origin, span),
                });
            }
            Structure::Block(block) => converted.blocks.push(self::block(block, origin, parent)),
        }
    }
    converted
}

fn block(block: &structure::Block, origin: Origin<'_>, parent: Span) -> Block {
    let span = origin.span(block.span(), parent);
    let kind = origin.span(block.ident.span(), span);
    let end = block.labels.last().map_or(kind, |label| origin.span(label.span(), kind)).end;
    Block {
        kind: block.ident.to_string(),
        labels: block.labels.iter().map(|label| label.as_str().to_owned()).collect(),
        span,
        header: Span { end: end.max(kind.end), ..kind },
        body: body(&block.body, origin, span),
    }
}

pub fn expression(value: &expr::Expression, origin: Origin<'_>, parent: Span) -> Expression {
    let span = origin.span(value.span(), parent);
    let inner = |value: &expr::Expression| expression(value, origin, span);
    let kind = match value {
        expr::Expression::Null(_) => Kind::Null,
        expr::Expression::Bool(value) => Kind::Bool(*value.value()),
        // Always there: a number that is no integer is a float.
        expr::Expression::Number(number) => {
            // hcl-edit has no zero below zero; Terraform writes it as it is.
            let below = value.span().and_then(|range| origin.text.get(range)).is_some_and(|text| text.starts_with('-'));
            number.value().as_f64().map_or(Kind::Null, |number| Kind::Number(if below && number == 0.0 { -0.0 } else { number }))
        }
        expr::Expression::String(value) => Kind::Text(value.value().clone()),
        expr::Expression::StringTemplate(value) => template::quoted(value, origin, span),
        expr::Expression::HeredocTemplate(heredoc) => {
            let written = value.span().and_then(|range| origin.text.get(range));
            template::heredoc(heredoc, written.is_some_and(|text| text.starts_with("<<-")), origin, span)
        }
        expr::Expression::Array(values) => Kind::List(values.iter().map(inner).collect()),
        expr::Expression::Object(object) => {
            Kind::Object(object.iter().map(|(key, value)| (object_key(key, origin, span), inner(value.expr()))).collect())
        }
        expr::Expression::Parenthesis(value) => return inner(value.inner()),
        expr::Expression::Variable(name) => Kind::Variable(name.to_string()),
        expr::Expression::Conditional(value) => Kind::Conditional(Box::new(Conditional {
            condition: inner(&value.cond_expr),
            then: inner(&value.true_expr),
            otherwise: inner(&value.false_expr),
        })),
        expr::Expression::FuncCall(call) => Kind::Call {
            name: call.name.namespace.iter().chain([&call.name.name]).map(ToString::to_string).collect::<Vec<_>>().join("::"),
            arguments: call.args.iter().map(inner).collect(),
            expand: call.args.expand_final(),
        },
        expr::Expression::Traversal(traversal) => {
            let steps = traversal.operators.iter().map(|operator| step(operator, origin, span)).collect();
            Kind::Traversal(Box::new(inner(&traversal.expr)), steps)
        }
        expr::Expression::UnaryOp(operation) => Kind::Unary(
            match *operation.operator.value() {
                UnaryOperator::Not => Unary::Not,
                UnaryOperator::Neg => Unary::Negate,
            },
            Box::new(inner(&operation.expr)),
        ),
        expr::Expression::BinaryOp(operation) => {
            Kind::Binary(binary(*operation.operator.value()), Box::new((inner(&operation.lhs_expr), inner(&operation.rhs_expr))))
        }
        expr::Expression::ForExpr(value) => Kind::For(Box::new(For {
            key_name: value.intro.key_var.as_ref().map(ToString::to_string),
            value_name: value.intro.value_var.to_string(),
            collection: inner(&value.intro.collection_expr),
            key: value.key_expr.as_ref().map(inner),
            value: inner(&value.value_expr),
            grouping: value.grouping,
            condition: value.cond.as_ref().map(|condition| inner(&condition.expr)),
        })),
    };
    Expression { span, kind }
}

/// A bare word is a name, also where it is `true` or `null`; everything else is evaluated.
fn object_key(key: &ObjectKey, origin: Origin<'_>, parent: Span) -> Expression {
    let span = origin.span(key.span(), parent);
    let word = |text: &str| Expression { span, kind: Kind::Text(text.to_owned()) };
    match key {
        ObjectKey::Ident(name) => word(name.as_str()),
        ObjectKey::Expression(expr::Expression::Bool(value)) => word(if *value.value() { "true" } else { "false" }),
        ObjectKey::Expression(expr::Expression::Null(_)) => word("null"),
        ObjectKey::Expression(key) => expression(key, origin, span),
    }
}

fn step(operator: &TraversalOperator, origin: Origin<'_>, parent: Span) -> Step {
    match operator {
        TraversalOperator::GetAttr(name) => Step::Attribute(name.to_string(), origin.span(name.span(), parent)),
        TraversalOperator::Index(index) => Step::Index(expression(index, origin, parent)),
        TraversalOperator::LegacyIndex(index) => Step::Index(Expression { span: parent, kind: Kind::Number(*index.value() as f64) }),
        TraversalOperator::AttrSplat(_) => Step::AttributeSplat,
        TraversalOperator::FullSplat(_) => Step::FullSplat,
    }
}

fn binary(operator: BinaryOperator) -> Binary {
    match operator {
        BinaryOperator::Eq => Binary::Equal,
        BinaryOperator::NotEq => Binary::NotEqual,
        BinaryOperator::LessEq => Binary::LessOrEqual,
        BinaryOperator::GreaterEq => Binary::GreaterOrEqual,
        BinaryOperator::Less => Binary::Less,
        BinaryOperator::Greater => Binary::Greater,
        BinaryOperator::Plus => Binary::Add,
        BinaryOperator::Minus => Binary::Subtract,
        BinaryOperator::Mul => Binary::Multiply,
        BinaryOperator::Div => Binary::Divide,
        BinaryOperator::Mod => Binary::Modulo,
        BinaryOperator::And => Binary::And,
        BinaryOperator::Or => Binary::Or,
    }
}
