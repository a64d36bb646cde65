//! A state: the raw file of format 4, or `terraform show -json` of it.

use std::fmt;
use std::path::Path;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::declared::{Declared, Root};
use super::error::TerraformError;
use super::json::{self, Attributes, is_mapped};
use super::provider::Providers;
use super::state_zeros;
use crate::snapshot::Source;

const SHOW: &str = "terraform show -json > state.json";

/// The members of both forms, and those by which something else is recognised.
#[derive(Deserialize)]
struct Document {
    /// Of the raw form; a number, but what else stands there is to be refused by name.
    version: Option<serde_json::Number>,
    resources: Option<Instances>,
    /// Of the shown form.
    format_version: Option<String>,
    values: Option<Shown>,
    /// Of a plan.
    resource_changes: Option<IgnoredAny>,
    planned_values: Option<IgnoredAny>,
    configuration: Option<IgnoredAny>,
    /// Of OpenTofu.
    encrypted_data: Option<IgnoredAny>,
    encryption_version: Option<IgnoredAny>,
}

#[derive(Default, Deserialize)]
struct Shown {
    #[serde(default)]
    root_module: ShownModule,
}

#[derive(Default, Deserialize)]
struct ShownModule {
    #[serde(default)]
    resources: Instances,
    #[serde(default)]
    child_modules: Vec<ShownModule>,
}

/// The instances of managed resources that the mapping table has.
#[derive(Default)]
struct Instances {
    mapped: Vec<Instance>,
    deposed: Vec<String>,
    /// The first that could not be read.
    fault: Option<String>,
}

struct Instance {
    address: String,
    kind: String,
    /// With its alias, which only the raw form has. Without, it does not tell resources of different accounts apart.
    provider: Option<String>,
    attributes: Attributes,
}

pub fn read_state(path: &Path) -> Result<Root, TerraformError> {
    root_of(path, json::read(path, SHOW)?)
}

fn root_of(path: &Path, document: Document) -> Result<Root, TerraformError> {
    check(path, &document)?;
    let mut instances = document.resources.unwrap_or_default();
    document.values.unwrap_or_default().root_module.move_to(&mut instances);
    if let Some(fault) = instances.fault {
        return Err(TerraformError::wrong(path, None, fault, "run `terraform apply -refresh-only`, which writes the state again"));
    }
    let mut providers = Providers::default();
    for instance in &instances.mapped {
        if let Some(provider) = &instance.provider {
            providers.learn(provider, &instance.kind, &instance.attributes);
        }
    }
    let declared = instances
        .mapped
        .into_iter()
        .map(|Instance { address, kind, provider, attributes }| providers.declare(&address, &kind, attributes, provider.as_deref()));
    let mut declared: Vec<Declared> = declared.collect();
    declared.sort_by(|one, other| one.address.cmp(&other.address));
    let mut notices = providers.conflicts();
    notices.extend(
        instances
            .deposed
            .iter()
            .map(|address| format!("the state still has an earlier object of '{address}', which was to be replaced; it is left out")),
    );
    Ok(Root { source: Source::TerraformState, declared, prior: Vec::new(), notices, partial: None, unset: Vec::new() })
}

fn check(path: &Path, document: &Document) -> Result<(), TerraformError> {
    let wrong = |message: &str, help: &str| Err(TerraformError::wrong(path, None, message, help));
    if document.encrypted_data.is_some() || document.encryption_version.is_some() {
        return wrong("the state is encrypted by OpenTofu", "give the output of `tofu show -json`");
    }
    if document.resource_changes.is_some() || document.planned_values.is_some() || document.configuration.is_some() {
        return wrong("this is a plan, not a state", "give it with `--terraform-plan`");
    }
    match (&document.version, &document.format_version) {
        (Some(version), _) => match version.as_u64() {
            Some(4) if document.resources.is_some() => Ok(()),
            Some(4) => wrong("the state has no 'resources'", "pull it again with `terraform state pull`"),
            Some(0..4) => wrong(
                "the state is of a version before 4",
                "run `terraform apply -refresh-only` with Terraform 0.12 or later, which writes version 4",
            ),
            _ => wrong("the state is of a version that is not known here", "give the output of `terraform show -json`"),
        },
        (None, Some(version)) if version.split('.').next() == Some("1") => Ok(()),
        (None, Some(_)) => wrong("the state's 'format_version' is not 1.x", "give the raw state, as `terraform state pull` writes it"),
        (None, None) => wrong("this is neither a state nor a plan", "write a state with `terraform state pull > terraform.tfstate`"),
    }
}

impl ShownModule {
    fn move_to(self, all: &mut Instances) {
        all.mapped.extend(self.resources.mapped);
        all.deposed.extend(self.resources.deposed);
        all.fault = all.fault.take().or(self.resources.fault);
        for child in self.child_modules {
            child.move_to(all);
        }
    }
}

/// A row of either form: the shown one has an address and its values, the raw one has instances.
#[derive(Deserialize)]
struct RawRow {
    mode: String,
    #[serde(rename = "type")]
    kind: String,
    name: String,
    address: Option<String>,
    deposed_key: Option<String>,
    values: Option<Box<RawValue>>,
    #[serde(default)]
    module: String,
    provider: Option<String>,
    #[serde(default)]
    instances: Vec<RawInstance>,
}

#[derive(Deserialize)]
struct RawInstance {
    index_key: Option<serde_json::Value>,
    deposed: Option<String>,
    /// Of OpenTofu, where instances of one resource have different providers.
    provider: Option<String>,
    attributes: Option<Box<RawValue>>,
    attributes_flat: Option<IgnoredAny>,
}

impl Instances {
    fn take(&mut self, row: RawRow) {
        let RawRow { kind, name, module, provider, .. } = row;
        if let Some(address) = row.address {
            let instance = Instance { address, kind, provider: None, attributes: Attributes::new() };
            self.add(instance, row.values.as_deref(), row.deposed_key.is_some());
            return;
        }
        let block = if module.is_empty() { format!("{kind}.{name}") } else { format!("{module}.{kind}.{name}") };
        for raw in row.instances {
            let address = format!("{block}{}", key(raw.index_key.as_ref()));
            if raw.attributes_flat.is_some() && kind.starts_with("aws_") {
                self.fault.get_or_insert(format!("'{address}' is stored as Terraform 0.11 did"));
                continue;
            }
            let provider = raw.provider.or_else(|| provider.clone()).filter(|provider| !provider.is_empty());
            let instance = Instance { address, kind: kind.clone(), provider, attributes: Attributes::new() };
            self.add(instance, raw.attributes.as_deref(), raw.deposed.is_some());
        }
    }

    fn add(&mut self, mut instance: Instance, attributes: Option<&RawValue>, is_deposed: bool) {
        let attributes = attributes.map(|attributes| json::attributes(attributes, &instance.kind)).transpose();
        let Ok(attributes) = attributes else {
            self.fault.get_or_insert(format!("the attributes of '{}' are not what Terraform writes", instance.address));
            return;
        };
        instance.attributes = attributes.unwrap_or_default();
        match is_mapped(&instance.kind, instance.attributes.keys()) {
            false => {}
            true if is_deposed => self.deposed.push(instance.address),
            true => {
                state_zeros::remove(&instance.kind, &mut instance.attributes);
                self.mapped.push(instance);
            }
        }
    }
}

/// An instance's key as it stands in an address: `[0]`, `["a.b"]`.
fn key(key: Option<&serde_json::Value>) -> String {
    match key {
        None | Some(serde_json::Value::Null) => String::new(),
        // HCL quotes as JSON does, and the beginning of a template as well.
        Some(serde_json::Value::String(_)) => {
            let quoted = key.map(ToString::to_string).unwrap_or_default();
            format!("[{}]", quoted.replace("${", "$${").replace("%{", "%%{"))
        }
        Some(other) => format!("[{other}]"),
    }
}

impl<'de> Deserialize<'de> for Instances {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Rows;
        impl<'de> Visitor<'de> for Rows {
            type Value = Instances;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of resources")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Instances, A::Error> {
                let mut instances = Instances::default();
                while let Some(row) = seq.next_element::<RawRow>()? {
                    if row.mode == "managed" {
                        instances.take(row);
                    }
                }
                Ok(instances)
            }
        }
        deserializer.deserialize_seq(Rows)
    }
}

#[cfg(test)]
mod tests;
