//! Every value in force, and where it comes from; as text, a backstop.toml that says the same.

use std::collections::BTreeMap;
use std::path::Path;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;
use serde_json::Value;

use super::fault::visible;
use super::places::Places;
use super::{FILE, InForce, text};
use crate::audit::Environment;
use crate::policy::{Library, Severity};

const SCHEMA: &str = "backstop/config-show/1";
/// From where on the sources stand in a column.
const COLUMN: usize = 48;

/// Where the configuration was found, or looked for.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct Whence {
    pub file: Option<Named>,
    /// Where a file was looked for that nobody named.
    pub looked_in: Vec<String>,
    pub waivers: Option<Named>,
}

/// A file, and who named it: a flag, a variable, or nobody, where it was found.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Named {
    pub path: String,
    pub by: Option<String>,
}

/// What is in force.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Shown {
    schema: &'static str,
    #[serde(flatten)]
    whence: Whence,
    /// Where everything is judged as this environment.
    forced_environment: Option<String>,
    default_environment: Set<String>,
    waiver_notice_days: Set<u16>,
    waiver_max_days: Set<u16>,
    environments: Vec<ShownEnvironment>,
    rules: BTreeMap<String, ShownRule>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct ShownEnvironment {
    name: String,
    /// Whether the defaults for production hold.
    production: Set<bool>,
    accounts: Set<Vec<String>>,
    tags: Set<BTreeMap<String, String>>,
    parameters: BTreeMap<String, Set<Value>>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct ShownRule {
    enabled: Set<bool>,
    /// None where it is switched off.
    severity: Option<Set<Severity>>,
}

/// A value, and where it comes from.
#[derive(Debug, Serialize, JsonSchema)]
struct Set<T> {
    value: T,
    source: Source,
    /// The table of the file that sets it.
    #[serde(skip_serializing_if = "Option::is_none")]
    table: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Source {
    Default,
    /// The stricter default that holds in production.
    ProductionDefault,
    File,
    /// --environment.
    Flag,
}

impl Shown {
    /// All environments, or the one that everything is judged as.
    pub fn of(in_force: &InForce, whence: Whence) -> Self {
        let places = Places::of(in_force.text.as_deref().unwrap_or_default());
        let from_file = Sources { places: &places };
        let environments = &in_force.environments;
        let default = environments.all.get(environments.default).map(|environment| environment.name.clone()).unwrap_or_default();
        let mut default_environment = from_file.set(default.clone(), &[], "default_environment");
        if environments.forced {
            default_environment = Set { value: default.clone(), source: Source::Flag, table: None, line: None };
        }
        let shown = environments.all.iter().filter(|environment| !environments.forced || environment.name == default);
        let shown = shown.map(|environment| from_file.environment(environment, &in_force.library)).collect();
        let enabled = in_force.library.rules.iter().map(|rule| {
            let table = ["rules", &rule.id];
            let severity = Some(from_file.set(rule.severity, &table, "severity"));
            (rule.id.clone(), ShownRule { enabled: from_file.set(true, &table, "enabled"), severity })
        });
        let disabled = in_force
            .disabled
            .iter()
            .map(|id| (id.clone(), ShownRule { enabled: from_file.set(false, &["rules", id], "enabled"), severity: None }));
        Shown {
            schema: SCHEMA,
            whence,
            forced_environment: environments.forced.then_some(default),
            default_environment,
            waiver_notice_days: from_file.set(in_force.waiver_terms.notice_days, &[], "waiver_notice_days"),
            waiver_max_days: from_file.set(in_force.waiver_terms.max_days, &[], "waiver_max_days"),
            environments: shown,
            rules: enabled.chain(disabled).collect(),
        }
    }

    /// The document's JSON Schema.
    pub fn schema() -> Value {
        let mut schema = SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<Shown>();
        schema.insert("$id".to_owned(), SCHEMA.into());
        schema.insert("title".to_owned(), "Backstop values in force".into());
        schema.to_value()
    }

    /// A backstop.toml that says what is in force, each value with where it comes from.
    pub fn text(&self) -> String {
        let file = self.whence.file.as_ref().map_or(FILE, |file| file.path.as_str());
        let file: String = Path::new(file).file_name().unwrap_or_default().to_string_lossy().chars().map(visible).collect();
        let mut text = self.head();
        text += &self.default_environment.line("default_environment", |name| text::quoted(name), &file);
        text += &self.waiver_notice_days.line("waiver_notice_days", ToString::to_string, &file);
        text += &self.waiver_max_days.line("waiver_max_days", ToString::to_string, &file);
        for environment in &self.environments {
            let name = text::key(&environment.name);
            text += &format!("\n[environments.{name}]\n");
            text += &environment.production.line("production", ToString::to_string, &file);
            text += &environment.accounts.line("accounts", |list| text::value(&list.clone().into()), &file);
            text += &environment.tags.line("tags", |tags| text::value(&serde_json::json!(tags)), &file);
            text += &format!("\n[environments.{name}.parameters]\n");
            text += &environment.parameters.iter().map(|(name, set)| set.line(name, text::value, &file)).collect::<String>();
        }
        text + &self.rules(&file)
    }

    fn head(&self) -> String {
        let shown = |path: &str| path.chars().map(visible).collect::<String>();
        let named = |file: &Named| match &file.by {
            Some(by) => format!("{}, which {by} names", shown(&file.path)),
            None => format!("{}, which was found", shown(&file.path)),
        };
        let mut head = String::new();
        match &self.whence.file {
            Some(file) => head += &format!("# Configuration: {}.\n", named(file)),
            None => {
                head += &format!("# Configuration: none; all that follows holds by default. No {FILE} is in\n");
                head += &self.whence.looked_in.iter().map(|directory| format!("#   {}\n", shown(directory))).collect::<String>();
            }
        }
        head += &format!("# Waivers: {}.\n", self.whence.waivers.as_ref().map_or("none".to_owned(), named));
        if let Some(name) = &self.forced_environment {
            head += &format!("# Everything is judged as '{}', whatever accounts and tags say.\n", shown(name));
        }
        head + "\n"
    }

    /// Those that the file changes; of the others, how many there are.
    fn rules(&self, file: &str) -> String {
        let is_set =
            |rule: &ShownRule| rule.enabled.source == Source::File || rule.severity.as_ref().is_some_and(|it| it.source == Source::File);
        let (set, others): (Vec<_>, Vec<_>) = self.rules.iter().partition(|(_, rule)| is_set(rule));
        let mut text = String::new();
        for (id, rule) in set {
            text += &format!("\n[rules.{}]\n{}", text::key(id), rule.enabled.line("enabled", ToString::to_string, file));
            text +=
                &rule.severity.as_ref().map(|set| set.line("severity", |severity| text::quoted(severity.name()), file)).unwrap_or_default();
        }
        let count = others.len();
        text + &format!(
            "\n# {count} {}\n",
            match self.rules.len() == count {
                true => "rules are enabled, all with their own severities: `backstop rules list` prints them.",
                false => "other rules are enabled, with their own severities: `backstop rules list` prints them.",
            }
        )
    }
}

struct Sources<'a> {
    places: &'a Places,
}

impl Sources<'_> {
    /// What a table of the file sets, or else the default.
    fn set<T>(&self, value: T, table: &[&str], key: &str) -> Set<T> {
        match self.places.line(&[table, &[key]].concat()) {
            Some(line) => {
                let named: Vec<String> = table.iter().map(|part| text::key(part)).collect();
                Set { value, source: Source::File, table: (!named.is_empty()).then(|| named.join(".")), line: Some(line) }
            }
            None => Set { value, source: Source::Default, table: None, line: None },
        }
    }

    fn environment(&self, environment: &Environment, library: &Library) -> ShownEnvironment {
        let table = ["environments", &environment.name];
        let parameter = |(name, value): (&String, &Value)| {
            let own = self.set(value.clone(), &["environments", &environment.name, "parameters"], name);
            let mut set = if own.source == Source::File { own } else { self.set(value.clone(), &["parameters"], name) };
            let is_stricter =
                environment.is_production && library.definitions.get(name).is_some_and(|definition| definition.production.is_some());
            if set.source == Source::Default && is_stricter {
                set.source = Source::ProductionDefault;
            }
            (name.clone(), set)
        };
        ShownEnvironment {
            name: environment.name.clone(),
            production: self.set(environment.is_production, &table, "production"),
            accounts: self.set(environment.accounts.clone(), &table, "accounts"),
            tags: self.set(environment.tags.clone(), &table, "tags"),
            parameters: environment.parameters.iter().map(parameter).collect(),
        }
    }
}

impl<T> Set<T> {
    fn line(&self, name: &str, written: impl Fn(&T) -> String, file: &str) -> String {
        let setting = format!("{} = {}", text::key(name), written(&self.value));
        let from = match (self.source, self.line, &self.table) {
            (Source::Flag, ..) => "--environment".to_owned(),
            (Source::ProductionDefault, ..) => "default in production".to_owned(),
            (Source::File, Some(line), Some(table)) => format!("{file}:{line} [{}]", table.chars().map(visible).collect::<String>()),
            (Source::File, Some(line), None) => format!("{file}:{line}"),
            (Source::Default | Source::File, ..) => "default".to_owned(),
        };
        let gap = " ".repeat(COLUMN.saturating_sub(setting.chars().count()).max(1));
        format!("{setting}{gap}# {from}\n")
    }
}
