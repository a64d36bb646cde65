//! What was probably meant.

/// From how alike two names are, one may have been meant by the other.
const ALIKE: f64 = 0.75;

/// The known name that is most like the one that was given, where one is near enough.
pub fn nearest<'a>(known: impl Iterator<Item = &'a str>, given: &str) -> Option<&'a str> {
    let scored = known.map(|name| (strsim::jaro_winkler(name, given), name));
    scored.filter(|(score, _)| *score > ALIKE).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, name)| name)
}
