//! How many resources of each type plans select.

use std::collections::BTreeMap;

use serde_json::Value;

use super::known::text;
use crate::audit::Audit;
use crate::facts::Kind;

const WIDTH: usize = 700;

pub struct Coverage {
    /// By type.
    pub types: Vec<OfType>,
    /// How many lists of resources may lack some.
    pub gaps: usize,
}

#[derive(Default)]
pub struct OfType {
    pub name: String,
    pub selected: usize,
    pub unknown: usize,
    pub left_out: usize,
}

impl Coverage {
    pub fn of(audit: &Audit) -> Self {
        let resources = audit.subjects.of(Kind::Resource);
        let mut types: BTreeMap<&str, OfType> = BTreeMap::new();
        let mut gaps = 0;
        for subject in &resources.subjects {
            let facts = resources.facts_of(subject);
            let document = &facts.document;
            if facts.is_gap {
                gaps += 1;
                continue;
            }
            let is = |member: &str| document.pointer(member).and_then(Value::as_bool);
            if is("/coverage/exists") == Some(false) || is("/coverage/is_restore_test") == Some(true) {
                continue;
            }
            let of_type = types.entry(text(document, "/type").or_unknown()).or_default();
            match is("/coverage/is_selected") {
                Some(true) => of_type.selected += 1,
                Some(false) => of_type.left_out += 1,
                None => of_type.unknown += 1,
            }
        }
        let types = types.into_iter().map(|(name, of_type)| OfType { name: name.to_owned(), ..of_type }).collect();
        Coverage { types, gaps }
    }
}

impl OfType {
    pub fn total(&self) -> usize {
        self.selected + self.unknown + self.left_out
    }

    /// The parts of the bar: class, left edge and width.
    pub fn parts(&self) -> Vec<(&'static str, usize, usize)> {
        let (total, mut from, mut sum) = (self.total().max(1), 0, 0);
        let parts = [("good", self.selected), ("open", self.unknown), ("bad", self.left_out)];
        let part = |(class, count): (&'static str, usize)| {
            sum += count;
            let (at, to) = (from, sum * WIDTH / total);
            from = to;
            (class, at, to - at)
        };
        parts.into_iter().map(part).filter(|(_, _, width)| *width > 0).collect()
    }

    pub fn width(&self) -> usize {
        WIDTH
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_fill_the_bar() {
        let of = OfType { selected: 1, unknown: 1, left_out: 1, ..OfType::default() };
        assert_eq!(of.parts(), [("good", 0, 233), ("open", 233, 233), ("bad", 466, 234)]);
        assert!(OfType::default().parts().is_empty());
    }
}
