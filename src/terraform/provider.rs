//! In which account and Region a resource is: by its own ARN, by its provider's configuration, or by what else that provider made.

use std::collections::{BTreeMap, BTreeSet};

use super::declared::{Declared, Place};
use super::json::Attributes;
use super::mapping;
use super::value::Value;
use crate::snapshot::{Arn, Cause, Observed, Reason};

/// What is known of each provider configuration, by its key in the plan or its name in the state.
#[derive(Debug, Default)]
pub(super) struct Providers {
    configured: BTreeMap<String, Place>,
    /// From the ARNs of what each provider made.
    accounts: BTreeMap<String, BTreeSet<String>>,
    regions: BTreeMap<String, BTreeSet<String>>,
}

impl Providers {
    pub(super) fn configure(&mut self, provider: &str, place: Place) {
        self.configured.insert(provider.to_owned(), place);
    }

    /// Takes note of where a resource lies that this provider made.
    pub(super) fn learn(&mut self, provider: &str, kind: &str, attributes: &Attributes) {
        let Some(arn) = own_arn(kind, attributes) else { return };
        if is_account(arn.account) {
            self.accounts.entry(provider.to_owned()).or_default().insert(arn.account.to_owned());
        }
        // An attribute of its own places a resource in another Region than its provider's.
        if is_region(arn.region) && !attributes.contains_key("region") {
            self.regions.entry(provider.to_owned()).or_default().insert(arn.region.to_owned());
        }
    }

    /// The resource in its place, with what the mapping table has of it and nothing else.
    pub(super) fn declare(&self, address: &str, kind: &str, mut attributes: Attributes, provider: Option<&str>) -> Declared {
        let place = self.place(provider, kind, &attributes);
        attributes.retain(|name, _| mapping::keeps(kind, name));
        Declared { address: address.to_owned(), kind: kind.to_owned(), place, attributes, may_exist: None }
    }

    fn place(&self, provider: Option<&str>, kind: &str, attributes: &Attributes) -> Place {
        let arn = own_arn(kind, attributes);
        let account = arn.map(|arn| arn.account).filter(|account| is_account(account));
        let region = match attributes.get("region") {
            Some(Value::String(region)) if is_region(region) => Observed::Known(region.clone()),
            Some(Value::Unknown(unknown)) => Observed::unknown(unknown.reason.clone()),
            _ => match arn.map(|arn| arn.region).filter(|region| is_region(region)) {
                Some(region) => Observed::Known(region.to_owned()),
                None => self.of_provider(provider, &self.regions, |place| &place.region, "Region"),
            },
        };
        let account = match account {
            Some(account) => Observed::Known(account.to_owned()),
            None => self.of_provider(provider, &self.accounts, |place| &place.account, "account"),
        };
        Place { account, region }
    }

    fn of_provider(
        &self,
        provider: Option<&str>,
        seen: &BTreeMap<String, BTreeSet<String>>,
        member: fn(&Place) -> &Observed<String>,
        what: &str,
    ) -> Observed<String> {
        let Some(provider) = provider else { return Observed::Absent };
        let configured = self.configured.get(provider).map(member);
        let told: BTreeSet<&String> = seen.get(provider).into_iter().flatten().chain(configured.and_then(Observed::known)).collect();
        match told.first() {
            None => configured.cloned().unwrap_or_default(),
            Some(only) if told.len() == 1 => Observed::Known((*only).clone()),
            Some(_) => unknown(format!("the provider '{provider}' is in more than one {what}")),
        }
    }

    /// A sentence for each provider whose resources contradict its configuration, or one another.
    pub(super) fn conflicts(&self) -> Vec<String> {
        let of = |seen: &BTreeMap<String, BTreeSet<String>>, member: fn(&Place) -> &Observed<String>, what: &str| -> Vec<String> {
            let told = seen.iter().map(|(provider, places)| {
                let configured = self.configured.get(provider).and_then(|place| member(place).known());
                (provider, places.iter().chain(configured).map(String::as_str).collect::<BTreeSet<_>>())
            });
            told.filter(|(_, places)| places.len() > 1)
                .map(|(provider, places)| {
                    let places = places.into_iter().collect::<Vec<_>>().join(" and ");
                    format!("the provider '{provider}' is in more than one {what} ({places}); what has no ARN there is in none for sure")
                })
                .collect()
        };
        [of(&self.accounts, |place| &place.account, "account"), of(&self.regions, |place| &place.region, "Region")].concat()
    }
}

/// The ARN of the resource itself, or of the vault that it is a part of.
fn own_arn<'a>(kind: &str, attributes: &'a Attributes) -> Option<Arn<'a>> {
    // The ARN of a rule's target is that of what the rule calls, wherever it lies.
    let names: &[&str] = if kind == "aws_cloudwatch_event_target" { &[] } else { &["arn", "backup_vault_arn"] };
    names.iter().find_map(|&name| match attributes.get(name) {
        Some(Value::String(arn)) => Arn::parse(arn),
        _ => None,
    })
}

pub(super) fn unknown<T>(detail: impl Into<String>) -> Observed<T> {
    Observed::unknown(Reason::new(Cause::NotEvaluated, detail))
}

pub(super) fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// As AWS codes Regions: `eu-west-2`, `us-gov-east-1`.
pub(super) fn is_region(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let is_word = |part: &&str| part.len() >= 2 && part.bytes().all(|byte| byte.is_ascii_lowercase());
    let [words @ .., number] = parts.as_slice() else { return false };
    (2..=3).contains(&words.len()) && words.iter().all(is_word) && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}
