//! What of recovery depends on the resource type, as a dated table. What else a type can do stands in `capability`.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::facts::capability;
use crate::snapshot::{Arn, Cause, Observed, Reason};

/// A row of the table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    name: String,
    #[serde(default)]
    restore_testing: bool,
    #[serde(default)]
    continuous: bool,
    lag_minutes: Option<i64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    read_on: String,
    #[allow(dead_code)]
    sources: Vec<String>,
    #[serde(rename = "type")]
    types: Vec<Row>,
}

// The table is part of the program and read by a test, so that it cannot be wrong at run time.
static TABLE: LazyLock<Table> = LazyLock::new(|| toml::from_str(include_str!("types.toml")).unwrap_or_default());

/// The types that a resource may be of: one, where its ARN or anything else tells, several where types share the ARN's shape.
#[derive(Debug, Clone)]
pub struct Candidates {
    names: Vec<String>,
    /// Why there are several.
    doubt: Vec<Reason>,
}

impl Candidates {
    pub fn of(arn: &str, told: &Observed<String>) -> Self {
        if let Observed::Known(name) = told {
            return Candidates { names: vec![name.clone()], doubt: Vec::new() };
        }
        let by_shape = Arn::parse(arn).map(|arn| capability::types_of(&arn)).unwrap_or_default();
        Candidates { names: by_shape.into_iter().map(|row| row.name.clone()).collect(), doubt: told.reasons().to_vec() }
    }

    /// Whether the resource is of the type.
    pub fn is(&self, name: &str) -> Observed<bool> {
        match self.names.as_slice() {
            [one] => Observed::Known(one == name),
            several if several.iter().any(|one| one == name) => self.undecided(),
            _ => Observed::Known(false),
        }
    }

    /// Whether restore testing plans can select the resource.
    pub fn can_be_tested(&self) -> Observed<bool> {
        self.agreed(|row| row.is_some_and(|row| row.restore_testing))
    }

    /// Whether there can be continuous recovery points of the resource.
    pub fn can_be_continuous(&self) -> Observed<bool> {
        self.agreed(|row| row.is_some_and(|row| row.continuous))
    }

    fn agreed(&self, holds: fn(Option<&Row>) -> bool) -> Observed<bool> {
        let row = |name: &String| TABLE.types.iter().find(|row| row.name == *name);
        let mut answers = self.names.iter().map(|name| holds(row(name)));
        match answers.next() {
            Some(first) if answers.all(|other| other == first) => Observed::Known(first),
            _ => self.undecided(),
        }
    }

    fn undecided(&self) -> Observed<bool> {
        if self.doubt.is_empty() {
            return Observed::unknown(Reason::new(Cause::Undetermined, "the resource's type is not known"));
        }
        Observed::Unknown(self.doubt.clone())
    }
}

/// Whether restore testing plans can select resources of the type.
pub fn type_can_be_tested(name: &str) -> bool {
    TABLE.types.iter().any(|row| row.name == name && row.restore_testing)
}

/// When the table was read, as YYYY-MM-DD.
pub fn read_on() -> &'static str {
    &TABLE.read_on
}

/// How far a continuous point of the type is behind, in minutes. Absent: the type has no continuous points.
pub fn lag_minutes(name: &str) -> Observed<i64> {
    match TABLE.types.iter().find(|row| row.name == name) {
        Some(Row { lag_minutes: Some(minutes), .. }) => Observed::Known(*minutes),
        Some(row) if row.continuous => {
            let detail = format!("AWS does not say how far behind continuous recovery points of the type '{name}' are");
            Observed::unknown(Reason::new(Cause::Undetermined, detail))
        }
        _ => Observed::Absent,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_can_be_read_and_names_types_that_aws_backup_knows() {
        assert!(toml::from_str::<Table>(include_str!("types.toml")).is_ok());
        assert!(TABLE.types.len() > 10);
        assert!(TABLE.types.iter().all(|row| capability::type_named(&row.name).is_some()));
    }

    #[test]
    fn clusters_of_one_shape_can_all_be_tested_though_their_type_is_not_known() {
        let doubt = Observed::unknown(Reason::new(Cause::Undetermined, "several"));
        let cluster = Candidates::of("arn:aws:rds:us-east-1:111122223333:cluster:a", &doubt);
        assert_eq!(cluster.can_be_tested(), Observed::Known(true));
        assert!(cluster.can_be_continuous().is_unknown(), "Aurora has continuous points, Neptune has none");
        assert!(cluster.is("Neptune").is_unknown());
        assert_eq!(cluster.is("EBS"), Observed::Known(false));
    }

    #[test]
    fn redshift_can_not_be_tested() {
        let cluster = Candidates::of("arn:aws:redshift:us-east-1:111122223333:cluster:a", &Observed::Known("Redshift".to_owned()));
        assert_eq!(cluster.can_be_tested(), Observed::Known(false));
    }
}
