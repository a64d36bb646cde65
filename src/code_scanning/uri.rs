//! The path of a file, as GitHub wants it: a relative reference (RFC 3986) below the root of the repository.

use super::fault::Check;

/// What is wrong with it, as the rest of a sentence. An empty one names no file, which is another fault.
pub fn faults(uri: &str) -> Vec<(Check, &'static str)> {
    let mut faults = Vec::new();
    let first = uri.split(['/', '?', '#']).next().unwrap_or_default();
    match first.split_once(':') {
        Some((scheme, _)) if scheme.eq_ignore_ascii_case("file") => faults.push((Check::PathOutside, "is absolute")),
        Some((scheme, _)) if is_scheme(scheme) => faults.push((Check::ForeignUri, "has a scheme")),
        Some(_) => faults.push((Check::ForeignUri, "has a colon before its first slash")),
        None if uri.starts_with(['/', '\\']) => faults.push((Check::PathOutside, "is absolute")),
        None => {}
    }
    if uri.split(['/', '\\']).any(|part| part == "..") {
        faults.push((Check::PathOutside, "leads outside with '..'"));
    }
    if let Some(what) = invalid(uri) {
        faults.push((Check::InvalidUri, what));
    }
    faults
}

fn is_scheme(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic())
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
}

fn invalid(uri: &str) -> Option<&'static str> {
    if uri.contains('\\') {
        return Some("has a backslash");
    }
    if uri.starts_with("./") {
        return Some("begins with './'");
    }
    if uri.contains(['?', '#']) {
        return Some("has a '?' or '#', which ends a path");
    }
    let mut escapes = uri.split('%').skip(1);
    if escapes.any(|after| !after.get(..2).is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))) {
        return Some("has a '%' without two hexadecimal digits");
    }
    let is_meant = |c: char| c.is_ascii_alphanumeric() || "-._~%!$&'()*+,;=:@/?#".contains(c);
    (!uri.chars().all(is_meant)).then_some("has a character that a URI must encode")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_path_is_told_apart() {
        let checks = |uri: &str| faults(uri).into_iter().map(|(check, _)| check).collect::<Vec<_>>();
        for fine in ["main.tf", "infra/a%20b.tf", "aws/111122223333/us-east-1/backup-vault/a%3Ab", "a/b:c", "library/nginx", "@scope/x"] {
            assert_eq!(checks(fine), [], "{fine}");
        }
        for foreign in ["arn:aws:backup:x", "https://a.b/c", "git::https://a.b", "Dockerfile (nginx:1", "C:/x", "vault:prod/x", "1a:b"] {
            assert!(checks(foreign).contains(&Check::ForeignUri), "{foreign}");
        }
        for outside in ["/etc/passwd", "file:///etc/passwd", "../x", "a/../../x", "a\\..\\b"] {
            assert!(checks(outside).contains(&Check::PathOutside), "{outside}");
        }
        for invalid in ["a b", "./x", "a\\b", "a#b", "a%2", "a%zz", "größe", "a|b", "%é"] {
            assert!(checks(invalid).contains(&Check::InvalidUri), "{invalid}");
        }
    }
}
