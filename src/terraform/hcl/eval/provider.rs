//! Which provider configuration a resource has, and what that says of the account, the Region and the tags.

use std::rc::Rc;

use super::super::syntax::{Block, Expression, Kind, Step};
use super::val::{Outcome, Val};
use super::{Evaluator, Repetition, ResourceInstance, Scope};
use crate::snapshot::{Cause, Observed, Reason};
use crate::terraform::declared::Place;

/// What the configuration of one provider in one instance of a module says.
#[derive(Debug)]
pub struct Configured {
    pub place: Place,
    pub default_tags: Val,
}

/// `aws`, and the alias.
type Name = (String, Option<String>);

pub fn place<'t>(evaluator: &Evaluator<'t>, resource: &ResourceInstance<'t>) -> Place {
    let mut place = of(evaluator, resource).place.clone();
    // Since version 6 of the provider a resource can name its Region itself.
    if let Some(region) = resource.block.body.attribute("region") {
        let scope = Scope { module: Some(resource.module), repetition: &resource.repetition, bound: None };
        match observed(evaluator.evaluate(&region.value, scope), "region") {
            Observed::Absent => {}
            region => place.region = region,
        }
    }
    place
}

pub fn default_tags<'t>(evaluator: &Evaluator<'t>, resource: &ResourceInstance<'t>) -> Val {
    of(evaluator, resource).default_tags.clone()
}

fn of<'t>(evaluator: &Evaluator<'t>, resource: &ResourceInstance<'t>) -> Rc<Configured> {
    let prefix = || (resource.kind.split('_').next().unwrap_or_default().to_owned(), None);
    let name = match resource.block.body.attribute("provider") {
        Some(provider) => match name(&provider.value) {
            Some(name) => name,
            None => return Rc::new(unknown("the provider is chosen by an expression")),
        },
        None => prefix(),
    };
    let key = (resource.module, format!("{}.{}", name.0, name.1.as_deref().unwrap_or_default()));
    if let Some(known) = evaluator.places.borrow().get(&key) {
        return known.clone();
    }
    // A configuration that depends on its own resources would come here again: until it is known, it is unknown.
    evaluator.places.borrow_mut().insert(key.clone(), Rc::new(unknown("the provider's configuration refers to itself")));
    let configured = Rc::new(resolve(evaluator, resource.module, name));
    evaluator.places.borrow_mut().insert(key, configured.clone());
    configured
}

/// `aws.replica`, also where it is written as a text.
fn name(expression: &Expression) -> Option<Name> {
    match &expression.kind {
        Kind::Variable(name) => Some((name.clone(), None)),
        Kind::Text(text) => Some(match text.split_once('.') {
            Some((name, alias)) => (name.to_owned(), Some(alias.to_owned())),
            None => (text.clone(), None),
        }),
        Kind::Traversal(base, steps) => match (&base.kind, steps.as_slice()) {
            (Kind::Variable(name), [Step::Attribute(alias, _)]) => Some((name.clone(), Some(alias.clone()))),
            _ => None,
        },
        _ => None,
    }
}

/// Goes up the calls to the module that configures the provider.
fn resolve(evaluator: &Evaluator<'_>, mut module: usize, mut name: Name) -> Configured {
    loop {
        let (Some(instance), Some(declared)) = (evaluator.module_instance(module), evaluator.declared(module)) else {
            return unknown("the provider's configuration was not found");
        };
        let alias = |block: &Block| block.body.attribute("alias").and_then(|alias| alias.value.as_text().map(str::to_owned));
        let block = declared.blocks_of("provider").find(|block| block.labels.first() == Some(&name.0) && alias(block) == name.1);
        // In a called module an empty block only says that the caller configures it.
        let configures = block.filter(|block| {
            instance.parent.is_none()
                || block.body.attributes.iter().any(|attribute| attribute.name != "alias" && attribute.name != "version")
        });
        if let Some(block) = configures {
            return configured(evaluator, module, block);
        }
        let Some(parent) = instance.parent else {
            return match name.1 {
                None => Configured { place: Place::default(), default_tags: Val::Null },
                Some(alias) => unknown(&format!("the provider {}.{alias} is not configured", name.0)),
            };
        };
        let call = evaluator.tree.nodes.get(instance.node).and_then(|node| node.path.last());
        let providers = call.and_then(|call| evaluator.declared(parent)?.call(call)).and_then(|block| block.body.attribute("providers"));
        match (providers.and_then(|providers| handed(&providers.value, &name)), &name.1) {
            (Some(Some(outer)), _) => name = outer,
            (Some(None), _) => return unknown(&format!("the provider {} that is handed to {} cannot be told", name.0, instance.address)),
            // The caller's own default is inherited, whatever else is handed over.
            (None, None) => {}
            (None, Some(alias)) => return unknown(&format!("the provider {}.{alias} is not handed to {}", name.0, instance.address)),
        }
        module = parent;
    }
}

/// What the caller calls the provider: `providers = { aws.replica = aws.west }`. `Some(None)`: it is handed over in a way that is not read.
fn handed(providers: &Expression, wanted: &Name) -> Option<Option<Name>> {
    let Kind::Object(members) = &providers.kind else { return Some(None) };
    members.iter().find(|(key, _)| name(key).as_ref() == Some(wanted)).map(|(_, value)| name(value))
}

fn configured(evaluator: &Evaluator<'_>, module: usize, block: &Block) -> Configured {
    let scope = Scope { module: Some(module), repetition: &Repetition::Single, bound: None };
    let region = match block.body.attribute("region") {
        Some(region) => observed(evaluator.evaluate(&region.value, scope), "the provider's region"),
        None => Observed::Absent,
    };
    let tags = match evaluator.member(&block.body, "default_tags", scope) {
        Val::Null => Val::Null,
        Val::List(list) => list.values.first().map_or(Val::Null, |tags| evaluator.attribute(tags, "tags").unwrap_or(Val::Null)),
        other => other.any_unknown().unwrap_or(Val::Null),
    };
    Configured { place: Place { account: account(evaluator, block, scope), region }, default_tags: tags }
}

/// Of the role that is assumed, the last one where there are several; or the only account that is allowed.
fn account(evaluator: &Evaluator<'_>, block: &Block, scope: Scope<'_>) -> Observed<String> {
    match evaluator.member(&block.body, "assume_role", scope) {
        Val::Null => {}
        Val::List(list) => {
            let role = list.values.last().map(|role| evaluator.attribute(role, "role_arn").unwrap_or(Val::Null)).unwrap_or(Val::Null);
            match observed(Ok(role), "the role that the provider assumes") {
                Observed::Known(arn) => {
                    return match arn
                        .split(':')
                        .nth(4)
                        .filter(|account| account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit()))
                    {
                        Some(account) => Observed::Known(account.to_owned()),
                        None => {
                            Observed::unknown(Reason::new(Cause::NotEvaluated, "the role that the provider assumes is no ARN of a role"))
                        }
                    };
                }
                Observed::Absent => {}
                other => return other,
            }
        }
        other => return observed(Ok(other), "the role that the provider assumes"),
    }
    match evaluator.member(&block.body, "allowed_account_ids", scope) {
        Val::List(list) => match list.values.as_slice() {
            [only] => observed(super::operators::text(only), "the provider's allowed account"),
            _ => Observed::Absent,
        },
        Val::Null => Observed::Absent,
        other => observed(Ok(other), "the provider's allowed account"),
    }
}

fn observed(outcome: Outcome, what: &str) -> Observed<String> {
    match outcome {
        Ok(Val::Text(text)) => Observed::Known(text.to_string()),
        Ok(Val::Null) => Observed::Absent,
        Ok(Val::Unknown(unknown)) => Observed::unknown(unknown.reason.clone()),
        Ok(_) => Observed::unknown(Reason::new(Cause::NotEvaluated, format!("{what} is no text"))),
        Err(failure) => Observed::unknown(Reason::new(Cause::NotEvaluated, format!("{what} cannot be evaluated: {}", failure.0))),
    }
}

fn unknown(detail: &str) -> Configured {
    let reason = || Observed::unknown(Reason::new(Cause::NotEvaluated, detail));
    Configured { place: Place { account: reason(), region: reason() }, default_tags: Val::not_evaluated(detail) }
}
