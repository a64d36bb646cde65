//! Resource types: whether AWS Backup can do with them what is promised.

use super::terms::Terms;
use super::{Contradiction, contradiction};
use crate::facts::{type_named, types_read_on};

pub fn not_supported(terms: &Terms) -> Option<Contradiction> {
    let types = terms.texts("backed_up_types")?;
    let unknown: Vec<&str> = types.value.iter().map(String::as_str).filter(|name| type_named(name).is_none()).collect();
    let promised = vec![types.side(format!("The configurations of {} are backed up.", types.value.join(", ")))];
    let follows = format!(
        "AWS Backup has no resource type {}: nothing of it is backed up, whatever a selection names (table of {}).",
        quoted(&unknown),
        types_read_on()
    );
    (!unknown.is_empty()).then(|| contradiction("type-not-supported", promised, follows, &[]))
}

pub fn not_incremental(terms: &Terms) -> Option<Contradiction> {
    let types = terms.texts("incremental_types")?;
    let full = |name: &&str| type_named(name).is_some_and(|known| !known.is_incremental());
    let full: Vec<&str> = types.value.iter().map(String::as_str).filter(full).collect();
    let promised = vec![types.side("Backups after the first hold changes only.")];
    let follows = format!("Every point of {} that AWS Backup makes is a full one (table of {}).", quoted(&full), types_read_on());
    (!full.is_empty()).then(|| contradiction("type-not-incremental", promised, follows, &[]))
}

fn quoted(names: &[&str]) -> String {
    format!("'{}'", names.join("', '"))
}
