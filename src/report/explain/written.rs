//! Values written into shell commands, into HCL and into sentences, so that each is data there and nothing else. What AWS's users
//! chose can hold quotation marks, line breaks, `$(...)` and `${...}`.

use serde_json::Value;

use crate::plain::{plain, steers};

/// What a text is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    Shell,
    Hcl,
    Prose,
}

/// Where in a text a placeholder stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Bare,
    /// Between double quotation marks.
    Double,
    /// Between single quotation marks of the shell, where JSON and programs of jq stand; inside a text of theirs or not.
    Single {
        in_text: bool,
    },
    Comment,
}

/// The text with each placeholder for which there is a value replaced by it.
pub fn filled<'a>(text: &'a str, language: Language, mut value_of: impl FnMut(&'a str) -> Option<Value>) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut place = Place::Bare;
    let mut rest = text;
    let mut before = ' ';
    while let Some(c) = rest.chars().next() {
        let word = if is_of_a_name(before) { None } else { placeholder(rest) };
        if let Some(word) = word {
            match value_of(word) {
                Some(value) => out += &written(&value, language, place),
                None => out += word,
            }
            rest = rest.get(word.len()..).unwrap_or_default();
            before = 'X';
            continue;
        }
        let mut length = c.len_utf8();
        // A character after a backslash means itself.
        if c == '\\' && escapes(language, place) {
            length += rest.chars().nth(1).map_or(0, char::len_utf8);
        } else {
            place = after(place, c, before, language);
        }
        let (taken, left) = rest.split_at_checked(length).unwrap_or((rest, ""));
        out += taken;
        before = taken.chars().next_back().unwrap_or(' ');
        rest = left;
    }
    out
}

/// The placeholders of a text, in their order, as often as they stand there.
pub fn placeholders(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    filled(text, Language::Prose, |name| {
        found.push(name);
        None
    });
    found
}

fn is_of_a_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// A word in capitals with a `_` in it, at the beginning of the text.
fn placeholder(text: &str) -> Option<&str> {
    let end = text.find(|c: char| !is_of_a_name(c)).unwrap_or(text.len());
    let word = text.get(..end)?;
    let is_in_capitals = word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    let begins = word.starts_with(|c: char| c.is_ascii_uppercase());
    (is_in_capitals && begins && word.contains('_') && !word.ends_with('_')).then_some(word)
}

fn escapes(language: Language, place: Place) -> bool {
    matches!(
        (language, place),
        (Language::Shell, Place::Bare | Place::Double | Place::Single { in_text: true }) | (Language::Hcl, Place::Double)
    )
}

fn after(place: Place, c: char, before: char, language: Language) -> Place {
    match (language, place, c) {
        (Language::Prose, ..) => Place::Bare,
        (_, Place::Comment, '\n') => Place::Bare,
        (_, Place::Bare, '#') if before.is_whitespace() => Place::Comment,
        (_, Place::Bare, '"') => Place::Double,
        (_, Place::Double, '"') => Place::Bare,
        (Language::Shell, Place::Bare, '\'') => Place::Single { in_text: false },
        (Language::Shell, Place::Single { .. }, '\'') => Place::Bare,
        (Language::Shell, Place::Single { in_text }, '"') => Place::Single { in_text: !in_text },
        (_, place, _) => place,
    }
}

fn written(value: &Value, language: Language, place: Place) -> String {
    match (language, place) {
        (Language::Prose, _) | (_, Place::Comment) => plain(&said(value)).into_owned(),
        (Language::Shell, Place::Bare) => match value {
            Value::Array(items) => items.iter().map(|item| word(&said(item))).collect::<Vec<_>>().join(" "),
            one => word(&said(one)),
        },
        (Language::Shell, Place::Double) => match said(value) {
            text if is_harmless(&text) => text,
            text => format!("\"{}\"", word(&text)),
        },
        (Language::Shell, Place::Single { in_text: true }) => in_single(&json_inner(&said(value))),
        (Language::Shell, Place::Single { in_text: false }) => in_single(&json_whole(value)),
        (Language::Hcl, Place::Double) => hcl_inner(&said(value)),
        (Language::Hcl, _) => hcl(value),
    }
}

/// A value as a sentence tells it.
pub fn said(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(said).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

fn is_harmless(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "_@%+=:,./-".contains(c))
}

/// One word of the shell.
fn word(text: &str) -> String {
    if is_harmless(text) {
        return text.to_owned();
    }
    if !text.contains(steers) {
        return format!("'{}'", in_single(text));
    }
    let mut quoted = "$'".to_owned();
    for c in text.chars() {
        match c {
            '\'' | '\\' => quoted.extend(['\\', c]),
            // As bytes: what \u means there depends on the locale.
            c if steers(c) => c.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| quoted += &format!("\\x{byte:02x}")),
            c => quoted.push(c),
        }
    }
    quoted + "'"
}

fn in_single(text: &str) -> String {
    text.replace('\'', "'\\''")
}

/// Escaped for the inside of a JSON text.
fn json_inner(text: &str) -> String {
    let quoted = json_whole(&Value::from(text));
    quoted.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or_default().to_owned()
}

/// JSON in which nothing steers.
fn json_whole(value: &Value) -> String {
    let mut text = String::new();
    for c in value.to_string().chars() {
        if steers(c) {
            c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| text += &format!("\\u{unit:04x}"));
        } else {
            text.push(c);
        }
    }
    text
}

/// An expression of HCL.
fn hcl(value: &Value) -> String {
    match value {
        Value::String(text) => format!("\"{}\"", hcl_inner(text)),
        Value::Array(items) => format!("[{}]", items.iter().map(hcl).collect::<Vec<_>>().join(", ")),
        Value::Object(members) => {
            let members: Vec<String> = members.iter().map(|(key, value)| format!("\"{}\" = {}", hcl_inner(key), hcl(value))).collect();
            format!("{{ {} }}", members.join(", "))
        }
        other => other.to_string(),
    }
}

/// Escaped for the inside of a text of HCL, in which `${` and `%{` begin expressions.
fn hcl_inner(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '"' | '\\' => escaped.extend(['\\', c]),
            '$' | '%' if characters.peek() == Some(&'{') => escaped.extend([c, c]),
            c if steers(c) => escaped += &format!("\\U{:08X}", u32::from(c)),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shell(text: &str, value: Value) -> String {
        filled(text, Language::Shell, |_| Some(value.clone()))
    }

    #[test]
    fn a_placeholder_is_a_whole_word() {
        assert_eq!(placeholders("A_B x-A_B2-$y B A_ _A_B aA_B A_b \"C_D\""), ["A_B", "A_B2", "C_D"]);
        assert_eq!(filled("A_B A_B_C", Language::Prose, |name| (name == "A_B").then(|| json!(1))), "1 A_B_C");
    }

    #[test]
    fn harmless_values_stay_as_they_are_in_the_shell() {
        assert_eq!(
            shell("aws --name A_B \"x-A_B-$y\" '{\"a\": \"A_B\"}'", json!("main")),
            "aws --name main \"x-main-$y\" '{\"a\": \"main\"}'"
        );
        assert_eq!(shell("--days A_B '{\"a\": A_B}'", json!(30)), "--days 30 '{\"a\": 30}'");
        assert_eq!(shell("--events A_B", json!(["X", "Y"])), "--events X Y");
        assert_eq!(shell("--tags 'A_B'", json!({"Owner": "x"})), "--tags '{\"Owner\":\"x\"}'");
    }

    #[test]
    fn hcl_has_lists_numbers_and_maps() {
        let hcl = |value: Value| filled("a = A_B # A_B", Language::Hcl, |_| Some(value.clone()));
        assert_eq!(hcl(json!(["a", "b"])), "a = [\"a\", \"b\"] # a, b");
        assert_eq!(hcl(json!(7)), "a = 7 # 7");
        assert_eq!(hcl(json!({"k": "v"})), "a = { \"k\" = \"v\" } # {\"k\":\"v\"}");
    }

    /// What a shell makes of a command's words.
    fn heard(command: &str) -> Vec<u8> {
        let shell = std::process::Command::new("bash").args(["-c", command]).env_clear().output().expect("bash starts");
        assert!(shell.status.success(), "{command}: {}", String::from_utf8_lossy(&shell.stderr));
        shell.stdout
    }

    #[test]
    fn no_value_breaks_out_of_the_shell_or_of_hcl() {
        let hostile = [
            "$(rm -rf /)",
            "`id`",
            "a'b",
            "a\"b",
            "a\\",
            "\\'",
            "a\nb",
            "; exit 1 #",
            "${x} %{if} $${y}",
            "*",
            "~",
            "\u{1b}[2J\u{202e}x",
            "!!",
            "ünï",
            "'\"'\"'",
        ];
        for text in hostile {
            let value = json!(text);
            for template in ["printf %s A_B", "printf %s \"A_B\"", "printf %s pre-A_B-post", "printf %s \"pre-A_B-post\""] {
                let wanted = if template.contains("pre") { format!("pre-{text}-post") } else { text.to_owned() };
                let command = shell(template, value.clone());
                assert!(!command.contains(|c: char| c != '\n' && steers(c)), "{command:?}");
                assert_eq!(String::from_utf8_lossy(&heard(&command)), wanted, "{command}");
            }
            for template in ["printf %s '{\"a\": \"A_B\"}'", "printf %s '{\"a\": A_B}'"] {
                let command = shell(template, value.clone());
                let parsed: Value = serde_json::from_slice(&heard(&command)).expect("JSON");
                assert_eq!(parsed["a"], value, "{command}");
            }
            let commented = shell("true # A_B\nprintf ok", value.clone());
            assert_eq!(heard(&commented), b"ok", "{commented}");
            for template in ["a = A_B\n", "a = \"A_B\"\n", "# A_B\na = A_B\n"] {
                let block = filled(template, Language::Hcl, |_| Some(value.clone()));
                let body: hcl_edit::structure::Body = block.parse().unwrap_or_else(|error| panic!("{block}: {error}"));
                let attribute = body.get_attribute("a").expect("it is there");
                let read = match &attribute.value {
                    hcl_edit::expr::Expression::String(text) => text.as_str().to_owned(),
                    other => panic!("{block}: an expression: {other:?}"),
                };
                assert_eq!(read, text, "{block}");
            }
        }
    }
}
