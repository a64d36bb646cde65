//! backstop.toml: its shape, where it is found, and what it makes of the rules' parameters.
//!
//! - `fault`: what is wrong with a file, drawn at its place
//! - `strays`: keys that it does not have
//! - `annotated`: a new one, with all that it could say; `shown`: what is in force, with where it comes from (`places`)
//! - `waivers`: the file beside it, waivers.toml; `stanzas`: that file changed and otherwise kept
//! - `text`: values and keys as TOML writes them

mod annotated;
mod fault;
mod places;
mod shown;
mod stanzas;
mod strays;
mod text;
mod waivers;

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::{Value, json};
use toml::Spanned;

pub use annotated::{Answers, annotated};
pub use fault::{ConfigError, text};
pub use shown::{Named, Shown, Whence};
pub use stanzas::{append, remove, stanza};
pub use waivers::{FILE as WAIVERS_FILE, read as read_waivers, schema as schema_of_waivers};

use crate::audit::{Environment, Environments, WaiverTerms};
use crate::policy::{self, Definition, Library, Parameters, Severity};

/// The file's name, looked for from the working directory up to the root of its repository.
pub const FILE: &str = "backstop.toml";
/// Environments that need no configuration, and whether the defaults for production hold in them.
const BUILT_IN: [(&str, bool); 2] = [("production", true), ("development", false)];

// Keys that are none are found by `strays`, which knows what was probably meant.
#[derive(Debug, Default, Deserialize)]
struct File {
    default_environment: Option<Spanned<String>>,
    waiver_notice_days: Option<u16>,
    waiver_max_days: Option<u16>,
    #[serde(default)]
    parameters: Values,
    #[serde(default)]
    environments: BTreeMap<String, EnvironmentTable>,
    #[serde(default)]
    rules: BTreeMap<Spanned<String>, RuleTable>,
}

type Values = BTreeMap<Spanned<String>, Spanned<toml::Value>>;

#[derive(Debug, Deserialize)]
#[serde(expecting = "a table, such as { production = false }")]
struct EnvironmentTable {
    production: Option<bool>,
    #[serde(default)]
    accounts: Vec<Spanned<String>>,
    #[serde(default)]
    tags: BTreeMap<String, String>,
    #[serde(default)]
    parameters: Values,
}

#[derive(Debug, Deserialize)]
#[serde(expecting = "a table, such as { enabled = false }")]
struct RuleTable {
    enabled: Option<bool>,
    severity: Option<Severity>,
}

/// The rules and parameters in force.
pub struct InForce {
    pub library: Library,
    pub environments: Environments,
    /// Rules that are switched off, by id.
    pub disabled: Vec<String>,
    pub waiver_terms: WaiverTerms,
    /// What the file sets for all environments, also for those that it does not name.
    shared: Parameters,
    /// The configuration file's text, where there is one.
    pub text: Option<String>,
}

/// Looks for a file of this name from a directory upwards, and stops at the root of its repository.
pub fn discover(from: &Path, name: &str) -> Option<PathBuf> {
    searched(from).into_iter().map(|directory| directory.join(name)).find(|candidate| candidate.is_file())
}

/// The directories in which a file is looked for, in their order.
pub fn searched(from: &Path) -> Vec<&Path> {
    let mut directories = Vec::new();
    for directory in from.ancestors() {
        directories.push(directory);
        if directory.join(".git").exists() {
            break;
        }
    }
    directories
}

/// What holds without a file.
pub fn defaults(library: Library) -> InForce {
    let (environments, waiver_terms) = (Environments::all_production(&library), WaiverTerms::default());
    InForce { environments, library, disabled: Vec::new(), waiver_terms, shared: Parameters::new(), text: None }
}

/// What the text of a file makes of the rules.
pub fn apply(text: &str, path: &Path, mut library: Library) -> Result<InForce, ConfigError> {
    let wrong = |faults| ConfigError::new(path, "config", text, faults);
    let strays = strays::strays(text, &library);
    let file: File = match toml::from_str(text) {
        Ok(file) => file,
        Err(error) if strays.is_empty() => return Err(wrong(vec![fault::of_toml(&error)])),
        // What a stray key makes of the rest is no news.
        Err(_) => return Err(wrong(strays)),
    };
    let mut reading = Reading { library: &library, faults: strays };
    let terms = WaiverTerms::default();
    let waiver_terms = WaiverTerms {
        notice_days: file.waiver_notice_days.unwrap_or(terms.notice_days),
        max_days: file.waiver_max_days.unwrap_or(terms.max_days),
    };
    let environments = reading.environments(&file);
    let shared = reading.shared(&file);
    let rules = reading.rules(file.rules);
    let faults = reading.faults;
    if !faults.is_empty() {
        return Err(wrong(faults));
    }
    let mut disabled = Vec::new();
    for (id, table) in rules {
        if table.enabled == Some(false) {
            disabled.push(id.clone());
        }
        if let (Some(severity), Some(rule)) = (table.severity, library.rules.iter_mut().find(|rule| rule.id == id)) {
            rule.severity = severity;
        }
    }
    library.rules.retain(|rule| !disabled.contains(&rule.id));
    Ok(InForce { library, environments, disabled, waiver_terms, shared, text: Some(text.to_owned()) })
}

struct Reading<'a> {
    library: &'a Library,
    faults: Vec<(Range<usize>, String)>,
}

impl Reading<'_> {
    fn fault<T>(&mut self, at: &Spanned<T>, message: String) {
        self.faults.push((at.span(), message));
    }

    fn environments(&mut self, file: &File) -> Environments {
        let mut claimed: BTreeMap<&str, &str> = BTreeMap::new();
        let mut all = Vec::new();
        for (name, table) in &file.environments {
            let is_production = table.production.unwrap_or_else(|| is_built_in_production(name));
            let mut environment = Environment::with_defaults(name, is_production, self.library);
            for account in &table.accounts {
                let id = account.get_ref();
                if id.len() != 12 || !id.bytes().all(|byte| byte.is_ascii_digit()) {
                    self.fault(account, format!("'{id}' is not an account id of twelve digits"));
                }
                if let Some(other) = claimed.insert(id, name) {
                    self.fault(account, format!("account '{id}' is already in environment '{other}'"));
                }
                environment.accounts.push(id.clone());
            }
            environment.tags = table.tags.clone();
            self.values(&file.parameters, &mut environment);
            self.values(&table.parameters, &mut environment);
            all.push(environment);
        }
        let named = file.default_environment.as_ref().map_or("production", |name| name.get_ref());
        let default = all.iter().position(|environment| environment.name == named).unwrap_or_else(|| {
            if let Some(name) = file.default_environment.as_ref().filter(|_| built_in(named).is_none()) {
                let names = file.environments.keys().map(String::as_str).chain(BUILT_IN.iter().map(|(name, _)| *name));
                self.fault(name, format!("there is no environment '{named}'{}", nearest(names, named)));
            }
            let mut environment = Environment::with_defaults(named, built_in(named).unwrap_or(true), self.library);
            self.values(&file.parameters, &mut environment);
            all.push(environment);
            all.len() - 1
        });
        Environments { all, default, forced: false }
    }

    fn shared(&mut self, file: &File) -> Parameters {
        let mut environment = Environment::default();
        self.values(&file.parameters, &mut environment);
        environment.parameters
    }

    fn values(&mut self, values: &Values, environment: &mut Environment) {
        for (name, value) in values {
            let Some(definition) = self.library.definitions.get(name.get_ref()) else {
                let help = nearest(self.library.definitions.keys().map(String::as_str), name.get_ref());
                self.fault(name, format!("there is no parameter '{}'{help}", name.get_ref()));
                continue;
            };
            let json = serde_json::to_value(value.get_ref()).unwrap_or(Value::Null);
            if let Err(error) = environment.set(name.get_ref(), definition, json) {
                self.fault(value, error.to_string());
            }
        }
    }

    fn rules(&mut self, tables: BTreeMap<Spanned<String>, RuleTable>) -> Vec<(String, RuleTable)> {
        let mut rules = Vec::new();
        for (id, table) in tables {
            if self.library.rule(id.get_ref()).is_none() {
                let help = self.library.nearest(id.get_ref()).map_or(String::new(), |near| format!("; did you mean '{near}'?"));
                self.fault(&id, format!("there is no rule '{}'{help}", id.get_ref()));
            }
            rules.push((id.into_inner(), table));
        }
        rules
    }
}

/// Without a word on it an environment is production: too strict is seen at once, too lax never.
pub fn is_built_in_production(name: &str) -> bool {
    built_in(name).unwrap_or(true)
}

fn built_in(name: &str) -> Option<bool> {
    BUILT_IN.iter().find(|(known, _)| *known == name).map(|(_, production)| *production)
}

/// `; did you mean '...'?`, where something is near enough.
pub fn nearest<'a>(known: impl Iterator<Item = &'a str>, given: &str) -> String {
    policy::nearest(known, given).map_or(String::new(), |name| format!("; did you mean '{name}'?"))
}

/// Puts everything into one environment, configured or built in.
pub fn force(in_force: &mut InForce, name: &str) -> Result<(), String> {
    let InForce { environments, library, shared, .. } = in_force;
    let known = environments.all.iter().position(|environment| environment.name == name);
    let at = match (known, built_in(name)) {
        (Some(at), _) => at,
        (None, Some(is_production)) => {
            let mut environment = Environment::with_defaults(name, is_production, library);
            environment.parameters.extend(shared.clone());
            environments.all.push(environment);
            environments.all.len() - 1
        }
        (None, None) => {
            let names = environments.all.iter().map(|environment| environment.name.as_str()).chain(BUILT_IN.iter().map(|(name, _)| *name));
            return Err(format!("there is no environment '{name}'{}", nearest(names, name)));
        }
    };
    environments.default = at;
    environments.forced = true;
    Ok(())
}

/// The file's JSON Schema, from the rules and their parameters.
pub fn schema(library: &Library) -> Value {
    let value = |definition: &Definition| {
        let mut schema = definition.schema();
        schema["description"] = json!(format!(
            "{} Default: {}{}.",
            definition.description,
            definition.default,
            match &definition.production {
                Some(value) => format!(", in production {value}"),
                None => String::new(),
            }
        ));
        schema
    };
    let parameters: Value =
        library.definitions.iter().map(|(name, definition)| (name.clone(), value(definition))).collect::<serde_json::Map<_, _>>().into();
    let parameters = json!({ "type": "object", "additionalProperties": false, "properties": parameters });
    let rule = json!({ "type": "object", "additionalProperties": false, "properties": {
        "enabled": { "type": "boolean", "description": "False switches the rule off; every report says so." },
        "severity": { "enum": Severity::WORST_FIRST, "description": "In place of the rule's own severity." }
    }});
    let rules: Value = library.rules.iter().map(|each| (each.id.clone(), rule.clone())).collect::<serde_json::Map<_, _>>().into();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "backstop/config/1",
        "title": "Backstop configuration",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "default_environment": { "type": "string", "description": "The environment of what no account and no tag places. Default: production." },
            "waiver_notice_days": { "type": "integer", "minimum": 0, "maximum": 65535, "description": "How many days before its end a waiver is told to lapse. Default: 14." },
            "waiver_max_days": { "type": "integer", "minimum": 0, "maximum": 65535, "description": "For how many days a waiver may be given. Default: 365." },
            "parameters": parameters,
            "environments": { "type": "object", "additionalProperties": { "type": "object", "additionalProperties": false, "properties": {
                "production": { "type": "boolean", "description": "Whether the defaults for production hold. Default: true, but for 'development'." },
                "accounts": { "type": "array", "items": { "type": "string", "pattern": "^[0-9]{12}$" } },
                "tags": { "type": "object", "additionalProperties": { "type": "string" }, "description": "All of them must match." },
                "parameters": parameters
            }}},
            "rules": { "type": "object", "additionalProperties": false, "properties": rules }
        }
    })
}
