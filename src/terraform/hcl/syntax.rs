//! The syntax of a configuration as the evaluator and the locator read it, whether it was written in HCL or in JSON.
//!
//! hcl-edit's own tree keeps white space and comments, which nothing here needs, and knows no JSON.

/// A stretch of a file, in bytes. The file is an index into `Tree::files`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    pub file: usize,
    pub start: usize,
    pub end: usize,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Body {
    pub attributes: Vec<Attribute>,
    pub blocks: Vec<Block>,
}

/// `name = value`.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribute {
    pub name: String,
    pub name_span: Span,
    /// From the name to the end of the value.
    pub span: Span,
    pub value: Expression,
}

/// `kind "label" { ... }`.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    pub kind: String,
    pub labels: Vec<String>,
    /// From the kind to the closing brace.
    pub span: Span,
    /// The kind and the labels.
    pub header: Span,
    pub body: Body,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    pub span: Span,
    pub kind: Kind,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    Template(Vec<Part>),
    List(Vec<Expression>),
    /// A key that is a bare word is `Text`.
    Object(Vec<(Expression, Expression)>),
    Variable(String),
    Traversal(Box<Expression>, Vec<Step>),
    Call {
        name: String,
        arguments: Vec<Expression>,
        /// The last argument is followed by `...`.
        expand: bool,
    },
    Conditional(Box<Conditional>),
    Unary(Unary, Box<Expression>),
    Binary(Binary, Box<(Expression, Expression)>),
    For(Box<For>),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Conditional {
    pub condition: Expression,
    pub then: Expression,
    pub otherwise: Expression,
}

#[derive(Debug, Clone, PartialEq)]
pub struct For {
    pub key_name: Option<String>,
    pub value_name: String,
    pub collection: Expression,
    /// Set where an object is made.
    pub key: Option<Expression>,
    pub value: Expression,
    pub grouping: bool,
    pub condition: Option<Expression>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// `.name`, and the place of the name.
    Attribute(String, Span),
    Index(Expression),
    /// `.*`: applies to the attributes that follow it.
    AttributeSplat,
    /// `[*]`: applies to all steps that follow it.
    FullSplat,
}

/// A piece of a template. White space that `~` removes is gone.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    Literal(String),
    Value(Expression),
    If { condition: Expression, then: Vec<Part>, otherwise: Vec<Part> },
    For { key_name: Option<String>, value_name: String, collection: Expression, body: Vec<Part> },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unary {
    Not,
    Negate,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binary {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    And,
    Or,
}

impl Body {
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }

    pub fn blocks_of<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Block> {
        self.blocks.iter().filter(move |block| block.kind == kind)
    }
}

impl Expression {
    /// The text, where it is written as a plain string.
    pub fn as_text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// `["var", "context", "name"]` for `var.context.name`, up to the first step that is no attribute.
    pub fn as_path(&self) -> Option<Vec<&str>> {
        match &self.kind {
            Kind::Variable(name) => Some(vec![name]),
            Kind::Traversal(base, steps) => {
                let Kind::Variable(name) = &base.kind else { return None };
                let attributes = steps.iter().map_while(|step| match step {
                    Step::Attribute(name, _) => Some(name.as_str()),
                    _ => None,
                });
                Some(std::iter::once(name.as_str()).chain(attributes).collect())
            }
            _ => None,
        }
    }
}
