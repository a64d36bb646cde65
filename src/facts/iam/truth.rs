//! Yes, no, or undecided and why: what a policy says of a request of which not everything is known.

use std::collections::BTreeSet;
use std::fmt;

use crate::snapshot::{Cause, Observed, Reason};

/// Why a policy leaves a request undecided.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doubt {
    /// It depends on this condition key, which is not known of the request.
    Key(String),
    /// It depends on which resource is meant.
    Resource(String),
    /// It holds something that is not understood.
    Odd(String),
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Doubt::Key(key) => write!(f, "'{key}', which is not known"),
            Doubt::Resource(resource) => write!(f, "whether '{resource}' is meant"),
            Doubt::Odd(what) => write!(f, "{what}"),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Truth {
    Yes,
    No,
    /// Never empty.
    Undecided(BTreeSet<Doubt>),
}

impl Truth {
    pub fn of(holds: bool) -> Self {
        if holds { Truth::Yes } else { Truth::No }
    }

    pub fn key(name: &str) -> Self {
        Truth::Undecided(BTreeSet::from([Doubt::Key(name.to_owned())]))
    }

    pub fn odd(what: impl Into<String>) -> Self {
        Truth::Undecided(BTreeSet::from([Doubt::Odd(what.into())]))
    }

    /// One that fails decides, whatever is not known of the others.
    pub fn all(truths: impl IntoIterator<Item = Truth>) -> Self {
        let mut doubts = BTreeSet::new();
        for truth in truths {
            match truth {
                Truth::No => return Truth::No,
                Truth::Yes => {}
                Truth::Undecided(more) => doubts.extend(more),
            }
        }
        if doubts.is_empty() { Truth::Yes } else { Truth::Undecided(doubts) }
    }

    /// One that holds decides, whatever is not known of the others.
    pub fn any(truths: impl IntoIterator<Item = Truth>) -> Self {
        Truth::all(truths.into_iter().map(Truth::not)).not()
    }

    pub fn not(self) -> Self {
        match self {
            Truth::Yes => Truth::No,
            Truth::No => Truth::Yes,
            undecided => undecided,
        }
    }

    pub fn is_yes(&self) -> bool {
        *self == Truth::Yes
    }

    pub fn is_no(&self) -> bool {
        *self == Truth::No
    }

    /// As a fact; `who` begins the sentence that says what depends.
    pub fn observed(self, who: &str) -> Observed<bool> {
        match self {
            Truth::Yes => Observed::Known(true),
            Truth::No => Observed::Known(false),
            Truth::Undecided(doubts) => Observed::Unknown(reasons(&doubts, who)),
        }
    }
}

/// The doubts, as reasons of a fact.
pub fn reasons(doubts: &BTreeSet<Doubt>, who: &str) -> Vec<Reason> {
    doubts.iter().map(|doubt| Reason::new(Cause::Undetermined, format!("{who} depends on {doubt}"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_decides_outweighs_what_is_not_known() {
        let unknown = || Truth::key("aws:x");
        assert_eq!(Truth::all([unknown(), Truth::No]), Truth::No);
        assert_eq!(Truth::any([unknown(), Truth::Yes]), Truth::Yes);
        assert_eq!(Truth::all([Truth::Yes, unknown()]), unknown());
        assert_eq!(Truth::any([Truth::No, unknown()]), unknown());
        assert_eq!((Truth::all([]), Truth::any([])), (Truth::Yes, Truth::No));
    }

    #[test]
    fn a_reason_names_the_key() {
        let Observed::Unknown(reasons) = Truth::key("aws:SourceIp").observed("a Deny") else { panic!("undecided") };
        assert_eq!(reasons[0].detail, "a Deny depends on 'aws:SourceIp', which is not known");
    }
}
