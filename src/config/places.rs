//! In which line of a file each of its keys stands.

use std::collections::BTreeMap;

use toml::de::DeTable;

/// The lines of all keys, by their path.
#[derive(Debug, Default)]
pub struct Places(BTreeMap<Vec<String>, usize>);

impl Places {
    /// Nothing, where the text is no TOML.
    pub fn of(text: &str) -> Self {
        let mut places = Places::default();
        let Ok(document) = DeTable::parse(text) else { return places };
        let line_ends: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
        places.gather(document.get_ref(), &[], &line_ends);
        places
    }

    fn gather(&mut self, table: &DeTable, above: &[String], line_ends: &[usize]) {
        for (key, value) in table {
            let path = [above, &[key.get_ref().to_string()]].concat();
            if let Some(inner) = value.get_ref().as_table() {
                self.gather(inner, &path, line_ends);
            }
            self.0.insert(path, line_ends.partition_point(|end| *end < key.span().start) + 1);
        }
    }

    /// From 1; `None` where the file does not have the key.
    pub fn line(&self, path: &[&str]) -> Option<usize> {
        let path: Vec<String> = path.iter().map(|part| (*part).to_owned()).collect();
        self.0.get(&path).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_found_however_its_table_is_written() {
        let text = "a = 1\n[t]\nb = 2\n\n[t.u.v]\nc = '''\nx = 1\n'''\nd.e = 3\n[w]\nin = { line = 1,\n below = 2 }\n";
        let places = Places::of(text);
        for (path, line) in [
            (&["a"][..], 1),
            (&["t", "b"], 3),
            (&["t", "u", "v", "c"], 6),
            (&["t", "u", "v", "d", "e"], 9),
            (&["w", "in", "line"], 11),
            (&["w", "in", "below"], 12),
        ] {
            assert_eq!(places.line(path), Some(line), "{path:?}");
        }
        assert_eq!(places.line(&["x"]), None, "what stands in a text is no key");
        assert_eq!(Places::of("a = [").line(&["a"]), None);
    }
}
