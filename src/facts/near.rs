//! Whether two texts were probably meant to be the same: they differ by case, by blanks, or by one letter.

use strsim::osa_distance;

/// A letter in a word of fewer letters, as in `team-a`, or a digit, as in `prod2`, was probably meant as it is.
const SHORTEST_WORD: usize = 4;

/// Whether one is the other, or nearly.
pub fn near(one: &str, other: &str) -> bool {
    let (one, other) = (plain(one), plain(other));
    one == other || differs_by_a_letter(&one, &other)
}

/// Without case and blanks.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

fn differs_by_a_letter(one: &str, other: &str) -> bool {
    if osa_distance(one, other) != 1 {
        return false;
    }
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let (longer, shorter) = if one.len() >= other.len() { (one, other) } else { (other, one) };
    let same = longer.iter().zip(&shorter).take_while(|(a, b)| a == b).count();
    let same_at_end = longer.iter().rev().zip(shorter.iter().rev()).take_while(|(a, b)| a == b).count().min(shorter.len() - same);
    let differing = longer[same..longer.len() - same_at_end].iter().chain(&shorter[same..shorter.len() - same_at_end]);
    let before = longer[..same].iter().rev().take_while(|c| c.is_alphabetic()).count();
    let after = longer[same..].iter().take_while(|c| c.is_alphabetic()).count();
    differing.clone().all(|c| c.is_alphabetic()) && before + after >= SHORTEST_WORD
}

#[cfg(test)]
mod tests {
    use super::near;

    #[test]
    fn texts_are_near_that_differ_by_case_blanks_or_one_letter() {
        for (one, other) in
            [("Prod", "prod"), ("prod ", "prod"), ("production", "prodution"), ("prod", "prd"), ("orders", "oredrs"), ("daily", "dailly")]
        {
            assert!(near(one, other) && near(other, one), "'{one}' and '{other}'");
        }
    }

    #[test]
    fn texts_are_not_near_that_were_probably_meant_to_differ() {
        for (one, other) in
            [("team-a", "team-b"), ("prod1", "prod2"), ("prod", "prod2"), ("dev", "deb"), ("daily", "weekly"), ("", "a"), ("eu", "us")]
        {
            assert!(!near(one, other) && !near(other, one), "'{one}' and '{other}'");
        }
    }
}
