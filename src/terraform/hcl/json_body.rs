//! A configuration written in JSON (`.tf.json`), as the blocks and attributes that it stands for.
//!
//! JSON does not tell a nested block from an attribute that holds an object; the provider's schema does. Here a list of the names of the
//! blocks does, of the resource types that matter.

use super::convert::{self, Origin};
use super::json::{Json, JsonKind, Member};
use super::syntax::{Attribute, Block, Body, Expression, Kind, Span};
use super::template;

/// Nested blocks of resources, data sources and providers.
const BLOCKS: &[&str] = &[
    "advanced_backup_setting",
    "advanced_event_selector",
    "assume_role",
    "assume_role_with_web_identity",
    "attribute",
    "condition",
    "control",
    "copy_action",
    "data_resource",
    "default_tags",
    "event_selector",
    "field_selector",
    "ignore_tags",
    "inline_policy",
    "input_parameter",
    "insight_selector",
    "lifecycle",
    "metric",
    "metric_query",
    "not_principals",
    "point_in_time_recovery",
    "principals",
    "protected_resource_conditions",
    "recovery_point_selection",
    "replica",
    "report_delivery_channel",
    "report_setting",
    "required_providers",
    "rule",
    "scan_action",
    "scan_setting",
    "scope",
    "selection_tag",
    "server_side_encryption",
    "setting",
    "statement",
    "string_equals",
    "string_like",
    "string_not_equals",
    "string_not_like",
];

/// Attributes that hold a reference or a type and no template: `"provider": "aws.replica"`.
const REFERENCES: &[&str] = &["provider", "providers", "type", "from", "to"];

/// How many levels of names stand between the word and its body.
fn labels(kind: &str) -> usize {
    match kind {
        "resource" | "data" | "ephemeral" => 2,
        "module" | "provider" | "variable" | "output" | "check" => 1,
        _ => 0,
    }
}

/// What is wrong, and where.
pub struct BodyError {
    pub span: Span,
    pub message: &'static str,
}

type Result<T> = std::result::Result<T, BodyError>;

pub fn body(json: &Json, file: usize) -> Result<Body> {
    let mut body = Body::default();
    for member in members(json, file)? {
        if member.name != "//" {
            let header = Span { file, start: member.name_start, end: member.name_end };
            let mut labelled = Labelled { kind: &member.name, names: Vec::new(), header, file };
            labelled.read(&member.value, labels(&member.name), &mut body.blocks)?;
        }
    }
    Ok(body)
}

/// The members of an object, or of all objects of a list.
fn members(json: &Json, file: usize) -> Result<Vec<&Member>> {
    match &json.kind {
        JsonKind::Object(members) => Ok(members.iter().collect()),
        JsonKind::List(values) => Ok(values.iter().map(|value| members(value, file)).collect::<Result<Vec<_>>>()?.concat()),
        _ => Err(BodyError { span: span(json, file), message: "an object was expected here" }),
    }
}

struct Labelled<'a> {
    kind: &'a str,
    names: Vec<String>,
    header: Span,
    file: usize,
}

impl Labelled<'_> {
    fn read(&mut self, json: &Json, depth: usize, blocks: &mut Vec<Block>) -> Result<()> {
        if depth > 0 {
            for member in members(json, self.file)? {
                let outer = std::mem::replace(&mut self.header, Span { file: self.file, start: member.name_start, end: member.name_end });
                self.names.push(member.name.clone());
                self.read(&member.value, depth - 1, blocks)?;
                self.names.pop();
                self.header = outer;
            }
            return Ok(());
        }
        match &json.kind {
            JsonKind::List(values) => values.iter().try_for_each(|value| self.read(value, 0, blocks)),
            JsonKind::Object(members) => {
                let nested = matches!(self.kind, "resource" | "data" | "provider" | "terraform");
                blocks.push(Block {
                    kind: self.kind.to_owned(),
                    labels: self.names.clone(),
                    span: Span { end: json.end, ..self.header },
                    header: self.header,
                    body: content(members, nested, self.file)?,
                });
                Ok(())
            }
            _ => Err(BodyError { span: span(json, self.file), message: "an object was expected here" }),
        }
    }
}

fn content(members: &[Member], nested: bool, file: usize) -> Result<Body> {
    let mut body = Body::default();
    for member in members.iter().filter(|member| member.name != "//") {
        let header = Span { file, start: member.name_start, end: member.name_end };
        let objects = match &member.value.kind {
            JsonKind::Object(_) => true,
            JsonKind::List(values) => values.iter().all(|value| matches!(value.kind, JsonKind::Object(_))),
            _ => false,
        };
        if nested && objects && member.name == "dynamic" {
            for dynamic in self::members(&member.value, file)? {
                let header = Span { file, start: dynamic.name_start, end: dynamic.name_end };
                self::blocks("dynamic", std::slice::from_ref(&dynamic.name), &dynamic.value, header, &mut body.blocks)?;
            }
        } else if nested && objects && (BLOCKS.contains(&member.name.as_str()) || member.name == "content") {
            self::blocks(&member.name, &[], &member.value, header, &mut body.blocks)?;
        } else {
            let bare = REFERENCES.contains(&member.name.as_str());
            body.attributes.push(Attribute {
                name: member.name.clone(),
                name_span: header,
                span: Span { end: member.value.end, ..header },
                value: expression(&member.value, bare, file)?,
            });
        }
    }
    Ok(body)
}

fn blocks(kind: &str, labels: &[String], json: &Json, header: Span, blocks: &mut Vec<Block>) -> Result<()> {
    match &json.kind {
        JsonKind::Object(members) => {
            let body = content(members, true, header.file)?;
            blocks.push(Block { kind: kind.to_owned(), labels: labels.to_vec(), span: Span { end: json.end, ..header }, header, body });
            Ok(())
        }
        JsonKind::List(values) => values.iter().try_for_each(|value| {
            let header = Span { file: header.file, start: value.start, end: value.start };
            self::blocks(kind, labels, value, header, blocks)
        }),
        _ => Err(BodyError { span: span(json, header.file), message: "an object was expected here" }),
    }
}

fn span(json: &Json, file: usize) -> Span {
    Span { file, start: json.start, end: json.end }
}

fn expression(json: &Json, bare: bool, file: usize) -> Result<Expression> {
    let span = span(json, file);
    let kind = match &json.kind {
        JsonKind::Null => Kind::Null,
        JsonKind::Bool(value) => Kind::Bool(*value),
        JsonKind::Number(value) => Kind::Number(*value),
        JsonKind::List(values) => Kind::List(values.iter().map(|value| expression(value, bare, file)).collect::<Result<_>>()?),
        JsonKind::Object(members) => Kind::Object(
            members
                .iter()
                .map(|member| {
                    let name_span = Span { file, start: member.name_start, end: member.name_end };
                    let name = text(&member.name, true, name_span, false)?;
                    Ok((name, expression(&member.value, bare, file)?))
                })
                .collect::<Result<_>>()?,
        ),
        JsonKind::Text(value, plain) => return text(value, *plain, span, bare),
    };
    Ok(Expression { span, kind })
}

fn text(text: &str, plain: bool, span: Span, bare: bool) -> Result<Expression> {
    // One past the quote.
    let origin = Origin { file: span.file, text, offset: span.start + 1, whole: (!plain).then_some(span) };
    if bare
        && !text.contains("${")
        && let Ok(parsed) = hcl_edit::parser::parse_expr(text)
    {
        return Ok(convert::expression(&parsed, origin, span));
    }
    if !text.contains("${") && !text.contains("%{") {
        return Ok(Expression { span, kind: Kind::Text(text.to_owned()) });
    }
    match hcl_edit::parser::parse_template(text) {
        Ok(parsed) => Ok(Expression { span, kind: template::whole(&parsed, origin, span) }),
        Err(_) => Err(BodyError { span, message: "the text holds a template that cannot be read" }),
    }
}
