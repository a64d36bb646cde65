//! Templates: where white space goes, and which pieces stand within which directive.
//!
//! Terraform removes white space from a flat sequence of tokens, in which each line of a heredoc or of a file is a token of its own: `~` reaches
//! to the end of its line and not into the next one, and a line whose break was removed no longer counts for the indentation.

use hcl_edit::Span as _;
use hcl_edit::template::{Directive, Element, HeredocTemplate, StringTemplate, Strip, Template};

use super::convert::{Origin, expression};
use super::syntax::{Kind, Part, Span};

enum Token {
    Literal(String),
    Value(super::syntax::Expression),
    If(super::syntax::Expression),
    Else,
    EndIf,
    For { key_name: Option<String>, value_name: String, collection: super::syntax::Expression },
    EndFor,
}

struct Tokens<'a> {
    list: Vec<Token>,
    origin: Origin<'a>,
    parent: Span,
    /// Whether each line is a token of its own, read from the text.
    lines: bool,
    /// The directive before ended with `~}`.
    trim_next: bool,
}

pub fn quoted(template: &StringTemplate, origin: Origin<'_>, span: Span) -> Kind {
    let mut tokens = Tokens { list: Vec::new(), origin, parent: span, lines: false, trim_next: false };
    tokens.elements(template.iter());
    kind(tokens.list)
}

pub fn heredoc(heredoc: &HeredocTemplate, indented: bool, origin: Origin<'_>, span: Span) -> Kind {
    let mut tokens = Tokens { list: Vec::new(), origin, parent: span, lines: true, trim_next: false };
    tokens.elements(heredoc.template.iter());
    if indented {
        flush(&mut tokens.list);
    }
    kind(tokens.list)
}

/// A file, or a string of JSON.
pub fn whole(template: &Template, origin: Origin<'_>, span: Span) -> Kind {
    let mut tokens = Tokens { list: Vec::new(), origin, parent: span, lines: true, trim_next: false };
    tokens.elements(template.iter());
    kind(tokens.list)
}

impl Tokens<'_> {
    fn elements<'e>(&mut self, elements: impl Iterator<Item = &'e Element>) {
        for element in elements {
            match element {
                Element::Literal(literal) => {
                    // hcl-edit removes the indentation in a way of its own; the text is as it was written.
                    let written = literal.span().filter(|_| self.lines).and_then(|range| self.origin.text.get(range));
                    let text = written.map_or_else(|| literal.value().clone(), |text| text.replace("$${", "${").replace("%%{", "%{"));
                    if self.lines { text.split_inclusive('\n').for_each(|line| self.literal(line)) } else { self.literal(&text) }
                }
                Element::Interpolation(value) => {
                    let expression = expression(&value.expr, self.origin, self.parent);
                    self.marker(Token::Value(expression), value.strip);
                }
                Element::Directive(directive) => self.directive(directive),
            }
        }
    }

    fn directive(&mut self, directive: &Directive) {
        match directive {
            Directive::If(directive) => {
                let condition = expression(&directive.if_expr.cond_expr, self.origin, self.parent);
                self.marker(Token::If(condition), directive.if_expr.strip);
                self.elements(directive.if_expr.template.iter());
                if let Some(otherwise) = &directive.else_expr {
                    self.marker(Token::Else, otherwise.strip);
                    self.elements(otherwise.template.iter());
                }
                self.marker(Token::EndIf, directive.endif_expr.strip);
            }
            Directive::For(directive) => {
                let intro = &directive.for_expr;
                let token = Token::For {
                    key_name: intro.key_var.as_ref().map(ToString::to_string),
                    value_name: intro.value_var.to_string(),
                    collection: expression(&intro.collection_expr, self.origin, self.parent),
                };
                self.marker(token, intro.strip);
                self.elements(intro.template.iter());
                self.marker(Token::EndFor, directive.endfor_expr.strip);
            }
        }
    }

    fn literal(&mut self, text: &str) {
        let text = if std::mem::take(&mut self.trim_next) { text.trim_start() } else { text };
        self.list.push(Token::Literal(text.to_owned()));
    }

    fn marker(&mut self, token: Token, strip: Strip) {
        if let (true, Some(Token::Literal(text))) = (strip.strip_start(), self.list.last_mut()) {
            text.truncate(text.trim_end().len());
        }
        self.trim_next = strip.strip_end();
        self.list.push(token);
    }
}

/// Removes the indentation that all lines of `<<-` share. Blank lines do not count, and stay as they are.
fn flush(tokens: &mut [Token]) {
    let mut indent: Option<usize> = None;
    let mut starts = Vec::new();
    let mut line_begins = true;
    for (at, token) in tokens.iter().enumerate() {
        let text = if let Token::Literal(text) = token { Some(text.as_str()) } else { None };
        if std::mem::replace(&mut line_begins, text.is_some_and(|text| text.ends_with('\n'))) {
            let blank = text.is_some_and(|text| text.trim().is_empty() && text.ends_with('\n'));
            if !blank {
                let spaces = text.map_or(0, |text| text.chars().take_while(|c| c.is_whitespace()).count());
                indent = Some(indent.map_or(spaces, |indent| indent.min(spaces)));
                starts.push(at);
            }
        }
    }
    for at in starts {
        if let Some(Token::Literal(text)) = tokens.get_mut(at) {
            *text = text.chars().skip(indent.unwrap_or_default()).collect();
        }
    }
}

fn kind(tokens: Vec<Token>) -> Kind {
    let mut parts = nest(&mut tokens.into_iter()).0;
    match (parts.pop(), parts.is_empty()) {
        (None, _) => Kind::Text(String::new()),
        (Some(Part::Literal(text)), true) => Kind::Text(text),
        (Some(last), _) => {
            parts.push(last);
            Kind::Template(parts)
        }
    }
}

/// The pieces up to the end of the directive that they stand in, and what ended it. The parser has seen to it that directives are closed.
fn nest(tokens: &mut impl Iterator<Item = Token>) -> (Vec<Part>, Option<Token>) {
    let mut parts: Vec<Part> = Vec::new();
    while let Some(token) = tokens.next() {
        match token {
            Token::Literal(text) => match parts.last_mut() {
                Some(Part::Literal(before)) => before.push_str(&text),
                _ => parts.push(Part::Literal(text)),
            },
            Token::Value(expression) => parts.push(Part::Value(expression)),
            Token::If(condition) => {
                let (then, end) = nest(tokens);
                let otherwise = if matches!(end, Some(Token::Else)) { nest(tokens).0 } else { Vec::new() };
                parts.push(Part::If { condition, then, otherwise });
            }
            Token::For { key_name, value_name, collection } => {
                parts.push(Part::For { key_name, value_name, collection, body: nest(tokens).0 });
            }
            end @ (Token::Else | Token::EndIf | Token::EndFor) => return (parts, Some(end)),
        }
    }
    (parts, None)
}
