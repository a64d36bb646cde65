//! Parameters: what can be configured, in which range, and the values in force.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::PolicyError;

/// A parameter, as `policies/parameters.toml` defines it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    #[serde(rename = "type")]
    pub shape: Shape,
    /// The least value of a number; 0 where it is not given.
    #[serde(default)]
    pub minimum: i64,
    #[serde(default)]
    pub choices: Vec<String>,
    pub default: Value,
    /// The default in production environments, where it differs.
    #[serde(default)]
    pub production: Option<Value>,
    pub description: String,
    pub spec: Vec<String>,
}

/// Far beyond any number of days or hours that means something, and far from where products of two overflow.
const GREATEST: i64 = 1_000_000;

/// What a parameter's value looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Shape {
    Days,
    Hours,
    Minutes,
    /// AWS's cron expression, in UTC or followed by ` in ` and a time zone.
    Schedule,
    Percent,
    Factor,
    Flag,
    Choice,
    Text,
    Texts,
}

/// The values in force in one environment.
pub type Parameters = BTreeMap<String, Value>;

/// A value that a parameter does not take.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{name}' takes {expected}, not {found}")]
pub struct ValueError {
    pub name: String,
    pub expected: String,
    pub found: String,
}

impl Definition {
    /// Whether the parameter takes the value.
    pub fn check(&self, name: &str, value: &Value) -> Result<(), ValueError> {
        let fits = match self.shape {
            Shape::Days | Shape::Hours | Shape::Minutes | Shape::Factor => {
                value.as_i64().is_some_and(|number| (self.minimum..=GREATEST).contains(&number))
            }
            Shape::Percent => value.as_i64().is_some_and(|number| (self.minimum..=100).contains(&number)),
            Shape::Flag => value.is_boolean(),
            Shape::Choice => value.as_str().is_some_and(|text| self.choices.iter().any(|choice| choice == text)),
            // What runs at these times, those who know schedules must say.
            Shape::Text | Shape::Schedule => value.is_string(),
            Shape::Texts => value.as_array().is_some_and(|list| list.iter().all(Value::is_string)),
        };
        if fits { Ok(()) } else { Err(self.refusal(name, value)) }
    }

    /// Says that it does not take the value.
    pub fn refusal(&self, name: &str, value: &Value) -> ValueError {
        ValueError { name: name.to_owned(), expected: self.expected(), found: value.to_string() }
    }

    /// Whether its values are schedules, which many texts can stand for.
    pub fn is_schedule(&self) -> bool {
        self.shape == Shape::Schedule
    }

    /// What it takes, as a sentence says it.
    pub fn expected(&self) -> String {
        match self.shape {
            Shape::Days => format!("whole days, at least {}", self.minimum),
            Shape::Hours => format!("whole hours, at least {}", self.minimum),
            Shape::Minutes => format!("whole minutes, at least {}", self.minimum),
            Shape::Schedule => "a cron expression of AWS, in UTC or followed by ' in ' and a time zone".to_owned(),
            Shape::Factor => format!("a whole number, at least {}", self.minimum),
            Shape::Percent => format!("a whole percentage from {} to 100", self.minimum),
            Shape::Flag => "true or false".to_owned(),
            Shape::Choice => format!("one of '{}'", self.choices.join("', '")),
            Shape::Text => "a text".to_owned(),
            Shape::Texts => "a list of texts".to_owned(),
        }
    }

    /// A JSON Schema of its values.
    pub fn schema(&self) -> Value {
        match self.shape {
            Shape::Days | Shape::Hours | Shape::Minutes | Shape::Factor => {
                json!({ "type": "integer", "minimum": self.minimum, "maximum": GREATEST })
            }
            Shape::Percent => json!({ "type": "integer", "minimum": self.minimum, "maximum": 100 }),
            Shape::Flag => json!({ "type": "boolean" }),
            Shape::Choice => json!({ "enum": self.choices }),
            Shape::Text => json!({ "type": "string" }),
            Shape::Schedule => json!({ "type": "string", "pattern": "^cron\\(.+\\)( in .+)?$" }),
            Shape::Texts => json!({ "type": "array", "items": { "type": "string" } }),
        }
    }

    /// The default in a production environment, or in another.
    pub fn default_in(&self, is_production: bool) -> &Value {
        self.production.as_ref().filter(|_| is_production).unwrap_or(&self.default)
    }
}

/// Reads the definitions, and checks that each takes its own defaults.
pub fn definitions(text: &str) -> Result<BTreeMap<String, Definition>, PolicyError> {
    let wrong = |message: String| PolicyError::File { file: "parameters.toml".to_owned(), message };
    let definitions: BTreeMap<String, Definition> = toml::from_str(text).map_err(|error| wrong(error.to_string()))?;
    for (name, definition) in &definitions {
        for value in std::iter::once(&definition.default).chain(&definition.production) {
            definition.check(name, value).map_err(|error| wrong(format!("its own default is refused: {error}")))?;
        }
    }
    Ok(definitions)
}
