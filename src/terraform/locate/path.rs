//! Paths inside a resource: `rule{rule_name=weekly}.lifecycle.delete_after`.

use std::fmt;

/// Nested blocks from the outside inwards, and at the end an attribute or a block. Empty: the resource itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Path(pub Vec<PathStep>);

/// A name, and which of several blocks of that name is meant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PathStep {
    pub name: String,
    pub which: Option<Which>,
}

/// The block whose attribute has this value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Which {
    pub attribute: String,
    pub value: String,
}

impl Path {
    /// `None` where a name is missing or a brace is left open. A value goes up to the last brace before the next step.
    pub fn parse(text: &str) -> Option<Path> {
        let mut steps = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let (name, after) = rest.split_at(rest.find(['.', '{']).unwrap_or(rest.len()));
            let (which, after) = match after.strip_prefix('{') {
                None => (None, after),
                Some(inner) => {
                    let end = inner.find("}.").or_else(|| inner.ends_with('}').then(|| inner.len() - 1))?;
                    let (attribute, value) = inner.get(..end)?.split_once('=')?;
                    (Some(Which { attribute: attribute.to_owned(), value: value.to_owned() }), inner.get(end + 1..)?)
                }
            };
            if name.is_empty() {
                return None;
            }
            steps.push(PathStep { name: name.to_owned(), which });
            rest = match after.strip_prefix('.') {
                Some("") => return None,
                Some(more) => more,
                None => after,
            };
        }
        Some(Path(steps))
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.0.iter().enumerate() {
            write!(f, "{}{}", if at == 0 { "" } else { "." }, step.name)?;
            if let Some(Which { attribute, value }) = &step.which {
                write!(f, "{{{attribute}={value}}}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_block_is_chosen_by_an_attribute() {
        let path = Path::parse("rule{rule_name=a.b}.copy_action{destination_vault_arn=arn:aws:x}.lifecycle").expect("a path");
        let which: Vec<_> = path.0.iter().map(|step| step.which.as_ref().map(|which| which.value.as_str())).collect();
        assert_eq!(which, [Some("a.b"), Some("arn:aws:x"), None]);
        assert_eq!(Path::parse(""), Some(Path::default()));
        for wrong in [".", "a.", "a..b", "a{b}", "a{b=c", "{b=c}"] {
            assert_eq!(Path::parse(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn what_is_read_is_written_the_same(text in "([a-z]{1,3}(\\{[a-z]{1,2}=[a-z.:}]{0,4}[a-z]\\})?\\.){0,3}[a-z]{1,3}") {
            if let Some(path) = Path::parse(&text) {
                prop_assert_eq!(path.to_string(), text);
            }
        }
    }
}
