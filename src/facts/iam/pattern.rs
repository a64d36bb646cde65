//! Wildcards and policy variables. A value may itself be a pattern, where only its form is known.

use super::request::{Request, Value};
use super::truth::Truth;

/// Stands where a wildcard may stand for anything: nobody and nothing that a policy names is called this.
pub const NOBODY: &str = "zq-not-named-by-any-policy-qz";

/// Whether `text` matches `pattern`, in which `*` stands for any run of characters and `?` for one.
pub fn wildcard(pattern: &str, text: &str) -> bool {
    matches(pattern, text, |_| true)
}

/// The same with `*` standing only for characters that `allowed` lets through.
pub fn matches(pattern: &str, text: &str, allowed: impl Fn(char) -> bool) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        if pattern.get(p) == Some(&'*') {
            star = Some((p, t));
            p += 1;
        } else if pattern.get(p).is_some_and(|&c| c == text[t] || c == '?') {
            p += 1;
            t += 1;
        } else if let Some((at, from)) = star.filter(|&(_, from)| allowed(text[from])) {
            star = Some((at, from + 1));
            p = at + 1;
            t = from + 1;
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|&c| c == '*')
}

/// One of the texts that match the pattern, and that no policy names.
pub fn instance(pattern: &str) -> String {
    pattern.replace('*', NOBODY).replace('?', "q")
}

/// Whether some text matches both patterns.
pub fn meet(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    // reach[j]: whether the first i characters of one, and the first j of the other, have a text in common.
    let mut reach = vec![false; other.len() + 1];
    for i in 0..=one.len() {
        let mut next = vec![false; other.len() + 1];
        for j in 0..=other.len() {
            let star = |of: &[char], at: usize| at > 0 && of[at - 1] == '*';
            next[j] = (i == 0 && j == 0)
                || (star(&one, i) && (reach[j] || (j > 0 && next[j - 1])))
                || (star(&other, j) && ((j > 0 && next[j - 1]) || (i > 0 && reach[j])))
                || (i > 0 && j > 0 && reach[j - 1] && same(one[i - 1], other[j - 1]));
        }
        reach = next;
    }
    reach[other.len()]
}

fn same(one: char, other: char) -> bool {
    one == other || one == '?' || other == '?'
}

/// Whether every text that matches `form` matches `pattern` as well.
pub fn covers(pattern: &str, form: &str) -> bool {
    wildcard(pattern, &instance(form)) && wildcard(pattern, &form.replace('*', "").replace('?', "q"))
}

/// A pattern of a policy, with its variables: `${aws:username}` becomes the request's value where that is known, and else
/// stands for anything, in which case only a mismatch is certain.
pub struct Filled {
    pub pattern: String,
    /// The variables that are not known.
    pub unknown: Vec<String>,
}

impl Filled {
    pub fn of(text: &str, request: &Request, has_variables: bool) -> Self {
        let (mut pattern, mut unknown, mut rest) = (String::new(), Vec::new(), text);
        while let Some(start) = rest.find("${").filter(|_| has_variables) {
            let Some(length) = rest[start..].find('}') else { break };
            pattern.push_str(&rest[..start]);
            let name = rest[start + 2..start + length].split(',').next().unwrap_or_default().trim();
            match (name, request.value(name)) {
                // These stand for the characters themselves, which `?` is as near to as a pattern comes.
                ("*" | "?" | "$", _) => {
                    pattern.push('?');
                    unknown.push(format!("${{{name}}}"));
                }
                (_, Some(Value::One(value))) if !value.contains(['*', '?']) => pattern.push_str(value),
                _ => {
                    pattern.push('*');
                    unknown.push(name.to_owned());
                }
            }
            rest = &rest[start + length + 1..];
        }
        pattern.push_str(rest);
        Filled { pattern, unknown }
    }

    /// What it comes to that the pattern matches, or does not.
    pub fn verdict(&self, matched: Truth) -> Truth {
        match matched {
            Truth::No => Truth::No,
            matched => Truth::all(self.unknown.iter().map(|name| Truth::key(name)).chain([matched])),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_patterns_meet_where_a_text_matches_both() {
        for (one, other) in [("a*", "*b"), ("a?c", "ab*"), ("*", ""), ("role/*", "role/admin/*"), ("**", "x"), ("a*b*c", "a?bc")] {
            assert!(meet(one, other) && meet(other, one), "{one} {other}");
        }
        for (one, other) in [("a*", "b*"), ("role/?", "role/"), ("*a", "*b"), ("abc", "abd"), ("", "?")] {
            assert!(!meet(one, other) && !meet(other, one), "{one} {other}");
        }
    }

    #[test]
    fn a_pattern_covers_another_only_where_nothing_of_it_is_left_out() {
        assert!(covers("arn:aws:dynamodb:*:*:table/*", "arn:aws:dynamodb:us-east-1:111122223333:table/*"));
        assert!(covers("*", "a*b"));
        assert!(!covers("table/orders-*", "table/*"));
        assert!(!covers("table/?*", "table/*"));
    }
}
