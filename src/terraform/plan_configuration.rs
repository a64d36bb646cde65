//! The `configuration` of a plan: which expressions stand where, and what the providers are configured with. Constants are kept only
//! of mapped attributes; of variables only what can be a Region or an account.

use std::collections::BTreeMap;

use serde::de::Deserializer;
use serde::{Deserialize, de};
use serde_json::value::RawValue;

use super::declared::Place;
use super::json::{self, Attributes};
use super::provider::{is_account, is_region, unknown};
use super::value::Value;
use crate::snapshot::{Arn, Observed};

#[derive(Debug, Default, Deserialize)]
pub(super) struct Configuration {
    #[serde(default)]
    provider_config: BTreeMap<String, Provider>,
    #[serde(default)]
    pub root_module: Module,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Module {
    /// By type and name, as `aws_backup_vault.main`.
    #[serde(default, deserialize_with = "by_name")]
    pub resources: BTreeMap<String, Block>,
    #[serde(default)]
    pub module_calls: BTreeMap<String, Call>,
    #[serde(default)]
    pub outputs: BTreeMap<String, Output>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Call {
    #[serde(default)]
    pub expressions: BTreeMap<String, Argument>,
    pub for_each_expression: Option<Argument>,
    #[serde(default)]
    pub module: Module,
}

#[derive(Debug, Deserialize)]
pub(super) struct Output {
    pub expression: Option<Argument>,
}

/// An expression of which only matters what it refers to. Its constant, which may be a secret, is not read.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Argument {
    #[serde(default)]
    pub references: Vec<String>,
}

/// A resource block. Its `dynamic` blocks are not in a plan.
#[derive(Debug)]
pub(super) struct Block {
    pub provider: Option<String>,
    /// `None`: they cannot be read, so that nothing follows from one that is not there.
    pub expressions: Option<Attributes>,
    pub for_each: Option<Argument>,
}

#[derive(Deserialize)]
struct RawBlock {
    #[serde(default)]
    mode: String,
    #[serde(rename = "type")]
    kind: String,
    name: String,
    provider_config_key: Option<String>,
    expressions: Option<Box<RawValue>>,
    for_each_expression: Option<Argument>,
}

fn by_name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, Block>, D::Error> {
    struct Blocks;
    impl<'de> de::Visitor<'de> for Blocks {
        type Value = BTreeMap<String, Block>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a list of resources")
        }

        fn visit_seq<A: de::SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
            let mut blocks = BTreeMap::new();
            while let Some(raw) = seq.next_element::<RawBlock>()? {
                if raw.mode != "managed" {
                    continue;
                }
                let expressions = match &raw.expressions {
                    Some(expressions) => json::attributes(expressions, &raw.kind).ok(),
                    None => Some(Attributes::new()),
                };
                let block = Block { provider: raw.provider_config_key, expressions, for_each: raw.for_each_expression };
                blocks.insert(format!("{}.{}", raw.kind, raw.name), block);
            }
            Ok(blocks)
        }
    }
    deserializer.deserialize_seq(Blocks)
}

#[derive(Debug, Deserialize)]
struct Provider {
    /// The module that declares the provider; none for the root.
    #[serde(default)]
    module_address: String,
    #[serde(default)]
    expressions: Settings,
}

/// What places a provider. It is configured with keys and passwords as well, which are not read.
#[derive(Debug, Default, Deserialize)]
struct Settings {
    region: Option<Value>,
    allowed_account_ids: Option<Value>,
    assume_role: Option<Value>,
    assume_role_with_web_identity: Option<Value>,
}

impl Configuration {
    /// Where each provider configuration acts, by its key.
    pub(super) fn places<'a>(&'a self, variables: &'a Variables) -> impl Iterator<Item = (&'a str, Place)> {
        self.provider_config.iter().map(move |(key, provider)| {
            // Within a module `var.x` is the module's own variable, whose value is not in the plan.
            let variables = provider.module_address.is_empty().then_some(variables);
            (key.as_str(), Place { account: provider.expressions.account(variables), region: provider.expressions.region(variables) })
        })
    }

    /// Whether all that has this provider has the same one. OpenTofu takes `for_each` for providers, and shows one key for all of them.
    pub(super) fn is_one_provider(&self, key: &str) -> bool {
        self.provider_config.get(key).is_none_or(|provider| {
            let settings = &provider.expressions;
            let settings =
                [&settings.region, &settings.allowed_account_ids, &settings.assume_role, &settings.assume_role_with_web_identity];
            !settings.into_iter().flatten().any(refers_to_each)
        })
    }

    /// The module at a path of calls, from the root.
    pub(super) fn module<'p>(&self, mut calls: impl Iterator<Item = &'p str>) -> Option<&Module> {
        calls.try_fold(&self.root_module, |module, call| Some(&module.module_calls.get(call)?.module))
    }
}

impl Settings {
    fn region(&self, variables: Option<&Variables>) -> Observed<String> {
        let value = setting(self.region.as_ref(), variables, "region");
        value.and_then(|value| match value {
            Value::String(region) if is_region(&region) => Observed::Known(region),
            _ => unknown("the provider's 'region' is not the name of a Region"),
        })
    }

    fn account(&self, variables: Option<&Variables>) -> Observed<String> {
        // The provider refuses to act in any account but these, whatever role it takes.
        let allowed = setting(self.allowed_account_ids.as_ref(), variables, "allowed_account_ids").and_then(|value| match value {
            Value::String(account) if is_account(&account) => Observed::Known(account),
            Value::List(accounts) => match accounts.as_slice() {
                [Value::String(account)] if is_account(account) => Observed::Known(account.clone()),
                _ => Observed::Absent,
            },
            _ => Observed::Absent,
        });
        let roles = [(&self.assume_role, "assume_role"), (&self.assume_role_with_web_identity, "assume_role_with_web_identity")];
        let role = roles.into_iter().find_map(|(blocks, name)| {
            // Roles are taken one after the other.
            let Some(Value::List(blocks)) = blocks else { return None };
            let Some(Value::Object(block)) = blocks.last() else { return None };
            Some(setting(block.get("role_arn"), variables, name).and_then(|value| account_of_role(&value)))
        });
        match (allowed, role) {
            (Observed::Known(account), _) => Observed::Known(account),
            (allowed, None | Some(Observed::Absent)) => allowed,
            (_, Some(role)) => role,
        }
    }
}

/// The account of a role's ARN, or the account itself, where the ARN is put together from a variable with the account.
fn account_of_role(value: &Value) -> Observed<String> {
    match value {
        Value::String(text) if is_account(text) => Observed::Known(text.clone()),
        Value::String(text) => match Arn::parse(text) {
            Some(arn) if is_account(arn.account) => Observed::Known(arn.account.to_owned()),
            _ => unknown("the role that the provider assumes does not tell its account"),
        },
        _ => unknown("the role that the provider assumes does not tell its account"),
    }
}

/// What a provider's setting comes to: its constant, or the one variable that it refers to.
fn setting(expression: Option<&Value>, variables: Option<&Variables>, name: &str) -> Observed<Value> {
    let Some(Value::Object(expression)) = expression else { return Observed::Absent };
    match expression.get("constant_value") {
        Some(Value::Null) => return Observed::Absent,
        Some(Value::String(text)) if text.is_empty() => return Observed::Absent,
        Some(constant) => return Observed::Known(constant.clone()),
        None => {}
    }
    let references = references(expression);
    let not_told = || {
        let from = if references.is_empty() { String::new() } else { format!(" from {}", references.join(" and ")) };
        unknown(format!("the provider's '{name}' is computed{from}, which is not followed"))
    };
    let ([only], Some(variables)) = (references.as_slice(), variables) else { return not_told() };
    match only.strip_prefix("var.").and_then(|path| variables.get(path)) {
        Some(Value::Null) => Observed::Absent,
        Some(value) => Observed::Known(value.clone()),
        None => not_told(),
    }
}

fn refers_to_each(value: &Value) -> bool {
    match value {
        Value::String(reference) => reference.starts_with("each."),
        Value::List(elements) => elements.iter().any(refers_to_each),
        Value::Object(members) => members.values().any(refers_to_each),
        _ => false,
    }
}

/// What an expression refers to.
pub(super) fn references(expression: &Attributes) -> Vec<&str> {
    let Some(Value::List(references)) = expression.get("references") else { return Vec::new() };
    let references = references.iter().filter_map(|reference| match reference {
        Value::String(reference) => Some(reference.as_str()),
        _ => None,
    });
    longest(references)
}

/// Terraform lists each reference and then all that it begins with: `aws_kms_key.a[0].arn`, `aws_kms_key.a[0]`, `aws_kms_key.a`.
pub(super) fn longest<'a>(references: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut kept: Vec<&str> = Vec::new();
    let mut previous = "";
    for reference in references {
        let is_beginning = previous.strip_prefix(reference).is_some_and(|rest| rest.starts_with(['.', '[']));
        if !is_beginning && !kept.contains(&reference) {
            kept.push(reference);
        }
        previous = reference;
    }
    kept
}

/// The root's variables, as far as they can tell a Region or an account. Everything else may be a secret.
#[derive(Debug, Default)]
pub(super) struct Variables(BTreeMap<String, Value>);

impl Variables {
    /// The value of `context.region`.
    fn get(&self, path: &str) -> Option<&Value> {
        let mut names = path.split('.');
        let first = self.0.get(names.next()?)?;
        names.try_fold(first, |value, name| match value {
            Value::Object(members) => members.get(name),
            _ => None,
        })
    }
}

impl<'de> Deserialize<'de> for Variables {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Variable {
            #[serde(default, deserialize_with = "placing")]
            value: Option<Value>,
        }
        fn placing<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
            Value::deserialize(deserializer).map(keep_places)
        }
        let variables = BTreeMap::<String, Variable>::deserialize(deserializer)?;
        Ok(Variables(variables.into_iter().filter_map(|(name, variable)| Some((name, variable.value?))).collect()))
    }
}

fn keep_places(value: Value) -> Option<Value> {
    match value {
        Value::Null => Some(Value::Null),
        Value::String(text) if is_region(&text) || is_account(&text) || is_role(&text) => Some(Value::String(text)),
        Value::List(elements) => elements.into_iter().map(keep_places).collect::<Option<_>>().map(Value::List),
        Value::Object(members) => {
            Some(Value::Object(members.into_iter().filter_map(|(name, value)| Some((name, keep_places(value)?))).collect()))
        }
        _ => None,
    }
}

fn is_role(text: &str) -> bool {
    Arn::parse(text).is_some_and(|arn| arn.service == "iam" && is_account(arn.account))
}
