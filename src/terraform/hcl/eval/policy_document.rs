//! `data "aws_iam_policy_document"`: the JSON that the provider writes for it, letter by letter.

use std::collections::BTreeMap;
use std::rc::Rc;

use serde_json::{Map, Value as Json};

use super::operators;
use super::val::{Outcome, Val, fail};
use super::{Evaluator, ResourceInstance};

/// Members in the order in which they are written.
const MEMBERS: &[&str] = &["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal", "Condition"];

type Statement = Map<String, Json>;

/// Either the text or the unknown that keeps it from being known.
pub fn json<'t>(evaluator: &Evaluator<'t>, at: usize, data: &Rc<ResourceInstance<'t>>, pretty: bool) -> Val {
    match document(evaluator, at, data) {
        Ok(Ok(document)) => {
            let text = if pretty { serde_json::to_string_pretty(&document) } else { serde_json::to_string(&document) };
            text.map_or(Val::Null, |text| Val::text(crate::terraform::hcl::functions::escape_html(&text)))
        }
        Ok(Err(unknown)) => unknown,
        Err(failure) => Val::not_evaluated(format!("{} cannot be evaluated: {}", data.address, failure.0)),
    }
}

fn document<'t>(evaluator: &Evaluator<'t>, at: usize, data: &Rc<ResourceInstance<'t>>) -> Outcome<Result<Json, Val>> {
    let get = |name: &str| evaluator.set_attribute(at, data, name);
    let parts = ["version", "policy_id", "statement", "source_policy_documents", "override_policy_documents"].map(get);
    if let Some(unknown) = parts.iter().find_map(Val::any_unknown) {
        return Ok(Err(unknown));
    }
    let [version, id, statements, sources, overrides] = parts;
    let version = match version {
        Val::Null => "2012-10-17".to_owned(),
        other => string(&other)?,
    };
    let mut merged = Merged::default();
    for source in list(&sources)? {
        merged.add(parsed(source)?);
    }
    let own = list(&statements)?.iter().map(|value| statement(value, &version)).collect::<Outcome<Vec<Statement>>>()?;
    merged.add(Merged { version, id: if id.is_null() { String::new() } else { string(&id)? }, statements: own });
    for source in list(&overrides)? {
        merged.add(parsed(source)?);
    }
    Ok(Ok(merged.json()))
}

#[derive(Default)]
struct Merged {
    version: String,
    id: String,
    statements: Vec<Statement>,
}

impl Merged {
    /// A statement with the id of one that is there takes its place.
    fn add(&mut self, other: Merged) {
        if !other.id.is_empty() {
            self.id = other.id;
        }
        if other.version > self.version {
            self.version = other.version;
        }
        for statement in other.statements {
            let same = |there: &&mut Statement| statement.contains_key("Sid") && there.get("Sid") == statement.get("Sid");
            match self.statements.iter_mut().find(same) {
                Some(there) => *there = statement,
                None => self.statements.push(statement),
            }
        }
    }

    fn json(self) -> Json {
        let mut document = Map::new();
        for (name, text) in [("Version", self.version), ("Id", self.id)] {
            if !text.is_empty() {
                document.insert(name.to_owned(), Json::String(text));
            }
        }
        if !self.statements.is_empty() {
            document.insert("Statement".to_owned(), Json::Array(self.statements.into_iter().map(ordered).collect()));
        }
        Json::Object(document)
    }
}

fn ordered(mut statement: Statement) -> Json {
    Json::Object(MEMBERS.iter().filter_map(|name| statement.remove(*name).map(|value| ((*name).to_owned(), value))).collect())
}

fn statement(value: &Val, version: &str) -> Outcome<Statement> {
    let Val::Object(members) = value else { return fail("a statement is no block") };
    let mut statement = Statement::new();
    let effect = members.values.get("effect").map_or(Ok("Allow".to_owned()), string)?;
    let sid = members.values.get("sid").map_or(Ok(String::new()), string)?;
    for (name, text) in [("Sid", sid), ("Effect", effect)] {
        if !text.is_empty() {
            statement.insert(name.to_owned(), Json::String(text));
        }
    }
    for (attribute, name, replaced) in [
        ("actions", "Action", false),
        ("not_actions", "NotAction", false),
        ("resources", "Resource", true),
        ("not_resources", "NotResource", true),
    ] {
        let texts = strings(members.values.get(attribute))?;
        if !texts.is_empty() {
            let texts = collapsed(sorted(texts));
            statement.insert(name.to_owned(), if replaced { variables(texts, version)? } else { texts });
        }
    }
    for (block, name) in [("principals", "Principal"), ("not_principals", "NotPrincipal")] {
        if let Some(principals) = principals(list(members.values.get(block).unwrap_or(&Val::Null))?, version)? {
            statement.insert(name.to_owned(), principals);
        }
    }
    if let Some(conditions) = conditions(list(members.values.get("condition").unwrap_or(&Val::Null))?, version)? {
        statement.insert("Condition".to_owned(), conditions);
    }
    Ok(statement)
}

fn principals(blocks: &[Val], version: &str) -> Outcome<Option<Json>> {
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut single = BTreeMap::new();
    for block in blocks {
        let Val::Object(members) = block else { return fail("principals are no block") };
        let kind = members.values.get("type").map_or_else(|| fail("principals have no type"), string)?;
        let identifiers = sorted(strings(members.values.get("identifiers"))?);
        // One alone is written as a text, two blocks of one as a list.
        single.insert(kind.clone(), identifiers.len() == 1 && !all.contains_key(&kind));
        all.entry(kind).or_default().extend(identifiers);
    }
    if let (1, Some(anyone)) = (blocks.len(), all.get("*"))
        && anyone.iter().eq(["*"])
    {
        return Ok(Some(Json::String("*".to_owned())));
    }
    let mut principals = Map::new();
    for (kind, identifiers) in all {
        let texts = if single.get(&kind) == Some(&true) { collapsed(identifiers) } else { array(identifiers) };
        principals.insert(kind, variables(texts, version)?);
    }
    Ok((!principals.is_empty()).then_some(Json::Object(principals)))
}

fn conditions(blocks: &[Val], version: &str) -> Outcome<Option<Json>> {
    let mut all: BTreeMap<String, BTreeMap<String, Vec<String>>> = BTreeMap::new();
    for block in blocks {
        let Val::Object(members) = block else { return fail("a condition is no block") };
        let text = |name: &str| members.values.get(name).map_or_else(|| fail(format!("a condition has no {name}")), string);
        let Some(Val::List(values)) = members.values.get("values") else { return fail("a condition has no values") };
        let values = values.values.iter().map(string).collect::<Outcome<Vec<_>>>()?;
        let there = all.entry(text("test")?).or_default().entry(text("variable")?).or_default();
        if !there.is_empty() {
            // The provider goes through them in an order of its own.
            return fail("two conditions of one test and variable");
        }
        there.extend(values);
    }
    let mut conditions = Map::new();
    for (test, keys) in all {
        let keys = keys.into_iter().map(|(key, values)| Ok((key, variables(collapsed(values), version)?)));
        conditions.insert(test, Json::Object(keys.collect::<Outcome<_>>()?));
    }
    Ok((!conditions.is_empty()).then_some(Json::Object(conditions)))
}

/// A document that is merged, with its members brought into the provider's form.
fn parsed(source: &Val) -> Outcome<Merged> {
    if source.is_null() {
        return Ok(Merged::default());
    }
    let text = string(source)?;
    let Ok(Json::Object(document)) = serde_json::from_str(&text) else { return fail("a policy document that is no JSON object") };
    let text = |name: &str| document.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
    let Some(Json::Array(statements)) = document.get("Statement") else { return fail("a policy document without a list of statements") };
    let mut merged = Merged { version: text("Version"), id: text("Id"), statements: Vec::new() };
    for statement in statements {
        let Json::Object(members) = statement else { return fail("a statement that is no object") };
        let mut kept = Statement::new();
        for name in MEMBERS {
            match members.get(*name) {
                None => {}
                Some(Json::String(text)) if text.is_empty() => {}
                Some(Json::String(text)) if matches!(*name, "Principal" | "NotPrincipal") && text == "*" => {
                    kept.insert((*name).to_owned(), Json::String("*".to_owned()));
                }
                Some(Json::Object(values)) if name.ends_with("Principal") => {
                    kept.insert(
                        (*name).to_owned(),
                        Json::Object(
                            values
                                .iter()
                                .map(|(kind, value)| (kind.clone(), backwards(value)))
                                .collect::<BTreeMap<_, _>>()
                                .into_iter()
                                .collect(),
                        ),
                    );
                }
                Some(Json::Object(tests)) if *name == "Condition" => {
                    kept.insert((*name).to_owned(), condition(tests)?);
                }
                Some(value) => {
                    kept.insert((*name).to_owned(), value.clone());
                }
            }
        }
        merged.statements.push(kept);
    }
    Ok(merged)
}

fn condition(tests: &Map<String, Json>) -> Outcome<Json> {
    let mut sorted: BTreeMap<String, Json> = BTreeMap::new();
    for (test, keys) in tests {
        let Json::Object(keys) = keys else { return fail("a condition that is no object") };
        let mut values: BTreeMap<String, Json> = BTreeMap::new();
        for (key, value) in keys {
            let value = match value {
                Json::Array(list) if list.len() == 1 => list.first().cloned().unwrap_or_default(),
                Json::Bool(value) => Json::String(value.to_string()),
                other => other.clone(),
            };
            values.insert(key.clone(), value);
        }
        sorted.insert(test.clone(), Json::Object(values.into_iter().collect()));
    }
    Ok(Json::Object(sorted.into_iter().collect()))
}

/// Lists of principals are sorted backwards.
fn backwards(value: &Json) -> Json {
    match value {
        Json::Array(values) => {
            let texts = values.iter().filter_map(|value| value.as_str().map(str::to_owned)).collect();
            array(sorted(texts))
        }
        other => other.clone(),
    }
}

fn sorted(mut texts: Vec<String>) -> Vec<String> {
    texts.sort_by(|a, b| b.cmp(a));
    texts.dedup();
    texts
}

fn collapsed(texts: Vec<String>) -> Json {
    match texts.as_slice() {
        [only] => Json::String(only.clone()),
        _ => array(texts),
    }
}

fn array(texts: Vec<String>) -> Json {
    Json::Array(texts.into_iter().map(Json::String).collect())
}

/// `&{aws:username}` stands for `${aws:username}`, which would be a template.
fn variables(value: Json, version: &str) -> Outcome<Json> {
    Ok(match value {
        Json::String(text) if version == "2008-10-17" && text.contains("&{") => {
            return fail("a variable in a document of version 2008-10-17");
        }
        Json::String(text) => Json::String(text.replace("&{", "${")),
        Json::Array(values) => Json::Array(values.into_iter().map(|value| variables(value, version)).collect::<Outcome<_>>()?),
        other => other,
    })
}

fn string(value: &Val) -> Outcome<String> {
    match operators::text(value)? {
        Val::Text(text) => Ok(text.to_string()),
        _ => fail("a text that is not known"),
    }
}

fn strings(value: Option<&Val>) -> Outcome<Vec<String>> {
    list(value.unwrap_or(&Val::Null))?.iter().map(string).collect()
}

fn list(value: &Val) -> Outcome<&[Val]> {
    match value {
        Val::Null => Ok(&[]),
        Val::List(list) => Ok(&list.values),
        other => fail(format!("a list was expected, not {}", other.kind())),
    }
}
