//! Terraform's addresses of resource instances: `module.a["x.y"].aws_backup_vault.main[0]`.

use std::fmt;

/// A resource instance, or the resource with all its instances where the last key is left out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Address {
    /// The module calls from the root inwards.
    pub modules: Vec<Step>,
    pub is_data: bool,
    /// The resource type.
    pub kind: String,
    pub resource: Step,
}

/// A name, and the key of one instance.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Step {
    pub name: String,
    pub key: Option<Key>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// Of `count`.
    Index(u64),
    /// Of `for_each`.
    Name(String),
    /// `[?]`: whatever instances there will be.
    Unknown,
}

impl Address {
    /// `None` for what is no address of a resource.
    pub fn parse(text: &str) -> Option<Address> {
        let mut rest = text;
        let mut modules = Vec::new();
        while let Some(inner) = rest.strip_prefix("module.") {
            let (step, after) = step(inner)?;
            modules.push(step);
            rest = after.strip_prefix('.')?;
        }
        let is_data = rest.starts_with("data.");
        let (kind, rest) = name(rest.strip_prefix("data.").unwrap_or(rest))?;
        let (resource, rest) = step(rest.strip_prefix('.')?)?;
        rest.is_empty().then(|| Address { modules, is_data, kind: kind.to_owned(), resource })
    }

    /// As `type.name`, which is unique in its module.
    pub fn in_module(&self) -> String {
        format!("{}.{}", self.kind, self.resource.name)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for module in &self.modules {
            write!(f, "module.{module}.")?;
        }
        write!(f, "{}{}.{}", if self.is_data { "data." } else { "" }, self.kind, self.resource)
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        self.key.as_ref().map_or(Ok(()), |key| write!(f, "[{key}]"))
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Key::Index(index) => write!(f, "{index}"),
            Key::Name(name) => write!(f, "\"{}\"", escaped(name)),
            Key::Unknown => f.write_str("?"),
        }
    }
}

/// As Terraform writes a key. What begins a template is doubled, and what cannot be printed becomes its number.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '$' | '%' => {
                out.push(c);
                if chars.peek() == Some(&'{') {
                    out.push(c);
                }
            }
            c if c.is_control() => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}

fn step(text: &str) -> Option<(Step, &str)> {
    let (found, rest) = name(text)?;
    let name = found.to_owned();
    match rest.strip_prefix('[') {
        None => Some((Step { name, key: None }, rest)),
        Some(inner) => {
            let (key, rest) = key(inner)?;
            Some((Step { name, key: Some(key) }, rest.strip_prefix(']')?))
        }
    }
}

fn name(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-')).unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

fn key(text: &str) -> Option<(Key, &str)> {
    if let Some(rest) = text.strip_prefix('?') {
        return Some((Key::Unknown, rest));
    }
    if let Some(quoted) = text.strip_prefix('"') {
        let (name, rest) = unquoted(quoted)?;
        return Some((Key::Name(name), rest));
    }
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    Some((Key::Index(digits.parse().ok()?), rest))
}

/// What stands before the closing quote, and what comes after it.
fn unquoted(text: &str) -> Option<(String, &str)> {
    let mut out = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((out, text.get(at + 1..)?)),
            '\\' => match chars.next()?.1 {
                'n' => out.push('\n'),
                'r' => out.push('\r'),
                't' => out.push('\t'),
                'u' => out.push(number(&mut chars, 4)?),
                'U' => out.push(number(&mut chars, 8)?),
                other => out.push(other),
            },
            '$' | '%' => {
                out.push(c);
                if text.get(at + 1..)?.strip_prefix(c).is_some_and(|after| after.starts_with('{')) {
                    chars.next();
                }
            }
            c => out.push(c),
        }
    }
    None
}

fn number(chars: &mut std::str::CharIndices, digits: usize) -> Option<char> {
    let mut value = 0;
    for _ in 0..digits {
        value = value * 16 + chars.next()?.1.to_digit(16)?;
    }
    char::from_u32(value)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn steps() -> impl Strategy<Value = Step> {
        let key = prop_oneof![
            Just(None),
            Just(Some(Key::Unknown)),
            any::<u64>().prop_map(|index| Some(Key::Index(index))),
            "[\\.\"\\[\\]${}%\\\\\n\u{7f}a-zä ]{0,12}".prop_map(|name| Some(Key::Name(name))),
            any::<String>().prop_map(|name| Some(Key::Name(name))),
        ];
        ("[a-z_][a-z0-9_-]{0,8}", key).prop_map(|(name, key)| Step { name, key })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(
            modules in prop::collection::vec(steps(), 0..4),
            is_data in any::<bool>(),
            kind in "aws_[a-z_]{1,12}",
            resource in steps(),
        ) {
            let address = Address { modules, is_data, kind, resource };
            prop_assert_eq!(Address::parse(&address.to_string()), Some(address));
        }

        #[test]
        fn no_text_is_too_much(text in any::<String>(), like in "[a-z.\\[\\]\"\\\\$0-9{]{0,40}") {
            for text in [text, like] {
                if let Some(address) = Address::parse(&text) {
                    prop_assert_eq!(Address::parse(&address.to_string()), Some(address));
                }
            }
        }
    }

    #[test]
    fn keys_may_hold_dots_and_brackets() {
        let address = Address::parse(r#"module.a["x.y"].module.b[0].aws_backup_vault.n["p[0].q"]"#).expect("an address");
        assert_eq!(address.modules.len(), 2);
        assert_eq!(address.modules[0].key, Some(Key::Name("x.y".to_owned())));
        assert_eq!(address.in_module(), "aws_backup_vault.n");
        assert_eq!(address.resource.key, Some(Key::Name("p[0].q".to_owned())));
    }

    #[test]
    fn what_begins_a_template_is_written_twice() {
        let address = Address::parse(r#"aws_kms_key.k["$${a}%{"]"#).expect("an address");
        assert_eq!(address.resource.key, Some(Key::Name("${a}%{".to_owned())));
        assert_eq!(address.to_string(), r#"aws_kms_key.k["$${a}%%{"]"#);
    }

    #[test]
    fn what_is_no_address_is_none() {
        for text in
            ["", "module.a", "aws_backup_vault", "aws_backup_vault.", "aws_kms_key.k[", "aws_kms_key.k[x]", "aws_kms_key.k[\"x]", "a.b.c"]
        {
            assert_eq!(Address::parse(text), None, "{text}");
        }
    }
}
