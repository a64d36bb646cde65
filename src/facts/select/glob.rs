//! AWS Backup's wildcard: `*` stands for any run of characters that are not white space, and nothing else stands for anything.

/// Whether all of `text` matches. `?` is an ordinary character: AWS Backup documents `*` alone (DG: assigning-resources-json).
pub fn stars(pattern: &str, text: &str) -> bool {
    let (wanted, found) = (pattern.as_bytes(), text.as_bytes());
    let (mut at, mut to) = (0, 0);
    // Where the pattern goes on after its last star, and how far that star has come.
    let mut star: Option<(usize, usize)> = None;
    while to < found.len() {
        if wanted.get(at) == Some(&b'*') {
            at += 1;
            star = Some((at, to));
        } else if wanted.get(at) == Some(&found[to]) {
            at += 1;
            to += 1;
        } else if let Some((after, from)) = star {
            let Some(swallowed) = text[from..].chars().next().filter(|c| !c.is_whitespace()) else { return false };
            to = from + swallowed.len_utf8();
            at = after;
            star = Some((after, to));
        } else {
            return false;
        }
    }
    wanted[at..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::stars;

    #[test]
    fn a_star_stands_for_any_run_without_white_space() {
        assert!(stars("prod*", "production") && stars("*rod*", "production") && stars("prod*", "prod") && stars("*", ""));
        assert!(!stars("prod*", "prod server") && !stars("*", " ") && !stars("*b", "a\u{a0}b") && !stars("a*", "ba"));
        assert!(stars("a *", "a b") && stars("*-ä*", "é-äö") && stars("a*a*a", "aaaa") && !stars("a*a*a", "aa"));
    }

    #[test]
    fn a_question_mark_stands_for_itself() {
        assert!(stars("a?", "a?") && !stars("a?", "ab"));
    }
}
