//! An entry of Resources or NotResources: which ARNs it matches, and whether AWS asks for the type's opt-in behind it.

use super::super::capability;
use super::glob::stars;
use crate::snapshot::Arn;

/// What a selection's entry says of an ARN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Match {
    Yes,
    No,
    /// It would match, and AWS's documents contradict each other on whether a wildcard may stand there (B1.8).
    Unsettled,
}

/// How much an entry names. Tags, `*` and whole services obey the opt-in; a type or a resource that is named does not
/// (API: UpdateRegionSettings).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    Resource,
    Type,
    Service,
    /// `arn:aws:s3:::*` is all of a service and all of a type at once; `vol*` names a part of what may be several types.
    Unsettled,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Exact,
    /// Its only wildcards stand at the very end, where the API allows them.
    Prefix,
    /// Wildcards for Region and account as well, as the developer guide's examples have them.
    Fields,
    /// A wildcard where the API says it is not supported.
    Odd,
}

/// An entry, read once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub text: String,
    pub level: Level,
    form: Form,
}

impl Entry {
    pub fn of(text: &str) -> Self {
        let parsed = Arn::parse(text);
        let form = if !text.contains('*') {
            Form::Exact
        } else if !text.trim_end_matches('*').contains('*') {
            Form::Prefix
        } else {
            match parsed {
                Some(arn) if !has_star(arn.partition) && !has_star(arn.service) && !has_inner_star(arn.resource) => Form::Fields,
                _ => Form::Odd,
            }
        };
        let level = match (form, parsed) {
            (Form::Exact, _) => Level::Resource,
            (_, None) => Level::Service,
            (_, Some(arn)) if arn.resource.starts_with('*') => {
                if capability::is_typeless(arn.service) {
                    Level::Unsettled
                } else {
                    Level::Service
                }
            }
            (_, Some(arn)) if has_star(arn.service) => Level::Unsettled,
            (_, Some(arn)) if capability::is_typeless(arn.service) || (!arn.kind().is_empty() && !has_star(arn.kind())) => Level::Type,
            _ => Level::Unsettled,
        };
        Entry { text: text.to_owned(), level, form }
    }

    pub fn is_exact(&self) -> bool {
        self.form == Form::Exact
    }

    /// Whether it has a wildcard at the start of or inside the resource's id, or elsewhere than AWS shows one.
    pub fn has_odd_wildcard(&self) -> bool {
        self.form == Form::Odd
    }

    pub fn matches(&self, text: &str, arn: &Arn) -> Match {
        let known = |matches: bool| if matches { Match::Yes } else { Match::No };
        match self.form {
            Form::Exact => known(self.text == text),
            Form::Prefix => known(stars(&self.text, text)),
            Form::Fields => match Arn::parse(&self.text) {
                Some(wanted) if by_fields(&wanted, arn) => Match::Yes,
                _ => self.anyhow(text),
            },
            Form::Odd => self.anyhow(text),
        }
    }

    fn anyhow(&self, text: &str) -> Match {
        if stars(&self.text, text) { Match::Unsettled } else { Match::No }
    }
}

fn by_fields(wanted: &Arn, arn: &Arn) -> bool {
    wanted.partition == arn.partition
        && wanted.service == arn.service
        && stars(wanted.region, arn.region)
        && stars(wanted.account, arn.account)
        && stars(wanted.resource, arn.resource)
}

fn has_star(part: &str) -> bool {
    part.contains('*')
}

fn has_inner_star(part: &str) -> bool {
    has_star(part.trim_end_matches('*'))
}
