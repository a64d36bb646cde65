//! Keys that backstop.toml does not have, and severities that are none, each with what was probably meant.

use std::ops::Range;

use serde_json::Value;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{nearest, schema};
use crate::policy::{Library, Severity};

type Faults = Vec<(Range<usize>, String)>;

/// Nothing, where the text is no TOML: then that is the fault.
pub fn strays(text: &str, library: &Library) -> Faults {
    let Ok(document) = DeTable::parse(text) else { return Faults::new() };
    let schema = schema(library);
    let file = document.get_ref();
    let mut faults = Faults::new();
    let mut check = |table: &DeTable, keys: &Value, what: &str, parameters: &str| {
        let keys: Vec<&str> = keys.as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect();
        for key in table.keys() {
            let name: &str = key.get_ref();
            if keys.contains(&name) {
                continue;
            }
            let help = match nearest(keys.iter().copied(), name) {
                _ if library.definitions.contains_key(name) => format!("; it is a parameter: put it under {parameters}"),
                near if near.is_empty() => format!("; there is '{}'", keys.join("', '")),
                near => near,
            };
            faults.push((key.span(), format!("{what} no '{name}'{help}")));
        }
    };
    check(file, &schema["properties"], "the file has", "[parameters]");
    for (name, table) in tables(file, "environments") {
        let keys = &schema["properties"]["environments"]["additionalProperties"]["properties"];
        check(table, keys, "an environment has", &format!("[environments.{name}.parameters]"));
    }
    for (_, table) in tables(file, "rules") {
        let keys = &schema["properties"]["rules"]["properties"].as_object().and_then(|rules| rules.values().next());
        check(table, &keys.map(|rule| rule["properties"].clone()).unwrap_or_default(), "a rule has", "[parameters]");
    }
    for (_, table) in tables(file, "rules") {
        faults.extend(table.get("severity").and_then(severity));
    }
    faults
}

/// The tables below a table, by their names.
fn tables<'a>(file: &'a DeTable, name: &str) -> impl Iterator<Item = (&'a str, &'a DeTable<'a>)> {
    let all = file.get(name).and_then(|value| value.get_ref().as_table()).into_iter().flatten();
    all.filter_map(|(key, value)| Some((key.get_ref().as_ref(), value.get_ref().as_table()?)))
}

fn severity(value: &Spanned<DeValue>) -> Option<(Range<usize>, String)> {
    let names = Severity::WORST_FIRST.map(Severity::name);
    let given = value.get_ref().as_str()?;
    let help = match nearest(names.into_iter(), given) {
        near if near.is_empty() => format!("; there is '{}'", names.join("', '")),
        near => near,
    };
    (!names.contains(&given)).then(|| (value.span(), format!("there is no severity '{given}'{help}")))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::apply;
    use super::*;

    fn refused(text: &str) -> String {
        let library = Library::shipped().expect("the shipped rules load");
        apply(text, Path::new("backstop.toml"), library).map(|_| ()).expect_err(text).to_string()
    }

    #[test]
    fn every_key_of_the_schema_is_read_and_no_other() {
        let schema = schema(&Library::shipped().expect("the shipped rules load"));
        let names = |keys: &Value| keys.as_object().expect("properties").keys().cloned().collect::<Vec<_>>();
        let file = &schema["properties"];
        for (keys, head) in [
            (file, ""),
            (&file["environments"]["additionalProperties"]["properties"], "[environments.a]\n"),
            (&file["rules"]["properties"]["vault-lock/missing"]["properties"], "[rules.\"vault-lock/missing\"]\n"),
        ] {
            let names = names(keys);
            assert!(names.len() > 1, "{head}");
            for name in names {
                assert!(refused(&format!("{head}{name} = 1.5\n")).contains(&format!("{name} = 1.5")), "'{name}' is not read");
                assert!(refused(&format!("{head}{name}x = 1\n")).contains(&format!("no '{name}x'; did you mean '{name}'?")), "{name}");
            }
        }
    }

    #[test]
    fn a_parameter_in_the_wrong_table_is_told_where_it_belongs() {
        assert!(refused("retention_days = 3\n").contains("put it under [parameters]"));
        assert!(refused("[environments.a]\nretention_days = 3\n").contains("put it under [environments.a.parameters]"));
    }

    #[test]
    fn all_strays_are_told_beside_what_else_is_wrong() {
        let said = refused("wairver_max_days = 3\n[parameters]\nretention_days = 0\n[rules.\"vault-lock/missing\"]\nseverity = \"hgh\"\n");
        for place in ["backstop.toml:1:1: the file has no", "5:12: there is no severity 'hgh'; did you mean 'high'?"] {
            assert!(said.contains(place), "{said}");
        }
        let said = refused("x = 3\n[parameters]\nretention_days = 0\n");
        assert!(said.contains(":1:1: ") && said.contains(":3:18: "), "{said}");
    }
}
