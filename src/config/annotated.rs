//! A new backstop.toml: what a person answered, and beside it everything else that it could say.

use super::{is_built_in_production, schema, text};
use crate::policy::{Definition, Library};

/// Comments are wrapped to this.
const WIDTH: usize = 110;

/// What a person wants the file to say. What is empty stays as it is by default.
#[derive(Debug, Clone, Default)]
pub struct Answers {
    /// The environment that the others are about.
    pub environment: String,
    /// Whether the defaults for production hold there; `None`: as its name has it.
    pub production: Option<bool>,
    pub accounts: Vec<String>,
    pub tags: Vec<(String, String)>,
    /// No key of the file: a file that narrows what is observed would hide what lies elsewhere.
    pub regions: Vec<String>,
    pub retention_days: Option<u32>,
}

impl Answers {
    /// The command that audits what they are about.
    pub fn audit(&self) -> String {
        self.regions.iter().fold("backstop audit".to_owned(), |command, region| format!("{command} --region {region}"))
    }

    /// Whether anything puts what is judged into the environment.
    fn is_placed(&self) -> bool {
        !self.accounts.is_empty() || !self.tags.is_empty()
    }

    /// Whether it is what holds without a word.
    fn is_default(&self) -> bool {
        self.environment == "production"
    }
}

/// The text of the file.
pub fn annotated(library: &Library, answers: &Answers) -> String {
    let schema = schema(library);
    let described = |key: &str| comment(schema["properties"][key]["description"].as_str().unwrap_or_default());
    let mut file = comment(&format!(
        "What Backstop demands of these backups. A setting that is commented out shows what holds in production without it: take '# ' \
         away and change it. `backstop config show` prints what is in force and where each value comes from. Audit with: {}",
        answers.audit()
    ));

    file += "\n# ---- Environments ----\n#\n";
    file += &comment(
        "An environment holds for the accounts it names, or else for vaults and plans with all of its tags. In one that is production \
         the stricter defaults hold; every environment is, but for 'development' and those that say 'production = false'.",
    );
    file += "\n";
    file += &described("default_environment");
    if answers.is_placed() || answers.is_default() {
        file += "# default_environment = \"production\"\n";
    } else {
        file += &format!("default_environment = {}\n", text::quoted(&answers.environment));
    }
    for (key, value) in [("waiver_notice_days", 14), ("waiver_max_days", 365)] {
        file += &format!("\n{}# {key} = {value}\n", described(key));
    }

    file += "\n# ---- Parameters, for all environments ----\n\n[parameters]\n";
    for (name, definition) in in_their_order(library) {
        file += &format!("\n{}# {name} = {}\n", meaning(definition), text::value(definition.default_in(true)));
    }

    file += "\n# ---- What differs in one environment ----\n\n";
    file += &environment(answers);
    file += "\n# ---- Rules ----\n#\n";
    file += &comment("`backstop rules list` prints them all. One that is switched off is named in every report.");
    file + "\n# [rules.\"retention/never-expires\"]\n# enabled = false\n# severity = \"low\"\n"
}

fn environment(answers: &Answers) -> String {
    let mut table = Vec::new();
    if let Some(production) = answers.production.filter(|production| *production != is_built_in_production(&answers.environment)) {
        table.push(format!("production = {production}"));
    }
    if !answers.accounts.is_empty() {
        table.push(format!("accounts = {}", text::value(&answers.accounts.clone().into())));
    }
    if !answers.tags.is_empty() {
        let tags = answers.tags.iter().map(|(key, value)| (key.clone(), value.clone().into()));
        table.push(format!("tags = {}", text::value(&serde_json::Value::Object(tags.collect()))));
    }
    let name = text::key(&answers.environment);
    let mut written = String::new();
    if !table.is_empty() || !answers.is_default() || answers.retention_days.is_some() {
        written += &format!("[environments.{name}]\n");
        written += &table.into_iter().map(|line| line + "\n").collect::<String>();
    }
    if let Some(days) = answers.retention_days {
        written += &format!("\n[environments.{name}.parameters]\nretention_days = {days}\n");
    }
    if !written.is_empty() {
        written += "\n";
    }
    let example = if answers.environment == "staging" { "test" } else { "staging" };
    written
        + &format!(
            "# [environments.{example}]\n# production = false\n# accounts = [\"444455556666\"]\n# tags = {{ Environment = \"{example}\" }}\n#\n\
             # [environments.{example}.parameters]\n# retention_days = 7\n"
        )
}

/// What it means, what it takes, and what it is without a word.
fn meaning(definition: &Definition) -> String {
    let expected = definition.expected();
    let mut letters = expected.chars();
    let expected = letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>()).unwrap_or_default();
    let production = definition.production.as_ref().map(|value| format!(", in production {}", text::value(value))).unwrap_or_default();
    let default = text::value(&definition.default);
    format!("{}{}", comment(&definition.description), comment(&format!("{expected}. Default: {default}{production}.")))
}

/// As `parameters.toml` has them, where what belongs together stands together.
fn in_their_order(library: &Library) -> Vec<(&String, &Definition)> {
    let files = Library::shipped_files();
    let source = files.get("parameters.toml").map_or("", String::as_str);
    let mut all: Vec<_> = library.definitions.iter().collect();
    all.sort_by_key(|(name, _)| source.find(&format!("\n[{name}]\n")).unwrap_or(source.len()));
    all
}

fn comment(text: &str) -> String {
    let mut lines = String::new();
    let mut line = String::from("#");
    for word in text.split_whitespace() {
        if line.len() + 1 + word.len() > WIDTH && line.len() > 1 {
            lines += &format!("{line}\n");
            line = "#".to_owned();
        }
        line += " ";
        line += word;
    }
    format!("{lines}{line}\n")
}
