//! What is known of a resource: what it is set to, and what identifies the rest.

use std::rc::Rc;

use super::val::{Outcome, Val};
use super::{Evaluator, Key, ResourceInstance, Scope, What};
use crate::snapshot::Observed;
use crate::terraform::mapping::keeps;

/// What the provider fills in where a configuration leaves it out, of the resource types that matter.
const DEFAULTS: &[(&str, &str, Default)] = &[
    ("aws_backup_vault", "force_destroy", Default::Bool(false)),
    ("aws_cloudwatch_metric_alarm", "actions_enabled", Default::Bool(true)),
    ("aws_cloudwatch_metric_alarm", "treat_missing_data", Default::Text("missing")),
    ("aws_dynamodb_table", "billing_mode", Default::Text("PROVISIONED")),
    ("aws_iam_role", "max_session_duration", Default::Number(3600.0)),
    ("aws_iam_role", "path", Default::Text("/")),
    ("aws_kms_key", "customer_master_key_spec", Default::Text("SYMMETRIC_DEFAULT")),
    ("aws_kms_key", "enable_key_rotation", Default::Bool(false)),
    ("aws_kms_key", "is_enabled", Default::Bool(true)),
    ("aws_kms_key", "key_usage", Default::Text("ENCRYPT_DECRYPT")),
];

enum Default {
    Bool(bool),
    Number(f64),
    Text(&'static str),
}

impl<'t> Evaluator<'t> {
    /// `name` of a resource or data source that something refers to.
    pub fn resource_attribute(&self, at: usize, name: &str) -> Outcome {
        let Some(resource) = self.resource_instance(at) else { return Ok(Val::Null) };
        if resource.block.kind == "data" {
            return self.data_attribute(at, &resource, name);
        }
        let value = self.attribute_of(at, &resource, name);
        // The schema says whether it is a list or a set, in which the order is another.
        let sorted = |values: &[Val]| values.iter().map(Val::as_str).is_sorted_by(|a, b| a.is_some() && a < b);
        Ok(match &value {
            Val::List(list) if list.values.len() > 1 && !list.set && !sorted(&list.values) => {
                Val::not_evaluated(format!("the order of {}.{name}, which may be a set", resource.address))
            }
            _ => value,
        })
    }

    /// What is set, the default, or the resource's own identity.
    fn attribute_of(&self, at: usize, resource: &Rc<ResourceInstance<'t>>, name: &str) -> Val {
        let set = self.set_attribute(at, resource, name);
        if !set.is_null() {
            return set;
        }
        if name == "tags_all" && keeps(resource.kind, name) {
            return self.tags_all(at, resource);
        }
        if name == "region"
            && let Observed::Known(region) = self.place(resource).region
        {
            return Val::text(region);
        }
        match DEFAULTS.iter().find(|(kind, attribute, _)| *kind == resource.kind && *attribute == name) {
            Some((.., Default::Bool(value))) => Val::Bool(*value),
            Some((.., Default::Number(value))) => Val::Number(*value),
            Some((.., Default::Text(value))) => Val::text(*value),
            None if name == "tags" => Val::Null,
            None => Val::reference(resource.address.clone(), name),
        }
    }

    /// An attribute or the nested blocks of one kind, as the configuration has them. Null: not set.
    pub fn set_attribute(&self, at: usize, resource: &Rc<ResourceInstance<'t>>, name: &str) -> Val {
        let key = Key(at, What::Attribute, format!("{}.{name}", resource.address));
        let outcome = self.once(key, || {
            let scope = Scope { module: Some(resource.module), repetition: &resource.repetition, bound: None };
            Ok(self.member(&resource.block.body, name, scope))
        });
        outcome.unwrap_or_else(|failure| Val::not_evaluated(failure.0))
    }

    /// The provider's default tags under the resource's own.
    pub fn tags_all(&self, at: usize, resource: &Rc<ResourceInstance<'t>>) -> Val {
        let own = self.set_attribute(at, resource, "tags");
        let mut all = std::collections::BTreeMap::new();
        for tags in [super::provider::default_tags(self, resource), own] {
            match tags {
                Val::Null => {}
                Val::Object(map) => all.extend(map.values.iter().map(|(key, value)| (key.clone(), value.clone()))),
                Val::Unknown(unknown) => return Val::made_of(&unknown),
                other => return Val::not_evaluated(format!("tags that are {}", other.kind())),
            }
        }
        // The provider leaves AWS's own tags alone, whatever the configuration says.
        all.retain(|key, value| !key.starts_with("aws:") && !value.is_null());
        let texts = all.into_iter().map(|(key, value)| {
            let text = super::operators::text(&value).unwrap_or_else(|failure| Val::not_evaluated(failure.0));
            (key, text)
        });
        Val::object(texts.collect())
    }
}
