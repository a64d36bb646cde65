//! Which environment a subject belongs to, and the parameters in force there.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::facts::{Facts, schedule};
use crate::policy::{Definition, Library, Parameters, Rule, ValueError};
use crate::snapshot::{Cause, Observed, Reason, SOME_ACCOUNT, Tags};

/// An environment: the accounts that are in it, or the tags that put a subject there.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Environment {
    pub name: String,
    /// Whether the defaults for production hold.
    pub is_production: bool,
    pub accounts: Vec<String>,
    /// All of them must match. Empty: no tags put a subject here.
    pub tags: BTreeMap<String, String>,
    /// Every defined parameter, with its value in force.
    pub parameters: Parameters,
}

/// All environments, and where a subject belongs that none of them claims.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Environments {
    pub all: Vec<Environment>,
    /// Index of the environment of what no account and no tag places.
    pub default: usize,
    /// Whether everything belongs there, whatever accounts and tags say.
    pub forced: bool,
}

impl Environments {
    /// Without configuration everything is production: too strict is seen at once, too lax never.
    pub fn all_production(library: &Library) -> Self {
        Environments { all: vec![Environment::with_defaults("production", true, library)], default: 0, forced: false }
    }

    /// Indices of the environments that the subject may belong to: one, or several with the reason why it is not known which.
    fn of(&self, facts: &Facts) -> (Vec<usize>, Vec<Reason>) {
        if self.forced {
            return (vec![self.default], Vec::new());
        }
        if facts.account == SOME_ACCOUNT && self.all.iter().any(|environment| !environment.accounts.is_empty()) {
            let detail = "the account, which may tell the environment, is not known: give --default-account ID";
            return ((0..self.all.len()).collect(), vec![Reason::new(Cause::NotDeclared, detail)]);
        }
        if let Some(by_account) = self.all.iter().position(|environment| environment.accounts.contains(&facts.account)) {
            return (vec![by_account], Vec::new());
        }
        let tagged: Vec<usize> = (0..self.all.len()).filter(|&at| !self.all[at].tags.is_empty()).collect();
        let tags = match &facts.tags {
            _ if tagged.is_empty() => return (vec![self.default], Vec::new()),
            Observed::Known(tags) => tags.clone(),
            Observed::Absent => Tags::default(),
            other => {
                let mut may_be = tagged;
                may_be.push(self.default);
                let told = other.reasons().to_vec();
                let after_apply =
                    || vec![Reason::new(Cause::KnownAfterApply, "the tags that tell the environment are known only after apply")];
                return (may_be, if told.is_empty() { after_apply() } else { told });
            }
        };
        let has_all = |environment: &Environment| environment.tags.iter().all(|(key, value)| tags.get(key) == Some(value.as_str()));
        let matching: Vec<usize> = tagged.into_iter().filter(|&at| has_all(&self.all[at])).collect();
        match matching[..] {
            [] => (vec![self.default], Vec::new()),
            [one] => (vec![one], Vec::new()),
            _ => {
                let names: Vec<&str> = matching.iter().map(|&at| self.all[at].name.as_str()).collect();
                let detail = format!("the tags put it in several environments: '{}'", names.join("', '"));
                (matching, vec![Reason::new(Cause::Undetermined, detail)])
            }
        }
    }

    /// The name of the subject's environment; unknown where it is.
    pub fn name_of(&self, facts: &Facts) -> Observed<String> {
        match self.of(facts) {
            (may_be, reasons) if reasons.is_empty() => Observed::Known(self.all[may_be[0]].name.clone()),
            (_, reasons) => Observed::Unknown(reasons),
        }
    }

    /// The parameters that the rule declares, as an object. It does not matter which environment it is where all agree.
    pub fn parameters(&self, rule: &Rule, facts: &Facts) -> Observed<Value> {
        let (may_be, reasons) = self.of(facts);
        let mut values = may_be.iter().map(|&at| self.all[at].declared(rule));
        let first = values.next().unwrap_or(Value::Null);
        if values.all(|other| other == first) { Observed::Known(first) } else { Observed::Unknown(reasons) }
    }
}

impl Environment {
    pub fn with_defaults(name: &str, is_production: bool, library: &Library) -> Self {
        let parameters =
            library.definitions.iter().map(|(name, definition)| (name.clone(), definition.default_in(is_production).clone())).collect();
        Environment { name: name.to_owned(), is_production, parameters, ..Environment::default() }
    }

    /// Puts a value in force. A schedule is put into its canonical form, in which rules compare schedules as texts.
    pub fn set(&mut self, name: &str, definition: &Definition, value: Value) -> Result<(), ValueError> {
        definition.check(name, &value)?;
        let value = match value.as_str().filter(|_| definition.is_schedule()) {
            Some(text) => schedule::canonical(text).map(Value::String).ok_or_else(|| definition.refusal(name, &value))?,
            None => value,
        };
        self.parameters.insert(name.to_owned(), value);
        Ok(())
    }

    fn declared(&self, rule: &Rule) -> Value {
        let names = &rule.metadata.custom.parameters;
        Value::Object(names.iter().map(|name| (name.clone(), self.parameters.get(name).cloned().unwrap_or_default())).collect())
    }
}
