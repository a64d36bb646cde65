//! `terraform show -json` of a plan: its rows, and whether it is one that can be judged.

use std::fmt;
use std::path::Path;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::declared::{Declared, Root};
use super::error::TerraformError;
use super::json::{self, Attributes, is_mapped};
use super::plan_configuration::{Block, Configuration, Variables};
use super::plan_reference::{Planned, Resolver, Scope};
use super::plan_values::Instance;
use super::provider::Providers;
use super::state_zeros;
use crate::snapshot::{Cause, Reason, Source};

const SHOW: &str = "terraform show -json PLAN > plan.json";

/// The members of a plan that matter, and those by which something else is recognised.
#[derive(Deserialize)]
struct Document {
    format_version: Option<String>,
    resource_changes: Option<Rows>,
    configuration: Option<Configuration>,
    variables: Option<Variables>,
    planned_values: Option<IgnoredAny>,
    errored: Option<bool>,
    complete: Option<bool>,
    /// Of a state.
    values: Option<IgnoredAny>,
    version: Option<IgnoredAny>,
    /// Of OpenTofu.
    encrypted_data: Option<IgnoredAny>,
}

/// What `resource_changes` says of managed resources.
#[derive(Default)]
struct Rows {
    mapped: Vec<Row>,
    /// Those that are there after the plan and that the mapping table does not have.
    others: Vec<String>,
    deposed: Vec<String>,
    forgotten: Vec<String>,
    /// The first row that could not be read.
    fault: Option<String>,
}

struct Row {
    address: String,
    module: String,
    kind: String,
    name: String,
    after: Option<Attributes>,
    unknown: Attributes,
    before: Option<Attributes>,
}

pub fn read_plan(path: &Path) -> Result<Root, TerraformError> {
    root_of(path, json::read(path, SHOW)?)
}

fn root_of(path: &Path, document: Document) -> Result<Root, TerraformError> {
    let partial = check(path, &document)?;
    let rows = document.resource_changes.unwrap_or_default();
    if let Some(fault) = rows.fault {
        return Err(TerraformError::wrong(path, None, fault, format!("write it again with `{SHOW}`")));
    }
    let mut root = join(rows.mapped, &rows.others, &document.configuration.unwrap_or_default(), &document.variables.unwrap_or_default());
    let deposed = rows
        .deposed
        .iter()
        .map(|address| format!("the plan also destroys an earlier object of '{address}', which was to be replaced before; it is left out"));
    let forgotten = rows
        .forgotten
        .iter()
        .map(|address| format!("the plan makes Terraform forget '{address}', which stays in AWS and is not among what the plan leaves"));
    root.notices.extend(deposed.chain(forgotten).chain(partial.iter().map(|reason| reason.detail.clone())));
    root.partial = partial;
    Ok(root)
}

/// Whether this is a plan that can be judged, and the reason for which it is only a part.
fn check(path: &Path, document: &Document) -> Result<Option<Reason>, TerraformError> {
    let wrong = |message: String, help: &str| Err(TerraformError::wrong(path, None, message, help));
    if document.encrypted_data.is_some() {
        return wrong("the file is encrypted by OpenTofu".to_owned(), "give the output of `tofu show -json PLAN`");
    }
    let is_plan = document.resource_changes.is_some() || document.planned_values.is_some() || document.configuration.is_some();
    if !is_plan && (document.values.is_some() || document.version.is_some()) {
        return wrong("this is a state, not a plan".to_owned(), "give it with `--terraform-state`");
    }
    let Some(version) = document.format_version.as_ref().filter(|_| is_plan) else {
        return wrong("this is neither a plan nor a state".to_owned(), "write a plan with `terraform show -json PLAN > plan.json`");
    };
    if version.split('.').next() != Some("1") {
        let message = "the plan's 'format_version' is not 1.x".to_owned();
        return wrong(message, "use a version of Terraform or OpenTofu that writes format 1");
    }
    if document.errored == Some(true) {
        let message = "the plan ended with an error, so that what it would change is not known".to_owned();
        return wrong(message, "run `terraform plan` again and repair what it reports");
    }
    let detail = "the plan is not complete: Terraform was told to plan a part of the root (-target), or put off some of it";
    Ok((document.complete == Some(false)).then(|| Reason::new(Cause::NotEvaluated, detail)))
}

fn join(mut rows: Vec<Row>, others: &[String], configuration: &Configuration, variables: &Variables) -> Root {
    let afters: Vec<Option<Attributes>> = rows.iter_mut().map(|row| row.after.take()).collect();
    let mut planned: Planned = others.iter().map(|address| (address.as_str(), None)).collect();
    for (row, _) in rows.iter().zip(&afters).filter(|(_, after)| after.is_some()) {
        planned.insert(&row.address, Some(&row.unknown));
    }
    let resolver = Resolver { configuration, planned: &planned };
    let blocks: Vec<Option<&Block>> = rows.iter().map(|row| block(row, resolver)).collect();
    let afters = rows.iter().zip(afters).zip(&blocks).map(|((row, after), block)| {
        let each = block.and_then(|block| block.for_each.as_ref()).map(|each| each.references.as_slice());
        let instance = Instance { kind: &row.kind, resolver, scope: Scope { module: &row.module, each } };
        let mut after = after?;
        instance.overlay(&mut after, &row.unknown, *block);
        state_zeros::remove(&row.kind, &mut after);
        Some(after)
    });
    let afters: Vec<Option<Attributes>> = afters.collect();
    let befores = rows.iter().map(|row| {
        let mut before = row.before.clone()?;
        state_zeros::remove(&row.kind, &mut before);
        Some(before)
    });
    let befores: Vec<Option<Attributes>> = befores.collect();

    let mut providers = Providers::default();
    for (key, place) in configuration.places(variables) {
        providers.configure(key, place);
    }
    let provider = |block: &Option<&Block>| block.and_then(|block| block.provider.clone());
    for ((row, block), (after, before)) in rows.iter().zip(&blocks).zip(afters.iter().zip(&befores)) {
        for attributes in after.iter().chain(before) {
            if let Some(provider) = provider(block).filter(|provider| configuration.is_one_provider(provider)) {
                providers.learn(&provider, &row.kind, attributes);
            }
        }
    }
    let declare = |all: Vec<Option<Attributes>>| {
        let rows = rows.iter().zip(&blocks).zip(all);
        let mut declared: Vec<Declared> = rows
            .filter_map(|((row, block), attributes)| {
                Some(providers.declare(&row.address, &row.kind, attributes?, provider(block).as_deref()))
            })
            .collect();
        declared.sort_by(|one, other| one.address.cmp(&other.address));
        declared
    };
    let (declared, prior) = (declare(afters), declare(befores));
    Root { source: Source::TerraformPlan, declared, prior, notices: providers.conflicts(), partial: None, unset: Vec::new() }
}

fn block<'a>(row: &Row, resolver: Resolver<'a>) -> Option<&'a Block> {
    resolver.module(&row.module)?.resources.get(&format!("{}.{}", row.kind, row.name))
}

#[derive(Deserialize)]
struct RawRow {
    address: String,
    #[serde(default)]
    module_address: String,
    mode: String,
    #[serde(rename = "type")]
    kind: String,
    name: String,
    deposed: Option<String>,
    change: Box<RawValue>,
}

#[derive(Deserialize)]
struct RawChange<'a> {
    #[serde(default)]
    actions: Vec<String>,
    #[serde(borrow)]
    before: Option<&'a RawValue>,
    #[serde(borrow)]
    after: Option<&'a RawValue>,
    #[serde(borrow)]
    after_unknown: Option<&'a RawValue>,
}

impl Rows {
    fn take(&mut self, raw: RawRow) -> Result<(), serde_json::Error> {
        let RawRow { address, module_address: module, kind, name, .. } = raw;
        let change: RawChange = serde_json::from_str(raw.change.get())?;
        let attributes = |raw: Option<&RawValue>| raw.map(|raw| json::attributes(raw, &kind)).transpose();
        let (before, after) = (attributes(change.before)?, attributes(change.after)?);
        let unknown = attributes(change.after_unknown)?.unwrap_or_default();
        let is_mapped = is_mapped(&kind, before.iter().chain(&after).chain([&unknown]).flat_map(|attributes| attributes.keys()));
        match (is_mapped, raw.deposed) {
            (true, Some(_)) => self.deposed.push(address),
            (false, None) if after.is_some() => self.others.push(address),
            (false, _) => {}
            (true, None) => {
                if change.actions.iter().any(|action| action == "forget") {
                    self.forgotten.push(address.clone());
                }
                self.mapped.push(Row { address, module, kind, name, after, unknown, before });
            }
        }
        Ok(())
    }
}

impl<'de> Deserialize<'de> for Rows {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct RowsVisitor;
        impl<'de> Visitor<'de> for RowsVisitor {
            type Value = Rows;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of changes")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Rows, A::Error> {
                let mut rows = Rows::default();
                while let Some(raw) = seq.next_element::<RawRow>()? {
                    if raw.mode != "managed" {
                        continue;
                    }
                    let address = raw.address.clone();
                    if rows.take(raw).is_err() {
                        rows.fault.get_or_insert(format!("the change of '{address}' is not what Terraform writes"));
                    }
                }
                Ok(rows)
            }
        }
        deserializer.deserialize_seq(RowsVisitor)
    }
}

#[cfg(test)]
mod places;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
