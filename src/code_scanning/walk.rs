//! A document, member by member: what is of no interest is skipped without being held, however deep it is.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::fault::Check;
use super::shape::{Is, Node};
use super::tally::{Step, Tally};

/// What is to be read next.
pub struct Walk<'t> {
    pub tally: &'t mut Tally,
    pub is: Is,
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match self.is {
            Is::Anything => deserializer.deserialize_ignored_any(IgnoredAny).map(drop),
            _ => deserializer.deserialize_any(self),
        }
    }
}

impl Walk<'_> {
    fn wrong(self, found: &str) {
        let check = match self.is {
            Is::Score => Check::SecuritySeverity,
            _ => Check::Wrong,
        };
        self.tally.tell(check, format!("{found}, where {} is meant", self.is.name()));
    }

    fn whole(self, number: i64) {
        match self.is {
            Is::Whole(least) if number >= least => self.tally.whole(number),
            Is::Whole(1) => self.tally.tell(Check::LineBelowOne, number.to_string()),
            Is::Whole(least) => self.tally.tell(Check::Wrong, format!("{number}, which is less than {least}")),
            // JSON does not tell 2 from 2.0.
            Is::Number => {}
            Is::Score => self.tally.score(number as f64),
            _ => self.wrong(&number.to_string()),
        }
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.wrong("null");
        Ok(())
    }

    fn visit_bool<E>(self, is: bool) -> Result<(), E> {
        match self.is {
            Is::Flag => {}
            _ => self.wrong(if is { "true" } else { "false" }),
        }
        Ok(())
    }

    fn visit_i64<E>(self, number: i64) -> Result<(), E> {
        self.whole(number);
        Ok(())
    }

    fn visit_u64<E>(self, number: u64) -> Result<(), E> {
        self.whole(i64::try_from(number).unwrap_or(i64::MAX));
        Ok(())
    }

    fn visit_f64<E>(self, number: f64) -> Result<(), E> {
        match self.is {
            Is::Number => {}
            Is::Score => self.tally.score(number),
            Is::Whole(_) if number.fract() == 0.0 => self.whole(number as i64),
            _ => self.wrong(&number.to_string()),
        }
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        match self.is {
            Is::Text => self.tally.text(text),
            Is::Score => self.tally.score_text(text),
            Is::Word(words) if words.contains(&text) => self.tally.text(text),
            Is::Word(words) => {
                let check = if self.tally.member() == "level" { Check::Level } else { Check::Wrong };
                self.tally.tell(check, format!("'{text}', where one of {} is meant", words.join(", ")));
            }
            _ => self.wrong(&format!("'{text}'")),
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let Is::List(item) = self.is else {
            while list.next_element::<IgnoredAny>()?.is_some() {}
            self.wrong("a list");
            return Ok(());
        };
        let tally = self.tally;
        let mut count = 0;
        loop {
            tally.path.push(Step::At(count));
            let next = list.next_element_seed(Walk { tally, is: *item })?;
            tally.path.pop();
            if next.is_none() {
                break;
            }
            count += 1;
        }
        tally.list(count);
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let Is::Node(node) = self.is else {
            while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            self.wrong("an object");
            return Ok(());
        };
        let tally = self.tally;
        tally.open(node);
        let mut seen: Vec<&'static str> = Vec::new();
        while let Some(name) = members.next_key::<String>()? {
            match node.member(&name) {
                Some((name, is)) => {
                    if node.needs().contains(&name) {
                        seen.push(name);
                    }
                    tally.path.push(Step::Member(name));
                    members.next_value_seed(Walk { tally, is })?;
                    tally.path.pop();
                }
                None => {
                    if node.members().is_some() {
                        tally.tell(Check::Unknown, format!("'{name}'"));
                    }
                    members.next_value::<IgnoredAny>()?;
                }
            }
        }
        for missing in node.needs().iter().filter(|name| !seen.contains(name)) {
            tally.tell(Check::Missing, format!("no '{missing}'"));
        }
        tally.close(node);
        Ok(())
    }
}

impl Is {
    fn name(self) -> &'static str {
        match self {
            Is::Anything => "anything",
            Is::Text => "a text",
            Is::Flag => "true or false",
            Is::Whole(_) => "a whole number",
            Is::Number => "a number",
            Is::Score => "a number from 0.0 to 10.0 as a text",
            Is::Word(_) => "a word",
            Is::Node(Node::Texts | Node::Fingerprints) => "an object of texts",
            Is::Node(_) => "an object",
            Is::List(_) => "a list",
        }
    }
}
