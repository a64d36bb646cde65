//! Which fields a rule reads, found in its syntax tree: a rule that reads what it does not declare would be handed less
//! than it looks at, and would pass in silence. The only file that touches regorus's syntax tree.

use std::collections::{BTreeMap, BTreeSet};

use regorus::unstable::{AssignOp, BoolOp, Expr, Literal, Module, Query, Ref, Rule as Node, RuleAssign, RuleHead};

use super::library::Source;
use super::{Metadata, PolicyError};

/// What a package's entry points read.
#[derive(Debug, Clone, Default)]
pub struct Reads {
    /// Of `violations` and `applies` together.
    all: BTreeSet<Read>,
    /// Of `applies` alone; `None` where the package has no such rule.
    pub applies: Option<BTreeSet<String>>,
}

/// A path below `input`, with lists left out of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Read {
    path: Vec<String>,
    /// Only whether it is null, or how many there are: what stands below it does not matter.
    shape_only: bool,
    line: u32,
}

impl Reads {
    /// Every path that is read is declared, and every path that is declared is read.
    pub fn check(&self, file: &str, metadata: &Metadata) -> Result<(), PolicyError> {
        let wrong = |line: u32, message: String| PolicyError::Reads { file: file.to_owned(), line, message };
        let custom = &metadata.custom;
        let declared: Vec<Vec<String>> = custom.reads.iter().map(|path| path.split('.').map(str::to_owned).collect()).collect();
        let mut used = BTreeSet::new();
        for read in &self.all {
            if let [head, name, ..] = &read.path[..]
                && head == "params"
            {
                if !custom.parameters.contains(name) {
                    return Err(wrong(read.line, format!("the rule reads parameter '{name}' and does not declare it in 'parameters'")));
                }
                used.insert(name.clone());
                continue;
            }
            let covers = |declared: &Vec<String>| read.path.starts_with(declared) || read.shape_only && declared.starts_with(&read.path);
            let mut any = false;
            for (path, text) in declared.iter().zip(&custom.reads) {
                if covers(path) {
                    any = true;
                    used.insert(text.clone());
                }
            }
            if !any {
                return Err(wrong(read.line, format!("the rule reads '{}' and does not declare it in 'reads'", read.path.join("."))));
            }
        }
        match custom.reads.iter().chain(&custom.parameters).find(|path| !used.contains(*path)) {
            Some(unread) => Err(wrong(1, format!("the rule declares '{unread}' and never reads it"))),
            None => Ok(()),
        }
    }
}

/// Analyses all packages at once, since rules call one another's helpers.
pub fn analyse(sources: &[Source]) -> Result<BTreeMap<String, Reads>, PolicyError> {
    let mut engine = regorus::Engine::new();
    for source in sources {
        engine.add_policy(source.path.clone(), source.text.clone()).map_err(|error| PolicyError::Rego(format!("{error:#}")))?;
    }
    let mut packages: BTreeMap<String, Package> = BTreeMap::new();
    let modules: Vec<Ref<Module>> = engine.get_modules().clone();
    for module in &modules {
        let file = module.package.span.source.get_path().clone();
        let package =
            packages.entry(dotted(&module.package.refr).unwrap_or_default()).or_insert_with(|| Package { file, ..Package::default() });
        for import in &module.imports {
            if let Some(path) = dotted(&import.refr).and_then(|path| path.strip_prefix("data.").map(str::to_owned)) {
                let name = import.r#as.as_ref().map(|span| span.text().to_owned());
                package.imports.insert(name.unwrap_or_else(|| path.rsplit('.').next().unwrap_or_default().to_owned()), path);
            }
        }
        for node in &module.policy {
            if let Node::Spec { head, .. } = &**node {
                let (RuleHead::Compr { refr, .. } | RuleHead::Set { refr, .. } | RuleHead::Func { refr, .. }) = head;
                package.rules.entry(dotted(refr).unwrap_or_default()).or_default().push(node.clone());
            }
        }
    }
    let mut all = BTreeMap::new();
    for (name, package) in &packages {
        let of = |entry: &str| -> Result<BTreeSet<Read>, PolicyError> {
            let mut walk = Walk { packages: &packages, found: BTreeSet::new(), visiting: Vec::new() };
            walk.rule(name, entry, &[], 0)?;
            Ok(walk.found)
        };
        let mut reads = Reads { all: of("violations")?, applies: None };
        if package.rules.contains_key("applies") {
            let applies = of("applies")?;
            reads.applies = Some(
                applies
                    .iter()
                    .filter(|read| read.path.first().is_some_and(|head| head != "params"))
                    .map(|read| read.path.join("."))
                    .collect(),
            );
            reads.all.extend(applies);
        }
        all.insert(name.clone(), reads);
    }
    Ok(all)
}

#[derive(Default)]
struct Package {
    file: String,
    rules: BTreeMap<String, Vec<Ref<Node>>>,
    /// Name in this package to package path.
    imports: BTreeMap<String, String>,
}

/// What the variables of a body stand for, where they stand for a part of the input.
type Names = BTreeMap<String, Vec<String>>;

struct Walk<'a> {
    packages: &'a BTreeMap<String, Package>,
    found: BTreeSet<Read>,
    visiting: Vec<(String, String)>,
}

impl Walk<'_> {
    /// Walks every definition of a rule or function; `arguments` are the parts of the input it is called with.
    fn rule(&mut self, package: &str, name: &str, arguments: &[Option<Vec<String>>], line: u32) -> Result<(), PolicyError> {
        let key = (package.to_owned(), name.to_owned());
        let Some(nodes) = self.packages.get(package).and_then(|package| package.rules.get(name)) else { return Ok(()) };
        if self.visiting.contains(&key) {
            let file = self.packages[package].file.clone();
            return Err(PolicyError::Reads { file, line, message: format!("'{name}' calls itself; recursion is not allowed") });
        }
        self.visiting.push(key);
        for node in nodes.clone() {
            let Node::Spec { head, bodies, .. } = &*node else { continue };
            let mut names = Names::new();
            let mut outputs: Vec<Ref<Expr>> = Vec::new();
            let mut assigned = |assign: &Option<RuleAssign>| outputs.extend(assign.iter().map(|assign| assign.value.clone()));
            match head {
                RuleHead::Compr { assign, .. } => assigned(assign),
                RuleHead::Set { key, .. } => outputs.extend(key.iter().cloned()),
                RuleHead::Func { args, assign, .. } => {
                    assigned(assign);
                    for (parameter, argument) in args.iter().zip(arguments) {
                        if let (Expr::Var { span, .. }, Some(path)) = (&**parameter, argument) {
                            names.insert(span.text().to_owned(), path.clone());
                        }
                    }
                }
            }
            if bodies.is_empty() {
                outputs.iter().try_for_each(|output| self.expr(output, &names, package))?;
            }
            for body in bodies {
                let inner = self.query(&body.query, &names, package)?;
                let values = body.assign.iter().map(|assign| &assign.value).chain(&outputs);
                for value in values {
                    self.expr(value, &inner, package)?;
                }
            }
        }
        self.visiting.pop();
        Ok(())
    }

    /// Walks a body, and returns its names. Rego orders statements by need, so names are gathered first.
    fn query(&mut self, query: &Query, outer: &Names, package: &str) -> Result<Names, PolicyError> {
        let mut names = outer.clone();
        for _ in 0..query.stmts.len() {
            for statement in &query.stmts {
                bind(&statement.literal, &mut names);
            }
        }
        for statement in &query.stmts {
            match &statement.literal {
                Literal::SomeVars { .. } => {}
                Literal::SomeIn { value, collection, .. } => {
                    if path_of(collection, &names).is_none() || !matches!(&**value, Expr::Var { .. }) {
                        self.expr(collection, &names, package)?;
                    }
                }
                Literal::Every { domain, query, .. } => {
                    if path_of(domain, &names).is_none() {
                        self.expr(domain, &names, package)?;
                    }
                    self.query(query, &names, package)?;
                }
                Literal::Expr { expr, .. } | Literal::NotExpr { expr, .. } => {
                    let renames = matches!(&**expr, Expr::AssignExpr { lhs, rhs, .. } if is_name(lhs) && path_of(rhs, &names).is_some());
                    if !renames {
                        self.expr(expr, &names, package)?;
                    }
                }
            }
            for with in &statement.with_mods {
                self.expr(&with.r#as, &names, package)?;
            }
        }
        Ok(names)
    }

    fn expr(&mut self, expr: &Ref<Expr>, names: &Names, package: &str) -> Result<(), PolicyError> {
        if let Some(path) = path_of(expr, names) {
            self.read(path, false, expr);
            return self.indices(expr, names, package);
        }
        match &**expr {
            Expr::String { .. } | Expr::RawString { .. } | Expr::Number { .. } | Expr::Bool { .. } | Expr::Null { .. } => Ok(()),
            Expr::Var { span, .. } => self.rule(package, span.text(), &[], span.line),
            Expr::Array { items, .. } | Expr::Set { items, .. } => items.iter().try_for_each(|item| self.expr(item, names, package)),
            Expr::Object { fields, .. } => {
                fields.iter().try_for_each(|(_, key, value)| self.expr(key, names, package).and_then(|()| self.expr(value, names, package)))
            }
            Expr::ArrayCompr { term, query, .. } | Expr::SetCompr { term, query, .. } => {
                let inner = self.query(query, names, package)?;
                self.expr(term, &inner, package)
            }
            Expr::ObjectCompr { key, value, query, .. } => {
                let inner = self.query(query, names, package)?;
                self.expr(key, &inner, package)?;
                self.expr(value, &inner, package)
            }
            Expr::Call { fcn, params, span, .. } => self.call(fcn, params, span.line, names, package),
            Expr::UnaryExpr { expr, .. } => self.expr(expr, names, package),
            Expr::RefDot { .. } | Expr::RefBrack { .. } => self.reference(expr, names, package),
            Expr::BoolExpr { op, lhs, rhs, .. } if matches!(op, BoolOp::Eq | BoolOp::Ne) && (is_null(lhs) || is_null(rhs)) => {
                let side = if is_null(lhs) { rhs } else { lhs };
                match path_of(side, names) {
                    Some(path) => {
                        self.read(path, true, side);
                        Ok(())
                    }
                    None => self.expr(side, names, package),
                }
            }
            Expr::BinExpr { lhs, rhs, .. }
            | Expr::BoolExpr { lhs, rhs, .. }
            | Expr::ArithExpr { lhs, rhs, .. }
            | Expr::AssignExpr { lhs, rhs, .. } => {
                self.expr(lhs, names, package)?;
                self.expr(rhs, names, package)
            }
            Expr::Membership { key, value, collection, .. } => {
                key.iter().try_for_each(|key| self.expr(key, names, package))?;
                self.expr(value, names, package)?;
                self.expr(collection, names, package)
            }
        }
    }

    fn call(&mut self, function: &Ref<Expr>, params: &[Ref<Expr>], line: u32, names: &Names, package: &str) -> Result<(), PolicyError> {
        let target = dotted(function).unwrap_or_default();
        if target == "count"
            && let [list] = params
            && let Some(path) = path_of(list, names)
        {
            self.read(path, true, list);
            return Ok(());
        }
        match self.resolve(&target, package) {
            Some((of, name)) => {
                let arguments: Vec<Option<Vec<String>>> = params.iter().map(|param| path_of(param, names)).collect();
                for (param, argument) in params.iter().zip(&arguments) {
                    if argument.is_none() {
                        self.expr(param, names, package)?;
                    }
                }
                self.rule(&of, &name, &arguments, line)
            }
            None => params.iter().try_for_each(|param| self.expr(param, names, package)),
        }
    }

    /// A rule of another package, by its import or its whole path; else the parts one by one.
    fn reference(&mut self, expr: &Ref<Expr>, names: &Names, package: &str) -> Result<(), PolicyError> {
        if let Some((of, name)) = dotted(expr).and_then(|path| self.resolve(&path, package)) {
            return self.rule(&of, &name, &[], expr.span().line);
        }
        match &**expr {
            Expr::RefDot { refr, .. } => self.expr(refr, names, package),
            Expr::RefBrack { refr, index, .. } => {
                self.expr(refr, names, package)?;
                self.expr(index, names, package)
            }
            _ => Ok(()),
        }
    }

    /// The package and name of a rule, where the path leads to one.
    fn resolve(&self, path: &str, package: &str) -> Option<(String, String)> {
        let here = self.packages.get(package)?;
        if here.rules.contains_key(path) {
            return Some((package.to_owned(), path.to_owned()));
        }
        let (head, name) = path.rsplit_once('.')?;
        let of = here.imports.get(head).cloned().or_else(|| head.strip_prefix("data.").map(str::to_owned))?;
        self.packages.get(&of)?.rules.contains_key(name).then(|| (of, name.to_owned()))
    }

    fn read(&mut self, path: Vec<String>, shape_only: bool, expr: &Ref<Expr>) {
        self.found.insert(Read { path, shape_only, line: expr.span().line });
    }

    /// What stands in the brackets of a path is read too.
    fn indices(&mut self, expr: &Ref<Expr>, names: &Names, package: &str) -> Result<(), PolicyError> {
        match &**expr {
            Expr::RefDot { refr, .. } => self.indices(refr, names, package),
            Expr::RefBrack { refr, index, .. } => {
                self.indices(refr, names, package)?;
                if is_name(index) && path_of(index, names).is_none() { Ok(()) } else { self.expr(index, names, package) }
            }
            _ => Ok(()),
        }
    }
}

/// Learns what a statement's new name stands for: an element of a list of the input, or a part of it by another name.
fn bind(literal: &Literal, names: &mut Names) {
    let (name, path) = match literal {
        Literal::SomeIn { value, collection, .. } => match &**value {
            Expr::Var { span, .. } => (span.text(), path_of(collection, names)),
            _ => return,
        },
        Literal::Every { value, domain, .. } => (value.text(), path_of(domain, names)),
        Literal::Expr { expr, .. } => match &**expr {
            Expr::AssignExpr { op: AssignOp::ColEq | AssignOp::Eq, lhs, rhs, .. } => match &**lhs {
                Expr::Var { span, .. } => (span.text(), path_of(rhs, names)),
                _ => return,
            },
            _ => return,
        },
        Literal::SomeVars { .. } | Literal::NotExpr { .. } => return,
    };
    if let Some(path) = path
        && name != "_"
    {
        names.insert(name.to_owned(), path);
    }
}

/// The part of the input that an expression is; `None` where it is something else.
fn path_of(expr: &Ref<Expr>, names: &Names) -> Option<Vec<String>> {
    match &**expr {
        Expr::Var { span, .. } if span.text() == "input" => Some(Vec::new()),
        Expr::Var { span, .. } => names.get(span.text()).cloned(),
        Expr::RefDot { refr, field, .. } => {
            let mut path = path_of(refr, names)?;
            path.push(field.0.text().to_owned());
            Some(path)
        }
        Expr::RefBrack { refr, index, .. } => {
            let mut path = path_of(refr, names)?;
            // Any other index is one of a list, which paths leave out.
            if let Expr::String { value, .. } | Expr::RawString { value, .. } = &**index
                && let Ok(field) = value.as_string()
            {
                path.push(field.to_string());
            }
            Some(path)
        }
        _ => None,
    }
}

/// `a.b.c`, where the expression is nothing but that.
fn dotted(expr: &Ref<Expr>) -> Option<String> {
    match &**expr {
        Expr::Var { span, .. } => Some(span.text().to_owned()),
        Expr::RefDot { refr, field, .. } => Some(format!("{}.{}", dotted(refr)?, field.0.text())),
        _ => None,
    }
}

fn is_name(expr: &Ref<Expr>) -> bool {
    matches!(&**expr, Expr::Var { .. })
}

fn is_null(expr: &Ref<Expr>) -> bool {
    matches!(&**expr, Expr::Null { .. })
}
